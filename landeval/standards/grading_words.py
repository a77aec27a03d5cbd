"""A scheme in words: what an item is measured by, what a gap costs, how grades are drawn."""

from __future__ import annotations

from landeval.standards.grading import Item, Scheme
from landeval.standards.grading_checks import (
    EXCLUDE,
    LAST_YEAR_MEAN,
    MEAN_POINTS,
    QUOTA,
    RANGE,
    SCORE,
    VALUE,
    ZERO,
)

_MISSING = {ZERO: "计零分", MEAN_POINTS: "取本名单平均得分", EXCLUDE: "不计分，权重摊到其余"}


def benchmark_words(item: Item) -> str:
    """Say what an item is measured by.

    Examples
    --------
    >>> item = Item("亩均税收", "tax_wan_yuan", "area_mu", "万元/亩", 45, benchmark_kind="last_year_mean", benchmark=2)
    >>> benchmark_words(item)
    '上年平均 × 2'
    """
    if item.method == RANGE:
        return f"极差计分，起点 {item.base:.0%}"
    times = "" if item.benchmark == 1 else f" × {item.benchmark:g}"
    words = {VALUE: f"{item.benchmark:.10g}", LAST_YEAR_MEAN: "上年平均" + times}
    text = words.get(item.benchmark_kind, "本名单平均" + times)
    return text + ("" if item.cap is None else f"，最多 {item.cap:g} 倍")


def missing_words(item: Item) -> str:
    """Say what a gap costs.

    Examples
    --------
    >>> missing_words(Item("亩均税收", "tax_wan_yuan", "area_mu", "万元/亩", 45, missing="zero"))
    '计零分'
    """
    return _MISSING[item.missing]


def grading_words(scheme: Scheme) -> str:
    """Say how grades are drawn."""
    grading = scheme.grading
    if grading.method == QUOTA:
        shares = zip(grading.grades, grading.parts, strict=True)
        text = "定级：按得分排名，" + "、".join(f"{name} {share:g}%" for name, share in shares)
        text += "，各等级累计家数四舍五入，同分取好的等级"
    else:
        what = "得分" if grading.method == SCORE else scheme.lists[0].items[0].label
        lines = zip(grading.grades, grading.parts, strict=False)
        text = f"定级：{what}达到 " + "、".join(f"{line:g} 的为 {name}" for name, line in lines)
        text += f"，其余为 {grading.grades[-1]}"
    text += f"；有数的权重不足 {grading.least_weight:g} 分的不定级" if grading.least_weight else ""
    return text + ("" if grading.upgrade_cap is None else f"；与上年相比一次最多升 {grading.upgrade_cap} 级")
