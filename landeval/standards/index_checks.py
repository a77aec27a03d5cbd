"""What a scheme of the intensive-use index must be: known keys, ideals above zero, weights of 1 at every node."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

from landeval.errors import ConfigurationError
from landeval.standards.index_indicators import INDICATORS, TYPES
from landeval.standards.rule import BASES
from landeval.vocabulary.land_status import REGIONS

TOLERANCE = 1e-6
"""By which the weights of a node may miss 1."""
_TOP = {"document", "type", "shares", "grade", "ideal", "tree"}
_DOCUMENT = {"title", "number", "issuer", "source", "note", "version", "basis"}
_TYPE = {"industrial_above", "residential_below", "basis"}
_GRADE = {"label", "from", "basis"}
_TREE = {"type", "region", "node"}
_NODE = {"code", "parent", "weight", "basis"}


class IndexFault(ValueError):
    """What is wrong with a scheme as written, in Chinese, naming the tree and node."""

    def refusal(self, where: str) -> ConfigurationError:
        """Return the fault as a refusal of a bureau's settings."""
        return ConfigurationError(
            f"指数方案写法有误：{self}", where=where, remedy="写法见 docs/集约利用指数.md", code="E518"
        )


def check_scheme(raw: Mapping[str, Any]) -> None:
    """Refuse a scheme that is not as it must be.

    Raises
    ------
    IndexFault
    """
    _keys(raw, _TOP, (), "方案")
    document, split, shares = raw["document"], raw["type"], raw["shares"]
    _keys(document, _DOCUMENT, (), "[document]")
    for key in sorted(_DOCUMENT - {"basis"}):
        if not isinstance(document[key], str) or (
            key in ("title", "source", "version") and not document[key].strip()
        ):
            raise IndexFault(f"[document] {key} 应为文字")
    _one_of(document["basis"], BASES, "[document] basis")
    _keys(split, _TYPE, (), "[type]")
    for key in ("industrial_above", "residential_below"):
        if not 0 <= number(split[key], f"[type] {key}") <= 100:
            raise IndexFault(f"[type] {key} 应在 0 到 100 之间")
    _one_of(split["basis"], BASES, "[type] basis")
    _keys(shares, {*REGIONS, "basis"}, (), "[shares]")
    parts = [number(shares[name], f"[shares] {name}") for name in REGIONS]
    if min(parts) < 0 or abs(sum(parts) - 1) > TOLERANCE:
        raise IndexFault(f"[shares] 合计 {sum(parts):g}，应为 1")
    _one_of(shares["basis"], BASES, "[shares] basis")
    _check_grades(raw["grade"])
    _check_ideals(raw["ideal"])
    _check_trees(raw["tree"], raw["ideal"])


def _check_grades(grades: Any) -> None:
    lines = []
    for grade in _listed(grades, "grade"):
        _keys(grade, _GRADE, (), "[[grade]]")
        _one_of(grade["basis"], BASES, f"分档 {grade['label']} basis")
        lines.append(number(grade["from"], f"分档 {grade['label']} from"))
    if sorted(lines, reverse=True) != lines or len(set(lines)) != len(lines) or lines[-1] > 0:
        raise IndexFault("[[grade]] 应从高到低，最后一档从 0 起")


def _check_ideals(ideals: Any) -> None:
    _keys(ideals, (), TYPES, "[ideal]")
    for kind, each in ideals.items():
        _keys(each, (), INDICATORS, f"[ideal.{kind}]")
        for name, body in each.items():
            where = f"{kind}{INDICATORS[name].label}"
            _keys(body, {"basis", "source"}, {"ideal"}, f"理想值 {where}")
            _one_of(body["basis"], BASES, f"理想值 {where} basis")
            if "ideal" in body:
                check_ideal(name, body["ideal"], where)


def check_ideal(name: str, ideal: Any, where: str) -> None:
    """Refuse an ideal that no indicator can be compared with.

    Raises
    ------
    IndexFault
        No number, not above zero, or above zero for an indicator whose ideal is zero.
    """
    value = number(ideal, f"{where}的理想值")
    if INDICATORS[name].is_falling and value != 0:
        raise IndexFault(f"{where}的理想值应为 0（按 1 − 值 计分）")
    if not INDICATORS[name].is_falling and value <= 0:
        raise IndexFault(f"{where}的理想值应大于 0")


