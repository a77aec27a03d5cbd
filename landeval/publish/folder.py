"""The output folder: written whole beside its place, read back, then put there in one step; the former one is kept."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from landeval.errors import LandevalError, OutputError
from landeval.interrupts import undisturbed
from landeval.publish.hold import held, not_writable
from landeval.publish.input_marks import Marks, marks, refuse_changed
from landeval.publish.names import is_device
from landeval.publish.own import is_ours
from landeval.publish.read_back import settle
from landeval.publish.swap import READY, WRITING, beside, entries, last_of, left, make_fresh, mend, swap
from landeval.shortage import disk_full, is_full

__all__ = ["Reservation", "is_ours", "last_of", "mended", "refuse_unsafe", "reserved", "staged_folder"]
LEAST_FREE_BYTES = 1 << 20
"""Where less is free, a failure to write is the disk's."""
MOST_NAME_BYTES = 200
"""Of a folder's name: beside it stand others whose names are longer."""
MOST_PATH = 120
"""Characters of an output folder's path on Windows, where 260 are the end of any path below it."""


@dataclass(frozen=True)
class Reservation:
    """An output folder that is this run's alone.

    Attributes
    ----------
    place : Path
    inputs : tuple of Path
    before : Mapping
        The inputs' marks when it was reserved.
    notes : tuple of str
        What was mended of an earlier run that was killed.
    """

    place: Path
    inputs: tuple[Path, ...]
    before: Marks
    notes: tuple[str, ...]


_RESERVED: dict[tuple[Path, int], Reservation] = {}


@contextmanager
def reserved(target: Path, *, inputs: Sequence[Path] = ()) -> Iterator[Reservation]:
    """Keep an output folder for one run from before it reads its inputs: locked, mended, and its inputs watched.

    ``staged_folder`` within the block uses it; nothing is published if an input has changed since.

    Raises
    ------
    OutputError
        As for ``staged_folder``.
    """
    place = resolved(target)
    refuse_unsafe(place, inputs)
    made = _make_parents(place.parent)
    key = place, threading.get_ident()
    try:
        with held(place):
            notes = tuple(mend(place))
            refuse_unsafe(place, inputs)
            _RESERVED[key] = Reservation(place, tuple(inputs), marks(inputs), notes)
            try:
                yield _RESERVED[key]
            finally:
                del _RESERVED[key]
    except BaseException:
        with undisturbed():
            for folder in made:
                with suppress(OSError):
                    folder.rmdir()
        raise


@contextmanager
def staged_folder(target: Path, *, inputs: Sequence[Path] = ()) -> Iterator[Path]:
    """Give a fresh folder to write into; it takes the place of ``target`` only if all went well.

    The former result is kept as ``<name>.上一次``. On any error or Ctrl-C the fresh folder is removed and the
    former result stays as it was; what a kill leaves behind is mended by the next run.

    Parameters
    ----------
    target : Path
        Where the result shall stand: a new name, an empty folder, or a former result of ours.
    inputs : sequence of Path
        Files and folders that were read; the result may not take their place.

    Yields
    ------
    Path
        The folder to write into, beside ``target``; ``run.json`` is written last.

    Raises
    ------
    OutputError
        ``target`` is a file, is not ours, holds an input, cannot be written, is held by another run or open
        elsewhere; an input was changed meanwhile; what was written cannot be read back; or the disk is full.
    """
    place = resolved(target)
    mine = _RESERVED.get((place, threading.get_ident()))
    if mine is None:
        with reserved(target, inputs=inputs), staged_folder(target, inputs=inputs) as fresh:
            yield fresh
        return
    refuse_unsafe(place, inputs)
    refuse_changed(mine.before, mine.inputs)
    fresh = beside(place, WRITING)
    try:
        with _told_by_the_disk(place):
            make_fresh(fresh)
        with _told_by_the_disk(place, only_known=True):
            yield fresh
            settle(fresh)
        refuse_unsafe(place, inputs)
        refuse_changed(mine.before, mine.inputs)
        with undisturbed():
            swap(fresh, place)
    except BaseException:
        with undisturbed():
            shutil.rmtree(fresh, ignore_errors=True)
        raise


