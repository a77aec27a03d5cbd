"""``demo``, ``run`` and ``check``: a project evaluated, or only looked at."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from landeval.cli.matching import remember_review
from landeval.cli.outcome import DONE, exit_code, problems, returned
from landeval.cli.pipeline import carried_out, former, log_of, project_of
from landeval.cli.progress import Bar, bar
from landeval.console import insist, say

if TYPE_CHECKING:
    from landeval.errors import ConfigurationError
    from landeval.project import Project
    from landeval.result import Result


def run_demo(options: argparse.Namespace) -> int:
    """Evaluate the sample park and write everything."""
    from landeval.errors import ConfigurationError
    from landeval.settings.load import load_project
    from landeval.shipped import HOME, sample

    settings = sample()
    if settings is None:
        raise ConfigurationError(
            "找不到样例数据",
            where=str(HOME / "sample"),
            remedy="程序安装得不完整，请重新安装 landeval；样例应在程序文件夹的 sample 或源代码的 data 中",
            code="E605",
        )
    return _evaluate(load_project(settings, out=options.out, no_dossiers=options.no_dossiers), strict=False)


def run_evaluation(options: argparse.Namespace) -> int:
    """Evaluate a project and write everything."""
    from landeval.errors import ConfigurationError
    from landeval.settings_words import worded

    project = project_of(options)
    if project.out is None:
        remedy = "请加 --out 成果，或写明参数表“项目”一节的“输出文件夹”（landeval.toml 中的 out）"
        raise ConfigurationError(
            "没有写明输出文件夹", where="--out", remedy=worded(remedy, project.configured_in), code="E615"
        )
    return _evaluate(project, strict=options.strict, log=log_of(options))


def _evaluate(project: Project, *, strict: bool, log: Path | None = None) -> int:
    from landeval.publish.outputs import STEPS as WRITTEN
    from landeval.publish.outputs import write_outputs

    def write(result: Result, inputs: Sequence[Path], step: Bar) -> None:
        assert project.out is not None
        write_outputs(
            result, project.out, inputs=inputs, progress=step, writing=project.writing, papers=step.papers
        )

    result, left = carried_out(project, write, more_steps=len(WRITTEN), log=log)
    _summary(result, project, left)
    remember_review(result, project)
    return exit_code(result, strict)


def _summary(result: Result, project: Project, left: Sequence[str]) -> None:
    """Say what came out, what needs attention first, and what to open."""
    from landeval.closing import files, first_things, heading

    for line in heading(result):
        say(line)
    for line in first_things(result, project, left):
        insist(line)
    returned(result)
    problems(result, most=3)
    for line in files(result, project):
        say(line)


def run_check(options: argparse.Namespace) -> int:
    """Look for data problems only."""
    from dataclasses import replace

    from landeval.publish.outputs import write_problems

    project = project_of(options)
    if project.as_of is None and project.year is None:
        project = replace(project, as_of=dt.date.today())
    assert project.out is not None
    out = project.out
    result, left = carried_out(
        project, lambda found, inputs, _: write_problems(found, out, inputs=inputs), log=log_of(options)
    )
    for text in left:
        insist(f"注意：{text}")
    if result.meta.get("remark"):
        insist(f"注意：{result.meta['remark']}")
    returned(result)
    problems(result)
    say(f"明细：{out / '数据问题.xlsx'}（按责任单位分表，可填更正值后交回：--corrections 数据问题.xlsx）")
    say(
        f"　　　{out / 'tables' / 'issues.csv'}（数据问题）、{out / 'tables' / 'reconciliation.csv'}（每条记录的去向）"
    )
    return exit_code(result, options.strict)


def run_explain(options: argparse.Namespace) -> int:
    """Tell why a parcel of a project got its class; nothing is written."""
    from landeval.handed_back import handed_back, left_out
    from landeval.run import STEPS, evaluate

    parcel = options.parcel
    if not parcel or Path(parcel).is_dir() or Path(parcel).is_file():
        raise _no_parcel(parcel)
    options.out = None
    project = project_of(options)
    with bar(len(STEPS)) as step:
        result = evaluate(project, step, counted=step.counted)
    page = str(result.explain(parcel))
    if project.out is not None:
        for text in left_out(former(project.out), handed_back(result.reconciliation, result.meta["inputs"])):
            insist(f"注意：{text}")
    insist(page)
    return DONE


def _no_parcel(given: str | None) -> ConfigurationError:
    """Tell how to name the parcel, and where its verdicts stand without this command."""
    from landeval.closing import WHY
    from landeval.errors import ConfigurationError

    return ConfigurationError(
        "没有写明是哪一宗地",
        where=f"landeval explain {given or ''}".strip(),
        remedy=f"请写 landeval explain 宗地代码{f' {given}' if given else ' [项目]'}（宗地代码见清单或 tables/parcels.csv）。也可以看成果：{WHY}",
        code="E616",
    )
