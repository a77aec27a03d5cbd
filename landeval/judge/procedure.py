"""Where each case stands: its calendar, its next step, and what its papers contradict."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval.judge.calendar import make_calendar, next_step, path_of
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
    ids = setting.ids[rows]

    def mine(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.iloc[rows].set_axis(ids)

    parcels, facts = mine(setting.parcels), mine(setting.facts)
    classes, causes, paths = (column.iloc[rows].set_axis(ids) for column in (status, cause, path))
    rules, as_of = setting.rules, setting.as_of
    calendar = make_calendar(parcels, classes, causes, facts, rules, as_of)
    asked, problems = ask_papers(parcels, classes, paths, facts, calendar, rules, as_of)
    step = next_step(calendar).reindex(setting.ids).reset_index(drop=True)
    questions = asked.reindex(setting.ids).fillna("").reset_index(drop=True).astype("object")
    return Procedure(calendar, step, questions, problems)
