"""Rows of a table put into a sheet a row at a time: each different cell is made by the library once a column, then repeated.

The library writes a cell in nine calls, 10 µs; a list of 10,000 parcels has a million cells, most of them told before.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from landeval.publish.cells import Cell

MOST = 4096
"""Different cells of a column that are kept at hand; beyond that they are forgotten and made anew."""
_SPECIAL = re.compile('[&<>"_\x00-\x1f\ufffe\uffff]|^\\s|\\s$')
_LONG = 16_383
"""Longer texts may be more than a cell holds, in the units in which the library counts."""


def is_plain(text: str) -> bool:
    """Tell whether a text stands in the file as it is: nothing to escape, no space at its ends, not too long.

    Examples
    --------
    >>> is_plain("虚构厂 2"), is_plain("甲&乙"), is_plain("甲 "), is_plain("")
    (True, False, False, False)
    """
    return text != "" and len(text) <= _LONG and not _SPECIAL.search(text)


@dataclass
class Repeated:
    """The cells of one column: what stands in the file after the address, by value.

    Attributes
    ----------
    position : int
        Of the column.
    write : callable
        Row, value → the library is asked to write the cell.
    is_alike : bool
        Whether all texts look alike, so that a plain one needs nothing of the library but what stands around it.
    """

    position: int
    write: Callable[[int, Cell], None]
    is_alike: bool = True
    known: dict[Cell, str] = field(default_factory=dict)
    text: tuple[str, str] | None = None
    number: tuple[str, str] | None = None
    formula: str | None = None


class Rows:
    """The rows of one sheet in constant memory, one after the other, with nothing written beside them.

    The file is the one that the library would make of the same cells, byte by byte (``tests/publish/test_rows.py``).

    Parameters
    ----------
    sheet : xlsxwriter.Worksheet
        Of a workbook with ``constant_memory``.
    first : int
        The row that comes next.
    """

    def __init__(self, sheet: Any, first: int) -> None:
        self._sheet = sheet
        if first > sheet.previous_row:
            sheet._write_single_row(first)

    def put(self, row: int, cells: str) -> None:
        """Write a row whose height is set already; ``cells`` as ``cell`` and ``once`` return them."""
        sheet = self._sheet
        sheet._write_row(row, None, sheet.row_info.get(row))
        sheet.fh.write(f"{cells}</row>")
        sheet.previous_row = row
        sheet._check_dimensions(row, 0)  # before the row counts as written: then it is not noted any more
        sheet.previous_row = row + 1

    def cell(self, row: int, address: str, column: Repeated, value: Cell) -> str:
        """Return the text of a cell; ``address`` as in ``B7``."""
        if value.__class__ is float and column.number is not None:
            before, after = column.number
            return f'<c r="{address}{before}{value:.16G}{after}'
        tail = column.known.get(value)
        if tail is None and column.text is not None and value.__class__ is str and is_plain(value):
            return f'<c r="{address}{column.text[0]}{value}{column.text[1]}'
        if tail is None or value.__class__ is bool:
            whole = self.once(row, column.position, lambda: column.write(row, value))
            tail = whole.removeprefix(f'<c r="{address}')
            if value.__class__ is float:
                before, after = tail.split("<v>")[0] + "<v>", "</v></c>"
                column.number = before, after
            elif value.__class__ is not bool:
                if len(column.known) >= MOST:
                    column.known.clear()
                column.known[value] = tail
                if column.is_alike and isinstance(value, str) and is_plain(value):
                    column.text = tail.split("<t>")[0] + "<t>", "</t></is></c>"
        return f'<c r="{address}{tail}'

    def ratio(
        self, row: int, address: str, column: Repeated, formula: str, value: Cell, write: Callable[[], Any]
    ) -> str:
        """Return the text of a cell with a formula in which nothing is to be escaped; ``write`` asks the library for it."""
        if column.formula is None:
            whole = self.once(row, column.position, write)
            column.formula = whole.removeprefix(f'<c r="{address}').split("<f>")[0]
            return whole
        return f'<c r="{address}{column.formula}<f>{formula}</f><v>{"" if value is None else value}</v></c>'

    def once(self, row: int, position: int, write: Callable[[], Any]) -> str:
        """Return the text of a cell that the library is asked to write."""
        sheet = self._sheet
        sheet.previous_row = row
        write()
        made = sheet.table[row].pop(position)
        own, sheet.fh = sheet.fh, io.StringIO()
        try:
            sheet._write_cell(row, position, made)
            return str(sheet.fh.getvalue())
        finally:
            sheet.fh = own
            sheet.table.clear()
