"""How a cell is written beside a verdict: file, sheet, row and header, for many records at once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from landeval.firm_year import header_of

Rows = npt.NDArray[np.intp]
Texts: TypeAlias = pa.Array
"""Texts in the order of the parcels, null where there is none: sixty columns of these are made for each park."""


def put(texts: Texts, into: Rows, taken: Rows, size: int) -> Texts:
    """Put the texts at ``taken`` into the places ``into`` of an array of ``size``; the other places are null."""
    which = np.full(size, -1)
    which[into] = taken
    return texts.take(pa.array(which, mask=which < 0))


class Headers:
    """The header under which each file and sheet writes a field."""

    def __init__(self, columns: pd.DataFrame) -> None:
        first = columns.drop_duplicates(["source_file", "source_layer", "field"])
        self._of: dict[str, dict[tuple[str, str], str]] = {}
        for file, layer, field, header in zip(
            first["source_file"],
            first["source_layer"].fillna(""),
            first["field"],
            first["header"],
            strict=True,
        ):
            self._of.setdefault(str(field), {})[str(file), str(layer)] = f"「{header}」" if header else ""

    def has(self, field: str) -> bool:
        """Tell whether any table has a column for a field."""
        return field in self._of

    def of(self, field: str, tables: list[tuple[str, str]]) -> list[str | None]:
        """Return the quoted header in each of some tables; None where a table has no such column."""
        known = self._of.get(field, {})
        return [known.get(table) for table in tables]


class Cells:
    """Records and how each is named: ``file［sheet］第 n 行``, made once for all fields."""

    def __init__(self, rows: pd.DataFrame, headers: Headers) -> None:
        self._headers = headers
        file, files = pd.factorize(rows["source_file"].to_numpy(dtype=object))
        layer, layers = pd.factorize(rows["source_layer"].fillna("").to_numpy(dtype=object))
        self._codes, pairs = pd.factorize(file * max(len(layers), 1) + layer)
        self._tables = [(str(files[pair // len(layers)]), str(layers[pair % len(layers)])) for pair in pairs]
        names = [f"{file}［{layer}］第 " if layer else f"{file}第 " for file, layer in self._tables]
        numbers = pa.array(rows["source_row"].to_numpy(dtype="int64")).cast(pa.string())
        named = pa.array(names, pa.string()).take(pa.array(self._codes))
        self._text = pc.binary_join_element_wise(named, numbers, " 行", "")
        self._years = rows["year"].to_numpy(dtype="float64") if "year" in rows else None

    def headed(self, field: str) -> Rows:
        """Return the records whose table has a column for a field."""
        has = np.array([header is not None for header in self._headers.of(field, self._tables)], dtype=bool)
        return np.flatnonzero(has[self._codes])

    def of(self, field: str, rows: Rows) -> Texts:
        """Write the place of a field in some records."""
        headers = [header or "" for header in self._headers.of(field, self._tables)]
        codes = self._codes[rows]
        said = pa.array(headers, pa.string()).take(pa.array(codes))
        if self._years is not None and any("、" in header for header in headers):
            said = pa.array(self._of_their_years(headers, codes, self._years[rows]), pa.string())
        return pc.binary_join_element_wise(self._text.take(pa.array(rows)), said, "")

    def _of_their_years(self, headers: list[str], codes: Rows, years: npt.NDArray[np.float64]) -> list[str]:
        """Return the header of each record in its own year, where a table has the years side by side."""
        return [
            headers[code]
            if "、" not in headers[code] or np.isnan(year)
            else f"「{header_of(headers[code][1:-1], int(year))}」"
            for code, year in zip(codes, years, strict=True)
        ]
