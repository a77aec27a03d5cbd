"""An enterprise's figures of one year, where one office states them by parcel and another as a whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

WHOLE = ""
"""``parcel_code`` of a row that speaks of the enterprise as a whole."""

_YEAR = re.compile(r"20\d\d")
NEWEST = ("year", "name_votes", "name_key", "source_row")
"""Order of an enterprise's rows, the one whose word on its identity holds last: of one year the name that most rows say."""


def header_of(headers: str, year: int) -> str:
    """Return of the headers of several years, as ``year_columns.together`` names them, the one that names a year.

    Examples
    --------
    >>> header_of("2023年税收、2024年税收", 2024), header_of("入库税收", 2024)
    ('2024年税收', '入库税收')
    """
    parts = headers.split("、")
    if len(set(_YEAR.findall(headers))) < 2 or not all(_YEAR.search(part) for part in parts):
        return headers
    return next((one for one in parts if str(year) in one), headers)


def totals(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return each enterprise's figures of a year: stated as a whole, else the sum of its parcels, all of them known.

    A row that only says where an enterprise is takes nothing from what another office states of the whole.

    Parameters
    ----------
    rows : DataFrame
        ``enterprise_id``, ``parcel_code``, the columns; one row an enterprise and parcel code, contradictions taken out.
    columns : sequence of str

    Returns
    -------
    DataFrame
        Index ``enterprise_id``, sorted.

    Examples
    --------
    >>> rows = pd.DataFrame({"enterprise_id": list("aabb"), "parcel_code": ["", "1", "1", "2"], "tax": [9.0, None, 4.0, 1.0]})
    >>> totals(rows, ["tax"])["tax"].tolist()
    [9.0, 5.0]
    """
    is_whole = rows["parcel_code"] == WHOLE
    stated = rows[is_whole].set_index("enterprise_id")[list(columns)]
    grouped = rows[~is_whole].groupby("enterprise_id")[list(columns)]
    parts = grouped.sum().where(grouped.count().eq(grouped.size(), axis=0))
    every = pd.Index(rows["enterprise_id"].unique(), name="enterprise_id").sort_values()
    return stated.reindex(every).combine_first(parts.reindex(every))[list(columns)]


def is_told_elsewhere(values: pd.Series, group: Sequence[pd.Series]) -> pd.Series:
    """Tell the blanks beside which the same enterprise has a figure in the same group: they stand for no money."""
    return values.isna() & (values.groupby(list(group)).transform("count") > 0)
