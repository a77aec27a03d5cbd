"""What a parcel lacks of each line: met is zero, unknown is unknown, and what is asked for is just enough."""

import datetime as dt

import numpy as np
import pytest
from frames import make_parcels
from index_frames import AS_OF

from landeval.judge.parcel_potentials import parcel_potentials
from landeval.standards.rules import rulebook

LIMIT = {"contract_plot_ratio_min": 1.0}


def lacking(*rows, overrides=None, added=None, as_of=AS_OF):
    parcels = make_parcels(*({"is_industrial": True} | row for row in rows))
    found = parcel_potentials(parcels, rulebook(as_of, overrides or {}, added or {}))
    return found.set_index(["parcel_id", "rule_id"])


def test_money_that_just_reaches_the_line():
    found = lacking(
        {"area_mu": 10.0, "tax_wan_yuan": 100.0, "output_wan_yuan": 3_000.0, "investment_wan_yuan": 2_500.1}
    )
    gap = found.xs("P1")["gap_amount"]
    assert gap["dongkou.tax"] == pytest.approx(50.0005)
    assert gap["dongkou.output"] == pytest.approx(0.0005)
    assert gap["dongkou.investment"] == 0
    again = lacking({"area_mu": 10.0, "tax_wan_yuan": 100 + gap["dongkou.tax"]}).xs("P1")
    assert (again.loc["dongkou.tax", "gap_amount"], again.loc["dongkou.tax", "reason"]) == (0, "已达到")
    less = lacking({"area_mu": 10.0, "tax_wan_yuan": 100 + gap["dongkou.tax"] - 0.0001}).xs("P1")
    assert less.loc["dongkou.tax", "gap_amount"] == pytest.approx(0.0001)


@pytest.mark.parametrize(
    ("row", "said"),
    [({"area_mu": None, "tax_wan_yuan": 5.0}, "评价面积未知"), ({"tax_wan_yuan": None}, "亩均税收未知")],
)
def test_unknown_land_or_money_is_unknown(row, said):
    found = lacking(row).loc[("P1", "dongkou.tax")]
    assert np.isnan(found["gap_amount"])
    assert found["reason"] == said


@pytest.mark.parametrize(
    ("floor", "tall", "gap", "said"),
    [
        (5_000.0, 0.0, 6_666.67 - 33.34 - 5_000, ""), (3_000.0, 2_000.0, 6_666.67 - 33.34 - 5_000, ""), (5_000.0, 1_700.0, 0, "已达到"),
        (7_000.0, None, 0, "已达到"), (5_000.0, None, np.nan, "层高超过 8 米的建筑面积未知，加倍后还差多少无法计算"),
        (None, None, np.nan, "建筑面积未知"),
    ],
)  # fmt: skip
def test_floor_area_counts_tall_storeys_twice_and_never_guesses_them(floor, tall, gap, said):
    found = lacking({"area_mu": 10.0, "floor_area_m2": floor, "tall_floor_area_m2": tall} | LIMIT)
    row = found.loc[("P1", "lowuse.plot_ratio")]
    assert row["gap_amount"] == pytest.approx(gap, abs=0.02, nan_ok=True)
    assert (row["reason"], row["rule_kind"], row["amount_unit"]) == (said, "约定下限", "㎡")


def test_no_limit_no_number():
    row = lacking({"floor_area_m2": 5_000.0, "tall_floor_area_m2": 0.0}).loc[("P1", "lowuse.plot_ratio")]
    assert np.isnan(row["gap_amount"])
    assert row["reason"].startswith("没有约定容积率下限")


def test_only_industrial_land_and_only_lines_in_force():
    found = lacking({}, {"is_industrial": False}, {"is_industrial": None})
    assert set(found.index.get_level_values("parcel_id")) == {"P1"}
    assert set(lacking({}, as_of=dt.date(2020, 4, 15)).index.get_level_values("rule_id")) <= {
        "lowuse.plot_ratio"
    }


def test_a_line_of_the_bureau_is_one_more():
    change = {"dongkou.tax": {"value": 18, "reason": "虚构", "who": "虚构"}}
    row = lacking({"tax_wan_yuan": 160.0}, overrides=change).loc[("P1", "dongkou.tax")]
    assert row["gap_amount"] == pytest.approx(20.0005)
    assert "虚构" in row["basis"]


def test_new_land_has_a_target_and_other_land_a_reference():
    found = lacking({"is_new_industrial": True}, {"is_new_industrial": False}, {"is_new_industrial": None})
    assert found.xs("dongkou.tax", level=1)["rule_kind"].tolist() == ["目标", "对标参考", "对标参考"]


def test_more_money_never_makes_the_lack_larger():
    rows = [{"parcel_code": f"P{at:02}", "tax_wan_yuan": float(at * 7)} for at in range(40)]
    gaps = lacking(*rows).xs("dongkou.tax", level=1)["gap_amount"].tolist()
    assert gaps == sorted(gaps, reverse=True)
    assert min(gaps) == 0
