"""Two years side by side: the words that lineage, comparison and outputs share, and what a comparison found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from landeval.result import MONEY, RATIOS

if TYPE_CHECKING:
    import pandas as pd

KINDS = SAME, RECODED, RESHAPED, SPLIT, MERGED, REGROUPED, ADDED, GONE, BY_CODE, UNTRACED = (
    "同一", "改码", "调整", "分割", "合并", "重组", "新增", "消失", "无图形·按代码", "无图形·未对上",
)  # fmt: skip
"""Kinds of lineage. 无图形·未对上: no shape, and no code to stand for it: nobody knows what became of it."""
SINGLE = (SAME, RECODED, RESHAPED, BY_CODE)
"""Kinds of one parcel then and one now."""
ALONE = (ADDED, GONE, UNTRACED)
"""Kinds of a parcel that stands in one year only."""
UNLIKE = 0.5
"""Where overlap ÷ union of a group's land is less, the figures of the years are of different land (proposal)."""
FIGURES = ("area_mu", *MONEY, "floor_area_m2", *RATIOS, "plot_ratio")
"""What is compared: sums first, then ratios, Σ ÷ Σ over the group."""
OUTCOMES = NEW, STILL, CURED, NO_LONGER, UNCLEAR, LAND_GONE, UNKNOWN_FATE, NEW_UNTRACED = (
    "新增候选", "仍为候选", "已解决", "不再是候选", "资料不足待核", "候选宗地消失", "候选去向不明", "候选来历不明",
)  # fmt: skip
"""What became of candidates. 已解决: 达标 now; 不再是候选: watched, warned or exempt; 资料不足待核: no verdict now."""
SEVERAL = "分为几类"
"""In place of a class: a parcel's successors are of several classes."""
TITLE = "年度比较"


@dataclass(frozen=True)
class YearChange:
    """What a comparison found, for ``publish``. Fields named ``…_then`` are of the earlier run, ``…_now`` of the later.

    Attributes
    ----------
    title, currency : str
        Of the later run.
    as_of, as_of_then : date
    year, year_then : int or None
    tolerance_m : float
        Of the lineage [m].
    lineage : DataFrame
        One row a pair of parcels, or a parcel without one.
    parcels : DataFrame
        One row a parcel of the earlier run, then one a parcel that only the later has.
    changes : DataFrame
        One row a group: ``FIGURES`` then, now and the change, class, outcome, why something cannot be compared.
    totals : DataFrame
        One row a figure: Σ of both runs, and like with like.
    transitions : DataFrame
        Class then × class now, by count and by 亩.
    grades : DataFrame
        Grade then × grade now, by count of enterprises; empty where either run has none.
    progress : DataFrame
        One row a candidate of the earlier run.
    rules : DataFrame
        Rules that differ between the runs.
    questions : DataFrame
        What a person must look at.
    classes_now : Mapping
        Class → number of parcels of the later run.
    remarks : tuple of str
        What must be known before reading on, a sentence each.
    """

    title: str
    currency: str
    as_of_then: dt.date
    as_of: dt.date
    year_then: int | None
    year: int | None
    tolerance_m: float
    lineage: pd.DataFrame
    parcels: pd.DataFrame
    changes: pd.DataFrame
    totals: pd.DataFrame
    transitions: pd.DataFrame
    grades: pd.DataFrame
    progress: pd.DataFrame
    rules: pd.DataFrame
    questions: pd.DataFrame
    classes_now: Mapping[str, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
