"""``landeval index``: the intensive-use index of a project, from its parcels and 指数数据表, or from the table alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from landeval import issues
from landeval.console import say, tell
from landeval.errors import ConfigurationError
from landeval.index import index_of
from landeval.intensive_use import INDEX, IndexRun
from landeval.project import Project, as_settings, check_units
from landeval.publish.folder import reserved
from landeval.publish.index import write_index
from landeval.publish.workbook.index import told
from landeval.publish.workbook.land_status_form import write_land_status_form
from landeval.read.source import read_source
from landeval.reconciliation import every_record, reconcile
from landeval.run import evaluate
from landeval.settings.load import load_project
from landeval.settings_words import issues_in, told_in
from landeval.sources import as_inputs
from landeval.standards.intensive_use import TARGET_RULE
from landeval.standards.rules import as_frame, rulebook, switched_off
from landeval.tidy.land_status import tidy_land_status
from landeval.tidy.wrong_table import refuse_another


def write_form(path: Path) -> None:
    """Write the blank form, and say what to do with it."""
    say(f"空白指数数据表：{write_land_status_form(path.absolute())}")
    say(
        f'填好后把文件名写在参数表“集约利用指数”一节的“文件”（landeval.toml 写 [index] path = "{path.name}"），再运行 landeval index'
    )


def index_run(
    path: Path | str | None,
    out: str,
    *,
    corrections: list[str] | None = None,
    review: list[str] | None = None,
) -> tuple[IndexRun, Path]:
    """Make the index of the project that the command names, and write everything.

    Parameters
    ----------
    path : Path or str, optional
        The project's settings, or their folder.
    out : str
    corrections, review : list of str, optional
        What people handed back, as ``landeval run`` takes it.

    Raises
    ------
    LandevalError
        An input or setting that cannot be obeyed, an output that cannot be written.
    """
    project = load_project(path, out=out, corrections=corrections, decisions=review)
    with told_in(project):
        return _index_run(project)


def _index_run(project: Project) -> tuple[IndexRun, Path]:
    if project.index is None:
        raise ConfigurationError(
            "没有写明要测算的集约利用指数",
            where=str(project.configured_in or "命令行"),
            remedy='请在参数表“集约利用指数”一节的“文件”写上 指数数据表.xlsx（landeval.toml 写 [index] 一节，如 path = "指数数据表.xlsx"）；'
            "空白表用 landeval index --form 指数数据表.xlsx 生成",
            code="E500",
        )
    assert project.out is not None
    inputs = [source.path for source in project.sources]
    with reserved(project.out, inputs=inputs) as place:
        tell(place.notes)
        has_land = project.sources_of("parcels") or project.sources_of("contracts")
        result = with_parcels(project) if has_land else alone(project)
        return result, write_index(result, project.out, inputs=inputs)


def with_parcels(project: Project) -> IndexRun:
    """Evaluate the whole project and keep what concerns the index."""
    result = evaluate(project)
    assert result.index is not None
    return IndexRun(
        index=result.index,
        issues=result.issues,
        reconciliation=result.reconciliation,
        rules=result.rules,
        year=result.year,
        as_of=result.as_of,
        title=result.title,
        currency=result.currency,
        steps=result.steps,
        meta=result.meta,
    )


def alone(project: Project) -> IndexRun:
    """Make the index from 指数数据表 alone: nothing is summed, and no parcel has potentials."""
    if not project.sources_of("index"):
        raise ConfigurationError(
            "没有宗地，也没有指数数据表",
            where=str(project.configured_in or "命令行"),
            remedy='请在参数表“集约利用指数”一节的“文件”写上 指数数据表.xlsx（landeval.toml 的 [index] 写 path = "指数数据表.xlsx"）',
            code="E500",
        )
    if project.sources_of("corrections") or project.sources_of("decisions"):
        raise ConfigurationError(
            "只有指数数据表、没有宗地，没有可以更正、复核的资料",
            where="--corrections、--review",
            remedy="请直接改 指数数据表.xlsx，去掉这两个选项",
            code="E500",
        )
    project = replace(project, sources=project.sources_of("index")).dated()
    check_units(project)
    year, as_of = project.year, project.as_of
    assert as_of is not None
    raws = [raw for source in project.sources for raw in read_source(source)]
    refuse_another(raws)
    survey = tidy_land_status(raws, project)
    rules = rulebook(as_of, project.overrides, project.added_rules)
    assert project.index is not None
    index, noted = index_of(
        project.index,
        survey.figures,
        rules,
        file=survey.file,
        land=None,
        year=year,
        as_of=as_of,
        currency=project.currency,
    )
    columns = pd.concat([table.columns for table in survey.tables], ignore_index=True)
    told_of = issues_in(issues.addressed(issues.ordered([*survey.issues, noted]), columns), project)
    records = every_record(raws, [table.set_aside for table in survey.tables])
    off = switched_off(as_of, project.overrides, project.added_rules)
    return IndexRun(
        index=index,
        issues=told_of,
        reconciliation=reconcile(records, [survey.states], told_of),
        rules=as_frame([rule for rule in (*rules.values(), *off) if rule.rule_id == TARGET_RULE]),
        year=year,
        as_of=as_of,
        title=project.title,
        currency=project.currency,
        meta={"settings": as_settings(project), "inputs": as_inputs(raws, {}, columns)},
    )


def summary(result: IndexRun) -> Iterator[str]:
    """Tell the score with what it rests on, and those of the upper nodes."""
    yield f"\n{result.title}　土地节约集约利用综合分值（{result.index.formula}）　基准日 {result.as_of}"
    for line in told(result.index):
        yield f"  {line}"
    if result.index.whole is None:
        return
    nodes = result.index.nodes
    upper = nodes[nodes["index_level"].isin([INDEX, "准则"])]
    yield ""
    for row in upper.to_dict("records"):
        score = row["index_score"]
        shown = (
            f"{score:.2f}" if score == score else f"未知（{row['index_low']:.2f}–{row['index_high']:.2f}）"
        )
        yield f"  {row['index_region']}　{row['index_node']} {row['index_name']}　{shown}"
