"""Other rules and other days on the same parcels: who flips, grids, cliffs; all by the run's own judge."""

import dataclasses
import datetime as dt
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from frames import basis_of, make_parcels
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from landeval.errors import ConfigurationError
from landeval.judge.cliffs import cliffs
from landeval.judge.grid import classes, grids
from landeval.judge.what_if import compare_judgements, judged
from landeval.trial import Trial, axes_of, pairs_of, tried

GOOD = {
    "investment_wan_yuan_per_mu": 400.0,
    "output_wan_yuan_per_mu": 500.0,
    "actual_start": "2020-01-01",
    "agreed_start": "2020-01-01",
    "signed_on": "2022-01-01",
    "is_new_industrial": True,
}


def taxed(*values, **more):
    return make_parcels(
        *({"holder_name": "虚构甲厂", "tax_wan_yuan_per_mu": value, **GOOD, **more} for value in values)
    )


def try_out(basis, as_of=None, **values):
    trial = Trial(values={name.replace("__", "."): value for name, value in values.items()}, as_of=as_of)
    new = tried(basis, trial.values, trial)
    before, after = judged(basis), judged(new)
    return compare_judgements(before, after, basis, new)


def test_nothing_changed_means_nothing_flips():
    basis = basis_of(taxed(10.0, 15.0, 15.0001, 20.0, None))
    found = try_out(basis, dongkou__tax="15")
    assert len(found.flips) == len(found.changes) == len(found.rules) == 0
    whole = found.matrix.iloc[-1]
    assert whole["parcels"] == 5
    for row in found.matrix.iloc[:-1].to_dict("records"):
        assert row["parcels"] == row[f"parcels_{row['status_before']}"]


def test_a_flip_names_the_rule_with_value_and_both_lines():
    found = try_out(basis_of(taxed(16.0, 20.0)), dongkou__tax="18")
    flip = found.flips.iloc[0]
    assert len(found.flips) == 1
    assert (flip["parcel_id"], flip["status_before"], flip["status_after"]) == ("P1", "达标", "关注")
    assert flip["changed_findings"] == "亩均税收 16 万元/亩：> 15 达标 → > 18 不达标"
    assert found.rules[["rule_id", "value_before", "value_after"]].values.tolist() == [
        ["dongkou.tax", "15", "18"]
    ]
    row = found.matrix.set_index("status_before").loc["达标"]
    assert (row["parcels_关注"], row["area_关注_mu"], row["parcels_达标"]) == (1, 10.0, 1)


def test_land_of_unknown_area_is_counted_but_has_no_mu():
    found = try_out(basis_of(make_parcels({"area_mu": None, "actual_start": "2020-01-01"}, {})))
    whole = found.matrix.iloc[-1]
    assert (whole["parcels"], whole["parcels_without_area"], whole["area_mu"]) == (2, 1, 10.0)


def test_a_route_that_changes_without_its_class_is_told_after_the_flips():
    late = {"agreed_start": "2023-06-30", "idle_cause": "企业自身原因", "price_wan_yuan": 100.0}
    found = try_out(basis_of(make_parcels(late)), as_of=dt.date(2025, 12, 31))
    flip = found.flips.iloc[0]
    assert flip["flip_kind"] == "结论不变，途径或费用改变"
    assert "征缴土地闲置费" in flip["route_before"]
    assert "无偿收回" in flip["route_after"]
    assert flip["fee_before_wan_yuan"] == 20.0
    assert np.isnan(flip["fee_after_wan_yuan"])


def test_a_day_before_a_document_drops_its_rules():
    found = try_out(basis_of(taxed(16.0)), as_of=dt.date(2020, 4, 15))
    dropped = found.rules[found.rules["rule_id"] == "dongkou.tax"].iloc[0]
    assert (dropped["value_after"], dropped["trial_note"]) == ("", "试算的基准日不适用")
    gone = found.changes[found.changes["rule_id"] == "dongkou.tax"].iloc[0]
    assert (gone["verdict_before"], gone["verdict_after"]) == ("达标", "")


@settings(max_examples=5, deadline=None)
@given(
    values=st.lists(st.one_of(st.none(), st.floats(0, 40)), min_size=1, max_size=6),
    line=st.integers(0, 30),
    rise=st.integers(0, 30),
)
def test_raising_a_line_never_lets_a_parcel_pass(values, line, rise):
    basis = basis_of(taxed(*values))
    low = tried(basis, {"dongkou.tax": Fraction(line)}, Trial())
    high = tried(basis, {"dongkou.tax": Fraction(line + rise)}, Trial())
    found = compare_judgements(judged(low), judged(high), low, high)
    lines = found.changes[found.changes["rule_id"] == "dongkou.tax"]
    assert not ((lines["verdict_before"] == "不达标") & (lines["verdict_after"] == "达标")).any()
    assert not (found.flips["status_after"] == "达标").any()


