"""Columns found by the vocabulary, their units, and the values typed from them."""

import pytest
from writers import read, shapefile, told, workbook

from landeval.errors import ConfigurationError, InputRefusedError
from landeval.tidy.table import typed

CODE = "913702816143139252"


def table(tmp_path, *rows, kind="enterprises", currency="元", **settings):
    raw = read(workbook(tmp_path / "表.xlsx", {"2024": list(rows)}), kind, **settings)
    return typed(raw, currency, "430525")


def column(tmp_path, header, value, field, title=None, **settings):
    rows = [[title]] if title else []
    result = table(
        tmp_path, *rows, ["企业名称", "统一社会信用代码", header], ["甲厂", CODE, value], **settings
    )
    return result.frame[field].iloc[0], result


@pytest.mark.parametrize(
    ("header", "title", "value", "wan_yuan", "notice"),
    [
        ("入库税收（万元）", None, 5, 5, ""), ("税收(元)", None, 50_000, 5, ""), ("实缴税金（亿元）", None, 0.5, 5000, ""), ("税金/元", None, 50_000, 5, ""),
        ("税收总额(万元,不含车购税)", None, 5, 5, ""), ("税收", "单位：元", 50_000, 5, "E207"), ("税收", "单位：亩，元", 50_000, 5, "E207"),
        ("税收（元）", "单位：万元", 50_000, 5, ""), ("税收", None, 5, 5, "E208"), ("税收", None, "5万元", 5, "E208"), ("税收(元)", None, "5万元", 5, "E206"),
        ("税收（地方留成）", "单位：元", 50_000, 5, "E202"), ("税收（2024年，元）", None, 50_000, 5, ""),
    ],
)  # fmt: skip
def test_money_by_header_title_cell_or_default(tmp_path, header, title, value, wan_yuan, notice):
    figure, result = column(tmp_path, header, value, "tax_wan_yuan", title)
    assert figure == wan_yuan
    assert notice in set(result.issues["code"]) | {""}
    assert ("E208" in set(result.issues["code"])) == (notice == "E208")


@pytest.mark.parametrize(
    ("header", "title"),
    [("税收（万元/亩）", None), ("税收/亩", None), ("税收（万美元）", None), ("税收", "单位：万美元"), ("税收、利润合计（万元）", None), ("税收（亩）", None)],
)  # fmt: skip
def test_a_column_of_another_kind_or_currency_is_not_taken(tmp_path, header, title):
    figure, result = column(tmp_path, header, 15, "tax_wan_yuan", title)
    assert figure != figure  # unknown
    assert header.replace("（", "").replace("）", "")[:2] in told(result.issues, "E201")


@pytest.mark.parametrize(
    ("header", "value", "m2"),
    [("用地面积（亩）", 3, 2000), ("用地面积(公顷)", 0.2, 2000), ("用地面积/㎡", 2000, 2000), ("用地面积（平方米）", "2,000", 2000), ("用地面积", "3亩", 2000)],
)  # fmt: skip
def test_land(tmp_path, header, value, m2):
    assert column(tmp_path, header, value, "area_used_m2")[0] == pytest.approx(m2)


def test_land_without_a_unit_is_told(tmp_path):
    _, result = column(tmp_path, "用地面积", 3, "area_used_m2")
    assert "按 ㎡" in told(result.issues, "E233")


def test_per_mu_units(tmp_path):
    rows = [["宗地代码", "合同编号", "投资强度（万元/公顷）"], ["1", "H1", 3000]]
    assert table(tmp_path, *rows, kind="contracts").frame["contract_investment_wan_yuan_per_mu"].tolist() == [
        200
    ]


def test_another_currency(tmp_path):
    figure, _ = column(tmp_path, "税收（美元）", 50_000, "tax_wan_yuan", currency="美元")
    assert figure == 5
    figure, result = column(tmp_path, "税收", 5, "tax_wan_yuan", currency="美元")
    assert (figure, "按 万美元" in told(result.issues, "E208")) == (5, True)
    figure, _ = column(tmp_path, "税收（万元人民币）", 5, "tax_wan_yuan", currency="美元")
    assert figure != figure


