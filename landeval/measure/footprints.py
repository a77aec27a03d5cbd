"""Which part of which building stands on which parcel: pieces of footprints, in an equal-area plane."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

Shapes = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

SLICE = 1000
WITHIN, ACROSS, APART = 0, 1, 2
SLIVER_M2 = 1.0
SLIVER_WIDTH_M = 0.1
"""A piece smaller than this, or narrower on average, is a slip of drawing: measured, yet not a building on the parcel."""


def only(shapes: Shapes, kept: npt.NDArray[np.bool_]) -> Shapes:
    """Return the shapes with None in place of those not kept."""
    left = shapes.copy()
    left[~kept] = None
    return left


def by_two(
    count: int, work: Callable[[slice], npt.NDArray[Any]], *, breaks: Ints | None = None
) -> npt.NDArray[Any]:
    """Return the results of work on slices of so many rows, two slices at a time: GEOS lets other threads run.

    Parameters
    ----------
    count : int
    work : callable
        Slice → array of as many rows, or of any number of them.
    breaks : ndarray of int, optional
        Sorted rows at which alone a slice may begin: rows of one prepared shape must stay in one thread.
    """
    firsts: npt.NDArray[Any] = np.arange(0, count, SLICE)
    if breaks is not None:
        firsts = np.unique(breaks[np.searchsorted(breaks, firsts, side="right") - 1]) if count else firsts
    ends = np.r_[firsts, count][1:]
    slices = [slice(first, last) for first, last in zip(firsts, ends, strict=True)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        done = list(pool.map(work, slices))
    return np.concatenate(done) if done else work(slice(0, 0))


class Pieces(NamedTuple):
    """One row a parcel and building that share ground, by parcel and building.

    Attributes
    ----------
    parcel, building : ndarray of int
        Positions.
    shapes : ndarray of Geometry
        What they share.
    area_m2 : ndarray of float
        [m²]
    share : ndarray of float
        Part of the building's own footprint, 0 to 1.
    is_real : ndarray of bool
        False for slivers.
    """

    parcel: Ints
    building: Ints
    shapes: Shapes
    area_m2: Floats
    share: Floats
    is_real: npt.NDArray[np.bool_]


def pieces_of(parcels: Shapes, buildings: Shapes) -> Pieces:
    """Cut buildings along parcels.

    Parameters
    ----------
    parcels, buildings : ndarray of Geometry
        Valid polygons in one equal-area plane [m]; None is passed over.

    Examples
    --------
    >>> land = np.array([shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)])
    >>> found = pieces_of(land, np.array([shapely.box(80, 0, 110, 10)]))
    >>> found.parcel.tolist(), found.area_m2.tolist(), found.share.round(4).tolist()
    ([0, 1], [200.0, 100.0], [0.6667, 0.3333])
    """
    parcel, building = shapely.STRtree(buildings).query(parcels)
    order = np.lexsort((building, parcel))
    parcel, building = parcel[order], building[order]
    starts = np.flatnonzero(np.diff(parcel, prepend=-1) != 0)
    shapely.prepare(parcels)
    cut = buildings[building]
    relation = by_two(len(cut), lambda rows: _relations(parcels[parcel[rows]], cut[rows]), breaks=starts)
    across, apart = relation == ACROSS, relation == APART
    own, parts = parcels[parcel[across]], cut[across]
    cut[across] = by_two(len(own), lambda rows: shapely.intersection(own[rows], parts[rows]))
    area = shapely.area(cut)
    kept = ~apart & (area > 0)
    parcel, building, cut, area = parcel[kept], building[kept], cut[kept], area[kept]
    across = across[kept]
    is_real = area >= SLIVER_M2
    with np.errstate(invalid="ignore", divide="ignore"):
        is_real[across] &= 2 * area[across] / shapely.length(cut[across]) >= SLIVER_WIDTH_M
    return Pieces(parcel, building, cut, area, area / shapely.area(buildings[building]), is_real)


def _relations(parcels: Shapes, buildings: Shapes) -> npt.NDArray[np.int8]:
    """Say of each pair whether the building lies within the parcel, across its boundary, or apart."""
    found = np.where(shapely.contains(parcels, buildings), WITHIN, APART).astype(np.int8)
    rest = np.flatnonzero(found == APART)
    found[rest[shapely.intersects(parcels[rest], buildings[rest])]] = ACROSS
    return found


def ground_of(pieces: Pieces, buildings: Shapes, count: int) -> Floats:
    """Return the ground that buildings cover on each parcel [m²]: that of overlapping ones once.

    Parameters
    ----------
    pieces : Pieces
    buildings : ndarray of Geometry
        The shapes that were cut.
    count : int
        Number of parcels.

    Returns
    -------
    ndarray of float
        Zero for parcels without a piece.
    """
    ground: Floats = np.bincount(pieces.parcel, weights=pieces.area_m2, minlength=count).astype(float)
    crowded = _overlapping(pieces, buildings)
    at = np.flatnonzero(crowded)
    if not len(at):
        return ground
    starts = np.flatnonzero(np.r_[True, np.diff(pieces.parcel[at]) != 0])
    sizes = np.diff(np.r_[starts, len(at)])
    two, many = at[starts[sizes == 2]], at[starts[sizes > 2]]  # at the first piece of each parcel
    behind = at[starts[sizes == 2] + 1]
    shapes = pieces.shapes
    common = by_two(
        len(two), lambda rows: shapely.area(shapely.intersection(shapes[two[rows]], shapes[behind[rows]]))
    )
    ground[pieces.parcel[two]] -= common
    groups = [group for group in np.split(at, starts[1:]) if len(group) > 2]
    once = by_two(
        len(groups), lambda rows: shapely.area([shapely.union_all(shapes[group]) for group in groups[rows]])
    )
    ground[pieces.parcel[many]] += once - np.array([pieces.area_m2[group].sum() for group in groups])
    return ground


def _overlapping(pieces: Pieces, buildings: Shapes) -> npt.NDArray[np.bool_]:
    """Mark the pieces of buildings that overlap another building on the same parcel."""
    crowded = np.zeros(len(pieces.parcel), dtype=bool)
    used = np.flatnonzero(np.bincount(pieces.building, minlength=len(buildings)))
    drawn = buildings[used]
    near = shapely.STRtree(drawn)
    near.query(drawn[:1])  # builds the tree: once, before there are threads
    one, other = by_two(len(drawn), lambda rows: _later(near, drawn, rows)).T
    if not len(one):
        return crowded
    shapely.prepare(drawn)
    starts = np.flatnonzero(np.diff(one, prepend=-1) != 0)
    meet = by_two(len(one), lambda rows: _share_ground(drawn[one[rows]], drawn[other[rows]]), breaks=starts)
    stacked = np.zeros(len(buildings), dtype=bool)
    stacked[used[one[meet]]] = stacked[used[other[meet]]] = True
    crowded = stacked[pieces.building]
    alone = np.bincount(pieces.parcel[crowded], minlength=int(pieces.parcel.max()) + 1) < 2
    return np.asarray(crowded & ~alone[pieces.parcel])


def _share_ground(ones: Shapes, others: Shapes) -> npt.NDArray[np.bool_]:
    meet: npt.NDArray[np.bool_] = shapely.intersects(ones, others)
    meet[meet] = ~shapely.touches(ones[meet], others[meet])
    return meet


def _later(near: shapely.STRtree, drawn: Shapes, rows: slice) -> Ints:
    """Return the pairs of these shapes and later ones whose boxes meet, one a row."""
    one, other = near.query(drawn[rows])
    one = one + rows.start
    return np.column_stack([one[one < other], other[one < other]])
