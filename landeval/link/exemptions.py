"""Which parcels a row of the exemption register means: by number, else all the land that its holder owns."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from landeval import issues
from landeval.link.keys import several_codes
from landeval.result import OWN, TIED
from landeval.sources import SOURCE_COLUMNS
from landeval.vocabulary.fields import label
from landeval.wording import joined

NUMBERS = ("parcel_id", "parcel_code", "supervision_no", "contract_no")
"""Numbers that mean land, the strongest first; the id stands in the column of the parcel code."""
HOLDER = "权利人名下全部自有宗地"


class TiedExemptions(NamedTuple):
    """``rows``: one row a register row × parcel it means (``parcel_id`` None where none), and what was reported.

    ``exemption_tied_by`` tells by what it was found, ``exemption_why`` why it means no parcel.
    """

    rows: pd.DataFrame
    issues: pd.DataFrame


def tie_exemptions(
    register: pd.DataFrame,
    parcels: pd.DataFrame,
    links: pd.DataFrame,
    enterprises: pd.DataFrame,
    called: pd.DataFrame,
    holders: pd.Series,
    numbers: pd.DataFrame | None = None,
) -> TiedExemptions:
    """Tie each row of the register to parcels.

    A row with a number means the parcel of the first of its numbers that is found. A number that several parcels
    have means none of them: an exemption is granted for a known piece of land. A row whose numbers mean
    different parcels, or whose holder is not the parcel's, means none either. A row without any number means all
    the parcels that its holder owns (not those it rents), and that is told.

    Parameters
    ----------
    register : DataFrame
        As made by ``tidy_exemptions``.
    parcels : DataFrame
        Index ``parcel_id``; ``parcel_code``, ``supervision_no``, ``contract_no``, ``credit_code``.
    links : DataFrame
        Parcel × enterprise, with state and mode.
    enterprises : DataFrame
        Index ``enterprise_id``; ``credit_code``.
    called : DataFrame
        ``enterprise_id``, ``name_key``: present and former names.
    holders : Series
        Normalised holder name of each parcel.
    numbers : DataFrame, optional
        ``parcel_id``, ``supervision_no``, ``contract_no`` as the ledger has them (``TiedContracts.numbers``).
    """
    rows = register.reset_index(drop=True)
    if rows.empty:
        none = dict.fromkeys(("parcel_id", "exemption_tied_by", "exemption_why"), pd.Series(dtype="object"))
        return TiedExemptions(rows.assign(**none), issues.empty())
    codes, names = _owners(parcels, links, enterprises, called, holders)
    found = _by_number(rows, parcels, numbers)
    numbered = rows[list(NUMBERS[1:])].notna().any(axis=1)
    first, why = _first(found, rows.index)
    why = why.mask(numbered & (why == "") & ~rows.index.isin(first["record"]), "编号在宗地表中找不到")
    stranger = _strangers(rows, first, codes, names)
    why = why.mask((why == "") & stranger, "登记的权利人或信用代码不是该宗地的权利人")
    clash = why.str.startswith("登记的") | why.str.startswith("几个编号")
    owned, told = _by_holder(rows[~numbered], codes, names)
    why = why.mask(~numbered, told.reindex(rows.index).fillna(""))
    pairs = pd.concat([first, owned], ignore_index=True)
    pairs = pairs[pairs["record"].map(why) == ""]
    tied = rows.rename_axis("record").reset_index().merge(pairs, on="record", how="left", validate="1:m")
    tied["exemption_why"] = tied["record"].map(why)
    several = why.str.contains("几宗|几家")
    lost = (why != "") & ~several & ~clash
    by_holder = pairs[pairs["exemption_tied_by"] == HOLDER]
    land = joined(by_holder["record"], by_holder["parcel_id"], most=20, counter="宗")
    problems = [
        _told(code, rows[mask], why) for code, mask in (("E420", lost), ("E421", several), ("E429", clash))
    ]
    problems.append(_told("E422", rows.loc[land.index.astype("int64")], land))
    order = [*SOURCE_COLUMNS, "parcel_id"]
    tied = tied.drop(columns="record").sort_values(order, kind="stable").reset_index(drop=True)
    return TiedExemptions(tied, issues.gather(problems))


def _told(code: str, rows: pd.DataFrame, detail: pd.Series) -> pd.DataFrame:
    number = column = pd.Series("", index=rows.index, dtype="object")
    for name in (*NUMBERS[1:], "credit_code", "holder_name"):
        column = column.mask((number == "") & rows[name].notna(), label(name))
        number = number.where(number != "", rows[name].fillna("").astype("object"))
    said = detail.reindex(rows.index).mask(several_codes(number), "一格里写了几个宗地代码，请一宗写一行")
    place = rows[list(SOURCE_COLUMNS)]
    return issues.report(code, place, column=column, raw=number, detail=said, key=number)


def _by_number(rows: pd.DataFrame, parcels: pd.DataFrame, numbers: pd.DataFrame | None) -> pd.DataFrame:
    """Pair register rows with parcels by every number both have: ``record``, ``rank``, ``parcel_id``."""
    parts = []
    land = parcels[list(NUMBERS[1:])].rename_axis("parcel_id").reset_index()
    land = land.assign(**{name: land[name].astype("object") for name in NUMBERS})
    if numbers is not None:
        land = pd.concat([land, numbers.astype("object")], ignore_index=True)
    for rank, name in enumerate(NUMBERS):
        written = rows["parcel_code" if name == "parcel_id" else name]
        theirs = pd.DataFrame({"record": rows.index, "number": written.astype("object")}).dropna()
        own = pd.DataFrame({"number": land[name], "parcel_id": land["parcel_id"]}).dropna().drop_duplicates()
        parts.append(theirs.merge(own, on="number", validate="m:m").assign(rank=rank))
    found = pd.concat(parts, ignore_index=True)[["record", "rank", "parcel_id"]]
    # a parcel's own id is stronger than its code: of two parcels of one code, the first has the code for its id
    shared = found[found["rank"] == 1].groupby("record")["parcel_id"].transform("nunique")
    doubtful = set(found.loc[shared.index[shared > 1], "record"])
    return found[~((found["rank"] == 0) & found["record"].isin(doubtful))]


def _first(found: pd.DataFrame, records: pd.Index) -> tuple[pd.DataFrame, pd.Series]:
    """Keep what the strongest number finds; tell where it finds several, or another number finds something else."""
    why = pd.Series("", index=records, dtype="object")
    best = found.groupby("record")["rank"].transform("min")
    first = found[found["rank"] == best].drop_duplicates(["record", "parcel_id"])
    name = first["rank"].map(dict(enumerate(("宗地标识", *(label(name) for name in NUMBERS[1:])))))
    first = first.assign(exemption_tied_by=name)
    others = found[found["rank"] != best]
    both = others.merge(first[["record", "parcel_id"]], on=["record", "parcel_id"], validate="m:1")
    agree = pd.MultiIndex.from_frame(both[["record", "rank"]])
    apart = ~pd.MultiIndex.from_frame(others[["record", "rank"]]).isin(agree)
    count = first.groupby("record")["parcel_id"].size()
    many = count[count > 1]
    by = first.drop_duplicates("record").set_index("record")["exemption_tied_by"]
    why[many.index] = "该" + by[many.index] + "对应几宗地"
    why[others.loc[apart, "record"].unique()] = "几个编号指向不同的宗地"
    return first[["record", "parcel_id", "exemption_tied_by"]], why


def _owners(
    parcels: pd.DataFrame,
    links: pd.DataFrame,
    enterprises: pd.DataFrame,
    called: pd.DataFrame,
    holders: pd.Series,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the codes and the names under which each parcel's owner is known."""
    own = links.loc[links["state"].isin(TIED) & (links["mode"] == OWN), ["parcel_id", "enterprise_id"]]
    coded = own.assign(credit_code=own["enterprise_id"].map(enterprises["credit_code"]))
    codes = pd.concat(
        [_pairs(parcels.index, parcels["credit_code"], "credit_code"), coded[["parcel_id", "credit_code"]]],
        ignore_index=True,
    )
    named = own.merge(called[["enterprise_id", "name_key"]], on="enterprise_id", validate="m:m")
    names = pd.concat(
        [_pairs(parcels.index, holders.reindex(parcels.index), "name_key"), named[["parcel_id", "name_key"]]],
        ignore_index=True,
    )
    return codes.dropna().drop_duplicates(), names[names["name_key"] != ""].dropna().drop_duplicates()


