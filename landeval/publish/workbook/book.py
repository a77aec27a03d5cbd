"""A new workbook of a Result: the same options, properties and styles in each, the same bytes for the same Result."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from landeval.publish.cells import clean
from landeval.publish.stamp import program, stamp
from landeval.publish.workbook.styles import FONT, Styles
from landeval.result import Result

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


class _Live(Worksheet):  # type: ignore[misc]
    """A sheet that takes formulas as they are: 29 searches in each cost a quarter of the time."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class _Book(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook whose sheets know what to print at their foot."""

    def __init__(self, path: Path, foot: str) -> None:
        super().__init__(str(path), copy.deepcopy(_OPTIONS))  # it writes into them
        self.worksheet_class, self._foot = _Live, foot

    def add_worksheet(self, name: str | None = None, worksheet_class: Any = None) -> Any:
        sheet = super().add_worksheet(name, worksheet_class)
        sheet.foot = self._foot
        return sheet


@contextmanager
def new_book(
    path: Path, result: Dated, *, title: str | None = None, foot: str | None = None
) -> Iterator[tuple[Any, Styles]]:
    """Open a workbook for writing, with its styles; it is saved at the end. The folder is made if need be.

    What identifies the run stands in the properties and at the foot of every page.

    Parameters
    ----------
    path : Path
    result : Dated
    title : str, optional
        In the properties; by default the park's name.
    foot : str, optional
        At the foot of every page; by default what identifies the run, or the day and the program.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if foot is None:
        foot = stamp(result) if isinstance(result, Result) else f"基准日 {result.as_of}　landeval {program()}"
    with _Book(path, foot) as book:
        day = dt.datetime(result.as_of.year, result.as_of.month, result.as_of.day)
        book.set_properties(
            {
                "title": clean(result.title if title is None else title)[:200],
                "author": "landeval",
                "created": day,
                "comments": foot,
            }
        )
        yield book, Styles(book)
