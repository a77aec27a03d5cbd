"""Rows 31–37 of the catalogue: workbooks and text tables as they arrive, each made byte by byte."""

import os
import resource
import time
import zipfile

import pytest
from bureau import FIRM_HEADER, FIRM_ROWS, NAMES, assert_same_figures, assert_told, check, delivery, states
from writers import gbk_zip, ole, spreadsheetml, text_file, workbook, xls

from landeval.errors import InputRefusedError

SHEET = [FIRM_HEADER, *FIRM_ROWS]


def told_as_text(mark=",", rows=SHEET):
    return "".join(mark.join(str(cell) for cell in row) + "\n" for row in rows)


def html(rows=SHEET):
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    return f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table border=1>{lines}</table></body></html>'


def xml_rows(rows=SHEET):
    def cell(value):
        kind = "String" if isinstance(value, str) else "Number"
        return f'<Cell><Data ss:Type="{kind}">{value}</Data></Cell>'

    return "".join(f"<Row>{''.join(map(cell, row))}</Row>" for row in rows)


def with_firms(folder, path):
    return {**delivery(folder), "enterprises": path}


def refused(said, folder, path, code):
    """Assert that a run is refused with the file, the code and the way out, and return the message."""
    given = with_firms(folder, path)
    with pytest.raises(InputRefusedError, match=said) as caught:
        check(**given)
    assert path.name in caught.value.where
    assert caught.value.remedy
    assert caught.value.code == code
    return str(caught.value)


# ---- workbooks by content ---------------------------------------------------------------------------------------


def test_row_031_an_old_workbook_gives_the_same_figures(tmp_path, clean):
    path = xls(tmp_path / "企业.xls", {"2024": SHEET})
    result = check(**with_firms(tmp_path / "d", path))
    assert_same_figures(result, clean)
    assert set(states(result, "企业.xls")) == {2, 3, 4}
    assert "E142" not in set(result.issues["code"])


@pytest.mark.parametrize("name", ["企业.xlsx", "企业.csv"])
def test_row_031_an_old_workbook_under_another_name(tmp_path, clean, name):
    path = xls(tmp_path / name, {"2024": SHEET})
    result = check(**with_firms(tmp_path / "d", path))
    assert_same_figures(result, clean)
    assert_told(result.issues, "E142", file=name, what="内容是旧格式工作簿（xls）", remedy="另存为 .xlsx")


@pytest.mark.parametrize("name", ["企业.xls", "企业.et", "企业.csv"])
def test_row_031_a_new_workbook_under_another_name(tmp_path, clean, name):
    path = workbook(tmp_path / name.replace(name[-3:], "xlsx"), {"2024": SHEET}).rename(tmp_path / name)
    result = check(**with_firms(tmp_path / "d", path))
    assert_same_figures(result, clean)
    assert_told(result.issues, "E142", file=name, what="内容是新格式工作簿（xlsx）", remedy="另存为 .xlsx")


# ---- something else under a workbook's name -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("企业.xls", lambda path: text_file(path, told_as_text("\t"), "gb18030"), "内容是文本表"),
        ("企业.xls", lambda path: text_file(path, told_as_text("\t"), "utf-16"), "内容是文本表"),
        ("企业.xls", lambda path: text_file(path, told_as_text("\t"), "utf-16-le"), "内容是文本表"),
        ("企业.xlsx", lambda path: text_file(path, told_as_text()), "内容是文本表"),
        ("企业.xls", lambda path: text_file(path, html(), "gb18030"), "内容是网页表格（HTML）"),
        ("企业.xlsx", lambda path: text_file(path, html(), "utf-8-sig"), "内容是网页表格（HTML）"),
        ("企业.xls", lambda path: text_file(path, html(), "utf-16"), "内容是网页表格（HTML）"),
        ("企业.xls", lambda path: spreadsheetml(path, xml_rows()), "SpreadsheetML 2003"),
        ("企业.xml", lambda path: spreadsheetml(path, xml_rows()), "SpreadsheetML 2003"),
        ("企业.et", lambda path: xls(path, {"2024": SHEET}), ""),
    ],
)
def test_row_032_sound_tables_under_a_workbooks_name_are_read(tmp_path, clean, name, make, said):
    result = check(**with_firms(tmp_path / "d", make(tmp_path / name)))
    assert_same_figures(result, clean)
    assert set(states(result, name)) == {2, 3, 4}
    if said:
        assert_told(result.issues, "E142", file=name, what=said)


