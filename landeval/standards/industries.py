"""Industry codes (GB/T 4754) to the plan's groups 一主一特三优; the longest matching code wins."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from landeval.standards.industry_limits import places_of
from landeval.standards.limit_tables import CODE_YEARS

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN, UNLISTED = "未知", "未列入门类"
"""No code, or one that does not tell its group; and a code that the table gives no group."""
_OF = 2017
"""The issue of GB/T 4754 that the table goes by."""


@cache
def _table() -> Mapping[str, Any]:
    raw: Mapping[str, Any] = tomllib.loads(
        files(__package__).joinpath("industries_dongkou.toml").read_text("utf-8")
    )["group"]
    return raw


@cache
def groups() -> dict[str, str]:
    """Map every code of ``industries_dongkou.toml`` to its group.

    Raises
    ------
    ValueError
        A code that stands in two groups.
    """
    result: dict[str, str] = {}
    for group, body in _table().items():
        for code in body["codes"]:
            if result.setdefault(code, group) != group:
                raise ValueError(f"industries_dongkou.toml: {code} stands in {result[code]} and {group}")
    return result


def group_names() -> tuple[str, ...]:
    """Return the groups, the plan's five by their role (主导, 特色, 优势) and the others after them."""
    order = ("主导产业", "特色产业", "优势产业", "")
    return tuple(sorted(_table(), key=lambda name: order.index(_table()[name]["role"])))


def role_of(group: str) -> str:
    """Return 主导产业, 特色产业 or 优势产业; empty for what is none.

    Examples
    --------
    >>> role_of("先进装备制造"), role_of("其他"), role_of("未知")
    ('主导产业', '', '')
    """
    return str(_table()[group]["role"]) if group in _table() else ""


def group_of(code: str | None, own: Mapping[str, str] | None = None) -> str | None:
    """Return the group of an industry code; None where the code is missing or in no group.

    Parameters
    ----------
    code : str or None
        Two to four digits of GB/T 4754-2017, a letter before them or not.
    own : Mapping, optional
        Codes that the bureau has put into a group; of two that match the longer wins, of two alike the bureau's.

    Examples
    --------
    >>> group_of("C3511"), group_of("1371"), group_of("39"), group_of(None)
    ('先进装备制造', '农副产品加工', '电子信息', None)
    >>> group_of("2041", {"204": "农副产品加工"}), group_of("2031", {"204": "农副产品加工"})
    ('农副产品加工', '特色轻工')
    """
    digits = re.sub(r"^[A-T]", "", str(code).strip().upper()) if code else ""
    known = groups() | dict(own or {})
    for length in range(len(digits), 1, -1):
        if digits[:length] in known:
            return known[digits[:length]]
    return None


def groups_named(text: str | None) -> str | None:
    """Return the groups that a text names, by name or by code, joined by 、; None where a part of it names none.

    Examples
    --------
    >>> groups_named("先进装备制造及配套、新型材料"), groups_named("C3511"), groups_named("其他"), groups_named("待定产业")
    ('先进装备制造、新型材料', '先进装备制造', '其他', None)
    """
    found = []
    for part in re.split(r"[、,，;；/]+", str(text).strip()) if text else []:
        named = next((group for group in sorted(set(groups().values())) if group in part), None)
        named = named or group_of(part) or ("其他" if part == "其他" else None)
        if named is None:
            return None
        found.append(named)
    return "、".join(dict.fromkeys(found)) or None


def groups_of(codes: pd.Series, code_year: pd.Series, own: Mapping[str, str] | None = None) -> pd.Series:
    """Return the group of each code in its own issue of GB/T 4754; 未知 and 未列入门类 are never 其他.

    Parameters
    ----------
    codes : Series of text
        Industry codes; unknown where missing.
    code_year : Series
        2002, 2011 or 2017, same index. A code of 2002 whose places in 2017 are of different groups is unknown.
    own : Mapping, optional
        As for ``group_of``.

    Examples
    --------
    >>> import pandas as pd
    >>> codes = pd.Series(["C37", "40", "40", None, "51", "37人"])
    >>> groups_of(codes, pd.Series([2002.0, 2002.0, 2017.0, 2017.0, 2017.0, 2017.0])).tolist()
    ['先进装备制造', '电子信息', '先进装备制造', '未知', '未列入门类', '未知']
    """
    import pandas as pd

    def one(code: str, issue: int) -> str:
        digits = re.sub(r"^[A-T]", "", code.strip().upper())
        if not re.fullmatch(r"[0-9]{2,4}", digits) or issue not in CODE_YEARS:
            return UNKNOWN
        found = {group_of(place, own) or UNLISTED for place in places_of(digits, issue, _OF)}
        return found.pop() if len(found) == 1 else UNKNOWN

    pairs = list(zip(codes.fillna("").astype(str), code_year.fillna(0).astype(int), strict=True))
    told = {pair: one(*pair) for pair in set(pairs)}
    return pd.Series([told[pair] for pair in pairs], index=codes.index, dtype="object")
