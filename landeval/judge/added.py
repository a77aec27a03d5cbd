"""Rules that the bureau has added: any numeric figure of the parcels against a value, as a line, a low-use kind or a note."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from landeval.errors import ConfigurationError
from landeval.judge.findings import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    UNKNOWN,
    Finding,
    Places,
    Telling,
    compare,
    figures,
)
from landeval.judge.setting import OUT, Setting, at
from landeval.judge.wording import missing
from landeval.standards.own import ALL, NEW
from landeval.standards.rule import ADDED, Rule, shown
from landeval.vocabulary.fields import fields

NOTE = "（仅提示，不影响结论）"
WORDS = {
    ">": ("超过", "未超过"),
    ">=": ("达到", "未达到"),
    "<": ("低于", "不低于"),
    "<=": ("不高于", "高于"),
    "=": ("等于", "不等于"),
}
OPERAND = {
    "area_mu": "area_registered_m2",
    "plot_ratio": "floor_area_m2",
    "plot_ratio_doubled": "tall_floor_area_m2",
    "plot_ratio_limit": "contract_plot_ratio_min",
    "building_factor_percent": "footprint_m2",
}
"""What is asked for where a figure that landeval makes is unknown."""


def judge_added(setting: Setting) -> list[Finding]:
    """Judge every rule that the bureau has added, for every parcel.

    A line or a note is met where the comparison holds; of a low-use rule the comparison describes low-use land, so
    that 不达标 is a hit. Low-use rules are left out where the project does not judge low-use.

    Raises
    ------
    ConfigurationError
        A rule whose figure no parcel has.
    """
    rules = [rule for rule in setting.rules.values() if rule.state == ADDED]
    return [_judged(setting, rule) for rule in rules if rule.effect != "lowuse" or setting.switches.low_use]


def of_effect(findings: Sequence[Finding], effect: str) -> list[Finding]:
    """Return the added rules' findings of one effect (line, lowuse, note)."""
    return [one for one in findings if one.rule.state == ADDED and one.rule.effect == effect]


def added_hits(findings: Sequence[Finding]) -> dict[str, npt.NDArray[np.bool_]]:
    """Return which parcels each added low-use rule hits, by rule id."""
    return {one.rule.rule_id: one.verdict == NOT_MET for one in of_effect(findings, "lowuse")}


def operand_of(quantity: str) -> str:
    """Return the written item behind a figure of the parcels.

    Examples
    --------
    >>> operand_of("tax_wan_yuan_per_mu"), operand_of("plot_ratio"), operand_of("price_wan_yuan")
    ('tax_wan_yuan', 'floor_area_m2', 'price_wan_yuan')
    """
    money = quantity.removesuffix("_per_mu")
    return OPERAND.get(quantity, money if money in fields() else quantity)


def _judged(setting: Setting, rule: Rule) -> Finding:
    parcels, quantity = setting.parcels, rule.quantity
    numeric = [name for name in parcels if pd.api.types.is_numeric_dtype(parcels[name]) and not pd.api.types.is_bool_dtype(parcels[name])]  # fmt: skip
    if quantity not in numeric:
        usable = [str(name) for name in numeric if name in fields()]
        near = difflib.get_close_matches(quantity, usable, n=5, cutoff=0.3)
        raise ConfigurationError(
            f"宗地没有数值项 {quantity}",
            where=f"规则 {rule.rule_id} 的 quantity",
            remedy=f"相近的有：{'、'.join(near)}；全部见 docs/规则手册.md",
            code="E625",
        )
    value = parcels[quantity].astype("float64") / float(rule.unit_worth)
    text, line = at(figures(value, rule.decimals)), shown(rule.number)
    name = fields()[quantity].label.split("(")[0]
    holds = compare(value, rule.operator, rule.number, rule.decimals)
    words, other = WORDS[rule.operator]
    is_low_use = rule.effect == "lowuse"
    tail = NOTE if rule.effect == "note" else ""

    def said(verb: str) -> Any:
        return lambda rows: (
            f"{rule.label}：{name} " + text[rows] + f" {rule.unit}".rstrip() + f"，{verb} {line}{tail}"
        )

    told = Telling(rule, len(parcels))
    if is_low_use:
        told.tell(setting.is_out, NOT_APPLICABLE, OUT)
    if rule.scope != ALL:
        told.tell(setting.is_other_use, NOT_APPLICABLE, "非工业用地")
        told.tell(setting.is_use_unknown, UNKNOWN, "土地用途未知；缺" + missing("land_use"))
    if rule.scope == NEW:
        new = parcels["is_new_industrial"]
        told.tell(new == False, NOT_APPLICABLE, "不属新增工业用地")  # noqa: E712 (three-valued)
        told.tell(new.isna(), UNKNOWN, "是否新增工业用地未知；缺" + missing("is_new_industrial"))
    told.tell(value.isna(), UNKNOWN, f"{rule.label}：{name}未知{tail}；缺" + missing(operand_of(quantity)))
    told.tell(holds, NOT_MET if is_low_use else MET, said(words))
    told.tell(True, MET if is_low_use else NOT_MET, said(other))
    return told.finding(value=text, threshold=line, evidence=_cells(setting, quantity))


def _cells(setting: Setting, quantity: str) -> Places:
    """Return where the figure stands: its own cell, that of its ratio, or that of its operand."""
    names = (quantity, f"{quantity}_per_mu", operand_of(quantity))
    known = [name for name in names if setting.proof.knows(name)]
    return setting.proof.cells(known[0]) if known else pa.array([""] * len(setting.ids))
