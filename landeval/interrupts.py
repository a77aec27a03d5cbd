"""Signals that end a run: told as one kind of interrupt, and held back where a step must not be cut in two."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

ENDING = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""Beside Ctrl-C: a shutdown, a lost terminal, the closed window of a Windows console; not every system has all."""


class EndedError(KeyboardInterrupt):
    """A run was told to end; ``number`` is the signal's."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def _numbers(*names: str) -> list[int]:
    return [int(getattr(signal, name)) for name in names if hasattr(signal, name)]


def _is_main() -> bool:
    """Tell whether this thread may set handlers; the others never see a signal."""
    return threading.current_thread() is threading.main_thread()


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Make every signal that ends a process an ``EndedError``, so that what was begun is cleared away."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise EndedError(number)

    former: dict[int, Any] = {}
    if _is_main():
        for number in _numbers(*ENDING):
            if signal.getsignal(number) is signal.SIG_DFL:  # what nohup ignores stays ignored
                former[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let nothing but a kill end a step of a few renames or removals; what comes meanwhile is dropped."""
    former: dict[int, Any] = {}
    if _is_main():
        for number in _numbers("SIGINT", *ENDING):
            if signal.getsignal(number) is not signal.SIG_IGN:
                with suppress(OSError, ValueError):
                    former[number] = signal.signal(number, signal.SIG_IGN)
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
