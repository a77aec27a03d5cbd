"""Shapefiles as a county office leaves them: GBK text, no .cpg, language byte 0."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import fiona
import geopandas as gpd
from shapely.geometry import mapping

LANGUAGE_BYTE = 29


def write_shapefile(
    path: Path, frame: gpd.GeoDataFrame, columns: Mapping[str, tuple[str, str]], shape: str
) -> None:
    """Write a shapefile whose encoding nothing states.

    Parameters
    ----------
    path
        The ``.shp``.
    frame
        What to write; a missing geometry becomes a null shape.
    columns
        Name in the file (at most 10 bytes in GBK) → (column of ``frame``, fiona type).
    shape
        Geometry type of the layer.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = {"geometry": shape, "properties": {name: kind for name, (_, kind) in columns.items()}}
    with fiona.open(
        path,
        "w",
        driver="ESRI Shapefile",
        crs=frame.crs.to_wkt(),
        schema=schema,
        encoding="GBK",
        DBF_DATE_LAST_UPDATE="2025-01-20",
    ) as target:
        target.writerecords(
            {
                "type": "Feature",
                "geometry": mapping(row.geometry) if row.geometry is not None else None,
                "properties": {name: _plain(row[column]) for name, (column, _) in columns.items()},
            }
            for _, row in frame.iterrows()
        )
    path.with_suffix(".cpg").unlink(missing_ok=True)
    table = path.with_suffix(".dbf")
    data = bytearray(table.read_bytes())
    data[LANGUAGE_BYTE] = 0
    start = int.from_bytes(
        data[8:10], "little"
    )  # of the records: GDAL writes stars for no number, an office leaves blanks
    data[start:] = data[start:].replace(b"*", b" ")
    table.write_bytes(bytes(data))


def _plain(value: object) -> object:
    """Return None for every kind of missing value; anything else as it is."""
    return None if value is None or value != value else value
