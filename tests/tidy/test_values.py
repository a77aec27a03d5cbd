"""Numbers, dates, years, yes and no as people write them: understood, missing, or refused; never guessed."""

import datetime as dt
import math
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landeval.tidy import values
from landeval.tidy.values import NotUnderstoodError

ANYTHING = st.one_of(
    st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.dates(), st.datetimes(), st.times(),
    st.timedeltas(), st.binary(), st.lists(st.integers()), st.just(pd.NaT),
    st.text(alphabet="0123456789０１２,.，．-—+()（）万亿元亩㎡年月日/ E％%①²½　\xa0\n"),
)  # fmt: skip


@pytest.mark.parametrize(
    "parse",
    [
        values.number,
        values.date,
        values.year,
        values.flag,
        values.text,
        values.share,
        values.month,
        values.readings,
    ],
)
@given(value=ANYTHING)
def test_a_parser_understands_or_says_that_it_does_not(parse, value):
    try:
        result = parse(value)
    except NotUnderstoodError:
        return
    figure = result[0] if isinstance(result, tuple) else None
    assert figure is None or isinstance(figure, dt.date) or math.isfinite(figure)


@pytest.mark.parametrize(
    ("written", "figure"),
    [
        ("1,234.56", 1234.56), ("１２３", 123), ("1，234", 1234), ("１,２３４．５", 1234.5), ("1 234 567", 1234567),
        ("\u3000120\xa0", 120), ("-5", -5), ("－5", -5), ("(120)", -120), ("（120）", -120), ("+7", 7), (".5", 0.5), ("1.5E3", 1500),
        (9.5, 9.5), (0, 0), ("0", 0), (10**12, 10**12),
    ],
)  # fmt: skip
def test_numbers(written, figure):
    assert values.number(written)[0] == figure


@pytest.mark.parametrize(
    "written",
    ["约120", "120①", "①20", "12²", "½", "1½", "1-2", "1.2.3", "12,34", "1,2345", "100\n200", "12 34", "(-120)", "(+1)", "1e999",
     "1E400", 1e300, 10**400, float("inf"), -math.inf, True, False, "x", "120元/亩", "12%", "9000万美元", "5棵", "１２／３"],
)  # fmt: skip
def test_what_is_no_number_is_never_read_as_one(written):
    with pytest.raises(NotUnderstoodError):
        values.number(written, "money")


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        " ",
        "-",
        "—",
        "——",
        "/",
        "无",
        "暂无",
        "空",
        "#N/A",
        "nil",
        "なし",
        "未提供",
        "……",
        "(空白)",
        "n/a",
        float("nan"),
        "　",
    ],
)
def test_missing_is_missing_not_zero(written):
    assert values.number(written) == (None, None, False)


@pytest.mark.parametrize(
    ("written", "kind", "figure", "worth"),
    [
        ("9000万元", "money", 9000, 1), ("0.9亿", "money", 0.9, 10_000), ("120元", "money", 120, Fraction(1, 10_000)),
        ("100亩", "area", 100, Fraction(2000, 3)), ("1200㎡", "area", 1200, 1), ("1200m2", "area", 1200, 1),
        ("1,200 平方米", "area", 1200, 1), ("2公顷", "area", 2, 10_000), ("120人", "number", 120, 1),
    ],
)  # fmt: skip
def test_a_unit_in_the_cell(written, kind, figure, worth):
    assert values.number(written, kind) == (figure, worth, True)


@given(st.floats(min_value=-1e12, max_value=1e12, allow_nan=False), st.integers(0, 6))
def test_a_number_written_with_separators_comes_back(figure, decimals):
    written = f"{figure:,.{decimals}f}"
    full_width = written.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789,.-"})
    assert values.number(written)[0] == values.number(full_width)[0] == round(figure, decimals)


@given(st.dates(min_value=dt.date(1949, 1, 1), max_value=dt.date(2100, 12, 31)),
       st.sampled_from(["{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y.%m.%d}", "{:%Y年%m月%d日}", "{:%Y%m%d}", "{0.year}-{0.month}-{0.day}",
                        "{0.year}年{0.month}月{0.day}日", "{0.year}.{0.month}.{0.day}", " {:%Y-%m-%d} 00:00:00", "{:%Y-%m-%dT00:00:00Z}"]))  # fmt: skip
