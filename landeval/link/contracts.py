"""Tie ledger records to parcels; where several records of one parcel disagree, the item is unknown."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from landeval import issues
from landeval.link.allocation import allocate
from landeval.sources import SOURCE_COLUMNS
from landeval.units import from_cents, to_cents
from landeval.vocabulary.fields import fields, fields_of, label

KEYS = ("parcel_code", "supervision_no", "contract_no")
ITEMS = tuple(
    field.name
    for field in fields_of("contracts")
    if field.name not in (*KEYS, "remark", "holder_name", "credit_code")
)


class TiedContracts(NamedTuple):
    """Parcels with the ledger's items; ``parcel_of`` gives each ledger record its parcel (None if it has none)."""

    parcels: pd.DataFrame
    parcel_of: pd.Series
    evidence: pd.DataFrame
    issues: pd.DataFrame


def tie_contracts(parcels: pd.DataFrame, contracts: pd.DataFrame) -> TiedContracts:
    """Put the ledger's items beside the parcels, by parcel code, else supervision number, else contract number.

    A parcel's items come from all its records: where they agree, or only one speaks, that is the item; where
    they differ it is unknown and reported. A price of a contract over several parcels is split by area.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``, canonical columns.
    contracts : DataFrame
        One row a ledger record.

    Returns
    -------
    TiedContracts
    """
    pairs = _pairs(parcels, contracts)
    parcel_of = pairs.drop_duplicates("record").set_index("record")["parcel_id"].reindex(contracts.index)
    place = list(SOURCE_COLUMNS)
    lost = parcel_of.isna()
    key = contracts["parcel_code"].fillna(contracts["contract_no"]).fillna("")
    problems = [issues.report("E307", contracts.loc[lost, place], key=key[lost])]
    without = ~parcels.index.isin(pairs["parcel_id"])
    problems.append(issues.report("E308", parcels.loc[without, place], key=parcels.index[without]))
    tied = pairs.merge(contracts[[*ITEMS, *place]], left_on="record", right_index=True, validate="m:1")
    tied, noted = _split_prices(tied, parcels)
    problems.append(noted)
    result = parcels.copy()
    grouped = tied.groupby("parcel_id", sort=True)
    spread = grouped[list(ITEMS)].nunique()
    first = grouped[list(ITEMS)].first()
    for name in ITEMS:
        clash = spread.index[spread[name] > 1]
        if len(clash):
            rows = tied[tied["parcel_id"].isin(clash) & tied[name].notna()]
            problems.append(
                issues.report(
                    "E309",
                    rows[place],
                    column=label(name),
                    raw=rows[name].astype(str),
                    used="未知",
                    key=rows["parcel_id"],
                )
            )
        said = first[name].where(spread[name] <= 1).reindex(result.index)
        own = result[name]
        both = said.notna() & own.notna() & (said.astype("object") != own.astype("object"))
        if both.any() and name != "land_use":
            problems.append(
                issues.report("E310", result.loc[both, place], column=label(name), raw=own[both].astype(str),
                              used=said[both].astype(str), key=result.index[both])
            )  # fmt: skip
        merged = said.where(said.notna(), own)
        merged[result.index.isin(clash)] = pd.NaT if fields()[name].kind == "date" else None
        result[name] = merged.astype(own.dtype) if own.dtype != object else merged.astype("object")
    evidence = grouped[place].first()
    return TiedContracts(result, parcel_of, evidence, issues.gather(problems))


def _pairs(parcels: pd.DataFrame, contracts: pd.DataFrame) -> pd.DataFrame:
    """Pair records with parcels by the first key that both have; a record tied by one key is not tried by the next."""
    found = []
    left = contracts.index
    for key in KEYS:
        own = parcels[[key]].dropna().rename_axis("parcel_id").reset_index()
        theirs = contracts.loc[left, [key]].dropna().rename_axis("record").reset_index()
        pairs = theirs.merge(own, on=key, validate="m:m")[["record", "parcel_id"]]
        found.append(pairs)
        left = left.difference(pd.Index(pairs["record"]))
    return pd.concat(found, ignore_index=True)


def _split_prices(tied: pd.DataFrame, parcels: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    many = tied.groupby("record")["parcel_id"].transform("size") > 1
    priced = tied[many & tied["price_wan_yuan"].notna()]
    if not len(priced):
        return tied, issues.empty()
    weights = (
        priced["parcel_id"]
        .map(parcels["area_measured_m2"])
        .fillna(priced["parcel_id"].map(parcels["area_registered_m2"]))
    )
    known = weights.groupby(priced["record"]).transform(lambda column: column.notna().all())
    shares = allocate(to_cents(priced["price_wan_yuan"]), priced["record"], weights.where(known, 1.0))
    tied = tied.copy()
    tied.loc[priced.index, "price_wan_yuan"] = from_cents(shares)
    tied.loc[priced.index[~known], "price_wan_yuan"] = None
    return tied, issues.report("E311", priced[list(SOURCE_COLUMNS)], key=priced["parcel_id"])
