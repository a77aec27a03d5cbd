"""RELIABILITY §4.2, rows 42–58 and 68–70: shapes as bureaus draw them, one spoiled beside two sound ones."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from bureau import (
    CODES,
    PARCEL_FIELDS,
    PARCEL_ROWS,
    assert_same_figures,
    assert_told,
    check,
    delivery,
    figures,
    states,
)
from writers import EAST, NORTH, moved, shapefile, square

from landeval.errors import InputRefusedError

FILE = "宗地.shp"
# Gauss-Kruger at 42.6 km from the meridian: plane area is larger than the ellipsoid's by (1 + y²/2R²)²
SCALE = 1 + (500_000 - EAST) ** 2 / 6_371_000**2


def ring(*points, east=EAST, north=NORTH):
    return [(east + x, north + y) for x, y in (*points, points[0])]


SHELL = ring((0, 0), (0, 100), (100, 100), (100, 0))
HOLE = ring((20, 20), (40, 20), (40, 40), (20, 40))


def with_first(tmp_path, rings, *, kind=5, rows=PARCEL_ROWS, area="10000.00"):
    """Write the delivery with the first parcel drawn otherwise; ``area`` is the first one's certificate."""
    given = delivery(tmp_path)
    rows = [(rows[0][0], rows[0][1], area, rows[0][3]), *rows[1:]]
    shapefile(given["parcels"], PARCEL_FIELDS, rows, [rings, square(1), square(2)], kind=kind)
    return given


@cache
def sound():
    """Evaluate the clean delivery once: every spoiled one is measured against the same result."""
    with TemporaryDirectory() as folder:
        return check(**delivery(Path(folder)))


def assert_only_first_differs(result):
    """Assert that the two sound parcels keep the numbers of the clean copy."""
    clean = figures(sound())
    pd.testing.assert_frame_equal(figures(result).loc[list(CODES[1:])], clean.loc[list(CODES[1:])], rtol=1e-6)


def first(result, name):
    return result.parcels.set_index("parcel_code").loc[CODES[0], name]


def assert_not_measured(result):
    """Assert that the first parcel, without certificate, has no area, ratio or verdict, and the others stay."""
    assert np.isnan(first(result, "area_measured_m2"))
    assert np.isnan(first(result, "area_plane_m2"))
    assert np.isnan(first(result, "area_mu"))
    assert np.isnan(first(result, "tax_wan_yuan_per_mu"))
    assert result.status.loc[CODES[0], "status"] == "资料不足"
    assert_only_first_differs(result)


@pytest.mark.parametrize("rings", [None, []], ids=["null", "zero parts"])
def test_row_042_null_geometry_is_listed_and_never_area_zero(tmp_path, rings):
    result = check(**with_first(tmp_path, rings, area=""))
    assert_told(result.issues, "E213", file=FILE, row=1, what="没有图形", remedy="补绘")
    assert_not_measured(result)
    assert set(states(result, FILE)) == {1, 2, 3}


def test_row_043_bow_tie_names_the_crossing_in_the_layers_own_coordinates(tmp_path):
    tie = ring((0, 0), (100, 100), (100, 0), (0, 100))
    result = check(**with_first(tmp_path, [tie], area=""))
    assert_told(
        result.issues,
        "E214",
        file=FILE,
        row=1,
        what="自相交（457450.000，2994050.000）；修复前 0.0 ㎡，修复后 4999",
        remedy="修复几何",
    )
    assert_not_measured(result)


def test_row_044_figure_eight_gives_the_area_before_and_after(tmp_path):
    eight = ring((0, 0), (100, 100), (100, 20), (0, 60))
    result = check(**with_first(tmp_path, [eight], area=""))
    assert_told(result.issues, "E214", file=FILE, row=1, what="自相交（4574")
    assert_told(result.issues, "E214", row=1, what="修复前")
    assert_told(result.issues, "E214", row=1, what="修复后")
    assert_not_measured(result)


