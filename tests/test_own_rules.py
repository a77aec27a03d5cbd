"""A bureau's own rule file: signed, strict, visible everywhere; the example in the docs runs."""

import datetime as dt
import re
from pathlib import Path

import pytest

from landeval import load_project
from landeval.cli import main
from landeval.errors import ConfigurationError
from landeval.publish.map.payload import _thresholds
from landeval.publish.workbook.sources import park_targets, unsure_rules
from landeval.publish.workbook.summary import _doubt
from landeval.standards.industry_limits import plot_ratio_limits
from landeval.standards.own import read_own_rules
from landeval.standards.rules import as_frame, rulebook, switched_off

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "own_rules" / "本局规则.toml"
COUNTY = ROOT / "examples" / "虚构青溪县" / "青溪县规则.toml"
ON = dt.date(2024, 12, 31)
SIGNED = '\nreason = "试行"\nwho = "虚构甲"\nwhen = 2024-12-01\n'
CHANGE = '[rules."dongkou.tax"]\nvalue = 12' + SIGNED
ADD = (
    '[add."本局.底线"]\nlabel = "底线"\nquantity = "tax_wan_yuan_per_mu"\noperator = ">="\nvalue = 3\nunit = "万元/亩"\ndecimals = 4\n'
    'scope = "工业用地"\neffect = "line"\nkind = "admission"\nfrom = 2024-01-01\ndocument = "《虚构办法》"\nclause = "一"\nquote = "不低于 3"\n'
    'reading = ""\nbasis = "seen"\nchecked_on = 2024-12-01' + SIGNED
)  # fmt: skip
TABLE = '[[table]]\nindex = "plot_ratio"\ncsv = "表.csv"\ncode_year = 2017\ndocument = "《虚构指标》"\nclause = "附表"\nbasis = "seen"\nfrom = 2024-01-01' + SIGNED  # fmt: skip
ROWS = "行业代码,行业名称,容积率下限\n13,农副食品加工业,1.1\n"


def own(folder, text, rows=ROWS):
    (folder / "本局规则.toml").write_text(text, encoding="utf-8")
    (folder / "表.csv").write_text(rows, encoding="gb18030")
    return read_own_rules(folder / "本局规则.toml")


def test_the_example_of_the_docs_is_a_sound_file():
    given = read_own_rules(EXAMPLE)
    assert set(given.overrides) == {"dongkou.tax", "lowuse.overdue_completion"}
    book = rulebook(ON, given.overrides, given.added)
    assert {rule.effect for rule in book.values()} == {"", "line", "lowuse", "note"}
    assert book["本局.宗地规模"].number == 80
    assert rulebook(dt.date(2023, 12, 31), given.overrides, given.added)["本局.宗地规模"].number == 100
    assert "本局.宗地规模" not in rulebook(dt.date(2022, 12, 31), given.overrides, given.added)
    assert [table.index for table in given.tables] == ["plot_ratio"]


def test_the_docs_show_the_example_and_every_key():
    page = (ROOT / "docs" / "规则手册.md").read_text("utf-8")
    assert "examples/own_rules/本局规则.toml" in page
    blocks = re.findall(r"```toml\n(.*?)```", page, re.S)
    text = EXAMPLE.read_text("utf-8") + COUNTY.read_text("utf-8")
    assert blocks
    for block in blocks:
        for part in block.strip().split("\n\n"):
            assert part in text or part.startswith(("rules_file", "[region]", "[judge]")), part


def test_the_settings_of_the_docs_are_accepted_and_no_other_values(tmp_path):
    page = (ROOT / "docs" / "规则手册.md").read_text("utf-8")
    settings = [text for text in re.findall(r"```toml\n(.*?)```", page, re.S) if text[:3] in ("[re", "[ju")]
    (tmp_path / "landeval.toml").write_text("\n".join(settings), encoding="utf-8")
    found = load_project(tmp_path)
    assert (found.land_grade, found.industry_code_year) == (13, 2017)
    assert found.switches.land_use_codes == "用地用海分类"
    for text in ("[region]\nland_grade = 16", "[region]\nland_grade = true", "[region]\nindustry_code_year = 2012", "[judge]\nland_use_codes = 'GB'"):  # fmt: skip
        (tmp_path / "landeval.toml").write_text(text, encoding="utf-8")
        with pytest.raises(ConfigurationError, match="的值不可用"):
            load_project(tmp_path)


