"""The plan's four criteria for a new project, and what one of them says of every project."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from landeval.judge.findings import Finding, Texts
from landeval.units import M2_PER_MU

GATE, PLOT_RATIO = "admission.gate", "admission.plot_ratio"
AREA_DECIMALS = 2
AT_LEAST = {">": "超过", ">=": "达到"}


@dataclass(frozen=True)
class Criterion:
    """One criterion: its rule, what a project brings for it, in which unit, to how many decimals."""

    rule_id: str
    amount: str
    ratio: str
    word: str
    amount_unit: str
    decimals: int
    per: Fraction = Fraction(1)


CRITERIA = (
    Criterion("dongkou.investment", "proposed_investment_wan_yuan", "investment_wan_yuan_per_mu", "投资", "万元", 4),
    Criterion("dongkou.output", "proposed_output_wan_yuan", "output_wan_yuan_per_mu", "年产值", "万元", 4),
    Criterion("dongkou.tax", "proposed_tax_wan_yuan", "tax_wan_yuan_per_mu", "年税收", "万元", 4),
    Criterion(PLOT_RATIO, "floor_area_m2", "plot_ratio", "计容建筑面积", "㎡", AREA_DECIMALS, M2_PER_MU),
)  # fmt: skip


class Judgement(NamedTuple):
    """One criterion of every project: the finding, and in the order of the projects what goes with it."""

    criterion: Criterion
    finding: Finding
    stated: pd.Series
    least: pd.Series
    gap: pd.Series
    land: pd.Series
    caveat: Texts
