"""Find polygons that overlap by more than drawing slack; neighbours that only touch are sorted out cheaply."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from landeval.tidy.geometry import ellipsoid_area
from landeval.tidy.rings import DEGREE_M

Shapes = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SLACK_M2 = 1.0
SLACK_WIDTH_M = 0.1
"""Overlaps smaller than this, or narrower on average, are slips of digitising: tolerated."""
MANY_POINTS = 500


class Overlaps(NamedTuple):
    """Pairs of positions, the first smaller, and the area they share [m²]."""

    one: Ints
    other: Ints
    area_m2: Floats


def overlapping(shapes: Shapes) -> Overlaps:
    """Return the pairs of lon/lat polygons that share more than slack.

    Neighbours with common sides would cost an exact test each: most are told apart before by one look at the
    whole layer, and only the rest are intersected.

    Parameters
    ----------
    shapes : ndarray of Geometry
        Valid lon/lat polygons; None is passed over.

    Examples
    --------
    >>> a, b = shapely.box(110.0, 27.0, 110.002, 27.002), shapely.box(110.001, 27.0, 110.003, 27.002)
    >>> pairs = overlapping(np.array([a, None, b]))
    >>> pairs.one.tolist(), pairs.other.tolist(), pairs.area_m2.round(-2).tolist()
    ([0], [2], [22000.0])
    """
    present = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_empty(shapes))
    drawn = shapes[present]
    nothing = Overlaps(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    if len(drawn) < 2:
        return nothing
    one, other = shapely.STRtree(drawn).query(drawn)
    one, other = one[one < other], other[one < other]
    suspect = _suspect(drawn)
    one, other = (at[suspect[one] | suspect[other]] for at in (one, other))
    if not len(one):
        return nothing
    count = shapely.get_num_coordinates(drawn)
    swapped = count[other] > count[one]
    large, small = np.where(swapped, other, one), np.where(swapped, one, other)
    shapely.prepare(drawn)  # an index of the larger shape serves all its neighbours
    near = shapely.intersects(drawn[large], drawn[small])
    near[near] = ~shapely.touches(drawn[large[near]], drawn[small[near]])
    one, other = one[near], other[near]
    common = np.asarray(shapely.intersection(drawn[one], drawn[other]), dtype=object)
    area = np.nan_to_num(ellipsoid_area(common))
    scale = np.cos(np.radians(shapely.bounds(drawn)[one, 1]))
    with np.errstate(invalid="ignore", divide="ignore"):
        width = 2 * area / (shapely.length(common) * DEGREE_M * scale)
    real = (area >= SLACK_M2) & (width >= SLACK_WIDTH_M)
    return Overlaps(present[one[real]], present[other[real]], area[real])


def _suspect(shapes: Shapes) -> npt.NDArray[np.bool_]:
    """Tell which polygons may overlap another: in a sound cadastre neighbours share their sides point by point.

    Only shapes with a side that does not match can overlap. The look at a shape of very many points costs more
    than testing each of its pairs (measured: 18,603 points, 10 s against 1 s), so such a one is always suspect.
    """
    found = shapely.get_num_coordinates(shapes) > MANY_POINTS
    plain = np.flatnonzero(~found)
    found[plain] = ~shapely.is_empty(shapely.coverage_invalid_edges(shapes[plain]))
    return np.asarray(found, dtype=np.bool_)
