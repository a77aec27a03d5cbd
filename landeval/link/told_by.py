"""Which office's row says each item of an enterprise: several tables complete one another, item by item."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landeval.firm_year import NEWEST, WHOLE
from landeval.link.cells import Cells, Headers, Rows, Texts
from landeval.result import OPERATING
from landeval.sources import SOURCE_COLUMNS

KEYS = ["enterprise_id", "year", "parcel_code"]
"""What a part of money and the rows that tell of it have in common."""


def of_parts(records: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of known enterprises, each with the parcel of the part it tells of: ``WHOLE`` where it names none."""
    named = records[records["enterprise_id"].notna()].reset_index(drop=True)
    return named.assign(parcel_code=named["parcel_code"].fillna(WHOLE))


class ToldBy:
    """The cell of each item in the row that it was taken from.

    Parameters
    ----------
    records : DataFrame
        As made by ``tidy_enterprises``: every row of every table, ``is_counted_<money>`` where its figure was taken.
    headers : Headers
    year : int or None
        Data year.
    """

    def __init__(self, records: pd.DataFrame, headers: Headers, year: int | None) -> None:
        self._records = of_parts(records)
        self._cells, self.year = Cells(self._records, headers), year

    def figure(self, name: str, parts: pd.DataFrame) -> Texts:
        """Write the cell of a money figure of some parts: that of the one row whose figure was taken.

        Parameters
        ----------
        name : str
        parts : DataFrame
            ``enterprise_id``, ``year``, ``parcel_code`` of parts whose figure is known; of one year.
        """
        years = parts["year"].unique()
        taken = self._records[f"is_counted_{name}"].astype(bool) & self._records["year"].isin(years)
        rows = np.flatnonzero(taken)
        said = pd.MultiIndex.from_frame(self._records.loc[rows, KEYS].astype({"year": "int64"}))
        at = said.get_indexer(pd.MultiIndex.from_frame(parts[KEYS].astype({"year": "int64"})))
        return self._cells.of(name, rows[at])

    def blank(self, name: str, parts: pd.DataFrame) -> tuple[Texts, Rows]:
        """Write the cell that should say a money figure of some parts whose figure is unknown, and of which of them there is one."""
        headed = self._cells.headed(name)
        rows = headed[self._records["year"].to_numpy()[headed] == parts["year"].iloc[0]]
        able = self._records.loc[rows, KEYS].astype({"year": "int64"})
        first = ~able.duplicated().to_numpy()
        at = pd.MultiIndex.from_frame(able[first]).get_indexer(
            pd.MultiIndex.from_frame(parts[KEYS].astype({"year": "int64"}))
        )
        asked = np.flatnonzero(at >= 0)
        return self._cells.of(name, rows[first][at[asked]]), asked

    def of_year(self, name: str) -> pd.Series:
        """Write the cells that say an item of the data year, each under its ``enterprise_id``; of money those that count."""
        rows = (self._records["year"] == self.year) & self._records[name].notna()
        if (counted := f"is_counted_{name}") in self._records:
            rows &= self._records[counted].astype(bool)
        at = np.flatnonzero(rows)
        ids = pd.Index(self._records["enterprise_id"].iloc[at])
        return pd.Series(self._cells.of(name, at).to_pylist(), index=ids, dtype="object")

    @property
    def enterprises(self) -> set[str]:
        """Whom any row speaks of."""
        return set(self._records["enterprise_id"])

    @property
    def files(self) -> set[str]:
        """The tables."""
        return set(self._records["source_file"])

    def years_at(self, places: pd.DataFrame) -> pd.Series:
        """Return the year that each place speaks of; NaN where it is no row of these tables, or one of several years."""
        spots = list(SOURCE_COLUMNS)
        own = self._records[[*spots, "year"]].fillna({"source_layer": ""}).drop_duplicates(spots, keep=False)
        year = own.set_index(spots)["year"].astype("float64")
        at = pd.MultiIndex.from_frame(places[spots].fillna({"source_layer": ""}))
        return pd.Series(year.reindex(at).to_numpy(), index=places.index)

    def asked(self, name: str, enterprises: pd.Series, years: pd.Series) -> pd.DataFrame:
        """Return file, sheet and row where some enterprises say an item of a year, or should.

        Where no row of that year does, that of the data year, else of the newest; where no table has a column for
        it, any of their rows. The index is that of ``enterprises``; those of whom no such row speaks are left out.

        Parameters
        ----------
        name : str
        enterprises, years : Series
            Same index; NaN: the data year.
        """
        headed = self._cells.headed(name)
        rows = self._records.iloc[headed] if len(headed) else self._records
        rows = rows[rows["enterprise_id"].isin(enterprises)]
        rows = rows.assign(is_now=rows["year"] == self.year, is_said=rows[name].notna())
        rows = rows.sort_values(["is_now", "year", "is_said"], kind="stable", na_position="first")
        newest = rows.drop_duplicates("enterprise_id", keep="last").set_index("enterprise_id")
        of_year = rows.drop_duplicates(["enterprise_id", "year"], keep="last").set_index(
            ["enterprise_id", "year"]
        )
        wanted = pd.MultiIndex.from_arrays([enterprises, years])
        spots = list(SOURCE_COLUMNS)
        places = newest[spots].reindex(enterprises).set_axis(enterprises.index)
        exact = of_year[spots].reindex(wanted).set_axis(enterprises.index)
        return places.mask(exact["source_row"].notna(), exact)[enterprises.isin(newest.index)]

    def item(self, name: str, enterprises: pd.Series) -> tuple[Texts, Rows]:
        """Write the cell of what some enterprises say of themselves, and tell of which of them any table asks it.

        The row is the one that ``tidy_enterprises`` (identity) or ``measure.operation`` (what it does in the data year) took the
        item from; where nobody said it, the newest row that could have.
        """
        headed = self._cells.headed(name)
        rows = self._records.iloc[headed].assign(row=headed)
        rows = rows.assign(is_said=rows[name].notna())
        if name in OPERATING:
            rows = rows[rows["year"] == self.year].sort_values(list(SOURCE_COLUMNS), ascending=False)
            rows = rows.sort_values(["is_said", "parcel_code"], kind="stable")
        else:
            order = ["is_said", *NEWEST]
            rows = rows.sort_values(order, kind="stable", na_position="first")
        latest = rows.drop_duplicates("enterprise_id", keep="last").set_index("enterprise_id")["row"]
        at = latest.reindex(enterprises).to_numpy(dtype="float64")
        asked = np.flatnonzero(~np.isnan(at))
        return self._cells.of(name, at[asked].astype(np.intp)), asked
