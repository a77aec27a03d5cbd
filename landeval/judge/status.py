"""One class a parcel, decided in a fixed order, with its reasons, clause, and what is missing for more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval.judge.disposal import dispose
from landeval.judge.exemptions import exempt
from landeval.judge.findings import MET, NOT_MET, UNKNOWN
from landeval.judge.idle import judge_idle
from landeval.judge.lines import LINES, REFERENCE_NOTE, judge_lines
from landeval.judge.low_use import RULES as LOW_USE_RULES
from landeval.judge.low_use import judge_low_use
from landeval.judge.questions import ask
from landeval.project import Switches
from landeval.result import MONEY
from landeval.standards.rules import Rule
from landeval.vocabulary.fields import fields
from landeval.wording import joined

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
    """
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
    findings = pd.concat([part for part in parts if len(part)], ignore_index=True)
    wide = _wide(findings, parcels.index)
    status = _classes(parcels, facts, exemptions.is_exempt, wide, rules)
    hits = {name: wide[name] == NOT_MET for name in LOW_USE_RULES if name in wide}
    frame = pd.DataFrame({"status": status})
    frame["reasons"] = _reasons(status, facts, exemptions.reason, findings, wide)
    frame["clause"] = _clauses(status, wide, rules)
    frame["missing"] = _missing(parcels, facts, status, wide, switches)
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
    enough = int(wanted.number) if wanted else 1
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


def _reasons(
    status: pd.Series, facts: pd.DataFrame, exempted: pd.Series, findings: pd.DataFrame, wide: pd.DataFrame
) -> pd.Series:
    """Tell the findings that decided, in one sentence; for the rest, what was found out."""
    told = pd.Series("", index=status.index, dtype="object")
    if len(findings):
        bad = findings[findings["verdict"] == NOT_MET]
        bad = bad.assign(reason=bad["reason"].str.replace(REFERENCE_NOTE, "", regex=False))
        unsure = findings[findings["verdict"] == UNKNOWN]
        fine = findings[findings["verdict"] == MET]
        for group, classes in ((bad, None), (unsure, ("资料不足", "关注")), (fine, ("达标",))):
            said = (
                joined(group["unit_id"], group["reason"], by="；", ordered=False)
                .reindex(status.index)
                .fillna("")
            )
            if classes:
                said = said.where(status.isin(classes), "")
            told = told + np.where((told != "") & (said != ""), "；", "") + said
        waiting = (
            findings[(findings["rule_id"] == "idle.not_started")]
            .set_index("unit_id")["reason"]
            .reindex(status.index)
        )
        told = told.mask(status == "逾期未动工预警", waiting)
        lines = findings["rule_id"].isin(LINES) & findings["reason"].str.endswith(REFERENCE_NOTE)
        as_reference = pd.Series(status.index.isin(findings.loc[lines, "unit_id"]), index=status.index)
        told = told.mask(as_reference, told + REFERENCE_NOTE)
        noted = facts["is_operating_undated"] & status.isin(("达标", "关注", "低效候选"))
        told = told.mask(noted, told + "；" + waiting.fillna(""))
    told = told.mask(status == "豁免", exempted)
    told = told.mask((status == "豁免") & facts["is_not_due"], "未到应动工日期，不评价")
    told = told.mask(
        (status == "豁免") & facts["is_under_construction"], "建设期内（未到约定竣工日期），不评价亩均指标"
    )
    told = told.mask((status == "豁免") & (exempted != ""), exempted)
    plain = (status == "达标") & (told == "")
    return told.mask(plain, "已评价的各项均符合要求").astype("object")


def _clauses(status: pd.Series, wide: pd.DataFrame, rules: Mapping[str, Rule]) -> pd.Series:
    """Cite the rules that the class rests on."""
    told = pd.Series("", index=status.index, dtype="object")
    for rule_id in wide.columns:
        cited = (wide[rule_id] == NOT_MET) | ((wide[rule_id] == MET) & (status == "达标"))
        rule = rules[rule_id]
        text = rule.citation + (f"［{rule.caveat}］" if rule.caveat else "")
        fresh = cited & ~pd.Series([text in said for said in told], index=told.index)
        told = told.where(~fresh, told + "；" + text)
    told = told.str.lstrip("；")
    if "idle.not_started" in rules:
        told = told.mask(status == "逾期未动工预警", rules["idle.not_started"].citation)
    return told


def _missing(
    parcels: pd.DataFrame, facts: pd.DataFrame, status: pd.Series, wide: pd.DataFrame, switches: Switches
) -> pd.Series:
    """Name what is missing for a full judgement, with the office that usually holds it."""
    judged = status.isin(("资料不足", "关注", "达标", "低效候选")) & (parcels["is_industrial"] != False)  # noqa: E712
    gaps: dict[str, pd.Series] = {name: parcels[name].isna() & judged for name in MONEY}
    gaps["land_use"] = parcels["land_use"].isna()
    gaps["area_registered_m2"] = parcels["area_mu"].isna()
    if switches.idle:
        gaps["agreed_start"] = facts["is_start_unknown"] & ~facts["completed_without_start"]
        gaps["actual_start"] = facts["completed_without_start"]
        gaps["built_area_m2"] = facts["is_suspension_unknown"] & parcels["built_area_m2"].isna()
        gaps["invested_wan_yuan"] = facts["is_suspension_unknown"] & parcels["invested_wan_yuan"].isna()
        gaps["idle_cause"] = facts["is_idle_unstarted"] & parcels["idle_cause"].isna()
        gaps["price_wan_yuan"] = facts["is_idle_unstarted"] & parcels["price_wan_yuan"].isna()
    told = pd.Series("", index=parcels.index, dtype="object")
    for name, gap in gaps.items():
        field = fields()[name]
        told = told.where(~gap, told + f"{field.label.split('(')[0]}（{field.office}）、")
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