@pytest.mark.parametrize(
    ("name", "make", "said", "code"),
    [
        ("企业.xls", lambda path: ole(path, ["WordDocument"]), "是 Word 文档，不是工作簿", "E173"),
        (
            "企业.xls",
            lambda path: ole(path, ["PowerPoint Document"]),
            "是其他 Office 文件，不是工作簿",
            "E173",
        ),
        (
            "企业.xls",
            lambda path: text_file(path, "<html><body>请登录</body></html>"),
            "其中没有表格",
            "E124",
        ),
        ("企业.xls", lambda path: text_file(path, "{\\rtf1 企业}"), "找不到认得的表头", "E130"),
        ("企业.xlsx", lambda path: path.write_bytes(b"\x01\x02\x03" * 99) and path, "工作簿损坏", "E125"),
    ],
)
def test_row_032_anything_else_is_named_and_refused(tmp_path, name, make, said, code):
    refused(said, tmp_path / "d", make(tmp_path / name), code)


@pytest.mark.parametrize(
    ("members", "said"),
    [(["xl/workbook.bin"], "是二进制工作簿（.xlsb）"), (["mimetype", "content.xml"], "是 ods 表格")],
)
def test_row_032_binary_and_open_document_workbooks_are_named(tmp_path, members, said):
    with zipfile.ZipFile(tmp_path / "企业.xlsx", "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    assert "另存为 .xlsx" in refused(said, tmp_path / "d", tmp_path / "企业.xlsx", "E172")


# ---- passwords ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["企业.xlsx", "企业.xls"])
def test_row_033_a_workbook_with_a_password(tmp_path, name):
    path = ole(tmp_path / name, ["EncryptedPackage", "EncryptionInfo"])
    assert "取消打开密码" in refused("工作簿有密码", tmp_path / "d", path, "E170")


def test_row_033_an_old_workbook_with_a_password(tmp_path):
    path = xls(tmp_path / "企业.xls", {"2024": SHEET})
    data = path.read_bytes()
    at = data.index(b"\xe1\x00\x02\x00\xb0\x04")  # INTERFACEHDR, the first record after BOF
    path.write_bytes(data[:at] + b"\x2f\x00" + data[at + 2 :])  # FILEPASS in its place
    assert "取消打开密码" in refused("工作簿有密码", tmp_path / "d", path, "E170")


# ---- damaged --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["企业.xlsx", "企业.xls", "企业.csv"])
def test_row_034_an_empty_file(tmp_path, name):
    path = tmp_path / name
    path.touch()
    refused("文件是空的", tmp_path / "d", path, "E121")


@pytest.mark.parametrize("make", [workbook, xls])
@pytest.mark.parametrize("part", [1, 3, 5, 7, 9])
def test_row_034_a_workbook_cut_anywhere(tmp_path, make, part):
    path = make(tmp_path / f"企业.{'xls' if make is xls else 'xlsx'}", {"2024": SHEET})
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * part // 10])
    assert "重新复制" in refused("损坏或未复制完整", tmp_path / "d", path, "E125")


@pytest.mark.parametrize("name", ["~$企业.xlsx", "~$企业.xls", ".~企业.xlsx"])
@pytest.mark.parametrize("size", [0, 165])
def test_row_034_a_lock_file(tmp_path, name, size):
    path = tmp_path / name
    path.write_bytes(b"\x05" * size)
    assert "并指定 企业.xls" in refused("打开文件时留下的临时文件", tmp_path / "d", path, "E171")


# ---- bombs ------------------------------------------------------------------------------------------------------

LAUGHS = '<!DOCTYPE x [<!ENTITY a "哈哈哈哈哈哈哈哈">' + "".join(
    f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)
) + "]>"  # fmt: skip
OUTSIDE = '<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>'


