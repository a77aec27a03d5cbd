"""The parts of a large run written by several processes: the same bytes whatever their number, and none is needed."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from landeval.publish.hand import Hand, LostError
from landeval.publish.parts import DOSSIER_STEP, PARTS, Part, write_first
from landeval.result import Result
from landeval.writing import Writing

MOST = 3
"""Processes at most, this one among them."""
WORTH, TOO_LARGE = 3_000, 50_000
"""Parcels from which on a second process is worth its start; and beyond which a second copy of the result takes too much memory."""


def written(
    result: Result,
    folder: Path,
    writing: Writing,
    *,
    papers: Callable[[int, int], None] | None = None,
    workers: int | None = None,
) -> Generator[str, None, None]:
    """Write every part into a folder; yield the steps, in their order, as they and those before them are done.

    Parameters
    ----------
    result : Result
    folder : Path
    writing : Writing
    papers : callable, optional
        Called with how many dossiers and drafts are written and how many there are.
    workers : int, optional
        Processes, this one among them; by default one a processor, at most ``MOST``, where the result is large enough and
        not too large.
    """
    count = _count(len(result.parcels)) if workers is None else workers
    # the processes end before the threads that wait for them, so an interrupt need not wait
    with ThreadPoolExecutor(max(count, 1)) as pool, _hands(count - 1) as hands:
        write_first(result, folder, writing, papers)
        yield DOSSIER_STEP
        work = _Work(result, folder, writing)
        beside = [pool.submit(work.by, hand) for hand in hands]
        yield from work.here()
        for one in beside:
            one.result()
        yield from work.here()  # what was lost with a process


def _count(parcels: int) -> int:
    return min(os.cpu_count() or 1, MOST) if WORTH <= parcels <= TOO_LARGE else 1


@contextmanager
def _hands(count: int) -> Iterator[list[Hand]]:
    hands = [Hand() for _ in range(count)]
    try:
        yield hands
    finally:
        for hand in hands:
            hand.leave()


@dataclass
class _Work:
    """The parts that are not begun yet, and what is done of each step."""

    result: Result
    folder: Path
    writing: Writing
    waiting: deque[Part] = field(default_factory=lambda: deque(PARTS))
    open: dict[str, int] = field(default_factory=lambda: dict(Counter(part.step for part in PARTS)))
    lock: Lock = field(default_factory=Lock)

    def here(self) -> Iterator[str]:
        """Write parts in this process until none waits; yield the steps that are done, here or elsewhere."""
        while (part := self._next()) is not None:
            part.write(self.result, self.folder, self.writing)
            self._done(part)
            yield from self._finished()
        yield from self._finished()

    def by(self, hand: Hand) -> None:
        """Let another process write parts until none waits or it is lost; what it was at waits again."""
        try:
            hand.keep(self.result)
        except LostError:
            return
        while (part := self._next()) is not None:
            try:
                hand.call(part.write, self.folder, self.writing)
            except LostError:
                self.waiting.appendleft(part)
                return
            self._done(part)

    def _next(self) -> Part | None:
        try:
            return self.waiting.popleft()
        except IndexError:
            return None

    def _done(self, part: Part) -> None:
        with self.lock:
            self.open[part.step] -= 1

    def _finished(self) -> Iterator[str]:
        while self.open and not next(iter(self.open.values())):
            step = next(iter(self.open))
            del self.open[step]
            yield step
