"""Every plot has one stage, the stages add up, and what is unknown is never a stage."""

import itertools
from random import Random

import pandas as pd
import pytest
from frames import AS_OF, make_parcels
from supply_tables import READY, SUPPLIED, board, codes, write

from landeval.judge.plot_parcels import parcel_stages
from landeval.judge.plot_stages import combined
from landeval.judge.plot_stock import stock_stages
from landeval.land_supply import EVERY_STAGE
from landeval.link.plots import tie_plots
from landeval.project import Project
from landeval.read.source import read_source
from landeval.sources import Source
from landeval.standards.rules import rulebook
from landeval.tidy.supply import tidy_supply

ON = pd.Timestamp(AS_OF)


ROWS = [
    (READY, "熟地", "三通一平"),
    (READY | {"通平情况": "二通一平"}, "批而未供", "通平不到三通一平"),
    (READY | {"通平情况": "正在做"}, "无法判定", "缺通平情况"),
    (READY | {"通平情况": None}, "无法判定", "缺通平情况"),
    (READY | {"征地是否完成": "否"}, "批而未供", "征地未完成"),
    (READY | {"征地是否完成": None}, "无法判定", "缺征地是否完成"),
    (READY | {"征地是否完成": None, "征地完成日期": "2024-03-01"}, "熟地", "征地完成"),
    (READY | {"征地是否完成": None, "征地完成日期": "2025-03-01"}, "批而未供", "征地未完成"),
    (READY | {"征地是否完成": None, "通平情况": "未通平"}, "批而未供", "通平不到"),
    (READY | {"征地是否完成": "否", "批准日期": None}, "无法判定", "缺批准文号、批准日期"),
    (READY | {"批准日期": None}, "熟地", "批准日期未知"),
    (READY | {"是否周转地": "是"}, "周转地", "周转地"),
    (READY | {"供应方式": "出让"}, "无法判定", "缺供地日期"),
    (READY | {"供应方式": "出让", "是否供地": "否"}, "熟地", "征地完成"),
    (READY | {"供地日期": "2025-01-01"}, "熟地", "征地完成"),
    (READY | {"供地日期": "2025-02-30"}, "无法判定", "是否已供未知"),
    (SUPPLIED, "用而未尽", "建成 50%"),
    (SUPPLIED | {"建成比例": "100%"}, "建成", "建成 100%"),
    (SUPPLIED | {"建成比例": "99.99%"}, "用而未尽", "99.99%"),
    (SUPPLIED | {"建成比例": "0%"}, "供而未用", "未见动工"),
    (SUPPLIED | {"建成比例": "0%", "实际动工日期": "2021-01-01"}, "用而未尽", "动工 2021-01-01"),
    (SUPPLIED | {"建成比例": "0%", "实际竣工日期": "2022-01-01"}, "无法判定", "矛盾"),
    (SUPPLIED | {"建成比例": None}, "无法判定", "缺建成面积、建成比例、实际动工日期"),
    (SUPPLIED | {"建成比例": None, "实际竣工日期": "2022-01-01"}, "建成", "竣工 2022-01-01"),
    (
        SUPPLIED | {"建成比例": None, "实际竣工日期": "2025-01-01", "实际动工日期": "2024-01-01"},
        "用而未尽",
        "未见竣工",
    ),
    (SUPPLIED | {"建成比例": None, "建成面积(亩)": 0}, "供而未用", "建成 0%"),
    (SUPPLIED | {"建成比例": None, "建成面积(亩)": 12}, "无法判定", "缺建成面积"),
    (SUPPLIED | {"是否周转地": "是"}, "用而未尽", "建成 50%"),
    ({"是否供地": "是"}, "无法判定", "是否动工、建成未知"),
]


@pytest.fixture(scope="module")
def one_board(tmp_path_factory):
    return board(tmp_path_factory.mktemp("表"), *(row for row, _, _ in ROWS))


def test_what_is_odd_about_the_rows_is_told(one_board):
    assert {"E408", "E555", "E557"} <= codes(one_board)


@pytest.mark.parametrize("at", range(len(ROWS)))
def test_stage_of_a_row(one_board, at):
    _, stage, said = ROWS[at]
    plot = one_board.board.plots.loc[f"虚构{at + 1:02d}"]
    assert plot["supply_stage"] == stage
    assert said in plot["stage_reason"]