DAY = st.one_of(st.none(), st.dates(dt.date(2018, 1, 1), dt.date(2026, 12, 31)).map(str))


@settings(max_examples=5, deadline=None)
@given(
    dates=st.lists(st.tuples(DAY, DAY, DAY), min_size=1, max_size=6),
    as_of=st.dates(dt.date(2022, 1, 1), dt.date(2025, 12, 31)),
    later=st.integers(0, 900),
)
def test_a_later_day_never_makes_unstarted_land_less_idle(dates, as_of, later):
    parcels = make_parcels(
        *({"agreed_start": a, "delivered_on": d, "suspended_on": s, "built_area_m2": 1.0, "buildable_area_m2": 9.0,
           "invested_wan_yuan": 1.0, "planned_investment_wan_yuan": 9.0} for a, d, s in dates)
    )  # fmt: skip
    basis = basis_of(parcels, as_of)
    found = try_out(basis, as_of=as_of + dt.timedelta(days=later))
    was_idle = found.flips["status_before"].str.startswith("涉嫌闲置(中止开发)") | (
        (found.flips["status_before"] == "涉嫌闲置(未动工)")
        & ~found.flips["parcel_id"].isin(parcels.index[parcels["suspended_on"].notna()])
    )
    assert not (was_idle & ~found.flips["status_after"].str.startswith("涉嫌闲置")).any()


def test_judging_some_of_the_parcels_gives_what_judging_all_gives():
    basis = basis_of(mixed())
    whole = judged(basis)
    some = judged(dataclasses.replace(basis, parcels=basis.parcels.iloc[[1, 4, 7]]))
    assert some.status["status"].tolist() == whole.status["status"].iloc[[1, 4, 7]].tolist()
    kept = whole.findings[whole.findings["unit_id"].isin(some.status.index)].reset_index(drop=True)
    assert_frame_equal(some.findings, kept)


def mixed():
    return make_parcels(
        {**GOOD, "tax_wan_yuan_per_mu": 16.0},
        {**GOOD, "tax_wan_yuan_per_mu": 7.0, "output_wan_yuan_per_mu": 140.0},
        {**GOOD, "tax_wan_yuan_per_mu": 5.0, "contract_tax_wan_yuan_per_mu": 9.0},
        {**GOOD, "tax_wan_yuan_per_mu": 13.0, "investment_wan_yuan_per_mu": 110.0, "output_wan_yuan_per_mu": 290.0},
        {"agreed_start": "2023-12-30"},
        {"agreed_start": "2023-12-31"},
        {"delivered_on": "2022-02-28", "idle_cause": "政府原因"},
        {"agreed_start": "2025-03-01"},
        {"is_industrial": None, "area_mu": None},
        {"actual_start": "2021-01-01", "suspended_on": "2023-10-01", "built_area_m2": 330.0, "buildable_area_m2": 1000.0,
         "invested_wan_yuan": 26.0, "planned_investment_wan_yuan": 100.0},
    )  # fmt: skip


LAST_YEAR = {"tax_wan_yuan_per_mu": [15.0, 6.0, 4.0, 7.0, *[np.nan] * 6], "output_wan_yuan_per_mu": [400.0, 130.0, 500.0, 140.0, *[np.nan] * 6],
             "investment_wan_yuan_per_mu": [np.nan] * 10}  # fmt: skip


@pytest.mark.parametrize(
    "texts",
    [
        ["dongkou.tax=0:20:5"],
        ["lowuse.tax=0:1:0.5", "dongkou.tax=5:25:10"],
        ["idle.not_started=0:3:1", "idle.handover_years=0:1:1"],
        ["lowuse.hits_for_candidate=1:3:1", "lowuse.output=0:100%:100%"],
        ["idle.area_share=1/4:1/2:1/12"],
    ],
)
def test_a_grid_is_what_judging_every_step_gives(texts):
    basis = basis_of(mixed(), last_year=LAST_YEAR)
    axes = axes_of(texts, basis)
    made = classes(basis, axes[0], axes[1] if len(axes) == 2 else None)
    for row, one in enumerate(axes[0].values):
        for column, other in enumerate(axes[1].values if len(axes) == 2 else [None]):
            values = {axes[0].rule_id: one} | ({axes[1].rule_id: other} if other is not None else {})
            expected = judged(tried(basis, values, Trial())).status["status"].tolist()
            assert made[:, row, column].tolist() == expected, values
    steps, pairs = grids(basis, axes, basis.rules)
    assert len(steps) == sum(len(axis.values) for axis in axes)
    assert len(pairs) == (len(axes[0].values) * len(axes[1].values) if len(axes) == 2 else 0)
    land = steps[[name for name in steps if name.startswith("area_") and name != "area_mu"]].sum(axis=1)
    assert land.to_numpy() == pytest.approx(steps["area_mu"].to_numpy())


