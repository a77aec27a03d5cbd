"""Read one source of a project into raw tables."""

from __future__ import annotations

from typing import Any

from landeval.read.opening import kind_of, sha256
from landeval.sources import RawTable, Source


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
        "file": source.path.name,
        "format": kind,
        "sha256": sha256(source.path),
    }
    if kind in ("shapefile", "geopackage", "geojson"):
        from landeval.read.vector import read_layers, read_shapefile

        return read_shapefile(source, facts) if kind == "shapefile" else read_layers(source, facts)
    if kind == "xlsx":
        from landeval.read.workbook import read_workbook

        return read_workbook(source, facts)
    from landeval.read.delimited import read_delimited

    return read_delimited(source, facts)
