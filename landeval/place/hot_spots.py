"""Hot and cold spots: where parcels of high or of low per-mu tax lie together more than chance would have it."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landeval import issues
from landeval.spots import COLD, HOT, NEITHER, UNKNOWN, SpotSettings

Shapes = npt.NDArray[np.object_]
LEAST = 30
"""Parcels with a figure below which nothing is said: chance alone makes spots of a handful."""
VALUE = "tax_wan_yuan_per_mu"


class Spots(NamedTuple):
    """Index ``parcel_id``: ``hot_spot``, ``hot_spot_z``, ``hot_spot_p`` (two-sided), and issues."""

    table: pd.DataFrame
    issues: pd.DataFrame


def hot_spots(parcels: pd.DataFrame, land: Shapes, settings: SpotSettings) -> Spots:
    """Compare each parcel and its neighbours with the whole by the Getis-Ord statistic Gi* (esda).

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``: ``tax_wan_yuan_per_mu`` [万元/亩], ``source_file``.
    land : ndarray of Geometry
        Their shapes in an equal-area plane [m]; None where there is none to be relied on.
    settings : SpotSettings

    Returns
    -------
    Spots
        A parcel without figure or shape is 未知 and nobody's neighbour. With fewer than ``LEAST`` of them, or
        figures that are all alike, all are 未知 and that is told (E720).

    Notes
    -----
    Ranks are compared, not figures: one firm of very high tax would make all its neighbours hot. Parcels are taken
    in the order of their ids, so the order of rows changes nothing. The p is that of the normal distribution with
    the mean and spread of the permutations: counting permutations alone, no p could fall below 1 ÷ (permutations +
    1), which among thousands of parcels is no longer a find.
    """
    values = parcels[VALUE].to_numpy(dtype="float64", na_value=np.nan)
    known = np.flatnonzero(np.isfinite(values) & ~shapely.is_missing(land))
    known = known[np.argsort(parcels.index.to_numpy(dtype=str)[known], kind="stable")]
    if len(known) < max(LEAST, settings.neighbours + 2) or np.ptp(values[known]) == 0:
        detail = f"有亩均税收和图形的宗地 {len(known)} 宗"
        told = issues.report_file("E720", "、".join(map(str, parcels["source_file"].unique())), detail=detail)
        return Spots(_table(parcels.index, known[:0], np.empty(0), np.empty(0), np.empty(0)), told)
    ranks = np.asarray(pd.Series(values[known]).rank(), dtype=np.float64)
    z, p = _getis_ord(ranks, land[known], settings)
    spot = np.where(p <= _limit(p, settings.significance), np.where(z > 0, HOT, COLD), NEITHER)
    return Spots(_table(parcels.index, known, spot, z, p), issues.empty())


def _table(
    index: pd.Index,
    known: npt.NDArray[np.intp],
    spot: npt.NDArray[Any],
    z: npt.NDArray[np.float64],
    p: npt.NDArray[np.float64],
) -> pd.DataFrame:
    words = np.full(len(index), UNKNOWN, dtype=object)
    words[known] = spot
    numbers = np.full((len(index), 2), np.nan)
    numbers[known] = np.column_stack([z, p])
    return pd.DataFrame(
        {"hot_spot": words, "hot_spot_z": numbers[:, 0], "hot_spot_p": numbers[:, 1]}, index=index
    )


def _getis_ord(
    values: npt.NDArray[np.float64], land: Shapes, settings: SpotSettings
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return Gi* standardised by its permutations, and its two-sided p."""
    from esda.getisord import G_Local  # takes a second or two to load: only where it is asked for
    from libpysal.weights import KNN
    from scipy.stats import norm

    points = shapely.get_coordinates(shapely.point_on_surface(land))
    with warnings.catch_warnings():
        # parcels that lie apart in groups, and the p by counting, which is not used
        warnings.simplefilter("ignore")
        near = KNN.from_array(points, k=settings.neighbours)
        found = G_Local(
            values,
            near,
            transform="B",
            permutations=settings.permutations,
            star=True,
            n_jobs=1,
            seed=settings.seed,
        )
    z = np.asarray(found.z_sim, dtype=float)
    return z, 2 * norm.sf(np.abs(z))


def _limit(p: npt.NDArray[np.float64], significance: float) -> float:
    """Return the p up to which a spot counts, so that no more than that share of the spots is false.

    Examples
    --------
    >>> round(_limit(np.array([0.001, 0.02, 0.9, 0.8]), 0.05), 3), _limit(np.array([0.9, 0.8]), 0.05)
    (0.025, 0.0)
    """
    ranked = np.sort(p)
    line = significance * np.arange(1, len(p) + 1) / len(p)
    passed = np.flatnonzero(ranked <= line)
    return float(line[passed[-1]]) if len(passed) else 0.0
