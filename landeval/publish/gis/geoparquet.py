"""``gis/parquet``: one GeoParquet a layer, every field with its type, null where unknown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely

from landeval.publish.gis.storage import Layer, check_count

_TYPES = {"real": pa.float64(), "integer": pa.int64(), "date": pa.date32(), "text": pa.string()}
_GEOMETRY = "geometry"


def write_geoparquet(layers: Mapping[str, Layer], folder: Path, *, facts: Mapping[str, str]) -> list[Path]:
    """Write each layer as ``<layer>.parquet`` (GeoParquet 1.1, WKB) and check it by reading back.

    Parameters
    ----------
    layers : Mapping
        Name → ``Layer``.
    folder : Path
        Made if it is not there.
    facts : Mapping
        What identifies the run; stands in the file's metadata.

    Returns
    -------
    list of Path
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, layer in layers.items():
        path = folder / f"{name}.parquet"
        pq.write_table(_table(layer, facts), path, compression="zstd", version="2.6")
        check_count(path, name, int(pq.read_metadata(path).num_rows), len(layer.table))
        written.append(path)
    return written


def _table(layer: Layer, facts: Mapping[str, str]) -> pa.Table:
    arrays = [pa.array(column.values, type=_TYPES[column.kind]) for column in layer.columns]
    drawn = shapely.to_wkb(layer.shapes)
    table = pa.table(
        [*arrays, pa.array(drawn, type=pa.binary())],
        names=[*(column.header for column in layer.columns), _GEOMETRY],
    )
    about = {
        b"geo": json.dumps(geo_metadata(layer.shapes, layer.crs)),
        b"landeval": json.dumps(dict(facts), ensure_ascii=False),
    }
    return table.replace_schema_metadata(about)


def geo_metadata(shapes: Any, crs: Any, kinds: Sequence[str] = ("MultiPolygon",)) -> dict[str, Any]:
    """Return what a GeoParquet file says of its shapes; no ``kinds``: they may be of any."""
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": list(kinds),
        "crs": pyproj.CRS.from_user_input(crs).to_json_dict(),
    }
    if any(shape is not None for shape in shapes):
        column["bbox"] = [float(edge) for edge in shapely.total_bounds(shapes)]
    return {"version": "1.1.0", "primary_column": _GEOMETRY, "columns": {_GEOMETRY: column}}
