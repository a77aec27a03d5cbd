"""``gis/``: parcels, zones and blocks for GIS software; GeoPackage first, a shapefile as a courtesy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from landeval.publish.frames import large_blocks, parcel_table, without_geometry, zone_table
from landeval.publish.gis.geojson import write_geojson
from landeval.publish.gis.geopackage import gdal_version, write_geopackage
from landeval.publish.gis.geoparquet import write_geoparquet
from landeval.publish.gis.shapefile import write_shapefiles
from landeval.publish.gis.storage import Layer
from landeval.publish.gis.style import block_style, parcel_style, zone_style
from landeval.publish.stamp import facts
from landeval.result import Result

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["gdal_version", "multipolygons", "write_gis"]

GEOPACKAGE = "landeval.gpkg"
PARCEL_LAYER, ZONE_LAYER, BLOCK_LAYER = "宗地", "分区", "连片地块"
_DEFAULT_CRS = "EPSG:4490"


def write_gis(result: Result, folder: Path) -> list[Path]:
    """Write ``landeval.gpkg``, ``shp/``, ``parquet/`` and ``geojson/`` and check them by reading back.

    A record without geometry stands in each with an empty geometry. Where no parcel has a geometry the
    shapefile is left out, and ``shp/说明.txt`` says so.

    Parameters
    ----------
    result : Result
        Geometry of ``parcels``, ``zones`` and ``blocks`` in any CRS, written as it is.
    folder : Path
        Made if it is not there.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    OutputError
        A layer does not hold as many records after writing as before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path, told, currency = folder / GEOPACKAGE, facts(result), result.currency
    layers = {
        PARCEL_LAYER: _layer(parcel_table(result), result.parcels, currency),
        ZONE_LAYER: _layer(zone_table(result), result.zones, currency),
    }
    if len(large := large_blocks(result)):
        layers[BLOCK_LAYER] = _layer(without_geometry(large), large, currency)
    styles = {PARCEL_LAYER: parcel_style(), ZONE_LAYER: zone_style(), BLOCK_LAYER: block_style()}
    write_geopackage(layers, path, as_of=result.as_of, styles=styles, facts=told)
    return [
        path,
        *write_shapefiles(layers, folder / "shp", as_of=result.as_of, facts=told),
        *write_geoparquet(layers, folder / "parquet", facts=told),
        *write_geojson(layers, folder / "geojson", facts=told),
    ]


def _layer(table: pd.DataFrame, frame: gpd.GeoDataFrame, currency: str) -> Layer:
    return Layer(table, multipolygons(frame), _crs(frame), currency)


def multipolygons(frame: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    """Return a frame's polygons as flat multipolygons; None where there is no polygon."""
    if frame.empty or "geometry" not in frame.columns:
        return np.full(len(frame), None, dtype=object)
    return np.array([_multipolygon(shape) for shape in frame["geometry"].tolist()] + [None], dtype=object)[
        :-1
    ]


def _multipolygon(shape: Any) -> shapely.MultiPolygon | None:
    if not isinstance(shape, BaseGeometry) or shape.is_empty:
        return None
    flat = shapely.force_2d(shape)
    parts = [part for part in _atoms(flat) if isinstance(part, shapely.Polygon)]
    return shapely.MultiPolygon(parts) if parts else None


def _atoms(shape: Any) -> list[Any]:
    inner = getattr(shape, "geoms", None)
    return [shape] if inner is None else [atom for part in inner for atom in _atoms(part)]


def _crs(frame: gpd.GeoDataFrame) -> Any:
    crs = getattr(frame, "crs", None)
    return crs if crs is not None else _DEFAULT_CRS
