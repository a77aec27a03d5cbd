"""A process beside this one that does what it is asked: the same Python, the same result, another core.

It is this module run by the same interpreter, so it needs no guard in the script that called landeval, and works the
same on every system. Where it cannot be started, dies or fails, the caller does the work itself: what is wrong shows there.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any


class LostError(Exception):
    """The process is not there any more, or never was."""


class Hand:
    """One process beside this one; usable from one thread at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        with suppress(OSError):
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )  # fmt: skip

    def keep(self, what: Any) -> None:
        """Hand something over once that is the first argument of every later call.

        Raises
        ------
        LostError
        """
        self._ask((None, what))

    def call(self, function: Callable[..., Any], *words: Any) -> Any:
        """Return what a function of a module returns there.

        Raises
        ------
        LostError
            Also where the function failed: the process has ended with it.
        """
        self._ask((function, words))
        process = self._process
        if process is None or process.stdout is None:
            raise LostError
        try:
            return pickle.load(process.stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
            self.leave()
            raise LostError from error

    def _ask(self, question: tuple[Callable[..., Any] | None, Any]) -> None:
        process = self._process
        if process is None or process.stdin is None:
            raise LostError
        try:
            pickle.dump(question, process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
        except (OSError, ValueError, TypeError, AttributeError, MemoryError, pickle.PicklingError) as error:
            self.leave()  # also where something cannot be handed over: half of it may have been sent
            raise LostError from error

    def leave(self) -> None:
        """End the process, whatever it does."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError, ValueError):
                    stream.close()
        process.wait()


def serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Do what is asked, one after another; where no more can come the caller is gone: end at once, in the midst of it."""
    asked: SimpleQueue[tuple[Callable[..., Any] | None, Any]] = SimpleQueue()

    def listen() -> None:
        try:
            while True:
                asked.put(pickle.load(questions))
        finally:
            os._exit(0)

    Thread(target=listen, daemon=True).start()
    kept: tuple[Any, ...] = ()
    while True:
        function, words = asked.get()
        if function is None:
            kept = (words,)
            continue
        pickle.dump(function(*kept, *words), answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()


def _only_answers() -> IO[bytes]:
    """Return a stream to the caller that nothing else writes to: what a library prints goes to the error stream."""
    own = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return own


if __name__ == "__main__":
    serve(sys.stdin.buffer, _only_answers())
