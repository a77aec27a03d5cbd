"""A problem stands where it can be mended: what an office fills in beside it is taken, in whichever table it must be."""

import datetime as dt
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from bureau import CODES, FIRM_HEADER, FIRM_ROWS, NAMES, PARCEL_FIELDS, assert_told, check, delivery
from writers import shapefile, square, workbook

from landeval import evaluate, load_project

LEDGER = [
    "宗地代码",
    "合同面积（㎡）",
    "约定动工日期",
    "实际动工日期",
    "实际竣工日期",
    "未动工原因",
    "未动工原因依据",
    "抵押权人",
]
HEAD = ["来源文件", "工作表", "行号", "列", "原值", "记录标识", "更正值", "更正人", "更正依据"]
NO_RECORD = {"E147"}
"""Told of a row that is no record: a total."""


def ledger(folder, *rows):
    return workbook(folder / "台账.xlsx", {"台账": [LEDGER, *rows]})


def handed_back(folder, told, value):
    rows = [
        [one.source_file, one.source_layer, int(one.source_row), one.column, one.raw_value, one.record_key, value, "虚构张三", "虚构来函"]
        for one in told.itertuples()
    ]  # fmt: skip
    return workbook(folder / "更正.xlsx", {"报送": [HEAD, *rows]})


def test_every_problem_of_a_column_of_the_sample_takes_a_correction_where_it_stands(tmp_path):
    told = evaluate(load_project("data")).issues
    told = told[(told["column"] != "") & told["source_row"].notna() & ~told["code"].isin(NO_RECORD)]
    assert {"E282", "E307", "E411", "E459", "E470", "E486", "E529"} <= set(told["code"])
    told = told.drop_duplicates(["source_file", "source_layer", "source_row", "column"])
    again = evaluate(load_project("data", corrections=handed_back(tmp_path, told, "2024-01-01")))
    refused = again.issues[again.issues["code"] == "E247"]
    assert len(again.issues[again.issues["code"] == "E246"]) == len(told)
    assert refused["what"].tolist() == []


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ([CODES[0], 12000, "2024-06-01"], "E282", "合同面积(㎡)"),
        ([CODES[0], 10000, "2021-99-99"], "E411", "约定动工日期"),
        ([CODES[0], 10000, "2020-06-01", "2021-05-01", "2020-12-01"], "E403", "实际竣工日期"),
        ([CODES[0], 10000, "2020-06-01", None, None, "政府原因"], "E470", "未动工原因依据"),
        (["430525001001GB00099", 10000], "E307", "宗地代码"),
    ],
)
def test_what_the_ledger_says_is_told_at_the_ledger(tmp_path, row, code, column):
    given = delivery(tmp_path)
    first = [CODES[1], 10000, "2020-06-01", "2020-06-01"]
    result = check(**given, contracts=ledger(tmp_path, first, [*row, *[None] * (len(LEDGER) - len(row))]))
    assert_told(result.issues, code, file="台账.xlsx", row=3, column=column)


def test_what_the_parcels_say_themselves_stays_at_their_own_row(tmp_path):
    land = shapefile(
        tmp_path / "宗地.shp",
        [*PARCEL_FIELDS, ("合同面积", "N", 12)],
        [(CODES[0], NAMES[0], "10000.00", "工业用地", "12000")],
        [square(0)],
    )
    result = check(parcels=land, enterprises=delivery(tmp_path / "x")["enterprises"])
    assert_told(result.issues, "E282", file="宗地.shp", row=1, column="合同面积(㎡)")


