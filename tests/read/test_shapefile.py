"""Shapefiles as they arrive: wrong labels, cut text, missing parts, marks of deletion."""

import pytest
from writers import cells, codes, dbf, read, shapefile, square, told

from landeval.errors import InputRefusedError

FIELDS = [("宗地代码", "C", 19), ("土地使用权人", "C", 40), ("宗地面积", "N", 12)]
ROWS = [
    ("430525001001GB00001", "洞口虚构机械有限公司", "10000.00"),
    ("430525001001GB00002", "洞口虚构竹业有限公司", "10000.00"),
]


def names(raw):
    return [row[1] for row in cells(raw)]


@pytest.mark.parametrize("ldid", [0, 0x57, 0x03, 0x4D])
@pytest.mark.parametrize("cpg", [None, "UTF-8", "GBK", "936", "OEM", "乱".encode("gbk").hex()])
def test_gbk_is_read_whatever_its_labels_say(tmp_path, ldid, cpg):
    raw = read(shapefile(tmp_path / "宗地.shp", FIELDS, ROWS, encoding="gbk", ldid=ldid, cpg=cpg))
    assert raw.headers[:2] == ("宗地代码", "土地使用权")
    assert names(raw) == ["洞口虚构机械有限公司", "洞口虚构竹业有限公司"]
    assert raw.facts["encoding"] == "gb18030"


@pytest.mark.parametrize("cpg", [None, "UTF-8", "GBK"])
def test_utf8_is_read_whatever_its_labels_say(tmp_path, cpg):
    raw = read(shapefile(tmp_path / "p.shp", FIELDS, ROWS, encoding="utf-8", cpg=cpg))
    assert raw.headers[2] == "宗地面"  # 12 bytes cut at 10, the broken character left out
    assert names(raw) == ["洞口虚构机械有限公司", "洞口虚构竹业有限公司"]


@pytest.mark.parametrize(
    ("encoding", "cpg", "said"),
    [
        ("gbk", None, "文件没有 .cpg，按 GB18030 读取"),
        ("gbk", "UTF-8", "文件标明 UTF-8，按 GB18030 读取"),
        ("utf-8", "GBK", "文件标明 GBK，按 UTF-8 读取"),
    ],
)
def test_a_missing_or_wrong_label_is_told(tmp_path, encoding, cpg, said):
    raw = read(shapefile(tmp_path / "p.shp", FIELDS, ROWS, encoding=encoding, cpg=cpg))
    assert said in told(raw.issues, "E101")


@pytest.mark.parametrize(("encoding", "cpg"), [("gbk", "GBK"), ("utf-8", "UTF-8"), ("gbk", "936")])
def test_a_right_label_is_not_a_problem(tmp_path, encoding, cpg):
    raw = read(shapefile(tmp_path / "p.shp", FIELDS, ROWS, encoding=encoding, cpg=cpg))
    assert "E101" not in codes(raw.issues)


def test_the_user_can_name_the_encoding(tmp_path):
    rows = [("1", "甲廠", "1")]
    fields = [("ZDDM", "C", 19), ("QLR", "C", 40), ("ZDMJ", "N", 12)]
    path = shapefile(tmp_path / "p.shp", fields, rows, encoding="big5")
    assert names(read(path, encoding="big5")) == ["甲廠"]
    with pytest.raises(InputRefusedError, match="不认识的编码 火星文"):
        read(path, encoding="火星文")
    with pytest.raises(InputRefusedError, match="不认识的编码 base64"):
        read(path, encoding="base64")


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_value_cut_inside_a_character_keeps_its_whole_characters(tmp_path, encoding):
    size = 9 if encoding == "gbk" else 10
    fields = [("DM", "C", 5), ("QLR", "C", size)]
    raw = read(shapefile(tmp_path / "p.shp", fields, [("1", "虚构机械厂"), ("2", "甲")], encoding=encoding))
    assert names(raw) == ["虚构机械" if encoding == "gbk" else "虚构机", "甲"]
    assert "QLR" in told(raw.issues, "E102")
    assert raw.issues.loc[raw.issues["code"] == "E102", "source_row"].tolist() == [1]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_rare_characters_survive(tmp_path, encoding):
    rows = [("1", "洞口𬭚业㻬䶮厂", "1"), ("2", "洞口虚构竹业", "1")]
    raw = read(shapefile(tmp_path / "p.shp", FIELDS, rows, encoding=encoding))
    assert names(raw)[0] == "洞口𬭚业㻬䶮厂"


def test_deleted_records_are_listed_not_read(tmp_path):
    raw = read(shapefile(tmp_path / "p.shp", FIELDS, ROWS, deleted=[0]))
    assert names(raw) == ["洞口虚构竹业有限公司"]
    assert raw.frame["source_row"].tolist() == [2]
    assert raw.frame["geometry"].iloc[0].bounds[0] == pytest.approx(square(1)[0][0][0])
    assert raw.set_aside[["source_row", "reason"]].values.tolist() == [[1, "源文件已删除"]]
    assert raw.issues.loc[raw.issues["code"] == "E103", "source_row"].tolist() == [1]


