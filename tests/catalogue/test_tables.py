"""Rows 38, 72, 73, 81, 82, 102 and 105 of the catalogue: workbooks as bureaus fill them in."""

import re
import zipfile

import numpy as np
import pytest
from bureau import (
    CODES,
    FIRM_HEADER,
    FIRM_ROWS,
    assert_same_figures,
    assert_told,
    check,
    delivery,
    figures,
    states,
)
from writers import workbook

from landeval.errors import InputRefusedError

FILE = "企业.xlsx"
ALL_USED = {2: "采用", 3: "采用", 4: "采用"}


def filled(folder, rows, sheet="2024"):
    """Write the delivery with the firms' sheet written anew."""
    given = delivery(folder)
    workbook(given["enterprises"], {sheet: rows})
    return given


def with_cell(row, column, value):
    """Return the firms' rows with one value replaced (positions from 0)."""
    rows = [list(cells) for cells in FIRM_ROWS]
    rows[row][column] = value
    return [FIRM_HEADER, *rows]


def rewritten(path, member, change):
    """Change the bytes of one member of a workbook and leave the others as they are."""
    with zipfile.ZipFile(path) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, change(data) if name == member else data)


def test_row_038_header_only_table(tmp_path):
    given = filled(tmp_path, [FIRM_HEADER])
    with pytest.raises(InputRefusedError) as refused:
        check(**given)
    assert refused.value.code == "E133"
    assert "表中只有表头，没有记录" in str(refused.value)
    assert str(given["enterprises"]) in str(refused.value)
    assert "请核对是否选错文件或工作表" in str(refused.value)


def test_row_072_title_and_unit_rows(tmp_path, clean):
    names = [re.sub("（.*）", "", name) for name in FIRM_HEADER]
    rows = [["洞口县虚构企业统计表"], [], names, [None, None, "万元", "万元", "万元"], *FIRM_ROWS]
    result = check(**filled(tmp_path, rows))
    assert_same_figures(result, clean)
    assert_told(result.issues, "E106", file=FILE, what="表头在第 3 行", remedy="请删除表头以上各行")
    assert_told(result.issues, "E105", file=FILE, row=4, raw="单位行", remedy="无需处理")
    assert states(result, FILE) == {4: "排除（单位行）", 5: "采用", 6: "采用", 7: "采用"}


def test_row_073_totals_and_notes(tmp_path, clean):
    total = [9000.5, 10900, 480.25]
    last = [["小计", None, *total], ["总 计", 2024, *total], ["制表人：虚构甲"], ["注：本表为虚构"]]
    result = check(**filled(tmp_path, [FIRM_HEADER, *FIRM_ROWS, *last]))
    assert_same_figures(result, clean)
    reasons = {5: "合计行", 6: "合计行", 7: "备注行", 8: "备注行"}
    for row, reason in reasons.items():
        assert_told(result.issues, "E105", file=FILE, row=row, raw=reason, what="不是记录", remedy="如误判")
    aside = {row: f"排除（{reason}）" for row, reason in reasons.items()}
    assert states(result, FILE) == ALL_USED | aside


def assert_tax_unknown(folder, clean, value):
    """Assert that a tax cell of row 3 that holds no number is told and unknown, and all else stays as it was."""
    result = check(**filled(folder, with_cell(1, 4, value)))
    assert_told(
        result.issues, "E107", file=FILE, row=3, column=FIRM_HEADER[4], raw=value,
        what="公式没有保存计算结果，或单元格为错误值", remedy="请用 Excel 打开、重新计算并保存后再提供",
    )  # fmt: skip
    assert states(result, FILE) == ALL_USED | {3: "采用有提示"}
    found, wanted = figures(result), figures(clean)
    tax = [name for name in wanted if name.startswith("tax_")]
    assert len(tax) == 2
    assert found.loc[CODES[1], tax].isna().all()
    wanted.loc[CODES[1], tax] = np.nan
    np.testing.assert_allclose(found, wanted, rtol=1e-6)


def test_row_081_formula_without_stored_value(tmp_path, clean):
    assert_tax_unknown(tmp_path, clean, "=100+50")


@pytest.mark.parametrize("value", ["#DIV/0!", "#REF!"])
def test_row_082_error_cell(tmp_path, clean, value):
    assert_tax_unknown(tmp_path, clean, value)


@pytest.mark.parametrize(
    "header",
    [
        ["企业 名称", "年　度", "累计固定资产\n投资（万元）", "工业总产值(万元)", "实缴税收（万元）"],
        ["企业名称", "年度", "累计固定资产投资［万元］", "工业总产值（万元）", "入库税金（万元）"],
        ["企业名称\n", "年度", "累计固定资产投资\n(万元)", "工业总产值 （万元）", "税金（万元）"],
    ],
)
def test_row_102_header_spelled_otherwise(tmp_path, clean, header):
    result = check(**filled(tmp_path, [header, *FIRM_ROWS]))
    assert_same_figures(result, clean)
    assert states(result, FILE) == ALL_USED


def test_row_105_wrong_dimension(tmp_path, clean):
    given = delivery(tmp_path)
    rewritten(
        given["enterprises"],
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b'<dimension ref="A1:E4"', b'<dimension ref="A1"'),
    )
    with zipfile.ZipFile(given["enterprises"]) as archive:
        assert b'<dimension ref="A1"' in archive.read("xl/worksheets/sheet1.xml")
    result = check(**given)
    assert_same_figures(result, clean)
    assert states(result, FILE) == ALL_USED


def test_row_105_blank_formatted_rows(tmp_path, clean):
    given = delivery(tmp_path)
    blank = "".join(f'<row r="{row}"><c r="A{row}" s="0"/></row>' for row in range(5, 1005)).encode()
    rewritten(
        given["enterprises"],
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"</sheetData>", blank + b"</sheetData>"),
    )
    result = check(**given)
    assert_same_figures(result, clean)
    assert states(result, FILE) == ALL_USED


@pytest.mark.parametrize("place", ["A1048576", "CV100000", "XFD1048576"])
def test_row_105_a_stray_cell_far_away_costs_nothing(tmp_path, clean, place):
    import time

    import openpyxl

    given = delivery(tmp_path)
    book = openpyxl.load_workbook(given["enterprises"])
    book["2024"][place] = " "
    book.save(given["enterprises"])
    started = time.process_time()
    result = check(**given)
    assert time.process_time() - started < 10
    assert_same_figures(result, clean)
    assert states(result, FILE) == ALL_USED
