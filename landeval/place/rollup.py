"""Roll parcels up to communities, bases, clusters and the park: sums of land and money, counts by class."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from landeval.errors import InternalError
from landeval.place.assign import PREFIXES
from landeval.result import LEVELS, MONEY, OUTSIDE, STATUSES, TIED

PARK = "园区"
COUNTS = (*(f"parcels_{status}" for status in STATUSES), "zone_parcels", "zone_enterprises")


def roll_up(
    parcels: pd.DataFrame, status: pd.Series, zones: gpd.GeoDataFrame, links: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Sum land and money by zone; at every level the zones and the 不在任何… bucket add up to the park.

    Land with unknown money is not in the ratio's denominator: ``area_known_*_mu`` is the land whose figure is
    known, so that unknown counts neither as zero nor as good. Money of a parcel without any area (E219) is in
    no zone's sum, since it could be set against no land; it stands in the ledger.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; ``area_mu``, ``MONEY`` [万元], zone codes.
    status : Series
        Class of each parcel.
    zones : GeoDataFrame
        As placed.
    links : DataFrame
        For the number of enterprises.

    Returns
    -------
    GeoDataFrame
        In order park, clusters, bases, communities; ratios are added by the caller.

    Raises
    ------
    InternalError
        A parcel in a zone that the layout does not have.
    """
    frame = parcels[["area_mu", *MONEY, *(f"{prefix}_code" for prefix in PREFIXES.values())]].assign(
        status=status
    )
    firms = links.loc[links["state"].isin(TIED), ["parcel_id", "enterprise_id"]]
    parts = [
        _sums(frame, pd.Series("ALL", index=frame.index), firms).assign(
            zone_level=PARK, zone_name="全园区", parent_code=None
        )
    ]
    for level in LEVELS:
        known = zones[zones["zone_level"] == level]
        outside = OUTSIDE.format(level=level)
        key = frame[f"{PREFIXES[level]}_code"]
        sums = _sums(frame, key.where(key.notna(), outside), firms)
        listed = known["zone_code"].drop_duplicates()
        order = [*listed, *([outside] if outside in sums.index else [])]
        if not sums.index.isin(order).all():
            raise InternalError(
                f"{level}汇总不平：有宗地落入布局图中没有的分区",
                where="、".join(map(str, sums.index.difference(order))),
                remedy="请把资料和本信息一并反馈给开发人员",
                code="E904",
            )
        sums = sums.reindex(order)
        sums[list(COUNTS)] = sums[list(COUNTS)].fillna(0)
        sums["area_mu"] = sums["area_mu"].fillna(0.0)
        names = dict(zip(known["zone_code"], known["zone_name"], strict=True))
        above = dict(zip(known["zone_code"], known["parent_code"], strict=True))
        parts.append(
            sums.assign(
                zone_level=level,
                zone_name=[names.get(code, code) for code in sums.index],
                parent_code=pd.Series(above, dtype="object").reindex(sums.index),
            )
        )
    table = pd.concat(parts).rename_axis("zone_code").reset_index()
    shapes = _outlines(zones)
    at = pd.MultiIndex.from_frame(table[["zone_level", "zone_code"]])
    geometry = gpd.GeoSeries(shapes.reindex(at).to_numpy(), crs="EPSG:4490")
    table[list(COUNTS)] = table[list(COUNTS)].astype("int64")
    leading = ["zone_level", "zone_code", "zone_name", "parent_code"]
    return gpd.GeoDataFrame(
        table[[*leading, *table.columns.difference(leading, sort=False)]], geometry=geometry, crs="EPSG:4490"
    )


def _outlines(zones: gpd.GeoDataFrame) -> pd.Series:
    """Return each zone's shape; a zone drawn in several records is one shape."""
    keys = ["zone_level", "zone_code"]
    single = zones.drop_duplicates(keys).set_index(keys).geometry
    pieces = zones[zones.duplicated(keys, keep=False) & zones.geometry.notna()]
    shapes = pd.Series(single.to_numpy(), index=single.index, dtype="object")
    for key, rows in pieces.groupby(keys):
        shapes[key] = shapely.union_all(rows.geometry.to_numpy())
    return shapes


def _sums(frame: pd.DataFrame, key: pd.Series, firms: pd.DataFrame) -> pd.DataFrame:
    grouped = frame.groupby(key, sort=True)
    table = pd.DataFrame({"zone_parcels": grouped.size(), "area_mu": grouped["area_mu"].sum(min_count=1)})
    for name in MONEY:
        known = frame[name].notna() & frame["area_mu"].notna()
        by_zone = frame[known].groupby(key[known])
        short = name.removesuffix("_wan_yuan")
        table[name] = by_zone[name].sum().round(6)
        table[f"area_known_{short}_mu"] = by_zone["area_mu"].sum()
        table[f"area_known_{short}_mu"] = table[f"area_known_{short}_mu"].fillna(0.0)
    zone_of = firms["parcel_id"].map(key)
    table["zone_enterprises"] = (
        firms.groupby(zone_of)["enterprise_id"].nunique().reindex(table.index).fillna(0)
    )
    counts = pd.crosstab(key, frame["status"]).reindex(columns=list(STATUSES), fill_value=0)
    return table.join(counts.add_prefix("parcels_"))
