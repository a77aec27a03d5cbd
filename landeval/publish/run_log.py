"""``--log``: a text file that tells a run step by step, for whoever asks later what it did or where it stopped."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from landeval.errors import OutputError
from landeval.result import Step


class RunLog:
    """A log, or none where no file was asked for.

    Parameters
    ----------
    stream : text stream or None
    """

    def __init__(self, stream: IO[str] | None) -> None:
        self._stream = stream
        self._since = time.monotonic()
        self._last = self._since

    def line(self, text: str) -> None:
        """Write a line with the hour; a log that can no longer be written does not cost the run."""
        with suppress(OSError, ValueError):
            self.first(text)

    def first(self, text: str) -> None:
        """Write a line with the hour, or raise what the system says."""
        if self._stream is None:
            return
        now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
        self._stream.write(f"{now}  {' '.join(text.split())}\n")
        self._stream.flush()

    def done(self, step: str) -> None:
        """Tell that a step is done and how long it took [s]."""
        now = time.monotonic()
        self.line(f"已完成 {step} {now - self._last:.2f} 秒")
        self._last = now

    def counts(self, steps: Sequence[Step]) -> None:
        """Tell the records into and out of every step."""
        for step in steps:
            self.line(f"{step.name} {step.told} {step.seconds:.2f} 秒")

    def end(self, how: str) -> None:
        """Tell how the run ended."""
        self.line(f"{how} 共 {time.monotonic() - self._since:.2f} 秒")


@contextmanager
def run_log(path: Path | None, *, place: Path, title: str) -> Iterator[RunLog]:
    """Open a log for as long as a run lasts; how it ended stands in its last line.

    Parameters
    ----------
    path : Path or None
        Lines are added to a file that is there.
    place : Path
        The output folder, which is replaced as a whole and cannot hold the log.
    title : str
        What is run.

    Raises
    ------
    OutputError
        The log cannot be written.
    """
    if path is None:
        yield RunLog(None)
        return
    if path.absolute().resolve().is_relative_to(place.absolute().resolve()):
        raise _refused(path, "运行日志不能放在输出文件夹里", "请把 --log 写到输出文件夹以外")
    stream, log = None, RunLog(None)
    try:
        try:
            stream = path.open("a", encoding="utf-8")
            log = RunLog(stream)
            log.first(f"开始 {title} 输出 {place}")
        except OSError as error:
            raise _refused(
                path, "运行日志不能写入", "请检查文件夹是否存在、是否只读、磁盘是否已满，或关闭打开它的程序"
            ) from error
        try:
            yield log
        except BaseException as error:
            log.end(f"没有完成（{type(error).__name__}）{error}")
            raise
        log.end("完成")
    finally:
        if stream is not None:
            with suppress(OSError):
                stream.close()


def _refused(path: Path, what: str, remedy: str) -> OutputError:
    return OutputError(what, where=str(path), remedy=remedy, code="E737")
