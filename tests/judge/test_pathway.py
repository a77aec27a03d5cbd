"""A path meets its target in its year, and what is needed from here reaches it: whatever the numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landeval.judge.pathway import growth, needed, required

VALUES = st.floats(0.01, 1e6)
SPANS = st.integers(1, 12)


@given(
    base=VALUES, target=VALUES, span=SPANS, shape=st.sampled_from(["compound", "linear", "even", "constant"])
)
def test_the_path_hits_the_target_in_its_year_exactly_and_holds_it(base, target, span, shape):
    path = required(shape, base, target, 2020, 2020 + span, range(2020, 2023 + span))
    assert path[span] == path[span + 1] == path[span + 2] == target
    if shape in ("compound", "linear"):
        assert path[0] == base
        low, high = sorted((base, target))
        assert all(low * (1 - 1e-9) <= value <= high * (1 + 1e-9) for value in path)


@given(actual=VALUES, target=VALUES, left=SPANS)
def test_the_needed_growth_compounded_from_the_actual_reaches_the_target(actual, target, left):
    rate = needed("compound", actual, target, 2024, 2024 + left)
    assert actual * (1 + rate / 100) ** left == pytest.approx(target, abs=1e-9 * max(actual, target))
    assert growth(actual, target, left) == pytest.approx(rate, rel=1e-9, abs=1e-9)


@given(actual=VALUES, target=VALUES, left=SPANS, shape=st.sampled_from(["linear", "even"]))
def test_the_needed_addition_a_year_reaches_the_target(actual, target, left, shape):
    assert actual + left * needed(shape, actual, target, 2024, 2024 + left) == pytest.approx(
        target, abs=1e-9 * max(actual, target)
    )


@given(base=VALUES, rate=st.floats(0.1, 50), span=st.integers(2, 8))
def test_who_is_on_the_path_needs_the_growth_of_the_path(base, rate, span):
    target = base * (1 + rate / 100) ** span
    path = required("compound", base, target, 2020, 2020 + span, range(2020, 2021 + span))
    assert needed("compound", float(path[1]), target, 2021, 2020 + span) == pytest.approx(rate, rel=1e-6)


@pytest.mark.parametrize(("base", "target"), [(0.0, 5.0), (math.nan, 5.0), (-1.0, 5.0)])
def test_no_compound_path_from_nothing_unknown_or_below_zero(base, target):
    assert all(
        math.isnan(value) for value in required("compound", base, target, 2020, 2025, range(2020, 2027))
    )


def test_nothing_is_needed_where_no_year_is_left_or_a_value_is_unknown():
    assert math.isnan(needed("compound", 1.0, 2.0, 2025, 2025))
    assert math.isnan(needed("even", math.nan, 2.0, 2023, 2025))
    assert math.isnan(needed("none", 1.0, 2.0, 2023, 2025))
    assert required("constant", math.nan, 15.0, 2020, 2022, [2019, 2020, 2021]).tolist()[2] == 15.0
