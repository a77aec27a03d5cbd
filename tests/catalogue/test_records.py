"""Catalogue rows on records: repeated, of several years, of several firms; who is who, and who has no partner."""

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
from writers import shapefile, square, workbook

from landeval.cli import main
from landeval.errors import ConfigurationError

CODE, OTHER, THIRD = "913702816143139252", "91370200797522673R", "9137028167179100XT"
WITH_CODE = [("宗地代码", "C", 19), ("权利人", "C", 60), ("统一社会信用", "C", 18), *PARCEL_FIELDS[2:]]


def firms(tmp_path, rows, header=FIRM_HEADER, **given):
    inputs = delivery(tmp_path)
    workbook(inputs["enterprises"], {"2024": [header, *rows]})
    return check(**{**inputs, **given})


def both(tmp_path, land, rows, fields=WITH_CODE, header=("统一社会信用代码", *FIRM_HEADER)):
    inputs = delivery(tmp_path)
    shapefile(inputs["parcels"], fields, land, [square(i) for i in range(len(land))])
    workbook(inputs["enterprises"], {"2024": [list(header), *rows]})
    return check(**inputs)


def held(name, code, at=0):
    return (CODES[at], name, code, "10000.00", "工业用地")


def test_row_083_identical_rows_count_once(tmp_path, clean):
    result = firms(tmp_path, [*FIRM_ROWS, FIRM_ROWS[0]])
    assert_same_figures(result, clean)
    assert states(result, "企业.xlsx")[5] == "重复"
    assert_told(result.issues, "E220", file="企业.xlsx", row=5, what="只计一次", remedy="删除重复行")


def test_row_083_conflicting_rows_are_unknown(tmp_path, clean):
    result = firms(tmp_path, [*FIRM_ROWS, [*FIRM_ROWS[0][:4], 999]])
    assert figures(result)["tax_wan_yuan"].isna().tolist() == [True, False, False]
    assert figures(result)["output_wan_yuan"].tolist() == figures(clean)["output_wan_yuan"].tolist()
    assert [states(result, "企业.xlsx")[row] for row in (2, 5)] == ["矛盾", "矛盾"]
    assert_told(
        result.issues, "E221", file="企业.xlsx", row=5, raw="999", what="相互矛盾", remedy="只保留一行"
    )


@pytest.mark.parametrize("form", ["{}年", "{}", "{}.0", "{}年度"])
def test_row_084_the_newest_of_several_years_is_taken_and_named(tmp_path, clean, form):
    wide = form.format(2024).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
    rows = [[row[0], wide, *row[2:]] for row in FIRM_ROWS]
    rows += [[row[0], form.format(2023), *(cell / 2 for cell in row[2:])] for row in FIRM_ROWS]
    result = firms(tmp_path, rows)
    assert result.year == 2024
    assert_same_figures(result, clean)
    assert_told(result.issues, "E226", what="2024 年（表中有 2023、2024）", remedy="year")


def test_row_084_a_row_without_a_year_is_excluded(tmp_path, clean):
    result = firms(tmp_path, [*FIRM_ROWS, [NAMES[0], None, 1, 1, 1]])
    assert_same_figures(result, clean)
    assert states(result, "企业.xlsx")[5] == "无年度"
    assert_told(result.issues, "E223", file="企业.xlsx", row=5, what="没有年度", remedy="补充年度")


@pytest.mark.parametrize(
    "form",
    ["{year}年{name}（万元）", "{name}{year}（万元）", "{name}（{year}年，万元）", "{name}（万元）_{year}"],
)
def test_row_084_years_side_by_side_become_rows(tmp_path, clean, form):
    header = ["企业名称"]
    for year in (2023, 2024):
        header += [
            form.format(year=year, name=name) for name in ("累计固定资产投资", "工业总产值", "入库税收")
        ]
    rows = [[row[0], *(cell / 2 for cell in row[2:]), *row[2:]] for row in FIRM_ROWS]
    result = firms(tmp_path, rows, header)
    assert_same_figures(result, clean)
    assert sorted(set(result.years["year"])) == [2023, 2024]
    last = result.years[result.years["year"] == 2023]
    assert sorted(last["tax_wan_yuan"]) == pytest.approx([15, 75, 150.125])
    assert set(states(result, "企业.xlsx")) == {2, 3, 4}
    assert set(states(result, "企业.xlsx").values()) <= {"采用", "采用有提示"}
    assert_told(result.issues, "E260", file="企业.xlsx", what="入库税收(万元) 2023、2024", remedy="columns")
    assert (result.ledger["difference"].astype(float) == 0).all()


