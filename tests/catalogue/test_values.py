"""Catalogue rows on what one cell, one header or one code means: understood, or flagged and unknown."""

import pytest
from bureau import (
    CODES,
    FIRM_HEADER,
    FIRM_ROWS,
    NAMES,
    PARCEL_FIELDS,
    PARCEL_ROWS,
    assert_same_figures,
    assert_told,
    check,
    delivery,
    figures,
    states,
)
from writers import shapefile, square, text_file, workbook

from landeval.errors import InputRefusedError

CODE, OTHER, THIRD = "913702816143139252", "91370200797522673R", "9137028167179100XT"
TAX = "入库税收（万元）"
LEDGER_HEADER = ["宗地代码", "合同编号", "约定动工日期", "实际动工日期"]


def firms(tmp_path, rows, header=FIRM_HEADER, title=None, **given):
    """Evaluate the clean parcels with another enterprise table."""
    inputs = delivery(tmp_path)
    workbook(inputs["enterprises"], {"2024": [*([[title]] if title else []), header, *rows]})
    return check(**{**inputs, **given})


def taxes(*cells):
    """Return the clean rows with other tax cells."""
    return [[*row[:4], cell] for row, cell in zip(FIRM_ROWS, cells, strict=True)]


def ledger(tmp_path, *rows, header=LEDGER_HEADER, **given):
    """Evaluate the clean delivery with a supply ledger."""
    inputs = delivery(tmp_path)
    inputs["contracts"] = workbook(tmp_path / "台账.xlsx", {"台账": [header, *rows]})
    return check(**{**inputs, **given})


def started(tmp_path, written, **given):
    """Evaluate the clean delivery with an agreed start as written for the first parcel."""
    return ledger(tmp_path, [CODES[0], "H1", written, None], **given)


def status_of(result, code=CODES[0]):
    return result.status.loc[result.parcels.index[result.parcels["parcel_code"] == code][0]]


# ---- columns ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("encoding", "cut"), [("gb18030", "土地使用权人名"), ("utf-8", "使用权人名称")])
def test_row_009_cut_names_are_found_by_their_beginning(tmp_path, clean, encoding, cut):
    inputs = delivery(tmp_path)
    fields = [PARCEL_FIELDS[0], (cut if encoding == "gb18030" else "受让单位名", "C", 60), *PARCEL_FIELDS[2:]]
    fields[1] = ("使用权人名称" if encoding == "gb18030" else "用地单位", "C", 60)
    shapefile(inputs["parcels"], fields, PARCEL_ROWS, [square(i) for i in range(3)], encoding=encoding)
    result = check(**inputs)
    assert_same_figures(result, clean)
    head = "使用权人名" if encoding == "gb18030" else "用地单"
    assert_told(
        result.issues, "E202", file="宗地.shp", column=head, what=f"{head} → 权利人", remedy="landeval.toml"
    )


def test_row_009_a_cut_name_that_may_be_two_is_asked_with_both(tmp_path):
    inputs = delivery(tmp_path)
    fields = [PARCEL_FIELDS[0], ("土地使用权人", "C", 60), *PARCEL_FIELDS[2:]]
    shapefile(inputs["parcels"], fields, PARCEL_ROWS, [square(i) for i in range(3)])
    result = check(**inputs)
    assert result.parcels["holder_name"].isna().all()
    for candidate in ("土地使用权人", "土地使用权证号"):
        assert_told(
            result.issues, "E201", file="宗地.shp", column="土地使用权", what=candidate, remedy="columns"
        )


# ---- numbers and units --------------------------------------------------------------------------------------


def test_row_074_units_mixed_by_column(tmp_path, clean):
    header = ["企业名称", "年度", "累计固定资产投资（亿元）", "工业总产值（元）", "入库税收/万元"]
    rows = [[row[0], row[1], row[2] / 10_000, row[3] * 10_000, row[4]] for row in FIRM_ROWS]
    result = firms(tmp_path, rows, header)
    assert_same_figures(result, clean)
    units = next(item["units"] for item in result.meta["inputs"] if "tax_wan_yuan" in item["units"])
    assert (units["investment_wan_yuan"], units["output_wan_yuan"]) == ("亿元", "元")


