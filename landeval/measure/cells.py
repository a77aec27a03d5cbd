"""Which pixels a parcel covers, and exactly how much of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
NOTHING = 1e-9
"""A share below it is the rounding of coordinates, not land."""


@dataclass(frozen=True)
class Cells:
    """Pixels under parcels, parcel by parcel: which parcel, row and column within the window, covered share (0–1]."""

    parcel: Ints
    row: Ints
    column: Ints
    share: Floats


def covered_cells(shapes: npt.NDArray[np.object_], row: int, column: int, rows: int, columns: int) -> Cells:
    """Return the pixels of a window that each parcel covers.

    Parameters
    ----------
    shapes : ndarray of Geometry
        Valid polygons in pixel coordinates: x the column, y the row, the image's first corner (0, 0). An affine
        image of a parcel has the same shares, so a rotated image needs nothing more.
    row, column, rows, columns : int
        The window.

    Notes
    -----
    Green's theorem: the share of cell (r, c) is ∮ min(max(x − c, 0), 1) dy along the boundary within row r. Cut at
    every line of the grid, a piece of the boundary in column k adds its dy to every cell with c < k, and
    dy·(x̄ − k) to its own. The same shares as exactextract's (tested; it keeps them in single precision), in a third of
    its time and without a row of Python calls a parcel.

    Examples
    --------
    >>> half = np.array([shapely.box(0.5, 0, 2, 1)])
    >>> cells = covered_cells(half, 0, 0, 2, 3)
    >>> cells.column.tolist(), cells.share.tolist()
    ([0, 1], [0.5, 1.0])
    """
    parcel, at_row, at_column, rise, own = _pieces(shapes)
    if not len(parcel):
        none = np.zeros(0, dtype=np.int64)
        return Cells(none, none, none, np.zeros(0))
    low, left = int(at_row.min()), int(at_column.min())
    high, wide = int(at_row.max()) - low + 1, int(at_column.max()) - left + 1
    line = parcel * high + (at_row - low)
    key = line * wide + (at_column - left)
    order = np.argsort(key, kind="stable")
    key, rise, own = key[order], rise[order], own[order]
    first = np.flatnonzero(np.r_[True, np.diff(key) != 0])
    key, rise, own = key[first], np.add.reduceat(rise, first), np.add.reduceat(own, first)
    line, place = key // wide, key % wide
    ends = np.flatnonzero(np.r_[np.diff(line) != 0, True])
    run = np.cumsum(rise)
    after = (
        run[ends][np.searchsorted(ends, np.arange(len(run)))] - run
    )  # what stands further right in the line
    gap = np.r_[np.where(np.diff(line) == 0, np.diff(place) - 1, 0), 0]
    within = np.repeat(np.arange(len(gap)), gap)
    step = np.arange(len(within)) - np.repeat(np.cumsum(gap) - gap, gap) + 1
    key = np.r_[key, key[within] + step]
    order = np.argsort(key, kind="stable")  # two sorted runs
    key, share = key[order], np.r_[own + after, after[within]][order]
    line, place = key // wide, key % wide
    found_row, found_column = line % high + low - row, place + left - column
    kept = (
        (share > NOTHING)
        & (found_row >= 0)
        & (found_row < rows)
        & (found_column >= 0)
        & (found_column < columns)
    )
    return Cells(line[kept] // high, found_row[kept], found_column[kept], np.minimum(share[kept], 1.0))


def _pieces(shapes: npt.NDArray[np.object_]) -> tuple[Ints, Ints, Ints, Floats, Floats]:
    """Cut the boundaries at every line of the grid: parcel, row, column, rise (dy) and rise × (x̄ − column) of each piece."""
    parts, of_part = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    points, of_point = shapely.get_coordinates(rings, return_index=True)
    follows = np.flatnonzero(np.diff(of_point) == 0)
    start, end = points[follows], points[follows + 1]
    moves = start[:, 1] != end[:, 1]
    start, end = start[moves], end[moves]
    parcel = of_part[of_ring[of_point[follows[moves]]]].astype(np.int64)
    edge = np.arange(len(start))
    cuts = [np.zeros(len(edge)), np.ones(len(edge))]
    of_cut = [edge, edge]
    for axis in (0, 1):
        one, other = start[:, axis], end[:, axis]
        first = np.floor(np.minimum(one, other)) + 1
        many = np.maximum(np.ceil(np.maximum(one, other)) - first, 0).astype(np.int64)
        which = np.repeat(edge, many)
        lines = first[which] + np.arange(len(which)) - np.repeat(np.cumsum(many) - many, many)
        cuts.append((lines - one[which]) / (other - one)[which])
        of_cut.append(which)
    part, which = np.clip(np.concatenate(cuts), 0, 1), np.concatenate(of_cut)
    order = np.argsort(which * 2.0 + part, kind="stable")
    part, which = part[order], which[order]
    same = np.flatnonzero(np.diff(which) == 0)
    which, length, middle = which[same], part[same + 1] - part[same], (part[same + 1] + part[same]) / 2
    run = end - start
    x, y = (start[which, axis] + run[which, axis] * middle for axis in (0, 1))
    rise = run[which, 1] * length
    column, row = np.floor(x), np.floor(y)
    return parcel[which], row.astype(np.int64), column.astype(np.int64), rise, rise * (x - column)
