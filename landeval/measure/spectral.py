"""Indices and land cover of pixels, from bands in their own units: always in float64, for 8-bit bands overflow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Cover:
    """Thresholds of land cover (rules ``imagery.*``)."""

    ndvi_vegetated: float
    ndwi_water: float
    redness_bare: float
    height_built: float


def normalised(one: Floats, other: Floats) -> Floats:
    """Return (one − other) ÷ (one + other); NaN where a band is negative (dark pixels less an offset) or both are zero.

    Examples
    --------
    >>> normalised(np.array([200.0, 0.0]), np.array([100.0, 0.0])).tolist()
    [0.3333333333333333, nan]
    """
    total = one + other
    empty = np.full(np.shape(total), np.nan)
    return np.asarray(np.divide(one - other, total, out=empty, where=(total > 0) & (one >= 0) & (other >= 0)))


def indices(bands: Mapping[str, Floats], brightest: float) -> dict[str, Floats]:
    """Return NDVI, and NDBI where there is short-wave infrared, else brightness (mean visible ÷ largest value)."""
    found = {"ndvi": normalised(bands["nir"], bands["red"])}
    if "swir" in bands:
        found["ndbi"] = normalised(bands["swir"], bands["nir"])
    else:
        visible = [bands[name] for name in ("red", "green", "blue") if name in bands]
        found["brightness"] = np.asarray(np.mean(visible, axis=0) / brightest)
    return found


def covers(bands: Mapping[str, Floats], cover: Cover) -> dict[str, Floats]:
    """Return 1 or 0 for vegetated, water, bare and built pixels; NaN where it cannot be told.

    Without a blue band bare soil and buildings look alike: both are unknown. Without a green one water is.
    """
    ndvi = normalised(bands["nir"], bands["red"])
    unknown = np.isnan(ndvi)
    green = ndvi >= cover.ndvi_vegetated
    found = {"vegetated": np.where(unknown, np.nan, green)}
    nothing = np.full(np.shape(ndvi), np.nan)
    water = np.zeros(np.shape(ndvi), dtype=bool)
    if "green" in bands:
        water = ~green & (normalised(bands["green"], bands["nir"]) >= cover.ndwi_water)
        found["water"] = np.where(unknown, np.nan, water)
    else:
        found["water"] = nothing
    if "blue" not in bands:
        return found | {"bare": nothing, "built": nothing}
    redness = normalised(bands["red"], bands["blue"])
    unknown = unknown | (np.isnan(redness) & ~green & ~water)
    bare = ~green & ~water & (redness >= cover.redness_bare)
    built = ~green & ~water & ~bare
    return found | {"bare": np.where(unknown, np.nan, bare), "built": np.where(unknown, np.nan, built)}
