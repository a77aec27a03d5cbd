"""The calendar of every case: one row a step with its paper, day, clause and state; and the days that change a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval.judge.causes import ENTERPRISE, GOVERNMENT
from landeval.judge.findings import dates
from landeval.judge.milestones import milestones
from landeval.judge.steps import (
    BY_KEY,
    FEE,
    LOW_USE,
    MILESTONE,
    NEGOTIATED,
    OF_FEE,
    OF_TAKE_BACK,
    PASSED_OVER,
    STEPS,
    TAKE_BACK,
    UNDECIDED,
    WARNING,
    Step,
)
from landeval.result import DONE, HORIZONS, NO_TERM, OPEN, OVERDUE, PENDING, UNSURE
from landeval.standards.rules import BASES, Rule
from landeval.timeline import last_day
from landeval.vocabulary.fields import label

COLUMNS = (
    "parcel_id", "procedure_path", "step_order", "step", "step_label", "action", "paper", "step_state", "done_on",
    "due_on", "days_left", "horizon", "due_basis", "responsible", "duty", "step_note", "rule_id", "document",
    "clause", "basis",
)  # fmt: skip
_NUMBERS = {"notice": "notice_no", "recognition": "idle_decision_no"}
_NO_MORTGAGE = r"^(?:无|没有|未抵押|无抵押(?:权人|权)?|未设(?:定|立)?抵押权?)$"


class _Case(NamedTuple):
    """What all steps look at."""

    parcels: pd.DataFrame
    facts: pd.DataFrame
    path: pd.Series
    is_recognised: pd.Series
    as_of: pd.Timestamp
    rules: Mapping[str, Rule]

    def of(self, where: pd.Series) -> _Case:
        """Return the same of some of the parcels."""
        kept = (self.parcels[where], self.facts[where], self.path[where], self.is_recognised[where])
        return _Case(*kept, self.as_of, self.rules)


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
    whole = _Case(parcels, facts, path_of(status, cause, facts), status == "闲置(已认定)", as_of, rules)
    case = whole.of(~whole.path.isin(("", WARNING)))
    given = {step.key: _is_given(step, case) for step in STEPS}
    days = {step.key: _done(step, case) for step in STEPS}
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


def path_of(status: pd.Series, cause: pd.Series, facts: pd.DataFrame) -> pd.Series:
    """Return the procedure of each parcel by class, type and cause; empty where there is none."""
    unstarted = (status == "涉嫌闲置(未动工)") | ((status == "闲置(已认定)") & facts["is_idle_unstarted"])
    suspended = (status == "涉嫌闲置(中止开发)") | ((status == "闲置(已认定)") & ~unstarted)
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
    return pd.Series(choice, index=status.index, dtype="object")


def _day(step: Step, case: _Case) -> pd.Series:
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


def _done(step: Step, case: _Case) -> pd.Series:
    """Tell where a step is done on the as-of date: by its day, or by a number that has no day at all."""
    day = _day(step, case)
    done = day <= case.as_of
    if step.key in _NUMBERS:
        numbered = case.parcels[_NUMBERS[step.key]].fillna("").astype(str).str.contains(r"\d")
        if step.key == "recognition":
            numbered = numbered & case.is_recognised
        done = done | (numbered & day.isna())
    return done


def _is_given(step: Step, case: _Case) -> pd.Series:
    """Tell for which parcels the law gives a step; a decision served in another path of type 1 keeps its steps."""
    given = case.path.isin(step.paths)
    served = {FEE: "fee_decision_served_on", TAKE_BACK: "takeback_served_on"}
    other = case.path.isin((FEE, TAKE_BACK, UNDECIDED)) & ~given
    if step.key in (*OF_FEE, *OF_TAKE_BACK):
        is_served = case.parcels[served[step.paths[0]]] <= case.as_of
        follows = step.key in ("payment", "deregistration", "fee_enforcement", "takeback_enforcement")
        given = given | (other & (is_served if follows else _done(step, case)))
    if step.key in ("fee_request", "takeback_request"):  # a right, not a duty: shown where it was used
        given = given & _done(step, case)
    if step.key == "fee_enforcement":
        given = given & _is_late(BY_KEY["payment"], case)
    if step.key == "takeback_enforcement":
        given = given & _is_late(BY_KEY["deregistration"], case)
    if step.key == "mortgagee":
        given = given & ~case.parcels["mortgagee"].fillna("").astype(str).str.match(_NO_MORTGAGE)
    if step.key == "supervision":
        given = given & (case.parcels["is_in_supervision_system"] == False)  # noqa: E712 (three-valued)
    if step.key == "visit":
        given = given & ~_done(BY_KEY["low_use_plan"], case)
    return given


def _is_late(step: Step, case: _Case) -> pd.Series:
    return ~_done(step, case) & ~_is_unread(step, case) & (_due(step, case) < case.as_of)


def _is_unread(step: Step, case: _Case) -> pd.Series:
    """Tell where a step's day is written but unreadable; a whole word, for names end alike."""
    unsure = case.parcels["unsure_dates"].fillna("").astype(str)
    names = [step.done, "idle_decision_on"] if step.key == "recognition" else [step.done]
    return unsure.str.contains("|".join(rf"\b{name}\b" for name in names)) & (step.done != "")


def _later_done(given: Mapping[str, pd.Series], days: Mapping[str, pd.Series]) -> dict[str, pd.Series]:
    """Tell for every step whether one that comes after it is done already."""
    later = {key: pd.Series(False, index=done.index) for key, done in days.items()}
    for step in reversed(STEPS):
        before = step.after
        if before:
            later[before] = later[before] | (given[step.key] & days[step.key]) | later[step.key]
    return later


def _due(step: Step, case: _Case) -> pd.Series:
    """Return the last day of a step's term; NaT where it has none or where the day it counts from is unknown."""
    if not step.term:
        return pd.Series(pd.NaT, index=case.parcels.index, dtype="datetime64[s]")
    since = case.parcels[step.since]
    return last_day(since.where(since <= case.as_of), case.rules[step.term].whole)


def _step_rows(
    step: Step, case: _Case, done: pd.Series, ready: pd.Series, later: pd.Series
) -> tuple[pd.DataFrame, pd.Series]:
    """Return the rows of one step for the parcels that have it, and whether it lets the next one begin."""
    day, due, unread = _day(step, case), _due(step, case), _is_unread(step, case)
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


def _basis(step: Step, case: _Case, due: pd.Series, found_today: pd.Series) -> pd.Series:
    """Say from which day how many days are counted, and whether the last one was a weekend."""
    if not step.term:
        return pd.Series("无法定期限", index=due.index, dtype="object")
    rule = case.rules[step.term]
    since = case.parcels[step.since].where(~found_today, case.as_of)
    told = label(step.since) + " " + dates(since)
    told = told.where(~found_today, "没有发现线索日期，以评价基准日 " + dates(since) + " 为发现之日")
    last = since + pd.Timedelta(days=rule.whole)
    weekend = ("；末日 " + dates(last) + " 逢周六、周日，顺延").where(last.dt.day_of_week >= 5, "")
    text = told + "的次日起 " + str(rule.whole) + " 天" + weekend
    return text.where(due.notna(), label(step.since) + "的次日起 " + str(rule.whole) + " 天，起算日未知")


def _notes(
    step: Step,
    case: _Case,
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
        asked = _day(BY_KEY[step.key.replace("decision", "request")], case)
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
