"""What a run over many administrative units is asked, and what came of it: handed between ``scale`` and ``publish``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

PROVINCE = "全省"
"""What the units together are called in tables, whatever they are: a prefecture, a province, the country."""
MADE, KEPT, FAILED = UNIT_STATES = ("完成", "沿用", "未完成")
"""A unit was evaluated now, its part of an earlier run still holds, or it has no part."""
IN_UNIT, IN_PROVINCE = SCOPES = ("unit", "province")
"""Whether grades are dealt out within each unit or over all units."""
WHOLE = "完整"
PART = "unit.json"
"""The record of a unit's part; a part without it was never finished."""


@dataclass(frozen=True)
class Unit:
    """One administrative unit: its name and its ``landeval.toml`` or 参数表."""

    name: str
    settings: Path


@dataclass(frozen=True)
class Plan:
    """What to evaluate.

    Attributes
    ----------
    title : str
    units : tuple of Unit
        In the order of their names, which is the order of every table.
    common : Mapping
        Settings that hold for every unit, as ``load_project`` takes them.
    scope : str or None
        ``SCOPES``; None where nothing is said.
    told_in : Path
        The folder or file that was given.
    """

    title: str
    units: tuple[Unit, ...]
    common: Mapping[str, Any]
    scope: str | None
    told_in: Path


@dataclass(frozen=True)
class Outcome:
    """What became of one unit: its state, what is wrong where it has none, its part and the digest of its record."""

    name: str
    state: str
    message: str = ""
    part: Path | None = None
    digest: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Province:
    """The units put together.

    Attributes
    ----------
    title, year, as_of, currency
        The same in every unit.
    units : DataFrame
        One row a unit, finished or not.
    tables : Mapping
        Name → table, made from all finished units.
    shapes : Mapping
        ``zones``, ``blocks``: the same tables with their geometry.
    parts : Mapping
        Unit → folder of its part, in the order of the names.
    missing : tuple of str
        Units without a part; while there are any, every sum is partial.
    scope : str or None
    facts : Mapping
        Unit → its record.
    remarks : tuple of str
        What a reader of the sums must know.
    timing : Mapping
        Engine, seconds: the one part that another run does not repeat.
    """

    title: str
    year: int | None
    as_of: dt.date
    currency: str
    units: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    shapes: Mapping[str, Any]
    parts: Mapping[str, Path]
    missing: tuple[str, ...]
    scope: str | None
    facts: Mapping[str, Mapping[str, Any]]
    remarks: tuple[str, ...] = ()
    timing: Mapping[str, Any] = field(default_factory=dict)

    @property
    def completeness(self) -> str:
        """完整, or what is missing."""
        return completeness(self.missing)


def completeness(missing: tuple[str, ...]) -> str:
    """Say whether sums are whole.

    Examples
    --------
    >>> completeness(()), completeness(("甲县", "乙县"))
    ('完整', '不完整，缺 2 个单位：甲县、乙县')
    """
    return f"不完整，缺 {len(missing)} 个单位：{'、'.join(missing)}" if missing else WHOLE
