"""Rows 1–30, 38 and 41 of the catalogue: files as they arrive, each made byte by byte."""

import json
import os
import sqlite3
import struct
import zipfile

import pytest
import shapely
from bureau import (
    CODES,
    NAMES,
    PARCEL_FIELDS,
    PARCEL_ROWS,
    assert_same_figures,
    assert_told,
    check,
    delivery,
    states,
)
from writers import gbk_zip, geopackage, moved, read, shapefile, square, text_file, workbook

from landeval import load_project, write_outputs
from landeval.errors import ConfigurationError, InputRefusedError
from landeval.read import opening

SQUARES = [square(i) for i in range(3)]


def spoiled(folder, **settings):
    """Write the delivery with the parcels' shapefile written anew by other settings."""
    given = delivery(folder)
    fields, rows = settings.pop("fields", PARCEL_FIELDS), settings.pop("rows", PARCEL_ROWS)
    given["parcels"] = shapefile(
        folder / "宗地.shp", fields, rows, settings.pop("shapes", SQUARES), **settings
    )
    return given


def refused(said, **given):
    """Assert that a run is refused with the file and the way out, and return the message."""
    with pytest.raises(InputRefusedError, match=said) as caught:
        check(**given)
    assert caught.value.remedy
    assert caught.value.where
    assert caught.value.exit_code == 2
    return str(caught.value)


def names(result):
    return result.parcels.set_index("parcel_code")["holder_name"].sort_index().tolist()


# ---- encoding -----------------------------------------------------------------------------------------------


def test_row_001_gbk_without_label(tmp_path, clean):
    result = check(**spoiled(tmp_path, encoding="gbk"))
    assert_same_figures(result, clean)
    assert names(result) == list(NAMES)
    assert_told(
        result.issues, "E101", file="宗地.shp", what="文件没有 .cpg，按 GB18030 读取", remedy="encoding"
    )


@pytest.mark.parametrize("ldid", [0x57, 0x03, 0x13])
def test_row_002_gbk_with_a_wrong_language_byte(tmp_path, clean, ldid):
    result = check(**spoiled(tmp_path, encoding="gbk", ldid=ldid))
    assert_same_figures(result, clean)
    assert names(result) == list(NAMES)


def test_row_003_gbk_labelled_utf8(tmp_path, clean):
    result = check(**spoiled(tmp_path, encoding="gbk", cpg="UTF-8"))
    assert_same_figures(result, clean)
    assert names(result) == list(NAMES)
    assert_told(result.issues, "E101", file="宗地.shp", what="文件标明 UTF-8，按 GB18030 读取")


@pytest.mark.parametrize(("row", "cpg"), [(4, "GBK"), (5, None)])
def test_row_004_utf8_labelled_gbk_and_row_005_without_label(tmp_path, clean, row, cpg):
    result = check(**spoiled(tmp_path, encoding="utf-8", cpg=cpg))
    assert_same_figures(result, clean)
    assert names(result) == list(NAMES)
    assert_told(result.issues, "E101", file="宗地.shp", what="按 UTF-8 读取")


def test_row_005_utf8_without_label(tmp_path, clean):
    assert_same_figures(check(**spoiled(tmp_path, encoding="utf-8")), clean)


@pytest.mark.parametrize("cpg", ["ANSI 936", "OEM", "54936", "system", "", "#乱!".encode().hex()])
def test_row_006_labels_of_every_kind(tmp_path, clean, cpg):
    result = check(**spoiled(tmp_path, encoding="gbk", cpg=cpg))
    assert_same_figures(result, clean)
    assert names(result) == list(NAMES)


@pytest.mark.parametrize("cpg", [b"\xef\xbb\xbfGBK\r\n", b"GBK\r\n", b"ANSI 936\x00", b"54936 \n", b"gb2312"])
def test_row_006_marks_and_line_ends_in_a_right_label_are_no_problem(tmp_path, cpg):
    path = shapefile(tmp_path / "宗地.shp", PARCEL_FIELDS, PARCEL_ROWS, SQUARES, encoding="gbk")
    path.with_suffix(".cpg").write_bytes(cpg)
    assert "E101" not in set(read(path).issues["code"])


@pytest.mark.parametrize("cpg", [b"\xff\xfe\x00G", b"\x00\x00", b"\r\n"])
def test_row_006_rubbish_in_the_label_is_told_not_believed(tmp_path, cpg):
    path = shapefile(tmp_path / "宗地.shp", PARCEL_FIELDS, PARCEL_ROWS, SQUARES, encoding="gbk")
    path.with_suffix(".cpg").write_bytes(cpg)
    raw = read(path)
    assert raw.frame["c1"].tolist() == list(NAMES)
    assert_told(raw.issues, "E101", file="宗地.shp", what="按 GB18030 读取")


def test_row_006_ascii_alone_needs_no_label(tmp_path):
    path = shapefile(tmp_path / "p.shp", [("ZDDM", "C", 19)], [(code,) for code in CODES], SQUARES)
    assert read(path).issues.empty


@pytest.mark.parametrize(
    ("value", "shown"), [(b"Se\xd1 or", "d1 20 6f 72"), (b"d\xe9", "e9"), (b"\xff\xfe", "ff fe")]
)
def test_row_006_undecidable_bytes_are_refused_with_the_first_place(tmp_path, value, shown):
    rows = [("1", "甲"), ("2", value), ("3", b"\xff")]
    path = shapefile(tmp_path / "宗地.shp", [("ZDDM", "C", 9), ("QLR", "C", 40)], rows, SQUARES)
    message = refused("文字编码无法判定", parcels=path)
    assert "宗地.dbf" in message
    assert f"第 2 条记录，字段 QLR，字节 {shown}，既不是 UTF-8 也不是 GB18030" in message
    assert 'encoding = "big5"、"latin-1"' in message


def test_row_006_two_encodings_in_one_file_are_refused(tmp_path):
    rows = [("1", "甲乙"), ("2", "宗地代码厂".encode()), ("3", b"\xd6\xd0 ")]
    path = shapefile(tmp_path / "宗地.shp", [("ZDDM", "C", 9), ("QLR", "C", 40)], rows, SQUARES)
    assert "宗地.dbf" in refused("文字编码无法判定", parcels=path)


