"""Tiers, terms, the quota's range and the boundary of the land supply board."""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from supply_tables import AS_OF, READY, SUPPLIED, board, codes

from landeval.judge.plot_boundary import boundary_rows, positions
from landeval.judge.quota import COLUMNS, quota_years
from landeval.judge.supply_tiers import supply_tiers
from landeval.measure.boundary import boundary_totals, inside_share
from landeval.project import Project
from landeval.sources import Source
from landeval.standards.rules import rulebook
from landeval.standards.supply_tiers import TierFault, shipped_tiers, tiers_of

BOOK = rulebook(AS_OF)
NEW = "新增建设用地指标"


def quota(*rows, on=AS_OF, position=None):
    names = ("quota_year", "quota_kind", "approved_on", "is_in_park", "is_industrial", "plot_area_mu")
    frame = pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows], columns=list(names))
    frame = frame.assign(
        approved_on=pd.to_datetime(frame["approved_on"]).astype("datetime64[s]"),
        **{
            name: frame[name].astype("object").where(frame[name].notna(), None)
            for name in ("is_in_park", "is_industrial")
        },
        **{name: frame[name].astype("float64") for name in ("quota_year", "plot_area_mu")},
    )
    return quota_years(frame, position, rulebook(on)).set_index("quota_year")


def test_exactly_half_is_enough_and_a_hair_less_is_not():
    half = quota((2023, NEW, None, True, True, 50.0), (2023, NEW, None, False, True, 50.0))
    assert half.loc[2023, "verdict"] == "达标"
    less = quota((2023, NEW, None, True, True, 49.99), (2023, NEW, None, False, True, 50.01))
    assert less.loc[2023, "verdict"] == "不达标"


@pytest.mark.parametrize(
    ("more", "least", "most"),
    [
        ((2023, NEW, None, None, True, 20.0), 60 / 120, 80 / 120),
        ((2023, None, None, True, True, 20.0), 60 / 100, 80 / 120),
        ((2023, None, None, False, True, 20.0), 60 / 120, 60 / 100),
        ((2023, "存量", None, False, True, 20.0), 60 / 100, 60 / 100),
        ((None, NEW, None, False, True, 20.0), 60 / 120, 60 / 100),
        ((None, NEW, "2022-05-01", False, True, 20.0), 60 / 100, 60 / 100),
        ((None, NEW, "2024-05-01", False, True, 20.0), 60 / 120, 60 / 100),
        ((2023, NEW, None, False, True, None), 0.0, 60 / 100),
        ((2023, NEW, None, True, True, None), 60 / 100, 1.0),
    ],
)
def test_what_is_unknown_widens_the_range(more, least, most):
    row = quota((2023, NEW, None, True, True, 60.0), (2023, NEW, None, False, True, 40.0), more).loc[2023]
    assert (row["park_quota_least"], row["park_quota_most"]) == pytest.approx((least, most))
    assert row["verdict"] == ("达标" if least >= 0.5 else "不达标" if most < 0.5 else "无法判定")


def test_across_the_boundary_is_unknown_and_inside_is_known():
    rows = ((2023, NEW, None, None, True, 60.0), (2023, NEW, None, None, True, 40.0))
    found = quota(*rows, position=pd.Series(["界内", "跨界"])).loc[2023]
    assert (found["park_quota_least"], found["park_quota_most"]) == (0.6, 1.0)


def test_years_before_the_plan_and_days_before_it_have_no_verdict():
    found = quota((2019, NEW, None, False, True, 5.0), (2023, NEW, None, False, True, 5.0))
    assert found["verdict"].to_dict() == {2019: "不适用", 2023: "不达标"}
    early = quota((2023, NEW, None, False, True, 5.0), on=dt.date(2021, 9, 23))
    assert early["verdict"].tolist() == ["不适用"]
    assert quota().reset_index().columns.tolist() == list(COLUMNS)


ROWS = st.lists(
    st.tuples(
        st.sampled_from([2022, 2023, None]),
        st.sampled_from([NEW, "存量", None]),
        st.sampled_from([None, "2022-06-01", "2024-06-01"]),
        st.sampled_from([True, False, None]),
        st.sampled_from([True, False, None]),
        st.sampled_from([0.5, 10.0, 33.3333, None]),
    ),
    max_size=7,
)


