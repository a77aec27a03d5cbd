"""A new workbook of a Result: the same options, properties and styles in each, the same bytes for the same Result."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter

from landeval.publish.cells import clean
from landeval.publish.workbook.styles import FONT, Styles

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
    "default_format_properties": {"font_name": FONT, "font_size": 9},
}


class Dated(Protocol):
    """What a workbook is made of: a run, a trial, an entry check or a blank form."""

    @property
    def title(self) -> str:
        """The park."""

    @property
    def as_of(self) -> dt.date:
        """The day of judgement."""


@contextmanager
def new_book(path: Path, result: Dated) -> Iterator[tuple[Any, Styles]]:
    """Open a workbook for writing, with its styles; it is saved at the end. The folder is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), copy.deepcopy(_OPTIONS)) as book:  # it writes into them
        day = dt.datetime(result.as_of.year, result.as_of.month, result.as_of.day)
        book.set_properties({"title": clean(result.title)[:200], "author": "landeval", "created": day})
        yield book, Styles(book)
