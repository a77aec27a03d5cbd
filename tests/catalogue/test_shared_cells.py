"""Cells that hold for several columns or rows: a header divided below it, an amount merged over rows."""

import openpyxl
import pytest
from bureau import CODES, NAMES, assert_told, check, delivery, figures
from writers import workbook


def firms(folder, rows, *merge):
    inputs = delivery(folder)
    workbook(inputs["enterprises"], {"2024": rows})
    book = openpyxl.load_workbook(inputs["enterprises"])
    for area in merge:
        book["2024"].merge_cells(area)
    book.save(inputs["enterprises"])
    return check(**inputs)


@pytest.mark.parametrize(
    "below", [("2023年", "2024年"), ("2023", "2024"), (2023, 2024), ("2023年度", "2024年度")]
)
def test_years_below_a_merged_header_are_each_their_own_year(tmp_path, below):
    rows = [["企业名称", "工业总产值（万元）", None], [None, *below]]
    rows += [[name, 1000 + at, 2000 + at] for at, name in enumerate(NAMES)]
    result = firms(tmp_path, rows, "A1:A2", "B1:C1")
    assert figures(result)["output_wan_yuan"].tolist() == [2000, 2001, 2002]
    before = result.parcel_years[result.parcel_years["year"] == 2023].set_index("parcel_id")[
        "output_wan_yuan"
    ]
    assert before.reindex(CODES).tolist() == [1000, 1001, 1002]


@pytest.mark.parametrize(
    "below", [("1-6月", "全年"), ("增值税", "所得税"), ("本月", "累计"), ("上年", "本年")]
)
def test_the_first_column_below_a_merged_header_is_never_taken_for_the_whole(tmp_path, below):
    rows = [["企业名称", "年度", "入库税收（万元）", None], [None, None, *below]]
    rows += [[name, 2024, 40 + at, 420 + at] for at, name in enumerate(NAMES)]
    tax = figures(firms(tmp_path, rows, "A1:A2", "B1:B2", "C1:D1"))["tax_wan_yuan"]
    assert all(value != value or value >= 420 for value in tax)


def test_a_unit_below_a_header_is_its_unit_whatever_stands_beside(tmp_path):
    rows = [["企业名称", "年度", "入库税收", None], [None, None, "元", "备注"]]
    rows += [[name, 2024, 3002500 + at * 10000, "无"] for at, name in enumerate(NAMES)]
    assert figures(firms(tmp_path, rows))["tax_wan_yuan"].tolist() == [300.25, 301.25, 302.25]


def test_a_row_of_words_is_no_second_header(tmp_path):
    rows = [
        ["企业名称", "年度", "生产状态", None],
        [NAMES[0], "2024年", "正常生产", "好"],
        [NAMES[1], "2024年", "停产", "差"],
    ]
    result = firms(tmp_path, rows)
    assert result.parcels.loc[CODES[0], "production_status"] == "正常生产"


def test_money_merged_over_rows_is_nobodys(tmp_path):
    rows = [
        ["企业名称", "年度", "入库税收（万元）"],
        [NAMES[0], 2024, 407],
        [NAMES[1], 2024, None],
        [NAMES[2], 2024, 30],
    ]
    result = firms(tmp_path, rows, "C2:C3")
    tax = figures(result)["tax_wan_yuan"]
    assert tax.isna().tolist() == [True, True, False]
    for row in (2, 3):
        assert_told(result.issues, "E199", file="企业.xlsx", row=row, column="入库税收（万元）", raw="407")
    assert "合并单元格" in result.status.loc[CODES[0], "questions"]


def test_a_contract_whose_price_is_merged_over_two_parcels_has_no_fee(tmp_path):
    inputs = delivery(tmp_path)
    head = [
        "宗地代码",
        "合同编号",
        "成交价款（万元）",
        "合同面积（㎡）",
        "约定动工日期",
        "实际动工日期",
        "未动工原因",
    ]
    rows = [
        [code, "H1", price, area, "2020-01-01", None, "企业原因"]
        for code, price, area in zip(CODES[:2], (1287.03, None), (10000, 9990), strict=True)
    ]
    inputs["contracts"] = workbook(tmp_path / "台账.xlsx", {"台账": [head, *rows]})
    book = openpyxl.load_workbook(inputs["contracts"])
    book["台账"].merge_cells("C2:C3")
    book.save(inputs["contracts"])
    result = check(**inputs)
    assert result.status.loc[list(CODES[:2]), "fee_wan_yuan"].isna().all()
    assert "合并单元格" in result.status.loc[CODES[0], "questions"]
    again = [
        [code, "H1", 1287.03, area, "2020-01-01", None, "企业原因"]
        for code, area in zip(CODES[:2], (10000, 9990), strict=True)
    ]
    inputs["contracts"] = workbook(tmp_path / "台账2.xlsx", {"台账": [head, *again]})
    repeated = check(**inputs)
    assert_told(repeated.issues, "E315", file="台账2.xlsx", row=3)
    assert repeated.status.loc[list(CODES[:2]), "fee_wan_yuan"].isna().all()
