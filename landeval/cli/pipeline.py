"""From options to a project, and from a project to a Result that is written: what run, check, link and targets share."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landeval.cli.progress import Bar, bar
from landeval.console import detail, tell

if TYPE_CHECKING:
    from landeval.project import Project
    from landeval.result import Result


def project_of(options: argparse.Namespace) -> Project:
    """Load the project that the options name, or the one of the current folder, options overriding its settings."""
    from landeval.errors import ConfigurationError
    from landeval.settings.load import load_project, settings_here

    year = options.year
    if year is not None:
        if not (year.isascii() and year.isdigit()):
            raise ConfigurationError(
                f"年度不可用：{year}", where="--year", remedy="请写四位年份，如 2024", code="E611"
            )
        year = int(year)
    project = options.project
    if project is None:
        project = settings_here(Path())
    return load_project(
        project, parcels=options.parcels, enterprises=options.enterprises, contracts=options.contracts,
        layout=options.layout, buildings=options.buildings, imagery=options.imagery, corrections=options.corrections,
        decisions=options.review, exemptions=options.exemptions, supply=options.supply, boundary=options.boundary,
        targets=options.targets, rules=options.rules, year=year, as_of=options.as_of, title=options.title,
        data_folder=options.data_folder, out=options.out, dossiers=getattr(options, "dossiers", None),
        no_dossiers=getattr(options, "no_dossiers", None), public=getattr(options, "public", None),
    )  # fmt: skip


def log_of(options: argparse.Namespace) -> Path | None:
    """Return the file of ``--log``."""
    return None if options.log is None else Path(options.log)


def carried_out(
    project: Project,
    write: Callable[[Result, Sequence[Path], Bar], object],
    *,
    more_steps: int = 0,
    log: Path | None = None,
) -> tuple[Result, list[str]]:
    """Keep the output folder, evaluate, write what the command is about; tell every step, and the log too.

    Returns
    -------
    tuple
        The result, and what the former one in that folder had been given back and this one was not, a sentence each.
    """
    from landeval.handed_back import handed_back, left_out
    from landeval.publish.disposal_plan import check_template
    from landeval.publish.folder import reserved
    from landeval.publish.run_log import run_log
    from landeval.run import STEPS, evaluate

    assert project.out is not None
    template = project.writing.template
    inputs = [*(source.path for source in project.sources), *([template] if template else [])]
    with (
        reserved(project.out, inputs=inputs) as place,
        run_log(log, place=project.out, title=project.title) as written,
    ):
        tell(place.notes)
        for note in place.notes:
            written.line(note)
        check_template(template)
        before = former(project.out)
        with bar(len(STEPS) + more_steps, told=written.done) as step:
            result = evaluate(project, step, counted=step.counted)
            written.counts(result.steps)
            for line in _files(result):
                written.line(line)
                detail(f"      {line}")
            levels = result.issues["level"].value_counts()
            written.line("数据问题 " + "、".join(f"{level} {count} 条" for level, count in levels.items()))
            left = list(left_out(before, handed_back(result.reconciliation, result.meta["inputs"])))
            for text in left:
                written.line(text)
            write(result, inputs, step)
    return result, left


def former(out: Path) -> dict[str, Any]:
    """Return the record of the result that is about to be replaced; empty where there is none, or none to be read."""
    from landeval.errors import InputRefusedError
    from landeval.read.run_folder import record_of

    try:
        return record_of(out)
    except InputRefusedError:
        return {}


def _files(result: Result) -> Iterator[str]:
    """Tell of every input how it was read: sheet or layer, records, encoding, coordinate system."""
    for one in result.meta["inputs"]:
        records = one.get("rows", one.get("records"))
        told = (
            ("", one.get("layer")),
            ("记录 ", records),
            ("编码 ", one.get("encoding")),
            ("坐标系 ", one.get("crs")),
        )
        parts = "，".join(f"{word}{value}" for word, value in told if value not in (None, ""))
        yield f"读入 {one['file']}" + (f"：{parts}" if parts else "")
