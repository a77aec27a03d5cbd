"""How much of every plot lies inside a boundary, on the ellipsoid (both shapes brought into one equal-area plane)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landeval.land_supply import BOUNDARIES, POSITIONS
from landeval.measure.plot_ages import ALL, exact_sum

Shapes = npt.NDArray[np.object_]


def inside_share(plots: Shapes, boundary: shapely.Geometry, index: pd.Index) -> pd.Series:
    """Return the share of each plot inside a boundary, between 0 and 1; NaN where the plot has no shape.

    Parameters
    ----------
    plots : ndarray of Geometry
        In an equal-area plane [m]; None where there is no shape that can be measured.
    boundary : Geometry
        In the same plane.
    index : Index
        ``plot_id``.

    Examples
    --------
    >>> half = inside_share(np.array([shapely.box(0, 0, 2, 1), None]), shapely.box(1, 0, 3, 1), pd.Index(["a", "b"]))
    >>> half.tolist()
    [0.5, nan]
    """
    share = np.full(len(plots), np.nan)
    drawn = ~shapely.is_missing(plots)
    shapely.prepare(boundary)
    mine = plots[drawn]
    share[drawn] = shapely.area(shapely.intersection(mine, boundary)) / shapely.area(mine)
    return pd.Series(np.clip(share, 0.0, 1.0), index=index)


def boundary_totals(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum the plots of each boundary by position and change.

    Parameters
    ----------
    rows : DataFrame
        One row a plot and boundary: ``boundary_kind``, ``boundary_position``, ``boundary_change``, ``plot_area_mu``,
        ``boundary_in_mu``, ``boundary_out_mu`` [亩].

    Returns
    -------
    DataFrame
        With ``plots_count`` and ``plots_without_area``; a row 合计 for each boundary.
    """
    keys = ["boundary_kind", "boundary_position", "boundary_change"]
    told = []
    whole = rows.assign(boundary_position=ALL, boundary_change="")
    for key, part in pd.concat([rows, whole]).groupby(keys, sort=False):
        sums = {name: exact_sum(part[name]) for name in ("plot_area_mu", "boundary_in_mu", "boundary_out_mu")}
        count = {"plots_count": len(part), "plots_without_area": int(part["plot_area_mu"].isna().sum())}
        told.append(dict(zip(keys, key, strict=True)) | count | sums)
    frame = pd.DataFrame(
        told,
        columns=[
            *keys,
            "plots_count",
            "plots_without_area",
            "plot_area_mu",
            "boundary_in_mu",
            "boundary_out_mu",
        ],
    )
    order = {**{name: at for at, name in enumerate(POSITIONS)}, ALL: len(POSITIONS)}
    at = frame.assign(
        kind=frame["boundary_kind"].map(BOUNDARIES.index), at=frame["boundary_position"].map(order)
    )
    return frame.loc[at.sort_values(["kind", "at", "boundary_change"]).index].reset_index(drop=True)
