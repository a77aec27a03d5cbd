"""Make sure that what a run wrote lies on the disk as it was written, before anything takes its place."""

from __future__ import annotations

import os
from pathlib import Path

from landeval.errors import OutputError
from landeval.publish.own import differing


def settle(folder: Path) -> None:
    """Have every byte written to the disk, and read again what lies there: hashes as in ``run.json``.

    Raises
    ------
    OutputError
        A file is not what was written: a failing disk or share, or another program's doing.
    """
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("r+b") as stream:
                os.fsync(stream.fileno())
                if hasattr(os, "posix_fadvise"):  # so that it is read from the disk and not from memory
                    os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    _flush_names(folder)
    if wrong := differing(folder):
        raise OutputError(
            "写出后读回核对，文件与写入的不一致",
            where="、".join(wrong[:5]) + (f" 等 {len(wrong)} 个" if len(wrong) > 5 else ""),
            remedy="请检查磁盘、网络盘和杀毒软件，或用 --out 换一个位置后重新运行",
            code="E734",
        )


def _flush_names(folder: Path) -> None:
    if os.name != "posix":
        return
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
