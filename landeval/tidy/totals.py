"""Compare a table's own 合计 and 小计 with the sum of its records: a row left out or doubled shows here first."""

from __future__ import annotations

import unicodedata
from bisect import bisect
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
    """Return an issue E147 for each cell of a 合计 or 小计 row that is not the sum of its rows.

    Where a table has several 合计, each under the rows of its own year, one is right that is the sum of the rows since
    the one before, or of all. They are compared in the unit that the column is written in. Cells that are no plain number
    are left out of the sum, and it is said how many.

    Parameters
    ----------
    raw : RawTable
    columns : list of Column
        As recognised.
    """
    if raw.totals is None or not len(raw.totals):
        return issues.empty()
    cells = raw.totals.drop(columns=list(SOURCE_COLUMNS)).to_numpy().tolist()
    records, of_row = raw.frame["source_row"].tolist(), raw.totals["source_row"]
    wholes = of_row[[_is_whole(row) for row in cells]]
    apart = _groups(records, wholes) if len(wholes) > 1 else {}
    summed_by = {at: [*([apart[at]] if at in apart else []), slice(None)] for at in wholes.index}
    parts = _groups(records, of_row[[_is_part(row) for row in cells]])
    summed_by |= {at: [rows] for at, rows in parts.items()}
    found = []
    for column in columns:
        if fields()[column.field].kind not in KINDS:
            continue
        name = f"c{column.position}"
        known = [_exact(cell) for cell in raw.frame[name]]
        for at, rows in summed_by.items():
            cell = raw.totals.loc[at, name]
            told = [_difference(cell, known[one]) for one in rows]
            if (said := told[0]) is None or None in told:
                continue
            word = "小计" if at in parts else "合计"
            found.append(
                issues.report("E147", raw.totals.loc[[at], list(SOURCE_COLUMNS)], column=column.header,
                              raw=str(cell), used="各行之和", detail=f"{word}行写 {said}")
            )  # fmt: skip
    return issues.gather(found)


def _groups(records: list[int], parts: pd.Series) -> dict[Any, slice]:
    """Return the records that each 小计 sums: those since the one before.

    Only where that is plain: a 小计 that stands above its rows, or before rows of no group, leaves every group open.

    Parameters
    ----------
    records : list of int
        Source rows of the records, ascending.
    parts : Series
        Source rows of the 小计, ascending.
    """
    if not records or not len(parts) or parts.iloc[0] < records[0] or parts.iloc[-1] < records[-1]:
        return {}
    ends = [bisect(records, row) for row in parts]
    starts = [0, *ends[:-1]]
    return {
        at: slice(start, end)
        for at, start, end in zip(parts.index, starts, ends, strict=True)
        if start < end  # a 小计 of 小计 sums no rows of its own
    }


def _difference(cell: Any, known: list[Decimal | None]) -> str | None:
    """Say how a total differs from its rows; None where it does not, or is blank."""
    figures = [figure for figure in known if figure is not None]
    total = _exact(cell)
    if total is None or values.text(cell) is None or not figures:
        return None
    summed = sum(figures, Decimal(0))
    room = Decimal(1).scaleb(min(0, int(total.normalize().as_tuple().exponent))) / 2 + abs(total) * Decimal(
        "1e-9"
    )
    if abs(total - summed) <= room:
        return None
    unread = len(known) - len(figures)
    more = f"（另有 {unread} 行不是数，没有计入）" if unread else ""
    return f"{total:,f}，{len(figures)} 行之和为 {summed:,f}{more}，相差 {total - summed:,f}"


def _is_part(cells: list[Any]) -> bool:
    return any("小计" in text for text in _texts(cells)[:2])


def _is_whole(cells: list[Any]) -> bool:
    words = ("合计", "总计", "共计", "全县", "全区", "全园", "园区")
    return not _is_part(cells) and any(word in text for text in _texts(cells)[:2] for word in words)


def _texts(cells: list[Any]) -> list[str]:
    return [
        unicodedata.normalize("NFKC", str(cell)).replace(" ", "") for cell in cells if isinstance(cell, str)
    ]


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
