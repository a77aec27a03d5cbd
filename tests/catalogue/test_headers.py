"""Rows 72, 73, 100 and 101 of the catalogue: headers of two rows, totals, merged cells, columns of one name."""

import datetime as dt
from decimal import Decimal

import openpyxl
import pytest
from bureau import (  # fmt: skip
    CODES,
    FIRM_HEADER,
    FIRM_ROWS,
    NAMES,
    assert_same_figures,
    assert_told,
    check,
    delivery,
    figures,
    states,
)
from writers import text_file, workbook

from landeval.errors import InputRefusedError

FILE = "企业.xlsx"


def spoiled(folder, rows, *, merge=(), change=None):
    """Write the delivery with the firms' sheet written anew, areas merged and the book changed."""
    given = delivery(folder)
    workbook(given["enterprises"], {"2024": rows})
    book = openpyxl.load_workbook(given["enterprises"])
    for area in merge:
        book["2024"].merge_cells(area)
    if change:
        change(book)
    book.save(given["enterprises"])
    return given


def test_row_072_two_row_header(tmp_path, clean):
    top = ["企业名称", "年度", "主要指标（万元）", None, None]
    low = [None, None, "累计固定资产投资", "工业总产值", "入库税收"]
    rows = [["洞口县虚构企业统计表", *[None] * 4], top, low, *FIRM_ROWS]
    result = check(**spoiled(tmp_path, rows, merge=["A1:E1", "A2:A3", "B2:B3", "C2:E2"]))
    assert_same_figures(result, clean)
    assert_told(
        result.issues,
        "E144",
        file=FILE,
        what="第 2—3 行，读作：企业名称、年度、累计固定资产投资",
        remedy="改为一行",
    )
    assert states(result, FILE) == {4: "采用", 5: "采用", 6: "采用"}


@pytest.mark.parametrize(
    ("above", "worth"),
    [
        ("主要指标（千元）", 10), ("主要指标（元）", 10_000), ("主要指标（单位：元）", 10_000), ("主要指标/元", 10_000),
        ("2024年（元）", 10_000), ("2024年（万元）", 1), ("单位：元", 10_000),
    ],
)  # fmt: skip
def test_row_074_a_unit_in_the_merged_cell_above_holds_for_each_below(tmp_path, clean, above, worth):
    top = ["企业名称", "年度", above, None, None]
    low = [None, None, "累计固定资产投资", "工业总产值", "入库税收"]
    rows = [top, low, *([*row[:2], *(figure * worth for figure in row[2:])] for row in FIRM_ROWS)]
    if "年" in above:
        rows = [[row[0], *row[2:]] for row in rows]
    last = "B1:D1" if "年" in above else "C1:E1"
    result = check(**spoiled(tmp_path, rows, merge=["A1:A2", last]))
    assert_same_figures(result, clean)
    assert "E208" not in set(result.issues["code"])


def test_row_072_two_years_side_by_side_are_not_mixed(tmp_path, clean):
    top = ["企业名称", "2023年", None, "2024年", None]
    low = [None, "工业总产值（万元）", "入库税收（万元）", "工业总产值（万元）", "入库税收（万元）"]
    rows = [top, low, *([row[0], 1.0, 2.0, row[3], row[4]] for row in FIRM_ROWS)]
    result = check(**spoiled(tmp_path, rows, merge=["A1:A2", "B1:C1", "D1:E1"]))
    found, wanted = figures(result), figures(clean)
    for name in ("output_wan_yuan", "tax_wan_yuan", "tax_wan_yuan_per_mu"):
        assert found[name].tolist() == pytest.approx(wanted[name].tolist(), rel=1e-6)
    before = result.parcel_years[result.parcel_years["year"] == 2023]
    assert before["tax_wan_yuan"].tolist() == [2.0, 2.0, 2.0]


def test_row_072_two_row_header_of_a_text_table(tmp_path, clean):
    lines = ["企业名称,年度,指标（万元）,,", ",,累计固定资产投资,工业总产值,入库税收"]
    lines += [",".join(map(str, row)) for row in FIRM_ROWS]
    given = delivery(tmp_path)
    text = text_file(tmp_path / "企业.csv", "\n".join(lines) + "\n", "gb18030")
    assert_same_figures(check(parcels=given["parcels"], enterprises=text), clean)


