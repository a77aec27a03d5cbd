"""Read xlsx cell by cell with openpyxl: values as stored, sheets chosen by their headers, formulas watched."""

from __future__ import annotations

import warnings
import zipfile
from typing import Any

import pandas as pd
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.read import grid
from landeval.read.delimited import no_header, refuse_empty
from landeval.sources import RawTable, Source

ERROR_VALUES = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)


def read_workbook(source: Source, facts: dict[str, Any]) -> list[RawTable]:
    """Read the sheets of a workbook that hold the table asked for.

    A sheet is taken when a row of it holds two or more known headers; enterprises may stand on several
    sheets (one a year), other tables on one, else the user is asked. A hidden sheet is taken only by name.

    Raises
    ------
    InputRefusedError
        Damaged workbook, no such sheet, no sheet with a known header, or several where one is wanted.
    """
    book = _load(source, data_only=True)
    sheets = [sheet for sheet in book.worksheets if isinstance(sheet, Worksheet)]
    names = [sheet.title for sheet in sheets]
    if source.layer and source.layer not in names:
        raise InputRefusedError(
            f"没有工作表“{source.layer}”",
            where=str(source.path),
            remedy=f"现有工作表：{'、'.join(names)}",
            code="E131",
        )
    wanted = [
        sheet
        for sheet in sheets
        if (sheet.title == source.layer if source.layer else sheet.sheet_state == "visible")
    ]
    found: list[tuple[Worksheet, list[list[Any]], int]] = []
    problems: dict[str, list[pd.DataFrame]] = {}
    first_rows: list[list[Any]] = []
    for sheet in wanted:
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        first_rows = first_rows or rows
        header_at = grid.header_row(rows, source)
        if header_at is None:
            continue
        found.append((sheet, rows, header_at))
        problems[sheet.title] = []
    if not found:
        raise no_header(source, first_rows, "、".join(sheet.title for sheet in wanted))
    if len(found) > 1 and source.table not in ("enterprises", "corrections"):
        listed = "、".join(sheet.title for sheet, _, _ in found)
        raise InputRefusedError(
            "工作簿中有多个工作表都像是所需的表",
            where=str(source.path),
            remedy=f"请用 layer 指定一个：{listed}",
            code="E132",
        )
    left = [name for name in names if name not in problems]
    if left:
        first = found[0][0].title
        problems[first].append(issues.report_file("E110", source.name, "、".join(left)))
    formulas = _formulas(source)
    tables = []
    for sheet, rows, header_at in found:
        rows = _checked(sheet, rows, formulas.get(sheet.title, {}), source, problems[sheet.title])
        tables.append(
            grid.to_table(
                rows,
                list(range(1, len(rows) + 1)),
                header_at,
                source,
                layer=sheet.title,
                problems=problems[sheet.title],
                facts={**facts, "sheet": sheet.title},
            )
        )
    refuse_empty(tables)
    return tables


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


def _checked(
    sheet: Worksheet,
    rows: list[list[Any]],
    formulas: dict[tuple[int, int], str],
    source: Source,
    problems: list[pd.DataFrame],
) -> list[list[Any]]:
    """Flag formulas without a stored value and error cells; both become unknown."""
    bad: list[tuple[int, int, str]] = []
    for (row, column), text in formulas.items():
        if row <= len(rows) and column <= len(rows[row - 1]) and rows[row - 1][column - 1] is None:
            bad.append((row, column, text))
    for row, cells in enumerate(rows, start=1):
        for column, value in enumerate(cells, start=1):
            if isinstance(value, str) and value.upper() in ERROR_VALUES:
                bad.append((row, column, value))
                cells[column - 1] = None
    if bad:
        place = pd.DataFrame(
            {
                "source_file": source.name,
                "source_layer": sheet.title,
                "source_row": [row for row, _, _ in bad],
            }
        )
        columns = pd.Series([get_column_letter(column) for _, column, _ in bad])
        problems.append(
            issues.report("E107", place, column=columns, raw=pd.Series([text for *_, text in bad]))
        )
    return rows