def test_row_006_a_big5_label_is_doubted_not_overruled(tmp_path):
    rows = [("1", "甲廠"), ("2", "乙"), ("3", "丙")]
    fields = [("ZDDM", "C", 9), ("QLR", "C", 40)]
    path = shapefile(tmp_path / "宗地.shp", fields, rows, SQUARES, encoding="big5", cpg="Big-5")
    message = refused("文字编码无法判定：第 1 条记录，字段 QLR", parcels=path)
    assert "文件标明 Big-5，而按 GB18030 也读得出" in message
    assert read(path, encoding="big5").frame["c1"].tolist() == ["甲廠", "乙", "丙"]


def test_row_006_bytes_that_are_not_of_the_named_encoding_are_flagged(tmp_path):
    path = shapefile(tmp_path / "p.shp", [("ZDDM", "C", 9)], [("1",), (b"a\xff\xffb",), ("3",)], SQUARES)
    raw = read(path, encoding="utf-8")
    assert raw.frame["c0"].tolist() == ["1", "a\ufffd\ufffdb", "3"]
    assert_told(
        raw.issues, "E152", file="p.shp", row=2, column="ZDDM", raw="a\ufffd\ufffdb", remedy="encoding"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_row_007_field_name_cut_inside_a_character(tmp_path, encoding):
    fields = [("宗地代码", "C", 19), ("约定动工日期", "C", 10)]
    raw = read(
        shapefile(tmp_path / "p.shp", fields, [(CODES[0], "2020-01-02")], SQUARES[:1], encoding=encoding)
    )
    assert raw.headers[1] == {"utf-8": "约定动", "gbk": "约定动工日"}[encoding]


@pytest.mark.parametrize(("encoding", "size"), [("gbk", 9), ("utf-8", 13)])
def test_row_008_value_cut_inside_a_character(tmp_path, clean, encoding, size):
    fields = [*PARCEL_FIELDS, ("备注", "C", size)]
    rows = [(*PARCEL_ROWS[0], "虚构机械厂"), (*PARCEL_ROWS[1], "无"), (*PARCEL_ROWS[2], "无")]
    result = check(**spoiled(tmp_path, fields=fields, rows=rows, encoding=encoding))
    assert_same_figures(result, clean)
    assert_told(result.issues, "E102", file="宗地.shp", row=1, column="备注", raw="虚构机械", what="被截断")
    assert states(result, "宗地.shp")[1] == "采用有提示"


def test_row_009_names_cut_at_ten_bytes_are_recognised(tmp_path):
    fields = [("宗地代码", "C", 19), ("权利人", "C", 60), ("证载面积", "N", 12), ("约定动工日期", "C", 10)]
    rows = [(code, name, "10000.00", "2020-01-02") for code, name in zip(CODES, NAMES, strict=True)]
    for encoding in ("gbk", "utf-8"):
        result = check(**spoiled(tmp_path / encoding, fields=fields, rows=rows, encoding=encoding))
        assert set(result.parcels["agreed_start"].astype(str)) == {"2020-01-02"}


RARE = "洞口𬭚业㻬䶮有限公司"


def test_row_010_rare_characters_reach_every_output(tmp_path):
    import geopandas as gpd

    rows = [(PARCEL_ROWS[0][0], RARE, *PARCEL_ROWS[0][2:]), *PARCEL_ROWS[1:]]
    result = check(**spoiled(tmp_path / "in", rows=rows, encoding="gb18030"), out=tmp_path / "out")
    assert names(result)[0] == RARE
    write_outputs(result, tmp_path / "out")
    every = sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file())
    tables = [path for path in every if path.name == "parcels.csv"]
    assert tables
    assert RARE in tables[0].read_text("utf-8-sig")
    (packet,) = [path for path in every if path.suffix == ".gpkg"]
    holders = gpd.read_file(packet, layer="宗地", engine="pyogrio")["权利人"]
    assert RARE in set(holders)
    (page,) = [path for path in every if path.name == "地图.html"]
    text = page.read_text("utf-8")
    assert RARE in text or json.dumps(RARE)[1:-1] in text
    (book,) = [path for path in every if path.name == "处置候选清单.xlsx"]
    with zipfile.ZipFile(book) as archive:
        assert RARE in "".join(archive.read(name).decode("utf-8") for name in archive.namelist())
    (losses,) = [path for path in every if path.name == "文字改动清单.csv"]
    assert RARE in losses.read_text("utf-8-sig")  # the shapefile may lose them, and says so


# ---- parts of a shapefile -----------------------------------------------------------------------------------


def test_row_011_missing_index_is_rebuilt_elsewhere(tmp_path, clean):
    given = spoiled(tmp_path)
    given["parcels"].with_suffix(".shx").unlink()
    before = {item.name: item.read_bytes() for item in tmp_path.iterdir()}
    result = check(**given)
    assert_same_figures(result, clean)
    assert_told(
        result.issues, "E156", file="宗地.shp", what="缺少 .shx，共找到 3 个图形", remedy="请复制整套文件"
    )
    assert "删除过的图形可能重新出现" in result.issues.set_index("code").loc["E156", "what"]
    assert {item.name: item.read_bytes() for item in tmp_path.iterdir()} == before


@pytest.mark.parametrize("content", [b"", b"\x00" * 60, b"\x00" * 124, "half", "other"])
def test_row_011_a_damaged_index_is_not_believed(tmp_path, clean, content):
    given = spoiled(tmp_path)
    index = given["parcels"].with_suffix(".shx")
    whole = index.read_bytes()
    other = bytearray(whole)
    other[104:108] = struct.pack(">i", 7)
    index.write_bytes({"half": whole[:112], "other": bytes(other)}.get(content, content))
    result = check(**given)
    assert_same_figures(result, clean)
    assert_told(result.issues, "E156", file="宗地.shp", what="逐条重建")


def test_row_012_missing_dbf(tmp_path):
    given = spoiled(tmp_path)
    given["parcels"].with_suffix(".dbf").unlink()
    assert "请复制整套文件" in refused(r"缺少 宗地\.dbf", **given)


@pytest.mark.parametrize(
    ("keep", "said"),
    [(0, "属性表是空的"), (32, "属性表是空的"), (161, "属性表应有 3 条记录，文件中只有 0 条")],
)
def test_row_012_dbf_empty_or_header_only(tmp_path, keep, said):
    given = spoiled(tmp_path)
    path = given["parcels"].with_suffix(".dbf")
    path.write_bytes(path.read_bytes()[:keep])
    assert "宗地.dbf" in refused(said, **given)


