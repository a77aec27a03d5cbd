"""A blank form that an office fills in and hands back: prepared rows, checks in Excel, and a sheet of how to fill it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landeval.publish.cells import text_of
from landeval.publish.workbook.form import new_form, write_notes
from landeval.publish.workbook.sheet import page, write_cell
from landeval.publish.workbook.styles import Styles
from landeval.settings_words import worded

ROWS = 300
"""Rows prepared for filling in; more may be added below."""
_MOST_MESSAGE = 250
"""Excel takes 255 characters."""


@dataclass(frozen=True)
class Entry:
    """One column of the form: header with unit, width, what to write, an example, and how Excel checks it."""

    header: str
    width: float
    how: str
    example: str | float
    check: str = ""
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class BlankForm:
    """A form: its title (the tab too), kind of thing, name of the usual file, columns, last words.

    ``has_example``: whether the first row is an example, which whoever reads the form leaves out; else the examples
    stand among the notes.
    """

    title: str
    kind: str
    file_name: str
    entries: Sequence[Entry]
    rest: Sequence[str]
    has_example: bool = True


def write_form(path: Path, form: BlankForm, settings: Path | None = None) -> Path:
    """Write a blank form; one that is there already is never overwritten.

    ``settings``: the project's settings file, in whose words the notes speak of settings.

    Raises
    ------
    ConfigurationError
        The name does not end in .xlsx.
    OutputError
        The file exists, or its folder cannot be written.
    """
    with new_form(path, form.kind, form.file_name) as (book, styles):
        _write_form(book, styles, form)
        write_notes(
            book,
            styles,
            ((entry.header, _told(entry, form)) for entry in form.entries),
            [worded(text, settings) for text in form.rest],
        )
    return path


def _told(entry: Entry, form: BlankForm) -> str:
    is_shown = form.has_example or entry.example == ""
    return entry.how if is_shown else f"{entry.how} 例：{text_of(entry.example)}"


def _write_form(book: Any, styles: Styles, form: BlankForm) -> None:
    sheet = book.add_worksheet(form.title)
    page(sheet, sheet_name=form.title)
    sheet.set_margins(left=0.4, right=0.4, top=1, bottom=0.6)
    sheet.set_header(f"&C&16{form.title}", {"margin": 0.5})
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.set_row(0, 48)
    for at, entry in enumerate(form.entries):  # the book keeps no row once the next is begun
        sheet.set_column(at, at, entry.width, styles.get(**_look(entry)))
        sheet.write_string(0, at, entry.header, styles.header())
        sheet.data_validation(1, at, ROWS, at, _check(entry))
    for at, entry in enumerate(form.entries) if form.has_example else ():
        kind = "number" if entry.check == "number" else "text"
        grey = styles.body(kind, font_color="#7F7F7F", italic=True, **_look(entry))
        write_cell(sheet, 1, at, entry.example, grey)


def _look(entry: Entry) -> dict[str, Any]:
    return {"num_format": "#,##0.####" if entry.check == "number" else "@"}


def _check(entry: Entry) -> dict[str, Any]:
    told = {"input_title": entry.header.partition("(")[0][:32], "input_message": entry.how[:_MOST_MESSAGE]}
    if entry.check == "list":
        return told | {"validate": "list", "source": list(entry.choices), "error_type": "warning",
                       "error_title": "不在列表中", "error_message": "建议从列表中选择。"}  # fmt: skip
    if entry.check == "number":
        return told | {"validate": "decimal", "criteria": ">=", "value": 0, "error_type": "warning",
                       "error_title": "不是数", "error_message": "请填不小于零的数，不知道的留空。"}  # fmt: skip
    return told | {"validate": "any"}
