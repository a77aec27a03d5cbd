"""Idle land by 《闲置土地处置办法》 (Order 53): type 1 未动工, type 2 中止开发, and the warning before."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval.judge.findings import MET, NOT_APPLICABLE, NOT_MET, UNKNOWN, dates, findings
from landeval.project import Switches
from landeval.standards.rules import Rule, shown
from landeval.timeline import add_years, days_past, full_months, full_years_from


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
        ``completed_without_start`` (or stopped without one).

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
        & ~(parcels["suspended_on"] <= as_of)
    )
    parts = [_unstarted_findings(parcels, facts, rules["idle.not_started"], as_of, evidence)]
    parts.append(_suspended_findings(parcels, facts, rules, as_of, switches, evidence))
    return Idle(facts, pd.concat(parts, ignore_index=True))


def _start_facts(
    parcels: pd.DataFrame, rules: Mapping[str, Rule], as_of: pd.Timestamp, switches: Switches
) -> pd.DataFrame:
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
    one = rules["idle.not_started"].whole
    idle_from = full_years_from(due, one, anniversary_counts=switches.anniversary_counts)
    two_from = full_years_from(
        due, rules["idle.takeback_years"].whole, anniversary_counts=switches.anniversary_counts
    )
    waiting = ~started & ~contradictory & ~unread & due.notna()
    past = days_past(due, as_of)
    undated = due.isna() & ~started & ~contradictory & ~unread
    operating = parcels["is_operating"] & switches.operating_implies_started
    return pd.DataFrame(
        {
            "due_start": due,
            "due_start_basis": basis,
            "idle_from": idle_from,
            "two_years_from": two_from,
            "days_overdue": past.where(waiting & (past > 0)),
            "months_overdue": full_months(due, as_of, anniversary_counts=switches.anniversary_counts).where(
                waiting & (past > 0)
            ),
            "is_started": started,
            "is_completed": completed,
            "is_idle_unstarted": waiting & (idle_from <= as_of),
            "is_over_two_years": waiting & (two_from <= as_of),
            "is_warning": waiting & (past > 0) & ~(idle_from <= as_of),
            "is_not_due": waiting & (past <= 0),
            "is_operating_undated": undated & operating & ~no_due,
            "is_start_unknown": contradictory | unread | (undated & (~operating | no_due)),
            "is_start_unread": (unread | (undated & no_due)) & ~contradictory,
            "completed_without_start": contradictory,
        },
        index=parcels.index,
    )


def _suspension_facts(
    parcels: pd.DataFrame, rules: Mapping[str, Rule], as_of: pd.Timestamp, switches: Switches
) -> pd.DataFrame:
    years = rules["idle.suspended_years"].whole
    unread = parcels["unsure_dates"].fillna("").astype(str).str.contains("suspended_on|actual_completion")
    from_day = full_years_from(parcels["suspended_on"], years, anniversary_counts=switches.anniversary_counts)
    long_enough = from_day <= as_of
    built = _operands(parcels, "built_area_m2", "buildable_area_m2", "stated_built_share")
    invested = _operands(parcels, "invested_wan_yuan", "planned_investment_wan_yuan", "stated_invested_share")
    area, money = _short(*built, rules["idle.area_share"]), _short(*invested, rules["idle.investment_share"])
    if switches.suspended_logic == "any":
        hit, clear = (area == 1) | (money == 1), (area == 0) & (money == 0)
    else:
        hit, clear = (area == 1) & (money == 1), (area == 0) | (money == 0)
    completed = parcels["actual_completion"] <= as_of
    return pd.DataFrame(
        {
            "suspended_idle_from": from_day,
            "built_share": built[0] / built[1].where(lambda total: total > 0),
            "invested_share": invested[0] / invested[1].where(lambda total: total > 0),
            "is_idle_suspended": long_enough & hit & ~completed,
            "is_suspension_unknown": (long_enough & ~hit & ~clear & ~completed) | (unread & ~completed),
            "is_one_share_short": long_enough & (area + money == 1) & ~completed,
        },
        index=parcels.index,
    )


def _operands(parcels: pd.DataFrame, part: str, whole: str, stated: str) -> tuple[pd.Series, pd.Series]:
    """Return part and whole; the share as stated over 1 only where either of them is unknown."""
    known = parcels[part].notna() & (parcels[whole] > 0)
    return parcels[part].where(known, parcels[stated]), parcels[whole].where(known, 1.0)


def _short(part: pd.Series, whole: pd.Series, rule: Rule) -> pd.Series:
    """Tell 1 where part ÷ whole is short of the rule's fraction, 0 where it is not, NaN where unknown.

    Both sides are multiplied out, so that exactly 1/3 is not short; 1e-12 absorbs unit conversion.
    """
    line = rule.number
    known = part.notna() & whole.notna() & (whole > 0)
    ours, limit = part * line.denominator, whole * line.numerator
    short = ours <= limit * (1 + 1e-12) if rule.operator == "<=" else ours < limit * (1 - 1e-12)
    return short.astype("float64").where(known)


def _unstarted_findings(
    parcels: pd.DataFrame, facts: pd.DataFrame, rule: Rule, as_of: pd.Timestamp, evidence: pd.DataFrame
) -> pd.DataFrame:
    due, today = dates(facts["due_start"]), as_of.strftime("%Y-%m-%d")
    basis = facts["due_start_basis"].astype(str)
    months = facts["months_overdue"].fillna(0).astype(int)
    span = (months.floordiv(12).astype(str) + " 年 ").where(months >= 12, "")
    span = span + months.mod(12).astype(str) + " 个月"
    span = span.where(months > 0, facts["days_overdue"].fillna(0).astype(int).astype(str) + " 天")
    full = "满" + _years(rule)
    clock = "应动工日期 " + due + "（" + basis + "），至 " + today
    reason = np.select(
        [
            facts["completed_without_start"],
            facts["is_operating_undated"],
            facts["is_start_unread"],
            facts["is_start_unknown"],
            facts["is_idle_unstarted"],
            facts["is_warning"],
            facts["is_not_due"],
        ],
        [
            "有竣工或停工日期而无动工日期，是否动工待核实",
            "约定与实际动工日期均未登记；当年有产值或税收，视为已动工，请核实",
            "动工、交地等日期已填写，但无法识别或相互矛盾，待核实",
            "没有约定动工日期和实际交地日期，无法计算",
            clock + " 逾期 " + span + "未动工，已" + full + "（自 " + dates(facts["idle_from"]) + " 起）",
            clock
            + " 逾期 "
            + span
            + "未动工，未"
            + full
            + "（"
            + dates(facts["idle_from"])
            + " 起"
            + full
            + "）",
            "应动工日期 " + due + "（" + basis + "）未到",
        ],
        default=("已于 " + dates(parcels["actual_start"]) + " 动工").where(
            parcels["actual_start"].notna(),
            "有中止开发记录（" + dates(parcels["suspended_on"]) + "），视为已动工，动工日期未知",
        ),
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
        threshold="满" + _years(rule),
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
    switches: Switches,
    evidence: pd.DataFrame,
) -> pd.DataFrame:
    rule = rules["idle.suspended_years"]
    stopped = parcels["suspended_on"].notna()
    day = dates(parcels["suspended_on"])
    shares = (
        "开发面积比例 " + _percent(facts["built_share"]) + "，投资比例 " + _percent(facts["invested_share"])
    )
    area, money = rules["idle.area_share"], rules["idle.investment_share"]
    short = "，不足" + _fraction(area) + "或" + _fraction(money)
    if switches.suspended_logic == "all":
        short = short.replace("或", "且投资不足", 1).replace("，不足", "，面积不足", 1)
    full = "满" + _years(rule)
    reason = np.select(
        [~stopped, facts["is_idle_suspended"], facts["is_suspension_unknown"]],
        [
            "没有中止开发记录",
            "自 " + day + " 中止开发" + full + "，" + shares + short,
            "自 " + day + " 中止开发" + full + "，" + shares + "，缺少面积或投资数据",
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
        threshold="满" + _years(rule),
        verdict=verdict,
        reason=reason,
        evidence=where,
        unit="",
    )


def _percent(share: pd.Series) -> pd.Series:
    """Write a share as per cent, cut off and not rounded: 24.996 % is short of 25 % and must look so."""
    cut = pd.Series(np.floor(share * 10_000 + 1e-9) / 10_000, index=share.index)
    return cut.map("{:.2%}".format).astype("object").where(share.notna(), "未知")


def _years(rule: Rule) -> str:
    return {1: "一年", 2: "两年", 3: "三年"}.get(rule.whole, f"{rule.whole} 年")


def _fraction(rule: Rule) -> str:
    return {Fraction(1, 3): "三分之一", Fraction(1, 4): "百分之二十五"}.get(
        rule.number, f" {shown(rule.number)}"
    )