def test_row_013_missing_prj_leaves_the_crs_open(tmp_path):
    assert read(shapefile(tmp_path / "p.shp", PARCEL_FIELDS, PARCEL_ROWS, SQUARES, prj=None)).crs == ""


@pytest.mark.parametrize("prj", ["PROJCS[half", "国家2000 三度带", ""])
def test_row_014_a_damaged_prj_spoils_no_shape_and_can_be_overruled(tmp_path, clean, prj):
    path = shapefile(tmp_path / "p.shp", PARCEL_FIELDS, PARCEL_ROWS, SQUARES, prj=prj)
    raw = read(path, crs="EPSG:4546")
    assert raw.crs == prj
    assert raw.frame["geometry"].notna().all()
    given = delivery(tmp_path / "in")
    (tmp_path / "landeval.toml").write_text(
        f'[parcels]\npath = "p.shp"\ncrs = "EPSG:4546"\n[enterprises]\npath = "in/{given["enterprises"].name}"\n',
        "utf-8",
    )
    from landeval import evaluate

    assert_same_figures(evaluate(load_project(tmp_path, as_of="2024-12-31")), clean)


def test_row_015_a_prj_in_gbk_or_with_a_mark_is_handed_on(tmp_path):
    path = shapefile(tmp_path / "p.shp", PARCEL_FIELDS, PARCEL_ROWS, SQUARES)
    text = path.with_suffix(".prj").read_text("utf-8").replace("CGCS2000_3", "国家2000_3")
    path.with_suffix(".prj").write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8") + b"\r\n\x00")
    assert read(path).crs == text
    path.with_suffix(".prj").write_bytes(text.encode("gbk"))
    assert read(path).crs == text


@pytest.mark.parametrize(
    ("keep", "said"), [(0, "文件是空的"), (60, "连文件头都不全"), (100, "里没有图形，而属性表有 3 条记录")]
)
def test_row_016_shp_empty_or_header_only(tmp_path, keep, said):
    given = spoiled(tmp_path)
    given["parcels"].write_bytes(given["parcels"].read_bytes()[:keep])
    assert "宗地.shp" in refused(said, **given)


@pytest.mark.parametrize("with_index", [True, False])
def test_row_016_half_a_shp_names_the_lost_records(tmp_path, clean, with_index):
    given = spoiled(tmp_path)
    whole = given["parcels"].read_bytes()
    given["parcels"].write_bytes(whole[: 100 + 136 + 70])  # the second record ends early, the third is gone
    if not with_index:
        given["parcels"].with_suffix(".shx").unlink()
    result = check(**given)
    lost = result.issues[result.issues["code"] == "E157"]
    assert lost["source_row"].tolist() == [2, 3]
    assert lost["what"].str.contains("丢失 2 个图形").all()
    assert_told(result.issues, "E157", file="宗地.shp", row=2, remedy="请重新复制整套文件")
    assert states(result, "宗地.shp") == {1: "采用有提示", 2: "采用有提示", 3: "采用有提示"}
    measured = result.parcels.set_index("parcel_code")["area_measured_m2"]
    assert measured.notna().loc[list(CODES)].tolist() == [True, False, False]
    assert measured[CODES[0]] == pytest.approx(
        clean.parcels.set_index("parcel_code").loc[CODES[0], "area_measured_m2"], rel=1e-9
    )


def test_row_016_one_damaged_shape_costs_its_own_record(tmp_path, clean):
    given = spoiled(tmp_path)
    data = bytearray(given["parcels"].read_bytes())
    at = 100 + 136 + 8 + 36  # parts of the second record: far more than it holds
    data[at : at + 8] = struct.pack("<2i", 2_000_000_000, 5)
    given["parcels"].write_bytes(data)
    result = check(**given)
    assert_told(result.issues, "E158", file="宗地.shp", row=2, what="点数与记录长度不符", remedy="重绘该图形")
    measured = result.parcels.set_index("parcel_code")["area_measured_m2"]
    assert measured.notna().loc[list(CODES)].tolist() == [True, False, True]


@pytest.mark.parametrize("points", [4, 3, 2])
def test_row_016_an_unclosed_or_short_ring_costs_its_own_record(tmp_path, points):
    shapes = [SQUARES[0], [SQUARES[1][0][:points]], SQUARES[2]]
    result = check(**spoiled(tmp_path, shapes=shapes))
    measured = result.parcels.set_index("parcel_code")["area_measured_m2"]
    assert measured.notna().loc[list(CODES)].tolist() == [True, False, True]
    assert set(result.issues.loc[result.issues["source_row"] == 2, "code"]) & {"E158", "E213", "E214"}


def test_row_017_half_a_dbf(tmp_path):
    given = spoiled(tmp_path)
    path = given["parcels"].with_suffix(".dbf")
    path.write_bytes(path.read_bytes()[:-60])
    message = refused("属性表应有 3 条记录，文件中只有 2 条", **given)
    assert "宗地.dbf" in message
    assert "请重新复制整套文件" in message


def test_row_018_more_records_than_shapes(tmp_path):
    result = check(**spoiled(tmp_path, shapes=SQUARES[:2]))
    assert_told(result.issues, "E104", file="宗地.shp", what="图形 2 条，属性 3 条", remedy="请重新导出整套")
    assert_told(result.issues, "E213", file="宗地.shp", row=3)
    assert set(states(result, "宗地.shp")) == {1, 2, 3}


def test_row_018_more_shapes_than_records(tmp_path, clean):
    result = check(**spoiled(tmp_path, shapes=[square(i) for i in range(5)]))
    assert_same_figures(result, clean)
    assert_told(result.issues, "E104", file="宗地.shp", what="图形 5 条，属性 3 条")
    found = states(result, "宗地.shp")
    assert found[4] == found[5] == "排除（没有属性记录）"


def test_row_018_records_after_those_the_header_counts(tmp_path):
    given = spoiled(tmp_path)
    path = given["parcels"].with_suffix(".dbf")
    data = bytearray(path.read_bytes())
    data[4:8] = (2).to_bytes(4, "little")
    path.write_bytes(data)
    result = check(**given)
    assert_told(result.issues, "E159", file="宗地.shp", what="属性表文件头写明 2 条，其后还有 1 条，未采用")
    assert states(result, "宗地.shp")[3] == "排除（没有属性记录）"


