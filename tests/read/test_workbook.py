"""Workbooks as offices make them: titles, unit rows, totals, several sheets, formulas, hidden sheets."""

import datetime as dt

import pytest
from writers import cells, codes, read, read_all, told, workbook

from landeval.errors import InputRefusedError

HEADER = ["企业名称", "统一社会信用代码", "入库税收"]
CODE = "913702816143139252"


def book(tmp_path, *rows, sheet="2024", **more):
    return workbook(tmp_path / "企业.xlsx", {sheet: list(rows), **more})


def test_title_unit_and_header_rows(tmp_path):
    raw = read(
        book(tmp_path, ["2024年企业经营情况表"], [None, None, "单位：万元"], HEADER, ["甲", CODE, 5]),
        "enterprises",
    )
    assert raw.headers == tuple(HEADER)
    assert raw.title == "2024年企业经营情况表 单位：万元"
    assert raw.frame[["c0", "source_row"]].values.tolist() == [["甲", 4]]
    assert "表头在第 3 行" in told(raw.issues, "E106")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["合计", None, 9], "合计行"),
        ([None, "合　计", 9], "合计行"),
        (["总计：3 家", None, 9], "合计行"),
        (["全县合计", None, 9], "合计行"),
        (["其中：规上企业小计", None, 9], "合计行"),
        (["平均值", None, 3], "平均行"),
        (["填表人：张三", None, None], "备注行"),
        (["注：数据来源于税务局", None, None], "备注行"),
        ([" 审核人 : 李四", None, None], "备注行"),
        (["企业名称", "统一社会信用代码", "入库税收"], "重复表头"),
    ],
)
def test_rows_that_are_no_records_are_set_aside_and_listed(tmp_path, row, reason):
    raw = read(book(tmp_path, HEADER, ["甲", CODE, 5], row, ["乙", None, 4]), "enterprises")
    assert raw.frame["c0"].tolist() == ["甲", "乙"]
    assert raw.set_aside[["source_row", "reason"]].values.tolist() == [[3, reason]]
    assert raw.issues.loc[raw.issues["code"] == "E105", "raw_value"].tolist() == [reason]


@pytest.mark.parametrize("name", ["洞口合计机械有限公司", "总计划有限公司", "备注软件公司", "注册公司"])
def test_companies_with_such_words_in_their_names_are_records(tmp_path, name):
    raw = read(book(tmp_path, HEADER, [name, CODE, 5]), "enterprises")
    assert raw.frame["c0"].tolist() == [name]
    assert len(raw.set_aside) == 0


def test_a_row_of_units_below_the_header_gives_the_units(tmp_path):
    raw = read(
        book(tmp_path, [*HEADER, "用地面积"], [None, None, "元", "（亩）"], ["甲", CODE, 5, 1]), "enterprises"
    )
    assert raw.headers[2:] == ("入库税收(元)", "用地面积(亩)")
    assert raw.set_aside["reason"].tolist() == ["单位行"]
    assert raw.frame["c0"].tolist() == ["甲"]


@pytest.mark.parametrize("row", [["甲", "乙", 1, 2], ["甲", 1, 2, 3], [1, 2, 3, None]])
def test_a_row_of_column_numbers_is_no_enterprise(tmp_path, row):
    raw = read(book(tmp_path, [*HEADER, "产值"], row, ["丙厂", CODE, 5]), "enterprises")
    assert raw.frame["c0"].tolist() == ["丙厂"]
    assert raw.set_aside["reason"].tolist() == ["栏次行"]


def test_blank_rows_and_columns_are_nothing(tmp_path):
    raw = read(book(tmp_path, [*HEADER, None, ""], ["甲", CODE, 5, None, " "], [], [None, " ", None], ["乙", None, 1]),
               "enterprises")  # fmt: skip
    assert raw.headers == tuple(HEADER)
    assert raw.frame["source_row"].tolist() == [2, 5]


def test_codes_and_dates_stand_as_written(tmp_path):
    raw = read(
        book(tmp_path, [*HEADER, "投产日期"], ["甲", CODE, 5, dt.datetime(2021, 9, 24)]), "enterprises"
    )
    assert cells(raw) == [["甲", CODE, 5, dt.datetime(2021, 9, 24)]]


