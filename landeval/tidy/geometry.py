"""Screen polygons before anything divides by their area; measure area on the CGCS2000 ellipsoid."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from landeval.tidy.rings import winding
from landeval.tidy.tangles import MAX_CROSSINGS, is_tangled
from landeval.tidy.transformers import transformer

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
    is_collection: npt.NDArray[np.bool_]


ON_EARTH = (180.0, 90.0, 180.0, 90.0)
"""No longitude or latitude is beyond this [degree]."""


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


def planar(shapes: Shapes, *others: Shapes) -> list[Shapes]:
    """Bring lon/lat layers into one equal-area plane about the middle of the first [m].

    Areas are those of ``ellipsoid_area``; None stays None.

    Examples
    --------
    >>> one, two = planar(np.array([shapely.box(110.5, 27.0, 110.501, 27.001)]), np.array([None]))
    >>> round(float(shapely.area(one)[0])), two.tolist()
    (10998, [None])
    """
    present = shapes[~shapely.is_missing(shapes)]
    if not len(present):
        return [np.full(len(layer), None, dtype=object) for layer in (shapes, *others)]
    west, south, east, north = shapely.total_bounds(present)
    return [_equal_area(layer, (west + east) / 2, (south + north) / 2) for layer in (shapes, *others)]


def _equal_area(shapes: Shapes, lon: float, lat: float) -> Shapes:
    target = f"+proj=laea +lat_0={lat:.10f} +lon_0={lon:.10f} +ellps=GRS80 +units=m"
    by = transformer("+proj=longlat +ellps=GRS80", target)

    def forward(points: Floats) -> Floats:
        x, y = by.transform(points[:, 0], points[:, 1])
        return np.column_stack([x, y])

    return np.asarray(shapely.transform(shapes, forward), dtype=object)


def screen(shapes: Shapes, drawn: Shapes | None = None, *, is_shapefile: bool = False) -> Screened:
    """Sort polygons into sound, repairable and unreliable ones; nothing is repaired silently.

    A shape whose repair changes its area by no more than 1 m² or 0.1 % is measured after repair; a larger
    change (a bow-tie) means that nobody knows which area was meant: it is drawn, never measured.

    Parameters
    ----------
    shapes : ndarray of Geometry
        CGCS2000 lon/lat, None where the record has none.
    drawn : ndarray of Geometry, optional
        The same shapes in the layer's own coordinates, to name points the way the drawing does.
    is_shapefile : bool
        Whether the direction of rings tells shells from holes, as it does in no other format.
    """
    drawn = shapes if drawn is None else drawn
    fixed, is_collection = _without_collections(shapes)
    detail = np.full(len(shapes), "", dtype=object)
    is_missing = _unusable(fixed, detail)
    fixed[is_missing] = None
    invalid = np.flatnonzero(~is_missing & ~shapely.is_valid(fixed))
    is_knotted = is_tangled(fixed[invalid])
    knotted, invalid = invalid[is_knotted], invalid[~is_knotted]
    detail[knotted] = f"边线自相穿过 {MAX_CROSSINGS} 处以上，折点的次序可能错乱"
    is_missing[knotted] = True
    fixed[knotted] = None
    mixed = winding(fixed) if is_shapefile else None
    is_outside_shell = mixed.shells_differ if mixed else np.zeros(len(shapes), dtype=bool)
    detail[is_outside_shell] = "孔在外环之外"
    is_unreliable, is_repaired = is_outside_shell.copy(), np.zeros(len(shapes), dtype=bool)
    if len(invalid):
        broken = fixed[invalid]
        whole = shapely.make_valid(broken)
        mended = np.array([_polygons_of(shape) for shape in whole], dtype=object)
        before, after = np.abs(ellipsoid_area(broken)), ellipsoid_area(mended)
        fixed[invalid] = mended
        slight = np.abs(after - before) <= np.maximum(
            REPAIR_TOLERANCE_M2, REPAIR_TOLERANCE_SHARE * np.abs(after)
        )
        is_repaired[invalid] = slight & ~is_unreliable[invalid]
        is_unreliable[invalid] |= ~slight
        is_spike = shapely.get_type_id(whole) == 7  # what is left over from the polygons are lines
        names = [_chinese(reason) for reason in _reasons(drawn[invalid], broken)]
        detail[invalid] = [
            f"{'尖刺，' if spike else ''}{why}；修复前 {old:.1f} ㎡，修复后 {new:.1f} ㎡"
            for spike, why, old, new in zip(is_spike & slight, names, before, after, strict=True)
        ]
    area = ellipsoid_area(fixed)
    flat = ~is_missing & ~is_unreliable & ~(area > 0)
    is_unreliable |= flat
    detail[flat] = "图形面积为零"
    area[is_unreliable | is_missing] = np.nan
    return Screened(
        fixed, area, is_missing, is_unreliable, is_repaired, list(detail), is_collection & ~is_missing
    )


def _without_collections(shapes: Shapes) -> tuple[Shapes, npt.NDArray[np.bool_]]:
    """Take the polygons out of collections of polygons, lines and points."""
    fixed = shapes.copy()
    is_collection = shapely.get_type_id(shapes) == 7
    for at in np.flatnonzero(is_collection):
        polygons = [part for part in _leaves(shapes[at]) if isinstance(part, shapely.Polygon)]
        if polygons:
            fixed[at] = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    return fixed, is_collection


def _leaves(shape: shapely.Geometry) -> list[shapely.Geometry]:
    parts = list(shapely.get_parts(shape))
    return [leaf for part in parts for leaf in (_leaves(part) if hasattr(part, "geoms") else [part])]


def _unusable(shapes: Shapes, detail: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Tell which records have no polygon with finite coordinates, and write down why."""
    is_null, is_empty = shapely.is_missing(shapes), shapely.is_empty(shapes)
    is_other = ~is_null & ~is_empty & ~np.isin(shapely.get_type_id(shapes), (3, 6))
    box = shapely.bounds(shapes)
    is_endless = np.asarray(~np.isfinite(box).all(axis=1) | (np.abs(box) > ON_EARTH).any(axis=1))
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    is_endless[np.unique(owner[~np.isfinite(points).all(axis=1)])] = True
    is_endless &= ~is_null & ~is_empty
    detail[is_other] = "图形是点或线，不是面"
    detail[is_null], detail[is_empty] = "该记录没有坐标", "图形为空"
    detail[is_endless] = "坐标不是有效的数（NaN、无穷大或大得不可能）"
    return np.asarray(is_null | is_empty | is_other | is_endless)


