"""Screen polygons before anything divides by their area; measure area on the CGCS2000 ellipsoid."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

Shapes = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]

REPAIR_TOLERANCE_M2 = 1.0
REPAIR_TOLERANCE_SHARE = 1e-3


class Screened(NamedTuple):
    """Polygons fit for drawing and placing, and what is wrong with those that are not fit for measuring."""

    shapes: Shapes
    area_m2: Floats
    is_missing: npt.NDArray[np.bool_]
    is_unreliable: npt.NDArray[np.bool_]
    is_repaired: npt.NDArray[np.bool_]
    detail: list[str]


def ellipsoid_area(shapes: Shapes) -> Floats:
    """Area in m² of lon/lat polygons on the CGCS2000 ellipsoid, by an equal-area projection about their middle.

    Parameters
    ----------
    shapes : ndarray of Geometry
        CGCS2000 lon/lat [degree]; None gives NaN.

    Returns
    -------
    ndarray of float
        [m²], same shape. Within 1e-9 (relative) of the geodesic area for parcels, 1e-6 for a county.
    """
    area = np.full(len(shapes), np.nan)
    present = ~shapely.is_missing(shapes)
    if not present.any():
        return area
    west, south, east, north = shapely.total_bounds(shapes[present])
    if not np.isfinite([west, south, east, north]).all():
        return area
    flat = _equal_area(shapes[present], (west + east) / 2, (south + north) / 2)
    area[present] = shapely.area(flat)
    return area


def _equal_area(shapes: Shapes, lon: float, lat: float) -> Shapes:
    target = f"+proj=laea +lat_0={lat:.10f} +lon_0={lon:.10f} +ellps=GRS80 +units=m"
    transformer = Transformer.from_crs("+proj=longlat +ellps=GRS80", target, always_xy=True)

    def forward(points: Floats) -> Floats:
        x, y = transformer.transform(points[:, 0], points[:, 1])
        return np.column_stack([x, y])

    return np.asarray(shapely.transform(shapes, forward), dtype=object)


def screen(shapes: Shapes) -> Screened:
    """Sort polygons into sound, repairable and unreliable ones; nothing is repaired silently.

    A shape whose repair changes its area by no more than 1 m² or 0.1 % is measured after repair; a larger
    change (a bow-tie) means that nobody knows which area was meant: it is drawn, never measured.

    Parameters
    ----------
    shapes : ndarray of Geometry
        CGCS2000 lon/lat, None where the record has none.
    """
    count = len(shapes)
    fixed = shapes.copy()
    detail = [""] * count
    corners = shapely.bounds(shapes)
    is_missing = shapely.is_missing(shapes) | shapely.is_empty(shapes) | ~np.isfinite(corners).all(axis=1)
    is_missing |= ~np.isin(shapely.get_type_id(shapes), (3, 6))
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    is_missing[np.unique(owner[~np.isfinite(points).all(axis=1)])] = True
    fixed[is_missing] = None
    invalid = np.flatnonzero(~is_missing & ~shapely.is_valid(fixed))
    is_unreliable, is_repaired = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    if len(invalid):
        mended = np.array(
            [_polygons_of(shape) for shape in shapely.make_valid(shapes[invalid])], dtype=object
        )
        before, after = ellipsoid_area(shapes[invalid]), ellipsoid_area(mended)
        reasons = shapely.is_valid_reason(shapes[invalid])
        for at, shape, old, new, why in zip(invalid, mended, before, after, reasons, strict=True):
            fixed[at] = shape
            slight = np.isfinite(new) and abs(new - abs(old)) <= max(
                REPAIR_TOLERANCE_M2, REPAIR_TOLERANCE_SHARE * abs(new)
            )
            (is_repaired if slight else is_unreliable)[at] = True
            detail[at] = f"{_chinese(why)}；修复前 {abs(old):.1f} ㎡，修复后 {new:.1f} ㎡"
    area = ellipsoid_area(fixed)
    flat = ~is_missing & ~is_unreliable & ~(area > 0)
    is_unreliable |= flat
    for at in np.flatnonzero(flat):
        detail[at] = "图形面积为零"
    area[is_unreliable | is_missing] = np.nan
    return Screened(fixed, area, is_missing, is_unreliable, is_repaired, detail)


def _polygons_of(shape: shapely.Geometry) -> shapely.Geometry | None:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _chinese(reason: str) -> str:
    kind, _, point = reason.partition("[")
    names = {"Self-intersection": "自相交", "Ring Self-intersection": "环自相交", "Hole lies outside shell": "孔在外环之外",
             "Nested shells": "外环相套", "Holes are nested": "孔相套", "Duplicate Rings": "环重复",
             "Interior is disconnected": "内部不连通"}  # fmt: skip
    return names.get(kind.strip(), "图形无效") + (f"（{point.rstrip(']')}）" if point else "")
