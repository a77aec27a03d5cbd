"""The index: between 0 and 100, monotone, indifferent to scale, never a guess, and right about what would reach 95."""

import dataclasses
import datetime as dt
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_frames import GOOD, make_index, node

from landeval.judge.index_score import NONE_ALONE, REACHED, Whole, index_nodes, scored, standardised, whole_of
from landeval.measure.intensive_use import indicator_values
from landeval.standards.index_indicators import INDICATORS, INDUSTRIAL, MIXED
from landeval.standards.intensive_use import changed, shipped_index
from landeval.vocabulary.land_status import GROWTH, MAIN

IDEALS = [{"indicator": "综合地均税收", "ideal": 200, "reason": "虚构"}, {"indicator": "人口密度", "ideal": 100, "reason": "虚构"}]  # fmt: skip
SCHEME = changed(shipped_index(), IDEALS)
values_of = st.fixed_dictionaries(
    {
        name: st.floats(0, 100 if one.is_falling else 5_000, allow_subnormal=False)
        for name, one in INDICATORS.items()
    }
)
kinds = st.sampled_from([INDUSTRIAL, MIXED])


def score(values, kind, growth=None, target=95.0):
    regions = {MAIN: pd.Series(values)} | ({GROWTH: pd.Series(growth)} if growth else {})
    return index_nodes(regions, SCHEME, kind, target)


@settings(max_examples=40, deadline=None)
@given(values_of, values_of, kinds)
def test_every_score_is_between_nothing_and_a_hundred(main, growth, kind):
    nodes, whole = score(main, kind, growth)
    assert nodes["index_score"].between(0, 100).all()
    assert 0 <= whole.score <= 100
    regions = nodes[(nodes["index_level"] == "指数")].set_index("index_region")["index_score"]
    assert regions["开发区"] == pytest.approx(0.8 * regions[MAIN] + 0.2 * regions[GROWTH], abs=1e-4)
    last = nodes[(nodes["index_level"] == "指标")]
    assert last["index_points"].sum() == pytest.approx(whole.score, abs=2e-3)
    assert last["index_full_weight"].sum() == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(values_of, kinds, st.sampled_from(sorted(INDICATORS)), st.floats(0, 1_000))
def test_a_better_indicator_never_lowers_the_index(values, kind, name, more):
    better = values[name] - more if INDICATORS[name].is_falling else values[name] + more
    after = score(values | {name: max(better, 0)}, kind)[1].score
    assert after >= score(values, kind)[1].score - 1e-9


@settings(max_examples=40, deadline=None)
@given(values_of, st.none() | values_of, kinds, st.floats(20, 99))
def test_what_is_said_to_reach_the_target_alone_does(main, growth, kind, target):
    nodes, whole = score(main, kind, growth, target)
    names = {one.label: name for name, one in INDICATORS.items()}

    def with_one(row, value):
        """Score one changed value by the pure functions: hundreds of whole tables would take half a minute."""
        regions = {MAIN: main} | ({GROWTH: growth} if growth else {})
        regions[row["index_region"]] = regions[row["index_region"]] | {names[row["index_name"]]: value}
        parts = {}
        for region, values in regions.items():
            tree = SCHEME.trees[kind, region]
            last = {node.code: standardised(values[node.indicator], node) for node in tree if node.indicator}
            parts[region] = scored(tree, last)[""]
        return whole_of(parts, SCHEME).score

    for row in nodes[nodes["index_level"] == "指标"].to_dict("records"):
        is_falling = INDICATORS[names[row["index_name"]]].is_falling
        if row["index_closes"] == row["index_closes"]:
            assert with_one(row, row["index_closes"]) >= target - 1e-9
            assert with_one(row, row["index_closes"] + (2e-4 if is_falling else -2e-4)) < target
        elif row["index_note"] == NONE_ALONE:
            assert with_one(row, 0 if is_falling else 1e9) < target
        else:
            assert row["index_note"] == REACHED
            assert whole.score >= target


@settings(max_examples=25, deadline=None)
@given(st.floats(0.01, 100))
def test_the_same_factor_for_land_and_money_leaves_the_index_alone(factor):
    scaled = {code: value * factor for code, value in GOOD.items()}
    one, two = (indicator_values(pd.Series(figures)) for figures in (GOOD, scaled))
    pd.testing.assert_series_equal(one, two)