def test_a_unit_named_in_the_project_wins(tmp_path):
    figure, result = column(tmp_path, "税收（万元）", 50_000, "tax_wan_yuan", units={"tax_wan_yuan": "元"})
    assert figure == 5
    assert result.columns.set_index("field").loc["tax_wan_yuan", "unit"] == "元"


def test_a_pinned_column_wins_over_the_vocabulary(tmp_path):
    rows = [["企业名称", "税收", "实际贡献（元）"], ["甲", 9, 50_000]]
    result = table(tmp_path, *rows, columns={"tax_wan_yuan": "实际贡献"})
    assert result.frame["tax_wan_yuan"].tolist() == [5]
    assert "已采用“实际贡献（元）”列" in told(result.issues, "E232")


def test_a_pinned_column_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    with pytest.raises(
        InputRefusedError, match=r"没有“贡献”这一列(.|\n)*列名对应：(.|\n)*现有列：企业名称、税收"
    ):
        table(tmp_path, ["企业名称", "税收"], ["甲", 1], columns={"tax_wan_yuan": "贡献"})


def test_an_unknown_column_is_told_with_the_nearest(tmp_path):
    result = table(tmp_path, ["企业名称", "税收", "统一社会信用码", "序号"], ["甲", 1, CODE, 1])
    assert "与“统一社会信用代码”相近" in told(result.issues, "E201")
    assert "序号" not in told(result.issues, "E201")


def test_two_columns_of_one_field_that_differ_are_withheld_until_one_is_pinned(tmp_path):
    rows = [
        ["企业名称", "税收(万元)", "入库税收(元)", "实缴税金（万元）"],
        ["甲", 1, 20_000, None], ["乙", 3.5, 35_000, 3.5], ["丙", None, 40_000, None], ["丁", 5, None, None],
        ["戊", 6, None, 6.01], ["己", None, 70_000, 8],
    ]  # fmt: skip
    result = table(tmp_path, *rows)
    assert result.frame["tax_wan_yuan"].tolist() == [1, 3.5, 4, 5, 6, 7]  # for the ledger
    assert result.frame["doubtful_figures"].tolist() == [
        " tax_wan_yuan ",
        "",
        "",
        "",
        *[" tax_wan_yuan "] * 2,
    ]
    found = result.issues[result.issues["code"] == "E263"]
    assert found[["level", "source_file", "source_layer", "source_row", "column", "raw_value"]].values.tolist() == [
        ["错误", "表.xlsx", "2024", 2, "税收(万元)", "1"], ["错误", "表.xlsx", "2024", 6, "税收(万元)", "6"],
        ["错误", "表.xlsx", "2024", 7, "入库税收(元)", "70000"],
    ]  # fmt: skip
    assert "“入库税收(元)”为 20000，“税收(万元)”为 1" in found["what"].iloc[0]
    assert "“实缴税金（万元）”为 8，“入库税收(元)”为 70000" in found["what"].iloc[2]
    assert "已采用“税收(万元)”列，其没填的行取本列" in told(result.issues, "E232")
    pinned = table(tmp_path, *rows, columns={"tax_wan_yuan": "入库税收"})
    assert pinned.frame["tax_wan_yuan"].fillna(-1).tolist() == [2, 3.5, 4, -1, -1, 7]
    assert "E263" not in set(pinned.issues["code"])


