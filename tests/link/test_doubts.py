"""A figure that is used although a problem is told of it: what rests on it says so, until somebody has confirmed it."""

import pytest
from bureau import (
    CODES,
    FIRM_HEADER,
    FIRM_ROWS,
    NAMES,
    PARCEL_FIELDS,
    PARCEL_ROWS,
    assert_told,
    check,
    delivery,
    states,
)
from writers import EAST, shapefile, square, text_file, workbook

TAX = FIRM_HEADER[-1]
CELL = f"企业.xlsx［2024］第 4 行「{TAX}」"
SMALL = 0.003
OTHERS = [[f"洞口虚构{i}厂", 2024, 100, 200, 200 + i] for i in range(6)]
HANDED = "来源文件,工作表,行号,列,原值,更正值,更正人,更正依据"


def small(folder, *corrections, **given):
    """Evaluate a delivery whose third firm pays a thousandth of what the others pay."""
    rows = [*FIRM_ROWS[:2], [*FIRM_ROWS[2][:4], SMALL]]
    inputs = delivery(folder)
    workbook(inputs["enterprises"], {"2024": [FIRM_HEADER, *rows, *OTHERS]})
    if corrections:
        given["corrections"] = text_file(folder / "更正.csv", "\n".join([HANDED, *corrections]))
    return check(**{**inputs, **given})


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return small(tmp_path_factory.mktemp("小数"))


def question(result, code):
    return result.status.loc[code, "questions"] or ""


def test_a_parcel_asks_of_the_figure_that_its_verdicts_rest_on(told):
    assert_told(told.issues, "E259", file="企业.xlsx", row=4, column=TAX)
    assert "待核实：比同列其他行小上千倍" in question(told, CODES[2])
    assert CELL in question(told, CODES[2])
    assert [question(told, code) for code in CODES[:2]] == ["", ""]


def test_the_evidence_marks_the_cell_wherever_it_is_cited(told):
    rows = told.findings[told.findings["evidence"].str.contains(CELL, regex=False)]
    assert set(rows["unit_id"]) == {CODES[2]}
    assert "dongkou.tax" in set(rows["rule_id"])
    assert rows["evidence"].str.contains(f"{CELL}（待核实：比同列其他行小上千倍）", regex=False).all()
    assert not told.findings["evidence"][~told.findings.index.isin(rows.index)].str.contains("待核实").any()


def test_an_enterprise_carries_what_is_in_doubt_of_the_data_year(told):
    doubted = told.enterprises["doubts"][told.enterprises["doubts"] != ""]
    assert told.enterprises.loc[doubted.index, "name"].tolist() == [FIRM_ROWS[2][0]]
    assert CELL in doubted.iloc[0]


def test_a_confirmed_figure_is_asked_of_no_more(tmp_path, told):
    sure = small(tmp_path, f"企业.xlsx,2024,4,{TAX},{SMALL},{SMALL},利用股甲,完税证明第7号")
    assert_told(
        sure.issues, "E249", file="企业.xlsx", row=4, column=TAX, raw=str(SMALL), what="完税证明第7号"
    )
    assert question(sure, CODES[2]) == ""
    assert (sure.enterprises.get("doubts", "") == "").all()
    cited = sure.findings["evidence"][sure.findings["evidence"].str.contains(CELL, regex=False)]
    assert cited.str.contains(f"{CELL}（经核实无误，利用股甲，完税证明第7号", regex=False).all()
    assert sure.findings["verdict"].tolist() == told.findings["verdict"].tolist()
    assert sure.reconciliation.query("source_file == '更正.csv'")["record_state"].tolist() == ["采用"]


def test_a_value_that_no_longer_needs_its_correction_confirms_nothing(tmp_path):
    stale = small(tmp_path, f"企业.xlsx,2024,4,{TAX},30,{SMALL},利用股甲,完税证明第7号")
    assert_told(stale.issues, "E247", what="原表已是该值，不需更正")
    assert "比同列其他行小上千倍" in question(stale, CODES[2])


