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


def small(folder, *corrections, third=SMALL, **given):
    """Evaluate a delivery whose third firm pays a thousandth of what the others pay, or another figure."""
    rows = [*FIRM_ROWS[:2], [*FIRM_ROWS[2][:4], third]]
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
    nowhere = ["430525001001GB00099", "H9", 5, "2020-01-01"]
    sheet = [head, *rows, rows[0], nowhere, nowhere]
    inputs["contracts"] = workbook(tmp_path / "台账.xlsx", {"台账": sheet})
    result = check(**inputs)
    assert_told(result.issues, "E220", file="台账.xlsx", row=4)
    assert states(result, "台账.xlsx") == {2: "采用", 3: "采用", 4: "重复", 5: "未匹配", 6: "重复"}
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


def test_a_figure_that_is_not_used_stays_in_question_when_it_is_confirmed(tmp_path):
    cell = f"企业.xlsx,2024,4,{TAX},2000000,2000000,利用股甲,完税证明"
    result = small(tmp_path, cell, third=2000000)
    assert {"E258", "E249"} <= set(result.issues["code"])
    assert "大上千倍" in question(result, CODES[2])
    assert result.parcels["tax_wan_yuan"].isna().tolist() == [False, False, True]


def test_one_confirms_and_another_corrects_and_neither_is_taken(tmp_path):
    row = f"企业.xlsx,2024,4,{TAX},{SMALL}"
    result = small(tmp_path, f"{row},{SMALL},甲,证明一", f"{row},30,乙,证明二")
    assert not set(result.issues["code"]) & {"E246", "E249"}
    assert len(result.issues[result.issues["code"] == "E247"]) == 2
    assert "小上千倍" in question(result, CODES[2])


def test_a_figure_in_the_unit_of_its_label_is_a_correction_and_no_confirmation(tmp_path):
    inputs = delivery(tmp_path)
    head = [*FIRM_HEADER[:4], "入库税收（元）"]
    workbook(
        inputs["enterprises"],
        {"2024": [head, *([*row[:4], 3000000] for row in FIRM_ROWS[:2]), [*FIRM_ROWS[2][:4], 300]]},
    )
    handed = "企业.xlsx,2024,4,入库税收(万元),300,300,利用股甲,完税证明"
    result = check(**inputs, corrections=text_file(tmp_path / "更正.csv", f"{HANDED}\n{handed}"))
    assert result.parcels.loc[CODES[2], "tax_wan_yuan"] == 300
    assert "E249" not in set(result.issues["code"])


def test_the_ledger_is_cited_and_confirmed_where_the_layer_says_another_thing(tmp_path):
    inputs = delivery(tmp_path)
    fields = [*PARCEL_FIELDS, ("约定动工", "D", 8)]
    rows = [(*row, day) for row, day in zip(PARCEL_ROWS, ("20190505", "20200101", "20200101"), strict=True)]
    inputs["parcels"] = shapefile(tmp_path / "日期.shp", fields, rows, [square(at) for at in range(3)])
    inputs["contracts"] = workbook(
        tmp_path / "台账.xlsx", {"台账": [["宗地代码", "约定动工日期"], [CODES[0], "2020-01-01"]]}
    )
    asked = check(**inputs)
    assert_told(
        asked.issues, "E310", file="台账.xlsx", row=2, raw="2020-01-01", what="宗地表写 2019-05-05（日期.shp"
    )
    assert "宗地表与台账的同一项不一致" in question(asked, CODES[0])
    assert "「约定动工日期」（待核实：宗地表与台账的同一项不一致）" in " ".join(asked.findings["evidence"])
    handed = "台账.xlsx,台账,2,约定动工日期,2020-01-01,2020-01-01,利用股甲,合同原件"
    sure = check(**inputs, corrections=text_file(tmp_path / "更正.csv", f"{HANDED}\n{handed}"))
    assert question(sure, CODES[0]) == ""


def test_years_side_by_side_are_in_doubt_and_corrected_each_under_its_own_header(tmp_path):
    inputs = delivery(tmp_path)
    head = [
        "企业名称",
        *(f"{item}{year}年" for item in ("累计固定资产投资", "入库税收") for year in (2023, 2024)),
    ]
    rows = [[name, 4000 + at, 4100 + at, 150, 160] for at, name in enumerate(NAMES)]
    rows[2][2] = 100
    workbook(inputs["enterprises"], {"报送": [["单位：万元"], head, *rows]})
    asked = check(**inputs)
    header = "累计固定资产投资2024年"
    assert_told(asked.issues, "E268", file="企业.xlsx", row=5, column=header)
    assert f"「{header}」" in question(asked, CODES[2])
    handed = [
        f"企业.xlsx,报送,5,{header},100,4500,统计局甲,原表",
        "企业.xlsx,报送,4,固定资产投资,,4400,统计局甲,原表",
    ]
    again = check(**inputs, corrections=text_file(tmp_path / "更正.csv", "\n".join([HANDED, *handed])))
    assert again.parcels.loc[CODES[2], "investment_wan_yuan"] == 4500
    assert_told(again.issues, "E247", row=3, what="有几个年度的列")


