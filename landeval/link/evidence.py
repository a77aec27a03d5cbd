"""Where each figure was written: file, sheet, row and column, as text beside every verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.wording import joined

Rows = npt.NDArray[np.intp]
SHOWN = 3
BASIS_FIELD = {"证载面积": "area_registered_m2", "合同面积": "area_contract_m2"}
DUE = ("extended_start", "agreed_start", "delivered_on")
OPERANDS = (
    "actual_start", "agreed_completion", "actual_completion", "suspended_on", "production_started_on",
    "production_status", "stopped_production_on", "built_area_m2", "buildable_area_m2", "invested_wan_yuan",
    "planned_investment_wan_yuan", "floor_area_m2", "footprint_m2", "yard_m2", "unused_separable_m2",
    "contract_plot_ratio_min", "low_use_listing", "low_use_listing_no", "construction_permit_no", "idle_cause",
    "cause_evidence", "price_wan_yuan",
)  # fmt: skip
"""Items whose own cell is named beside a verdict."""
OF_ENTERPRISES = (
    "production_status",
    "stopped_production_on",
    "low_use_listing",
    "low_use_listing_no",
    "production_started_on",
)
"""Items that the parcel's enterprises say where the parcel itself says nothing."""


class Ledger(NamedTuple):
    """Which ledger record says each item of each parcel.

    Attributes
    ----------
    places : DataFrame
        ``SOURCE_COLUMNS`` of the records.
    record : DataFrame of int
        Index ``parcel_id``, a column an item: row of ``places``; -1 where the parcel has no record.
    is_blank : DataFrame of bool
        The same shape: whether none of the parcel's records says anything of the item.
    """

    places: pd.DataFrame
    record: pd.DataFrame
    is_blank: pd.DataFrame


