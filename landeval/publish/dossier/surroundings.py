"""What lies around a parcel, for its location plan: neighbours by number, corners that they share, communities."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from landeval.publish.documents.paper import Ground, Neighbour, Rings

TOUCH_M = 1.0
"""Parcels so near [m] are neighbours. A proposal: a slip of surveying, no lane."""
SHARED_M = 0.05
"""A corner so near a neighbour's boundary [m] is shared. A proposal: what a cadastral survey tells apart."""
MOST_NEIGHBOURS = 20
_MARGIN, _LEAST, _TALL, _FLAT = 0.7, 60.0, 0.85, 0.45
"""Of the plan: land around the parcel in parts of its size, least half width [m], its height to its width at most and least."""
_FIRST_ZONE, _LAST_ZONE = 25, 45


@dataclass(frozen=True)
class Around:
    """A parcel's plan and what its tables say.

    Attributes
    ----------
    ground : Ground
    neighbours : list of str
        Their ``parcel_id``, in the order of their numbers on the plan.
    corners : list of tuple
        Name, X (north), Y (east) [m] in the strip of ``Surroundings.frame``, numbers of the neighbours that share it.
    unlisted : int
        Neighbours beyond those that have a number.
    """

    ground: Ground
    neighbours: list[str]
    corners: list[tuple[str, float, float, tuple[int, ...]]]
    unlisted: int


class Surroundings:
    """All parcels and communities in one plane, and an index to find what is near."""

    def __init__(self, parcels: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, status: pd.Series) -> None:
        shapes = np.asarray(parcels.geometry, dtype=object)
        here = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
        self._ids = parcels.index.to_numpy(dtype=object)[here]
        self._at = {name: number for number, name in enumerate(self._ids)}
        self._status = status.reindex(self._ids).to_numpy(dtype=object)
        middle = (
            float(shapely.centroid(shapely.box(*shapely.total_bounds(shapes[here]))).x)
            if here.any()
            else 111.0
        )
        plane, self.frame = _plane_of(middle)
        self._project = pyproj.Transformer.from_crs(4490, plane, always_xy=True)
        self._land = self._plane(shapes[here])
        self._tree = shapely.STRtree(self._land)
        drawn = np.asarray(zones.geometry[zones["zone_level"] == "产业社区"].dropna(), dtype=object)
        self._zones = self._plane(drawn)
        self._zone_tree = shapely.STRtree(self._zones)

    def _plane(self, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
        def moved(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            return np.column_stack(self._project.transform(points[:, 0], points[:, 1]))

        made: npt.NDArray[np.object_] = shapely.transform(shapely.force_2d(shapes), moved)
        return made

    def around(self, parcel_id: str, label: str) -> Around | None:
        """Return the plan of a parcel; None where it has no shape."""
        if parcel_id not in self._at:
            return None
        own = self._at[parcel_id]
        shape = self._land[own]
        west, south, east, north = shapely.bounds(shape)
        middle = np.array([(west + east) / 2, (south + north) / 2])
        half = _half(east - west, north - south)
        window = shapely.box(*(middle - half), *(middle + half))
        near = np.sort(self._tree.query(shape, predicate="dwithin", distance=TOUCH_M))
        near = near[near != own]
        listed = near[:MOST_NEIGHBOURS]
        numbers = {int(at): number for number, at in enumerate(listed, start=1)}
        others = [
            Neighbour(
                _rings(self._land[at], middle), numbers.get(int(at), 0), _spot(self._land[at], window, middle)
            )
            for at in np.sort(self._tree.query(window, predicate="intersects"))
            if at != own
        ]
        communities = [
            _rings(self._zones[at], middle)
            for at in np.sort(self._zone_tree.query(window, predicate="intersects"))
        ]
        points = _corner_points(shape)
        ground = Ground(
            status=str(self._status[own]), label=label, rings=_rings(shape, middle), spot=_spot(shape, window, middle),
            corners=points - middle, others=tuple(others), zones=tuple(communities), half=half,
            origin=(float(middle[0]), float(middle[1])),
        )  # fmt: skip
        shared = self._sharing(points, listed)
        corners = [
            (f"J{at}", float(y), float(x), told)
            for at, ((x, y), told) in enumerate(zip(points, shared, strict=True), 1)
        ]
        return Around(ground, [str(self._ids[at]) for at in listed], corners, len(near) - len(listed))

    def _sharing(self, points: npt.NDArray[np.float64], near: npt.NDArray[np.intp]) -> list[tuple[int, ...]]:
        if not len(near):
            return [()] * len(points)
        far = shapely.distance(
            np.asarray(shapely.points(points), dtype=object)[:, None], self._land[near][None, :]
        )
        return [tuple(int(at) + 1 for at in np.flatnonzero(row <= SHARED_M)) for row in far]


def _plane_of(longitude: float) -> tuple[pyproj.CRS, str]:
    """Return the plane of a place's own 3° strip and its name; beyond the strips that have a number, one of the same kind."""
    zone = round(longitude / 3)
    strip = f"中央经线 {zone * 3}°"
    if _FIRST_ZONE <= zone <= _LAST_ZONE:
        return pyproj.CRS.from_epsg(4488 + zone), f"CGCS2000，3°带第 {zone} 带（{strip}）高斯平面坐标"
    plane = pyproj.CRS.from_proj4(
        f"+proj=tmerc +lat_0=0 +lon_0={zone * 3} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m"
    )
    return plane, f"横轴墨卡托平面坐标（{strip}，GRS80 椭球）"


def _half(wide: float, high: float) -> tuple[float, float]:
    """Return half the width and height of the plan: the parcel with land around it, in the shape of a page's picture."""
    across = max(wide / 2 * (1 + _MARGIN), high / 2 * (1 + _MARGIN) / _TALL, _LEAST)
    return float(across), float(min(max(high / 2 * (1 + _MARGIN), across * _FLAT), across * _TALL))


def _rings(shape: shapely.Geometry, middle: npt.NDArray[np.float64]) -> Rings:
    rings = shapely.get_rings(shapely.get_parts(shape))
    return tuple(shapely.get_coordinates(ring) - middle for ring in rings)


def _corner_points(shape: shapely.Geometry) -> npt.NDArray[np.float64]:
    """Return the points of all rings, each ring's first point once."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    return np.concatenate([shapely.get_coordinates(ring)[:-1] for ring in rings])


def _spot(
    shape: shapely.Geometry, window: shapely.Geometry, middle: npt.NDArray[np.float64]
) -> tuple[float, float]:
    """Return a place within what the plan shows of a shape."""
    shown = shapely.intersection(shape, window) if shapely.is_valid(shape) else shape
    point = shapely.point_on_surface(shown if not shapely.is_empty(shown) else shape)
    return float(point.x - middle[0]), float(point.y - middle[1])
