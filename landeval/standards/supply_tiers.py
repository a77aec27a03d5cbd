"""The table of 土地分层供应: tiers in order, each with its conditions; the shipped proposal or the bureau's own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from landeval.configuration import read_toml
from landeval.errors import ConfigurationError
from landeval.land_supply import STAGES
from landeval.standards.industries import groups
from landeval.standards.rule import BASES

FILE = "supply_tiers.toml"
_DOCUMENT = {"title", "number", "issuer", "clause", "basis"}
_TIER = {"label", "stages", "use"}
_CONDITIONS = {"industries", "area_min_mu", "area_max_mu", "plot_ratio_min"}


class TierFault(ValueError):
    """What is wrong with a table of tiers, in Chinese."""


@dataclass(frozen=True)
class Tier:
    """One tier: its stages, and what a plot must fit besides; None and () do not apply. Land in 亩."""

    label: str
    stages: tuple[str, ...]
    use: str
    industries: tuple[str, ...] = ()
    area_min_mu: float | None = None
    area_max_mu: float | None = None
    plot_ratio_min: float | None = None


@dataclass(frozen=True)
class Tiers:
    """The whole table, with its source and how sure it is."""

    title: str
    number: str
    issuer: str
    clause: str
    basis: str
    tiers: tuple[Tier, ...]

    @property
    def caveat(self) -> str:
        """What must be told beside every tier."""
        return f"《{self.title}》（{self.number}），{BASES[self.basis]}"


@cache
def shipped_tiers() -> Tiers:
    """Return the shipped table.

    Raises
    ------
    TierFault
        The shipped file is not as it must be.
    """
    return tiers_of(tomllib.loads(files(__package__).joinpath(FILE).read_text("utf-8")))


def own_tiers(path: Path) -> Tiers:
    """Return the bureau's own table, written like the shipped one.

    Raises
    ------
    ConfigurationError
        The file cannot be read (E605, E606), or the table is not as it must be (E551).
    """
    try:
        return tiers_of(read_toml(path))
    except TierFault as fault:
        raise ConfigurationError(
            f"土地分层供应表写法有误：{fault}",
            where=str(path),
            remedy="请对照 docs/供地盘子.md 的“分层供应”改正",
            code="E551",
        ) from None


def tiers_of(raw: Mapping[str, Any]) -> Tiers:
    """Make a table of a parsed file; every key known, every value of its kind.

    Raises
    ------
    TierFault
    """
    document, written = raw.get("document"), raw.get("tier")
    if set(raw) != {"document", "tier"} or not isinstance(document, Mapping) or not isinstance(written, list):
        raise TierFault("应有一节 [document] 和若干节 [[tier]]")
    if set(document) != _DOCUMENT or not all(isinstance(text, str) for text in document.values()):
        raise TierFault(f"[document] 应写明 {'、'.join(sorted(_DOCUMENT))}，都是文字")
    if document["basis"] not in BASES:
        raise TierFault(f"basis 不可用：{document['basis']}，可用：{'、'.join(BASES)}")
    tiers = tuple(_tier(one, number) for number, one in enumerate(written, start=1))
    labels = [tier.label for tier in tiers]
    if not labels or len(set(labels)) != len(labels):
        raise TierFault("至少要有一层，各层的 label 不能相同")
    return Tiers(**document, tiers=tiers)


def _tier(raw: Any, number: int) -> Tier:
    where = f"第 {number} 个 [[tier]] "
    if not isinstance(raw, Mapping) or not _TIER <= set(raw) <= _TIER | _CONDITIONS:
        raise TierFault(f"{where}应写明 {'、'.join(sorted(_TIER))}，可加 {'、'.join(sorted(_CONDITIONS))}")
    if not all(isinstance(raw[key], str) and raw[key].strip() for key in ("label", "use")):
        raise TierFault(f"{where}的 label、use 应为文字")
    stages = _names(raw["stages"], STAGES, f"{where}的 stages")
    if not stages:
        raise TierFault(f"{where}的 stages 不能为空")
    industries = _names(
        raw.get("industries", []), tuple(sorted(set(groups().values()))), f"{where}的 industries"
    )
    numbers = {key: raw[key] for key in ("area_min_mu", "area_max_mu", "plot_ratio_min") if key in raw}
    for key, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
            raise TierFault(f"{where}的 {key} 应为不小于零的数：{value!r}")
    if numbers.get("area_min_mu", 0) > numbers.get("area_max_mu", float("inf")):
        raise TierFault(f"{where}的 area_min_mu 大于 area_max_mu")
    return Tier(
        label=raw["label"],
        stages=stages,
        use=raw["use"],
        industries=industries,
        **{key: float(value) for key, value in numbers.items()},
    )


def _names(value: Any, allowed: tuple[str, ...], where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not set(map(str, value)) <= set(allowed):
        raise TierFault(f"{where} 不可用：{value!r}，可用：{'、'.join(allowed)}")
    return tuple(value)