def one(frame, rule_id, parcel="P1"):
    return frame[(frame["rule_id"] == rule_id) & (frame["parcel_id"] == parcel)].iloc[0]


@pytest.mark.parametrize(
    ("value", "band", "side", "told"),
    [
        (15.0, "5%", "正在线上", "增加 0.0001，到 15.0001（全宗约 0.00 万元）"),
        (15.75, "5%", "高于线", "减少 0.75，到 15（全宗约 7.50 万元）"),
        (15.7501, "10%", "高于线", "减少 0.7501，到 15（全宗约 7.50 万元）"),
        (12.0, "20%", "低于线", "增加 3.0001，到 15.0001（全宗约 30.00 万元）"),
        (18.00004, "20%", "高于线", "减少 3，到 15（全宗约 30.00 万元）"),
    ],
)
def test_a_cliff_says_how_far_on_which_side_and_what_would_cross_it(value, band, side, told):
    basis = basis_of(taxed(value))
    found = one(cliffs(basis, judged(basis)), "dongkou.tax")
    assert (found["cliff_band"], found["line_side"], found["to_cross"]) == (band, side, told)
    assert found["is_decisive"]
    assert {found["status_after"], found["status_if"]} == {"达标", "关注"}


@pytest.mark.parametrize("value", [11.9999, 18.0001, None, 0.0])
def test_what_is_further_off_is_no_cliff(value):
    basis = basis_of(taxed(value))
    assert "dongkou.tax" not in set(cliffs(basis, judged(basis))["rule_id"])


def test_a_line_that_does_not_decide_alone_says_so():
    basis = basis_of(taxed(14.5, investment_wan_yuan_per_mu=10.0))
    found = one(cliffs(basis, judged(basis)), "dongkou.tax")
    assert not found["is_decisive"]
    assert found["status_if"] == found["status_after"]


def test_moving_the_county_line_does_not_move_the_low_use_line_that_refers_to_it():
    basis = basis_of(taxed(13.0), last_year={"tax_wan_yuan_per_mu": [1.0]}, overrides={
        "lowuse.tax": {"value": "0.85", "reason": "试"}, "lowuse.hits_for_candidate": {"value": 1, "reason": "试"}})  # fmt: skip
    found = one(cliffs(basis, judged(basis)), "dongkou.tax")
    assert (found["status_after"], found["status_if"]) == ("关注", "达标")


@settings(max_examples=5, deadline=None)
@given(
    tax=st.floats(12, 18),
    last=st.floats(0, 10),
    output=st.floats(240, 360),
    agreed=st.one_of(st.none(), st.floats(20, 40)),
)
def test_a_decisive_cliff_is_one_when_the_value_itself_is_moved(tax, last, output, agreed):
    more = {"output_wan_yuan_per_mu": output, "contract_tax_wan_yuan_per_mu": agreed}
    before = {"tax_wan_yuan_per_mu": [last], "output_wan_yuan_per_mu": [last * 20]}
    basis = basis_of(taxed(tax, **more), last_year=before)
    found = cliffs(basis, judged(basis))
    for row in found[found["rule_id"] == "dongkou.tax"].to_dict("records"):
        goal = float(row["to_cross"].split("到 ")[1].split("（")[0])
        lines = {rule: name for rule, name in found[["rule_id", "to_cross"]].values if rule == "lowuse.tax"}
        if lines:  # the one figure is close to both lines: moving it may cross both
            continue
        moved = judged(basis_of(taxed(goal, **more), last_year=before))
        assert moved.status["status"].iloc[0] == row["status_if"]


