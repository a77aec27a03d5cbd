"""The example of docs/供地盘子.md is run as it stands there."""

import pytest
from pages import page, tables
from supply_tables import board

from landeval.land_supply import EVERY_STAGE
from landeval.standards.supply_tiers import shipped_tiers

PAGE = page("供地盘子")
EXAMPLE = PAGE[PAGE.index("## 手算的例子") :]
NAMES = {
    "编号": "地块编号", "面积": "地块面积(亩)", "批准": "批准日期", "征地": "征地是否完成", "通平": "通平情况", "周转": "是否周转地",
    "供地": "供地日期", "方式": "供应方式", "建成": "建成面积(亩)", "用途": "规划用途", "产业": "规划产业", "容积率": "规划容积率下限",
    "年度": "指标年度", "指标": "指标类型", "园区": "是否在园区内",
}  # fmt: skip


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    given, *wanted = tables(EXAMPLE)
    rows = []
    for one in given:
        row = {NAMES[name]: value for name, value in one.items() if name in NAMES}
        row["租赁年限(年)" if "租赁" in one["方式"] else "出让年限(年)"] = one["年限"]
        rows.append(row)
    return board(tmp_path_factory.mktemp("例"), *rows).board, wanted


def number(text):
    return pytest.approx(float(text), abs=1e-9)


def test_stages_and_tiers(example):
    found, (wanted, _, _) = example
    assert len(found.plots) == len(wanted)
    for row in wanted:
        plot = found.plots.loc[row["编号"]]
        assert (plot["supply_stage"], plot["unsupplied_verdict"], plot["supply_tier"]) == (
            row["阶段"], row["久未供应"], row["层次"],
        ), row  # fmt: skip
        unused = plot["plot_unused_mu"]
        assert unused == number(row["未用面积"]) if row["未用面积"] else unused != unused
    park = found.stages[found.stages["stage_level"] == "园区"].set_index("supply_stage")["plot_area_mu"]
    assert park["合计"] == 250
    assert sum(park[stage] for stage in EVERY_STAGE) == 250


def test_quota(example):
    found, (_, wanted, _) = example
    quota = found.quota.set_index("quota_year")
    assert sorted(quota.index) == [int(row["年度"]) for row in wanted]
    for row in wanted:
        got = quota.loc[int(row["年度"])]
        assert got["quota_new_mu"] == number(row["新增"])
        assert got["quota_park_mu"] == number(row["园区工业"])
        assert got["park_quota_least"] * 100 == number(row["最低"])
        assert got["park_quota_most"] * 100 == number(row["最高"])
        assert got["verdict"] == row["判定"]
        assert got["clause"] == "四-15"


def test_terms(example):
    found, (_, _, wanted) = example
    terms = found.terms.set_index("plot_id")
    assert list(terms.index) == [row["编号"] for row in wanted]
    for row in wanted:
        got = terms.loc[row["编号"]]
        assert got["due_on"].strftime("%F") == row["到期日"]
        assert got["days_left"] == int(row["天数"])
        assert (got["term_kind"], got["term_due"], got["term_verdict"]) == (
            row["期限"], row["提示"], row["年限判定"],
        )  # fmt: skip


def test_the_table_of_tiers_in_the_page_is_the_shipped_one():
    text = PAGE[PAGE.index("## 分层供应") : PAGE.index("## 期限")]
    (shown,) = tables(text)
    assert [row["层"] for row in shown] == [tier.label for tier in shipped_tiers().tiers]
    for row, tier in zip(shown, shipped_tiers().tiers, strict=True):
        assert tuple(row["阶段"].split("、")) == tier.stages
        assert tuple(filter(None, row["规划产业"].split("、"))) == tier.industries
        assert row["面积(亩)"] == (f"≥ {tier.area_min_mu:g}" if tier.area_min_mu else "")
        assert row["容积率下限"] == (f"≥ {tier.plot_ratio_min}" if tier.plot_ratio_min else "")