def test_row_075_the_unit_stands_in_the_title_only(tmp_path, clean):
    header = [name.split("（")[0] for name in FIRM_HEADER]
    rows = [[*row[:2], *(cell * 10_000 for cell in row[2:])] for row in FIRM_ROWS]
    result = firms(tmp_path, rows, header, title="2024年企业情况表    单位：元")
    assert_same_figures(result, clean)
    assert_told(
        result.issues, "E207", file="企业.xlsx", column="入库税收", what="标题写明 元", remedy="units"
    )


def test_row_075_no_unit_anywhere_is_told(tmp_path, clean):
    result = firms(tmp_path, FIRM_ROWS, [name.split("（")[0] for name in FIRM_HEADER])
    assert_same_figures(result, clean)
    assert_told(
        result.issues, "E208", file="企业.xlsx", column="入库税收", what="按 万元", remedy="请在表头注明单位"
    )


def test_row_075_rows_in_yuan_within_a_column_of_wan_yuan_are_not_used(tmp_path, clean):
    more = [[f"洞口虚构{i}厂", 2024, 100, 200, 20 + i] for i in range(6)]
    rows = [*taxes(3_002_500, 150, 30), *more]
    result = firms(tmp_path, rows)
    assert figures(result)["tax_wan_yuan"].isna().tolist() == [True, False, False]
    assert_same_figures_of_others(result, clean)
    assert_told(
        result.issues,
        "E258",
        file="企业.xlsx",
        row=2,
        column=TAX,
        raw="3002500",
        what="把元当作万元",
        remedy="90000万元",
    )
    sure = firms(tmp_path / "sure", [*taxes("3002500万元", 150, 30), *more])
    assert "E258" not in set(
        sure.issues["code"]
    )  # a cell that names its unit is believed; E245 still watches
    assert_told(sure.issues, "E245", file="企业.xlsx", row=2, column=TAX)


def test_row_075_rows_far_below_their_column_are_told(tmp_path):
    more = [[f"洞口虚构{i}厂", 2024, 100, 200, 200 + i] for i in range(6)]
    result = firms(tmp_path, [*taxes(300.25, 150, 0.003), *more])
    assert_told(
        result.issues,
        "E259",
        file="企业.xlsx",
        row=4,
        column=TAX,
        raw="0.003",
        what="小上千倍",
        remedy="核对该行的单位",
    )


def assert_same_figures_of_others(result, clean, of=0):
    """Assert that the parcels other than one have the figures of the clean copy."""
    for code in set(CODES) - {CODES[of]}:
        ours, theirs = figures(result).loc[code], figures(clean).loc[code]
        assert ours.tolist() == pytest.approx(theirs.tolist(), rel=1e-6)


def test_row_076_units_in_cells(tmp_path, clean):
    result = firms(tmp_path, taxes("3002500元", "0.015亿", "30 万元"))
    assert_same_figures(result, clean)
    assert_told(result.issues, "E206", file="企业.xlsx", row=3, column=TAX, raw="0.015亿")


@pytest.mark.parametrize("about", ["约300", "300以上"])
def test_row_076_about_is_not_a_figure(tmp_path, clean, about):
    result = firms(tmp_path, taxes(about, 150, 30))
    assert figures(result)["tax_wan_yuan"].isna().tolist() == [True, False, False]
    assert_same_figures_of_others(result, clean)
    assert_told(
        result.issues,
        "E203",
        file="企业.xlsx",
        row=2,
        column=TAX,
        raw=about,
        what="约数，不作准确值",
        remedy="纯数字",
    )


