"""Make spoiled deliveries from a seed number and have them judged; the same number gives the same cases."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from fuzz.mutations import spoiled_file
from fuzz.seeds import Seed, seeds

SECONDS_A_CASE = {"tidied": 10.0, "evaluated": 10.0, "published": 60.0}
START_SECONDS = 20.0
"""What a fresh worker may take more, to load the libraries."""
ONE_IN = 8
"""One case in this many is evaluated to the end; all are read and tidied."""
WHOLE_ONE_IN = 5
"""One in this many of those is published too."""
ROOT = Path(__file__).resolve().parents[2]


class Case(NamedTuple):
    """One spoiled delivery."""

    name: str
    seed: Seed
    depth: str


class Failure(NamedTuple):
    """A case and what was wrong with its outcome."""

    case: Case
    found: str


def case_of(seed: int, number: int, *, one_in: int = ONE_IN, whole_one_in: int = WHOLE_ONE_IN) -> Case:
    """Make the case of a number: a delivery of which one file is spoiled, sometimes two."""
    rng = random.Random(f"landeval {seed} {number}")
    known = seeds()
    name = rng.choice(list(known))
    files = dict(known[name].files)
    every = [data for one in known.values() for data in one.files.values()]
    for file in rng.sample(sorted(files), k=min(len(files), rng.choice((1, 1, 1, 2)))):
        files[file] = spoiled_file(file, files[file], rng, every)
    depth = "tidied" if number % one_in else "evaluated" if number // one_in % whole_one_in else "published"
    return Case(f"{seed}-{number}-{name}", Seed(files, known[name].given), depth)


class Judge:
    """A worker process that is asked case by case, and started again where it hangs or dies."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Judge:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def judged(self, case: Case) -> str:
        """Return what is wrong with a case; empty where nothing is."""
        with tempfile.TemporaryDirectory(dir=self.place) as name:
            folder = Path(name)
            write(case, folder)
            asked = {"folder": name, "given": case.seed.given, "depth": case.depth}
            is_fresh = self.process is None
            self._start()
            assert self.process is not None
            assert self.process.stdin is not None
            try:
                self.process.stdin.write(json.dumps(asked) + "\n")
                self.process.stdin.flush()
                answer = self._answer(SECONDS_A_CASE[case.depth] + (START_SECONDS if is_fresh else 0))
            except queue.Empty:
                self._stop()
                return f"超过 {SECONDS_A_CASE[case.depth]:g} 秒没有结果"
            except BrokenPipeError:
                answer = ""
            if not answer:
                code = self.process.wait()
                self._stop()
                return f"进程中止，退出码 {code}"
            return str(json.loads(answer)["found"])

    def _answer(self, seconds: float) -> str:
        """Wait for a verdict until the worker has computed so long, or six times that has passed.

        Its own time counts, so that a busy machine does not make hangs of slow cases.
        """
        assert self.process is not None
        begun, computed = time.monotonic(), _computed(self.process.pid)
        while True:
            try:
                return self.answers.get(timeout=0.5)
            except queue.Empty:
                waited = time.monotonic() - begun
                if waited > 6 * seconds or min(waited, _computed(self.process.pid) - computed) > seconds:
                    raise

    def _start(self) -> None:
        if self.process is not None:
            return
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("worker.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            cwd=self.place,
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0"},
        )
        self.answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=_listen, args=(self.process, self.answers), daemon=True).start()

    def _stop(self) -> None:
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self.process = None


def _computed(process: int) -> float:
    """Return the seconds a process has computed; the clock's where the system does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return time.monotonic()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _listen(process: subprocess.Popen[str], answers: queue.Queue[str]) -> None:
    assert process.stdout is not None
    try:
        for line in process.stdout:
            answers.put(line)
    except ValueError:  # closed while waiting: the process was stopped
        pass
    answers.put("")


def write(case: Case, folder: Path) -> None:
    """Write the files of a case."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in case.seed.files.items():
        (folder / name).write_bytes(data)


def run(
    cases: Iterable[Case], *, seconds: float | None = None, keep: Path | None = None
) -> tuple[int, list[Failure]]:
    """Judge cases until they or the time are used up.

    Parameters
    ----------
    cases : iterable of Case
    seconds : float, optional
        How long; None until the cases end.
    keep : Path, optional
        Folder for the files of cases that failed.

    Returns
    -------
    int, list of Failure
        How many cases were judged, and those that failed.
    """
    until = None if seconds is None else time.monotonic() + seconds
    failures: list[Failure] = []
    count = 0
    with tempfile.TemporaryDirectory() as place, Judge(Path(place)) as judge:
        for case in cases:
            if until is not None and time.monotonic() > until:
                break
            count += 1
            if found := judge.judged(case):
                failures.append(Failure(case, found))
                if keep:
                    write(case, keep / case.name)
                    (keep / f"{case.name}.txt").write_text(found, "utf-8")
    return count, failures
