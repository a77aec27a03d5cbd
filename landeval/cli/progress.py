"""How far a long command is: a bar at a terminal, a line a step elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from landeval.console import is_quiet, is_verbose, report

if TYPE_CHECKING:
    from landeval.result import Step


class Bar:
    """What a long command calls as it goes on: itself after each step, ``papers`` after each paper written."""

    def __init__(
        self,
        step: Callable[[str], None],
        papers: Callable[[int, int], None],
        told: Callable[[str], None] | None,
    ) -> None:
        self._step, self.papers, self._told = step, papers, told
        self._since = time.perf_counter()
        self._counts = ""

    def counted(self, step: Step) -> None:
        """Keep a step's counts for the line that tells it."""
        self._counts = f"　{step.told}"

    def __call__(self, name: str, number: int, count: int) -> None:
        """Tell that a step is done, with its seconds."""
        now = time.perf_counter()
        self._step(f"{name}{self._counts}　{now - self._since:.1f} 秒")
        self._since, self._counts = now, ""
        if self._told:
            self._told(name)


def _tell_papers(done: int, of: int) -> None:
    """Tell a fiftieth paper, and the last."""
    if done % 50 == 0 or done == of:
        report(f"      一宗一档和文书草稿 {done}/{of}")


@contextmanager
def bar(total: int, told: Callable[[str], None] | None = None) -> Iterator[Bar]:
    """Show a progress bar on the error stream, a line a step where there is no terminal or all is to be told.

    Each step goes to ``told`` too.
    """
    started = [0]
    if is_quiet() or is_verbose() or not sys.stderr.isatty():

        def step(text: str) -> None:
            started[0] += 1
            report(f"[{started[0]}/{total}] {text}")

        yield Bar(step, _tell_papers, told)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("读取资料", total=total)

        def advance(text: str) -> None:
            bar.update(task, advance=1, description=f"已完成：{text}")

        def count(done: int, of: int) -> None:
            if done == 1:
                every.append(bar.add_task("一宗一档", total=of))
            bar.update(every[-1], completed=done)

        every: list[Any] = []
        yield Bar(advance, count, told)
