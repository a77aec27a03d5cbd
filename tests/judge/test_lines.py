"""The county's three lines: strict, rounded as declared, unknown stays unknown."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from frames import NEW, OLD, make_parcels, verdict

from landeval.errors import ConfigurationError
from landeval.judge.findings import compare, figures
from landeval.judge.lines import LINES
from landeval.judge.reasons import NO_LINES
from landeval.standards.rules import rulebook, shipped

RATIO = {"dongkou.investment": "investment_wan_yuan_per_mu", "dongkou.output": "output_wan_yuan_per_mu",
         "dongkou.tax": "tax_wan_yuan_per_mu"}  # fmt: skip


def of(judged, rule, parcel="P1"):
    rows = judged.findings
    return rows[(rows["rule_id"] == rule) & (rows["unit_id"] == parcel)].iloc[0]


@pytest.mark.parametrize(
    ("rule", "line"), [("dongkou.investment", 250), ("dongkou.output", 300), ("dongkou.tax", 15)]
)
def test_exactly_on_the_line_is_not_met(rule, line):
    land = make_parcels(*({RATIO[rule]: line + more} for more in (0.0, 0.0001, 0.00004, -0.0001)))
    judged = verdict(land)
    assert [of(judged, rule, f"P{i}")["verdict"] for i in (1, 2, 3, 4)] == [
        "不达标",
        "达标",
        "不达标",
        "不达标",
    ]


def test_unknown_and_not_industrial():
    land = make_parcels(
        {},
        {"is_industrial": False, "tax_wan_yuan_per_mu": 1.0},
        {"is_industrial": None, "tax_wan_yuan_per_mu": 99.0},
    )
    judged = verdict(land)
    assert [of(judged, "dongkou.tax", key)["verdict"] for key in land.index] == [
        "无法判定",
        "不适用",
        "无法判定",
    ]
    assert of(judged, "dongkou.tax", "P3")["reason"] == "土地用途未知；缺土地用途（自然资源局（用途管制））"


def test_target_for_new_land_reference_for_the_rest():
    land = make_parcels(*({"tax_wan_yuan_per_mu": 1.0, "is_new_industrial": new} for new in (NEW, OLD, None)))
    found = [of(verdict(land), "dongkou.tax", key) for key in land.index]
    assert [row["rule_kind"] for row in found] == ["目标", "对标参考", "对标参考"]
    assert [row["reason"].partition("（")[2] for row in found] == [
        "", "该宗地不属新增工业用地，仅作对标参考）", "是否新增工业用地未知，仅作对标参考）",
    ]  # fmt: skip


@pytest.mark.parametrize("line", [250, 300, 15])
def test_20000_parcels_exactly_on_the_line_never_pass(line):
    random = np.random.default_rng(20241231)
    area_m2 = np.round(random.uniform(500, 400_000, 20_000), random.integers(0, 3, 20_000)[0])
    paths = (
        (area_m2 * 3 / 2000, area_m2 * 3 / 2000),
        (area_m2 / (2000 / 3), area_m2 * 3 / 2000),
        (area_m2 / 10_000 * 15, area_m2 / 10_000 * 15),
        ((area_m2 / 10_000) * 10_000 * 3 / 2000, area_m2 * 3 / 2000),
    )
    for money_land, land in paths:
        for money in (money_land * line, money_land * line * 10_000 / 10_000, (money_land / 3) * line * 3):
            ratio = pd.Series(money / land)
            assert not compare(ratio, ">", shipped()["dongkou.tax"].number * 0 + line, 4).any()
            assert compare(ratio, ">=", shipped()["dongkou.tax"].number * 0 + line, 4).all()


def test_rules_not_in_force_are_not_applied():
    day = dt.date(2021, 9, 23)
    assert not set(rulebook(day)) & {*LINES, "lowuse.tax"}
    assert set(rulebook(dt.date(2021, 9, 24))) >= set(LINES)
    land = make_parcels({"tax_wan_yuan_per_mu": 1.0, "actual_start": "2019-01-01"})
    judged = verdict(land, day)
    assert judged.status["status"].tolist() == ["资料不足"]
    assert judged.status["reasons"].tolist() == [NO_LINES]


def test_a_rule_not_in_force_that_the_bureau_applies_all_the_same_is_told():
    change = {"dongkou.tax": {"value": 80, "reason": "检验用"}}
    assert (
        "评价基准日该规则未施行，按本单位要求适用"
        in rulebook(dt.date(2019, 12, 31), change)["dongkou.tax"].override
    )
    assert "未施行" not in rulebook(dt.date(2024, 12, 31), change)["dongkou.tax"].override


def test_idle_land_is_judged_where_no_line_is_in_force():
    land = make_parcels({"agreed_start": "2018-01-01", "idle_cause": "企业原因"})
    judged = verdict(land, dt.date(2020, 12, 31))
    assert judged.status["status"].tolist() == ["涉嫌闲置(未动工)"]


def test_a_day_before_the_law_is_refused():
    with pytest.raises(ConfigurationError, match="早于《闲置土地处置办法》"):
        verdict(make_parcels({}), dt.date(2012, 6, 30))


def test_an_override_is_obeyed_and_printed():
    change = {"dongkou.tax": {"value": 20, "operator": ">=", "reason": "县里新要求", "who": "张三"}}
    land = make_parcels({"tax_wan_yuan_per_mu": 20.0}, {"tax_wan_yuan_per_mu": 16.0})
    judged = verdict(land, overrides=change)
    assert [of(judged, "dongkou.tax", key)["verdict"] for key in land.index] == ["达标", "不达标"]
    assert "县里新要求" in of(judged, "dongkou.tax")["basis"]
    assert "张三" in of(judged, "dongkou.tax")["basis"]
    assert "原值 15" in judged.status["clause"].iloc[1]


def test_every_finding_has_clause_and_evidence():
    judged = verdict(make_parcels({"tax_wan_yuan_per_mu": 1.0, "agreed_start": "2020-01-01"}, {}))
    for name in ("document", "clause", "evidence", "basis", "rule_kind", "reason"):
        assert (judged.findings[name] != "").all()
        assert judged.findings[name].notna().all()


def test_figures_are_written_as_compared():
    assert figures(pd.Series([15.00005, 250.0, -0.00001, None]), 4).tolist() == ["15.0001", "250", "0", ""]
    assert figures(pd.Series([100.0]), 0).tolist() == ["100"]
