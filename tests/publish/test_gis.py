"""``gis/``: what was written is what is read back, and what a shapefile loses is listed."""

import csv
import struct

import fiona
import geopandas as gpd
import pyogrio
import pytest
from builders import HOSTILE, make_result

from landeval.errors import OutputError
from landeval.publish.cells import clean
from landeval.publish.gis import geopackage, multipolygons, write_gis
from landeval.publish.gis.shapefile import SHORT_NAMES, fit

N = 30


def listed(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("gis")
    write_gis(make_result(N), place)
    return place


def test_geopackage_holds_every_record_and_value(folder):
    result = make_result(N)
    parcels = pyogrio.read_dataframe(folder / "landeval.gpkg", layer="宗地")
    assert parcels.crs == "EPSG:4490"
    assert parcels["权利人"].tolist()[: len(HOSTILE)] == [clean(name) for name in HOSTILE]
    assert parcels["宗地标识"].tolist() == result.parcels.index.tolist()
    assert (
        parcels["亩均税收(万元/亩)"].isna().tolist() == result.parcels["tax_wan_yuan_per_mu"].isna().tolist()
    )
    assert parcels["约定动工日期"].dt.date.tolist() == result.parcels["agreed_start"].dt.date.tolist()
    assert parcels["是否处置候选"].tolist() == ["是" if x else "否" for x in result.status["is_candidate"]]
    assert parcels["逾期天数"].isna().tolist() == result.status["days_overdue"].isna().tolist()
    assert set(parcels.geometry.dropna().geom_type) == {"MultiPolygon"}
    assert parcels.geometry.isna().tolist() == result.parcels.geometry.isna().tolist()
    for drawn, given in zip(parcels.geometry.dropna(), result.parcels.geometry.dropna(), strict=True):
        assert drawn.equals(given)
    assert len(pyogrio.read_dataframe(folder / "landeval.gpkg", layer="分区")) == len(result.zones)


def test_shapefile_is_gbk_with_short_names(folder):
    path = folder / "shp" / "宗地.shp"
    assert path.with_suffix(".cpg").read_text() == "GBK"
    with fiona.open(path, encoding="GBK") as source:
        names = list(source.schema["properties"])
        records = list(source)
    assert len(records) == N
    assert all(name.isascii() and len(name) <= 10 for name in names)
    assert records[0]["properties"]["QLR"] == "=1+1"
    assert records[10]["properties"]["QLR"] == "〇〓〓矿业"
    assert records[9]["properties"]["QLR"] == "名" * 127
    result = make_result(N)
    assert [r["geometry"] is None for r in records] == result.parcels.geometry.isna().tolist()
    taxes = [r["properties"]["RKSS"] for r in records]
    assert [tax is None for tax in taxes] == result.parcels["tax_wan_yuan"].isna().tolist()
    assert taxes[0] == round(result.parcels["tax_wan_yuan"].iloc[0], 6)
    assert (
        str(records[0]["properties"]["YDDGRQ"]) == result.parcels["agreed_start"].iloc[0].date().isoformat()
    )
    again = gpd.read_file(path, encoding="GBK", engine="pyogrio")
    assert again["PJJL"].tolist() == result.status["status"].tolist()


def test_losses_are_listed(folder):
    losses = listed(folder / "shp" / "文字改动清单.csv")
    assert {(row["标识"], row["短名"], row["改动"]) for row in losses if row["短名"] == "QLR"} == {
        ("P000010", "QLR", "截短"),
        ("P000011", "QLR", "换字"),
    }
    fields = {
        row["英文名称"]: row for row in listed(folder / "shp" / "字段对照表.csv") if row["图层"] == "宗地"
    }
    assert fields["holder_name"]["短名"] == "QLR"
    assert "截短" in fields["holder_name"]["说明"]
    assert "〓" in fields["holder_name"]["说明"]
    assert fields["area_mu"]["类型"] == "小数"
    assert fields["source_row"]["说明"] == "shapefile 未收录，见 landeval.gpkg"


def test_short_names_are_unique_within_ten_bytes():
    names = list(SHORT_NAMES.values())
    assert len({name.upper() for name in names}) == len(names)
    assert all(name.isascii() and 0 < len(name) <= 10 for name in names)


def test_cutting_never_splits_a_character():
    assert fit("a" + "名" * 200) == ("a" + "名" * 126, False, True)


def test_dbf_carries_the_as_of_date(folder):
    head = (folder / "shp" / "宗地.dbf").read_bytes()[:8]
    assert struct.unpack("<xBBBI", head) == (124, 12, 31, N)


def test_same_result_same_bytes(folder, tmp_path):
    write_gis(make_result(N), tmp_path)
    for path in (path for path in folder.rglob("*") if path.is_file()):
        assert path.read_bytes() == (tmp_path / path.relative_to(folder)).read_bytes(), path.name


def test_gdal_setting_is_put_back(tmp_path):
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    write_gis(make_result(9), tmp_path)
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") == before


def test_without_any_geometry_the_shapefile_is_left_out(tmp_path):
    result = make_result(9)
    parcels = result.parcels.set_geometry(
        gpd.GeoSeries([None] * 9, index=result.parcels.index, crs="EPSG:4490")
    )
    zones = result.zones.set_geometry(gpd.GeoSeries([None] * len(result.zones), crs="EPSG:4490"))
    write_gis(make_result(9, parcels=parcels, zones=zones), tmp_path)
    assert [path.name for path in (tmp_path / "shp").iterdir()] == ["说明.txt"]
    assert "宗地、分区" in (tmp_path / "shp" / "说明.txt").read_text("utf-8-sig")
    assert pyogrio.read_info(tmp_path / "landeval.gpkg", layer="宗地")["features"] == 9


def test_a_short_read_back_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(geopackage.pyogrio, "read_info", lambda *_, **__: {"features": 3})
    with pytest.raises(OutputError, match="应有 9 条，读回 3 条") as caught:
        write_gis(make_result(9), tmp_path)
    assert caught.value.exit_code == 4


def test_polygons_are_flattened_and_others_left_out():
    from shapely import GeometryCollection, Point, Polygon, box

    shapes = [Polygon([(0, 0, 5), (1, 0, 5), (1, 1, 5)]), Point(0, 0), None, Polygon(),
              GeometryCollection([box(0, 0, 1, 1), Point(2, 2)])]  # fmt: skip
    made = multipolygons(gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4490"))
    assert [None if shape is None else shape.geom_type for shape in made] == [
        "MultiPolygon", None, None, None, "MultiPolygon"]  # fmt: skip
    assert not made[0].has_z
