"""Grades: nobody lost, quotas whole, unknown never zero unless the scheme says so, more tax never a worse grade."""

import copy
import datetime as dt
import tomllib
from collections import Counter
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
from grading_frames import make_figures
from hypothesis import given, settings
from hypothesis import strategies as st

from landeval.errors import ConfigurationError
from landeval.judge.grade_classes import boundaries, by_quota
from landeval.judge.grade_lists import STATES, assign
from landeval.judge.grades import grade
from landeval.standards.grading import own_scheme, scheme_ids, scheme_of, shipped_scheme
from landeval.standards.grading_checks import SchemeFault
from landeval.standards.rule import BASES

AS_OF = dt.date(2024, 12, 31)
GRADES = ("A", "B", "C", "D")
FIXED = ("dongkou_plan", "huangyan_2022")


def raw_of(name):
    return tomllib.loads(files("landeval.standards").joinpath(f"grading_{name}.toml").read_text("utf-8"))


def changed(name="dongkou", **items):
    """Return a shipped scheme whose items of the first list are changed."""
    raw = raw_of(name)
    for item in raw["list"][0]["item"]:
        item.update(items)
    return scheme_of(name, raw)


def graded(scheme, rows, last=None, ids=None):
    figures = make_figures(rows, ids)
    return grade(scheme, figures, figures if last is None else make_figures(last, ids), AS_OF)


def by_id(found):
    return found.grades.set_index("enterprise_id")