@pytest.mark.parametrize(
    ("kind", "headers", "one", "other", "differs"),
    [
        ("enterprises", ("税收（万元）", "实缴税金（元）"), 300.25, 3_002_512, False),
        ("enterprises", ("税收（万元）", "实缴税金（元）"), 300.25, 3_003_000, True),
        ("enterprises", ("税收（万元）", "实缴税金（万元）"), 300.25, 300.250001, True),
        ("enterprises", ("税收（万元）", "实缴税金（万元）"), 300.25, "300.250", False),
        ("enterprises", ("税收（万元）", "实缴税金（万元）"), 300.25, "约300", False),
        ("enterprises", ("信用代码", "纳税人识别号"), CODE, CODE[2:17], False),
        ("enterprises", ("信用代码", "纳税人识别号"), CODE, "91110000100003962T", True),
        ("contracts", ("宗地编号", "不动产单元号"), "430525001001GB00001", "430525001001GB00001W00000000", False),
        ("contracts", ("宗地编号", "不动产单元号"), "430525001001GB00001", "430525001001GB00002W00000000", True),
        ("contracts", ("宗地代码", "宗地号"), "430525001001GB00001", "12-3", False),
        ("contracts", ("约定动工日期", "约定开工时间"), "2021年5月", "2021-05-12", False),
        ("contracts", ("约定动工日期", "约定开工时间"), "2021-05-11", "2021-05-12", True),
        ("contracts", ("供地面积（亩）", "出让面积（㎡）"), 3, 2000, False),
        ("contracts", ("供地面积（亩）", "出让面积（㎡）"), 3, 2100, True),
        ("contracts", ("已投资占比", "投资比例"), "12.5%", "12.6%", True),
        ("contracts", ("土地坐落", "宗地位置"), "甲路", "乙路", False),
    ],
)  # fmt: skip
def test_what_two_columns_of_one_field_may_say(tmp_path, kind, headers, one, other, differs):
    more = ["企业名称"] if kind == "enterprises" else ["合同编号"]
    result = table(tmp_path, [*more, *headers], ["甲", one, other], kind=kind)
    assert ("E263" in set(result.issues["code"])) == differs
    if differs and kind == "contracts":
        field = result.columns.set_index("header").loc[headers[0], "field"]
        assert result.frame[field].isna().all()


def test_contradictory_dates_are_unsure_not_blank(tmp_path):
    rows = [["合同编号", "约定动工日期", "约定开工时间"], ["H1", "2021-05-11", "2022-05-12"]]
    frame = table(tmp_path, *rows, kind="contracts").frame
    assert frame["agreed_start"].isna().all()
    assert frame["unsure_dates"].tolist() == ["agreed_start "]


def test_an_exact_name_goes_before_one_that_is_guessed(tmp_path):
    result = table(tmp_path, ["企业名称", "税收（地方留成）", "税收（万元）"], ["甲", 2, 5])
    assert result.frame["tax_wan_yuan"].tolist() == [5]
    assert "已采用“税收（万元）”列" in told(result.issues, "E232")
    assert "E263" not in set(result.issues["code"])


def test_columns_of_several_years_are_not_guessed(tmp_path):
    rows = [["企业名称", "信用代码", "税收（2023年）", "税收（2024年）"], ["甲", CODE, 1, 2]]
    result = table(tmp_path, *rows)
    assert result.frame["tax_wan_yuan"].isna().all()
    assert "同一项有几个年度的列" in told(result.issues, "E201")
    assert table(tmp_path, *rows, columns={"tax_wan_yuan": "税收（2024年）"}).frame[
        "tax_wan_yuan"
    ].tolist() == [2]


def test_a_name_cut_at_ten_bytes_is_found_in_a_layer_only(tmp_path):
    fields = [
        ("ZDDM", "C", 19),
        ("约定动工日期", "C", 10),
        ("统一社会信用", "C", 18),
        ("约定竣工时间", "C", 10),
    ]
    raw = read(
        shapefile(tmp_path / "p.shp", fields, [("1", "2021-01-02", CODE, "2022-01-02")], encoding="gbk")
    )
    result = typed(raw, "元", "430525")
    assert raw.headers[1] == "约定动工日"
    assert result.frame["agreed_start"].dt.strftime("%F").tolist() == ["2021-01-02"]
    assert result.frame["credit_code"].tolist() == [CODE]
    sheet = table(tmp_path, ["企业名称", "信用代码", "固定资产"], ["甲", CODE, 5])
    assert sheet.frame["investment_wan_yuan"].isna().all()


