"""The calendar of every case: one row a step with its paper, day, clause and state; and the days that change a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from landeval.judge.case import Case, day_of, due_of, is_done, is_given, is_unread
from landeval.judge.findings import dates
from landeval.judge.milestones import milestones
from landeval.judge.reasons import listed
from landeval.judge.setting import at
from landeval.judge.steps import BY_KEY, IDLE_PATHS, LOW_USE, MILESTONE, PASSED_OVER, STEPS, Step
from landeval.result import DONE, HORIZONS, NO_TERM, OPEN, OVERDUE, PENDING, UNSURE
from landeval.standards.rules import BASES, Rule
from landeval.timeline import last_day
from landeval.vocabulary.fields import label

COLUMNS = (
    "parcel_id", "procedure_path", "step_order", "step", "step_label", "action", "paper", "step_state", "done_on",
    "due_on", "days_left", "horizon", "due_basis", "responsible", "duty", "step_note", "rule_id", "document",
    "clause", "basis",
)  # fmt: skip
OF_STEP = (
    ("step_order", "order"), ("step", "key"), ("step_label", "label"), ("action", "action"), ("paper", "paper"),
    ("responsible", "responsible"), ("duty", "duty"), ("rule_id", "rule"),
)  # fmt: skip
"""Columns that say the same in every row of a step, with the step's attribute."""


def make_calendar(case: Case, ids: pd.Index) -> pd.DataFrame:
    """Lay out the steps that the law gives each parcel, and where it stands on the as-of date.

    Parameters
    ----------
    case : Case
        The parcels numbered 0 … n-1, with the ``FIELDS`` that a calendar reads.
    ids : Index
        Their ``parcel_id``, sorted.

    Returns
    -------
    DataFrame
        ``COLUMNS``, sorted by parcel and order; the index is the parcel's number. A date after the as-of date is not
        yet done.

    Notes
    -----
    国土资源部令第53号 第五条至第十八条. A step without a term in the text has no due date.
    """
    of_steps = [_steps_of(case.of(case.path.isin(paths)), paths) for paths in (IDLE_PATHS, (LOW_USE,))]
    days = milestones(case.parcels, case.status, case.path, case.facts, case.rules, case.as_of)
    frame = pd.concat([*of_steps, days])
    frame = frame.iloc[np.lexsort((frame["step_order"].to_numpy(dtype="int64"), frame.index))]
    is_running = frame["due_on"].notna() & frame["step_state"].isin((OPEN, OVERDUE))
    left = (frame["due_on"] - case.as_of).dt.days.where(is_running)
    frame["days_left"] = left.astype("float64")
    frame["horizon"] = np.select(
        [left < 0, left <= 30, left <= 60, left <= 90, left > 90], HORIZONS, default=""
    )
    frame["parcel_id"] = ids.to_numpy(dtype=object)[frame.index]
    return _cited(frame, case.rules)[list(COLUMNS)]


