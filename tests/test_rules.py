"""The rules themselves: dated, cited, quoted; overrides with a reason or not at all."""

import datetime as dt
from fractions import Fraction

import pytest
from frames import make_parcels, verdict

from landeval.errors import ConfigurationError
from landeval.standards import loading
from landeval.standards.loading import RuleFault, apart, read_rules
from landeval.standards.rule import number_of
from landeval.standards.rules import CITED, as_frame, holds_from, rulebook, shipped, shown, switched_off
from landeval.vocabulary.fields import fields

ON = dt.date(2024, 12, 31)
RULE = """
[document]
id = "x"
title = "办法"
number = "1号"
issuer = "局"
issued_on = 2020-01-01
[rule.a]
label = "标签"
quantity = "tax_wan_yuan_per_mu"
operator = ">"
value = 15
unit = "万元/亩"
decimals = 4
scope = "全部"
kind = "target"
from = 2020-01-01
clause = "一"
quote = "超过15"
reading = ""
basis = "seen"
checked_on = 2020-01-01
"""


@pytest.mark.parametrize("rule", shipped().values(), ids=list(shipped()))
def test_every_shipped_rule_can_be_cited(rule):
    assert rule.label
    assert rule.quote
    assert rule.clause
    assert rule.citation.startswith("《")
    assert isinstance(rule.unit, str)
    assert rule.checked_on >= rule.valid_from or rule.valid_from > dt.date(2020, 1, 1)
    assert rule.valid_to is None or rule.valid_to >= rule.valid_from
    assert 0 <= rule.decimals <= 6
    assert isinstance(rule.value, str) or rule.number >= 0
    assert rule.basis != "proposal" or rule.caveat


def test_the_countys_lines_are_those_of_the_plan():
    book = rulebook(ON)
    for name, value in (("investment", 250), ("output", 300), ("tax", 15)):
        rule = book[f"dongkou.{name}"]
        assert (rule.operator, rule.number, rule.unit) == (">", value, "万元/亩")


def test_the_strict_loader_takes_a_complete_rule():
    (rule,) = read_rules(RULE, "x.toml")
    assert (rule.rule_id, rule.number, rule.citation) == ("x.a", 15, "《办法》（1号）一")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('quote = "超过15"\n', "", "missing \\['quote'\\]"), ('clause = "一"\n', "", "missing \\['clause'\\]"), ('unit = "万元/亩"\n', "", "missing \\['unit'\\]"),
        ("decimals = 4", "decimals = 4\ncolour = 1", "unknown \\['colour'\\]"), ('operator = ">"', 'operator = "=>"', "operator, kind or basis not known"),
        ('kind = "target"', 'kind = "wish"', "operator, kind or basis not known"), ('basis = "seen"', 'basis = "heard"', "operator, kind or basis not known"),
        ('quote = "超过15"', 'quote = ""', "label and quote must be given"), ('issuer = "局"\n', "", "needs exactly"),
        ("[rule.a]", "[other]\nb = 1\n[rule.a]", "needs exactly"), ("decimals = 4", "decimals = 4\ndecimals = 4", "overwrite"),
    ],
)  # fmt: skip
def test_the_strict_loader_refuses(old, new, said):
    with pytest.raises(ValueError, match=said):
        read_rules(RULE.replace(old, new, 1), "x.toml")


def test_rules_before_their_day_are_not_in_force():
    assert "dongkou.tax" not in rulebook(dt.date(2021, 9, 23))
    assert "dongkou.tax" in rulebook(dt.date(2021, 9, 24))


def test_an_override_is_told():
    rule = rulebook(ON, {"dongkou.tax": {"value": "25/2", "reason": "试算", "who": "张三"}})["dongkou.tax"]
    assert rule.number == Fraction(25, 2)
    assert rule.override == "已由本单位改动（原值 15万元/亩；理由：试算；经办：张三）"
    assert rule.override in rule.caveat
    assert shipped()["dongkou.tax"].number == 15