def test_the_example_runs_and_is_told_in_every_output(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["rules", "--on", "2024-12-31", "--rules", str(EXAMPLE)]) == 0
    told = capsys.readouterr().out
    for said in (
        "【本单位改动】dongkou.tax  亩均税收：> 12 万元/亩",
        "【本单位停用】lowuse.overdue_completion", "【本单位增加】本局.投资强度  亩均投资过渡标准：>= 3000 万元/公顷  ［按标准评价",
        "附表：容积率下限　《虚构县工业项目用地控制指标》", "13 农副食品加工业：1.1", "本单位提供的容积率表",
    ):  # fmt: skip
        assert said in told


def test_the_file_stands_beside_the_project_or_is_an_option(tmp_path):
    own(tmp_path, CHANGE + ADD)
    (tmp_path / "landeval.toml").write_text('rules_file = "本局规则.toml"\n', encoding="utf-8")
    found = load_project(tmp_path)
    assert found.overrides["dongkou.tax"]["value"] == 12
    assert list(found.added_rules) == ["本局.底线"]
    other = tmp_path / "别的.toml"
    other.write_text(CHANGE.replace("12", "13", 1), encoding="gb18030")
    assert load_project(tmp_path, rules=str(other)).overrides["dongkou.tax"]["value"] == 13


def test_a_rule_changed_in_two_places_is_refused(tmp_path):
    own(tmp_path, CHANGE)
    text = 'rules_file = "本局规则.toml"\n[rules."dongkou.tax"]\nvalue = 14\nreason = "x"\n'
    (tmp_path / "landeval.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"规则 dongkou\.tax 有两处改动") as caught:
        load_project(tmp_path)
    assert caught.value.code == "E624"


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (CHANGE.replace('who = "虚构甲"\n', ""), "E604", "缺少 who"), (CHANGE.replace("when = 2024-12-01", 'when = " "'), "E604", "缺少 when"),
        (ADD.replace('reason = "试行"\n', ""), "E621", "缺少 reason"),
        (ADD.replace('reason = "试行"', 'reason = ""'), "E604", "缺少 reason"), ("[rule.a]\n", "E607", "不认识的配置项 rule"),
        ("rules = 3\n", "E620", "rules 应为若干节"), ("[rules]\n'dongkou.tax' = 3\n", "E620", "应为一节"),
        (CHANGE + 'file = "x"\n', "E620", "不认识 file"), ("[rules\n", "E606", "配置文件写法有误"),
        (ADD.replace("本局.底线", "dongkou.tax"), "E622", "dongkou 是自带规则的前缀"), (ADD.replace("本局.底线", "底线"), "E621", "规则编号不可用：底线"),
        (ADD.replace("decimals = 4", "decimals = 7"), "E621", "decimals 应为 0 到 6"), (ADD.replace('quote = "不低于 3"\n', ""), "E621", "缺少 quote"),
        (ADD.replace('clause = "一"', 'clause = ""'), "E621", "不能为空"),
        (ADD.replace('">="', '"=>"'), "E621", "operator 不可用：=>"), (ADD.replace('"seen"', '"heard"'), "E621", "basis 不可用：heard"),
        (ADD.replace('"line"', '"hint"'), "E621", "effect 不可用：'hint'"),
        (ADD.replace('"工业用地"', '"部分宗地"'), "E621", "scope 不可用：部分宗地"), (ADD.replace('"line"', '"lowuse"'), "E621", "scope 不可用：工业用地"),
        (ADD.replace("value = 3", 'value = "三"'), "E621", "value 应为数"),
        (ADD.replace("value = 3", "value = -3"), "E621", "value 不可用：-3"), (ADD.replace("value = 3", "value = true"), "E621", "value 不可用"),
        (ADD.replace("from = 2024-01-01", 'from = "一月"'), "E621", "from 不是日期"),
        (ADD.replace("from = 2024-01-01", "from = 2024-01-01\nto = 2023-01-01"), "E621", "to 早于 from"), (ADD + "colour = 3\n", "E621", "不认识 colour"),
        (ADD + "years = 2\n", "E621", "不认识 years"),
        (ADD.replace("tax_wan_yuan_per_mu", "tax_per_mu"), "E625", "没有数值项 tax_per_mu"),
        (ADD.replace("tax_wan_yuan_per_mu", "holder_name"), "E625", "没有数值项 holder_name"),
        (ADD.replace("万元/亩", "吨"), "E626", "单位 吨 不能用于这一项"), (ADD.replace("万元/亩", "万美元/亩"), "E626", "单位 万美元/亩 不能用于"),
        (ADD.replace("[add", "[[add").replace('"]\n', '"]]\n', 1) * 2, "E621", "有两个版本在 2024-01-01 同时有效"),
        (ADD.replace('label = "底线"', "label = 3"), "E621", "label 应为带引号的文字"),
        (TABLE.replace("2017", "2018"), "E627", "code_year 不可用：2018"), (TABLE.replace('"plot_ratio"', '"far"'), "E627", "index 不可用"),
        (TABLE.replace('clause = "附表"\n', ""), "E627", "缺少 clause"), (TABLE.replace("plot_ratio", "investment"), "E627", "须写明单位"),
        (TABLE.replace("表.csv", "没有.csv"), "E605", "找不到文件"), (TABLE.replace("from = 2024-01-01", 'from = "x"'), "E627", "from 不是日期"),
        (TABLE.replace('who = "虚构甲"\n', ""), "E604", "缺少 who"), ("table = 3\n", "E627", "table 应为若干节"),
    ],
)  # fmt: skip
def test_what_is_not_as_it_must_be_is_refused_with_its_place(tmp_path, text, code, said):
    with pytest.raises(ConfigurationError, match=said) as caught:
        own(tmp_path, text)
    assert caught.value.code == code
    assert "本局规则.toml" in caught.value.where or code == "E605"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("行业代码,行业名称\n13,甲\n", "缺少列 容积率下限"), (ROWS + "13,又一行,1\n", "行业代码 13 有两行"), (ROWS + "14,食品\n", "第 3 行"),
        (ROWS + "14,食品,高\n", "“容积率下限”列不是数：高"),
        (ROWS + "14,食品,-1\n", "“容积率下限”列为负"), (ROWS + "食品,食品,1\n", "行业代码不可用：食品"), ("行业代码\n", "没有内容"),
    ],
)  # fmt: skip
def test_a_table_of_limits_is_read_strictly(tmp_path, rows, said):
    with pytest.raises(ConfigurationError, match=said) as caught:
        own(tmp_path, TABLE, rows)
    assert caught.value.code == "E627"
    assert "表.csv" in caught.value.where