def _check_trees(trees: Any, ideals: Mapping[str, Any]) -> None:
    seen: set[tuple[str, str]] = set()
    for tree in _listed(trees, "tree"):
        _keys(tree, _TREE, (), "[[tree]]")
        _one_of(tree["type"], TYPES, "[[tree]] type")
        _one_of(tree["region"], REGIONS, "[[tree]] region")
        name = f"{tree['type']}{tree['region']}"
        if (tree["type"], tree["region"]) in seen:
            raise IndexFault(f"{name}有两棵指标树")
        seen.add((tree["type"], tree["region"]))
        _check_nodes(_listed(tree["node"], f"{name}的 node"), name, ideals.get(tree["type"], {}))
    missing = [f"{kind}{region}" for kind in TYPES for region in REGIONS if (kind, region) not in seen]
    if missing:
        raise IndexFault(f"缺少指标树：{'、'.join(missing)}")


def _check_nodes(nodes: list[Mapping[str, Any]], tree: str, ideals: Mapping[str, Any]) -> None:
    above = {""}
    for node in nodes:
        where = f"{tree}节点 {node.get('code', '')}"
        _keys(node, _NODE, {"label", "indicator"}, where)
        if (
            not isinstance(node["code"], str)
            or not node["code"]
            or ("label" in node) == ("indicator" in node)
        ):
            raise IndexFault(f"{where} 应有 code，label 和 indicator 写其中一个")
        _one_of(node["basis"], BASES, f"{where} basis")
        if number(node["weight"], f"{where} weight") < 0:
            raise IndexFault(f"{where} weight 不应小于 0")
        if node["parent"] not in above:
            raise IndexFault(f"{where} 的上级 {node['parent']} 不是它之前的节点，或是指标")
        if "indicator" in node:
            _one_of(node["indicator"], INDICATORS, f"{where} indicator")
            if node["indicator"] not in ideals:
                raise IndexFault(f"{where} 的指标 {node['indicator']} 没有 [ideal] 一节")
        else:
            above.add(node["code"])
    for key in ("code", "indicator"):
        given = [node[key] for node in nodes if key in node]
        if len(set(given)) != len(given):
            raise IndexFault(f"{tree}有两个节点的 {key} 相同")
    check_weights([(node["code"], node["parent"], node["weight"]) for node in nodes], above, tree)


def check_weights(nodes: Collection[tuple[str, str, float]], above: Collection[str], tree: str) -> None:
    """Refuse a tree whose weights do not add up to 1 below one of its nodes.

    Parameters
    ----------
    nodes : collection of (code, parent, weight)
    above : collection of str
        The nodes that must have others below them; empty for the index itself.
    tree : str
        Its name, for the message.

    Raises
    ------
    IndexFault
    """
    for parent in sorted(above):
        below = [(code, weight) for code, its, weight in nodes if its == parent]
        total = math.fsum(weight for _, weight in below)
        if round(abs(total - 1), 12) > TOLERANCE:  # free of the last bits of binary noise
            told = "、".join(f"{code} {weight:g}" for code, weight in below) or "没有下级"
            raise IndexFault(f"{tree}节点 {parent or '指数'} 之下的权重合计 {total:.9g}，应为 1（{told}）")


def number(value: Any, where: str) -> float:
    """Return a written number.

    Raises
    ------
    IndexFault
        It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise IndexFault(f"{where} 应为数：{value!r}")
    return float(value)


def _listed(value: Any, what: str) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not value or not all(isinstance(one, Mapping) for one in value):
        raise IndexFault(f"至少要有一节 [[{what}]]")
    return value


def _keys(body: Any, required: Collection[str], optional: Collection[str], where: str) -> None:
    if not isinstance(body, Mapping):
        raise IndexFault(f"{where} 应为一节")
    missing = sorted(set(required) - set(body))
    unknown = sorted(set(body) - set(required) - set(optional))
    if missing or unknown:
        said = ([f"缺少 {'、'.join(missing)}"] if missing else []) + (
            [f"不认识 {'、'.join(unknown)}"] if unknown else []
        )
        raise IndexFault(f"{where} {'；'.join(said)}")


def _one_of(value: Any, allowed: Collection[str], where: str) -> None:
    if value not in tuple(allowed):
        raise IndexFault(f"{where} 不可用：{value!r}，可用：{'、'.join(allowed)}")
