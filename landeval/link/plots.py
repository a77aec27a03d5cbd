"""Plots of the stock table to parcels of the run: by code, one to one, and only where it is sure."""

from __future__ import annotations

import pandas as pd

from landeval import issues
from landeval.sources import SOURCE_COLUMNS


def tie_plots(stock: pd.DataFrame, parcels: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    """Find the parcel of each plot by 宗地代码, or by a plot code that is one.

    Parameters
    ----------
    stock : DataFrame
        Index ``plot_id``; ``parcel_code``, ``plot_code``, source columns.
    parcels : DataFrame
        Index ``parcel_id``; ``parcel_code``.

    Returns
    -------
    Series, DataFrame of issues
        ``parcel_id`` of each plot, None where there is none. Neither a code of two parcels nor a parcel of two plots
        is tied; a code that is written and ties nothing is told.
    """
    codes = parcels["parcel_code"].dropna()
    one = codes[~codes.duplicated(keep=False)]
    parcel_of = pd.Series(one.index.astype("object"), index=one.to_numpy(dtype=object))
    written = stock["parcel_code"].astype("object")
    wanted = written.where(written.notna(), stock["plot_code"].where(stock["plot_code"].isin(set(codes))))
    found = wanted.map(parcel_of).astype("object")
    found = found.where(found.notna() & ~found.duplicated(keep=False), None)
    lost = wanted.notna() & found.isna() & bool(len(parcels))
    told = issues.report(
        "E549",
        stock.loc[lost, list(SOURCE_COLUMNS)],
        raw=wanted[lost],
        key=lost.index[lost].to_series(index=lost.index[lost]),
    )
    return found, told