@pytest.mark.parametrize(
    "cells",
    [
        ("300.25", "1,50", "30"),
        ("３００．２５", "１５０", "３０"),
        ("\u00a0300.25\u3000", " 150", "30\u202f"),
    ],
)
def test_row_077_text_numbers(tmp_path, clean, cells):
    cells = [cell if cell != "1,50" else "150.00" for cell in cells]
    assert_same_figures(firms(tmp_path, taxes(*cells)), clean)


def test_row_077_separators_and_brackets(tmp_path):
    rows = [[NAMES[0], 2024, "4,500.00", "６，０００", "(120)"], *FIRM_ROWS[1:]]
    got = figures(firms(tmp_path, rows)).loc[CODES[0]]
    assert got[["investment_wan_yuan", "output_wan_yuan", "tax_wan_yuan"]].tolist() == [4500, 6000, -120]


@pytest.mark.parametrize("word", [None, "无", "—", "空", "なし"])
def test_row_078_missing_is_not_zero(tmp_path, clean, word):
    result = firms(tmp_path, taxes(word, 0, 30))
    assert figures(result)["tax_wan_yuan"].isna().tolist() == [True, False, False]
    assert figures(result)["tax_wan_yuan_per_mu"].tolist()[1:] == [0, 2]
    assert not set(result.issues["code"]) & {"E203"}


def test_row_079_negative_tax_is_a_refund_and_negative_output_unknown(tmp_path, clean):
    rows = [[NAMES[0], 2024, 4500, -6000, -12.5], *FIRM_ROWS[1:]]
    result = firms(tmp_path, rows)
    got = figures(result).loc[CODES[0]]
    assert got["tax_wan_yuan"] == -12.5
    assert got["output_wan_yuan"] != got["output_wan_yuan"]
    assert_same_figures_of_others(result, clean)
    assert_told(result.issues, "E257", file="企业.xlsx", row=2, column=TAX, raw="-12.5", what="退税")
    assert_told(
        result.issues,
        "E256",
        file="企业.xlsx",
        row=2,
        column="工业总产值（万元）",
        raw="-6000",
        what="按未知处理",
    )


@pytest.mark.parametrize(
    ("header", "cells", "shares"),
    [
        ("已动工面积占比", [0.125, 0.5, 1], [0.125, 0.5, 1]),
        ("已动工面积占比", ["12.5%", "50％", "100%"], [0.125, 0.5, 1]),
        ("已动工面积占比", [12.5, 50, 100], [0.125, 0.5, 1]),
        ("已动工面积占比（%）", [12.5, 50, 0.5], [0.125, 0.5, 0.005]),
        ("已动工面积占比", ["12.5%", 0.5, None], [0.125, 0.5, None]),
    ],
)
def test_row_080_shares_have_one_meaning(tmp_path, header, cells, shares):
    rows = [[code, f"H{i}", cell] for i, (code, cell) in enumerate(zip(CODES, cells, strict=True))]
    result = ledger(tmp_path, *rows, header=["宗地代码", "合同编号", header])
    got = result.parcels.set_index("parcel_code").loc[list(CODES), "stated_built_share"]
    assert [None if value != value else value for value in got] == shares
    if cells == [12.5, 50, 100]:
        assert_told(result.issues, "E262", file="台账.xlsx", row=2, column=header, what="按百分数采用")


@pytest.mark.parametrize(
    ("header", "cells"), [("已动工面积占比", [12.5, 0.5, 1]), ("已动工面积占比(%)", [0.125, 0.5, 1])]
)
def test_row_080_shares_of_two_meanings_are_unknown(tmp_path, header, cells):
    rows = [[code, f"H{i}", cell] for i, (code, cell) in enumerate(zip(CODES, cells, strict=True))]
    result = ledger(tmp_path, *rows, header=["宗地代码", "合同编号", header])
    assert result.parcels["stated_built_share"].isna().all()
    assert_told(
        result.issues, "E261", file="台账.xlsx", row=2, column=header, raw=str(cells[0]), remedy="12.5%"
    )