def test_a_file_is_not_taken_for_another_whose_name_its_own_ends_in(tmp_path):
    inputs = delivery(tmp_path)
    rows = [[*row[:2], row[4]] for row in FIRM_ROWS]
    strange = [["洞口虚构丁厂", 2024, 100], ["洞口虚构戊厂", 2024, 110], ["洞口虚构己厂", 2024, SMALL]]
    more = [[f"洞口虚构{at}厂", 2024, 100 + at] for at in range(6)]
    head = ["企业名称", "年度", TAX]
    inputs["enterprises"] = [
        workbook(tmp_path / "园区 税收.xlsx", {"2024": [head, *rows]}),
        workbook(tmp_path / "税收.xlsx", {"2024": [head, *strange, *more]}),
    ]
    result = check(**inputs)
    assert_told(result.issues, "E259", file="税收.xlsx", row=4)
    assert [question(result, code) for code in CODES] == ["", "", ""]
    assert not result.findings["evidence"].str.contains("待核实").any()


def test_an_enterprise_on_land_in_doubt_carries_it(tmp_path):
    inputs = delivery(tmp_path)
    rows = [(*PARCEL_ROWS[0][:2], "12000.00", PARCEL_ROWS[0][3]), *PARCEL_ROWS[1:]]
    inputs["parcels"] = shapefile(tmp_path / "大.shp", PARCEL_FIELDS, rows, [square(at) for at in range(3)])
    result = check(**inputs)
    doubted = result.enterprises.set_index("name")["doubts"]
    assert doubted[NAMES[0]].startswith("登记面积与图形面积相差超过 5%")
    assert doubted[list(NAMES[1:])].tolist() == ["", ""]


def test_who_stopped_and_began_again_is_not_accused(tmp_path):
    inputs = delivery(tmp_path)
    head = [*FIRM_HEADER, "投产日期", "生产状态", "停产日期"]
    before = [[row[0], 2022, *row[2:], "2010-01-01", "停产", "2021-06-30"] for row in FIRM_ROWS[:1]]
    now = [[*row, "2023-06-01", "生产", None] for row in FIRM_ROWS]
    workbook(inputs["enterprises"], {"两年": [head, *before, *now]})
    assert "E269" not in set(check(**inputs).issues["code"])


def test_a_confirmed_pair_of_nearly_one_name_is_the_holder_and_no_tenant(tmp_path):
    inputs = delivery(tmp_path)
    firm = NAMES[0].replace("有限公司", "厂")
    head = [*FIRM_HEADER, "用地面积（亩）"]
    workbook(
        inputs["enterprises"],
        {"2024": [head, [firm, *FIRM_ROWS[0][1:], 10], *([*row, 15] for row in FIRM_ROWS[1:])]},
    )
    pair = [["宗地代码", "企业名称", "决定", "决定人"], [CODES[0], firm, "确认", "利用股甲"]]
    result = check(**inputs, decisions=workbook(tmp_path / "匹配.xlsx", {"匹配": pair}))
    assert result.links.set_index("parcel_id").loc[CODES[0], "mode"] == "自有"
    assert result.parcels.loc[CODES[0], "tax_wan_yuan"] == FIRM_ROWS[0][4]
    assert "E322" not in set(result.issues["code"])


def stating(folder, stated, *corrections):
    """Evaluate a delivery whose first firm states its land [亩] beside a parcel of 15."""
    inputs = delivery(folder)
    rows = [[*row, land] for row, land in zip(FIRM_ROWS, (stated, 15, 15), strict=True)]
    workbook(inputs["enterprises"], {"2024": [[*FIRM_HEADER, "用地面积（亩）"], *rows]})
    given = {}
    if corrections:
        given["corrections"] = text_file(folder / "更正.csv", "\n".join([HANDED, *corrections]))
    return check(**inputs, **given)


def test_a_firm_with_more_land_than_its_parcel_is_asked_and_graded_with_a_remark(tmp_path):
    result = stating(tmp_path, 45)
    cell = "企业.xlsx［2024］第 2 行「用地面积（亩）」"
    assert_told(
        result.issues, "E324", file="企业.xlsx", row=2, what="填报 45.00 亩，对应宗地 15.00 亩（1 宗）"
    )
    assert cell in question(result, CODES[0])
    assert "企业填报的用地面积与对应宗地的面积相差 1.5 倍以上" in question(result, CODES[0])
    assert [question(result, code) for code in CODES[1:]] == ["", ""]
    doubted = result.enterprises.set_index("name")["doubts"]
    assert cell in doubted[NAMES[0]]
    assert doubted[list(NAMES[1:])].tolist() == ["", ""]


def test_land_that_a_firm_confirmed_is_asked_of_no_more(tmp_path):
    row = "企业.xlsx,2024,2,用地面积（亩）,45,45,管委会甲,已核对合同"
    result = stating(tmp_path, 45, row)
    assert "E249" in set(result.issues["code"])
    assert question(result, CODES[0]) == ""
    assert (result.enterprises["doubts"] == "").all()


def test_land_that_is_drawn_over_a_neighbour_is_marked_in_the_evidence(tmp_path):
    inputs = delivery(tmp_path)
    inputs["parcels"] = shapefile(
        tmp_path / "压盖.shp", PARCEL_FIELDS, PARCEL_ROWS, [square(0), square(0, size=99.0), square(2)]
    )
    result = check(**inputs)
    assert_told(result.issues, "E270", row=1)
    cited = result.findings[result.findings["rule_id"] == "dongkou.tax"].set_index("unit_id")["evidence"]
    for code in CODES[:2]:
        assert cited[code].count("（待核实：与另一宗图形重叠") == 1
        assert cited[code].index("面积：") < cited[code].index("（待核实：")
    assert "待核实" not in cited[CODES[2]]
