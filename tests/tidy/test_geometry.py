"""Shapes are screened before anything divides by their area; area is that of the ellipsoid."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from writers import EAST, NORTH, PROJECT, moved, read, shapefile, square, told

from landeval.issues import gather
from landeval.tidy.geometry import ellipsoid_area, screen
from landeval.tidy.parcels import tidy_parcels
from landeval.tidy.tangles import is_tangled

GEOD = Geod(ellps="GRS80")
FIELDS = [("ZDDM", "C", 19)]


def geodesic(shape):
    return abs(GEOD.geometry_area_perimeter(shape)[0])


def tidied(tmp_path, *shapes, prj=4546, kind=5):
    rows = [(f"P{i}",) for i in range(len(shapes))]
    raw = read(shapefile(tmp_path / f"p{prj}.shp", FIELDS, rows, shapes, prj=prj, kind=kind))
    parcels, _, issues, _ = tidy_parcels([raw], PROJECT)
    return parcels, gather(issues)


def ring(*points, reverse=False):
    found = [(EAST + x, NORTH + y) for x, y in (*points, points[0])]
    return found[::-1] if reverse else found


SHELL = ring((0, 0), (0, 100), (100, 100), (100, 0))
HOLE = ring((20, 20), (40, 20), (40, 40), (20, 40))
# Gauss-Kruger at 42.6 km from the meridian: plane area is larger than the ellipsoid's by (1 + y²/2R²)²
SCALE = 1 + (500_000 - EAST) ** 2 / 6_371_000**2


@settings(max_examples=40)
@given(st.floats(110, 111), st.floats(26.75, 27.45), st.floats(5, 500), st.floats(5, 500))
def test_the_area_of_a_parcel_is_the_geodesic_area(lon, lat, width, height):
    box = shapely.box(lon, lat, lon + width / 99_000, lat + height / 110_800)
    assert ellipsoid_area(np.array([box]))[0] == pytest.approx(geodesic(box), rel=1e-9, abs=1e-4)


def test_parcels_of_one_layer_keep_their_geodesic_areas():
    boxes = np.array(
        [shapely.box(x, y, x + 0.002, y + 0.002) for x in (110.1, 110.5, 110.9) for y in (26.8, 27.4)]
    )
    assert ellipsoid_area(boxes) == pytest.approx([geodesic(box) for box in boxes], rel=1e-9)


def test_the_area_of_a_county_is_the_geodesic_area():
    angles = np.linspace(0, 2 * np.pi, 2000, endpoint=False)
    county = shapely.Polygon(np.column_stack([110.5 + 0.45 * np.cos(angles), 27.1 + 0.33 * np.sin(angles)]))
    assert ellipsoid_area(np.array([county]))[0] == pytest.approx(geodesic(county), rel=1e-6)


def test_nothing_has_no_area():
    assert np.isnan(ellipsoid_area(np.array([None, None], dtype=object))).all()
    assert len(ellipsoid_area(np.array([], dtype=object))) == 0


@pytest.mark.parametrize("epsg", [4490, 4525, 3857, 4547])
def test_copies_in_other_systems_have_the_same_area(tmp_path, epsg):
    here, _ = tidied(tmp_path, [SHELL, HOLE], square(1))
    there, _ = tidied(tmp_path, moved([SHELL, HOLE], epsg), moved(square(1), epsg), prj=epsg)
    assert there["area_measured_m2"].tolist() == pytest.approx(here["area_measured_m2"].tolist(), rel=1e-6)
    assert here["area_measured_m2"].iloc[1] == pytest.approx(10_000 / SCALE, rel=1e-6)


@pytest.mark.parametrize(
    ("rings", "kind", "area"),
    [
        ([SHELL], 5, 10_000), ([SHELL[::-1]], 5, 10_000), ([SHELL, HOLE], 5, 9_600), ([SHELL, HOLE[::-1]], 5, 9_600),
        ([SHELL[::-1], HOLE[::-1]], 5, 9_600), ([SHELL[::-1], HOLE], 5, 9_600), ([HOLE, SHELL], 5, 9_600),
        ([SHELL, [(x + 200, y) for x, y in SHELL]], 5, 20_000), ([SHELL], 15, 10_000), ([SHELL, HOLE], 15, 9_600),
        ([SHELL, HOLE, [(x + 8, y + 8) for x, y in ring((20, 20), (20, 24), (24, 24), (24, 20))]], 5, 9_616),
    ],
    ids=["plain", "reversed", "hole", "hole wound like a shell", "all reversed", "shell reversed", "hole first", "two parts",
         "z", "z with hole", "island in the hole"],
)  # fmt: skip
def test_rings_wound_any_way_have_the_right_area(tmp_path, rings, kind, area):
    parcels, issues = tidied(tmp_path, rings, kind=kind)
    assert parcels["area_measured_m2"].iloc[0] * SCALE == pytest.approx(area, rel=1e-5)
    assert not {"E213", "E214", "E234"} & set(issues["code"])


def test_a_bow_tie_has_no_area_and_tells_both(tmp_path):
    tie = ring((0, 0), (100, 100), (100, 0), (0, 100))
    parcels, issues = tidied(tmp_path, [tie], square(2))
    assert parcels["area_measured_m2"].isna().tolist() == [True, False]
    said = told(issues, "E214")
    assert "自相交（" in said
    assert "修复前 0.0 ㎡" in said
    assert "修复后 4999.8 ㎡" in said or "修复后 4999.6 ㎡" in said
    assert "P0" in said
    assert issues.loc[issues["code"] == "E214", "source_row"].tolist() == [1]


def test_a_lopsided_eight_has_no_area(tmp_path):
    eight = ring((0, 0), (100, 100), (100, 20), (0, 60))
    parcels, issues = tidied(tmp_path, [eight])
    assert parcels["area_measured_m2"].isna().all()
    assert "E214" in set(issues["code"])


def test_a_tiny_crossing_is_repaired_and_told(tmp_path):
    tiny = ring((0, 0), (0, 100), (100, 100), (100, 0), (50, 0), (50.3, -0.3), (50.3, 0.3), (49.9, 0))
    parcels, issues = tidied(tmp_path, [tiny])
    assert parcels["area_measured_m2"].iloc[0] * SCALE == pytest.approx(10_000, abs=1)
    assert "修复前" in told(issues, "E234")
    assert parcels.geometry.is_valid.all()


def test_points_in_no_order_draw_nothing(tmp_path):
    """Such an outline crosses itself all over; repairing one of 500 points did not end in three minutes."""
    angles = np.arange(500) * 2 * np.pi / 500
    corners = [(100 + 50 * np.cos(angle), 100 + 50 * np.sin(angle)) for angle in angles]
    mixed = [corners[at] for at in np.random.default_rng(3).permutation(500)]
    parcels, issues = tidied(tmp_path, [ring(*mixed)], [ring(*corners, reverse=True)])
    assert parcels["area_measured_m2"].isna().tolist() == [True, False]
    assert parcels.geometry.isna().tolist() == [True, False]
    assert "边线自相穿过 500 处以上" in told(issues, "E213")
    assert issues.loc[issues["code"] == "E213", "source_row"].tolist() == [1]


@pytest.mark.parametrize("points", [60, 5000])
def test_a_long_outline_with_a_few_crossings_is_still_repaired(points):
    angles = np.arange(points) * 2 * np.pi / points
    corners = np.column_stack([110.5 + 0.01 * np.cos(angles), 27 + 0.01 * np.sin(angles)])
    corners[[7, 8]] = corners[[8, 7]]
    result = screen(np.array([shapely.Polygon(corners)]))
    assert result.is_missing.tolist() == [False]
    assert "自相交" in result.detail[0]


@pytest.mark.parametrize(("corners", "is_too_many"), [(30, False), (33, False), (34, True), (60, True)])
def test_crossings_are_counted_once(corners, is_too_many, monkeypatch):
    """A star polygon of n corners that steps n // 2 at a time crosses itself n (n - 3) / 2 times where n is odd."""
    n = corners | 1
    angles = np.arange(n) * (n // 2) * 2 * np.pi / n
    star = shapely.Polygon(np.column_stack([np.cos(angles), np.sin(angles)]))
    monkeypatch.setattr("landeval.tidy.tangles.MAX_CROSSINGS", 33 * 30 // 2)
    monkeypatch.setattr("landeval.tidy.tangles._SAFE_EDGES", 3)
    assert is_tangled(np.array([star])).tolist() == [is_too_many]


def test_a_null_shape_is_missing_not_zero(tmp_path):
    parcels, issues = tidied(tmp_path, None, square(1))
    assert parcels["area_measured_m2"].isna().tolist() == [True, False]
    assert issues.loc[issues["code"] == "E213", ["source_row", "record_key"]].values.tolist() == [[1, "P0"]]


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
def test_coordinates_that_are_no_numbers_are_missing():
    spoiled = shapely.Polygon([(110, 27), (110.1, 27), (110.1, 27.1), (np.nan, 27.1)])
    endless = shapely.Polygon([(110, 27), (110.1, 27), (np.inf, 27.1)])
    result = screen(np.array([spoiled, endless, shapely.box(110, 27, 110.001, 27.001)], dtype=object))
    assert result.is_missing.tolist() == [True, True, False]
    assert np.isnan(result.area_m2).tolist() == [True, True, False]


def test_flat_points_lines_and_collections():
    flat = shapely.Polygon([(110, 27), (110.1, 27), (110.2, 27)])
    shapes = np.array(
        [flat, shapely.Point(110, 27), shapely.LineString([(110, 27), (111, 27)]), shapely.Polygon()],
        dtype=object,
    )
    result = screen(shapes)
    assert result.is_unreliable.tolist() == [True, False, False, False]
    assert result.is_missing.tolist() == [False, True, True, True]
    assert np.isnan(result.area_m2).all()


def test_the_callers_shapes_stay_as_they_are():
    tie = shapely.Polygon([(110, 27), (110.1, 27.1), (110.1, 27), (110, 27.1)])
    shapes = np.array([tie, None], dtype=object)
    screen(shapes)
    assert shapes[0] is tie


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(110, 111), st.floats(26.8, 27.4)), min_size=3, max_size=9))
def test_any_ring_is_measured_or_explained(points):
    result = screen(np.array([shapely.Polygon(points)], dtype=object))
    is_bad = bool(result.is_missing[0] or result.is_unreliable[0])
    assert np.isnan(result.area_m2[0]) == is_bad
    assert is_bad or result.area_m2[0] > 0
    assert bool(result.detail[0]) == bool(is_bad or result.is_repaired[0])
