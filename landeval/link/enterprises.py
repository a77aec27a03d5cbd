"""Tie enterprises to parcels by exact keys only, in order; say of every doubtful pair why it was not tied."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from landeval import issues
from landeval.sources import SOURCE_COLUMNS
from landeval.vocabulary.fields import label

METHODS = ("宗地代码", "统一社会信用代码", "企业名称", "曾用名")


class Links(NamedTuple):
    """``links``: one row a parcel × enterprise with method, score, state and areas; and what was reported."""

    links: pd.DataFrame
    issues: pd.DataFrame


def tie_enterprises(
    parcels: pd.DataFrame,
    enterprises: pd.DataFrame,
    sites: pd.DataFrame,
    holder_keys: pd.Series,
    former_keys: pd.DataFrame,
) -> Links:
    """Link parcels and enterprises: parcel code → credit code → normalised name → former name.

    A parcel linked by one key is not tried by a weaker one, with one exception: where tenants name a parcel
    by its code, its holder is tied to it as well if it would otherwise have no land. Blank keys never match.
    A name that stands for several enterprises, or whose codes differ, is a pair to review: it is listed, with
    no share.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; ``parcel_code``, ``credit_code``, ``area_mu`` and source columns.
    enterprises : DataFrame
        Index ``enterprise_id``; ``credit_code``, ``name``, ``name_key``.
    sites : DataFrame
        ``enterprise_id``, ``parcel_code``, ``area_used_m2``: what the enterprises' own rows say of their place.
    holder_keys : Series
        Normalised holder name of each parcel, empty where unknown.
    former_keys : DataFrame
        ``enterprise_id``, ``name_key`` of former names.
    """
    place = list(SOURCE_COLUMNS)
    names = enterprises["name_key"].rename_axis("enterprise_id").reset_index()
    by_code = parcels["parcel_code"].dropna().rename("parcel_code").rename_axis("parcel_id").reset_index()
    sited = sites[sites["parcel_code"] != ""]
    direct = _links(sited.merge(by_code, on="parcel_code", validate="m:m"), METHODS[0])
    let = pd.Index(direct["parcel_id"]).unique()
    own, problems = _by_holder(
        parcels[~parcels.index.isin(let)], enterprises, holder_keys, (names, former_keys)
    )
    housed = {*sited["enterprise_id"], *own.loc[own["state"] == "自动", "enterprise_id"]}
    homeless = enterprises[~enterprises.index.isin(housed)]
    keys = (frame[frame["enterprise_id"].isin(homeless.index)] for frame in (names, former_keys))
    shared, more = _by_holder(parcels.loc[let], homeless, holder_keys, tuple(keys))
    problems += more

    links = pd.concat([direct, own, shared], ignore_index=True)
    links = links.sort_values(["parcel_id", "enterprise_id"]).drop_duplicates(["parcel_id", "enterprise_id"])
    links, noted = _areas(links.reset_index(drop=True), parcels, sites)
    problems.append(noted)
    tied = set(links.loc[links["state"] == "自动", "parcel_id"])
    alone = parcels[~parcels.index.isin(tied)]
    if len(enterprises):
        problems.append(issues.report("E302", alone[place], key=alone.index))
    return Links(links, issues.gather(problems))


def _by_holder(
    parcels: pd.DataFrame, enterprises: pd.DataFrame, holder_keys: pd.Series, names: tuple[pd.DataFrame, ...]
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Tie parcels to their holders: by credit code, then by name, then by former name."""
    place = list(SOURCE_COLUMNS)
    problems = []
    own = parcels["credit_code"].dropna().rename_axis("parcel_id").reset_index()
    known = enterprises["credit_code"].dropna().drop_duplicates(keep=False)
    theirs = known.rename_axis("enterprise_id").reset_index()
    coded = own.merge(theirs, on="credit_code", validate="m:1")
    renamed, doubtful = _disagreeing(coded, enterprises, holder_keys, names)
    found = [
        _links(coded[~doubtful], METHODS[1]),
        _links(coded[doubtful], METHODS[1], state="待复核", score=0.5),
    ]
    for code, mask in (("E251", renamed), ("E252", doubtful)):
        rows = coded[mask].set_index("parcel_id")
        problems.append(
            issues.report(
                code,
                parcels.loc[rows.index, place],
                key=rows.index,
                column=label("holder_name"),
                raw=parcels.loc[rows.index, "holder_name"].fillna(""),
                used=rows["enterprise_id"].map(enterprises["name"]),
                detail=_both_names(rows, parcels, enterprises),
            )
        )
    doubted = set(coded.loc[doubtful, "enterprise_id"])
    left = parcels.index.difference(pd.Index(coded["parcel_id"]))
    for method, note, keys in zip(METHODS[2:], ("E304", "E312"), names, strict=True):
        pairs = _by_name(holder_keys, left, keys[keys["name_key"] != ""])
        several = pairs.groupby("parcel_id")["enterprise_id"].transform("nunique") > 1
        codes = pairs["parcel_id"].map(parcels["credit_code"])
        other = pairs["enterprise_id"].map(enterprises["credit_code"])
        clash = ~several & codes.notna() & other.notna() & (codes != other)
        held = ~several & ~clash & pairs["enterprise_id"].isin(doubted)
        sure = ~several & ~clash & ~held
        found.append(_links(pairs[~sure], method, state="待复核", score=0.5))
        found.append(_links(pairs[sure], method))
        for code, mask in (("E303", several), ("E305", clash), ("E252", held), (note, sure)):
            rows = pairs[mask].drop_duplicates("parcel_id").set_index("parcel_id")
            problems.append(
                issues.report(code, parcels.loc[rows.index, place], key=rows.index, raw=rows["name_key"])
            )
        left = left.difference(pd.Index(pairs["parcel_id"]))
    return pd.concat(found, ignore_index=True), problems


