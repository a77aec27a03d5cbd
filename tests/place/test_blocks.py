"""Blocks of candidate land: survey gaps are bridged, roads and rivers never."""

import numpy as np
import pandas as pd
import pytest
import shapely
from frames import codes, make_parcels
from hypothesis import given, settings
from hypothesis import strategies as st

from landeval.issues import gather
from landeval.place.blocks import barrier_areas, blocks, components, neighbours

NOTHING = np.empty(0, dtype=object)


def box(x, y=0.0, wide=100.0, high=100.0):
    return shapely.box(x, y, x + wide, y + high)


def lined_up(count, gap, side=100.0):
    return [box(at * (side + gap)) for at in range(count)]


def found(shapes, barriers=NOTHING, *, gap_m=1.0, min_mu=30.0, candidates=None, rows=None):
    """Join parcels that are given in the plane [m]; their lon/lat shape does not matter here."""
    rows = rows or [{} for _ in shapes]
    land = make_parcels(
        *({"geometry": shape, "area_mu": 15.0} | row for shape, row in zip(shapes, rows, strict=True))
    )
    land = land.assign(status="低效候选", route="收回（建议）")
    chosen = pd.Series([True] * len(land) if candidates is None else candidates, index=land.index)
    drawn = np.array([*shapes, None], dtype=object)[:-1]
    return blocks(land, drawn, chosen, barriers, gap_m=gap_m, min_mu=min_mu)


def members(result):
    return sorted(result.code_of.dropna().groupby(result.code_of.dropna()).groups.values(), key=list)


def together(result):
    return [list(group) for group in members(result)]


def test_two_centimetres_of_survey_gap_keep_nothing_apart():
    rng = np.random.default_rng(20241231)
    shapes, planned = [], []
    for number in range(60):  # rows of parcels, 40 m from one another
        count = int(rng.integers(1, 8))
        shapes += [
            shapely.box(at * 50.02, number * 90, at * 50.02 + 50, number * 90 + 50) for at in range(count)
        ]
        planned.append(count)
    rows = [{"parcel_code": f"P{at:04d}"} for at in range(len(shapes))]  # make_parcels sorts by it
    result = found(shapes, rows=rows)
    assert sorted(result.table["block_parcels"]) == sorted(planned)
    assert result.table["block_parcels"].sum() == len(shapes)
    start = 0
    order = [row["parcel_code"] for row in rows]
    for count in planned:
        assert len(set(result.code_of[order[start : start + count]])) == 1
        start += count
    assert result.code_of.nunique() == len(planned)


@pytest.mark.parametrize(("gap", "count"), [(0.0, 1), (0.02, 1), (1.0, 1), (1.01, 2), (12.0, 2)])
def test_the_gap_tolerance_counts_to_the_millimetre(gap, count):
    assert len(found(lined_up(2, gap)).table) == count


def test_a_road_splits_them_whether_line_or_area():
    shapes = lined_up(4, 3.0)
    assert together(found(shapes, gap_m=5.0)) == [["P1", "P2", "P3", "P4"]]
    line = np.array([shapely.LineString([(204.5, -50), (204.5, 200)])])
    for barrier in (
        barrier_areas(line, np.array([0.0])),
        barrier_areas(line, np.array([2.0])),
        np.array([box(204, -50, 1, 300)]),
    ):
        assert together(found(shapes, barrier, gap_m=5.0)) == [["P1", "P2"], ["P3", "P4"]]


def test_a_road_along_a_common_side_splits_neighbours_without_a_gap():
    road = barrier_areas(np.array([shapely.LineString([(100, -10), (100, 110)])]), np.array([0.0]))
    assert len(found(lined_up(2, 0.0), road).table) == 2


def test_a_road_that_ends_before_the_parcels_divides_nothing():
    road = barrier_areas(np.array([shapely.LineString([(100, -90), (100, -5)])]), np.array([0.0]))
    assert len(found(lined_up(2, 0.02), road).table) == 1


def test_a_river_around_a_corner_does_not_divide_those_it_does_not_part():
    river = np.array([box(-20, 101.5, 400, 20)])  # along the north side of both
    assert len(found(lined_up(2, 0.5), river, gap_m=4.0).table) == 1


