"""Tie enterprises to parcels: by decision, then by exact keys in order; of every doubtful pair say why it is not tied."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from landeval import issues
from landeval.link.keys import (
    AUTOMATIC,
    CERTIFICATE,
    CREDIT,
    DECIDED,
    FORMER,
    NAME,
    ORGANISATION,
    SETTLED,
    SITE,
    TO_REVIEW,
    Keys,
    told_pairs,
)
from landeval.link.near import near_names
from landeval.link.near_holders import NEAR_IN_SPITE, by_near_name
from landeval.link.organisation import organisation_codes
from landeval.link.places import ADDRESS, POINT, in_one_place
from landeval.link.shares import LEASED, SITED, share_out
from landeval.result import CONFIRMED, OWN, REJECTED, TIED, WAITING
from landeval.sources import SOURCE_COLUMNS
from landeval.vocabulary.fields import label

WHY = {
    "E303": "同名对应多个企业",
    "E305": "名称相同，信用代码不同",
    "E252": "信用代码与名称指向不同的企业",
}
DOUBTS = (*WHY, "E318")
"""Problems of a pair that a person is asked about."""


class Links(NamedTuple):
    """``links``: one row a parcel × enterprise with method, score, state and areas; and what was reported.

    ``partly``: parcels that enterprises use of which nothing is known (E322).
    """

    links: pd.DataFrame
    partly: pd.Index
    issues: pd.DataFrame


def tie_enterprises(
    parcels: pd.DataFrame,
    enterprises: pd.DataFrame,
    keys: Keys,
    decided: pd.DataFrame | None = None,
    near_threshold: float | None = None,
) -> Links:
    """Link parcels and enterprises: decision → parcel code → credit code → organisation code → name → former name.

    A certificate number stands for the parcel code. What is left is paired by near names, by points in parcels and
    by address, for review only.

    A parcel linked by one key is not tried by a weaker one, with one exception: where tenants name a parcel
    by its code, its holder is tied to it as well if it would otherwise have no land. Blank keys never match.
    A name that stands for several enterprises, or whose codes differ, is a pair to review: it is listed, with
    no share. A pair that somebody rejected is listed as such, whatever key speaks for it. Near names are
    taken without review only from ``near_threshold`` on, only the one best for both sides, and each is reported.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; ``parcel_code``, ``credit_code``, ``area_mu`` and source columns.
    enterprises : DataFrame
        Index ``enterprise_id``; ``credit_code``, ``name``, ``name_key``.
    keys : Keys
    decided : DataFrame, optional
        ``parcel_id``, ``enterprise_id``, ``decision``, ``decided_share``, who and when, as made by
        ``apply_decisions``.
    near_threshold : float, optional
        Score from which a near name is taken without review.
    """
    place = list(SOURCE_COLUMNS)
    by_code = parcels["parcel_code"].dropna().rename("parcel_code").rename_axis("parcel_id").reset_index()
    sited = keys.sites[keys.sites["parcel_code"] != ""]
    said = _said(decided)
    chosen = said[said["decision"] == CONFIRMED]
    confirmed = _links(chosen, DECIDED, state=SETTLED[CONFIRMED])
    at_site = sited.merge(by_code, on="parcel_code", validate="m:m")
    direct = pd.concat(
        [_links(at_site[at_site["sited_by"] == by], by) for by in (SITE, CERTIFICATE)], ignore_index=True
    )
    let = pd.Index([*direct["parcel_id"], *confirmed["parcel_id"]]).unique()
    own, problems = _by_holder(
        parcels[~parcels.index.isin(let)], enterprises, keys.holders, (keys.present, keys.former)
    )
    housed = {
        *sited["enterprise_id"],
        *confirmed["enterprise_id"],
        *own.loc[own["state"] == AUTOMATIC, "enterprise_id"],
    }
    homeless = enterprises[~enterprises.index.isin(housed)]
    theirs = (frame[frame["enterprise_id"].isin(homeless.index)] for frame in (keys.present, keys.former))
    shared, more = _by_holder(parcels.loc[let], homeless, keys.holders, tuple(theirs))
    problems += more

    links = pd.concat([confirmed, direct, own, shared], ignore_index=True)
    similar, more = by_near_name(parcels, enterprises, keys, _open(links, said), near_threshold)
    problems += more
    landed = links.loc[links["state"].isin(TIED), "enterprise_id"]
    near_by = in_one_place(parcels, enterprises[~enterprises.index.isin(landed)]).assign(state=TO_REVIEW)
    links = pd.concat([links, similar, near_by], ignore_index=True)
    links = links.drop_duplicates(["parcel_id", "enterprise_id"])
    links = links.sort_values(["parcel_id", "enterprise_id"]).reset_index(drop=True)
    links = _settled(links, said)
    links["mode"] = _modes(links, parcels, enterprises, keys)
    shares = share_out(links, parcels, keys.sites)
    links = shares.links
    problems.append(shares.issues)
    tied = set(links.loc[links["state"].isin(TIED), "parcel_id"])
    alone = parcels[~parcels.index.isin(tied)]
    if len(enterprises):
        problems.append(issues.report("E302", alone[place], key=alone.index))
    return Links(links, shares.partly, _undecided(issues.gather(problems), links, said))


def _undecided(problems: pd.DataFrame, links: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """Leave out the doubts of parcels on which somebody decided every pair that was in doubt."""
    waiting = set(links.loc[links["state"].isin(WAITING), "parcel_id"])
    settled = set(said["parcel_id"]) - waiting
    return problems[~(problems["code"].isin(DOUBTS) & problems["record_key"].isin(settled))]


def _open(links: pd.DataFrame, said: pd.DataFrame) -> pd.Series:
    """Return the parcels whose holder no key has found yet; a rejected pair leaves its parcel open."""
    rejected = pd.MultiIndex.from_frame(
        said.loc[said["decision"] == REJECTED, ["parcel_id", "enterprise_id"]]
    )
    pair = pd.MultiIndex.from_frame(links[["parcel_id", "enterprise_id"]])
    return links.loc[~pair.isin(rejected), "parcel_id"]


def _said(decided: pd.DataFrame | None) -> pd.DataFrame:
    columns = ["parcel_id", "enterprise_id", "decision", "decided_share", "decided_by", "decided_on"]
    if decided is None:
        return pd.DataFrame({name: pd.Series(dtype="object") for name in columns})
    return decided[columns]


def _settled(links: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """Let a decision settle the pair it speaks of: rejected and postponed pairs are tied by nothing."""
    both = links.merge(said, on=["parcel_id", "enterprise_id"], how="left", validate="1:1")
    settled = both["decision"].map(SETTLED)
    return both.assign(state=settled.where(settled.notna(), both["state"])).drop(columns="decision")


def _modes(links: pd.DataFrame, parcels: pd.DataFrame, enterprises: pd.DataFrame, keys: Keys) -> pd.Series:
    """Tell owner from tenant: the enterprise is the parcel's holder by code or name, or the parcel has another one.

    Whoever confirms a pair of names that are nearly the same says that they are one firm, not that one lets to the other.
    """
    called = pd.MultiIndex.from_frame(keys.called[["enterprise_id", "name_key"]])
    holder = links["parcel_id"].map(keys.holders).fillna("")
    named = pd.MultiIndex.from_arrays([links["enterprise_id"], holder]).isin(called) & (holder != "")
    code = links["parcel_id"].map(parcels["credit_code"])
    coded = code.notna() & (code == links["enterprise_id"].map(enterprises["credit_code"]))
    is_own = named | coded | ~links["method"].isin((DECIDED, SITE, CERTIFICATE, POINT, ADDRESS))
    other_code = code.notna() & links["enterprise_id"].map(enterprises["credit_code"]).notna() & ~coded
    open_ones = (links["method"] == DECIDED) & ~is_own & (holder != "") & ~other_code
    alike = _called_alike(holder[open_ones], links["enterprise_id"][open_ones].map(enterprises["name_key"]))
    is_own |= alike.reindex(links.index, fill_value=False)
    has_other = (holder != "") | code.notna()
    return pd.Series(OWN, index=links.index).where(is_own, has_other.map({True: LEASED, False: SITED}))


def _called_alike(holder: pd.Series, firm: pd.Series) -> pd.Series:
    """Tell of each pair whether its two names are nearly one; the index is that of no other pair."""
    if holder.empty:
        return pd.Series(False, index=holder.index)
    pairs = near_names(holder, firm.fillna(""), at_least=NEAR_IN_SPITE, most=len(holder))
    return pd.Series(
        holder.index.isin(pairs.loc[pairs["left"] == pairs["right"], "left"]), index=holder.index
    )


def _by_holder(
    parcels: pd.DataFrame, enterprises: pd.DataFrame, holder_keys: pd.Series, names: tuple[pd.DataFrame, ...]
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Tie parcels to their holders: by credit code, by organisation code, by name, by former name."""
    place = list(SOURCE_COLUMNS)
    problems: list[pd.DataFrame] = []
    if not len(parcels) or not len(enterprises):
        return _links(parcels.reset_index().assign(enterprise_id=None).head(0), CREDIT), problems
    coded = _by_codes(parcels["credit_code"], enterprises["credit_code"], CREDIT)
    uncoded = parcels["credit_code"][~parcels.index.isin(coded["parcel_id"])]
    parts = _by_codes(
        organisation_codes(uncoded), organisation_codes(enterprises["credit_code"]), ORGANISATION
    )
    is_old = _is_old(parts["parcel_id"].map(parcels["credit_code"])) | _is_old(
        parts["enterprise_id"].map(enterprises["credit_code"])
    )
    coded = pd.concat([coded, parts[is_old]], ignore_index=True)
    renamed, doubtful = _disagreeing(coded, enterprises, holder_keys, names)
    by_part = coded["method"] == ORGANISATION
    named = coded["parcel_id"].map(holder_keys).fillna("") != ""
    doubtful |= by_part & (renamed | ~named)  # nine characters alone are no proof
    renamed &= ~doubtful
    found = []
    for method in (CREDIT, ORGANISATION):
        mine = coded["method"] == method
        found.append(_links(coded[mine & ~doubtful], method))
        if (unsure := mine & doubtful).any():
            found.append(_links(coded[unsure], method, state=TO_REVIEW, score=0.5, why=WHY["E252"]))
    for code, mask in (("E251", renamed), ("E252", doubtful), ("E317", by_part & ~doubtful)):
        if not mask.any():
            continue
        rows = coded[mask].set_index("parcel_id")
        problems.append(told_pairs(code, rows, parcels, enterprises, _both_names(rows, parcels, enterprises)))
    doubted = set(coded.loc[doubtful, "enterprise_id"])
    left = parcels.index.difference(pd.Index(coded["parcel_id"]))
    for method, note, keys in zip((NAME, FORMER), ("E304", "E312"), names, strict=True):
        pairs = _by_name(holder_keys, left, keys[keys["name_key"] != ""])
        if pairs.empty:
            continue
        several = pairs.groupby("parcel_id")["enterprise_id"].transform("nunique") > 1
        codes = pairs["parcel_id"].map(parcels["credit_code"])
        other = pairs["enterprise_id"].map(enterprises["credit_code"])
        clash = ~several & codes.notna() & other.notna() & (codes != other)
        held = ~several & ~clash & pairs["enterprise_id"].isin(doubted)
        sure = ~several & ~clash & ~held
        found.append(_links(pairs[sure], method))
        for code, mask in (("E303", several), ("E305", clash), ("E252", held), (note, sure)):
            if not mask.any():
                continue
            rows = pairs[mask].drop_duplicates("parcel_id").set_index("parcel_id")
            problems.append(
                issues.report(code, parcels.loc[rows.index, place], key=rows.index, raw=rows["name_key"])
            )
            if code in WHY:
                found.append(_links(pairs[mask], method, state=TO_REVIEW, score=0.5, why=WHY[code]))
        left = left.difference(pd.Index(pairs["parcel_id"]))
    return pd.concat(found, ignore_index=True), problems


