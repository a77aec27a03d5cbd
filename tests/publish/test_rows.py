"""Rows put a row at a time: the bytes of the library's own calls."""

import datetime as dt

import pandas as pd
import pytest
from builders import HOSTILE, make_result

from landeval.publish.workbook import rows as rows_module
from landeval.publish.workbook import sheet as sheet_module
from landeval.publish.workbook.book import new_book
from landeval.publish.workbook.sheet import Column, Sheet, write_cell, write_ratio, write_sheet

COLUMNS = (
    Column("number", 5),
    Column("parcel_id", 20),
    Column("reasons", 12, wrap=True),
    Column("status", 12),
    Column("is_candidate", 5),
    Column("due_start", 10),
    Column("days_overdue", 8),
    Column("area_mu", 9),
    Column("tax_wan_yuan", 9),
    Column("tax_wan_yuan_per_mu", 9, money="tax_wan_yuan", land="area_mu"),
    Column("map_page", 6, link_text="地图"),
    Column("review_opinion", 9, is_filled_in=True),
)


def plainly(sheet, styles, frame, spec):
    """Write every cell by the library's public call, as one would without ``Rows``."""
    columns = list(sheet_module._values(frame, spec.columns))
    heights = sheet_module._heights(columns, spec.columns)
    formulas = sheet_module._formulas(spec.columns)
    for number, values in enumerate(zip(*columns, strict=True)):
        row = sheet_module.FIRST_ROW + number
        if heights[number] > sheet_module._LINE + 4:
            sheet.set_row(row, heights[number])
        for at, (value, column) in enumerate(zip(values, spec.columns, strict=True)):
            form = sheet_module._form(styles, column, is_framed=not spec.is_register)
            if column.name == "status" and isinstance(value, str):
                form = styles.status(value)
            parts = formulas.get(at)
            if parts and sheet_module.agrees(value, values[parts[0]], values[parts[1]]):
                write_ratio(sheet, (row, at), value, form, *parts)
            elif column.link_text and isinstance(value, str):
                sheet.write_url(row, at, f"external:{value}", styles.link(), column.link_text)
            elif value is not None or not spec.is_register:
                write_cell(sheet, row, at, value, form)


def frame_of(count):
    texts = [
        "t",
        "5",
        "is",
        *HOSTILE,
        " 前后空格 ",
        "_x0041_",
        "<r>甲</r>",
        '甲&乙<丙>"丁"',
        "长" * 40_000,
        "1",
        None,
    ]
    tax = [None if number % 5 == 0 else number / 7 for number in range(count)]
    area = [None if number % 6 == 0 else 1.5 + number for number in range(count)]
    ratio = [
        None if money is None or land is None else money / land for money, land in zip(tax, area, strict=True)
    ]
    ratio[1] = 99.0  # not what the cells beside it give: written as a figure
    return pd.DataFrame(
        {
            "parcel_id": [f"虚构{number:05d}" for number in range(count)],
            "reasons": [texts[number % len(texts)] for number in range(count)],
            "status": [("关注", "达标", None)[number % 3] for number in range(count)],
            "is_candidate": pd.array([(True, False, None)[number % 3] for number in range(count)], "boolean"),
            "due_start": [(dt.date(2020, 5, 1), dt.date(1850, 1, 1), None)[number % 3] for number in range(count)],
            "days_overdue": [float(number - 3) if number % 4 else None for number in range(count)],
            "area_mu": area,
            "tax_wan_yuan": tax,
            "tax_wan_yuan_per_mu": ratio,
            "map_page": ["links/一.html" if number % 2 else None for number in range(count)],
        }
    )  # fmt: skip


@pytest.mark.parametrize("is_register", [False, True])
@pytest.mark.parametrize("most", [rows_module.MOST, 3])
def test_file_is_that_of_the_library_byte_by_byte(tmp_path, monkeypatch, is_register, most):
    monkeypatch.setattr(rows_module, "MOST", most)
    result = make_result(3)
    spec = Sheet("表", "表", COLUMNS, note="说明", is_register=is_register)
    alike = Sheet("尾行相同", "尾行相同", (COLUMNS[3], COLUMNS[7]), is_register=is_register)

    def book_of(name):
        path = tmp_path / name
        with new_book(path, result) as (book, styles):
            sheet = write_sheet(book, styles, frame_of(120), spec, currency="元")
            sheet.write_string(130, 2, "其后", styles.note())
            write_sheet(book, styles, frame_of(12).iloc[[0, 1, *[1] * 20]], alike, currency="元")
            write_sheet(book, styles, frame_of(120).iloc[:0], Sheet("空表", "空表", COLUMNS), currency="元")
        return path.read_bytes()

    fast = book_of("快.xlsx")
    monkeypatch.setattr(sheet_module, "_write_rows", plainly)
    assert fast == book_of("慢.xlsx")
