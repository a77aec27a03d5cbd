"""The calendar of the law."""

import datetime as dt

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from landeval.timeline import add_years, days_past, full_months, full_years_from, last_day

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))


def series(*days):
    return pd.Series(pd.to_datetime(list(days))).astype("datetime64[s]")


def text(days):
    return days.dt.strftime("%Y-%m-%d").tolist()


def test_month_ends_and_leap_days():
    days = series("2020-02-29", "2022-01-31", "2023-12-31", "2019-02-28")
    assert text(add_years(days, 1)) == ["2021-02-28", "2023-01-31", "2024-12-31", "2020-02-28"]
    assert text(add_years(series("2020-02-29"), 4)) == ["2024-02-29"]
    assert text(full_years_from(days, 1)) == ["2021-03-01", "2023-02-01", "2025-01-01", "2020-02-29"]
    assert text(full_years_from(series("2022-03-01"), 2)) == ["2024-03-02"]
    assert text(full_years_from(series("2022-03-01"), 1, anniversary_counts=True)) == ["2023-03-01"]


def test_unknown_stays_unknown():
    days = series("2020-01-01", None)
    today = pd.Timestamp("2024-01-01")
    assert add_years(days, 1).isna().tolist() == [False, True]
    assert full_months(days, today).isna().tolist() == [False, True]
    assert days_past(days, today).tolist()[0] == 1461.0
    assert days_past(days, today).isna().tolist() == [False, True]


@given(DAYS, DAYS, st.booleans())
def test_twelve_months_are_one_year(start, today, anniversary):
    days, now = series(start), pd.Timestamp(today)
    months = full_months(days, now, anniversary_counts=anniversary).iloc[0]
    full = full_years_from(days, 1, anniversary_counts=anniversary).iloc[0] <= now
    assert full == (months >= 12)


@given(DAYS, st.integers(0, 30))
def test_years_add_up(start, years):
    later = add_years(series(start), years).iloc[0]
    assert (later.year - start.year, later.month) == (years, start.month)
    assert later.day in (start.day, 28)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2060, 12, 31)), st.integers(0, 400))
def test_a_term_ends_on_a_working_day_two_days_late_at_most(day, length):
    (last,) = last_day(pd.Series(pd.to_datetime([day])), length)
    plain = pd.Timestamp(day) + pd.Timedelta(days=length)
    assert last.day_of_week < 5
    assert last == plain or (plain.day_of_week >= 5 and last.day_of_week == 0 and (last - plain).days <= 2)
    assert last_day(pd.Series([pd.NaT], dtype="datetime64[s]"), length).isna().all()
