"""The calendar of the law: dates to spans, 满一年 by the calendar, days and months past a date."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd


def add_years(dates: pd.Series, years: int) -> pd.Series:
    """Return the same calendar day some years on; the month's last day where there is none (29 February).

    Parameters
    ----------
    dates : Series of datetime64
    years : int

    Examples
    --------
    >>> import pandas as pd
    >>> add_years(pd.Series(pd.to_datetime(["2020-02-29", "2022-03-01"])), 1).dt.strftime("%F").tolist()
    ['2021-02-28', '2023-03-01']
    """
    return add_months(dates, 12 * years)


def add_months(dates: pd.Series, months: int | npt.NDArray[np.int64]) -> pd.Series:
    """Return the same day some months on; the month's last day where there is none. Months may differ by row.

    Examples
    --------
    >>> add_months(pd.Series(pd.to_datetime(["2023-08-31", "2023-10-01"])), 18).dt.strftime("%F").tolist()
    ['2025-02-28', '2025-04-01']
    """
    days = dates.to_numpy().astype("datetime64[D]")
    first = days.astype("datetime64[M]")
    wanted = first + months
    last = (wanted + 1).astype("datetime64[D]") - 1
    result = np.minimum(wanted.astype("datetime64[D]") + (days - first.astype("datetime64[D]")), last)
    return pd.Series(result.astype("datetime64[s]"), index=dates.index, copy=False)


def full_years_from(dates: pd.Series, years: int, *, anniversary_counts: bool = False) -> pd.Series:
    """Return the first day on which ``years`` full years have passed since ``dates``.

    The period starts the day after, its last day is the calendar day of the same number, and ends at 24:00
    (民法典 201–203): so it holds from the anniversary + 1 day, or from the anniversary itself on request.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.Series(pd.to_datetime(["2022-03-01", "2020-02-29"]))
    >>> full_years_from(days, 1).dt.strftime("%F").tolist()
    ['2023-03-02', '2021-03-01']
    """
    return full_months_from(dates, 12 * years, anniversary_counts=anniversary_counts)


def full_months_from(dates: pd.Series, months: int, *, anniversary_counts: bool = False) -> pd.Series:
    """Return the first day on which ``months`` full months have passed, counted like full years.

    Examples
    --------
    >>> full_months_from(pd.Series(pd.to_datetime(["2023-10-01"])), 18).dt.strftime("%F").tolist()
    ['2025-04-02']
    """
    return pd.Series(add_months(dates, months) + pd.Timedelta(days=0 if anniversary_counts else 1))


def days_past(dates: pd.Series, as_of: pd.Timestamp) -> pd.Series:
    """Return whole days from ``dates`` to ``as_of`` [day]; negative where still to come, NaN where unknown."""
    days: pd.Series = (as_of - dates).dt.days
    return days.astype("float64")


def full_months(dates: pd.Series, as_of: pd.Timestamp, *, anniversary_counts: bool = False) -> pd.Series:
    """Return the whole months that have passed since ``dates``, by the same count as ``full_years_from``.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2022-03-01", "2022-01-31"]))
    >>> full_months(days, pd.Timestamp("2023-03-01")).tolist()
    [11.0, 13.0]
    >>> full_months(days, pd.Timestamp("2023-03-02")).tolist()
    [12.0, 13.0]
    """
    last = as_of - pd.Timedelta(days=0 if anniversary_counts else 1)
    months = (last.year - dates.dt.year) * 12 + last.month - dates.dt.month
    due_day = dates.dt.day.clip(upper=last.days_in_month)
    return pd.Series(months - (due_day > last.day)).astype("float64")


def last_day(dates: pd.Series, days: int) -> pd.Series:
    """Return the last day of a term of ``days`` days since ``dates``; a Saturday or Sunday runs on to Monday.

    The first day is not counted, the last one ends at 24:00 (民法典 201–203). Public holidays and the working
    weekends beside them are not known here and must be checked by a person.

    Parameters
    ----------
    dates : Series of datetime64
        Day of service, or of whatever starts the term.
    days : int
        Length of the term [day].

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.Series(pd.to_datetime(["2024-12-05", "2024-12-06", "2024-12-10"]))
    >>> last_day(days, 30).dt.strftime("%F").tolist()
    ['2025-01-06', '2025-01-06', '2025-01-09']
    """
    last = dates + pd.Timedelta(days=days)
    on = (7 - last.dt.day_of_week).where(last.dt.day_of_week >= 5, 0)
    return pd.Series(last + pd.to_timedelta(on, unit="D")).astype("datetime64[s]")
