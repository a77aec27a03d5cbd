"""Corrections go in by place or by key, with who and why; each one is told, taken or not."""

import pytest
from bureau import CODES, NAMES, assert_told, check, delivery, figures, states
from writers import text_file

from landeval.issues import counts_told

HEADER = "来源文件,图层/工作表,行号,记录标识,列,原值,更正值,更正人,更正依据\n"
WHO = "利用股甲,虚构登记簿第1页"


@pytest.fixture
def park(tmp_path):
    given = delivery(tmp_path)

    def run(*rows, header=HEADER):
        path = text_file(tmp_path / "更正.csv", header + "\n".join(rows) + "\n")
        return check(**given, corrections=path)

    return run


def tax(result, number=0):
    return float(figures(result).loc[CODES[number], "tax_wan_yuan"])


def test_by_place(park):
    result = park(f"企业.xlsx,2024,2,,入库税收（万元）,300.25,200.5,{WHO}")
    assert tax(result) == 200.5
    assert_told(result.issues, "E246", file="企业.xlsx", row=2, column="入库税收（万元）", raw="300.25", what="利用股甲，虚构登记簿第1页（更正.csv 第 2 行）")  # fmt: skip
    assert states(result, "更正.csv") == {2: "采用"}
    assert states(result, "企业.xlsx")[2] == "采用有提示"


@pytest.mark.parametrize("named", ["记录标识", "主键"])  # the second: as workbooks were written before
def test_by_key_and_the_name_of_the_field(park, named):
    rows = f",,,{CODES[1]},证载面积(㎡),10000,9990,{WHO}", f",,,{NAMES[2]},入库税收(万元),30,31,{WHO}"
    result = park(*rows, header=HEADER.replace("记录标识", named))
    assert figures(result).loc[CODES[1], "area_mu"] == pytest.approx(9990 * 3 / 2000)
    assert tax(result, 2) == 31


def test_a_column_that_the_table_lacks_is_added(park):
    result = park(f"宗地.shp,,1,{CODES[0]},实际动工日期,,2022-03-01,{WHO}")
    assert str(result.parcels.set_index("parcel_code").loc[CODES[0], "actual_start"])[:10] == "2022-03-01"
    assert_told(result.issues, "E246", file="宗地.shp", row=1, column="实际动工日期")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (f"企业.xlsx,2024,2,,入库税收（万元）,299,1,{WHO}", "原值现为“300.25”，与更正表所写“299”不同"),
        ("企业.xlsx,2024,2,,入库税收（万元）,300.25,1,,", "没有写明更正人或更正依据"),
        (f"企业.xlsx,2024,2,,,300.25,1,{WHO}", "没有写明更正哪一列"),
        (f"企业.xlsx,2024,2,,利润,,1,{WHO}", "没有“利润”这一列"),
        (f"企业.xlsx,2024,99,,入库税收（万元）,,1,{WHO}", "找不到所指的记录，请核对来源文件、行号或记录标识"),
        (f",,,火星公司,入库税收（万元）,,1,{WHO}", "找不到所指的记录"),
        (f"宗地.shp,,1,{CODES[1]},证载面积,,1,{WHO}", f"该行已不是 {CODES[1]}"),
        (f"企业.xlsx,2024,2,,入库税收（万元）,299,300.25,{WHO}", "原表已是该值"),
    ],
)
def test_what_cannot_be_taken_is_told_and_changes_nothing(park, row, why):
    result = park(row)
    assert tax(result) == 300.25
    assert figures(result)["area_mu"].tolist() == pytest.approx([15, 15, 15])
    assert_told(result.issues, "E247", file="更正.csv", row=2, what=why)
    assert states(result, "更正.csv") == {2: "未采用"}


def test_two_values_for_one_cell_are_both_left_out(park):
    cell = "企业.xlsx,2024,2,,入库税收（万元）,300.25"
    result = park(f"{cell},1,{WHO}", f"{cell},2,{WHO}")
    assert tax(result) == 300.25
    assert_told(result.issues, "E247", row=3, what="同一处有几个不同的更正值")


def test_a_row_without_a_new_value_is_no_correction(park):
    result = park(f"企业.xlsx,2024,2,,入库税收（万元）,300.25,,{WHO}")
    assert not set(result.issues["code"]) & {"E246", "E247"}
    assert states(result, "更正.csv") == {2: "未填更正值"}


def test_a_key_that_means_several_rows_asks_for_the_place(tmp_path):
    given = delivery(tmp_path)
    rows = "\n".join(f"{NAMES[0]},{year},{year - 2000}" for year in (2023, 2024))
    firms = text_file(tmp_path / "税.csv", f"企业名称,年度,入库税收（万元）\n{rows}\n")
    path = text_file(tmp_path / "更正.csv", f"{HEADER},,,{NAMES[0]},入库税收（万元）,,1,{WHO}\n")
    result = check(parcels=given["parcels"], enterprises=firms, corrections=path)
    assert tax(result) == 24
    assert_told(
        result.issues,
        "E247",
        row=2,
        what="对应到 2 处（税.csv 第 2 行、税.csv 第 3 行），请写明来源文件和行号",
    )


def test_corrections_are_counted_apart_from_the_problems_of_the_data(park):
    plain = park(f"企业.xlsx,2024,2,,入库税收（万元）,300.25,,{WHO}")
    result = park(f"企业.xlsx,2024,2,,入库税收（万元）,299,1,{WHO}")
    before = counts_told(plain.issues)
    assert (
        counts_told(result.issues)
        == f"{before}；另有更正 1 条，其中未采用 1 条，见 数据问题.xlsx 的“更正情况”"
    )
