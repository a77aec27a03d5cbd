"""RELIABILITY §4.2, rows 13–15 and 59–67: where a layer lies, read, corrected aloud or refused."""

import numpy as np
import pytest
from bureau import PARCEL_FIELDS, PARCEL_ROWS, assert_same_figures, assert_told, check, delivery, states
from pyproj import CRS
from writers import EAST, NORTH, moved, shapefile, square, text_file

from landeval import evaluate, load_project
from landeval.errors import InputRefusedError

FILE = "宗地.shp"


def drawn_in(folder, shapes, prj):
    """Write the delivery with its parcels drawn otherwise."""
    given = delivery(folder)
    given["parcels"].with_suffix(".prj").unlink()
    shapefile(given["parcels"], PARCEL_FIELDS, PARCEL_ROWS, shapes, prj=prj)
    return given


def copies(epsg):
    return [moved(square(i), epsg) for i in range(3)]


def swapped(shapes):
    return [[[(y, x) for x, y in ring] for ring in rings] for rings in shapes]


def refused(folder, shapes, prj):
    with pytest.raises(InputRefusedError) as caught:
        check(**drawn_in(folder, shapes, prj))
    assert "宗地." in caught.value.where
    return caught.value


@pytest.mark.parametrize(
    ("epsg", "found"), [(4546, "EPSG:4546"), (4525, "EPSG:4525"), (4490, "EPSG:4490")], ids=str
)
def test_row_013_missing_prj_is_read_from_the_values_and_said(tmp_path, clean, epsg, found):
    result = check(**drawn_in(tmp_path, copies(epsg), None))
    assert_told(
        result.issues,
        "E215",
        file=FILE,
        what=f"文件未标明，按坐标值判定为 {found}（假定为 CGCS2000",
        remedy="crs",
    )
    assert_same_figures(result, clean, rel=2e-4)


@pytest.mark.parametrize(
    "prj", ["", " \r\n", "洞口县独立坐标系", "PROJCS[broken"], ids=["empty", "blank", "free text", "damaged"]
)
def test_row_014_useless_prj_is_refused(tmp_path, prj):
    error = refused(tmp_path, copies(4546), prj)
    assert error.code == "E238"
    assert 'crs = "EPSG:' in error.remedy


def test_row_015_name_and_parameters_of_a_prj_disagree(tmp_path, clean):
    wkt = CRS.from_epsg(4546).to_wkt("WKT1_ESRI")
    assert "CM_111E" in wkt
    result = check(**drawn_in(tmp_path, copies(4546), wkt.replace("CM_111E", "CM_114E")))
    assert_told(result.issues, "E280", file=FILE, what="CM 114E，参数中央子午线 111°E", remedy="中央子午线")
    assert_same_figures(result, clean)


def test_row_059_lonlat_labelled_metres_is_refused_with_both_readings(tmp_path):
    error = refused(tmp_path, copies(4490), 4546)
    assert "文件标明 EPSG:4546（平面坐标，米）" in error.where
    assert "坐标值像是经纬度（度）" in error.remedy
    assert 'crs = "EPSG:4490"' in error.remedy


@pytest.mark.parametrize("epsg", [4546, 4525])
def test_row_059_metres_labelled_lonlat_is_refused_with_both_readings(tmp_path, epsg):
    error = refused(tmp_path, copies(epsg), 4490)
    assert "文件标明 EPSG:4490（经纬度，度）" in error.where
    assert "坐标值像是平面坐标（米）" in error.remedy
    assert f'crs = "EPSG:{epsg}"' in error.remedy


def test_row_059_the_line_named_in_the_remedy_is_the_way_out(tmp_path, clean):
    given = drawn_in(tmp_path, copies(4490), 4546)
    toml = text_file(
        tmp_path / "landeval.toml", f'as_of = "2024-12-31"\n[parcels]\npath = "{FILE}"\ncrs = "EPSG:4490"\n'
    )
    result = evaluate(load_project(toml, enterprises=given["enterprises"]))
    assert_same_figures(result, clean, rel=2e-4)


def test_row_060_right_lonlat_has_areas_in_square_metres(tmp_path, clean):
    result = check(**drawn_in(tmp_path, copies(4490), 4490))
    assert_same_figures(result, clean, rel=2e-4)
    assert not {"E215", "E280"} & set(result.issues["code"])


@pytest.mark.parametrize(
    ("label", "real"), [(4546, 4525), (4525, 4546)], ids=["only in values", "only in label"]
)
def test_row_061_zone_prefix_in_one_of_label_and_values_is_corrected(tmp_path, clean, label, real):
    result = check(**drawn_in(tmp_path, copies(real), label))
    assert_told(
        result.issues,
        "E215",
        file=FILE,
        what=f"文件标明 EPSG:{label}，按坐标值判定为 EPSG:{real}",
        remedy="crs",
    )
    assert_same_figures(result, clean, rel=2e-4)


@pytest.mark.parametrize(("epsg", "prj"), [(4546, 4546), (4525, 4525), (4525, None), (4490, 4490)])
def test_row_062_swapped_axes_are_refused_by_name(tmp_path, epsg, prj):
    error = refused(tmp_path, swapped(copies(epsg)), prj)
    assert f"坐标值像是 X、Y 互换的 EPSG:{epsg}；如属实" in error.remedy
    assert f'crs = "EPSG:{epsg}" 和 swap_axes = true' in error.remedy