def _is_old(codes: pd.Series) -> pd.Series:
    """Tell an old code of 15 or 9 characters: two credit codes that differ are two firms, whatever they share."""
    return codes.str.len() != 18


def _by_codes(own: pd.Series, theirs: pd.Series, method: str) -> pd.DataFrame:
    """Pair parcels with the one enterprise of the same code."""
    known = theirs.dropna().drop_duplicates(keep=False)
    left = own.dropna().rename("code").rename_axis("parcel_id").reset_index()
    right = known.rename("code").rename_axis("enterprise_id").reset_index()
    pairs = left.merge(right, on="code", validate="m:1")
    return pairs[["parcel_id", "enterprise_id"]].assign(method=method)


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


def _links(
    pairs: pd.DataFrame, method: str, *, state: str = AUTOMATIC, score: float = 1.0, why: str = ""
) -> pd.DataFrame:
    return (
        pairs[["parcel_id", "enterprise_id"]]
        .drop_duplicates()
        .assign(method=method, score=score, state=state, review_reason=why)
    )


def without_land(records: pd.DataFrame, linked: set[str]) -> pd.DataFrame:
    """Report every enterprise row that has no parcel, at the parcel code where it states one."""
    rows = records[records["enterprise_id"].notna() & ~records["enterprise_id"].isin(linked)]
    code = rows["parcel_code"].fillna("")
    is_named = (code != "") & (rows["sited_by"] == SITE)
    return issues.report(
        "E301",
        rows[list(SOURCE_COLUMNS)],
        column=is_named.map({True: label("parcel_code"), False: label("name")}),
        key=rows["enterprise_id"],
        raw=rows["name"].fillna("").mask(is_named, code),
    )


def matched_nothing(parcels: pd.DataFrame, enterprises: pd.DataFrame, links: pd.DataFrame) -> str:
    """Say in plain words that two lists do not meet at all, with examples of both; empty where they do."""
    if not len(enterprises) or not len(parcels) or links["state"].isin(TIED).any():
        return ""
    ours = "、".join(parcels["holder_name"].dropna().astype(str).head(3)) or "无权利人名称"
    theirs = "、".join(enterprises["name"].dropna().astype(str).head(3)) or "无企业名称"
    return (
        f"企业表的 {len(enterprises)} 家企业与 {len(parcels)} 宗地一家也没有对上，亩均指标全部未知，未据此认定任何低效用地。"
        f"宗地权利人如：{ours}；企业名称如：{theirs}。请核对是否为同一园区、同一时期的资料，或补充信用代码、宗地代码。"
    )
