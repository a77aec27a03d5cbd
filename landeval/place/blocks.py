"""Blocks (连片): candidate land that lies together, never joined across a road or a river."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landeval import issues
from landeval.place.cut import without
from landeval.sources import SOURCE_COLUMNS
from landeval.units import to_mu
from landeval.wording import joined

Shapes = npt.NDArray[np.object_]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]

ON_LINE_M = 1e-6
"""Parcels that are exactly the gap apart, or touch, are not kept apart by the last bit of a coordinate."""
LEAST_BARRIER_M = 0.1
"""A line divides land although it has no width of its own."""
PIECE_M2 = 10.0
"""A parcel is crossed where a barrier leaves two pieces of it larger than this."""


class Blocks(NamedTuple):
    """The blocks of a run.

    Attributes
    ----------
    table : GeoDataFrame
        One row a block, largest first, EPSG:4490: ``block_code``, ``is_block_large`` (True, False, None where its
        land is not all known), ``block_parcels``, ``area_mu``, ``block_unknown`` (parcels without area),
        ``block_drawn_mu``, ``block_compactness`` (4πA ÷ P²), ``block_owners``, ``block_owner_names``,
        ``block_classes``, ``block_routes``, ``block_places``, ``block_parcel_codes``.
    code_of : Series
        Index ``parcel_id`` of all parcels: the block it belongs to, None where it is in none.
    issues : list of DataFrame
    """

    table: gpd.GeoDataFrame
    code_of: pd.Series
    issues: list[pd.DataFrame]


def blocks(
    parcels: gpd.GeoDataFrame,
    land: Shapes,
    is_candidate: pd.Series,
    barriers: Shapes,
    *,
    gap_m: float,
    min_mu: float,
) -> Blocks:
    """Join candidate parcels that lie together.

    Two parcels lie together where no more than ``gap_m`` is between them, and no barrier. A parcel that a
    barrier crosses joins on the side of its largest piece only, and is told.

    Parameters
    ----------
    parcels : GeoDataFrame
        Index ``parcel_id``, EPSG:4490; ``area_mu``, ``holder_name``, ``parcel_code``, ``community_name``,
        ``status``, ``route``, source columns.
    land : ndarray of Geometry
        Their shapes in an equal-area plane [m]; None where there is none to be relied on.
    is_candidate : Series of bool
        Index of ``parcels``.
    barriers : ndarray of Geometry
        Roads and rivers in the same plane, as areas [m].
    gap_m : float
        [m]
    min_mu : float
        From this on a block is large [亩].
    """
    chosen = is_candidate.to_numpy(dtype=bool)
    drawn = chosen & ~shapely.is_missing(land)
    lost = parcels[chosen & ~drawn]
    problems = [issues.report("E711", lost[list(SOURCE_COLUMNS)], key=lost.index)]
    members, shapes = parcels[drawn], land[drawn]
    one, other, is_crossed = neighbours(shapes, barriers, gap_m)
    crossed = members[is_crossed]
    problems.append(issues.report("E712", crossed[list(SOURCE_COLUMNS)], key=crossed.index))
    table, number = described(members, shapes, components(len(members), one, other), gap_m, min_mu)
    code_of = pd.Series(None, index=parcels.index, dtype="object")
    code_of[members.index] = table["block_code"].to_numpy(dtype=object)[number]
    return Blocks(table, code_of, problems)


def barrier_areas(shapes: Shapes, width_m: npt.NDArray[np.float64]) -> Shapes:
    """Return roads and rivers as areas: lines get their width, or the least that divides; None is left out."""
    kept = ~shapely.is_missing(shapes)
    areas, width = shapes[kept].copy(), width_m[kept]
    lines = np.isin(shapely.get_type_id(areas), (1, 5))
    half = np.maximum(width[lines], LEAST_BARRIER_M) / 2
    areas[lines] = shapely.buffer(areas[lines], half, cap_style="flat")
    return areas


def neighbours(shapes: Shapes, barriers: Shapes, gap_m: float) -> tuple[Ints, Ints, Bools]:
    """Return the pairs of shapes that lie together, and which shapes a barrier crosses.

    Where a barrier is near, each shape is let grow by half the gap, cut along the barriers, and only the part
    that holds its largest piece counts: the parts of two neighbours meet on the same side, or not at all.

    Examples
    --------
    >>> land = np.array([shapely.box(0, 0, 50, 50), shapely.box(50.02, 0, 99, 50)])
    >>> neighbours(land, np.array([], dtype=object), 1.0)[0].tolist()
    [0]
    >>> neighbours(land, np.array([shapely.box(49, -9, 51, 60)]), 1.0)[0].tolist()
    []
    """
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=gap_m + ON_LINE_M)
    one, other = one[one < other], other[one < other]
    is_crossed = np.zeros(len(shapes), dtype=bool)
    if not len(barriers) or not len(shapes):
        return one, other, is_crossed
    reach = shapely.buffer(shapes, gap_m / 2 + ON_LINE_M)
    at, by = shapely.STRtree(barriers).query(reach, predicate="intersects")
    touched = np.unique(at)
    inner, outer = without(shapes, at, barriers[by]), without(reach, at, barriers[by])
    for row in touched.tolist():
        parts = shapely.get_parts(inner[row])
        size = shapely.area(parts)
        is_crossed[row] = (size > PIECE_M2).sum() != 1
        main = parts[size.argmax()] if len(parts) else None
        around = shapely.get_parts(outer[row])
        hold = around[shapely.intersects(around, None if main is None else shapely.point_on_surface(main))]
        reach[row] = hold[0] if len(hold) else None
    is_near = np.zeros(len(shapes), dtype=bool)
    is_near[touched] = True
    doubt = is_near[one] | is_near[other]
    meets = np.ones(len(one), dtype=bool)
    meets[doubt] = shapely.intersects(reach[one[doubt]], reach[other[doubt]])
    return one[meets], other[meets], is_crossed


def components(count: int, one: Ints, other: Ints) -> Ints:
    """Return the smallest position that each is connected with, by taking smaller ones over until none is left.

    Examples
    --------
    >>> components(5, np.array([3, 1]), np.array([4, 3])).tolist()
    [0, 1, 2, 1, 1]
    """
    root = np.arange(count)
    while True:
        low = np.minimum(root[one], root[other])
        before = root.copy()
        np.minimum.at(root, root[one], low)
        np.minimum.at(root, root[other], low)
        root = root[root]
        if (root == before).all():
            return root


def described(
    members: gpd.GeoDataFrame, shapes: Shapes, root: Ints, gap_m: float, min_mu: float
) -> tuple[gpd.GeoDataFrame, Ints]:
    """Describe every block, largest first; return also the block of each member."""
    group = pd.Series(root, index=members.index)
    by = members.groupby(group)
    starts, number = np.unique(root, return_inverse=True)
    order = np.argsort(number, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(number[order])) + 1) if len(order) else []
    flat, outline = (
        _joined_shapes(shapes, groups),
        _joined_shapes(np.asarray(members.geometry, dtype=object), groups),
    )
    known, unknown = by["area_mu"].sum(min_count=1), by["area_mu"].agg(lambda column: column.isna().sum())
    drawn = pd.Series(to_mu(pd.Series(shapely.area(flat), dtype="float64")).to_numpy(), index=starts)
    large = (known >= min_mu).astype("object").where((known >= min_mu) | (unknown == 0), None)
    owner = members["holder_name"]
    table = pd.DataFrame(
        {
            "is_block_large": large,
            "block_parcels": by.size(),
            "area_mu": known,
            "block_unknown": unknown.astype("int64"),
            "block_drawn_mu": drawn,
            "block_compactness": pd.Series(_compactness(flat, gap_m), index=starts),
            "block_owners": owner.groupby(group).nunique(),
            "block_owner_names": joined(group, owner),
            "block_classes": _counted(group, members["status"]),
            "block_routes": _counted(group, members["route"].str.replace(r"（.*", "", regex=True)),
            "block_places": joined(group, members["community_name"]),
            "block_parcel_codes": joined(group, members["parcel_code"]),
            "first": pd.Series(members.index, index=members.index).groupby(group).min(),
        },
        index=starts,
    )
    ranked = table.assign(size=known.fillna(0.0).round(6)).sort_values(
        ["size", "block_drawn_mu", "first"], ascending=[False, False, True]
    )
    place = pd.Series(np.arange(len(ranked)), index=ranked.index)
    ranked.insert(0, "block_code", [f"LP{at + 1:03d}" for at in range(len(ranked))])
    geometry = gpd.GeoSeries(
        pd.Series(outline, index=starts, dtype="object").reindex(ranked.index), crs="EPSG:4490"
    )
    shown = ranked.drop(columns=["first", "size"])
    frame = gpd.GeoDataFrame(shown, geometry=geometry, crs="EPSG:4490").reset_index(drop=True)
    return frame, place.reindex(root).to_numpy()


def _joined_shapes(shapes: Shapes, groups: list[Ints]) -> Shapes:
    """Return one shape a group; most blocks are one parcel."""
    first = np.array([rows[0] for rows in groups], dtype=np.intp)
    found: Shapes = shapes[first]
    for number, rows in enumerate(groups):
        if len(rows) > 1:
            found[number] = shapely.union_all(shapes[rows])
    return found


def _compactness(flat: Shapes, gap_m: float) -> npt.NDArray[np.float64]:
    """Return 4πA ÷ P² of each block once its gaps are closed: 1 for a circle, 0.785 for a square."""
    half = gap_m / 2 + ON_LINE_M
    closed = shapely.buffer(shapely.buffer(flat, half, join_style="mitre"), -half, join_style="mitre")
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(4 * np.pi * shapely.area(closed) / shapely.length(closed) ** 2, dtype="float64")


def _counted(group: pd.Series, texts: pd.Series) -> pd.Series:
    """Write what occurs in each block and how often: 低效候选 2 宗、闲置(已认定) 1 宗."""
    told = texts.where(texts.notna() & (texts != ""), None)
    if told.isna().all():
        return pd.Series(dtype="object")
    counts = told.groupby([group, told]).size().rename("count").rename_axis(["block", "text"]).reset_index()
    said = counts["text"] + counts["count"].map(" {} 宗".format)
    return joined(counts["block"], said, by="／", ordered=False)
