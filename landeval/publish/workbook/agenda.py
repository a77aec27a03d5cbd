"""The 办理日程 sheet: what is due, by day, with paper, clause and who must do what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from landeval.publish.frames import agenda, calendar_table
from landeval.publish.reviews import AGENDA, with_notes
from landeval.publish.workbook.lists import FILL_IN
from landeval.publish.workbook.sheet import Column, Sheet, write_sheet
from landeval.publish.workbook.styles import Styles
from landeval.result import HORIZONS, Result

_SHEET = Sheet(
    "办理日程",
    "办理日程",
    (
        Column("horizon", 9),
        Column("due_on", 11),
        Column("days_left", 9.5),
        Column("parcel_id", 23),
        Column("holder_name", 24, wrap=True),
        Column("status", 17),
        Column("procedure_path", 14),
        Column("action", 30, wrap=True),
        Column("paper", 20, wrap=True),
        Column("step_state", 11),
        Column("responsible", 16, wrap=True),
        Column("duty", 24, wrap=True),
        Column("due_basis", 34, wrap=True),
        Column("clause", 14, wrap=True),
        Column("basis", 12, wrap=True),
        Column("step_note", 30, wrap=True),
        Column("location", 18, wrap=True),
        Column("review_handler", 10, wrap=True, is_filled_in=True),
        Column("review_progress", 24, wrap=True, is_filled_in=True),
    ),
    frozen=5,
    pages_wide=2,
    full_table="tables/calendar.csv",
    empty="没有待办的环节。",
)
_COUNTING = "当日不计，末日逢周六、周日顺延；其他节假日、调休须人工核对；无法定期限的不推定天数"


def write_agenda(book: Any, styles: Styles, result: Result) -> None:
    """Write the steps still to be taken, the earliest first; those without a term at the end.

    The heading counts what is overdue and what is due within 30, 60 and 90 days.
    """
    table = with_notes(agenda(calendar_table(result)), result.reviews, AGENDA)
    horizons = table["horizon"].tolist() if len(table) else []
    told = "、".join(f"{name} {horizons.count(name)} 项" for name in HORIZONS)
    spec = replace(_SHEET, note=f"{told}；{_COUNTING}；{FILL_IN}")
    write_sheet(book, styles, table, spec, currency=result.currency)
