"""The board end to end: the plan's file, settings, industry groups, land structure, command, workbook of the sample."""

import csv
import re
import tomllib
from importlib.resources import files

import openpyxl
import pandas as pd
import pytest

from landeval.cli import main
from landeval.errors import ConfigurationError
from landeval.measure.industry_figures import WHOLE, industry_figures, with_own_groups
from landeval.measure.land_structure import land_structure
from landeval.publish.workbook.targets import YEARS
from landeval.publish.workbook.targets_form import rows_of, write_targets_form
from landeval.settings.load import load_project
from landeval.standards.industries import UNKNOWN, UNLISTED, group_names, groups_of
from landeval.standards.land_groups import group_of_use, land_groups, plan_groups
from landeval.standards.targets import DONE_BY, TRACKED, book_of, targets


def raw():
    return tomllib.loads(files("landeval.standards").joinpath("targets_dongkou.toml").read_text("utf-8"))


# ---- the plan --------------------------------------------------------------------------------------------------
def test_every_figure_of_the_plan_stands_in_its_own_quote():
    words = {"cluster": "一个", "logistics": "一个", "hightech_capital": "破零"}
    for one in targets().targets:
        if one.value is not None:
            number = words.get(one.target_id) or f"{float(one.value):g}"
            assert re.search(rf"(?<![\d.]){number}(?![\d.])", one.quote), one.target_id
        if one.operator == ">":
            assert re.search("超过|突破|破零", one.quote), one.target_id
        if one.kind not in (TRACKED, DONE_BY) and not one.year_basis:
            assert one.year == 2025
        assert one.reading or one.kind == TRACKED, one.target_id


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda book: book["target"]["rank"].pop("value"), "value and operator"),
        (lambda book: book["target"]["rank"].update(kind="guess"), "kind, quantity or object"),
        (lambda book: book["target"]["rank"].update(objects=["某园区"]), "kind, quantity or object"),
        (lambda book: book["target"]["rank"].update(worth=1), "unknown or missing key"),
        (lambda book: book["target"]["rank"].update(offices=["县发改局"]), "offices"),
        (lambda book: book["quantity"]["income"].update(unit="亩"), "its own unit"),
        (lambda book: book["quantity"]["income"].update(path="cubic"), "measure or path"),
        (lambda book: book["object"]["园区"]["aliases"].append("县"), "names two objects"),
        (lambda book: book["document"].pop("base_note"), "every key"),
    ],
)
def test_a_wrong_file_of_targets_is_refused(change, said):
    book = raw()
    change(book)
    with pytest.raises(ValueError, match=said):
        book_of(book)