def test_more_records_than_shapes(tmp_path):
    raw = read(shapefile(tmp_path / "p.shp", FIELDS, ROWS, [square()]))
    assert [shape is None for shape in raw.frame["geometry"]] == [False, True]
    assert "图形 1 条，属性 2 条" in told(raw.issues, "E104")


def test_more_shapes_than_records_lists_the_surplus(tmp_path):
    raw = read(shapefile(tmp_path / "p.shp", FIELDS, ROWS, [square(i) for i in range(4)]))
    assert len(raw.frame) == 2
    assert raw.set_aside[["source_row", "reason"]].values.tolist() == [
        [3, "没有属性记录"],
        [4, "没有属性记录"],
    ]
    assert "图形 4 条，属性 2 条" in told(raw.issues, "E104")


def test_a_missing_dbf_is_named(tmp_path):
    path = shapefile(tmp_path / "宗地.shp", FIELDS, ROWS)
    path.with_suffix(".dbf").unlink()
    with pytest.raises(InputRefusedError, match=r"缺少 宗地\.dbf"):
        read(path)


def test_parts_in_mixed_case_are_found_the_exact_name_first(tmp_path):
    path = shapefile(tmp_path / "Parcel.shp", FIELDS, ROWS)
    path.with_suffix(".dbf").rename(tmp_path / "PARCEL.Dbf")
    assert len(read(path).frame) == 2
    (tmp_path / "Parcel.dbf").write_bytes(dbf(FIELDS, [*ROWS, ROWS[0]]))
    assert len(read(path).frame) == 3


def test_upper_case_and_chinese_paths(tmp_path):
    path = shapefile(tmp_path / "宗 地（2024）#1.SHP", FIELDS, ROWS)
    for suffix in (".dbf", ".shx", ".prj"):
        path.with_suffix(suffix).rename(path.with_suffix(suffix.upper()))
    raw = read(path)
    assert len(raw.frame) == 2
    assert raw.crs
    assert raw.frame["geometry"].notna().all()


@pytest.mark.parametrize("keep", [0, 20, 60])
def test_half_a_dbf_is_refused_with_both_counts(tmp_path, keep):
    path = shapefile(tmp_path / "p.shp", FIELDS, ROWS)
    whole = path.with_suffix(".dbf").read_bytes()
    path.with_suffix(".dbf").write_bytes(whole[: len(whole) - 30] if keep == 60 else whole[:keep])
    with pytest.raises(
        InputRefusedError, match="应有 2 条记录，文件中只有 1 条" if keep == 60 else "属性表是空的"
    ):
        read(path)


def test_half_a_shp_loses_only_the_shapes_that_are_gone(tmp_path):
    path = shapefile(tmp_path / "p.shp", FIELDS, ROWS)
    path.write_bytes(path.read_bytes()[:-80])
    raw = read(path)
    assert [shape is None for shape in raw.frame["geometry"]] == [False, True]


def test_a_damaged_dbf_header_is_refused(tmp_path):
    path = shapefile(tmp_path / "p.shp", FIELDS, ROWS)
    data = bytearray(path.with_suffix(".dbf").read_bytes())
    data[10:12] = b"\x07\x00"
    path.with_suffix(".dbf").write_bytes(data)
    with pytest.raises(InputRefusedError, match="属性表的结构损坏"):
        read(path)


def test_a_field_without_width_does_no_harm(tmp_path):
    raw = read(shapefile(tmp_path / "p.shp", [*FIELDS, ("空", "C", 0)], [(*row, "") for row in ROWS]))
    assert [row[3] for row in cells(raw)] == ["", ""]


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = shapefile(tmp_path / "p.shp", FIELDS, [(b"1", b"\xff\xfe\xff ab", b"1")])
    with pytest.raises(InputRefusedError, match="文字编码无法判定"):
        read(path)


def test_a_logical_question_mark_is_blank(tmp_path):
    fields = [("ZDDM", "C", 5), ("是否新增", "L", 1)]
    raw = read(shapefile(tmp_path / "p.shp", fields, [("1", "?"), ("2", "T")]))
    assert [row[1] for row in cells(raw)] == ["", "T"]


def test_points_and_empty_layers_are_refused(tmp_path):
    path = shapefile(tmp_path / "p.shp", FIELDS, ROWS, [[[(457400.0, 2994000.0)]]] * 2, kind=1)
    with pytest.raises(InputRefusedError, match="是点图层，不是面图层"):
        read(path)
    with pytest.raises(InputRefusedError, match="图层中没有记录"):
        read(shapefile(tmp_path / "q.shp", FIELDS, ROWS, deleted=[0, 1]))


def test_nothing_is_written_beside_the_input(tmp_path):
    path = shapefile(tmp_path / "p.shp", FIELDS, ROWS)
    before = {item.name: item.read_bytes() for item in tmp_path.iterdir()}
    read(path)
    assert {item.name: item.read_bytes() for item in tmp_path.iterdir()} == before


def test_the_hash_covers_every_part(tmp_path):
    path = shapefile(tmp_path / "p.shp", FIELDS, ROWS)
    first = read(path).facts["sha256"]
    path.with_suffix(".dbf").write_bytes(dbf(FIELDS, list(reversed(ROWS))))
    assert read(path).facts["sha256"] != first