def test_row_080_a_stated_share_judges_a_suspension(tmp_path):
    header = ["宗地代码", "合同编号", "实际动工日期", "中止开发日期", "已动工面积占比", "已投资占比"]
    rows = [
        [CODES[0], "H1", "2020-01-01", "2021-01-01", "20%", "10%"],
        [CODES[1], "H2", "2020-01-01", "2021-01-01", "80%", "80%"],
    ]
    result = ledger(tmp_path, *rows, header=header)
    assert status_of(result)["status"] == "涉嫌闲置(中止开发)"
    assert status_of(result, CODES[1])["status"] != "涉嫌闲置(中止开发)"


# ---- codes --------------------------------------------------------------------------------------------------

CODED = [("宗地代码", "C", 19), ("统一社会信用", "C", 18), ("证载面积", "N", 12), ("土地用途", "C", 20)]


def coded(tmp_path, written, *, kind="xlsx"):
    """Tie parcels and firms by credit code alone; the first firm's is written otherwise."""
    inputs = delivery(tmp_path)
    land = [
        (code, own, "10000.00", "工业用地") for code, own in zip(CODES, (CODE, OTHER, THIRD), strict=True)
    ]
    shapefile(inputs["parcels"], CODED, land, [square(i) for i in range(3)])
    rows = [[own, *row] for own, row in zip((written, OTHER, THIRD), FIRM_ROWS, strict=True)]
    header = ["统一社会信用代码", *FIRM_HEADER]
    if kind == "csv":
        lines = [",".join(map(str, row)) for row in (header, *rows)]
        inputs["enterprises"] = text_file(tmp_path / "企业.csv", "\n".join(lines) + "\n")
    else:
        workbook(inputs["enterprises"], {"2024": [header, *rows]})
    return check(**inputs)


@pytest.mark.parametrize(
    "written", [CODE, "９１３７０２８１６１４３１３９２５２", " 91370281 6143139252 ", "'913702816143139252"]
)
def test_row_090_width_space_and_quotes_of_codes(tmp_path, clean, written):
    result = coded(tmp_path, written)
    assert_same_figures(result, clean)
    if written != CODE:
        assert_told(result.issues, "E225", file="企业.xlsx", row=2, column="统一社会信用代码", raw=written)


@pytest.mark.parametrize("written", ["9137O2816143139252", "9I3702816143139252"])
def test_row_090_a_wrong_code_is_never_matched_and_the_right_one_suggested(tmp_path, clean, written):
    result = coded(tmp_path, written)
    assert figures(result)["tax_wan_yuan"].isna().tolist() == [True, False, False]
    assert_same_figures_of_others(result, clean)
    assert_told(result.issues, "E209", file="企业.xlsx", row=2, raw=written, remedy="市场监督管理局")
    assert_told(
        result.issues, "E250", file="企业.xlsx", row=2, raw=written, what=f"可能是 {CODE}", remedy="核对"
    )
    assert states(result, "企业.xlsx")[2] == "未匹配"


def test_row_090_lower_case(tmp_path, clean):
    inputs = delivery(tmp_path)
    land = [
        (code, own, "10000.00", "工业用地") for code, own in zip(CODES, (CODE, OTHER, THIRD), strict=True)
    ]
    shapefile(inputs["parcels"], CODED, land, [square(i) for i in range(3)])
    rows = [[own.lower(), *row] for own, row in zip((CODE, OTHER, THIRD), FIRM_ROWS, strict=True)]
    workbook(inputs["enterprises"], {"2024": [["统一社会信用代码", *FIRM_HEADER], *rows]})
    assert_same_figures(check(**inputs), clean)


