"""A table on a sheet: title, headers, typed cells, row heights, frozen panes, filter, print set-up."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd

from landeval.publish.cells import Cell, cells, kind_of, text_of
from landeval.publish.labels import label_of
from landeval.publish.workbook.rows import Repeated, Rows
from landeval.publish.workbook.styles import NOTE, Styles

ROW_LIMIT = 1_048_576
TEXT_LIMIT = 32_767
CUT_MARK = "……（未完，全文见 tables 文件夹）"
FIRST_ROW = 2
"""Rows above the first record: title and header."""

_A3, _A4 = 8, 9
_LINE = 13.5
_TALLEST = 400.0
_COLOURED = ("status", "status_then", "status_now", "admission_result", "target_state")
# A scale, not data bars: solid bars stand in an extension that openpyxl warns of and drops.
_SCALE = {
    "type": "2_color_scale",
    "min_type": "num",
    "min_value": 0,
    "min_color": "#FFFFFF",
    "max_color": "#F4B183",
}


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Attributes
    ----------
    name : str
        Field name; empty for a column that a person fills in and nobody reads back.
    width : float
        In characters of the standard font.
    wrap : bool
        Whether long text goes on in a second line (the row grows with it).
    label : str
        Header, where it is not the vocabulary's.
    money, land : str
        Field names: the cell becomes the live formula money ÷ land.
    choices : tuple of str
        A drop-down list.
    is_free : bool
        Whether other words than the choices may be written.
    is_filled_in : bool
        Whether a person fills it in, and it is read back with the list.
    link_text : str
        The value is the relative path of a file; the cell shows this text and leads there.
    is_shaded : bool
        The larger the number, the darker the cell.
    is_exact : bool
        Show four decimals: rounded to two, a land that passes would look like one that does not.
    target : str
        Absolute address of a threshold that the cells are coloured against, with its operator in front.
    number_format : str
        Of the cells, where it is not that of the field's kind.
    """

    name: str
    width: float
    wrap: bool = False
    label: str = ""
    money: str = ""
    land: str = ""
    choices: tuple[str, ...] = ()
    is_free: bool = False
    is_filled_in: bool = False
    link_text: str = ""
    is_shaded: bool = False
    is_exact: bool = False
    target: str = ""
    number_format: str = ""

    @property
    def is_editable(self) -> bool:
        """Whether a person fills it in."""
        return self.is_filled_in or not self.name


@dataclass(frozen=True)
class Sheet:
    """What a table's sheet needs to know.

    Attributes
    ----------
    name, title : str
        Tab and heading.
    columns : sequence of Column
    note : str
        After the heading, in grey.
    frozen : int
        Columns that stay in view.
    pages_wide : int
        Of a print.
    full_table : str
        Where all rows are, said when the sheet cannot hold them.
    empty : str
        Said when there is no row.
    is_register : bool
        A long list without frames, where blank cells are not written at all.
    """

    name: str
    title: str
    columns: Sequence[Column]
    note: str = ""
    frozen: int = 3
    pages_wide: int = 1
    full_table: str = "tables/parcels.csv"
    empty: str = "没有记录。"
    is_register: bool = False


class _Widths(dict[str, int]):
    """Half-width characters [count] that a character takes, remembered."""

    def __missing__(self, character: str) -> int:
        self[character] = 2 if unicodedata.east_asian_width(character) in "WFA" else 1
        return self[character]


_WIDTHS = _Widths()


def text_width(text: str) -> int:
    """Return how many half-width characters a text takes.

    Examples
    --------
    >>> text_width("亩均a")
    5
    """
    return len(text) if text.isascii() else sum(map(_WIDTHS.__getitem__, text))


def lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column; a little on the safe side."""
    room = max(width - 1.8, 1)
    if len(text) * 2 * 1.06 <= room and "\n" not in text:
        return 1
    return sum(max(1, math.ceil(text_width(part) * 1.06 / room)) for part in text.split("\n"))


def page(sheet: Any, *, sheet_name: str, wide: int = 1, small: bool = False) -> None:
    """Set up the print: A3 landscape (A4 upright for ``small``), margins; sheet, run and page number at the foot."""
    if small:
        sheet.set_portrait()
    else:
        sheet.set_landscape()
    sheet.set_paper(_A4 if small else _A3)
    sheet.fit_to_pages(wide, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    left, middle = sheet_name.replace("&", "&&"), sheet.foot.replace("&", "&&")
    sheet.set_footer(f"&L&8 {left}&C&8 {middle}&R&8 第 &P 页 / 共 &N 页")
    sheet.set_default_row(16)


def opening_sheet(
    book: Any,
    styles: Styles,
    name: str,
    heading: tuple[str, str],
    how: Sequence[str],
    columns: Sequence[tuple[str, float]],
) -> tuple[Any, int]:
    """Begin a workbook: heading and note, how to use it, and the header of a small table.

    Returns
    -------
    Worksheet, int
        The sheet, and the row of the table's header.
    """
    sheet = book.add_worksheet(name)
    page(sheet, sheet_name=name, small=True)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, heading[0], styles.title(16))
    sheet.write_string(1, 0, heading[1], styles.note())
    for row, line in enumerate(how, start=3):
        sheet.write_string(row, 0, line, styles.get())
    header = 4 + len(how)
    for position, (text, width) in enumerate(columns):
        sheet.set_column(position, position, width)
        sheet.write_string(header, position, text, styles.header())
    return sheet, header


def write_cell(sheet: Any, row: int, column: int, value: Cell, form: Any) -> None:
    """Write one value by its type; a text is always written as a text."""
    if value is None:
        sheet.write_blank(row, column, None, form)
    elif isinstance(value, bool):
        sheet.write_string(row, column, text_of(value), form)
    elif isinstance(value, str):
        text = value if len(value) <= TEXT_LIMIT else value[: TEXT_LIMIT - len(CUT_MARK)] + CUT_MARK
        sheet.write_string(row, column, text, form)
    elif isinstance(value, dt.date):
        if value.year < 1900:
            sheet.write_string(row, column, value.isoformat(), form)
        else:
            sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), form)
    else:
        sheet.write_number(row, column, value, form)


def write_sheet(book: Any, styles: Styles, frame: pd.DataFrame, spec: Sheet, *, currency: str) -> Any:
    """Write a frame as one sheet and return it.

    Rows beyond what a sheet can hold are left out, and the heading says so and where they are.

    Parameters
    ----------
    book : xlsxwriter.Workbook
    styles : Styles
    frame : DataFrame
        English columns; those of ``spec`` that it lacks stay blank (in a register: are left out).
    spec : Sheet
    currency : str
        For the headers.
    """
    if spec.is_register:
        spec = replace(spec, columns=[column for column in spec.columns if column.name in frame.columns])
    sheet = book.add_worksheet(spec.name)
    page(sheet, sheet_name=spec.name, wide=spec.pages_wide)
    for position, column in enumerate(spec.columns):
        sheet.set_column(position, position, column.width)
    room = ROW_LIMIT - FIRST_ROW
    shown = frame.iloc[:room]
    _write_heading(sheet, styles, spec, shown=len(shown), rows=len(frame), currency=currency)
    sheet.freeze_panes(FIRST_ROW, spec.frozen)
    sheet.repeat_rows(0, FIRST_ROW - 1)
    if spec.pages_wide > 1:
        sheet.repeat_columns(0, spec.frozen - 1)
    if shown.empty:
        sheet.write_string(FIRST_ROW, 0, spec.empty, styles.note())
        return sheet
    last = FIRST_ROW + len(shown) - 1
    sheet.autofilter(FIRST_ROW - 1, 0, last, len(spec.columns) - 1)
    _write_rows(sheet, styles, shown, spec)
    _add_aids(sheet, styles, spec, last)
    return sheet


def header_of(column: Column, currency: str) -> str:
    """Return the header of a column."""
    return column.label or label_of(column.name, currency)


def _folded(header: str, width: float) -> str:
    """Put the unit of a header into a line of its own where the header is too long for one."""
    return header.replace("(", "\n(", 1) if text_width(header) > width - 1 else header


def _header_lines(header: str, width: float) -> int:
    return sum(math.ceil(text_width(part) * 1.06 / max(width - 0.6, 1)) for part in header.split("\n"))


def _write_heading(sheet: Any, styles: Styles, spec: Sheet, *, shown: int, rows: int, currency: str) -> None:
    sheet.set_row(0, 24)
    cut = f"【只列出前 {shown} 行，共 {rows} 行，全部见 {spec.full_table}】" if shown < rows else ""
    title = f"{spec.title}（{rows} 行）" if rows else spec.title
    gap = "　　"
    note = gap.join(part for part in (cut, spec.note) if part)
    if note and spec.pages_wide > 1:  # the first columns are repeated on every page, the note is not
        sheet.write_string(0, 0, title, styles.title())
        _write_note(sheet, styles, spec, note)
    elif note:
        after = styles.get(valign="vcenter")
        sheet.write_rich_string(0, 0, styles.title(), title, styles.note(), gap + note, after)
    else:
        sheet.write_string(0, 0, title, styles.title())
    headers = [_folded(header_of(column, currency), column.width) for column in spec.columns]
    tallest = max(
        _header_lines(header, column.width) for header, column in zip(headers, spec.columns, strict=True)
    )
    sheet.set_row(1, max(20.0, 6 + _LINE * tallest))
    for position, (header, column) in enumerate(zip(headers, spec.columns, strict=True)):
        sheet.write_string(1, position, header, styles.header(editable=column.is_editable))


def _write_note(sheet: Any, styles: Styles, spec: Sheet, note: str) -> None:
    """Write the note of a sheet of several pages wide beside its title, within the first page: what goes on would be cut off."""
    widths = [column.width for column in spec.columns]
    room = sum(widths) / spec.pages_wide
    last = spec.frozen
    while last + 1 < len(widths) and sum(widths[: last + 2]) <= room:
        last += 1
    count = lines(note, sum(widths[spec.frozen : last + 1]))
    if count == 1 or last == spec.frozen:
        sheet.write_string(0, spec.frozen, note, styles.note())
        return
    sheet.set_row(0, max(24.0, 4 + _LINE * count))
    form = styles.get(font_color=NOTE, text_wrap=True, valign="vcenter")
    sheet.merge_range(0, spec.frozen, 0, last, note, form)


def _write_rows(sheet: Any, styles: Styles, frame: pd.DataFrame, spec: Sheet) -> None:
    forms = [_form(styles, column, is_framed=not spec.is_register) for column in spec.columns]
    links = [column.link_text for column in spec.columns]
    columns = list(_values(frame, spec.columns))
    heights = _heights(columns, spec.columns)
    formulas = _formulas(spec.columns)
    letters = [column_letters(position) for position in range(len(columns))]
    repeated = [
        Repeated(
            position,
            _writer(sheet, styles, position, form, is_coloured=column.name in _COLOURED),
            is_alike=column.name not in _COLOURED,
        )
        for position, (form, column) in enumerate(zip(forms, spec.columns, strict=True))
    ]
    rows = Rows(sheet, FIRST_ROW)
    for row, values in enumerate(zip(*columns, strict=True), start=FIRST_ROW):
        height = heights[row - FIRST_ROW]
        if height > _LINE + 4:
            sheet.set_row(row, height)
        texts = []
        for position, value in enumerate(values):
            column, address = repeated[position], f"{letters[position]}{row + 1}"
            parts = formulas.get(position)
            if parts and agrees(value, values[parts[0]], values[parts[1]]):
                write = partial(write_ratio, sheet, (row, position), value, forms[position], *parts)
                texts.append(rows.ratio(row, address, column, ratio_of(row, *parts), value, write))
            elif value is None and spec.is_register:
                continue
            elif links[position] and isinstance(value, str):
                where = f"external:{value}"
                write = partial(sheet.write_url, row, position, where, styles.link(), links[position])
                texts.append(rows.once(row, position, write))
            else:
                texts.append(rows.cell(row, address, column, value))
        rows.put(row, "".join(texts))


def _writer(
    sheet: Any, styles: Styles, position: int, form: Any, *, is_coloured: bool
) -> Callable[[int, Cell], None]:
    def write(row: int, value: Cell) -> None:
        look = styles.status(value) if is_coloured and isinstance(value, str) else form
        write_cell(sheet, row, position, value, look)

    return write


def _form(styles: Styles, column: Column, *, is_framed: bool) -> Any:
    if column.is_editable:
        return styles.body("text", wrap=True, bg_color="#FFF9C4")
    more: dict[str, Any] = {} if is_framed else {"border": 0}
    if column.is_exact:
        more["num_format"] = "#,##0.0000"
    if column.number_format:
        more["num_format"] = column.number_format
    return styles.body(_look(column.name), wrap=column.wrap, **more)


def _look(name: str) -> str:
    kind = kind_of(name)
    return "integer" if name in ("number", "source_row", "records") else kind


def _values(frame: pd.DataFrame, columns: Sequence[Column]) -> Iterator[list[Cell]]:
    for column in columns:
        if column.name == "number":
            yield list(range(1, len(frame) + 1))
        elif column.name in frame.columns:
            yield cells(frame[column.name])
        else:
            yield [None] * len(frame)


def _heights(values: Sequence[list[Cell]], columns: Sequence[Column]) -> list[float]:
    """Return the height of every row: what its longest text takes in a column that wraps [points]."""
    counts = [1] * len(values[0])
    for column, cells_of in zip(columns, values, strict=True):
        if column.wrap:
            taken = {
                text: lines(text, column.width) for text in {one for one in cells_of if isinstance(one, str)}
            }
            counts = [max(count, taken.get(one, 1)) for count, one in zip(counts, cells_of, strict=True)]  # type: ignore[arg-type]
    return [min(_TALLEST, 4 + _LINE * count) for count in counts]


def _formulas(columns: Sequence[Column]) -> dict[int, tuple[int, int]]:
    where = {column.name: position for position, column in enumerate(columns)}
    return {
        position: (where[column.money], where[column.land])
        for position, column in enumerate(columns)
        if column.money and column.money in where and column.land in where
    }


def write_ratio(sheet: Any, at: tuple[int, int], value: Cell, form: Any, money: int, land: int) -> None:
    """Write money ÷ land of two columns of the same row as a formula, with the run's own figure as its result."""
    row, position = at
    sheet.write_formula(row, position, f"={ratio_of(row, money, land)}", form, "" if value is None else value)


