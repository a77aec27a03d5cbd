"""Blocks (连片) across the borders of units: only candidates near a border of units are looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landeval.measure.footprints import only
from landeval.place.blocks import barrier_areas, components, described, neighbours
from landeval.read.part import read_shapes
from landeval.tidy.geometry import planar

Shapes = npt.NDArray[np.object_]

UNIT = "unit_name"
MEMBER = ["unit_name", "block_code", "province_block_code"]
_DEGREE_M = 80_000.0
"""A degree is no shorter than this anywhere in the country south of 44° N; north of it a little less, see ``_reach``."""
_COLUMNS = ["parcel_id", "parcel_code", "holder_name", "area_mu", "community_name", "status", "route"]


def joined_blocks(
    parts: Mapping[str, Path], *, gap_m: float, min_mu: float
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return the blocks of all units, those that meet across a border as one, and which unit's block went into which.

    What lies together within a unit was found there. Across a border the same test is made: no more than ``gap_m``
    between, and no road or river of either unit. A block that meets none of another unit stays as it is.

    Parameters
    ----------
    parts : Mapping
        Unit → folder of its part.
    gap_m, min_mu : float
        As of the units.

    Returns
    -------
    GeoDataFrame, DataFrame
        One row a block, largest first, with ``unit_name`` (several joined by 、); and ``MEMBER``.
    """
    tables = [read_shapes(folder, "blocks") for folder in parts.values()]
    every = [frame.assign(**{UNIT: unit}) for unit, (frame, _) in zip(parts, tables, strict=True)]
    alone = pd.concat(every, ignore_index=True)
    shapes = np.concatenate([drawn for _, drawn in tables]) if tables else np.empty(0, dtype=object)
    if alone.empty:
        empty = gpd.GeoDataFrame(alone.assign(unit_blocks=[]), geometry=gpd.GeoSeries([], crs="EPSG:4490"))
        return empty, pd.DataFrame(columns=MEMBER)
    alone = alone.assign(unit_blocks=alone["block_code"])
    at = {key: row for row, key in enumerate(zip(alone[UNIT], alone["block_code"], strict=True))}
    one, other = _across(parts, at, alone, shapes, gap_m)
    root = components(len(alone), one, other)
    meets = np.bincount(root, minlength=len(alone))[root] > 1
    whole = gpd.GeoDataFrame(
        alone[~meets], geometry=gpd.GeoSeries(shapes[~meets], index=alone.index[~meets], crs="EPSG:4490")
    )
    whole = whole.assign(root=root[~meets])
    if meets.any():
        whole = pd.concat([whole, _together(parts, alone[meets], root, at, gap_m, min_mu)], ignore_index=True)
    size = whole["area_mu"].astype("float64").fillna(0.0).round(6)
    ranked = whole.assign(size=size).sort_values(
        ["size", "block_drawn_mu", UNIT, "unit_blocks"], ascending=[False, False, True, True]
    )
    ranked = ranked.assign(block_code=[f"LP{number:04d}" for number in range(1, len(ranked) + 1)])
    code_of = dict(zip(ranked["root"], ranked["block_code"], strict=True))
    members = alone[[UNIT, "block_code"]].assign(province_block_code=[code_of[one] for one in root.tolist()])
    blocks = ranked.drop(columns=["root", "size"]).reset_index(drop=True)
    leading = [UNIT, "block_code", "unit_blocks"]
    blocks = blocks[[*leading, *(name for name in blocks.columns if name not in leading)]]
    return gpd.GeoDataFrame(blocks, geometry="geometry", crs="EPSG:4490"), members


def _reach(shapes: Shapes, gap_m: float) -> float:
    """Return a distance in degrees that is certainly more than the gap, as far north as the shapes lie."""
    _, south, _, north = shapely.total_bounds(shapes)
    widest = max(abs(south), abs(north))
    return float((gap_m + 1.0) / (_DEGREE_M * min(1.0, np.cos(np.radians(min(widest, 85.0))) / 0.75)))


