"""One class a parcel; unknown is neither good nor bad; the candidates are numbered without gaps."""

import datetime as dt

import pandas as pd
import pytest
from frames import codes, make_parcels, verdict
from hypothesis import given, settings
from hypothesis import strategies as st

from landeval.errors import ConfigurationError
from landeval.judge.causes import cause_of
from landeval.judge.priority import PARTS
from landeval.result import CANDIDATES, MONEY, RATIOS, STATUSES

ORDER = {"低效候选": 0, "关注": 1, "达标": 2}
DAY = st.dates(dt.date(2018, 1, 1), dt.date(2026, 12, 31)).map(pd.Timestamp)
MAYBE = st.one_of(st.none(), DAY)
RATIO = st.one_of(st.none(), st.floats(0, 500).map(lambda value: round(value, 2)))
LAND = st.fixed_dictionaries(
    {
        "agreed_start": MAYBE,
        "delivered_on": MAYBE,
        "actual_start": MAYBE,
        "suspended_on": MAYBE,
        "actual_completion": MAYBE,
        "agreed_completion": MAYBE,
        "built_area_m2": st.sampled_from([None, 0.0, 1000.0, 999.0]),
        "buildable_area_m2": st.sampled_from([None, 0.0, 3000.0]),
        "invested_wan_yuan": st.sampled_from([None, 24.0, 25.0]),
        "planned_investment_wan_yuan": st.sampled_from([None, 100.0]),
        "idle_cause": st.sampled_from([None, "企业原因", "政府原因", "待认定"]),
        "idle_decision_no": st.sampled_from([None, None, "认字1号"]),
        "exemption_reason": st.sampled_from([None, None, "公用设施"]),
        "exemption_evidence": st.sampled_from([None, "文1号"]),
        "price_wan_yuan": st.sampled_from([None, 100.0]),
        "is_industrial": st.sampled_from([True, True, False, None]),
        "is_new_industrial": st.sampled_from([True, False, None]),
        **dict.fromkeys(RATIOS, RATIO),
    }
)
LANDS = st.lists(LAND, min_size=1, max_size=6)


@settings(max_examples=8)
@given(LANDS)
def test_whatever_is_written_every_parcel_has_one_class_with_reason_and_clause(rows):
    judged = verdict(make_parcels(*rows))
    status = judged.status
    assert status["status"].isin(STATUSES).all()
    assert (status["reasons"] != "").all()
    cited = ~status["status"].isin(["豁免", "资料不足"])
    assert (status.loc[cited, "clause"] != "").all()
    routed = status["route"] != ""
    assert (status.loc[routed, "route_clause"] != "").all()
    assert (routed == status["status"].isin((*CANDIDATES, "逾期未动工预警"))).all()
    numbers = sorted(status.loc[status["is_candidate"], "priority"])
    assert numbers == list(range(1, len(numbers) + 1))
    fee = status["fee_wan_yuan"].notna()
    assert (status.loc[fee, "cause"] == "企业原因").all()
    assert not (fee & (status["status"] == "涉嫌闲置(中止开发)")).any()
    assert (status.loc[status["status"] == "闲置(已认定)"].index.isin(
        [f"P{i}" for i, row in enumerate(rows, start=1) if row["idle_decision_no"]]
    )).all()  # fmt: skip


@settings(max_examples=8)
@given(LANDS)
def test_each_parcel_is_judged_by_itself(rows):
    together = verdict(make_parcels(*rows)).status.drop(columns="priority")
    for number, row in enumerate(rows, start=1):
        alone = verdict(make_parcels(row | {"parcel_code": f"P{number}"})).status.drop(columns="priority")
        pd.testing.assert_frame_equal(alone, together.loc[[f"P{number}"]])


@settings(max_examples=8)
@given(LAND, st.floats(0, 100), st.floats(0, 100), st.floats(0.01, 100))
def test_more_tax_never_worsens_the_class(row, tax, last, more):
    row = row | {"is_industrial": True, "suspended_on": None, "actual_start": pd.Timestamp("2015-01-01")}
    classes = [
        verdict(
            make_parcels(row | {"tax_wan_yuan_per_mu": tax + extra}), last_year={"tax_wan_yuan_per_mu": [last]}
        ).status["status"].iloc[0]
        for extra in (0, more)
    ]  # fmt: skip
    if classes[0] in ORDER and classes[1] in ORDER:
        assert ORDER[classes[1]] >= ORDER[classes[0]]


@settings(max_examples=8)
@given(LAND, st.dates(dt.date(2018, 1, 1), dt.date(2030, 1, 1)), st.integers(1, 900))
def test_time_alone_never_un_idles_a_parcel(row, day, later):
    """Where nothing is dated after the first day, a later day of judgement keeps an idle parcel idle."""
    nothing_after = {
        name: None for name, value in row.items() if isinstance(value, pd.Timestamp) and value.date() > day
    }
    land = make_parcels(row | nothing_after | {"exemption_reason": None})
    first, second = (
        verdict(land, when).status["status"].iloc[0] for when in (day, day + dt.timedelta(later))
    )
    if "闲置" in first:
        assert second == first


@settings(max_examples=8)
@given(LAND)
def test_unknown_money_is_never_good_nor_low(row):
    row = row | dict.fromkeys((*MONEY, *RATIOS)) | {"is_industrial": True}
    assert verdict(make_parcels(row)).status["status"].iloc[0] not in ("达标", "低效候选", "关注")


