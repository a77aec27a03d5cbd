"""Papers written by several processes: the same bytes whatever their number, and no process is needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from threading import Lock

from landeval.publish.documents.paper import Paper
from landeval.publish.documents.writing import written
from landeval.publish.hand import Hand, LostError

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
    hands = [Hand() for _ in range(min(count, len(papers)))]
    try:
        with ThreadPoolExecutor(len(hands)) as pool:
            waiting = iter(range(len(papers)))
            running = {
                pool.submit(_by, hand, papers[at]): (hand, at)
                for hand, at in zip(hands, waiting, strict=False)
            }
            while running:
                done = next(as_completed(running))
                hand, at = running.pop(done)
                yield at, done.result()
                if (following := next(waiting, None)) is not None:
                    running[pool.submit(_by, hand, papers[following])] = (hand, following)
    finally:
        for hand in hands:
            hand.leave()


def _by(hand: Hand, paper: Paper) -> bytes:
    """Let a paper be written beside; where that fails it is written here."""
    try:
        document: bytes = hand.call(written, paper)
    except LostError:
        with _ALONE:  # matplotlib draws for one thread at a time
            return written(paper)
    return document
