"""Read GeoJSON as the JSON it is: values exact, each shape on its own, no driver chosen by content."""

from __future__ import annotations

import gc
import json
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from landeval.errors import InputRefusedError
from landeval.read import encoding as text_encoding
from landeval.read.layer import Layer, choose, raw_table
from landeval.sources import RawTable, Source

MAX_BYTES = 512 * 1024**2
"""Parsed JSON takes about four times its size: 2 GB of memory at this limit."""

GEOMETRIES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")

NO_CRS = "EPSG:4326"
"""WGS 84 lon/lat: what RFC 7946 says of a file that names no coordinate system."""


def read_geojson(source: Source, facts: dict[str, Any]) -> list[RawTable]:
    """Read a feature collection, or a single feature.

    Raises
    ------
    InputRefusedError
        Too large, truncated, TopoJSON, or no features.
    """
    path = source.path
    if path.stat().st_size > MAX_BYTES:
        raise InputRefusedError(
            "GeoJSON 超过 512 MB", where=str(path), remedy="请另存为 GeoPackage（.gpkg）", code="E122"
        )
    data = path.read_bytes()
    encoding = text_encoding.of_text(data, str(path), source.encoding)
    content = _parsed(data.decode(encoding), str(path))
    features = _features(content, str(path))
    names = [str(content["name"])] if isinstance(content.get("name"), str) else [path.stem]
    layer = choose(source, names)
    properties = [item if isinstance(item := feature.get("properties"), dict) else {} for feature in features]
    headers = list(dict.fromkeys(key for row in properties for key in row))
    shapes, trouble = _shapes([feature.get("geometry") for feature in features])
    return [
        raw_table(
            Layer(
                name=layer,
                headers=headers,
                columns=[[_value(row.get(key)) for row in properties] for key in headers],
                shapes=shapes,
                trouble=trouble,
                crs=_crs(content.get("crs"), str(path)),
                counted=len(features),
                encoding=encoding.removesuffix("-sig"),
            ),
            source,
            facts,
        )
    ]


def _parsed(text: str, where: str) -> dict[str, Any]:
    collecting = gc.isenabled()
    gc.disable()  # millions of new lists, none of them garbage: looking through them again and again takes half the time
    try:
        content = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        at = error.pos if isinstance(error, json.JSONDecodeError) else 0
        line = text.count("\n", 0, at) + 1
        ended = at >= len(text.rstrip()) - 1 or "Unterminated" in str(error)
        raise InputRefusedError(
            "JSON 不完整，文件没有写完" if ended else "JSON 写法有误",
            where=f"{where} 第 {line} 行（第 {at + 1} 个字符）",
            remedy="请重新复制或重新导出该文件",
            code="E164",
        ) from None
    finally:
        if collecting:
            gc.enable()
    if not isinstance(content, dict):
        raise InputRefusedError(
            "是 JSON，但不是 GeoJSON 要素集",
            where=where,
            remedy="请在 ArcGIS/QGIS 中另存为 GeoJSON 或 GeoPackage",
            code="E124",
        )
    return content


def _features(content: dict[str, Any], where: str) -> list[dict[str, Any]]:
    kind = content.get("type")
    if kind == "Topology":
        raise InputRefusedError(
            "是 TopoJSON，不是 GeoJSON",
            where=where,
            remedy="请在 mapshaper 或 QGIS 中另存为 GeoJSON 或 GeoPackage",
            code="E163",
        )
    if kind in GEOMETRIES:  # a bare geometry is a record without attributes
        return [{"geometry": {key: content[key] for key in ("type", "coordinates") if key in content}}]
    found = [content] if kind == "Feature" else content.get("features")
    sound = isinstance(found, list) and all(isinstance(item, dict) for item in found)
    if kind not in ("Feature", "FeatureCollection") or not sound or found is None:
        raise InputRefusedError(
            "是 JSON，但不是 GeoJSON 要素集",
            where=where,
            remedy="请在 ArcGIS/QGIS 中另存为 GeoJSON 或 GeoPackage",
            code="E124",
        )
    return list(found)


def _shapes(geometries: list[Any]) -> tuple[npt.NDArray[np.object_], dict[int, str]]:
    texts = np.array(
        [None if item is None else json.dumps(item) for item in geometries] + [None], dtype=object
    )
    shapes = shapely.from_geojson(texts[:-1], on_invalid="ignore")
    trouble = {}
    for row in np.flatnonzero(shapely.is_missing(shapes)):
        if (item := geometries[row]) is None:
            continue
        try:  # positions of four numbers (ZM) are more than GEOS reads
            shapes[row] = shapely.from_geojson(json.dumps(_flat(item)))
        except (shapely.GEOSException, ValueError, TypeError):
            trouble[int(row)] = "环未闭合、点数不足或坐标不是数"
    return shapes, trouble


def _flat(geometry: Any) -> Any:
    """Return a geometry with two numbers a position."""
    if isinstance(geometry, dict):
        return {key: _flat(value) for key, value in geometry.items()}
    if isinstance(geometry, list):
        numbers = len(geometry) > 2 and all(isinstance(item, int | float) for item in geometry)
        return geometry[:2] if numbers else [_flat(item) for item in geometry]
    return geometry


def _value(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _crs(member: Any, where: str) -> str:
    """Return the authority code that the old ``crs`` member names."""
    if member is None:
        return NO_CRS
    name = member.get("properties", {}).get("name") if isinstance(member, dict) else None
    if not isinstance(name, str):
        return ""
    return NO_CRS if name.upper().endswith("CRS84") else name
