"""How much of a parcel each of its enterprises has: by decision, by land, by floor, else evenly; the rule is named."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from landeval import issues
from landeval.result import OWN, TIED
from landeval.sources import SOURCE_COLUMNS
from landeval.units import to_mu
from landeval.vocabulary.fields import label

AGREED, BY_LAND, REST, BY_FLOOR, EVENLY, WHOLE, NONE = (
    "按约定比例",
    "按用地面积",
    "按承租面积，余为出租方自用",
    "按建筑面积",
    "按户均分",
    "整宗",
    "不分摊",
)
LEASED, SITED = "承租", "所在宗地"
LAND, FLOOR, LET = ("area_used_m2", "area_leased_in_m2"), ("floor_leased_m2",), ("area_leased_out_m2",)
WHOLE_WITHIN = 0.005
"""Agreed shares of a parcel that add up to 1 within this are taken, and scaled to add up to it exactly."""
MOST_OF_IT = 0.95
"""Tenants who state less of a parcel than this are not all who use it."""
UNLIKE = 1.5
"""An enterprise that states so many times the land it is tied to, or the other way round, is asked about."""


class Shares(NamedTuple):
    """``links`` with ``share``, ``link_area_mu``, ``allocation_rule``; ``partly``: parcels with users unknown to us."""

    links: pd.DataFrame
    partly: pd.Index
    issues: pd.DataFrame


def share_out(links: pd.DataFrame, parcels: pd.DataFrame, sites: pd.DataFrame) -> Shares:
    """Give each tied link its share of the parcel, its area and the rule; untied ones have none.

    In this order, each only where all enterprises of the parcel have the item: the shares somebody decided;
    the land each uses or leases; the same of all tenants but not of the owner, who has the rest (a rest of
    nothing is no land); the floor area each leases (标准厂房); else equal parts, which is reported (E306).
    A parcel of which its enterprises' own words leave land to others is reported (E322): its totals are unknown.
    An enterprise that states much more or less land than it is tied to is reported (E324): one of its parcels may be
    tied to nobody, and then its money stands on too little land.

    Parameters
    ----------
    links : DataFrame
        ``parcel_id``, ``enterprise_id``, ``state``, ``mode``, ``decided_share``.
    parcels : DataFrame
        Index ``parcel_id``; ``parcel_code``, ``area_mu``, source columns.
    sites : DataFrame
        ``enterprise_id``, ``parcel_code``, ``year`` and the areas of ``LAND``, ``FLOOR`` and ``LET`` [㎡].

    Returns
    -------
    Shares
    """
    sure = links["state"].isin(TIED)
    of = links["parcel_id"]
    many = sure.groupby(of).transform("sum") > 1
    land, floor = (_stated(links, parcels, sites, names, sure) for names in (LAND, FLOOR))
    agreed = links["decided_share"].astype("float64").where(sure)
    rest = _rest(links, parcels, land, sure)
    evenly = pd.Series(1.0, index=links.index)
    sums = agreed.groupby(of).transform("sum")
    share = pd.Series(float("nan"), index=links.index)
    rule = pd.Series(NONE, index=links.index, dtype="object")
    for weight, name, fits in (
        (agreed, AGREED, (sums - 1).abs() <= WHOLE_WITHIN),
        (land, BY_LAND, True),
        (rest, REST, True),
        (floor, BY_FLOOR, True),
        (evenly, EVENLY, True),
    ):
        known = (weight >= 0 if name == REST else weight > 0).where(sure, True).groupby(of).transform("all")
        here = sure & many & known & fits & (rule == NONE)
        share = share.mask(here, weight / weight.where(sure).groupby(of).transform("sum"))
        rule = rule.mask(here, name)
    single = sure & ~many
    share, rule = share.mask(single, 1.0), rule.mask(single, WHOLE)
    problems = [
        _without_area(links, parcels, sure & (rule == EVENLY), land),
        _told("E319", links, parcels, sure & many & agreed.notna() & (rule != AGREED)),
    ]
    whole = of.map(parcels["area_mu"]).astype("float64")
    links = links.assign(share=share, link_area_mu=whole * share, allocation_rule=rule)
    let = _stated(links, parcels, sites, LET, sure)
    partly, noted = _used_in_part(links[sure], parcels, to_mu(land[sure]), to_mu(let[sure]))
    problems += [noted, _unlike(links[sure], parcels, sites)]
    return Shares(links, partly, issues.gather(problems))


def _used_in_part(
    links: pd.DataFrame, parcels: pd.DataFrame, land: pd.Series, let: pd.Series
) -> tuple[pd.Index, pd.DataFrame]:
    """Find parcels that others use too: let without a tenant that we know, or leased in part without its owner."""
    frame = links.assign(land=land, let=let.where(links["mode"] == OWN), is_own=links["mode"] == OWN)
    frame["leases"] = (links["mode"] == LEASED) & (land > 0)
    grouped = frame.groupby("parcel_id")
    whole = parcels["area_mu"].astype("float64").reindex(grouped.size().index)
    stated, owned = grouped["land"].sum(), grouped["is_own"].any()
    complete = grouped["land"].count() == grouped.size()
    in_part = ~owned & grouped["leases"].any() & complete & (stated < MOST_OF_IT * whole)
    lets = owned & (grouped.size() == 1) & (grouped["let"].max() > 0)
    hit = (in_part | lets)[in_part | lets].index
    if not len(hit):
        return hit, issues.empty()
    used, given = stated[hit].map("{:,.2f} 亩".format), grouped["let"].max()[hit].map("{:,.2f} 亩".format)
    said = ("承租各家共填报 " + used).where(
        in_part[hit], "权利人填报出租 " + given + "，企业表中没有承租企业"
    )
    detail = said + "，宗地 " + whole[hit].map("{:,.2f} 亩".format)
    place = parcels.loc[hit, list(SOURCE_COLUMNS)]
    return hit, issues.report("E322", place, key=hit.to_numpy(), used="未知", detail=detail)


def _unlike(links: pd.DataFrame, parcels: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Report the enterprises whose own word of their land is far from the land that they are tied to.

    What they rent from others or let to them may be within what they state: such land is no reason to ask.
    """
    used = label(LAND[0])
    latest = sites.sort_values("year").drop_duplicates(["enterprise_id", "parcel_code"], keep="last")
    firm = latest["enterprise_id"]
    own, rented, let = (to_mu(latest[name].astype("float64")) for name in (*LAND, *LET))
    own = own.where(own > 0)
    whole = own[latest["parcel_code"] == ""].set_axis(firm[latest["parcel_code"] == ""])
    stated = whole.combine_first(own.groupby(firm).sum(min_count=1))
    by_firm = links.groupby("enterprise_id")
    has_unknown = links["link_area_mu"].isna().groupby(links["enterprise_id"]).any()
    tied = by_firm["link_area_mu"].sum().mask(has_unknown)
    stated = stated.reindex(tied.index)
    elsewhere = (rented.fillna(0.0) - let.fillna(0.0)).groupby(firm).sum().reindex(tied.index, fill_value=0.0)
    hit = tied.index[_is_unlike(stated, tied) & _is_unlike(stated, tied + elsewhere)]
    first = by_firm["parcel_id"].agg(["first", "size"]).loc[hit]
    said = stated[hit].map("填报 {:,.2f} 亩".format) + tied[hit].map("，对应宗地 {:,.2f} 亩".format)
    said += first["size"].map("（{} 宗）".format)
    place = parcels.loc[first["first"], list(SOURCE_COLUMNS)].set_axis(hit)
    return issues.report("E324", place, column=used, detail=said, key=hit.to_numpy())