@pytest.mark.parametrize(
    ("agreed", "band", "away", "now", "then"),
    [
        ("2023-12-30", "30日", 0, "涉嫌闲置(未动工)", "逾期未动工预警"),
        ("2023-12-31", "30日", 1, "逾期未动工预警", "涉嫌闲置(未动工)"),
        ("2024-02-29", "60日", 60, "逾期未动工预警", "涉嫌闲置(未动工)"),
        ("2023-10-01", "90日", -90, "涉嫌闲置(未动工)", "逾期未动工预警"),
    ],
)
def test_a_day_that_is_near_is_a_cliff_in_days(agreed, band, away, now, then):
    basis = basis_of(make_parcels({"agreed_start": agreed}))
    found = one(cliffs(basis, judged(basis)), "idle.not_started")
    assert (found["cliff_band"], found["days_to_line"]) == (band, away)
    assert (found["status_after"], found["status_if"], found["is_decisive"]) == (now, then, True)


def test_the_two_year_line_changes_the_route_and_not_the_class():
    late = {"agreed_start": "2023-01-15", "idle_cause": "企业自身原因", "price_wan_yuan": 100.0}
    basis = basis_of(make_parcels(late))
    found = one(cliffs(basis, judged(basis)), "idle.takeback_years")
    assert (found["days_to_line"], found["is_decisive"]) == (16, False)
    assert "无偿收回" in found["route_if"]


def test_a_day_that_changes_nothing_is_no_cliff():
    used = {"agreed_start": "2023-12-31", "actual_start": "2022-06-30", "actual_completion": "2023-01-10", **{
        "production_started_on": "2023-06-30"}}  # fmt: skip
    basis = basis_of(make_parcels(used))
    assert not cliffs(basis, judged(basis))["days_to_line"].notna().any()


def test_no_rule_of_the_county_and_nothing_near_is_an_empty_list():
    basis = basis_of(make_parcels({}), dt.date(2015, 12, 31))
    assert list(cliffs(basis, judged(basis))["rule_id"]) == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"dongkou.taxx": "18"}, ("没有这条规则", "dongkou.tax", "--set dongkou.taxx=18")),
        ({"dongkou.tax": "很高"}, ("应为数", "很高")),
        ({"dongkou.tax": "-3"}, ("不能为负",)),
    ],
)
def test_a_value_that_cannot_be_tried_is_refused_with_its_place(values, words):
    with pytest.raises(ConfigurationError) as caught:
        tried(basis_of(taxed(10.0)), values, Trial(values))
    assert all(word in str(caught.value) for word in words)
    assert "landeval.toml" not in str(caught.value)


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (["dongkou.tax"], "E634"),
        (["dongkou.tax=10:20"], "E634"),
        (["dongkou.tax=20:10:1"], "E634"),
        (["dongkou.tax=10:20:0"], "E634"),
        (["dongkou.tax=a:b:c"], "E634"),
        (["idle.negotiated=1:2:1"], "E634"),
        (["dongkou.tax=1:2:1", "dongkou.tax=1:3:1"], "E634"),
        (["dongkou.taxx=1:2:1"], "E602"),
        (["lowuse.tax=10:50:10"], "E601"),
        (["idle.area_share=10:30:10"], "E601"),
        (["dongkou.tax=0:1000:1"], "E635"),
        (["dongkou.tax=0:30:1", "lowuse.tax=0:1:0.05"], "E635"),
        (["dongkou.tax=1:2:1", "lowuse.tax=0:1:1", "lowuse.output=0:1:1"], "E635"),
    ],
)
def test_a_grid_that_cannot_be_made_is_refused(texts, code):
    with pytest.raises(ConfigurationError) as caught:
        axes_of(texts, basis_of(taxed(10.0)))
    assert caught.value.code == code


def test_full_width_signs_are_read_as_people_mean_them():
    assert pairs_of(["dongkou.tax＝１８"], "--set", "") == {"dongkou.tax": "18"}
    basis = tried(basis_of(taxed(10.0)), {"lowuse.tax": "40%"}, Trial())
    assert basis.rules["lowuse.tax"].value == Fraction(2, 5)
    assert "试算" in basis.rules["lowuse.tax"].override


def test_a_trial_changes_neither_the_basis_nor_its_frames():
    basis = basis_of(mixed(), last_year=LAST_YEAR)
    before = {name: frame.copy() for name, frame in basis.frames().items()}
    new = tried(basis, {"dongkou.tax": "18"}, Trial(as_of=dt.date(2025, 6, 30)))
    cliffs(new, judged(new))
    assert basis.rules["dongkou.tax"].value == 15
    for name, frame in basis.frames().items():
        assert_frame_equal(frame, before[name])
    assert pd.Timestamp(new.as_of) == pd.Timestamp("2025-06-30")