def test_a_blank_day_is_unsupplied_only_where_the_table_asks_for_it(tmp_path):
    headers = ("地块编号", "地块面积(亩)", "征地是否完成", "通平情况", "批准日期")
    assert board(tmp_path, READY, headers=headers).board.plots["supply_stage"].tolist() == ["无法判定"]


def test_the_bureau_may_ask_for_more_services(tmp_path):
    rules = {"supply.ready_services": {"value": 5, "reason": "虚构"}}
    found = board(tmp_path, READY, READY | {"通平情况": "五通一平"}, overrides=rules).board.plots
    assert found["supply_stage"].tolist() == ["批而未供", "熟地"]


CELLS = {
    "地块面积(亩)": [0.1, 12.3456, 30, None],
    "征地是否完成": ["是", "否", None],
    "通平情况": ["未通平", "三通一平", None],
    "是否周转地": ["是", None],
    "批准日期": ["2021-01-01", None],
    "供地日期": ["2022-05-05", None, None],
    "建成比例": ["0%", "40%", "100%", None],
    "产业集群": ["虚构东", "虚构西", None],
}


@pytest.mark.parametrize("seed", [1, 2])
def test_stages_partition_the_plots_and_their_land_whatever_the_order(tmp_path, seed):
    random = Random(seed)
    rows = [
        {name: random.choice(of) for name, of in CELLS.items()} | {"地块编号": f"虚构{at}"}
        for at in range(80)
    ]
    found = board(tmp_path, *rows).board
    assert set(found.plots["supply_stage"]) <= set(EVERY_STAGE)
    assert found.plots["supply_stage"].nunique() >= 6
    sums = found.stages.set_index(["stage_level", "stage_zone", "supply_stage"])
    for level in sums.index.unique("stage_level"):
        part = sums.loc[level].fillna({"plot_area_mu": 0.0})
        stages = part[part.index.get_level_values("supply_stage") != "合计"]
        whole = part.xs("合计", level="supply_stage")
        for name in ("plots_count", "plots_without_area"):
            assert stages[name].sum() == whole[name].sum() == sums.loc["园区", "园区", "合计"][name]
        units = (stages["plot_area_mu"] * 10_000).round().sum()
        assert units == round(found.plots["plot_area_mu"].sum() * 10_000)
    random.shuffle(rows)
    again = board(tmp_path, *rows).board
    for name in ("stages", "ages", "terms", "quota"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(again, name))
    pd.testing.assert_frame_equal(
        found.plots.drop(columns="source_row"), again.plots.drop(columns="source_row")
    )


def test_blanking_cells_never_turns_one_stage_into_another(tmp_path):
    """Blank every set of the cells that say what is done: the stage is the same, or nobody can tell."""
    cells = ("批准日期", "征地是否完成", "通平情况", "建成比例", "实际动工日期")
    whole = [
        READY,
        READY | {"通平情况": "未通平"},
        READY | {"征地是否完成": "否"},
        SUPPLIED | {"建成比例": "0%"},
        SUPPLIED | {"建成比例": "100%"},
    ]
    sets = [some for size in range(len(cells) + 1) for some in itertools.combinations(cells, size)]
    rows = [row | dict.fromkeys(some) for row in whole for some in sets]
    stages = board(
        tmp_path, *({"地块编号": f"虚构{at:04d}"} | row for at, row in enumerate(rows))
    ).board.plots["supply_stage"]
    of_row = stages.to_numpy().reshape(len(whole), len(sets))
    for mine in of_row:
        assert set(mine) <= {mine[0], "无法判定"}
        assert "无法判定" in mine


def parcels_of(*rows):
    land = make_parcels(*({"holder_name": "虚构甲"} | row for row in rows))
    return pd.DataFrame(land.drop(columns="geometry"))


def run_stages(land, status=None, findings=(), asked=True):
    status = pd.Series("达标", index=land.index) if status is None else pd.Series(status, index=land.index)
    found = pd.DataFrame(list(findings), columns=["rule_id", "verdict", "unit_id"], dtype="object")
    places = pd.Series("台账第 3 行" if asked else "", index=land.index)
    return parcel_stages(land, status, found, places, ON, operating_counts=True)


