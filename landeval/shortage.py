"""A lack of memory or of room on a disk, however a library puts it."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from landeval.errors import LandevalError, MemoryShortError, OutputError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_ROOM = ("no space left", "disk is full", "disk full", "quota exceeded")
_NO_MEMORY = (
    "bad_alloc", "unable to allocate", "cannot allocate memory", "out of memory", "malloc", "realloc",
    "failed to map segment", "paging file is too small", "页面文件太小",
)  # fmt: skip
"""The last three are of libraries that could not even be loaded, two of them of Windows."""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, then what it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _says(error: BaseException, words: tuple[str, ...]) -> bool:
    text = "" if isinstance(error, LandevalError) else str(error).lower()  # ours may name a file
    return any(word in text for word in words)


def is_full(error: BaseException) -> bool:
    """Tell whether a disk without room is behind an error.

    Examples
    --------
    >>> is_full(OSError(errno.ENOSPC, "x")), is_full(RuntimeError("database or disk is full")), is_full(ValueError())
    (True, True, False)
    """
    return any(
        (isinstance(one, OSError) and one.errno in _FULL) or _says(one, _NO_ROOM) for one in _causes(error)
    )


def disk_full(folder: object) -> OutputError:
    """Say that a disk has no room left."""
    return OutputError(
        "磁盘空间不足，成果没有写完",
        where=str(folder),
        remedy="请清理磁盘或换一个输出位置后重新运行",
        code="E705",
    )


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether a lack of memory is behind an error.

    Examples
    --------
    >>> is_out_of_memory(MemoryError()), is_out_of_memory(RuntimeError("std::bad_alloc")), is_out_of_memory(ValueError())
    (True, True, False)
    """
    return any(isinstance(one, MemoryError) or _says(one, _NO_MEMORY) for one in _causes(error))


def out_of_memory() -> MemoryShortError:
    """Say that memory does not suffice."""
    return MemoryShortError(
        "内存不足，没有写出成果",
        where="本机",
        remedy="请关闭其他程序，按乡镇或片区拆分资料后分别运行，或换一台内存较大的电脑；需要多少见 docs/限制.md",
        code="E801",
    )
