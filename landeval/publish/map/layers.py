"""The folium side: a map without tiles, and geometry whose features carry an integer and nothing else."""

from __future__ import annotations

from typing import Any

import branca.element
import folium
import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import mapping

CRS = "EPSG:4490"
SVG_LIMIT, CANVAS_LIMIT = 2000, 10_000
SVG, CANVAS, PACKED = "svg", "canvas", "packed"
"""Ways to draw parcels: as SVG, on canvas tiles (``tiles.js``), on canvas tiles with everything compressed."""
MAP, PARCELS, ZONES = "map_landeval", "geo_json_parcels", "geo_json_zones"
AREAS, LINES = (3, 6), (1, 5)
"""Kinds of shapes, as shapely numbers them."""
_DECIMALS = 7  # 1 cm; fewer would move a corner that two parcels share
_NEEDED = ("leaflet", "leaflet_css")


def drawable(frame: gpd.GeoDataFrame) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Return a frame's polygons in longitude and latitude, 2-D, rounded to 7 decimals; None where none.

    Rounding is for drawing only: no area is ever taken from these coordinates.
    """
    shapes = outlines(frame)
    shapes[~np.isin(shapely.get_type_id(shapes), AREAS)] = None
    return shapes


def outlines(frame: gpd.GeoDataFrame) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Return a frame's polygons and lines as ``drawable`` does."""
    if frame.empty or frame.geometry.isna().all():
        return np.full(len(frame), None, dtype=object)
    column = frame.geometry
    if column.crs is not None and column.crs != CRS:
        column = column.to_crs(CRS)
    shapes = np.array(column.array, dtype=object)
    whole = np.isin(shapely.get_type_id(shapes), (*AREAS, *LINES)) & ~shapely.is_empty(shapes)
    whole &= np.isfinite(shapely.bounds(shapes)).all(axis=1)
    shapes[~whole] = None
    if whole.any():
        shapes[whole] = shapely.transform(
            shapely.force_2d(shapes[whole]), lambda points: np.round(points, _DECIMALS)
        )
    return shapes


def drawing_of(count: int) -> str:
    """Return the way to draw so many parcels.

    Examples
    --------
    >>> drawing_of(2000), drawing_of(2001), drawing_of(10_001)
    ('svg', 'canvas', 'packed')
    """
    return SVG if count <= SVG_LIMIT else CANVAS if count <= CANVAS_LIMIT else PACKED


def anchors(shapes: np.ndarray[Any, np.dtype[np.object_]]) -> tuple[list[float | None], list[float | None]]:
    """Return longitudes and latitudes of a point inside each shape (None where there is no shape)."""
    points = shapely.point_on_surface(shapes)
    return _numbers(shapely.get_x(points)), _numbers(shapely.get_y(points))


def middles(shapes: np.ndarray[Any, np.dtype[np.object_]]) -> tuple[list[float | None], list[float | None]]:
    """Return longitudes and latitudes of the centre of the largest circle within each shape, for labels."""
    points = np.array([_middle(shape) for shape in shapes], dtype=object)
    return _numbers(shapely.get_x(points)), _numbers(shapely.get_y(points))


def _middle(shape: Any) -> Any:
    if shape is None:
        return None
    largest = max(shapely.get_parts(shape), key=shapely.area)
    if shapely.area(largest) == 0:
        return shapely.line_interpolate_point(largest, 0.5, normalized=True)
    if not shapely.is_valid(largest):
        return shapely.point_on_surface(largest)
    width = np.ptp(np.reshape(shapely.bounds(largest), (2, 2)), axis=0).max()
    return shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=width / 200), 0)


def _numbers(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), 6) for value in values]


def folium_parts(parcels: Any, zones: Any, drawing: str) -> tuple[str, str, str]:
    """Render a folium map of parcels and zones and return its head, body and script.

    Parameters
    ----------
    parcels, zones : numpy.ndarray of shapely geometry or None
        Shapes as ``drawable`` returns them; a feature's id is its place in the array.
    drawing : str
        Only of ``SVG`` do parcels go through folium.

    Returns
    -------
    tuple of str
        Head (still with references to Leaflet), body and script, without any text of the data. Ids are fixed,
        so the same shapes give the same text.
    """
    drawn = np.concatenate([parcels, zones])
    bounds = shapely.total_bounds(drawn) if len(drawn) else np.full(4, np.nan)
    centre = (
        [35.0, 105.0]
        if np.isnan(bounds).any()
        else [(bounds[1] + bounds[3]) / 2, (bounds[0] + bounds[2]) / 2]
    )
    chart = folium.Map(
        location=[round(float(value), _DECIMALS) for value in centre],
        zoom_start=13,
        tiles=None,
        zoom_control=False,
        font_size="14px",
    )
    # without tiles folium drops its own max_zoom; the attribution prefix shows a flag
    chart.options.update(
        {
            "min_zoom": 3,
            "max_zoom": 22,
            "zoom_snap": 0.25,
            "attribution_control": False,
            "fade_animation": False,
        }
    )
    chart.default_js = [pair for pair in chart.default_js if pair[0] in _NEEDED]
    chart.default_css = [pair for pair in chart.default_css if pair[0] in _NEEDED]
    figure: Any = chart.get_root()
    figure._children.clear()
    chart._id = MAP.removeprefix("map_")
    figure.add_child(chart)
    for name, shapes in ((PARCELS, parcels if drawing == SVG else parcels[:0]), (ZONES, zones)):
        layer = folium.GeoJson(_features(shapes), name=name, show=False, smooth_factor=0.5)
        layer._id = name.removeprefix("geo_json_")
        layer.layer_name = name
        chart.add_child(layer)
    figure._id = "figure"
    figure.render()
    return _part(figure.header), _part(figure.html), _part(figure.script)


def _features(shapes: Any) -> dict[str, Any]:
    features = [
        {"type": "Feature", "properties": {}, "id": place, "geometry": mapping(shape)}
        for place, shape in enumerate(shapes)
        if shape is not None
    ]
    return {"type": "FeatureCollection", "features": features}


def _part(element: branca.element.Element) -> str:
    return str(element.render())
