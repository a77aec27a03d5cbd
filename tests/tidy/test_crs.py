"""Where a layer lies: labels checked against the county's box, wrong ones corrected aloud or refused."""

import dataclasses

import numpy as np
import pytest
from pyproj import CRS, Transformer
from writers import EAST, NORTH, PROJECT, ZONE_37, moved, read, shapefile, square, told

from landeval.errors import InputRefusedError
from landeval.tidy.crs import locate

FIELDS = [("ZDDM", "C", 19)]


def layer(tmp_path, prj, shapes, **settings):
    rows = [(str(i),) for i in range(len(shapes))]
    return read(shapefile(tmp_path / "p.shp", FIELDS, rows, shapes, prj=prj), **settings)


def located(tmp_path, prj, shapes, project=PROJECT, **settings):
    return locate(layer(tmp_path, prj, shapes, **settings), project)


def middle(result):
    centre = result.shapes[0].centroid
    return centre.x, centre.y


HERE = Transformer.from_crs(4546, 4490, always_xy=True).transform(EAST + 50, NORTH + 50)


@pytest.mark.parametrize("epsg", [4546, 4525, 4490, 4326, 3857, 4547, 4513 + 13, 4497])
def test_every_right_label_gives_the_same_place(tmp_path, epsg):
    result = located(tmp_path, epsg, [moved(square(), epsg)])
    assert middle(result) == pytest.approx(HERE, abs=1e-8)
    assert len(result.issues) == 0
    assert not result.outside.any()


@pytest.mark.parametrize(("epsg", "found"), [(4525, "EPSG:4525"), (4490, "EPSG:4490"), (4497, "EPSG:4497")])
def test_a_missing_prj_is_read_from_the_coordinates(tmp_path, epsg, found):
    result = located(tmp_path, None, [moved(square(), epsg)])
    assert middle(result) == pytest.approx(HERE, abs=1e-8)
    assert f"文件未标明，按坐标值判定为 {found}" in told(result.issues, "E215")


def test_bare_eastings_without_prj_are_read_in_the_countys_own_strip(tmp_path):
    result = located(tmp_path, None, [square()])
    assert middle(result) == pytest.approx(HERE, abs=1e-8)
    assert "文件未标明，按坐标值判定为 EPSG:4546（假定为 CGCS2000" in told(result.issues, "E215")


def test_bare_eastings_that_fit_no_strip_of_the_county_are_refused(tmp_path):
    with pytest.raises(InputRefusedError, match=r"图层没有坐标系，也无法从坐标值判定(.|\n)*757400"):
        located(tmp_path, None, [square(east=EAST + 300_000)])


def test_eastings_that_fit_two_strips_are_refused_with_both(tmp_path):
    wide = dataclasses.replace(PROJECT, bounds=(107.0, 26.75, 112.0, 27.45))
    with pytest.raises(InputRefusedError, match=r"EPSG:4545(.|\n)*EPSG:4546"):
        located(tmp_path, None, [square()], wide)


def test_the_project_can_name_the_crs(tmp_path):
    assert middle(located(tmp_path, None, [square()], crs="EPSG:4546")) == pytest.approx(HERE)
    with pytest.raises(InputRefusedError, match="写法无法识别"):
        located(tmp_path, None, [square()], crs="洞口坐标系")


def test_zone_in_the_eastings_but_not_in_the_label(tmp_path):
    result = located(tmp_path, 4546, [moved(square(), 4525)])
    assert middle(result) == pytest.approx(HERE, abs=1e-8)
    assert "文件标明 EPSG:4546，按坐标值判定为 EPSG:4525" in told(result.issues, "E215")


@pytest.mark.parametrize(("labelled", "real"), [(4525, 4546), (4497, 4508)])
def test_zone_in_the_label_but_not_in_the_eastings(tmp_path, labelled, real):
    result = located(tmp_path, labelled, [moved(square(), real)])
    assert middle(result) == pytest.approx(HERE, abs=1e-8)
    assert f"文件标明 EPSG:{labelled}，按坐标值判定为 EPSG:{real}" in told(result.issues, "E215")


@pytest.mark.parametrize(
    ("prj", "shapes", "cause"),
    [
        (4546, [moved(square(), 4490)], "坐标值像是经纬度"),
        (4490, [square()], ""),
        (4546, [[[(y, x) for x, y in square()[0]]]], "坐标值像是 X、Y 互换"),
        (None, [[[(y, x + ZONE_37) for x, y in square()[0]]]], "坐标值像是 X、Y 互换"),
        (4547, [square()], ""),
        (4526, [moved(square(), 4525)], None),
        (4546, [square(east=EAST + 300_000)], ""),
    ],
)  # fmt: skip
def test_a_layer_that_cannot_lie_here_is_refused_with_the_likely_cause(tmp_path, prj, shapes, cause):
    if cause is None:  # the zone in the eastings tells the truth
        assert middle(located(tmp_path, prj, shapes)) == pytest.approx(HERE, abs=1e-8)
        return
    with pytest.raises(InputRefusedError, match=r"图层不在本县范围内|图层没有坐标系") as caught:
        located(tmp_path, prj, shapes)
    assert cause in caught.value.remedy
    assert "p.shp" in caught.value.where


