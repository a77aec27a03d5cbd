"""The frozen outcome of the land supply board: plain frames, handed from ``supply_board`` to ``publish``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from landeval.standards.rule import Rule
    from landeval.standards.supply_tiers import Tiers

STAGES = APPROVED, READY, TURNOVER, UNUSED, PARTLY, BUILT = (
    "批而未供", "熟地", "周转地", "供而未用", "用而未尽", "建成",
)  # fmt: skip
"""Stages of a plot, from approval to completion."""
UNDECIDED = "无法判定"
OUT = "不计入"
"""Land that is no state-owned supply: collective land."""
EVERY_STAGE = (*STAGES, UNDECIDED, OUT)
UNSUPPLIED, SUPPLIED = (APPROVED, READY, TURNOVER), (UNUSED, PARTLY, BUILT)
APPROVED_BOUNDARY, PROPOSED_BOUNDARY = BOUNDARIES = ("原批准范围", "拟调整范围")
INSIDE, OUTSIDE, ACROSS = ("界内", "界外", "跨界")
POSITIONS = (INSIDE, OUTSIDE, ACROSS, UNDECIDED)
BANDS = ("不满 1 年", "满 1 年", "满 2 年", "满 5 年", "未知")
"""Bands of age by full years; a way to show them, no verdict."""
AREA_DECIMALS = 4
"""Land of the board is in whole 0.0001 亩, so that sums are exact."""
IN_STOCK, IN_RUN, IN_BOTH = ("供地表", "宗地", "供地表、宗地")


@dataclass(frozen=True)
class LandSupply:
    """The board. Frames are never changed afterwards.

    Attributes
    ----------
    plots : pandas.DataFrame
        One row a plot, index ``plot_id``: ``supply_stage`` (one of ``EVERY_STAGE``) with its reason and source,
        ``plot_area_mu`` [亩], ages, tier with its reason.
    stages : pandas.DataFrame
        One row a level, zone and stage: plots, land [亩], plots without area. Within a zone they add up to 合计.
    ages : pandas.DataFrame
        One row a stage and band of age, with the same sums.
    terms : pandas.DataFrame
        One row a plot and term (出让, 租赁): first and last day, days left, whether it is longer than the law allows.
    quota : pandas.DataFrame
        One row a year of 新增建设用地指标: land by use, least and largest possible share, verdict with clause.
    boundary : pandas.DataFrame
        One row a plot and boundary: share, land inside and outside [亩], position, change.
    boundary_totals : pandas.DataFrame
        The same by boundary, position and change.
    rules : Mapping
        The rules that were applied.
    tiers : Tiers
        The table of tiers that was applied.
    """

    plots: pd.DataFrame
    stages: pd.DataFrame
    ages: pd.DataFrame
    terms: pd.DataFrame
    quota: pd.DataFrame
    boundary: pd.DataFrame
    boundary_totals: pd.DataFrame
    rules: Mapping[str, Rule]
    tiers: Tiers