def with_member(path, name, change):
    """Write a workbook whose member is changed by a function of its bytes."""
    workbook(path, {"2024": SHEET})
    with zipfile.ZipFile(path) as archive:
        members = {item: archive.read(item) for item in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for item, data in members.items():
            archive.writestr(item, change(data) if item == name else data)
    return path


def bounded(seconds=10, memory=10**9):
    """Return a function that asserts time and memory spent since."""
    since, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def spent():
        assert time.perf_counter() - since < seconds
        assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < memory

    return spent


@pytest.mark.parametrize("declared", [LAUGHS, OUTSIDE])
@pytest.mark.parametrize("member", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"])
def test_row_035_entities_in_a_workbook(tmp_path, declared, member):
    def change(data):
        start, mark, rest = data.rpartition(b"?>") if data.startswith(b"<?xml") else (b"", b"", data)
        return start + mark + declared.encode() + rest

    path = with_member(tmp_path / "企业.xlsx", member, change)
    spent = bounded()
    said = refused("XML 中有文档类型或实体声明", tmp_path / "d", path, "E174")
    assert member in said
    assert "root:" not in said
    spent()


@pytest.mark.parametrize("declared", [LAUGHS, OUTSIDE])
def test_row_035_entities_in_spreadsheetml(tmp_path, declared):
    path = spreadsheetml(tmp_path / "企业.xls", xml_rows() + "<Row><Cell>&j;</Cell></Row>", before=declared)
    refused("XML 中有文档类型或实体声明", tmp_path / "d", path, "E174")


def test_row_035_a_sheet_of_600_mb(tmp_path):
    """The sizes stand in the zip's index: no byte of the sheet is unpacked."""
    path = tmp_path / "企业.xlsx"
    gbk_zip(path, [("xl/worksheets/sheet1.xml", os.urandom(5_000_000))], claimed=600_000_000)
    spent = bounded()
    said = refused("工作表展开后有 600 MB，超过限制", tmp_path / "d", path, "E126")
    assert "xl/worksheets/sheet1.xml" in said
    assert "拆分" in said
    spent()


# ---- text tables ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("gbk", "按 GB18030 读取"),
        ("gb18030", "按 GB18030 读取"),
        ("utf-16", "按 UTF-16 读取"),
        ("utf-16-le", "按 UTF-16-LE 读取"),
        ("utf-16-be", "按 UTF-16-BE 读取"),
    ],
)
@pytest.mark.parametrize("mark", [",", ";", "\t", "|", "，", "、"])
def test_row_036_encodings_and_delimiters(tmp_path, clean, encoding, said, mark):
    path = text_file(tmp_path / "企业.csv", told_as_text(mark), encoding)
    result = check(**with_firms(tmp_path / "d", path))
    assert_same_figures(result, clean)
    assert set(states(result, "企业.csv")) == {2, 3, 4}
    if said:
        assert_told(result.issues, "E101", file="企业.csv", what=said, remedy="指定 encoding")
    assert ("E101" in set(result.issues["code"])) == (bool(said) or "E101" in set(clean.issues["code"]))


def test_row_036_a_frequent_comma_is_not_the_delimiter(tmp_path, clean):
    """An address with many commas stands in a table divided by semicolons."""
    rows = [[*row, "虚构路1号,2栋,3层,4室,5座,6号,7门" if at else "地址"] for at, row in enumerate(SHEET)]
    path = text_file(tmp_path / "企业.csv", told_as_text(";", rows))
    result = check(**with_firms(tmp_path / "d", path))
    assert_same_figures(result, clean)


