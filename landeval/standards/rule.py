"""One rule: a threshold with operator, scope, clause and quote, how sure it is, and what the bureau did to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from landeval.errors import ConfigurationError

OPERATORS = (">", ">=", "<", "<=", "=")
KINDS = {"target": "目标", "admission": "准入", "statutory": "法定", "reference": "参考", "proposal": "建议"}
BASES = {
    "seen": "见原文",
    "general knowledge": "据通行文本",
    "unverified": "未核实",
    "proposal": "建议稿，无文件依据",
}
OPEN = "未给出"
"""The value of a rule whose document names the quantity and leaves the number to the bureau."""
UNSURE = ("unverified", "proposal")
"""Bases that must be told beside every result."""
IN_FORCE, CHANGED, OFF, ADDED = ("现行", "本单位改动", "本单位停用", "本单位增加")
EFFECTS = {"line": "按标准评价", "lowuse": "低效情形", "note": "只提示"}
"""What an added rule does: counts as a line, counts as a low-use kind, or is only told."""


@dataclass(frozen=True)
class Rule:
    """One rule: a threshold with its operator, scope, clause and quote, and how sure it is.

    ``value`` is exact: a Fraction for numbers, text for routes. ``override`` is empty, or tells what a
    bureau changed, why, who and when; ``state`` says which of ``IN_FORCE``, ``CHANGED``, ``OFF``, ``ADDED``.
    ``item`` is the short name of a low-use kind (L1 … L10), whatever document is behind it.
    ``effect`` and ``unit_worth`` are those of an added rule: one ``unit`` is so many of the quantity's own.
    """

    rule_id: str
    label: str
    quantity: str
    operator: str
    value: Fraction | str
    unit: str
    decimals: int
    scope: str
    kind: str
    valid_from: dt.date
    valid_to: dt.date | None
    document: str
    clause: str
    quote: str
    reading: str
    basis: str
    checked_on: dt.date
    contract_quantity: str = ""
    reference_rule: str = ""
    years: int = 1
    override: str = ""
    effect: str = ""
    unit_worth: Fraction = Fraction(1)
    state: str = IN_FORCE
    is_switchable: bool = False
    item: str = ""

    @property
    def number(self) -> Fraction:
        """The value as an exact number.

        Raises
        ------
        ConfigurationError
            The rule's value is a text.
        """
        if isinstance(self.value, str):
            raise ConfigurationError(f"规则 {self.rule_id} 的值不是数：{self.value}", code="E601")
        return self.value

    @property
    def whole(self) -> int:
        """The value as a whole number (years, days, items).

        Raises
        ------
        ConfigurationError
            The rule's value is not whole.
        """
        if self.number.denominator != 1:
            raise ConfigurationError(
                f"规则 {self.rule_id} 的值须为整数：{shown(self.number)}",
                remedy="请写整数，如 2",
                code="E601",
            )
        return int(self.number)

    @property
    def citation(self) -> str:
        """Document and clause, as printed beside a verdict."""
        return f"{self.document}{self.clause}"

    @property
    def caveat(self) -> str:
        """What must be printed beside a result of this rule; empty for seen text that nobody changed."""
        parts = [BASES[self.basis]] if self.basis in UNSURE else []
        return "；".join(parts + ([self.override] if self.override else []))

    def is_in_force(self, on: dt.date) -> bool:
        """Tell whether the rule holds on a day; its first and last day count."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


def number_of(value: Any) -> Fraction | str:
    """Read an exact number from TOML: an integer, a decimal or a fraction written as text.

    Examples
    --------
    >>> number_of(15), number_of(7.5), number_of("1/3"), number_of("协议收回")
    (Fraction(15, 1), Fraction(15, 2), Fraction(1, 3), '协议收回')
    """
    if isinstance(value, bool):
        raise ValueError("是/否不是数")
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, float):
        return Fraction(str(value))
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        return str(value)


def shown(value: Fraction | str) -> str:
    """Write a rule's value as a person would.

    Examples
    --------
    >>> shown(Fraction(15)), shown(Fraction(15, 2)), shown(Fraction(1, 3))
    ('15', '7.5', '1/3')
    """
    if isinstance(value, str):
        return value
    if value.denominator == 1:
        return str(value.numerator)
    decimal = f"{float(value):g}"
    return decimal if Fraction(decimal) == value else f"{value.numerator}/{value.denominator}"
