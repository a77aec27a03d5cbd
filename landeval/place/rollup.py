"""Roll parcels up to communities, bases, clusters and the park: sums of land, floor and money, counts by class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landeval.errors import InternalError
from landeval.place.split import whole_parts, with_parts
from landeval.result import LEVELS, MONEY, OUTSIDE, STATUSES, TIED

PARK = "园区"
WHOLE_PARK = "全园区"
"""Stands where a zone has its code."""
COUNTS = (*(f"parcels_{status}" for status in STATUSES), "zone_parcels", "zone_enterprises")
FLOOR = "floor_area_m2"
GROUPS, UNKNOWN = ("land_use", "industry_group"), "未知"
"""Columns of the parcels that zones are grouped by beside the class, and what stands for a blank."""
KNOWN = {
    **{name: f"area_known_{name.removesuffix('_wan_yuan')}_mu" for name in MONEY},
    FLOOR: "area_known_floor_mu",
}
"""Land whose figure is known, of each figure."""
SUMMED = (
    "zone_parcels",
    "area_mu",
    *(name for pair in KNOWN.items() for name in pair),
    *(f"parcels_{status}" for status in STATUSES),
)


class Level(NamedTuple):
    """Parts of one level, ready to be summed.

    Attributes
    ----------
    rows : DataFrame
        One row a part: ``zone`` (code, or the bucket 不在任何…), ``SUMMED``, and what the caller groups by.
    held : DataFrame
        ``place`` (of the row), ``enterprise_id`` of tied pairs.
    """

    rows: pd.DataFrame
    held: pd.DataFrame


def roll_up(levels: Mapping[str, Level], zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Sum land, floor and money by zone; at every level the zones and the 不在任何… bucket add up to the park.

    Land with unknown money is not in the ratio's denominator: ``area_known_*_mu`` is the land whose figure is
    known, so that unknown counts neither as zero nor as good. Money of a parcel without any area (E219) is in
    no zone's sum, since it could be set against no land; it stands in the ledger. Parcels and classes are
    counted in one zone, that of largest overlap, even where land and money are split.

    Parameters
    ----------
    levels : Mapping
        Of ``by_level``.
    zones : GeoDataFrame
        As placed.

    Returns
    -------
    GeoDataFrame
        In order park, clusters, bases, communities; ratios are added by the caller.

    Raises
    ------
    InternalError
        A parcel in a zone that the layout does not have.
    """
    park = sums(levels[PARK], [])
    has_industry = "leading_industry" in zones.columns
    tables = [park.assign(zone_level=PARK, zone_name=WHOLE_PARK, parent_code=None)]
    for level in LEVELS:
        known = zones[zones["zone_level"] == level]
        outside = OUTSIDE.format(level=level)
        found = sums(levels[level], [])
        listed = known["zone_code"].drop_duplicates()
        order = [*listed, *([outside] if outside in found.index else [])]
        if not found.index.isin(order).all():
            raise InternalError(
                f"{level}汇总不平：有宗地落入布局图中没有的分区",
                where="、".join(map(str, found.index.difference(order))),
                remedy="请把资料和本信息一并反馈给开发人员",
                code="E904",
            )
        empty = ~pd.Index(order).isin(
            found.index
        )  # nobody's land is there: none, while that of unknown land is unknown
        found = found.reindex(order)
        found[list(COUNTS)] = found[list(COUNTS)].fillna(0)
        found.loc[empty, "area_mu"] = 0.0
        names = dict(zip(known["zone_code"], known["zone_name"], strict=True))
        above = dict(zip(known["zone_code"], known["parent_code"], strict=True))
        found = found.assign(
            zone_level=level,
            zone_name=[names.get(code, code) for code in found.index],
            parent_code=pd.Series(above, dtype="object").reindex(found.index),
        )
        if has_industry:
            said = known.groupby("zone_code")["leading_industry"].first()
            found = found.assign(leading_industry=said.astype("object").reindex(found.index))
        tables.append(found)
    table = pd.concat(tables).rename_axis("zone_code").reset_index()
    shapes = _outlines(zones)
    at = pd.MultiIndex.from_frame(table[["zone_level", "zone_code"]])
    geometry = gpd.GeoSeries(shapes.reindex(at).to_numpy(), crs="EPSG:4490")
    table[list(COUNTS)] = table[list(COUNTS)].astype("int64")
    leading = ["zone_level", "zone_code", "zone_name", "parent_code"]
    if has_industry:
        table["leading_industry"] = (
            table["leading_industry"].astype("object").where(table["leading_industry"].notna(), None)
        )
        leading.append("leading_industry")
    return gpd.GeoDataFrame(
        table[[*leading, *table.columns.difference(leading, sort=False)]], geometry=geometry, crs="EPSG:4490"
    )


