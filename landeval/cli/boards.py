"""``admit``, ``index`` and ``supply``: a table of its own each, without parcels."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from landeval.cli.outcome import DONE, exit_code, problems
from landeval.console import report, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from landeval.result import Step


def run_admit(options: argparse.Namespace) -> int:
    """Check proposed projects, or write the form that they are proposed on."""
    from landeval.entry_check import check_entry, summary, write_form

    if options.template is not None:
        write_form(Path(options.template))
        return DONE
    result, out = check_entry(options)
    _told(result.steps)
    for line in summary(result):
        say(line)
    problems(result, most=5)
    say(f"\n成果：{out / '准入审查.xlsx'}、{out / 'tables'}、{out / 'run.json'}")
    return exit_code(result, options.strict)


def run_index(options: argparse.Namespace) -> int:
    """Make the intensive-use index, or write the form for its figures."""
    from landeval.index_command import index_run, summary, write_form
    from landeval.settings.load import settings_here

    if options.form is not None:
        write_form(Path(options.form))
        return DONE
    if options.project is None:
        options.project = settings_here(Path())
    result, out = index_run(options.project, options.out)
    _told(result.steps)
    for line in summary(result):
        say(line)
    problems(result, most=5)
    say(f"\n成果：{out / '土地集约利用指数.xlsx'}、{out / 'tables'}、{out / 'run.json'}")
    return exit_code(result, options.strict)


def run_supply(options: argparse.Namespace) -> int:
    """Make the land supply board of a stock table alone, or write the table's blank form."""
    from landeval.supply_command import run_supply as make
    from landeval.supply_command import summary, write_form

    if options.template is not None:
        write_form(Path(options.template))
        return DONE
    result, out = make(options)
    _told(result.steps)
    for line in summary(result):
        say(line)
    problems(result, most=5)
    say(f"\n成果：{out / '供地盘子.xlsx'}、{out / 'tables'}、{out / 'run.json'}")
    return exit_code(result, options.strict)


def _told(steps: Sequence[Step]) -> None:
    """Tell each step with its records in and out and its seconds."""
    for at, step in enumerate(steps, start=1):
        counts = f"{step.rows_in:,} → {step.rows_out:,} 条"
        report(f"[{at}/{len(steps)}] {step.name}　{counts}　{step.seconds:.1f} 秒")