def test_row_072_a_header_that_is_not_known_is_refused_with_the_nearest_names(tmp_path):
    given = spoiled(tmp_path, [["单位全名", "企业名", "税收入库"], ["甲", "乙", "丙"]])
    with pytest.raises(InputRefusedError, match=r"找不到认得的表头(.|\n)*“企业名”近于“企业名称”"):
        check(**given)


@pytest.mark.parametrize("word", ["合计", "总 计", "全县"])
def test_row_073_a_total_that_is_not_the_sum_is_told(tmp_path, clean, word):
    total = [word, None, 9000.5, 10900, 999.25]
    result = check(**spoiled(tmp_path, [FIRM_HEADER, *FIRM_ROWS, total]))
    assert_same_figures(result, clean)
    assert_told(
        result.issues, "E147", file=FILE, row=5, column=FIRM_HEADER[4], raw="999.25",
        what="合计行写 999.25，3 行之和为 480.25，相差 519", remedy="请核对是否漏行",
    )  # fmt: skip
    assert result.issues["code"].tolist().count("E147") == 1
    assert states(result, FILE)[5] == "排除（合计行）"


def test_row_073_right_totals_are_no_problem(tmp_path):
    rows = [
        FIRM_HEADER, *FIRM_ROWS[:2], ["一组小计", None, 7500.5, 10000, 450.25], FIRM_ROWS[2],
        ["二组小计", None, 1500, 900, None], ["小计", None, 1, 1, 1], ["合计", None, 9000.5, 10900, "480.3"],
    ]  # fmt: skip
    result = check(**spoiled(tmp_path, rows))
    assert "E147" not in set(result.issues["code"])


def test_row_073_a_group_total_that_is_not_the_sum_of_its_rows_is_told(tmp_path, clean):
    rows = [
        FIRM_HEADER, *FIRM_ROWS[:2], ["小计", None, 7500.5, 10000, 450.25], FIRM_ROWS[2],
        ["小计", None, 1500, 900, 480.25], ["合计", None, 9000.5, 10900, 480.25],
    ]  # fmt: skip
    result = check(**spoiled(tmp_path, rows))
    assert_same_figures(result, clean)
    assert_told(
        result.issues, "E147", file=FILE, row=6, column=FIRM_HEADER[4], raw="480.25",
        what="小计行写 480.25，1 行之和为 30，相差 450.25", remedy="请核对是否漏行",
    )  # fmt: skip
    assert result.issues["code"].tolist().count("E147") == 1


def test_row_073_a_total_under_each_year_sums_that_year(tmp_path, clean):
    """Several years in one sheet, each with its own 合计 below it, and one of all at the end."""
    last = [[name, 2023, 100, 200, 5] for name, *_ in FIRM_ROWS]
    years = [
        FIRM_HEADER,
        *last,
        ["合计", None, 300, 600, 15],
        *FIRM_ROWS,
        ["合计", None, 9000.5, 10900, 480.25],
    ]
    result = check(**spoiled(tmp_path, [*years, ["总计", None, 9300.5, 11500, 495.25]]))
    assert_same_figures(result, clean)
    assert "E147" not in set(result.issues["code"])
    years[-1] = ["合计", None, 9000.5, 10900, 480.26]
    result = check(**spoiled(tmp_path, years))
    assert_told(
        result.issues, "E147", file=FILE, row=9, column=FIRM_HEADER[4], raw="480.26",
        what="合计行写 480.26，3 行之和为 480.25", remedy="请核对是否漏行",
    )  # fmt: skip
    assert result.issues["code"].tolist().count("E147") == 1


@pytest.mark.parametrize("order", [(3, 0, 1, 3, 2), (0, 3, 1, 2)], ids=["above its rows", "rows of no group"])
def test_row_073_a_group_total_whose_rows_are_not_plain_is_left_alone(tmp_path, order):
    rows = [*FIRM_ROWS, ["小计", None, 1, 1, 1]]
    result = check(**spoiled(tmp_path, [FIRM_HEADER, *(rows[at] for at in order)]))
    assert "E147" not in set(result.issues["code"])


def test_row_073_part_rows_are_no_firms(tmp_path, clean):
    rows = [FIRM_HEADER, *FIRM_ROWS, ["其中：规模以上", None, 7500, 10000, 450]]
    result = check(**spoiled(tmp_path, rows))
    assert_same_figures(result, clean)
    assert_told(result.issues, "E105", file=FILE, row=5, raw="其中行", what="其中：规模以上")
    assert states(result, FILE)[5] == "排除（其中行）"


