"""What cannot be understood of an enterprise's industry or state is told, not passed over."""

import pytest
from bureau import FIRM_HEADER, FIRM_ROWS, assert_told, check, delivery
from writers import workbook


def run(folder, header, cells):
    given = delivery(folder)
    rows = [[*row, cell] for row, cell in zip(FIRM_ROWS, cells, strict=True)]
    given["enterprises"] = workbook(folder / "企业.xlsx", {"2024": [[*FIRM_HEADER, header], *rows]})
    return check(**given).issues


@pytest.mark.parametrize(("written", "is_told"), [
    ("半停不停", True), ("拟停产", True), ("不详情况", True), ("正常生产", False), ("半停产", False), ("停产", False),
    ("存续", False), ("在建", False), ("未投产", False), (None, False),
])  # fmt: skip
def test_a_state_that_means_nothing_sure_is_told(tmp_path, written, is_told):
    found = run(tmp_path, "生产状态", [written, "正常生产", "正常生产"])
    assert ("E266" in set(found["code"])) is is_told
    if is_told:
        assert_told(found, "E266", file="企业.xlsx", row=2, column="生产状态", raw=written, remedy="停产日期")


def test_a_code_that_is_no_industry_is_told(tmp_path):
    found = run(tmp_path, "行业代码", ["99999", "C3511", "13"])
    assert_told(found, "E265", file="企业.xlsx", row=2, column="行业代码", raw="99999")
    assert (found["code"] == "E265").sum() == 1


def test_a_column_of_names_instead_of_codes_is_told_once(tmp_path):
    found = run(tmp_path, "行业类别", ["食品", "机械", "电子"])
    assert (found["code"] == "E265").sum() == 1
    assert_told(found, "E265", file="企业.xlsx", what="整列 3 行都不是代码，如“食品”")
