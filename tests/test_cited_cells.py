"""The cell that is cited beside a verdict holds the figure: opened again, whatever office it is from and in whatever order its rows stand."""

import random
import re

import openpyxl
import pytest
from bureau import CODES, PARCEL_FIELDS, check, delivery
from bureau import NAMES as FIRMS
from writers import shapefile, square, workbook

CITED = re.compile(r"(?P<file>[^；：]+?)(?:［(?P<sheet>[^］]+)］)?第 (?P<row>\d+) 行「(?P<column>[^」]+)」")
MONEY = {"dongkou.investment": 0, "dongkou.output": 1, "dongkou.tax": 2}
NAMES = [f"洞口虚构第{number}厂" for number in "甲乙丙丁戊己庚辛"]
LAST = {"lowuse.output": 1, "lowuse.tax": 2}


def amount(name, year, item):
    """Give each firm, year and item a figure that no other has."""
    return 100 + NAMES.index(name) * 7 + (year - 2022) * 61 + item * 211


def offices(folder, seed):
    """Write what four offices hand in: each its own columns, its own order, some firms missing."""
    shuffled = random.Random(seed)
    said = {
        "发改.xlsx": ("累计固定资产投资（万元）", 0), "统计.xlsx": ("工业总产值（万元）", 1), "税务.xlsx": ("入库税收（万元）", 2),
    }  # fmt: skip
    files = []
    for file, (header, item) in said.items():
        rows = [[name, year, amount(name, year, item)] for name in NAMES for year in (2023, 2024)]
        shuffled.shuffle(rows)
        files.append(workbook(folder / file, {"报送": [["企业名称", "年度", header], *rows]}))
    state = [[name, 2024, "正常生产", f"20{10 + at}-03-01"] for at, name in enumerate(NAMES)]
    shuffled.shuffle(state)
    files.append(
        workbook(folder / "园区.xlsx", {"报送": [["企业名称", "年度", "生产状态", "投产日期"], *state]})
    )
    shuffled.shuffle(files)
    return files


def read(folder, cited):
    book = openpyxl.load_workbook(folder / cited["file"])
    sheet = book[cited["sheet"]] if cited["sheet"] else book.worksheets[0]
    columns = [cell.value for cell in sheet[1]]
    row = [cell.value for cell in sheet[int(cited["row"])]]
    return row[columns.index("企业名称")], row[columns.index("年度")], row[columns.index(cited["column"])]


