"""The points of one list of enterprises: every item's value, benchmark, points and rank, and the score."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval.standards.grading import Item, Listing
from landeval.standards.grading_checks import (
    EXCLUDE,
    LAST_YEAR_MEAN,
    MEAN_POINTS,
    RANGE,
    VALUE,
    ZERO,
)

COLUMNS = (
    "enterprise_id", "grade_list", "grade_item", "item_numerator", "item_denominator", "item_value", "item_unit",
    "item_benchmark", "item_weight", "item_points", "item_rank", "item_note",
)  # fmt: skip
NOTES = {
    ZERO: "缺数，按方案计零分",
    MEAN_POINTS: "缺数，按方案取本名单该项平均得分",
    EXCLUDE: "缺数，不计分，权重摊到其余指标",
}
NO_BENCHMARK = "基准值算不出来，不计分，权重摊到其余指标"


class Points(NamedTuple):
    """What a list's enterprises get.

    ``items``: one row an enterprise and item (``COLUMNS``); ``score`` [分]; ``weight`` [分] of the items that count
    for each enterprise; ``first``: the value of item one.
    """

    items: pd.DataFrame
    score: pd.Series
    weight: pd.Series
    first: pd.Series


def value_of(figures: pd.DataFrame, item: Item) -> pd.Series:
    """Divide numerator by denominator; unknown where either is, or where the denominator is not above zero.

    Examples
    --------
    >>> import pandas as pd
    >>> tax = Item("亩均税收", "tax_wan_yuan", "area_mu", "万元/亩", 100.0)
    >>> value_of(pd.DataFrame({"tax_wan_yuan": [30.0, 5.0, None], "area_mu": [2.0, 0.0, 4.0]}), tax).tolist()
    [15.0, nan, nan]
    """
    below = figures[item.denominator].astype("float64")
    return figures[item.numerator].astype("float64") / below.where(below > 0)


def mean_of(figures: pd.DataFrame, item: Item) -> float:
    """Return Σ numerator ÷ Σ denominator of those for whom both are known; never the mean of ratios.

    Examples
    --------
    >>> import pandas as pd
    >>> tax = Item("亩均税收", "tax_wan_yuan", "area_mu", "万元/亩", 100.0)
    >>> mean_of(pd.DataFrame({"tax_wan_yuan": [30.0, 90.0, None], "area_mu": [1.0, 9.0, 90.0]}), tax)
    12.0
    """
    known = value_of(figures, item).notna()
    below = float(figures.loc[known, item.denominator].sum())
    return float(figures.loc[known, item.numerator].sum()) / below if below > 0 else float("nan")


def benchmark_of(item: Item, ranked: pd.DataFrame, last: pd.DataFrame) -> float:
    """Return the benchmark; unknown where the mean is, or is not above zero (nothing can be measured by it)."""
    if item.benchmark_kind == VALUE:
        return item.benchmark
    found = item.benchmark * mean_of(last if item.benchmark_kind == LAST_YEAR_MEAN else ranked, item)
    return found if found > 0 else float("nan")


def points_of(listing: Listing, figures: pd.DataFrame, last: pd.DataFrame, ranked: pd.Series) -> Points:
    """Score the enterprises of one list.

    Parameters
    ----------
    listing : Listing
    figures, last : DataFrame
        The members' figures of this year and of the year before, same index.
    ranked : Series of bool
        Those who are compared: means, extremes and ranks are taken over them alone.

    Returns
    -------
    Points
        The score is Σ points ÷ Σ weights of the items that count × 100; unknown where no value is known at all.
    """
    weights = pd.DataFrame(0.0, index=figures.index, columns=[item.label for item in listing.items])
    points = weights.copy()
    known = pd.Series(False, index=figures.index)
    tables = []
    for item in listing.items:
        value = value_of(figures, item)
        benchmark, got, note = _item(item, value, figures[ranked], last[ranked], ranked)
        known |= value.notna()
        counts = got.notna()
        weights[item.label] = np.where(counts, item.weight, 0.0)
        points[item.label] = got.fillna(0.0)
        tables.append(
            pd.DataFrame(
                {
                    "enterprise_id": figures.index,
                    "grade_list": listing.label,
                    "grade_item": item.label,
                    "item_numerator": figures[item.numerator].to_numpy(),
                    "item_denominator": figures[item.denominator].to_numpy(),
                    "item_value": value.to_numpy(),
                    "item_unit": item.unit,
                    "item_benchmark": benchmark,
                    "item_weight": item.weight,
                    "item_points": got.to_numpy(),
                    "item_rank": value[ranked]
                    .rank(ascending=False, method="min")
                    .reindex(value.index)
                    .to_numpy(),
                    "item_note": note.to_numpy(),
                }
            )
        )
    total = weights.sum(axis=1)
    score = (points.sum(axis=1) * (100.0 / total.where(total > 0))).where(known)
    return Points(pd.concat(tables, ignore_index=True), score, total, value_of(figures, listing.items[0]))


def _item(
    item: Item, value: pd.Series, ranked: pd.DataFrame, last: pd.DataFrame, is_ranked: pd.Series
) -> tuple[float, pd.Series, pd.Series]:
    """Return the benchmark, the points and what to say of them."""
    lacks = value.isna()
    note = pd.Series("", index=value.index, dtype="object")
    if item.method == RANGE:
        benchmark, got = float("nan"), _by_range(item, value, value[is_ranked])
    else:
        benchmark = benchmark_of(item, ranked, last)
        share = (value / benchmark).clip(lower=item.floor, upper=item.cap)
        note = note.mask(value < 0, "负值，按方案的下限计")
        if item.cap is not None:
            note = note.mask(value / benchmark > item.cap, f"超过权重的 {item.cap:g} 倍，按上限计")
        got = item.weight * share
        if np.isnan(benchmark):
            return benchmark, got, pd.Series(NO_BENCHMARK, index=value.index, dtype="object")
    if item.missing == ZERO:
        got = got.mask(lacks, 0.0)
    elif item.missing == MEAN_POINTS:
        got = got.mask(lacks, got[is_ranked & ~lacks].mean())
    return benchmark, got, note.mask(lacks, NOTES[item.missing])


def _by_range(item: Item, value: pd.Series, ranked: pd.Series) -> pd.Series:
    """Give ``base`` of the weight to the least, all of it to the most; all of it to all where they are alike."""
    low, high = ranked.min(), ranked.max()
    share = (value - low) / (high - low) if high > low else value.where(value.isna(), 1.0)
    return item.weight * (item.base + (1 - item.base) * share.clip(0, 1))
