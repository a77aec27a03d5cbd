"""Idle land by 《闲置土地处置办法》 (Order 53): type 1 未动工, type 2 中止开发, and the warning before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval.judge.findings import MET, NOT_APPLICABLE, NOT_MET, UNKNOWN, dates, findings
from landeval.project import Switches
from landeval.standards.rules import Rule
from landeval.timeline import add_years, days_past, full_years_from


class Idle(NamedTuple):
    """What was found of each parcel's start: ``facts`` (index parcel_id) and ``findings``."""

    facts: pd.DataFrame
    findings: pd.DataFrame


def judge_idle(
    parcels: pd.DataFrame,
    rules: Mapping[str, Rule],
    as_of: pd.Timestamp,
    switches: Switches,
    evidence: pd.DataFrame,
) -> Idle:
    """Judge type 1 and type 2 for every parcel.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; dates, shares' operands, ``is_operating`` (output or tax in the year).
    rules : Mapping
        Must hold the ``idle.*`` rules.
    as_of : Timestamp
        Day of judgement.
    switches : Switches
    evidence : DataFrame
        Index ``parcel_id``, a column a date field.

    Returns
    -------
    Idle
        ``facts``: ``due_start``, ``due_start_basis``, ``days_overdue``, ``months_overdue``, ``idle_from``,
        ``two_years_from``, and booleans ``is_idle_unstarted``, ``is_idle_suspended``, ``is_warning``,
        ``is_not_due``, ``is_under_construction``, ``is_idle_unknown``, ``is_one_share_short``,
        ``completed_without_start``.

    Notes
    -----
    国土资源部令第53号 第二条、第二十二条. A parcel that has started, however late, is not idle of type 1.
    """
    facts = _start_facts(parcels, rules, as_of, switches)
    facts = facts.join(_suspension_facts(parcels, rules, as_of, switches))
    facts["is_under_construction"] = (
        facts["is_started"]
        & ~facts["is_completed"]
        & (parcels["agreed_completion"] >= as_of)
        & parcels["suspended_on"].isna()
    )
    parts = [_unstarted_findings(parcels, facts, rules["idle.not_started"], as_of, evidence)]
    parts.append(_suspended_findings(parcels, facts, rules, as_of, evidence))
    return Idle(facts, pd.concat(parts, ignore_index=True))


def _start_facts(
    parcels: pd.DataFrame, rules: Mapping[str, Rule], as_of: pd.Timestamp, switches: Switches
) -> pd.DataFrame:
    handover = add_years(parcels["delivered_on"], int(rules["idle.handover_years"].number))
    due = parcels["extended_start"].combine_first(parcels["agreed_start"]).combine_first(handover)
    basis = np.select(
        [parcels["extended_start"].notna(), parcels["agreed_start"].notna(), handover.notna()],
        ["批准延期", "合同约定", "未约定，按实际交地满一年"],
        default="未知",
    )
    suspended = parcels["suspended_on"].notna()
    started = (parcels["actual_start"] <= as_of) | suspended
    completed = parcels["actual_completion"] <= as_of
    contradictory = completed & ~started
    one = int(rules["idle.not_started"].number)
    idle_from = full_years_from(due, one, anniversary_counts=switches.anniversary_counts)
    two_from = full_years_from(
        due, int(rules["idle.takeback_years"].number), anniversary_counts=switches.anniversary_counts
    )
    waiting = ~started & ~completed & due.notna()
    past = days_past(due, as_of)
    undated = due.isna() & ~started & ~completed
    operating = parcels["is_operating"] & switches.operating_implies_started
    return pd.DataFrame(
        {
            "due_start": due,
            "due_start_basis": basis,
            "idle_from": idle_from,
            "two_years_from": two_from,
            "days_overdue": past.where(waiting & (past > 0)),
            "months_overdue": _months(due, as_of).where(waiting & (past > 0)),
            "is_started": started,
            "is_completed": completed,
            "is_idle_unstarted": waiting & (idle_from <= as_of),
            "is_over_two_years": waiting & (two_from <= as_of),
            "is_warning": waiting & (past > 0) & ~(idle_from <= as_of),
            "is_not_due": waiting & (past <= 0),
            "is_operating_undated": undated & operating,
            "is_start_unknown": contradictory | (undated & ~operating),
            "completed_without_start": contradictory,
        },
        index=parcels.index,
    )


def _months(start: pd.Series, as_of: pd.Timestamp) -> pd.Series:
    months = (as_of.year - start.dt.year) * 12 + as_of.month - start.dt.month
    return pd.Series(months - (start.dt.day > as_of.day)).astype("float64")


