"""Take ground out of many shapes at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

Shapes = npt.NDArray[np.object_]
Ints = npt.NDArray[np.intp]


def without(shapes: Shapes, at: Ints, areas: Shapes) -> Shapes:
    """Take areas out of the shapes they belong to: the first of each shape together, then the second, and so on.

    Parameters
    ----------
    shapes : ndarray of Geometry
        None stays None.
    at : ndarray of int
        The shape of each area.
    areas : ndarray of Geometry

    Examples
    --------
    >>> land = np.array([shapely.box(0, 0, 10, 10)])
    >>> cut = without(land, np.array([0, 0]), np.array([shapely.box(0, 0, 1, 10), shapely.box(9, 0, 10, 10)]))
    >>> shapely.area(cut).tolist()
    [80.0]
    """
    left = shapes.copy()
    turn = pd.Series(at).groupby(at).cumcount().to_numpy()
    for number in range(int(turn.max()) + 1 if len(turn) else 0):
        now = turn == number
        left[at[now]] = shapely.difference(left[at[now]], areas[now])
    return left
