"""One value of a frame as an output may show it: rounded, without control characters, harmless to open."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from landeval.result import BALANCE
from landeval.vocabulary.fields import fields

if TYPE_CHECKING:
    from typing import TypeAlias

Cell: TypeAlias = "str | int | float | bool | dt.date | None"

MONEY_DECIMALS = 6
GAP_OF = "gap_of_"
"""Before a rule's id: a column of what is lacking of its line [万元 or ㎡]."""
_SIGNIFICANT = 12
_MONEY_KINDS = frozenset({"money", "per_mu"})
YEARS = ("_then", "_now", "_change")
"""Endings of a figure of the earlier run, of the later, and of the difference: of the kind of the figure itself."""
_TEXT_KINDS = frozenset({"text", "name", "note", "code"})
# Figures of the ledger stand in the vocabulary as texts, because other tables put words there.
_KINDS = dict.fromkeys(BALANCE, "money")
_SILENT = re.compile("[\x00\u200b\ufeff]")
_SPACE = re.compile("[\x01-\x1f\x7f-\x9f\u2028\u2029]+")
_BROKEN = re.compile("[\ud800-\udfff\ufffe\uffff]")
_DIRTY = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_TRIGGERS = tuple("=+-@＝＋－＠")


def kind_of(name: str) -> str:
    """Return the kind of a column (see ``vocabulary/fields.toml``); empty where nothing is known of it.

    Examples
    --------
    >>> kind_of("tax_wan_yuan"), kind_of("tax_wan_yuan_then"), kind_of("parcels_关注"), kind_of("whatever")
    ('money', 'money', 'integer', '')
    """
    if name in _KINDS:
        return _KINDS[name]
    field = fields().get(name) or fields().get(name.rpartition("_")[0] if name.endswith(YEARS) else "")
    if field:
        return field.kind
    if name.startswith("parcels_"):
        return "integer"
    if name.startswith(GAP_OF):
        return "money"
    return "area" if name.startswith("area_") and name.endswith("_mu") else ""


def clean(text: str) -> str:
    r"""Take control characters out of a text: NUL and invisible marks vanish, the others become one space.

    Examples
    --------
    >>> clean("甲\x00厂\r\n二期")
    '甲厂 二期'
    """
    if not _DIRTY.search(text):
        return text
    return _BROKEN.sub("\ufffd", _SPACE.sub(" ", _SILENT.sub("", text)))


def guard(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula; plain numbers stay.

    Examples
    --------
    >>> guard("=1+1"), guard("-1,305.2"), guard("@SUM(A1)"), guard("甲厂")
    ("'=1+1", '-1,305.2', "'@SUM(A1)", '甲厂')
    """
    start = text.lstrip()
    return f"'{text}" if start.startswith(_TRIGGERS) and not _NUMBER.fullmatch(start) else text


def rounded(number: float, kind: str) -> float | None:
    """Round for an output: money and per-mu figures to 6 decimals, others to 12 significant digits.

    What is not finite is unknown.

    Examples
    --------
    >>> rounded(0.1 + 0.2, "share"), rounded(2 / 3, "money"), rounded(float("inf"), "money")
    (0.3, 0.666667, None)
    """
    if not math.isfinite(number):
        return None
    value = round(number, MONEY_DECIMALS) if kind in _MONEY_KINDS else float(f"{number:.{_SIGNIFICANT}g}")
    return value + 0.0


def cell(value: Any, kind: str) -> Cell:
    """Turn one value of a frame into text, number, bool, date or None; a note keeps its lines."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, str):
        text = "\n".join(map(clean, value.split("\n"))) if kind == "note" else clean(value)
        return text if text.strip() else None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, np.datetime64):
        return cell(pd.Timestamp(value), kind)
    if isinstance(value, int | np.integer):
        return str(value) if kind == "code" else int(value)
    if isinstance(value, float | np.floating | Fraction | Decimal):
        return _figure(float(value), kind)
    if isinstance(value, list | tuple | set | frozenset):
        parts: Iterable[Any] = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return cell("；".join(str(part) for part in parts), kind)
    return cell(str(value), kind)