def _suspension_facts(
    parcels: pd.DataFrame, rules: Mapping[str, Rule], as_of: pd.Timestamp, switches: Switches
) -> pd.DataFrame:
    years = int(rules["idle.suspended_years"].number)
    from_day = full_years_from(parcels["suspended_on"], years, anniversary_counts=switches.anniversary_counts)
    long_enough = from_day <= as_of
    area = _short(parcels["built_area_m2"], parcels["buildable_area_m2"], rules["idle.area_share"])
    money = _short(
        parcels["invested_wan_yuan"], parcels["planned_investment_wan_yuan"], rules["idle.investment_share"]
    )
    if switches.suspended_logic == "any":
        hit, clear = (area == 1) | (money == 1), (area == 0) & (money == 0)
    else:
        hit, clear = (area == 1) & (money == 1), (area == 0) | (money == 0)
    completed = parcels["actual_completion"] <= as_of
    return pd.DataFrame(
        {
            "suspended_idle_from": from_day,
            "built_share": parcels["built_area_m2"]
            / parcels["buildable_area_m2"].where(lambda total: total > 0),
            "invested_share": parcels["invested_wan_yuan"]
            / parcels["planned_investment_wan_yuan"].where(lambda total: total > 0),
            "is_idle_suspended": long_enough & hit & ~completed,
            "is_suspension_unknown": long_enough & ~hit & ~clear & ~completed,
            "is_one_share_short": long_enough & ((area == 1) != (money == 1)) & ~completed,
        },
        index=parcels.index,
    )


def _short(part: pd.Series, whole: pd.Series, rule: Rule) -> pd.Series:
    """Tell 1 where part ÷ whole is short of the rule's fraction, 0 where it is not, NaN where unknown.

    Both sides are multiplied out, so that exactly 1/3 is not short; 1e-12 absorbs unit conversion.
    """
    line = rule.number
    known = part.notna() & whole.notna() & (whole > 0)
    short = part * line.denominator < whole * line.numerator * (1 - 1e-12)
    return short.astype("float64").where(known)


def _unstarted_findings(
    parcels: pd.DataFrame, facts: pd.DataFrame, rule: Rule, as_of: pd.Timestamp, evidence: pd.DataFrame
) -> pd.DataFrame:
    due, today = dates(facts["due_start"]), as_of.strftime("%Y-%m-%d")
    basis = facts["due_start_basis"].astype(str)
    months = facts["months_overdue"].fillna(0).astype(int)
    span = months.floordiv(12).astype(str) + " 年 " + months.mod(12).astype(str) + " 个月"
    clock = "应动工日期 " + due + "（" + basis + "），至 " + today
    reason = np.select(
        [
            facts["completed_without_start"],
            facts["is_operating_undated"],
            facts["is_start_unknown"],
            facts["is_idle_unstarted"],
            facts["is_warning"],
            facts["is_not_due"],
        ],
        [
            "有竣工日期而无动工日期，是否动工待核实",
            "约定与实际动工日期均未登记；当年有产值或税收，视为已动工，请核实",
            "没有约定动工日期和实际交地日期，无法计算",
            clock + " 逾期 " + span + "未动工，已满一年（自 " + dates(facts["idle_from"]) + " 起）",
            clock + " 逾期 " + span + "未动工，未满一年（" + dates(facts["idle_from"]) + " 起满一年）",
            "应动工日期 " + due + "（" + basis + "）未到",
        ],
        default="已于 " + dates(parcels["actual_start"]) + " 动工",
    )
    verdict = np.select(
        [facts["is_operating_undated"], facts["is_start_unknown"], facts["is_idle_unstarted"]],
        [NOT_APPLICABLE, UNKNOWN, NOT_MET],
        default=MET,
    )
    where = evidence["due_start"].reindex(parcels.index).fillna("")
    return findings(
        rule,
        parcels.index,
        value=due,
        threshold="满一年",
        verdict=verdict,
        reason=reason,
        evidence=where,
        unit="",
    )


def _suspended_findings(
    parcels: pd.DataFrame,
    facts: pd.DataFrame,
    rules: Mapping[str, Rule],
    as_of: pd.Timestamp,
    evidence: pd.DataFrame,
) -> pd.DataFrame:
    rule = rules["idle.suspended_years"]
    stopped = parcels["suspended_on"].notna()
    day = dates(parcels["suspended_on"])
    shares = (
        "开发面积比例 " + _percent(facts["built_share"]) + "，投资比例 " + _percent(facts["invested_share"])
    )
    reason = np.select(
        [~stopped, facts["is_idle_suspended"], facts["is_suspension_unknown"]],
        [
            "没有中止开发记录",
            "自 " + day + " 中止开发满一年，" + shares + "，不足三分之一或百分之二十五",
            "自 " + day + " 中止开发满一年，" + shares + "，缺少面积或投资数据",
        ],
        default="自 " + day + " 中止开发，" + shares,
    )
    verdict = np.select(
        [~stopped, facts["is_idle_suspended"], facts["is_suspension_unknown"]],
        [NOT_APPLICABLE, NOT_MET, UNKNOWN],
        default=MET,
    )
    where = evidence["suspended_on"].reindex(parcels.index).fillna("")
    return findings(
        rule,
        parcels.index,
        value=day,
        threshold="满一年",
        verdict=verdict,
        reason=reason,
        evidence=where,
        unit="",
    )


def _percent(share: pd.Series) -> pd.Series:
    return share.map("{:.2%}".format).where(share.notna(), "未知")