@pytest.fixture(scope="module", params=[1, 2])
def ran(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("四家")
    rows = [
        (f"430525001001GB{at:05d}", name, "10000.00", "工业用地") for at, name in enumerate(NAMES, start=1)
    ]
    land = shapefile(folder / "宗地.shp", PARCEL_FIELDS, rows, [square(at) for at in range(len(rows))])
    return folder, check(parcels=land, enterprises=offices(folder, request.param))


def test_every_money_verdict_cites_the_cell_of_its_figure(ran):
    folder, result = ran
    seen = 0
    for one in result.findings.to_dict("records"):
        holder = result.parcels.loc[one["unit_id"], "holder_name"]
        for rules, back in ((MONEY, 0), (LAST, 0), (LAST, 1)):
            if one["rule_id"] not in rules:
                continue
            item = rules[one["rule_id"]]
            cited = [found.groupdict() for found in CITED.finditer(one["evidence"])]
            files = [
                found
                for found in cited
                if not found["file"].removeprefix("上年：").startswith(("面积", "宗地"))
            ]
            found = {**files[back], "file": files[back]["file"].removeprefix("上年：")}
            assert read(folder, found) == (holder, 2024 - back, amount(holder, 2024 - back, item)), one[
                "rule_label"
            ]
            seen += 1
    assert seen == len(NAMES) * 7


def test_what_an_enterprise_does_cites_its_own_row(ran):
    folder, result = ran
    for parcel, holder in result.parcels["holder_name"].items():
        proof = result.basis.evidence.loc[parcel]
        for name, wanted in (
            ("production_status", "正常生产"),
            ("production_started_on", f"20{10 + NAMES.index(holder)}-03-01"),
        ):
            cited = CITED.fullmatch(proof[name]).groupdict()
            assert cited["file"] == "园区.xlsx"
            assert read(folder, cited) == (holder, 2024, wanted)


def test_order_of_tables_and_rows_changes_no_verdict(tmp_path):
    def run(seed):
        land = delivery(tmp_path / str(seed))["parcels"]
        found = check(parcels=land, enterprises=offices(tmp_path / str(seed), seed)).findings
        return found[["unit_id", "rule_id", "verdict"]]

    assert run(3).equals(run(4))


def test_an_unknown_part_is_told_of_the_row_that_could_have_said_it(tmp_path):
    """Two firms on one parcel, one without output: E313 points to the table that has the column."""
    code = CODES[0]
    land = shapefile(
        tmp_path / "宗地.shp", PARCEL_FIELDS, [(code, NAMES[0], "10000.00", "工业用地")], [square(0)]
    )
    place = workbook(
        tmp_path / "a园区.xlsx",
        {"报送": [["企业名称", "年度", "宗地代码"], [NAMES[1], 2024, code], [NAMES[0], 2024, code]]},
    )
    output = workbook(
        tmp_path / "b统计.xlsx",
        {
            "报送": [
                ["企业名称", "年度", "宗地代码", "工业总产值（万元）"],
                [NAMES[0], 2024, code, 5],
                [NAMES[1], 2024, code, None],
            ]
        },
    )
    result = check(parcels=land, enterprises=[place, output])
    told = result.issues.query("code == 'E313' and column == '工业总产值(万元)'")
    assert told[["source_file", "source_layer", "source_row"]].astype(str).to_numpy().tolist() == [
        ["b统计.xlsx", "报送", "3"]
    ]


def test_a_corrected_cell_says_so_and_what_stands_in_the_file(tmp_path):
    rows = [("430525001001GB00001", NAMES[0], "10000.00", "工业用地")]
    land = shapefile(tmp_path / "宗地.shp", PARCEL_FIELDS, rows, [square(0)])
    said = [["企业名称", "年度", "入库税收（万元）", "工业总产值（万元）"], [NAMES[0], 2024, "约120万", 5000]]
    firms = workbook(tmp_path / "税务.xlsx", {"报送": said})
    given = ["来源文件", "工作表", "行号", "列", "原值", "更正值", "更正人", "更正依据"]
    one = ["税务.xlsx", "报送", 2, "入库税收（万元）", "约120万", 120, "虚构张三", "虚构来函"]
    corrections = workbook(tmp_path / "更正.xlsx", {"税务局": [given, one]})
    result = check(parcels=land, enterprises=firms, corrections=corrections)
    assert result.parcels["tax_wan_yuan"].tolist() == [120]
    told = result.findings.set_index("rule_id")["evidence"]
    cell = "税务.xlsx［报送］第 2 行「入库税收（万元）」"
    wanted = f"{cell}（经更正，原写“约120万”；虚构张三，虚构来函（更正.xlsx［税务局］第 2 行））"
    assert wanted in told["dongkou.tax"]
    assert "更正" not in told["dongkou.output"]


def test_a_spread_figure_is_cited_with_the_whole_that_stands_in_the_cell_and_the_part_that_is_here(tmp_path):
    areas = ("11000.00", "10000.00", "9000.00")
    rows = [(f"430525001001GB{at:05d}", NAMES[0], area, "工业用地") for at, area in enumerate(areas, start=1)]
    land = shapefile(tmp_path / "宗地.shp", PARCEL_FIELDS, rows, [square(at) for at in range(3)])
    said = [["企业名称", "年度", "宗地代码", "入库税收（万元）", "工业总产值（万元）"], [NAMES[0], 2024, None, 7225.84, None],
            [NAMES[0], 2024, rows[0][0], None, 600]]  # fmt: skip
    result = check(parcels=land, enterprises=workbook(tmp_path / "统计.xlsx", {"报送": said}))
    told = result.findings.set_index(["unit_id", "rule_id"])["evidence"]
    for (code, _, area, _), part in zip(rows, (2649.474667, 2408.613333, 2167.752), strict=True):
        assert result.parcels.loc[code, "tax_wan_yuan"] == pytest.approx(part, abs=1e-6)
        mine = float(area) / 2000 * 3
        cell = f"统计.xlsx［报送］第 2 行「入库税收（万元）」（7,225.84 按用地面积分到 3 宗，本宗 {mine:,.2f}/45.00 亩，得 {part:,.2f}）；面积："
        assert told[code, "dongkou.tax"].startswith(cell)
        page = re.sub(r"\s", "", result.explain(code).text)
        share = f"该企业共用3宗45.00亩，没有写明宗地的金额按用地面积分摊，本宗{mine:,.2f}亩，占{mine / 45 * 100:.4g}%"
        assert share in page
    assert "分到" not in told[rows[0][0], "dongkou.output"]  # its row names the parcel: all of it is here
    assert "统计.xlsx［报送］第 3 行「工业总产值（万元）」；面积：" in told[rows[0][0], "dongkou.output"]


def test_a_figure_that_nobody_could_read_is_cited_where_it_stands(tmp_path):
    rows = [(f"430525001001GB{at:05d}", NAMES[at], "10000.00", "工业用地") for at in range(2)]
    land = shapefile(tmp_path / "宗地.shp", PARCEL_FIELDS, rows, [square(at) for at in range(2)])
    place = [["企业名称", "年度", "入库税收（万元）"], [NAMES[0], 2024, "约120万"], [NAMES[1], 2024, None]]
    tax = workbook(tmp_path / "税务.xlsx", {"报送": place})
    output = workbook(
        tmp_path / "统计.xlsx",
        {"报送": [["企业名称", "年度", "工业总产值（万元）"], *([name, 2024, 5000] for name in NAMES[:2])]},
    )
    result = check(parcels=land, enterprises=[tax, output])
    told = result.findings.set_index(["unit_id", "rule_id"])["evidence"]
    for at, row in enumerate(rows):
        cell = f"税务.xlsx［报送］第 {at + 2} 行「入库税收（万元）」（没有可用的数）；面积：宗地.shp"
        assert told[row[0], "dongkou.tax"].startswith(cell)
        assert told[row[0], "dongkou.investment"] == ""  # no table asks it
    assert "没有可用的数" not in told[rows[0][0], "dongkou.output"]


def test_a_line_that_was_agreed_is_cited_too_and_the_countys_is_not(tmp_path):
    given = delivery(tmp_path)
    ledger = workbook(
        tmp_path / "台账.xlsx",
        {"台账": [["宗地代码", "约定投资强度(万元/亩)"], [CODES[0], 180], [CODES[1], None]]},
    )
    found = check(**given, contracts=ledger).findings.set_index(["unit_id", "rule_id"])
    told = found["evidence"].xs("lowuse.investment", level="rule_id")
    assert "合同约定 180 的 50%" in found.loc[(CODES[0], "lowuse.investment"), "reason"]
    assert told[CODES[0]].endswith("；约定：台账.xlsx［台账］第 2 行「约定投资强度(万元/亩)」")
    assert "约定：" not in told[CODES[1]]


def test_years_side_by_side_are_cited_each_under_its_own_header(tmp_path):
    inputs = delivery(tmp_path)
    head = ["企业名称", *(f"{item}{year}年" for item in ("入库税收", "工业总产值") for year in (2023, 2024))]
    rows = [[name, 150 + at, 160 + at, 4000 + at, 5000 + at] for at, name in enumerate(FIRMS)]
    workbook(inputs["enterprises"], {"报送": [["单位：万元"], head, *rows]})
    findings = check(**inputs).findings
    cited = findings[
        (findings["unit_id"] == CODES[1]) & findings["rule_id"].isin(("dongkou.tax", "lowuse.tax"))
    ]
    said = dict(zip(cited["rule_id"], cited["evidence"], strict=True))
    assert said["dongkou.tax"].startswith("企业.xlsx［报送］第 4 行「入库税收2024年」；")
    assert "「入库税收2023年」" in said["lowuse.tax"]
    assert not cited["evidence"].str.contains("、").any()
