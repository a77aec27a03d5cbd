"""Read xlsx cell by cell with openpyxl: values as stored, formulas watched; sheets are chosen by ``sheets``."""

from __future__ import annotations

import warnings
import zipfile
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from landeval.errors import InputRefusedError
from landeval.read.sheets import Area, Sheet, read_sheets
from landeval.sources import RawTable, Source

ERROR_VALUES = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)


def read_workbook(source: Source, facts: dict[str, Any]) -> list[RawTable]:
    """Read the sheets of a workbook that hold the table asked for.

    A sheet is taken when rows of it hold two or more known headers; enterprises may stand on several sheets
    (one a year), other tables on one, else the user is asked. A hidden sheet is taken only by name.

    Raises
    ------
    InputRefusedError
        Damaged workbook, no such sheet, no sheet with a known header, or several where one is wanted.
    """
    book = _load(source, data_only=True)
    formulas = _formulas(source)
    sheets = [
        _sheet(sheet, formulas.get(sheet.title, {}))
        for sheet in book.worksheets
        if isinstance(sheet, Worksheet)
    ]
    is_1904 = book.epoch == CALENDAR_MAC_1904
    return read_sheets(
        source, {**facts, "date_system": 1904 if is_1904 else 1900}, sheets, [("E140", "")] if is_1904 else []
    )


def _load(source: Source, *, data_only: bool) -> Any:
    try:
        with warnings.catch_warnings(), source.path.open("rb") as file:
            warnings.simplefilter("ignore")
            return load_workbook(file, data_only=data_only)
    except Exception as error:
        raise InputRefusedError(
            "工作簿打不开",
            where=str(source.path),
            remedy=f"文件可能损坏，请用 Excel 打开另存后再试（{type(error).__name__}）",
            code="E125",
        ) from error


def _formulas(source: Source) -> dict[str, dict[tuple[int, int], str]]:
    """Find the cells that are formulas, only where the file holds any."""
    with zipfile.ZipFile(source.path) as archive:
        sheets = [
            name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")
        ]
        if not any(mark in archive.read(name) for name in sheets for mark in (b"<f>", b"<f ")):
            return {}
    book = _load(source, data_only=False)
    return {
        sheet.title: {
            (int(cell.row or 0), int(cell.column or 0)): str(cell.value)
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        }
        for sheet in book.worksheets
        if isinstance(sheet, Worksheet)
    }


def _sheet(sheet: Worksheet, formulas: dict[tuple[int, int], str]) -> Sheet:
    """Take a sheet's cells; formulas without a stored value and error cells are unknown, and told."""
    stored = {place: cell.value for place, cell in sheet._cells.items() if not _is_blank(cell.value)}
    bad = [
        (row, column - 1, text)
        for (row, column), text in sorted(formulas.items())
        if (row, column) not in stored
    ]
    for (row, column), value in sorted(stored.items()):
        if isinstance(value, str) and value.upper() in ERROR_VALUES:
            bad.append((row, column - 1, value))
            del stored[row, column]
    numbers, rows = _rows(stored)
    areas = sorted(sheet.merged_cells.ranges, key=lambda area: (area.min_row, area.min_col))
    columns = [
        get_column_letter(at)
        for _, size in sorted(sheet.column_dimensions.items())
        if size.hidden and size.min and size.max
        for at in range(size.min, min(size.max, sheet.max_column) + 1)
    ]
    return Sheet(
        name=sheet.title,
        rows=rows,
        numbers=numbers,
        is_hidden=sheet.sheet_state != "visible",
        merged=tuple(
            Area(area.min_row, area.max_row, area.min_col - 1)
            for area in areas
            if area.max_row > area.min_row
        ),
        errors=tuple(bad),
        hidden_rows=tuple(at for at, size in sorted(sheet.row_dimensions.items()) if size.hidden),
        hidden_columns=tuple(columns),
    )


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _rows(stored: dict[tuple[int, int], Any]) -> tuple[list[int], list[list[Any]]]:
    """Lay out what is stored row by row, rows without cells left out: one stray cell far away makes no rectangle."""
    widths: dict[int, int] = {}
    for row, column in stored:
        widths[row] = max(widths.get(row, 0), column)
    numbers = sorted(widths)
    rows = {number: [None] * widths[number] for number in numbers}
    for (row, column), value in stored.items():
        rows[row][column - 1] = value
    return numbers, [rows[number] for number in numbers]