@pytest.mark.parametrize(
    ("rule_id", "changes", "said"),
    [
        ("dongkou.tax", {"value": 12}, "改动规则须写明理由"), ("dongkou.tax", {"value": 12, "reason": "  "}, "改动规则须写明理由"),
        ("dongkou.taks", {"value": 12, "reason": "x"}, "没有这条规则(.|\n)*相近的有：dongkou.tax"),
        ("dongkou.tax", {"valeu": 12, "reason": "x"}, "规则不接受 valeu(.|\n)*value"), ("dongkou.tax", {"value": -1, "reason": "x"}, "规则的值不能为负：-1"),
        ("dongkou.tax", {"value": "15万", "reason": "x"}, "规则的值应为数：15万"), ("dongkou.tax", {"value": True, "reason": "x"}, "规则的值不可用：是/否不是数"),
        ("dongkou.tax", {"value": float("nan"), "reason": "x"}, "规则的值不可用|规则的值应为数"), ("dongkou.tax", {"value": "1/0", "reason": "x"}, "规则的值应为数"),
        ("dongkou.tax", {"value": float("inf"), "reason": "x"}, "规则的值不可用|规则的值应为数"), ("dongkou.tax", {"value": [1], "reason": "x"}, "规则的值应为数"),
        ("dongkou.tax", {"operator": "=>", "reason": "x"}, "比较符不可用：=>"), ("dongkou.tax", {"decimals": "二", "reason": "x"}, "小数位数不可用"),
        ("dongkou.tax", {"decimals": -1, "reason": "x"}, "小数位数不可用"),
    ],
)  # fmt: skip
def test_a_wrong_override_is_refused(rule_id, changes, said):
    with pytest.raises(ConfigurationError, match=said):
        rulebook(ON, {rule_id: changes})


VERSIONS = RULE.replace("[rule.a]", "[[rule.a]]").replace(
    "from = 2020-01-01", "from = 2020-01-01\nto = 2021-12-31"
)
VERSIONS += (
    VERSIONS[VERSIONS.index("[[rule.a]]") :]
    .replace("value = 15", "value = 12")
    .replace("from = 2020-01-01\nto = 2021-12-31", "from = 2022-01-01")
)


def test_a_rule_may_change_over_time():
    one, other = apart(read_rules(VERSIONS, "x.toml"))
    assert (one.rule_id, one.number, other.rule_id, other.number) == ("x.a", 15, "x.a", 12)
    for day, value in (("2019-12-31", []), ("2020-01-01", [15]), ("2021-12-31", [15]), ("2022-01-01", [12])):
        assert [r.number for r in (one, other) if r.is_in_force(dt.date.fromisoformat(day))] == value


@pytest.mark.parametrize("until", ["2022-01-01", "2023-05-01", None])
def test_two_versions_of_a_rule_never_hold_on_one_day(until):
    text = VERSIONS.replace("to = 2021-12-31", f"to = {until}" if until else "", 1)
    with pytest.raises(RuleFault, match="two versions overlap on 2022-01-01"):
        apart(read_rules(text, "x.toml"))


def test_the_shipped_rules_load_through_the_same_gate(monkeypatch, tmp_path):
    for name in ("one.toml", "other.toml"):
        (tmp_path / name).write_text(RULE, encoding="utf-8")
    monkeypatch.setattr(loading, "files", lambda package: tmp_path)
    with pytest.raises(RuleFault, match=r"rule x\.a: two versions overlap"):
        loading.versions.__wrapped__()


@pytest.mark.parametrize("rule", shipped().values(), ids=list(shipped()))
def test_every_quantity_of_a_shipped_rule_has_a_label(rule):
    assert rule.quantity in fields()


def test_a_rule_that_is_switched_off_is_gone_and_still_told():
    change = {"lowuse.tax": {"enabled": False, "reason": "另行评价", "who": "虚构甲"}}
    assert "lowuse.tax" not in rulebook(ON, change)
    (off,) = switched_off(ON, change)
    assert (off.rule_id, off.state) == ("lowuse.tax", "本单位停用")
    assert off.override == "本单位停用（理由：另行评价；经办：虚构甲）"
    assert switched_off(ON) == ()
    assert switched_off(dt.date(2020, 1, 1), change) == ()


