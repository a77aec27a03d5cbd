"""Schemes of 企业综合评价: indicators, weights, benchmarks, lists and grades; shipped ones and the bureau's own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from landeval.configuration import read_toml
from landeval.standards.grading_checks import EXCLUDE, LIST_MEAN, QUOTA, RATIO, SchemeFault, check_scheme
from landeval.standards.rule import BASES, UNSURE

PREFIX = "grading_"


@dataclass(frozen=True)
class Item:
    """One indicator of a list: ``numerator ÷ denominator``, its weight [分] and how points are given.

    ``benchmark`` is the number itself for ``value``, and the multiple of the mean for ``list_mean`` and
    ``last_year_mean``; ``range`` needs none. ``cap`` and ``floor`` are shares of the weight; no cap where None.
    """

    label: str
    numerator: str
    denominator: str
    unit: str
    weight: float
    method: str = RATIO
    benchmark_kind: str = LIST_MEAN
    benchmark: float = 1.0
    cap: float | None = None
    floor: float = 0.0
    base: float = 0.0
    missing: str = EXCLUDE
    basis: str = "proposal"


@dataclass(frozen=True)
class Listing:
    """One list of enterprises that are compared with one another: who is in it, and by which items."""

    label: str
    scale: str
    items: tuple[Item, ...]
    land_min_mu: float = 0.0
    leased_floor_min_m2: float | None = None


@dataclass(frozen=True)
class Grading:
    """How scores become grades, best grade first.

    ``parts`` are shares in percent for ``quota``, least scores for ``score``, least values of the first item for
    ``threshold`` (one fewer than grades for the last two). Whoever is known for less than ``least_weight`` [分] of
    the items gets no grade.
    """

    method: str
    grades: tuple[str, ...]
    parts: tuple[float, ...]
    basis: str
    upgrade_cap: int | None = None
    least_weight: float = 0.0


@dataclass(frozen=True)
class Ungraded:
    """Who gets no grade (T, 不定等级) although it is on a list."""

    label: str
    new_years: int
    industries: tuple[str, ...]
    statuses: tuple[str, ...]
    managed_as: str
    basis: str


@dataclass(frozen=True)
class Scheme:
    """A whole scheme, with its source and how sure it is.

    ``bonus`` and ``deduction`` give points [分] a named matter; ``bonus_most`` limits the sum of the former.
    ``measures`` is what each grade means for the enterprise, as text.
    """

    scheme_id: str
    title: str
    number: str
    issuer: str
    source: str
    note: str
    basis: str
    lists: tuple[Listing, ...]
    grading: Grading
    ungraded: Ungraded
    bonus: Mapping[str, float]
    deduction: Mapping[str, float]
    bonus_most: float | None
    measures: Mapping[str, str]
    objection: str

    @property
    def caveat(self) -> str:
        """What must be told beside every grade: that the scheme, or a part of it, has no sure source."""
        if self.basis in UNSURE:
            return f"本方案为{BASES[self.basis]}，使用前须由县确认"
        parts = {"等级划分": self.grading.basis, "不定等级范围": self.ungraded.basis}
        unsure = [name for name, basis in parts.items() if basis in UNSURE]
        for one in self.lists:
            names = [item.label for item in one.items if item.basis in UNSURE]
            unsure += [f"{one.label}的{'、'.join(names)}"] if names else []
        return f"{'；'.join(unsure)}：建议或未核实，使用前须由县确认" if unsure else ""


@cache
def scheme_ids() -> tuple[str, ...]:
    """Return the ids of the shipped schemes."""
    names = [path.name for path in files(__package__).iterdir()]
    found = [name for name in names if name.startswith(PREFIX) and name.endswith(".toml")]
    return tuple(sorted(name.removeprefix(PREFIX).removesuffix(".toml") for name in found))


@cache
def shipped_scheme(scheme_id: str) -> Scheme:
    """Return a shipped scheme.

    Raises
    ------
    ValueError
        The shipped file is not as it must be; the message names file and item.
    KeyError
        There is no such scheme.
    """
    if scheme_id not in scheme_ids():
        raise KeyError(scheme_id)
    name = f"{PREFIX}{scheme_id}.toml"
    try:
        return scheme_of(scheme_id, tomllib.loads(files(__package__).joinpath(name).read_text("utf-8")))
    except SchemeFault as fault:
        raise ValueError(f"{name}: {fault}") from None


def own_scheme(path: Path) -> Scheme:
    """Return the bureau's own scheme, written like a shipped one.

    Raises
    ------
    ConfigurationError
        The file cannot be read (E605, E606), or the scheme is not as it must be (E481, naming the item).
    """
    try:
        return scheme_of(path.stem, read_toml(path))
    except SchemeFault as fault:
        raise fault.refusal(str(path)) from None


def scheme_of(scheme_id: str, raw: Mapping[str, Any]) -> Scheme:
    """Make a scheme of a parsed file.

    Raises
    ------
    SchemeFault
    """
    check_scheme(raw)
    document, grading, ungraded = raw["document"], raw["grading"], raw["ungraded"]
    basis = document["basis"]
    method = grading["method"]
    parts = grading["shares" if method == QUOTA else "lines"]
    return Scheme(
        scheme_id=scheme_id,
        **{key: document[key] for key in ("title", "number", "issuer", "source", "note", "basis")},
        lists=tuple(_listing(one, basis) for one in raw["list"]),
        grading=Grading(
            method=method,
            grades=tuple(grading["grades"]),
            parts=tuple(float(part) for part in parts),
            basis=grading["basis"],
            upgrade_cap=grading.get("upgrade_cap"),
            least_weight=float(grading.get("least_weight", 0)),
        ),
        ungraded=Ungraded(
            label=ungraded["label"],
            new_years=ungraded["new_years"],
            industries=tuple(ungraded["industries"]),
            statuses=tuple(ungraded["statuses"]),
            managed_as=ungraded.get("managed_as", ""),
            basis=ungraded["basis"],
        ),
        bonus={name: float(points) for name, points in raw.get("bonus", {}).items()},
        deduction={name: float(points) for name, points in raw.get("deduction", {}).items()},
        bonus_most=document.get("bonus_most"),
        measures=dict(raw["measures"]),
        objection=document["objection"],
    )


def _listing(raw: Mapping[str, Any], basis: str) -> Listing:
    return Listing(
        label=raw["label"],
        scale=raw["scale"],
        items=tuple(_item(one, basis) for one in raw["item"]),
        land_min_mu=float(raw.get("land_min_mu", 0)),
        leased_floor_min_m2=raw.get("leased_floor_min_m2"),
    )


def _item(raw: Mapping[str, Any], basis: str) -> Item:
    plain = {key: value for key, value in raw.items() if key != "benchmark"}
    benchmark = raw.get("benchmark", {})
    if benchmark:
        ((kind, number),) = benchmark.items()
        plain |= {"benchmark_kind": kind, "benchmark": float(number)}
    return Item(**{"basis": basis, **plain})
