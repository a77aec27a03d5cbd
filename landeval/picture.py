"""A picture of the ground, as ``read`` hands it over and the map shows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MOST_PIXELS = 2048
"""On the longer side of a picture."""
DARKEST, LIGHTEST = 2, 98
"""Percentiles of what a picture shows that become black and white."""


def stretched(
    bands: npt.NDArray[np.float64], is_valid: npt.NDArray[np.bool_], nothing: int
) -> npt.NDArray[np.uint8]:
    """Return three bands (rows × columns × 3) in one stretch, so that colours stay true; no data is ``nothing``.

    Examples
    --------
    >>> bands = np.array([[[0.0] * 3, [50.0] * 3, [100.0] * 3, [7.0] * 3]])
    >>> stretched(bands, np.array([[True, True, True, False]]), 255)[0, :, 0].tolist()
    [0, 127, 255, 255]
    """
    low, high = np.percentile(bands[is_valid], (DARKEST, LIGHTEST))
    scaled = np.clip((bands - low) / max(high - low, 1e-12), 0, 1) * 255
    return np.where(is_valid[..., None], scaled, nothing).astype(np.uint8)


@dataclass(frozen=True)
class Picture:
    """An image for looking at, north up in Web Mercator (EPSG:3857), where a web map shows it without bending.

    Attributes
    ----------
    name : str
        The image's file.
    taken : str
        Day or year, as far as known.
    rgba : ndarray of uint8
        Rows from the north, columns from the west; alpha 0 where there is no data.
    bounds : tuple of float
        West, south, east, north [m, EPSG:3857].
    pixel_m : float
        Side of a pixel on the ground [m].
    image_pixel_m : float
        Side of a pixel of the image itself [m].
    doubt : str
        What is unsure of where it lies.
    why_not : str
        Why there is nothing to show; then ``rgba`` is empty.
    """

    name: str
    taken: str
    rgba: npt.NDArray[np.uint8]
    bounds: tuple[float, float, float, float]
    pixel_m: float
    image_pixel_m: float
    doubt: str = ""
    why_not: str = ""
