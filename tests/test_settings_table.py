"""参数表 says what landeval.toml says: every key, equal projects, and errors that name the cell."""

import dataclasses
import datetime as dt
import shutil
import tomllib
from pathlib import Path

import openpyxl
import pytest

from landeval import load_project
from landeval.board import SETTINGS as BOARD
from landeval.cli import main
from landeval.errors import ConfigurationError
from landeval.map_settings import SETTINGS as MAP
from landeval.publish.starter.settings_form import write_settings_form
from landeval.settings import load, sections, sources
from landeval.settings_table import (
    CHANGE,
    EXAMPLES,
    FILE_NAME,
    HEADERS,
    RULE,
    SECTIONS,
    SHEET,
    rows_of,
    settings_of,
)
from landeval.spots import SPOT_SETTINGS
from landeval.standards.intensive_use import _CHANGE
from landeval.standards.rules import _KEYS, rulebook

ROOT = Path(__file__).resolve().parents[1]
WHOLE = """
title = "虚构园区"
year = 2024
as_of = 2024-12-31
out = "成果"
data_folder = "."
rules_file = "本局规则.toml"
supply_tiers = "分层.toml"
[region]
name = "虚构县"
code = "430525"
bounds = [110.0, 26.75, 111.0, 27.45]
land_grade = 10
industry_code_year = 2017
[[parcels]]
path = "宗地.shp"
layer = "宗地"
encoding = "gb18030"
crs = "EPSG:4525"
swap_axes = false
columns = { parcel_code = "ZDDM_NEW" }
units = { area_registered_m2 = "亩" }
where = { "土地用途" = ["工业用地", "仓储用地"] }
[[enterprises]]
path = "一.xlsx"
constants = { year = 2024 }
[[enterprises]]
path = "二.xlsx"
[[layout]]
path = "布局.shp"
level = "社区"
split = true
[[imagery]]
path = "影像.tif"
date = 2024-10-15
kind = "光谱"
nodata = 0
scale = 0.0001
offset = -1
crs = "EPSG:4525"
bands = { red = 3, nir = 4 }
[[overlays]]
name = "虚构道路"
effect = "道路"
width_m = 12.5
path = "道路.shp"
[crs]
accept_ballpark = true
towgs84 = [1.5, -2.0, 3.0]
[money]
currency = "元"
[judge]
idle = true
low_use = false
anniversary_counts = true
suspended_logic = "all"
operating_implies_started = false
industrial_words = ["工业", "仓储"]
land_use_codes = "不识别"
[link]
near_threshold = 0.95
pass_share = 0.8
explain_share = 0.5
memory = "决定.csv"
[grading]
scheme = "dongkou"
[index]
path = "指数.xlsx"
growth_zones = ["J07", "J08"]
[[index.change]]
indicator = "综合容积率"
ideal = 1.2
reason = "虚构"
[board]
base_year = 2020
industry_codes = { 2041 = "竹木" }
land_shares = { "工业用地" = 60 }
[blocks]
gap_m = 2
min_mu = 15.5
[hot_spots]
seed = 7
significance = 0.1
[map]
imagery = true
basemap = "本地瓦片"
tiles = "瓦片/{z}/{x}/{y}.png"
tiles_zoom = 16
[report]
template = "模板.docx"
[output]
dossiers = false
public = true
[rules."dongkou.tax"]
value = 20
reason = "虚构会议"
who = "虚构股"
when = 2025-01-31
[rules."lowuse.tax"]
enabled = false
reason = "虚构"
"""


def test_every_key_of_the_toml_can_be_said():
    said = {section.key: {one.key for one in (*section.settings, *section.maps.values())} - {""} for section in SECTIONS}  # fmt: skip
    top = said.pop("")
    assert top | set(said) | {"rules"} == load.TOP
    wanted = {
        "region": load.REGION, "crs": load.CRS, "money": load.MONEY, "judge": sections.JUDGE,
        "link": load.LINK, "grading": load.GRADING, "index": sources.SOURCE | sections.INDEX - {"change"},
        "board": BOARD, "blocks": sections.BLOCKS, "hot_spots": SPOT_SETTINGS, "map": MAP, "report": sections.REPORT,
        "output": sections.OUTPUT, "layout": sources.LAYOUT, "imagery": sources.IMAGE, "overlays": sources.OVERLAY,
    }  # fmt: skip
    for key, keys in said.items():
        assert keys == wanted.get(key, sources.SOURCE), key
    assert {one.key for one in CHANGE.settings} == _CHANGE
    assert {one.key for one in RULE.settings} == _KEYS - {"file"}