# ---- broken rows ------------------------------------------------------------------------------------------------


def spoiled_row(tmp_path, line, at=1):
    """Write the firms as csv with one line of the body (from 0) written as given; return the path."""
    lines = told_as_text().splitlines()
    lines[1 + at] = line
    return text_file(tmp_path / "企业.csv", "\n".join(lines) + "\n")


def assert_only_the_second_is_unknown(result, clean):
    taxes = result.parcels.set_index("holder_name")["tax_wan_yuan"]
    wanted = clean.parcels.set_index("holder_name")["tax_wan_yuan"]
    for name in (NAMES[0], NAMES[2]):
        assert taxes[name] == pytest.approx(wanted[name])
    assert taxes.isna()[NAMES[1]]


@pytest.mark.parametrize(
    "line",
    [
        f"{NAMES[1]},2024,3000.5,4000",
        f"{NAMES[1]},2024,3000.5,4000,150,多出",
        f"{NAMES[1]},2024,3,000.5,4,000,150",
    ],
)
def test_row_037_a_ragged_row_is_set_aside_with_its_line(tmp_path, clean, line):
    result = check(**with_firms(tmp_path / "d", spoiled_row(tmp_path, line)))
    assert_told(result.issues, "E108", file="企业.csv", row=3, what="该行列数与表头不一致", remedy="分隔符")
    assert_only_the_second_is_unknown(result, clean)
    assert set(states(result, "企业.csv")) == {2, 3, 4}


@pytest.mark.parametrize("ends", ["", ' "x'])
def test_row_037_an_unclosed_quote_loses_its_own_row_only(tmp_path, clean, ends):
    path = spoiled_row(tmp_path, f'{NAMES[1]},2024,3000.5,4000,"150{ends}')
    result = check(**with_firms(tmp_path / "d", path))
    assert set(states(result, "企业.csv")) == {2, 3, 4}
    taxes = result.parcels.set_index("holder_name")["tax_wan_yuan"]
    assert taxes[NAMES[0]] == pytest.approx(300.25)
    assert taxes[NAMES[2]] == pytest.approx(30)


def test_row_037_two_stray_quotes_do_not_join_two_rows(tmp_path, clean):
    """Read as csv allows, the two lines are one row of the right width with the tax of the other firm."""
    lines = told_as_text().splitlines()
    lines[2] = f'{NAMES[1]},2024,3000.5,"4000,150'
    lines[3] = f'{NAMES[2]},2024,1500,900",30'
    path = text_file(tmp_path / "企业.csv", "\n".join(lines) + "\n")
    result = check(**with_firms(tmp_path / "d", path))
    assert set(states(result, "企业.csv")) == {2, 3, 4}
    assert_told(result.issues, "E108", file="企业.csv", row=3)
    assert_only_the_second_is_unknown(result, clean)


def test_row_037_a_nul_at_the_end_of_a_cell_is_a_filler(tmp_path, clean):
    path = spoiled_row(tmp_path, f"{NAMES[1]}\0\0\0,2024,3000.5,4000,150")
    result = check(**with_firms(tmp_path / "d", path))
    assert_same_figures(result, clean)
    assert_told(result.issues, "E143", file="企业.csv", row=3, column="企业名称", raw=f"{NAMES[1]}␀␀␀")


def test_row_037_a_nul_inside_a_figure_makes_it_unknown(tmp_path, clean):
    path = spoiled_row(tmp_path, f"{NAMES[1]},2024,3000.5,4000,1\x0050")
    result = check(**with_firms(tmp_path / "d", path))
    assert_told(
        result.issues, "E143", file="企业.csv", row=3, column="入库税收（万元）", raw="1␀50",
        what="该行有空字符（NUL）", remedy="重新导出",
    )  # fmt: skip
    assert_only_the_second_is_unknown(result, clean)