def test_a_gap_of_a_firm_is_told_at_the_office_that_has_the_column_in_the_data_year(tmp_path):
    """Two firms on one parcel state no land: the park's table has a column for it, the tax office's has none."""
    place = [["企业名称", "年度", "宗地代码", "企业填报用地面积（㎡）"], [NAMES[1], 2023, CODES[0], None], [NAMES[1], 2024, CODES[0], None],
             [NAMES[0], 2024, CODES[0], None]]  # fmt: skip
    firms = [
        workbook(tmp_path / "税务.xlsx", {"报送": [FIRM_HEADER, *FIRM_ROWS]}),
        workbook(tmp_path / "园区.xlsx", {"报送": place}),
    ]
    result = check(parcels=delivery(tmp_path / "x")["parcels"], enterprises=firms)
    told = result.issues[result.issues["code"] == "E306"]
    assert sorted(zip(told["source_file"], told["source_row"].astype(int), strict=True)) == [
        ("园区.xlsx", 3), ("园区.xlsx", 4),
    ]  # fmt: skip
    filled = handed_back(tmp_path, told, "4000")
    again = check(parcels=delivery(tmp_path / "x")["parcels"], enterprises=firms, corrections=filled)
    assert "E247" not in set(again.issues["code"])
    assert "E306" not in set(again.issues["code"])


def test_a_full_column_of_texts_takes_a_correction(tmp_path):
    """Such a column came out of a correction as another type than it was read as, and ended the run."""
    given = delivery(tmp_path)
    told = pd.DataFrame(
        {
            "source_file": ["宗地.shp"], "source_layer": "", "source_row": 2, "column": "权利人", "raw_value": "", "record_key": "",
        }
    )  # fmt: skip
    result = check(**given, corrections=handed_back(tmp_path, told, NAMES[0]))
    assert result.parcels["holder_name"].tolist() == [NAMES[0], NAMES[0], NAMES[2]]


@pytest.mark.parametrize(
    ("column", "raw", "value", "squares"),
    [
        ("合同面积(㎡)", "", "9000", 9000),
        ("合同面积(㎡)", "12000", "9000", 9000),  # as the problem book shows it, in its own unit
        ("合同面积(㎡)", "18", "13.5亩", 9000),
        ("合同面积（亩）", "18", "13.5", 9000),
        ("合同面积", "18", "13.5", 9000),
    ],
)
def test_a_correction_is_read_in_the_unit_that_its_column_names(tmp_path, column, raw, value, squares):
    given = delivery(tmp_path)
    table = workbook(tmp_path / "台账.xlsx", {"台账": [["宗地代码", "合同面积（亩）"], [CODES[0], 18]]})
    told = pd.DataFrame(
        {
            "source_file": ["台账.xlsx"], "source_layer": "台账", "source_row": 2, "column": column, "raw_value": raw, "record_key": "",
        }
    )  # fmt: skip
    result = check(**given, contracts=table, corrections=handed_back(tmp_path, told, value))
    assert "E247" not in set(result.issues["code"])
    assert result.parcels.loc[CODES[0], "area_contract_m2"] == pytest.approx(squares)


def test_a_refused_correction_is_told_at_its_own_row(tmp_path):
    given = delivery(tmp_path)
    told = pd.DataFrame(
        {
            "source_file": ["企业.xlsx"], "source_layer": "2024", "source_row": 3, "column": "研发经费(万元)", "raw_value": "5",
            "record_key": "名称:" + NAMES[1],
        }
    )  # fmt: skip
    result = check(**given, corrections=handed_back(tmp_path, told, "30"))
    assert_told(result.issues, "E247", file="更正.xlsx", row=2, what="原表没有这一列")


def test_a_day_may_be_written_as_excel_shows_it(tmp_path):
    given = delivery(tmp_path)
    rows = [["宗地代码", "约定动工日期"], [CODES[0], dt.date(2030, 11, 1)]]
    told = pd.DataFrame(
        {
            "source_file": ["台账.xlsx"], "source_layer": "台账", "source_row": 2, "column": "约定动工日期", "raw_value": "2030-11-01",
            "record_key": "",
        }
    )  # fmt: skip
    corrections = handed_back(tmp_path, told, "2020-11-01")
    result = check(
        **given, contracts=workbook(tmp_path / "台账.xlsx", {"台账": rows}), corrections=corrections
    )
    assert "E247" not in set(result.issues["code"])
    assert result.parcels.loc[CODES[0], "agreed_start"] == pd.Timestamp("2020-11-01")


