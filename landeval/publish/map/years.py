"""The parcels' figures of the years beside the data year, as columns of the page."""

from __future__ import annotations

from typing import Any

from landeval.publish.cells import cells
from landeval.result import MONEY, RATIOS, Result


def year_columns(result: Result) -> dict[int, dict[str, list[Any]]]:
    """Return money [万元] and per-mu figures [万元/亩] of every year but the data year, in the order of the parcels.

    Parameters
    ----------
    result : Result
        ``parcel_years`` has one row a parcel and year; what it does not have is unknown.
    """
    told = result.parcel_years
    if result.year is None or not {"parcel_id", "year"} <= set(told.columns):
        return {}
    fields = [name for name in (*MONEY, *RATIOS) if name in told.columns]
    others = told[told["year"].notna() & (told["year"] != result.year)]
    found = {}
    for year, rows in others.groupby("year", sort=True):
        of_year = rows.drop_duplicates("parcel_id").set_index("parcel_id").reindex(result.parcels.index)
        found[int(str(year))] = {name: cells(of_year[name]) for name in fields}
    return found
