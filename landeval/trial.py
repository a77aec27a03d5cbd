"""A trial of other rules or another day: what is asked, and what comes of it. A trial is never a verdict."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from landeval.basis import Basis
from landeval.errors import ConfigurationError
from landeval.standards.rule import number_of
from landeval.standards.rules import Rule, rulebook

if TYPE_CHECKING:
    import pandas as pd

TRIAL = "试算"
"""Stands in the title of every output of a trial."""
REASON = "试算，不作为认定依据"
MOST_STEPS, MOST_CELLS = 101, 441
MEASURED = ("lowuse.setback_m", "lowuse.least_width_m")
"""Rules by which land is measured from its shapes: a trial has the figures only."""


@dataclass(frozen=True)
class Axis:
    """One ``--grid``: a rule and the values it takes in turn."""

    rule_id: str
    values: tuple[Fraction, ...]


@dataclass(frozen=True)
class Trial:
    """What is asked: rule id → value as written, another day, other switches, one or two grids."""

    values: Mapping[str, str] = field(default_factory=dict)
    as_of: dt.date | None = None
    switches: Mapping[str, Any] = field(default_factory=dict)
    grids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a trial found, for ``publish``; every frame carries the names of ``vocabulary/fields.toml``.

    Attributes
    ----------
    title, currency : str
        Of the run.
    year : int or None
    as_of_before, as_of : date
    asked : Mapping
        What was asked, as written, for ``run.json``.
    rules : DataFrame
        Rules that differ: old and new value.
    flips : DataFrame
        Parcels whose class (first), or only whose route or fee, differs.
    changes : DataFrame
        Parcel × rule whose verdict differs.
    matrix : DataFrame
        Class before × class after, by count and by 亩.
    grid : DataFrame
        One row a step of each ``--grid``: count and 亩 of each class.
    crossing : DataFrame
        One row a pair of steps where two grids were asked: candidates, and their 亩.
    cliffs : DataFrame
        Parcel × rule close to a line, under the trial's rules.
    inputs : Mapping
        The run that was judged again.
    seconds : float
    """

    title: str
    currency: str
    year: int | None
    as_of_before: dt.date
    as_of: dt.date
    asked: Mapping[str, Any]
    rules: pd.DataFrame
    flips: pd.DataFrame
    changes: pd.DataFrame
    matrix: pd.DataFrame
    grid: pd.DataFrame
    crossing: pd.DataFrame
    cliffs: pd.DataFrame
    inputs: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0


def pairs_of(texts: Sequence[str], option: str, example: str) -> dict[str, str]:
    """Split ``RULE=VALUE`` texts; two of one rule contradict each other.

    Examples
    --------
    >>> pairs_of(["dongkou.tax=18"], "--set", "")
    {'dongkou.tax': '18'}
    """
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in unicodedata.normalize("NFKC", text).partition("="))
        if not equals or not name or not value or name in found:
            said = f"规则 {name} 给了两次" if name in found else f"写法不对：{text}"
            raise ConfigurationError(said, where=option, remedy=f"请写成 {option} {example}", code="E634")
        found[name] = value
    return found


def value_of(text: str, rule: Rule) -> Fraction | str:
    """Read a rule's trial value: a number, a fraction, a percentage; a text where the rule's value is one.

    Examples
    --------
    >>> from landeval.standards.rules import shipped
    >>> rule = shipped()["lowuse.tax"]
    >>> value_of("40%", rule), value_of("1/3", rule), value_of("0.4", rule)
    (Fraction(2, 5), Fraction(1, 3), Fraction(2, 5))
    >>> value_of("35%", shipped()["lowuse.building_factor"])
    Fraction(35, 1)
    """
    if isinstance(rule.value, str):
        return text
    percent = text.endswith("%") and rule.unit != "%"
    number = number_of(text.removesuffix("%").strip())
    return number / 100 if percent and isinstance(number, Fraction) else number


def tried(basis: Basis, values: Mapping[str, str | Fraction], trial: Trial, option: str = "--set") -> Basis:
    """Return the basis with the trial's day, switches and values.

    Raises
    ------
    ConfigurationError
        An unknown rule (with near ones), one that is measured by, a value that the rule does not take, a day before
        the law.
    """
    day = trial.as_of or basis.as_of
    overrides: dict[str, Mapping[str, Any]] = dict(basis.overrides)
    known = basis.rules
    for rule_id, value in values.items():
        where = f"{option} {rule_id}={value}"
        if rule_id in MEASURED:
            raise ConfigurationError(
                f"规则 {rule_id} 在量算图形时使用，试算不重新量算",
                where=where,
                remedy="请在参数表的规则（landeval.toml 的 [rules]）中改值，再用 landeval run 重新评价",
                code="E634",
            )
        try:
            rule = known.get(rule_id) or rulebook(day, {rule_id: {"reason": REASON}})[rule_id]
            exact = value_of(value, rule) if isinstance(value, str) else value
            overrides[rule_id] = {**basis.overrides.get(rule_id, {}), "value": exact, "reason": REASON}
            rulebook(day, {rule_id: overrides[rule_id]})
        except ConfigurationError as error:
            raise ConfigurationError(error.what, where=where, remedy=error.remedy, code=error.code) from None
    return replace(basis, as_of=day, switches=replace(basis.switches, **trial.switches), overrides=overrides)


def axes_of(texts: Sequence[str], basis: Basis) -> tuple[Axis, ...]:
    """Read ``RULE=FROM:TO:STEP`` texts.

    Raises
    ------
    ConfigurationError
        E634 not of that form; E635 too many grids or steps.
    """
    example = "dongkou.tax=10:20:1"
    axes = []
    for rule_id, text in pairs_of(texts, "--grid", example).items():
        where = f"--grid {rule_id}={text}"
        try:
            rule = basis.rules.get(rule_id) or rulebook(basis.as_of, {rule_id: {"reason": REASON}})[rule_id]
        except ConfigurationError as error:
            raise ConfigurationError(error.what, where=where, remedy=error.remedy, code=error.code) from None
        parts = [value_of(part.strip(), rule) for part in text.split(":")]
        numbers = [part for part in parts if isinstance(part, Fraction)]
        if len(parts) != 3 or len(numbers) != 3 or numbers[2] <= 0 or not 0 <= numbers[0] <= numbers[1]:
            raise ConfigurationError(
                "网格写法不对" if not isinstance(rule.value, str) else "这条规则的值是文字，不能做网格",
                where=where,
                remedy=f"请写成 --grid {example}（从 : 到 : 步长，均不小于 0，步长大于 0）",
                code="E634",
            )
        first, last, step = numbers
        count = int((last - first) / step) + 1
        if count > MOST_STEPS:
            raise _too_many(f"{count} 步，最多 {MOST_STEPS} 步", where)
        tried(
            basis, {rule_id: last}, Trial(), "--grid"
        )  # the largest value is refused before anything is judged
        axes.append(Axis(rule_id, tuple(first + step * number for number in range(count))))
    if len(axes) > 2:
        raise _too_many(f"给了 {len(axes)} 个网格，最多两个", "--grid")
    if len(axes) == 2 and (cells := len(axes[0].values) * len(axes[1].values)) > MOST_CELLS:
        raise _too_many(f"两个网格共 {cells} 格，最多 {MOST_CELLS} 格", "--grid")
    return tuple(axes)


def _too_many(what: str, where: str) -> ConfigurationError:
    return ConfigurationError(
        f"网格过大：{what}", where=where, remedy="请加大步长或缩小范围，分几次试算", code="E635"
    )