def evidence(
    parcels: pd.DataFrame,
    allocated: pd.DataFrame,
    ledger: Ledger,
    columns: pd.DataFrame,
    year: int | None,
    money: tuple[str, ...],
    *,
    also: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Write the place of every operand of every verdict; empty where no table has a place for it.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; ``area_basis`` and source columns.
    allocated : DataFrame
        Parts of money with their source rows.
    ledger : Ledger
        As made by ``tie_contracts``.
    columns : DataFrame
        ``source_file``, ``source_layer``, ``field``, ``header``.
    year : int or None
        Data year.
    money : tuple of str
        Money columns; the ratio's column is ``<name>_per_mu``.
    also : tuple of str
        More items of the parcels, as the bureau's own rules read them.

    Returns
    -------
    DataFrame
        Index ``parcel_id``: one column a ratio, ``<ratio>_last_year``, ``due_start``, ``OPERANDS`` and ``also``.
    """
    ids = parcels.index
    headers = _Headers(columns)
    places = _Places(parcels, ledger, headers)
    land = places.by_field(parcels["area_basis"].map(BASIS_FIELD).fillna("geometry"))
    table: dict[str, Any] = {}
    firms, of_firms = _OfParcels(allocated["parcel_id"].head(0), ids), _Rows(allocated.head(0), headers)
    for back, suffix in ((0, ""), (1, "_last_year")):
        rows = allocated[allocated["year"] == year - back] if year is not None else allocated.head(0)
        named, of_parcels = _Rows(rows, headers), _OfParcels(rows["parcel_id"], ids)
        if back == 0:
            firms, of_firms = of_parcels, named
        for name in money:
            known = np.flatnonzero(rows[name].notna())
            said = of_parcels.told(named.of(name, known), known)
            if back == 0:
                at = np.flatnonzero(said != "")
                said[at] = said[at] + "；面积：" + land[at]
            table[f"{name}_per_mu{suffix}"] = said
    deciding = pd.Series("agreed_start", index=ids, dtype="object")
    for name in reversed(DUE):
        deciding = deciding.mask(parcels[name].notna(), name)
    table["due_start"] = places.by_field(deciding)
    for name in dict.fromkeys((*OPERANDS, *also)):
        told = places.of(name)
        if name in OF_ENTERPRISES and headers.has(name):
            headed = of_firms.headed(name)
            said = firms.told(of_firms.of(name, headed), headed)
            told = np.where(told == "", said, told)
        table[name] = told
    return pd.DataFrame(
        {name: pd.Series(text, index=ids, dtype="object") for name, text in table.items()}, index=ids
    )


def citing(proof: pd.DataFrame, rows: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Return the evidence with other places for some figures, where there are any.

    Parameters
    ----------
    proof : DataFrame
        As made by ``evidence``.
    rows : Mapping
        Field → text of each parcel; empty where the evidence stands.
    """
    return proof.assign(**{name: text.where(text != "", proof[name]) for name, text in rows.items()})


class _OfParcels:
    """Texts of rows to one text a parcel; where each parcel has one row they are only put in place."""

    def __init__(self, parcel: pd.Series, ids: pd.Index) -> None:
        self._parcel, self._size = parcel.reset_index(drop=True), len(ids)
        self._at = ids.get_indexer(pd.Index(parcel))
        self._is_single, self._ids = parcel.is_unique, ids

    def told(self, texts: npt.NDArray[np.object_], rows: Rows) -> npt.NDArray[np.object_]:
        """Return the texts of some rows by parcel, ； between; empty where a parcel has none."""
        result: npt.NDArray[np.object_] = np.full(self._size, "", dtype=object)
        if self._is_single:
            here = self._at[rows] >= 0
            result[self._at[rows][here]] = texts[here]
            return result
        said = joined(
            self._parcel.iloc[rows], pd.Series(texts, index=rows, dtype="object"), by="；", most=SHOWN
        )
        return said.reindex(self._ids).fillna("").to_numpy(dtype=object, copy=True)


class _Headers:
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
        return field in self._of

    def of(self, field: str, tables: list[tuple[str, str]]) -> npt.NDArray[np.object_]:
        """Return the quoted header in each of some tables; None where a table has no such column."""
        known = self._of.get(field, {})
        return np.array([known.get(table) for table in tables] or [None], dtype=object)


class _Rows:
    """Records and how each is named: ``file［sheet］第 n 行``, made once for all fields."""

    def __init__(self, rows: pd.DataFrame, headers: _Headers) -> None:
        self._headers = headers
        files = rows["source_file"].astype("object").to_numpy()
        layers = rows["source_layer"].astype("object").fillna("").to_numpy()
        kinds: dict[tuple[str, str], int] = {}
        pairs = zip(files, layers, strict=True)
        self._codes = np.array(
            [kinds.setdefault((str(file), str(layer)), len(kinds)) for file, layer in pairs], dtype=int
        )
        self._tables = list(kinds)
        names = [f"{file}［{layer}］第 " if layer else f"{file}第 " for file, layer in kinds]
        numbers = rows["source_row"].tolist()
        self._text = np.array(
            [
                names[code] + f"{int(number)} 行"
                for code, number in zip(self._codes.tolist(), numbers, strict=True)
            ],
            dtype=object,
        )

    def headed(self, field: str) -> Rows:
        """Return the records whose table has a column for a field."""
        headers = self._headers.of(field, self._tables)
        has = np.array([header is not None for header in headers], dtype=bool)
        return np.flatnonzero(has[self._codes]) if len(self._codes) else np.array([], dtype=int)

    def of(self, field: str, rows: Rows) -> npt.NDArray[np.object_]:
        """Write the place of a field in some records."""
        headers = np.array([header or "" for header in self._headers.of(field, self._tables)], dtype=object)
        return np.asarray(self._text[rows] + headers[self._codes[rows]], dtype=object)


class _Places:
    """The cell of each parcel's items: in the ledger's record, else in the parcel's own row."""

    def __init__(self, parcels: pd.DataFrame, ledger: Ledger, headers: _Headers) -> None:
        self._parcels, self._ledger = parcels, ledger
        self._own, self._records = _Rows(parcels, headers), _Rows(ledger.places, headers)
        self._at = parcels.index.get_indexer(ledger.record.index)

    def of(self, field: str) -> npt.NDArray[np.object_]:
        """Write where one field of each parcel stands; empty where no table has a column for it."""
        return self._written(field, self._own.headed(field), self._records.headed(field))

    def by_field(self, field: pd.Series) -> npt.NDArray[np.object_]:
        """Write the place of the field that each parcel goes by."""
        wanted = field.to_numpy(dtype=object)
        every = np.arange(len(wanted)), np.arange(len(self._ledger.places))
        told: npt.NDArray[np.object_] = np.full(len(wanted), "", dtype=object)
        for name in dict.fromkeys(wanted.tolist()):
            rows = np.flatnonzero(wanted == name)
            told[rows] = self._written(str(name), *every)[rows]
        return told

    def _written(self, field: str, own: Rows, theirs: Rows) -> npt.NDArray[np.object_]:
        """Write a field's place from some of the parcels' own rows and some of the ledger's records."""
        told: npt.NDArray[np.object_] = np.full(len(self._parcels), "", dtype=object)
        is_told = np.zeros(len(told), dtype=bool)
        if field in self._ledger.record and len(theirs):
            record = self._ledger.record[field].to_numpy()
            usable = np.zeros(len(self._ledger.places), dtype=bool)
            usable[theirs] = True
            blank = self._ledger.is_blank[field].to_numpy()
            spoken = np.zeros(len(told) + 1, dtype=bool)
            if field in self._parcels:
                spoken[:-1] = self._parcels[field].notna()
            rows = np.flatnonzero((record >= 0) & (self._at >= 0))
            rows = rows[usable[record[rows]] & ~(blank[rows] & spoken[self._at[rows]])]
            told[self._at[rows]] = self._records.of(field, record[rows])
            is_told[self._at[rows]] = True
        rest = own[~is_told[own]]
        told[rest] = self._own.of(field, rest)
        return told
