"""The 上次审核未再列入 sheet: what the offices wrote of parcels and steps that have no place in the new lists."""

from __future__ import annotations

from typing import Any

from landeval.publish.reviews import no_longer_listed
from landeval.publish.workbook.sheet import Column, Sheet, write_sheet
from landeval.publish.workbook.styles import Styles
from landeval.result import Result

NAME = "上次审核未再列入"
_SHEET = Sheet(
    NAME,
    NAME,
    (
        Column("number", 5, label="序号"),
        Column("parcel_code", 23),
        Column("holder_name", 24, wrap=True),
        Column("reviewed_class", 17, label="上次结论", wrap=True),
        Column("status", 17, label="现结论"),
        Column("review_why", 48, wrap=True),
        Column("action", 22, wrap=True),
        Column("review_sheets", 12, label="仍列于", wrap=True),
        Column("parcel_id", 23),
        Column("review_opinion", 11, wrap=True, is_filled_in=True),
        Column("review_disposal", 16, wrap=True, is_filled_in=True),
        Column("review_person", 10, wrap=True, is_filled_in=True),
        Column("review_progress", 28, wrap=True, is_filled_in=True),
        Column("review_supplement", 24, wrap=True, is_filled_in=True),
        Column("review_checker", 10, wrap=True, is_filled_in=True),
        Column("review_checked_on", 11, wrap=True, is_filled_in=True),
        Column("review_handler", 10, wrap=True, is_filled_in=True),
        Column("reviewed_on", 11),
    ),
    note="审核内容仍保留，不影响任何结论；黄色各列可改后交回；全部审核内容见 tables/reviews.csv",
    pages_wide=2,
    full_table="tables/reviews.csv",
    empty="没有：审核过的宗地都仍在各清单中，或还没有交回过审核内容。",
)


def write_reviewed(book: Any, styles: Styles, result: Result) -> None:
    """Write the sheet; a parcel that is gone stands with the code and holder that were written of it."""
    table = no_longer_listed(result)
    of_parcel = table["parcel_id"].map(result.parcels["parcel_code"])
    shown = table.assign(
        parcel_code=table["reviewed_code"].where(table["reviewed_code"].notna(), of_parcel),
        holder_name=table["reviewed_holder"],
        action=table["reviewed_action"],
        parcel_id=table["parcel_id"].where(table["parcel_id"].notna(), table["reviewed_parcel"])
        if "reviewed_parcel" in table
        else table["parcel_id"],
    )
    write_sheet(book, styles, shown, _SHEET, currency=result.currency)