def _is_unlike(stated: pd.Series, tied: pd.Series) -> pd.Series:
    ratio = stated / tied.where(tied > 0)
    return (ratio >= UNLIKE) | (ratio <= 1 / UNLIKE)


def _stated(
    links: pd.DataFrame, parcels: pd.DataFrame, sites: pd.DataFrame, names: tuple[str, ...], sure: pd.Series
) -> pd.Series:
    """Return what an enterprise says it uses of a parcel: at that parcel, else anywhere if it has only this one."""
    latest = sites.sort_values("year")
    figure = latest[names[0]].astype("float64")
    for name in names[1:]:
        figure = figure.where(figure > 0, latest[name].astype("float64"))
    used = figure.groupby([latest["enterprise_id"], latest["parcel_code"]]).last()
    code = links["parcel_id"].map(parcels["parcel_code"]).fillna("")
    here = used.reindex(pd.MultiIndex.from_arrays([links["enterprise_id"], code])).to_numpy()
    anywhere = used.reindex(pd.MultiIndex.from_arrays([links["enterprise_id"], [""] * len(links)])).to_numpy()
    only = sure.groupby(links["enterprise_id"]).transform("sum") == 1
    return pd.Series(here, index=links.index).fillna(pd.Series(anywhere, index=links.index).where(only))


def _rest(links: pd.DataFrame, parcels: pd.DataFrame, land: pd.Series, sure: pd.Series) -> pd.Series:
    """Give the one owner without a stated area what its tenants leave of the parcel; NaN where that is not so."""
    of = links["parcel_id"]
    owner = sure & (links["mode"] == OWN) & ~(land > 0)
    alone = owner.groupby(of).transform("sum") == 1
    used = to_mu(land)
    left = of.map(parcels["area_mu"]).astype("float64") - used.where(sure & ~owner).groupby(of).transform(
        "sum"
    )
    return used.where(~owner, left.where(left >= 0)).where(alone)


def _without_area(
    links: pd.DataFrame, parcels: pd.DataFrame, mask: pd.Series, land: pd.Series
) -> pd.DataFrame:
    """Report each enterprise that states no land of a parcel which is shared evenly for want of it."""
    count = links[mask].groupby("parcel_id").size()
    rows = links[mask & ~(land > 0)]
    column = rows["mode"].map({LEASED: label("area_leased_in_m2")}).fillna(label("area_used_m2"))
    said = "宗地 " + rows["parcel_id"].astype(str) + " 共 " + rows["parcel_id"].map(count).astype(str) + " 户"
    place = parcels.loc[rows["parcel_id"], list(SOURCE_COLUMNS)].set_axis(rows.index)
    return issues.report("E306", place, column=column, detail=said, key=rows["enterprise_id"])


def _told(code: str, links: pd.DataFrame, parcels: pd.DataFrame, mask: pd.Series) -> pd.DataFrame:
    rows = links[mask]
    count = rows.groupby("parcel_id").size()
    place = parcels.loc[count.index, list(SOURCE_COLUMNS)]
    return issues.report(code, place, key=count.index.to_numpy(), detail=count.astype(str) + " 户")
