"""One run at a time on one output folder: a lock file beside it, with process, computer and hour.

The system's own lock on the file tells whether the holder lives: it ends with the process, however that ends. What is
written in the file is for people, and for shares on which one computer does not see another's locks.
"""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from landeval.errors import OutputError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_TRIES = 10
_FAR = 1 << 30
"""Where Windows locks a byte: away from the text, which others may read meanwhile."""
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})


def lock_of(place: Path) -> Path:
    """Return the lock file of an output folder."""
    return place.with_name(f".{place.name}.landeval-lock")


@contextmanager
def held(place: Path) -> Iterator[None]:
    """Hold an output folder for as long as the block lasts.

    Raises
    ------
    OutputError
        Another run holds it, here or on another computer; or the place cannot be written.
    """
    path = lock_of(place)
    handle = _take(path, place)
    try:
        yield
    finally:
        _leave(handle, path)


def _take(path: Path, place: Path) -> int:
    for _ in range(_TRIES):
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise not_writable(path.parent) from error
        try:
            is_locked = _locked(handle)
            holder = _holder(handle)
            if is_locked is False or (is_locked is None and _lives(holder)):
                raise _busy(place, holder)
            if holder and holder.get("host") != platform.node():
                raise _elsewhere(place, path, holder)
            if not _is_at(handle, path):  # its holder removed it between our two steps
                os.close(handle)
                continue
            _write(handle)
        except OSError as error:
            os.close(handle)
            raise not_writable(path.parent) from error
        except OutputError:
            os.close(handle)
            raise
        return handle
    raise _busy(place, {})


def _locked(handle: int) -> bool | None:
    """Take the system's lock on an open file; None where the file system has no locks."""
    try:
        if sys.platform == "win32":
            os.lseek(handle, _FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return None if error.errno in _NO_LOCKS else False
    return True


def _holder(handle: int) -> dict[str, Any]:
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        told = json.loads(os.read(handle, 4096))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _lives(holder: dict[str, Any]) -> bool:
    """Tell whether the process that a lock names is there, as far as this computer can know."""
    process = holder.get("pid")
    if not isinstance(process, int):
        return False
    if holder.get("host") != platform.node() or os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except OSError:
        return False


def _write(handle: int) -> None:
    told = {
        "pid": os.getpid(),
        "host": platform.node(),
        "started": dt.datetime.now().astimezone().isoformat(timespec="seconds"),
    }
    os.lseek(handle, 0, os.SEEK_SET)
    os.ftruncate(handle, 0)
    os.write(handle, json.dumps(told, ensure_ascii=False).encode())
    os.fsync(handle)


def _leave(handle: int, path: Path) -> None:
    if os.name == "posix" and _is_at(handle, path):  # while still holding it, so that nobody's newer one goes
        with suppress(OSError):
            path.unlink()
    os.close(handle)
    if os.name != "posix":  # Windows removes no open file, and none that another run has taken by now
        with suppress(OSError):
            path.unlink()


def _busy(place: Path, holder: dict[str, Any]) -> OutputError:
    return OutputError(
        "另一次运行正在写同一个输出文件夹",
        where=f"{place}{_told(holder)}",
        remedy="请等它结束后再运行，或用 --out 另指定一个文件夹",
        code="E731",
    )


def _elsewhere(place: Path, path: Path, holder: dict[str, Any]) -> OutputError:
    return OutputError(
        "另一台电脑上的运行占用着同一个输出文件夹",
        where=f"{place}{_told(holder)}",
        remedy=f"请等它结束；如确认那台电脑上已没有在运行，请删除文件 {path} 后重新运行",
        code="E732",
    )


def _told(holder: dict[str, Any]) -> str:
    if not holder:
        return ""
    return f"（电脑 {holder.get('host')}，进程 {holder.get('pid')}，{holder.get('started')} 开始）"


def not_writable(folder: Path) -> OutputError:
    """Say that nothing can be written at a place."""
    return OutputError(
        "输出位置不能写入",
        where=str(folder),
        remedy="请检查该文件夹是否存在、是否只读，或用 --out 换一个位置",
        code="E704",
    )
