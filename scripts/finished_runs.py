"""Finished runs near at hand, for the numbered scripts: found, listed, chosen by an analyst or by their dates."""

from __future__ import annotations

import datetime as dt
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from numbered import RESULTS, ROOT, beside, documents, stopped

from landeval import LandevalError
from landeval.basis import FOLDER
from landeval.console import say
from landeval.read.run_folder import RECORD, record_of

LOOKED_IN = f"当前文件夹、程序文件夹和 {documents() / RESULTS}"
Ask = Callable[[str], str] | None
"""Puts a question and returns the answer, stripped; None where nobody is there to answer."""


class Run(NamedTuple):
    """A finished run: its as-of date first, so that runs sort by it."""

    as_of: dt.date
    folder: Path
    title: str
    year: int | None

    def __str__(self) -> str:
        return f"{self.folder}（{self.title}，{f'{self.year} 年，' if self.year else ''}基准日 {self.as_of}）"


def run_of(folder: Path) -> Run | None:
    """Return the run that a folder is; None where it is none, or only a check, a trial, a comparison."""
    try:
        record = record_of(folder)
        whole = any(str(name).startswith(f"{FOLDER}/") for name in record["outputs"])
        if record.get("kind") or not whole:
            return None
        year = record["year"]
        return Run(dt.date.fromisoformat(record["as_of"]), folder.resolve(), str(record["title"]), None if year is None else int(year))  # fmt: skip
    except (LandevalError, KeyError, TypeError, ValueError):
        return None


def runs_in(places: Iterable[Path]) -> list[Run]:
    """Return the runs that folders are or hold (one level down), earliest first, each once."""
    found = {}
    for place in places:
        try:
            children = [child for child in place.iterdir() if (child / RECORD).is_file()]
        except OSError:
            children = []
        for run in filter(None, map(run_of, [place, *sorted(children)])):
            found[run.folder] = run
    return sorted(found.values())


def near() -> list[Run]:
    """Return the runs in the current folder, where the other scripts write without a project, and in the program's."""
    return runs_in([Path.cwd(), documents() / RESULTS, ROOT])


def results_of(run: Run) -> Path:
    """Return the folder for what is made of a run: the one that the run lies in, never the program's."""
    return beside(run.folder.parent)


def asker() -> Ask:
    """Return how to ask on this console; None where no one sits at it."""
    if sys.stdin is None or not sys.stdin.isatty():
        return None

    def ask(question: str) -> str:
        try:
            return unicodedata.normalize("NFKC", input(question)).strip()
        except (EOFError, KeyboardInterrupt):
            stopped()

    return ask


def choose(runs: Sequence[Run], question: str, default: int, ask: Ask) -> Run:
    """List runs and let one be chosen by number; the default where there is but one, nobody to ask, or Enter."""
    if len(runs) == 1 or ask is None:
        return runs[default]
    for number, run in enumerate(runs, 1):
        say(f"  {number}. {run}")
    while True:
        answer = ask(f"{question}写序号，直接回车为 {default + 1}：")
        if not answer:
            return runs[default]
        if answer.isdecimal() and 1 <= int(answer) <= len(runs):
            return runs[int(answer) - 1]
        say(f"没有第 {answer} 个，请写 1 至 {len(runs)}。")


def pair(runs: Sequence[Run], ask: Ask) -> tuple[Run, Run] | None:
    """Choose a later run and an earlier one of the same park; None where there is no such pair.

    By default the latest, and the latest before it.
    """
    later = [run for run in runs if _before(run, runs)]
    if not later:
        return None
    now = choose(later, "本次（较晚的）是哪个？", len(later) - 1, ask)
    earlier = _before(now, runs)
    return choose(earlier, "上次（较早的）是哪个？", len(earlier) - 1, ask), now


def _before(now: Run, runs: Sequence[Run]) -> list[Run]:
    return [run for run in runs if run.as_of < now.as_of and run.title == now.title]