def _disagreeing(
    coded: pd.DataFrame, enterprises: pd.DataFrame, holder_keys: pd.Series, names: tuple[pd.DataFrame, ...]
) -> tuple[pd.Series, pd.Series]:
    """Tell, of pairs with one code, those of two names: a new name of one firm, or the code of another.

    It is another firm's code where the enterprise's name is that of the holder of other land, or the holder's
    name that of another enterprise: then nobody knows which of code and name is the slip.
    """
    holder = coded["parcel_id"].map(holder_keys).fillna("")
    own = coded["enterprise_id"].map(enterprises["name_key"]).fillna("")
    every = pd.concat(names, ignore_index=True)[["enterprise_id", "name_key"]]
    called = pd.MultiIndex.from_frame(every)
    same = pd.MultiIndex.from_arrays([coded["enterprise_id"], holder]).isin(called)
    differ = (holder != "") & (own != "") & ~same
    code_of = coded.drop_duplicates("parcel_id").set_index("parcel_id")["enterprise_id"]
    others = pd.DataFrame({"name_key": holder_keys, "by_code": code_of.reindex(holder_keys.index)})
    mine = pd.MultiIndex.from_frame(others[others["name_key"] != ""].dropna())
    held_by_name = set(others.loc[others["name_key"] != "", "name_key"])
    elsewhere = own.isin(held_by_name) & ~pd.MultiIndex.from_arrays([own, coded["enterprise_id"]]).isin(mine)
    another = holder.isin(set(enterprises["name_key"]) - {""})
    doubtful = differ & (elsewhere | another)
    return differ & ~doubtful, doubtful


def _both_names(rows: pd.DataFrame, parcels: pd.DataFrame, enterprises: pd.DataFrame) -> pd.Series:
    holder = parcels.loc[rows.index, "holder_name"].fillna("").astype(str)
    name = rows["enterprise_id"].map(enterprises["name"]).fillna("").astype(str)
    return pd.Series("宗地权利人 " + holder + "，企业表 " + name)


def _by_name(holder_keys: pd.Series, left: pd.Index, keys: pd.DataFrame) -> pd.DataFrame:
    named = holder_keys.reindex(left)
    named = named[named != ""]
    holders = pd.DataFrame({"parcel_id": named.index, "name_key": named.to_numpy()})
    return pd.DataFrame(holders.merge(keys.drop_duplicates(), on="name_key", validate="m:m"))