def test_row_019_deleted_records(tmp_path):
    result = check(**spoiled(tmp_path, deleted=[1]))
    assert_told(result.issues, "E103", file="宗地.shp", row=2, what="删除标记", remedy="恢复后重新导出")
    assert states(result, "宗地.shp")[2] == "排除（源文件已删除）"
    assert set(result.parcels["parcel_code"]) == {CODES[0], CODES[2]}


def test_row_020_number_wider_than_its_field(tmp_path, clean):
    rows = [PARCEL_ROWS[0], (*PARCEL_ROWS[1][:2], "*" * 12, PARCEL_ROWS[1][3]), PARCEL_ROWS[2]]
    result = check(**spoiled(tmp_path, rows=rows))
    assert_told(
        result.issues,
        "E155",
        file="宗地.shp",
        row=2,
        column="证载面积",
        raw="*" * 12,
        what="只有星号",
        remedy="加宽该字段",
    )
    registered = result.parcels.set_index("parcel_code")["area_registered_m2"]
    assert registered.notna().loc[list(CODES)].tolist() == [True, False, True]


@pytest.mark.parametrize("suffix", [".shp", ".dbf", ".shx"])
def test_row_021_more_than_2_gb(tmp_path, suffix):
    given = spoiled(tmp_path)
    os.truncate(
        given["parcels"].with_suffix(suffix), opening.MAX_BYTES + 1
    )  # a sparse file: no bytes on disk
    assert "GeoPackage" in refused("文件超过 2 GB", **given)


def test_row_022_upper_case_and_awkward_paths(tmp_path, clean):
    folder = tmp_path / "资料 2024#（终稿）%20"
    given = delivery(folder)
    for item in folder.glob("宗地.*"):
        item.rename(folder / f"宗 地#（1）{item.suffix.upper()}")
    given["parcels"] = folder / "宗 地#（1）.SHP"
    assert_same_figures(check(**given), clean)


# ---- binary fields ------------------------------------------------------------------------------------------


def binary(tmp_path, kind, size, values):
    rows = [(code, value) for code, value in zip(CODES, values, strict=True)]
    return read(shapefile(tmp_path / "p.shp", [("ZDDM", "C", 19), ("V", kind, size)], rows, SQUARES))


@pytest.mark.parametrize(
    ("kind", "size", "values", "texts"),
    [
        ("I", 4, [struct.pack("<i", 10000), struct.pack("<i", -256), b" " * 4], ["10000", "-256", ""]),
        ("+", 4, [struct.pack("<i", n) for n in (1, 2, 8224)], ["1", "2", "8224"]),
        ("O", 8, [struct.pack("<d", 1234.5), bytes(8), struct.pack("<d", -0.25)], ["1234.5", "0.0", "-0.25"]),
        ("B", 8, [struct.pack("<d", 1e-3), bytes(8), struct.pack("<d", 3.0)], ["0.001", "0.0", "3.0"]),
        ("Y", 8, [struct.pack("<q", n) for n in (12345678, -50, 0)], ["1234.5678", "-0.0050", "0.0000"]),
        ("T", 8, [struct.pack("<2i", 2459581, 43_200_000), bytes(8), b" " * 8], ["2022-01-01", "", ""]),
        ("@", 8, [struct.pack("<2i", 2451545, 0), bytes(8), b" " * 8], ["2000-01-01", "", ""]),
    ],
)
def test_row_020_binary_fields_are_read_as_what_they_are(tmp_path, kind, size, values, texts):
    raw = binary(tmp_path, kind, size, values)
    assert raw.frame["c1"].tolist() == texts
    assert_told(raw.issues, "E153", file="p.shp", column="V", what="二进制存放", remedy="请核对数值")


def test_row_020_binary_bytes_that_are_no_value_are_flagged(tmp_path):
    raw = binary(tmp_path, "T", 8, [b"ABCDEFGH", struct.pack("<2i", 2459581, 0), struct.pack("<2i", 5, 0)])
    assert raw.frame["c1"].tolist() == ["", "2022-01-01", ""]
    assert raw.issues.loc[raw.issues["code"] == "E152", "source_row"].tolist() == [1, 3]
    assert_told(raw.issues, "E152", row=1, column="V", raw=b"ABCDEFGH".hex(" "))


def test_row_020_memo_content_is_named_as_absent(tmp_path):
    raw = binary(tmp_path, "M", 10, ["         1", " " * 10, "         2"])
    assert raw.frame["c1"].tolist() == ["", "", ""]
    assert_told(
        raw.issues, "E154", file="p.shp", column="V", what="备注的内容在另一个文件", remedy="文本字段"
    )


@pytest.mark.parametrize(
    ("kind", "size", "value"), [("D", 8, "20240131"), ("F", 12, "     1234.50"), ("L", 1, "T")]
)
def test_row_020_text_fields_stay_as_written(tmp_path, kind, size, value):
    raw = binary(tmp_path, kind, size, [value, "", value])
    assert raw.frame["c1"].tolist() == [value.strip(), "", value.strip()]
    assert raw.issues.empty


# ---- folders and archives -----------------------------------------------------------------------------------


def test_row_023_a_folder_is_refused_with_a_list(tmp_path):
    delivery(tmp_path / "资料")
    delivery(tmp_path / "资料" / "旧")
    message = refused("给的是文件夹，不是文件", parcels=tmp_path / "资料")
    assert "请指定其中一个文件：" in message
    for name in ("宗地.shp", "企业.xlsx", "旧/宗地.shp"):
        assert name in message


def parts_of(path, folder=""):
    return [
        (f"{folder}{item.name}", item.read_bytes()) for item in sorted(path.parent.glob(f"{path.stem}.*"))
    ]


@pytest.mark.parametrize("folder", ["", "导出/2024年/", "导出\\2024年\\"])
@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "marked"])
def test_row_024_zip_of_a_shapefile(tmp_path, clean, folder, encoding):
    given = delivery(tmp_path)
    members = [
        *parts_of(given["parcels"], folder),
        ("__MACOSX/._宗地.shp", b"x"),
        (".DS_Store", b"x"),
        ("读我.doc", b"x"),
    ]
    given["parcels"] = gbk_zip(tmp_path / "宗地.zip", members, encoding=encoding)
    before = sorted(tmp_path.iterdir())
    result = check(**given)
    assert_same_figures(result, clean)
    name = f"{folder}宗地.shp".replace("\\", "/")
    assert_told(result.issues, "E150", file="宗地.zip", what=f"取 {name}", remedy="layer")
    assert set(states(result, "宗地.zip")) == {1, 2, 3}
    assert sorted(tmp_path.iterdir()) == before


