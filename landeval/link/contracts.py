"""Tie ledger records to parcels; where several records of one parcel disagree, the item is unknown."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval import issues
from landeval.allocation import allocate
from landeval.link.evidence import Ledger
from landeval.link.keys import several_codes
from landeval.sources import SOURCE_COLUMNS, spot_of
from landeval.units import from_cents, to_cents
from landeval.vocabulary.fields import fields, fields_of, label
from landeval.vocabulary.names import name_key
from landeval.wording import as_written, joined

KEYS = ("parcel_code", "supervision_no", "contract_no")
ITEMS = tuple(
    field.name
    for field in fields_of("contracts")
    if field.name not in (*KEYS, "remark", "holder_name", "credit_code", "unsure_dates")
)

NUMBERS = ("supervision_no", "contract_no")
"""What a record of the ledger is called: a parcel under several has them all."""
EVIDENCED = (*ITEMS, *NUMBERS)
"""Items whose own cell is named beside a verdict, in a dossier or where a problem is told."""
TOTALS = (
    "built_area_m2", "buildable_area_m2", "invested_wan_yuan", "planned_investment_wan_yuan", "floor_area_m2",
    "tall_floor_area_m2", "footprint_m2", "yard_m2",
)  # fmt: skip
"""Totals of a contract: where it covers several parcels, each has its part, so that sums and shares stay right."""
SPLIT = ("price_wan_yuan", *TOTALS)


class TiedContracts(NamedTuple):
    """Parcels with the ledger's items; ``parcel_of`` gives each ledger record its parcels, joined (None if none).

    ``ledger`` tells which record says each item; ``numbers`` gives the ``supervision_no`` and ``contract_no`` under
    which each ``parcel_id`` stands in it.
    """

    parcels: pd.DataFrame
    parcel_of: pd.Series
    ledger: Ledger
    issues: pd.DataFrame
    numbers: pd.DataFrame


def tie_contracts(parcels: pd.DataFrame, contracts: pd.DataFrame) -> TiedContracts:
    """Put the ledger's items beside the parcels, by parcel code, else supervision number, else contract number.

    A parcel's items come from all its records: where they agree, or only one speaks, that is the item; where
    they differ it is unknown and reported. A contract over several parcels: its price is split by area to the
    cent, its totals of work and investment in proportion, and its area is nobody's.

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
    contracts, repeated = _repeated_totals(contracts)
    pairs = _pairs(parcels, contracts)
    parcel_of = joined(pairs["record"], pairs["parcel_id"]).reindex(contracts.index)
    place = list(SOURCE_COLUMNS)
    lost = parcel_of.isna()
    key = contracts["parcel_code"].fillna(contracts["contract_no"]).fillna("")
    many = several_codes(contracts["parcel_code"][lost])
    homeless = issues.report(
        "E307", contracts.loc[lost, place], column=label("parcel_code"), key=key[lost],
        detail=many.map({True: "一格里写了几个宗地代码，请一宗写一行", False: ""}).astype("object"),
    )  # fmt: skip
    problems = [repeated, homeless]
    without = ~parcels.index.isin(pairs["parcel_id"])
    problems.append(issues.report("E308", parcels.loc[without, place], key=parcels.index[without]))
    problems.append(_another_holder(pairs, parcels, contracts))
    tied = pairs.merge(
        contracts[[*ITEMS, *NUMBERS, "unsure_dates", *place]],
        left_on="record",
        right_index=True,
        validate="m:1",
    )
    tied = tied.sort_values(["parcel_id", *place])
    tied, noted = _split(tied.assign(part=""), parcels)
    problems.append(noted)
    result = parcels.copy()
    grouped = tied.groupby("parcel_id", sort=True)
    figures = [name for name in ITEMS if fields()[name].kind in ("money", "area", "per_mu", "number")]
    plain = tied.assign(**{name: tied[name].astype("float64").round(6) for name in figures})
    spread = plain.groupby("parcel_id", sort=True)[list(ITEMS)].nunique()
    first = grouped[list(ITEMS)].first()
    unsure = _unsure(pairs.join(contracts[["unsure_dates"]], on="record", validate="m:1"), result)
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
        both = said.notna() & own.notna() & _differ(said, own, fields()[name].kind)
        if both.any():
            problems.append(_unlike_the_layer(name, result.loc[both, place], own[both], said[both], tied))
        merged = said.where(said.notna(), own)
        merged[result.index.isin(clash)] = pd.NaT if fields()[name].kind == "date" else None
        result[name] = merged.astype(own.dtype) if own.dtype != object else merged.astype("object")
        if fields()[name].kind == "date":
            unsure = unsure.mask(result.index.isin(clash), unsure + name + " ")
            settled = result[name].notna() & ~result.index.isin(clash)
            word = rf"\b{name} "  # names may end alike: notice_served_on, hearing_notice_served_on
            unsure = unsure.mask(settled, unsure.str.replace(word, "", regex=True))
    result["unsure_dates"] = unsure.where(unsure != "", None)
    for name in ("holder_name", "credit_code"):
        agreed = _agreed(pairs.join(contracts[[name]], on="record", validate="m:1"), name)
        result[name] = result[name].where(result[name].notna(), agreed.reindex(result.index))
    numbers = pairs.join(contracts[list(NUMBERS)], on="record", validate="m:1")
    for name in NUMBERS:
        told = joined(numbers["parcel_id"], numbers[name]).reindex(result.index)
        result[name] = result[name].where(result[name].notna(), told).astype("object")
    return TiedContracts(
        result, parcel_of, _evidence(tied), issues.gather(problems), numbers.drop(columns="record")
    )


