"""The land that would pass passes and the next step does not: proved against exact fractions, line by line."""

from fractions import Fraction
from math import floor

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landeval.judge.land_needed import LAND_DECIMALS, needed

M2_PER_MU = Fraction(2000, 3)
STEP = Fraction(1, 10**LAND_DECIMALS)
OPERATORS, DECIMALS = st.sampled_from([">", ">="]), st.sampled_from([0, 2, 4])
LINES = st.sampled_from(["250", "300", "15", "12.5", "0.7", "1", "1000/3", "0.0001"]).map(Fraction)


def passes(amount: Fraction, land: Fraction, operator: str, line: Fraction, decimals: int) -> bool:
    """Judge exactly: both sides rounded half up to the decimals."""
    left, right = (floor(value * 10**decimals + Fraction(1, 2)) for value in (amount / land, line))
    return left > right if operator == ">" else left >= right


def judged(amount, land, operator, line, decimals, per=Fraction(1)):
    """Judge one project as the program does, from floats."""
    floats = (pd.Series([float(value)]) for value in (amount, land, line))
    given_amount, given_land, given_line = floats
    return needed(given_amount, given_land, operator, given_line, decimals, to=4, per=per).iloc[0]


@given(st.integers(1, 10**9), LINES, OPERATORS, DECIMALS, st.booleans())
@settings(max_examples=300)
def test_the_land_found_is_the_largest_that_passes(hundredths, line, operator, decimals, is_dense):
    amount, per = Fraction(hundredths, 100), M2_PER_MU if is_dense else Fraction(1)
    found = judged(amount, Fraction(1), operator, line, decimals, per)["land"]
    if np.isinf(found):
        assert (operator, floor(line * 10**decimals + Fraction(1, 2))) == (">=", 0)
        return
    land = Fraction(round(found * 10**LAND_DECIMALS)) * STEP
    assert float(land) == found
    for steps, wanted in ((land, True), (land + STEP, False)):
        if steps:
            assert passes(amount, steps * per, operator, line, decimals) is wanted
            assert judged(amount, steps, operator, line, decimals, per)["passes"] == wanted


@given(st.integers(1, 10**7), LINES, OPERATORS, DECIMALS, st.booleans())
@settings(max_examples=300)
def test_the_amount_found_is_the_least_that_passes(steps, line, operator, decimals, is_dense):
    land, per = steps * STEP, M2_PER_MU if is_dense else Fraction(1)
    found = judged(Fraction(1), land, operator, line, decimals, per)["least"]
    least = Fraction(round(found * 10**4), 10**4)
    for amount, wanted in ((least, True), (least - Fraction(1, 10**4), False)):
        if amount >= 0:
            assert passes(amount, land * per, operator, line, decimals) is wanted
            assert judged(amount, land, operator, line, decimals, per)["passes"] == wanted


def test_a_hair_below_the_half_is_not_rounded_up():
    """250.49999975 is 250: only its float would be taken for a half."""
    land = Fraction(1_000_001, 10_000)
    found = judged(Fraction(1_002_001, 40), land, ">", Fraction(250), 0)
    assert (found["ratio"], found["passes"]) == (250, False)


@pytest.mark.parametrize(
    ("amount", "line", "land"),
    [(7500.0, 250.0, 29.9999), (0.0, 250.0, 0.0), (np.nan, 250.0, np.nan), (7500.0, np.nan, np.nan)],
)
def test_land_exactly_on_the_line_is_too_much(amount, line, land):
    found = needed(pd.Series([amount]), pd.Series([30.0]), ">", pd.Series([line]), 4, to=4)
    np.testing.assert_array_equal(found["land"], [land])
    assert found["passes"].tolist() == [False]


def test_no_ratio_where_there_is_no_land():
    nothing = pd.Series([5.0, 5.0])
    found = needed(nothing, pd.Series([0.0, np.nan]), ">", nothing, 4, to=4)
    assert found[["ratio", "least", "gap"]].isna().all(axis=None)
    assert found["land"].tolist() == [0.9999, 0.9999]
    assert not found["passes"].any()