@pytest.mark.parametrize(
    ("row", "status", "stage"),
    [
        ({}, "涉嫌闲置(未动工)", "供而未用"),
        ({}, "逾期未动工预警", "供而未用"),
        ({}, "豁免", "供而未用"),
        ({"actual_start": AS_OF}, "豁免", "用而未尽"),
        ({"suspended_on": AS_OF}, "涉嫌闲置(中止开发)", "用而未尽"),
        ({"actual_completion": AS_OF}, "达标", "建成"),
        ({"tax_wan_yuan": 3.0}, "资料不足", "建成"),
        ({"footprint_m2": 100.0}, "资料不足", "用而未尽"),
        ({"unsure_dates": "actual_start "}, "资料不足", "无法判定"),
        ({"is_state_owned": False}, "达标", "不计入"),
        ({"holder_name": None}, "资料不足", "无法判定"),
    ],
)
def test_stage_of_a_parcel_of_the_run(row, status, stage):
    assert run_stages(parcels_of(row), status)["supply_stage"].tolist() == [stage]


def test_a_parcel_whose_tables_have_no_place_for_a_start_is_not_called_unused():
    assert run_stages(parcels_of({}), asked=False)["supply_stage"].tolist() == ["无法判定"]


def test_land_left_over_by_the_low_use_rule_makes_a_built_parcel_partly_used():
    land = parcels_of({"actual_completion": AS_OF, "unused_separable_m2": 4000.0})
    left = [("lowuse.unused", "不达标", "P1")]
    found = run_stages(land, findings=left)
    assert found["supply_stage"].tolist() == ["用而未尽"]
    assert found["plot_unused_mu"].tolist() == [pytest.approx(6.0)]
    assert run_stages(land, findings=[("lowuse.unused", "无法判定", "P1")])["supply_stage"].tolist() == [
        "建成"
    ]


def together(tmp_path, land, *rows):
    stock = tidy_supply(read_source(Source("supply", write(tmp_path / "表.csv", *rows))), Project())
    plain = pd.DataFrame(stock.frame.drop(columns="geometry"))
    found, lost = tie_plots(plain, land)
    plots, told = combined(plain, stock_stages(plain, rulebook(AS_OF), ON), land, run_stages(land), found)
    return plots, sorted({*told["code"], *lost["code"]})


def test_a_plot_in_both_is_counted_once_and_the_run_decides(tmp_path):
    land = parcels_of(
        {"parcel_code": "甲", "actual_completion": AS_OF, "area_mu": 10.0},
        {"parcel_code": "乙", "tax_wan_yuan": 1.0},
    )
    plots, told = together(tmp_path, land, SUPPLIED | {"宗地代码": "甲", "地块面积(亩)": 11})
    assert plots["supply_stage"].to_dict() == {"乙": "建成", "虚构01": "建成"}
    assert plots.loc["虚构01", "plot_area_mu"] == 10.0
    assert plots["stage_source"].to_dict() == {"乙": "宗地", "虚构01": "供地表、宗地"}
    assert told == ["E546", "E547"]


def test_the_table_decides_where_the_run_cannot(tmp_path):
    land = parcels_of({"parcel_code": "甲", "unsure_dates": "actual_completion "})
    plots, told = together(tmp_path, land, SUPPLIED | {"宗地代码": "甲"})
    assert plots["supply_stage"].tolist() == ["用而未尽"]
    assert told == []


def test_unsupplied_in_the_table_and_held_in_the_register_is_no_stage(tmp_path):
    land = parcels_of({"parcel_code": "甲", "actual_completion": AS_OF})
    plots, told = together(tmp_path, land, READY | {"宗地代码": "甲"})
    assert plots["supply_stage"].tolist() == ["无法判定"]
    assert told == ["E548"]


def test_a_code_that_is_no_ones_or_several_is_not_tied(tmp_path):
    land = parcels_of({"parcel_code": "甲", "parcel_id": "甲"}, {"parcel_code": "甲", "parcel_id": "甲#2"})
    plots, told = together(tmp_path, land, READY | {"宗地代码": "甲"}, READY | {"宗地代码": "没有"})
    assert len(plots) == 4
    assert told == ["E549"]


def test_two_plots_of_one_parcel_are_not_tied(tmp_path):
    land = parcels_of({"parcel_code": "甲", "actual_completion": AS_OF})
    plots, told = together(tmp_path, land, SUPPLIED | {"宗地代码": "甲"}, SUPPLIED | {"宗地代码": "甲"})
    assert len(plots) == 3
    assert told == ["E549"]
