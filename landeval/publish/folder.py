"""The output folder: written whole beside its place, then put there in one step; the former one is kept."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from landeval.errors import OutputError
from landeval.publish.run_record import RUN_JSON, TOOL, digests

LAST = "上一次"
# Written by file managers while somebody looks at a folder; nobody's work.
_LITTER = frozenset({"Thumbs.db", "desktop.ini", ".DS_Store"})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def staged_folder(target: Path, *, inputs: Sequence[Path] = ()) -> Iterator[Path]:
    """Give a fresh folder to write into; it takes the place of ``target`` only if all went well.

    The former result is kept as ``<name>.上一次``. On any error or Ctrl-C the fresh folder is removed and the
    former result stays as it was.

    Parameters
    ----------
    target : Path
        Where the result shall stand: a new name, an empty folder, or a former result of ours.
    inputs : sequence of Path
        Files and folders that were read; the result may not take their place.

    Yields
    ------
    Path
        The folder to write into, beside ``target``.

    Raises
    ------
    OutputError
        ``target`` is a file, is not ours, holds an input, cannot be written or is open elsewhere;
        or the disk is full.
    """
    place = Path(os.path.abspath(target)).resolve()
    refuse_unsafe(place, inputs)
    made = _make_parents(place.parent)
    fresh = place.with_name(f".{place.name}.landeval-tmp-{os.getpid()}")
    try:
        _make_fresh(fresh)
        try:
            yield fresh
            _flush(fresh)
        except OSError as error:
            if error.errno in _FULL:
                raise OutputError(
                    "磁盘空间不足，成果没有写完",
                    where=str(place.parent),
                    remedy="请清理磁盘或换一个输出位置后重新运行",
                    code="E705",
                ) from error
            raise
        refuse_unsafe(place, inputs)
        _swap(fresh, place)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        raise


def is_ours(folder: Path) -> bool:
    """Tell whether a folder is a result that landeval wrote."""
    return _record(folder).get("tool") == TOOL


def _record(folder: Path) -> dict[str, object]:
    try:
        record = json.loads((folder / RUN_JSON).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def is_untouched(folder: Path) -> bool:
    """Tell whether a result of ours still holds the very files that its ``run.json`` lists."""
    if not is_ours(folder):
        return False
    found = {name: digest for name, digest in digests(folder).items() if Path(name).name not in _LITTER}
    return found == _record(folder).get("outputs")


def refuse_unsafe(place: Path, inputs: Sequence[Path] = ()) -> None:
    """Raise where a result may not be put.

    Raises
    ------
    OutputError
        See ``staged_folder``.
    """
    if place.exists() and not place.is_dir():
        raise OutputError(
            "输出位置是一个文件，不是文件夹",
            where=str(place),
            remedy="请用 --out 另指定一个文件夹",
            code="E701",
        )
    for source in inputs:
        real = Path(os.path.abspath(source)).resolve()
        if real.is_relative_to(place) or (real.is_dir() and place.is_relative_to(real)):
            raise OutputError(
                "输出文件夹里有本次的输入资料，写入会动到原始资料",
                where=f"输出 {place}；输入 {real}",
                remedy="请用 --out 另指定一个文件夹，例如原始资料旁边的“成果”",
                code="E703",
            )
    if place.is_dir() and not is_ours(place) and any(_entries(place)):
        raise OutputError(
            "输出文件夹不是空的，也不是 landeval 的成果，不能覆盖",
            where=str(place),
            remedy="请用 --out 指定新的或空的文件夹",
            code="E702",
        )


def _entries(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in os.scandir(folder) if entry.name not in _LITTER]
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
    try:
        parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_writable(parent) from error
    return missing


def _make_fresh(fresh: Path) -> None:
    try:
        if fresh.is_symlink() or fresh.is_file():
            fresh.unlink()
        elif fresh.exists():  # left by a killed run that had the same process number
            shutil.rmtree(fresh)
        fresh.mkdir()
    except OSError as error:
        raise _not_writable(fresh.parent) from error


def _not_writable(folder: Path) -> OutputError:
    return OutputError(
        "输出位置不能写入",
        where=str(folder),
        remedy="请检查该文件夹是否存在、是否只读，或用 --out 换一个位置",
        code="E704",
    )


def _flush(folder: Path) -> None:
    """Make sure that every byte is on the disk before the former result is touched."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("r+b") as stream:
                os.fsync(stream.fileno())
    _flush_names(folder)


def _flush_names(folder: Path) -> None:
    if os.name != "posix":
        return
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _swap(fresh: Path, place: Path) -> None:
    """Put the fresh folder in place of the former result; on failure everything goes back to where it was."""
    moved: list[tuple[Path, Path]] = []
    discard: Path | None = None
    try:
        if place.exists():
            if any(_entries(place)):
                discard = _make_room(place, moved)
                _rename(place, last_of(place), moved)
            else:
                shutil.rmtree(place)
        _rename(fresh, place, moved)
    except BaseException as error:
        for before, after in reversed(moved):
            with suppress(OSError):
                after.rename(before)
        if isinstance(error, OSError):
            locked = isinstance(error, PermissionError)
            raise OutputError(
                "旧成果正被其他程序使用，不能更换" if locked else "成果写好了，但不能放到指定位置",
                where=str(place),
                remedy=(
                    f"请先关闭 {place.name} 里打开的 Excel、浏览器和 GIS 窗口，再重新运行"
                    if locked
                    else "请检查输出位置（网络盘、权限），再重新运行"
                ),
                code="E706" if locked else "E708",
            ) from error
        raise
    if discard is not None:
        shutil.rmtree(discard, ignore_errors=True)
    with suppress(OSError):
        _flush_parent(place.parent)


def _flush_parent(parent: Path) -> None:
    if os.name == "posix":
        handle = os.open(parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def last_of(place: Path) -> Path:
    """Return where the former result is kept."""
    return place.with_name(f"{place.name}.{LAST}")


def _make_room(place: Path, moved: list[tuple[Path, Path]]) -> Path | None:
    """Free the name of the former result: an untouched older one may go, any other gets a number."""
    older = last_of(place)
    if not older.exists() and not older.is_symlink():
        return None
    if older.is_dir() and not older.is_symlink() and is_untouched(older):
        discard = place.with_name(f".{place.name}.landeval-old-{os.getpid()}")
        shutil.rmtree(discard, ignore_errors=True)
        _rename(older, discard, moved)
        return discard
    number = 2
    while (kept := older.with_name(f"{older.name}{number}")).exists():
        number += 1
    _rename(older, kept, moved)
    return None


def _rename(before: Path, after: Path, moved: list[tuple[Path, Path]]) -> None:
    before.rename(after)
    moved.append((before, after))