def _figure(value: float, kind: str) -> Cell:
    number = rounded(value, kind)
    if number is not None and number.is_integer() and kind in ("integer", "year", "code", ""):
        return str(int(number)) if kind == "code" else int(number)
    return number


def cells(column: pd.Series[Any], kind: str | None = None) -> list[Cell]:
    """Return a column's values as an output shows them (see ``cell``).

    Parameters
    ----------
    column : Series
        Any dtype; its name tells the kind where ``kind`` is not given.
    kind : str, optional
        A kind of the vocabulary.
    """
    known = kind_of(str(column.name)) if kind is None else kind
    if column.dtype.kind == "f" and known in _MONEY_KINDS:
        array = np.round(column.to_numpy(dtype="float64"), MONEY_DECIMALS) + 0.0
        return [number if math.isfinite(number) else None for number in array.tolist()]
    if isinstance(column.dtype, pd.CategoricalDtype):
        shown_of = [*cells(pd.Series(column.cat.categories, dtype="object"), known), None]
        return [shown_of[code] for code in column.cat.codes.tolist()]
    if isinstance(column.dtype, np.dtype) and column.dtype.kind == "M":
        days = column.to_numpy().astype("datetime64[D]").tolist()
        if not any(isinstance(day, int) for day in days):  # a year that a date cannot hold
            return days
    values = column.tolist()
    held = pd.api.types.infer_dtype(column, skipna=True)
    if held == "empty":
        return [None] * len(values)
    if column.dtype == bool:
        return values
    if held == "boolean":
        return [
            bool(value) if is_known else None for value, is_known in zip(values, column.notna(), strict=True)
        ]
    if held == "string":
        shown = {text: cell(text, known) for text in set(values) if isinstance(text, str)}
        return [shown.get(text) for text in values]
    if column.dtype.kind == "f":
        return [_figure(number, known) if number == number else None for number in values]
    if column.dtype.kind == "i" and known != "code" and isinstance(column.dtype, np.dtype):
        return values
    return [cell(value, known) for value in values]


def guarded(values: list[Cell]) -> list[str]:
    """Write cells as a text file for a spreadsheet holds them (see ``text_of`` and ``guard``)."""
    kinds = set(map(type, values))
    if kinds <= {float, type(None)}:
        return ["" if value is None else plain(value) for value in values]  # type: ignore[arg-type]
    if len(kinds & {bool, int, float}) <= 1:  # True, 1 and 1.0 are one key
        texts = {value: _guarded(value) for value in set(values)}
        return [texts[value] for value in values]
    return [_guarded(value) for value in values]


def _guarded(value: Cell) -> str:
    return guard(value) if isinstance(value, str) else text_of(value)


def plain(number: float) -> str:
    """Write a number without exponent and without a trailing ``.0``.

    Examples
    --------
    >>> plain(15.0), plain(1e-7), plain(123456789.25)
    ('15', '0.0000001', '123456789.25')
    """
    text = repr(number)
    if "e" in text:
        text = format(Decimal(text), "f")
    return text.removesuffix(".0")


def text_of(value: Cell) -> str:
    """Write a cell as a person reads it: 是/否, ISO date, plain number; empty where it is unknown.

    Examples
    --------
    >>> import datetime as dt
    >>> text_of(True), text_of(dt.date(2024, 12, 31)), text_of(None), text_of(7.50)
    ('是', '2024-12-31', '', '7.5')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return plain(value)
    return str(value)


def amount(value: Any) -> float | None:
    """Return a sum of money that may stand as a text, as in the ledger; None where it is no number.

    Examples
    --------
    >>> amount("12.500000"), amount(3), amount(None), amount("未知")
    (12.5, 3.0, None, None)
    """
    known = cell(value, "money")
    try:
        return rounded(float(known), "money") if isinstance(known, str | int | float) else None
    except ValueError:
        return None


def is_text_kind(kind: str) -> bool:
    """Tell whether a kind of the vocabulary holds words or codes."""
    return kind in _TEXT_KINDS
