"""What stands on a parcel: worked by hand in a plane of metres, and against geopandas.overlay."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from landeval.measure.built import built_on
from landeval.measure.footprints import ground_of, pieces_of
from landeval.measure.intensity import of_written, settled

FIGURES = ["footprint_m2", "floor_area_m2", "tall_floor_area_m2"]
PLOT = box(0, 0, 100, 100)


def plots(*shapes, **columns):
    """Make parcels P1, P2 … of their drawn area, not yet in production."""
    index = pd.Index([f"P{number}" for number in range(1, len(shapes) + 1)], name="parcel_id")
    drawn = np.array([*shapes, None], dtype=object)[:-1]
    frame = pd.DataFrame(
        {
            "area_mu": shapely.area(drawn) * 3 / 2000, "stack": None, "is_operating": False,
            "actual_completion": pd.NaT, "source_file": "宗地.shp", "source_layer": "", "source_row": range(1, len(shapes) + 1),
        }, index=index,
    )  # fmt: skip
    return frame.assign(**columns), drawn


def halls(*rows):
    """Make buildings from (shape, more) or a shape: one storey of 6 m unless told otherwise."""
    made = []
    for number, row in enumerate(rows, start=1):
        shape, more = row if isinstance(row, tuple) else (row, {})
        made.append(
            {
                "building_no": f"B{number}", "storeys": 1.0, "height_m": 6.0, "floor_area_m2": np.nan, "is_reliable": True,
                "is_stacked": False, "is_twin": False,
                "odd_storeys": False, "odd_height": False, "odd_floor": False, "source_file": "建筑.shp", "source_layer": "建筑", "source_row": number, "shape": shape,
            } | more
        )  # fmt: skip
    frame = pd.DataFrame(made)
    return frame.drop(columns="shape"), np.array([*frame["shape"], None], dtype=object)[:-1]


def measured(land, *buildings):
    return built_on(*land, *halls(*buildings))


def test_a_building_over_two_parcels_is_split_by_the_ground_it_covers():
    found = measured(
        plots(PLOT, box(100, 0, 200, 100)), (box(70, 0, 110, 10), {"storeys": 3.0, "height_m": 27.0})
    )
    assert found.figures[FIGURES].to_numpy() == pytest.approx(
        np.array([[300, 900, 900], [100, 300, 300]]), rel=1e-12
    )
    assert found.parcel_of.tolist() == ["P1、P2"]


def test_a_written_floor_area_is_split_and_goes_before_storeys():
    found = measured(
        plots(PLOT, box(100, 0, 200, 100)),
        (box(90, 0, 110, 10), {"floor_area_m2": 500.0, "storeys": 2.0, "height_m": 7.0}),
    )
    assert found.figures["floor_area_m2"].tolist() == pytest.approx([250.0, 250.0])
    assert found.figures["tall_floor_area_m2"].tolist() == [0.0, 0.0]


def test_a_part_outside_every_parcel_is_nobodys():
    found = measured(plots(PLOT), box(90, 0, 130, 10), box(300, 0, 310, 10))
    assert found.figures.loc["P1", FIGURES].tolist() == pytest.approx([100.0, 100.0, 0.0])
    assert found.parcel_of.tolist()[1] is None or pd.isna(found.parcel_of.tolist()[1])
    told = found.issues.loc[found.issues["code"] == "E468", "what"].tolist()
    assert len(told) == 1
    assert told[0].endswith("1 幢不在任何宗地上；1 幢压着宗地边界，占 100%")


def test_holes_and_several_parts():
    court = box(10, 10, 50, 50) - box(20, 20, 40, 40)
    split = shapely.MultiPolygon([box(0, 200, 50, 250), box(100, 200, 150, 250)])
    with_hole = box(0, 400, 100, 500) - box(40, 400, 60, 500)
    found = measured(
        plots(PLOT, split, with_hole),
        court,
        box(30, 210, 120, 220),
        (box(30, 410, 70, 420), {"storeys": 2.0}),
    )
    assert found.figures["footprint_m2"].tolist() == pytest.approx([1200.0, 400.0, 200.0])
    assert found.figures["floor_area_m2"].tolist() == pytest.approx([1200.0, 400.0, 400.0])


def test_overlapping_footprints_cover_the_ground_once():
    found = measured(
        plots(PLOT), box(0, 0, 20, 10), box(10, 0, 30, 10), box(50, 50, 60, 60), box(20, 0, 40, 10)
    )
    assert found.figures.loc["P1", "footprint_m2"] == pytest.approx(500.0)
    assert found.figures.loc["P1", "floor_area_m2"] == pytest.approx(700.0)


def test_a_building_drawn_on_another_has_no_floor_area_unless_it_is_written():
    stacked = {"is_stacked": True}
    found = measured(plots(PLOT), (box(0, 0, 20, 10), stacked), (box(0, 0, 20, 10), stacked))
    assert found.figures.loc["P1", "footprint_m2"] == 200.0
    assert np.isnan(found.figures.loc["P1", "floor_area_m2"])
    assert found.figures.loc["P1", "floor_area_basis"] == "未知（有建筑没有可用的层数和建筑面积，或相互重叠）"
    written = [(box(0, 0, 20, 10), stacked | {"floor_area_m2": size}) for size in (200.0, 800.0)]
    assert measured(plots(PLOT), *written).figures.loc["P1", "floor_area_m2"] == 1000.0


@pytest.mark.parametrize("odd", [{"storeys": np.nan}, {"storeys": 0.0, "odd_storeys": True}])
def test_one_building_without_storeys_leaves_the_floor_area_unknown_never_zero(odd):
    found = measured(plots(PLOT), box(0, 0, 10, 10), (box(20, 0, 30, 10), odd))
    assert found.figures.loc["P1", "footprint_m2"] == 200.0
    assert found.figures.loc["P1", ["floor_area_m2", "tall_floor_area_m2"]].isna().all()
    assert found.figures.loc["P1", "floor_area_basis"] == "未知（有建筑没有可用的层数和建筑面积，或相互重叠）"
    told = found.issues[found.issues["code"] == "E464"]
    assert told["source_row"].tolist() == [2]
    assert told["record_key"].tolist() == ["B2"]


def test_a_building_drawn_twice_has_no_floor_area_though_both_are_written():
    twin = {"is_stacked": True, "is_twin": True, "floor_area_m2": 500.0}
    found = measured(plots(PLOT), (box(0, 0, 20, 10), twin), (box(0, 0, 20, 10.1), twin)).figures.loc["P1"]
    assert found["footprint_m2"] == pytest.approx(202.0)
    assert np.isnan(found["floor_area_m2"])


def test_odd_figures_are_not_reckoned_with():
    odd_floor = (box(0, 0, 10, 10), {"floor_area_m2": 3.0, "odd_floor": True})
    assert np.isnan(measured(plots(PLOT), odd_floor).figures.loc["P1", "floor_area_m2"])
    odd_height = (box(0, 0, 10, 10), {"height_m": 9000.0, "odd_height": True})
    found = measured(plots(PLOT), odd_height).figures.loc["P1"]
    assert found["floor_area_m2"] == 100.0
    assert np.isnan(found["tall_floor_area_m2"])


@pytest.mark.parametrize(("times", "known"), [(1.0, True), (1.049, True), (1.051, False), (0.9, False)])
def test_a_parcel_drawn_unlike_its_land_is_not_divided_by_it(times, known):
    found = measured(plots(PLOT, area_mu=15.0 / times), box(0, 0, 50, 50), box(60, 60, 100, 100))
    assert found.figures["footprint_m2"].notna().tolist() == [known]
    assert found.is_measurable.tolist() == [known]
    told = found.figures.loc["P1", "footprint_basis"]
    assert told == ("建筑图层" if known else "未知（宗地图形面积与评价面积相差超过 5%）")


def test_a_parcel_on_which_the_layer_may_end_is_said_to_be_so():
    found = measured(plots(PLOT), box(0, 0, 10, 100), box(20, 0, 30, 100))
    assert found.figures.loc["P1", "footprint_m2"] == 2000.0
    assert (
        found.figures.loc["P1", "footprint_basis"]
        == "建筑图层（宗地的 70% 在图层建筑的外围线以外，请核对是否画全）"
    )


def test_a_sliver_of_a_neighbours_unknown_building_spoils_nothing():
    found = measured(
        plots(PLOT, box(100, 0, 200, 100)),
        box(0, 0, 10, 10),
        (box(99.95, 0, 120, 10), {"storeys": np.nan}),
    )
    assert found.figures.loc["P1", "floor_area_m2"] == pytest.approx(100.0)
    assert found.figures.loc["P1", "footprint_m2"] == pytest.approx(100.5)
    assert np.isnan(found.figures.loc["P2", "floor_area_m2"])
    assert found.figures.loc["P1", "buildings"] == "建筑.shp 1 幢：第 1 行"


@pytest.mark.parametrize(
    ("storeys", "height", "tall"),
    [
        (1, 8.0, 0.0),
        (1, 8.01, 100.0),
        (3, 24.0, 0.0),
        (3, 24.3, 300.0),
        (7, 56.0, 0.0),
        (1, np.nan, np.nan),
        (2, 7.9, 0.0),
    ],
)
def test_a_storey_counts_twice_only_when_it_is_higher_than_eight_metres(storeys, height, tall):
    found = measured(plots(PLOT), (box(0, 0, 10, 10), {"storeys": float(storeys), "height_m": height}))
    assert found.figures.loc["P1", "tall_floor_area_m2"] == pytest.approx(tall, nan_ok=True)
    assert found.figures.loc["P1", "floor_area_m2"] == pytest.approx(100.0 * storeys)


def test_a_whole_building_no_higher_than_eight_metres_has_no_high_storey_whatever_its_storeys():
    lot = (box(0, 0, 10, 10), {"storeys": np.nan, "height_m": 8.0, "floor_area_m2": 90.0})
    assert measured(plots(PLOT), lot).figures.loc["P1", "tall_floor_area_m2"] == 0.0
    high = (box(0, 0, 10, 10), lot[1] | {"height_m": 9.0})
    assert np.isnan(measured(plots(PLOT), high).figures.loc["P1", "tall_floor_area_m2"])


def test_an_unsound_building_makes_the_parcels_it_lies_on_unknown():
    found = measured(
        plots(PLOT, box(100, 0, 200, 100)),
        box(0, 0, 10, 10),
        (box(20, 20, 30, 30), {"is_reliable": False}),
        box(150, 0, 160, 10),
    )
    assert found.figures.loc["P1", FIGURES].isna().all()
    assert found.figures.loc["P1", "footprint_basis"] == "未知（建筑图形不可靠）"
    assert found.figures.loc["P2", "footprint_m2"] == 100.0
    assert found.is_measurable.tolist() == [False, True]


def test_no_building_is_zero_only_where_the_layer_looked():
    around = [
        box(-50, -50, -40, -40),
        box(700, -50, 710, -40),
        box(-50, 700, -40, 710),
        box(700, 700, 710, 710),
    ]
    near, far_in = box(0, 0, 50, 50), box(300, 300, 400, 400)
    outside, half_out = box(900, 0, 950, 50), box(690, 0, 720, 30)
    land = plots(near, far_in, outside, half_out)
    found = measured(land, *around)
    assert found.figures["footprint_m2"].tolist()[:2] == [0.0, 0.0]
    assert found.figures["footprint_m2"].isna().tolist() == [False, False, True, True]
    assert found.figures["footprint_basis"].tolist()[2:] == ["未知（建筑图层未覆盖）"] * 2
    assert found.figures.loc["P1", "floor_area_m2"] == 0.0
    assert found.figures.loc["P1", "buildings"] == "建筑.shp 0 幢（图层范围内没有建筑）"
    wide = [shapely.transform(shape, lambda xy: xy * 10) for shape in around]
    alone = measured(plots(box(3000, 3000, 3100, 3100)), *wide)
    assert alone.figures["footprint_m2"].isna().all()


@pytest.mark.parametrize("sign", [{"is_operating": True}, {"actual_completion": pd.Timestamp("2020-01-01")}])
def test_no_building_where_a_plant_is_at_work_means_an_incomplete_layer(sign):
    around = [
        box(-50, -50, -40, -40),
        box(200, -50, 210, -40),
        box(-50, 200, -40, 210),
        box(200, 200, 210, 210),
    ]
    found = measured(plots(PLOT, **sign), *around)
    assert found.figures.loc["P1", FIGURES].isna().all()
    assert found.issues.loc[found.issues["code"] == "E467", "record_key"].tolist() == ["P1"]


def test_parcels_drawn_as_one_share_what_stands_on_them_by_their_land():
    land = plots(PLOT, PLOT, area_mu=[5.0, 10.0], stack="P1")
    found = measured(land, box(0, 0, 30, 10))
    assert found.figures["footprint_m2"].tolist() == pytest.approx([100.0, 200.0])
    assert not found.is_measurable.any()
    assert (found.issues["code"] == "E466").sum() == 1
    unknown = measured(plots(PLOT, PLOT, area_mu=[5.0, np.nan], stack="P1"), box(0, 0, 30, 10))
    assert unknown.figures["footprint_m2"].isna().all()


def test_a_parcel_without_a_sound_shape_is_unknown():
    frame, drawn = plots(PLOT, PLOT)
    drawn[0] = None
    found = built_on(frame, drawn, *halls(box(0, 0, 10, 10)))
    assert found.figures.loc["P1", "footprint_basis"] == "未知（宗地没有可用图形）"
    assert found.figures["footprint_m2"].isna().tolist() == [True, False]


def test_rows_are_named_by_file_and_layer_and_no_more_than_ten_of_each():
    rows = [(box(x, 0, x + 2, 5), {"source_row": x + 1}) for x in range(0, 60, 5)]
    rows.append((box(0, 50, 5, 55), {"source_file": "补测.gpkg", "source_layer": "二期", "source_row": 7}))
    text = measured(plots(PLOT), *rows).figures.loc["P1", "buildings"]
    assert text == (
        "建筑.shp 12 幢：第 1、6、11、16、21、26、31、36、41、46 行 等；补测.gpkg［二期］ 1 幢：第 7 行"
    )


def written(**columns):
    blank = dict.fromkeys([*FIGURES, "unused_separable_m2", "yard_m2", "contract_plot_ratio_min"], np.nan)
    return plots(PLOT, **(blank | columns))


def test_what_is_written_stays_and_a_difference_over_five_percent_is_told():
    land = written(floor_area_m2=1000.0, footprint_m2=100.0)
    figures = built_on(*land, *halls((box(0, 0, 10, 10.4), {"storeys": 8.0, "height_m": 30.0}))).figures
    columns, told = settled(land[0], figures, "")
    assert columns["floor_area_m2"].tolist() == [1000.0]
    assert columns["floor_area_basis"].tolist() == columns["footprint_basis"].tolist() == ["填报"]
    assert told["code"].tolist() == ["E465"]
    assert told["column"].tolist() == ["总建筑面积(㎡)"]
    assert told["raw_value"].tolist() == ["1000"]
    assert "图层推算 832.0 ㎡（建筑.shp 1 幢：第 1 行）" in told["what"].iloc[0]
    assert columns["tall_floor_area_m2"].isna().all()  # that of other floors than the written ones


def test_what_is_not_written_is_filled_in_and_the_ratios_follow():
    land = written(yard_m2=600.0, contract_plot_ratio_min=0.8)
    figures = built_on(*land, *halls((box(0, 0, 40, 50), {"storeys": 2.0, "height_m": 20.0}))).figures
    columns, told = settled(land[0], figures.assign(unused_most_m2=5000.0), "建筑图层推算")
    parcel = of_written(land[0].assign(**columns))
    assert parcel["plot_ratio"].iloc[0] == pytest.approx(0.4)
    assert parcel["plot_ratio_doubled"].iloc[0] == pytest.approx(0.8)
    assert parcel["building_factor_percent"].iloc[0] == pytest.approx(26.0)
    assert parcel["unused_basis"].tolist() == ["建筑图层推算"]
    assert parcel["unused_most_m2"].tolist() == [5000.0]
    assert columns["unused_separable_m2"].tolist() == [4400.0]  # less the yard of 600
    assert not len(told)
    unknown = of_written(land[0].assign(**columns).assign(area_mu=np.nan))
    assert all(np.isnan(unknown[name].iloc[0]) for name in ("plot_ratio", "building_factor_percent"))


def test_high_storeys_of_more_than_the_whole_are_told_and_double_nothing():
    land = written(floor_area_m2=100.0, tall_floor_area_m2=150.0)
    columns, told = settled(land[0], pd.DataFrame(index=land[0].index), "")
    assert told["code"].tolist() == ["E469"]
    ratios = of_written(land[0].assign(**columns))
    assert ratios["plot_ratio"].iloc[0] == pytest.approx(0.01)
    assert np.isnan(ratios["plot_ratio_doubled"].iloc[0])


def test_high_storeys_of_the_layer_go_with_a_written_floor_area_that_agrees():
    land = written(floor_area_m2=1990.0)
    figures = built_on(*land, *halls((box(0, 0, 40, 50), {"height_m": 9.0}))).figures
    columns, told = settled(land[0], figures, "")
    assert columns["tall_floor_area_m2"].tolist() == [1990.0]
    assert not len(told)


def test_without_a_layer_what_is_written_stays_alone():
    land = written(footprint_m2=3000.0)
    columns, told = settled(land[0], pd.DataFrame(index=land[0].index), "")
    assert columns["footprint_m2"].tolist() == [3000.0]
    assert columns["footprint_basis"].tolist() == ["填报"]
    assert columns["floor_area_basis"].tolist() == columns["buildings"].tolist() == [""]
    assert np.isnan(columns["floor_area_m2"].iloc[0])
    assert not len(told)


@st.composite
def scenes(draw):
    """Draw a grid of parcels and halls anywhere over it, turned and overlapping."""
    size = draw(st.sampled_from([20.0, 33.0, 50.0]))
    land = [box(x * size, y * size, (x + 1) * size, (y + 1) * size) for x in range(3) for y in range(2)]
    corner = st.floats(-20, 130)
    shapes = []
    for _ in range(draw(st.integers(1, 8))):
        west, south, wide, long = draw(corner), draw(corner), draw(st.floats(2, 60)), draw(st.floats(2, 60))
        hall = box(west, south, west + wide, south + long)
        shapes.append(shapely.affinity.rotate(hall, draw(st.floats(0, 90))))
    return np.array(land, dtype=object), np.array([*shapes, None], dtype=object)[:-1]


@given(scenes())
def test_allocated_ground_is_the_ground_within_the_parcels(scene):
    land, drawn = scene
    pieces = pieces_of(land, drawn)
    own = np.bincount(pieces.building, weights=pieces.area_m2, minlength=len(drawn))
    within = shapely.area(shapely.intersection(drawn, shapely.union_all(land)))
    assert own == pytest.approx(within, abs=1e-6)
    ground = ground_of(pieces, drawn, len(land))
    covered = shapely.area(shapely.intersection(shapely.union_all(drawn), land))
    assert ground == pytest.approx(covered, abs=1e-6)
    assert (ground <= shapely.area(land) + 1e-6).all()


@given(scenes())
def test_pieces_are_those_of_overlay(scene):
    land, drawn = scene
    pieces = pieces_of(land, drawn)
    one, other = (
        gpd.GeoDataFrame({name: range(len(shapes))}, geometry=list(shapes))
        for name, shapes in (("p", land), ("b", drawn))
    )
    theirs = gpd.overlay(one, other, how="intersection", keep_geom_type=True)
    theirs = theirs.set_index(["p", "b"]).area
    ours = pd.Series(pieces.area_m2, index=pd.MultiIndex.from_arrays([pieces.parcel, pieces.building]))
    ours, theirs = (part[part > 1e-9].sort_index() for part in (ours, theirs))
    assert ours.index.tolist() == theirs.index.tolist()
    assert ours.to_numpy() == pytest.approx(theirs.to_numpy(), rel=1e-9, abs=1e-9)