def _across(
    parts: Mapping[str, Path],
    at: Mapping[tuple[str, str], int],
    alone: pd.DataFrame,
    shapes: Shapes,
    gap_m: float,
) -> tuple[Any, Any]:
    """Return the pairs of unit blocks that lie together across a border, by their rows."""
    nothing = np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    drawn = ~shapely.is_missing(shapes)
    if not drawn.any():
        return nothing
    reach = _reach(shapes[drawn], gap_m)
    unit = alone[UNIT].to_numpy(dtype=object)
    near = shapely.STRtree(shapes)
    one, other = near.query(_grown(shapes, reach))
    differ = unit[one] != unit[other]
    wanted = set(one[differ].tolist()) | set(other[differ].tolist())
    if not wanted:
        return nothing
    blocks = {(unit[row], alone["block_code"].iloc[row]) for row in wanted}
    members, land = _members(parts, blocks)
    owner = members[UNIT].to_numpy(dtype=object)
    first, second = shapely.STRtree(land).query(_grown(land, reach))
    apart = owner[first] != owner[second]
    kept = np.unique(np.concatenate([first[apart], second[apart]]))
    if not len(kept):
        return nothing
    members, land = members.iloc[kept], land[kept]
    lines, width = _barriers(parts, set(members[UNIT]), land, reach)
    flat, roads = planar(land, lines)
    first, second, _ = neighbours(flat, barrier_areas(roads, width), gap_m)
    rows = np.array(
        [at[key] for key in zip(members[UNIT], members["block_code"], strict=True)], dtype=np.intp
    )
    apart = members[UNIT].to_numpy()[first] != members[UNIT].to_numpy()[second]
    return rows[first[apart]], rows[second[apart]]


def _grown(shapes: Shapes, reach: float) -> Shapes:
    """Return the boxes around shapes, larger by a distance in degrees; None stays None."""
    west, south, east, north = shapely.bounds(shapes).T
    boxes = np.asarray(shapely.box(west - reach, south - reach, east + reach, north + reach), dtype=object)
    boxes[shapely.is_missing(shapes)] = None
    return boxes


def _members(parts: Mapping[str, Path], blocks: set[tuple[str, str]]) -> tuple[pd.DataFrame, Shapes]:
    """Return the parcels of some unit blocks, with their shapes; unit by unit, so that memory stays flat."""
    tables, drawn = [], []
    for unit, folder in parts.items():
        mine = {code for name, code in blocks if name == unit}
        if not mine:
            continue
        frame, shapes = read_shapes(folder, "parcels")
        chosen = frame["block_code"].isin(mine).to_numpy()
        tables.append(frame.loc[chosen, [*_COLUMNS, "block_code"]].assign(**{UNIT: unit}))
        drawn.append(only(shapes, chosen)[chosen])
    return pd.concat(tables, ignore_index=True), np.concatenate(drawn)


def _barriers(parts: Mapping[str, Path], units: set[str], land: Shapes, reach: float) -> tuple[Shapes, Any]:
    """Return the roads and rivers near the land, of every unit that has some of it, and their width [m]."""
    found, width = [np.empty(0, dtype=object)], [np.empty(0)]
    area = shapely.box(*shapely.total_bounds(_grown(land, 10 * reach)))
    for unit, folder in parts.items():
        if unit in units:
            frame, shapes = read_shapes(folder, "barriers")
            touches = shapely.intersects(shapes, area) if len(shapes) else np.empty(0, dtype=bool)
            found.append(shapes[touches])
            width.append(frame["width_m"].to_numpy(dtype="float64")[touches])
    return np.concatenate(found), np.concatenate(width)


def _together(
    parts: Mapping[str, Path],
    meeting: pd.DataFrame,
    root: npt.NDArray[np.intp],
    at: Mapping[tuple[str, str], int],
    gap_m: float,
    min_mu: float,
) -> gpd.GeoDataFrame:
    """Describe the blocks that were joined, from their parcels."""
    keys = set(zip(meeting[UNIT], meeting["block_code"], strict=True))
    members, land = _members(parts, keys)
    (flat,) = planar(land)
    group = np.array(
        [root[at[key]] for key in zip(members[UNIT], members["block_code"], strict=True)], dtype=np.intp
    )
    frame = gpd.GeoDataFrame(members, geometry=gpd.GeoSeries(land, index=members.index, crs="EPSG:4490"))
    frame.index = pd.Index(frame[UNIT] + "/" + frame["parcel_id"])
    table, number = described(frame, flat, group, gap_m, min_mu)
    roots = pd.Series(group).groupby(number).first()
    units, own = {}, {}
    for place, rows in meeting.assign(root=root[meeting.index]).groupby("root"):
        units[place] = "、".join(dict.fromkeys(rows[UNIT]))
        own[place] = "、".join(rows[UNIT] + " " + rows["block_code"])
    table = table.assign(root=roots.reindex(range(len(table))).to_numpy())
    return table.assign(**{UNIT: table["root"].map(units), "unit_blocks": table["root"].map(own)})
