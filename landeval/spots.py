"""Hot and cold spots: what a project sets for them, and their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from landeval.configuration import known, wrong_value

HOT, COLD, NEITHER, UNKNOWN = "热点", "冷点", "不显著", "未知"
_LIMITS = {"neighbours": (3, 50), "permutations": (99, 9999), "seed": (0, 2**31 - 1)}


@dataclass(frozen=True)
class SpotSettings:
    """How spots are found; none of it comes from a document.

    Attributes
    ----------
    neighbours : int
        Nearest parcels that count as a parcel's surroundings.
    permutations : int
        Random rearrangements that a parcel is compared with.
    seed : int
        Of the rearrangements: the same land gives the same spots.
    significance : float
        Share of false spots that is put up with among those found (Benjamini-Hochberg).
    """

    neighbours: int = 8
    permutations: int = 999
    seed: int = 2021
    significance: float = 0.05


SPOT_SETTINGS = {field.name for field in fields(SpotSettings)}


def spot_settings(section: Mapping[str, Any], where: str) -> SpotSettings:
    """Read ``[hot_spots]`` strictly.

    Raises
    ------
    ConfigurationError
        A key or number that cannot be used.
    """
    known(section, SPOT_SETTINGS, where)
    for key, (least, most) in _LIMITS.items():
        value = section.get(key, least)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise wrong_value(f"hot_spots.{key}", value, f"{least} 到 {most} 的整数", where)
    share = section.get("significance", 0.05)
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 0.2:
        raise wrong_value("hot_spots.significance", share, "大于 0、不大于 0.2 的数，如 0.05", where)
    return SpotSettings(**section)
