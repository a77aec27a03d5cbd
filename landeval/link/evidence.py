"""Where each figure was written: file, sheet, row and column, as text beside every verdict."""

from __future__ import annotations

import pandas as pd

from landeval.sources import SOURCE_COLUMNS
from landeval.wording import joined

SHOWN = 3
BASIS_FIELD = {"证载面积": "area_registered_m2", "合同面积": "area_contract_m2"}


def evidence(
    parcels: pd.DataFrame,
    allocated: pd.DataFrame,
    contract_rows: pd.DataFrame,
    columns: pd.DataFrame,
    year: int | None,
    money: tuple[str, ...],
) -> pd.DataFrame:
    """Write the place of every operand of every verdict.

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
        Index ``parcel_id``: one column a ratio, ``<ratio>_last_year``, ``due_start``, ``suspended_on``.
    """
    headers = columns.drop_duplicates(["source_file", "source_layer", "field"]).set_index(
        ["source_file", "source_layer", "field"]
    )["header"]
    ledger = contract_rows.set_index(["parcel_id", "field"])
    area_field = parcels["area_basis"].map(BASIS_FIELD).fillna("geometry")
    land = cells(_places(parcels, area_field, ledger), area_field, headers)
    table = pd.DataFrame(index=parcels.index)
    for back, suffix in ((0, ""), (1, "_last_year")):
        rows = allocated[allocated["year"] == year - back] if year is not None else allocated.head(0)
        for name in money:
            known = rows[rows[name].notna()]
            text = cells(known[list(SOURCE_COLUMNS)], pd.Series(name, index=known.index), headers)
            said = joined(known["parcel_id"], text, by="；", most=SHOWN).reindex(parcels.index).fillna("")
            table[f"{name}_per_mu{suffix}"] = said.where((said == "") | (back > 0), said + "；面积：" + land)
    dates = ("extended_start", "agreed_start", "delivered_on")
    deciding = pd.Series("agreed_start", index=parcels.index, dtype="object")
    for name in reversed(dates):
        deciding = deciding.mask(parcels[name].notna(), name)
    suspended = pd.Series("suspended_on", index=parcels.index)
    for name, field in (("due_start", deciding), ("suspended_on", suspended)):
        table[name] = cells(_places(parcels, field, ledger), field, headers)
    return table


def _places(parcels: pd.DataFrame, field: pd.Series, ledger: pd.DataFrame) -> pd.DataFrame:
    """Return the row that says each parcel's field: the ledger's, else the parcel's own."""
    at = pd.MultiIndex.from_arrays([parcels.index, field])
    rows = ledger.reindex(at).set_axis(parcels.index)
    known = pd.Series(False, index=parcels.index)
    for name in (name for name in field.unique() if name in parcels):
        known |= (field == name) & parcels[name].notna()
    by_parcel = rows["source_file"].isna() | ((rows["is_blank"] == True) & known)  # noqa: E712
    return rows[list(SOURCE_COLUMNS)].where(~by_parcel, parcels[list(SOURCE_COLUMNS)])


def cells(place: pd.DataFrame, field: pd.Series, headers: pd.Series) -> pd.Series:
    """Write ``file［sheet］第 n 行「header」`` for every row of ``place``."""
    at = pd.MultiIndex.from_arrays([place["source_file"], place["source_layer"], field])
    header = pd.Series(headers.reindex(at).to_numpy(), index=place.index).fillna("")
    layer = place["source_layer"].fillna("").astype(str)
    sheet = ("［" + layer + "］").where(layer != "", "")
    row = place["source_row"].astype("Int64").astype(str)
    quoted = ("「" + header.astype(str) + "」").where(header != "", "")
    return place["source_file"].astype(str) + sheet + "第 " + row + " 行" + quoted
