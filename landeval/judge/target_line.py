"""One target of one object: its series, path and latest value, and what may be said of it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from landeval.board import (
    AHEAD,
    BEHIND,
    LATE,
    MISSED,
    ON_PATH,
    OPEN,
    REACHED,
    TRACKED,
    UNKNOWN,
)
from landeval.judge.pathway import Values, growth, needed, required
from landeval.standards import targets as plan
from landeval.standards.targets import Target
from landeval.units import fixed, round_half_up

DECIMALS = 6
"""Values are compared after rounding, in the quantity's unit."""
LAG = 1
"""Years by which the latest value may be older than the last full year and still tell the state (proposal)."""
_OPERATORS = {
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    "=": lambda left, right: left == right,
}


def rounded(value: float) -> float:
    """Round a value as it is compared."""
    return float(round_half_up([value], DECIMALS)[0])


def told(value: float) -> str:
    """Write a value with up to four decimals.

    Examples
    --------
    >>> told(15.0), told(253.36012), told(-0.00001)
    ('15', '253.3601', '0')
    """
    return fixed(value, 4).rstrip("0").rstrip(".")


@dataclass(frozen=True)
class Series:
    """What the table of actuals says of one quantity of one object.

    ``values``, ``days`` and ``notes`` by year; only years that have ended by the day of judgement.
    """

    values: Mapping[int, float]
    days: Mapping[int, dt.date]
    notes: Mapping[int, str]


