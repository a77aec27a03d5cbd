"""Parse what people write: numbers, dates, years, yes and no. Unknown stays unknown, never zero."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from landeval.units import factor

MISSING = frozenset(
    {
        *("", "-", "--", "---", "—", "——", "–", "/", "//", "\\", "*", "...", "……"),
        *("无", "空", "暂无", "不详", "未知", "缺", "缺失", "未填", "未提供", "未统计", "无数据", "(空)", "(空白)", "待补", "待定"),
        *("N/A", "N.A.", "#N/A", "NA", "NULL", "(NULL)", "<NULL>", "NONE", "NAN", "NIL", "UNKNOWN", "なし", "없음"),
    }
)  # fmt: skip
"""Words for "not known", upper case; in a column of names they are names."""
_MARK = re.compile(
    r"[-\u00ad\u2010-\u2015\u2212\u2500\u2501\u30fc\ufe58\ufe63\uff0d\uff70/／\\＼*＊.…·。_＿~～]{1,8}"
)
"""What people put into a cell that has nothing to say."""
_ABOUT = re.compile(r"^[约近超逾]|[约余多]$|左右$|以[上下]$|上下$|^[<>≤≥~≈]")
_MONTH = re.compile(
    r"^(\d{4})\s*(?:年\s*(\d{1,2})\s*月(?:份)?|[-/]\s*(\d{1,2})|\.(0[1-9]|1[0-2]|[2-9]))$", re.ASCII
)
_SHORT = re.compile(r"^(\d{1,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,4})\s*日?$", re.ASCII)
_TRIGGERS = tuple("=+-@＝＋－＠")
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_NUMBER = re.compile(
    r"^([+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+)(E[+-]?\d+)? *(\D{0,8}|[HK]?M2)$",
    re.ASCII,
)
_PLAIN = re.compile(r"-?\d{1,14}(?:\.\d{1,20})?", re.ASCII)
"""A figure as programs write it, below ABSURD: nothing to fold, separate or convert."""
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " ", 0x202F: " "}
ABSURD = 1e15
"""No figure of a county reaches this: a slip of the keyboard, and past exact arithmetic in cents."""
_DATE = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:[T\s]+\d{1,2}:\d{2}.*)?$", re.ASCII
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\.0)?$", re.ASCII)
_YEAR = re.compile(r"^((?:19|20)\d{2})(?:\.0)?\s*(?:年|年度|FY)?$", re.ASCII)
YES = frozenset({"是", "Y", "YES", "TRUE", "T", "1", "1.0", "有", "规上", "新增", "√"})
NO = frozenset({"否", "N", "NO", "FALSE", "F", "0", "0.0", "没有", "规下", "存量", "×"})
EXCEL_EPOCH = dt.date(1899, 12, 30)
SERIALS = range(20_000, 60_000)
"""Excel day numbers taken for dates: 1954-10-03 to 2064-04-08."""


class NotUnderstoodError(ValueError):
    """A value that is neither missing nor of the kind wanted."""


def number(
    value: Any, kind: str = "number", currency: str = "元"
) -> tuple[float | None, Fraction | None, bool]:
    """Parse a number, a unit written behind it in the cell included.

    Parameters
    ----------
    value : Any
        As written.
    kind : str
        ``money``, ``area``, ``per_mu`` or ``number``: which units may stand in the cell.
    currency : str

    Returns
    -------
    float or None, Fraction or None, bool
        The number (None if missing), the worth of the cell's own unit if it has one, whether it was text
        that needed reading (separators, full width, a unit).

    Raises
    ------
    NotUnderstoodError

    Examples
    --------
    >>> number("１,２３４.５"), number("0.9亿元", "money"), number("—"), number("(120)")
    ((1234.5, None, True), (0.9, Fraction(10000, 1), True), (None, None, False), (-120.0, None, True))
    """
    if value is None or isinstance(value, bool):
        if isinstance(value, bool):
            raise NotUnderstoodError(value)
        return None, None, False
    if isinstance(value, int | float):
        if isinstance(value, float) and math.isnan(value):
            return None, None, False
        if not abs(value) < ABSURD:
            raise NotUnderstoodError(value)
        return float(value), None, False
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return float(value), None, False
    text = _folded(value)
    if text.upper() in MISSING:
        return None, None, False
    negative = text.startswith("(") and text.endswith(")")
    found = _NUMBER.match((text[1:-1].strip() if negative else text).upper())
    if not found or (negative and found[1][0] in "+-"):
        raise NotUnderstoodError(value)
    figure = float(found[1].replace(",", "").replace(" ", "") + (found[2] or ""))
    own = None
    if tail := found[3].strip():
        own = factor(tail, kind, currency) or factor(tail + currency, kind, currency)
        if own is None:
            raise NotUnderstoodError(value)
    if not figure < ABSURD:
        raise NotUnderstoodError(value)
    noted = negative or own is not None or bool(re.search("[, ]", found[1])) or text != str(value).strip()
    return (-figure if negative else figure), own, noted


def _folded(value: Any) -> str:
    """Fold full width and fixed spaces only: NFKC would make 120① into 1201."""
    return str(value).translate(_FOLD).strip()


def share(value: Any) -> tuple[float | None, bool]:
    """Parse a share: the number as written, and whether a per cent sign stands behind it.

    Raises
    ------
    NotUnderstoodError

    Examples
    --------
    >>> share("12.5%"), share("12.5％"), share(0.125), share("无")
    ((12.5, True), (12.5, True), (0.125, False), (None, False))
    """
    plain = _folded(value) if isinstance(value, str) else value
    has_sign = isinstance(plain, str) and plain.endswith("%")
    figure, own, _ = number(plain[:-1].strip() if has_sign else plain)
    if own is not None or (has_sign and figure is None):
        raise NotUnderstoodError(value)
    return figure, has_sign


NOT_YET = frozenset(
    {"未动工", "未开工", "尚未动工", "尚未开工", "未竣工", "尚未竣工", "未建", "未投产", "未交地"}
)
"""Words in a date column that say that it has not happened: no date, and nothing unreadable."""


def date(value: Any) -> dt.date | None:
    """Parse a date; two-digit years, months without a day and impossible days are not understood.

    Raises
    ------
    NotUnderstoodError

    Examples
    --------
    >>> date("2021年9月24日"), date(20210924), date("2021.9.24"), date(44463), date("")
    (datetime.date(2021, 9, 24), datetime.date(2021, 9, 24), datetime.date(2021, 9, 24), datetime.date(2021, 9, 24), None)
    """
    if isinstance(value, dt.datetime):
        return None if value is pd.NaT else _plausible(value.date(), value)
    if isinstance(value, dt.date):
        return _plausible(value, value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    text = _folded(value)
    if text.upper() in MISSING or text in NOT_YET:
        return None
    found = _DATE.match(text) or _COMPACT.match(text)
    if found:
        try:
            return _plausible(dt.date(int(found[1]), int(found[2]), int(found[3])), value)
        except ValueError:
            raise NotUnderstoodError(value) from None
    if re.fullmatch(r"[0-9]{5}(\.0+)?", text) and int(float(text)) in SERIALS:
        return EXCEL_EPOCH + dt.timedelta(days=int(float(text)))
    raise NotUnderstoodError(value)


def month(value: Any) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day of a date that names only its month; None where it is none.

    2021.1 is not one: a number 2021.10 looks the same.

    Examples
    --------
    >>> month("2021年9月"), month("2021-02"), month("2021.1"), month("2021-02-03")
    ((datetime.date(2021, 9, 1), datetime.date(2021, 9, 30)), (datetime.date(2021, 2, 1), datetime.date(2021, 2, 28)), None, None)
    """
    found = _MONTH.match(_folded(value))
    number = int(found[2] or found[3] or found[4]) if found else 0
    if not found or not 1 <= number <= 12 or not 1949 <= int(found[1]) <= 2100:
        return None
    first = dt.date(int(found[1]), number, 1)
    return first, (first + dt.timedelta(31)).replace(day=1) - dt.timedelta(1)


