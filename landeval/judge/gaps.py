"""What is missing for a full judgement of each parcel, with the office that usually holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.judge.added import of_effect, operand_of
from landeval.judge.causes import ENTERPRISE, cause_of
from landeval.judge.findings import UNKNOWN, Finding, Texts
from landeval.judge.low_use import NEEDS, YIELDS
from landeval.judge.reasons import listed
from landeval.judge.setting import Setting
from landeval.judge.suspension import AREAS, MONEYS
from landeval.judge.wording import missing
from landeval.result import MONEY


def gaps(
    setting: Setting,
    status: pd.Series,
    findings: Sequence[Finding],
    year: int | None,
    spared: Mapping[str, npt.NDArray[np.bool_]],
) -> pd.Series:
    """Name the missing items of every parcel, 、 between.

    The operands of the low-use kinds are named only where the parcel's tables have such a column: what no
    office was asked for is said in the findings alone. ``spared`` marks, by the name of a figure of money, the
    parcels that are exempt from all that reads it.
    """
    parcels, facts = setting.parcels, setting.facts
    industrial = parcels["is_industrial"]
    judged = status.isin(("资料不足", "关注", "达标", "低效候选")) & (industrial != False)  # noqa: E712
    wanted: dict[str, pd.Series] = {name: parcels[name].isna() & judged & ~spared[name] for name in MONEY}
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
        unstarted = facts["is_idle_unstarted"] & (status != "豁免")
        wanted["idle_cause"] = unstarted & parcels["idle_cause"].isna()
        wanted["cause_evidence"] = (
            unstarted
            & parcels["idle_cause"].notna()
            & parcels["cause_evidence"].isna()
            & (cause_of(parcels["idle_cause"]) != ENTERPRISE)  # only what excuses is to be proved (Art. 8)
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
    return pd.Series(told.texts(), index=parcels.index, dtype="object")


class _Told:
    """What is missing of which parcels, each item once, in the order in which it is first asked for."""

    def __init__(self, size: int) -> None:
        self._gaps: dict[str, npt.NDArray[np.bool_]] = {}
        self._size = size

    def add(self, gap: pd.Series | npt.NDArray[np.bool_], item: str) -> None:
        former = self._gaps.get(item, False)
        self._gaps[item] = np.asarray(gap, dtype=bool) | former

    def texts(self) -> Texts:
        found = [(item, np.flatnonzero(gap)) for item, gap in self._gaps.items()]
        return listed(
            [(rows, np.full(len(rows), item, dtype=object)) for item, rows in found], self._size, "、"
        )
