"""Figures of one year, for parcels and for enterprises."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from landeval.firm_year import totals
from landeval.measure.operation import operating
from landeval.measure.per_mu import beyond_belief, with_ratios, without
from landeval.result import MONEY, RATIOS


def by_year(parcel_years: pd.DataFrame) -> dict[int, pd.DataFrame]:
    """Return the figures of each year, index ``parcel_id``."""
    years = sorted(int(year) for year in parcel_years["year"].unique())
    return {year: parcel_years[parcel_years["year"] == year].set_index("parcel_id") for year in years}


def of_year(ratios: Mapping[int, pd.DataFrame], year: int | None, index: pd.Index) -> pd.DataFrame:
    """Return money and ratios of one year, unknown for parcels without any.

    Parameters
    ----------
    ratios : Mapping
        Year → frame with index ``parcel_id``.
    year : int or None
    index : Index
        The parcels wanted.
    """
    names = [*MONEY, *RATIOS]
    frame = ratios.get(year) if year is not None else None
    if frame is None:
        return pd.DataFrame(np.nan, index=index, columns=names)
    return frame[names].reindex(index)


def enterprise_measures(
    enterprises: pd.DataFrame, years: pd.DataFrame, land: pd.DataFrame, year: int | None
) -> pd.DataFrame:
    """Return every enterprise with its land and the year's money and ratios: Σ money ÷ its actual land.

    Parameters
    ----------
    enterprises : DataFrame
        Index ``enterprise_id``.
    years : DataFrame
        One row an enterprise, year and parcel code.
    land : DataFrame
        As made by ``actual_land``.
    year : int or None
    """
    current = years[years["year"] == year] if year is not None else years.head(0)
    money = totals(current, MONEY).round(6)
    frame = enterprises.drop(columns="name_key").join(land.reindex(enterprises.index))
    frame = frame.join(money.reindex(enterprises.index))
    frame = frame.assign(**operating(enterprises, years, current))
    frame = with_ratios(frame, frame["area_mu"])
    return without(frame, beyond_belief(frame))
