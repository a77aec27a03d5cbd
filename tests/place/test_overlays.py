"""Layers laid over parcels: exact common ground, slips told apart, unknown never zero, no verdict."""

import numpy as np
import pandas as pd
import pytest
import shapely
from frames import codes, make_parcels

from landeval.issues import gather
from landeval.place.overlays import CROSSED, HIT, NO_SHAPE, NOT_COVERED, SLIVER, UNSOUND, laid_over
from landeval.standards.overlays import EFFECTS, effects, sliver

MU = 2000 / 3
FARM, RED, EDGE, ROAD, RIVER, USE = EFFECTS


def box(x, y=0.0, wide=100.0, high=100.0):
    return shapely.box(x, y, x + wide, y + high)


def layer(effect, *rows, name="虚构图层"):
    """Build a layer from (shape, {columns})."""
    frame = pd.DataFrame(
        [
            {"overlay_name": name, "overlay_effect": effect, "overlay_use": None, "width_m": 0.0, "is_reliable": True,
             "source_file": f"{effect}.shp", "source_layer": "", "source_row": number} | more
            for number, (_, more) in enumerate(rows, start=1)
        ]
    )  # fmt: skip
    return frame, np.array([*(shape for shape, _ in rows), None], dtype=object)[:-1]


def laid(shapes, layers, candidates=None):
    land = make_parcels(
        *({"geometry": shape, "parcel_code": f"P{at:02d}"} for at, shape in enumerate(shapes, start=1))
    )
    chosen = pd.Series([True] * len(land) if candidates is None else candidates, index=land.index)
    frame = pd.concat([frame for frame, _ in layers], ignore_index=True)
    drawn = np.concatenate([shapes for _, shapes in layers])
    return laid_over(land, np.array([*shapes, None], dtype=object)[:-1], frame, drawn, chosen)


def rows(result, *names):
    names = names or ("parcel_id", "overlay_state", "overlay_flag")
    return (
        result.table[list(names)]
        .astype("object")
        .where(result.table[list(names)].notna(), None)
        .values.tolist()
    )


def test_common_ground_of_overlapping_shapes_counts_once():
    result = laid(
        [box(0), box(500)], [layer(FARM, (box(-50), {}), (box(-50, 50), {}), (box(-20, 0, 70), {}))]
    )
    assert rows(result, "parcel_id", "overlay_state") == [["P01", HIT]]
    assert result.table["overlay_mu"].iloc[0] == pytest.approx(5000 / MU)
    assert result.table["overlay_percent"].iloc[0] == pytest.approx(50.0)
    assert result.table["overlay_flag"].iloc[0] == effects()[FARM].flag
    assert "未核实" in result.table["overlay_clause"].iloc[0]
    assert result.flags.tolist() == ["虚构图层 压占永久基本农田 7.50 亩(50.0%)", ""]


def test_a_slip_of_drawing_is_told_apart_and_asks_nothing():
    result = laid([box(0)], [layer(RED, (box(99.7, 0, 50), {}))])
    assert rows(result) == [["P01", SLIVER, ""]]
    assert result.table["overlay_sliver_m2"].iloc[0] == pytest.approx(30.0)
    assert result.table["overlay_mu"].iloc[0] == 0
    assert codes(gather(result.issues)) == []
    assert sliver().words in result.table["overlay_tolerance"].iloc[0]


def test_a_hit_and_a_slip_of_one_parcel_stand_side_by_side():
    result = laid([box(0)], [layer(RED, (box(99.7, 0, 50), {}), (box(-90), {}))])
    row = result.table.iloc[0]
    assert (row["overlay_state"], round(row["overlay_mu"] * MU), round(row["overlay_sliver_m2"])) == (
        HIT,
        1000,
        30,
    )


@pytest.mark.parametrize(
    ("wide", "deep", "state"), [(100, 1.1, HIT), (100, 0.99, SLIVER), (3.0, 3.0, SLIVER), (3.5, 3.5, HIT)]
)
def test_the_tolerance_of_slips(wide, deep, state):
    result = laid([box(0)], [layer(FARM, (shapely.box(100 - deep, 0, 140, wide), {}))])
    assert rows(result, "overlay_state") == [[state]]


