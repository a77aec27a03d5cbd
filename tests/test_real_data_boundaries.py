"""Outlines of real counties: Chinese text without .cpg, one area in any system, GCJ-02 questioned."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from bureau import assert_told
from pyproj import CRS
from writers import PROJECT, cells, moved, read, shapefile

from landeval.tidy.crs import locate
from landeval.tidy.gcj02 import questioned
from landeval.tidy.geometry import ellipsoid_area, screen

pytestmark = pytest.mark.real_data
DONGKOU_KM2 = 2168.0


@pytest.fixture(scope="module")
def folder(shared_data):
    return shared_data / "boundaries_cn"


@pytest.fixture(scope="module")
def outline(folder):
    shape = gpd.read_file(folder / "dongkou_tianditu_cgcs2000.geojson").geometry.iloc[0]
    return [
        list(ring.coords) for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)
    ]


@pytest.mark.parametrize("name", ["derived_shaoyang_gbk_nocpg.shp", "derived_邵阳县区_GBK.shp"])
def test_gbk_outlines_are_read_in_chinese(folder, name):
    written = {str(value) for row in cells(read(folder / name)) for value in row}
    assert "洞口县" in written


@pytest.mark.parametrize("epsg", [4490, 4525, 3857])
def test_dongkou_has_one_area_in_every_system(tmp_path, outline, epsg):
    rings = outline if epsg == 4490 else moved(outline, epsg, source=4490)
    path = shapefile(tmp_path / "洞口.shp", [("NAME", "C", 20)], [("洞口县",)], [rings], prj=epsg)
    located = locate(read(path), PROJECT)
    assert ellipsoid_area(located.shapes)[0] / 1e6 == pytest.approx(DONGKOU_KM2, abs=0.1)
    assert CRS.from_user_input(located.crs).to_epsg() == epsg


def test_the_gcj02_copy_of_dongkou_is_questioned(folder):
    true = read(folder / "dongkou_tianditu_cgcs2000.geojson", "layout")
    wrong = read(folder / "shaoyang_amap_gcj02" / "430525.geojson")
    shapes = [screen(locate(raw, PROJECT).shapes).shapes for raw in (wrong, true)]
    told = questioned([wrong], [true], *shapes)
    assert_told(told, "E279", file="430525.geojson", what="与另一图层有 3.0", remedy="CGCS2000")
    assert_told(told, "E279", file="430525.geojson", what="“shaoyang_amap_gcj02”提示坐标来源")
    assert set(told["source_file"]) == {"430525.geojson"}


def test_two_true_outlines_are_not_questioned(folder):
    true = read(folder / "dongkou_tianditu_cgcs2000.geojson")
    shapes = np.asarray(screen(locate(true, PROJECT).shapes).shapes)
    assert len(questioned([true], [true], shapes, shapes)) == 0
