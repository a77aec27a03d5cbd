"""The calendar of every case: one row a step with its paper, day, clause and state; and the days that change a case."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from landeval.judge.case import Case, day_of, due_of, is_done, is_given, is_unread, path_of
from landeval.judge.findings import dates
from landeval.judge.milestones import milestones
from landeval.judge.steps import BY_KEY, MILESTONE, PASSED_OVER, STEPS, WARNING, Step
from landeval.result import DONE, HORIZONS, NO_TERM, OPEN, OVERDUE, PENDING, UNSURE
from landeval.standards.rules import BASES, Rule
from landeval.timeline import last_day
from landeval.vocabulary.fields import label

COLUMNS = (
    "parcel_id", "procedure_path", "step_order", "step", "step_label", "action", "paper", "step_state", "done_on",
    "due_on", "days_left", "horizon", "due_basis", "responsible", "duty", "step_note", "rule_id", "document",
    "clause", "basis",
)  # fmt: skip


def make_calendar(
    parcels: pd.DataFrame,
    status: pd.Series,
    cause: pd.Series,
    facts: pd.DataFrame,
    rules: Mapping[str, Rule],
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Lay out the steps that the law gives each parcel, and where it stands on the as-of date.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; the dates of the case file, ``mortgagee``, ``is_in_supervision_system``, ``unsure_dates``.
    status, cause : Series
        Class of each parcel, and cause as settled by ``dispose`` (empty where the land is not idle).
    facts : DataFrame
        As made by ``judge_idle``.
    rules : Mapping
        The rulebook.
    as_of : Timestamp

    Returns
    -------
    DataFrame
        ``COLUMNS``, sorted by parcel and order. A date after ``as_of`` is not yet done.

    Notes
    -----
    国土资源部令第53号 第五条至第十八条. A step without a term in the text has no due date.
    """
    whole = Case(parcels, facts, path_of(status, cause, facts), status == "闲置(已认定)", as_of, rules)
    case = whole.of(~whole.path.isin(("", WARNING)))
    given = {step.key: is_given(step, case) for step in STEPS}
    days = {step.key: is_done(step, case) for step in STEPS}
    later = _later_done(given, days)
    closed: dict[str, pd.Series] = {}
    parts = []
    for step in STEPS:
        where = given[step.key]
        ready = closed[step.after] if step.after else pd.Series(True, index=where.index)
        closed[step.key] = ready.copy()
        if where.any():
            seen = (days[step.key][where], ready[where], later[step.key][where])
            rows, closed[step.key][where] = _step_rows(step, case.of(where), *seen)
            parts.append(rows)
    frame = pd.concat([*parts, milestones(parcels, status, whole.path, facts, rules, as_of)])
    rank = frame["due_on"].notna() & frame["step_state"].isin((OPEN, OVERDUE))
    left = (frame["due_on"] - as_of).dt.days.where(rank)
    frame["days_left"] = left.astype("float64")
    frame["horizon"] = np.select(
        [left < 0, left <= 30, left <= 60, left <= 90, left > 90], HORIZONS, default=""
    )
    frame = _cited(frame, rules).rename_axis("parcel_id").reset_index()
    frame = frame.sort_values(["parcel_id", "step_order"], ignore_index=True)
    return frame[list(COLUMNS)]


def _later_done(given: Mapping[str, pd.Series], days: Mapping[str, pd.Series]) -> dict[str, pd.Series]:
    """Tell for every step whether one that comes after it is done already."""
    later = {key: pd.Series(False, index=done.index) for key, done in days.items()}
    for step in reversed(STEPS):
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
            "step_order": step.order,
            "step": step.key,
            "step_label": step.label,
            "action": step.action,
            "paper": step.paper,
            "step_state": state,
            "done_on": day.where(done),
            "due_on": due.where(done | state.isin((OPEN, OVERDUE))),
            "due_basis": _basis(step, case, due, found_today),
            "responsible": step.responsible,
            "duty": step.duty,
            "step_note": _notes(step, case, state, day, due, unread, gap),
            "rule_id": step.rule,
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
    told = pd.Series("", index=state.index, dtype="object")
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
    for where, text in said:
        if where.any():
            told = told.where(~where, told + text + "；")
    return told.str.rstrip("；")


def _cited(frame: pd.DataFrame, rules: Mapping[str, Rule]) -> pd.DataFrame:
    """Put document, clause and how sure the clause is beside every row."""
    names = frame["rule_id"].unique()
    known = {name: rules[name] for name in names if name in rules}
    basis = {
        name: BASES[rule.basis] + (f"；{rule.override}" if rule.override else "")
        for name, rule in known.items()
    }
    blank = dict.fromkeys(names, "")
    cited = {
        "document": blank | {name: rule.document for name, rule in known.items()},
        "clause": blank | {name: rule.clause for name, rule in known.items()},
        "basis": blank | basis,
    }
    return frame.assign(**{name: frame["rule_id"].map(told).astype("object") for name, told in cited.items()})


def next_step(calendar: pd.DataFrame) -> pd.DataFrame:
    """Return the first open step of every parcel that has a procedure.

    A running term goes before steps without one, these before what must be looked up, and days to watch come last;
    a step that later papers have passed over (公示) waits behind the one that they lead to.

    Parameters
    ----------
    calendar : DataFrame
        As made by ``make_calendar``.

    Returns
    -------
    DataFrame
        Index ``parcel_id``: ``next_action``, ``next_deadline``, ``next_days`` [day].
    """
    rows = calendar[calendar["procedure_path"] != ""]
    is_step = rows["step_order"] < MILESTONE
    state = rows["step_state"]
    order = rows["step_order"].astype("float64")
    passed = order < order.where(state == DONE).groupby(rows["parcel_id"]).transform("max")
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
    action = rows["action"].where(state != UNSURE, "核对并补登“" + rows["step_label"] + "”环节的日期")
    ranked = rows.assign(rank=rank, action=action.mask(rank == 9, "各环节均已办结"))
    ranked = ranked.sort_values(["parcel_id", "rank", "step_order"]).drop_duplicates("parcel_id")
    is_over = ranked["rank"] == 9
    return pd.DataFrame(
        {
            "next_action": ranked["action"].to_numpy(dtype=object),
            "next_deadline": ranked["due_on"].mask(is_over).to_numpy(dtype="datetime64[s]"),
            "next_days": ranked["days_left"].mask(is_over).to_numpy(dtype="float64"),
        },
        index=pd.Index(ranked["parcel_id"], name="parcel_id"),
    )
