"""What ground a building layer has looked at: nothing drawn means nothing there only within its outline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from landeval.measure.footprints import Ints, Shapes

NEAR_M = 500.0
"""How near the next building must stand for an empty parcel to count as looked at by the layer."""
MUCH = 1 / 3
"""A parcel with more than this outside of the outline is said to be so: the layer may end on it."""


class Extent(NamedTuple):
    """The sound buildings of one layer and their convex outline; empty where there is none."""

    own: Shapes
    outline: shapely.Geometry


def extents_of(drawn: Shapes, layer: Ints, count: int) -> list[Extent]:
    """Return the extent of each layer.

    Parameters
    ----------
    drawn : ndarray of Geometry
        Buildings in an equal-area plane [m]; None is passed over.
    layer : ndarray of int
        Number of the layer of each.
    count : int
        How many layers there are.
    """
    found = []
    for number in range(count):
        own = drawn[layer == number]
        own = own[~shapely.is_missing(own)]
        corners = shapely.get_coordinates(own)
        outline = shapely.LineString(corners).convex_hull if len(own) else shapely.Polygon()
        shapely.prepare(outline)
        found.append(Extent(own, outline))
    return found


def looked_at(
    land: Shapes, extents: Sequence[Extent], names: Sequence[str], empty: npt.NDArray[np.bool_]
) -> npt.NDArray[np.object_]:
    """Name the layer that shows each empty parcel: within its outline, with a building of it nearby; else empty."""
    seen: npt.NDArray[np.object_] = np.full(len(land), "", dtype=object)
    at = np.flatnonzero(empty)
    for extent, name in zip(extents, names, strict=True):
        inside = at[shapely.covers(extent.outline, land[at])]
        if len(inside):
            tree = shapely.STRtree(extent.own)
            near, _ = tree.query_nearest(land[inside], max_distance=NEAR_M, all_matches=False)
            seen[inside[near]] = f"{name} 0 幢（图层范围内没有建筑）"
    return seen


def beyond(land: Shapes, extents: Sequence[Extent], built: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
    """Say of the parcels built on how much lies outside of every layer's outline, where it is much; else empty.

    Examples
    --------
    >>> halls = np.array([shapely.box(0, 0, 10, 10), shapely.box(50, 0, 60, 100)])
    >>> extents = extents_of(halls, np.array([0, 0]), 1)
    >>> beyond(np.array([shapely.box(50, 0, 100, 100)]), extents, np.array([True])).tolist()
    ['（宗地的 80% 在图层建筑的外围线以外，请核对是否画全）']
    """
    said: npt.NDArray[np.object_] = np.full(len(land), "", dtype=object)
    outline = shapely.union_all([extent.outline for extent in extents])
    shapely.prepare(outline)
    at = np.flatnonzero(built)
    at = at[~shapely.covers(outline, land[at])]
    share = 1 - shapely.area(shapely.intersection(land[at], outline)) / shapely.area(land[at])
    much = share > MUCH
    said[at[much]] = [f"（宗地的 {part:.0%} 在图层建筑的外围线以外，请核对是否画全）" for part in share[much]]
    return said
