"""Put every parcel into the three levels by largest overlap; parcels in no zone keep a place of their own."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landeval import issues
from landeval.result import LEVELS
from landeval.sources import SOURCE_COLUMNS

PREFIXES = {"产业集群": "cluster", "产业基地": "base", "产业社区": "community"}
STRADDLE = 0.999
"""A parcel less than this inside its zone, or more than the rest inside another, straddles."""


class Placed(NamedTuple):
    """Columns for the parcels (index parcel_id), the zones completed, and issues."""

    columns: pd.DataFrame
    zones: gpd.GeoDataFrame
    issues: list[pd.DataFrame]


def place_by_polygons(parcels: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> Placed:
    """Assign by largest overlap at the finest level that covers a parcel; coarser levels by the parent code.

    Parameters
    ----------
    parcels : GeoDataFrame
        Index ``parcel_id``, EPSG:4490, null geometry allowed.
    zones : GeoDataFrame
        ``zone_level``, ``zone_code``, ``zone_name``, ``parent_code``, geometry in EPSG:4490.

    Returns
    -------
    Placed
        ``cluster_code/name``, ``base_code/name``, ``community_code/name``, ``zone_share``, ``is_straddling``.
    """
    problems = _orphans(zones)
    index = parcels.index
    code = {level: pd.Series(None, index=index, dtype="object") for level in LEVELS}
    share = pd.Series(np.nan, index=index)
    straddling = pd.Series(False, index=index)
    above = ancestors(zones)
    for level in reversed(LEVELS):
        left = code[level].isna()
        here = zones[(zones["zone_level"] == level) & zones.geometry.notna()]
        best, part, several = _largest_overlap(parcels.geometry[left], here)
        found = best[best.notna()].index
        code[level].loc[found] = best[found]
        fresh = found[share[found].isna()]
        share[fresh] = part[fresh]
        straddling[fresh] = several[fresh]
        for upper in LEVELS[: LEVELS.index(level)]:
            known = code[level].map(above[level, upper]).astype("object")
            code[upper] = code[upper].where(code[upper].notna(), known.where(known.notna(), None))
    columns = pd.DataFrame(index=index)
    for level in LEVELS:
        here = zones[zones["zone_level"] == level]
        names = dict(zip(here["zone_code"], here["zone_name"], strict=True))
        columns[f"{PREFIXES[level]}_code"] = code[level]
        named = code[level].map(names).astype("object")
        columns[f"{PREFIXES[level]}_name"] = named.where(code[level].notna(), None)
    columns["zone_share"] = share
    columns["is_straddling"] = straddling
    place = parcels[list(SOURCE_COLUMNS)]
    nowhere = columns[[f"{prefix}_code" for prefix in PREFIXES.values()]].isna().all(axis=1)
    drawn = parcels.geometry.notna()
    problems.append(issues.report("E501", place[nowhere & drawn], key=index[nowhere & drawn]))
    said = (
        "落入“"
        + columns["community_name"]
        .fillna(columns["base_name"])
        .fillna(columns["cluster_name"])
        .fillna("")
        .astype(str)
        + "” "
        + share.map("{:.1%}".format)
        + pd.Series("", index=index).where(share < STRADDLE, "，另有分区与之重叠")
    )
    problems.append(issues.report("E502", place[straddling], detail=said[straddling], key=index[straddling]))
    return Placed(columns, zones, problems)


def place_by_columns(parcels: gpd.GeoDataFrame) -> Placed:
    """Take the levels from the parcels' own columns; a zone is then drawn as the union of its parcels."""
    columns = pd.DataFrame(index=parcels.index)
    rows: list[dict[str, object]] = []
    upper: str | None = None
    for level in LEVELS:
        prefix = PREFIXES[level]
        name = (
            parcels[f"{prefix}_name"] if f"{prefix}_name" in parcels else pd.Series(None, index=parcels.index)
        )
        columns[f"{prefix}_code"] = columns[f"{prefix}_name"] = name.astype("object")
        pairs = pd.DataFrame({"zone": name, "parent": columns[f"{upper}_code"] if upper else None})
        for zone, parent in pairs[pairs["zone"].notna()].groupby("zone")["parent"].first().items():
            rows.append({"zone_level": level, "zone_code": zone, "zone_name": zone, "parent_code": parent})
        upper = prefix
    columns["zone_share"] = np.nan
    columns["is_straddling"] = False
    frame = pd.DataFrame(rows, columns=["zone_level", "zone_code", "zone_name", "parent_code"])
    outlines = [
        outline(parcels.geometry[columns[f"{PREFIXES[level]}_code"] == code])
        for level, code in zip(frame["zone_level"], frame["zone_code"], strict=True)
    ]
    zones = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(outlines, crs="EPSG:4490"), crs="EPSG:4490")
    return Placed(columns, zones, [])