def test_a_problem_says_what_its_cell_holds():
    """Whoever confirms a figure copies what is told of it: it must be what the cell says, in the cell's own unit."""
    told = evaluate(load_project("data")).issues.fillna("")
    told = told[
        (told["column"] != "") & (told["source_row"] != "") & told["source_file"].str.endswith(".xlsx")
    ]
    looked, silent = 0, []
    for (file, layer), rows in told.groupby(["source_file", "source_layer"]):
        sheet = openpyxl.load_workbook(next(Path("data").rglob(file)), data_only=True)[layer]
        heads = {
            str(cell.value): cell.column for row in sheet.iter_rows(max_row=4) for cell in row if cell.value
        }
        for one in rows[rows["column"].isin(heads)].itertuples():
            holds = sheet.cell(int(one.source_row), heads[one.column]).value
            looked += 1
            if str(holds or "").strip() and one.raw_value == "":
                silent.append((one.code, file, int(one.source_row), one.column, holds))
    assert looked > 30
    assert silent == []
    actual = told[told["code"] == "E529"].iloc[0]
    assert (actual["raw_value"], actual["used_value"]) == ("71200", "7.12 亿元")


def test_a_gap_is_asked_of_the_office_alone_that_has_the_column(tmp_path):
    """The park names the parcel of a firm, the statistics office has the output: it alone is asked."""
    park = [["企业名称", "年度", "宗地代码"], *([name, 2024, CODES[0]] for name in NAMES[:2])]
    output = [
        ["企业名称", "年度", "工业总产值（万元）"],
        [NAMES[0], 2024, 600],
        [NAMES[1], 2024, None],
        [NAMES[2], 2024, 5],
    ]
    firms = [
        workbook(tmp_path / "园区.xlsx", {"报送": park}),
        workbook(tmp_path / "统计.xlsx", {"报送": output}),
    ]
    result = check(parcels=delivery(tmp_path / "x")["parcels"], enterprises=firms)
    told = result.issues[(result.issues["code"] == "E313") & (result.issues["column"].str.contains("产值"))]
    assert list(zip(told["source_file"], told["source_row"].astype(int), strict=True)) == [("统计.xlsx", 3)]


def test_a_column_that_a_correction_adds_was_blank_before(tmp_path):
    given = delivery(tmp_path)
    row = ["企业.xlsx", "2024", 2, "研发经费（万元）", None, None, 8.5, "虚构张三", "虚构来函"]
    result = check(**given, corrections=workbook(tmp_path / "更正.xlsx", {"报送": [HEAD, row]}))
    taken = result.issues[result.issues["code"] == "E246"].iloc[0]
    assert taken["raw_value"] == ""
    assert "原表没有这一列，另加了一列" in taken["what"]


def test_a_day_in_a_spreadsheet_is_told_without_a_clock(tmp_path):
    row = [CODES[0], 10000, dt.datetime(2020, 6, 1), None, dt.datetime(2019, 12, 1), *[None] * 3]
    result = check(**delivery(tmp_path), contracts=ledger(tmp_path, row))
    assert not result.issues.astype(str).apply(lambda text: text.str.contains("00:00:00")).any(axis=None)


def test_a_correction_of_a_row_that_has_moved_is_refused_in_every_table(tmp_path):
    """The key beside the row number guards a plot and an indicator as it does a parcel."""
    for path in Path("data/supply").iterdir():
        shutil.copy(path, tmp_path / path.name)
    told = evaluate(load_project("data")).issues.fillna("")
    plot = told[
        (told["source_file"] == "储备与供地表.xlsx") & (told["column"] != "") & (told["record_key"] != "")
    ].iloc[0]
    actual = told[(told["code"] == "E524") & (told["record_key"] != "")].iloc[0]
    rows = [
        [
            one.source_file,
            one.source_layer,
            int(one.source_row) + 1,
            one.column,
            None,
            one.record_key,
            "1",
            "虚构张三",
            "虚构来函",
        ]
        for one in (plot, actual)
    ]
    again = evaluate(
        load_project("data", corrections=workbook(tmp_path / "更正.xlsx", {"报送": [HEAD, *rows]}))
    )
    refused = again.issues[again.issues["code"] == "E247"]["what"]
    assert len(refused) == 2
    assert refused.str.contains("资料可能已重新排序").all()
