"""What a trial is to change, asked of an analyst: a slip of the pen is told and asked again, Enter changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from landeval import LandevalError
from landeval.basis import Basis
from landeval.console import say
from landeval.judge.what_if import judged
from landeval.read.run_folder import read_run
from landeval.trial import Trial, pairs_of, tried
from landeval.what_if import day_of

DAY = "换到哪一天再看？如 2025-06-30；不换的直接回车："
RULES = "改哪条标准？如 dongkou.tax=18，几条用空格隔开（编号见 landeval rules）；不改的直接回车："
AGAIN = "请重写；不改的直接回车。"


def asked(folder: Path, ask: Callable[[str], str]) -> list[str]:
    """Return the options of ``landeval what-if`` that somebody asks for; each answer is one that a trial will take.

    Raises
    ------
    LandevalError
        The run cannot be tried.
    """
    basis = read_run(folder).basis
    day = _answer(ask, DAY, lambda text: _day(basis, text))
    rules = _answer(ask, RULES, lambda text: _rules(basis, text, day))
    return [*day, *rules]


def _answer(ask: Callable[[str], str], question: str, read: Callable[[str], list[str]]) -> list[str]:
    while True:
        text = ask(question)
        try:
            return read(text) if text else []
        except LandevalError as error:
            say(f"{error}\n{AGAIN}")


def _day(basis: Basis, text: str) -> list[str]:
    day = day_of(text)
    judged(tried(basis, {}, Trial(as_of=day)))  # a day before the law is refused only there
    return ["--as-of", day.isoformat()]


def _rules(basis: Basis, text: str, day: list[str]) -> list[str]:
    values = pairs_of(text.split(), "改标准", "dongkou.tax=18")
    tried(basis, values, Trial(as_of=day_of(day[1]) if day else None), "改标准")
    return [part for rule, value in values.items() for part in ("--set", f"{rule}={value}")]
