"""``gis/``: what was written is what is read back, and what a shapefile loses is listed."""

import csv
import json
import math
import sqlite3
import struct
import xml.etree.ElementTree as ET

import fiona
import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from builders import HOSTILE, make_result

from landeval.errors import OutputError
from landeval.publish.cells import clean
from landeval.publish.gis import geopackage, multipolygons, write_gis
from landeval.publish.gis.shapefile import SHORT_NAMES, fit
from landeval.publish.labels import label_of
from landeval.publish.map.palette import LOOKS
from landeval.publish.stamp import facts
from landeval.publish.tables import write_tables
from landeval.read.source import read_source
from landeval.sources import Source

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


def opened(folder):
    """Open the parcels of each format as a frame, Chinese names."""
    return {
        "gpkg": pyogrio.read_dataframe(folder / "landeval.gpkg", layer="宗地"),
        "parquet": gpd.read_parquet(folder / "parquet" / "宗地.parquet"),
        "geojson": gpd.read_file(folder / "geojson" / "宗地.geojson", engine="pyogrio"),
    }


def assert_same_as_the_table(frame, rows):
    """Assert that each value of a layer is that of ``tables/parcels.csv``: the same number, text, day, or blank."""
    assert len(frame) == len(rows)
    assert [name for name in frame.columns if name != "geometry"] == list(rows[0])
    for name in rows[0]:
        for value, row in zip(frame[name], rows, strict=True):
            text = row[name]
            if pd.isna(value):
                assert text == "", name
            elif isinstance(value, int | float) and not isinstance(value, bool):
                assert math.isclose(value, float(text), rel_tol=1e-12), name
            else:
                shown = value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)
                assert text in (shown, f"'{shown}"), name


def test_every_format_says_what_the_table_says(folder, tmp_path):
    result = make_result(N)
    write_tables(result, tmp_path, only=("parcels",))
    rows = listed(tmp_path / "parcels.csv")
    for name, frame in opened(folder).items():
        assert_same_as_the_table(frame, rows)
        assert frame.crs.to_epsg() == 4490, name
        for drawn, given in zip(frame.geometry, result.parcels.geometry, strict=True):
            assert (drawn is None) == (given is None)
            assert given is None or drawn.equals_exact(given, 0) or drawn.geom_type != given.geom_type
    for layer, frame in (("分区", result.zones),):
        assert len(gpd.read_parquet(folder / "parquet" / f"{layer}.parquet")) == len(frame)
        assert len(pyogrio.read_dataframe(folder / "geojson" / f"{layer}.geojson")) == len(frame)


def test_the_package_reads_its_own_files(folder):
    for path in (folder / "parquet" / "宗地.parquet", folder / "geojson" / "宗地.geojson"):
        [raw] = read_source(Source("parcels", path))
        assert len(raw.frame) == N
        assert raw.headers[:3] == ("宗地标识", "宗地代码", "权利人")


def test_the_run_stands_in_every_format(folder):
    wanted = facts(make_result(N))
    table = pyogrio.read_dataframe(folder / "landeval.gpkg", layer="运行信息", read_geometry=False)
    assert dict(zip(table["项目"], table["内容"], strict=True)) == wanted
    assert json.loads((folder / "geojson" / "分区.geojson").read_text("utf-8"))["landeval"] == wanted
    assert json.loads(pq.read_metadata(folder / "parquet" / "分区.parquet").metadata[b"landeval"]) == wanted
    assert {row["项目"]: row["内容"] for row in listed(folder / "shp" / "运行信息.csv")} == wanted


def test_the_geopackage_is_styled_with_the_hatches_of_the_legend(folder):
    styles = pyogrio.read_dataframe(folder / "landeval.gpkg", layer="layer_styles", read_geometry=False)
    assert styles["f_table_name"].tolist() == ["宗地", "分区"]
    assert styles["useAsDefault"].tolist() == [1, 1]
    root = ET.fromstring(styles["styleQML"][0])
    renderer = root.find("renderer-v2")
    assert renderer.get("attr") in pyogrio.read_info(folder / "landeval.gpkg", layer="宗地")["fields"]
    symbols = {symbol.get("name"): symbol for symbol in renderer.find("symbols")}
    drawn = {
        category.get("value"): symbols[category.get("symbol")] for category in renderer.find("categories")
    }
    assert list(drawn) == [look.name for look in LOOKS]
    for look in LOOKS:
        layers = [layer.get("class") for layer in drawn[look.name]]
        lines = {"cross": 2, "grid": 2, "slash": 1, "backslash": 1}.get(look.hatch, 0)
        assert layers == [
            "SimpleFill",
            *["LinePatternFill"] * lines,
            *["PointPatternFill"] * (look.hatch == "dots"),
        ]
        colour = drawn[look.name].find("layer/Option/Option[@name='color']").get("value")
        assert colour == ",".join(str(int(look.fill[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"
    with sqlite3.connect(folder / "landeval.gpkg") as book:
        kinds = dict(book.execute("select table_name, data_type from gpkg_contents"))
    assert kinds == {
        "宗地": "features",
        "分区": "features",
        "layer_styles": "attributes",
        "运行信息": "attributes",
    }


def hostile_result():
    """Return a Result with something wicked in every text of every parcel and verdict but its class and id."""
    result = make_result(N)
    wicked = [HOSTILE[at % len(HOSTILE)] for at in range(N)]

    def spoiled(frame, kept):
        plain = [name for name in frame.columns if name not in ("geometry", *kept)]
        texts = [name for name in plain if frame[name].map(type).eq(str).any()]
        return frame.assign(
            **{name: wicked[at % 5 :] + wicked[: at % 5] for at, name in enumerate(texts)}
        ), texts

    parcels, one = spoiled(result.parcels, ())
    status, other = spoiled(result.status, ("status",))
    return make_result(N, parcels=parcels, status=status), [*one, *other]


def test_wicked_texts_in_every_field_stand_literally_in_every_format(tmp_path):
    result, spoiled = hostile_result()
    assert len(spoiled) >= 20
    write_gis(result, tmp_path)
    write_tables(result, tmp_path / "tables", only=("parcels",))
    rows = listed(tmp_path / "tables" / "parcels.csv")
    for frame in opened(tmp_path).values():
        assert_same_as_the_table(frame, rows)
        for name in spoiled:
            source = result.parcels if name in result.parcels else result.status
            assert frame[label_of(name)].tolist() == [clean(text) for text in source[name]]
    with fiona.open(tmp_path / "shp" / "宗地.shp", encoding="GBK") as source:
        records = list(source)
    changed = {
        (row["序号"], row["短名"]): row["原文"] for row in listed(tmp_path / "shp" / "文字改动清单.csv")
    }
    for name in set(spoiled) & set(SHORT_NAMES):
        frame = result.parcels if name in result.parcels else result.status
        for at, (record, text) in enumerate(zip(records, frame[name], strict=True), start=1):
            shown, whole = record["properties"][SHORT_NAMES[name]], clean(text).strip()
            assert shown == whole or changed[str(at), SHORT_NAMES[name]].removeprefix("'").strip() == whole


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
    assert sorted(path.name for path in (tmp_path / "shp").iterdir()) == ["说明.txt", "运行信息.csv"]
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