def by_level(
    parcels: pd.DataFrame,
    status: pd.Series,
    links: pd.DataFrame,
    parts: Mapping[str, pd.DataFrame] | None = None,
) -> dict[str, Level]:
    """Return the parts of the park and of each level, with what is summed of them and what they are grouped by.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; ``area_mu``, ``floor_area_m2``, ``MONEY`` [万元], ``GROUPS``, zone codes.
    status : Series
        Class of each parcel.
    links : DataFrame
        ``parcel_id``, ``enterprise_id``, ``state``.
    parts : Mapping, optional
        Parts of parcels by level, as made by ``split_parts``; by default each parcel is whole in its zone.
    """
    floor = parcels[FLOOR] if FLOOR in parcels else pd.Series(float("nan"), index=parcels.index)
    frame = pd.DataFrame(parcels[["area_mu", *MONEY, *GROUPS]]).assign(**{FLOOR: floor, "status": status})
    frame[list(GROUPS)] = frame[list(GROUPS)].astype("object").where(frame[list(GROUPS)].notna(), UNKNOWN)
    whole = frame.assign(parcel_id=frame.index, zone=WHOLE_PARK, is_main=True, share=1.0).reset_index(
        drop=True
    )
    found = {PARK: whole}
    for level, part in (whole_parts(parcels) if parts is None else parts).items():
        rows = with_parts(frame, part)
        found[level] = rows.assign(
            zone=rows["zone_code"].where(rows["zone_code"].notna(), OUTSIDE.format(level=level))
        )
    tied = links.loc[links["state"].isin(TIED), ["parcel_id", "enterprise_id"]].drop_duplicates()
    return {level: _ready(found[level], tied) for level in (PARK, *LEVELS)}


def _ready(rows: pd.DataFrame, tied: pd.DataFrame) -> Level:
    """Leave out figures that could be set against no land, and count each parcel where most of it lies."""
    main = rows["is_main"].to_numpy(dtype=bool)
    land = rows["area_mu"].to_numpy(dtype="float64", na_value=np.nan)
    more: dict[str, npt.NDArray[Any]] = {"zone_parcels": main.astype("int64")}
    for name, of in KNOWN.items():
        figure = rows[name].to_numpy(dtype="float64", na_value=np.nan)
        known = ~np.isnan(figure) & ~np.isnan(land)
        more[name], more[of] = np.where(known, figure, np.nan), np.where(known, land, 0.0)
    codes = pd.Categorical(rows["status"], STATUSES).codes
    more |= {
        f"parcels_{name}": ((codes == number) & main).astype("int64") for number, name in enumerate(STATUSES)
    }
    rest = rows.drop(columns=[name for name in more if name in rows])
    ready = pd.concat([rest, pd.DataFrame(more, index=rows.index)], axis=1)
    places = pd.DataFrame({"parcel_id": rows["parcel_id"], "place": range(len(rows))})[main]
    return Level(ready, places.merge(tied, on="parcel_id")[["place", "enterprise_id"]])


def sums(level: Level, by: list[str]) -> pd.DataFrame:
    """Sum the parts of one level by zone: land, floor and money with the land whose figure is known; parcels, classes and enterprises.

    Parameters
    ----------
    level : Level
    by : list of str
        Columns of its rows to group by within a zone. An enterprise counts once in every group it has land in.
    """
    grouped = level.rows.groupby(["zone", *by] if by else "zone", sort=True)
    table, number = grouped[list(SUMMED)].sum(min_count=1), grouped.ngroup().to_numpy()
    table[list(MONEY)] = table[list(MONEY)].round(6)
    held = pd.DataFrame(
        {"number": number[level.held["place"]], "enterprise_id": level.held["enterprise_id"].to_numpy()}
    )
    count = held.drop_duplicates()["number"].value_counts()
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
