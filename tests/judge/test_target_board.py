"""What the board says of a target: unknown is never zero and never behind, and every state has its reason."""

import pandas as pd
import pytest
from target_frames import board_of, of, series

from landeval.board import AHEAD, BEHIND, LATE, MISSED, ON_PATH, OPEN, REACHED, STATES, TRACKED, UNKNOWN
from landeval.standards import targets as plan
from landeval.standards.targets import targets

INCOME = {2020: 152, 2021: 180, 2022: 210, 2023: 250, 2024: 300}
SCALE = "新增规模工业企业"


def test_without_any_actual_nothing_is_judged(tmp_path):
    told = board_of(tmp_path, series("技工贸总收入", {2024: ""}, "亿元"))
    assert len(told.targets) == len(targets().targets)
    assert set(told.targets["target_state"]) == {UNKNOWN, TRACKED}
    assert told.targets[["base_value", "latest_value", "gap_value", "needed_rate"]].isna().all(axis=None)
    figures = told.targets[~told.targets["target_state"].eq(TRACKED)]
    assert (figures["missing"] != "").all()
    assert told.years["year_value"].isna().all()


def test_the_order_of_the_rows_changes_nothing(tmp_path):
    rows = series("技工贸总收入", INCOME, "亿元") + series(SCALE, {2021: 22, 2022: 24, 2023: 19}, "家")
    one, other = board_of(tmp_path, rows), board_of(tmp_path, rows[::-1])
    plain = ["evidence"]
    pd.testing.assert_frame_equal(one.targets.drop(columns=plain), other.targets.drop(columns=plain))
    pd.testing.assert_frame_equal(one.years.drop(columns=plain), other.years.drop(columns=plain))


@pytest.mark.parametrize("lost", [2020, 2021, 2022, 2023, 2024])
def test_a_lost_year_never_turns_a_target_worse(tmp_path, lost):
    good = {year: 152 * 1.25 ** (year - 2020) for year in INCOME}
    told = board_of(tmp_path, series("技工贸总收入", {**good, lost: ""}, "亿元"))
    assert {of(told, "income.level")["target_state"], of(told, "income.growth")["target_state"]} <= {
        AHEAD,
        UNKNOWN,
    }


def test_a_sum_with_an_unknown_year_is_unknown_from_there_and_certain_where_the_rest_is_enough(tmp_path):
    told = board_of(tmp_path, series(SCALE, {2021: 30, 2022: 30, 2024: 30}, "家"))
    line = of(told, "above_scale.total")
    assert (line["latest_year"], line["latest_value"], line["target_state"]) == (2022, 60, UNKNOWN)
    assert "2023" in line["missing"]
    years = told.years[told.years["target_id"] == "above_scale.total"].set_index("year")
    assert years["year_value"].isna().tolist() == [True, False, False, True, True, True]
    enough = of(board_of(tmp_path, series(SCALE, {2021: 60, 2023: 45}, "家")), "above_scale.total")
    assert enough["target_state"] == REACHED


@pytest.mark.parametrize(("value", "state"), [(90, UNKNOWN), (None, UNKNOWN)])
def test_a_level_without_a_base_has_no_path(tmp_path, value, state):
    line = of(board_of(tmp_path, series("技工贸总收入", {2024: value or ""}, "亿元")), "income.level")
    assert (line["target_state"], line["path_value"] != line["path_value"]) == (state, True)


def test_a_line_of_every_year_is_held_against_the_latest(tmp_path):
    name = "新增建设用地指标用于园区工业项目的比例"
    for value, state in ((50, REACHED), (49.99, BEHIND)):
        line = of(board_of(tmp_path, series(name, {2024: value}, "%", "全县")), "quota_share")
        assert (line["target_state"], line["target_object"]) == (state, "全县")
    for value, state in ((15, BEHIND), (15.0001, REACHED)):
        assert (
            of(board_of(tmp_path, series("新增工业用地亩均税收", {2024: value}, "万元/亩")), "new_tax")[
                "target_state"
            ]
            == state
        )


def test_an_old_value_tells_no_state_and_a_value_of_last_year_does(tmp_path):
    rows = {year: INCOME[year] for year in (2020, 2021, 2022)}
    assert (
        of(board_of(tmp_path, series("技工贸总收入", rows, "亿元")), "income.level")["target_state"]
        == UNKNOWN
    )
    told = of(board_of(tmp_path, series("技工贸总收入", {**rows, 2023: 250}, "亿元")), "income.level")
    assert told["target_state"] == BEHIND
    assert "最近一年是 2023 年" in told["target_why"]