def _links(pairs: pd.DataFrame, method: str, *, state: str = "自动", score: float = 1.0) -> pd.DataFrame:
    return (
        pairs[["parcel_id", "enterprise_id"]]
        .drop_duplicates()
        .assign(method=method, score=score, state=state)
    )


def _areas(
    links: pd.DataFrame, parcels: pd.DataFrame, sites: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Share a parcel's area among its enterprises: by what they say they use, else evenly, and say so."""
    sure = links["state"] == "自动"
    used = sites.sort_values("year").groupby(["enterprise_id", "parcel_code"])["area_used_m2"].last()
    code = links["parcel_id"].map(parcels["parcel_code"]).fillna("")
    at_site = used.reindex(pd.MultiIndex.from_arrays([links["enterprise_id"], code])).to_numpy()
    anywhere = used.reindex(pd.MultiIndex.from_arrays([links["enterprise_id"], [""] * len(links)])).to_numpy()
    parcels_of = sure.groupby(links["enterprise_id"]).transform("sum")
    single = pd.Series(anywhere, index=links.index).where(parcels_of == 1)
    stated = pd.Series(at_site, index=links.index).fillna(single)
    tenants = sure.groupby(links["parcel_id"]).transform("sum")
    all_stated = (stated > 0).where(sure, True).groupby(links["parcel_id"]).transform("all")
    weight = stated.where(all_stated, 1.0).where(tenants > 1, 1.0).where(sure)
    share = weight / weight.groupby(links["parcel_id"]).transform("sum")
    rule = (
        pd.Series("整宗", index=links.index)
        .mask(tenants > 1, "按户均分")
        .mask((tenants > 1) & all_stated, "按用地面积")
    )
    mode = pd.Series("自有", index=links.index).mask(links["method"] == METHODS[0], "所在宗地")
    even = sure & (tenants > 1) & ~all_stated
    rows = links[even].drop_duplicates("parcel_id")
    note = issues.report("E306", parcels.loc[rows["parcel_id"], list(SOURCE_COLUMNS)], key=rows["parcel_id"].to_numpy(),
                         detail=(tenants[rows.index].astype(str) + " 户").set_axis(rows["parcel_id"]))  # fmt: skip
    area = links["parcel_id"].map(parcels["area_mu"]).astype("float64") * share
    return links.assign(
        share=share, link_area_mu=area, mode=mode, allocation_rule=rule.where(sure, "不分摊")
    ), note


def sites_of(years: pd.DataFrame) -> pd.DataFrame:
    """Return where the enterprises' own rows say they are: ``enterprise_id``, ``parcel_code``, area, year."""
    return years[["enterprise_id", "parcel_code", "area_used_m2", "year"]]


def without_land(records: pd.DataFrame, linked: set[str]) -> pd.DataFrame:
    """Report every enterprise row that has no parcel."""
    rows = records[records["enterprise_id"].notna() & ~records["enterprise_id"].isin(linked)]
    return issues.report(
        "E301", rows[list(SOURCE_COLUMNS)], key=rows["enterprise_id"], raw=rows["name"].fillna("")
    )


def matched_nothing(parcels: pd.DataFrame, enterprises: pd.DataFrame, links: pd.DataFrame) -> str:
    """Say in plain words that two lists do not meet at all, with examples of both; empty where they do."""
    if not len(enterprises) or not len(parcels) or (links["state"] == "自动").any():
        return ""
    ours = "、".join(parcels["holder_name"].dropna().astype(str).head(3)) or "无权利人名称"
    theirs = "、".join(enterprises["name"].dropna().astype(str).head(3)) or "无企业名称"
    return (
        f"企业表的 {len(enterprises)} 家企业与 {len(parcels)} 宗地一家也没有对上，亩均指标全部未知，未据此认定任何低效用地。"
        f"宗地权利人如：{ours}；企业名称如：{theirs}。请核对是否为同一园区、同一时期的资料，或补充信用代码、宗地代码。"
    )