def test_an_ambiguous_cut_name_is_not_guessed(tmp_path):
    fields = [("ZDDM", "C", 19), ("约定亩均税", "C", 10), ("合同约定动", "C", 10), ("土地使用权", "C", 10)]
    raw = read(shapefile(tmp_path / "p.shp", fields, [("1", "1", "2021-01-02", "x")], encoding="gbk"))
    result = typed(raw, "元", "430525")
    assert result.frame["agreed_start"].notna().tolist() == [True]
    assert result.frame["holder_name"].isna().all()  # 土地使用权人 or 土地使用权证号
    assert "土地使用权" in told(result.issues, "E201")


def test_text_numbers_and_missing_marks(tmp_path):
    rows = [
        ["企业名称", "税收（万元）"],
        ["甲", "1,234.5"],
        ["乙", "１２３"],
        ["丙", "—"],
        ["丁", "无"],
        ["戊", None],
        ["己", 0],
        ["庚", "约120"],
    ]
    result = table(tmp_path, *rows)
    assert result.frame["tax_wan_yuan"].fillna(-1).tolist() == [1234.5, 123, -1, -1, -1, 0, -1]
    found = result.issues[result.issues["code"].isin(["E203", "E206"])]
    assert found[["code", "source_row", "column", "raw_value", "used_value"]].values.tolist() == [
        ["E203", 8, "税收（万元）", "约120", "未知"], ["E206", 2, "税收（万元）", "1,234.5", "1234.5"], ["E206", 3, "税收（万元）", "１２３", "123"]]  # fmt: skip


def test_implausible_values_are_flagged_and_absurd_ones_are_unknown(tmp_path):
    rows = [["企业名称", "产值（万元）"], ["甲", -5], ["乙", 2e8], ["丙", 1e14], ["丁", "1e300"]]
    result = table(tmp_path, *rows)
    assert result.frame["output_wan_yuan"].fillna(0).tolist() == [
        -5,
        2e8,
        0,
        0,
    ]  # for the ledger, as excluded
    assert result.frame["doubtful_figures"].tolist() == [" output_wan_yuan ", "", *[" output_wan_yuan "] * 2]
    assert result.issues.loc[result.issues["code"] == "E256", "source_row"].tolist() == [2]
    assert result.issues.loc[result.issues["code"] == "E205", "source_row"].tolist() == [3]
    assert result.issues.loc[result.issues["code"] == "E203", "source_row"].tolist() == [4, 5]


def test_money_is_kept_to_the_cent(tmp_path):
    assert column(tmp_path, "税收（元）", 123456.785, "tax_wan_yuan")[0] == 12.345679


def test_a_date_that_is_none_leaves_the_other_rows(tmp_path):
    rows = [
        ["宗地代码", "约定动工日期"],
        ["1", "2021-02-30"],
        ["2", "2021年9月24日"],
        ["3", 20210924],
        ["4", 44463],
        ["5", "21.9.24"],
        ["6", ""],
    ]
    result = table(tmp_path, *rows, kind="contracts")
    assert result.frame["agreed_start"].dt.strftime("%F").fillna("").tolist() == [
        "",
        *["2021-09-24"] * 3,
        "",
        "",
    ]
    found = result.issues[result.issues["code"] == "E204"]
    assert found[["source_row", "raw_value", "used_value"]].values.tolist() == [
        [2, "2021-02-30", "未知"],
        [6, "21.9.24", "未知"],
    ]