def test_two_parcels_that_overlap_ask_of_each_other(tmp_path):
    inputs = delivery(tmp_path)
    inputs["parcels"] = shapefile(
        tmp_path / "重叠.shp", PARCEL_FIELDS, PARCEL_ROWS, [square(0), square(0, east=EAST + 5.0), square(2)]
    )
    result = check(**inputs)
    for mine, other in ((CODES[0], CODES[1]), (CODES[1], CODES[0])):
        assert f"与另一宗图形重叠，重叠面积在两宗和汇总中都计入：与 {other} 重叠" in question(result, mine)
    assert question(result, CODES[2]) == ""


def test_a_parcel_drawn_twice_for_one_holder_is_told_what_becomes_of_the_money(tmp_path):
    inputs = delivery(tmp_path)
    rows = [PARCEL_ROWS[0], (CODES[1], NAMES[0], *PARCEL_ROWS[1][2:]), PARCEL_ROWS[2]]
    shapes = [square(0), square(0, east=EAST + 5.0), square(0, east=EAST + 150.0)]
    inputs["parcels"] = shapefile(tmp_path / "两遍.shp", PARCEL_FIELDS, rows, shapes)
    result = check(**inputs)
    for code in CODES[:2]:
        assert "占本宗 95.0%，两宗几乎重合，权利人相同，很可能是同一宗地登记了两次" in question(result, code)


def test_a_stop_before_the_beginning_is_told_and_asked(tmp_path):
    inputs = delivery(tmp_path)
    head = [*FIRM_HEADER, "投产日期", "生产状态", "停产日期"]
    days = [
        ("2015-01-01", "停产", "2014-06-30"),
        ("2015-01-01", "停产", "2015-01-01"),
        ("2015-01-01", "生产", None),
    ]
    workbook(
        inputs["enterprises"],
        {"2024": [head, *([*row, *day] for row, day in zip(FIRM_ROWS, days, strict=True))]},
    )
    result = check(**inputs)
    assert_told(
        result.issues,
        "E269",
        file="企业.xlsx",
        row=2,
        column="停产日期",
        what="停产 2014-06-30，投产 2015-01-01",
    )
    assert len(result.issues[result.issues["code"] == "E269"]) == 1
    assert "停产日期早于投产日期" in question(result, CODES[0])
    assert "停产日期早于投产日期" not in question(result, CODES[1])


def test_the_same_row_of_the_ledger_twice_is_told_and_counts_once(tmp_path):
    inputs = delivery(tmp_path)
    head = ["宗地代码", "合同编号", "成交价款（万元）", "约定动工日期"]
    rows = [[CODES[0], "H1", 321.5, "2020-01-01"], [CODES[1], "H2", 200, "2020-01-01"]]
    inputs["contracts"] = workbook(tmp_path / "台账.xlsx", {"台账": [head, *rows, rows[0]]})
    result = check(**inputs)
    assert_told(result.issues, "E220", file="台账.xlsx", row=4)
    assert states(result, "台账.xlsx") == {2: "采用", 3: "采用", 4: "重复"}
    assert result.parcels["price_wan_yuan"].tolist()[:2] == [321.5, 200.0]


def test_an_area_in_another_unit_is_confirmed_by_what_the_problem_shows_of_it(tmp_path):
    inputs = delivery(tmp_path)
    head = ["宗地代码", "合同面积（亩）", "合同编号"]
    inputs["contracts"] = workbook(tmp_path / "台账.xlsx", {"台账": [head, [CODES[0], 16.5, "H1"]]})
    told = check(**inputs).issues
    [row] = told[told["code"] == "E282"].to_dict("records")
    assert (row["column"], row["raw_value"]) == ("合同面积(㎡)", "11000")
    handed = f"台账.xlsx,台账,2,{row['column']},{row['raw_value']},{row['raw_value']},利用股甲,合同原件"
    sure = check(**inputs, corrections=text_file(tmp_path / "更正.csv", f"{HANDED}\n{handed}"))
    assert_told(sure.issues, "E249", file="台账.xlsx", row=2, raw="16.5")
    assert question(sure, CODES[0]) == ""
