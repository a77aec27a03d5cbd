"""Where each figure was written: file, sheet, row and column, as text beside every verdict."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.wording import joined

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

    Returns
    -------
    DataFrame
        Index ``parcel_id``: one column a ratio, ``<ratio>_last_year``, ``due_start``, and ``OPERANDS``.
    """
    ids = parcels.index
    headers = _Headers(columns)
    places = _Places(parcels, ledger, headers)
    land = places.by_field(parcels["area_basis"].map(BASIS_FIELD).fillna("geometry"))
    table: dict[str, Any] = {}
    firms, of_firms = pd.Series(dtype="object"), _Rows(allocated.head(0), headers)
    for back, suffix in ((0, ""), (1, "_last_year")):
        rows = allocated[allocated["year"] == year - back] if year is not None else allocated.head(0)
        named, parcel = _Rows(rows, headers), rows["parcel_id"]
        if back == 0:
            firms, of_firms = parcel, named
        for name in money:
            text = pd.Series(named.of(name), index=rows.index, dtype="object").where(rows[name].notna())
            said = _each(joined(parcel, text, by="；", most=SHOWN), ids)
            if back == 0:
                said = np.where(said == "", "", said + "；面积：" + land)
            table[f"{name}_per_mu{suffix}"] = said
    deciding = pd.Series("agreed_start", index=ids, dtype="object")
    for name in reversed(DUE):
        deciding = deciding.mask(parcels[name].notna(), name)
    table["due_start"] = places.by_field(deciding)
    for name in OPERANDS:
        told = places.of(name)
        if name in OF_ENTERPRISES and headers.has(name):
            theirs = pd.Series(of_firms.of(name, only_headed=True), index=firms.index, dtype="object")
            said = _each(joined(firms, theirs.where(theirs != ""), by="；", most=SHOWN), ids)
            told = np.where((told == "") & (said != ""), said, told)
        table[name] = told
    return pd.DataFrame(
        {name: pd.Series(text, index=ids, dtype="object") for name, text in table.items()}, index=ids
    )


def _each(told: pd.Series, ids: pd.Index) -> npt.NDArray[np.object_]:
    """Return one text an id, empty where there is none."""
    return np.asarray(told.reindex(ids).fillna(""), dtype=object)


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

    def of(self, field: str, *, only_headed: bool = False) -> npt.NDArray[np.object_]:
        """Write each record's place of a field; ``only_headed``: nothing where its table has no such column."""
        size = len(self._text)
        headers = self._headers.of(field, self._tables)
        if size == 0 or (only_headed and all(header is None for header in headers)):
            return np.full(size, "", dtype=object)
        told: npt.NDArray[np.object_] = np.full(size, "", dtype=object)
        for code, header in enumerate(headers):
            if header is not None or not only_headed:
                rows = np.flatnonzero(self._codes == code)
                told[rows] = self._text[rows] + (header or "")
        return told


class _Places:
    """The cell of each parcel's items: in the ledger's record, else in the parcel's own row."""

    def __init__(self, parcels: pd.DataFrame, ledger: Ledger, headers: _Headers) -> None:
        self._parcels, self._ledger = parcels, ledger
        self._own, self._records = _Rows(parcels, headers), _Rows(ledger.places, headers)
        self._at = parcels.index.get_indexer(ledger.record.index)

    def of(self, field: str, *, only_headed: bool = True) -> npt.NDArray[np.object_]:
        """Write where one field of each parcel stands."""
        told = self._own.of(field, only_headed=only_headed)
        if field not in self._ledger.record:
            return told
        record = self._ledger.record[field].to_numpy()
        tied = np.flatnonzero((record >= 0) & (self._at >= 0))
        at, there = self._at[tied], self._records.of(field, only_headed=only_headed)[record[tied]]
        blank = self._ledger.is_blank[field].to_numpy()[tied]
        spoken = (
            self._parcels[field].notna().to_numpy()[at] if field in self._parcels else np.zeros(len(at), bool)
        )
        counts = (there != "") & ~(blank & spoken)
        told[at[counts]] = there[counts]
        return told

    def by_field(self, field: pd.Series) -> npt.NDArray[np.object_]:
        """Write the place of the field that each parcel goes by."""
        wanted = field.to_numpy(dtype=object)
        told: npt.NDArray[np.object_] = np.full(len(wanted), "", dtype=object)
        for name in dict.fromkeys(wanted.tolist()):
            rows = np.flatnonzero(wanted == name)
            told[rows] = self.of(str(name), only_headed=False)[rows]
        return told
