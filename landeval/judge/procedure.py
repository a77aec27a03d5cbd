"""Where each case stands: its calendar, its next step, and what its papers contradict."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval import issues
from landeval.judge.calendar import COLUMNS, make_calendar, next_step
from landeval.judge.case import path_of
from landeval.judge.papers import DATES, ask_papers
from landeval.judge.setting import Setting

OTHER_PAPERS = ("notice_no", "idle_decision_no", "mortgagee")


class Procedure(NamedTuple):
    """``calendar`` and ``issues`` by ``parcel_id``; ``step`` and ``questions`` one row a parcel, in their order."""

    calendar: pd.DataFrame
    step: pd.DataFrame
    questions: pd.Series
    issues: pd.DataFrame


def follow(setting: Setting, status: pd.Series, cause: pd.Series) -> Procedure:
    """Follow the procedure of every parcel that has one, any paper of one, or a day to watch; the others cost nothing.

    Parameters
    ----------
    setting : Setting
    status, cause : Series
        Class of each parcel, and cause as settled by ``dispose``.
    """
    path = path_of(status, cause, setting.facts)
    has_file = setting.parcels[[*DATES, *OTHER_PAPERS]].notna().any(axis=1)
    ends = (status == "豁免") & setting.parcels["exemption_until"].notna()
    rows = np.flatnonzero((path != "") | has_file | ends)
    if not len(rows):
        return _nothing(setting)
    ids = setting.ids[rows]

    def mine(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.iloc[rows].set_axis(ids)

    parcels, facts = mine(setting.parcels), mine(setting.facts)
    classes, causes, paths = (column.iloc[rows].set_axis(ids) for column in (status, cause, path))
    rules, as_of = setting.rules, setting.as_of
    calendar = make_calendar(parcels, classes, causes, facts, rules, as_of)
    step = next_step(calendar).reindex(setting.ids).reset_index(drop=True)
    filed = has_file.iloc[rows].to_numpy()
    if not filed.any():
        return _nothing(setting)._replace(calendar=calendar, step=step)
    theirs = calendar[calendar["parcel_id"].isin(ids[filed])]
    asked, problems = ask_papers(
        parcels[filed], classes[filed], paths[filed], facts[filed], theirs, rules, as_of
    )
    questions = asked.reindex(setting.ids).fillna("").reset_index(drop=True).astype("object")
    return Procedure(calendar, step, questions, problems)


def _nothing(setting: Setting) -> Procedure:
    """Return what there is to say where no parcel has a case."""
    index = setting.parcels.index
    calendar = pd.DataFrame(columns=list(COLUMNS), dtype="object").astype(
        {"done_on": "datetime64[s]", "due_on": "datetime64[s]", "days_left": "float64"}
    )
    step = pd.DataFrame({"next_action": None, "next_deadline": pd.NaT, "next_days": np.nan}, index=index)
    typed = step.astype({"next_action": "object", "next_deadline": "datetime64[s]", "next_days": "float64"})
    return Procedure(calendar, typed, pd.Series("", index=index, dtype="object"), issues.empty())