def test_row_024_nothing_stays_in_the_scratch_folder(tmp_path, monkeypatch):
    import tempfile

    given = delivery(tmp_path / "in")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    given["parcels"] = gbk_zip(tmp_path / "宗地.zip", parts_of(given["parcels"]))
    check(**given)
    refused("是点图层", parcels=gbk_zip(tmp_path / "点.zip", parts_of(points(tmp_path / "点.shp"))))
    assert list(scratch.iterdir()) == []


def points(path):
    return shapefile(path, PARCEL_FIELDS, PARCEL_ROWS, SQUARES, kind=1)


@pytest.mark.parametrize("name", ["企业.xlsx", "年报/企业.csv"])
def test_row_024_zip_of_a_table(tmp_path, clean, name):
    given = delivery(tmp_path)
    if name.endswith("xlsx"):
        data = given["enterprises"].read_bytes()
    else:
        from bureau import FIRM_HEADER, FIRM_ROWS

        data = "\n".join(",".join(map(str, row)) for row in [FIRM_HEADER, *FIRM_ROWS]).encode("gbk")
    given["enterprises"] = gbk_zip(tmp_path / "企业.zip", [(name, data)])
    result = check(**given)
    assert_same_figures(result, clean)
    assert_told(result.issues, "E150", file="企业.zip", what=f"取 {name}")


def test_row_024_a_zip_of_both_gives_each_its_own(tmp_path, clean):
    given = delivery(tmp_path)
    every = gbk_zip(
        tmp_path / "报送.zip",
        [*parts_of(given["parcels"], "图/"), ("表/企业.xlsx", given["enterprises"].read_bytes())],
    )
    result = check(parcels=every, enterprises=given["enterprises"])
    assert_same_figures(result, clean)
    assert_told(result.issues, "E150", file="报送.zip", what="取 图/宗地.shp；未采用 表/企业.xlsx")
    assert read(every, "enterprises").facts["member"] == "表/企业.xlsx"


def test_row_024_a_damaged_part_in_a_zip_is_told_by_the_zips_name(tmp_path):
    given = delivery(tmp_path)
    members = [member for member in parts_of(given["parcels"]) if not member[0].endswith(".dbf")]
    message = refused(r"缺少 宗地\.dbf", parcels=gbk_zip(tmp_path / "a.zip", members))
    assert f"{tmp_path / 'a.zip'}/宗地.shp" in message
    assert "landeval-" not in message


def test_row_025_a_zip_of_two_layers_asks(tmp_path, clean):
    given = delivery(tmp_path)
    other = shapefile(tmp_path / "旧宗地.shp", PARCEL_FIELDS, PARCEL_ROWS[:1], SQUARES[:1])
    path = gbk_zip(tmp_path / "a.zip", [*parts_of(given["parcels"], "新/"), *parts_of(other, "旧/")])
    message = refused("压缩包里有多个图层或表格", parcels=path)
    assert "请用 layer 指定一个：新/宗地.shp、旧/旧宗地.shp" in message
    for layer in ("宗地", "宗地.shp", "新/宗地.shp"):
        assert len(read(path, layer=layer).frame) == 3
    assert len(read(path, layer="旧宗地").frame) == 1
    with pytest.raises(InputRefusedError, match=r"压缩包里没有“布局”(.|\n)*新/宗地\.shp"):
        read(path, layer="布局")


@pytest.mark.parametrize(
    "name", ["../宗地.shp", "a/../../宗地.shp", "/etc/宗地.shp", "C:/宗地.shp", "..\\宗地.shp", "C:宗地.shp"]
)
def test_row_026_members_that_point_outside(tmp_path, name):
    given = delivery(tmp_path / "in")
    path = gbk_zip(tmp_path / "a.zip", [*parts_of(given["parcels"]), (name, b"x")], encoding="utf-8")
    message = refused("名称指向压缩包之外", parcels=path)
    assert "a.zip" in message
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.zip", "in"]


def test_row_026_links_and_doubles(tmp_path):
    given = delivery(tmp_path / "in")
    for members, mode, said in (
        ([("宗地.cpg", b"/etc/passwd")], 0o120777, "是链接或设备，不是文件"),
        ([("x.txt", b"1"), ("x.txt", b"2")], 0o100644, "同名文件出现两次"),
    ):
        path = gbk_zip(tmp_path / "a.zip", [*parts_of(given["parcels"]), *members], last_mode=mode)
        assert "请解压核对后重新压缩" in refused(said, parcels=path)


def test_row_026_encrypted(tmp_path):
    given = delivery(tmp_path / "in")
    path = gbk_zip(tmp_path / "a.zip", parts_of(given["parcels"]))
    data = bytearray(path.read_bytes())
    for mark, shift in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(mark)
        while at >= 0:
            data[at + shift] |= 1
            at = data.find(mark, at + 1)
    path.write_bytes(data)
    assert "请用密码解压" in refused("压缩包有密码", parcels=path)