def test_candidates_are_ranked_by_a_score_whose_parts_add_up():
    low = {"actual_start": "2015-01-01", "tax_wan_yuan_per_mu": 1.0, "investment_wan_yuan_per_mu": 1.0}
    land = make_parcels(
        low, low | {"area_mu": 20.0}, {"agreed_start": "2022-01-01"}, {"agreed_start": "2021-01-01"},
        {"agreed_start": "2023-01-01", "idle_decision_no": "认字1号", "area_mu": 100.0}, {"actual_start": "2015-01-01"},
    )  # fmt: skip
    judged = verdict(land, last_year={"tax_wan_yuan_per_mu": [1.0] * 6}).status
    assert judged["priority"].fillna(0).tolist() == [5, 4, 3, 2, 1, 0]
    scored = judged[judged["is_candidate"]]
    assert scored[list(PARTS)].sum(axis=1).round(2).tolist() == scored["priority_score"].tolist()
    assert scored["priority_score"].tolist() == [28.0, 30.0, 52.99, 57.99, 69.99]
    assert scored["score_unknown"].tolist() == ["", "", "税收差距", "税收差距", "税收差距"]
    assert judged.loc["P6", [*PARTS, "priority_score"]].isna().all()


def test_no_parcel_has_an_enterprise():
    judged = verdict(make_parcels({}, {"agreed_start": "2022-01-01"}))
    assert judged.status["status"].tolist() == ["资料不足", "涉嫌闲置(未动工)"]


def test_no_parcel_at_all():
    judged = verdict(make_parcels({}).head(0))
    assert len(judged.status) == 0


def test_the_share_that_is_missing_is_not_called_sufficient():
    land = make_parcels(
        {
            "actual_start": "2020-01-01",
            "suspended_on": "2021-01-01",
            "built_area_m2": 1.0,
            "buildable_area_m2": 100.0,
        }
    )
    judged = verdict(land)
    assert judged.status["status"].tolist() == ["涉嫌闲置(中止开发)"]
    assert "E407" not in codes(pd.concat(judged.issues))
    assert "已投资额" in judged.status["missing"].iloc[0]


def test_statutory_years_must_be_whole():
    with pytest.raises(ConfigurationError, match="整数"):
        verdict(
            make_parcels({"agreed_start": "2022-01-01"}),
            overrides={"idle.not_started": {"value": 0.5, "reason": "试"}},
        )


def test_an_overridden_fraction_is_what_the_reason_says():
    land = make_parcels(
        {"actual_start": "2020-01-01", "suspended_on": "2021-01-01", "built_area_m2": 30.0, "buildable_area_m2": 100.0,
         "invested_wan_yuan": 50.0, "planned_investment_wan_yuan": 100.0}
    )  # fmt: skip
    judged = verdict(land, overrides={"idle.area_share": {"value": "3/10", "operator": "<=", "reason": "试"}})
    assert "不足 0.3或" in judged.status["reasons"].iloc[0]
    assert (
        verdict(land, overrides={"idle.area_share": {"value": "3/10", "reason": "试"}})
        .status["status"]
        .iloc[0]
        != "涉嫌闲置(中止开发)"
    )


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("政府原因", "政府原因或不可抗力"), ("规划调整", "政府原因或不可抗力"), ("文物勘探", "政府原因或不可抗力"),
        ("企业原因", "企业原因"), ("资金链断裂", "企业原因"), ("受让人变更", "企业原因"),
        ("非企业原因", "待认定"), ("企业原因（待核实）", "待认定"), ("企业不符合产业政策", "待认定"),
        ("不属政府原因", "待认定"), ("原因不明", "待认定"), ("", "待认定"), (None, "待认定"), ("拆迁", "待认定"),
    ],
)  # fmt: skip
def test_unknown_is_never_a_partys_fault(text, cause):
    assert cause_of(pd.Series([text], dtype="object")).tolist() == [cause]


def test_evidence_of_two_years_names_both():
    judged = verdict(make_parcels({"actual_start": "2015-01-01", "tax_wan_yuan_per_mu": 1.0}))
    rows = judged.findings.set_index("rule_id")["evidence"]
    assert "；上年：" in rows["lowuse.tax"]
    assert "；上年：" not in rows["lowuse.investment"]


def test_a_term_in_months_is_counted_in_months():
    row = {"actual_start": "2015-01-01", "production_status": "停产", "stopped_production_on": "2023-10-01"}
    row |= dict.fromkeys(RATIOS, 0.0)
    for months, verdict_of_it in ((12, "不达标"), (14, "不达标"), (15, "达标"), (18, "达标")):
        change = {"lowuse.stopped": {"value": months, "reason": "试"}}
        found = (
            verdict(make_parcels(row), overrides=change).findings.set_index("rule_id").loc["lowuse.stopped"]
        )
        assert found["verdict"] == verdict_of_it, months
        assert f"满 {months} 个月" in found["reason"]


def test_a_year_of_figures_does_not_tell_of_a_longer_term():
    row = {"actual_start": "2015-01-01", "output_wan_yuan_per_mu": 0.0}
    change = {"lowuse.stopped": {"value": 24, "reason": "试"}}
    judged = verdict(make_parcels(row), last_year={"output_wan_yuan_per_mu": [300.0]}, overrides=change)
    assert judged.findings.set_index("rule_id").loc["lowuse.stopped", "verdict"] == "无法判定"


def test_the_share_of_the_fee_is_written_exactly():
    row = {"agreed_start": "2023-06-01", "idle_cause": "企业原因", "price_wan_yuan": 100.0}
    judged = verdict(make_parcels(row), overrides={"idle.fee_rate": {"value": "1/8", "reason": "试"}})
    assert "价款的 12.5%，12.5 万元" in judged.status["route"].iloc[0]
