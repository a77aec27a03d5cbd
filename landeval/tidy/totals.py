"""Compare a table's own 合计 with the sum of its records: a row left out or doubled shows here first."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd

from landeval import issues
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.tidy import values
from landeval.tidy.columns import Column
from landeval.vocabulary.fields import fields

KINDS = ("money", "area", "number", "integer")


def compare_totals(raw: RawTable, columns: list[Column]) -> pd.DataFrame:
    """Return an issue E147 for each cell of a 合计 row that is not the sum of its column.

    Only a total of the whole table is compared, in the unit that the column is written in; a 小计 is of a group
    that nothing names. A column with cells that are no plain number is left alone: their problem is told already.

    Parameters
    ----------
    raw : RawTable
    columns : list of Column
        As recognised.
    """
    if raw.totals is None or not len(raw.totals):
        return issues.empty()
    whole = raw.totals[
        [_is_whole(row) for row in raw.totals.drop(columns=list(SOURCE_COLUMNS)).to_numpy().tolist()]
    ]
    found = []
    for column in columns:
        if fields()[column.field].kind not in KINDS:
            continue
        name = f"c{column.position}"
        known = [_exact(cell) for cell in raw.frame[name]]
        if any(figure is None for figure in known):
            continue
        summed = sum((figure for figure in known if figure is not None), Decimal(0))
        for at, cell in whole[name].items():
            total = _exact(cell)
            if total is None or values.text(cell) is None:
                continue
            room = Decimal(1).scaleb(min(0, int(total.normalize().as_tuple().exponent))) / 2 + abs(
                total
            ) * Decimal("1e-9")
            if abs(total - summed) > room:
                told = f"合计行写 {total:,f}，{len(known)} 行之和为 {summed:,f}，相差 {total - summed:,f}"
                found.append(
                    issues.report("E147", whole.loc[[at], list(SOURCE_COLUMNS)], column=column.header, raw=str(cell),
                                  used="各行之和", detail=told)
                )  # fmt: skip
    return issues.gather(found)


def _is_whole(cells: list[Any]) -> bool:
    texts = [
        unicodedata.normalize("NFKC", str(cell)).replace(" ", "") for cell in cells if isinstance(cell, str)
    ]
    return any(
        word in text
        for text in texts[:2]
        for word in ("合计", "总计", "共计", "全县", "全区", "全园", "园区")
    ) and not any("小计" in text for text in texts[:2])


def _exact(cell: Any) -> Decimal | None:
    """Return a cell's figure as written, zero for a blank one, None for what is no plain number."""
    try:
        figure, unit, _ = values.number(cell)
    except values.NotUnderstoodError:
        return None
    if unit is not None:
        return None
    if figure is None:
        return Decimal(0)
    try:
        return Decimal(repr(figure)) if not float(figure).is_integer() else Decimal(int(figure))
    except InvalidOperation:
        return None
