"""The order of disposal: a score whose parts are columns and whose weights are rules (a proposal, to be edited)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.judge.setting import Setting

PARTS = ("score_class", "score_age", "score_land", "score_gap")
NAMES = {"score_age": "时长", "score_land": "面积", "score_gap": "税收差距"}
DAYS_A_YEAR = 365.25


def score(
    setting: Setting,
    status: pd.Series,
    hits: Mapping[str, npt.NDArray[np.bool_]],
    is_alone: npt.NDArray[np.bool_],
    is_candidate: pd.Series,
) -> pd.DataFrame:
    """Score and rank the candidates; a part that is unknown gives no points, and is named.

    Parameters
    ----------
    setting : Setting
        Reads ``area_mu``, ``tax_wan_yuan_per_mu`` and dates; rules ``priority.*``, and ``dongkou.tax`` for the gap.
    status : Series
        Class of each parcel.
    hits : Mapping
        Low-use clause (L1 …) → array of bool.
    is_alone : array of bool
        Low-use by a kind that suffices alone.
    is_candidate : Series of bool

    Returns
    -------
    DataFrame
        ``PARTS``, ``priority_score``, ``score_unknown``, ``priority`` (1 is first; ties: land, then id).
    """
    parcels, facts, rules = setting.parcels, setting.facts, setting.rules

    def points(name: str) -> float:
        return float(rules[f"priority.{name}"].number)

    recognised, two = status == "闲置(已认定)", facts["is_over_two_years"]
    unstarted, suspended = status == "涉嫌闲置(未动工)", status == "涉嫌闲置(中止开发)"
    of_class = np.select(
        [recognised, unstarted & two, unstarted, suspended, (status == "低效候选") & is_alone],
        [points(name) for name in ("recognised", "unstarted_two", "unstarted", "suspended", "low_alone")],
        default=points("low"),
    )
    age, has_age = _age(setting, status, hits)
    tax = rules.get("dongkou.tax")
    line = float(tax.number) if tax else np.nan
    short = (line - parcels["tax_wan_yuan_per_mu"]) / line
    frame = pd.DataFrame(
        {
            "score_class": of_class,
            "score_age": points("age") * (age / points("age_years")).clip(0, 1),
            "score_land": points("land") * (parcels["area_mu"] / points("land_mu")).clip(0, 1),
            "score_gap": points("gap") * short.clip(0, 1),
        },
        index=parcels.index,
    ).round(2)
    frame = frame.where(is_candidate)
    frame["priority_score"] = frame[list(PARTS)].sum(axis=1).round(2).where(is_candidate)
    told = pd.Series("", index=parcels.index, dtype="object")
    for name, word in NAMES.items():
        gap = is_candidate & frame[name].isna() & (has_age if name == "score_age" else True)
        told = told.mask(gap, told + word + "、")
    frame["score_unknown"] = told.str.rstrip("、")
    order = pd.DataFrame(
        {"score": -frame["priority_score"], "land": -parcels["area_mu"].fillna(0), "id": setting.ids},
        index=parcels.index,
    )
    ranked = order[is_candidate].sort_values(["score", "land", "id"])
    rank = pd.Series(np.arange(1, len(ranked) + 1, dtype="float64"), index=ranked.index)
    return frame.assign(priority=rank.reindex(parcels.index))


def _age(
    setting: Setting, status: pd.Series, hits: Mapping[str, npt.NDArray[np.bool_]]
) -> tuple[pd.Series, pd.Series]:
    """Return how long it has lasted [year], and whether it is of a kind that lasts."""
    parcels, facts, as_of = setting.parcels, setting.facts, setting.as_of
    none = np.zeros(len(parcels), dtype=bool)
    due = parcels["extended_completion"].combine_first(parcels["agreed_completion"])
    since = {
        "L1": parcels["actual_completion"],
        "L2": parcels["stopped_production_on"],
        "L3": due,
        "L4": parcels["suspended_on"],
    }
    low = status == "低效候选"
    days = facts["days_overdue"].mask(facts["is_idle_suspended"], (as_of - parcels["suspended_on"]).dt.days)
    lasts = ~low
    for clause, begun in since.items():
        hit = low & hits.get(clause, none)
        passed = (as_of - begun).dt.days.astype("float64").where(hit)
        days = days.where(~hit, np.fmax(days, passed))
        lasts = lasts | hit
    return days / DAYS_A_YEAR, lasts
