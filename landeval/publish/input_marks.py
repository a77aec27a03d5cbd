"""Notice that an input was changed while a run was reading it or writing what it made of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from landeval.errors import OutputError
from landeval.publish.own import LITTER

Marks = Mapping[Path, tuple[int, int] | None]
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def marks(inputs: Iterable[Path]) -> dict[Path, tuple[int, int] | None]:
    """Return size and time of change of every file of some inputs: a shapefile's parts, a folder's files."""
    return {path: _mark(path) for source in inputs for path in _files(source)}


def _files(source: Path) -> list[Path]:
    if source.is_dir():
        found = [Path(top, name) for top, _, names in os.walk(source) for name in names]
        return sorted(path for path in found if path.suffix != ".lock" and path.name not in LITTER)
    if source.suffix.lower() != ".shp":
        return [source]
    stem = source.stem.casefold()
    try:
        near = list(source.parent.iterdir())
    except OSError:
        return [source]
    parts = [path for path in near if path.stem.casefold() == stem and path.suffix.lower() in _PARTS]
    return sorted({source, *parts})


def _mark(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def refuse_changed(before: Marks, inputs: Iterable[Path]) -> None:
    """Raise where an input is not as it was, whatever was changed in it: nobody knows which state was read.

    Raises
    ------
    OutputError
    """
    now = {**dict.fromkeys(before), **marks(inputs)}
    changed = sorted(str(path) for path, mark in now.items() if mark != before.get(path))
    if changed:
        raise OutputError(
            "资料在运行期间被改动或重新保存，没有写出成果",
            where="；".join(changed[:5]) + (f" 等 {len(changed)} 个文件" if len(changed) > 5 else ""),
            remedy="请等复制、同步结束，关闭正在编辑这些文件的程序，再重新运行",
            code="E733",
        )
