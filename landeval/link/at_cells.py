"""Where a problem can be mended: in the row that says the item, of the table that has a column for it."""

from __future__ import annotations

import pandas as pd

from landeval.link.cells import Headers
from landeval.link.evidence import OF_ENTERPRISES, Ledger
from landeval.link.told_by import ToldBy
from landeval.sources import SOURCE_COLUMNS
from landeval.vocabulary.fields import fields_of

_PLACE = list(SOURCE_COLUMNS)


def at_their_cells(
    found: pd.DataFrame,
    parcels: pd.DataFrame,
    ledger: Ledger,
    firms: ToldBy,
    users: pd.DataFrame,
    headers: Headers,
) -> pd.DataFrame:
    """Move problems of a parcel or an enterprise from its own row to the row of the table that was asked.

    The layer of the parcels has no column for most of what the ledger says, and one office's table none for what
    another's says: a correction filled in there could not be taken. A problem of a year goes to a row of that year,
    and stays where its own table has such a column, and where no table has.

    Parameters
    ----------
    found : DataFrame
        Issues; ``record_key`` a ``parcel_id`` or ``enterprise_id``, ``column`` the label of a field.
    parcels : DataFrame
        Index ``parcel_id``; source columns.
    ledger : Ledger
        As made by ``tie_contracts``.
    firms : ToldBy
        Which row says each item of an enterprise.
    users : DataFrame
        ``parcel_id``, ``enterprise_id`` of the enterprises tied to a parcel.
    headers : Headers
    """
    moved = found.reset_index(drop=True)
    key = moved["record_key"].astype("object")
    of_parcel = key.isin(parcels.index) & _at_own_row(moved, key, parcels)
    sole = users.drop_duplicates(["parcel_id", "enterprise_id"]).drop_duplicates("parcel_id", keep=False)
    user = key.map(sole.set_index("parcel_id")["enterprise_id"])
    of_firms = {field.name for field in fields_of("enterprises")}
    named = {field.label: field.name for table in ("contracts", "enterprises") for field in fields_of(table)}
    files, years = {*parcels["source_file"], *firms.files}, firms.years_at(moved)
    asked, known = moved["column"].map(named).where(moved["source_file"].isin(files)), firms.enterprises
    for name in asked.dropna().unique():
        mine = moved[asked == name]
        rows = mine.index[~_headed(mine, headers, name)]
        in_ledger = _in_ledger(key[rows[of_parcel[rows]]], ledger, headers, name)
        _put(moved, in_ledger)
        if name in of_firms:
            left = rows.difference(in_ledger.index)
            firm = key[left].where(~of_parcel[left], user[left] if name in OF_ENTERPRISES else None)
            firm = firm[firm.isin(known)]
            _put(moved, firms.asked(name, firm, years[firm.index]))
    return moved


def _at_own_row(found: pd.DataFrame, key: pd.Series, parcels: pd.DataFrame) -> pd.Series:
    own = parcels[_PLACE].reindex(key)
    same = [
        found[name].fillna("").astype(str).to_numpy() == own[name].fillna("").astype(str).to_numpy()
        for name in ("source_file", "source_layer")
    ]
    row = found["source_row"].astype("float64").to_numpy() == own["source_row"].astype("float64").to_numpy()
    return pd.Series(same[0] & same[1] & row, index=found.index)


def _headed(found: pd.DataFrame, headers: Headers, name: str) -> pd.Series:
    """Tell which problems stand in a table that has a column for a field."""
    tables = list(
        zip(found["source_file"].astype(str), found["source_layer"].fillna("").astype(str), strict=True)
    )
    return pd.Series([header is not None for header in headers.of(name, tables)], index=found.index)


def _put(found: pd.DataFrame, places: pd.DataFrame) -> None:
    for name in _PLACE if len(places) else ():
        found.loc[places.index, name] = places[name].to_numpy()


def _in_ledger(key: pd.Series, ledger: Ledger, headers: Headers, name: str) -> pd.DataFrame:
    """Return the ledger's row of each parcel's item: the one that says it, else one whose table has a column for it."""
    if name not in ledger.record or not len(key):
        return pd.DataFrame(columns=_PLACE)
    mine = ledger.places[ledger.places["parcel_id"].isin(key)]
    mine = mine[_headed(mine, headers, name)]
    said = ledger.record[name].reindex(mine["parcel_id"]).to_numpy() == mine.index.to_numpy()
    best = (
        mine.assign(said=said)
        .sort_values("said", ascending=False, kind="stable")
        .drop_duplicates("parcel_id")
    )
    places = best.set_index("parcel_id")[_PLACE].reindex(key).set_axis(key.index)
    return places[places["source_row"].notna()]
