"""Find polygons that overlap by more than drawing slack; neighbours that only touch are sorted out cheaply."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
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
PIECE = 10_000
"""Shapes looked at together."""


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
    suspect = _suspect(drawn, one, other)
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


def _suspect(shapes: Shapes, one: Ints, other: Ints) -> npt.NDArray[np.bool_]:
    """Tell which polygons may overlap another: in a sound cadastre neighbours share their sides point by point.

    Only shapes with a side that does not match can overlap. The look at a shape of very many points costs more
    than testing each of its pairs (measured: 18,603 points, 10 s against 1 s), so such a one is always suspect.
    A large layer is looked at in pieces from west to east, two at a time, each with its neighbours (``one`` and
    ``other``: the pairs whose boxes meet), so that the answer does not depend on the pieces.
    """
    large = shapely.get_num_coordinates(shapes) > MANY_POINTS
    plain = np.flatnonzero(~large)
    count = -(-len(plain) // PIECE)
    piece = np.full(len(shapes), -1)
    piece[plain[np.argsort(shapely.bounds(shapes[plain])[:, 0])]] = np.arange(len(plain)) // PIECE

    def look(number: int) -> Ints:
        own = piece == number
        group = own.copy()
        group[other[own[one]]] = True
        group[one[own[other]]] = True
        at = np.flatnonzero(group & ~large)
        unmatched = ~shapely.is_empty(shapely.coverage_invalid_edges(shapes[at]))
        return np.asarray(at[unmatched & own[at]], dtype=np.int64)

    with ThreadPoolExecutor(max_workers=2) as pool:
        found = list(pool.map(look, range(count)))
    suspect = np.array(large, dtype=np.bool_)
    suspect[np.concatenate([*found, np.empty(0, np.int64)])] = True
    return suspect
