"""The entry check of proposed projects: the plan's four criteria, what is short, and the land that would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval.errors import ConfigurationError
from landeval.judge.admission_result import whole
from landeval.judge.admission_words import Words, lacking
from landeval.judge.criteria import AT_LEAST, CRITERIA, GATE, PLOT_RATIO, Criterion, Judgement
from landeval.judge.findings import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    UNKNOWN,
    Rows,
    Telling,
    Texts,
    as_frame,
)
from landeval.judge.land_needed import needed
from landeval.standards.rule import UNSURE
from landeval.standards.rules import BASES, OPEN, Rule, shipped, shown


class Judged(NamedTuple):
    """``findings``: one row a project × criterion; ``projects``: what is said of each project as a whole."""

    findings: pd.DataFrame
    projects: pd.DataFrame


def judge_admission(
    projects: pd.DataFrame,
    rules: Mapping[str, Rule],
    evidence: pd.DataFrame,
    *,
    plot_ratio_limits: pd.DataFrame | None = None,
) -> Judged:
    """Judge every project by the criteria of the plan.

    Parameters
    ----------
    projects : DataFrame
        Index ``project_id``; ``area_mu`` [亩], proposed money [万元], ``floor_area_m2``, ``tall_floor_area_m2`` [㎡],
        the three ratios, ``plot_ratio``, ``plot_ratio_doubled``.
    rules : Mapping
        The rulebook on the as-of date. A line that is not in force is 不适用.
    evidence : DataFrame
        Index ``project_id``: where each field was written.
    plot_ratio_limits : DataFrame, optional
        Index ``project_id``: the least plot ratio of each project's industry, as ``industry_limits`` tells it. A
        number that the bureau gave in ``admission.plot_ratio`` goes before it.

    Returns
    -------
    Judged

    Raises
    ------
    ConfigurationError
        A bureau's line whose operator or unit cannot be used here.

    Notes
    -----
    洞政办发〔2021〕60号 四-12 names the criteria, 三-2-④ gives three of the numbers; “超过” is strict.
    """
    judged = []
    for criterion in CRITERIA:
        rule = rules.get(criterion.rule_id)
        if rule is None:
            judged.append(_not_in_force(criterion, projects))
            continue
        if rule.operator not in AT_LEAST:
            raise ConfigurationError(
                f"准入标准的比较符不可用：{rule.operator}",
                where=f'[rules."{rule.rule_id}"]', remedy="请用 > 或 >=", code="E641",
            )  # fmt: skip
        is_open = rule.value == OPEN
        line = pd.Series(np.nan if is_open else float(rule.number), index=projects.index)
        limits = plot_ratio_limits if is_open else None
        if limits is not None:
            line = limits["limit"]
        if criterion.rule_id != PLOT_RATIO and GATE in rules:
            rule = replace(rule, clause=f"{rule.clause}；{rules[GATE].clause}", kind=rules[GATE].kind)
        judged.append(_criterion(criterion, rule, line, projects, evidence, limits))
    findings = _findings(judged, projects.index)
    return Judged(_cited(findings, plot_ratio_limits, rules), whole(judged, projects["area_mu"]))


def _cited(findings: pd.DataFrame, limits: pd.DataFrame | None, rules: Mapping[str, Rule]) -> pd.DataFrame:
    """Put document, clause and basis of an industry's limit beside those of the plan."""
    rule = rules.get(PLOT_RATIO)
    if limits is None or rule is None or rule.value != OPEN:
        return findings
    own = limits.reindex(findings["unit_id"]).set_axis(findings.index)
    has = (findings["rule_id"] == PLOT_RATIO) & own["limit"].notna()
    said = {name: findings[name].astype("object") for name in ("document", "clause", "basis")}
    cited = {name: own[name] + "；" + said[name] for name in ("document", "clause")}
    cited["basis"] = own["basis"].map(BASES)
    return findings.assign(**{name: text.where(has, said[name]) for name, text in cited.items()})


