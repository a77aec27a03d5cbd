"""Weighted statistics of pixels by parcel, from the covered shares; defined as exactextract defines them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def totals(parcel: Ints, weights: Floats, count: int) -> Floats:
    """Return the sum of weights of each parcel."""
    return np.asarray(np.bincount(parcel, weights=weights, minlength=count), dtype=np.float64)


def means(parcel: Ints, values: Floats, weights: Floats, count: int) -> Floats:
    """Return the weighted mean of each parcel; pixels whose value is unknown do not count, NaN where none does.

    Examples
    --------
    >>> means(np.array([0, 0, 1]), np.array([1.0, 4.0, np.nan]), np.array([1.0, 0.5, 1.0]), 3).tolist()
    [2.0, nan, nan]
    """
    known = np.isfinite(values)
    parcel, values, weights = parcel[known], values[known], weights[known]
    summed, weight = totals(parcel, values * weights, count), totals(parcel, weights, count)
    return np.asarray(np.divide(summed, weight, out=np.full(count, np.nan), where=weight > 0))


def medians(parcel: Ints, values: Floats, weights: Floats, count: int) -> Floats:
    """Return the weighted median of each parcel, interpolated between pixels as exactextract does.

    With values sorted, element ``i`` of ``n`` stands at ``i·wᵢ + (n − 1)·Σ_{j<i} wⱼ``; the median is read off
    half way to ``(n − 1)·Σw``.

    Examples
    --------
    >>> medians(np.array([0, 0, 0, 1]), np.array([1.0, 9.0, 2.0, 5.0]), np.ones(4), 3).tolist()
    [2.0, 5.0, nan]
    """
    known = np.isfinite(values)
    parcel, values, weights = parcel[known], values[known], weights[known]
    found = np.full(count, np.nan)
    if not len(parcel):
        return found
    low = values.min()
    part = (values - low) / max(float(values.max() - low), 1e-300)
    order = np.argsort(
        2.0 * parcel + part
    )  # one sort by two keys: values nearer than 1e-11 of the range may swap
    parcel, values, weights = parcel[order], values[order], weights[order]
    numbers = np.bincount(parcel, minlength=count)
    starts = np.concatenate([[0], np.cumsum(numbers)[:-1]])
    running = np.cumsum(weights)
    before = running - weights  # of all parcels; less what stood before the parcel's first
    before = before - before[np.minimum(starts, len(before) - 1)][parcel]
    place = np.arange(len(parcel)) - starts[parcel]
    stand = place * weights + (numbers[parcel] - 1) * before
    half = (numbers - 1) * totals(parcel, weights, count) / 2
    passed = np.bincount(parcel[stand <= half[parcel]], minlength=count)
    some = numbers > 0
    right = np.minimum(starts + passed, starts + numbers - 1)[some]
    left = np.maximum(right - 1, starts[some])
    wide = stand[right] - stand[left]
    part = np.divide(half[some] - stand[left], wide, out=np.ones(len(wide)), where=wide > 0)
    found[some] = values[left] + np.clip(part, 0, 1) * (values[right] - values[left])
    return found
