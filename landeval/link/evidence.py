"""Where each figure was written: file, sheet, row and column, as text beside every verdict."""

from __future__ import annotations

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


def evidence(
    parcels: pd.DataFrame,
    allocated: pd.DataFrame,
    contract_rows: pd.DataFrame,
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
    contract_rows : DataFrame
        As made by ``tie_contracts``: ``parcel_id``, ``field``, source columns, ``is_blank``.
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
    headers = _Headers(columns)
    ledger = contract_rows.set_index("parcel_id")
    own = _Rows(parcels, headers)
    area_field = parcels["area_basis"].map(BASIS_FIELD).fillna("geometry")
    land = _by_field(parcels, area_field, own, ledger, headers)
    table = pd.DataFrame(index=parcels.index)
    for back, suffix in ((0, ""), (1, "_last_year")):
        rows = allocated[allocated["year"] == year - back] if year is not None else allocated.head(0)
        for name in money:
            known = rows[rows[name].notna()]
            text = pd.Series(_Rows(known, headers).of(name), index=known.index, dtype="object")
            said = joined(known["parcel_id"], text, by="；", most=SHOWN).reindex(parcels.index).fillna("")
            table[f"{name}_per_mu{suffix}"] = said.where((said == "") | (back > 0), said + "；面积：" + land)
    deciding = pd.Series("agreed_start", index=parcels.index, dtype="object")
    for name in reversed(DUE):
        deciding = deciding.mask(parcels[name].notna(), name)
    table["due_start"] = _by_field(parcels, deciding, own, ledger, headers)
    firms = _Rows(allocated[allocated["year"] == year] if year is not None else allocated.head(0), headers)
    for name in OPERANDS:
        told = _place(parcels, name, own, ledger, headers)
        if name in OF_ENTERPRISES and headers.has(name):
            theirs = pd.Series(firms.of(name, only_headed=True), index=firms.rows.index, dtype="object")
            theirs = theirs.where(theirs != "")
            said = joined(firms.rows["parcel_id"], theirs, by="；", most=SHOWN).reindex(parcels.index)
            told = told.where((told != "") | said.isna(), said)
        table[name] = told
    return table


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
        return np.array([known.get(table) for table in tables], dtype=object)


class _Rows:
    """Records and how each is named: ``file［sheet］第 n 行``, made once for all fields."""

    def __init__(self, rows: pd.DataFrame, headers: _Headers) -> None:
        self.rows, self._headers = rows, headers
        layer = rows["source_layer"].fillna("").astype(str)
        tables = pd.MultiIndex.from_arrays([rows["source_file"].astype(str), layer])
        self._codes, known = tables.factorize()
        self._tables = [(str(file), str(name)) for file, name in known]
        names = np.array(
            [file + (f"［{name}］" if name else "") for file, name in self._tables] or [""], dtype=object
        )
        number = rows["source_row"].astype("Int64").astype(str).to_numpy(dtype=object)
        self.text = names[self._codes] + "第 " + number + " 行" if len(rows) else np.array([], dtype=object)

    def of(self, field: str, *, only_headed: bool = False) -> npt.NDArray[np.object_]:
        """Write each record's place of a field; ``only_headed``: nothing where its table has no such column."""
        if not len(self.rows):
            return np.array([], dtype=object)
        header = self._headers.of(field, self._tables)[self._codes]
        known = header != None  # noqa: E711 (array of objects)
        if only_headed and not known.any():
            return np.full(len(self.rows), "", dtype=object)
        text = self.text + np.where(known, header, "")
        return np.asarray(np.where(known, text, "") if only_headed else text, dtype=object)


def _place(
    parcels: pd.DataFrame,
    field: str,
    own: _Rows,
    ledger: pd.DataFrame,
    headers: _Headers,
    *,
    only_headed: bool = True,
) -> pd.Series:
    """Write where one field of each parcel stands: in the ledger's row, else in the parcel's own."""
    told = pd.Series(own.of(field, only_headed=only_headed), index=parcels.index, dtype="object")
    said = ledger[ledger["field"] == field]
    if not len(said):
        return told
    at = parcels.index.get_indexer(said.index)
    said, at = said[at >= 0], at[at >= 0]
    there = pd.Series(
        _Rows(said, headers).of(field, only_headed=only_headed), index=parcels.index[at], dtype="object"
    )
    blank = said["is_blank"].to_numpy(dtype=bool)
    spoken = parcels[field].notna().to_numpy()[at] if field in parcels else np.zeros(len(at), dtype=bool)
    counts = (there != "").to_numpy() & ~(blank & spoken)
    told.loc[there.index[counts]] = there[counts]
    return told


def _by_field(
    parcels: pd.DataFrame, field: pd.Series, own: _Rows, ledger: pd.DataFrame, headers: _Headers
) -> pd.Series:
    """Write the place of the field that each parcel goes by."""
    told = pd.Series("", index=parcels.index, dtype="object")
    for name in field.unique():
        here = field == name
        told = told.mask(here, _place(parcels, str(name), own, ledger, headers, only_headed=False))
    return told
