"""Roll parcels up to communities, bases, clusters and the park: sums of land, floor and money, counts by class."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
import shapely

from landeval.errors import InternalError
from landeval.place.split import whole_parts, with_parts
from landeval.result import LEVELS, MONEY, OUTSIDE, STATUSES, TIED

PARK = "园区"
COUNTS = (*(f"parcels_{status}" for status in STATUSES), "zone_parcels", "zone_enterprises")
FLOOR = "floor_area_m2"


def roll_up(
    parcels: pd.DataFrame,
    status: pd.Series,
    zones: gpd.GeoDataFrame,
    links: pd.DataFrame,
    parts: Mapping[str, pd.DataFrame] | None = None,
) -> gpd.GeoDataFrame:
    """Sum land, floor and money by zone; at every level the zones and the 不在任何… bucket add up to the park.

    Land with unknown money is not in the ratio's denominator: ``area_known_*_mu`` is the land whose figure is
    known, so that unknown counts neither as zero nor as good. Money of a parcel without any area (E219) is in
    no zone's sum, since it could be set against no land; it stands in the ledger. Parcels and classes are
    counted in one zone, that of largest overlap, even where land and money are split.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; ``area_mu``, ``floor_area_m2``, ``MONEY`` [万元], zone codes.
    status : Series
        Class of each parcel.
    zones : GeoDataFrame
        As placed.
    links : DataFrame
        For the number of enterprises.
    parts : Mapping, optional
        Parts of parcels by level, as made by ``split_parts``; by default each parcel is whole in its zone.

    Returns
    -------
    GeoDataFrame
        In order park, clusters, bases, communities; ratios are added by the caller.

    Raises
    ------
    InternalError
        A parcel in a zone that the layout does not have.
    """
    frame = rolled_columns(parcels, status)
    firms = links.loc[links["state"].isin(TIED), ["parcel_id", "enterprise_id"]]
    everything = frame.assign(parcel_id=frame.index, zone="ALL", is_main=True).reset_index(drop=True)
    tables = [
        sums(everything, everything["zone"], firms).assign(
            zone_level=PARK, zone_name="全园区", parent_code=None
        )
    ]
    for level, rows in by_level(frame, parcels, parts).items():
        known = zones[zones["zone_level"] == level]
        outside = OUTSIDE.format(level=level)
        found = sums(rows, rows["zone"], firms)
        listed = known["zone_code"].drop_duplicates()
        order = [*listed, *([outside] if outside in found.index else [])]
        if not found.index.isin(order).all():
            raise InternalError(
                f"{level}汇总不平：有宗地落入布局图中没有的分区",
                where="、".join(map(str, found.index.difference(order))),
                remedy="请把资料和本信息一并反馈给开发人员",
                code="E904",
            )
        found = found.reindex(order)
        found[list(COUNTS)] = found[list(COUNTS)].fillna(0)
        found["area_mu"] = found["area_mu"].fillna(0.0)
        names = dict(zip(known["zone_code"], known["zone_name"], strict=True))
        above = dict(zip(known["zone_code"], known["parent_code"], strict=True))
        tables.append(
            found.assign(
                zone_level=level,
                zone_name=[names.get(code, code) for code in found.index],
                parent_code=pd.Series(above, dtype="object").reindex(found.index),
            )
        )
    table = pd.concat(tables).rename_axis("zone_code").reset_index()
    shapes = _outlines(zones)
    at = pd.MultiIndex.from_frame(table[["zone_level", "zone_code"]])
    geometry = gpd.GeoSeries(shapes.reindex(at).to_numpy(), crs="EPSG:4490")
    table[list(COUNTS)] = table[list(COUNTS)].astype("int64")
    leading = ["zone_level", "zone_code", "zone_name", "parent_code"]
    return gpd.GeoDataFrame(
        table[[*leading, *table.columns.difference(leading, sort=False)]], geometry=geometry, crs="EPSG:4490"
    )


def rolled_columns(parcels: pd.DataFrame, status: pd.Series, *more: str) -> pd.DataFrame:
    """Return what is rolled up of each parcel: land, floor, money, class, and other columns by name."""
    floor = parcels[FLOOR] if FLOOR in parcels else pd.Series(float("nan"), index=parcels.index)
    return pd.DataFrame(parcels[["area_mu", *MONEY, *more]]).assign(**{FLOOR: floor, "status": status})


def by_level(
    frame: pd.DataFrame, parcels: pd.DataFrame, parts: Mapping[str, pd.DataFrame] | None
) -> dict[str, pd.DataFrame]:
    """Return each level's parts with their figures; ``zone`` is the code, or the bucket 不在任何…."""
    found = {}
    for level, part in (whole_parts(parcels) if parts is None else parts).items():
        rows = with_parts(frame, part)
        found[level] = rows.assign(
            zone=rows["zone_code"].where(rows["zone_code"].notna(), OUTSIDE.format(level=level))
        )
    return {level: found[level] for level in LEVELS}


def sums(rows: pd.DataFrame, key: pd.Series | list[pd.Series], firms: pd.DataFrame) -> pd.DataFrame:
    """Sum parts by a key: land, floor and money with the land whose figure is known; parcels, classes and enterprises.

    Parameters
    ----------
    rows : DataFrame
        Parts of one level, as made by ``by_level``.
    key : Series or list of Series
        Index of ``rows``.
    firms : DataFrame
        ``parcel_id``, ``enterprise_id`` of tied pairs: an enterprise counts once in every zone it has land in.
    """
    keys = key if isinstance(key, list) else [key]
    main = rows["is_main"].to_numpy(dtype=bool)
    columns: dict[str, pd.Series] = {
        "zone_parcels": rows["is_main"].astype("int64"),
        "area_mu": rows["area_mu"],
    }
    for name in (*MONEY, FLOOR):
        known = rows[name].notna() & rows["area_mu"].notna()
        short = "floor" if name == FLOOR else name.removesuffix("_wan_yuan")
        columns[name] = rows[name].where(known)
        columns[f"area_known_{short}_mu"] = rows["area_mu"].where(known, 0.0)
    columns |= {f"parcels_{name}": ((rows["status"] == name) & main).astype("int64") for name in STATUSES}
    grouped = pd.DataFrame(columns).groupby(keys, sort=True)
    table, number = grouped.sum(min_count=1), grouped.ngroup()
    table[list(MONEY)] = table[list(MONEY)].round(6)
    held = pd.DataFrame({"parcel_id": rows["parcel_id"], "number": number})[main].merge(firms, on="parcel_id")
    count = held[["number", "enterprise_id"]].drop_duplicates()["number"].value_counts()
    table["zone_enterprises"] = count.reindex(range(len(table)), fill_value=0).to_numpy()
    return table


def _outlines(zones: gpd.GeoDataFrame) -> pd.Series:
    """Return each zone's shape; a zone drawn in several records is one shape."""
    keys = ["zone_level", "zone_code"]
    single = zones.drop_duplicates(keys).set_index(keys).geometry
    pieces = zones[zones.duplicated(keys, keep=False) & zones.geometry.notna()]
    shapes = pd.Series(single.to_numpy(), index=single.index, dtype="object")
    for key, rows in pieces.groupby(keys):
        shapes[key] = shapely.union_all(rows.geometry.to_numpy())
    return shapes
