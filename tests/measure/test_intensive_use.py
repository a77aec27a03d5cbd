"""The type of a zone by the recorded ones, potentials that are never negative, and sums that own up to what they lack."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from frames import make_parcels
from hypothesis import given, settings
from hypothesis import strategies as st
from index_frames import GOOD, make_index, make_written, node

from landeval.index import NOT_SPLIT, Land, index_of
from landeval.intensive_use import STRENGTH, YEARS
from landeval.measure.intensive_use import zone_type
from landeval.measure.land_status import settled, summed
from landeval.project import Indexing
from landeval.standards.index_indicators import INDUSTRIAL, MIXED
from landeval.standards.intensive_use import shipped_index
from landeval.standards.rules import rulebook
from landeval.vocabulary.land_status import GROWTH, MAIN

AS_OF = dt.date(2024, 12, 31)
RECORDED = (  # 海林2012, 宾西2012, 宾西2013: A, A2, A1 in 公顷, and the type that was stored
    (110.89, 61.35, 7.49, INDUSTRIAL),
    (646.27, 476.47, 3.23, INDUSTRIAL),
    (771.29, 548.92, 3.23, INDUSTRIAL),
)


@pytest.mark.parametrize(("built", "industry", "housing", "kind"), RECORDED)
def test_recorded_zones(built, industry, housing, kind):
    assert zone_type(pd.Series({"A": built, "A2": industry, "A1": housing}), shipped_index())[0] == kind


def test_a_record_that_contradicts_the_rule_is_a_case_for_the_setting():
    """利民2013: stored as 产城融合型 although 53.4% and 17.8% make it 工业主导型."""
    figures = {"A": 1274.68, "A2": 680.74, "A1": 226.32}
    assert zone_type(pd.Series(figures), shipped_index())[0] == INDUSTRIAL
    index, _ = make_index(figures, zone_type=MIXED)
    assert index.zone_type == MIXED
    assert "设置指定；按占比为工业主导型" in index.type_why


@pytest.mark.parametrize(
    ("industry", "housing", "kind"),
    [(30, 10, MIXED), (30.01, 10, INDUSTRIAL), (60, 25, MIXED), (60, 24.99, INDUSTRIAL), (20, np.nan, MIXED),
     (np.nan, 40, MIXED), (np.nan, 10, ""), (60, np.nan, "")],
)  # fmt: skip
def test_the_limits_are_strict_and_unknown_decides_nothing(industry, housing, kind):
    assert zone_type(pd.Series({"A": 100.0, "A2": industry, "A1": housing}), shipped_index())[0] == kind


def test_without_a_type_nothing_is_scored_and_it_is_told():
    index, told = make_index({"A": 100, "E1": 1, "E21": 2, "E22": 3})
    assert (index.zone_type, index.whole) == ("", None)
    assert told["code"].tolist() == ["E516", "E515"]
    assert potential(index, "扩展潜力")["potential_value"] == 6
    assert "开发区类型未定" in potential(index, "结构潜力")["index_note"]


def potential(index, name, region=MAIN):
    rows = index.potentials
    return rows[(rows["potential_name"] == name) & (rows["index_region"] == region)].iloc[0]


def test_potentials_by_hand():
    index, _ = make_index(GOOD)
    found = {row["potential_name"]: row["potential_value"] for row in index.potentials.to_dict("records")}
    assert found == pytest.approx(
        {"扩展潜力": 15, "其中工矿仓储用地": 10, "结构潜力": 0, "工业用地综合容积率": 0, "工业用地建筑系数": 60 * (40 - 30) / 40,
         "工业用地固定资产投入强度": 60 * 750 / 3750, "工业用地地均税收": 60 * 45 / 225, "管理潜力": 1.5,
         "按前三年平均供地": 3, "按近五年最多供地": 1.5}
    )  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(GOOD)), st.floats(0, 1e7), max_size=8))
def test_no_potential_is_negative(figures):
    index, _ = make_index(GOOD | figures, zone_type=INDUSTRIAL)
    assert not (index.potentials["potential_value"] < 0).any()


@pytest.mark.parametrize("code", ["E21", "D22", "G1", "S2", "A2"])
def test_a_missing_figure_leaves_its_potentials_unknown_and_names_itself(code):
    index, _ = make_index({key: value for key, value in GOOD.items() if key != code}, zone_type=INDUSTRIAL)
    unknown = index.potentials[index.potentials["potential_value"].isna()]
    assert len(unknown)
    assert unknown["index_note"].str.contains(code).all()


def test_no_supply_means_no_number_of_years():
    index, _ = make_index(GOOD | dict.fromkeys(("S1", "S2", "S3", "S4", "S5"), 0))
    years = index.potentials[index.potentials["potential_view"] == YEARS]
    assert years["potential_value"].isna().all()
    assert years["index_note"].eq("这几年没有供地，无法计算").all()


def test_the_mixed_type_has_no_potential_of_industry():
    index, _ = make_index(GOOD | {"A1": 40})
    rows = index.potentials[index.potentials["potential_view"] == STRENGTH]
    assert rows["potential_value"].isna().all()
    assert rows["index_note"].str.startswith("不适用").all()


def land(*rows, **asked):
    parcels = make_parcels(*({"land_use": "工业用地", "area_mu": 15.0} | row for row in rows))
    status = pd.DataFrame({"status": "达标", "route": ""}, index=parcels.index)
    for name in ("status", "route"):
        status[name] = [row.get(name, status[name].iloc[0]) for row in rows]
    return Land(pd.DataFrame(parcels), status, pd.Series(asked.get("is_asked", True), index=parcels.index))


def sums_of(one, year=2024):
    return summed(one.parcels, one.status, one.is_asked, year, AS_OF)


BUILT = {"actual_completion": "2020-01-01", "floor_area_m2": 9_000.0, "footprint_m2": 4_000.0, "investment_wan_yuan": 3_000.0,
         "output_wan_yuan": 1.0, "tax_wan_yuan": 200.0, "signed_on": "2018-01-01"}  # fmt: skip


def test_parcels_that_are_known_add_up():
    found = sums_of(
        land(
            BUILT,
            BUILT | {"area_mu": 30.0, "land_use": "仓储用地", "is_industrial": False},
            {"signed_on": "2024-03-01"},
        )
    )
    assert found["A2"].value == pytest.approx(3)
    assert (found["J3"].value, found["J4"].value, found["Z2"].value) == (18_000, 8_000, 400)
    assert (found["S1"].value, found["S2"].value) == (pytest.approx(1), 0)
    assert not {"A", "D", "B21", "E1"} & set(found)


def test_one_parcel_whose_money_is_unknown_leaves_the_sum_unknown_with_its_known_part():
    found = sums_of(land(BUILT, BUILT | {"tax_wan_yuan": None}))
    assert np.isnan(found["Z2"].value)
    assert (found["Z2"].known, found["Z2"].unknown) == (200, 1)
    assert found["A2"].value == pytest.approx(2)


def test_a_blank_completion_is_not_built_only_where_it_was_asked_for():
    blank = {"signed_on": "2018-01-01"}
    assert sums_of(land(BUILT, blank))["A2"].value == pytest.approx(1)
    assert np.isnan(sums_of(land(BUILT, blank, is_asked=False))["A2"].value)


def test_only_recognised_idle_land_counts_and_suspected_land_is_told():
    found = sums_of(land({"status": "闲置(已认定)", "route": "无偿收回国有建设用地使用权"}, {"status": "闲置(已认定)", "route": "协商处置"},
                         {"status": "涉嫌闲置(未动工)", "route": "无偿收回"}))  # fmt: skip
    assert (found["G"].value, found["G1"].value) == (pytest.approx(2), pytest.approx(1))
    assert "涉嫌闲置的 1.0000 公顷没有计入" in found["G"].how


def test_the_table_wins_and_the_difference_is_told():
    sums = {MAIN: sums_of(land(BUILT, BUILT))}
    figures, told = settled(make_written({"A2": 2.5, "Z2": 400}), sums, "")
    rows = figures[figures["index_region"] == MAIN].set_index("status_code")
    assert rows.loc["A2", ["status_value", "status_summed", "status_difference"]].tolist() == pytest.approx(
        [2.5, 2, 0.5]
    )
    assert told["code"].tolist() == ["E512"]
    assert "按宗地汇总 2" in rows.loc["A2", "status_how"]
    assert (rows.loc["J3", "status_value"], rows.loc["A", "status_how"]) == (18_000, "未知：数据表空白")
    assert rows.loc["J3", "status_how"].startswith("按宗地汇总：")


def test_a_table_below_the_known_part_of_a_sum_is_told():
    sums = {MAIN: sums_of(land(BUILT, BUILT | {"tax_wan_yuan": None}))}
    assert settled(make_written({"Z2": 150}), sums, "")[1]["code"].tolist() == ["E512"]
    assert not len(settled(make_written({"Z2": 250}), sums, "")[1])


def test_parcels_are_summed_by_region_only_where_they_can_be_told_apart():
    one = land(BUILT, BUILT | {"community_name": "虚构新区", "area_mu": 60.0})
    index, _ = make_index({"A": 100, "A1": 1}, {"A": 5}, land=one)
    assert NOT_SPLIT in figure(index, "A2")["status_how"]
    index, _ = make_index({"A": 100, "A1": 1}, {"A": 5}, land=one, growth_zones=("虚构新区",))
    assert (figure(index, "A2")["status_value"], figure(index, "A2", GROWTH)["status_value"]) == (
        pytest.approx(1),
        pytest.approx(4),
    )


def figure(index, code, region=MAIN):
    rows = index.figures
    return rows[(rows["index_region"] == region) & (rows["status_code"] == code)].iloc[0]


def test_an_index_of_parcels_alone_has_no_score_but_a_range():
    index, _ = make_index({}, land=land(BUILT), zone_type=INDUSTRIAL)
    whole = node(index, "")
    assert np.isnan(whole.index_score)
    assert 0 < whole.index_low < whole.index_high <= 100


def test_a_completion_that_cannot_be_read_is_not_taken_for_unfinished():
    unread = {"signed_on": "2018-01-01", "unsure_dates": "actual_completion "}
    assert np.isnan(sums_of(land(BUILT, unread))["A2"].value)


def test_units_name_the_currency():
    indexing = Indexing(shipped_index())
    index, _ = index_of(indexing, make_written(GOOD), rulebook(AS_OF), file="数据表.xlsx", land=land(BUILT), year=2024,
                        as_of=AS_OF, currency="美元")  # fmt: skip
    assert node(index, "工业用地地均税收").measure_unit == "万美元/公顷"
    assert figure(index, "Z1")["status_unit"] == "万美元"
    assert "万元" not in "".join(index.parcel_potentials["amount_unit"])
