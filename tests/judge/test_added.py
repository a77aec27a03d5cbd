"""Rules that a bureau adds: any figure, any unit of it; unknown stays unknown; each effect decides what it says."""

import pytest
from frames import make_parcels, verdict

from landeval.errors import ConfigurationError

RULE = {
    "label": "税收底线", "quantity": "tax_wan_yuan_per_mu", "operator": ">=", "value": 3, "unit": "万元/亩", "decimals": 4, "scope": "工业用地",
    "effect": "line", "kind": "admission", "from": "2020-01-01", "document": "《虚构办法》（虚构发〔2024〕1号）", "clause": "第五条", "quote": "不低于 3 万元/亩",
    "reading": "", "basis": "seen", "checked_on": "2024-12-01", "reason": "试行", "who": "虚构甲", "when": "2024-12-01",
}  # fmt: skip
NAME = "本局.底线"
GOOD = {"investment_wan_yuan_per_mu": 300.0, "output_wan_yuan_per_mu": 400.0, "tax_wan_yuan_per_mu": 20.0, "actual_start": "2015-01-01"}  # fmt: skip


def judged(parcel, overrides=None, **changes):
    return verdict(make_parcels(GOOD | parcel), added={NAME: [RULE | changes]}, overrides=overrides)


def finding(result, rule_id=NAME):
    return result.findings[result.findings["rule_id"] == rule_id].iloc[0]


@pytest.mark.parametrize(
    ("tax", "told", "reason"),
    [(3.0, "达标", "税收底线：亩均税收 3 万元/亩，达到 3"), (2.9999, "不达标", "税收底线：亩均税收 2.9999 万元/亩，未达到 3"), (3.00004, "达标", "达到 3"),
     (2.99996, "达标", "税收底线：亩均税收 3 万元/亩，达到 3"), (3.0001, "达标", "达到 3"), (None, "无法判定", "税收底线：亩均税收未知；缺入库税收（税务局）")],
)  # fmt: skip
def test_a_figure_is_compared_after_rounding(tax, told, reason):
    one = finding(judged({"tax_wan_yuan_per_mu": tax}))
    assert (one["verdict"], one["threshold"], one["measure_unit"]) == (told, "3", "万元/亩")
    assert reason in one["reason"]


def test_the_addition_stands_beside_its_result():
    result = judged({"tax_wan_yuan_per_mu": 16.0}, value=18)
    one = finding(result)
    said = "本单位增加（理由：试行；经办：虚构甲；时间：2024-12-01）"
    assert (one["document"], one["clause"], one["rule_kind"], one["basis"]) == (
        RULE["document"],
        "第五条",
        "准入",
        f"见原文；{said}",
    )
    assert one["evidence"] == "企业.xlsx第 4 行"
    assert f"{RULE['document']}第五条［{said}］" in result.status.iloc[0]["clause"]


@pytest.mark.parametrize(
    ("parcel", "changes", "status"),
    [
        ({}, {}, "达标"), ({}, {"value": 21}, "关注"), ({}, {"quantity": "price_wan_yuan", "unit": "万元"}, "资料不足"),
        ({}, {"effect": "note", "value": 21}, "达标"), ({}, {"effect": "note", "quantity": "price_wan_yuan", "unit": "万元"}, "达标"),
        ({}, {"effect": "lowuse", "scope": "已建成工业用地", "operator": "<", "value": 21}, "关注"),
        ({}, {"effect": "lowuse", "scope": "已建成工业用地", "operator": "<", "value": 20}, "达标"),
        ({}, {"effect": "lowuse", "scope": "已建成工业用地", "operator": "<", "quantity": "price_wan_yuan", "unit": "万元"}, "达标"),
        ({"investment_wan_yuan_per_mu": 100.0}, {"effect": "lowuse", "scope": "已建成工业用地", "operator": "<", "value": 21}, "低效候选"),
        ({"investment_wan_yuan_per_mu": 100.0}, {"effect": "note", "operator": "<", "value": 21}, "关注"),
        ({"is_industrial": False}, {"value": 21}, "达标"), ({"is_industrial": False}, {"value": 21, "scope": "全部宗地"}, "关注"),
        ({"is_industrial": False}, {"quantity": "price_wan_yuan", "unit": "万元", "scope": "全部宗地"}, "资料不足"),
        ({"is_new_industrial": False}, {"value": 21, "scope": "新增工业用地"}, "达标"), ({"is_new_industrial": True}, {"value": 21, "scope": "新增工业用地"}, "关注"),
        ({}, {"value": 21, "scope": "新增工业用地"}, "资料不足"), ({"is_industrial": None}, {}, "资料不足"),
        ({}, {"value": 21, "from": "2025-01-01"}, "达标"), ({}, {"value": 21, "to": "2024-12-30"}, "达标"), ({}, {"value": 21, "to": "2024-12-31"}, "关注"),
    ],
)  # fmt: skip
def test_each_effect_decides_what_it_says(parcel, changes, status):
    assert judged(parcel, **changes).status.iloc[0]["status"] == status