@pytest.mark.parametrize("prj", ["坐标系：2000", "PROJCS[broken", "<html></html>"])
def test_an_unreadable_prj_is_refused(tmp_path, prj):
    with pytest.raises(InputRefusedError, match=r"写法无法识别(.|\n)*EPSG:4525"):
        located(tmp_path, prj, [square()])


def test_a_prj_with_a_byte_order_mark(tmp_path):
    prj = "\ufeff" + CRS.from_epsg(4546).to_wkt("WKT1_ESRI")
    assert middle(located(tmp_path, prj, [square()])) == pytest.approx(HERE)


def test_single_parcels_far_away_are_flagged(tmp_path):
    result = located(tmp_path, 4546, [square(0), square(1), square(2, east=EAST + 300_000)])
    assert result.outside.tolist() == [False, False, True]


XIAN_3_DEGREE = 2382  # Xian 1980 / 3-degree Gauss-Kruger CM 111E
BEIJING_3_DEGREE = 2434


@pytest.mark.parametrize(("epsg", "name"), [(XIAN_3_DEGREE, "西安80"), (BEIJING_3_DEGREE, "北京54")])
def test_an_old_datum_is_refused_without_parameters(tmp_path, epsg, name):
    with pytest.raises(InputRefusedError, match=f"图层是{name}坐标系(.|\n)*towgs84(.|\n)*accept_ballpark"):
        located(tmp_path, epsg, [square()])


def test_an_old_datum_known_by_its_ellipsoid_only(tmp_path):
    prj = ('PROJCS["local",GEOGCS["g",DATUM["D_Unknown",SPHEROID["Krasovsky_1940",6378245.0,298.3]],PRIMEM["Greenwich",0.0],'
           'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],'
           'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",111.0],PARAMETER["Scale_Factor",1.0],'
           'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]')  # fmt: skip
    with pytest.raises(InputRefusedError, match="图层是北京54坐标系"):
        located(tmp_path, prj, [square()])


def test_an_old_datum_accepted_without_shift_is_told(tmp_path):
    project = dataclasses.replace(PROJECT, accept_ballpark=True)
    result = located(tmp_path, XIAN_3_DEGREE, [square()], project)
    assert "西安80" in told(result.issues, "E228")
    assert middle(result) == pytest.approx(HERE, abs=1e-3)


def test_an_old_datum_with_seven_parameters_is_shifted_by_them(tmp_path):
    seven = (-100.0, 50.0, 30.0, 0.0, 0.0, 0.0, 0.0)
    project = dataclasses.replace(PROJECT, towgs84=seven)
    result = located(tmp_path, XIAN_3_DEGREE, [square()], project)
    lon, lat = np.radians(HERE)
    east = -seven[0] * np.sin(lon) + seven[1] * np.cos(lon)
    north = (-seven[0] * np.cos(lon) - seven[1] * np.sin(lon)) * np.sin(lat) + seven[2] * np.cos(lat)
    plain = located(tmp_path, XIAN_3_DEGREE, [square()], dataclasses.replace(PROJECT, accept_ballpark=True))
    shift_x = (middle(result)[0] - middle(plain)[0]) * 111_320 * np.cos(lat)
    shift_y = (middle(result)[1] - middle(plain)[1]) * 110_800
    assert (shift_x, shift_y) == pytest.approx((east, north), abs=1.5)
    assert "E228" not in set(result.issues["code"])


def test_the_shift_turns_and_scales_like_the_textbook(tmp_path):
    shape = square()
    seven = (-100.0, 50.0, 30.0, 1.0, -2.0, 3.0, 4.0)
    result = located(tmp_path, XIAN_3_DEGREE, [shape], dataclasses.replace(PROJECT, towgs84=seven))
    lon, lat = Transformer.from_crs(2382, 4610, always_xy=True).transform(*shape[0][0][:2])
    to_earth = Transformer.from_crs(CRS.from_proj4("+proj=longlat +a=6378140 +rf=298.257"), CRS.from_proj4("+proj=geocent +a=6378140 +rf=298.257"), always_xy=True)  # fmt: skip
    x, y, z = to_earth.transform(lon, lat, 0.0)
    rx, ry, rz = np.radians(np.array(seven[3:6]) / 3600)
    turned = (1 + seven[6] * 1e-6) * np.array([[1, -rz, ry], [rz, 1, -rx], [-ry, rx, 1]]) @ [x, y, z] + seven[
        :3
    ]
    back = Transformer.from_crs(CRS.from_proj4("+proj=geocent +ellps=GRS80"), CRS.from_proj4("+proj=longlat +ellps=GRS80"), always_xy=True)  # fmt: skip
    expected = back.transform(*turned)[:2]
    found = np.array(result.shapes[0].exterior.coords)
    assert np.abs(found - expected).sum(axis=1).min() < 1e-9
