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


class Overlaps(NamedTuple):
    """Pairs of positions, the first smaller, and the area they share [m²]."""

    one: Ints
    other: Ints
    area_m2: Floats


def overlapping(shapes: Shapes) -> Overlaps:
    """Return the pairs of lon/lat polygons that share more than slack.

    Neighbours with common sides would cost an exact test each: most are told apart before by their boxes
    along the axes and along their own longest sides, and only the rest are intersected.

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
    # in a sound cadastre neighbours share their sides point by point: only shapes with a side that does not match
    # can overlap another, and one look at the whole layer finds them
    faulty = ~shapely.is_empty(shapely.coverage_invalid_edges(drawn))
    one, other = one[faulty[one] | faulty[other]], other[faulty[one] | faulty[other]]
    if not len(one):
        return nothing
    one, other = _apart(shapely.get_coordinates(drawn), _starts(drawn), one, other)
    if not len(one):
        return nothing
    shapely.prepare(drawn)
    near = shapely.intersects(drawn[one], drawn[other])
    near[near] = ~shapely.touches(drawn[one[near]], drawn[other[near]])
    one, other = one[near], other[near]
    common = np.asarray(shapely.intersection(drawn[one], drawn[other]), dtype=object)
    area = np.nan_to_num(ellipsoid_area(common))
    scale = np.cos(np.radians(shapely.bounds(drawn)[one, 1]))
    with np.errstate(invalid="ignore", divide="ignore"):
        width = 2 * area / (shapely.length(common) * DEGREE_M * scale)
    real = (area >= SLACK_M2) & (width >= SLACK_WIDTH_M)
    return Overlaps(present[one[real]], present[other[real]], area[real])


def _starts(shapes: Shapes) -> Ints:
    return np.asarray(np.r_[0, np.cumsum(shapely.get_num_coordinates(shapes))], dtype=np.int64)


def _apart(points: Floats, starts: Ints, one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Leave out the pairs that a line parallel to an axis or to a longest side keeps apart, but for slack."""
    metres = points * [DEGREE_M * np.cos(np.radians(np.median(points[:, 1]))), DEGREE_M]
    metres = metres - metres.mean(axis=0)
    steps = np.diff(metres, axis=0, append=metres[:1])
    steps[starts[1:] - 1] = 0.0  # from one shape to the next is no side
    length = np.hypot(*steps.T)
    owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    order = np.lexsort((-length, owner))
    longest = steps[order[starts[:-1]]]
    size = np.hypot(*longest.T)
    along = np.where(size[:, None] > 0, longest / np.where(size > 0, size, 1.0)[:, None], [1.0, 0.0])
    across = np.column_stack([-along[:, 1], along[:, 0]])
    fixed = [np.tile(axis, (len(along), 1)) for axis in ([1.0, 0.0], [0.0, 1.0])]
    for axes, turned in ((fixed[0], False), (fixed[1], False), (along, False), (across, False),
                         (along, True), (across, True)):  # fmt: skip
        first, second = (other, one) if turned else (one, other)
        keep = _shared(metres, starts, axes, first, second) > SLACK_WIDTH_M / 2
        one, other = one[keep], other[keep]
    return one, other


def _shared(metres: Floats, starts: Ints, axes: Floats, first: Ints, second: Ints) -> Floats:
    """Return how far the second shapes reach into the first along an axis of the first [m]."""
    if not len(first):
        return np.empty(0)
    low, high = _reach(metres, starts, axes, first, first)
    least, most = _reach(metres, starts, axes, first, second)
    return np.minimum(high, most) - np.maximum(low, least)


def _reach(metres: Floats, starts: Ints, axes: Floats, axis_of: Ints, shape: Ints) -> tuple[Floats, Floats]:
    count = starts[shape + 1] - starts[shape]
    begin = np.r_[0, np.cumsum(count)[:-1]]
    index = np.arange(count.sum()) - np.repeat(begin - starts[shape], count)
    which = np.repeat(axis_of, count)
    reach = metres[index, 0] * axes[which, 0] + metres[index, 1] * axes[which, 1]
    return np.minimum.reduceat(reach, begin), np.maximum.reduceat(reach, begin)
