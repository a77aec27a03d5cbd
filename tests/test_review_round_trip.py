"""A person's decisions come back: whatever Excel or WPS did to the file, and remembered for every later run."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from bureau import CODES, FIRM_HEADER, FIRM_ROWS, PARCEL_FIELDS, check, delivery, states
from writers import codes, shapefile, square, text_file, told, workbook, xls

from landeval.cli import main
from landeval.project import Project
from landeval.publish.decisions import remember
from landeval.publish.workbook import write_review_book
from landeval.read.source import read_source
from landeval.sources import Source
from landeval.tidy.decisions import tidy_decisions

HOLDERS = ["虚构东岭机械有限公司", "虚构西塘竹业有限公司", "虚构南桥电子有限公司"]
OTHER = ["虚构东岭机械有限责任公司", "虚构西塘竹业股份有限公司"]
"""Firms whose names differ from the first two holders' by their legal form only."""


@pytest.fixture
def inputs(tmp_path):
    found = delivery(tmp_path)
    land = [(code, name, "10000.00", "工业用地") for code, name in zip(CODES, HOLDERS, strict=True)]
    shapefile(found["parcels"], PARCEL_FIELDS, land, [square(i) for i in range(3)])
    rows = [[name, *row[1:]] for name, row in zip([*OTHER, HOLDERS[2]], FIRM_ROWS, strict=True)]
    workbook(found["enterprises"], {"2024": [FIRM_HEADER, *rows]})
    return found


@pytest.fixture
def sheet(tmp_path, inputs):
    """Return the review sheet of a first run as rows of cells, with both pairs decided."""
    book = openpyxl.load_workbook(write_review_book(check(**inputs), tmp_path / "匹配复核.xlsx"))
    rows = [list(row) for row in book["复核"].iter_rows(values_only=True)]
    at = {name: place for place, name in enumerate(rows[1]) if name}
    for row in rows[2:]:
        row[at["决定"]] = "确认" if row[at["宗地标识"]] == CODES[0] else "否决"
        row[at["决定人"]] = "虚构员"
    return rows


def decided(result):
    links = result.links.set_index("parcel_id")
    return links.loc[list(CODES[:2]), "state"].tolist()


def obeyed(result):
    assert decided(result) == ["已确认", "已否决"]
    tax = result.parcels.set_index("parcel_code")["tax_wan_yuan"]
    assert tax[CODES[0]] == 300.25
    assert pd.isna(tax[CODES[1]])
    assert "E331" not in codes(result.issues)


def test_the_first_run_asks_by_money_with_reason_and_ties_nothing(tmp_path, inputs):
    result = check(**inputs)
    book = openpyxl.load_workbook(write_review_book(result, tmp_path / "匹配复核.xlsx"))
    assert book.sheetnames == ["说明", "复核", "未匹配的宗地", "未匹配的企业", "已有决定"]
    rows = list(book["复核"].iter_rows(min_row=2, values_only=True))
    table = pd.DataFrame(rows[1:], columns=[str(name).replace("\n", "") for name in rows[0]])
    assert table["宗地标识"].tolist() == [CODES[0], CODES[1]]
    assert table["企业名称"].tolist() == OTHER
    assert table["入库税收(万元)"].tolist() == [300.25, 150]
    assert table["待复核原因"].str.contains("组织形式").all()
    choices = {rule.formula1 for rule in book["复核"].data_validations.dataValidation}
    assert choices == {'"确认,否决,待定"'}
    assert result.parcels["tax_wan_yuan"].notna().sum() == 1
    assert not set(result.status.loc[list(CODES[:2]), "status"]) & {"低效候选", "关注", "达标"}
    left = [row[0] for row in book["未匹配的宗地"].iter_rows(min_row=3, values_only=True)]
    assert left == [CODES[0], CODES[1]]