def ratio_of(row: int, money: int, land: int) -> str:
    """Return the formula money ÷ land of two columns of a row; blank where one of them is."""
    above, below = _address(row, money), _address(row, land)
    return f'IF(OR({below}="",{above}=""),"",{above}/{below})'


def agrees(value: Cell, money: Cell, land: Cell) -> bool:
    """Tell whether money ÷ land is what the run found; else the run's own figure (or blank) is written."""
    if not isinstance(money, int | float) or not isinstance(land, int | float):
        return value is None
    if value is None or land == 0 or not isinstance(value, int | float):
        return False
    return math.isclose(money / land, value, rel_tol=1e-6, abs_tol=2e-6)


def _address(row: int, column: int) -> str:
    return f"${column_letters(column)}{row + 1}"


def column_letters(column: int) -> str:
    """Return the letters of a column counted from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _add_aids(sheet: Any, styles: Styles, spec: Sheet, last: int) -> None:
    for position, column in enumerate(spec.columns):
        area = (FIRST_ROW, position, last, position)
        if column.choices:
            sheet.data_validation(
                *area,
                {
                    "validate": "list",
                    "source": list(column.choices),
                    "error_type": "information" if column.is_free else "stop",
                    "error_title": "请从列表中选择",
                    "error_message": "可选：" + "、".join(column.choices),
                },
            )
        if column.is_shaded:
            sheet.conditional_format(*area, dict(_SCALE))
        if column.target:
            operator, _, address = column.target.partition(" ")
            first = f"{column_letters(position)}{FIRST_ROW + 1}"
            met = f"AND(ISNUMBER({first}),ROUND({first},4){operator}{address})"
            short = f"AND(ISNUMBER({first}),NOT(ROUND({first},4){operator}{address}))"
            for criteria, colour in ((met, "#1F5FA8"), (short, "#B34700")):
                sheet.conditional_format(
                    *area, {"type": "formula", "criteria": f"={criteria}", "format": styles.colour(colour)}
                )
