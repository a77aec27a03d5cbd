"""What the land of each zone consists of: by land use, industry group, class, and grade of the enterprises."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from landeval.place.rollup import UNKNOWN, Level, sums
from landeval.result import TIED

KINDS = {"土地用途": "land_use", "产业门类": "industry_group", "评价结论": "status"}
"""Structure by a column of the parcels."""
GRADES = "企业等级"


def structure(
    levels: Mapping[str, Level], zones: gpd.GeoDataFrame, links: pd.DataFrame, grades: pd.DataFrame
) -> pd.DataFrame:
    """Roll up every zone by every kind of structure; within a zone and kind the items add up to the zone.

    Parameters
    ----------
    levels : Mapping
        Of ``by_level``.
    zones : GeoDataFrame
        As rolled up: names and order.
    links : DataFrame
        With ``state`` and ``share``.
    grades : DataFrame
        ``enterprise_id``, ``enterprise_grade``, ``grade_state``; empty where nobody is graded.

    Returns
    -------
    DataFrame
        ``zone_level``, ``zone_code``, ``zone_name``, ``structure_kind``, ``structure_item``, then the columns of
        ``roll_up``. An enterprise of several zones counts in each, its land by its share of their parcels.
    """
    tied = links[links["state"].isin(TIED)]
    tables = []
    for level, rolled in levels.items():
        for kind, column in KINDS.items():
            tables.append(_labelled(sums(rolled, [column]), level, kind))
        if len(grades):
            tables.append(_labelled(_by_grade(rolled.rows, tied, grades), level, GRADES))
    whole = pd.concat(tables, ignore_index=True)
    names = zones.drop_duplicates(["zone_level", "zone_code"]).set_index(["zone_level", "zone_code"])[
        "zone_name"
    ]
    at = pd.MultiIndex.from_frame(whole[["zone_level", "zone_code"]])
    order = pd.Series(range(len(names)), index=names.index).reindex(at).to_numpy()
    kinds = whole["structure_kind"].map({kind: number for number, kind in enumerate([*KINDS, GRADES])})
    whole.insert(2, "zone_name", names.reindex(at).to_numpy())
    last = whole["structure_item"] == UNKNOWN
    ranked = whole.assign(order=order, kinds=kinds, last=last)
    ranked = ranked.sort_values(["order", "kinds", "last", "structure_item"], kind="stable")
    return ranked.drop(columns=["order", "kinds", "last"]).reset_index(drop=True)


def _labelled(found: pd.DataFrame, level: str, kind: str) -> pd.DataFrame:
    table = found.rename_axis(["zone_code", "structure_item"]).reset_index()
    table.insert(0, "zone_level", level)
    table.insert(2, "structure_kind", kind)
    return table


def _by_grade(rows: pd.DataFrame, tied: pd.DataFrame, grades: pd.DataFrame) -> pd.DataFrame:
    """Count the enterprises of each grade in each zone, with their land there; the ungraded by their state."""
    shown = grades["enterprise_grade"].where(grades["enterprise_grade"] != "", grades["grade_state"])
    grade_of = pd.Series(shown.to_numpy(), index=grades["enterprise_id"])
    held = rows[["parcel_id", "zone", "area_mu", "is_main"]].merge(
        tied[["parcel_id", "enterprise_id", "share"]], on="parcel_id"
    )
    held = held.assign(
        grade=held["enterprise_id"].map(grade_of).fillna(UNKNOWN), land=held["area_mu"] * held["share"]
    )
    by, main = held.groupby(["zone", "grade"]), held[held["is_main"]].groupby(["zone", "grade"])
    count = main["enterprise_id"].nunique()
    land = by["land"].sum(min_count=1)
    return pd.DataFrame({"zone_enterprises": count.reindex(land.index, fill_value=0), "area_mu": land})
