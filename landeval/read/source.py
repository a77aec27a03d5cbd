"""Read one source of a project into raw tables."""

from __future__ import annotations

from typing import Any

from landeval.errors import InputRefusedError
from landeval.read.opening import kind_of, sha256
from landeval.sources import RawTable, Source

LAYERS = ("shapefile", "geopackage", "geojson")


def read_source(source: Source) -> list[RawTable]:
    """Read a source: one raw table a layer or sheet, every value still as written.

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
    kind = kind_of(source.path)
    facts: dict[str, Any] = {
        "table": source.table,
        "file": source.name,
        "format": kind,
        "sha256": sha256(source.path),
    }
    if kind in LAYERS and source.table not in ("parcels", "layout"):
        raise InputRefusedError(
            "是空间图层，不是表格，可能选错了文件",
            where=f"{source.path}（{source.table}）",
            remedy="企业表和台账请用 xlsx 或 csv；带台账内容的宗地图层请用 --parcels",
            code="E137",
        )
    if kind in LAYERS:
        from landeval.read.vector import read_layers, read_shapefile

        return read_shapefile(source, facts) if kind == "shapefile" else read_layers(source, facts)
    if kind == "xlsx":
        from landeval.read.workbook import read_workbook

        return read_workbook(source, facts)
    from landeval.read.delimited import read_delimited

    return read_delimited(source, facts)