def _another_holder(pairs: pd.DataFrame, parcels: pd.DataFrame, contracts: pd.DataFrame) -> pd.DataFrame:
    """Report the records that name another holder than their parcel does, by name and by code."""
    says = ["holder_name", "credit_code"]
    own = parcels[says].add_suffix("_own")
    both = pairs.join(contracts[says], on="record", validate="m:1").join(own, on="parcel_id", validate="m:1")
    names = [both[name].map(name_key) for name in ("holder_name", "holder_name_own")]
    other = (names[0] != "") & (names[1] != "") & (names[0] != names[1])
    other &= ~(both["credit_code"] == both["credit_code_own"]).fillna(False).astype(bool)
    rows = both[other]
    return issues.report(
        "E323",
        contracts.loc[rows["record"], list(SOURCE_COLUMNS)],
        column=label("holder_name"),
        raw=rows["holder_name"].to_numpy(),
        key=rows["parcel_id"].to_numpy(),
        detail=("宗地权利人 " + rows["holder_name_own"].astype(str)).to_numpy(),
    )


def _unlike_the_layer(
    name: str, parcels: pd.DataFrame, own: pd.Series, said: pd.Series, tied: pd.DataFrame
) -> pd.DataFrame:
    """Report (E310) at the ledger's cell, which is used and cited, what the parcel's own row says instead."""
    rows = tied[tied[name].notna()].drop_duplicates("parcel_id").set_index("parcel_id")
    spots = [spot_of(*spot) for spot in parcels.itertuples(index=False, name=None)]
    detail = "宗地表写 " + as_written(own) + "（" + pd.Series(spots, index=own.index, dtype="object") + "）"
    return issues.report(
        "E310", rows.loc[parcels.index, list(SOURCE_COLUMNS)], column=label(name), raw=as_written(said),
        used=as_written(said), detail=detail, key=parcels.index,
    )  # fmt: skip


