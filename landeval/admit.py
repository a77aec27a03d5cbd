"""The entry check on one page: read → tidy → measure → judge → Admission."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

import pandas as pd

from landeval import issues
from landeval.admission import Admission
from landeval.errors import ConfigurationError
from landeval.judge.admission import judge_admission
from landeval.judge.criteria import CRITERIA, GATE
from landeval.link.evidence import places
from landeval.measure.projects import project_measures, totals
from landeval.project import Project, as_settings, check_units
from landeval.read.source import read_sources
from landeval.reconciliation import every_record, reconcile
from landeval.result import Step
from landeval.settings_words import issues_in, told_in
from landeval.sources import SOURCE_COLUMNS, as_inputs
from landeval.standards.industries import group_of
from landeval.standards.industry_limits import issue_of, plot_ratio_limits
from landeval.standards.rules import as_frame, rulebook, switched_off
from landeval.tidy.projects import tidy_projects
from landeval.tidy.wrong_table import refuse_another
from landeval.vocabulary.fields import fields_of

LIMITS = "control.plot_ratio"
"""The rule whose table has the least plot ratio of each industry."""


@dataclass
class _Log:
    """Remember each step's rows and seconds."""

    steps: list[Step] = field(default_factory=list)
    since: float = field(default_factory=time.perf_counter)

    def done(self, name: str, rows_in: int, rows_out: int) -> None:
        now = time.perf_counter()
        self.steps.append(Step(name, rows_in, rows_out, now - self.since))
        self.since = now


def admit(project: Project) -> Admission:
    """Check the proposed projects of a project's ``projects`` sources, without writing anything.

    Parameters
    ----------
    project : Project
        As made by ``landeval.load_project``; ``as_of`` must be given.

    Returns
    -------
    Admission

    Raises
    ------
    LandevalError
        An input or setting that cannot be obeyed; data problems are rows of ``Admission.issues`` instead.
    """
    with told_in(project):
        return _admitted(replace(project, sources=project.sources_of("projects")))


def _admitted(project: Project) -> Admission:
    if not project.sources:
        raise ConfigurationError(
            "没有给准入项目表",
            remedy="请写 landeval admit 项目.xlsx --out 准入结果；空白申报表用 landeval admit --template 项目准入申报表.xlsx 生成",
            code="E640",
        )
    if project.as_of is None:
        raise ConfigurationError("没有评价基准日", remedy="请加 --as-of 2024-12-31", code="E614")
    check_units(project)
    log = _Log()
    raws = read_sources(project.sources)
    refuse_another(raws)
    read = sum(len(raw.frame) for raw in raws)
    log.done("读取", len(raws), read)

    tidied = tidy_projects(raws, project)
    log.done("整理", read, len(tidied.frame))

    rules = rulebook(project.as_of, project.overrides, project.added_rules)
    projects, noted = project_measures(tidied.frame)
    limits = None
    if LIMITS in rules:
        code_year = issue_of(projects["industry_code_year"], project.industry_code_year, project.as_of.year)
        limits = plot_ratio_limits(projects["industry_code"], code_year, project.as_of, project.limit_tables)
    log.done("测算", len(projects), len(projects))

    columns = pd.concat([table.columns for table in tidied.tables], ignore_index=True)
    proof = places(projects[list(SOURCE_COLUMNS)], columns, [item.name for item in fields_of("projects")])
    judged = judge_admission(projects, rules, proof, plot_ratio_limits=limits)
    projects = projects.assign(industry_group=projects["industry_code"].map(group_of)).join(judged.projects)
    projects = projects.sort_values("admission_rank")
    rank = judged.findings["unit_id"].map(projects["admission_rank"])
    findings = judged.findings.iloc[rank.argsort(kind="stable")].reset_index(drop=True)
    log.done("评判", len(projects), len(findings))

    told = issues_in(issues.addressed(issues.ordered([*tidied.issues, noted]), columns), project)
    records = every_record(raws, [table.set_aside for table in tidied.tables])
    names = (GATE, *(one.rule_id for one in CRITERIA), LIMITS)
    off = switched_off(project.as_of, project.overrides, project.added_rules)
    applied = [rule for rule in (*rules.values(), *off) if rule.rule_id in names]
    return Admission(
        projects=projects,
        findings=findings,
        totals=totals(projects),
        issues=told,
        reconciliation=reconcile(records, [tidied.states], told),
        rules=as_frame(applied),
        as_of=project.as_of,
        title=project.title,
        currency=project.currency,
        steps=tuple(log.steps),
        meta={"settings": as_settings(project), "inputs": as_inputs(raws, {}, columns)},
    )
