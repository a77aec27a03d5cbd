"""``landeval supply``: the board of a stock table alone, without the parcels of a run; or the blank form of the table."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from landeval import issues
from landeval.console import say, tell
from landeval.errors import ConfigurationError
from landeval.land_supply import EVERY_STAGE, LandSupply
from landeval.project import Project, as_settings, check_units
from landeval.publish.folder import reserved
from landeval.publish.supply import SupplyRun, write_supply
from landeval.publish.workbook.supply_form import write_supply_form
from landeval.read.source import read_sources
from landeval.reconciliation import every_record, reconcile
from landeval.result import Step
from landeval.settings.load import load_project
from landeval.settings_words import issues_in, told_in
from landeval.sources import as_inputs
from landeval.standards.rules import rulebook
from landeval.supply_board import OfRun, make_board
from landeval.tidy.boundary import tidy_boundary
from landeval.tidy.parcels import no_parcels
from landeval.tidy.supply import tidy_supply
from landeval.tidy.wrong_table import refuse_another
from landeval.units import fixed


def write_form(path: Path) -> None:
    """Write the blank form, and say what to do with it."""
    say(f"空白表：{write_supply_form(path.absolute())}")
    say(f"填好后运行：landeval supply {path.name} --out 供地结果")


def run_supply(options: argparse.Namespace) -> tuple[SupplyRun, Path]:
    """Make the board of the table that the command or the project names, and write everything.

    Raises
    ------
    LandevalError
        An input or setting that cannot be obeyed, an output that cannot be written.
    """
    project = load_project(
        options.project, supply=options.file, boundary=options.boundary, as_of=options.as_of, out=options.out
    ).dated()
    if project.out is None:
        raise ConfigurationError(
            "没有写明输出文件夹", where="--out", remedy="请加 --out 供地结果", code="E615"
        )
    inputs = [source.path for source in project.sources if source.table in ("supply", "boundary")]
    with reserved(project.out, inputs=inputs) as place:
        tell(place.notes)
        result = supply_of(project)
        return result, write_supply(result, project.out, inputs=inputs)


def supply_of(project: Project) -> SupplyRun:
    """Make the board of a project's ``supply`` and ``boundary`` sources, without writing anything.

    Raises
    ------
    LandevalError
        An input or setting that cannot be obeyed; data problems are rows of ``issues`` instead.
    """
    with told_in(project):
        return _supply_of(project)


def _supply_of(project: Project) -> SupplyRun:
    sources = (*project.sources_of("supply"), *project.sources_of("boundary"))
    if not project.sources_of("supply"):
        raise ConfigurationError(
            "没有给储备与供地表",
            remedy="请写 landeval supply 储备与供地表.xlsx --out 供地结果；空白表用 landeval supply --template 储备与供地表.xlsx 生成",
            code="E558",
        )
    if (as_of := project.as_of) is None:
        raise ConfigurationError("没有评价基准日", remedy="请加 --as-of 2024-12-31", code="E614")
    project = replace(project, sources=sources)
    check_units(project)
    since = time.perf_counter()
    rules = rulebook(as_of, project.overrides, project.added_rules)
    raws = read_sources(sources)
    given = [raw for raw in raws if raw.source.table == "supply"]
    refuse_another(given)
    stock = tidy_supply(given, project)
    boundary = tidy_boundary([raw for raw in raws if raw.source.table == "boundary"], project)
    parcels = no_parcels()
    nothing = pd.Series(dtype="object", index=parcels.index)
    findings = pd.DataFrame({"rule_id": [], "verdict": [], "unit_id": []}, dtype="object")
    run = OfRun(parcels, nothing, findings, nothing)
    board, told = make_board(stock, boundary, rules, project.supply_tiers, as_of, project.switches, run=run)
    tables = [*stock.tables, *boundary.tables]
    columns = pd.concat([table.columns for table in tables], ignore_index=True)
    noted = issues_in(
        issues.addressed(issues.ordered([*stock.issues, *boundary.issues, told]), columns), project
    )
    records = every_record(raws, [table.set_aside for table in tables])
    read = sum(len(raw.frame) for raw in raws)
    return SupplyRun(
        board=board,
        issues=noted,
        reconciliation=reconcile(records, [stock.states, boundary.states], noted),
        as_of=as_of,
        title=project.title,
        currency=project.currency,
        steps=(Step("供地盘子", read, len(board.plots), time.perf_counter() - since),),
        meta={
            "settings": as_settings(project),
            "inputs": as_inputs(raws, stock.crs | boundary.crs, columns),
        },
    )


def summary(result: SupplyRun) -> Iterator[str]:
    """Tell the land of every stage, and what waits."""
    yield f"\n{result.title}　供地盘子　基准日 {result.as_of}　共 {len(result.board.plots)} 宗"
    yield from stage_lines(result.board)


def stage_lines(board: LandSupply) -> Iterator[str]:
    """Tell the plots and land of every stage that has any."""
    park = board.stages[board.stages["stage_level"] == "园区"].set_index("supply_stage")
    counts, lands = park["plots_count"].to_dict(), park["plot_area_mu"].to_dict()
    for stage in EVERY_STAGE:
        count, land = counts[stage], lands[stage]
        if count:
            yield f"  {stage}　{count} 宗" + (f"　{fixed(land, 4)} 亩" if land == land else "　面积未知")