def readings(value: Any) -> str:
    """Say why a date was not understood: the days it may mean, or that there is no such day.

    Examples
    --------
    >>> readings("21.9.24"), readings("09/10/2021"), readings("2021-02-30"), readings("长期")
    ('可能是 2021-09-24 或 2024-09-21', '可能是 2021-09-10 或 2021-10-09', '没有这一天', '')
    """
    text = _folded(value)
    if _DATE.match(text) or _COMPACT.match(text):
        return "没有这一天"
    found = _SHORT.match(text)
    if not found:
        return ""
    one, two, three = (int(part) for part in found.groups())
    days = set()
    for year, month, day in ((one, two, three), (three, one, two), (three, two, one)):
        try:
            days.add(_plausible(dt.date(year + 2000 if year < 100 else year, month, day), value))
        except ValueError:
            continue
    return "可能是 " + " 或 ".join(day.isoformat() for day in sorted(days)) if days else ""


def is_about(value: Any) -> bool:
    """Tell whether a value is given as approximate: 约120, 100左右, 5000以上."""
    return bool(_ABOUT.search(_folded(value)))


def _plausible(day: dt.date, value: Any) -> dt.date:
    if not 1949 <= day.year <= 2100:
        raise NotUnderstoodError(value)
    return day


def year(value: Any) -> int | None:
    """Parse a data year.

    Raises
    ------
    NotUnderstoodError

    Examples
    --------
    >>> year("２０２４年"), year(2024.0), year(None)
    (2024, 2024, None)
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, dt.date):
        return value.year
    text = _folded(value).upper()
    if text in MISSING:
        return None
    found = _YEAR.match(text)
    if not found:
        raise NotUnderstoodError(value)
    return int(found[1])


def flag(value: Any) -> bool | None:
    """Parse 是 or 否.

    Raises
    ------
    NotUnderstoodError
    """
    if value is None or isinstance(value, bool):
        return value
    text = unicodedata.normalize("NFKC", str(value)).strip().upper()
    if text in YES or text in NO:
        return text in YES
    if text in MISSING or text == "NAN":
        return None
    raise NotUnderstoodError(value)


def is_mark(value: Any) -> bool:
    """Tell a cell of dashes, strokes, stars or dots only: neither a value nor a name, whatever the column.

    Examples
    --------
    >>> [is_mark(cell) for cell in ("—", " －－ ", "／", "……", "-5", "无", "√", "", None)]
    [True, True, True, True, False, False, False, False, False]
    """
    if not isinstance(value, str) or value[:1].isalnum():  # most cells, told at once
        return False
    return len(value) < 20 and bool(_MARK.fullmatch(value.strip()))


def text(value: Any) -> str | None:
    """Clean a text: control and zero-width characters out, white space folded; None where nothing is left.

    A day that a spreadsheet holds with midnight stands as 2024-12-31.
    """
    if type(value) is str and value.isalnum():  # most codes and names: nothing to take out
        return value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, dt.datetime) and value is not pd.NaT and value.time() == dt.time():
        value = value.date()
    plain = str(value)
    if not plain.isprintable():  # all that is taken out below is not printable
        plain = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in plain if unicodedata.category(c) != "Cf")  # fmt: skip
    plain = " ".join(plain.split())
    return plain or None


def note(value: Any) -> str | None:
    r"""Clean a text of several lines, each for itself; a day stands as 2024-12-31; None where nothing is left.

    Examples
    --------
    >>> note(" 3月1日　约谈\r\n\r\n4月2日 复函 "), note(dt.datetime(2025, 3, 1))
    ('3月1日 约谈\n4月2日 复函', '2025-03-01')
    """
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    lines = value.splitlines() if isinstance(value, str) else [value]
    return "\n".join(line for line in map(text, lines) if line) or None


def unguarded(value: Any) -> Any:
    """Take off the apostrophe that a csv of landeval's puts before what a spreadsheet would run.

    Examples
    --------
    >>> unguarded("'=虚构厂"), unguarded("'虚构'厂"), unguarded(None)
    ('=虚构厂', "'虚构'厂", None)
    """
    if isinstance(value, str) and value[:1] == "'" and value[1:].lstrip().startswith(_TRIGGERS):
        return value[1:]
    return value


def without_guards(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return a frame with the apostrophes of some of its columns taken off."""
    bare = {
        name: pd.Series(list(map(unguarded, frame[name])), index=frame.index, dtype="object")
        for name in names
    }
    return frame.assign(**bare)


def hides(value: Any) -> bool:
    """Tell whether a text holds line breaks, tabs, control or zero-width characters between its first and last sign."""
    return isinstance(value, str) and bool(_HIDDEN.search(value.strip()))


def parse_each(values: pd.Series, parse: Callable[[Any], Any]) -> tuple[list[Any], pd.Series]:
    """Parse a column, each different value once.

    Returns
    -------
    list, Series of bool
        The parsed values (None where not understood), and where that was.
    """
    known: dict[Any, Any] = {}
    unread: set[Any] = set()
    cells = values.tolist()
    keys = cells
    if not set(map(type, cells)) <= {str}:  # other kinds carry their type, for True and 1 are one key
        keys = [
            cell if type(cell) is str else (type(cell), cell if isinstance(cell, Hashable) else str(cell))
            for cell in cells
        ]
    for key, cell in dict(zip(keys, cells, strict=True)).items():
        try:
            known[key] = parse(cell)
        except NotUnderstoodError:
            known[key] = None
            unread.add(key)
    parsed = [known[key] for key in keys]
    failed = [key in unread for key in keys] if unread else False
    return parsed, pd.Series(failed, index=values.index, dtype=bool)