def test_row_045_zero_width_spike_is_flagged_and_the_area_kept(tmp_path):
    spiked = ring((0, 0), (0, 100), (100, 100), (100, 50), (160, 50), (100, 50), (100, 0))
    result = check(**with_first(tmp_path, [spiked]))
    assert_told(result.issues, "E234", file=FILE, row=1, what="尖刺", remedy="修复几何")
    assert_same_figures(result, sound())
    assert result.parcels.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).all()


def test_row_045_needle_spike_is_flagged_with_its_angle(tmp_path):
    needle = ring((0, 0), (0, 100), (100, 100), (100, 50.2), (150, 50.1), (100, 50), (100, 0))
    result = check(**with_first(tmp_path, [needle]))
    assert_told(result.issues, "E275", file=FILE, row=1, what="最小夹角 0.2", remedy="尖刺")
    assert first(result, "area_measured_m2") * SCALE == pytest.approx(10_005, abs=1)
    assert_only_first_differs(result)


def test_row_045_repeated_vertices_are_ignored(tmp_path):
    repeated = ring((0, 0), (0, 0), (0, 100), (100, 100), (100, 100), (100, 100), (100, 0), (0, 0))
    result = check(**with_first(tmp_path, [repeated]))
    assert not {"E213", "E214", "E234", "E275"} & set(result.issues["code"])
    assert_same_figures(result, sound())


def test_row_046_hole_outside_the_shell_is_flagged_not_added(tmp_path):
    outside = ring((120, 20), (140, 20), (140, 40), (120, 40))
    result = check(**with_first(tmp_path, [SHELL, outside], area=""))
    assert_told(result.issues, "E214", file=FILE, row=1, what="孔在外环之外", remedy="修复几何")
    assert_not_measured(result)


def test_row_047_reversed_winding_with_a_hole_is_corrected(tmp_path):
    right = check(**with_first(tmp_path / "right", [SHELL, HOLE], area=""))
    turned = check(**with_first(tmp_path / "turned", [SHELL[::-1], HOLE[::-1]], area=""))
    assert first(right, "area_measured_m2") * SCALE == pytest.approx(9_600, rel=1e-5)
    assert_same_figures(turned, right)
    assert not {"E214", "E234", "E273"} & set(turned.issues["code"])


def test_row_048_hole_wound_like_a_shell_is_taken_out_and_said(tmp_path):
    right = check(**with_first(tmp_path / "right", [SHELL, HOLE], area=""))
    alike = check(**with_first(tmp_path / "alike", [SHELL, HOLE[::-1]], area=""))
    assert_same_figures(alike, right)
    assert_told(alike.issues, "E273", file=FILE, row=1, what="作为孔扣除", remedy="是孔还是重复绘制")


@pytest.mark.parametrize("rings", [[ring((0, 0), (100, 100))], [[(EAST, NORTH), (EAST + 9, NORTH), (EAST, NORTH)]]],
                         ids=["two points", "three points"])  # fmt: skip
def test_row_049_too_few_points_concern_that_record_only(tmp_path, rings):
    result = check(**with_first(tmp_path, rings, area=""))
    assert {1} == set(result.issues.loc[result.issues["code"].isin(["E213", "E214"]), "source_row"])
    assert_not_measured(result)


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 1e300], ids=str)
def test_row_050_vertices_that_are_no_places_are_flagged(tmp_path, bad):
    spoiled = [*SHELL[:2], (bad, NORTH), *SHELL[3:]]
    result = check(**with_first(tmp_path, [spoiled], area=""))
    assert_told(result.issues, "E213", file=FILE, row=1, what="坐标不是有效的数", remedy="重新导出")
    assert_not_measured(result)


