"""Numbers that others have published and that can be worked out again, each with where it stands."""

from fractions import Fraction

import pandas as pd
import pytest

from landeval.judge.grade_classes import boundaries
from landeval.judge.grade_points import benchmark_of, value_of
from landeval.standards.grading import Item, shipped_scheme
from landeval.standards.rules import shipped
from landeval.units import M2_PER_MU


def test_sichuan_2021_the_share_of_a_by_arithmetic():
    """四川 2021: 2,597 of 9,445 park firms are A; the text says 28.8 %, the division 27.5 %."""
    assert round(2597 / 9445 * 100, 1) == 27.5
    assert boundaries(9445, [27.5, 72.5])[0] == 2597
    assert boundaries(9445, [28.8, 71.2])[0] == 2720


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("huaian_2024", (20, 60, 95, 100)),  # 淮安 2024: A 20, B to 60, C to 95, D the last 5
        ("anhui_city", (25, 70, 95, 100)),  # an Anhui city: A 25, B to 70, C to 95, D the last 5
        ("dongkou", (20, 65, 95, 100)),  # the proposal: 20/45/30/5
    ],
)
def test_cumulative_shares_of_the_grades(name, ends):
    shares = shipped_scheme(name).grading.parts
    assert tuple(boundaries(100, shares)) == ends


@pytest.mark.parametrize(
    ("name", "scale", "weights"),
    [
        # 浙政发〔2018〕5号's six in this order; 黄岩 2021, 2022: 30/20/10/20/10/10
        ("huangyan_2021", "above", {"亩均税收": 30, "亩均增加值": 20, "全员劳动生产率": 10, "单位能耗增加值": 20, "单位排放增加值": 10, "研发经费占比": 10}),
        ("huangyan_2022", "below", {"亩均税收": 50, "单位用电税收": 50}),
        ("huaian_2024", "above", {"亩均税收": 45, "亩均销售收入": 35, "单位能耗税收": 20}),
        ("anhui_city", "above", {"亩均税收": 45, "亩均销售收入": 20, "单位能耗增加值": 15, "研发经费占比": 15, "全员劳动生产率": 5}),
        ("anhui_city", "below", {"亩均税收": 100}),
    ],
)  # fmt: skip
def test_published_weights(name, scale, weights):
    listing = next(one for one in shipped_scheme(name).lists if one.scale == scale)
    assert {item.label: item.weight for item in listing.items} == weights


def test_the_plans_lines_by_the_hectare():
    """250 and 15 万元/亩 are 3,750 and 225 万元/公顷: 15 亩 are one hectare exactly."""
    assert Fraction(10_000) / M2_PER_MU == 15
    lines = {name: Fraction(str(shipped()[f"dongkou.{name}"].value)) * 15 for name in ("investment", "tax")}
    assert lines == {"investment": 3750, "tax": 225}


def test_a_mean_of_a_list_is_a_quotient_of_sums():
    """淮安 2024 takes some twice the county's mean of the year before: Σ tax ÷ Σ land, never the mean of ratios."""
    tax = Item(
        "亩均税收",
        "tax_wan_yuan",
        "area_mu",
        "万元/亩",
        100.0,
        benchmark_kind="last_year_mean",
        benchmark=2.0,
    )
    last = pd.DataFrame({"tax_wan_yuan": [30.0, 90.0], "area_mu": [1.0, 9.0]})
    assert benchmark_of(tax, last, last) == 24.0
    assert value_of(last, tax).mean() * 2 == 40.0
