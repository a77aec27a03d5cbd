"""Shapes that no repair ends for: vertices in an order that crosses itself all over."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

Shapes = npt.NDArray[np.object_]

MAX_CROSSINGS = 500
"""Repair takes 0.05 s at 500 crossings, 0.7 s at 2,000, 10 s at 8,000: it grows faster than their square."""
_SAFE_EDGES = 33
"""So many edges cannot cross one another more often: n (n - 3) / 2."""


def is_tangled(shapes: Shapes) -> npt.NDArray[np.bool_]:
    """Tell which invalid shapes cross themselves so often that the order of their vertices must be wrong.

    Parameters
    ----------
    shapes : ndarray of Geometry
        Invalid polygons with finite coordinates.

    Examples
    --------
    >>> bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    >>> is_tangled(np.array([bow_tie])).tolist()
    [False]
    """
    long = np.flatnonzero(shapely.get_num_coordinates(shapes) > _SAFE_EDGES)
    found = np.zeros(len(shapes), dtype=bool)
    found[long] = [_crosses_too_often(shapes[at]) for at in long]
    return found


def _crosses_too_often(shape: shapely.Geometry) -> bool:
    edges = _edges(shape)
    tree = shapely.STRtree(edges)
    crossings, start, width = 0, 0, 32
    order = np.argsort(
        np.arange(len(edges)) * 0.6180339887498949 % 1
    )  # spread, so that a tangle shows at once
    while start < len(edges):
        pairs = tree.query(edges[order[start : start + width]], predicate="crosses")
        crossings += pairs.shape[1]
        if crossings > 2 * MAX_CROSSINGS:  # every crossing is seen from both its edges
            return True
        start, width = start + width, width * 2
    return False


def _edges(shape: shapely.Geometry) -> Shapes:
    rings = shapely.get_rings(shapely.get_parts(shape))
    points, owner = shapely.get_coordinates(rings, return_index=True)
    joined = owner[1:] == owner[:-1]
    ends = np.stack([points[:-1][joined], points[1:][joined]], axis=1)
    return np.asarray(shapely.linestrings(ends), dtype=object)