@pytest.mark.parametrize(
    ("written", "kind"), [(9.13702816143139e17, "xlsx"), ("9.13703E+17", "xlsx"), ("9.13703E+17", "csv")]
)
def test_row_091_a_code_kept_as_a_number_is_damaged(tmp_path, clean, written, kind):
    result = coded(tmp_path, written, kind=kind)
    assert figures(result)["tax_wan_yuan"].isna().tolist() == [True, False, False]
    assert_same_figures_of_others(result, clean)
    assert_told(
        result.issues,
        "E241",
        file=f"企业.{kind}",
        row=2,
        column="统一社会信用代码",
        what="末几位已丢失",
        remedy="文本格式",
    )


def test_row_092_leading_zeros_and_exponents_of_codes_in_csv(tmp_path, clean):
    inputs = delivery(tmp_path)
    local = ["0007", "43E10", "007"]
    land = [(code, name, "10000.00", "工业用地") for code, name in zip(local, NAMES, strict=True)]
    shapefile(
        inputs["parcels"],
        [("宗地编号", "C", 19), ("坐落", "C", 60), *PARCEL_FIELDS[2:]],
        land,
        [square(i) for i in range(3)],
    )
    lines = [",".join(["宗地编号", *FIRM_HEADER])]
    lines += [",".join(map(str, [code, *row])) for code, row in zip(local, FIRM_ROWS, strict=True)]
    inputs["enterprises"] = text_file(tmp_path / "企业.csv", "\n".join(lines) + "\n")
    got = figures(check(**inputs)).loc[local]
    assert got["tax_wan_yuan"].tolist() == figures(clean)["tax_wan_yuan"].tolist()


@pytest.mark.parametrize("name", ["NA", "空"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_row_096_names_that_look_like_nothing_are_names(tmp_path, clean, name, kind):
    inputs = delivery(tmp_path)
    land = [(CODES[0], name, "10000.00", "工业用地"), *PARCEL_ROWS[1:]]
    shapefile(inputs["parcels"], PARCEL_FIELDS, land, [square(i) for i in range(3)])
    rows = [[name, *FIRM_ROWS[0][1:]], *FIRM_ROWS[1:]]
    if kind == "csv":
        inputs["enterprises"] = text_file(
            tmp_path / "企业.csv", "\n".join(",".join(map(str, row)) for row in (FIRM_HEADER, *rows)) + "\n"
        )
    else:
        workbook(inputs["enterprises"], {"2024": [FIRM_HEADER, *rows]})
    result = check(**inputs)
    assert_same_figures(result, clean)
    assert name in set(result.enterprises["name"])


# ---- dates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        ("2021年9月24日", 20210924, "20210924"),
        ("2021.9.24", 44463, "２０２１年９月２４日"),
        ("2021/9/24", "2021-09-24 00:00:00", "2021-9-24"),
    ],
)
def test_row_097_dates_in_every_writing(tmp_path, written):
    rows = [[code, f"H{at}", day, None] for at, (code, day) in enumerate(zip(CODES, written, strict=True))]
    result = ledger(tmp_path, *rows)
    assert result.status["due_start"].dt.strftime("%Y-%m-%d").tolist() == ["2021-09-24"] * 3
    assert not set(result.issues["code"]) & {"E204", "E254", "E411"}


@pytest.mark.parametrize("written", ["2021年9月", "2021.09"])
def test_row_097_a_month_is_understood_and_the_day_told(tmp_path, written):
    result = started(tmp_path, written)
    assert status_of(result)["due_start"].strftime("%Y-%m-%d") == "2021-09-30"
    assert_told(
        result.issues,
        "E254",
        file="台账.xlsx",
        row=2,
        column="约定动工日期",
        raw=written,
        what="当月最后一天",
        remedy="补充到日",
    )
    used = result.issues.loc[result.issues["code"] == "E254", "used_value"].tolist()
    assert used == ["2021-09-30"]
    assert "E411" not in set(result.issues["code"])


