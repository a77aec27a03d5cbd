"""Valid polygons that are hardly what somebody meant to draw: too small, too large, spiked, oddly wound."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from landeval.tidy.rings import spikes, winding
from landeval.vocabulary.fields import fields

Shapes = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

TINY_M2 = 1.0


class Doubts(NamedTuple):
    """What is odd about each polygon, and the sentence for it (``area``, ``spike``)."""

    is_tiny: Bools
    is_huge: Bools
    has_spike: Bools
    has_odd_hole: Bools
    detail: dict[str, list[str]]


def doubtful(shapes: Shapes, area_m2: Floats) -> Doubts:
    """Look for what nobody draws on purpose; the largest parcel is the largest area the vocabulary allows.

    Parameters
    ----------
    shapes : ndarray of Geometry
        Screened lon/lat polygons, None allowed.
    area_m2 : ndarray of float
        NaN where the shape is not measured.
    """
    largest = fields()["area_registered_m2"].maximum or np.inf
    with np.errstate(invalid="ignore"):
        is_tiny, is_huge = area_m2 < TINY_M2, area_m2 > largest
    sharp = spikes(shapes)
    sharp[np.isnan(area_m2) | is_tiny] = np.nan
    said = {
        "area": [
            f"图形 {size:,.3f} ㎡" if odd else ""
            for size, odd in zip(area_m2, is_tiny | is_huge, strict=True)
        ],
        "spike": ["" if np.isnan(angle) else f"最小夹角 {angle:.3f}°" for angle in sharp],
    }
    return Doubts(is_tiny, is_huge, np.isfinite(sharp), winding(shapes).hole_like_shell, said)