def test_codes_are_cleaned_checked_and_never_numbers(tmp_path):
    rows = [["企业名称", "信用代码"], ["甲", " 913702816143139252 "], ["乙", "91370281614313925３"], ["丙", 9.14305255555555e17],
            ["丁", "9.14305E+17"], ["戊", 913702816143139252], ["己", "无"]]  # fmt: skip
    result = table(tmp_path, *rows)
    assert result.frame["credit_code"].fillna("").tolist() == [CODE, CODE[:-1] + "3", "", "", "", ""]
    assert result.issues.loc[result.issues["code"] == "E209", "source_row"].tolist() == [3]
    assert result.issues.loc[result.issues["code"] == "E225", "source_row"].tolist() == [3]
    lost = result.issues[result.issues["code"] == "E241"]
    assert lost[["source_row", "used_value"]].values.tolist() == [[4, "未知"], [5, "未知"], [6, "未知"]]


def test_parcel_codes_are_checked_only_where_they_mean_to_be_national(tmp_path):
    rows = [
        ["宗地代码", "合同编号"],
        ["430525001001GB00001", "H1"],
        ["430525001001GB1", "H2"],
        ["430523001001GB00001", "H3"],
    ]
    result = table(tmp_path, *rows, kind="contracts")
    assert result.issues.loc[result.issues["code"] == "E210", "source_row"].tolist() == [3]
    assert result.issues.loc[result.issues["code"] == "E211", "source_row"].tolist() == [4]
    local = table(tmp_path, ["宗地代码", "合同编号"], ["7-18", "H1"], kind="contracts")
    assert not {"E210", "E211"} & set(local.issues["code"])


def test_filtered_rows_are_accounted_for(tmp_path):
    rows = [
        ["企业名称", "园区", "税收(万元)"],
        ["甲", " 一园 ", 1],
        ["乙", "二园", 2],
        ["丙", 3.0, 3],
        ["丁", None, 4],
    ]
    result = table(tmp_path, *rows, where={"园 区": ("一园", "3")})
    assert result.frame["name"].tolist() == ["甲", "丙"]
    assert result.set_aside[["source_row", "reason"]].values.tolist() == [
        [3, "按筛选条件排除"],
        [5, "按筛选条件排除"],
    ]
    assert result.issues.loc[result.issues["code"] == "E109", "source_row"].tolist() == [3, 5]


def test_a_filter_on_a_column_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(
        InputRefusedError,
        match=r"没有“所属园区”这一列，不能按它筛选(.|\n)*只取：所属园区(.|\n)*现有列：企业名称、税收",
    ):
        table(tmp_path, ["企业名称", "税收"], ["甲", 1], where={"所属园区": ("一园",)})


def test_constants_are_read_like_cells(tmp_path):
    rows = [["企业名称", "税收(万元)"], ["甲", 1]]
    assert table(tmp_path, *rows, constants={"year": "2023年"}).frame["year"].tolist() == [2023]
    assert table(tmp_path, *rows, constants={"tax_wan_yuan": 7}).frame["tax_wan_yuan"].tolist() == [7]
    for name, value in (("year", "去年"), ("tax_wan_yuan", "多"), ("year", [2024])):
        with pytest.raises(ConfigurationError, match=f"constants.{name} 的值不可用"):
            table(tmp_path, *rows, constants={name: value})


def test_flags(tmp_path):
    rows = [
        ["企业名称", "是否规上", "税收(万元)"],
        ["甲", "是", 1],
        ["乙", "规下", 1],
        ["丙", "大概", 1],
        ["丁", None, 1],
    ]
    result = table(tmp_path, *rows)
    assert result.frame["is_above_scale"].tolist() == [True, False, None, None]
    assert result.issues.loc[result.issues["code"] == "E230", "raw_value"].tolist() == ["大概"]


def test_a_filter_that_leaves_nothing_is_refused(tmp_path):
    with pytest.raises(InputRefusedError, match="筛选后没有剩下任何记录"):
        table(tmp_path, ["企业名称", "税收"], ["甲", 1], where={"税收": ("5",)})
