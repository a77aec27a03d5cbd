"""Which year and which day: as asked, else the newest, and it is said."""

import dataclasses
import datetime as dt

import pandas as pd
import pytest
from writers import PROJECT

from landeval.errors import ConfigurationError
from landeval.tidy.period import period

NEW_YEARS_EVE = dt.date(2024, 12, 31)


def asked(*years, **settings):
    return period(
        dataclasses.replace(PROJECT, **settings), pd.DataFrame({"year": pd.Series(years, dtype="int64")})
    )


def test_the_newest_year_and_its_last_day_are_taken_aloud():
    year, day, issues = asked(2023, 2024, 2022)
    assert (year, day) == (2024, NEW_YEARS_EVE)
    assert issues["code"].tolist() == ["E226", "E235"]
    assert "表中有 2022、2023、2024" in issues["what"].iloc[0]


def test_what_is_asked_for_is_taken_silently():
    year, day, issues = asked(2023, 2024, year=2024, as_of=NEW_YEARS_EVE)
    assert (year, day, len(issues)) == (2024, NEW_YEARS_EVE, 0)


def test_another_year_than_the_day_is_told():
    assert asked(2023, year=2023, as_of=NEW_YEARS_EVE)[2]["code"].tolist() == ["E229"]


def test_a_year_without_data_is_refused_with_those_there_are():
    with pytest.raises(ConfigurationError, match=r"企业表中没有 2025 年的数据(.|\n)*现有年度：2023、2024"):
        asked(2023, 2024, year=2025)


def test_no_year_and_no_day_is_refused():
    with pytest.raises(
        ConfigurationError, match=r"没有写明评价基准日，也没有数据年度(.|\n)*as_of = 2024-12-31"
    ):
        asked()
    assert asked(as_of=NEW_YEARS_EVE)[:2] == (None, NEW_YEARS_EVE)