# ---- settings --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "[board]\nbase_year = 20",
        "[board]\nbase_year = 2025",
        "[board]\nbase = 2020",
        '[board.industry_codes]\n"2" = "新型材料"',
        '[board.industry_codes]\n"2041" = "竹木"',
        '[board.enterprises]\n"虚构厂" = "竹木"',
        '[board.land_shares]\n"产业" = 130',
        '[board.land_shares]\n"道路" = 10',
        '[board]\nland_shares = "产业 60"',
    ],
)
def test_a_setting_of_the_board_that_cannot_be_used_is_refused(tmp_path, text):
    (tmp_path / "landeval.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigurationError):
        load_project(tmp_path)


def test_the_settings_shown_on_the_page_are_accepted(tmp_path):
    page = (files("landeval").parent / "docs" / "目标进度.md").read_text("utf-8")
    block = re.search(r"```toml\n(.*?)```", page, re.S)[1]
    (tmp_path / "landeval.toml").write_text(block, "utf-8")
    board = load_project(tmp_path).board
    assert (board.base_year, dict(board.land_shares)) == (2020, {"产业": 60.0})


# ---- industry groups -------------------------------------------------------------------------------------------
def firms(*rows):
    names = ("investment_wan_yuan", "output_wan_yuan", "tax_wan_yuan", "revenue_wan_yuan", "area_mu")
    frame = pd.DataFrame([dict(zip(names, row[1:6], strict=True)) for row in rows], dtype="float64")
    frame.index = [f"F{number}" for number in range(len(rows))]
    scale = pd.Series([row[6] if len(row) > 6 else True for row in rows], index=frame.index, dtype="object")
    groups = pd.Series([row[0] for row in rows], index=frame.index, dtype="object")
    return frame.assign(is_above_scale=scale, has_year=True), groups


def test_ratios_are_sums_over_what_is_known_and_say_what_they_cover():
    frame, groups = firms(
        ("电子信息", 100, 300, 10, 290, 10),
        ("电子信息", 100, None, 5, None, 30, None),
        ("电子信息", 100, 100, 5, 90, None, False),
        ("新型材料", 50, 100, 2, 120, 5),
        (UNKNOWN, 10, 500, 1, 500, 2),
    )
    table = industry_figures(frame, groups).set_index("industry_group")
    mine = table.loc["电子信息"]
    assert (mine["output_wan_yuan"], mine["industry_known_output"], mine["output_wan_yuan_per_mu"]) == (
        400,
        2,
        30,
    )
    assert (mine["industry_cover_output"], mine["tax_wan_yuan_per_mu"]) == (0.25, 15 / 40)
    assert (mine["industry_above_scale"], mine["industry_scale_unknown"]) == (1, 1)
    assert table.loc["电子信息", "industry_output_share"] == pytest.approx(400 / 500)
    assert pd.isna(table.loc[UNKNOWN, "industry_output_share"])
    assert table.loc["其他", "industry_firms"] == 0
    assert pd.isna(table.loc["其他", "output_wan_yuan"])
    assert list(table.index) == [*group_names(), UNKNOWN, WHOLE]
    assert table.drop(WHOLE)["industry_firms"].sum() == table.loc[WHOLE, "industry_firms"] == 5


def test_an_enterprise_without_a_row_of_the_year_is_in_no_group():
    frame, groups = firms(("电子信息", 1, 1, 1, 1, 1), ("电子信息", 1, 1, 1, 1, 1))
    table = industry_figures(frame.assign(has_year=[True, False]), groups).set_index("industry_group")
    assert table.loc["电子信息", "industry_firms"] == 1


@pytest.mark.parametrize(
    ("code", "year", "group"),
    [
        ("C3736", 2002, "先进装备制造"), ("39", 2002, "先进装备制造"), ("39", 2011, "电子信息"), ("30", 2002, "新型材料"),
        ("42", 2002, "特色轻工"), ("42", 2017, "新型材料"), ("25", 2017, "其他"), ("F51", 2017, UNLISTED),
        (None, 2017, UNKNOWN), ("13", 2005, UNKNOWN), ("1", 2017, UNKNOWN),
    ],
)  # fmt: skip
def test_codes_of_every_issue(code, year, group):
    assert groups_of(pd.Series([code], dtype="object"), pd.Series([float(year)])).tolist() == [group]


def test_the_bureaus_own_groups_go_before_the_table_and_a_stranger_is_told():
    codes, years = (
        pd.Series(["2041", "2031"], index=["A", "B"]),
        pd.Series([2017.0, 2017.0], index=["A", "B"]),
    )
    groups = groups_of(codes, years, {"2041": "农副产品加工"})
    assert groups.tolist() == ["农副产品加工", "特色轻工"]
    named, told = with_own_groups(
        groups, pd.Series(["虚构甲", "虚构乙"], index=["A", "B"]), {"虚构乙": "电子信息", "虚构丙": "其他"}
    )
    assert named.tolist() == ["农副产品加工", "电子信息"]
    assert told["code"].tolist() == ["E532"]


# ---- land structure --------------------------------------------------------------------------------------------
ZONES = pd.DataFrame(
    {
        "zone_level": ["园区", "产业集群", "产业集群"],
        "zone_code": ["全园区", "J1", "不在任何产业集群"],
        "zone_name": ["全园区", "虚构集群", "不在任何产业集群"],
    }
)


def land(*rows):
    frame = pd.DataFrame(rows, columns=["land_use", "area_mu", "cluster_code"])
    return frame.astype({"area_mu": "float64"}).assign(base_code=None, community_code=None)


def test_shares_of_the_known_and_of_all_with_the_unknown_apart():
    table = land_structure(
        land(
            ("工业用地", 60, "J1"),
            ("绿地", 20, "J1"),
            ("街巷用地", 10, None),
            (None, 10, "J1"),
            ("1001", None, "J1"),
        ),
        ZONES,
        {"产业": 60.0},
    )
    park = table[table["zone_code"] == "全园区"].set_index("land_group")
    assert park["area_mu"].sum() == 100
    assert park.loc["产业", ["land_share_known", "land_share_all"]].tolist() == pytest.approx([60 / 90, 0.6])
    assert park.loc["产业", "land_gap"] == pytest.approx(60 / 90 - 0.6)
    assert (
        park.loc["未知", "area_mu"],
        park.loc["未知", "land_parcels"],
        park.loc["未知", "land_no_area"],
    ) == (10, 2, 1)
    assert pd.isna(park.loc["未知", "land_share_known"])
    lone = land_structure(land(("工业用地", 60, "J1"), ("绿地", None, "J1")), ZONES, {})
    lone = lone[lone["zone_code"] == "全园区"].set_index("land_group")
    assert (
        lone.loc["生态", ["area_mu", "land_share_known"]].isna().all()
    )  # land that is there, but nobody knows how much
    assert lone.loc["商居物流", ["land_parcels", "area_mu"]].tolist() == [0, 0]
    assert park["land_reference"].notna().sum() == 1
    zones = table[table["zone_level"] == "产业集群"]
    assert zones.groupby("land_group")["area_mu"].sum().to_dict() == park["area_mu"].to_dict()
    assert set(table.groupby("zone_code")["land_group"].agg(tuple)) == {
        ("产业", "公共服务", "商居物流", "生态", "道路交通", "未知")
    }


@pytest.mark.parametrize(
    ("use", "group"),
    [
        ("仓储用地", "商居物流"), ("物流仓储用地(0508)", "商居物流"), ("工矿仓储用地", "产业"), ("公用设施用地(13)", "公共服务"),
        ("水域及水利设施用地", "生态"), ("耕地", "农用地"), ("1001", "未知"), ("0601", "未知"), ("工业/商业", "未知"),
        ("城镇住宅用地", "商居物流"), ("某某", "未知"),
    ],
)  # fmt: skip
def test_land_uses(use, group):
    assert group_of_use(use) == group
    assert group in land_groups()


def test_every_class_named_by_a_system_has_a_group_or_is_no_land():
    from landeval.standards.land_use_codes import systems

    for name in ("GB/T 21010-2017", "三调工作分类", "用地用海分类"):
        for code, label in systems()[name].first.items():
            assert group_of_use(f"{label}({code})") != "未知", (name, code)
    assert set(plan_groups()) == {"产业", "公共服务", "商居物流", "生态"}


# ---- the form and the command ----------------------------------------------------------------------------------
def test_the_form_reads_back_as_it_is_and_is_never_overwritten(tmp_path, capsys):
    path = tmp_path / "指标实绩表.xlsx"
    assert main(["targets", "--form", str(path)]) == 0
    first = path.read_bytes()
    assert main(["targets", "--form", str(path)]) == 4
    assert "E643" in capsys.readouterr().err
    assert path.read_bytes() == first == write_targets_form(tmp_path / "另一份.xlsx").read_bytes()
    sheet = openpyxl.load_workbook(path)["指标实绩"]
    asked = list(rows_of(targets(), 2020))
    assert sheet.max_row == 1 + len(asked)
    book = targets()
    for name, whose, _, unit in asked:
        quantity = book.quantity_of(name)
        assert quantity is None or quantity.scale(unit) == 1
        assert book.object_of(whose) == whose


def test_the_command_without_a_table_says_what_to_do(tmp_path, capsys):
    (tmp_path / "landeval.toml").write_text('title = "虚构园区"\n', "utf-8")
    assert main(["targets", str(tmp_path), "--out", str(tmp_path / "出")]) == 3
    told = capsys.readouterr().err
    assert "E531" in told
    assert "--form" in told
    assert not (tmp_path / "出").exists()


# ---- a small project -------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    texts = {
        "台账.csv": "宗地代码,受让人,土地用途,供地面积(亩),签订日期\n430525001001GB00001,虚构甲厂,工业用地,20,2022-03-01\n"
        "430525001001GB00002,虚构乙厂,工业用地,30,2022-04-01\n430525001001GB00003,虚构丙公司,商服用地,10,2019-01-01\n",
        "企业.csv": "企业名称,行业代码,年度,固定资产投资(万元),工业总产值(万元),入库税收(万元),营业收入(万元),所在宗地代码\n"
        "虚构甲厂,3511,2024,6000,8000,400,7000,430525001001GB00001\n虚构乙厂,1371,2024,6000,,300,3000,430525001001GB00002\n",
        "实绩.csv": "指标,对象,年份,数值,单位\n产值,主导产业,2020,0.5,亿元\n产值,主导产业,2024,0.8,亿元\n",
        "landeval.toml": 'title = "虚构园区"\nyear = 2024\n[contracts]\npath = "台账.csv"\n[enterprises]\npath = "企业.csv"\n'
        '[targets]\npath = "实绩.csv"\n[board.enterprises]\n"虚构乙厂" = "特色轻工"\n"虚构戊厂" = "其他"\n',
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    assert main(["targets", str(folder), "--out", str(folder / "出")]) == 0
    return folder / "出"


def rows(folder, name):
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_command_brings_actuals_own_figures_groups_and_land_together(small):
    board = {row["目标编号"]: row for row in rows(small, "targets")}
    output = board["equipment_output"]
    assert (output["进度"], output["最近实绩"], output["本次测算(参考)"]) == ("落后", "0.8", "0.8")
    assert (board["new_tax"]["进度"], board["new_tax"]["本次测算(参考)"]) == ("无法判定", "14")
    assert board["leading_share"]["本次测算(参考)"] == "70"
    groups = {row["产业门类"]: row for row in rows(small, "industry_groups")}
    assert (groups["特色轻工"]["企业数"], groups["农副产品加工"]["企业数"]) == ("1", "0")
    assert (groups["合计"]["亩均产值(万元/亩)"], groups["合计"]["亩均产值覆盖的用地"]) == ("400", "0.4")
    land = {
        row["用地大类"]: row["占全部用地"] for row in rows(small, "land_structure") if row["层级"] == "园区"
    }
    assert float(land["产业"]) == pytest.approx(5 / 6)
    assert [
        row["代码"] for row in rows(small, "issues") if row["代码"].startswith("E5") and row["代码"] > "E519"
    ] == ["E532"]
    assert sorted(path.name for path in small.iterdir()) == [
        "run.json",
        "tables",
        "数据问题.xlsx",
        "目标进度.xlsx",
    ]


def test_one_target_of_the_park_and_of_the_county_is_two_lines_everywhere(tmp_path):
    (tmp_path / "台账.csv").write_text(
        "宗地代码,受让人,供地面积(亩)\n430525001001GB00001,虚构甲厂,20\n", "utf-8"
    )
    said = [
        f"全口径税收,{whose},{year},{worth},亿元"
        for whose, worth in (("园区", 2), ("全县", 9))
        for year in (2020, 2024)
    ]
    (tmp_path / "实绩.csv").write_text("\n".join(["指标,对象,年份,数值,单位", *said]), "utf-8")
    (tmp_path / "landeval.toml").write_text(
        'as_of = 2024-12-31\n[contracts]\npath = "台账.csv"\n[targets]\npath = "实绩.csv"\n', "utf-8"
    )
    assert main(["targets", str(tmp_path), "--out", str(tmp_path / "出")]) == 0
    board = [row for row in rows(tmp_path / "出", "targets") if row["目标编号"] == "tax.level"]
    assert [(row["目标对象"], row["最近实绩"]) for row in board] == [("园区", "2"), ("全县", "9")]
    book = openpyxl.load_workbook(tmp_path / "出" / "目标进度.xlsx", read_only=True)
    told = [row for row in book[YEARS].iter_rows(values_only=True) if row[1] and "税收" in str(row[1])]
    assert {row[2] for row in told} == {"园区", "全县"}
    assert all(row[0] for row in told)


def test_an_empty_form_and_no_enterprises_leave_everything_unknown(tmp_path):
    write_targets_form(tmp_path / "指标实绩表.xlsx")
    (tmp_path / "台账.csv").write_text(
        "宗地代码,受让人,土地用途,供地面积(亩)\n430525001001GB00001,虚构甲厂,,20\n", "utf-8"
    )
    (tmp_path / "landeval.toml").write_text(
        'as_of = 2024-12-31\n[contracts]\npath = "台账.csv"\n[targets]\npath = "指标实绩表.xlsx"\n', "utf-8"
    )
    assert main(["targets", str(tmp_path), "--out", str(tmp_path / "出")]) == 0
    board = rows(tmp_path / "出", "targets")
    assert {row["进度"] for row in board} == {"无法判定", "跟踪"}
    assert not any(row["本次测算(参考)"] for row in board)
    assert {row["企业数"] for row in rows(tmp_path / "出", "industry_groups")} == {"0"}
    land = [row for row in rows(tmp_path / "出", "land_structure") if row["层级"] == "园区"]
    assert [row["占用途已知用地"] for row in land] == [""] * len(land)
    states = {
        row["处理状态"]
        for row in rows(tmp_path / "出", "reconciliation")
        if row["来源文件"] == "指标实绩表.xlsx"
    }
    assert states == {"空白"}
