"""What is missing for a full judgement of each parcel, with the office that usually holds it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from landeval.judge.added import of_effect, operand_of
from landeval.judge.findings import UNKNOWN, Finding, Texts
from landeval.judge.low_use import NEEDS, YIELDS
from landeval.judge.setting import Setting
from landeval.judge.suspension import AREAS, MONEYS
from landeval.judge.wording import missing
from landeval.result import MONEY


def gaps(setting: Setting, status: pd.Series, findings: Sequence[Finding], year: int | None) -> pd.Series:
    """Name the missing items of every parcel, 、 between.

    The operands of the low-use kinds are named only where the parcel's tables have such a column: what no
    office was asked for is said in the findings alone.
    """
    parcels, facts = setting.parcels, setting.facts
    industrial = parcels["is_industrial"]
    judged = status.isin(("资料不足", "关注", "达标", "低效候选")) & (industrial != False)  # noqa: E712
    wanted: dict[str, pd.Series] = {name: parcels[name].isna() & judged for name in MONEY}
    wanted["land_use"] = industrial.isna()
    wanted["area_registered_m2"] = parcels["area_mu"].isna()
    wanted["agreed_completion"] = facts["is_building_unknown"] & parcels["agreed_completion"].isna()
    if setting.switches.idle:
        unknown = facts["is_start_unknown"] & ~facts["completed_without_start"] & ~facts["is_start_unread"]
        wanted["agreed_start"] = unknown & ~facts["is_start_nowhere"]
        wanted["actual_start"] = facts["completed_without_start"] | facts["is_start_nowhere"]
        stopped = (facts["is_suspension_unknown"] & parcels["suspended_on"].notna()) | facts[
            "is_idle_suspended"
        ]
        for name in (*AREAS, *MONEYS):
            wanted[name] = stopped & parcels[name].isna()
        unstarted = facts["is_idle_unstarted"]
        wanted["idle_cause"] = unstarted & parcels["idle_cause"].isna()
        wanted["cause_evidence"] = (
            unstarted & parcels["idle_cause"].notna() & parcels["cause_evidence"].isna()
        )
        wanted["price_wan_yuan"] = unstarted & parcels["price_wan_yuan"].isna()
    told = _Told(len(parcels))
    for name, gap in wanted.items():
        told.add(gap, missing(name))
    undecided = {one.rule.rule_id: one for one in findings}
    for name in YIELDS:
        if name not in undecided or year is None:
            continue
        one = undecided[name]
        money = one.rule.quantity.removesuffix("_per_mu")
        gap = judged & (one.verdict == UNKNOWN) & parcels[money].notna() & parcels["area_mu"].notna()
        told.add(gap & industrial.notna(), "上年" + missing(money))
    for name, needed in NEEDS.items():
        for field in needed if name in undecided else ():
            blank = parcels[field].isna() & setting.proof.is_written(field)
            told.add(judged & (undecided[name].verdict == UNKNOWN) & blank, missing(field))
    for one in (*of_effect(findings, "line"), *of_effect(findings, "lowuse")):
        operand = operand_of(one.rule.quantity)
        blank = judged & (one.verdict == UNKNOWN) & parcels[one.rule.quantity].isna()
        told.add(blank, missing(operand))
    told.add(
        (status == "低效候选") & parcels["production_started_on"].isna(), missing("production_started_on")
    )
    return pd.Series(told.text, index=parcels.index, dtype="object")


class _Told:
    """What is missing of each parcel so far, each item once."""

    def __init__(self, size: int) -> None:
        self.text: Texts = np.full(size, "", dtype=object)

    def add(self, gap: pd.Series, item: str) -> None:
        rows = np.flatnonzero(gap)
        self.text[rows] = [
            said if f"、{item}、" in f"、{said}、" else f"{said}、{item}" if said else item
            for said in self.text[rows]
        ]