def _not_in_force(criterion: Criterion, projects: pd.DataFrame) -> Judgement:
    rule = shipped()[criterion.rule_id]
    told = Telling(rule, len(projects))
    told.tell(True, NOT_APPLICABLE, f"评价基准日该标准没有施行（{rule.valid_from} 起施行）")
    nothing = pd.Series(np.nan, index=projects.index)
    finding = told.finding(value="", threshold=shown(rule.value), evidence="")
    caveat = np.full(len(projects), "", dtype=object)
    return Judgement(criterion, finding, projects[criterion.amount], nothing, nothing, nothing, caveat)


def _criterion(
    criterion: Criterion,
    rule: Rule,
    line: pd.Series,
    projects: pd.DataFrame,
    evidence: pd.DataFrame,
    limits: pd.DataFrame | None,
) -> Judgement:
    land, stated = projects["area_mu"], projects[criterion.amount]
    most, is_dense = stated, criterion.rule_id == PLOT_RATIO
    if is_dense:  # no storey counts double unless somebody says how high it is; both values are told
        tall = projects["tall_floor_area_m2"]
        stated = stated + tall.fillna(0)
        most = stated.where(tall.notna(), stated * 2)
    found, best = (
        needed(each, land, rule.operator, line, rule.decimals, to=criterion.decimals, per=criterion.per)
        for each in (stated, most)
    )
    passed, may_pass = found["passes"], best["passes"]
    gap = found["gap"].where(passed | ~may_pass)
    words = Words(criterion, rule, line, found, best["ratio"], land, limits)
    told = Telling(rule, len(projects))
    if limits is not None:
        told.tell(line.isna() & limits["is_open"], UNKNOWN, words.without_line)
    told.tell(line.isna(), NOT_APPLICABLE, words.without_line)
    told.tell(land.isna() & stated.isna(), UNKNOWN,
              f"{rule.label}未知；{lacking('proposed_area_m2', criterion.amount)}")  # fmt: skip
    told.tell(stated.isna(), UNKNOWN, f"{rule.label}未知；{lacking(criterion.amount)}")
    told.tell(land.isna(), UNKNOWN, words.without_land)
    told.tell(passed, MET, words.passed)
    told.tell(may_pass, UNKNOWN, words.height_unknown)
    told.tell(True, NOT_MET, words.failed)
    names = ["proposed_area_m2", criterion.amount, *(["tall_floor_area_m2"] if is_dense else [])]
    names += ["industry_code"] if limits is not None else []
    finding = told.finding(
        value=words.value, threshold=words.line, evidence=_together(evidence, names), unit=rule.unit
    )
    return Judgement(
        criterion, finding, stated, found["least"], gap, found["land"], _caveat(rule, line, limits)
    )


def _caveat(rule: Rule, line: pd.Series, limits: pd.DataFrame | None) -> Texts:
    """Say what must be told beside the result: a line of the bureau's own, or one of a table, sure or not."""
    told = pd.Series(
        f"{rule.label}标准已由本单位改动" if rule.override else "", index=line.index, dtype="object"
    )
    if limits is not None:
        unsure = limits["basis"].map({basis: f"，{BASES[basis]}" for basis in UNSURE}).fillna("")
        told = (f"{rule.label}标准取行业控制指标" + unsure).astype("object")
    return told.where(line.notna(), "").to_numpy(dtype=object)


def _together(evidence: pd.DataFrame, names: list[str]) -> Texts:
    told = pd.Series("", index=evidence.index, dtype="object")
    for name in names:
        more = evidence[name]
        told = told + ("；" + more).where((told != "") & (more != ""), more)
    return told.to_numpy(dtype=object)


def _findings(judged: list[Judgement], ids: pd.Index) -> pd.DataFrame:
    """Put the criteria together, project by project."""
    frame = as_frame(ids, [one.finding for one in judged]).assign(
        unit_kind="项目",
        **{
            name: np.concatenate([getattr(one, part).to_numpy(dtype="float64") for one in judged])
            for name, part in (("stated_amount", "stated"), ("least_amount", "least"), ("gap_amount", "gap"),
                               ("land_passes_mu", "land"))
        },
        amount_unit=np.repeat([one.criterion.amount_unit for one in judged], len(ids)),
    )  # fmt: skip
    order: Rows = np.arange(len(frame)).reshape(len(judged), len(ids)).T.ravel()
    return frame.iloc[order].reset_index(drop=True)