def _repeated_totals(contracts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Set aside a price that stands on several rows of one contract: total or part, who knows; an area likewise."""
    number = contracts["contract_no"].where(contracts["contract_no"].notna(), contracts["supervision_no"])
    known = number.notna() & contracts["price_wan_yuan"].gt(0)
    rows = contracts[known].assign(number=number[known])
    keys = ["number", "price_wan_yuan"]
    again = rows.index[rows.groupby(keys)["parcel_code"].transform("nunique") > 1]
    alike = rows.index[rows.groupby([*keys, "area_contract_m2"])["parcel_code"].transform("nunique") > 1]
    note = issues.report(
        "E315",
        rows.loc[again, list(SOURCE_COLUMNS)],
        column=label("price_wan_yuan"),
        raw=rows.loc[again, "price_wan_yuan"].map("{:.10g}".format),
        used="未知",
        key=rows.loc[again, "number"],
    )
    price = contracts["price_wan_yuan"].mask(contracts.index.isin(again))
    area = contracts["area_contract_m2"].mask(contracts.index.isin(alike))
    return contracts.assign(price_wan_yuan=price, area_contract_m2=area), note


def _unsure(pairs: pd.DataFrame, parcels: pd.DataFrame) -> pd.Series:
    """Gather the dates that the ledger or the parcel has, but nobody can read."""
    ledger = joined(pairs["parcel_id"], pairs["unsure_dates"], by="").reindex(parcels.index).fillna("")
    return (parcels["unsure_dates"].fillna("").astype(str) + ledger.astype(str)).astype("object")


def _agreed(pairs: pd.DataFrame, name: str) -> pd.Series:
    """Return who took the land by the ledger, where its records agree; used only where the parcel names nobody."""
    known = pairs[pairs[name].notna()].drop_duplicates(["parcel_id", name])
    return known.drop_duplicates("parcel_id", keep=False).set_index("parcel_id")[name].astype("object")


def _differ(said: pd.Series, own: pd.Series, kind: str) -> pd.Series:
    """Tell where two values differ: figures beyond binary noise, texts where neither is part of the other."""
    if kind in ("money", "area", "per_mu", "number"):
        return (said.astype("float64") - own.astype("float64")).abs() > 1e-6
    if kind != "text":
        return pd.Series(said.astype("object") != own.astype("object"))
    pairs = zip(said.fillna("").astype(str), own.fillna("").astype(str), strict=True)
    return pd.Series([a not in b and b not in a for a, b in pairs], index=said.index, dtype=bool)


def _evidence(tied: pd.DataFrame) -> Ledger:
    """Find the record that says each item of each parcel: the first that speaks, else the first that is blank."""
    ordered = tied.sort_values(["parcel_id", *SOURCE_COLUMNS])
    code, ids = pd.factorize(ordered["parcel_id"])
    first = np.flatnonzero(np.r_[True, code[1:] != code[:-1]]) if len(code) else np.array([], dtype=int)
    record, blank = {}, {}
    unread = ordered["unsure_dates"].fillna("").astype(str)
    for name in EVIDENCED:
        known = ordered[name].notna()
        told = known | unread.str.contains(rf"\b{name} ") if unread.any() else known
        rows = np.flatnonzero(told.to_numpy())
        speaks, at = np.unique(code[rows], return_index=True)
        chosen = first.copy()
        chosen[speaks] = rows[at]
        record[name] = chosen
        blank[name] = np.isin(np.arange(len(ids)), code[known.to_numpy()], invert=True)
    places = ordered[[*SOURCE_COLUMNS, "parcel_id"]].reset_index(drop=True)
    told_beside = dict.fromkeys(SPLIT, ordered["part"].to_numpy(dtype=object))
    told_beside |= {name: _also(ordered, name) for name in NUMBERS}
    return Ledger(places, pd.DataFrame(record, index=ids), pd.DataFrame(blank, index=ids), told_beside)


def _also(ordered: pd.DataFrame, name: str) -> npt.NDArray[np.object_]:
    """Name beside the first record of a number of a parcel the records of its other numbers."""
    said = ordered.loc[ordered[name].notna(), ["parcel_id", name, *SOURCE_COLUMNS]].drop_duplicates(
        ["parcel_id", name]
    )
    rest = said[said.duplicated("parcel_id")]
    text = pd.Series("", index=ordered.index, dtype="object")
    if len(rest):
        spots = [spot_of(*spot) for spot in zip(*(rest[one] for one in SOURCE_COLUMNS), strict=True)]
        others = joined(rest["parcel_id"], pd.Series(spots, index=rest.index, dtype="object"), by="；")
        firsts = said.drop_duplicates("parcel_id")
        mine = firsts[firsts["parcel_id"].isin(others.index)]
        text[mine.index] = "；" + mine["parcel_id"].map(others)
    return text.to_numpy(dtype=object)


def no_ledger() -> Ledger:
    """Return the evidence of a run without a ledger: no record."""
    nothing = pd.DataFrame(index=pd.Index([], dtype="object"))
    return Ledger(pd.DataFrame(columns=list(SOURCE_COLUMNS)), nothing, nothing, {})


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


def _split(tied: pd.DataFrame, parcels: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give each parcel of a contract over several its part of the contract's totals."""
    many = tied[tied.groupby("record")["parcel_id"].transform("size") > 1]
    if not len(many):
        return tied, issues.empty()
    area = parcels["area_registered_m2"].fillna(parcels["area_measured_m2"])
    weights = many["parcel_id"].map(area)
    weights = weights.where(weights > 0)
    known = weights.groupby(many["record"]).transform(lambda column: column.notna().all())
    tied = tied.copy()
    tied.loc[many.index, ["area_contract_m2", "area_tax_m2", "unused_separable_m2"]] = None
    tied.loc[many.index[~known], list(SPLIT)] = None
    if not known.any():
        return tied, issues.report("E311", many[list(SOURCE_COLUMNS)], key=many["parcel_id"])
    weights, split = weights[known], many[known]
    share = weights / weights.groupby(split["record"]).transform("sum")
    for name in TOTALS:
        tied.loc[split.index, name] = split[name] * share
    count = split.groupby("record")["parcel_id"].transform("size").astype(str)
    tied.loc[split.index, "part"] = (
        "（整份合同的数按面积分到 " + count + " 宗，本宗占 " + (share * 100).map("{:.4g}".format) + "%）"
    )
    priced = split[split["price_wan_yuan"].notna()]
    cents = allocate(to_cents(priced["price_wan_yuan"]), priced["record"], weights[priced.index])
    tied.loc[priced.index, "price_wan_yuan"] = from_cents(cents)
    return tied, issues.report("E311", many[list(SOURCE_COLUMNS)], key=many["parcel_id"])