def test_a_formula_without_a_result_and_an_error_cell_are_flagged(tmp_path):
    raw = read(
        book(tmp_path, HEADER, ["甲", CODE, "=1+1"], ["乙", CODE, "#DIV/0!"], ["#A栋", CODE, 3]),
        "enterprises",
    )
    assert [row[2] for row in cells(raw)] == [None, None, 3]
    assert raw.frame["c0"].tolist() == ["甲", "乙", "#A栋"]
    found = raw.issues[raw.issues["code"] == "E107"]
    assert found[["source_row", "column", "raw_value"]].values.tolist() == [
        [2, HEADER[2], "=1+1"],
        [3, HEADER[2], "#DIV/0!"],
    ]


def test_several_sheets_are_several_years(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"2023": [HEADER, ["甲", CODE, 4]], "2024": [HEADER, ["甲", CODE, 5]],
                                          "说明": [["填报说明"], ["本表……"]]})  # fmt: skip
    raws = read_all(path, "enterprises")
    assert [raw.facts["sheet"] for raw in raws] == ["2023", "2024"]
    assert "说明" in told(raws[0].issues, "E110")


def test_the_sheet_is_chosen_by_content(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", {"Sheet1": [["封面"]], "台账": [["宗地代码", "合同编号"], ["1", "H1"]]}
    )
    assert read(path, "contracts").facts["sheet"] == "台账"


def test_two_fitting_ledgers_ask_which(tmp_path):
    rows = [["宗地代码", "合同编号"], ["1", "H1"]]
    path = workbook(tmp_path / "a.xlsx", {"2023": rows, "2024": rows})
    with pytest.raises(InputRefusedError, match=r"多个工作表都像是所需的表(.|\n)*2023、2024"):
        read(path, "contracts")
    assert read(path, "contracts", layer="2024").facts["sheet"] == "2024"


def test_a_wrong_sheet_name_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(InputRefusedError, match=r"没有工作表“2025”(.|\n)*现有工作表：2024"):
        read(book(tmp_path, HEADER, ["甲", CODE, 5]), "enterprises", layer="2025")


def test_a_hidden_sheet_is_read_only_by_name(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", {"旧": [HEADER, ["甲", CODE, 4]], "新": [HEADER, ["甲", CODE, 5]]}, hidden=["旧"]
    )
    raw = read(path, "enterprises")
    assert raw.facts["sheet"] == "新"
    assert "旧" in told(raw.issues, "E110")
    assert read(path, "enterprises", layer="旧").frame["c2"].tolist() == [4]


def test_no_known_header_is_refused_with_what_was_found(tmp_path):
    with pytest.raises(InputRefusedError, match=r"找不到认得的表头(.|\n)*甲列、乙列"):
        read(book(tmp_path, ["甲列", "乙列"], [1, 2]), "enterprises")


def test_a_pinned_column_helps_to_find_the_header(tmp_path):
    raw = read(
        book(tmp_path, ["单位", "贡献"], ["甲", 5]),
        "enterprises",
        columns={"name": "单位", "tax_wan_yuan": "贡献"},
    )
    assert raw.headers == ("单位", "贡献")


def test_headers_with_line_breaks_and_full_width(tmp_path):
    raw = read(book(tmp_path, ["企业\n名称", "入库税收（万元）", "ＸＹＤＭ"], ["甲", 5, CODE]), "enterprises")
    assert raw.headers == ("企业 名称", "入库税收（万元）", "ＸＹＤＭ")
    assert codes(raw.issues) == []


@pytest.mark.parametrize("rows", [[], [["合计", None, 5]]])
def test_a_table_with_a_header_only_is_refused(tmp_path, rows):
    with pytest.raises(InputRefusedError, match="表中只有表头，没有记录"):
        read(book(tmp_path, HEADER, *rows), "enterprises")


def test_an_empty_sheet_beside_a_full_one_is_no_harm(tmp_path):
    raws = read_all(book(tmp_path, HEADER, **{"2023": [HEADER, ["甲", CODE, 5]]}), "enterprises")
    assert [len(raw.frame) for raw in raws] == [0, 1]