def test_a_parcel_that_a_road_crosses_joins_on_the_side_of_its_largest_piece():
    shapes = [box(0), box(100.02), box(200.04)]
    road = barrier_areas(np.array([shapely.LineString([(130, -10), (130, 110)])]), np.array([6.0]))
    result = found(shapes, road)
    assert together(result) == [["P1"], ["P2", "P3"]]
    told = gather(result.issues)
    assert told[["code", "record_key"]].values.tolist() == [["E712", "P2"]]


def test_a_parcel_under_a_road_joins_nothing():
    result = found([box(0), box(100)], np.array([box(-5, -5, 105.0, 110)]))
    assert together(result) == [["P1"], ["P2"]]
    assert gather(result.issues)["record_key"].tolist() == ["P1"]


def test_only_candidates_count_and_one_without_a_shape_is_told():
    result = found([box(0), box(100), None, box(200)], candidates=[True, False, True, True])
    assert together(result) == [["P1"], ["P4"]]
    assert codes(gather(result.issues)) == ["E711"]
    assert pd.isna(result.code_of["P2"])


def test_size_is_that_of_evaluated_land_and_unknown_is_never_small():
    rows = [{"area_mu": 15.0}, {"area_mu": 15.0}, {"area_mu": 29.99}, {"area_mu": None}]
    table = found([box(0), box(100), box(300), box(500)], rows=rows).table
    assert table["area_mu"].fillna(-1).tolist() == [30.0, 29.99, -1]
    assert table["is_block_large"].tolist() == [True, False, None]
    assert table["block_unknown"].tolist() == [0, 0, 1]
    assert table["block_drawn_mu"].round(6).tolist() == [30.0, 15.0, 15.0]


def test_a_block_tells_owners_classes_routes_and_shape():
    rows = [{"holder_name": "虚构甲公司"}, {"holder_name": "虚构甲公司"}, {"holder_name": "虚构乙公司"}]
    table = found(lined_up(3, 0.02), rows=rows).table
    row = table.iloc[0]
    assert (row["block_owners"], row["block_owner_names"]) == (2, "虚构乙公司、虚构甲公司")
    assert (row["block_classes"], row["block_routes"]) == ("低效候选 3 宗", "收回 3 宗")
    assert row["block_compactness"] == pytest.approx(4 * np.pi * 3 / 64, abs=1e-3)
    assert found([box(0)]).table["block_compactness"].iloc[0] == pytest.approx(np.pi / 4, abs=1e-6)


def test_no_candidate_no_block():
    result = found([box(0)], candidates=[False])
    assert len(result.table) == 0
    assert result.code_of.isna().all()


@settings(max_examples=30)
@given(
    st.integers(1, 40).flatmap(
        lambda n: st.tuples(st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))))
    )
)
def test_components_are_those_of_walking(case):
    count, edges = case
    one, other = (np.array([edge[at] for edge in edges], dtype=int) for at in (0, 1))
    root = components(count, one, other)
    near = {at: {at} for at in range(count)}
    for a, b in edges:
        near[a].add(b)
        near[b].add(a)
    for start in range(count):
        seen, waiting = {start}, [start]
        while waiting:
            fresh = near[waiting.pop()] - seen
            seen |= fresh
            waiting += fresh
        assert root[start] == min(seen)


def test_the_order_of_the_parcels_does_not_matter():
    shapes = np.array([*lined_up(5, 0.02), *(box(x, 400) for x in (0, 100, 300))], dtype=object)
    road = np.array([box(202, -50, 0.01, 300)])
    turn = np.random.default_rng(1).permutation(len(shapes))
    plain = {
        frozenset(pair)
        for pair in zip(*(at.tolist() for at in neighbours(shapes, road, 1.0)[:2]), strict=True)
    }
    mixed = {
        frozenset(turn[list(pair)].tolist())
        for pair in zip(*(at.tolist() for at in neighbours(shapes[turn], road, 1.0)[:2]), strict=True)
    }
    assert plain == mixed