class Line:
    """A target of an object with its years, worked out once."""

    def __init__(self, target: Target, series: Series, base_year: int, as_of: dt.date) -> None:
        self.target, self.series, self.base_year, self.as_of = target, series, base_year, as_of
        self.last = as_of.year if (as_of.month, as_of.day) == (12, 31) else as_of.year - 1
        self.is_less_better = target.quantity.is_less_better or target.kind == plan.REDUCTION
        self.base = series.values.get(base_year, math.nan)
        self.years = tuple(range(base_year, max(target.year, self.last) + 1))
        self.value = self._value()
        self.shape = self._shape()
        self.required = self._required()
        self.actual = self._actual()
        horizon = min(self.last, target.year)
        known = [
            year for year in self.years[1:] if year <= horizon and not math.isnan(self.at(self.actual, year))
        ]
        self.latest = known[-1] if known else None

    def at(self, values: Values, year: int) -> float:
        """Return the value of a year; NaN for a year that is none of the line's."""
        return float(values[year - self.base_year]) if year in self.years else math.nan

    def _value(self) -> float:
        """Return what the target year must have, in the quantity's unit (in ``average``: a year)."""
        target = self.target
        if target.value is None:
            return math.nan
        if target.kind == plan.GROWTH:
            return self.base * (1 + float(target.value) / 100) ** (target.year - self.base_year)
        if target.kind == plan.REDUCTION:
            return self.base * float(1 - target.value / Fraction(100))
        return float(target.value)

    def _shape(self) -> str:
        kind = self.target.kind
        if kind in plan.SUMMED:
            return plan.EVEN
        if kind in (plan.GROWTH, plan.REDUCTION):
            return plan.COMPOUND
        if kind == plan.RATIO:
            return plan.CONSTANT
        if kind != plan.LEVEL:
            return plan.NONE
        return self.target.quantity.path

    def _required(self) -> Values:
        span = (self.base_year, self.target.year, self.years)
        if self.target.kind == plan.AVERAGE:
            return required(plan.CONSTANT, self.base, self.value, *span)
        if self.target.kind == plan.LEVEL and self.shape != plan.NONE and self.meets(self.base):
            return required(plan.CONSTANT, self.base, self.value, *span)  # no path leads back
        path = required(self.shape, self.base, self.value, *span)
        return (
            np.floor(path + 1e-9) if self.target.kind == plan.TOTAL else path
        )  # of one firm, no year needs 0.8

    def _actual(self) -> Values:
        added = np.array([self.series.values.get(year, math.nan) for year in self.years], dtype="float64")
        if self.target.kind not in plan.SUMMED:
            return added
        total = np.concatenate(
            [[np.nan], np.cumsum(added[1:])]
        )  # one unknown year makes every later sum unknown
        if self.target.kind == plan.TOTAL:
            return total
        return total / np.maximum(np.arange(len(total), dtype="float64"), 1)

    @property
    def operator(self) -> str:
        """How a value is held against the target's: a cut of at least 5 % leaves at most 95 %."""
        flipped = {">=": "<=", ">": "<"} if self.target.kind == plan.REDUCTION else {}
        return flipped.get(self.target.operator, self.target.operator)

    def meets(self, value: float, line: float | None = None) -> bool:
        """Tell whether a value meets the target's line, or another one; an unknown one never does."""
        line = self.value if line is None else line
        if math.isnan(value) or math.isnan(line):
            return False
        return bool(_OPERATORS[self.operator](rounded(value), rounded(line)))

    @property
    def least(self) -> float:
        """What is certain of a sum although years are missing: the known additions, none of which is below zero."""
        horizon = min(self.last, self.target.year)
        return sum(value for year, value in self.series.values.items()
                   if self.base_year < year <= horizon and not math.isnan(value))  # fmt: skip

    @property
    def whole(self) -> float:
        """The sum that an average asks for by the target year."""
        return self.value * (self.target.year - self.base_year)

    def gap(self, year: int) -> float:
        """Return how far a year is ahead (+) of its path or behind (−)."""
        ahead = self.at(self.actual, year) - self.at(self.required, year)
        return -ahead if self.is_less_better else ahead

    def needed(self) -> tuple[float, str]:
        """Return what every year still to come needs, and in which unit; nothing where the target is met."""
        year, unit = self.latest, self.target.quantity.unit
        if year is None or self.state()[0] in (REACHED, MISSED, UNKNOWN):
            return math.nan, ""
        actual, goal = self.at(self.actual, year), self.value
        if self.target.kind == plan.AVERAGE:
            actual, goal = actual * (year - self.base_year), self.whole
        rate = needed(self.shape, actual, goal, year, self.target.year)
        if math.isnan(rate):
            return rate, ""
        if self.shape == plan.COMPOUND:
            return rate, "%/年"
        return rate, "个百分点/年" if unit == "%" else f"{unit}/年"

    def growth(self) -> float:
        """Return the mean growth from the base year to the latest one [%]; of money and intensities only."""
        if self.latest is None or self.shape != plan.COMPOUND:
            return math.nan
        return growth(self.base, self.at(self.actual, self.latest), self.latest - self.base_year)

    def state(self) -> tuple[str, str]:
        """Return what is said of the target, and why."""
        if self.target.kind == plan.TRACKED:
            notes = [f"{year} 年：{text}" for year, text in sorted(self.series.notes.items())]
            return TRACKED, "；".join(notes[-2:]) or "没有填报推进情况"
        if self.target.kind == plan.DONE_BY:
            return self._finished()
        return self._past() if self.last >= self.target.year else self._under_way()

    def _past(self) -> tuple[str, str]:
        year, unit = self.target.year, self.target.quantity.unit
        value = self.at(self.actual, year)
        if math.isnan(value):
            if self.target.kind == plan.TOTAL and self.meets(self.least):
                return REACHED, f"有年份未知，已知各年之和 {told(self.least)} {unit}已达到"
            return UNKNOWN, f"{year} 年已过，当年实绩未知"
        if math.isnan(self.value):
            return UNKNOWN, f"{self.base_year} 年（基期）的值未知，目标值算不出来"
        said = f"{year} 年 {told(value)} {unit}，目标 {self.operator} {told(self.value)}"
        return (REACHED if self.meets(value) else MISSED), said

    def _under_way(self) -> tuple[str, str]:
        kind, year, unit = self.target.kind, self.latest, self.target.quantity.unit
        if kind == plan.TOTAL and self.meets(self.least):
            return REACHED, f"已累计 {told(self.least)} {unit}"
        if year is None:
            return (
                UNKNOWN,
                f"{self.base_year} 年以后没有连续的实绩" if kind in plan.SUMMED else "基期以后没有实绩",
            )
        value = self.at(self.actual, year)
        if self.last - year > LAG:
            path = self.at(self.required, year)
            then = f"，当年应达 {told(path)}" if not math.isnan(path) else ""
            return UNKNOWN, f"最近一年是 {year} 年，{told(value)} {unit}{then}；此后没有实绩，太旧，不作判定"
        old = f"（最近一年是 {year} 年）" if year < self.last else ""
        if kind == plan.RATIO:
            met = self.meets(value)
            return (REACHED if met else BEHIND), f"{year} 年 {told(value)} {unit}，逐年对照{old}"
        if kind == plan.AVERAGE and self.meets(value * (year - self.base_year), self.whole):
            return REACHED, f"已累计 {told(value * (year - self.base_year))} {unit}，五年之和已够{old}"
        if kind != plan.AVERAGE and self.meets(value):
            return REACHED, f"{year} 年 {told(value)} {unit}，提前达到，须保持到 {self.target.year} 年{old}"
        path = self.at(self.required, year)
        if math.isnan(path) and self.shape == plan.NONE:
            return OPEN, f"{year} 年 {told(value)} {unit}，方案没有逐年要求{old}"
        if math.isnan(path):
            why = "未知" if math.isnan(self.base) else "不大于零"
            return UNKNOWN, f"{self.base_year} 年（基期）的值{why}，当年应达到多少算不出来"
        gap = rounded(self.gap(year))
        said = f"{year} 年应达 {told(path)}，实绩 {told(value)} {unit}{old}"
        return (AHEAD if gap > 0 else BEHIND if gap < 0 else ON_PATH), said

    def _finished(self) -> tuple[str, str]:
        by = self.target.by
        assert by is not None
        if self.series.days:
            day = min(self.series.days.values())
            late = (day - by).days
            if late > 0:
                return LATE, f"{day} 完成，限期 {by}，晚 {late} 天"
            return REACHED, f"{day} 完成，限期 {by}"
        done = [year for year, value in sorted(self.series.values.items()) if value >= 1]
        open_ = [year for year, value in sorted(self.series.values.items()) if value == 0]
        if done and done[0] <= by.year:
            return REACHED, f"{done[0]} 年年底前已完成，限期 {by}"
        if done and any(year >= by.year for year in open_ if year < done[0]):
            return LATE, f"{done[0]} 年年底前完成，限期 {by}"
        if done:
            return UNKNOWN, f"{done[0]} 年年底前已完成，是否赶在 {by} 以前未知"
        if self.as_of < by:
            return OPEN, f"限期 {by}"
        if open_ and open_[-1] >= by.year:
            return MISSED, f"到 {open_[-1]} 年年底没有完成，限期 {by}"
        return UNKNOWN, f"限期 {by} 已过，没有填报是否完成"

    def lacking(self) -> tuple[int, ...]:
        """Return the years whose value is needed and unknown."""
        kind, known = self.target.kind, self.series.values
        if kind == plan.TRACKED:
            return ()
        horizon = min(self.last, self.target.year)
        if kind == plan.DONE_BY:
            return () if self.series.days or known else (self.target.year,)
        if kind in plan.SUMMED:
            wanted = range(self.base_year + 1, horizon + 1)
        else:
            based = kind in (plan.GROWTH, plan.REDUCTION) or self.shape in (plan.COMPOUND, plan.LINEAR)
            wanted = sorted({*([self.base_year] if based else []), horizon})  # type: ignore[assignment]
        return tuple(year for year in wanted if math.isnan(known.get(year, math.nan)))

    def as_years(self) -> list[dict[str, Any]]:
        """Return one row a year: required, actual, that year's own number, gap."""
        if self.target.kind in (plan.TRACKED, plan.DONE_BY):
            return []
        rows = []
        for year, need, got in zip(self.years, self.required, self.actual, strict=True):
            gap = self.gap(year) if year <= self.target.year else math.nan
            rows.append(
                {
                    "year": year,
                    "required_value": need,
                    "year_value": got,
                    "year_added": self.series.values.get(year, math.nan)
                    if self.target.kind in plan.SUMMED
                    else math.nan,
                    "gap_value": gap,
                    "gap_percent": gap / need * 100 if need else math.nan,
                }
            )
        return rows
