"""Cut shapes of very many points into tiles, so that an overlay goes through a small part of them only."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

MANY_POINTS = 1000
_FEW_POINTS = 250
_MOST_CUTS = 16


class Tiled(NamedTuple):
    """Parts of shapes, and the position of the shape that each is of."""

    parts: npt.NDArray[np.object_]
    owner: npt.NDArray[np.int64]


def tiled(shapes: npt.NDArray[np.object_], at: npt.NDArray[np.int64]) -> Tiled:
    """Return the shapes at some positions, those of more than ``MANY_POINTS`` points in tiles that add up to them.

    Examples
    --------
    >>> ring = shapely.Point(0, 0).buffer(100, quad_segs=500)
    >>> found = tiled(np.array([shapely.box(0, 0, 1, 1), ring]), np.array([0, 1]))
    >>> bool((found.owner == 1).sum() > 4), round(float(shapely.area(found.parts[1:]).sum() / ring.area), 9)
    (True, 1.0)
    """
    large = shapely.get_num_coordinates(shapes[at]) > MANY_POINTS
    parts, owner = [shapes[at[~large]]], [at[~large]]
    for number in at[large].tolist():
        mine = _cut(shapes[number])
        parts.append(np.array([*mine, None], dtype=object)[:-1])
        owner.append(np.full(len(mine), number))
    return Tiled(np.concatenate(parts), np.concatenate(owner).astype(np.int64))


def _cut(shape: shapely.Geometry) -> list[shapely.Geometry]:
    """Halve a shape across its longer side until its parts have few points."""
    waiting, done = [(shape, 0)], []
    while waiting:
        part, cuts = waiting.pop()
        if shapely.get_num_coordinates(part) <= _FEW_POINTS or cuts == _MOST_CUTS:
            done.append(part)
            continue
        west, south, east, north = shapely.bounds(part)
        x, y = (west + east) / 2, (south + north) / 2
        boxes = (
            [(west, south, x, north), (x, south, east, north)]
            if east - west > north - south
            else [(west, south, east, y), (west, y, east, north)]
        )
        halves = [shapely.intersection(part, shapely.box(*box)) for box in boxes]
        waiting += [(half, cuts + 1) for half in halves if shapely.area(half) > 0]
    return done
