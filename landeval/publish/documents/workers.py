"""Papers written by several processes: the same bytes whatever their number, and no process is needed.

A worker is this module run by the same Python: it takes papers from its input and gives documents back. So it needs no
guard in the script that called landeval, and works the same on every system.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import IO

from landeval.publish.documents.paper import Paper
from landeval.publish.documents.writing import written

MOST = 4
"""Processes at most: each of them takes about 150 MB."""
WORTH = 16
"""Papers from which on a second process is worth its start."""
_ALONE = Lock()
Told = Callable[[int, int], None]


def write_papers(
    papers: Sequence[Paper], folder: Path, *, workers: int | None = None, told: Told | None = None
) -> list[Path]:
    """Write every paper below a folder and return the paths, in order.

    Parameters
    ----------
    papers : sequence of Paper
        Their ``file`` names are distinct.
    folder : Path
    workers : int, optional
        Processes; by default one a processor, at most ``MOST``, and none beside this one for a few papers.
    told : callable, optional
        Called with how many are written and how many there are, after each.
    """
    count = _count(len(papers)) if workers is None else workers
    paths = [folder / paper.file for paper in papers]
    for place in {path.parent for path in paths}:
        place.mkdir(parents=True, exist_ok=True)
    for done, (at, document) in enumerate(_documents(papers, count), start=1):
        paths[at].write_bytes(document)
        if told:
            told(done, len(papers))
    return paths


def _count(papers: int) -> int:
    return 1 if papers < WORTH else min(os.cpu_count() or 1, MOST)


def _documents(papers: Sequence[Paper], count: int) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the document of every paper, as they are finished."""
    if count < 2:
        yield from ((at, written(paper)) for at, paper in enumerate(papers))
        return
    hands = [_Hand() for _ in range(min(count, len(papers)))]
    try:
        with ThreadPoolExecutor(len(hands)) as pool:
            waiting = iter(range(len(papers)))
            running = {
                pool.submit(hand.write, papers[at]): (hand, at)
                for hand, at in zip(hands, waiting, strict=False)
            }
            while running:
                done = next(as_completed(running))
                hand, at = running.pop(done)
                yield at, done.result()
                if (following := next(waiting, None)) is not None:
                    running[pool.submit(hand.write, papers[following])] = (hand, following)
    finally:
        for hand in hands:
            hand.leave()


def _written_here(paper: Paper) -> bytes:
    """Write a paper in this process, one after another: matplotlib draws for one thread at a time."""
    with _ALONE:
        return written(paper)


class _Hand:
    """One process beside this one; where it cannot be started or dies, its papers are written here."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        with suppress(OSError):
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )  # fmt: skip

    def write(self, paper: Paper) -> bytes:
        """Return the document of a paper."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            return _written_here(paper)
        try:
            pickle.dump(paper, process.stdin)
            process.stdin.flush()
            made: bytes = pickle.load(process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):  # it died: what is wrong will show here
            self.leave()
            return _written_here(paper)
        return made

    def leave(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        process.wait()


def serve(papers: IO[bytes], documents: IO[bytes]) -> None:
    """Write papers until there are no more."""
    while True:
        try:
            paper = pickle.load(papers)
        except EOFError:
            return
        pickle.dump(written(paper), documents)
        documents.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
