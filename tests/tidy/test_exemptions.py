"""The register comes as offices keep it: every container and encoding gives the same exemptions and verdicts."""

import datetime as dt

import pandas as pd
import pytest
from bureau import CODES, NAMES, assert_told, check, delivery, figures, states
from writers import text_file, workbook, xls

from landeval import load_project
from landeval.errors import ConfigurationError, InputRefusedError
from landeval.judge.exemption_rows import COLUMNS

HEADER = [
    "宗地代码",
    "权利人",
    "豁免类型",
    "豁免事由",
    "依据文号",
    "起始日期",
    "截止日期",
    "豁免范围",
    "批准单位",
    "经办人",
]
ROWS = [
    [CODES[0], None, "研发机构", "省级研发中心", "虚构科认〔2023〕1号", "2023-01-01", None, None, "虚构科技局", "虚构乙"],
    [None, NAMES[1], "历史遗留", None, "虚构会纪〔2022〕3号", None, "2025-01-31", "亩均", "虚构县政府", "虚构乙"],
    [CODES[2], None, "总部异地纳税", None, "虚构税函〔2024〕7号", None, "2024年6月30日", None, None, None],
    ["查无此宗", None, "其他", None, "虚构函1号", None, "2026-01-01", None, None, None],
]  # fmt: skip


def as_text(rows, separator=","):
    return "\n".join(separator.join(value or "" for value in row) for row in rows) + "\n"


def written(folder, kind):
    if kind == "xlsx":
        title = [["虚构豁免登记表"] + [None] * (len(HEADER) - 1)]
        dated = [[dt.date(2025, 1, 31) if value == "2025-01-31" else value for value in row] for row in ROWS]
        return workbook(folder / "豁免登记.xlsx", {"登记": [*title, HEADER, *dated]})
    if kind == "xls":
        return xls(folder / "豁免登记.xls", {"登记": [HEADER, *ROWS]})
    if kind == "tab":
        return text_file(folder / "豁免登记.txt", as_text([HEADER, *ROWS], "\t"), "utf-16")
    return text_file(folder / "豁免登记.csv", as_text([HEADER, *ROWS]), kind)


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    return check(**delivery(tmp_path_factory.mktemp("无登记")))


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("登记")
    return check(**delivery(folder), exemptions=written(folder, "utf-8"))


def test_what_is_written_comes_through(plain, clean):
    table = plain.exemptions
    assert tuple(table.columns) == COLUMNS
    assert table["exemption_holds"].tolist() == [True, True, False, False]
    assert table["exemption_why"].tolist() == ["适用", "适用", "已于 2024-06-30 到期", "编号在宗地表中找不到"]
    assert table["exemption_effect"].tolist() == ["低效、亩均", "亩均", "", ""]
    assert table["exemption_approver"].iloc[0] == "虚构科技局"
    assert table["exemption_days_left"].iloc[1] == 31
    assert states(plain, "豁免登记.csv") == {2: "采用", 3: "采用有提示", 4: "采用有提示", 5: "未匹配"}
    assert_told(
        plain.issues, "E405", file="豁免登记.csv", row=4, column="豁免截止日期", what="（总部异地纳税）"
    )
    assert_told(plain.issues, "E420", file="豁免登记.csv", row=5, raw="查无此宗")
    assert_told(plain.issues, "E422", file="豁免登记.csv", row=3, raw=NAMES[1], what=CODES[1])
    pd.testing.assert_frame_equal(figures(plain), figures(clean))


@pytest.mark.parametrize("kind", ["xlsx", "xls", "gbk", "gb18030", "utf-8-sig", "tab"])
def test_every_container_and_encoding_gives_the_same(kind, plain, tmp_path):
    result = check(**delivery(tmp_path), exemptions=written(tmp_path, kind))
    place = ["source_file", "source_layer", "source_row"]
    pd.testing.assert_frame_equal(result.exemptions.drop(columns=place), plain.exemptions.drop(columns=place))
    pd.testing.assert_frame_equal(result.status, plain.status)


def test_an_unreadable_date_is_told_at_its_cell_and_the_exemption_does_not_hold(tmp_path, clean):
    rows = [[CODES[0], None, "研发机构", None, "虚构科认1号", None, "长期", None, None, None]]
    path = text_file(tmp_path / "豁免登记.csv", as_text([HEADER, *rows]))
    result = check(**delivery(tmp_path), exemptions=path)
    assert not result.exemptions["exemption_holds"].any()
    assert_told(result.issues, "E412", file="豁免登记.csv", row=2, column="豁免截止日期", what="（研发机构）")
    pd.testing.assert_series_equal(result.status["status"], clean.status["status"])


def test_registers_in_two_files_are_one_and_their_order_does_not_matter(tmp_path, plain):
    paths = [
        text_file(tmp_path / f"{n}.csv", as_text([HEADER, *part]))
        for n, part in enumerate((ROWS[:2], ROWS[2:]))
    ]
    given = delivery(tmp_path / "资料")
    first, second = (check(**given, exemptions=order) for order in (paths, paths[::-1]))
    pd.testing.assert_frame_equal(first.exemptions, second.exemptions)
    pd.testing.assert_series_equal(first.status["status"], plain.status["status"])


def test_a_register_without_a_row_may_be_the_wrong_file_and_is_refused(tmp_path):
    path = text_file(tmp_path / "豁免登记.csv", as_text([HEADER]))
    with pytest.raises(InputRefusedError, match="只有表头"):
        check(**delivery(tmp_path), exemptions=path)


def test_a_register_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="找不到文件"):
        load_project(**delivery(tmp_path), exemptions=tmp_path / "没有.xlsx")
