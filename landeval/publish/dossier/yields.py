"""What each mu of a parcel yields year by year, against the plan's lines."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from landeval.publish.documents.paper import UNKNOWN, Bars, Block, Grid, Panel, Words
from landeval.publish.labels import label_of, money_unit
from landeval.publish.workbook.sources import number_in, park_targets
from landeval.result import MONEY, RATIOS, Result
from landeval.units import fixed
from landeval.vocabulary.fields import fields


def yields(result: Result, years: Sequence[Mapping[str, Any]]) -> list[Block]:
    """Return bars and table of the years; a sentence where no year is known.

    Parameters
    ----------
    result : Result
    years : sequence of Mapping
        Rows of ``parcel_years`` of one parcel.
    """
    rows = sorted((row for row in years if row["year"] == row["year"]), key=lambda row: int(row["year"]))
    if not any(_number(row.get(name)) is not None for row in rows for name in (*MONEY, *RATIOS)):
        offices = "、".join(
            dict.fromkeys(one for name in MONEY for one in fields()[name].office.split("、") if one)
        )
        return [Words(f"没有匹配到这宗地的投资、产值、税收，亩均指标未知（{offices}掌握），不按零处理。")]
    targets = park_targets(result.rules)
    unit, panels, notes = money_unit(result.currency), [], []
    for ratio in RATIOS:
        rule = targets.loc[ratio] if ratio in targets.index else None
        line = None if rule is None else number_in(rule["value"])
        name = label_of(ratio, result.currency).split("(")[0]
        said = "" if rule is None else f"{rule['operator']} {rule['value']}"
        values = tuple(math.nan if (number := _number(row.get(ratio))) is None else number for row in rows)
        panels.append(Panel(name, f"{unit}/亩", tuple(int(row["year"]) for row in rows), values, line, said))
        if rule is not None:
            notes.append(f"{name} {said}（{rule['document']}{rule['clause']}，{rule['basis']}）")
    head = ("年度", *(label_of(name, result.currency) for name in (*MONEY, *RATIOS)))
    told = tuple(
        (str(int(row["year"])), *(_shown(row.get(name)) for name in (*MONEY, *RATIOS))) for row in rows
    )
    lines = (
        f"红线为县方案目标：{'；'.join(notes)}。目标针对新增工业用地，对存量宗地仅作对标参考。"
        if notes
        else "没有可对照的目标。"
    )
    return [
        Bars(tuple(panels), "历年亩均指标"),
        Words(lines, is_small=True),
        Grid(head, told, (1.4, 2.4, 2.4, 2.4, 2.3, 2.3, 2.4), "历年金额和亩均指标"),
    ]


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _shown(value: Any) -> str:
    """Write a figure to the four decimals of the comparison: rounded to two, what fails would look like what passes."""
    number = _number(value)
    if number is None:
        return UNKNOWN
    told = fixed(number, 4)
    return told[:-2] if told.endswith("00") else told.rstrip("0")
