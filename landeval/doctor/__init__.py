"""``landeval doctor``: what this machine lacks for landeval, told line by line before an analyst loses a day to it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from landeval.doctor.formats import formats
from landeval.doctor.inputs import inputs
from landeval.doctor.line import BAD, Line, guarded
from landeval.doctor.machine import console, disk, memory, system, writable
from landeval.doctor.program import browser, fonts, libraries, projection, shipped, versions

__all__ = ["BAD", "Line", "examine"]


def examine(project: str | None, out: Path) -> Iterator[Line]:
    """Look at the program, the machine, the output folder, and the inputs of a project where one is named.

    Parameters
    ----------
    project : str, optional
        A project's settings, or its folder.
    out : Path
        Where results would be written; nothing is left there.

    Yields
    ------
    Line
        One a check, as soon as it is done.
    """
    temporary = Path(tempfile.gettempdir())
    checks = (
        ("程序", versions),
        ("程序库", libraries),
        ("文档和样例", shipped),
        ("坐标换算", projection),
        ("文件格式", formats),
        ("字体", fonts),
        ("浏览器", browser),
        ("内存", memory),
        ("系统", system),
        ("命令行窗口", console),
        ("临时文件夹", lambda: writable(temporary, "临时文件夹")),
        ("临时文件夹空间", lambda: disk(temporary, "临时文件夹空间")),
        ("输出位置", lambda: writable(out, "输出位置")),
        ("输出位置空间", lambda: disk(out, "输出位置空间")),
    )
    for name, check in checks:
        yield from guarded(name, check)
    if project is not None:
        yield from guarded("项目", lambda: inputs(project))
