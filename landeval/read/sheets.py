"""From sheets of any container (xls, SpreadsheetML, HTML) to tables: choose by headers, fill merged cells, tell errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.read import grid
from landeval.read.delimited import no_header, refuse_empty
from landeval.read.handed_back import is_decided, meant
from landeval.read.header import Header, field_of
from landeval.sources import RawTable, Source
from landeval.vocabulary.fields import fields

MAX_CELLS = 20_000_000
"""A county's table has a hundredth; what is above is blank formatted space or a bomb."""


@dataclass(frozen=True)
class Area:
    """A merged area by its edges, both included: rows from 1 as in the file, columns from 0."""

    top: int
    bottom: int
    left: int


@dataclass(frozen=True)
class Sheet:
    """A sheet as it stands: rows of cells with their numbers in the file.

    Attributes
    ----------
    name : str
    rows : list of list
        Cells as stored; rows may differ in length.
    numbers : list of int
        The number of each row, from 1; rows without cells may be left out.
    is_hidden : bool
        A hidden sheet is taken only by name.
    merged : tuple of Area
        Areas of two or more rows.
    errors : tuple of (row, header position, text)
        Cells that hold an error such as ``#DIV/0!``, or a formula without its result; None in ``rows``.
    hidden_rows, hidden_columns : tuple
        Numbers of rows (from 1) and letters of columns that a reader of the sheet does not see.
    lost_rows : tuple
        Numbers of rows that have cells by what the file says, none of which could be read.
    """

    name: str
    rows: list[list[Any]]
    numbers: list[int]
    is_hidden: bool = False
    merged: tuple[Area, ...] = ()
    errors: tuple[tuple[int, int, str], ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    lost_rows: tuple[int, ...] = ()


def read_sheets(
    source: Source, facts: dict[str, Any], sheets: Sequence[Sheet], notes: Sequence[tuple[str, str]] = ()
) -> list[RawTable]:
    """Read the sheets that hold the table asked for.

    Parameters
    ----------
    source : Source
    facts : dict
        What ``run.json`` says of the file.
    sheets : sequence of Sheet
    notes : sequence of (code, detail)
        What is to be said of the file as a whole.

    Raises
    ------
    InputRefusedError
        No such sheet, none with a known header, or several where one is wanted.
    """
    names = [sheet.name for sheet in sheets]
    if source.layer and source.layer not in names:
        raise InputRefusedError(
            f"没有工作表“{source.layer}”",
            where=str(source.path),
            remedy=f"现有工作表：{'、'.join(names)}",
            code="E131",
        )
    wanted = [
        sheet for sheet in sheets if (sheet.name == source.layer if source.layer else not sheet.is_hidden)
    ]
    found = _found(wanted, source)
    if not found:
        first = next((sheet.rows for sheet in wanted if sheet.rows), [])
        raise no_header(source, first, "、".join(sheet.name for sheet in wanted))
    several = (
        "enterprises",
        "corrections",
        "decisions",
        "reviews",
        "projects",
        "exemptions",
        "index",
        "targets",
    )
    if len(found) > 1 and source.table not in several:
        listed = "、".join(sheet.name for sheet, _, _ in found)
        raise InputRefusedError(
            "工作簿中有多个工作表都像是所需的表",
            where=str(source.path),
            remedy=f"请用 layer 指定一个：{listed}",
            code="E132",
        )
    taken = [sheet.name for sheet, _, _ in found]
    said = [issues.report_file(code, source.name, taken[0], detail=detail) for code, detail in notes]
    left = [
        f"{sheet.name}（隐藏）" if sheet.is_hidden else sheet.name
        for sheet in sheets
        if sheet.name not in taken
    ]
    if left:
        said.append(issues.report_file("E110", source.name, "、".join(left)))
    tables = []
    for sheet, own, header in found:
        problems = [*said, _errors(sheet, header.labels, own), *_hidden(sheet, own)]
        rows = _filled(sheet, header, own, problems)
        table = grid.to_table(
            rows,
            sheet.numbers,
            header,
            own,
            layer=sheet.name,
            problems=problems,
            facts={**facts, "table": own.table, "sheet": sheet.name},
        )
        tables.append(_with_lost(table, sheet))
        said = []
    refuse_empty(tables)
    return tables


def _found(wanted: Sequence[Sheet], source: Source) -> list[tuple[Sheet, Source, Header]]:
    """Return the sheets with a known header, each with what it is asked to be.

    A workbook with notes of the offices holds lists too that nobody writes into: those are left.
    """
    told = [(sheet, *meant(sheet.rows, source)) for sheet in wanted]
    found = [(sheet, own, header) for sheet, own, header in told if header is not None]
    if any(own.table != source.table for _, own, _ in found):
        return [one for one in found if one[1].table != source.table or is_decided(one[2])]
    return found


def _with_lost(table: RawTable, sheet: Sheet) -> RawTable:
    """Set aside the rows below the header that the file tells of and does not hold, so that they are accounted for."""
    lost = [row for row in sheet.lost_rows if row > table.facts["header_row"]]
    if not lost:
        return table
    place = _place(table.source, sheet.name, lost)
    return replace(
        table,
        set_aside=pd.concat([table.set_aside, place.assign(reason="有登记而无内容")], ignore_index=True),
        issues=issues.gather([table.issues, issues.report("E148", place)]),
        facts={**table.facts, "set_aside": table.facts["set_aside"] + len(lost)},
    )


def too_large(source: Source, what: str) -> InputRefusedError:
    """Say that a sheet holds more than an office machine can."""
    return InputRefusedError(
        what, where=str(source.path), remedy="请删除表外的空白行列后另存，或按年度、乡镇拆分", code="E126"
    )


def _header(headers: Sequence[Any], column: int) -> str:
    text = str(headers[column] or "") if column < len(headers) else ""
    return " ".join(text.split()) or f"第 {column + 1} 列"


def _hidden(sheet: Sheet, source: Source) -> list[pd.DataFrame]:
    """Tell of rows and columns that are not seen in the sheet; they are read all the same."""
    with_cells = {
        number
        for number, row in zip(sheet.numbers, sheet.rows, strict=True)
        if any(c not in (None, "") for c in row)
    }
    rows = [number for number in sheet.hidden_rows if number in with_cells]
    told = []
    if rows:
        spans = "、".join(map(str, rows[:20])) + (" 等" if len(rows) > 20 else "")
        told.append(
            issues.report_file("E145", source.name, sheet.name, detail=f"{len(rows)} 行（第 {spans} 行）")
        )
    if sheet.hidden_columns:
        told.append(
            issues.report_file("E146", source.name, sheet.name, detail="、".join(sheet.hidden_columns[:20]))
        )
    return told


def _errors(sheet: Sheet, headers: Sequence[Any], source: Source) -> pd.DataFrame:
    return issues.report(
        "E107",
        _place(source, sheet.name, [row for row, _, _ in sheet.errors]),
        column=pd.Series([_header(headers, column) for _, column, _ in sheet.errors], dtype="object"),
        raw=pd.Series([text for *_, text in sheet.errors], dtype="object"),
    )


def _filled(sheet: Sheet, header: Header, source: Source, problems: list[pd.DataFrame]) -> list[list[Any]]:
    """Write the value of a merged area into its rows that hold anything else, below the header only."""
    if not sheet.merged:
        return sheet.rows
    if sum(area.bottom - area.top for area in sheet.merged) > MAX_CELLS:
        raise too_large(source, f"工作表“{sheet.name}”的合并单元格过多，超过限制")
    rows = [list(row) for row in sheet.rows]
    where = {number: at for at, number in enumerate(sheet.numbers)}
    told: list[tuple[int, str, Any, str]] = []
    shared: list[tuple[int, str, Any]] = []
    for area in sheet.merged:
        first = where.get(area.top)
        if first is None or first <= header.last or area.left >= len(rows[first]):
            continue
        value, last = rows[first][area.left], area.top
        if value is None or value == "":
            continue
        header_here, spans = _header(header.labels, area.left), []
        for number in range(area.top + 1, area.bottom + 1):
            at = where.get(number)
            if at is None or all(cell is None or cell == "" for cell in sheet.rows[at]):
                continue
            rows[at] += [None] * (area.left + 1 - len(rows[at]))
            rows[at][area.left], last = value, number
            spans.append(at)
        if spans and _adds_up(header_here, source):
            for at in (first, *spans):
                rows[at][area.left] = None
                shared.append((sheet.numbers[at], header_here, value))
        elif last > area.top:
            told.append((area.top, _header(header.labels, area.left), value, f"用于第 {area.top}—{last} 行"))
    problems.append(
        issues.report(
            "E141",
            _place(source, sheet.name, [row for row, *_ in told]),
            column=pd.Series([column for _, column, _, _ in told], dtype="object"),
            raw=pd.Series([value for _, _, value, _ in told], dtype="object"),
            used=pd.Series([used for *_, used in told], dtype="object"),
        )
    )
    problems.append(
        issues.report(
            "E199",
            _place(source, sheet.name, [row for row, *_ in shared]),
            column=pd.Series([column for _, column, _ in shared], dtype="object"),
            raw=pd.Series([value for *_, value in shared], dtype="object"),
            used="未知",
        )
    )
    return rows


def _adds_up(header: str, source: Source) -> bool:
    """Tell whether a column holds amounts of which a row has its own part: one over several rows is nobody's."""
    known = fields().get(field_of(header, source))
    if known is None:
        return False
    return known.kind in ("money", "area") or (known.kind == "number" and source.table == "enterprises")


def _place(source: Source, layer: str, rows: Sequence[int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source_file": source.name,
            "source_layer": layer,
            "source_row": pd.Series(list(rows), dtype="int64"),
        }
    )