@pytest.mark.parametrize(
    "habit", ["as it is", "re-sorted", "more columns", "rows deleted", "as xls", "as csv", "gbk csv"]
)
def test_the_file_survives_what_offices_do_to_it(tmp_path, inputs, sheet, habit):
    rows = sheet
    if habit == "re-sorted":
        rows = [*sheet[:2], *sheet[:1:-1]]
    if habit == "more columns":
        rows = [
            ["序号", *row[:4], "我的备注", *row[4:]] if at == 1 else [at, *row[:4], "", *row[4:]]
            for at, row in enumerate(sheet)
        ]
    if habit == "rows deleted":
        rows = [row for row in sheet if row[0] != CODES[1]]
    path = tmp_path / "交回"
    if habit == "as xls":
        xls(path.with_suffix(".xls"), {"复核": rows, "我的表": [["随手记"]]})
    elif habit.endswith("csv"):
        lines = [",".join('"' + str("" if cell is None else cell) + '"' for cell in row) for row in rows]
        text_file(
            path.with_suffix(".csv"), "\r\n".join(lines), "gb18030" if habit == "gbk csv" else "utf-8-sig"
        )
    else:
        workbook(path.with_suffix(".xlsx"), {"复核": rows, "我的表": [["随手记"]]})
    [given] = path.parent.glob("交回.*")
    result = check(**inputs, decisions=given)
    if habit == "rows deleted":
        assert decided(result) == ["已确认", "待复核"]
    else:
        obeyed(result)


def test_the_whole_workbook_handed_back_blank_decides_nothing(tmp_path, inputs):
    first = check(**inputs)
    path = write_review_book(first, tmp_path / "匹配复核.xlsx")
    again = check(**inputs, decisions=path)
    assert decided(again) == ["待复核", "待复核"]
    assert not {"E331", "E332"} & set(codes(again.issues))
    assert set(states(again, "匹配复核.xlsx").values()) == {"未填决定"}


def test_a_wrong_word_and_a_missing_parcel_are_told_with_their_row(tmp_path, inputs):
    rows = [
        ["宗地标识", "企业名称", "决定"],
        [CODES[0], OTHER[0], "大概是"],
        ["不存在的宗地", OTHER[1], "确认"],
    ]
    result = check(**inputs, decisions=workbook(tmp_path / "复核.xlsx", {"复核": rows}))
    problems = result.issues[result.issues["code"] == "E331"]
    assert sorted(problems["source_row"]) == [2, 3]
    assert "确认、否决 或 待定" in told(problems, "E331")
    assert decided(result) == ["待复核", "待复核"]


def test_two_decisions_of_one_table_on_one_pair_are_none(tmp_path, inputs):
    head = ["宗地标识", "企业名称", "决定", "决定人"]
    rows = [head, [CODES[0], OTHER[0], "确认", "虚构员"], [CODES[0], OTHER[0], "否决", "虚构员"]]
    result = check(**inputs, decisions=workbook(tmp_path / "复核.xlsx", {"复核": rows}))
    problems = result.issues[result.issues["code"] == "E331"]
    assert sorted(problems["source_row"]) == [2, 3]
    assert "不同的决定" in told(problems, "E331")
    assert decided(result)[0] == "待复核"


def test_a_rejected_place_is_told_as_rejected_not_as_missing(tmp_path, inputs):
    header = [*FIRM_HEADER, "宗地代码"]
    rows = [[HOLDERS[2], *FIRM_ROWS[2][1:], code] for code in (CODES[0], CODES[2])]
    rows[1][4] = 1
    workbook(inputs["enterprises"], {"2024": [header, *rows]})
    said = [["宗地标识", "企业名称", "决定", "决定人"], [CODES[0], HOLDERS[2], "否决", "虚构员"]]
    result = check(**inputs, decisions=workbook(tmp_path / "复核.xlsx", {"复核": said}))
    assert "没有匹配给该企业" in told(result.issues, "E301")
    assert "不在宗地表中" not in told(result.issues, "E301")


