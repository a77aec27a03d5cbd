"""Give what the offices wrote its parcel of this run: by id, by code, and by holder where a code stands twice."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from landeval import issues
from landeval.sources import SOURCE_COLUMNS
from landeval.vocabulary.names import name_key


class TiedReviews(NamedTuple):
    """``frame``: the reviews with ``parcel_id`` (None where this run has no such parcel), one row a parcel and step."""

    frame: pd.DataFrame
    issues: pd.DataFrame


def tie_reviews(reviews: pd.DataFrame, parcels: pd.DataFrame, notes: tuple[str, ...]) -> TiedReviews:
    """Find the parcel that each review speaks of.

    An id or code that one parcel has means that parcel, whoever holds it now. An id made of a row number, and a
    code that several parcels have, mean the one with the holder that was written beside.

    Parameters
    ----------
    reviews : DataFrame
        As made by ``tidy_reviews``.
    parcels : DataFrame
        Index ``parcel_id``; ``parcel_code``, ``holder_name``.
    notes : tuple of str
        Columns that hold the texts.

    Returns
    -------
    TiedReviews
        Of two reviews that turn out to be of one parcel and step the newest text of each column stands.
    """
    rows = reviews.reset_index(drop=True)
    if rows.empty:  # nobody is asked for
        parcels = parcels.iloc[:0]
    holder = rows["reviewed_holder"].map(name_key)
    by_id = rows["reviewed_parcel"].map(pd.Series(parcels.index, index=parcels.index, dtype="object"))
    coded = parcels["parcel_code"].dropna()
    single = coded.drop_duplicates(keep=False)
    by_code = rows["key"].map(pd.Series(single.index, index=single.to_numpy(), dtype="object"))
    code = rows["reviewed_code"].fillna(rows["reviewed_parcel"]).fillna("")
    by_code = by_code.where(by_code.notna(), code.map(dict(zip(single, single.index, strict=True))))
    held = pd.Series(parcels["holder_name"].map(name_key), index=parcels.index)
    shared = pd.DataFrame({"code": coded, "holder": held.reindex(coded.index), "parcel": coded.index})
    alone = shared[shared["holder"] != ""].drop_duplicates(["code", "holder"], keep=False)
    pairs = {(one, other): parcel for one, other, parcel in alone.itertuples(index=False, name=None)}
    by_both = pd.Series([pairs.get(pair) for pair in zip(code, holder, strict=True)], index=rows.index)
    unsure = by_id.notna() & by_code.isna() & (by_id.map(held).fillna("") != holder)
    found = by_code.where(by_code.notna(), by_id.mask(unsure)).where(
        by_code.notna() | by_both.isna(), by_both
    )
    several = found.isna() & code.isin(set(coded) - set(single))
    moved = found.notna() & (holder != "") & (found.map(held).fillna("") != holder)
    now = found.map(parcels["holder_name"]).fillna("不详")
    told = [
        _told("E685", rows[several]),
        _told("E683", rows[found.isna() & ~several]),
        _told("E684", rows[moved], rows["reviewed_holder"].fillna("").astype("str") + " → " + now),
    ]
    frame = _one_a_parcel(rows.assign(parcel_id=found.astype("object")), notes)
    frame["parcel_id"] = frame["parcel_id"].astype("object").where(frame["parcel_id"].notna(), None)
    return TiedReviews(frame, issues.gather(told))


def _told(code: str, rows: pd.DataFrame, detail: pd.Series | None = None) -> pd.DataFrame:
    said = rows["reviewed_holder"].fillna("") if detail is None else detail[rows.index]
    return issues.report(code, rows[list(SOURCE_COLUMNS)], detail=said, key=rows["key"])


def _one_a_parcel(rows: pd.DataFrame, notes: tuple[str, ...]) -> pd.DataFrame:
    order = rows.assign(is_new=rows["reviewed_on"].isna()).sort_values(
        ["is_new", "reviewed_on"], kind="stable"
    )
    by = [order["parcel_id"].fillna("?" + order["key"]), order["reviewed_action"]]
    texts = order[list(notes)].groupby(by).last()
    about = order.drop(columns=[*notes, "is_new"]).groupby(by, sort=True).tail(1)
    at = pd.MultiIndex.from_arrays([part[about.index] for part in by])
    joined = about.set_axis(at).join(texts, validate="1:1")
    return joined.sort_index().reset_index(drop=True)