def _reasons(drawn: Shapes, shapes: Shapes) -> list[str]:
    """Say what is wrong in the drawing's own coordinates; in lon/lat where only these show it."""
    own, moved = shapely.is_valid_reason(drawn), shapely.is_valid_reason(shapes)
    return [b if a is None or a == "Valid Geometry" else a for a, b in zip(own, moved, strict=True)]


def _polygons_of(shape: shapely.Geometry) -> shapely.Geometry | None:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _chinese(reason: str) -> str:
    kind, _, point = reason.partition("[")
    names = {"Self-intersection": "自相交", "Ring Self-intersection": "环自相交", "Hole lies outside shell": "孔在外环之外",
             "Nested shells": "外环相套", "Holes are nested": "孔相套", "Duplicate Rings": "环重复",
             "Interior is disconnected": "内部不连通", "Too few points in geometry component": "点数不足，围不成面"}  # fmt: skip
    spot = "，".join(_plain(number) for number in point.rstrip("]").split())
    return names.get(kind.strip(), "图形无效") + (f"（{spot}）" if spot else "")


def _plain(number: str) -> str:
    """Write a coordinate to the millimetre (or 1e-8 degree), never as 3.74e+07."""
    value = float(number)
    return f"{value:.8f}" if abs(value) <= 360 else f"{value:.3f}"