def test_row_097_a_month_never_makes_land_idle_a_day_too_early(tmp_path):
    early = started(tmp_path / "1", "2023年9月", as_of="2024-09-29")
    assert status_of(early)["status"] != "涉嫌闲置(未动工)"
    late = started(tmp_path / "2", "2023年9月", as_of="2024-10-02")
    assert status_of(late)["status"] == "涉嫌闲置(未动工)"
    built = ledger(tmp_path / "3", [CODES[0], "H1", "2022-01-01", "2024年9月"], as_of="2024-09-15")
    assert (
        status_of(built)["status"] != "涉嫌闲置(未动工)"
    )  # an actual start counts from the month's first day


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("21.9.24", "可能是 2021-09-24 或 2024-09-21"),
        ("24/09/2021", "可能是 2021-09-24"),
        ("09/10/2021", "可能是 2021-09-10 或 2021-10-09"),
    ],
)
def test_row_098_ambiguous_dates_are_asked_with_their_readings(tmp_path, written, told):
    result = started(tmp_path, written)
    assert_told(
        result.issues,
        "E204",
        file="台账.xlsx",
        row=2,
        column="约定动工日期",
        raw=written,
        what=told,
        remedy="2024-12-31",
    )
    assert_told(result.issues, "E411", file="台账.xlsx", row=2, column="约定动工日期")
    assert "闲置" not in status_of(result)["status"]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2021-02-30", "没有这一天"),
        ("0000-00-00", "没有这一天"),
        ("长期", "不是有效日期"),
        ("2021-99-99", "没有这一天"),
    ],
)
def test_row_099_impossible_dates_are_unknown_and_never_blank(tmp_path, written, told):
    result = started(tmp_path, written)
    assert_told(result.issues, "E204", file="台账.xlsx", row=2, column="约定动工日期", raw=written, what=told)
    assert "闲置" not in status_of(result)["status"]
    assert_told(result.issues, "E411", file="台账.xlsx", row=2, column="约定动工日期")


def test_row_099_finish_before_start_and_dates_to_come(tmp_path):
    header = [*LEDGER_HEADER, "实际竣工日期"]
    rows = [
        [CODES[0], "H1", "2020-01-01", "2021-05-01", "2020-05-01"],
        [CODES[1], "H2", "2020-01-01", "2030-05-01", None],
    ]
    result = ledger(tmp_path, *rows, header=header)
    assert_told(
        result.issues,
        "E403",
        file="台账.xlsx",
        row=2,
        column="实际竣工日期",
        what="竣工早于动工",
        remedy="核实",
    )
    assert_told(result.issues, "E408", file="台账.xlsx", row=3, column="实际动工日期", what="晚于评价基准日")


# ---- whole tables -------------------------------------------------------------------------------------------


def test_row_103_an_enterprise_table_without_names_is_refused(tmp_path):
    with pytest.raises(InputRefusedError) as told:
        firms(tmp_path, FIRM_ROWS, ["企业简称某", *FIRM_HEADER[1:]])
    for part in (
        "【E290】",
        "企业.xlsx［2024］",
        "企业名称",
        "现有列：企业简称某、年度",
        "“企业简称某”像是企业名称",
        "[enterprises.columns]",
    ):
        assert part in str(told.value)


def test_row_103_an_enterprise_table_without_figures_leaves_them_unknown(tmp_path):
    result = firms(tmp_path, [[NAMES[0], 2024, "3411"]], ["企业名称", "年度", "行业代码"])
    assert figures(result)["tax_wan_yuan"].isna().all()
    assert not set(result.status["status"]) & {"低效候选", "达标"}


def test_row_103_a_ledger_without_a_key_is_refused(tmp_path):
    with pytest.raises(
        InputRefusedError, match=r"E292(.|\n)*宗地代码、电子监管号、合同编号(.|\n)*现有列：坐落、约定动工日期"
    ):
        ledger(
            tmp_path, ["某路", "2021-01-01", "2021-01-01"], header=["坐落", "约定动工日期", "实际动工日期"]
        )