def _steps_of(case: Case, paths: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows of the steps of some paths, for the parcels that are on one of these."""
    steps = [step for step in STEPS if set(step.paths) & set(paths)]
    given = {step.key: is_given(step, case) for step in steps}
    days = {step.key: is_done(step, case) for step in steps}
    later = _later_done(steps, given, days)
    closed: dict[str, pd.Series] = {}
    parts, numbers = [], []
    for number, step in enumerate(steps):
        where = given[step.key]
        closed[step.key] = closed[step.after] if step.after else pd.Series(True, index=where.index)
        if where.any():
            seen = (days[step.key][where], closed[step.key][where], later[step.key][where])
            rows, closes = _step_rows(step, case.of(where), *seen)
            closed[step.key] = (
                closes.reindex(where.index).astype("boolean").fillna(closed[step.key]).astype(bool)
            )
            parts.append(rows)
            numbers.append(np.full(len(rows), number))
    if not parts:
        return pd.DataFrame()
    which = np.concatenate(numbers)
    said = {
        name: np.array([getattr(step, of) for step in steps], dtype=object)[which] for name, of in OF_STEP
    }
    return pd.concat(parts).assign(**said)


def _later_done(
    steps: Sequence[Step], given: Mapping[str, pd.Series], days: Mapping[str, pd.Series]
) -> dict[str, pd.Series]:
    """Tell for every step whether one that comes after it is done already."""
    later = {key: pd.Series(False, index=done.index) for key, done in days.items()}
    for step in reversed(steps):
        before = step.after
        if before:
            later[before] = later[before] | (given[step.key] & days[step.key]) | later[step.key]
    return later


def _step_rows(
    step: Step, case: Case, done: pd.Series, ready: pd.Series, later: pd.Series
) -> tuple[pd.DataFrame, pd.Series]:
    """Return the rows of one step for the parcels that have it, and whether it lets the next one begin."""
    day, due, unread = day_of(step, case), due_of(step, case), is_unread(step, case)
    today = pd.Series(case.as_of, index=case.parcels.index).astype("datetime64[s]")
    found_today = pd.Series(False, index=case.parcels.index)
    if step.key == "notice":  # nobody wrote when it was found: then it is found by this run
        unsure = case.parcels["unsure_dates"].fillna("").astype(str)
        blank = ~(case.parcels["found_on"] <= case.as_of) & ~unsure.str.contains(r"\bfound_on\b")
        found_today = blank & ~done & ~unread & ~later
        due = due.where(~found_today, last_day(today, case.rules[step.term].whole))
    gap = later & ~done & ~unread
    no_base = due.isna() if step.term else pd.Series(False, index=case.parcels.index)
    choice = np.select(
        [done, unread | gap, ~ready, no_base, (due < case.as_of).to_numpy() & bool(step.term)],
        [DONE, UNSURE, PENDING, UNSURE, OVERDUE],
        default=OPEN if step.term else NO_TERM,
    )
    state = pd.Series(choice, index=case.parcels.index, dtype="object")
    passed = (state == OVERDUE) & (step.key == "material")  # the bureau may go on without the holder's papers
    rows = pd.DataFrame(
        {
            "procedure_path": case.path,
            "step_state": state,
            "done_on": day.where(done),
            "due_on": due.where(done | state.isin((OPEN, OVERDUE))),
            "due_basis": _basis(step, case, due, found_today),
            "step_note": _notes(step, case, state, day, due, unread, gap),
        }
    )
    return rows, done | gap | passed


def _basis(step: Step, case: Case, due: pd.Series, found_today: pd.Series) -> pd.Series:
    """Say from which day how many days are counted, and whether the last one was a weekend."""
    if not step.term:
        return pd.Series("无法定期限", index=due.index, dtype="object")
    rule = case.rules[step.term]
    since = case.parcels[step.since].where(~found_today, case.as_of)
    told = label(step.since) + " " + dates(since) + " "
    told = told.where(~found_today, "没有发现线索日期，以评价基准日 " + dates(since) + " 为发现之日")
    last = since + pd.Timedelta(days=rule.whole)
    weekend = ("；末日 " + dates(last) + " 逢周六、周日，顺延").where(last.dt.day_of_week >= 5, "")
    text = told + "的次日起 " + str(rule.whole) + " 天" + weekend
    return text.where(due.notna(), label(step.since) + "的次日起 " + str(rule.whole) + " 天，起算日未知")


def _notes(
    step: Step,
    case: Case,
    state: pd.Series,
    day: pd.Series,
    due: pd.Series,
    unread: pd.Series,
    gap: pd.Series,
) -> pd.Series:
    """Say what is odd about a step, or what to look at before it is taken."""
    done = state == DONE
    late = (day - due).dt.days
    said: list[tuple[pd.Series, pd.Series | str]] = [
        (done & (late > 0), "迟于期限 " + late.fillna(0).astype(int).astype(str) + " 天"),
        (done & day.isna() & ~unread, "有文号而日期未填，请补登送达日期"),
        (unread, "日期已填写但无法识别，请核对"),
        (gap, PASSED_OVER),
        (~done & (day > case.as_of), "填报日期 " + dates(day) + " 晚于评价基准日，不计为已办"),
        ((state == UNSURE) & ~unread & ~gap, label(step.since) + "未知，期限无法计算"),
    ]
    is_open = state.isin((OPEN, OVERDUE, NO_TERM))
    if step.key == "cause":
        said.append((is_open, "属企业原因的征缴或收回，属政府原因或不可抗力的协商处置"))
    if step.key == "mortgagee":
        said.append(
            (is_open & case.parcels["mortgagee"].isna(), "抵押权人未填：先查询抵押登记，无抵押的填“无”")
        )
    if step.key == "plan":
        unknown = case.parcels["is_in_supervision_system"].isna()
        said.append((is_open & unknown, "是否已录入监管系统未填：未录入的不适用第十二条，先核实"))
    if step.key in ("fee_decision", "takeback_decision"):
        asked = day_of(BY_KEY[step.key.replace("decision", "request")], case)
        said.append(
            (~done & (asked <= case.as_of), "权利人已于 " + dates(asked) + " 申请听证，须先依法组织听证")
        )
    if step.key == "material":
        said.append((state == OVERDUE, "权利人逾期未提交：可依调查情况认定"))
    parts = []
    for where, text in said:
        rows = np.flatnonzero(where)
        if len(rows):
            each = np.full(len(rows), text, dtype=object) if isinstance(text, str) else at(text)[rows]
            parts.append((rows, each))
    return pd.Series(listed(parts, len(state), "；"), index=state.index, dtype="object", copy=False)


def _cited(frame: pd.DataFrame, rules: Mapping[str, Rule]) -> pd.DataFrame:
    """Put document, clause and how sure the clause is beside every row."""
    which, names = pd.factorize(frame["rule_id"])
    known = [rules.get(name) for name in names]
    said = {
        "document": [rule.document if rule else "" for rule in known],
        "clause": [rule.clause if rule else "" for rule in known],
        "basis": [
            BASES[rule.basis] + (f"；{rule.override}" if rule.override else "") if rule else ""
            for rule in known
        ],
    }
    return frame.assign(**{name: np.array(texts, dtype=object)[which] for name, texts in said.items()})


def next_step(calendar: pd.DataFrame) -> pd.DataFrame:
    """Return the first open step of every parcel that has a procedure.

    A running term goes before steps without one, these before what must be looked up, and days to watch come last;
    a step that later papers have passed over (公示) waits behind the one that they lead to.

    Parameters
    ----------
    calendar : DataFrame
        As made by ``make_calendar``, sorted.

    Returns
    -------
    DataFrame
        Index as the calendar's, once a parcel: ``next_action``, ``next_deadline``, ``next_days`` [day].
    """
    rows = calendar[calendar["procedure_path"] != ""]
    is_step = rows["step_order"] < MILESTONE
    state = rows["step_state"]
    order = rows["step_order"].astype("float64")
    passed = order < order.where(state == DONE).groupby(level=0).transform("max")
    rank = np.select(
        [
            is_step & state.isin((OVERDUE, OPEN)),
            (state == NO_TERM) & ~passed,
            state == NO_TERM,
            state == UNSURE,
            state.isin((OVERDUE, OPEN)),
        ],
        [0, 1, 2, 3, 4],
        default=9,
    )
    first = np.lexsort((order, rank, rows.index))
    first = first[~rows.index[first].duplicated()]
    ranked, is_over = rows.iloc[first], rank[first] == 9
    action = ranked["action"].where(
        state.iloc[first] != UNSURE, "核对并补登“" + ranked["step_label"] + "”环节的日期"
    )
    return pd.DataFrame(
        {
            "next_action": action.mask(is_over, "各环节均已办结").astype("object"),
            "next_deadline": ranked["due_on"].mask(is_over).astype("datetime64[s]"),
            "next_days": ranked["days_left"].mask(is_over).astype("float64"),
        }
    )