@settings(max_examples=40, deadline=None)
@given(ROWS, st.randoms())
def test_the_range_holds_whatever_the_truth_is(rows, random):
    """Fill every blank at random: the share that comes out lies in the range."""
    found = quota(*rows)
    assert found["park_quota_least"].dropna().between(0, 1).all()
    assert found["park_quota_most"].dropna().between(0, 1).all()
    truth = [
        (
            year or random.choice([y for y in (2022, 2023, 2024) if when is None or y <= int(when[:4])]),
            kind or random.choice([NEW, "存量"]),
            when,
            random.choice([True, False]) if park is None else park,
            random.choice([True, False]) if use is None else use,
            random.choice([0.1, 80.0]) if land is None else land,
        )
        for year, kind, when, park, use, land in rows
    ]
    real = quota(*truth)
    for year in found.index:
        low, high = found.loc[year, ["park_quota_least", "park_quota_most"]]
        if year in real.index and low == low and high == high:
            share = real.loc[year, "park_quota_share"]
            assert low - 1e-9 <= share <= high + 1e-9


def tier(**plot):
    whole = {
        "supply_stage": "熟地",
        "plot_area_mu": 30.0,
        "plot_ratio_need": 1.0,
        "planned_groups": "先进装备制造",
    } | plot
    return supply_tiers(pd.DataFrame([whole]), shipped_tiers()).iloc[0]


@pytest.mark.parametrize(
    ("plot", "label"),
    [
        ({}, "第一层：主导、特色产业熟地"),
        ({"plot_area_mu": 20.0}, "第一层：主导、特色产业熟地"),
        ({"plot_area_mu": 19.9999}, "第三层：小地块、其他熟地"),
        ({"planned_groups": "其他、农副产品加工"}, "第一层：主导、特色产业熟地"),
        ({"planned_groups": "电子信息"}, "第二层：优势产业熟地"),
        ({"planned_groups": "电子信息", "plot_ratio_need": 0.9}, "第三层：小地块、其他熟地"),
        ({"planned_groups": "其他"}, "第三层：小地块、其他熟地"),
        ({"planned_groups": None}, "无法判定"),
        ({"planned_groups": None, "plot_area_mu": 5.0}, "第三层：小地块、其他熟地"),
        ({"plot_area_mu": np.nan}, "无法判定"),
        ({"supply_stage": "建成"}, "不分层"),
        ({"supply_stage": "无法判定"}, "无法判定"),
        ({"supply_stage": "不计入"}, "不分层"),
    ],
)
def test_tier(plot, label):
    assert tier(**plot)["supply_tier"] == label
    assert tier(**plot)["tier_reason"]


def test_what_a_tier_lacks_is_named():
    assert tier(planned_groups=None, plot_ratio_need=np.nan)["tier_reason"].endswith(
        "缺规划产业、规划容积率下限"
    )


DOCUMENT = {"title": "表", "number": "1号", "issuer": "局", "clause": "一", "basis": "seen"}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"tier": []}, "应有一节"),
        ({"document": {}, "tier": []}, "应写明"),
        ({"document": DOCUMENT, "tier": []}, "至少要有一层"),
        ({"document": DOCUMENT | {"basis": "听说"}, "tier": []}, "basis 不可用"),
        ({"document": DOCUMENT, "tier": [{"label": "甲"}]}, "第 1 个"),
        ({"document": DOCUMENT, "tier": [{"label": "甲", "use": "用", "stages": ["生地"]}]}, "stages 不可用"),
        ({"document": DOCUMENT, "tier": [{"label": "甲", "use": "用", "stages": ["熟地"], "industries": ["房地产"]}]}, "industries 不可用"),
        ({"document": DOCUMENT, "tier": [{"label": "甲", "use": "用", "stages": ["熟地"], "area_min_mu": -1}]}, "area_min_mu"),
        ({"document": DOCUMENT, "tier": [{"label": "甲", "use": "用", "stages": ["熟地"], "area_min_mu": 9, "area_max_mu": 1}]}, "大于"),
        ({"document": DOCUMENT, "tier": [{"label": "甲", "use": "用", "stages": ["熟地"]}] * 2}, "不能相同"),
    ],
)  # fmt: skip
def test_a_careless_table_of_tiers_is_refused(raw, said):
    with pytest.raises(TierFault, match=said):
        tiers_of(raw)


def lease(**more):
    return SUPPLIED | {"供应方式": "长期租赁", "租赁年限(年)": 5} | more


