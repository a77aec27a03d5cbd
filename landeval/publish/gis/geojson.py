"""``gis/geojson``: one GeoJSON a layer, for web maps and scripts; null where unknown."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyproj
import shapely

from landeval.publish.cells import Cell
from landeval.publish.gis.storage import Layer, Stored

_PIECE = 4096
"""Features that are in memory as text at once."""


def write_geojson(layers: Mapping[str, Layer], folder: Path, *, facts: Mapping[str, str]) -> list[Path]:
    """Write each layer as ``<layer>.geojson``, one feature a line, every coordinate in full.

    The coordinates are those of the layer's own CRS (CGCS2000 lon/lat), which the file names; it differs from the
    WGS 84 of RFC 7946 by less than a metre.

    Parameters
    ----------
    layers : Mapping
        Name → ``Layer``.
    folder : Path
        Made if it is not there.
    facts : Mapping
        What identifies the run; stands beside the features.

    Returns
    -------
    list of Path
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, layer in layers.items():
        code = pyproj.CRS.from_user_input(layer.crs).to_authority()
        crs = (
            {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{code[0]}::{code[1]}"}}
            if code
            else None
        )
        head = {"type": "FeatureCollection", "name": name, "crs": crs, "landeval": dict(facts)}
        path = folder / f"{name}.geojson"
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(_json(head)[:-1] + ',"features":[\n')
            for start in range(0, len(layer.shapes), _PIECE):
                stream.write((",\n" if start else "") + ",\n".join(_features(layer, start, start + _PIECE)))
            stream.write("\n]}\n")
        written.append(path)
    return written


def _features(layer: Layer, start: int, end: int) -> Iterator[str]:
    headers = [column.header for column in layer.columns]
    drawn = [text or "null" for text in shapely.to_geojson(layer.shapes[start:end])]
    parts = [_plain(column, column.values[start:end]) for column in layer.columns]
    for shape, *values in zip(drawn, *parts, strict=True):
        said = _json(dict(zip(headers, values, strict=True)))
        yield f'{{"type":"Feature","properties":{said},"geometry":{shape}}}'


def _plain(column: Stored, values: list[Cell]) -> list[Cell]:
    if column.kind != "date":
        return values
    return [value.isoformat() if isinstance(value, dt.date) else value for value in values]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
