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


def two_offices(folder, *tables):
    given = delivery(folder)
    given["enterprises"] = [
        workbook(folder / f"{at}.xlsx", {"2024": [header, *rows]}) for at, (header, rows) in enumerate(tables)
    ]
    return check(**given)


CODE = "913702816143139252"
OTHER = "91370200797522673R"


def test_one_name_with_two_codes_is_told_at_both(tmp_path):
    header = ["企业名称", "统一社会信用代码", "年度", "入库税收（万元）"]
    found = two_offices(
        tmp_path, (header, [["虚构甲厂", CODE, 2024, 5]]), (header, [["虚构甲厂", OTHER, 2024, 6]])
    ).issues
    told = found[found["code"] == "E267"]
    assert told["source_file"].tolist() == ["0.xlsx", "1.xlsx"]
    assert told["what"].str.contains(f"虚构甲厂：{OTHER}、{CODE}").all()


def test_one_table_of_three_renames_no_firm(tmp_path):
    header = ["企业名称", "统一社会信用代码", "年度", "入库税收（万元）"]
    rows = [[name, CODE, 2024, None] for name in ("虚构甲厂", "虚构甲厂", "虚构最后的乙厂")]
    rows[0][3] = 5
    result = two_offices(tmp_path, *((header, [row]) for row in rows))
    assert result.enterprises["name"].tolist() == ["虚构甲厂"]
    told = result.issues[result.issues["code"] == "E251"]
    assert told[["source_file", "raw_value", "used_value"]].to_numpy().tolist() == [
        ["2.xlsx", "虚构最后的乙厂", "虚构甲厂"]
    ]


def test_a_cumulative_investment_that_falls_is_told_where_it_stands(tmp_path):
    header = ["企业名称", "年度", "累计固定资产投资（万元）"]
    rows = [
        ["虚构甲厂", 2023, 2020.63],
        ["虚构甲厂", 2024, 101.03],
        ["虚构乙厂", 2023, 100],
        ["虚构乙厂", 2024, 99.5],
    ]
    found = two_offices(tmp_path, (header, rows)).issues
    told = found[found["code"] == "E268"]
    assert told[["source_file", "source_row"]].astype(str).to_numpy().tolist() == [["0.xlsx", "3"]]
    assert told["what"].str.endswith("2024 年 101.03，上年 2,020.63").all()


def test_a_total_is_held_against_the_rows_that_can_be_read(tmp_path):
    header = ["企业名称", "年度", "入库税收（万元）"]
    rows = [["虚构甲厂", 2024, 30], ["虚构乙厂", 2024, "约120万"], ["虚构丙厂", 2024, 50], ["合计", None, 60]]
    found = two_offices(tmp_path, (header, rows)).issues
    assert_told(
        found, "E147", file="0.xlsx", row=5, what="60，2 行之和为 80（另有 1 行不是数，没有计入），相差 -20"
    )


def test_an_explanation_lists_the_problems_of_the_cells_that_it_cites(tmp_path):
    given = delivery(tmp_path)
    rows = [FIRM_HEADER, ["洞口虚构机械有限公司", 2024, 4500, 6000, "约300"], *FIRM_ROWS[1:]]
    given["enterprises"] = workbook(tmp_path / "企业.xlsx", {"2024": rows})
    result = check(**given)
    page = result.explain(result.parcels.index[0])
    assert "E203" in set(page.issues["code"])
    assert "E203" not in set(result.explain(result.parcels.index[1]).issues["code"])


def test_a_fall_of_an_earlier_year_is_told_at_its_own_year(tmp_path):
    """The row of the year is first that of an office without such a column: not the data year's row, but that year's."""
    tax = [["虚构甲厂", year, 5] for year in (2022, 2023, 2024)]
    built = [["虚构甲厂", 2024, 100], ["虚构甲厂", 2023, 100], ["虚构甲厂", 2022, 2000]]
    found = two_offices(
        tmp_path,
        (["企业名称", "年度", "入库税收（万元）"], tax),
        (["企业名称", "年度", "累计固定资产投资（万元）"], built),
    ).issues
    told = found[found["code"] == "E268"]
    assert told[["source_file", "source_row"]].astype(str).to_numpy().tolist() == [["1.xlsx", "3"]]