def test_row_084_a_column_without_a_year_among_them_is_not_guessed(tmp_path):
    header = ["企业名称", "2023年入库税收（万元）", "2024年入库税收（万元）", "工业总产值（万元）"]
    result = firms(tmp_path, [[row[0], 1, row[4], row[3]] for row in FIRM_ROWS], header)
    assert figures(result)["output_wan_yuan"].isna().all()
    assert figures(result)["tax_wan_yuan"].tolist() == [300.25, 150, 30]
    assert_told(
        result.issues,
        "E255",
        file="企业.xlsx",
        column="工业总产值（万元）",
        what="没有写明年度",
        remedy="表头写明年度",
    )


def test_row_085_figures_of_another_year_than_the_day_are_told(tmp_path):
    rows = [[row[0], 2022, *row[2:]] for row in FIRM_ROWS]
    result = firms(tmp_path, rows)
    assert result.year == 2022
    assert_told(result.issues, "E229", what="数据 2022 年，基准日 2024-12-31", remedy="year")
    with pytest.raises(ConfigurationError, match=r"没有 2024 年的数据(.|\n)*现有年度：2022"):
        firms(tmp_path / "asked", rows, year=2024)


def test_row_086_one_firm_on_many_parcels_is_divided_by_all_its_land(tmp_path):
    land = [
        (CODES[0], NAMES[0], "10000.00", "工业用地"),
        (CODES[1], NAMES[0], "10000.00", "工业用地"),
        PARCEL_ROWS[2],
    ]
    inputs = delivery(tmp_path)
    shapefile(inputs["parcels"], PARCEL_FIELDS, land, [square(i) for i in range(3)])
    result = check(**inputs)
    ratios = figures(result)["tax_wan_yuan_per_mu"]
    assert ratios[[CODES[0], CODES[1]]].tolist() == pytest.approx([300.25 / 30] * 2, abs=1e-4)
    assert figures(result)["tax_wan_yuan"][:2].sum() == pytest.approx(300.25)


def test_row_087_many_firms_on_one_parcel_are_summed(tmp_path):
    header = ["宗地代码", *FIRM_HEADER]
    rows = [[CODES[0], *FIRM_ROWS[0]], [CODES[0], *FIRM_ROWS[1]], [CODES[2], *FIRM_ROWS[2]]]
    result = firms(tmp_path, rows, header)
    assert figures(result).loc[CODES[0], "tax_wan_yuan"] == pytest.approx(450.25)
    assert_told(
        result.issues,
        "E306",
        file="企业.xlsx",
        row=2,
        column="企业填报用地面积(㎡)",
        what="2 户",
        remedy="用地面积",
    )
    assert (result.issues["code"] == "E306").sum() == 2


def test_row_088_what_is_left_on_both_sides_is_listed(tmp_path, clean):
    rows = [*FIRM_ROWS[:2], ["洞口虚构食品有限公司", 2024, 1, 2, 3]]
    result = firms(tmp_path, rows)
    assert_told(result.issues, "E301", file="企业.xlsx", row=4, raw="洞口虚构食品有限公司", remedy="信用代码")
    assert_told(result.issues, "E302", file="宗地.shp", row=3, remedy="权利人")
    assert states(result, "企业.xlsx")[4] == "未匹配"
    assert figures(result).loc[list(CODES[:2])].equals(figures(clean).loc[list(CODES[:2])])


@pytest.mark.parametrize("blank", [None, "", "—", "办理中", "无", "0"])
def test_row_089_blank_codes_and_names_never_match(tmp_path, blank):
    land = [held("", str(blank or ""), at) for at in range(3)]
    result = both(tmp_path, land, [[blank, *row] for row in FIRM_ROWS])
    assert figures(result)["tax_wan_yuan"].isna().all()
    assert set(states(result, "企业.xlsx").values()) == {"未匹配"}
    nobody = both(
        tmp_path / "names", [held("无", "", at) for at in range(3)], [[CODE, "无", *FIRM_ROWS[0][1:]]]
    )
    assert figures(nobody)["tax_wan_yuan"].isna().all()


