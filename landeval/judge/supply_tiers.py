"""The tier of every plot: the first of the table whose every condition holds; none where an unknown could change it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landeval.judge.findings import figures
from landeval.land_supply import OUT, UNDECIDED
from landeval.standards.supply_tiers import Tier, Tiers

NO_TIER = "不分层"


def supply_tiers(plots: pd.DataFrame, table: Tiers) -> pd.DataFrame:
    """Put every plot into a tier, with the reason.

    Parameters
    ----------
    plots : DataFrame
        Index ``plot_id``; ``supply_stage``, ``plot_area_mu`` [亩], ``plot_ratio_need``, ``planned_groups`` (text, 、 between;
        None unknown).
    table : Tiers

    Returns
    -------
    DataFrame
        ``supply_tier`` (a tier's label, 不分层, 无法判定), ``tier_reason``.
    """
    stage = plots["supply_stage"]
    tier = pd.Series(None, index=plots.index, dtype="object").mask(stage == UNDECIDED, UNDECIDED)
    reason = pd.Series("", index=plots.index, dtype="object").mask(stage == UNDECIDED, "供地阶段无法判定")
    for one in table.tiers:
        fits, lacking = _fits(plots, one)
        still = tier.isna()
        here = still & (fits == 1)
        unsure = still & np.isnan(fits)
        tier = tier.mask(here, one.label).mask(unsure, UNDECIDED)
        told = _said(plots, one) + "；" + one.use
        reason = reason.mask(here, told).mask(unsure, "是否属于“" + one.label + "”未知；缺" + lacking)
    rest = tier.isna()
    nothing = ("阶段为" + stage + "，表中没有这一层").mask(stage == OUT, "不计入供地盘子")
    return pd.DataFrame({"supply_tier": tier.mask(rest, NO_TIER), "tier_reason": reason.mask(rest, nothing)})


def _fits(plots: pd.DataFrame, tier: Tier) -> tuple[np.ndarray, pd.Series]:
    """Return 1 where every condition holds, 0 where one does not, NaN where it is open; and what is lacking."""
    conditions = [
        ("供地阶段", _known(plots["supply_stage"].isin(tier.stages), plots["supply_stage"].notna()))
    ]
    land, ratio, groups = plots["plot_area_mu"], plots["plot_ratio_need"], plots["planned_groups"]
    if tier.area_min_mu is not None or tier.area_max_mu is not None:
        low, high = tier.area_min_mu or 0.0, np.inf if tier.area_max_mu is None else tier.area_max_mu
        conditions.append(("地块面积", _known((land >= low) & (land <= high), land.notna())))
    if tier.industries:
        named = groups.fillna("").astype(str).str.split("、")
        hit = named.map(lambda parts: bool(set(parts) & set(tier.industries))).astype(bool)
        conditions.append(("规划产业", _known(hit, groups.notna())))
    if tier.plot_ratio_min is not None:
        conditions.append(("规划容积率下限", _known(ratio >= tier.plot_ratio_min, ratio.notna())))
    states = np.array([state for _, state in conditions])
    lacking = pd.Series("", index=plots.index, dtype="object")
    for name, state in conditions:
        blank = pd.Series(np.isnan(state), index=plots.index)
        lacking = lacking.mask(blank, lacking + "、" + name)
    fails, opens = (states == 0).any(axis=0), np.isnan(states).any(axis=0)
    return np.where(fails, 0.0, np.where(opens, np.nan, 1.0)), lacking.str.removeprefix("、")


def _known(holds: pd.Series, told: pd.Series) -> np.ndarray:
    return np.where(told, holds.astype("float64"), np.nan)


def _said(plots: pd.DataFrame, tier: Tier) -> pd.Series:
    """Say by which facts a plot fits."""
    told = plots["supply_stage"].astype("object")
    if tier.industries:
        told = told + "，" + plots["planned_groups"].fillna("")
    if tier.area_min_mu is not None or tier.area_max_mu is not None:
        told = told + "，" + figures(plots["plot_area_mu"], 2) + " 亩"
    if tier.plot_ratio_min is not None:
        told = told + "，容积率下限 " + figures(plots["plot_ratio_need"], 2)
    return told