def test_row_103_land_without_shape_key_or_holder_is_refused(tmp_path):
    inputs = delivery(tmp_path)
    inputs["parcels"] = workbook(
        tmp_path / "宗地.xlsx", {"宗地": [["坐落", "证载面积（㎡）", "土地用途"], ["某路", 1000, "工业"]]}
    )
    with pytest.raises(InputRefusedError, match=r"E291(.|\n)*现有列：坐落、证载面积"):
        check(**inputs)


@pytest.mark.parametrize("cell", ["inf", "NaN ", 1e15])
def test_row_106_absurd_figures_are_unknown(tmp_path, clean, cell):
    result = firms(tmp_path, taxes(cell, 150, 30))
    assert figures(result)["tax_wan_yuan"].isna().tolist() == [True, False, False]
    assert_same_figures_of_others(result, clean)
    if cell != "NaN ":
        assert_told(result.issues, "E203", file="企业.xlsx", row=2, column=TAX, remedy="纯数字")


def test_row_106_absurd_per_mu_is_unknown(tmp_path, clean):
    result = firms(tmp_path, taxes(3_002_500, 150, 30))
    assert figures(result)["tax_wan_yuan_per_mu"].isna().tolist() == [True, False, False]
    assert_same_figures_of_others(result, clean)
    assert_told(result.issues, "E245", file="企业.xlsx", row=2, column=TAX, what="单位写错", remedy="元/万元")
    [told] = result.issues.loc[result.issues["code"] == "E245", ["source_layer", "what"]].to_numpy()
    assert told[0] == "2024"
    assert f"宗地 {CODES[0]} 2024 年" in told[1]
    assert "（证载面积，宗地.shp 第 1 行）" in told[1]


def test_absurd_per_mu_of_one_of_several_years_points_to_the_column_of_that_year(tmp_path):
    header = ["企业名称", "入库税收2023（万元）", "入库税收2024（万元）"]
    rows = [[NAMES[0], 280, "3002500万元"], [NAMES[1], 140, 150], [NAMES[2], 25, 30]]
    result = firms(tmp_path, rows, header)
    assert_told(result.issues, "E245", file="企业.xlsx", row=2, column=header[2], what="2024 年")


def test_absurd_per_mu_points_to_the_office_whose_figure_was_taken(tmp_path):
    inputs = delivery(tmp_path)
    header = ["企业名称", "年度", "税收（元）"]
    workbook(inputs["enterprises"], {"2024": [FIRM_HEADER[:4], *(row[:4] for row in FIRM_ROWS)]})
    office = workbook(
        tmp_path / "税务.xlsx", {"税收": [["税务局报"], header, [NAMES[0], 2024, "3002500万元"]]}
    )
    result = check(parcels=inputs["parcels"], enterprises=[inputs["enterprises"], office])
    assert_told(result.issues, "E245", file="税务.xlsx", row=3, column=header[2])


@pytest.mark.parametrize("mark", ["\t", "\r\n", "\u200b"])
def test_row_108_hidden_characters_in_names_are_cleaned_and_told(tmp_path, clean, mark):
    dirty = NAMES[0][:4] + mark + NAMES[0][4:]
    result = firms(tmp_path, [[dirty, *FIRM_ROWS[0][1:]], *FIRM_ROWS[1:]])
    assert_same_figures(result, clean)
    assert_told(result.issues, "E253", file="企业.xlsx", row=2, column="企业名称", what="已清除")
    assert mark not in "".join(result.enterprises["name"])


@pytest.mark.parametrize("name", ['=1+1"厂"', "<img src=x onerror=alert(1)>", "甲“厂”'一'", "@SUM(A1)"])
def test_row_108_hostile_text_stays_text(tmp_path, name):
    inputs = delivery(tmp_path)
    land = [(CODES[0], name, "10000.00", "工业用地"), *PARCEL_ROWS[1:]]
    shapefile(inputs["parcels"], PARCEL_FIELDS, land, [square(i) for i in range(3)])
    result = check(**inputs)
    assert name in set(result.parcels["holder_name"])
