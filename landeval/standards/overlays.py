"""What it means that a parcel meets a layer laid over it: ``overlays.toml``, loaded strictly."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from landeval.standards.rule import BASES

EFFECTS = ("永久基本农田", "生态保护红线", "城镇开发边界", "道路", "河流", "规划用途")
"""What a layer may mean, in the order of the outputs."""
BARRIERS = ("道路", "河流")
"""Layers across which no block of land is joined."""
INSIDE, OUTSIDE, USE = HITS = ("inside", "outside", "use")
_SLIVER = {"sliver_m2", "sliver_width_m", "dust_m2", "basis"}
_EFFECT = {"hit", "flag", "question", "document", "clause", "quote", "basis"}


@dataclass(frozen=True)
class Effect:
    """What a layer means: which land is a hit, what is asked then, and by which clause.

    ``wanted`` are the words of which a planned use must hold one (``use`` only).
    """

    name: str
    hit: str
    flag: str
    question: str
    document: str
    clause: str
    quote: str
    basis: str
    wanted: tuple[str, ...] = ()

    @property
    def citation(self) -> str:
        """Document and clause, with how sure they are."""
        return f"{self.document}{self.clause}（{BASES[self.basis]}）"


@dataclass(frozen=True)
class Sliver:
    """Common ground smaller [m²] or narrower on average [m] than this may be a slip of drawing; dust is rounding."""

    area_m2: float
    width_m: float
    dust_m2: float

    @property
    def words(self) -> str:
        """The tolerance as it is printed."""
        return f"小于 {self.area_m2:g} ㎡ 或平均宽不足 {self.width_m:g} 米"


@cache
def _raw() -> Mapping[str, Any]:
    raw = tomllib.loads(files(__package__).joinpath("overlays.toml").read_text("utf-8"))
    if (
        set(raw) != {"sliver", "effect"}
        or set(raw["sliver"]) != _SLIVER
        or set(raw["effect"]) != set(EFFECTS)
    ):
        raise ValueError("overlays.toml: sections or effects are not those that landeval knows")
    return raw


@cache
def sliver() -> Sliver:
    """Return the tolerance of slivers, a proposal."""
    body = _raw()["sliver"]
    return Sliver(float(body["sliver_m2"]), float(body["sliver_width_m"]), float(body["dust_m2"]))


@cache
def effects() -> dict[str, Effect]:
    """Return every effect by its name.

    Raises
    ------
    ValueError
        A missing or unknown key, hit or basis.
    """
    found = {}
    for name in EFFECTS:
        body = dict(_raw()["effect"][name])
        wanted = tuple(body.pop("wanted", ()))
        if set(body) != _EFFECT or body["hit"] not in HITS or body["basis"] not in BASES:
            raise ValueError(f"overlays.toml: {name}: a key, hit or basis is missing or unknown")
        if (body["hit"] == USE) != bool(wanted):
            raise ValueError(f"overlays.toml: {name}: wanted belongs to hit = use, and to nothing else")
        found[name] = Effect(name=name, wanted=wanted, **body)
    return found