def test_a_crosswalk_confirms_every_row_and_shares_a_parcel(tmp_path, inputs):
    rows = [
        ["宗地代码", "企业名称", "分摊比例"],
        [CODES[0], OTHER[0], "70%"],
        [CODES[0], OTHER[1], "30%"],
    ]
    result = check(**inputs, decisions=workbook(tmp_path / "对照表.xlsx", {"对照": rows}))
    links = result.links[result.links["parcel_id"] == CODES[0]].set_index("enterprise_id")
    assert links["share"].tolist() == [0.7, 0.3]
    assert set(links["allocation_rule"]) == {"按约定比例"}
    assert result.parcels.set_index("parcel_code").at[CODES[0], "tax_wan_yuan"] == 450.25


def project(folder: Path, inputs: dict[str, Path]) -> Path:
    lines = [f'[{name}]\npath = "{path.name}"\n' for name, path in inputs.items()]
    return text_file(folder / "landeval.toml", 'as_of = "2024-12-31"\n' + "\n".join(lines))


def test_decisions_are_remembered_and_never_asked_twice(tmp_path, inputs, sheet, capsys):
    toml = project(tmp_path, inputs)
    given = workbook(tmp_path / "交回.xlsx", {"复核": sheet})
    assert main(["link", str(toml), "--review", str(given), "--out", str(tmp_path / "一")]) == 0
    memory = tmp_path / "匹配决定.csv"
    assert str(memory) in capsys.readouterr().out
    kept = pd.read_csv(memory, dtype=str, encoding="utf-8-sig")
    assert kept["决定"].tolist() == ["确认", "否决"]
    assert kept["决定人"].tolist() == ["虚构员", "虚构员"]
    assert kept["决定日期"].notna().all()
    before = memory.read_bytes()
    assert main(["link", str(toml), "--out", str(tmp_path / "二")]) == 0
    said = capsys.readouterr().out
    assert "待复核 0 对" in said
    assert memory.read_bytes() == before
    links = pd.read_csv(tmp_path / "二" / "tables" / "links.csv", dtype=str, encoding="utf-8-sig")
    assert set(links["状态"]) == {"已确认", "已否决", "自动"}


def test_a_decision_that_looks_like_a_formula_is_remembered_as_it_is(tmp_path):
    said = text_file(
        tmp_path / "决定.csv",
        f"宗地标识,企业名称,决定,决定人,决定依据\n{CODES[0]},=虚构厂,确认,虚构员,-见档案\n",
    )
    first = tidy_decisions(read_source(Source("decisions", said)), Project()).frame
    remember(first, tmp_path / "匹配决定.csv", dt.date(2025, 1, 2))
    again = tidy_decisions(read_source(Source("decisions", tmp_path / "匹配决定.csv")), Project()).frame
    same = ["decided_name", "name_key", "decision", "decision_reason"]
    assert again[same].to_numpy().tolist() == first[same].to_numpy().tolist()


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("决定人", None, "没有写明决定人"),
        ("决定日期", "上周三", "看不懂“决定日期”（上周三）"),
        ("分摊比例", "120%", "看不懂“分摊比例”（120%）：分摊比例须在 0 至 100% 之间"),
    ],
)
def test_a_decision_that_nobody_signed_or_that_cannot_be_read_whole_is_not_taken(
    tmp_path, inputs, sheet, column, cell, why
):
    sheet[2][sheet[1].index(column)] = cell
    result = check(**inputs, decisions=workbook(tmp_path / "交回.xlsx", {"复核": sheet}))
    assert decided(result) == ["待复核", "已否决"]
    assert why in told(result.issues, "E331")


def test_what_was_rejected_is_asked_no_more_and_what_was_left_blank_is(tmp_path, inputs, sheet):
    assert codes(check(**inputs).issues).count("E318") == 2
    sheet[2][sheet[1].index("决定")] = None
    result = check(**inputs, decisions=workbook(tmp_path / "交回.xlsx", {"复核": sheet}))
    assert decided(result) == ["待复核", "已否决"]
    assert result.issues.query("code == 'E318'")["record_key"].tolist() == [CODES[0]]


