"""``匹配复核.xlsx``: safe to open, the same bytes for the same Result."""

import openpyxl
from builders import make_result

from landeval.publish.workbook import write_review_book


def test_texts_are_texts_and_coverage_is_told(tmp_path):
    result = make_result(30)
    book = openpyxl.load_workbook(write_review_book(result, tmp_path / "复核.xlsx"))
    assert not [cell.coordinate for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    assert book["已有决定"]["C3"].value == "=虚构（公式）厂"
    told = [[cell.value for cell in row] for row in book["说明"].iter_rows()]
    assert ["宗地(宗)", "合计匹配", 30, 1, "通过"] in told
    assert book["复核"]["A3"].value == "没有待复核的匹配。"


def test_the_same_result_gives_the_same_bytes(tmp_path):
    one, other = (write_review_book(make_result(8), tmp_path / name) for name in ("一.xlsx", "二.xlsx"))
    assert one.read_bytes() == other.read_bytes()
