"""Where a case stands: its procedure, which steps the law gives it, and which of them are done on the as-of date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.judge.causes import ENTERPRISE, GOVERNMENT
from landeval.judge.steps import (
    BY_KEY,
    FEE,
    LOW_USE,
    NEGOTIATED,
    OF_FEE,
    OF_TAKE_BACK,
    STEPS,
    TAKE_BACK,
    UNDECIDED,
    WARNING,
    Step,
)
from landeval.standards.rules import Rule
from landeval.timeline import last_day

RECOGNISED = "闲置(已认定)"
_OF_CASE = (
    "found_on", "notice_no", "idle_decision_no", "idle_decision_on", "mortgagee", "is_in_supervision_system", "unsure_dates",
    "exemption_reason", "exemption_evidence", "exemption_until", "agreement_start_on", "temporary_use_until",
)  # fmt: skip
FIELDS = tuple(
    dict.fromkeys((*(name for step in STEPS for name in (step.done, step.since) if name), *_OF_CASE))
)
"""The fields of a parcel that its calendar reads."""
_NUMBERS = {"notice": "notice_no", "recognition": "idle_decision_no"}
_NO_MORTGAGE = r"^(?:无|没有|未抵押|无抵押(?:权人|权)?|未设(?:定|立)?抵押权?)$"


class Case(NamedTuple):
    """What all steps look at."""

    parcels: pd.DataFrame
    facts: pd.DataFrame
    path: pd.Series
    status: pd.Series
    as_of: pd.Timestamp
    rules: Mapping[str, Rule]

    def of(self, where: pd.Series) -> Case:
        """Return the same of some of the parcels."""
        kept = (self.parcels[where], self.facts[where], self.path[where], self.status[where])
        return Case(*kept, self.as_of, self.rules)

    def at(self, rows: npt.NDArray[np.intp], fields: Sequence[str]) -> Case:
        """Return the parcels at some rows, numbered anew, with some of their fields."""
        parcels, facts = (
            frame.iloc[rows].reset_index(drop=True) for frame in (self.parcels[list(fields)], self.facts)
        )
        path, status = (column.iloc[rows].reset_index(drop=True) for column in (self.path, self.status))
        return Case(parcels, facts, path, status, self.as_of, self.rules)


def path_of(status: pd.Series, cause: pd.Series, facts: pd.DataFrame) -> pd.Series:
    """Return the procedure of each parcel by class, type and cause, as a category; empty where there is none."""
    unstarted = (status == "涉嫌闲置(未动工)") | ((status == RECOGNISED) & facts["is_idle_unstarted"])
    suspended = (status == "涉嫌闲置(中止开发)") | ((status == RECOGNISED) & ~unstarted)
    choice = np.select(
        [
            suspended | (unstarted & (cause == GOVERNMENT)),
            unstarted & (cause == ENTERPRISE) & facts["is_over_two_years"],
            unstarted & (cause == ENTERPRISE),
            unstarted,
            status == "低效候选",
            status == "逾期未动工预警",
        ],
        [NEGOTIATED, TAKE_BACK, FEE, UNDECIDED, LOW_USE, WARNING],
        default="",
    )
    return pd.Series(choice, index=status.index, dtype="category")


def day_of(step: Step, case: Case) -> pd.Series:
    """Return the day written for a step, whenever it is.

    Hearing and approval have one field each for the fee and for the take-back; which of them is meant, the day
    on which two years are full tells.
    """
    if not step.done:
        return pd.Series(pd.NaT, index=case.parcels.index, dtype="datetime64[s]")
    day = case.parcels[step.done]
    if step.key == "recognition":
        day = day.where(day <= case.as_of, case.parcels["idle_decision_on"].fillna(day))
    if step.done in ("hearing_notice_served_on", "hearing_requested_on", "plan_approved_on"):
        for_take_back = (day >= case.facts["two_years_from"]) & ~case.path.isin((NEGOTIATED, LOW_USE))
        day = day.where(for_take_back if step.key in OF_TAKE_BACK else ~for_take_back)
    return pd.Series(day).astype("datetime64[s]")


def is_done(step: Step, case: Case) -> pd.Series:
    """Tell where a step is done on the as-of date: by its day, or by a number that has no day at all."""
    day = day_of(step, case)
    done = day <= case.as_of
    if step.key in _NUMBERS:
        numbered = case.parcels[_NUMBERS[step.key]].fillna("").astype(str).str.contains(r"\d")
        if step.key == "recognition":
            numbered = numbered & (case.status == RECOGNISED)
        done = done | (numbered & day.isna())
    return done


def is_given(step: Step, case: Case) -> pd.Series:
    """Tell for which parcels the law gives a step; a decision served in another path of type 1 keeps its steps."""
    given = case.path.isin(step.paths)
    served = {FEE: "fee_decision_served_on", TAKE_BACK: "takeback_served_on"}
    other = case.path.isin((FEE, TAKE_BACK, UNDECIDED)) & ~given
    if step.key in (*OF_FEE, *OF_TAKE_BACK):
        is_served = case.parcels[served[step.paths[0]]] <= case.as_of
        follows = step.key in ("payment", "deregistration", "fee_enforcement", "takeback_enforcement")
        given = given | (other & (is_served if follows else is_done(step, case)))
    if step.key in ("fee_request", "takeback_request"):  # a right, not a duty: shown where it was used
        given = given & is_done(step, case)
    if step.key == "fee_enforcement":
        given = given & _is_late(BY_KEY["payment"], case)
    if step.key == "takeback_enforcement":
        given = given & _is_late(BY_KEY["deregistration"], case)
    if step.key == "mortgagee":
        given = given & ~case.parcels["mortgagee"].fillna("").astype(str).str.match(_NO_MORTGAGE)
    if step.key == "supervision":
        given = given & (case.parcels["is_in_supervision_system"] == False)  # noqa: E712 (three-valued)
    if step.key == "visit":
        given = given & ~is_done(BY_KEY["low_use_plan"], case)
    return given


def _is_late(step: Step, case: Case) -> pd.Series:
    return ~is_done(step, case) & ~is_unread(step, case) & (due_of(step, case) < case.as_of)


def is_unread(step: Step, case: Case) -> pd.Series:
    """Tell where a step's day is written but unreadable; a whole word, for names end alike."""
    unsure = case.parcels["unsure_dates"].fillna("").astype(str)
    names = [step.done, "idle_decision_on"] if step.key == "recognition" else [step.done]
    return unsure.str.contains("|".join(rf"\b{name}\b" for name in names)) & (step.done != "")


def due_of(step: Step, case: Case) -> pd.Series:
    """Return the last day of a step's term; NaT where it has none or where the day it counts from is unknown."""
    if not step.term:
        return pd.Series(pd.NaT, index=case.parcels.index, dtype="datetime64[s]")
    since = case.parcels[step.since]
    return last_day(since.where(since <= case.as_of), case.rules[step.term].whole)