def test_row_050_a_shape_that_is_nowhere_on_earth_concerns_that_record_only(tmp_path):
    given = delivery(tmp_path)
    land = geopandas.read_file(given["parcels"], encoding="gb18030").to_crs(4490)
    land.loc[0, "geometry"] = shapely.transform(land.geometry.iloc[0], lambda points: points + 3000.0)
    land.loc[0, "证载面积"] = None
    land.to_file(tmp_path / "宗地.gpkg")
    result = check(**{**given, "parcels": tmp_path / "宗地.gpkg"})
    assert_told(result.issues, "E213", file="宗地.gpkg", row=1, what="坐标不是有效的数")
    assert_not_measured(result)


def test_row_051_collapsed_shape_is_flagged(tmp_path):
    flat = ring((0, 0), (50, 0), (100, 0))
    result = check(**with_first(tmp_path, [flat], area=""))
    assert_told(result.issues, "E271", file=FILE, row=1, what="图形 0.0", remedy="碎片")
    assert_not_measured(result)


def test_row_051_splinter_under_a_square_metre_is_flagged(tmp_path):
    result = check(**with_first(tmp_path, square(0, 0.5), area=""))
    assert_told(result.issues, "E271", file=FILE, row=1, what="图形 0.250 ㎡", remedy="碎片")
    assert_not_measured(result)


def test_row_051_shape_larger_than_any_parcel_is_flagged(tmp_path):
    result = check(**with_first(tmp_path, square(0, 9_000.0, north=NORTH + 500), area=""))
    assert_told(result.issues, "E272", file=FILE, row=1, what="大得不能是一宗地", remedy="行政区")
    assert_not_measured(result)


def test_row_052_identical_records_count_once(tmp_path):
    given = delivery(tmp_path)
    shapefile(
        given["parcels"],
        PARCEL_FIELDS,
        [*PARCEL_ROWS, PARCEL_ROWS[0]],
        [square(0), square(1), square(2), square(0)],
    )
    result = check(**given)
    assert_told(result.issues, "E220", file=FILE, row=4, what="只计一次", remedy="删除重复行")
    assert states(result, FILE)[4] == "重复"
    assert_same_figures(result, sound())


def test_row_052_one_code_and_shape_with_other_attributes_counts_once_and_says_what_differs(tmp_path):
    given = delivery(tmp_path)
    changed = [*PARCEL_ROWS[0]]
    changed[1:4] = ["洞口虚构另一厂", "9000", ""]  # says less, so the other is taken
    shapefile(
        given["parcels"], PARCEL_FIELDS, [*PARCEL_ROWS, tuple(changed)], [square(0), square(1), square(2), square(0)]
    )  # fmt: skip
    result = check(**given)
    assert_told(
        result.issues, "E286", file=FILE, row=4, what=f"采用 {FILE} 第 1 条", remedy="删除不对的一条",
    )  # fmt: skip
    said = result.issues.loc[result.issues["code"] == "E286", "what"].item()
    assert f"权利人 {PARCEL_ROWS[0][1]} / 洞口虚构另一厂" in said
    assert "证载面积(㎡) 10000 / 9000" in said
    assert "土地用途 工业用地 / 空" in said
    assert said.count(" / ") == 4  # with the heading
    assert not {"E212", "E227", "E220"} & set(result.issues["code"])
    assert states(result, FILE)[4] == "重复"
    assert_same_figures(result, sound())


def test_row_052_one_shape_under_two_codes_stays_twice_and_both_are_told(tmp_path):
    result = check(**with_first(tmp_path, square(1)))
    for row in (1, 2):
        assert_told(result.issues, "E227", file=FILE, row=row, what="完全重合", remedy="删除重复图形")
    assert "E270" not in set(result.issues["code"])
    assert_only_first_differs(result)


