"""One firm that stands in several tables is one problem in the counts; every place stays in the list."""

import openpyxl
import pytest
from bureau import FIRM_HEADER, FIRM_ROWS, check, delivery
from writers import workbook

from landeval.cli.outcome import problems
from landeval.issues import counts_told, once, things
from landeval.publish.workbook import write_problem_book
from landeval.publish.workbook.summary import attention

BAD = "91430525XG0002573J"
"""A credit code whose check character is wrong."""
NOBODY = "洞口虚构无地有限公司"


@pytest.fixture
def result(tmp_path):
    found = delivery(tmp_path)
    header = [*FIRM_HEADER, "统一社会信用代码"]
    years = {}
    for year in (2022, 2023, 2024):
        rows = [[row[0], year, *row[2:], None] for row in FIRM_ROWS]
        years[f"{year}年"] = [header, *rows, [NOBODY, year, 10, 20, 1, BAD]]
    workbook(found["enterprises"], years)
    return check(**found)


def rows_of(result, code):
    return result.issues[result.issues["code"] == code]


@pytest.mark.parametrize("code", ["E301", "E209"])
def test_a_firm_in_three_tables_is_listed_three_times_and_counted_once(result, code):
    rows = rows_of(result, code)
    assert len(rows) == 3
    assert len(once(rows)) == 1


def test_two_firms_are_two(tmp_path):
    found = delivery(tmp_path)
    strangers = [[f"洞口虚构无地{one}厂", 2024, 10, 20, 1] for one in "甲乙"]
    workbook(found["enterprises"], {"2024": [FIRM_HEADER, *FIRM_ROWS, *strangers]})
    assert len(once(rows_of(check(**found), "E301"))) == 2


def test_what_has_no_name_is_never_taken_for_one_thing(result):
    nameless = rows_of(result, "E301").assign(record_key="")
    assert things(nameless).nunique() == 3


def test_the_closing_words_count_once_and_list_every_place(result, capsys):
    problems(result, most=20)
    said = capsys.readouterr().out
    [line] = [line for line in said.splitlines() if "【E301】" in line]
    assert (
        f"：1 个，如 {NOBODY}（企业.xlsx 2022年 第 5 行、2023年 第 5 行、2024年 第 5 行 “企业名称”列）"
        in line
    )
    assert counts_told(result.issues) in said
    assert f"逐处列出共 {len(result.issues)} 条" in said


def test_the_workbook_of_problems_counts_once_and_lists_all(tmp_path, result):
    book = openpyxl.load_workbook(write_problem_book(result, tmp_path / "数据问题.xlsx"))
    summary = {row[0]: row[1:4] for row in book["总览"].iter_rows(min_row=8, values_only=True)}
    office = book["市场监督管理局"]
    codes = [row[1] for row in office.iter_rows(min_row=3, values_only=True)]
    assert codes.count("E209") == 3
    mine = result.issues[result.issues["responsible"] == "市场监督管理局"]
    assert summary["市场监督管理局"] == (
        0,
        *((once(mine)["level"] == level).sum() for level in ("错误", "提示")),
    )
    assert summary["市场监督管理局"][1] < codes.count("E209")


def test_the_list_says_the_same_number(result):
    from landeval.publish.frames import parcel_table

    [told] = [text for text in attention(result, parcel_table(result)) if text.startswith("数据问题：")]
    assert counts_told(result.issues) in told
