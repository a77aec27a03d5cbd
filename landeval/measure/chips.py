"""Small pictures of parcels with some ground around them, cut from an image."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from landeval.imagery import INFRARED, NATURAL, Chip, Scene
from landeval.picture import stretched

AROUND = 0.25
"""Of the parcel's longer side: ground shown on each side of it."""
LARGEST = 1500
"""Pixels on a side beyond which no picture is cut: it would show a district."""
SHOWN = 240
"""Pixels on a side of a picture, at most: larger cuts are thinned out."""


def chips(shapes: npt.NDArray[np.object_], names: Sequence[str], scene: Scene, taken: str) -> list[Chip]:
    """Cut a picture of each parcel: natural colours, near infrared as red where there is no blue, else one band in grey.

    Parameters
    ----------
    shapes : ndarray of Geometry
        Valid polygons in pixels of the image.
    names : sequence of str
        ``parcel_id`` of each.
    scene : Scene
    taken : str
        Day of the image, as told.
    """
    found = []
    bands = next((three for three in (NATURAL, INFRARED) if set(three) <= set(scene.bands)), None)
    for shape, name in zip(shapes, names, strict=True):
        if shape is None:
            continue
        left, top, right, bottom = shape.bounds
        margin = max(right - left, bottom - top) * AROUND + 2
        column, row = max(int(left - margin), 0), max(int(top - margin), 0)
        columns = min(int(np.ceil(right + margin)), scene.grid.width) - column
        rows = min(int(np.ceil(bottom + margin)), scene.grid.height) - row
        if not (0 < rows <= LARGEST and 0 < columns <= LARGEST):
            continue
        pixels = scene.read(row, column, rows, columns)
        if not pixels.is_valid.any():
            continue
        step = max(1, -(-max(rows, columns) // SHOWN))
        of = bands or (next(iter(pixels.values)),) * 3
        three = np.stack([pixels.values[band].astype("float64") for band in of], axis=-1)
        rgb = stretched(three, pixels.is_valid, 255)[::step, ::step]
        rings = tuple(
            (shapely.get_coordinates(ring) - (column, row)) / step
            for part in shapely.get_parts(shape)
            for ring in shapely.get_rings(part)
        )
        found.append(Chip(name, taken, rgb, rings))
    return found