def test_row_053_one_code_with_two_shapes_is_reported_not_merged(tmp_path):
    given = delivery(tmp_path)
    shapefile(
        given["parcels"],
        PARCEL_FIELDS,
        [*PARCEL_ROWS, PARCEL_ROWS[0]],
        [square(0), square(1), square(2), square(4)],
    )
    result = check(**given)
    for row in (1, 4):
        assert_told(result.issues, "E212", file=FILE, row=row, what="宗地代码重复", remedy="改正代码")
    assert (result.parcels["parcel_code"] == CODES[0]).sum() == 2
    clean = figures(sound())
    pd.testing.assert_frame_equal(figures(result).loc[list(CODES[1:])], clean.loc[list(CODES[1:])], rtol=1e-6)


def test_row_054_overlap_names_both_codes_and_the_area(tmp_path):
    result = check(**with_first(tmp_path, square(1, east=EAST - 60)))
    assert_told(result.issues, "E270", file=FILE, row=1, what=f"与 {CODES[1]} 重叠 3,999.", remedy="界址")
    assert_told(result.issues, "E270", file=FILE, row=2, what=f"与 {CODES[0]} 重叠 3,999.")
    assert_told(result.issues, "E270", file=FILE, row=2, what="占本宗 40.0%")
    assert len(result.issues[result.issues["code"] == "E270"]) == 2
    assert_only_first_differs(result)


def test_row_054_parcel_inside_another_is_an_overlap(tmp_path):
    result = check(**with_first(tmp_path, square(1, 40.0, east=EAST + 20, north=NORTH + 20)))
    assert_told(result.issues, "E270", row=1, what="占本宗 100.0%")
    assert_told(result.issues, "E270", row=2, what="占本宗 16.0%")


@pytest.mark.parametrize("shift", [0.0, 0.02, -0.02], ids=["touching", "2 cm over", "2 cm gap"])
def test_row_055_slivers_of_centimetres_are_tolerated(tmp_path, shift):
    given = delivery(tmp_path)
    shapes = [square(0), square(0, east=EAST + 100 - shift), square(2)]
    shapefile(given["parcels"], PARCEL_FIELDS, PARCEL_ROWS, shapes)
    result = check(**given)
    assert "E270" not in set(result.issues["code"])
    assert_same_figures(result, sound())


def test_row_056_heights_are_ignored_and_said(tmp_path):
    given = delivery(tmp_path)
    shapefile(given["parcels"], PARCEL_FIELDS, PARCEL_ROWS, [square(i) for i in range(3)], kind=15)
    result = check(**given)
    assert_told(result.issues, "E276", file=FILE, what="高程", remedy="无需处理")
    assert not result.parcels.geometry.has_z.any()
    assert_same_figures(result, sound())


def test_row_057_multipart_parcel_is_one_parcel(tmp_path):
    result = check(**with_first(tmp_path, [*square(0), *square(0, 50.0, north=NORTH + 300)], area=""))
    assert first(result, "area_measured_m2") * SCALE == pytest.approx(12_500, rel=1e-5)
    assert len(result.parcels) == 3
    assert_only_first_differs(result)


def geojson(path, shapes):
    """Write shapes in lon/lat with the parcels' attributes, as GeoJSON text."""
    names = [name for name, *_ in PARCEL_FIELDS]
    features = [{"type": "Feature", "properties": dict(zip(names, row, strict=True)), "geometry": shape}
                for row, shape in zip(PARCEL_ROWS, shapes, strict=True)]  # fmt: skip
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8"
    )
    return path


def polygon(rings):
    return {
        "type": "Polygon",
        "coordinates": [[list(point) for point in part] for part in moved(rings, 4490)],
    }


def test_row_058_collection_with_polygons_gives_its_polygons(tmp_path):
    line = {"type": "LineString", "coordinates": polygon(square(0))["coordinates"][0][:2]}
    mixed = {"type": "GeometryCollection", "geometries": [polygon(square(0)), line]}
    given = delivery(tmp_path)
    given["parcels"] = geojson(tmp_path / "宗地.geojson", [mixed, polygon(square(1)), polygon(square(2))])
    result = check(**given)
    assert_told(result.issues, "E277", file="宗地.geojson", row=1, what="只采用其中的面", remedy="只保留面")
    assert_same_figures(result, sound(), rel=2e-4)


