"""Workbooks of the old format, and what else bears their name: values exact, guesses told, the rest refused."""

import datetime

import pytest
import xlwt
from writers import (
    cells,
    codes,
    read,
    read_all,
    spreadsheetml,
    text_file,
    told,
    xls,
)

from landeval.errors import InputRefusedError

HEADER = ["企业名称", "统一社会信用代码", "年度", "入库税收（万元）"]
DAY = xlwt.easyxf(num_format_str="yyyy-mm-dd")


def book_of(path, fill, *, dates_1904=False):
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = dates_1904
    fill(book)
    book.save(str(path))
    return path


def test_values_come_as_stored(tmp_path):
    rows = [HEADER, ["甲", "91370281167179100X", 2024, 1.5], ["乙", None, 2024, True]]
    raw = read(xls(tmp_path / "a.xls", {"2024": rows}), "enterprises")
    assert cells(raw) == [["甲", "91370281167179100X", 2024, 1.5], ["乙", None, 2024, True]]
    assert type(cells(raw)[0][2]) is int
    assert raw.frame["source_row"].tolist() == [2, 3]
    assert raw.frame["source_layer"].tolist() == ["2024", "2024"]
    assert codes(raw.issues) == []


@pytest.mark.parametrize(("is_1904", "said"), [(False, []), (True, ["E140"])])
def test_dates_follow_the_date_system_of_the_workbook(tmp_path, is_1904, said):
    def fill(book):
        sheet = book.add_sheet("台账")
        for column, text in enumerate(["宗地代码", "合同签订日期"]):
            sheet.write(0, column, text)
        sheet.write(1, 0, "1")
        sheet.write(1, 1, 44463 - (1462 if is_1904 else 0), DAY)

    raw = read(book_of(tmp_path / "a.xls", fill, dates_1904=is_1904), "contracts")
    assert cells(raw)[0][1] == datetime.datetime(2021, 9, 24)
    assert codes(raw.issues) == said
    assert raw.facts["date_system"] == (1904 if is_1904 else 1900)


def test_a_code_of_18_digits_kept_as_a_number_stays_a_float(tmp_path):
    raw = read(xls(tmp_path / "a.xls", {"s": [HEADER, ["甲", 914305255555555551, 2024, 1]]}), "enterprises")
    assert isinstance(cells(raw)[0][1], float)


def test_error_cells_are_unknown_and_told(tmp_path):
    def fill(book):
        sheet = book.add_sheet("s")
        for column, text in enumerate(HEADER):
            sheet.write(0, column, text)
        sheet.write(1, 0, "甲")
        sheet.write(1, 2, 2024)
        sheet.row(1).set_cell_error(3, "#DIV/0!")

    raw = read(book_of(tmp_path / "a.xls", fill), "enterprises")
    assert cells(raw) == [["甲", None, 2024, None]]
    assert "入库税收（万元） | #DIV/0!" in told(raw.issues, "E107")


def test_a_hidden_sheet_is_taken_only_by_name_and_listed(tmp_path):
    sheets = {"2024": [HEADER, ["甲", None, 2024, 1]], "旧": [HEADER, ["乙", None, 2023, 2]]}
    path = xls(tmp_path / "a.xls", sheets, hidden=["旧"])
    raw = read(path, "enterprises")
    assert raw.frame["c0"].tolist() == ["甲"]
    assert "旧" in told(raw.issues, "E110")
    assert read(path, "enterprises", layer="旧").frame["c0"].tolist() == ["乙"]
    with pytest.raises(InputRefusedError, match=r"没有工作表“新”(.|\n)*2024、旧"):
        read(path, "enterprises", layer="新")


def test_several_sheets_are_taken_for_firms_and_asked_about_for_parcels(tmp_path):
    rows = [["宗地代码", "权利人"], ["1", "甲"]]
    assert len(read_all(xls(tmp_path / "a.xls", {"2023": [HEADER, ["甲", None, 2023, 1]], "2024": [HEADER, ["甲", None, 2024, 1]]}), "enterprises")) == 2  # fmt: skip
    with pytest.raises(InputRefusedError, match=r"多个工作表都像是所需的表(.|\n)*一、二"):
        read(xls(tmp_path / "b.xls", {"一": rows, "二": rows}), "contracts")