def random_rows(count, seed):
    random = np.random.default_rng(seed)

    def maybe(value, gap):
        return None if random.random() < gap else value

    return [
        {
            "above": maybe(bool(random.random() < 0.5), 0.05), "area": maybe(round(float(random.uniform(1, 60)), 2), 0.05),
            "tax": maybe(round(float(random.normal(100, 150)), 2), 0.1), "output": maybe(float(random.uniform(0, 9000)), 0.1),
            "investment": maybe(float(random.uniform(0, 9000)), 0.1), "revenue": maybe(float(random.uniform(0, 9000)), 0.1),
            "added": maybe(float(random.normal(900, 500)), 0.1), "rd": maybe(float(random.uniform(0, 90)), 0.3),
            "staff": maybe(float(random.integers(0, 300)), 0.1), "energy": maybe(float(random.uniform(0, 900)), 0.2),
            "emission": maybe(float(random.uniform(0, 9)), 0.5), "kwh": maybe(float(random.uniform(0, 900)), 0.2),
            "leased": maybe(0.0, 0.2) if random.random() < 0.7 else 5.0, "last": maybe(str(random.choice(list("ABCD"))), 0.4),
            "veto": "虚构事项" if random.random() < 0.03 else None, "industry": str(random.choice(["C1311", "4610", "33"])),
            "begun": f"20{random.integers(10, 25):02d}-06-01", "has_year": bool(random.random() > 0.03),
        }
        for _ in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize("name", scheme_ids())
def test_every_shipped_scheme_says_where_it_is_from(name):
    scheme = shipped_scheme(name)
    assert scheme.title
    assert scheme.source
    assert scheme.basis in BASES
    assert scheme.caveat or scheme.basis == "seen"
    assert set(scheme.measures) >= set(scheme.grading.grades)


def test_proposals_are_marked():
    assert "建议稿" in shipped_scheme("dongkou").caveat
    assert "建议稿" in shipped_scheme("dongkou_plan").caveat
    assert "单位用电税收" in shipped_scheme("huangyan_2022").caveat


@pytest.mark.parametrize("shares", [(20, 45, 30, 5), (20, 40, 35, 5), (25, 45, 25, 5), (33.3, 33.3, 33.4)])
def test_quotas_sum_to_n_for_every_n(shares):
    before = [0] * len(shares)
    for count in range(501):
        ends = boundaries(count, shares)
        assert ends == sorted(ends)
        assert ends[-1] == count
        assert all(now >= then for now, then in zip(ends, before, strict=True))
        exact = np.cumsum(shares) * count / 100
        assert np.abs(np.array(ends) - exact).max() <= 0.5 + 1e-9
        before = ends
        if count % 7 == 0:
            classes = by_quota(pd.Series(np.arange(count, dtype=float)), shares)
            assert len(classes) == count
            assert [int((classes <= at).sum()) for at in range(len(shares))] == ends


@pytest.mark.parametrize("name", scheme_ids())
@pytest.mark.parametrize("seed", [1, 2])
def test_every_enterprise_has_one_state_and_grades_partition_the_list(name, seed):
    scheme = shipped_scheme(name)
    rows = random_rows(400, seed)
    found = graded(scheme, rows)
    table = found.grades
    assert len(table) == len(rows)
    assert table["enterprise_id"].is_unique
    assert set(table["grade_state"]) <= set(STATES)
    has = table["grade_state"] == "已定级"
    assert table.loc[has, "enterprise_grade"].isin(GRADES).all()
    assert (table.loc[table["grade_state"] == "不定等级", "enterprise_grade"] == scheme.ungraded.label).all()
    assert (
        table.loc[table["grade_state"].isin(("不在评价范围", "资料不足")), "enterprise_grade"] == ""
    ).all()
    assert (table.loc[~has, "grade_why"] != "").all()
    for _, one in table[table["grade_rank"].notna()].groupby("grade_list"):
        assert sorted(one["grade_rank"]) == list(range(1, len(one) + 1))
        assert (one["grade_size"] == len(one)).all()
        assert one.sort_values("grade_rank")["grade_score"].is_monotonic_decreasing
        assert one.groupby("grade_score")["grade_by_rank"].nunique().max() == 1


@pytest.mark.parametrize("name", scheme_ids())
def test_order_of_rows_does_not_matter(name):
    rows = random_rows(60, 5)
    ids = [f"虚构{at:03d}" for at in range(60)]
    one = by_id(graded(shipped_scheme(name), rows, ids=ids))
    back = by_id(graded(shipped_scheme(name), rows[::-1], ids=ids[::-1])).loc[one.index]
    pd.testing.assert_frame_equal(one, back, rtol=1e-12)


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    at=st.integers(0, 39),
    more=st.floats(0.01, 5000),
    name=st.sampled_from(FIXED),
)
def test_more_tax_never_lowers_a_grade_with_fixed_benchmarks(seed, at, more, name):
    rows = random_rows(40, seed)
    if rows[at]["tax"] is None:
        rows[at]["tax"] = 0.0
    richer = copy.deepcopy(rows)
    richer[at]["tax"] += more
    key = f"虚构{at + 1:03d}"
    before, after = (by_id(graded(shipped_scheme(name), each)).loc[key] for each in (rows, richer))
    assert after["grade_state"] == before["grade_state"]
    if before["enterprise_grade"] in GRADES:
        assert GRADES.index(after["enterprise_grade"]) <= GRADES.index(before["enterprise_grade"])
    if before["grade_rank"] == before["grade_rank"]:
        assert after["grade_rank"] <= before["grade_rank"]


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), factor=st.sampled_from([2.0, 10.0, 1 / 15, 0.37]))
def test_scaling_land_and_money_leaves_scores_and_grades(seed, factor):
    rows = [row | {"above": True} for row in random_rows(40, seed)]
    scheme = scheme_of("own", {**raw_of("dongkou_plan")})
    scaled = [
        row
        | {
            key: None if row[key] is None else row[key] * factor
            for key in ("area", "tax", "output", "investment")
        }
        for row in rows
    ]
    one, two = by_id(graded(scheme, rows)), by_id(graded(scheme, scaled))
    np.testing.assert_allclose(two["grade_score"], one["grade_score"], atol=2e-4)
    assert (two["grade_state"] == one["grade_state"]).all()
    assert (two["enterprise_grade"] == one["enterprise_grade"]).mean() > 0.95  # a last digit may part a tie