@pytest.mark.parametrize("rule_id", ["idle.not_started", "idle.fee_rate", "priority.age"])
def test_a_rule_that_others_rest_on_cannot_be_switched_off(rule_id):
    with pytest.raises(ConfigurationError, match=r"不能停用(.|\n)*idle = false") as caught:
        rulebook(ON, {rule_id: {"enabled": False, "reason": "x"}})
    assert caught.value.code == "E623"


@pytest.mark.parametrize("rule_id", [name for name, rule in shipped().items() if rule.is_switchable])
def test_judging_goes_on_without_any_one_rule_that_can_be_switched_off(rule_id):
    land = make_parcels({"tax_wan_yuan_per_mu": 2.0, "floor_area_m2": 100.0}, {"is_industrial": None})
    judged = verdict(land, overrides={rule_id: {"enabled": False, "reason": "x"}})
    assert judged.status["reasons"].ne("").all()
    assert rule_id not in set(judged.findings["rule_id"])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"enabled": False}, "改动规则须写明理由"), ({"enabled": "否", "reason": "x"}, "enabled 的值不可用：'否'"),
        ({"enabled": False, "value": 3, "reason": "x"}, "停用的规则不能同时改动"),
        ({"unit": "万元/公顷", "reason": "x"}, "改单位须同时写明 value"), ({"unit": "元/平米", "value": 3, "reason": "x"}, ""),
        ({"unit": "吨", "value": 3, "reason": "x"}, "规则的单位 万元/亩 不能换成 吨"),
    ],
)  # fmt: skip
def test_a_switch_or_a_unit_that_cannot_be_meant_is_refused(changes, said):
    if not said:
        assert rulebook(ON, {"dongkou.tax": changes})["dongkou.tax"].number == Fraction(3) / 10_000 * 2000 / 3
        return
    with pytest.raises(ConfigurationError, match=said):
        rulebook(ON, {"dongkou.tax": changes})


def test_another_unit_is_converted_exactly_and_told():
    change = {"value": 225, "unit": "万元/公顷", "operator": ">=", "decimals": 2, "reason": "x"}
    rule = rulebook(ON, {"dongkou.tax": change})["dongkou.tax"]
    assert (rule.number, rule.unit, rule.state) == (15, "万元/亩", "本单位改动")
    for part in ("按 225 万元/公顷 折算", "原比较符 >", "原小数位数 4"):
        assert part in rule.override


def test_a_currency_is_only_another_name_of_the_unit():
    rule = rulebook(ON, {"dongkou.tax": {"value": 80, "unit": "万美元/亩", "reason": "x"}})["dongkou.tax"]
    assert (rule.number, rule.unit) == (80, "万美元/亩")


def test_another_scope_is_said_to_change_the_label_only():
    rule = rulebook(ON, {"dongkou.tax": {"scope": "全部", "reason": "x"}})["dongkou.tax"]
    assert "适用范围原写作“新增工业用地”，改写只改标注，不改评判对象" in rule.override


def test_the_index_of_the_park_is_a_rule_and_judges_no_parcel():
    rule = rulebook(ON)["dongkou.intensive_use_index"]
    assert (rule.operator, rule.number, rule.scope, rule.kind) == (">=", 95, "园区", "target")
    assert rule.rule_id not in set(verdict(make_parcels({})).findings["rule_id"])


def test_numbers_are_exact():
    assert number_of(0.1) == Fraction(1, 10)
    assert number_of("1/3") == Fraction(1, 3)
    assert [shown(number_of(value)) for value in (15, 7.5, "1/3", 0.1, "协议收回")] == [
        "15",
        "7.5",
        "1/3",
        "0.1",
        "协议收回",
    ]


def test_the_table_of_rules_has_every_rule():
    assert as_frame(shipped().values())["rule_id"].tolist() == list(shipped())


OWN = {
    "document": "《虚构甲县办法》（虚构甲政〔2023〕5号）", "clause": "第六条", "quote": "亩均税收不低于 12 万元", "basis": "seen",
    "checked_on": "2024-12-01", "from": "2023-07-01", "value": 12, "operator": ">=", "reason": "虚构甲县办法施行",
}  # fmt: skip