def test_a_newer_decision_takes_the_place_of_a_remembered_one(tmp_path, inputs, sheet):
    toml = project(tmp_path, inputs)
    given = workbook(tmp_path / "交回.xlsx", {"复核": sheet})
    main(["link", str(toml), "--review", str(given), "--out", str(tmp_path / "一")])
    again = [["宗地标识", "企业名称", "决定", "决定人"], [CODES[0], OTHER[0], "否决", "虚构组长"]]
    newer = workbook(tmp_path / "再复核.xlsx", {"复核": again})
    main(["link", str(toml), "--review", str(newer), "--out", str(tmp_path / "二")])
    kept = pd.read_csv(tmp_path / "匹配决定.csv", dtype=str, encoding="utf-8-sig")
    assert kept.set_index("宗地")["决定"].to_dict() == {CODES[0]: "否决", CODES[1]: "否决"}


def test_a_remembered_decision_on_a_firm_that_is_gone_is_told_and_kept(tmp_path, inputs, sheet, capsys):
    toml = project(tmp_path, inputs)
    given = workbook(tmp_path / "交回.xlsx", {"复核": sheet})
    main(["link", str(toml), "--review", str(given), "--out", str(tmp_path / "一")])
    workbook(inputs["enterprises"], {"2024": [FIRM_HEADER, [HOLDERS[2], *FIRM_ROWS[2][1:]]]})
    main(["link", str(toml), "--out", str(tmp_path / "二")])
    issues = pd.read_csv(tmp_path / "二" / "tables" / "issues.csv", dtype=str, encoding="utf-8-sig")
    gone = issues[issues["代码"] == "E331"]
    assert gone["来源文件"].tolist() == ["匹配决定.csv", "匹配决定.csv"]
    assert gone["问题"].str.contains("企业表中没有这家企业").all()
    assert (tmp_path / "匹配决定.csv").is_file()


def test_without_a_project_folder_it_says_that_nothing_is_remembered(tmp_path, inputs, sheet, capsys):
    given = workbook(tmp_path / "交回.xlsx", {"复核": sheet})
    arguments = [f"--{name}={path}" for name, path in inputs.items()]
    code = main(
        ["link", *arguments, "--review", str(given), "--as-of", "2024-12-31", "--out", str(tmp_path / "一")]
    )
    assert code == 0
    assert "没有项目文件夹" in capsys.readouterr().out
    assert not list(tmp_path.glob("匹配决定*"))


def test_a_problem_of_no_file_is_told_as_a_whole_sentence(tmp_path, inputs, capsys):
    arguments = [f"--{name}={path}" for name, path in inputs.items()]
    main(["check", *arguments, "--as-of", "2024-12-31", "--out", str(tmp_path / "一")])
    said = capsys.readouterr().out
    assert "【E321】匹配率不通过，汇总指标不能代表园区：" in said
    assert "如 。" not in said


def test_coverage_is_told_by_method_and_graded(tmp_path, inputs, capsys):
    arguments = [f"--{name}={path}" for name, path in inputs.items()]
    main(["link", *arguments, "--as-of", "2024-12-31", "--out", str(tmp_path / "一")])
    said = capsys.readouterr().out
    assert "企业(家)：匹配 33.3%　不通过　（企业名称 1、未匹配 2）" in said
    assert "金额对账差额 全部为 0" in said
    coverage = pd.read_csv(tmp_path / "一" / "tables" / "coverage.csv", encoding="utf-8-sig")
    assert "研发经费(万元)" not in set(coverage["项目"])  # a column that nobody filled in is not zero
    tax = coverage[coverage["项目"] == "入库税收(万元)"].set_index("匹配依据")["数量"]
    assert tax.to_dict() == {"企业名称": 30, "未匹配": 450.25, "合计匹配": 30}