def written(raw, path):
    write_settings_form(path, raw)
    return load.read_settings(path)[0]


def listed(raw):
    """Write single sections as lists of one, which mean the same."""
    many = {section.key for section in SECTIONS if section.is_many}
    return {key: [value] if key in many and isinstance(value, dict) else value for key, value in raw.items()}


def test_what_is_written_comes_back_to_the_last_key(tmp_path):
    raw = tomllib.loads(WHOLE)
    assert written(raw, tmp_path / FILE_NAME) == raw


@pytest.mark.parametrize(
    "path", [*sorted(ROOT.glob("examples/*/landeval.toml")), ROOT / "data" / "landeval.toml"], ids=lambda path: path.parent.name
)  # fmt: skip
def test_settings_that_are_in_use_come_back(tmp_path, path):
    raw = tomllib.loads(path.read_text("utf-8"))
    assert written(raw, tmp_path / FILE_NAME) == listed(raw)


def test_toml_and_table_make_one_project(tmp_path):
    for name in ("一", "二"):
        shutil.copytree(ROOT / "data", tmp_path / name)
    toml = tmp_path / "一" / "landeval.toml"
    (tmp_path / "二" / "landeval.toml").unlink()
    write_settings_form(tmp_path / "二" / FILE_NAME, tomllib.loads(toml.read_text("utf-8")))
    first, second = load_project(tmp_path / "一"), load_project(tmp_path / "二")
    assert second.configured_in == (tmp_path / "二" / FILE_NAME).resolve()

    def apart_from_place(found, folder):
        plain = dataclasses.replace(
            found, configured_in=None, linking=dataclasses.replace(found.linking, memory=None)
        )
        return str(plain).replace(str(tmp_path / folder), "")

    assert apart_from_place(first, "一") == apart_from_place(second, "二")
    assert load_project(tmp_path / "二" / FILE_NAME) == second


@pytest.fixture
def table(tmp_path):
    (tmp_path / "宗地.shp").touch()
    path = tmp_path / FILE_NAME
    write_settings_form(path, {"year": 2024, "parcels": {"path": "宗地.shp"}})
    assert load_project(tmp_path).year == 2024
    return path


def put(path, section, setting, value):
    """Write a value into its row, as an analyst does; return the row's number."""
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    rows = {(row[0].value, row[1].value): row for row in sheet.iter_rows(min_row=2)}
    if (section, setting) in rows:
        row = rows[section, setting][0].row
    else:
        row = sheet.max_row + 1
        sheet.cell(row, 1, section)
        sheet.cell(row, 2, setting)
    sheet.cell(row, 3, value)
    book.save(path)
    return row


@pytest.mark.parametrize(
    ("section", "setting", "value", "code", "words"),
    [
        ("项目", "评价年度", "二〇二四", "E619", "整数"),
        ("项目", "评价年度", 24, "E611", "四位年份"),
        ("项目", "评价基准日", "2024-13-01", "E619", "日期，如 2024-12-31"),
        ("评判", "评判闲置", "对", "E619", "是、否"),
        ("评判", "中止开发的面积和投资条件", "any", "E619", "任一、同时"),
        ("本县", "经纬度范围", "111、26、110、27", "E611", "西, 南, 东, 北"),
        ("连片", "间距", "一米", "E619", "一个数"),
        ("连片", "间距", 80, "E611", "不大于 50"),
        ("宗地图层", "文件", "没有.shp", "E605", "核对路径"),
        ("宗地图层", "列名对应：不存在的项", "甲", "E607", "是不是"),
        ("宗地图层", "颜色", "红", "E619", "可用：文件"),
        ("宗地图", "文件", "宗地.shp", "E619", "宗地图层"),
        ("企业综合评价", "方案", "dongko", "E480", "dongkou"),
    ],
)
def test_a_mistake_names_the_cell_and_what_to_do(table, capsys, section, setting, value, code, words):
    row = put(table, section, setting, value)
    with pytest.raises(ConfigurationError) as refused:
        load_project(table)
    assert refused.value.code == code
    assert f"{FILE_NAME} 工作表“{SHEET}”第 {row} 行“值”列（{section}，{setting}），所写：{value}" in str(
        refused.value
    )
    assert words in refused.value.remedy
    assert main(["check", str(table.parent)]) == 3
    assert f"第 {row} 行" in capsys.readouterr().err


