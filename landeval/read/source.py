"""Read one source of a project into raw tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from landeval import issues
from landeval.errors import InputRefusedError, together
from landeval.read.archive import unpacked
from landeval.read.bounds import bounded
from landeval.read.opening import WORKBOOKS, inside_its_folder, kind_of, sha256
from landeval.sources import DRAWN, RawTable, Source

LAYERS = ("shapefile", "geopackage", "geojson", "filegdb", "parquet")


def read_source(source: Source) -> list[RawTable]:
    """Read a source, a file or a frame: one raw table a layer or sheet, every value still as written.

    Parameters
    ----------
    source : Source

    Returns
    -------
    list of RawTable

    Raises
    ------
    InputRefusedError
        The file cannot be read safely or is not what was asked for.
    """
    if source.frame is not None:
        from landeval.read.frame import read_frame

        return [bounded(read_frame(source))]
    leads_to = inside_its_folder(source.path)
    kind = kind_of(source.path)
    facts: dict[str, Any] = {
        "table": source.table,
        "file": source.name,
        "format": kind,
        "sha256": sha256(source.path),
    }
    raws = _read_archive(source, facts) if kind == "zip" else _read(source, kind, facts)
    raws = [bounded(raw) for raw in raws]
    if said := _misnamed(source.path, kind):
        raws = [_noted(raw, "E142", said) for raw in raws]
    if leads_to:
        raws = [_noted(raw, "E151", f"链接到 {leads_to}") for raw in raws]
    return raws


def read_sources(sources: Iterable[Source]) -> list[RawTable]:
    """Read several sources; all that cannot be read are told together.

    Raises
    ------
    InputRefusedError
    """
    found: list[RawTable] = []
    refused: list[InputRefusedError] = []
    for source in sources:
        try:
            found += read_source(source)
        except InputRefusedError as error:
            refused.append(error)
    if refused:
        raise together(refused)
    return found


def _read(source: Source, kind: str, facts: dict[str, Any]) -> list[RawTable]:
    """Read a file of a known format, with the one reader of that format."""
    if kind in LAYERS and source.table not in DRAWN:
        raise InputRefusedError(
            "是空间图层，不是表格，可能选错了文件",
            where=f"{source.path}（{source.table}）",
            remedy="企业表和台账请用 xlsx 或 csv；带台账内容的宗地图层请用 --parcels",
            code="E137",
        )
    if kind == "shapefile":
        from landeval.read.shapefile import read_shapefile

        return read_shapefile(source, facts)
    if kind == "geopackage":
        from landeval.read.geopackage import read_geopackage

        return read_geopackage(source, facts)
    if kind == "geojson":
        from landeval.read.geojson import read_geojson

        return read_geojson(source, facts)
    if kind == "filegdb":
        from landeval.read.filegdb import read_filegdb

        return read_filegdb(source, facts)
    if kind == "parquet":
        from landeval.read.parquet import read_parquet

        return read_parquet(source, facts)
    if kind == "xlsx":
        from landeval.read.workbook import read_workbook
        from landeval.read.workbook_xml import refuse_unsafe

        refuse_unsafe(source.path)
        return read_workbook(source, facts)
    if kind == "xls":
        from landeval.read.xls import read_xls

        return read_xls(source, facts)
    if kind == "spreadsheetml":
        from landeval.read.spreadsheetml import read_spreadsheetml

        return read_spreadsheetml(source, facts)
    if kind == "html":
        from landeval.read.html import read_html

        return read_html(source, facts)
    from landeval.read.delimited import read_delimited

    return read_delimited(source, facts)


def _misnamed(path: Path, kind: str) -> str:
    """Say what a file really is where its name tells of another kind of table."""
    suffix = path.suffix.lower()
    if kind == "xlsx" and suffix not in (".xlsx", ".xlsm"):
        return f"扩展名 {suffix}，内容是新格式工作簿（xlsx）"
    if kind == "xls" and suffix in (".xlsx", ".xlsm", ".csv", ".txt"):
        return f"扩展名 {suffix}，内容是旧格式工作簿（xls）"
    if kind == "text" and suffix in WORKBOOKS:
        return f"扩展名 {suffix}，内容是文本表"
    return ""


def _read_archive(source: Source, facts: dict[str, Any]) -> list[RawTable]:
    """Read what a zip holds as if it stood beside it; every place is told by the zip's name."""
    with unpacked(source) as taken:
        inner = replace(source, path=taken.path, layer=taken.layer, shown_as=source.name)
        try:
            kind = kind_of(taken.path)
            if kind == "zip":
                raise InputRefusedError(
                    "压缩包里还是压缩包", where=str(taken.path), remedy="请先解压", code="E127"
                )
            raws = _read(inner, kind, {**facts, "format": f"zip/{kind}", "member": taken.name})
        except InputRefusedError as error:
            raise _told_of_zip(error, _root(taken.path, taken.name), source.path) from error
    said = f"取 {taken.name}" + (f"；未采用 {'、'.join(taken.left)}" if taken.left else "")
    return [_noted(replace(raw, source=source), "E150", said) for raw in raws]


def _root(path: Path, name: str) -> Path:
    return path.parents[len(Path(name).parts) - 1]


def _told_of_zip(error: InputRefusedError, scratch: Path, path: Path) -> InputRefusedError:
    """Tell a refusal with the zip's path in place of the scratch folder, which is gone by then."""
    what, where, remedy = (
        text.replace(str(scratch), str(path)) for text in (error.what, error.where, error.remedy)
    )
    return InputRefusedError(what, where=where, remedy=remedy, code=error.code)


def _noted(raw: RawTable, code: str, detail: str) -> RawTable:
    note = issues.report_file(code, raw.source.name, raw.layer, detail=detail)
    return replace(raw, issues=issues.gather([note, raw.issues]))
