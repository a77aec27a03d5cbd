"""The 对账 sheet: money in against money out, and every input record counted by what became of it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from landeval.publish.cells import amount, cells, kind_of
from landeval.publish.frames import ordered
from landeval.publish.labels import labels
from landeval.publish.tables import with_labels
from landeval.publish.workbook.sheet import page, write_cell
from landeval.publish.workbook.styles import Styles
from landeval.result import BALANCE

NAME = "对账"
NO_YEAR = "未写年度"
_LEDGER = ("quantity", "year", *BALANCE, "money_unit")
_COUNTED = ("table_kind", "source_file", "source_layer", "record_state")
_WIDTHS = (30, 26, 18, 18, 18, 18, 20, 14, 10)


def counted(reconciliation: pd.DataFrame) -> pd.DataFrame:
    """Count input records by kind of table, file, layer and state; ``records`` sums to their number."""
    by = [column for column in _COUNTED if column in reconciliation.columns]
    if not by:
        return pd.DataFrame(columns=["records"])
    texts = reconciliation[by].fillna("").astype(str)
    sizes = texts.groupby(by, sort=True).size()
    return pd.DataFrame(sizes.rename("records").reset_index())


def write_balance(
    book: Any, styles: Styles, ledger: pd.DataFrame, records: pd.DataFrame, *, currency: str
) -> None:
    """Write the ledger and the counts of the reconciliation."""
    sheet = book.add_worksheet(NAME)
    page(sheet, sheet_name=NAME)
    for position, width in enumerate(_WIDTHS):
        sheet.set_column(position, position, width)
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, "对账", styles.title())
    sheet.write_string(
        1,
        0,
        "一、金额：输入合计 = 已分摊 + 未匹配 + 已排除，差额应为 0；已排除的一部分是重复的行，同一个数已在另一行计入",
        styles.note(),
    )
    named = with_labels(ledger, "quantity", currency)
    row = _block(sheet, styles, named[ordered(list(named.columns), _LEDGER)], 2, currency)
    text = "二、记录：每条输入记录都有去向，逐条见 tables/reconciliation.csv"
    sheet.write_string(row + 1, 0, text, styles.note())
    table = counted(records)
    total = int(table["records"].sum())
    end = _block(sheet, styles, table, row + 2, currency)
    sheet.write_string(end, 0, f"合计 {total} 条", styles.get(bold=True))


def _block(sheet: Any, styles: Styles, frame: pd.DataFrame, top: int, currency: str) -> int:
    columns = [str(column) for column in frame.columns]
    for position, header in enumerate(labels(columns, currency)):
        sheet.write_string(top, position, header, styles.header())
    values = [cells(frame[column]) for column in columns]
    for number in range(len(frame)):
        for position, column in enumerate(columns):
            kind = "integer" if column == "records" else kind_of(column)
            more: dict[str, Any] = {"num_format": "#,##0.00####"} if kind == "money" else {}
            value = values[position][number]
            known = amount(value) if kind == "money" else None
            shown = value if known is None else known
            if column == "year" and shown is None:
                shown = NO_YEAR
            write_cell(sheet, top + 1 + number, position, shown, styles.body(kind, **more))
    return top + 1 + len(frame)
