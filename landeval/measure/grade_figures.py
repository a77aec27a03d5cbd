"""What the grading of enterprises is made from: the figures, land and words of one year, one row an enterprise."""

from __future__ import annotations

import pandas as pd

from landeval.firm_year import totals
from landeval.result import GRADED, MONEY
from landeval.sources import SOURCE_COLUMNS
from landeval.vocabulary.fields import fields_of
from landeval.wording import joined

_SUMS = tuple(
    field.name
    for field in fields_of("enterprises")
    if field.kind in ("money", "number") and field.name not in (*MONEY, "longitude", "latitude")
)


def grade_figures(enterprises: pd.DataFrame, years: pd.DataFrame, year: int | None) -> pd.DataFrame:
    """Add to enterprises of a year its other figures and words; a sum with an unknown part is unknown.

    Parameters
    ----------
    enterprises : DataFrame
        As made by ``enterprise_measures`` for that year.
    years : DataFrame
        One row an enterprise, year and parcel code.
    year : int or None

    Returns
    -------
    DataFrame
        The enterprises with every figure of the year [万元, 人, 吨标准煤, 吨, 万千瓦时], ``floor_leased_m2`` [㎡],
        the words of ``GRADED``, ``has_year`` (whether the year has a row of it at all) and source columns.
    """
    current = years[years["year"] == year] if year is not None else years.head(0)
    grouped = current.groupby("enterprise_id")
    found = totals(current, _SUMS).reindex(enterprises.index)
    found["floor_leased_m2"] = grouped["floor_leased_m2"].sum(min_count=1).reindex(enterprises.index)
    found["area_used_m2"] = grouped["area_used_m2"].max().astype("float64").reindex(enterprises.index)
    for name in GRADED:
        told = joined(current["enterprise_id"], current[name], ordered=False)
        found[name] = told.reindex(enterprises.index).astype("object")
    place = current.drop_duplicates("enterprise_id").set_index("enterprise_id")[list(SOURCE_COLUMNS)]
    found = found.join(place)
    found["has_year"] = enterprises.index.isin(current["enterprise_id"])
    kept = enterprises.drop(columns=[name for name in found.columns if name in enterprises])
    return kept.join(found, validate="1:1")
