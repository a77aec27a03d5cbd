"""What a report is made of: chapters of sections, each a sentence of finding, a picture, and the table behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from landeval.units import fixed


@dataclass(frozen=True)
class Section:
    """One finding.

    Attributes
    ----------
    title : str
    finding : str
        One sentence or a few, as they stand in the report.
    picture : bytes or None
        PNG; None where there is nothing to draw.
    table : DataFrame or None
        Texts under Chinese headers; the figures that the picture shows.
    note : str
        What must be known to read them.
    """

    title: str
    finding: str
    picture: bytes | None = None
    table: pd.DataFrame | None = None
    note: str = ""


@dataclass(frozen=True)
class Chapter:
    """A chapter with its sections; one without sections is not printed."""

    title: str
    sections: tuple[Section, ...]


def amount(value: float | None, places: int = 2) -> str:
    """Write a figure for a table; empty where it is unknown.

    Examples
    --------
    >>> amount(1234.5), amount(float("nan")), amount(None), amount(3, 0)
    ('1,234.50', '', '', '3')
    """
    return "" if value is None or value != value else fixed(value, places)


def said(value: float | None, unit: str, places: int = 2) -> str:
    """Write a figure for a sentence: 未知 where it is unknown.

    Examples
    --------
    >>> said(15.5, " 万元/亩"), said(float("nan"), " 万元/亩")
    ('15.50 万元/亩', '未知')
    """
    return "未知" if value is None or value != value else fixed(value, places) + unit


def share(part: float, whole: float) -> str:
    """Write part ÷ whole in percent; 未知 where one of them is, or there is no whole.

    Examples
    --------
    >>> share(1, 3), share(1, 0), share(float("nan"), 3)
    ('33.3%', '未知', '未知')
    """
    return f"{part / whole:.1%}" if whole and part == part and whole == whole else "未知"


def table_of(headers: Iterable[str], rows: Iterable[Iterable[str]]) -> pd.DataFrame:
    """Return a table of texts."""
    return pd.DataFrame([list(row) for row in rows], columns=list(headers), dtype="object")
