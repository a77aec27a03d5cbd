"""``landeval what-if``: a finished run judged again by other rules or on another day, without its inputs."""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from landeval.console import say, tell
from landeval.errors import ConfigurationError
from landeval.trial import TRIAL, Outcome, Trial, axes_of, pairs_of, tried

if TYPE_CHECKING:
    from landeval.read.run_folder import FinishedRun
    from landeval.result import Result

Progress = Callable[[str, int, int], None]
STEPS = ("读取成果", "按原规则复核", "试算", "网格", "临界清单", "写出")


def trial_of(options: argparse.Namespace) -> Trial:
    """Read the command's options.

    Raises
    ------
    ConfigurationError
    """
    day = None if options.as_of is None else day_of(options.as_of)
    values = pairs_of(options.set or [], "--set", "dongkou.tax=18")
    return Trial(values=values, as_of=day, grids=tuple(options.grid or ()))


def day_of(text: str) -> dt.date:
    """Read a day as tables write it: 2025-12-31, 2025年12月31日, 2025.12.31, 20251231.

    Raises
    ------
    ConfigurationError
        E611: it is none.

    Examples
    --------
    >>> day_of("2025年12月31日")
    datetime.date(2025, 12, 31)
    """
    from landeval.tidy.values import NotUnderstoodError, date

    try:
        day = (
            None if text.isdigit() and len(text) == 5 else date(text)
        )  # a day's number in Excel is none here
    except NotUnderstoodError:
        day = None
    if day is None:
        raise ConfigurationError(
            f"日期不可用：{text}", where="--as-of", remedy="请写 2025-12-31 或 2025年12月31日", code="E611"
        )
    return day


def try_out(
    run: Result | Path | str, trial: Trial, step: Progress = lambda name, number, count: None
) -> Outcome:
    """Judge a finished run again as a trial asks, and compare.

    Parameters
    ----------
    run : Result, Path or str
        What ``evaluate`` returned, or the output folder of ``landeval run``.
    trial : Trial
    step : callable, optional
        Called after each of ``STEPS`` but the last.

    Raises
    ------
    InputRefusedError
        The folder is damaged, of another version, or no run.
    ConfigurationError
        What is asked cannot be tried; E633: the result has nothing to be judged again from.
    """
    from landeval.judge.cliffs import cliffs
    from landeval.judge.grid import grids
    from landeval.judge.what_if import compare_judgements, judged
    from landeval.read.run_folder import refuse_other_rules

    begun = time.perf_counter()

    def done(number: int) -> None:
        step(STEPS[number], number + 1, len(STEPS))

    found, name = _finished(run)
    done(0)
    new = tried(found.basis, trial.values, trial)
    axes = axes_of(trial.grids, new)
    before = judged(found.basis)
    refuse_other_rules(found, before.status["status"], name)
    done(1)
    after = judged(new)
    compared = compare_judgements(before, after, found.basis, new)
    done(2)
    steps, pairs = grids(new, axes, found.basis.rules)
    done(3)
    near = cliffs(new, after)
    done(4)
    return Outcome(
        title=found.title,
        currency=found.currency,
        year=found.basis.year,
        as_of_before=found.basis.as_of,
        as_of=new.as_of,
        asked={"set": dict(trial.values), "as_of": trial.as_of, "grid": list(trial.grids)},
        rules=compared.rules,
        flips=compared.flips,
        changes=compared.changes,
        matrix=compared.matrix,
        grid=steps,
        crossing=pairs,
        cliffs=near,
        inputs={"run": name.resolve().name, "basis": dict(found.digests)},
        seconds=time.perf_counter() - begun,
    )


def _finished(run: Result | Path | str) -> tuple[FinishedRun, Path]:
    """Return what judging needs of a result or of a folder, and what the folder is called."""
    from landeval.read.run_folder import FinishedRun, read_run
    from landeval.result import Result

    if not isinstance(run, Result):
        return read_run(Path(run)), Path(run)
    if run.basis is None:
        raise ConfigurationError(
            "这份结果没有底稿，不能试算", where="run", remedy="请用 landeval.evaluate 得到的结果", code="E633"
        )
    return FinishedRun(run.basis, run.status["status"], run.title, run.currency, {}), Path(run.title)


def run_what_if(options: argparse.Namespace, step: Progress) -> None:
    """Try, write and tell."""
    from landeval.publish.folder import mended, reserved
    from landeval.publish.trial import BOOK, write_trial
    from landeval.publish.workbook.trial import WARNING, summary

    if options.out is None:
        raise ConfigurationError("没有写明输出文件夹", where="--out", remedy="请加 --out 试算", code="E615")
    trial, folder, out = trial_of(options), Path(options.run), Path(options.out).absolute()
    tell(mended(folder))
    with reserved(out, inputs=[folder]) as place:
        tell(place.notes)
        outcome = try_out(folder, trial, step)
        write_trial(outcome, out, run=folder)
    step(STEPS[-1], len(STEPS), len(STEPS))
    say(f"\n{TRIAL}：{outcome.title}　（{WARNING}）")
    for text in summary(outcome):
        say(f"  {text}")
    moved = outcome.matrix.iloc[:-1]
    for row in moved.to_dict("records"):
        for name, count in row.items():
            after = str(name).removeprefix("parcels_")
            if (
                str(name).startswith("parcels_")
                and count
                and after not in (row["status_before"], "without_area")
            ):
                say(f"    {row['status_before']} → {after}　{count} 宗　{row[f'area_{after}_mu']:,.1f} 亩")
    say(f"\n成果：{out / BOOK}　{out / 'tables'}（csv）")
