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