def test_a_date_in_any_form_comes_back(day, form):
    assert values.date(form.format(day)) == day


@given(st.dates(min_value=dt.date(1960, 1, 1), max_value=dt.date(2060, 1, 1)))
def test_a_date_as_a_number_comes_back(day):
    serial = (day - dt.date(1899, 12, 30)).days
    compact = int(f"{day:%Y%m%d}")
    for written in (
        serial,
        float(serial),
        str(serial),
        compact,
        float(compact),
        dt.datetime(day.year, day.month, day.day),
    ):
        assert values.date(written) == day


def test_dates_of_the_catalogue():
    assert values.date("２０２１年９月２４日") == dt.date(2021, 9, 24)
    assert values.date(44463) == dt.date(2021, 9, 24)
    for missing in (None, "", "—", float("nan"), pd.NaT):
        assert values.date(missing) is None


@pytest.mark.parametrize(
    "written",
    ["21.9.24", "24/09/2021", "09/10/2021", "2021-02-30", "0000-00-00", "2021-13-01", "长期", "2021年9月", "2021", 2021, "2021-99-99",
     "1021-09-24", "20211301", "2021-09-2①", True, dt.datetime(1899, 12, 31), 44463.5, "00000000"],
)  # fmt: skip
def test_ambiguous_and_impossible_dates_are_not_guessed(written):
    with pytest.raises(NotUnderstoodError):
        values.date(written)


@given(st.integers(1900, 2099), st.sampled_from(["{}", "{}年", "{}年度", " {} ", "{}.0", "FY"]))
def test_a_year_comes_back(year, form):
    if form == "FY":
        form = "{}FY"
    assert values.year(form.format(year)) == values.year(float(year)) == year


@pytest.mark.parametrize("written", ["24", "二〇二四", "2O24", "2023-2024", "12024", 24, "1024"])
def test_what_is_no_year(written):
    with pytest.raises(NotUnderstoodError):
        values.year(written)


@pytest.mark.parametrize(
    ("written", "is_so"),
    [
        ("是", True),
        ("否", False),
        ("Ｙ", True),
        ("1", True),
        (0, False),
        (1.0, True),
        ("", None),
        ("—", None),
        (True, True),
    ],
)
def test_yes_and_no(written, is_so):
    assert values.flag(written) is is_so


def test_text_is_cleaned_and_codes_stay_whole():
    assert values.text(" 甲\u200b厂\t二期\r\n三车间\x07 ") == "甲厂 二期 三车间"
    assert values.text(430525.0) == "430525"
    assert values.text("\u200b \n") is None
    assert values.text("NA") == "NA"


def test_a_column_is_parsed_cell_by_cell():
    parsed, failed = values.parse_each(pd.Series(["5", "x", None, ["a"], 1, True]), values.flag)
    assert parsed[4:] == [True, True]
    assert failed.tolist() == [True, True, False, True, False, False]


@given(st.integers(0, 10_000), st.sampled_from(["{}%", "{}％", " {} %", "{:.2f}%"]))
def test_a_share_with_its_sign_comes_back(hundredths, form):
    assert values.share(form.format(hundredths / 100)) == (hundredths / 100, True)


@given(
    st.dates(min_value=dt.date(1949, 1, 1), max_value=dt.date(2100, 12, 31)),
    st.sampled_from(["{0.year}年{0.month}月", "{0:%Y-%m}", "{0:%Y/%m}", " {0.year} 年 {0.month} 月 "]),
)
def test_a_month_holds_its_days(day, form):
    written = form.format(day)
    wide = written.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789-/"})
    first, last = values.month(written)
    assert values.month(wide) == (first, last)
    assert first <= day <= last
    assert (first.day, (last + dt.timedelta(1)).day) == (1, 1)


@given(st.dates(min_value=dt.date(2001, 1, 1), max_value=dt.date(2099, 12, 31)))
def test_the_readings_of_a_short_date_hold_the_day_meant(day):
    for form in ("{:%y.%m.%d}", "{:%d/%m/%Y}", "{:%m/%d/%Y}"):
        assert day.isoformat() in values.readings(form.format(day))