def outline(shapes: gpd.GeoSeries) -> shapely.Geometry | None:
    """Return shapes as one; None where there is none."""
    drawn = shapes[shapes.notna()]
    return shapely.union_all(np.asarray(drawn, dtype=object)) if len(drawn) else None


def ancestors(zones: gpd.GeoDataFrame) -> dict[tuple[str, str], dict[str, str]]:
    """Map the zones of each level to their zone at each coarser level; a code means a zone of its own level only."""
    found: dict[tuple[str, str], dict[str, str]] = {(low, high): {} for low in LEVELS for high in LEVELS}
    rows = zones[["zone_level", "zone_code", "parent_code"]].itertuples(index=False)
    parents = {(level, code): parent for level, code, parent in rows if isinstance(parent, str)}
    known = set(zip(zones["zone_level"], zones["zone_code"], strict=True))
    for (level, code), parent in parents.items():
        at, above = level, parent
        while above:
            coarser = reversed(LEVELS[: LEVELS.index(at)])
            at = next((upper for upper in coarser if (upper, above) in known), "")
            if not at:
                break
            found[level, at].setdefault(code, above)
            above = parents.get((at, above), "")
    return found


def _orphans(zones: gpd.GeoDataFrame) -> list[pd.DataFrame]:
    """Report zones whose parent is at no coarser level."""
    lost = pd.Series(False, index=zones.index)
    for depth, level in enumerate(LEVELS):
        coarser = zones.loc[zones["zone_level"].isin(LEVELS[:depth]), "zone_code"]
        lost |= (zones["zone_level"] == level) & ~zones["parent_code"].isin(coarser)
    rows = zones[lost & zones["parent_code"].notna()]
    return [issues.report("E503", rows[list(SOURCE_COLUMNS)], raw=rows["parent_code"], key=rows["zone_code"])]


def _largest_overlap(
    shapes: gpd.GeoSeries, zones: gpd.GeoDataFrame
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return zone code, share of the parcel in it, and whether it straddles; ties go to the smaller code."""
    index = shapes.index
    code = pd.Series(None, index=index, dtype="object")
    share = pd.Series(np.nan, index=index)
    several = pd.Series(False, index=index)
    drawn = np.flatnonzero(shapes.notna())
    if not len(drawn) or not len(zones):
        return code, share, several
    polygons, areas = np.asarray(shapes)[drawn], np.asarray(zones.geometry)
    size = shapely.area(polygons)
    tree = shapely.STRtree(areas)
    shapely.prepare(areas)
    one, other = tree.query(polygons, predicate="intersects")
    inside = shapely.covers(areas[other], polygons[one])
    part = np.ones(len(one))
    rest = np.flatnonzero(~inside)
    part[rest] = shapely.area(shapely.intersection(polygons[one[rest]], areas[other[rest]])) / size[one[rest]]
    pairs = pd.DataFrame({"at": one, "code": np.asarray(zones["zone_code"])[other], "part": part})
    pieces = pairs.groupby(["at", "code"])[["part"]].sum()  # one zone may be drawn in several
    pairs = pieces.clip(upper=1.0).round(9).reset_index()
    pairs = pairs[pairs["part"] > 1e-6].sort_values(["at", "part", "code"], ascending=[True, False, True])
    best = pairs.drop_duplicates("at")
    ids = index[drawn[best["at"]]]
    code[ids], share[ids] = best["code"].to_numpy(), best["part"].to_numpy()
    count = pairs[pairs["part"] > 1 - STRADDLE].groupby("at").size().reindex(best["at"]).fillna(0).to_numpy()
    several[ids] = (count > 1) | (best["part"].to_numpy() < STRADDLE)
    return code, share, several
