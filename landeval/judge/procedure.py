"""Where each case stands: its calendar, its next step, and what its papers contradict."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval import issues
from landeval.judge.calendar import COLUMNS, make_calendar, next_step
from landeval.judge.case import FIELDS, Case, path_of
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
        return no_cases(setting)
    rows = rows[np.argsort(setting.ids[rows].to_numpy(dtype=object), kind="stable")]
    whole = Case(setting.parcels, setting.facts, path, status, setting.as_of, setting.rules)
    calendar = make_calendar(whole.at(rows, FIELDS), setting.ids[rows])
    step = next_step(calendar).reindex(np.arange(len(rows))).set_axis(rows).reindex(setting.parcels.index)
    calendar = calendar.reset_index(drop=True)
    filed = rows[has_file.to_numpy()[rows]]
    if not len(filed):
        return no_cases(setting)._replace(calendar=calendar, step=step)
    ids = setting.ids[filed]
    mine = whole.at(filed, tuple(map(str, setting.parcels)))
    parcels, facts = mine.parcels.set_axis(ids), mine.facts.set_axis(ids)
    classes, paths = mine.status.set_axis(ids), mine.path.set_axis(ids)
    theirs = calendar[calendar["parcel_id"].isin(ids)]
    asked, problems = ask_papers(parcels, classes, paths, facts, theirs, setting.rules, setting.as_of)
    questions = asked.reindex(setting.ids).fillna("").reset_index(drop=True).astype("object")
    return Procedure(calendar, step, questions, problems)


def no_cases(setting: Setting) -> Procedure:
    """Return what there is to say where no parcel has a case, or nobody asks for it."""
    index = setting.parcels.index
    calendar = pd.DataFrame(columns=list(COLUMNS), dtype="object").astype(
        {"done_on": "datetime64[s]", "due_on": "datetime64[s]", "days_left": "float64"}
    )
    step = pd.DataFrame({"next_action": None, "next_deadline": pd.NaT, "next_days": np.nan}, index=index)
    typed = step.astype({"next_action": "object", "next_deadline": "datetime64[s]", "next_days": "float64"})
    return Procedure(calendar, typed, pd.Series("", index=index, dtype="object"), issues.empty())
