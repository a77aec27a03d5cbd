"""Unused land of a parcel that could be divided off: what buildings leave free, in one piece and wide enough."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from landeval.measure.footprints import Pieces, by_two

Shapes = npt.NDArray[np.object_]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]
ARC = 8
"""Chords of a quarter circle: what a curve is drawn with, a little inside of it."""
MITRE = 1.5
"""Corners are given back up to this many times the distance: right angles (√2) wholly, sharper ones bevelled."""

CLEAR_M = 0.001
"""Land is grown back by so much more than it was shrunk: edges that nearly coincide cost GEOS four times the time."""


def unused_land(
    parcels: Shapes, pieces: Pieces, *, setback_m: float, least_width_m: float, wanted: Bools | None = None
) -> Floats:
    """Return the largest piece of land free of buildings [m²].

    The parcel less its buildings with ``setback_m`` around them; of this only what is at least
    ``least_width_m`` wide (shrunk by half of it, then grown again within the free land); of the pieces that
    remain the largest.

    Parameters
    ----------
    parcels : ndarray of Geometry
        Polygons in an equal-area plane [m].
    pieces : Pieces
        Buildings on the parcels, in that plane.
    setback_m : float
        Ground that belongs to a building, on every side [m].
    least_width_m : float
        Narrower strips do not count [m].
    wanted : ndarray of bool, optional
        The parcels of which it is asked; all where not given.

    Returns
    -------
    ndarray of float
        NaN for parcels without a building: land on which nothing stands is no left-over.

    Examples
    --------
    >>> from landeval.measure.footprints import pieces_of
    >>> land, hall = np.array([shapely.box(0, 0, 100, 50)]), np.array([shapely.box(0, 0, 44, 50)])
    >>> unused_land(land, pieces_of(land, hall), setback_m=6, least_width_m=20).round(6).tolist()
    [2500.0]
    """
    found = np.full(len(parcels), np.nan)
    is_asked = pieces.is_real if wanted is None else pieces.is_real & wanted[pieces.parcel]
    real = np.flatnonzero(is_asked)
    if not len(real):
        return found
    starts = np.flatnonzero(np.r_[True, np.diff(pieces.parcel[real]) != 0])
    built, standing = pieces.parcel[real[starts]], np.split(real, starts[1:])

    def measure(rows: slice) -> Floats:
        halls = [pieces.shapes[group] for group in standing[rows]]
        return _largest(parcels[built[rows]], halls, setback_m, least_width_m)

    found[built] = by_two(len(built), measure)
    return found


def _largest(parcels: Shapes, halls: list[Shapes], setback_m: float, least_width_m: float) -> Floats:
    """Return the area of the largest wide piece of each parcel; ``halls``: what stands on each."""
    around = shapely.buffer(np.concatenate(halls), setback_m, quad_segs=ARC)
    ends = np.cumsum([len(group) for group in halls])[:-1]
    taken = np.array([shapely.union_all(group) for group in np.split(around, ends)], dtype=object)
    free = shapely.difference(parcels, taken)
    half = least_width_m / 2
    cores, core_of = shapely.get_parts(shapely.buffer(free, -half, quad_segs=ARC), return_index=True)
    with np.errstate(divide="ignore", invalid="ignore"):  # GEOS divides by the length of edges that have none
        grown = shapely.buffer(cores, half + CLEAR_M, join_style="mitre", mitre_limit=MITRE)
    return _largest_within(grown, free, core_of)


def _largest_within(grown: Shapes, free: Shapes, core_of: Ints) -> Floats:
    """Return the largest piece that each parcel's grown cores have within its free land.

    What is cut away of a core is never needed where another core has more left than this one had before.
    """
    largest = np.zeros(len(free))
    most = shapely.area(grown)
    rest = np.lexsort((-most, core_of))
    while len(rest):
        is_first = np.r_[True, core_of[rest][1:] != core_of[rest][:-1]]
        now, rest = rest[is_first], rest[~is_first]
        parts, part_of = shapely.get_parts(
            shapely.intersection(grown[now], free[core_of[now]]), return_index=True
        )
        np.maximum.at(largest, core_of[now][part_of], shapely.area(parts))
        rest = rest[most[rest] > largest[core_of[rest]]]
    return largest