def test_merged_cells_are_filled_inside_the_merge_only(tmp_path):
    def fill(book):
        sheet = book.add_sheet("s")
        for column, text in enumerate(["乡镇", *HEADER]):
            sheet.write(0, column, text)
        sheet.write_merge(1, 3, 0, 0, "虚构镇")
        for row, name in enumerate(["甲", "乙"], start=1):
            sheet.write(row, 1, name)
        sheet.write(4, 1, "丙")

    raw = read(book_of(tmp_path / "a.xls", fill), "enterprises")
    assert raw.frame["c0"].tolist() == ["虚构镇", "虚构镇", None]
    assert raw.frame["c1"].tolist() == ["甲", "乙", "丙"]
    assert "2 | 乡镇 | 虚构镇 | 用于第 2—3 行" in told(raw.issues, "E141")


def test_one_cell_at_the_far_corner_costs_nothing(tmp_path):
    def fill(book):
        sheet = book.add_sheet("s")
        for column, text in enumerate(HEADER):
            sheet.write(0, column, text)
        sheet.write(1, 0, "甲")
        sheet.write(1, 2, 2024)
        sheet.write(65_535, 255, " ")

    raw = read(book_of(tmp_path / "a.xls", fill), "enterprises")
    assert raw.frame["c0"].tolist() == ["甲"]


def test_a_row_whose_cells_are_gone_is_told_and_set_aside(tmp_path):
    """The records of its cells are of no known kind any more; its own record still tells of them."""
    path = xls(tmp_path / "a.xls", {"s": [HEADER, *([name, "无", "2024", "1"] for name in "甲乙丙")]})
    cell = b"\xfd\x00\x0a\x00"
    data = path.read_bytes()
    assert data.count(cell + b"\x02\x00") == 4
    path.write_bytes(data.replace(cell + b"\x02\x00", b"\x99\x00\x0a\x00\x02\x00"))
    raw = read(path, "enterprises")
    assert raw.frame["c0"].tolist() == ["甲", "丙"]
    assert raw.set_aside["source_row"].tolist() == [3]
    assert raw.set_aside["reason"].tolist() == ["有登记而无内容"]
    assert raw.issues.loc[raw.issues["code"] == "E148", "source_row"].tolist() == [3]
    assert raw.facts["set_aside"] == 1


def test_rows_of_a_set_height_or_with_blank_cells_are_not_lost(tmp_path):
    def fill(book):
        sheet = book.add_sheet("s")
        for row, cells_of in enumerate([HEADER, ["甲", "", "2024", "1"]]):
            for column, text in enumerate(cells_of):
                sheet.write(row, column, text)
        sheet.row(3).height = 400
        for column in range(4):
            sheet.write(5, column, "", xlwt.easyxf("font: bold on"))

    raw = read(book_of(tmp_path / "a.xls", fill), "enterprises")
    assert raw.frame["c0"].tolist() == ["甲"]
    assert "E148" not in codes(raw.issues)
    assert len(raw.set_aside) == 0


