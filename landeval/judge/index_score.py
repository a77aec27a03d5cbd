"""Standardise, weigh and sum a tree: every node's score, what the unknowns allow, and what alone would reach the target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval.intensive_use import INDEX, LEVELS
from landeval.standards.intensive_use import IndexScheme, Node
from landeval.units import round_half_up
from landeval.vocabulary.land_status import WHOLE

DECIMALS = 4
"""Of scores and of the values that are asked for."""
REACHED, NONE_ALONE = "指数已达目标", "单独一项不能达到"
ONLY = "只有一项"
"""Basis of a weight of 1 that needs none."""


class Whole(NamedTuple):
    """A score with what the unknowns allow: NaN in the middle where something is unknown."""

    score: float
    low: float
    high: float


def standardised(value: float, node: Node) -> float:
    """Return the standardised value of an indicator: ``min(1, X ÷ T)``, for a falling one ``1 − X``; NaN where unknown.

    Examples
    --------
    >>> from landeval.standards.intensive_use import shipped_index
    >>> nodes = {node.indicator: node for node in shipped_index().trees["工业主导型", "主区"]}
    >>> standardised(80, nodes["supply_rate"]), standardised(120, nodes["supply_rate"]), standardised(5, nodes["idle_rate"])
    (0.8, 1.0, 0.95)
    """
    one = node.measures
    if one is None or node.ideal is None or value != value:
        return float("nan")
    raw = 1 - value / 100 if one.is_falling else value / node.ideal
    return float(np.clip(raw, 0, 1))


def full_weights(nodes: tuple[Node, ...]) -> dict[str, float]:
    """Return the weight of every node in the whole: the product of those on the way to it."""
    found = {"": 1.0}
    for node in nodes:
        found[node.code] = found[node.parent] * node.weight
    return found


def scored(nodes: tuple[Node, ...], standards: Mapping[str, float]) -> dict[str, Whole]:
    """Return the score [0–100] of every node, with the least and most that its unknown indicators allow.

    An unknown indicator makes every node above it unknown, unless its weight is zero: nothing is renormalised.

    Parameters
    ----------
    nodes : tuple of Node
        Each after its parent.
    standards : Mapping
        Standardised values [0–1] by code of the last nodes; NaN where unknown.
    """
    below: dict[str, list[Node]] = {}
    for node in nodes:
        below.setdefault(node.parent, []).append(node)
    found: dict[str, Whole] = {}
    for code in [*reversed([node.code for node in nodes]), ""]:
        if code in standards:
            value = standards[code] * 100
            found[code] = Whole(value, *((0.0, 100.0) if value != value else (value, value)))
            continue
        parts = [(node.weight, found[node.code]) for node in below[code] if node.weight > 0]
        found[code] = Whole(*(_at_most(sum(weight * part[at] for weight, part in parts)) for at in range(3)))
    return found


def _at_most(score: float) -> float:
    """Return a score of 100 where weights that add up to a millionth more than 1 have made more of it."""
    return score if score != score else min(score, 100.0)


def whole_of(parts: Mapping[str, Whole], scheme: IndexScheme) -> Whole:
    """Return the score of the zone: that of the main region, or both regions by their shares."""
    if len(parts) == 1:
        return next(iter(parts.values()))
    shared = [(scheme.shares[name], part) for name, part in parts.items() if scheme.shares[name] > 0]
    return Whole(*(sum(share * part[at] for share, part in shared) for at in range(3)))


def index_nodes(
    values: Mapping[str, pd.Series], scheme: IndexScheme, zone_type: str, target: float
) -> tuple[pd.DataFrame, Whole]:
    """Score every region and the zone.

    Parameters
    ----------
    values : Mapping
        Region → values of the indicators (``measure.intensive_use``).
    scheme : IndexScheme
    zone_type : str
        One of the scheme's.
    target : float
        [0–100]; NaN where there is none.

    Returns
    -------
    DataFrame, Whole
        One row a region and node, ``IntensiveUse.nodes`` without words; and the zone's score.
    """
    trees = {region: scheme.trees[zone_type, region] for region in values}
    standards = {
        region: {
            node.code: standardised(float(values[region][node.indicator]), node)
            for node in tree
            if node.indicator
        }
        for region, tree in trees.items()
    }
    scores = {region: scored(tree, standards[region]) for region, tree in trees.items()}
    whole = whole_of({region: each[""] for region, each in scores.items()}, scheme)
    frames = []
    for region, tree in trees.items():
        share = 1.0 if len(trees) == 1 else scheme.shares[region]
        frames.append(
            _rows(region, tree, values[region], standards[region], scores[region], share, whole.score, target)
        )
    if len(trees) > 1:
        frames.insert(0, _whole_row(whole, target))
    return pd.concat(frames, ignore_index=True), whole


def _rows(
    region: str,
    tree: tuple[Node, ...],
    values: pd.Series,
    standards: Mapping[str, float],
    scores: Mapping[str, Whole],
    share: float,
    total: float,
    target: float,
) -> pd.DataFrame:
    weights = full_weights(tree)
    depth = {"": 0}
    for node in tree:
        depth[node.code] = depth[node.parent] + 1
    nodes = [Node("", INDEX, "", 1.0, ""), *tree]
    only = {parent: count == 1 for parent, count in Counter(node.parent for node in tree).items()}
    frame = pd.DataFrame(
        {
            "index_region": region,
            "index_level": [
                LEVELS[-1] if node.indicator else LEVELS[min(depth[node.code], 2)] for node in nodes
            ],
            "index_node": [node.code for node in nodes],
            "index_name": [node.label for node in nodes],
            "index_value": [float(values[node.indicator]) if node.indicator else np.nan for node in nodes],
            "measure_unit": [node.measures.unit if node.measures else "" for node in nodes],
            "index_ideal": [np.nan if node.ideal is None else node.ideal for node in nodes],
            "index_standard": [standards.get(node.code, np.nan) for node in nodes],
            "index_weight": [node.weight for node in nodes],
            "index_full_weight": [weights[node.code] * share for node in nodes],
            "index_score": [scores[node.code].score for node in nodes],
            "index_low": [scores[node.code].low for node in nodes],
            "index_high": [scores[node.code].high for node in nodes],
            "index_ideal_basis": [node.ideal_basis for node in nodes],
            "index_ideal_source": [node.ideal_source for node in nodes],
            "index_weight_basis": [
                ONLY if only[node.parent] and node.code else node.weight_basis for node in nodes
            ],
            "index_formula": [node.measures.formula if node.measures else "" for node in nodes],
        }
    )
    closing = [closes(node, standards[node.code], weights[node.code] * share, total, target) if node.indicator else (np.nan, "")
               for node in nodes]  # fmt: skip
    told = frame.assign(
        index_closes=[value for value, _ in closing], index_note=[note for _, note in closing]
    )
    return _rounded(told, target)


def _whole_row(whole: Whole, target: float) -> pd.DataFrame:
    row = {"index_region": WHOLE, "index_level": INDEX, "index_node": "", "index_name": INDEX, "measure_unit": "",
           "index_weight": 1.0, "index_full_weight": 1.0, "index_score": whole.score, "index_low": whole.low,
           "index_high": whole.high, "index_ideal_basis": "", "index_ideal_source": "", "index_weight_basis": "",
           "index_formula": "", "index_note": ""}  # fmt: skip
    unknown = dict.fromkeys(("index_value", "index_ideal", "index_standard", "index_closes"), np.nan)
    return _rounded(pd.DataFrame([row | unknown]), target)


def _rounded(frame: pd.DataFrame, target: float) -> pd.DataFrame:
    """Round the scores, and take from them what is lost and missing."""
    score = frame["index_score"]
    points = score * frame["index_full_weight"]
    figures = {
        **{name: frame[name] for name in ("index_standard", "index_score", "index_low", "index_high")},
        "index_points": points,
        "index_lost": frame["index_full_weight"] * 100 - points,
        "index_gap": (target - score).clip(lower=0),
    }
    return frame.assign(**{name: round_half_up(value, DECIMALS) for name, value in figures.items()})


def closes(node: Node, standard: float, weight: float, total: float, target: float) -> tuple[float, str]:
    """Return the value of one indicator at which the whole reaches the target while the others stand still.

    Parameters
    ----------
    node : Node
        Of the indicator.
    standard : float
        Its standardised value now [0–1].
    weight : float
        Its weight in the whole.
    total, target : float
        [0–100].

    Returns
    -------
    float, str
        The value in the indicator's unit, cut so that it does reach; NaN and why where there is none.
    """
    one = node.measures
    if one is None or node.ideal is None or not np.isfinite([standard, total, target]).all():
        return float("nan"), ""
    if total >= target:
        return float("nan"), REACHED
    needed = standard + (target - total) / (100 * weight) if weight > 0 else np.inf
    if needed > 1 + 1e-12:
        return float("nan"), NONE_ALONE
    steps = 10**DECIMALS
    if one.is_falling:
        return float(np.floor(max(1 - needed, 0) * 100 * steps + 1e-6) / steps), ""
    return float(np.ceil(needed * node.ideal * steps - 1e-6) / steps), ""


def verdict(whole: Whole, target: float, decimals: int) -> str:
    """Say whether the zone reaches the target, compared after rounding to the rule's decimals; unknown is no verdict.

    Examples
    --------
    >>> verdict(Whole(94.996, 94.996, 94.996), 95, 2), verdict(Whole(float("nan"), 80, 94), 95, 2)
    ('达到', '未达到（所缺的数再好也到不了）')
    >>> verdict(Whole(float("nan"), 80, 96), 95, 2)
    '无法判定'
    """
    if target != target:
        return "没有可比的目标"
    least, most = (float(round_half_up(value, decimals)) for value in (whole.low, whole.high))
    if whole.score == whole.score:
        return "达到" if least >= target else "未达到"
    if most < target:
        return "未达到（所缺的数再好也到不了）"
    return "达到（所缺的数再差也够）" if least >= target else "无法判定"
