"""Pair the holders that no key has found with enterprises of near names: to review, unless the user set a threshold."""

from __future__ import annotations

import pandas as pd

from landeval.link.keys import AUTOMATIC, NEAR, TO_REVIEW, Keys, told_pairs
from landeval.link.near import near_names

NEAR_ENOUGH, NEAR_MOST = 0.7, 3
"""Near names are shown for review from this score, so many for one holder."""
NEAR_IN_SPITE = 0.9
"""Where both credit codes are known and differ, only names as near as this leave a doubt."""


def by_near_name(
    parcels: pd.DataFrame,
    enterprises: pd.DataFrame,
    keys: Keys,
    found: pd.Series,
    threshold: float | None,
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Pair the holders that nothing else has found with enterprises of near names, present or former."""
    left = keys.holders[(keys.holders != "") & ~keys.holders.index.isin(found)]
    once = left.drop_duplicates()
    called = keys.called
    names = called.loc[called["name_key"] != "", ["enterprise_id", "name_key"]].drop_duplicates(
        ignore_index=True
    )
    pairs = near_names(once, names["name_key"], at_least=NEAR_ENOUGH, most=NEAR_MOST)
    pairs = pairs.assign(
        name_key=pairs["left"].map(once).astype("object"),
        enterprise_id=pairs["right"].map(names["enterprise_id"]).astype("object"),
    )
    pairs = pairs.sort_values(["score", "reason"], ascending=[False, True]).drop_duplicates(
        ["name_key", "enterprise_id"]
    )
    holders = pd.DataFrame({"parcel_id": left.index, "name_key": left.to_numpy()})
    every = holders.merge(
        pairs[["name_key", "enterprise_id", "score", "reason"]], on="name_key", validate="m:m"
    )
    own, theirs = (
        frame[column].map(source["credit_code"])
        for frame, column, source in ((every, "parcel_id", parcels), (every, "enterprise_id", enterprises))
    )
    clash = own.notna() & theirs.notna() & (own != theirs)
    doubted = ~clash | (every["score"] >= NEAR_IN_SPITE)
    every, clash = every[doubted], clash[doubted]
    reason = every["reason"].where(~clash, every["reason"] + "；信用代码不同")
    taken = _best_of_both(every) & ~clash & (every["score"] >= (2 if threshold is None else threshold))
    links = every[["parcel_id", "enterprise_id", "score"]].assign(
        method=NEAR,
        state=taken.map({True: AUTOMATIC, False: TO_REVIEW}),
        review_reason=reason.mask(taken, ""),
    )
    told = []
    for code, mask in (
        ("E316", taken),
        ("E318", ~taken & ~every["parcel_id"].isin(every.loc[taken, "parcel_id"])),
    ):
        rows = every.assign(why=reason)[mask].drop_duplicates("parcel_id").set_index("parcel_id")
        told.append(told_pairs(code, rows, parcels, enterprises, rows["why"]))
    return links, told


def _best_of_both(pairs: pd.DataFrame) -> pd.Series:
    """Tell the pairs in which each name is the other's one best."""
    best = pd.Series(True, index=pairs.index)
    for column in ("name_key", "enterprise_id"):
        top = pairs.groupby(column)["score"].transform("max") == pairs["score"]
        rivals = pairs[top].drop_duplicates(["name_key", "enterprise_id"])[column].value_counts()
        best &= top & (pairs[column].map(rivals) == 1)
    return best
