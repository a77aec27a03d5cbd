"""Look at the rings of polygons as drawn: how they are wound, where they run out and back in a spike."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

Shapes = npt.NDArray[np.object_]
Bools = npt.NDArray[np.bool_]

SPIKE_DEGREES = 1.0
SPIKE_LENGTH_M = 1.0
DEGREE_M = 111_320.0


class Winding(NamedTuple):
    """Where shells are wound against each other, and where a hole is wound like its shell."""

    shells_differ: Bools
    hole_like_shell: Bools


def winding(shapes: Shapes) -> Winding:
    """Compare the directions of the rings of each shape; only shapes with several rings are looked at.

    A ring that a shapefile winds as a hole, yet lies in no shell, comes back as a part of its own: the parts
    of such a shape are wound in both directions.

    Examples
    --------
    >>> hole = shapely.from_wkt("POLYGON ((0 0, 0 9, 9 9, 9 0, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))")
    >>> winding(np.array([hole])).hole_like_shell.tolist()
    [True]
    """
    count = len(shapes)
    differ, alike = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    parts, owner = shapely.get_parts(shapes, return_index=True)
    several = np.bincount(owner, minlength=count) > 1
    holed = shapely.get_num_interior_rings(parts) > 0
    wanted = np.flatnonzero(several[owner] | holed)
    if not len(wanted):
        return Winding(differ, alike)
    is_left = shapely.is_ccw(shapely.get_exterior_ring(parts[wanted]))
    least, most = np.ones(count, dtype=bool), np.zeros(count, dtype=bool)
    np.logical_and.at(least, owner[wanted], is_left)
    np.logical_or.at(most, owner[wanted], is_left)
    differ = several & (least != most)
    rings, part_of = shapely.get_rings(parts[wanted], return_index=True)
    is_shell = np.r_[True, part_of[1:] != part_of[:-1]]
    same = ~is_shell & (shapely.is_ccw(rings) == is_left[part_of])
    alike[owner[wanted[part_of[same]]]] = True
    return Winding(differ, alike)


def spikes(shapes: Shapes) -> npt.NDArray[np.float64]:
    """Return the sharpest corner [degree] of each lon/lat shape that has a spike, NaN where it has none.

    A spike is a corner under 1° between two sides of more than 1 m; repeated points are no corners.
    """
    found = np.full(len(shapes), np.nan)
    rings, owner = shapely.get_rings(shapes, return_index=True)
    if not len(rings):
        return found
    points, ring = shapely.get_coordinates(rings, return_index=True)
    x = points[:, 0] * (DEGREE_M * np.cos(np.radians(np.nanmedian(points[:, 1]))))
    y = points[:, 1] * DEGREE_M
    repeated = np.r_[False, (np.diff(x) == 0) & (np.diff(y) == 0) & (np.diff(ring) == 0)]
    x, y, ring = x[~repeated], y[~repeated], ring[~repeated]
    last = np.r_[ring[1:] != ring[:-1], True]  # the closing point says again where the ring began
    x, y, ring = x[~last], y[~last], ring[~last]
    if len(ring) < 3:
        return found
    first = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]])
    final = np.r_[first[1:], len(ring)] - 1
    after = np.arange(1, len(ring) + 1)
    after[final] = first
    before = np.empty_like(after)
    before[after] = np.arange(len(ring))
    on_x, on_y = x[after] - x, y[after] - y
    long_on = np.hypot(on_x, on_y)
    long_back = long_on[before]
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = -(on_x[before] * on_x + on_y[before] * on_y) / (long_back * long_on)
    sharp = (cosine > np.cos(np.radians(SPIKE_DEGREES))) & (np.minimum(long_back, long_on) > SPIKE_LENGTH_M)
    at = np.flatnonzero(sharp)
    angle = np.degrees(np.arccos(np.clip(cosine[at], -1.0, 1.0)))
    np.fmin.at(found, owner[ring[at]], angle)
    return found