def test_touching_is_no_common_ground():
    assert rows(laid([box(0)], [layer(FARM, (box(100), {}), (box(0, 100), {}))])) == []


def test_beyond_the_boundary_is_the_hit():
    result = laid([box(0), box(120), box(900)], [layer(EDGE, (box(-10, -10, 180, 200), {}))])
    assert rows(result, "parcel_id", "overlay_percent") == [["P02", 50.0], ["P03", 100.0]]
    assert set(result.table["overlay_flag"]) == {"超出城镇开发边界"}


def test_planned_use_by_words_and_what_no_plan_covers():
    plan = layer(
        USE, (box(0, 0, 40), {"overlay_use": "二类工业用地"}), (box(40, 0, 30), {"overlay_use": "公园绿地"})
    )
    result = laid([box(0)], [plan])
    assert rows(result, "overlay_use", "overlay_flag") == [
        ["二类工业用地", ""], ["公园绿地", "规划用途不是工业"], [NOT_COVERED, ""],
    ]  # fmt: skip
    assert result.table["overlay_percent"].round(6).tolist() == [40.0, 30.0, 30.0]
    assert result.questions["P01"].count("公园绿地") == 1


def test_lines_have_ground_only_where_their_width_is_known():
    road = shapely.LineString([(50, -10), (50, 110)])
    assert rows(laid([box(0)], [layer(ROAD, (road, {}))])) == [["P01", CROSSED, "压道路"]]
    known = laid([box(0)], [layer(ROAD, (road, {"width_m": 6.0}))])
    assert known.table["overlay_percent"].round(6).tolist() == [6.0]
    beside = shapely.LineString([(0.5, -10), (0.5, 110)])
    assert rows(laid([box(0)], [layer(ROAD, (beside, {}))])) == []


def test_unknown_is_told_and_never_zero():
    spoiled = layer(FARM, (box(90), {"is_reliable": False}), (box(800), {}))
    result = laid([box(0), None, box(400)], [spoiled])
    assert rows(result, "parcel_id", "overlay_state", "overlay_mu") == [
        ["P01", UNSOUND, None],
        ["P02", NO_SHAPE, None],
    ]
    assert "未知" in result.flags["P01"]
    assert "未知" in result.flags["P02"]
    assert result.flags["P03"] == ""


def test_only_candidates_are_asked():
    result = laid([box(0), box(200)], [layer(FARM, (box(50, 0, 200), {}))], candidates=[True, False])
    told = gather(result.issues)
    assert told[["code", "record_key"]].values.tolist() == [["E714", "P01"]]
    assert result.questions.ne("").tolist() == [True, False]
    assert result.flags.ne("").all()


def test_a_layer_of_another_place_is_told():
    assert codes(gather(laid([box(0)], [layer(FARM, (box(9000), {}))]).issues)) == ["E715"]
    assert codes(gather(laid([box(0)], [layer(FARM, (None, {"is_reliable": False}))]).issues)) == ["E715"]


def test_areas_equal_those_of_one_union_whatever_the_order():
    rng = np.random.default_rng(7)
    land = [box(x * 90, y * 90) for x in range(4) for y in range(4)]
    shapes = [box(*rng.uniform(-50, 350, 2), *rng.uniform(20, 200, 2)) for _ in range(25)]
    whole = shapely.union_all(shapes)
    wanted = {
        f"P{at:02d}": shapely.area(shapely.intersection(shape, whole))
        for at, shape in enumerate(land, start=1)
    }
    for order in (shapes, shapes[::-1]):
        table = laid(land, [layer(FARM, *((shape, {}) for shape in order))]).table
        got = (table["overlay_mu"] * MU + table["overlay_sliver_m2"]).set_axis(table["parcel_id"])
        for key, area in wanted.items():
            assert got.get(key, 0.0) == pytest.approx(area, abs=0.11)


def test_every_effect_is_cited_with_how_sure_it_is():
    for name, effect in effects().items():
        assert effect.flag, name
        assert effect.question, name
        assert effect.citation.endswith(("（未核实）", "（建议稿，无文件依据）"))