def _pairs(ids: pd.Index, values: pd.Series, name: str) -> pd.DataFrame:
    return pd.DataFrame({"parcel_id": ids.astype("object"), name: values.to_numpy(dtype=object)})


def _strangers(
    rows: pd.DataFrame, first: pd.DataFrame, codes: pd.DataFrame, names: pd.DataFrame
) -> pd.Series:
    """Mark the rows that name a holder whom the parcel is not known to belong to; unknown owners contradict nobody.

    A row whose code agrees may use another name: firms are renamed. A code that differs is another firm.
    """
    pairs = first.join(rows[["credit_code", "name_key"]], on="record")
    code = pairs["credit_code"].notna() & pairs["parcel_id"].isin(set(codes["parcel_id"]))
    name = (pairs["name_key"] != "") & pairs["parcel_id"].isin(set(names["parcel_id"]))
    same_code = _in(pairs[["parcel_id", "credit_code"]], codes)
    same_name = _in(pairs[["parcel_id", "name_key"]], names)
    strange = (code & ~same_code) | (~code & name & ~same_name)
    return pd.Series(rows.index.isin(pairs.loc[strange, "record"]), index=rows.index)


def _in(pairs: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    there = pd.MultiIndex.from_frame(pairs).isin(pd.MultiIndex.from_frame(known[list(pairs.columns)]))
    return pd.Series(there, index=pairs.index)


def _by_holder(
    rows: pd.DataFrame, codes: pd.DataFrame, names: pd.DataFrame
) -> tuple[pd.DataFrame, pd.Series]:
    """Give rows without a number all the land of their holder: by code, else by a name that is one firm's."""
    why = pd.Series("", index=rows.index, dtype="object")
    keyed = pd.DataFrame(
        {"record": rows.index, "credit_code": rows["credit_code"], "name_key": rows["name_key"]}
    )
    coded = keyed[keyed["credit_code"].notna()]
    by_code = coded[["record", "credit_code"]].merge(codes, on="credit_code", validate="m:m")
    named = keyed[(keyed["name_key"] != "") & ~keyed["record"].isin(by_code["record"])]
    by_name = named[["record", "name_key"]].merge(names, on="name_key", validate="m:m")
    owner = by_name.merge(codes, on="parcel_id", how="left", validate="m:m")
    # a name may mean two firms; a code in the row that none of its parcels has is another firm's
    several = owner.groupby("record")["credit_code"].nunique()
    other = owner.merge(coded[["record"]], on="record", validate="m:1")
    other = other[other["credit_code"].notna()]
    nameless = rows["credit_code"].isna() & (rows["name_key"] == "")
    pairs = pd.concat([by_code, by_name], ignore_index=True)[["record", "parcel_id"]].drop_duplicates()
    why = why.mask(~rows.index.isin(pairs["record"]), "没有该权利人自有的宗地（承租的不算）")
    why = why.mask(rows.index.isin(several.index[several > 1]), "该名称对应几家企业，请写信用代码")
    why = why.mask(rows.index.isin(other["record"]), "登记的信用代码与同名权利人的代码不同")
    why = why.mask(nameless, "没有写明宗地代码、电子监管号、合同编号或权利人")
    return pairs.assign(exemption_tied_by=HOLDER), why
