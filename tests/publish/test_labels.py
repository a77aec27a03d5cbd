"""Headers, 是/否, dates and figures as the analyst reads them."""

import datetime as dt
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from builders import HOSTILE, make_result
from hypothesis import given
from hypothesis import strategies as st

from landeval.publish.cells import cell, cells, clean, guard, plain, rounded, text_of
from landeval.publish.labels import chinese_bool, iso_date, label_of, labelled, labels


def test_labelled_renames_selects_and_leaves_the_frame_alone():
    frame = pd.DataFrame({"tax_wan_yuan": [0.1 + 0.2, np.nan], "is_candidate": [True, None], "x": [1, 2]})
    before = frame.copy(deep=True)
    shown = labelled(frame, ["is_candidate", "tax_wan_yuan", "absent"])
    assert list(shown.columns) == ["是否处置候选", "入库税收(万元)"]
    assert shown["是否处置候选"].tolist() == ["是", None]
    assert shown["入库税收(万元)"].tolist() == [0.3, None]
    pd.testing.assert_frame_equal(frame, before)


def test_dates_and_booleans():
    frame = pd.DataFrame({"next_deadline": pd.to_datetime(["2024-12-31", None])})
    assert labelled(frame, ["next_deadline"])["办理期限"].tolist() == ["2024-12-31", None]
    assert [chinese_bool(value) for value in (True, np.False_, None, pd.NA)] == ["是", "否", "", ""]
    assert iso_date(dt.datetime(2024, 1, 2, 3, 4)) == "2024-01-02"


def test_currency_is_named_in_headers():
    assert label_of("fee_wan_yuan", "美元") == "土地闲置费测算(万美元)"
    assert label_of("area_mu", "美元") == "评价面积(亩)"


@pytest.mark.parametrize("name", ["parcels", "enterprises", "years", "links", "findings", "zones", "issues",
                                  "reconciliation", "ledger", "rules", "status"])  # fmt: skip
def test_every_column_of_a_result_has_a_chinese_header_of_its_own(name):
    columns = [str(column) for column in getattr(make_result(), name).columns if column != "geometry"]
    headers = labels(columns)
    assert [header for header in headers if header.isascii()] == []
    assert len(set(headers)) == len(headers)


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (133333.33333333334, "area", "133333.333333"),
        (22000000.000000004, "area", "22000000"),
        (1234567.1234564, "money", "1234567.123456"),
        (2 / 3, "per_mu", "0.666667"),
        (1e-7, "share", "0.0000001"),
        (-0.0, "money", "0"),
        (float("inf"), "money", ""),
        (np.int64(3), "integer", "3"),
        (3.0, "integer", "3"),
        (430525001001.0, "code", "430525001001"),
        (Fraction(1, 4), "share", "0.25"),
        (pd.NaT, "date", ""),
        ("  ", "text", ""),
        (["a", 1], "text", "a；1"),
    ],
)
def test_values_as_text(value, kind, shown):
    assert text_of(cell(value, kind)) == shown


@given(st.floats(allow_nan=False, allow_infinity=False, width=64))
def test_a_figure_comes_back_as_it_was_rounded(number):
    value = rounded(number, "area")
    assert value is not None
    assert float(plain(value)) == value


@given(st.text())
def test_clean_text_is_idempotent_and_can_be_written(text):
    once = clean(text)
    assert clean(once) == once
    assert not set(once) & {"\x00", "\n", "\r", "\t"}
    once.encode("utf-8")


@given(st.text())
def test_guarded_text_never_begins_like_a_formula(text):
    shown = guard(clean(text)).lstrip()
    if shown.startswith(("=", "@")):
        pytest.fail(shown)
    if shown.startswith(("+", "-")):
        float(shown)


def test_hostile_names_keep_their_letters():
    assert [clean(name) for name in HOSTILE[:8]] == list(HOSTILE[:8])
    assert clean(HOSTILE[8]) == "甲 厂 二期 三车间"
    assert cells(pd.Series(["=1+1"], name="holder_name")) == ["=1+1"]
