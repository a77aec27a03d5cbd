"""The rules themselves: dated, cited, quoted; overrides with a reason or not at all."""

import datetime as dt
from fractions import Fraction

import pytest

from landeval.errors import ConfigurationError
from landeval.standards.loading import read_rules
from landeval.standards.rule import number_of
from landeval.standards.rules import as_frame, rulebook, shipped, shown

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
