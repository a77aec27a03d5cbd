"""``admit``, ``index`` and ``supply``: a table of its own each, without parcels."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from landeval.cli.outcome import DONE, exit_code, problems, returned
from landeval.console import report, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from landeval.cli.outcome import Made


def run_admit(options: argparse.Namespace) -> int:
    """Check proposed projects, or write the form that they are proposed on."""
    from landeval.entry_check import check_entry, summary, write_form

    if options.template is not None:
        write_form(Path(options.template))
        return DONE
    result, out = check_entry(options)
    return _told(result, summary(result), out / "准入审查.xlsx", is_strict=options.strict)


def run_index(options: argparse.Namespace) -> int:
    """Make the intensive-use index, or write the form for its figures."""
    from landeval.index_command import index_run, summary, write_form
    from landeval.settings.load import settings_here

    if options.form is not None:
        write_form(Path(options.form))
        return DONE
    if options.project is None:
        options.project = settings_here(Path())
    result, out = index_run(
        options.project, options.out, corrections=options.corrections, review=options.review
    )
    returned(result)
    return _told(result, summary(result), out / "土地集约利用指数.xlsx", is_strict=options.strict)


def run_supply(options: argparse.Namespace) -> int:
    """Make the land supply board of a stock table alone, or write the table's blank form."""
    from landeval.supply_command import run_supply as make
    from landeval.supply_command import summary, write_form

    if options.template is not None:
        write_form(Path(options.template))
        return DONE
    result, out = make(options)
    return _told(result, summary(result), out / "供地盘子.xlsx", is_strict=options.strict)


def _told(result: Made, summary: Iterable[str], book: Path, *, is_strict: bool) -> int:
    """Tell each step with its records and seconds, what came out, the problems, and where it all stands; the exit code."""
    for at, step in enumerate(result.steps, start=1):
        report(f"[{at}/{len(result.steps)}] {step.name}　{step.told}　{step.seconds:.1f} 秒")
    for line in summary:
        say(line)
    problems(result, most=5)
    say(f"\n成果：{book}、{book.parent / 'tables'}、{book.parent / 'run.json'}")
    return exit_code(result, is_strict)
