"""Words that several rules share: spans of time, fractions as the law writes them, missing fields with their office."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from landeval.standards.rules import Rule, shown
from landeval.vocabulary.fields import fields


def missing(*names: str) -> str:
    """Name fields, each with the office that usually holds it.

    Examples
    --------
    >>> missing("tax_wan_yuan")
    '入库税收（税务局）'
    """
    told = []
    for name in names:
        field = fields()[name]
        told.append(field.label.split("(")[0] + (f"（{field.office}）" if field.office else ""))
    return "、".join(told)


def sentence(*parts: Any) -> Any:
    """Join words and arrays of text into one text a row.

    Examples
    --------
    >>> sentence("亩均税收 ", np.array(["12", "16"], dtype=object), " 万元/亩").tolist()
    ['亩均税收 12 万元/亩', '亩均税收 16 万元/亩']
    """
    arrays = [part if isinstance(part, str) else pa.array(part, pa.string()) for part in parts]
    return pc.binary_join_element_wise(*arrays, "").to_numpy(zero_copy_only=False)


def full(rule: Rule) -> str:
    """Write the whole years of a rule as the law does: 满一年."""
    return "满" + {1: "一年", 2: "两年", 3: "三年"}.get(rule.whole, f" {rule.whole} 年")


def fraction(rule: Rule) -> str:
    """Write a rule's fraction as the law does: 三分之一, 百分之二十五."""
    return {Fraction(1, 3): "三分之一", Fraction(1, 4): "百分之二十五"}.get(
        rule.number, f" {shown(rule.number)}"
    )


def span(months: Any, days: Any) -> Any:
    """Write a span as 2 年 3 个月; in days where it is less than a month.

    Examples
    --------
    >>> span(np.array([27.0, 5.0, 0.0]), np.array([830.0, 160.0, 12.0])).tolist()
    ['2 年 3 个月', '5 个月', '12 天']
    """
    told = [
        (f"{int(month) // 12} 年 " if month >= 12 else "") + f"{int(month) % 12} 个月"
        if month > 0
        else f"{int(day)} 天"
        for month, day in zip(np.asarray(months).tolist(), np.asarray(days).tolist(), strict=True)
    ]
    return np.array(told, dtype=object)


def part(rule: Rule) -> str:
    """Write a rule's share exactly: 20%, 12.5%, and 1/3 where per cent would not be.

    Examples
    --------
    >>> from landeval.standards.rules import shipped
    >>> part(shipped()["idle.fee_rate"]), part(shipped()["idle.area_share"])
    ('20%', '1/3')
    """
    text = shown(rule.number * 100)
    return shown(rule.number) if "/" in text else text + "%"


def percent(share: pd.Series) -> Any:
    """Write a share as per cent, cut off and not rounded: 24.996 % is short of 25 % and must look so."""
    known = share.notna().to_numpy()
    told = np.full(len(share), "未知", dtype=object)
    cut = np.floor(share.to_numpy(dtype="float64")[known] * 10_000 + 1e-9) / 10_000
    told[known] = [f"{part:.2%}" for part in cut.tolist()]
    return told
