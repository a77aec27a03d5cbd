"""Industry codes (GB/T 4754-2017) to the plan's groups 一主一特三优; the longest matching code wins."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files


@cache
def groups() -> dict[str, str]:
    """Map every code of ``industries_dongkou.toml`` to its group.

    Raises
    ------
    ValueError
        A code that stands in two groups.
    """
    raw = tomllib.loads(files(__package__).joinpath("industries_dongkou.toml").read_text("utf-8"))
    result: dict[str, str] = {}
    for group, body in raw["group"].items():
        for code in body["codes"]:
            if result.setdefault(code, group) != group:
                raise ValueError(f"industries_dongkou.toml: {code} stands in {result[code]} and {group}")
    return result


def group_of(code: str | None) -> str | None:
    """Return the group of an industry code; None where the code is missing or in no group.

    Examples
    --------
    >>> group_of("C3511"), group_of("1371"), group_of("39"), group_of(None)
    ('先进装备制造', '农副产品加工', '电子信息', None)
    """
    digits = re.sub(r"^[A-T]", "", str(code).strip().upper()) if code else ""
    known = groups()
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