def test_a_document_of_the_bureau_replaces_the_shipped_one():
    rule = rulebook(ON, {"dongkou.tax": OWN | {"label": "亩均税收", "kind": "admission"}})["dongkou.tax"]
    assert (rule.document, rule.clause, rule.quote) == (OWN["document"], "第六条", OWN["quote"])
    assert (rule.number, rule.operator, rule.kind, rule.reading) == (12, ">=", "admission", "")
    assert (rule.valid_from, rule.checked_on) == (dt.date(2023, 7, 1), dt.date(2024, 12, 1))
    assert rule.state == "本单位改动"
    assert rule.override.startswith("依据已换为本单位的文件（原值 15万元/亩；理由：虚构甲县办法施行")
    assert "洞政办发" not in rule.citation + rule.caveat


@pytest.mark.parametrize(
    ("day", "is_used"), [((2023, 6, 30), False), ((2023, 7, 1), True), ((2025, 1, 1), False)]
)
def test_a_replaced_rule_never_falls_back_to_the_shipped_document(day, is_used):
    given = {"dongkou.tax": OWN | {"to": "2024-12-31"}}
    assert ("dongkou.tax" in rulebook(dt.date(*day), given)) is is_used
    off = [rule for rule in switched_off(dt.date(*day), given) if rule.rule_id == "dongkou.tax"]
    assert [("不在该文件的施行期内" in rule.override) for rule in off] == ([] if is_used else [True])


def test_new_industrial_land_is_counted_from_the_bureaus_own_document():
    assert holds_from("dongkou.tax", {"dongkou.tax": OWN}) == dt.date(2023, 7, 1)
    assert holds_from("dongkou.tax", {"dongkou.tax": {"value": 12, "reason": "x"}}) == dt.date(2021, 9, 24)


def test_years_running_can_be_changed_where_a_rule_has_them():
    rule = rulebook(ON, {"lowuse.tax": {"years": 3, "reason": "x"}})["lowuse.tax"]
    assert (rule.years, rule.item) == (3, "L7")
    assert "原为 2 年" in rule.override


@pytest.mark.parametrize(
    ("rule_id", "changes", "said"),
    [
        *(("dongkou.tax", {k: v for k, v in OWN.items() if k != key}, f"须写全，缺少 {key}") for key in CITED),
        ("dongkou.tax", {"label": "税", "reason": "x"}, "须写全，缺少 document、clause"),
        ("idle.not_started", OWN | {"value": 1}, "是法定的，不能换文件"), ("dongkou.tax", OWN | {"kind": "statutory"}, "不能写作法定"),
        ("dongkou.tax", OWN | {"clause": " "}, "clause 的值不可用"), ("dongkou.tax", OWN | {"basis": "heard"}, "basis 的值不可用"),
        ("dongkou.tax", OWN | {"from": "七月"}, "from 不是日期"), ("dongkou.tax", OWN | {"to": "2020-01-01"}, "to 早于 from"),
        ("priority.gap", OWN | {"value": 1, "operator": "=", "from": "2030-01-01"}, "没有可用的标准"),
        ("lowuse.tax", {"years": 6, "reason": "x"}, "连续年数不可用"), ("lowuse.stopped", {"years": 2, "reason": "x"}, "不看连续年数"),
    ],
)  # fmt: skip
def test_half_a_document_or_one_that_cannot_be_is_refused(rule_id, changes, said):
    with pytest.raises(ConfigurationError, match=said):
        rulebook(ON, {rule_id: changes})


@pytest.mark.parametrize("value", [50, "40", 2.1])
def test_a_share_written_as_a_percentage_is_refused(value):
    with pytest.raises(ConfigurationError) as caught:
        rulebook(ON, {"lowuse.tax": {"value": value, "reason": "试"}})
    with pytest.raises(ConfigurationError, match="比例"):
        rulebook(ON, {"idle.area_share": {"value": value, "reason": "试"}})
    assert caught.value.code == "E601"
    assert "倍数" in caught.value.what
    assert "50% 写 0.5" in caught.value.remedy


def test_a_share_up_to_twice_is_taken():
    book = rulebook(
        ON, {"lowuse.tax": {"value": 1.2, "reason": "试"}, "dongkou.tax": {"value": 30, "reason": "试"}}
    )
    assert (book["lowuse.tax"].value, book["dongkou.tax"].value) == (Fraction(6, 5), 30)
