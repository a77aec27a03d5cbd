"""A blank form as a new file: the same bytes every time, whole or not at all, never over one that is filled in."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from landeval.errors import ConfigurationError, OutputError
from landeval.publish.stamp import program
from landeval.publish.workbook.book import new_book
from landeval.publish.workbook.sheet import page
from landeval.publish.workbook.styles import Styles


class _Form(NamedTuple):
    """What the file says of itself: never the day it was made, so that it is the same file every time."""

    title: str
    as_of: dt.date = dt.date(2021, 9, 24)


@contextmanager
def new_form(path: Path, what: str, usual_name: str) -> Iterator[tuple[Any, Styles]]:
    """Open a blank form for writing; the file is there only when all of it is written.

    Parameters
    ----------
    path : Path
    what : str
        How the form is called in messages.
    usual_name : str
        A file name as an example; without its ending, the title of the book.

    Raises
    ------
    ConfigurationError
        The name does not end in .xlsx.
    OutputError
        The file exists, or its folder cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise ConfigurationError(
            f"{what}的文件名应以 .xlsx 结尾", where=str(path), remedy=f"如 {usual_name}", code="E644"
        )
    if path.exists():
        raise OutputError(
            f"{what}已经存在，里面可能有填好的内容，不覆盖", where=str(path), remedy="请换一个文件名，或先移走它", code="E643"
        )  # fmt: skip
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with new_book(fresh, _Form(Path(usual_name).stem), foot=f"空表　landeval {program()}") as opened:
            yield opened
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise OutputError(
            f"{what}不能写入", where=str(path.parent), remedy="请检查文件夹是否存在、是否只读", code="E704"
        ) from error


def write_notes(book: Any, styles: Styles, rows: Iterable[tuple[str, str]], rest: Iterable[str]) -> None:
    """Write the sheet that says how to fill in: one row a column of the form, then remarks."""
    sheet = book.add_worksheet("填表说明")
    page(sheet, sheet_name="填表说明", small=True)
    for at, (text, width) in enumerate((("栏目", 34), ("怎么填", 76))):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, text, styles.header())
    row = 0
    for header, how in rows:
        row += 1
        sheet.write_string(row, 0, header, styles.body("text"))
        sheet.write_string(row, 1, how, styles.body("text", wrap=True))
    for number, text in enumerate(rest, start=row + 2):
        sheet.write_string(number, 0, text, styles.note())
