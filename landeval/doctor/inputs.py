"""The inputs of a project: whether each can be opened, who has it open, and whether the output folder is free."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from landeval.doctor.line import BAD, CAUTION, GOOD, Line
from landeval.errors import LandevalError

if TYPE_CHECKING:
    from landeval.project import Project
    from landeval.sources import Source


def inputs(project: str) -> Iterator[Line]:
    """Open every input that the project names; nothing is judged and nothing written."""
    from landeval.project import check_units
    from landeval.settings.load import load_project
    from landeval.settings_words import told_in

    try:
        found = load_project(project)
        with told_in(found):
            check_units(found)
    except LandevalError as error:
        yield refused("项目设置", error)
        return
    yield Line("项目设置", GOOD, f"{found.configured_in}，{len(found.sources)} 份资料")
    for source in found.sources:
        yield from _opened(source, found)
    if found.out is not None:
        yield from _free(found.out, [source.path for source in found.sources])


def refused(name: str, error: LandevalError) -> Line:
    """Make a line of a refusal."""
    where = f"（{error.where}）" if error.where else ""
    return Line(name, BAD, f"{error.what}{where}", error.remedy or "请改正后再试")


def _opened(source: Source, project: Project) -> Iterator[Line]:
    from landeval.read.raster import inspect_raster
    from landeval.read.source import read_source
    from landeval.settings_words import told_in

    name = f"资料 {source.name}"
    try:
        with told_in(project):
            if source.table == "imagery":
                inspect_raster(source)
                told = "影像能打开"
            else:
                told = f"能打开，{sum(len(raw.frame) for raw in read_source(source)):,} 条记录"
    except LandevalError as error:
        yield refused(name, error)
        return
    except PermissionError:
        yield Line(name, BAD, "没有权限，或正被别的程序独占打开", "请关闭打开它的程序，或请管理员给读取权限")
        return
    if holder := opened_by(source.path):
        remedy = "还没保存的改动不会被读到：请先保存并关闭，再运行"
        yield Line(name, CAUTION, f"{told}；正被 {holder} 用 Excel、WPS 打开", remedy)
    else:
        yield Line(name, GOOD, told)


def opened_by(path: Path) -> str:
    """Return who has a workbook open, by the file that Excel and WPS put beside it; empty where nobody has.

    Its first byte is the length of the user's name, which follows.
    """
    mark = path.with_name(f"~${path.name}")
    try:
        head = mark.read_bytes()[:55]
    except OSError:
        return ""
    text = head[1 : 1 + head[0]] if head else b""
    return text.decode("gb18030", errors="replace").strip("\0 ") or "另一个用户"


def _free(out: Path, given: list[Path]) -> Iterator[Line]:
    from landeval.publish.folder import refuse_unsafe
    from landeval.publish.hold import held, lock_of

    try:
        refuse_unsafe(out, given)
        if lock_of(out).exists():
            with held(out):
                pass
    except LandevalError as error:
        yield refused("成果文件夹", error)
        return
    yield Line("成果文件夹", GOOD, f"{out} 没有被占用")