@pytest.fixture(scope="module")
def terms(tmp_path_factory):
    rows = {
        "满期": lease(供地日期="2019-12-30"),
        "当天": lease(供地日期="2019-12-31"),
        "一年内": lease(供地日期="2020-12-31"),
        "一年外": lease(供地日期="2021-01-01"),
        "二十年": lease(**{"租赁年限(年)": 20}),
        "超二十年": lease(**{"租赁年限(年)": 20.5}),
        "按年限列": lease(**{"租赁年限(年)": None, "出让年限(年)": 10}),
        "写明": lease(租赁到期日期="2024-06-30"),
        "只有日期": lease(**{"租赁年限(年)": None, "租赁到期日期": "2041-01-01"}),
        "交地": lease(实际交地日期="2020-06-01"),
        "先租": SUPPLIED | {"供应方式": "先租后让", "租赁年限(年)": 3, "出让年限(年)": 47},
        "五十年": SUPPLIED | {"出让年限(年)": 50},
        "住宅": SUPPLIED | {"出让年限(年)": 70, "规划用途": "住宅用地"},
        "无年限": SUPPLIED,
        "无方式": {"是否供地": "是", "建成比例": "10%"},
        "划拨": SUPPLIED | {"供应方式": "划拨"},
    }
    run = board(tmp_path_factory.mktemp("期"), *({"地块编号": name} | row for name, row in rows.items()))
    return run, run.board.terms.set_index(["plot_id", "term_kind"])


@pytest.mark.parametrize(
    ("plot", "kind", "ends", "due", "verdict"),
    [
        ("满期", "租赁", "2024-12-30", "已届满", "不超过 20 年"),
        ("当天", "租赁", "2024-12-31", "即将届满", "不超过 20 年"),
        ("一年内", "租赁", "2025-12-31", "即将届满", "不超过 20 年"),
        ("一年外", "租赁", "2026-01-01", "未届满", "不超过 20 年"),
        ("二十年", "租赁", "2040-01-01", "未届满", "不超过 20 年"),
        ("超二十年", "租赁", "2040-07-01", "未届满", "超过 20 年"),
        ("按年限列", "租赁", "2030-01-01", "未届满", "不超过 20 年"),
        ("写明", "租赁", "2024-06-30", "已届满", "不超过 20 年"),
        ("只有日期", "租赁", "2041-01-01", "未届满", "超过 20 年"),
        ("交地", "租赁", "2025-06-01", "即将届满", "不超过 20 年"),
        ("先租", "租赁", "2023-01-01", "已届满", "不超过 20 年"),
        ("先租", "出让", "2070-01-01", "未届满", "不超过 50 年"),
        ("五十年", "出让", "2070-01-01", "未届满", "不超过 50 年"),
        ("住宅", "出让", "2090-01-01", "未届满", "不适用（非工业用地）"),
        ("无年限", "出让", None, "无法判定", "无法判定"),
        ("无方式", "未知", None, "无法判定", "无法判定"),
    ],
)
def test_term(terms, plot, kind, ends, due, verdict):
    row = terms[1].loc[(plot, kind)]
    assert (row["term_due"], row["term_verdict"]) == (due, verdict)
    assert (None if pd.isna(row["due_on"]) else row["due_on"].strftime("%F")) == ends


def test_a_written_end_that_differs_is_told_and_allocated_land_has_no_term(terms):
    run, found = terms
    told = run.issues[run.issues["code"] == "E556"]
    assert told["record_key"].tolist() == ["写明"]
    assert "划拨" not in found.index.get_level_values("plot_id")


def shares(*pairs):
    frame = pd.DataFrame(pairs, columns=["原批准范围", "拟调整范围"], dtype="float64")
    return frame.set_axis([f"P{at}" for at in range(len(pairs))])


def test_slivers_do_not_cross_and_changes_are_named():
    part = shares((1, 1), (0.99, 1), (0.98, 1), (0.01, 1), (0.5, 0.5), (0.5, 0.8), (1, 0), (np.nan, 1))
    found = positions(part, BOOK["supply.boundary_sliver"])
    assert found["原批准范围"].tolist() == [
        "界内",
        "界内",
        "跨界",
        "界外",
        "跨界",
        "跨界",
        "界内",
        "无法判定",
    ]
    plots = pd.DataFrame({"plot_area_mu": 10.0, "supply_stage": "建成"}, index=part.index)
    rows = boundary_rows(plots, part, BOOK)
    change = rows[rows["boundary_kind"] == "拟调整范围"]["boundary_change"].tolist()
    assert change == ["不变", "不变", "部分调整", "调入", "不变", "部分调整", "调出", "无法判定"]
    assert (rows["boundary_in_mu"] + rows["boundary_out_mu"]).dropna().eq(10).all()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.0001, 500)), min_size=1, max_size=8))