def test_unknown_is_zero_only_where_the_scheme_says_so_and_then_it_is_told():
    rows = [{"above": True, "area": 10, "tax": 100, "output": 1000, "energy": 100},
            {"above": True, "area": 10, "tax": 100, "output": 1000}]  # fmt: skip
    scores = {}
    for policy, code in (("zero", "E484"), ("list_mean", "E485"), ("exclude_renormalise", "E486")):
        found = graded(changed(missing=policy, cap=100), rows)
        items = found.items[(found.items["grade_item"] == "单位能耗税收")].set_index("enterprise_id")
        assert items.loc["虚构002", "item_note"].startswith("缺数")
        told = found.issues[found.issues["code"] == code]
        assert told["record_key"].tolist() == ["虚构002"]
        assert told["column"].tolist() == ["综合能耗(吨标准煤)"]
        assert told["source_row"].tolist() == [5]
        scores[policy] = by_id(found)["grade_score"].tolist()
    assert scores == {"zero": [100, 80], "list_mean": [100, 100], "exclude_renormalise": [100, 100]}


def test_nothing_known_at_all_is_no_grade_even_where_missing_counts_zero():
    found = by_id(
        graded(
            changed(missing="zero"),
            [{"above": True, "area": 9}, {"above": True, "area": 9, "tax": 5, "output": 50}],
        )
    )
    assert found.loc["虚构001", "grade_state"] == "资料不足"
    assert found.loc["虚构002", "grade_state"] == "已定级"


def test_a_benchmark_that_cannot_be_had_counts_for_nobody():
    found = graded(
        shipped_scheme("huaian_2024"),
        [{"above": True, "area": 5, "tax": 50, "revenue": 10}],
        [{"above": True}],
    )
    assert by_id(found).loc["虚构001", "grade_state"] == "资料不足"
    assert Counter(found.issues["code"])["E487"] == 3
    said = found.issues.query("code == 'E487'")["what"]
    assert any("要有入库税收(万元)和综合能耗(吨标准煤)" in text for text in said)  # as the forms call them


def test_ties_share_the_better_grade_and_places_follow_tax_then_code():
    rows = [{"above": True, "area": 10, "tax": tax, "output": output} for tax, output in
            [(150, 9000), (150, 9000), (100, 3000), (100, 3000), (10, 10)]]  # fmt: skip
    raw = raw_of("dongkou")
    raw["grading"] |= {"shares": [20, 40, 20, 20]}
    found = by_id(graded(scheme_of("own", raw), rows, ids=["乙", "甲", "丁", "丙", "戊"]))
    assert found["enterprise_grade"].to_dict() == {"乙": "A", "甲": "A", "丁": "B", "丙": "B", "戊": "D"}
    assert found["grade_rank"].to_dict() == {"乙": 1, "甲": 2, "丁": 3, "丙": 4, "戊": 5}


def test_upgrades_are_limited_and_downgrades_are_not():
    rows = [{"above": True, "area": 10, "tax": 100 - at, "output": 500, "investment": 900, "last": last}
            for at, last in enumerate(["D", "A类", None, "甲等"])]  # fmt: skip
    rows += [{"above": True, "area": 10, "tax": 1, "last": "A"}]
    found = graded(changed("dongkou_plan"), [row | {"output": 4000, "investment": 9000} for row in rows])
    table = by_id(found)
    assert table["grade_by_rank"].tolist() == ["A", "A", "A", "A", "B"]
    assert table["enterprise_grade"].tolist() == ["C", "A", "A", "A", "B"]
    assert table["grade_change"].tolist() == ["升 1 级", "不变", "", "", "降 1 级"]
    assert "最多升 1 级" in table.loc["虚构001", "grade_why"]
    assert found.issues.query("code == 'E483'")["raw_value"].tolist() == ["甲等"]


def test_a_veto_is_the_last_grade_even_without_data_and_promotes_nobody():
    rows = [{"above": True, "area": 10, "tax": 100 - at, "output": 500, "veto": veto}
            for at, veto in enumerate(["重大环境违法", "无", None, None])]  # fmt: skip
    rows.append({"above": True, "area": None, "veto": "拒报数据"})
    table = by_id(graded(shipped_scheme("dongkou"), rows))
    assert table["enterprise_grade"].tolist() == ["D", "B", "B", "C", "D"]
    assert table["grade_by_rank"].tolist() == ["A", "B", "B", "C", ""]
    assert (
        table.loc["虚构005", "grade_why"] == "一票否决：拒报数据（用地面积未知（未匹配到宗地，也没有填报））"
    )
    assert table["grade_size"].tolist()[:4] == [4, 4, 4, 4]


