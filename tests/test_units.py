"""Units: exact factors, headers and titles as written, rounding without binary noise."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landeval.units import (
    M2_PER_MU,
    factor,
    from_cents,
    round_half_up,
    split_header,
    to_cents,
    to_mu,
    unit_in_title,
    unit_of,
)
from landeval.vocabulary.fields import fields


@pytest.mark.parametrize(
    ("unit", "kind", "worth"),
    [
        ("元", "money", Fraction(1, 10_000)), ("万元", "money", 1), ("亿元", "money", 10_000), ("千元", "money", Fraction(1, 10)),
        ("人民币万元", "money", 1), ("单位：万元", "money", 1), ("㎡", "area", 1), ("m²", "area", 1), ("M2", "area", 1), ("平方米", "area", 1),
        ("亩", "area", M2_PER_MU), ("公顷", "area", 10_000), ("hm²", "area", 10_000), ("万平方米", "area", 10_000), ("平方公里", "area", 10**6),
        ("万元/亩", "per_mu", 1), ("元/㎡", "per_mu", Fraction(1, 10_000) * M2_PER_MU), ("万元/公顷", "per_mu", Fraction(1, 15)),
        ("亿元/平方公里", "per_mu", Fraction(10_000) * M2_PER_MU / 10**6), ("千瓦时", "number", Fraction(1, 10_000)), ("万人", "number", 10_000),
    ],
)  # fmt: skip
def test_exact_factors(unit, kind, worth):
    assert factor(unit, kind) == worth


@pytest.mark.parametrize(
    ("unit", "kind", "currency"),
    [("万美元", "money", "元"), ("港元", "money", "元"), ("万元人民币", "money", "美元"), ("亩", "money", "元"), ("万元", "area", "元"),
     ("万元/亩", "money", "元"), ("", "money", "元"), ("人民币", "money", "元"), ("元/", "per_mu", "元"), ("棵", "number", "元")],
)  # fmt: skip
def test_what_is_no_unit_of_the_kind_has_no_factor(unit, kind, currency):
    assert factor(unit, kind, currency) is None


def test_another_currency():
    assert factor("万美元", "money", "美元") == 1
    assert factor("美元/㎡", "per_mu", "美元") == Fraction(1, 10_000) * M2_PER_MU


@pytest.mark.parametrize(
    ("header", "name", "unit"),
    [
        ("入库税收（万元）", "入库税收", "万元"), ("用地面积/亩", "用地面积", "亩"), ("税收,元", "税收", "元"), ("税收[万元]", "税收", "万元"),
        ("税收、利润合计(万元)", "税收、利润合计", "万元"), ("规上/规下", "规上/规下", ""), ("投资、产值", "投资、产值", ""),
        ("投资强度（万元/亩）", "投资强度", "万元/亩"), ("税收（2024年）", "税收", "2024年"), ("企业名称", "企业名称", ""),
    ],
)  # fmt: skip
def test_headers(header, name, unit):
    assert split_header(header) == (name, unit)


@pytest.mark.parametrize(
    ("title", "units"),
    [("单位：万元", "万元"), ("填报单位：虚构管委会    单位：万元", "万元"), ("单位:万元、亩", "万元、亩"), ("单位：万元，亩", "万元、亩"),
     ("单位：万元 亩  填表人：张三", "万元、亩"), ("金额单位：元；面积单位：亩", "元、亩"), ("主管单位：某局", ""), ("2024年企业表", ""),
     ("计量单位：万美元", "万美元"), ("编制单位：元亩村", "")],
)  # fmt: skip
def test_titles(title, units):
    assert unit_in_title(title) == units


def test_the_unit_is_found_among_other_words():
    assert unit_of("万元,不含地价税费", "money") == ("万元", 1)
    assert unit_of("万元、亩", "area") == ("亩", M2_PER_MU)
    assert unit_of("万元/亩", "money") == ("万元/亩", None)
    assert unit_of("2024年度", "number") == ("", None)
    assert unit_of("地方留成部分", "money") == ("", None)


def test_every_label_of_the_vocabulary_says_its_own_unit():
    for field in fields().values():
        if (
            field.kind in ("money", "area", "per_mu", "number")
            and field.unit
            and "(" in field.label
            and field.unit != "月"
        ):
            unit, worth = unit_of(split_header(field.label)[1], field.kind)
            assert worth == factor(field.unit, field.kind), (field.name, unit)


@given(st.floats(0, 1e9), st.sampled_from(["㎡", "亩", "公顷", "平方公里", "平方英尺"]))
def test_land_there_and_back(area, unit):
    worth = factor(unit, "area")
    assert area * float(worth) / float(worth) == pytest.approx(area, rel=1e-12)
    assert to_mu(pd.Series([area]))[0] == pytest.approx(
        float(Fraction(area) / M2_PER_MU), rel=1e-15, abs=1e-300
    )


def test_250_mu_is_250_mu():
    assert to_mu(pd.Series([500_000.0 / 3])).iloc[0] == pytest.approx(250, rel=1e-15)


@given(st.decimals(-(10**8), 10**8, places=7), st.integers(0, 6))
def test_rounding_agrees_with_decimal_arithmetic(value, decimals):
    exact = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert round_half_up([float(value)], decimals)[0] == pytest.approx(float(exact), rel=1e-15, abs=1e-12)


@given(st.lists(st.floats(-1e9, 1e9), max_size=5), st.integers(0, 6))
def test_rounding_twice_is_rounding_once_and_keeps_the_sign(numbers, decimals):
    once = round_half_up(numbers, decimals)
    assert np.array_equal(once, round_half_up(once, decimals))
    assert np.array_equal(round_half_up([-x for x in numbers], decimals), -once)
    assert np.all(np.abs(once - numbers) <= 0.5 * 10.0**-decimals + 1e-6)


def test_binary_noise_does_not_tip_the_scale():
    assert round_half_up([19.999999999953, 20.000000000023, 14.99995, 1.005, 2.675], 2).tolist() == [
        20,
        20,
        15,
        1.01,
        2.68,
    ]
    assert np.isnan(round_half_up([np.nan], 2)[0])


@given(st.integers(-(10**13), 10**13))
def test_cents_there_and_back(cents):
    assert to_cents(from_cents([cents]))[0] == cents


@given(st.lists(st.decimals(-(10**6), 10**6, places=6), max_size=20))
def test_sums_in_cents_are_exact(amounts):
    assert to_cents([float(a) for a in amounts]).sum() == int(sum(amounts) * 1_000_000)
