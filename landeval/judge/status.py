"""One class a parcel, decided in a fixed order, with its reasons, clause, and what is missing for more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval.errors import ConfigurationError
from landeval.judge.disposal import dispose
from landeval.judge.exemptions import exempt
from landeval.judge.findings import COLUMNS, MET, NOT_APPLICABLE, NOT_MET, UNKNOWN
from landeval.judge.idle import judge_idle
from landeval.judge.lines import LINES, NOTES, judge_lines
from landeval.judge.low_use import RULES as LOW_USE_RULES
from landeval.judge.low_use import judge_low_use
from landeval.judge.questions import ask
from landeval.project import Switches
from landeval.result import MONEY
from landeval.standards.rules import Rule
from landeval.vocabulary.fields import fields
from landeval.wording import joined

NO_LINES = "评价基准日没有有效的亩均标准，不评价亩均效益"
NOT_INDUSTRIAL = "非工业用地，不适用亩均标准"
CANDIDATES = ("闲置(已认定)", "涉嫌闲置(未动工)", "涉嫌闲置(中止开发)", "低效候选")


class Judgement(NamedTuple):
    """``status`` (index parcel_id), ``findings``, and the questions and refusals as issues."""

    status: pd.DataFrame
    findings: pd.DataFrame
    issues: list[pd.DataFrame]


def judge(
    parcels: pd.DataFrame,
    ratios: Mapping[int, pd.DataFrame],
    year: int | None,
    as_of: pd.Timestamp,
    rules: Mapping[str, Rule],
    switches: Switches,
    evidence: pd.DataFrame,
) -> Judgement:
    """Judge every parcel: exemption, idle, warning, low-use, lines; unknown is a class of its own.

    Parameters
    ----------
    parcels : DataFrame
        Canonical columns, the year's money and ratios, ``is_industrial``, ``is_operating``.
    ratios : Mapping
        Year → ratios of that year.
    year : int or None
        Data year.
    as_of : Timestamp
    rules : Mapping
        The rulebook.
    switches : Switches
    evidence : DataFrame
        Index ``parcel_id``; where each figure was written.

    Returns
    -------
    Judgement

    Raises
    ------
    ConfigurationError
        The as-of date lies before the law on idle land.
    """
    if "idle.not_started" not in rules:
        raise ConfigurationError(
            f"评价基准日 {as_of:%Y-%m-%d} 早于《闲置土地处置办法》施行日",
            where="as_of",
            remedy="请把 as_of 改为 2012-07-01 及以后的日期",
            code="E611",
        )
    exemptions = exempt(parcels, as_of)
    idle = judge_idle(parcels, rules, as_of, switches, evidence)
    facts = idle.facts
    if not switches.idle:
        facts = facts.assign(**dict.fromkeys(map(str, facts.select_dtypes(bool).columns), False))
    questions, asked = ask(parcels, facts, as_of)
    is_idle = facts["is_idle_unstarted"] | facts["is_idle_suspended"]
    waiting = facts["is_warning"] | facts["is_not_due"] | facts["is_under_construction"]
    parts = [judge_lines(parcels, rules, evidence)]
    if switches.idle:
        parts.insert(0, idle.findings)
    if switches.low_use:
        is_out = exemptions.is_exempt | is_idle | waiting
        parts.append(judge_low_use(parcels, ratios, year or as_of.year, rules, as_of, is_out, evidence))
    parts = [part for part in parts if len(part)]
    findings = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    wide = _wide(findings, parcels.index)
    status = _classes(parcels, facts, exemptions.is_exempt, wide, rules)
    hits = {name: wide[name] == NOT_MET for name in LOW_USE_RULES if name in wide}
    frame = pd.DataFrame({"status": status})
    frame["reasons"] = _reasons(parcels, status, facts, exemptions.reason, findings)
    frame["clause"] = _clauses(status, facts, wide, rules)
    frame["missing"] = _missing(parcels, facts, status, wide, rules, switches, year)
    frame["questions"] = questions
    frame = frame.join(facts[["due_start", "due_start_basis", "days_overdue", "months_overdue"]])
    frame = frame.join(dispose(parcels, status, facts, hits, rules, as_of))
    frame["is_candidate"] = status.isin(CANDIDATES)
    frame["priority"] = _priority(frame, parcels["area_mu"])
    return Judgement(frame, findings, [exemptions.issues, asked])


def _wide(findings: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    if not len(findings):
        return pd.DataFrame(index=index)
    return findings.pivot(index="unit_id", columns="rule_id", values="verdict").reindex(index)


def _classes(
    parcels: pd.DataFrame,
    facts: pd.DataFrame,
    is_exempt: pd.Series,
    wide: pd.DataFrame,
    rules: Mapping[str, Rule],
) -> pd.Series:
    lines = wide[[name for name in LINES if name in wide]]
    low = wide[[name for name in LOW_USE_RULES if name in wide]]
    hits = (low == NOT_MET).sum(axis=1)
    wanted = rules.get("lowuse.hits_for_candidate")
    enough = wanted.whole if wanted else 1
    start_known = ~facts["is_start_unknown"] & ~facts["is_suspension_unknown"]
    judged = parcels["is_industrial"].fillna(True).astype(bool)
    below = (lines == NOT_MET).any(axis=1)
    good = ((lines == MET).all(axis=1) & (len(lines.columns) > 0)) | ~judged
    recognised = parcels["idle_decision_no"].notna() & (
        facts["is_idle_unstarted"] | facts["is_idle_suspended"]
    )
    choice = np.select(
        [
            is_exempt,
            recognised,
            facts["is_idle_unstarted"],
            facts["is_idle_suspended"],
            facts["is_warning"],
            facts["is_not_due"] | facts["is_under_construction"],
            start_known & (hits >= enough) & judged,
            start_known & ((hits > 0) | below) & judged,
            start_known & good,
        ],
        [
            "豁免",
            "闲置(已认定)",
            "涉嫌闲置(未动工)",
            "涉嫌闲置(中止开发)",
            "逾期未动工预警",
            "豁免",
            "低效候选",
            "关注",
            "达标",
        ],
        default="资料不足",
    )
    return pd.Series(choice, index=parcels.index)


def _deciding(status: pd.Series, facts: pd.DataFrame, rule_id: str, verdict: str) -> pd.Series:
    """Tell for which parcels a verdict of a rule is what their class rests on."""
    if rule_id.startswith("idle."):
        idle = status.isin(CANDIDATES[:3])
        return {
            NOT_MET: idle,
            UNKNOWN: status == "资料不足",
            MET: (status == "达标") & ~facts["is_operating_undated"],
        }.get(verdict, pd.Series(False, index=status.index))
    judged = status.isin(("关注", "资料不足"))
    if verdict == NOT_MET:
        return judged | ((status == "低效候选") & (rule_id in LOW_USE_RULES))
    return {UNKNOWN: judged, MET: status == "达标"}.get(verdict, pd.Series(False, index=status.index))


def _reasons(
    parcels: pd.DataFrame,
    status: pd.Series,
    facts: pd.DataFrame,
    exempted: pd.Series,
    findings: pd.DataFrame,
) -> pd.Series:
    """Tell the findings that decided, in one sentence; for the rest, what was found out."""
    told = pd.Series("", index=status.index, dtype="object")
    waiting = pd.Series("", index=status.index, dtype="object")
    order = {MET: 2, UNKNOWN: 1, NOT_MET: 0}
    ranked = findings.assign(rank=findings["verdict"].map(order)).dropna(subset="rank")
    ranked = ranked.sort_values("rank", kind="stable")
    topic = ranked["rule_id"].map(lambda name: 1 if name in LINES else 2 if name in LOW_USE_RULES else 0)
    for part in range(3):
        note = pd.Series("", index=status.index, dtype="object")
        rows_of = ranked[topic == part].groupby(["rank", "rule_id"], sort=False)
        for (_, rule_id), rows in rows_of:
            said = rows.set_index("unit_id")["reason"].reindex(status.index).fillna("")
            said = said.where(_deciding(status, facts, str(rule_id), str(rows["verdict"].iloc[0])), "")
            for end in NOTES if part == 1 else ():
                noted = said.str.endswith(end)
                note = note.mask(noted, end)
                said = said.where(~noted, said.str.removesuffix(end))
            told = _and(told, said)
        told = told + note
    if len(findings):
        start = findings[findings["rule_id"] == "idle.not_started"].set_index("unit_id")["reason"]
        waiting = start.reindex(status.index).fillna("")
    told = told.mask(status == "逾期未动工预警", waiting)
    judged = status.isin(("达标", "关注", "低效候选"))
    told = _and(told, waiting.where(facts["is_operating_undated"] & judged, ""))
    other = (status == "达标") & (parcels["is_industrial"] == False)  # noqa: E712 (three-valued)
    told = _and(told, pd.Series(NOT_INDUSTRIAL, index=status.index).where(other, ""))
    if not findings["rule_id"].isin(LINES).any():
        told = _and(told, pd.Series(NO_LINES, index=status.index).where(status == "资料不足", ""))
    told = told.mask((status == "豁免") & facts["is_not_due"], "未到应动工日期，不评价")
    told = told.mask(
        (status == "豁免") & facts["is_under_construction"], "建设期内（未到约定竣工日期），不评价亩均指标"
    )
    return told.mask((status == "豁免") & (exempted != ""), exempted).astype("object")


def _and(told: pd.Series, said: pd.Series) -> pd.Series:
    return told + np.where((told != "") & (said != ""), "；", "") + said


def _clauses(
    status: pd.Series, facts: pd.DataFrame, wide: pd.DataFrame, rules: Mapping[str, Rule]
) -> pd.Series:
    """Cite the rules that the class rests on."""
    parts = []
    for rule_id in wide.columns:
        rule = rules[rule_id]
        cited = pd.Series(False, index=status.index)
        for verdict in (NOT_MET, UNKNOWN, MET):
            cited |= (wide[rule_id] == verdict) & _deciding(status, facts, rule_id, verdict)
        if rule_id in LINES:
            cited |= (wide[rule_id] == NOT_APPLICABLE) & (status == "达标")
        units = status.index[cited]
        source = f"{rule.document}\x1f" + (f"［{rule.caveat}］" if rule.caveat else "")
        parts.append(pd.DataFrame({"unit": units, "source": source, "clause": rule.clause}))
    told = (
        _by_document(pd.concat(parts, ignore_index=True), status.index) if parts else _nothing(status.index)
    )
    waiting = (status == "逾期未动工预警") | ((status == "豁免") & facts["is_not_due"])
    return told.mask(waiting, rules["idle.not_started"].citation)


def _by_document(cited: pd.DataFrame, index: pd.Index) -> pd.Series:
    """Write each document once, with all its clauses and then what must be said of it."""
    units = cited["unit"] + "\x1e" + cited["source"]
    clauses = joined(units, cited["clause"], ordered=False)
    keys = pd.Series(clauses.index.astype(str), index=clauses.index)
    unit, source = keys.str.split("\x1e").str[0], keys.str.split("\x1e").str[1]
    first = cited.assign(at=range(len(cited))).groupby(units)["at"].min()
    order = first.reindex(clauses.index).sort_values().index
    text = source.str.split("\x1f").str[0] + clauses + source.str.split("\x1f").str[1]
    said = joined(unit[order], text[order], by="；", ordered=False)
    return said.reindex(index).fillna("").astype("object")


def _nothing(index: pd.Index) -> pd.Series:
    return pd.Series("", index=index, dtype="object")


def _missing(
    parcels: pd.DataFrame,
    facts: pd.DataFrame,
    status: pd.Series,
    wide: pd.DataFrame,
    rules: Mapping[str, Rule],
    switches: Switches,
    year: int | None,
) -> pd.Series:
    """Name what is missing for a full judgement, with the office that usually holds it."""
    judged = status.isin(("资料不足", "关注", "达标", "低效候选")) & (parcels["is_industrial"] != False)  # noqa: E712
    gaps: dict[str, pd.Series] = {name: parcels[name].isna() & judged for name in MONEY}
    gaps["land_use"] = parcels["is_industrial"].isna()
    gaps["area_registered_m2"] = parcels["area_mu"].isna()
    if switches.idle:
        gaps["agreed_start"] = (
            facts["is_start_unknown"] & ~facts["completed_without_start"] & ~facts["is_start_unread"]
        )
        gaps["actual_start"] = facts["completed_without_start"]
        stopped = facts["is_suspension_unknown"] | facts["is_idle_suspended"]
        for name in (
            "built_area_m2",
            "buildable_area_m2",
            "invested_wan_yuan",
            "planned_investment_wan_yuan",
        ):
            gaps[name] = stopped & parcels[name].isna()
        gaps["idle_cause"] = facts["is_idle_unstarted"] & parcels["idle_cause"].isna()
        gaps["price_wan_yuan"] = facts["is_idle_unstarted"] & parcels["price_wan_yuan"].isna()
    told = pd.Series("", index=parcels.index, dtype="object")
    for name, gap in gaps.items():
        field = fields()[name]
        told = told.where(~gap, told + f"{field.label.split('(')[0]}（{field.office}）、")
    for rule_id in (name for name in LOW_USE_RULES if name in wide and year is not None):
        field = fields()[rules[rule_id].quantity.removesuffix("_per_mu")]
        gap = judged & (wide[rule_id] == UNKNOWN) & parcels[field.name].notna() & parcels["area_mu"].notna()
        gap &= parcels["is_industrial"].notna()
        told = told.where(~gap, told + f"上年{field.label.split('(')[0]}（{field.office}）、")
    undated = (status == "低效候选") & parcels["production_started_on"].isna()
    field = fields()["production_started_on"]
    told = told.where(~undated, told + f"{field.label}（{field.office}）、")
    return told.str.rstrip("、")


def _priority(frame: pd.DataFrame, area_mu: pd.Series) -> pd.Series:
    """Rank the candidates by class, then days overdue, then land, then id."""
    order = {name: rank for rank, name in enumerate(CANDIDATES)}
    keys = pd.DataFrame(
        {
            "class": frame["status"].map(order),
            "days": -frame["days_overdue"].fillna(0),
            "land": -area_mu.fillna(0),
            "id": frame.index,
        },
        index=frame.index,
    )
    ranked = keys[frame["is_candidate"]].sort_values(["class", "days", "land", "id"])
    return pd.Series(range(1, len(ranked) + 1), index=ranked.index, dtype="float64").reindex(frame.index)
