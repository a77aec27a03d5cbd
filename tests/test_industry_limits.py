"""Limits by industry: every way to write a code, every issue of GB/T 4754, never a guessed row."""

import datetime as dt

import pandas as pd
import pytest

from landeval.standards.industry_limits import (
    investment_limits,
    issue_of,
    places_of,
    plot_ratio_limits,
)
from landeval.standards.limit_tables import grades_in, shipped_tables

ON = dt.date(2020, 6, 30)


def ratio(code, year=2017, on=ON):
    return plot_ratio_limits(pd.Series([code], dtype="object"), year, on).iloc[0]


@pytest.mark.parametrize("code", ["C13", "13", "1371", "C1371", "c1371", "137", " C1371 "])
def test_a_code_may_be_written_in_any_way(code):
    assert ratio(code)["limit"] == 1.0


@pytest.mark.parametrize(
    ("code", "year", "limit"),
    [
        ("17", 2017, 0.8), ("29", 2002, 0.8), ("30", 2002, 1.0), ("291", 2017, 0.8), ("2921", 2017, 1.0), ("29", 2017, None), ("30", 2017, 0.7), ("31", 2017, 0.6),
        ("33", 2017, 0.7), ("36", 2017, 0.7),
        ("37", 2017, 0.7), ("38", 2017, 0.7), ("39", 2017, 1.0), ("40", 2017, 1.0), ("41", 2017, 1.0), ("42", 2017, 0.7), ("43", 2017, None), ("43", 2002, 0.7),
        ("24", 2017, 1.0), ("34", 2017, None),
        ("341", 2017, 0.7), ("347", 2017, 1.0), ("38", 2002, None), ("44", 2017, None), ("D44", 2017, None), ("C5", 2017, None), ("食品", 2017, None),
        (None, 2017, None), ("", 2017, None),
        ("29", None, None), ("13", None, 1.0), ("30", None, None), ("36", None, 0.7), ("13", 2012, None), ("291", 2011, 0.8),
        ("C1371、C1451", 2017, 1.0), ("C1371、C3011", 2017, None), ("C1371、C1451 等 6 处", 2017, None), ("C1371、食品", 2017, None),
    ],
)  # fmt: skip
def test_the_limit_of_a_plot_ratio(code, year, limit):
    found = ratio(code, year)
    assert found["limit"] == limit or (limit is None and pd.isna(found["limit"]))
    assert found["reason"]
    assert bool(found["rule_id"]) == bool(found["basis"]) == (limit is not None)


@pytest.mark.parametrize(
    ("code", "year", "said"),
    [("29", 2017, "分属 29 橡胶制品业、30 塑料制品业，下限不同，行业代码须写到 3 位"), ("30", None, "须写明行业代码是 GB/T 4754 哪一版"),
    ("43", 2017, "没有行业 43（GB/T 4754-2017）"),
     ("D44", 2017, "不是制造业"), ("食品", 2017, "行业代码写法不明：食品"), (None, 2017, "行业代码未知"), ("13", 2012, "没有 GB/T 4754-2012 版"),
     ("C1371、C3011", 2017, "宗地上企业分属 13 农副食品加工业、31 非金属矿物制品业")],
)  # fmt: skip
def test_why_there_is_no_limit(code, year, said):
    assert said in ratio(code, year)["reason"]


def test_how_sure_a_row_is_goes_with_its_limit():
    assert ratio("13")["basis"] == "seen"
    assert ratio("351")["basis"] == "unverified"
    assert ratio("C1371、C3311", 2017)["limit"] != 1.0
    both = plot_ratio_limits(pd.Series(["39、13"]), 2017, ON).iloc[0]
    assert (both["limit"], both["basis"]) == (1.0, "unverified")


def test_a_table_that_was_replaced_says_so_and_one_not_yet_there_gives_nothing():
    assert "2023" not in ratio("13", on=dt.date(2022, 12, 31))["reason"]
    assert "已由自然资发〔2023〕72号替代" in ratio("13", on=dt.date(2024, 12, 31))["reason"]
    early = ratio("13", on=dt.date(2007, 1, 1))
    assert pd.isna(early["limit"])
    assert "2007-01-01 没有有效的容积率控制指标表" in early["reason"]


@pytest.mark.parametrize(
    ("code", "grade", "per_hectare", "basis"),
    [("13", 1, 1935, "unverified"), ("13", 4, 1935, "unverified"), ("13", 5, 1555, "unverified"), ("13", 7, 1125, "general knowledge"),
    ("13", 14, 590, "general knowledge"),
     ("13", 15, 440, "general knowledge"), ("27", 10, 1555, "unverified"), ("3911", 12, 1585, "unverified")],
)  # fmt: skip
def test_investment_goes_by_the_grade_of_the_land(code, grade, per_hectare, basis):
    found = investment_limits(pd.Series([code]), 2017, ON, grade).iloc[0]
    assert found["limit"] * 15 == pytest.approx(per_hectare, rel=1e-15)
    assert found["basis"] == basis
    assert f"{grade} 等" in found["reason"]


def test_an_unknown_grade_is_never_guessed():
    found = investment_limits(pd.Series(["13", "27"]), 2017, ON, None)
    assert found["limit"].isna().all()
    assert found["reason"].str.contains("本县土地等别未知").all()


def test_each_code_goes_by_its_own_issue_and_keeps_its_place():
    codes = pd.Series(["30", "30", None, "30"], index=["d", "b", "a", "c"])
    years = pd.Series([2002.0, 2017.0, 2017.0, None], index=codes.index)
    found = plot_ratio_limits(codes, years, ON)
    assert found.index.tolist() == ["d", "b", "a", "c"]
    assert found["limit"].fillna(-1).tolist() == [1.0, 0.7, -1, -1]
    assert plot_ratio_limits(codes.head(0), 2017, ON).columns.tolist() == found.columns.tolist()


def test_a_hundred_thousand_codes_cost_as_much_as_their_kinds():
    codes = pd.Series(["C1371", "C2921", "29", None] * 25_000)
    found = plot_ratio_limits(codes, 2017, ON)
    assert found["limit"].notna().sum() == 50_000


def test_the_shipped_tables_hold_every_row():
    ratios, money = shipped_tables()
    assert list(ratios.rows) == list(money.rows) == [str(n) for n in range(13, 44) if n != 38]
    assert all(set(row.limits) == set(range(1, 16)) for row in money.rows.values())
    bases = [row.limits[0][1] for row in ratios.rows.values()]
    assert (bases.count("seen"), bases.count("unverified")) == (21, 9)


@pytest.mark.parametrize("division", [str(n) for n in range(13, 43)])
def test_the_crosswalk_leads_back(division):
    for old in places_of(division, 2017, 2002):
        assert any(new.startswith(division) for new in places_of(old, 2002, 2017))


def test_the_issue_of_a_code():
    written = pd.Series([2011.0, None])
    assert issue_of(written, 2002, 2024).tolist() == [2011, 2002]
    assert issue_of(written, None, 2024).tolist() == [2011, 2017]
    assert [issue_of(pd.Series([None]), None, year)[0] for year in (2011, 2012, 2017, 2018)] == [2002, 2011, 2011, 2017]  # fmt: skip


@pytest.mark.parametrize("text", ["一类(0-4等)", "十六(16等)", "八类(4-2等)", "等别"])
def test_a_column_of_no_grade(text):
    assert grades_in(text) is None
