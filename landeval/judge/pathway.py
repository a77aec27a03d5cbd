"""The arithmetic of a path to a target: what each year needs, and what each year still to come needs from here."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from landeval.standards.targets import COMPOUND, CONSTANT, EVEN, LINEAR

Values = npt.NDArray[np.float64]


def required(
    shape: str, base: float, target: float, base_year: int, target_year: int, years: Sequence[int]
) -> Values:
    """Return what each year needs so that the target is met in its year exactly.

    ``compound``: base × (target ÷ base)^(n/N); ``linear``: base + (target − base) × n/N; ``even``: target × n/N,
    from nothing in the base year; ``constant``: the target in every year after the base year. n: years since
    the base year, N: years from the base year to the target year.

    Parameters
    ----------
    shape : str
        One of the four; any other has no path.
    base, target : float
        Values of the base year and of the target year, in one unit; NaN: unknown.
    base_year, target_year : int
    years : sequence of int

    Returns
    -------
    numpy.ndarray
        One value a year; NaN before the base year, and where there is no path. After the target year the target
        goes on to be needed.

    Examples
    --------
    >>> required("compound", 100.0, 121.0, 2020, 2022, [2020, 2021, 2022, 2023]).round(6).tolist()
    [100.0, 110.0, 121.0, 121.0]
    >>> required("even", float("nan"), 100.0, 2020, 2025, [2020, 2022, 2025]).tolist()
    [0.0, 40.0, 100.0]
    """
    at = np.asarray(years, dtype="float64")
    whole = target_year - base_year
    part = (at - base_year) / whole if whole > 0 else np.full(len(at), np.nan)
    path = np.full(len(at), np.nan)
    if shape == COMPOUND and base > 0 and target > 0:
        path = base * (target / base) ** part
    elif shape == LINEAR:
        path = base + (target - base) * part
    elif shape == EVEN:
        path = target * part
    elif shape == CONSTANT:
        path = np.where(at > base_year, target, np.nan)
    has = ~np.isnan(path)
    path = np.where(has & (at >= target_year), target, path)
    if shape in (COMPOUND, LINEAR):
        path = np.where(has & (at == base_year), base, path)
    return np.where(at < base_year, np.nan, path)


def needed(shape: str, actual: float, target: float, year: int, target_year: int) -> float:
    """Return what every year from here to the target year needs.

    ``compound``: the growth a year in per cent, (target ÷ actual)^(1/m) − 1; ``linear`` and ``even``: the addition a
    year, (target − actual) ÷ m. m: years still to come.

    Returns
    -------
    float
        NaN where no year is left, or the shape has no path, or a value is unknown.

    Examples
    --------
    >>> round(needed("compound", 100.0, 121.0, 2023, 2025), 6), needed("even", 60.0, 100.0, 2023, 2025)
    (10.0, 20.0)
    """
    left = target_year - year
    if left <= 0 or math.isnan(actual) or math.isnan(target):
        return math.nan
    if shape == COMPOUND:
        return float((target / actual) ** (1 / left) - 1) * 100 if actual > 0 and target > 0 else math.nan
    return (target - actual) / left if shape in (LINEAR, EVEN) else math.nan


def growth(base: float, actual: float, years: int) -> float:
    """Return the mean yearly growth [%] over ``years`` years, compounded; NaN where it cannot be.

    Examples
    --------
    >>> round(growth(100.0, 121.0, 2), 6), growth(0.0, 5.0, 2)
    (10.0, nan)
    """
    if years <= 0 or not base > 0 or not actual > 0:
        return math.nan
    return float((actual / base) ** (1 / years) - 1) * 100