def test_row_093_a_renamed_firm_is_matched_by_its_code_and_both_names_told(tmp_path):
    land = [held("洞口虚构老厂", CODE), held(NAMES[1], OTHER, 1), held(NAMES[2], THIRD, 2)]
    rows = [[code, *row] for code, row in zip((CODE, OTHER, THIRD), FIRM_ROWS, strict=True)]
    result = both(tmp_path, land, rows)
    assert figures(result)["tax_wan_yuan"].tolist() == [300.25, 150, 30]
    assert_told(
        result.issues,
        "E251",
        file="宗地.shp",
        row=1,
        raw="洞口虚构老厂",
        what=f"企业表 {NAMES[0]}",
        remedy="曾用名",
    )


def test_row_093_one_code_with_two_names_in_two_years(tmp_path):
    land = [held(NAMES[0], CODE), held(NAMES[1], OTHER, 1), held(NAMES[2], THIRD, 2)]
    rows = [[code, *row] for code, row in zip((CODE, OTHER, THIRD), FIRM_ROWS, strict=True)]
    result = both(tmp_path, land, [*rows, [CODE, "洞口虚构老厂", 2023, 1, 2, 3]])
    assert len(result.enterprises) == 3
    assert_told(
        result.issues, "E251", file="企业.xlsx", row=5, raw="洞口虚构老厂", what=f"洞口虚构老厂 → {NAMES[0]}"
    )


def test_row_093_money_does_not_follow_the_code_of_another_holder(tmp_path):
    land = [held(NAMES[0], CODE), held(NAMES[1], OTHER, 1), held(NAMES[2], THIRD, 2)]
    rows = [[CODE, *FIRM_ROWS[1]], [THIRD, *FIRM_ROWS[2]]]  # the second firm with the first one's code
    result = both(tmp_path, land, rows)
    assert figures(result)["tax_wan_yuan"].isna().tolist() == [True, True, False]
    assert_told(result.issues, "E252", file="宗地.shp", row=1, what=f"企业表 {NAMES[1]}", remedy="哪一个填错")
    assert states(result, "企业.xlsx")[2] == "未匹配"
    assert (result.links["state"] == "待复核").any()


@pytest.mark.parametrize(
    "spelling",
    [
        "洞口（虚构）机械有限公司",
        "洞口(虚构)机械有限公司 ",
        "洞口 (虚构) 机械有限公司",
        "洞口(虚构)机械\u200b有限公司",
        "洞口〔虚构〕机械\u00a0有限公司",
    ],
)
def test_row_094_spellings_of_one_name(tmp_path, clean, spelling):
    inputs = delivery(tmp_path)
    land = [(CODES[0], "洞口(虚构)机械有限公司", "10000.00", "工业用地"), *PARCEL_ROWS[1:]]
    shapefile(inputs["parcels"], PARCEL_FIELDS, land, [square(i) for i in range(3)])
    workbook(inputs["enterprises"], {"2024": [FIRM_HEADER, [spelling, *FIRM_ROWS[0][1:]], *FIRM_ROWS[1:]]})
    assert_same_figures(check(**inputs), clean)


@pytest.mark.parametrize(
    "near",
    [
        "洞口虚构机械有限责任公司",
        "洞口虚构机械一有限公司",
        "洞口虚构机械有限公司洞口分公司",
        "洞囗虚构机械有限公司",
    ],
)
def test_row_095_near_names_are_never_matched(tmp_path, near):
    result = firms(tmp_path, [[near, *FIRM_ROWS[0][1:]], *FIRM_ROWS[1:]])
    assert figures(result)["tax_wan_yuan"].isna().tolist() == [True, False, False]
    assert_told(result.issues, "E301", file="企业.xlsx", row=2, raw=near)
    assert not ((result.links["state"] == "自动") & (result.links["parcel_id"] == CODES[0])).any()


def test_row_107_no_name_matches_at_all_is_said_first(tmp_path, capsys):
    inputs = delivery(tmp_path)
    rows = [[f"洞口虚构食品{i}厂", *row[1:]] for i, row in enumerate(FIRM_ROWS)]
    workbook(inputs["enterprises"], {"2024": [FIRM_HEADER, *rows]})
    said = check(**inputs).meta["remark"]
    assert "3 家企业与 3 宗地一家也没有对上" in said
    assert NAMES[0] in said
    assert "洞口虚构食品0厂" in said
    given = ["--parcels", str(inputs["parcels"]), "--enterprises", str(inputs["enterprises"])]
    main(["check", *given, "--as-of", "2024-12-31", "--out", str(tmp_path / "成果")])
    assert "一家也没有对上" in "".join(capsys.readouterr())
