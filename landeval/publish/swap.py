"""Put a finished folder in place of the former result, and mend what a run that was killed in between left behind.

Beside a folder ``成果`` may stand, for as long as a run lasts: ``.成果.landeval-tmp-PID`` being written,
``.成果.landeval-new-PID`` finished and on its way, ``.成果.landeval-old-PID`` on its way out. Whoever holds the lock
knows that all of them are of runs that are no more.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from landeval.errors import OutputError
from landeval.publish.own import LITTER, is_ours, is_untouched

LAST = "上一次"
WRITING, READY, OUT = "tmp", "new", "old"
PATIENCE = (0.2, 0.5, 1.0, 2.0) if os.name == "nt" else ()
"""Seconds between attempts at a rename that Windows denies: virus scanners hold fresh files for a moment."""


def beside(place: Path, kind: str) -> Path:
    """Return the name under which this process keeps a folder beside a place."""
    return place.with_name(f".{place.name}.landeval-{kind}-{os.getpid()}")


def last_of(place: Path) -> Path:
    """Return where the former result is kept."""
    return place.with_name(f"{place.name}.{LAST}")


def entries(folder: Path) -> list[str]:
    """Return the names in a folder, but for what file managers leave."""
    return [entry.name for entry in os.scandir(folder) if entry.name not in LITTER]


def swap(fresh: Path, place: Path) -> None:
    """Put the fresh folder in place of the former result; on failure everything goes back to where it was.

    Raises
    ------
    OutputError
        The former result is open in another program, or the place cannot be renamed.
    """
    moved: list[tuple[Path, Path]] = []
    discard: Path | None = None
    ready = beside(place, READY)
    try:
        _clear(ready)
        _rename(fresh, ready, moved)
        if place.exists():
            if entries(place):
                discard = _make_room(place, moved)
                _rename(place, last_of(place), moved)
            else:
                shutil.rmtree(place)
        _rename(ready, place, moved)
    except BaseException as error:
        is_stuck = not _put_back(moved)
        if isinstance(error, OSError):
            raise _refused(place, error, ready if is_stuck else None) from error
        raise
    if discard is not None:
        shutil.rmtree(discard, ignore_errors=True)
    with suppress(OSError):
        _flush_parent(place.parent)


def _put_back(moved: list[tuple[Path, Path]]) -> bool:
    """Undo the renames, last first; where one cannot be undone the earlier ones stay, for ``mend`` to go on from."""
    for before, after in reversed(moved):
        try:
            after.rename(before)
        except OSError:
            return False
    return True


def _refused(place: Path, error: OSError, kept: Path | None) -> OutputError:
    is_open = isinstance(error, PermissionError)
    remedy = (
        f"请先关闭 {place.name} 里打开的 Excel、浏览器和 GIS 窗口，再重新运行"
        if is_open
        else "请检查输出位置（网络盘、权限），再重新运行"
    )
    if kept is not None:
        remedy += f"；写好的成果在 {kept.name}，旧成果在 {last_of(place).name}，再次运行时会放回原位"
    return OutputError(
        "旧成果正被其他程序使用，不能更换" if is_open else "成果写好了，但不能放到指定位置",
        where=str(place),
        remedy=remedy,
        code="E706" if is_open else "E708",
    )


def mend(place: Path) -> list[str]:
    """Finish or undo what a killed run left beside a place, and clear the rest away; only while it is held.

    Returns
    -------
    list of str
        What was done that concerns the results, in Chinese; empty where there was nothing.
    """
    told: list[str] = []
    ready, last = left(place, READY), last_of(place)
    if ready and not place.exists():
        whole = next((folder for folder in ready if is_untouched(folder)), None)
        if whole is not None:
            whole.rename(place)
            told.append(f"上次运行在更换成果时中断，写好的成果已放到 {place}。")
        elif is_ours(last):
            last.rename(place)
            told.append(f"上次运行在更换成果时中断，旧成果已放回 {place}。")
    for folder in left(place, OUT):
        if not last.exists() and is_ours(folder):
            folder.rename(last)
    for kind in (WRITING, READY, OUT):
        for folder in left(place, kind):
            shutil.rmtree(folder, ignore_errors=True)
    return told


def left(place: Path, kind: str) -> list[Path]:
    """Return the folders of a kind that runs left beside a place, newest first."""
    start = f".{place.name}.landeval-{kind}-"
    try:
        found = [entry for entry in os.scandir(place.parent) if entry.name.startswith(start)]
    except OSError:
        return []
    folders = [entry for entry in found if entry.is_dir(follow_symlinks=False)]
    return [Path(entry.path) for entry in sorted(folders, key=lambda one: -one.stat().st_mtime_ns)]


def make_fresh(fresh: Path) -> None:
    """Make an empty folder."""
    _clear(fresh)
    fresh.mkdir()


def _flush_parent(parent: Path) -> None:
    if os.name == "posix":
        handle = os.open(parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _make_room(place: Path, moved: list[tuple[Path, Path]]) -> Path | None:
    """Free the name of the former result: an untouched older one may go, any other gets a number."""
    older = last_of(place)
    if not older.exists() and not older.is_symlink():
        return None
    if older.is_dir() and not older.is_symlink() and is_untouched(older):
        discard = beside(place, OUT)
        _clear(discard)
        _rename(older, discard, moved)
        return discard
    number = 2
    while (kept := older.with_name(f"{older.name}{number}")).exists():
        number += 1
    _rename(older, kept, moved)
    return None


def _clear(folder: Path) -> None:
    """Remove what a killed run with the same process number left under a name."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def _rename(before: Path, after: Path, moved: list[tuple[Path, Path]]) -> None:
    for wait in PATIENCE:
        try:
            before.rename(after)
            break
        except PermissionError:
            time.sleep(wait)
    else:
        before.rename(after)
    moved.append((before, after))