def test_a_stated_zero_below_the_line_is_no_gap_and_is_said_to_be_what_it_is():
    rows = [
        {"above": True, "area": 10, "tax": 100, "output": 1000, "energy": energy} for energy in (100, 0, None)
    ]
    found = graded(changed(missing="exclude_renormalise", cap=100), rows)
    told = found.issues[found.issues["code"] == "E486"].set_index("record_key")["what"]
    assert told["虚构002"].endswith("“单位能耗税收”，综合能耗(吨标准煤)填 0，不能作分母")
    assert told["虚构003"].endswith("“单位能耗税收”")


def test_land_that_is_stated_without_a_parcel_is_said_to_be_so():
    rows = [{"above": True, "area": 10, "tax": 9}, {"above": True}, {"above": True, "used": 20000.0}]
    why = by_id(graded(shipped_scheme("dongkou"), rows))["grade_why"].tolist()
    assert why[1:] == [
        "用地面积未知（未匹配到宗地，也没有填报）",
        "用地面积未知（未匹配到宗地，填报自有用地 20,000.00 ㎡，没有宗地可核，不采用）",
    ]
    figures = make_figures([{"above": True}])
    held = assign(
        shipped_scheme("dongkou"), figures.assign(land_registered_mu=12.0, land_leased_mu=0.0), AS_OF
    )
    assert held["grade_why"].tolist() == ["用地面积未知（名下有宗地面积未知，或出租不少于全部用地）"]


def test_a_grade_that_rests_on_a_figure_in_doubt_says_so_and_no_other_does():
    rows = [{"above": True, "area": 10, "tax": tax, "output": 1000} for tax in (100, 3, 50)]
    rows += [{"above": True, "tax": 9}, {"above": True, "area": 10, "tax": 9, "veto": "虚构事项"}]
    doubts = ["", "税收小得反常", "", "税收小得反常", "税收小得反常"]
    scheme = shipped_scheme("dongkou")
    figures = make_figures(rows)
    sure, unsure = (
        grade(scheme, figures, figures, AS_OF),
        grade(scheme, figures.assign(doubts=doubts), figures, AS_OF),
    )
    why = by_id(unsure)["grade_why"].tolist()
    before = by_id(sure)["grade_why"].tolist()
    assert why[1] == "待核实：税收小得反常"
    assert why[4] == f"{before[4]}；待核实：税收小得反常"
    assert [why[at] for at in (0, 2, 3)] == [before[at] for at in (0, 2, 3)]
    assert by_id(unsure)["enterprise_grade"].tolist() == by_id(sure)["enterprise_grade"].tolist()


def test_new_ones_and_utilities_get_no_grade_and_move_no_mean():
    rows = [{"above": True, "area": 10, "tax": 100, "output": 1000},
            {"above": True, "area": 10, "tax": 9999, "output": 9, "begun": "2022-01-01"},
            {"above": True, "area": 10, "tax": 9999, "output": 9, "industry": "D4430"},
            {"above": True, "area": 10, "tax": 9999, "output": 9, "status": "在建"},
            {"above": True, "area": 10, "tax": 9999, "output": 9, "why_not": "县政府确定"},
            {"above": True, "area": 10, "tax": 100, "output": 1000, "begun": "2021-12-31", "why_not": "无"}]  # fmt: skip
    table = by_id(graded(shipped_scheme("dongkou"), rows))
    assert table["grade_state"].tolist() == ["已定级", *["不定等级"] * 4, "已定级"]
    assert table["grade_score"].tolist()[::5] == [100, 100]
    assert table.loc["虚构002", "grade_why"] == "投产不满 3 年"
    managed = by_id(graded(shipped_scheme("anhui_city"), rows))
    assert managed.loc["虚构005", "grade_why"] == "不参评事由：县政府确定；参照 B 类管理"