def test_row_058_single_point_among_polygons_is_flagged(tmp_path):
    point = {"type": "Point", "coordinates": polygon(square(0))["coordinates"][0][0]}
    given = delivery(tmp_path)
    given["parcels"] = geojson(tmp_path / "宗地.geojson", [point, polygon(square(1)), polygon(square(2))])
    result = check(**given)
    assert_told(result.issues, "E213", file="宗地.geojson", row=1, what="点或线，不是面")


def test_row_058_points_as_parcels_are_refused(tmp_path):
    given = delivery(tmp_path)
    shapefile(given["parcels"], PARCEL_FIELDS, PARCEL_ROWS, [square(i) for i in range(3)], kind=1)
    with pytest.raises(InputRefusedError, match=r"不是面图层(.|\n)*宗地\.shp(.|\n)*需要面图层"):
        check(**given)


AREA_FIELDS = [("宗地代码", "C", 19), ("权利人", "C", 60), ("证载面积", "N", 12), ("合同面积", "N", 12), ("计税面积", "N", 12), ("土地用途", "C", 20)]  # fmt: skip


def with_areas(tmp_path, registered, contract, tax):
    given = delivery(tmp_path)
    rows = [(code, name, "10000.00", "10000.00", "10000.00", use) for code, name, _, use in PARCEL_ROWS]
    rows[0] = (*rows[0][:2], registered, contract, tax, rows[0][5])
    shapefile(given["parcels"], AREA_FIELDS, rows, [square(i) for i in range(3)])
    return given


@pytest.mark.parametrize(
    ("written", "code", "what", "mu"),
    [
        ("10150.00", "E217", "证载面积 10,150.00 ㎡，图形 9,999.", 15.225), ("10600.00", "E218", "采用证载面积", 15.9),
        ("15.00", "E242", "证载面积 15.00 ㎡，图形 9,999.", None), ("", None, "", 15), ("0", None, "", 15),
    ],
    ids=["1.5 %", "6 %", "mu", "blank", "zero"],
)  # fmt: skip
def test_row_068_declared_area_beside_the_drawn_one(tmp_path, written, code, what, mu):
    result = check(**with_first(tmp_path, square(0), area=written))
    if code:
        assert_told(result.issues, code, file=FILE, row=1, what=what)
    assert first(result, "area_mu") == pytest.approx(mu if mu else np.nan, rel=1e-3, nan_ok=True)
    assert first(result, "area_basis") == (
        "未知（面积矛盾）" if mu is None else "证载面积" if code else "图形面积"
    )
    assert_only_first_differs(result)


def test_row_068_tax_and_contract_areas_are_held_against_the_one_used(tmp_path):
    result = check(**with_areas(tmp_path, "10000.00", "9000.00", "8000.00"))
    assert_told(
        result.issues,
        "E281",
        file=FILE,
        row=1,
        column="税务登记面积(㎡)",
        what="税务登记面积 8,000.00 ㎡，证载面积 10,000.00 ㎡，相差 20.00%，采用证载面积",
        remedy="计税面积",
    )
    assert_told(
        result.issues,
        "E282",
        file=FILE,
        row=1,
        column="合同面积(㎡)",
        what="合同面积 9,000.00 ㎡",
        remedy="合同",
    )
    assert (result.issues.loc[result.issues["code"] == "E281", "responsible"] == "税务局").all()
    assert result.issues["code"].isin(["E281", "E282"]).sum() == 2
    assert first(result, "area_spread_percent") == pytest.approx(25.0)
    assert_same_figures(result, sound())