def test_a_base_that_has_passed_the_target_has_no_path_back(tmp_path):
    name = "高新技术产业营业收入占比"
    line = of(board_of(tmp_path, series(name, {2020: 50, 2024: 44}, "%")), "hightech_share")
    assert (line["path_value"], line["target_state"]) == (45, BEHIND)


def test_exactly_on_the_path_and_a_rank_without_path(tmp_path):
    rows = series("高新技术产业营业收入占比", {2020: 30, 2024: 42}, "%")
    rows += series("全省省级及以上园区综合排名", {2024: 31}, "名")
    told = board_of(tmp_path, rows)
    assert of(told, "hightech_share")["target_state"] == ON_PATH
    assert of(told, "rank")["target_state"] == OPEN
    after = board_of(tmp_path, series("全省省级及以上园区综合排名", {2025: 31}, "名"), "2025-12-31")
    assert of(after, "rank")["target_state"] == MISSED


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"完成日期": "2021-12-31"}, REACHED),
        ({"完成日期": "2022-01-01"}, LATE),
        ({"年份": 2021, "数值": "是"}, REACHED),
        ({"年份": 2022, "数值": 1}, UNKNOWN),
        ({"年份": 2021, "数值": 0}, MISSED),
        ({"年份": 2020, "数值": "否"}, UNKNOWN),
        ({"年份": 2024}, UNKNOWN),
    ],
)
def test_done_by_a_day(tmp_path, row, state):
    rows = [{"指标": "调区扩区", "单位": "项", **row}, *series("技工贸总收入", {2024: 300}, "亿元")]
    assert of(board_of(tmp_path, rows), "enlarged")["target_state"] == state


def test_a_year_that_has_not_ended_is_not_used(tmp_path):
    rows = series("技工贸总收入", INCOME, "亿元")
    assert of(board_of(tmp_path, rows, "2024-12-30"), "income.level")["latest_year"] == 2023
    assert of(board_of(tmp_path, rows, "2024-12-31"), "income.level")["latest_year"] == 2024


def test_the_county_has_its_own_line_only_where_the_plan_allows_and_the_table_has_it(tmp_path):
    rows = series("全口径税收收入", {2020: 12, 2024: 15}, "亿元", "全县")
    told = board_of(tmp_path, rows).targets
    mine = told[told["target_id"] == "tax.level"].set_index("target_object")
    assert mine["target_state"].to_dict() == {"园区": UNKNOWN, "全县": REACHED}
    assert mine.loc["全县", "reading"].startswith("本行是全县的数")
    assert set(told.loc[told["target_id"] == "income.level", "target_object"]) == {"园区"}


def test_the_runs_own_figure_stands_beside_and_decides_nothing(tmp_path):
    own = pd.DataFrame(
        [
            {
                "own": "new_land.tax",
                "target_object": "园区",
                "year": 2024,
                "value": 20.0,
                "unit": "万元/亩",
                "covers": "九宗",
            }
        ]
    )
    line = of(board_of(tmp_path, series("技工贸总收入", {2024: 300}, "亿元"), own=own), "new_tax")
    assert (line["own_value"], line["own_covers"], line["target_state"]) == (20.0, "九宗", UNKNOWN)
    for written, codes in ((18.5, []), (17, ["E529"])):
        rows = series("新增工业用地亩均税收", {2024: written}, "万元/亩")
        told = board_of(tmp_path, rows, own=own)
        assert (list(told.issues["code"]), of(told, "new_tax")["latest_value"]) == (codes, written)


def test_the_base_year_is_told_to_be_a_proposal_unless_the_bureau_sets_it(tmp_path):
    rows = series("技工贸总收入", INCOME, "亿元")
    assert "基期是建议" in of(board_of(tmp_path, rows), "income.level")["basis"]
    own = of(board_of(tmp_path, rows, base_year=2021), "income.level")
    assert (own["base_year"], own["base_value"], own["basis"]) == (2021, 180, "见原文")


def test_states_and_offices_are_known_words(tmp_path):
    told = board_of(tmp_path, series("技工贸总收入", INCOME, "亿元")).targets
    assert set(told["target_state"]) <= set(STATES)
    assert set(told["target_kind"]) == set(plan.KINDS.values())
    nobody = told[told["offices"] == ""]
    assert set(nobody["offices_note"]) == {"方案未写明"}
    assert (
        told.loc[told["clause"].str.startswith("三-2") & (told["offices"] != ""), "offices_note"]
        .str.contains("推定")
        .all()
    )
