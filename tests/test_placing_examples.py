"""The worked example of docs/分区与连片.md: what the page prints is what comes out."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from frames import levels_of, make_parcels, make_zones

from landeval.place.assign import place_by_polygons
from landeval.place.blocks import barrier_areas, blocks
from landeval.place.split import split_parts
from landeval.standards.overlays import EFFECTS, effects, sliver
from landeval.tidy.nesting import TOLERANCE_M2, TOLERANCE_SHARE

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "分区与连片.md").read_text("utf-8")
COMMUNITY = "产业社区"


def tables():
    """Return the tables after the heading 手算, as lists of cells."""
    rows = re.findall(r"^\|(.*)\|$", PAGE.split("## 手算")[1], re.M)
    return [[cell.strip() for cell in row.split("|")] for row in rows]


def parcels():
    text = re.search(r"```csv\n(.*?)```", PAGE, re.S)[1]
    rows = [line.split(",") for line in text.strip().splitlines()[1:]]
    land = make_parcels(
        *({"parcel_code": name, "area_mu": 15.0, "tax_wan_yuan": float(tax), "geometry": shapely.box(float(west), 0, float(east), 100)}
          for name, west, east, tax in rows)
    )  # fmt: skip
    return land.loc[[row[0] for row in rows]]


def test_the_split_of_the_page():
    land = parcels()
    zones = make_zones(
        (COMMUNITY, "社区一", None, shapely.box(0, -9, 150, 109)),
        (COMMUNITY, "社区二", None, shapely.box(150, -9, 250, 109)),
    )
    placed = place_by_polygons(land, zones)
    land = land.drop(columns=["cluster_name", "base_name", "community_name"]).join(placed.columns)
    links = pd.DataFrame(columns=["parcel_id", "enterprise_id", "state"])
    status = pd.Series("关注", index=land.index)
    rows = levels_of(land, status, links, split_parts(land, zones))[COMMUNITY].rows
    got = rows.pivot_table(index="parcel_id", columns="zone", values="tax_wan_yuan", aggfunc="sum").fillna(
        0.0
    )
    head, *body = [row for row in tables() if len(row) == 4 and not row[1].startswith("-")]
    for name, *cells in body:
        assert [got.loc[name].get(zone, 0.0) for zone in head[1:]] == [float(cell) for cell in cells], name
    assert round(rows["tax_wan_yuan"].sum(), 6) == 17.000001


def test_the_blocks_of_the_page():
    land = parcels().assign(status="低效候选", route="")
    shapes = np.asarray(land.geometry, dtype=object)
    chosen = pd.Series(True, index=land.index)
    nothing = np.empty(0, dtype=object)
    whole = blocks(land, shapes, chosen, nothing, gap_m=5.0, min_mu=30.0).table
    assert whole[["block_parcels", "area_mu"]].values.tolist() == [[3, 45.0]]
    road = barrier_areas(np.array([shapely.LineString([(201.5, -50), (201.5, 150)])]), np.array([0.0]))
    result = blocks(land, shapes, chosen, road, gap_m=5.0, min_mu=30.0)
    printed = [row for row in tables() if len(row) == 3 and row[0].isdigit()]
    for number, names, size in printed:
        row = result.table.iloc[int(number) - 1]
        assert set(result.code_of[names.split("、")]) == {row["block_code"]}
        assert row["area_mu"] == float(size)
    assert len(printed) == len(result.table)


def test_the_numbers_and_words_of_the_page_are_those_of_the_code():
    assert all(name in PAGE and effects()[name].flag in PAGE for name in EFFECTS)
    assert sliver().words in PAGE
    assert f"{sliver().dust_m2:g} ㎡" in PAGE
    assert f"{TOLERANCE_M2:g} ㎡ 或该分区的 {TOLERANCE_SHARE:.0%}" in PAGE
