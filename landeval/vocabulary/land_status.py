"""Load ``land_status.toml``: the items of 指数数据表, which the form, its reader and the formulas share."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MAIN, GROWTH, WHOLE = "主区", "发展方向区", "开发区"
REGIONS = {MAIN: "status_main", GROWTH: "status_growth"}
"""The two parts of a development zone, with the column of the form that has their figures."""
ADDED = "各分项之和"
"""Origin of a total that was left blank and has all its parts."""
OFFICIAL = "K1"
"""The value that a higher office has published: of the zone, written in the main column."""
KINDS = ("area", "money", "number", "share")


@dataclass(frozen=True)
class Item:
    """One item: its code, label, unit, what it is part of, and what to fill in."""

    code: str
    label: str
    unit: str
    kind: str
    group: str
    how: str
    part_of: str = ""
    within: str = ""


@cache
def items() -> dict[str, Item]:
    """Return every item by its code, in the order of the form.

    Raises
    ------
    ValueError
        An item of an unknown kind, or one that belongs to an item there is not.
    """
    raw = tomllib.loads(files(__package__).joinpath("land_status.toml").read_text("utf-8"))
    found = {code: Item(code=code, **body) for code, body in raw.items()}
    for item in found.values():
        if item.kind not in KINDS or {item.part_of, item.within} - {"", *found}:
            raise ValueError(f"land_status.toml: {item.code}")
    return found


def parts_of(code: str) -> list[str]:
    """Return the codes of the parts that add up to an item.

    Examples
    --------
    >>> parts_of("D"), parts_of("A2")
    (['D1', 'D21', 'D22'], [])
    """
    return [item.code for item in items().values() if item.part_of == code]