@contextmanager
def _told_by_the_disk(place: Path, *, only_known: bool = False) -> Iterator[None]:
    """Say in Chinese what the disk refuses; with ``only_known`` errors that need not be the place's pass."""
    try:
        yield
    except LandevalError:
        raise
    except Exception as error:
        if is_full(error) or _is_used_up(place.parent):
            raise disk_full(place.parent) from error
        if not isinstance(error, OSError):
            raise
        if error.errno == errno.ENAMETOOLONG or getattr(error, "winerror", None) == 206:
            raise _too_long(place) from error
        if not only_known or error.errno == errno.EROFS:
            raise not_writable(place.parent) from error
        raise


def _is_used_up(folder: Path) -> bool:
    """Tell whether a disk has no room left: some libraries say only that writing failed."""
    try:
        return shutil.disk_usage(folder).free < LEAST_FREE_BYTES
    except OSError:
        return False


def mended(target: Path) -> list[str]:
    """Mend what a killed run left of a result that is about to be read; return what was done, in Chinese.

    Raises
    ------
    OutputError
        A run is writing it at this moment.
    """
    place = resolved(target)
    if place.exists() or not left(place, READY):
        return []
    with held(place):
        return mend(place)


def resolved(target: Path) -> Path:
    """Return the folder that a path leads to, by its full name."""
    return Path(os.path.abspath(target)).resolve()


def refuse_unsafe(place: Path, inputs: Sequence[Path] = ()) -> None:
    """Raise where a result may not be put.

    Raises
    ------
    OutputError
        See ``staged_folder``.
    """
    refuse_name(place)
    if place.exists() and not place.is_dir():
        raise OutputError(
            "输出位置是一个文件，不是文件夹",
            where=str(place),
            remedy="请用 --out 另指定一个文件夹",
            code="E701",
        )
    for source in inputs:
        real = resolved(source)
        if real.is_relative_to(place) or (real.is_dir() and place.is_relative_to(real)):
            raise OutputError(
                "输出文件夹里有本次的输入资料，写入会动到原始资料",
                where=f"输出 {place}；输入 {real}",
                remedy="请用 --out 另指定一个文件夹，例如原始资料旁边的“成果”；交回成果里填好的表，请先把它复制到“输入”等别的文件夹",
                code="E703",
            )
    if place.is_dir() and not is_ours(place) and _has_entries(place):
        raise OutputError(
            "输出文件夹不是空的，也不是 landeval 的成果，不能覆盖",
            where=str(place),
            remedy="请用 --out 指定新的或空的文件夹",
            code="E702",
        )


def refuse_name(place: Path, *, is_windows: bool = os.name == "nt") -> None:
    """Raise where a system cannot keep a folder of that name, or nothing of ours could be written below it.

    Raises
    ------
    OutputError
    """
    if len(place.name.encode()) > MOST_NAME_BYTES or (is_windows and len(str(place)) > MOST_PATH):
        raise _too_long(place)
    wrong = [part for part in place.parts[1:] if is_device(part) or part != part.rstrip(" .")]
    if is_windows and wrong:
        raise OutputError(
            f"Windows 不能用“{wrong[0]}”作文件夹名",
            where=str(place),
            remedy="请换一个名称：不用 CON、NUL、COM1 等设备名，末尾不加点或空格",
            code="E735",
        )


def _too_long(place: Path) -> OutputError:
    return OutputError(
        "输出文件夹的名称或路径太长",
        where=f"{place}（路径 {len(str(place))} 个字符）",
        remedy=f"请用 --out 换一个较短的位置，如 D:\\成果；Windows 上路径不超过 {MOST_PATH} 个字符，名称不超过 60 个汉字",
        code="E736",
    )


def _has_entries(folder: Path) -> bool:
    try:
        return bool(entries(folder))
    except OSError as error:
        raise OutputError(
            "输出文件夹打不开",
            where=str(folder),
            remedy="请检查文件夹的权限，或用 --out 换一个位置",
            code="E704",
        ) from error


def _make_parents(parent: Path) -> list[Path]:
    missing = []
    step = parent
    while not step.exists():
        missing.append(step)
        step = step.parent
    with _told_by_the_disk(parent):
        parent.mkdir(parents=True, exist_ok=True)
    return missing
