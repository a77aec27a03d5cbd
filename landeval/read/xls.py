"""Read .xls (BIFF) with xlrd: values as stored, dates by the workbook's own system, error cells watched."""

from __future__ import annotations

import io
import re
import struct
from dataclasses import replace
from typing import Any

import xlrd
from xlrd.compdoc import CompDoc
from xlrd.xldate import XLDateError, xldate_as_datetime

from landeval.errors import InputRefusedError
from landeval.read.sheets import MAX_CELLS, Area, Sheet, read_sheets, too_large
from landeval.sources import RawTable, Source

MAX_XLS_BYTES = 100_000_000
"""A sheet ends at 65,536 rows: a real workbook stays far below."""
EXACT = 10**15
"""A spreadsheet keeps 15 digits: a longer number stays a float, so that it is told as damaged."""
STREAMS = ("Workbook", "Book", "WORKBOOK", "BOOK")
ROW = re.compile(rb"\x08\x02\x10\x00(?=(.{6}))", re.DOTALL)
"""A row's own record (BIFF 5 and 8), which says where its cells begin and end, ahead of the cells."""


def read_xls(source: Source, facts: dict[str, Any]) -> list[RawTable]:
    """Read the sheets of a workbook of the old format that hold the table asked for.

    Raises
    ------
    InputRefusedError
        A password, a damaged file, another kind of Office file, or no sheet with the table.
    """
    if source.path.stat().st_size > MAX_XLS_BYTES:
        raise too_large(source, "旧格式工作簿超过 100 MB")
    data = source.path.read_bytes()
    stream = _stream(source, data)
    try:
        # ragged rows: one cell at the far corner must not make sixteen million blanks
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
    except Exception as error:
        if "encrypted" in str(error):
            raise locked(source) from None
        raise _damaged(source) from error
    if sum(sum(map(sheet.row_len, range(sheet.nrows))) for sheet in book.sheets()) > MAX_CELLS:
        raise too_large(source, "工作簿的单元格过多，超过限制")
    notes = [("E140", "")] if book.datemode else []
    sheets = [
        replace(_sheet(sheet, book.datemode), lost_rows=_lost_rows(sheet, part))
        for sheet, part in zip(book.sheets(), _parts(book, stream), strict=True)
    ]
    return read_sheets(source, {**facts, "date_system": 1904 if book.datemode else 1900}, sheets, notes)


def locked(source: Source) -> InputRefusedError:
    """Say that a workbook has a password."""
    return InputRefusedError(
        "工作簿有密码",
        where=str(source.path),
        remedy="请用 Excel 或 WPS 打开，取消打开密码后另存，再重新指定",
        code="E170",
    )


def _damaged(source: Source) -> InputRefusedError:
    return InputRefusedError(
        "工作簿损坏或未复制完整",
        where=str(source.path),
        remedy="请重新复制该文件；如仍打不开，请用 Excel 或 WPS 另存为 .xlsx",
        code="E125",
    )


def _stream(source: Source, data: bytes) -> bytes:
    """Return the bytes in which xlrd counts its positions; refuse an OLE container that holds no workbook.

    Files older than OLE are their own stream.
    """
    if not data.startswith(b"\xd0\xcf\x11\xe0"):
        return data
    try:
        container = CompDoc(data, logfile=io.StringIO())
        names = {entry.name for entry in container.dirlist}
        found = next((name for name in STREAMS if name in names), "")
        held, start, size = container.locate_named_stream(found) if found else (b"", 0, 0)
    except Exception as error:
        raise _damaged(source) from error
    if "EncryptedPackage" in names:
        raise locked(source)
    if not found:
        kind = " Word 文档" if "WordDocument" in names else "其他 Office 文件"
        raise InputRefusedError(
            f"是{kind}，不是工作簿",
            where=str(source.path),
            remedy="请把其中的表复制到工作簿，另存为 .xlsx",
            code="E173",
        )
    return bytes(held[: start + size]) if held else b""


def _parts(book: Any, stream: bytes) -> list[bytes]:
    """Cut out the bytes of each sheet."""
    starts = book._sh_abs_posn
    later = [min((other for other in starts if other > start), default=len(stream)) for start in starts]
    return [stream[start:end] for start, end in zip(starts, later, strict=True)]


def _lost_rows(sheet: Any, part: bytes) -> tuple[int, ...]:
    """Return rows, from 1, that say of themselves that they have cells and have none, not even blank ones.

    One cell does not count: some programs write that for every row whose height was set.
    """
    told = {
        row
        for row, first, last in (struct.unpack("<HHH", match[1]) for match in ROW.finditer(part))
        if 2 <= last - first <= 256
    }
    return tuple(sorted(row + 1 for row in told if row >= sheet.nrows or sheet.row_len(row) == 0))


def _sheet(sheet: Any, datemode: int) -> Sheet:
    rows: list[list[Any]] = []
    errors: list[tuple[int, int, str]] = []
    for at in range(sheet.nrows):
        cells: list[Any] = []
        for column, (kind, value) in enumerate(zip(sheet.row_types(at), sheet.row_values(at), strict=True)):
            if kind == xlrd.XL_CELL_ERROR:
                errors.append((at + 1, column, xlrd.error_text_from_code.get(value, f"错误 {value}")))
            cells.append(_value(kind, value, datemode))
        rows.append(cells)
    merged = tuple(
        Area(top + 1, bottom, left) for top, bottom, left, _ in sheet.merged_cells if bottom - top > 1
    )
    return Sheet(
        name=sheet.name,
        rows=rows,
        numbers=list(range(1, len(rows) + 1)),
        is_hidden=sheet.visibility != 0,
        merged=merged,
        errors=tuple(errors),
        hidden_rows=tuple(at + 1 for at, info in sorted(sheet.rowinfo_map.items()) if info.hidden),
        hidden_columns=tuple(
            xlrd.colname(at)
            for at, info in sorted(sheet.colinfo_map.items())
            if info.hidden and at < sheet.ncols
        ),
    )


def _value(kind: int, value: Any, datemode: int) -> Any:
    if kind == xlrd.XL_CELL_NUMBER:
        return int(value) if value.is_integer() and abs(value) < EXACT else value
    if kind == xlrd.XL_CELL_DATE:
        try:
            return xldate_as_datetime(value, datemode)
        except (XLDateError, OverflowError, ValueError):
            return value
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    return value if kind == xlrd.XL_CELL_TEXT else None