def test_row_062_swap_axes_is_the_way_out_and_is_said(tmp_path, clean):
    given = drawn_in(tmp_path, swapped(copies(4546)), 4546)
    toml = text_file(
        tmp_path / "landeval.toml", f'as_of = "2024-12-31"\n[parcels]\npath = "{FILE}"\nswap_axes = true\n'
    )
    result = evaluate(load_project(toml, enterprises=given["enterprises"]))
    assert_told(result.issues, "E284", file=FILE, what="互换了 X、Y", remedy="swap_axes")
    assert_same_figures(result, clean, rel=2e-4)
    assert result.meta["settings"]["sources"][0]["swap_axes"] is True


LOCAL = CRS.from_proj4("+proj=tmerc +lat_0=27 +lon_0=110.6 +k=1 +x_0=50000 +y_0=30000 +ellps=GRS80 +units=m")


@pytest.mark.parametrize(
    "epsg", [4547, 4545, 4507, 3857], ids=["3° 114E", "3° 108E", "6° 105E", "Web Mercator"]
)
def test_row_063_areas_are_those_of_the_ellipsoid_in_any_projection(tmp_path, clean, epsg):
    assert_same_figures(check(**drawn_in(tmp_path, copies(epsg), epsg)), clean, rel=2e-4)


def test_row_063_local_grid_with_its_parameters(tmp_path, clean):
    result = check(**drawn_in(tmp_path, copies(LOCAL), LOCAL.to_wkt("WKT1_ESRI")))
    assert_same_figures(result, clean, rel=2e-4)


def test_row_063_label_of_the_neighbouring_strip_is_refused(tmp_path):
    error = refused(tmp_path, copies(4546), 4547)
    assert 'crs = "EPSG:4546"' in error.remedy


@pytest.mark.parametrize(("epsg", "name"), [(2382, "西安80"), (2434, "北京54")])
def test_row_064_old_datum_is_never_shifted_silently(tmp_path, epsg, name):
    error = refused(tmp_path, copies(4546), epsg)
    assert error.code == "E239"
    assert name in error.what
    assert "towgs84" in error.remedy


def test_row_064_old_datum_accepted_keeps_the_areas_and_warns(tmp_path, clean):
    given = drawn_in(tmp_path, copies(4546), 2382)
    toml = text_file(
        tmp_path / "landeval.toml",
        f'as_of = "2024-12-31"\n[crs]\naccept_ballpark = true\n[parcels]\npath = "{FILE}"\n',
    )
    result = evaluate(load_project(toml, enterprises=given["enterprises"]))
    assert_told(result.issues, "E228", file=FILE, what="数十米", remedy="七参数")
    assert_same_figures(result, clean, rel=2e-4)


ZONE_FIELDS = [("层级", "C", 10), ("编号", "C", 10), ("名称", "C", 20)]
GROUND = [[(EAST - 50, NORTH - 50), (EAST - 50, NORTH + 150), (EAST + 550, NORTH + 150), (EAST + 550, NORTH - 50), (EAST - 50, NORTH - 50)]]  # fmt: skip


def with_layout(folder, rings, prj):
    return {**delivery(folder), "layout": shapefile(folder / "布局.shp", ZONE_FIELDS, [("社区", "S1", "虚构一区")], [rings], prj=prj)}  # fmt: skip


def test_row_065_layers_in_different_systems_meet_and_it_is_said(tmp_path, clean):
    result = check(**with_layout(tmp_path, moved(GROUND, 4490), 4490))
    assert_told(result.issues, "E278", file=FILE, what="EPSG:4546 → EPSG:4490", remedy="crs")
    assert_told(result.issues, "E278", file="布局.shp", what="EPSG:4490")
    assert (result.parcels["community_code"] == "S1").all()
    assert not {"E501", "E502", "E279"} & set(result.issues["code"])
    assert_same_figures(result, clean)


def test_row_066_one_layer_without_system_is_inferred_aloud_or_refused(tmp_path):
    result = check(**with_layout(tmp_path / "a", GROUND, None))
    assert_told(result.issues, "E215", file="布局.shp", what="文件未标明")
    assert (result.parcels["community_code"] == "S1").all()
    away = [[(x + 400_000, y) for x, y in ring] for ring in GROUND]
    with pytest.raises(InputRefusedError, match=r"图层没有坐标系(.|\n)*布局\.shp"):
        check(**with_layout(tmp_path / "b", away, None))


def test_row_067_single_parcel_outside_the_county_is_flagged(tmp_path):
    result = check(**drawn_in(tmp_path, [square(0), square(1), square(2, east=EAST + 300_000)], 4546))
    assert_told(result.issues, "E216", file=FILE, row=3, what="本县范围之外", remedy="带号")
    assert set(states(result, FILE)) == {1, 2, 3}


def test_row_067_gcj02_copy_beside_a_true_layout_is_questioned(tmp_path):
    from landeval.tidy.gcj02 import shifted

    true = moved(GROUND, 4490)
    wrong = [[list(map(tuple, shifted(np.array(ring)))) for ring in moved(square(i), 4490)] for i in range(3)]
    given = drawn_in(tmp_path / "资料", wrong, 4326)
    given["layout"] = shapefile(
        tmp_path / "资料" / "布局.shp", ZONE_FIELDS, [("社区", "S1", "虚构一区")], [true], prj=4490
    )
    result = check(**given)
    assert_told(
        result.issues,
        "E279",
        file=FILE,
        what="100.00% 不重合，按 GCJ-02 还原后为 0.00%",
        remedy="核实坐标来源",
    )
    assert "E279" not in set(result.issues.loc[result.issues["source_file"] == "布局.shp", "code"])