def test_a_hit_is_named_with_its_rule():
    changes = {"effect": "lowuse", "scope": "已建成工业用地", "operator": "<", "value": 21}
    result = judged({"investment_wan_yuan_per_mu": 100.0}, **changes)
    assert result.status.iloc[0]["low_use_hit_rules"] == f"L5、{NAME}"
    assert "税收底线：亩均税收 20 万元/亩，低于 21" in result.status.iloc[0]["reasons"]


def test_low_use_is_not_judged_of_idle_land_nor_where_it_is_switched_off():
    changes = {"effect": "lowuse", "scope": "已建成工业用地", "operator": "<", "value": 21}
    idle = {"actual_start": None, "agreed_start": "2020-01-01", "tax_wan_yuan_per_mu": None, "output_wan_yuan_per_mu": None}  # fmt: skip
    assert finding(judged(idle, **changes))["verdict"] == "不适用"
    off = verdict(make_parcels(GOOD), added={NAME: [RULE | changes]}, low_use=False)
    assert NAME not in set(off.findings["rule_id"])


def test_what_is_missing_is_asked_of_its_office():
    result = judged({}, quantity="price_wan_yuan", unit="万元")
    assert "成交价款（自然资源局（土地利用股））" in result.status.iloc[0]["missing"]
    assert "成交价款（自然资源局（土地利用股））" in finding(result)["reason"]


@pytest.mark.parametrize(
    ("quantity", "unit", "parcel", "value", "line", "told"),
    [
        ("tax_wan_yuan_per_mu", "万元/公顷", {"tax_wan_yuan_per_mu": 3.0}, "45", 45, "达标"),
        ("tax_wan_yuan_per_mu", "万元/公顷", {"tax_wan_yuan_per_mu": 2.9999}, "44.9985", 45, "不达标"),
        ("area_registered_m2", "亩", {"area_registered_m2": 20000 / 3}, "10", 10, "达标"), ("area_mu", "公顷", {"area_mu": 15.0}, "1", 1, "达标"),
        ("price_wan_yuan", "亿元", {"price_wan_yuan": 5000.0}, "0.5", "1/2", "达标"), ("stated_built_share", "%", {"stated_built_share": 0.25}, "25", 25, "达标"),
    ],
)  # fmt: skip
def test_the_figure_is_compared_in_the_unit_of_the_rule(quantity, unit, parcel, value, line, told):
    one = finding(judged(parcel, quantity=quantity, unit=unit, value=line))
    assert (one["value"], one["measure_unit"], one["verdict"]) == (value, unit, told)


def test_a_figure_that_no_parcel_has_is_refused_with_what_there_is():
    with pytest.raises(ConfigurationError, match="宗地没有数值项 employees") as caught:
        judged({}, quantity="employees", unit="人")
    assert caught.value.code == "E625"
    assert NAME in caught.value.where


def test_an_added_rule_can_be_changed_and_switched_off_like_any_other():
    change = {NAME: {"value": 21, "reason": "再议"}}
    one = finding(judged({}, overrides=change))
    assert (one["verdict"], one["threshold"]) == ("不达标", "21")
    assert one["basis"].startswith("见原文；本单位增加（")
    assert "已由本单位改动（原值 3万元/亩；理由：再议）" in one["basis"]
    off = judged({}, overrides={NAME: {"enabled": False, "reason": "再议"}})
    assert NAME not in set(off.findings["rule_id"])


def test_a_note_of_the_plan_is_not_put_behind_a_line_of_the_bureau():
    told = judged({"tax_wan_yuan_per_mu": 2.0, "is_new_industrial": False}).status.iloc[0]["reasons"]
    assert "未超过 15（该宗地不属新增工业用地，仅作对标参考）；税收底线：亩均税收 2 万元/亩，未达到 3" in told
