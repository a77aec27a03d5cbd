"""The 逐条判定 sheet: every rule that decided something about a parcel, with figures, line, clause and cell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from landeval.publish.workbook.sheet import Column, Sheet, write_sheet
from landeval.publish.workbook.short import is_short
from landeval.publish.workbook.styles import Styles
from landeval.result import CANDIDATES, Result

SHOWN = ("不达标", "无法判定", "达标")
MOST = 50_000
"""More rows than nobody reads in a workbook: then only what is up for disposal, or soon will be, is listed."""
WORKED = (*CANDIDATES, "逾期未动工预警")
_SHEET = Sheet(
    "逐条判定",
    "逐条判定",
    (
        Column("parcel_id", 23),
        Column("holder_name", 24),
        Column("status", 17),
        Column("rule_label", 22),
        Column("value", 16),
        Column("operator", 7),
        Column("threshold", 12),
        Column("measure_unit", 9),
        Column("verdict", 9),
        Column("reason", 84),
        Column("document", 26),
        Column("clause", 14),
        Column("rule_kind", 9),
        Column("basis", 14),
        Column("evidence", 50),
    ),
    note="{which}“不适用”的不列，全部见 tables/findings.csv；依据可靠程度为“建议稿”“未核实”的，须由本单位确认后方可引用",
    pages_wide=2,
    full_table="tables/findings.csv",
    is_register=True,
    empty="没有判定。",
)


def write_verdicts(book: Any, styles: Styles, result: Result, table: pd.DataFrame) -> None:
    """Write the verdicts, parcel by parcel; of each parcel what failed first, then what is unknown, then the rest.

    Parameters
    ----------
    book, styles
        The workbook.
    result : Result
    table : DataFrame
        A ``frames.parcel_table``.
    """
    found = result.findings
    found = found[found["verdict"].isin(SHOWN)]
    who = table[["holder_name", "status"]]
    rows = found.merge(who, left_on="unit_id", right_index=True, how="left", validate="m:1")
    rows = rows.rename(columns={"unit_id": "parcel_id"})
    which = ""
    if len(rows) > MOST or is_short(table):
        rows, which = rows[rows["status"].isin(WORKED)], "宗地较多，只列处置候选和预警宗地；"
    spec = replace(_SHEET, note=_SHEET.note.format(which=which))
    rank = rows["verdict"].map({name: at for at, name in enumerate(SHOWN)})
    order = rows.assign(rank=rank).sort_values(["parcel_id", "rank"], kind="stable").index
    write_sheet(book, styles, rows.loc[order], spec, currency=result.currency)
