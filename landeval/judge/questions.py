"""Contradictions in the ledger: questions for the field, listed and never silently resolved."""

from __future__ import annotations

import pandas as pd

from landeval import issues
from landeval.sources import SOURCE_COLUMNS
from landeval.vocabulary.fields import label


def ask(parcels: pd.DataFrame, facts: pd.DataFrame, as_of: pd.Timestamp) -> tuple[pd.Series, pd.DataFrame]:
    """Collect the questions of every parcel.

    Returns
    -------
    Series of text, DataFrame of issues
    """
    idle = facts["is_idle_unstarted"] | facts["is_warning"]
    future = pd.Series(False, index=parcels.index)
    for name in ("actual_start", "actual_completion", "suspended_on", "delivered_on", "signed_on"):
        future |= parcels[name] > as_of
    cases = {
        "E401": facts["completed_without_start"] & parcels["actual_completion"].notna(),
        "E411": parcels["unsure_dates"].notna(),
        "E402": parcels["actual_start"] < parcels["signed_on"],
        "E403": parcels["actual_completion"] < parcels["actual_start"],
        "E404": idle & parcels["is_operating"],
        "E407": facts["is_one_share_short"],
        "E408": future,
        "E410": parcels["idle_decision_no"].notna()
        & ~facts["is_idle_unstarted"]
        & ~facts["is_idle_suspended"],
    }
    named = (
        parcels["unsure_dates"]
        .fillna("")
        .astype(str)
        .map(lambda names: "、".join(dict.fromkeys(label(name) for name in names.split())))
    )
    questions = pd.Series("", index=parcels.index, dtype="object")
    problems = []
    for code, mask in cases.items():
        detail = named[mask] if code == "E411" else ""
        told = issues.CATALOGUE[code].what + (("：" + named) if code == "E411" else "") + "；"
        questions = questions.where(~mask, questions + told)
        problems.append(
            issues.report(
                code, parcels.loc[mask, list(SOURCE_COLUMNS)], key=parcels.index[mask], detail=detail
            )
        )
    return questions.str.rstrip("；"), issues.gather(problems)