def test_row_027_a_bomb(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("宗地.shp", bytes(60_000_000))
    assert "a.zip" in refused("展开后有 60 MB，超过限制", parcels=tmp_path / "a.zip")


def test_row_027_a_bomb_that_lies_about_its_size(tmp_path):
    given = delivery(tmp_path / "in")
    members = [
        (name, data if not name.endswith(".shp") else data + bytes(1_000_000))
        for name, data in parts_of(given["parcels"])
    ]
    path = gbk_zip(tmp_path / "a.zip", members, claimed=100)
    assert "a.zip" in refused("压缩包损坏或未复制完整", parcels=path)


def test_row_027_a_bomb_of_many_members(tmp_path):
    path = gbk_zip(tmp_path / "a.zip", [(f"{i}.txt", b"") for i in range(opening.MAX_MEMBERS + 1)])
    refused("超过限制", parcels=path)


def test_row_028_corrupt_and_empty_archives(tmp_path):
    given = delivery(tmp_path / "in")
    whole = gbk_zip(tmp_path / "a.zip", parts_of(given["parcels"])).read_bytes()
    path = tmp_path / "宗地.zip"
    path.write_bytes(whole[: len(whole) // 2])
    assert "宗地.zip" in refused("文件损坏或未复制完整", parcels=path)
    broken = bytearray(whole)
    broken[60:90] = bytes(30)
    path.write_bytes(broken)
    assert "宗地.zip" in refused("压缩包损坏或未复制完整", parcels=path)
    path.write_bytes(b"PK\x05\x06" + bytes(18))
    assert "没有文件" in refused("压缩包是空的", parcels=path)
    assert "读我.doc" in refused("压缩包里没有可读的图层或表格", parcels=gbk_zip(path, [("读我.doc", b"x")]))
    for head in (b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08\x00"):
        path.write_bytes(head + bytes(40))
        assert "请先解压" in refused("是 RAR、7z 或 gz 压缩包", parcels=path)
    inner = gbk_zip(tmp_path / "b.zip", [("宗地.json", whole)])
    assert "请先解压" in refused("压缩包里还是压缩包", parcels=inner)


# ---- other content, other places ----------------------------------------------------------------------------

VRT = '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>CSV:/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'


@pytest.mark.parametrize(
    "content",
    [VRT, '{"type":"FeatureCollection","features":[]}', "宗地代码,面积\n1,2\n", "SQLite format 3\x00"],
)
def test_row_029_a_shp_that_is_something_else(tmp_path, content):
    path = tmp_path / "宗地.shp"
    path.write_bytes(content.encode() + bytes(120))
    message = refused("内容不是 shapefile|不是 GeoPackage|打不开", parcels=path)
    assert "宗地.shp" in message


@pytest.mark.parametrize("name", ["宗地.vrt", "宗地.json", "宗地.csv", "宗地.gpkg"])
def test_row_029_a_vrt_of_any_name_reads_no_other_file(tmp_path, name):
    assert "root:" not in refused("怎么办", parcels=text_file(tmp_path / name, VRT))


@pytest.mark.parametrize(
    "path",
    [
        "https://x/宗地.shp",
        "/vsicurl/https://x/a.zip",
        "/vsizip/a.zip",
        "CSV:/etc/passwd",
        "file:///a.shp",
        "GPKG:a.gpkg",
    ],
)
def test_row_030_addresses_and_schemes_are_refused(path):
    with pytest.raises(ConfigurationError, match="不读取网址或特殊路径") as caught:
        check(parcels=path)
    assert path in str(caught.value)
    assert "存到本机" in caught.value.remedy


def test_row_030_a_link_out_of_its_folder_is_refused(tmp_path):
    given = delivery(tmp_path / "别处")
    (tmp_path / "资料").mkdir()
    link = tmp_path / "资料" / "企业.xlsx"
    link.symlink_to(given["enterprises"])
    message = refused("是指向文件夹之外的链接", parcels=given["parcels"], enterprises=link)
    assert str(link) in message
    assert "复制到资料文件夹" in message
    link.unlink()
    link.symlink_to(tmp_path / "资料" / "没有.xlsx")
    with pytest.raises((InputRefusedError, ConfigurationError), match=r"找不到文件|所指的文件不存在"):
        check(parcels=given["parcels"], enterprises=link)


def test_row_030_a_part_that_is_a_link_elsewhere_is_refused(tmp_path):
    given = delivery(tmp_path / "资料")
    part = given["parcels"].with_suffix(".dbf")
    part.rename(tmp_path / "别处.dbf")
    part.symlink_to(tmp_path / "别处.dbf")
    assert "宗地.dbf" in refused("是指向文件夹之外的链接", **given)


def test_row_030_a_link_inside_its_folder_is_followed_and_told(tmp_path, clean):
    given = delivery(tmp_path)
    real = given["enterprises"].rename(tmp_path / "企业-终稿.xlsx")
    given["enterprises"].symlink_to(real)
    result = check(**given)
    assert_same_figures(result, clean)
    assert_told(result.issues, "E151", file="企业.xlsx", what="链接到 企业-终稿.xlsx")


def test_row_038_swapped_arguments(tmp_path):
    given = delivery(tmp_path)
    other = shapefile(tmp_path / "布局.shp", PARCEL_FIELDS, PARCEL_ROWS, SQUARES)
    message = refused("是空间图层，不是表格，可能选错了文件", parcels=given["parcels"], enterprises=other)
    assert "布局.shp（enterprises）" in message


@pytest.mark.parametrize("kind", ["shp", "geojson", "gpkg", "points"])
def test_row_038_layers_without_records_or_polygons(tmp_path, kind):
    if kind == "points":
        assert "需要面图层" in refused("是点图层，不是面图层", parcels=points(tmp_path / "a.shp"))
        return
    if kind == "shp":
        path = shapefile(tmp_path / "a.shp", PARCEL_FIELDS, [], [])
    elif kind == "geojson":
        path = text_file(tmp_path / "a.geojson", '{"type":"FeatureCollection","features":[]}')
    else:
        path = geopackage(tmp_path / "a.gpkg", {"宗地": ([("代码", "TEXT")], [])})
    assert "请重新导出" in refused("图层中没有记录", parcels=path)


# ---- GeoJSON, GeoPackage, File Geodatabase, GeoParquet ------------------------------------------------------


def features(**changes):
    """Return the parcels of the delivery as GeoJSON features, lon/lat."""
    found = []
    for (code, name, area, use), rings in zip(PARCEL_ROWS, SQUARES, strict=True):
        found.append(
            {
                "type": "Feature",
                "properties": {"宗地代码": code, "权利人": name, "证载面积": float(area), "土地用途": use},
                "geometry": {"type": "Polygon", "coordinates": moved(rings, 4490)},
            }
        )
    return found


def geojson(path, found, encoding="utf-8", **more):
    content = json.dumps({"type": "FeatureCollection", **more, "features": found}, ensure_ascii=False)
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_row_041_geojson_in_any_encoding(tmp_path, clean, encoding):
    given = delivery(tmp_path)
    given["parcels"] = geojson(tmp_path / "宗地.geojson", features(), encoding)
    result = check(**given)
    assert_same_figures(result, clean, rel=2e-4)
    assert names(result) == list(NAMES)
    assert set(states(result, "宗地.geojson")) == {1, 2, 3}


def test_row_041_geojson_with_a_crs_member(tmp_path, clean):
    given = delivery(tmp_path)
    found = features()
    for feature, rings in zip(found, SQUARES, strict=True):
        feature["geometry"]["coordinates"] = rings
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4546"}}
    given["parcels"] = geojson(tmp_path / "宗地.geojson", found, crs=crs)
    assert_same_figures(check(**given), clean)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda ring: ring[:-1],
        lambda ring: ring[:3],
        lambda ring: [[float("nan"), 27.0], *ring[1:]],
        lambda ring: [["x", 27.0], *ring[1:]],
    ],
    ids=["unclosed", "short", "nan", "text"],
)
def test_row_041_one_bad_shape_costs_its_own_record(tmp_path, clean, spoil):
    given = delivery(tmp_path)
    found = features()
    found[1]["geometry"]["coordinates"] = [spoil(found[1]["geometry"]["coordinates"][0])]
    given["parcels"] = geojson(tmp_path / "宗地.geojson", found)
    result = check(**given)
    assert_told(result.issues, "E158", file="宗地.geojson", row=2, what="读不出", remedy="修复或重绘")
    measured = result.parcels.set_index("parcel_code")["area_measured_m2"]
    assert measured.notna().loc[list(CODES)].tolist() == [True, False, True]
    assert set(states(result, "宗地.geojson")) == {1, 2, 3}


def test_row_041_heights_measures_and_odd_values(tmp_path):
    found = features()
    ring = found[0]["geometry"]["coordinates"][0]
    found[0]["geometry"]["coordinates"] = [[[*point, 300.0, 1.0] for point in ring]]
    found[1]["properties"]["证载面积"] = 430525001001000000001
    found[2] = {**found[2], "properties": None, "geometry": None}
    raw = read(geojson(tmp_path / "a.geojson", found))
    assert [shape is None for shape in raw.frame["geometry"]] == [False, False, True]
    assert raw.frame["c2"].tolist() == [10000.0, 430525001001000000001, None]
    assert raw.issues.empty


def test_row_041_a_line_among_polygons_is_named(tmp_path):
    found = features()
    found[1]["geometry"] = {"type": "LineString", "coordinates": [[110.5, 27.0], [110.6, 27.1]]}
    assert_told(read(geojson(tmp_path / "a.geojson", found)).issues, "E158", row=2, what="该条是线")


def test_row_041_truncated_json_and_relatives(tmp_path):
    text = geojson(tmp_path / "a.geojson", features()).read_text("utf-8")
    path = text_file(tmp_path / "宗地.geojson", text[:-200])
    message = refused("JSON 不完整，文件没有写完", parcels=path)
    assert "宗地.geojson 第 1 行" in message
    assert "请重新复制" in message
    message = refused("JSON 写法有误", parcels=text_file(path, text.replace(":", "=", 1)))
    assert "第 1 行（第 8 个字符）" in message
    topology = '{"type":"Topology","objects":{},"arcs":[]}'
    assert "mapshaper" in refused("是 TopoJSON，不是 GeoJSON", parcels=text_file(path, topology))
    refused("不是 GeoJSON 要素集", parcels=text_file(path, '{"rings":[[0,0]]}'))
    refused("不是 GeoJSON 要素集", parcels=text_file(path, '{"type":"FeatureCollection","features":[1]}'))


GPKG_FIELDS = [("宗地代码", "TEXT"), ("权利人", "TEXT"), ("证载面积", "REAL"), ("土地用途", "TEXT")]
GPKG_ROWS = [(code, name, float(area), use) for code, name, area, use in PARCEL_ROWS]


def packet(path, rows=GPKG_ROWS, shapes=SQUARES, fields=GPKG_FIELDS, **more):
    records = [
        (shapely.Polygon(rings[0]).wkb if rings else None, *row)
        for rings, row in zip(shapes, rows, strict=True)
    ]
    return geopackage(path, {"宗地": (fields, records), **more})


@pytest.mark.parametrize("name", ["宗地.gpkg", "宗地.db"])
def test_row_041_geopackage(tmp_path, clean, name):
    given = delivery(tmp_path)
    given["parcels"] = packet(tmp_path / name)
    before = sorted(tmp_path.iterdir())
    result = check(**given)
    assert_same_figures(result, clean)
    assert names(result) == list(NAMES)
    assert sorted(tmp_path.iterdir()) == before


def test_row_041_geopackage_keeps_long_numbers_beside_empty_cells(tmp_path):
    rows = [
        (914305255555555551, *GPKG_ROWS[0][1:]),
        (None, *GPKG_ROWS[1][1:]),
        ("2021-02-30", *GPKG_ROWS[2][1:]),
    ]
    path = packet(tmp_path / "a.gpkg", rows, fields=[("代码", "INTEGER"), *GPKG_FIELDS[1:]])
    assert read(path).frame["c0"].tolist() == [914305255555555551, None, "2021-02-30"]


def test_row_041_geopackage_with_gbk_text_and_damaged_shapes(tmp_path):
    path = packet(tmp_path / "a.gpkg", shapes=[SQUARES[0], None, SQUARES[2]])
    with sqlite3.connect(path) as base:
        base.execute("update 宗地 set 权利人 = cast(? as text)", (NAMES[0].encode("gbk"),))
        base.execute("update 宗地 set geom = substr(geom, 1, 60) where fid = 3")
    base.close()
    raw = read(path)
    assert set(raw.frame["c1"]) == {NAMES[0]}
    assert raw.facts["encoding"] == "gb18030"
    assert_told(raw.issues, "E158", file="a.gpkg", row=3, what="读不出")
    assert raw.issues["source_row"].tolist() == [3]


@pytest.mark.parametrize("kind", [10, 1010, 0x8000000A])
def test_row_041_a_shape_with_arcs_is_refused_alone(tmp_path, kind):
    arc = struct.pack("<BII10d", 1, 8, 5, 0, 0, 1, 1, 2, 0, 1, -1, 0, 0)
    path = packet(tmp_path / "a.gpkg", shapes=[SQUARES[0], SQUARES[1], SQUARES[2]])
    with sqlite3.connect(path) as base:
        head = bytes(base.execute("select geom from 宗地 where fid = 2").fetchone()[0])[:8]
        base.execute(
            "update 宗地 set geom = ? where fid = 2", (head + struct.pack("<BII", 1, kind, 1) + arc,)
        )
    base.close()
    raw = read(path)
    assert_told(raw.issues, "E158", file="a.gpkg", row=2, what="图形含圆弧（曲线），请先增密为折线")
    assert raw.frame["geometry"].notna().tolist() == [True, False, True]


def test_row_041_geopackage_with_unmerged_changes_is_read_whole(tmp_path):
    path = packet(tmp_path / "a.gpkg")
    base = sqlite3.connect(path)
    base.execute("pragma journal_mode = wal")
    base.execute("pragma wal_autocheckpoint = 0")
    base.execute("update 宗地 set 权利人 = '改后'")
    base.commit()
    before = {item.name: item.read_bytes() for item in tmp_path.iterdir() if not item.name.endswith("-shm")}
    assert set(read(path).frame["c1"]) == {"改后"}
    assert {
        item.name: item.read_bytes() for item in tmp_path.iterdir() if not item.name.endswith("-shm")
    } == before
    base.close()


def test_row_041_geopackage_refusals(tmp_path):
    path = packet(tmp_path / "a.gpkg", 布局=(GPKG_FIELDS, []))
    assert "请用 layer 指定一个：宗地、布局" in refused("文件中有多个图层", parcels=path)
    assert len(read(path, layer="宗地").frame) == 3
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "请重新复制" in refused("GeoPackage 打不开", parcels=path)
    path.unlink()
    base = sqlite3.connect(path)
    base.execute("create table a (b)")
    base.close()
    assert "另存为 GeoPackage" in refused("是 SQLite 数据库，但不是 GeoPackage", parcels=path)


def test_row_041_a_geopackage_whose_page_counts_one_record_less_is_refused(tmp_path):
    """SQLite itself would read two of the three records and say nothing."""
    path = packet(tmp_path / "宗地.gpkg")
    data = bytearray(path.read_bytes())
    size = int.from_bytes(data[16:18], "big")
    (page,) = [
        at
        for at in range(size, len(data), size)
        if data[at : at + 5] == b"\x0d\x00\x00\x00\x03" and b"GP\x00\x01" in data[at : at + size]
    ]
    data[page + 4] = 2
    path.write_bytes(data)
    assert "Fragmentation" in refused("GeoPackage 打不开，文件损坏", parcels=path)


def test_row_041_geoparquet(tmp_path, clean):
    import geopandas as gpd

    frame = gpd.GeoDataFrame(
        [dict(zip([name for name, _ in GPKG_FIELDS], row, strict=True)) for row in GPKG_ROWS],
        geometry=[shapely.Polygon(rings[0]) for rings in SQUARES],
        crs=4546,
    )
    given = delivery(tmp_path)
    given["parcels"] = tmp_path / "宗地.parquet"
    frame.to_parquet(given["parcels"])
    result = check(**given)
    assert_same_figures(result, clean)
    assert set(states(result, "宗地.parquet")) == {1, 2, 3}
    whole = given["parcels"].read_bytes()
    given["parcels"].write_bytes(whole[: len(whole) // 2])
    assert "请重新复制" in refused("Parquet 文件损坏", **given)
    frame.drop(columns="geometry").to_parquet(given["parcels"])
    assert "GeoParquet" in refused("Parquet 文件没有 WKB 图形列", **given)


def test_row_041_file_geodatabase(tmp_path, clean):
    import geopandas as gpd
    import pyogrio

    frame = gpd.GeoDataFrame(
        [dict(zip([name for name, _ in GPKG_FIELDS], row, strict=True)) for row in GPKG_ROWS],
        geometry=[shapely.MultiPolygon([shapely.Polygon(rings[0])]) for rings in SQUARES],
        crs=4546,
    )
    given = delivery(tmp_path)
    path = tmp_path / "数据.gdb"
    pyogrio.write_dataframe(frame, path, layer="宗地", driver="OpenFileGDB")
    given["parcels"] = path
    result = check(**given)
    assert_same_figures(result, clean)
    assert names(result) == list(NAMES)
    assert set(states(result, "数据.gdb")) == {1, 2, 3}
    members = [(f"库/数据.gdb/{item.name}", item.read_bytes()) for item in sorted(path.iterdir())]
    given["parcels"] = gbk_zip(tmp_path / "数据.zip", members)
    assert_same_figures(check(**given), clean)
    pyogrio.write_dataframe(frame, path, layer="布局", driver="OpenFileGDB", append=True)
    assert "请用 layer 指定一个：宗地、布局" in refused("文件中有多个图层", parcels=path)
    assert "旧.gdb" in refused("给的是文件夹", parcels=(tmp_path / "旧.gdb").mkdir() or tmp_path / "旧.gdb")


def test_row_041_a_workbook_is_no_layer(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"表": [["甲", "乙"], [1, 2]]})
    assert "a.xlsx" in refused("找不到认得的表头", parcels=path)


def test_row_024_a_note_in_a_zip_is_no_choice(tmp_path):
    given = delivery(tmp_path)
    path = gbk_zip(tmp_path / "a.zip", [("说明.txt", b"x"), ("企业.xlsx", given["enterprises"].read_bytes())])
    assert read(path, "enterprises").facts["member"] == "企业.xlsx"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="没有命名管道")
def test_row_030_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "企业.csv")
    with pytest.raises(InputRefusedError, match="是管道或设备，不是文件"):
        read(tmp_path / "企业.csv", "enterprises")


def test_row_041_geojson_without_crs_is_wgs84(tmp_path):
    found = features()
    found[0]["properties"]["是否新增"] = True
    raw = read(geojson(tmp_path / "a.geojson", found))
    assert raw.crs == "EPSG:4326"
    assert raw.frame["c4"].tolist() == [True, None, None]
    bare = geojson(tmp_path / "b.geojson", []).with_name("b.geojson")
    bare.write_text(json.dumps(found[0]["geometry"]), "utf-8")
    assert len(read(bare).frame) == 1


def test_row_041_a_scrambled_geopackage_is_refused(tmp_path):
    path = packet(tmp_path / "a.gpkg")
    base = sqlite3.connect(path)
    base.execute("update gpkg_geometry_columns set column_name = 'shape'")
    base.commit()
    refused("GeoPackage 打不开", parcels=path)
    base.execute("delete from gpkg_geometry_columns")
    base.commit()
    base.close()
    assert "［宗地］" in refused("没有登记该图层的图形列", parcels=path)
    path.write_bytes(path.read_bytes().replace("权利人".encode(), b"\xff" * 9))
    with pytest.raises(InputRefusedError):
        read(path)


def test_row_028_scrambled_headers_of_a_zip_are_refused(tmp_path):
    given = delivery(tmp_path / "in")
    path = gbk_zip(tmp_path / "a.zip", parts_of(given["parcels"]), encoding="marked")
    whole = path.read_bytes()
    at = whole.index(b"PK\x03\x04") + 30
    path.write_bytes(whole[:at] + b"\xff\xff\xff" + whole[at + 3 :])
    assert "a.zip" in refused("压缩包损坏或未复制完整", parcels=path)
