"""Schemes of 开发区土地集约利用评价: trees, weights and ideals by type; the shipped one, the bureau's own, single changes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from landeval.configuration import read_toml
from landeval.standards.index_checks import IndexFault, check_ideal, check_scheme, check_weights, number
from landeval.standards.index_indicators import INDICATORS, TYPES, Indicator
from landeval.standards.rule import BASES, UNSURE
from landeval.vocabulary.land_status import REGIONS

SHIPPED = "intensive_use_2014"
TARGET_RULE = "dongkou.intensive_use_index"
"""The rule that the index is compared with."""
CHANGED = "本单位改动"
_CHANGE = {"indicator", "node", "type", "region", "ideal", "weight", "reason"}


@dataclass(frozen=True)
class Node:
    """One node of a tree, above or at the indicators; ``ideal`` is None where nobody has given one."""

    code: str
    label: str
    parent: str
    weight: float
    weight_basis: str
    indicator: str = ""
    ideal: float | None = None
    ideal_basis: str = ""
    ideal_source: str = ""

    @property
    def measures(self) -> Indicator | None:
        """The indicator of a last node; None above."""
        return INDICATORS[self.indicator] if self.indicator else None


@dataclass(frozen=True)
class IndexScheme:
    """A whole scheme, with its source and how sure it is.

    ``trees`` has the nodes by type and region, each after its parent; ``grades`` are labels with their least score,
    best first; ``changes`` tells what the bureau changed and why.
    """

    scheme_id: str
    title: str
    number: str
    issuer: str
    source: str
    note: str
    version: str
    basis: str
    industrial_above: float
    residential_below: float
    shares: Mapping[str, float]
    grades: tuple[tuple[str, float, str], ...]
    trees: Mapping[tuple[str, str], tuple[Node, ...]]
    changes: tuple[str, ...] = ()

    @property
    def caveat(self) -> str:
        """What must be told beside every score: which parts have no sure source."""
        if self.basis in UNSURE:
            return "权重、理想值为建议或未核实，不是官方数值，使用前须由县确认"
        nodes = {node.label: node for tree in self.trees.values() for node in tree}.values()
        parts = {"权重": "weight_basis", "理想值": "ideal_basis"}
        unsure = [
            f"{name}（{'、'.join(told)}）"
            for name, key in parts.items()
            if (told := [node.label for node in nodes if getattr(node, key) in UNSURE])
        ]
        return f"{'；'.join(unsure)}为建议或未核实，使用前须由县确认" if unsure else ""

    def grade_of(self, score: float) -> str:
        """Return the label of a score [0–100], with how sure the label is."""
        label, _, basis = next(one for one in self.grades if score >= one[1])
        return f"{label}（{BASES[basis]}的分档）" if basis in UNSURE else label


@cache
def shipped_index() -> IndexScheme:
    """Return the shipped scheme.

    Raises
    ------
    ValueError
        The shipped file is not as it must be; the message names file and node.
    """
    name = f"{SHIPPED}.toml"
    try:
        return scheme_of(SHIPPED, tomllib.loads(files(__package__).joinpath(name).read_text("utf-8")))
    except IndexFault as fault:
        raise ValueError(f"{name}: {fault}") from None


def own_index(path: Path) -> IndexScheme:
    """Return the bureau's own scheme, written like the shipped one.

    Raises
    ------
    ConfigurationError
        The file cannot be read (E605, E606), or the scheme is not as it must be (E518, naming the node).
    """
    try:
        return scheme_of(path.stem, read_toml(path))
    except IndexFault as fault:
        raise fault.refusal(str(path)) from None


def scheme_of(scheme_id: str, raw: Mapping[str, Any]) -> IndexScheme:
    """Make a scheme of a parsed file.

    Raises
    ------
    IndexFault
    """
    check_scheme(raw)
    trees = {
        (tree["type"], tree["region"]): tuple(
            _node(node, raw["ideal"][tree["type"]]) for node in tree["node"]
        )
        for tree in raw["tree"]
    }
    return IndexScheme(
        scheme_id=scheme_id,
        **raw["document"],
        industrial_above=float(raw["type"]["industrial_above"]),
        residential_below=float(raw["type"]["residential_below"]),
        shares={name: float(raw["shares"][name]) for name in REGIONS},
        grades=tuple((one["label"], float(one["from"]), one["basis"]) for one in raw["grade"]),
        trees=trees,
    )


def _node(raw: Mapping[str, Any], ideals: Mapping[str, Any]) -> Node:
    plain = {
        "code": raw["code"],
        "parent": raw["parent"],
        "weight": float(raw["weight"]),
        "weight_basis": raw["basis"],
    }
    if "label" in raw:
        return Node(label=raw["label"], **plain)
    ideal = ideals[raw["indicator"]]
    return Node(
        label=INDICATORS[raw["indicator"]].label,
        indicator=raw["indicator"],
        ideal=float(ideal["ideal"]) if "ideal" in ideal else None,
        ideal_basis=ideal["basis"],
        ideal_source=ideal["source"],
        **plain,
    )


def changed(scheme: IndexScheme, changes: Sequence[Mapping[str, Any]]) -> IndexScheme:
    """Return a scheme with single ideals and weights changed, every one with its reason; weights still make 1.

    Parameters
    ----------
    scheme : IndexScheme
    changes : sequence of Mapping
        ``indicator`` (label or name) or ``node`` (code), ``reason``, ``ideal`` and/or ``weight``; ``type`` and
        ``region`` narrow it, without them every tree that has the node is meant.

    Raises
    ------
    IndexFault
        No such node, no reason, a value that cannot be used, or weights that no longer make 1.
    """
    trees, told = dict(scheme.trees), list(scheme.changes)
    for change in changes:
        where = f"[[index.change]] {change.get('indicator', change.get('node', ''))}"
        if unknown := sorted(set(change) - _CHANGE):
            raise IndexFault(f"{where} 不认识 {'、'.join(unknown)}，可用：{'、'.join(sorted(_CHANGE))}")
        if ("indicator" in change) == ("node" in change) or not {"ideal", "weight"} & set(change):
            raise IndexFault(f"{where} 应写 indicator 或 node 之一，并写 ideal、weight 中的一项或两项")
        if not isinstance(change.get("reason"), str) or not change["reason"].strip():
            raise IndexFault(f"{where} 没有写明理由 reason")
        for key, allowed in (("type", TYPES), ("region", tuple(REGIONS))):
            if key in change and change[key] not in allowed:
                raise IndexFault(f"{where} {key} 不可用：{change[key]!r}，可用：{'、'.join(allowed)}")
        found = False
        for (kind, region), nodes in trees.items():
            if change.get("type", kind) == kind and change.get("region", region) == region:
                trees[kind, region] = tuple(_amended(node, change, where) for node in nodes)
                found |= any(_is_meant(node, change) for node in nodes)
        if not found:
            raise IndexFault(f"{where} 指标树中没有这个指标或节点")
        said = "、".join(
            f"{word} {change[key]:g}"
            for key, word in (("ideal", "理想值"), ("weight", "权重"))
            if key in change
        )
        scope = change.get("type", "") + change.get("region", "")
        told.append(
            f"{scope}{change.get('indicator', change.get('node'))} {said}（{change['reason'].strip()}）"
        )
    for (kind, region), nodes in trees.items():
        above = {"", *(node.code for node in nodes if not node.indicator)}
        check_weights([(node.code, node.parent, node.weight) for node in nodes], above, f"{kind}{region}")
    return replace(scheme, trees=trees, changes=tuple(told))


def _is_meant(node: Node, change: Mapping[str, Any]) -> bool:
    if "node" in change:
        return bool(node.code == change["node"])
    return bool(node.indicator) and change["indicator"] in (node.indicator, node.label)


def _amended(node: Node, change: Mapping[str, Any], where: str) -> Node:
    if not _is_meant(node, change):
        return node
    if "ideal" in change:
        if not node.indicator:
            raise IndexFault(f"{where} 不是指标，没有理想值")
        check_ideal(node.indicator, change["ideal"], node.label)
        source = f"{CHANGED}：{change['reason'].strip()}"
        node = replace(node, ideal=float(change["ideal"]), ideal_basis=CHANGED, ideal_source=source)
    if "weight" in change:
        weight = number(change["weight"], f"{where} weight")
        if weight < 0:
            raise IndexFault(f"{where} weight 不应小于 0")
        node = replace(node, weight=weight, weight_basis=CHANGED)
    return node
