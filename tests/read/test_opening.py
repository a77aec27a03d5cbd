"""What is opened and what is refused, each refusal naming the file and the way out."""

import json
import zipfile

import pytest
import shapely
from writers import read, shapefile, text_file, workbook

from landeval.errors import InputRefusedError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
VRT = '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>CSV:/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
GEOJSON = '{"type":"FeatureCollection","features":[]}'


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("空.shp", b"", "文件是空的"),
        ("a.shp", VRT.encode(), "扩展名是 .shp，内容不是 shapefile"),
        ("a.shp", GEOJSON.encode(), "扩展名是 .shp，内容不是 shapefile"),
        ("a.xls", OLE, "工作簿损坏或未复制完整"),
        ("a.xlsx", OLE, "工作簿损坏或未复制完整"),
        ("a.xlsx", b"name,tax\n1,2\n", "找不到认得的表头"),
        ("a.xlsx", b"\x00\x01\x02", "工作簿损坏或未复制完整"),
        ("a.xlsx", b"PK\x03\x04 half a file", "文件损坏或未复制完整"),
        ("a.csv", b"<html><table></table></html>", "是 XML 或网页文件"),
        ("a.dwg", b"AC1032 and so on", "不认识的文件格式"),
        ("a.vrt", VRT.encode(), "是 XML 或网页文件"),
        ("a.json", b"[1, 2, 3]", "不认识的文件格式"),
    ],
)
def test_refused_by_content(tmp_path, name, data, said):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputRefusedError, match=said) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert caught.value.remedy
    assert caught.value.exit_code == 2


def test_a_folder_is_refused_with_what_it_holds(tmp_path):
    text_file(tmp_path / "企业.csv", "a,b\n")
    with pytest.raises(InputRefusedError, match=r"给的是文件夹，不是文件(.|\n)*企业.csv"):
        read(tmp_path)


def test_an_archive_of_something_else_is_refused_by_its_own_name(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("宗地.shp", b"x")
    with pytest.raises(InputRefusedError, match=r"内容不是 shapefile(.|\n)*a\.zip/宗地\.shp"):
        read(tmp_path / "a.zip")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(60_000_000))
    with pytest.raises(InputRefusedError, match="展开后有 60 MB，超过限制"):
        read(tmp_path / "a.xlsx", "enterprises")


def test_a_damaged_workbook_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<not a workbook")
    with pytest.raises(InputRefusedError, match="工作簿打不开"):
        read(tmp_path / "a.xlsx", "enterprises")


def test_a_workbook_named_xls_is_read_by_content(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"2024": [["企业名称", "年度"], ["甲", 2024]]}).rename(
        tmp_path / "a.xls"
    )
    assert len(read(path, "enterprises").frame) == 1


def feature(shape, **properties):
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": shape and shapely.geometry.mapping(shape),
    }


def geojson(path, *features):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), "utf-8")
    return path


def test_geojson_is_read_with_its_codes_exact(tmp_path):
    box = shapely.box(110.57, 27.06, 110.571, 27.061)
    path = geojson(
        tmp_path / "宗地.geojson", feature(box, 信用代码=914305255555555551, 标签=["a", "b"], 附={"k": 1})
    )
    raw = read(path)
    assert raw.headers == ("信用代码", "标签", "附")
    assert raw.frame["c0"].tolist() == [914305255555555551]
    assert raw.facts["sha256"]


def test_a_geojson_that_runs_a_pipeline_reads_no_other_file(tmp_path):
    other = geojson(tmp_path / "secret.geojson", feature(shapely.box(110.5, 27, 110.6, 27.1), ZDDM="1"))
    path = tmp_path / "宗地.geojson"
    command = f"gdal vector pipeline ! read {other} ! write streamed_file --of=stream"
    path.write_text(json.dumps({"type": "gdal_streamed_alg", "command_line": command}))
    with pytest.raises(InputRefusedError, match="是 JSON，但不是 GeoJSON 要素集"):
        read(path)


def test_geojson_without_polygons_or_features(tmp_path):
    with pytest.raises(InputRefusedError, match="不是面图层"):
        read(geojson(tmp_path / "a.geojson", feature(shapely.Point(110, 27), a=1)))
    with pytest.raises(InputRefusedError, match=r"图层中没有记录|空间数据打不开"):
        read(geojson(tmp_path / "b.geojson"))


def test_a_geopackage_with_two_layers_asks_which(tmp_path):
    import geopandas as gpd

    path = tmp_path / "a.gpkg"
    frame = gpd.GeoDataFrame({"ZDDM": ["1"]}, geometry=[shapely.box(110.57, 27.06, 110.58, 27.07)], crs=4490)
    frame.to_file(path, layer="宗地", engine="pyogrio")
    assert read(path).headers == ("ZDDM",)
    frame.to_file(path, layer="布局", engine="pyogrio")
    with pytest.raises(InputRefusedError, match=r"文件中有多个图层(.|\n)*宗地、布局"):
        read(path)
    assert read(path, layer="宗地").facts["layer"] == "宗地"
    with pytest.raises(InputRefusedError, match=r"没有图层“建筑”(.|\n)*宗地、布局"):
        read(path, layer="建筑")


def test_swapped_arguments_are_told(tmp_path):
    path = shapefile(tmp_path / "p.shp", [("ZDDM", "C", 5)], [("1",)])
    with pytest.raises(InputRefusedError, match="是空间图层，不是表格，可能选错了文件"):
        read(path, "enterprises")