def test_land_inside_and_outside_add_up_to_the_plots(pairs):
    part = pd.DataFrame({"原批准范围": [share for share, _ in pairs]})
    land = pd.Series([round(area, 4) for _, area in pairs])
    rows = boundary_rows(pd.DataFrame({"plot_area_mu": land, "supply_stage": "熟地"}), part, BOOK)
    units = (rows[["boundary_in_mu", "boundary_out_mu", "plot_area_mu"]] * 10_000).round()
    assert (units["boundary_in_mu"] + units["boundary_out_mu"]).eq(units["plot_area_mu"]).all()
    assert rows["boundary_in_mu"].between(0, rows["plot_area_mu"]).all()
    totals = boundary_totals(rows)
    whole = totals[totals["boundary_position"] == "合计"].iloc[0]
    assert round(whole["plot_area_mu"] * 10_000) == units["plot_area_mu"].sum()
    assert whole["plots_count"] == len(pairs)


def test_the_share_inside_is_that_of_the_shapes():
    plots = np.array([shapely.box(0, 0, 4, 1), shapely.box(9, 9, 10, 10), None])
    found = inside_share(plots, shapely.box(1, 0, 3, 5), pd.Index(["a", "b", "c"]))
    assert found.fillna(-1).tolist() == [0.5, 0.0, -1.0]


def layer(path, *features, **names):
    """Write boxes (west, south, east, north in 0.001° from 110.5, 27.0) as GeoJSON."""
    drawn = []
    for (west, south, east, north), properties in features:
        ring = [
            [110.5 + x / 1000, 27.0 + y / 1000]
            for x, y in ((west, south), (east, south), (east, north), (west, north), (west, south))
        ]
        drawn.append(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    path.write_text(json.dumps({"type": "FeatureCollection", "features": drawn}), encoding="utf-8")
    return path


def test_a_layer_of_plots_against_two_boundaries(tmp_path):
    plots = layer(
        tmp_path / "地块.geojson",
        ((0, 0, 2, 1), {"地块编号": "内", "征地是否完成": "是", "通平情况": "五通一平", "是否供地": "否"}),
        ((3, 0, 5, 1), {"地块编号": "跨", "征地是否完成": "是", "通平情况": "五通一平", "是否供地": "否"}),
        ((8, 0, 9, 1), {"地块编号": "外", "征地是否完成": "是", "通平情况": "五通一平", "是否供地": "否"}),
    )
    edge = layer(
        tmp_path / "范围.geojson",
        ((-1, -1, 4, 2), {"范围类型": "原批准范围"}),
        ((-1, -1, 9.5, 2), {"范围类型": "拟调整范围"}),
    )
    from landeval.supply_command import supply_of

    run = supply_of(Project(sources=(Source("supply", plots), Source("boundary", edge)), as_of=AS_OF))
    found = run.board.boundary.set_index(["boundary_kind", "plot_id"])
    assert found.loc["原批准范围", "boundary_position"].to_dict() == {
        "内": "界内",
        "外": "界外",
        "跨": "跨界",
    }
    assert found.loc["原批准范围"].loc["跨", "boundary_share"] == pytest.approx(0.5, abs=1e-6)
    assert found.loc["拟调整范围", "boundary_change"].to_dict() == {
        "内": "不变",
        "外": "调入",
        "跨": "部分调整",
    }
    land = run.board.plots["plot_area_mu"]
    assert land["内"] == pytest.approx(2 * land["外"], rel=1e-6)
    assert land["外"] == pytest.approx(10998 * 3 / 2000, rel=1e-3)


def test_a_boundary_of_which_a_piece_is_broken_is_not_used(tmp_path):
    edge = layer(
        tmp_path / "范围.geojson",
        ((-1, -1, 4, 2), {"范围类型": "原批准范围"}),
        ((5, 0, 5, 0), {"范围类型": "原批准范围"}),
    )
    run = board(tmp_path, READY, more=(Source("boundary", edge),))
    assert len(run.board.boundary) == 0
    assert "E550" in codes(run)
    assert "缺图形" in set(run.reconciliation["record_state"])


def test_a_boundary_that_does_not_say_which_it_is(tmp_path):
    edge = layer(tmp_path / "范围.geojson", ((-1, -1, 4, 2), {}))
    run = board(tmp_path, READY, more=(Source("boundary", edge),))
    assert run.board.boundary["boundary_kind"].tolist() == ["原批准范围"]
    assert run.board.boundary["boundary_position"].tolist() == ["无法判定"]
    assert "E554" in codes(run)