def test_row_100_merged_cells_hold_for_their_rows_only(tmp_path):
    header = ["企业名称", "年度", "入库税收（万元）"]
    rows = [header, [NAMES[0], 2023, 1], [None, 2024, 2], [None, 2024, 3], [NAMES[1], 2024, 4]]
    result = check(**spoiled(tmp_path, rows, merge=["A2:A3"]))
    tax = figures(result)["tax_wan_yuan"]
    assert tax[CODES[0]] == 2
    assert tax[CODES[1]] == 4
    assert_told(result.issues, "E141", file=FILE, row=2, column="企业名称", raw=NAMES[0])
    assert_told(result.issues, "E224", file=FILE, row=4, remedy="请补充企业名称")
    assert states(result, FILE)[4] == "无法识别"


def test_row_101_columns_of_one_name_that_differ_are_asked_about(tmp_path, clean):
    header = [*FIRM_HEADER, FIRM_HEADER[4]]
    given = spoiled(tmp_path, [header, *([*row, row[4] + 1] for row in FIRM_ROWS)])
    with pytest.raises(InputRefusedError) as refused:
        check(**given)
    assert refused.value.code == "E175"
    assert "第 5 列和第 6 列，如第 2 行：300.25 与 301.25" in str(refused.value)
    assert "请把不用的一列删去或改名" in str(refused.value)
    same = check(**spoiled(tmp_path / "same", [header, *([*row, row[4]] for row in FIRM_ROWS)]))
    assert_same_figures(same, clean)
    assert_told(same.issues, "E232", file=FILE, column=FIRM_HEADER[4])


def test_row_101_synonyms_that_differ_are_excluded_in_the_ledger_until_one_is_pinned(tmp_path, clean):
    header = [*FIRM_HEADER, "实缴税金（万元）"]
    rows = [[*row, row[4] + 1 if at == 0 else row[4]] for at, row in enumerate(FIRM_ROWS)]
    result = check(**spoiled(tmp_path, [header, *rows]))
    assert_told(
        result.issues, "E263", file=FILE, row=2, column=FIRM_HEADER[4], raw="300.25",
        what="“实缴税金（万元）”为 301.25，“入库税收（万元）”为 300.25", remedy="columns 中指定采用哪一列",
    )  # fmt: skip
    assert result.issues["code"].tolist().count("E263") == 1
    tax = result.ledger.set_index("quantity").loc["tax_wan_yuan"]
    whole = clean.ledger.set_index("quantity").loc["tax_wan_yuan"]
    assert Decimal(tax["input_total"]) == Decimal(whole["input_total"])
    assert Decimal(tax["excluded"]) == Decimal("300.25")
    assert Decimal(tax["allocated"]) == Decimal(whole["allocated"]) - Decimal("300.25")
    assert figures(result)["tax_wan_yuan"].isna()[CODES[0]]


def test_hidden_rows_columns_and_the_1904_system_are_told(tmp_path, clean):
    def hide(book):
        sheet = book["2024"]
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["D"].hidden = True
        book.create_sheet("旧表").sheet_state = "hidden"

    result = check(**spoiled(tmp_path, [FIRM_HEADER, *FIRM_ROWS], change=hide))
    assert_same_figures(result, clean)
    assert_told(result.issues, "E145", file=FILE, what="1 行（第 3 行）", remedy="请删除这些行")
    assert_told(result.issues, "E146", file=FILE, what="：D")
    assert "旧表（隐藏）" in result.issues.loc[result.issues["code"] == "E110", "source_layer"].tolist()


def test_row_097_the_1904_system_is_honoured_and_told(tmp_path):
    def date_system(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        book["2024"]["C2"] = dt.datetime(2019, 5, 6)

    rows = [
        ["企业名称", "年度", "投产时间", "入库税收（万元）"],
        [NAMES[0], 2024, None, 1],
        [NAMES[1], 2024, None, 2],
    ]
    result = check(**spoiled(tmp_path, rows, change=date_system))
    started = result.enterprises.set_index("name")["production_started_on"]
    assert str(started[NAMES[0]])[:10] == "2019-05-06"
    assert_told(result.issues, "E140", file=FILE)