def test_the_same_setting_twice_is_refused(table):
    book = openpyxl.load_workbook(table)
    book[SHEET].append(["项目", "评价年度", 2023])
    book.save(table)
    with pytest.raises(ConfigurationError, match="写了两次，另一处在第 3 行"):
        load_project(table)


def test_several_files_labels_and_dates_of_excel_are_understood(table):
    for name in ("甲.xlsx", "乙.xlsx"):
        (table.parent / name).touch()
    put(table, "企业表 1", "文件", "甲.xlsx")
    put(table, "企业表 1", "列名对应：入库税收", "SSJE")
    put(table, "企业表 2", "文件", "乙.xlsx")
    put(table, "企业表 2", "固定值：年度", 2023)
    put(table, "项目", "评价基准日", dt.datetime(2024, 12, 31))
    put(table, "本县", "行政区代码", 430525)
    put(table, "匹配", "匹配率通过线", "80%")
    found = load_project(table)
    first, second = found.sources_of("enterprises")
    assert (first.columns, second.constants) == ({"tax_wan_yuan": "SSJE"}, {"year": 2023})
    assert (found.as_of, found.county_code, found.linking.pass_share) == (
        dt.date(2024, 12, 31),
        "430525",
        0.8,
    )


def test_toml_and_table_side_by_side_are_refused(table, capsys, monkeypatch):
    (table.parent / "landeval.toml").write_text("", "utf-8")
    monkeypatch.chdir(table.parent)
    for words in (["check", str(table.parent)], ["check"], ["index"]):
        assert main(words) == 3
        assert "E618" in capsys.readouterr().err


def test_a_book_that_is_none_and_one_without_header_are_refused(tmp_path):
    path = tmp_path / FILE_NAME
    path.write_bytes(b"nothing")
    with pytest.raises(ConfigurationError, match="参数表打不开"):
        load_project(tmp_path)
    book = openpyxl.Workbook()
    book.save(path)
    with pytest.raises(ConfigurationError, match="找不到表头"):
        load_project(tmp_path)


def test_a_new_project_has_the_table_only_when_asked_and_never_both(tmp_path, capsys):
    place = tmp_path / "园区"
    assert main(["init", str(place), "--table", "--title", "虚构园区", "--year", "2024"]) == 0
    capsys.readouterr()
    assert not (place / "landeval.toml").exists()
    guide = (place / "使用说明.txt").read_text("utf-8-sig")
    assert "landeval.toml" not in guide
    assert FILE_NAME in guide
    sheet = openpyxl.load_workbook(place / FILE_NAME)[SHEET]
    assert [cell.value for cell in sheet[1]] == list(HEADERS)
    (place / "输入" / "宗地.shp").touch()
    found = load_project(place)
    assert (found.title, found.year, len(found.sources_of("enterprises"))) == ("虚构园区", 2024, 4)


def test_labels_are_told_apart():
    for section in SECTIONS:
        labels = [setting.label for setting in section.settings]
        assert len(labels) == len(set(labels)), section.name
    assert len({section.name for section in SECTIONS}) == len(SECTIONS)
    assert settings_of([(2, "项目", "园区名称", " ")], "t") == ({}, {}, [])
    assert all(value is None for *_, value in rows_of({}))


@pytest.mark.parametrize(
    ("rule", "setting", "value", "code"),
    [
        ("dongkou.tax", "值", "十五", "E601"),
        ("dongkou.tax", "比较符", "约", "E601"),
        ("lowuse.tax", "小数位", 9, "E601"),
        ("dongkou.taxx", "值", 15, "E602"),
    ],
)
def test_a_mistake_in_a_rule_names_its_row_too(table, rule, setting, value, code):
    put(table, f"规则 {rule}", "理由", "虚构会议")
    row = put(table, f"规则 {rule}", setting, value)
    with pytest.raises(ConfigurationError) as refused:
        load_project(table)
    assert refused.value.code == code
    assert f"第 {row} 行" in str(refused.value) or f"第 {row - 1} 行" in str(refused.value)


def test_a_rule_without_a_reason_is_refused_when_the_settings_are_read(table):
    row = put(table, "规则 dongkou.tax", "值", 18)
    with pytest.raises(ConfigurationError) as refused:
        load_project(table)
    assert refused.value.code == "E604"
    assert f"第 {row} 行" in str(refused.value)


