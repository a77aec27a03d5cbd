"""``gis/geojson``: one GeoJSON a layer, for web maps and scripts; null where unknown."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyproj
import shapely

from landeval.publish.cells import Cell
from landeval.publish.gis.storage import Layer, Stored, stored


def write_geojson(
    layers: Mapping[str, Layer], folder: Path, *, facts: Mapping[str, str], currency: str
) -> list[Path]:
    """Write each layer as ``<layer>.geojson``, one feature a line, every coordinate in full.

    The coordinates are those of the layer's own CRS (CGCS2000 lon/lat), which the file names; it differs from the
    WGS 84 of RFC 7946 by less than a metre.

    Parameters
    ----------
    layers : Mapping
        Layer name → attributes, multipolygons (None where there is none), CRS.
    folder : Path
        Made if it is not there.
    facts : Mapping
        What identifies the run; stands beside the features.
    currency : str
        For the names of the properties.

    Returns
    -------
    list of Path
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, layer in layers.items():
        code = pyproj.CRS.from_user_input(layer[2]).to_authority()
        crs = (
            {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{code[0]}::{code[1]}"}}
            if code
            else None
        )
        head = {"type": "FeatureCollection", "name": name, "crs": crs, "landeval": dict(facts)}
        path = folder / f"{name}.geojson"
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(_json(head)[:-1] + ',"features":[\n')
            stream.write(",\n".join(_features(layer, currency)))
            stream.write("\n]}\n")
        written.append(path)
    return written


def _features(layer: Layer, currency: str) -> Iterator[str]:
    frame, shapes, _ = layer
    columns = stored(frame, currency)
    headers = [column.header for column in columns]
    for shape, *values in zip(shapes, *map(_plain, columns), strict=True):
        drawn = "null" if shape is None else shapely.to_geojson(shape)
        said = _json(dict(zip(headers, values, strict=True)))
        yield f'{{"type":"Feature","properties":{said},"geometry":{drawn}}}'


def _plain(column: Stored) -> list[Cell]:
    return [value.isoformat() if isinstance(value, dt.date) else value for value in column.values]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