def test_a_bureaus_table_comes_before_the_shipped_one(tmp_path):
    import pandas as pd

    tables = own(tmp_path, TABLE).tables
    codes = pd.Series(["C1371", "C1411"])
    found = plot_ratio_limits(codes, 2017, ON, tables)
    assert found["limit"].tolist()[0] == 1.1
    assert "本单位提供的容积率表（理由：试行" in found["reason"][0]
    assert (found["document"][0], found["basis"][0]) == ("《虚构指标》", "seen")
    assert pd.isna(found["limit"][1])
    before = plot_ratio_limits(codes, 2017, dt.date(2023, 12, 31), tables)
    assert before["limit"].tolist() == [1.0, 1.0]


def test_a_mistake_in_the_rules_stops_a_run_before_anything_is_read(tmp_path, capsys):
    file = tmp_path / "本局规则.toml"
    file.write_text(CHANGE.replace("dongkou.tax", "dongkou.taks"), encoding="utf-8")
    (tmp_path / "坏.shp").write_bytes(b"no shapefile")
    code = main(["run", "--parcels", str(tmp_path / "坏.shp"), "--rules", str(file), "--out", str(tmp_path / "成果")])  # fmt: skip
    told = capsys.readouterr().err
    assert (code, "没有这条规则" in told, "相近的有：dongkou.tax" in told) == (3, True, True)
    assert '本局规则.toml [rules."dongkou.taks"]' in told


def test_a_target_that_is_switched_off_colours_nothing():
    off = {"dongkou.tax": {"enabled": False, "reason": "x"}}
    table = as_frame((*rulebook(ON, off).values(), *switched_off(ON, off)))
    assert "dongkou.tax" in set(table["rule_id"])
    assert park_targets(table)["rule_id"].tolist() == ["dongkou.investment", "dongkou.output"]
    assert list(_thresholds(table)) == ["investment_wan_yuan_per_mu", "output_wan_yuan_per_mu"]
    (row,) = unsure_rules(table)[lambda rows: rows["rule_id"] == "dongkou.tax"].to_dict("records")
    assert _doubt(row) == "本单位停用"