@settings(max_examples=40, deadline=None)
@given(values_of, kinds, st.sets(st.sampled_from(sorted(INDICATORS)), min_size=1))
def test_an_unknown_indicator_leaves_the_index_unknown_and_within_its_range(values, kind, gone):
    used = {node.indicator for node in SCHEME.trees[kind, MAIN]} & gone
    nodes, whole = score(values | dict.fromkeys(gone, math.nan), kind)
    assert math.isnan(whole.score) == bool(used)
    assert whole.low - 1e-9 <= score(values, kind)[1].score <= whole.high + 1e-9
    if used:
        assert nodes["index_closes"].isna().all()


def test_a_weight_of_zero_needs_no_figure():
    changes = [{"node": code, "type": INDUSTRIAL, "region": MAIN, "weight": weight, "reason": "虚构"} for code, weight in (("B11", 1), ("B12", 0))]  # fmt: skip
    index, told = make_index({code: value for code, value in GOOD.items() if code != "Z2"}, changes=changes)
    assert node(index, "").index_score > 0
    assert "E514" not in set(told["code"])


def test_more_than_the_ideal_is_capped_and_told():
    index, told = make_index(GOOD | {"Z2": 60 * 500})
    assert node(index, "工业用地地均税收").index_standard == 1
    assert "现状值 500 好于理想值 225，按 1 计" in node(index, "工业用地地均税收").index_note
    assert [text for text in told.loc[told["code"] == "E513", "what"] if "地均税收" in text]


def test_all_land_idle_scores_nothing_and_no_supply_is_unknown():
    index, _ = make_index(GOOD | {"G": 110})
    assert node(index, "土地闲置率").index_score == 0
    index, _ = make_index(GOOD | {"D": 0, "G": 0})
    assert math.isnan(node(index, "土地闲置率").index_score)
    assert "缺D 已供应国有建设用地" in node(index, "土地闲置率").index_note


def test_the_whole_is_compared_after_rounding_to_the_rule():
    best = {"A2": 60, "J1": 1_140_000, "J2": 420_000, "J3": 588_000, "J4": 240_000, "J5": 0, "J6": 0, "J7": 0, "Z1": 225_000,
            "Z2": 13_500, "D": 100, "B21": 0, "G": 0}  # fmt: skip
    tax = 13_500 * 0.5  # the tax weighs 10 points: half of its ideal leaves exactly 95
    assert make_index(GOOD | best | {"Z2": tax})[0].verdict == "达到"
    assert make_index(GOOD | best | {"Z2": tax * 0.9995})[0].verdict == "达到"  # 94.9975 is 95.00
    assert make_index(GOOD | best | {"Z2": tax * 0.998})[0].verdict == "未达到"


def test_what_is_missing_can_leave_the_verdict_open_or_not():
    best = GOOD | {"D": 120, "J1": 1_140_000, "J2": 420_000, "J4": 240_000, "Z1": 225_000, "G": 0}
    assert make_index({code: value for code, value in best.items() if code != "Z2"})[0].verdict == "无法判定"
    assert make_index({})[0].whole is None


def test_before_the_plan_there_is_no_target():
    index, _ = make_index(GOOD, as_of=dt.date(2020, 4, 15))
    assert math.isnan(index.target)
    assert index.verdict == "没有可比的目标"
    assert node(index, "").index_score == pytest.approx(88.5354, abs=1e-4)


def test_an_official_value_stands_beside_ours():
    ours = node(make_index(GOOD)[0], "").index_score
    index, _ = make_index(GOOD | {"K1": 96.1})
    assert index.official == 96.1
    assert node(index, "").index_score == ours
    assert index.verdict == "未达到"


def test_a_type_without_ideals_has_no_score():
    index, told = make_index(GOOD | {"A1": 40})
    assert index.zone_type == MIXED
    assert math.isnan(node(index, "").index_score)
    said = told.loc[told["code"] == "E517", "what"]
    assert [text.partition("主区 ")[2] for text in said] == [
        "综合地均税收：没有理想值",
        "人口密度：没有理想值",
    ]


def test_a_region_without_share_needs_no_figure():
    scheme = dataclasses.replace(SCHEME, shares={MAIN: 1.0, GROWTH: 0.0})
    parts = {MAIN: Whole(90.0, 90.0, 90.0), GROWTH: Whole(math.nan, 0.0, 100.0)}
    assert whole_of(parts, scheme) == Whole(90.0, 90.0, 90.0)