def test_lists_by_size_and_tenure():
    rows = [{"above": False, "area": 3.0, "tax": 9, "kwh": 9}, {"above": False, "area": 2.99, "tax": 9, "kwh": 9},
            {"above": False, "area": 3.0, "leased": 3.0, "tax": 9, "kwh": 9}, {"above": None, "area": 9, "tax": 9},
            {"above": False, "tax": 9, "kwh": 9}, {"above": True, "area": 1, "leased": 1.0, "tax": 9, "output": 9},
            {"above": True, "area": 9, "tax": 9, "has_year": False}]  # fmt: skip
    table = by_id(graded(shipped_scheme("dongkou"), rows))
    assert table["grade_list"].tolist() == ["规下", "", "承租", "", "规下", "规上", "规上"]
    assert table["grade_state"].tolist() == [
        "已定级", "不在评价范围", "已定级", "资料不足", "资料不足", "已定级", "资料不足",
    ]  # fmt: skip


def test_bonus_and_deduction():
    rows = [{"above": True, "area": 10, "tax": 100, "output": 1000,
             "bonus": "高新技术企业、国家级绿色工厂，国家级专精特新“小巨人”；高新技术企业；某奖", "fault": "一般环境违法"}]  # fmt: skip
    found = graded(shipped_scheme("dongkou"), rows)
    one = by_id(found).loc["虚构001"]
    assert (one["grade_bonus"], one["grade_deduction"], one["grade_score"]) == (10, 5, 105)
    assert found.issues.query("code == 'E482'")["raw_value"].tolist() == ["某奖"]


def test_by_threshold_of_the_first_item():
    raw = raw_of("dongkou_plan")
    raw["grading"] = {"method": "threshold", "grades": ["A", "B", "C"], "lines": [15, 5], "basis": "proposal"}
    raw["measures"] = {"A": "甲", "B": "乙", "C": "丙"}
    rows = [{"above": True, "area": 10, "tax": tax, "output": 100} for tax in (150, 149.9, 50, 49, None)]
    table = by_id(graded(scheme_of("own", raw), rows))
    assert table["enterprise_grade"].tolist() == ["A", "B", "B", "C", ""]
    assert table.loc["虚构001", "grade_measures"] == "甲"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("list", 0, "item", 0, "weight"), 44, "名单 规上的权重合计 99，应为 100（亩均税收 44、亩均产值 35、单位能耗税收 20）"),
        (("list", 0, "item", 1, "numerator"), "profit", "名单 规上指标 亩均产值 numerator 不可用"),
        (("list", 0, "item", 1, "weigth"), 3, "名单 规上指标 亩均产值 不认识 weigth"),
        (("list", 0, "item", 0, "benchmark"), {"value": 0}, "benchmark 应大于 0"),
        (("list", 0, "item", 0, "missing"), "skip", "missing 不可用"),
        (("list", 1, "scale"), "above", "同一类企业"),
        (("grading", "shares"), [20, 45, 30, 4], "shares 合计 99，应为 100"),
        (("grading", "lines"), [1, 2, 3], "应写 shares，不写 lines"),
        (("ungraded", "label"), "A", "重名"),
        (("measures", "E"), "x", r"\[measures\] 不认识 E"),
        (("bonus", "某奖"), -1, "不应小于 0"),
    ],
)  # fmt: skip
def test_a_scheme_with_a_mistake_is_refused_by_name(path, value, said):
    raw = raw_of("dongkou")
    body = raw
    for key in path[:-1]:
        body = body[key]
    body[path[-1]] = value
    with pytest.raises(SchemeFault, match=said):
        scheme_of("own", raw)


def test_the_bureaus_own_file_is_refused_with_its_place(tmp_path):
    path = tmp_path / "本县评价.toml"
    text = files("landeval.standards").joinpath("grading_dongkou.toml").read_text("utf-8")
    path.write_text(text, encoding="utf-8")
    assert own_scheme(path).scheme_id == "本县评价"
    path.write_text(text.replace("weight = 45", "weight = 50"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="合计 105") as caught:
        own_scheme(path)
    assert caught.value.code == "E481"
    assert "本县评价.toml" in str(caught.value)