def test_a_workbook_cut_anywhere_is_refused(tmp_path):
    rows = [HEADER, *(["企业", None, 2024, number] for number in range(400))]
    path = xls(tmp_path / "a.xls", {"s": rows})
    data = path.read_bytes()
    for part in range(1, 20):
        path.write_bytes(data[: len(data) * part // 20])
        with pytest.raises(InputRefusedError, match="损坏或未复制完整") as caught:
            read(path, "enterprises")
        assert str(path) in caught.value.where


# ---- SpreadsheetML 2003 ---------------------------------------------------------------------------------------


def test_spreadsheetml_cells_stand_at_their_index_and_types(tmp_path):
    path = spreadsheetml(
        tmp_path / "a.xls",
        '<Row>' + "".join(f'<Cell><Data ss:Type="String">{text}</Data></Cell>' for text in HEADER) + "</Row>"
        '<Row ss:Index="5"><Cell><Data ss:Type="String">甲</Data></Cell>'
        '<Cell ss:Index="3"><Data ss:Type="Number">2024</Data></Cell>'
        '<Cell><Data ss:Type="Number">1.5</Data></Cell></Row>'
        '<Row><Cell><Data ss:Type="String">乙</Data></Cell><Cell><Data ss:Type="Number">914305255555555551</Data></Cell>'
        '<Cell><Data ss:Type="Number">2024</Data></Cell><Cell><Data ss:Type="Error">#REF!</Data></Cell></Row>',
    )  # fmt: skip
    raw = read(path, "enterprises")
    assert cells(raw)[0] == ["甲", None, 2024, 1.5]
    assert cells(raw)[1] == ["乙", 9.143052555555556e17, 2024, None]
    assert raw.frame["source_row"].tolist() == [5, 6]
    assert "6 | 入库税收（万元） | #REF!" in told(raw.issues, "E107")
    assert "SpreadsheetML" in told(raw.issues, "E142")


@pytest.mark.parametrize("index", ["99999999999", "-1", "x", "0"])
def test_spreadsheetml_with_an_impossible_index_is_refused(tmp_path, index):
    path = spreadsheetml(
        tmp_path / "a.xls", f'<Row><Cell ss:Index="{index}"><Data ss:Type="String">x</Data></Cell></Row>'
    )
    with pytest.raises(InputRefusedError, match="行列号有误"):
        read(path, "enterprises")


@pytest.mark.parametrize(
    "rows", ['<Row ss:Index="3"/><Row ss:Index="3"/>', '<Row><Cell/><Cell ss:Index="1"/></Row>']
)
def test_spreadsheetml_whose_numbers_go_back_is_refused(tmp_path, rows):
    with pytest.raises(InputRefusedError, match="行列号有误"):
        read(spreadsheetml(tmp_path / "a.xls", rows), "enterprises")


def test_spreadsheetml_dates_are_written_out_and_mean_the_same_in_either_date_system(tmp_path):
    rows = (
        '<Row><Cell><Data ss:Type="String">企业名称</Data></Cell><Cell><Data ss:Type="String">投产日期</Data></Cell></Row>'
        '<Row><Cell><Data ss:Type="String">甲</Data></Cell>'
        '<Cell><Data ss:Type="DateTime">2019-05-06T00:00:00.000</Data></Cell></Row>'
    )
    path = spreadsheetml(tmp_path / "a.xls", rows)
    before = cells(read(path, "enterprises"))
    text = path.read_text("utf-8")
    system = '<ExcelWorkbook xmlns="urn:schemas-microsoft-com:office:excel"><Date1904/></ExcelWorkbook>'
    path.write_text(text.replace("<Worksheet ", system + "<Worksheet "), "utf-8")
    assert "<Date1904/>" in path.read_text("utf-8")
    assert cells(read(path, "enterprises")) == before == [["甲", datetime.datetime(2019, 5, 6)]]


def test_spreadsheetml_cannot_swell(tmp_path):
    row = '<Row><Cell ss:Index="16384"><Data ss:Type="String">x</Data></Cell></Row>'
    with pytest.raises(InputRefusedError, match="工作表的单元格过多，超过限制"):
        read(spreadsheetml(tmp_path / "a.xls", row * 2000), "enterprises")


# ---- web pages ------------------------------------------------------------------------------------------------


def test_html_cells_that_reach_down_and_across(tmp_path):
    html = (
        "<html><head><style>td {x}</style></head><body><table><tr><td colspan=4>企业表</td></tr>"
        "<tr><th>乡镇<th>企业名称<th>年度<th>入库税收<br>（万元）</tr>"
        "<tr><td rowspan=2>虚构镇</td><td>甲&amp;乙</td><td>2024<td x:num='300.25'>300</td></tr>"
        "<tr><td>丙</td><td>2024</td><td>&nbsp;</td></tr></table></body></html>"
    )
    raw = read(text_file(tmp_path / "a.xls", html, "gb18030"), "enterprises")
    assert raw.headers == ("乡镇", "企业名称", "年度", "入库税收 （万元）")
    assert cells(raw) == [["虚构镇", "甲&乙", "2024", "300.25"], ["虚构镇", "丙", "2024", None]]
    assert raw.title == "企业表"
    assert "网页表格" in told(raw.issues, "E142")
    assert "按 GB18030 读取" in told(raw.issues, "E101")


def test_an_html_frame_without_a_table_is_refused(tmp_path):
    path = text_file(
        tmp_path / "a.xls", "<html><frameset><frame src='a.files/sheet001.htm'></frameset></html>"
    )
    with pytest.raises(InputRefusedError, match=r"网页文件，其中没有表格(.|\n)*同名文件夹"):
        read(path, "enterprises")


def test_html_cannot_swell(tmp_path):
    wide = "<td colspan=1000 rowspan=60000>x</td>" * 30
    path = text_file(tmp_path / "a.xls", f"<table><tr>{wide}</tr>{'<tr><td>' * 2000}</table>")
    with pytest.raises(InputRefusedError, match="网页表格的单元格过多，超过限制"):
        read(path, "enterprises")