def test_row_068_the_plane_area_of_the_own_strip_stands_beside_the_ellipsoids(tmp_path):
    result = check(**delivery(tmp_path))
    assert result.parcels["area_plane_m2"].tolist() == pytest.approx([10_000.0] * 3, abs=1e-3)
    assert (result.parcels["area_measured_m2"] < result.parcels["area_plane_m2"]).all()


ZONE_FIELDS = [("层级", "C", 10), ("编号", "C", 10), ("名称", "C", 20), ("上级编号", "C", 10)]


def zone(width, east=0.0):
    return [ring((-50, -50), (-50, 150), (width, 150), (width, -50), east=EAST + east)]


def placed(tmp_path, rows, shapes):
    given = delivery(tmp_path)
    return check(**given, layout=shapefile(tmp_path / "布局.shp", ZONE_FIELDS, rows, shapes))


def test_row_069_parcel_across_two_zones_and_parcel_in_none(tmp_path):
    rows = [("社区", "S1", "虚构一区", ""), ("社区", "S2", "虚构二区", "")]
    result = placed(tmp_path, rows, [zone(270), zone(200, 320)])
    parcels = result.parcels.set_index("parcel_code")
    assert parcels.loc[CODES[0], "community_code"] == "S1"
    assert_told(result.issues, "E502", file=FILE, row=2, what="落入“虚构一区” 70.0%", remedy="分区界线")
    assert set(result.zones["zone_name"]) >= {"虚构一区", "虚构二区"}
    assert parcels["community_code"].tolist()[1] == "S1"


def test_row_069_parcel_in_no_zone_has_a_bucket_of_its_own(tmp_path):
    result = placed(tmp_path, [("社区", "S1", "虚构一区", "")], [zone(350)])
    assert_told(result.issues, "E501", file=FILE, row=3, what="不在任何分区内", remedy="布局图")
    bucket = result.zones[result.zones["zone_name"] == "不在任何产业社区"]
    assert bucket["zone_parcels"].tolist() == [1]
    assert_same_figures(result, sound())


def test_row_070_zones_of_one_level_that_overlap_are_both_named(tmp_path):
    rows = [("社区", "S1", "虚构一区", ""), ("社区", "S2", "虚构二区", "")]
    result = placed(tmp_path, rows, [zone(350), zone(350, 300)])
    assert_told(
        result.issues, "E283", file="布局.shp", row=1, what="产业社区 S1 与 S2 重叠 19,99", remedy="分区界线"
    )
    assert_told(result.issues, "E283", file="布局.shp", row=2, what="S2 与 S1 重叠")
    assert_same_figures(result, sound())


def test_row_070_zones_that_touch_and_levels_that_cover_each_other_are_right(tmp_path):
    rows = [
        ("集群", "C1", "虚构集群", ""),
        ("社区", "S1", "虚构一区", "C1"),
        ("社区", "S2", "虚构二区", "C1"),
    ]
    result = placed(tmp_path, rows, [zone(750), zone(350), zone(350, 400)])
    assert not {"E283", "E285", "E503"} & set(result.issues["code"])


def test_row_070_wrong_parent_is_flagged(tmp_path):
    rows = [
        ("集群", "C1", "虚构集群", ""),
        ("社区", "S1", "虚构一区", "C9"),
        ("社区", "S2", "虚构二区", "C1"),
    ]
    result = placed(tmp_path, rows, [zone(350), zone(350), zone(350, 5_000)])
    assert_told(result.issues, "E503", file="布局.shp", row=2, raw="C9", remedy="上级编号")
    assert_told(
        result.issues,
        "E285",
        file="布局.shp",
        row=3,
        raw="C1",
        what="在上级之内的部分 0.0%",
        remedy="上级编号",
    )


def test_row_070_missing_level_is_refused_with_its_record(tmp_path):
    with pytest.raises(InputRefusedError, match=r"看不出分区的层级(.|\n)*布局\.shp 第 1 条(.|\n)*level"):
        placed(tmp_path, [("", "S1", "虚构一区", "")], [zone(350)])
