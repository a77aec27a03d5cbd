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
        Index ``parcel_id``; source columns of the ledger record.
    columns : DataFrame
        ``source_file``, ``source_layer``, ``field``, ``header``.
    year : int or None
        Data year.
    money : tuple of str
        Money columns; the ratio's column is ``<name>_per_mu``.

    Returns
    -------
    DataFrame
        Index ``parcel_id``: one column a ratio, ``due_start``, ``suspended_on``.
    """
    headers = columns.drop_duplicates(["source_file", "source_layer", "field"]).set_index(
        ["source_file", "source_layer", "field"]
    )["header"]
    own = parcels[list(SOURCE_COLUMNS)]
    ledger = contract_rows.reindex(parcels.index)
    ledger = ledger.where(ledger["source_file"].notna(), own)
    area_field = parcels["area_basis"].map(BASIS_FIELD).fillna("geometry")
    by_contract = parcels["area_basis"] == "合同面积"
    land = cells(ledger.where(by_contract, own), area_field, headers)
    table = pd.DataFrame(index=parcels.index)
    current = allocated[allocated["year"] == year] if year is not None else allocated.head(0)
    for name in money:
        rows = current[current[name].notna()]
        text = cells(rows[list(SOURCE_COLUMNS)], pd.Series(name, index=rows.index), headers)
        said = joined(rows["parcel_id"], text, by="；", most=SHOWN).reindex(parcels.index).fillna("")
        table[f"{name}_per_mu"] = said.where(said == "", said + "；面积：" + land)
    for name, field in (("due_start", "agreed_start"), ("suspended_on", "suspended_on")):
        table[name] = cells(ledger, pd.Series(field, index=parcels.index), headers)
    return table


def cells(place: pd.DataFrame, field: pd.Series, headers: pd.Series) -> pd.Series:
    """Write ``file［sheet］第 n 行「header」`` for every row of ``place``."""
    at = pd.MultiIndex.from_arrays([place["source_file"], place["source_layer"], field])
    header = pd.Series(headers.reindex(at).to_numpy(), index=place.index).fillna("")
    layer = place["source_layer"].fillna("").astype(str)
    sheet = ("［" + layer + "］").where(layer != "", "")
    row = place["source_row"].astype("Int64").astype(str)
    quoted = ("「" + header.astype(str) + "」").where(header != "", "")
    return place["source_file"].astype(str) + sheet + "第 " + row + " 行" + quoted
