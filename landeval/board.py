"""The targets board: what a project sets for it, and the frozen outcome that is handed to ``publish``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from landeval.configuration import known, wrong_value
from landeval.standards.industries import group_names
from landeval.standards.land_groups import plan_groups

if TYPE_CHECKING:
    import pandas as pd

STATES = REACHED, AHEAD, ON_PATH, BEHIND, MISSED, LATE, OPEN, UNKNOWN, TRACKED = (
    "已达到", "超前", "持平", "落后", "已过期未达到", "逾期完成", "未到期", "无法判定", "跟踪",
)  # fmt: skip
"""What is said of a target. 未到期: not reached yet, and the plan allows no path to hold it against."""
SETTINGS = {"base_year", "industry_codes", "enterprises", "land_shares"}
_YEARS = range(2000, 2025)
"""A base year comes before the plan's target year."""


@dataclass(frozen=True)
class BoardSettings:
    """What ``[board]`` of a project says.

    Attributes
    ----------
    base_year : int or None
        Of growth and paths; None: the proposal of the targets file.
    industry_codes : Mapping
        Industry code (2–4 digits, GB/T 4754-2017) → group, before the shipped table.
    enterprises : Mapping
        Credit code or name → group, before any code.
    land_shares : Mapping
        Group of land → share that the bureau compares with [%].
    """

    base_year: int | None = None
    industry_codes: Mapping[str, str] = field(default_factory=dict)
    enterprises: Mapping[str, str] = field(default_factory=dict)
    land_shares: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Board:
    """The board of a run. Frames are never changed afterwards.

    Attributes
    ----------
    targets : pandas.DataFrame
        One row a target and object, in the order of the plan: what is asked, base, latest value, path, state, why,
        what is missing, offices, the run's own figure beside.
    years : pandas.DataFrame
        One row a target, object and year: required, actual, gap, evidence.
    industries : pandas.DataFrame
        One row an industry group, and one for all.
    land : pandas.DataFrame
        One row a zone and group of land.
    document, base_note : str
        The plan, and what must be said of the base year.
    """

    targets: pd.DataFrame
    years: pd.DataFrame
    industries: pd.DataFrame
    land: pd.DataFrame
    document: str
    base_note: str


def board_settings(section: Mapping[str, Any], where: str) -> BoardSettings:
    """Read ``[board]`` strictly.

    Raises
    ------
    ConfigurationError
        A key, group, code, year or share that cannot be used.
    """
    known(section, SETTINGS, where)
    year = section.get("base_year")
    if year is not None and (isinstance(year, bool) or not isinstance(year, int) or year not in _YEARS):
        raise wrong_value("board.base_year", year, "2025 年以前的四位年份，如 2020", where)
    codes = _groups(section, "industry_codes", where)
    for code in codes:
        if not re.fullmatch(r"[A-T]?[0-9]{2,4}", code):
            raise wrong_value("board.industry_codes", code, "2 到 4 位行业代码，如 2041", where)
    shares = _table(section, "land_shares", where)
    for name, share in shares.items():
        if name not in plan_groups():
            raise wrong_value("board.land_shares", name, f"{'、'.join(plan_groups())} 之一", where)
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 100:
            raise wrong_value(f"board.land_shares.{name}", share, "0 到 100 之间的百分数，如 60", where)
    return BoardSettings(
        base_year=year,
        industry_codes={re.sub("^[A-T]", "", code): group for code, group in codes.items()},
        enterprises=_groups(section, "enterprises", where),
        land_shares={name: float(share) for name, share in shares.items()},
    )


def _table(section: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    table = section.get(key, {})
    if not isinstance(table, Mapping):
        raise wrong_value(f"board.{key}", table, f"一节，写作 [board.{key}]", where)
    return table


def _groups(section: Mapping[str, Any], key: str, where: str) -> dict[str, str]:
    table = _table(section, key, where)
    for name, group in table.items():
        if group not in group_names():
            raise wrong_value(f"board.{key}.{name}", group, f"{'、'.join(group_names())} 之一", where)
    return dict(table)