def copied(place, rows):
    """Copy rows below those of a table, as an analyst would."""
    book = openpyxl.load_workbook(place / FILE_NAME)
    sheet = book[SHEET]
    for row in rows:
        at = sheet.max_row + 1
        for column, value in enumerate(row, start=1):
            sheet.cell(at, column, value)
    book.save(place / FILE_NAME)
    return load_project(place)


def shown_examples(place):
    """Read the examples of the table's own notes: title → rows."""
    found, title = {}, ""
    for one in openpyxl.load_workbook(place / FILE_NAME)["填表说明"].iter_rows(values_only=True):
        section, setting, value = one[:3]
        if section and setting is None:
            title = section
        elif section and setting and value is not None and section != HEADERS[0]:
            found.setdefault(title, []).append((section, setting, value))
    return found


EFFECTS = {
    "列名对应": lambda found: found.sources_of("parcels")[0].columns == {"parcel_code": "地块编码"},
    "列的单位": lambda found: found.sources_of("contracts")[0].units == {"area_contract_m2": "亩"},
    "固定值": lambda found: found.sources_of("enterprises")[0].constants == {"year": 2024},
    "只取": lambda found: found.sources_of("parcels")[0].where == {"土地用途": ("工业用地", "仓储用地")},
    "波段": lambda found: [one.bands for one in found.sources_of("imagery")] == [{"red": 3, "nir": 4}],
    "规则：改标准值": lambda found: rulebook(found.dated().as_of, found.overrides)["dongkou.tax"].value == 20,
    "规则：停用": lambda found: "lowuse.tax" not in rulebook(found.dated().as_of, found.overrides),
    "再加一张表": lambda found: found.sources_of("enterprises")[-1].path.name == "企业表_另一张.xlsx",
    "指数改动": lambda found: found.index is not None and "综合容积率 理想值 1.2" in found.index.scheme.changes[0],
    "行业归类": lambda found: found.board.industry_codes == {"2041": "特色轻工"},
}  # fmt: skip


def test_every_example_of_the_notes_copied_into_the_table_loads_and_does_what_it_says(tmp_path):
    fresh = tmp_path / "新"
    assert main(["init", str(fresh), "--table", "--year", "2024"]) == 0
    for name in ("宗地.shp", "影像.tif", "企业表_另一张.xlsx"):
        (fresh / "输入" / name).touch()
    examples = shown_examples(fresh)
    assert list(examples) == [example.title for example in EXAMPLES]
    done = set()
    for number, (title, rows) in enumerate(examples.items()):
        assert [tuple(map(str, row)) for row in rows] == [
            tuple(map(str, row)) for row in EXAMPLES[number].rows
        ]
        place = tmp_path / str(number)
        shutil.copytree(fresh, place)
        effect = next(key for key in EFFECTS if title.startswith(key))
        assert not EFFECTS[effect](load_project(place)), title
        assert EFFECTS[effect](copied(place, rows)), title
        done.add(effect)
    assert done == set(EFFECTS)
    shutil.copytree(fresh, tmp_path / "全")
    assert copied(tmp_path / "全", [row for rows in examples.values() for row in rows])


def test_rows_that_few_projects_say_are_folded_away_and_none_that_says_something(tmp_path):
    place = tmp_path / "园区"
    assert main(["init", str(place), "--table", "--year", "2024"]) == 0
    sheet = openpyxl.load_workbook(place / FILE_NAME)[SHEET]
    folded = {at for at, look in sheet.row_dimensions.items() if look.hidden}
    assert all(sheet.row_dimensions[at].outlineLevel == 1 for at in folded)
    rows = {at: [cell.value for cell in sheet[at][:3]] for at in range(2, sheet.max_row + 1)}
    assert not [row for at, row in rows.items() if at in folded and row[2] is not None]
    shown = [row for at, row in rows.items() if at not in folded]
    assert len(shown) < 60 < len(folded)
    assert {row[0] for row in rows.values()} == {row[0] for row in shown}
    told = {row[0]: sheet.cell(at, 5).value for at, row in rows.items() if row[1] == "文件"}
    assert "企业表_供电公司.xlsx" in told["企业表 5"]
    assert "闲置查处台账.xlsx" in told["供地台账 2"]
