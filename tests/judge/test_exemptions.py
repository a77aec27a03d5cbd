"""The register of exemptions: what holds, what does not, and that it changes no figure."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from frames import codes, make_parcels, make_register, verdict
from hypothesis import given, settings
from hypothesis import strategies as st

from landeval.errors import ConfigurationError
from landeval.judge.exemption_rows import SCOPES, scopes_in
from landeval.standards.rules import rulebook
from landeval.vocabulary.exemptions import kinds

LOW = {
    "actual_start": "2015-01-01",
    "investment_wan_yuan_per_mu": 100.0,
    "output_wan_yuan_per_mu": 10.0,
    "tax_wan_yuan_per_mu": 1.0,
}
LAST = {"output_wan_yuan_per_mu": 10.0, "tax_wan_yuan_per_mu": 1.0}
GOOD = {"exemption_evidence": "虚构政函1号", "exemption_until": "2025-12-31"}


def register(*rows):
    """Build a register tied to parcels: each row names its ``parcel_id``."""
    made = make_register(
        *[{name: value for name, value in row.items() if name != "parcel_id"} for row in rows]
    )
    ids = pd.Series([row.get("parcel_id") for row in rows], dtype="object")
    return made.assign(parcel_id=ids, exemption_tied_by="宗地代码", exemption_why="")


def judged(land, *rows, **more):
    last = {name: [value] * len(land) for name, value in LAST.items()}
    return verdict(land, last_year=last, register=register(*rows) if rows else None, **more)


def told(judgement):
    return codes(pd.concat(judgement.issues))


def test_every_kind_is_a_rule_and_every_rule_of_a_kind_has_words():
    book = rulebook(dt.date(2024, 12, 31))
    ruled = {name.removeprefix("exemption.") for name in book if name.startswith("exemption.")}
    assert ruled == {*kinds(), "needs_end", "expiry_days"}
    for name in kinds():
        rule = book[f"exemption.{name}"]
        assert scopes_in(str(rule.value))
        assert "应有：" in rule.reading
        assert rule.basis == "proposal"
    listed = str(book["exemption.needs_end"].value).split("、")
    assert set(listed) <= {book[f"exemption.{name}"].label for name in kinds()}
    idle = [name for name in kinds() if "闲置" in str(book[f"exemption.{name}"].value)]
    assert idle == ["cleared"], "法律没有别的例外"


@pytest.mark.parametrize(
    ("row", "code", "why"),
    [
        ({"exemption_evidence": None}, "E406", "应有：研发机构认定文件文号"),
        ({"exemption_until": "2024-12-30"}, "E405", "已于 2024-12-30 到期"),
        ({"exemption_from": "2025-01-01"}, "E423", "自 2025-01-01 起，尚未生效"),
        ({"exemption_from": "2026-01-01"}, "E412", "起始日期晚于截止日期"),
        ({"unsure_dates": "exemption_until "}, "E412", "无法识别"),
        ({"exemption_scope": "部分"}, "E427", "豁免范围无法识别：部分"),
        ({"exemption_scope": "闲置"}, "E426", "没有这类豁免"),
        ({"exemption_kind": "历史遗留", "exemption_until": None}, "E425", "历史遗留须有截止日期"),
    ],
)
def test_what_does_not_hold_is_told_and_changes_nothing(row, code, why):
    land = make_parcels(LOW)
    without = judged(land)
    given = judged(land, {"parcel_id": "P1", "exemption_kind": "研发"} | GOOD | row)
    assert told(given) == sorted([*told(without), code])
    assert why in given.exemptions["exemption_why"].iloc[0]
    assert not given.exemptions["exemption_holds"].any()
    pd.testing.assert_frame_equal(given.status, without.status)
    pd.testing.assert_frame_equal(given.findings, without.findings)


@pytest.mark.parametrize(
    ("day", "holds"), [("2024-12-30", False), ("2024-12-31", True), ("2025-01-01", True), (None, True)]
)
def test_the_last_day_is_within(day, holds):
    given = judged(
        make_parcels(LOW), {"parcel_id": "P1", "exemption_kind": "公用设施"} | GOOD | {"exemption_until": day}
    )
    assert (given.status["status"].iloc[0] == "豁免") is holds


@pytest.mark.parametrize(("day", "holds"), [("2024-12-31", True), ("2025-01-01", False)])
def test_the_first_day_is_within(day, holds):
    given = judged(
        make_parcels(LOW), {"parcel_id": "P1", "exemption_kind": "研发", "exemption_from": day} | GOOD
    )
    assert (given.status["status"].iloc[0] == "豁免") is holds


@pytest.mark.parametrize(
    ("days", "due"), [(30, "30 日内到期"), (31, "60 日内到期"), (61, "90 日内到期"), (91, "")]
)
def test_the_end_is_announced(days, due):
    until = pd.Timestamp(2024, 12, 31) + pd.Timedelta(days=days)
    given = judged(
        make_parcels(LOW), {"parcel_id": "P1", "exemption_kind": "研发"} | GOOD | {"exemption_until": until}
    )
    row = given.exemptions.iloc[0]
    assert (row["exemption_days_left"], row["exemption_due"]) == (days, due)
    assert (f"还有 {days} 天" in given.status["reasons"].iloc[0]) is bool(due)


def test_a_scope_narrows_and_widens_but_never_to_the_idle_law():
    land = make_parcels(LOW, LOW, LOW, {"agreed_start": "2020-01-01"})
    given = judged(
        land,
        {"parcel_id": "P1", "exemption_kind": "研发", "exemption_scope": "亩均"} | GOOD,
        {"parcel_id": "P2", "exemption_kind": "研发", "exemption_scope": "低效"} | GOOD,
        {"parcel_id": "P3", "exemption_kind": "异地纳税", "exemption_scope": "低效和亩均"} | GOOD,
        {"parcel_id": "P4", "exemption_kind": "其他", "exemption_scope": "全部"} | GOOD,
    )
    assert given.status["status"].tolist() == ["低效候选", "关注", "豁免", "涉嫌闲置(未动工)"]
    assert given.exemptions["exemption_effect"].tolist() == [
        "亩均",
        "低效",
        "低效、亩均",
        "低效、亩均、产值、税收",
    ]
    assert told(given).count("E426") == 1
    findings = given.findings.set_index(["unit_id", "rule_id"])["verdict"]
    assert findings["P1", "dongkou.tax"] == findings["P2", "lowuse.tax"] == "不适用"
    assert findings["P1", "lowuse.tax"] == findings["P2", "dongkou.tax"] == "不达标"


def test_several_exemptions_of_a_parcel_add_up_and_the_widest_is_named_first():
    rows = (
        {
            "parcel_id": "P1",
            "exemption_kind": "异地纳税",
            "exemption_evidence": "税函1号",
            "exemption_until": "2025-12-31",
        },
        {"parcel_id": "P1", "exemption_kind": "研发", "exemption_evidence": "科认1号"},
        {
            "parcel_id": "P1",
            "exemption_kind": "历史遗留",
            "exemption_evidence": "会纪1号",
            "exemption_until": "2020-01-01",
        },
    )
    given = judged(make_parcels(LOW), *rows)
    reason = given.status["reasons"].iloc[0]
    assert reason.index("研发") < reason.index("税函1号")
    assert "会纪1号" not in reason
    tax = given.findings.set_index("rule_id").loc["dongkou.tax"]
    assert tax["reason"] == "豁免：研发机构（研发）（依据 科认1号）"
    assert len(given.exemptions) == 3


def test_a_row_without_parcel_stays_in_the_table():
    row = {"parcel_id": None, "exemption_kind": "研发"} | GOOD
    given = verdict(make_parcels(LOW), register=register(row).assign(exemption_why="编号在宗地表中找不到"))
    assert given.exemptions["exemption_why"].tolist() == ["编号在宗地表中找不到"]
    assert not given.exemptions["exemption_holds"].any()


def test_the_bureau_can_change_what_a_kind_exempts_from_with_a_reason_that_is_shown():
    change = {"exemption.other": {"value": "闲置、低效、亩均", "reason": "虚构县政府令1号"}}
    row = {"parcel_id": "P1", "exemption_kind": "其他"} | GOOD
    given = judged(make_parcels({"agreed_start": "2020-01-01"}), row, overrides=change)
    assert given.status["status"].tolist() == ["豁免"]
    assert "虚构县政府令1号" in given.status["clause"].iloc[0]
    for name, value in (("other", "部分"), ("expiry_days", "三十")):
        with pytest.raises(ConfigurationError):
            judged(make_parcels(LOW), row, overrides={f"exemption.{name}": {"value": value, "reason": "试"}})


KIND = st.sampled_from(
    [
        "公用设施", "研发", "物流", "异地纳税", "政府原因", "历史遗留", "经调查不属闲置", "建设期", "投产过渡期", "其他",
        "领导同意", None,
    ]
)  # fmt: skip
DAY = st.dates(dt.date(2023, 1, 1), dt.date(2026, 12, 31)).map(pd.Timestamp)
ROW = st.fixed_dictionaries(
    {
        "parcel_id": st.sampled_from(["P1", "P2", "P3", None]),
        "exemption_kind": KIND,
        "exemption_evidence": st.sampled_from(["虚构文1号", "虚构文2号", None]),
        "exemption_from": st.one_of(st.none(), DAY),
        "exemption_until": st.one_of(st.none(), DAY),
        "exemption_scope": st.sampled_from([None, None, "全部", "低效", "亩均", "闲置", "税收", "部分"]),
    }
)
LAND = make_parcels(
    LOW | {"production_started_on": "2022-06-01"},
    {"agreed_start": "2023-01-01", "price_wan_yuan": 100.0},
    LOW | {"investment_wan_yuan_per_mu": 300.0, "output_wan_yuan_per_mu": 400.0, "tax_wan_yuan_per_mu": 20.0},
)
BARE = judged(LAND)


@settings(max_examples=12)
@given(st.lists(ROW, min_size=1, max_size=6))
def test_an_exemption_changes_classes_and_reasons_but_no_figure(rows):
    given = judged(LAND, *rows)
    same = ["unit_id", "rule_id", "value", "operator", "threshold", "evidence"]
    pd.testing.assert_frame_equal(given.findings[same], BARE.findings[same])
    switched = given.findings["verdict"] != BARE.findings["verdict"]
    assert (given.findings.loc[switched, "verdict"] == "不适用").all()
    assert given.findings.loc[switched, "reason"].str.startswith("豁免：").all()
    holding = given.exemptions[given.exemptions["exemption_holds"].astype(bool)]
    free = LAND.index.isin(holding["parcel_id"])
    pd.testing.assert_frame_equal(
        given.status[~free].drop(columns="priority"), BARE.status[~free].drop(columns="priority")
    )
    assert (
        given.status.loc[given.status["status"] != BARE.status["status"], "reasons"].str.contains("豁免：")
    ).all()
    idle = holding[holding["exemption_effect"].str.contains("闲置")]["parcel_id"]
    assert ("P2" in set(idle)) == (given.status.loc["P2", "status"] == "豁免")
    assert (holding["exemption_evidence"].notna()).all()


@settings(max_examples=8)
@given(st.lists(ROW, min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows, random):
    placed = [row | {"source_row": at} for at, row in enumerate(rows, start=3)]
    first = judged(LAND, *placed)
    random.shuffle(placed)
    second = judged(LAND, *placed)
    for one, other in zip(first[:2], second[:2], strict=True):
        pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(first.exemptions, second.exemptions)
    assert told(first) == told(second)


@settings(max_examples=8)
@given(st.lists(ROW, min_size=1, max_size=5))
def test_an_expired_register_is_as_good_as_none(rows):
    gone = [row | {"exemption_until": pd.Timestamp(2024, 12, 30), "exemption_from": None} for row in rows]
    given = judged(LAND, *gone)
    pd.testing.assert_frame_equal(given.status, BARE.status)
    pd.testing.assert_frame_equal(given.findings, BARE.findings)
    assert not given.exemptions["exemption_holds"].any()
    assert np.isnan(given.exemptions["exemption_days_left"]).all()


def test_scopes_are_read_as_written():
    assert scopes_in("全部") == frozenset(SCOPES)
    assert scopes_in("不评价亩均指标") == {"亩均"}
    assert scopes_in("低效用地、税收") == {"低效", "税收"}
    assert scopes_in("亩均（部分）") is None
    assert scopes_in("、") is None
