"""Text tables: any encoding, any delimiter, no row shifted, none lost."""

import pytest
from writers import cells, codes, read, text_file, told

from landeval.errors import InputRefusedError
from landeval.read import delimited

TABLE = "企业名称,信用代码,税收\n洞口虚构机械有限公司,91370281167179100XT,1\n乙厂,,2\n"


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("gb18030", "按 GB18030 读取"),
        ("gbk", "按 GB18030 读取"),
        ("utf-16", "按 UTF-16 读取"),
    ],
)
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_give_the_same_table(tmp_path, encoding, said, mark):
    raw = read(text_file(tmp_path / "a.csv", TABLE.replace(",", mark), encoding), "enterprises")
    assert raw.headers == ("企业名称", "信用代码", "税收")
    assert cells(raw) == [["洞口虚构机械有限公司", "91370281167179100XT", "1"], ["乙厂", "", "2"]]
    assert raw.frame["source_row"].tolist() == [2, 3]
    assert said in told(raw.issues, "E101")
    assert bool(said) == ("E101" in codes(raw.issues))


def test_windows_and_old_mac_line_ends(tmp_path):
    for ends in ("\r\n", "\r"):
        raw = read(text_file(tmp_path / "a.csv", TABLE.replace("\n", ends)), "enterprises")
        assert raw.frame["source_row"].tolist() == [2, 3]


def test_a_ragged_row_is_set_aside_with_its_line(tmp_path):
    text = "企业名称,信用代码,税收\n甲,,1\n乙,2\n丙,,3,多出\n丁,,4,,\n"
    raw = read(text_file(tmp_path / "a.csv", text), "enterprises")
    assert raw.frame["c0"].tolist() == ["甲", "丁"]
    assert raw.set_aside[["source_row", "reason"]].values.tolist() == [[3, "列数不符"], [4, "列数不符"]]
    assert raw.issues.loc[raw.issues["code"] == "E108", "source_row"].tolist() == [3, 4]


def test_a_note_with_fewer_cells_is_a_note(tmp_path):
    raw = read(text_file(tmp_path / "a.csv", TABLE + "填表人：张三\n"), "enterprises")
    assert raw.set_aside["reason"].tolist() == ["备注行"]
    assert "E108" not in codes(raw.issues)


def test_a_line_break_inside_quotes_keeps_the_line_numbers(tmp_path):
    text = '企业名称,信用代码,税收\n"甲\n二期",,1\n乙,,2\n'
    raw = read(text_file(tmp_path / "a.csv", text), "enterprises")
    assert cells(raw) == [["甲\n二期", "", "1"], ["乙", "", "2"]]
    assert raw.frame["source_row"].tolist() == [2, 4]


@pytest.mark.parametrize("text", ['"甲,,1\n乙,,2\n丙,,3\n', '"甲,,1\n乙,,2\n丙,,3'])
def test_an_unclosed_quote_loses_only_its_own_row(tmp_path, text):
    raw = read(text_file(tmp_path / "a.csv", "企业名称,信用代码,税收\n" + text), "enterprises")
    assert raw.frame["c0"].tolist() == ["乙", "丙"]
    assert raw.frame["source_row"].tolist() == [3, 4]
    assert raw.set_aside[["source_row", "reason"]].values.tolist() == [[2, "列数不符"]]


def test_title_rows_above_the_header(tmp_path):
    raw = read(text_file(tmp_path / "a.csv", "2024年企业表,,\n单位：元,,\n" + TABLE), "enterprises")
    assert raw.title == "2024年企业表 单位：元"
    assert raw.frame["source_row"].tolist() == [4, 5]


def test_leading_zeros_and_exponents_stay_text(tmp_path):
    raw = read(text_file(tmp_path / "a.csv", "企业名称,行业代码\n甲,0712\n乙,43E10\n"), "enterprises")
    assert [row[1] for row in cells(raw)] == ["0712", "43E10"]


def test_an_override_that_is_not_the_files_encoding_is_refused(tmp_path):
    path = text_file(tmp_path / "a.csv", TABLE, "gbk")
    with pytest.raises(InputRefusedError, match="文件不是 utf-8 编码"):
        read(path, "enterprises", encoding="utf-8")
    assert read(path, "enterprises", encoding="gbk").headers[0] == "企业名称"


def test_bytes_of_no_encoding_are_refused(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"name,tax\n\xff\xff\x80,1\n")
    with pytest.raises(InputRefusedError, match="文字编码无法判定"):
        read(tmp_path / "a.csv", "enterprises")


def test_a_cell_beyond_all_bounds_is_refused(tmp_path):
    path = text_file(tmp_path / "a.csv", TABLE + "丙," + "x" * 10_000_001 + ",1\n")
    with pytest.raises(InputRefusedError, match="文本表读不下去"):
        read(path, "enterprises")


def test_an_empty_table_is_refused(tmp_path):
    with pytest.raises(InputRefusedError, match=r"表中没有内容|找不到认得的表头"):
        read(text_file(tmp_path / "a.csv", "\n\n"), "enterprises")


@pytest.mark.parametrize("text", ["企业名称,税收\n", "企业名称,税收", "企业名称,税收\n,\n合计,5\n"])
def test_a_table_with_a_header_only_is_refused(tmp_path, text):
    with pytest.raises(InputRefusedError, match="表中只有表头，没有记录"):
        read(text_file(tmp_path / "a.csv", text), "enterprises")


def test_the_delimiter_gives_a_header_and_rows_of_one_width(tmp_path):
    text = "企业名称;地址;税收\n甲;虚构路1号,2栋,3层,4室;1\n乙;虚构路5号,6栋,7层,8室;2\n"
    raw = read(text_file(tmp_path / "a.csv", text), "enterprises")
    assert raw.headers == ("企业名称", "地址", "税收")
    assert raw.facts["delimiter"] == ";"


def test_a_quoted_line_break_with_commas_stays_one_cell(tmp_path):
    text = '企业名称,地址,税收\n甲,"虚构路,1号\n2栋",1\n乙,,2\n'
    raw = read(text_file(tmp_path / "a.csv", text), "enterprises")
    assert cells(raw) == [["甲", "虚构路,1号\n2栋", "1"], ["乙", "", "2"]]


def test_a_block_of_nul_after_the_last_row_is_told(tmp_path):
    raw = read(text_file(tmp_path / "a.csv", TABLE + "\0" * 512), "enterprises")
    assert len(raw.frame) == 2
    assert raw.issues.loc[raw.issues["code"] == "E143", "source_row"].tolist() == [4]


def test_bytes_that_are_not_of_the_marked_encoding_are_told_by_line(tmp_path):
    (tmp_path / "a.csv").write_bytes(TABLE.encode("utf-8-sig") + b"\xb1\xfb,,3\n")
    raw = read(tmp_path / "a.csv", "enterprises")
    assert raw.issues.loc[raw.issues["code"] == "E152", "source_row"].tolist() == [4]


def test_a_table_too_large_for_an_office_machine_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "MAX_TEXT_BYTES", 2_000_000)
    path = text_file(tmp_path / "大.csv", "企业名称,税收\n" + "虚构厂,1\n" * 200_000)
    with pytest.raises(InputRefusedError, match="文本表超过 2 MB"):
        read(path, "enterprises")
