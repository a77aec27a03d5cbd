"""Has the land been started, and when should it have been: type 1 未动工 of Order 53, and the warning before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from landeval.judge.findings import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    UNKNOWN,
    Finding,
    Rows,
    Telling,
    dates,
)
from landeval.judge.proof import Proof
from landeval.judge.wording import full, missing, span
from landeval.project import Switches
from landeval.standards.rules import Rule
from landeval.timeline import add_years, days_past, full_months, full_years_from

COLLECTIVE = "集体土地，不适用《闲置土地处置办法》"


def start_facts(
    parcels: pd.DataFrame,
    rules: Mapping[str, Rule],
    as_of: pd.Timestamp,
    switches: Switches,
    proof: Proof,
) -> pd.DataFrame:
    """Find out each parcel's due start, and what is known of its actual one.

    A start is taken as not made only where the record has a place for it: a parcel whose tables have no column
    for the actual start is unknown.

    Returns
    -------
    DataFrame
        ``due_start``, ``due_start_basis``, ``days_overdue``, ``months_overdue``, ``idle_from``, ``two_years_from``
        and what ``Idle.facts`` says of type 1.

    Notes
    -----
    国土资源部令第53号 第二条第一款、第十二条第一项、第二十二条.
    """
    handover = add_years(parcels["delivered_on"], rules["idle.handover_years"].whole)
    unsure = parcels["unsure_dates"].fillna("").astype(str)
    no_due = unsure.str.contains("extended_start") | (
        parcels["extended_start"].isna() & unsure.str.contains("agreed_start|delivered_on")
    )
    due = parcels["extended_start"].combine_first(parcels["agreed_start"]).combine_first(handover)
    due = due.mask(no_due)
    basis = np.select(
        [no_due, parcels["extended_start"].notna(), parcels["agreed_start"].notna(), handover.notna()],
        ["未知", "批准延期", "合同约定", "未约定，按实际交地满一年"],
        default="未知",
    )
    dated = parcels["actual_start"].notna()
    started = (parcels["actual_start"] <= as_of) | (parcels["suspended_on"] <= as_of)
    completed = parcels["actual_completion"] <= as_of
    stopped_later = ~dated & (parcels["suspended_on"] > as_of)
    contradictory = ~started & (completed | (~dated & parcels["actual_completion"].notna()) | stopped_later)
    unread = ~started & unsure.str.contains("actual_start|actual_completion|suspended_on")
    nowhere = ~dated & ~proof.is_written("actual_start")
    counts = {"anniversary_counts": switches.anniversary_counts}
    idle_from = full_years_from(due, rules["idle.not_started"].whole, **counts)
    two_from = full_years_from(due, rules["idle.takeback_years"].whole, **counts)
    collective = parcels["is_state_owned"] == False  # noqa: E712 (three-valued)
    seen = ~started & ~contradictory & ~unread & due.notna()
    past = days_past(due, as_of)
    waiting = seen & ~collective & (~nowhere | (past <= 0))
    undated = ~started & ~contradictory & ~unread & (due.isna() | (nowhere & (past > 0)))
    operating = parcels["is_operating"] & switches.operating_implies_started
    overdue = waiting & (past > 0)
    return pd.DataFrame(
        {
            "due_start": due,
            "due_start_basis": basis,
            "idle_from": idle_from,
            "two_years_from": two_from,
            "days_overdue": past.where(overdue),
            "months_overdue": full_months(due, as_of, **counts).where(overdue),
            "is_started": started,
            "is_completed": completed,
            "is_idle_unstarted": waiting & (idle_from <= as_of),
            "is_over_two_years": waiting & (two_from <= as_of),
            "is_warning": overdue & ~(idle_from <= as_of),
            "is_not_due": waiting & (past <= 0),
            "is_operating_undated": undated & operating & ~no_due & ~collective,
            "is_start_unknown": (contradictory | unread | (undated & (~operating | no_due))) & ~collective,
            "is_start_unread": (unread | (undated & no_due)) & ~contradictory & ~collective,
            "is_start_nowhere": undated & due.notna() & nowhere & ~operating & ~collective,
            "completed_without_start": contradictory,
            "is_collective": collective,
        },
        index=parcels.index,
    )


def start_finding(
    parcels: pd.DataFrame, facts: pd.DataFrame, rule: Rule, as_of: pd.Timestamp, proof: Proof
) -> Finding:
    """Tell what Art. 2 paragraph 1 says of each parcel."""
    due, today = dates(facts["due_start"]).to_numpy(), as_of.strftime("%Y-%m-%d")
    basis = facts["due_start_basis"].to_numpy(dtype=object)
    begun, stopped = dates(parcels["actual_start"]).to_numpy(), dates(parcels["suspended_on"]).to_numpy()
    from_day = dates(facts["idle_from"]).to_numpy()
    years = full(rule)

    def overdue(rows: Rows) -> Any:
        late = span(facts["months_overdue"].to_numpy()[rows], facts["days_overdue"].to_numpy()[rows])
        return "应动工日期 " + due[rows] + "（" + basis[rows] + "），至 " + today + " 逾期 " + late + "未动工"

    told = Telling(rule, len(parcels))
    told.tell(facts["is_collective"], NOT_APPLICABLE, COLLECTIVE)
    told.tell(facts["completed_without_start"], UNKNOWN, "有竣工或停工日期而无动工日期，是否动工待核实")
    told.tell(
        facts["is_operating_undated"] & facts["due_start"].notna(),
        NOT_APPLICABLE,
        lambda rows: "应动工日期 " + due[rows] + "（" + basis[rows] + "），所交资料没有登记实际动工日期的一列；"
        "当年有产值或税收，视为已动工，请核实",
    )  # fmt: skip
    told.tell(
        facts["is_operating_undated"],
        NOT_APPLICABLE,
        "约定与实际动工日期均未登记；当年有产值或税收，视为已动工，请核实",
    )
    told.tell(facts["is_start_unread"], UNKNOWN, "动工、交地等日期已填写，但无法识别或相互矛盾，待核实")
    told.tell(
        facts["is_start_nowhere"],
        UNKNOWN,
        lambda rows: "应动工日期 " + due[rows] + "（" + basis[rows] + "），所交资料没有登记" + missing("actual_start")
        + "的一列，是否动工无法判定",
    )  # fmt: skip
    told.tell(
        facts["is_start_unknown"],
        UNKNOWN,
        "没有约定动工日期和实际交地日期，无法计算；缺" + missing("agreed_start"),
    )
    told.tell(
        facts["is_idle_unstarted"],
        NOT_MET,
        lambda rows: overdue(rows) + "，已" + years + "（自 " + from_day[rows] + " 起）",
    )
    told.tell(
        facts["is_warning"],
        MET,
        lambda rows: overdue(rows) + "，未" + years + "（" + from_day[rows] + " 起" + years + "）",
    )
    told.tell(
        facts["is_not_due"], MET, lambda rows: "应动工日期 " + due[rows] + "（" + basis[rows] + "）未到"
    )
    told.tell(parcels["actual_start"].notna(), MET, lambda rows: "已于 " + begun[rows] + " 动工")
    told.tell(
        True,
        MET,
        lambda rows: "有中止开发记录（" + stopped[rows] + "），视为已动工，动工日期未知",
    )
    where = proof.cells("due_start", "actual_start")
    return told.finding(value=due, threshold=years, evidence=where, unit="")
