"""The consistency doctor: contradictions in the record become questions for the field, never silently resolved."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from landeval import issues
from landeval.judge.causes import Causes
from landeval.judge.production import below_last_year
from landeval.judge.setting import OUTPUT, Setting
from landeval.sources import SOURCE_COLUMNS
from landeval.vocabulary.fields import label

DATED = (
    "actual_start",
    "actual_completion",
    "suspended_on",
    "resumed_on",
    "delivered_on",
    "signed_on",
    "production_started_on",
    "stopped_production_on",
)


def ask(setting: Setting, causes: Causes) -> tuple[pd.Series, pd.DataFrame]:
    """Collect the questions of every parcel.

    Returns
    -------
    Series of text, DataFrame of issues
    """
    parcels = setting.parcels
    unsure = parcels["unsure_dates"].dropna()
    named = unsure.map(_labels).reindex(parcels.index).fillna("").astype("object")
    late = _late(parcels)
    place = parcels[list(SOURCE_COLUMNS)]
    details = {"E411": named, "E470": parcels["idle_cause"].fillna("").astype(str), "E419": late}
    questions = np.full(len(parcels), "", dtype=object)
    problems = []
    for code, mask in {**_of_time(setting), **_of_land(setting, causes), "E419": late != ""}.items():
        rows = np.flatnonzero(np.asarray(mask, dtype=bool))
        if not len(rows):
            continue
        what, detail = issues.CATALOGUE[code].what, details.get(code)
        said = what if detail is None else what + "：" + detail.to_numpy(dtype=object)[rows]
        questions[rows] = questions[rows] + said + "；"
        more = "" if detail is None else detail.iloc[rows]
        about = [_about(setting, code, int(row)) for row in rows]
        each = np.repeat(np.arange(len(rows)), [len(names) for names in about])
        problems.append(
            issues.report(
                code, place.iloc[rows[each]], key=setting.ids[rows[each]],
                detail=more if isinstance(more, str) else more.iloc[each].to_numpy(),
                column=[label(name) for names in about for name in names],
            )
        )  # fmt: skip
    if "doubts" in parcels:
        doubted = parcels["doubts"].fillna("").to_numpy(dtype=object)
        rows = np.flatnonzero(doubted != "")
        questions[rows] = questions[rows] + "待核实：" + doubted[rows] + "；"
    told = pd.Series(questions, index=parcels.index, dtype="object").str.rstrip("；")
    return told, issues.gather(problems)


def _about(setting: Setting, code: str, row: int) -> list[str]:
    """Return the items that one question of one parcel is about: one, but for unreadable dates."""
    parcels = setting.parcels
    if code == "E411":
        return list(dict.fromkeys(str(parcels["unsure_dates"].iloc[row]).split()))
    if code == "E408":
        return [name for name in DATED if parcels[name].iloc[row] > setting.as_of]
    if code == "E418" and not parcels["built_area_m2"].iloc[row] > parcels["buildable_area_m2"].iloc[row]:
        return ["invested_wan_yuan"]
    if code == "E471" and not parcels["resumed_on"].iloc[row] < parcels["suspended_on"].iloc[row]:
        return ["suspended_on"]
    return [issues.CATALOGUE[code].about]


def _labels(names: str) -> str:
    return "、".join(dict.fromkeys(label(name) for name in names.split()))


def _of_time(setting: Setting) -> Mapping[str, pd.Series]:
    """Return the questions that dates raise."""
    parcels, facts = setting.parcels, setting.facts
    future = pd.Series(False, index=parcels.index)
    for name in DATED:
        future |= parcels[name] > setting.as_of
    start, stop = parcels["actual_start"], parcels["suspended_on"]
    return {
        "E401": facts["completed_without_start"] & parcels["actual_completion"].notna(),
        "E411": parcels["unsure_dates"].notna(),
        "E402": start < parcels["signed_on"],
        "E403": parcels["actual_completion"] < start,
        "E409": start < parcels["construction_permit_on"],
        "E415": (start <= setting.as_of)
        & parcels["construction_permit_no"].isna()
        & setting.proof.is_written("construction_permit_no"),
        "E471": (parcels["resumed_on"] < stop) | (stop < start),
        "E408": future,
    }


def _of_land(setting: Setting, causes: Causes) -> Mapping[str, pd.Series]:
    """Return the questions that figures, states and papers raise against the dates."""
    parcels, facts = setting.parcels, setting.facts
    idle = facts["is_idle_unstarted"] | facts["is_warning"]
    is_idle = facts["is_idle_unstarted"] | facts["is_idle_suspended"]
    now, before = setting.of_year(OUTPUT), setting.of_year(OUTPUT, 1)
    still = parcels["operation"].isin(("停产", "半停产"))
    since = parcels["stopped_production_on"]
    built = (parcels[["built_area_m2", "floor_area_m2", "footprint_m2"]] > 0).any(axis=1)
    more = (parcels["built_area_m2"] > parcels["buildable_area_m2"] * (1 + 1e-9)) | (
        parcels["invested_wan_yuan"] > parcels["planned_investment_wan_yuan"] * (1 + 1e-9)
    )
    return {
        "E404": idle & parcels["is_operating"],
        "E413": still & (now > 0) & ((now >= before) | (since < pd.Timestamp(setting.year, 1, 1))),
        "E414": idle & built,
        "E417": (parcels["operation"] == "生产") & ((now == 0) | below_last_year(setting)),
        "E418": more,
        "E407": facts["is_one_share_short"],
        "E410": parcels["idle_decision_no"].notna() & ~is_idle,
        "E470": is_idle & causes.is_unproven,
    }


def _late(parcels: pd.DataFrame) -> pd.Series:
    """Write by how many days the land was handed over late, where that may have kept a parcel from starting."""
    days = (parcels["delivered_on"] - parcels["agreed_delivery"]).dt.days
    late = days[(days > 0) & parcels["actual_start"].isna()]
    text = pd.Series([f"晚 {int(value)} 天" for value in late], index=late.index, dtype="object")
    return text.reindex(parcels.index).fillna("").astype("object")
