"""The lists of ``年度比较.xlsx``: new candidates, those that left the list, the parcels' lineage, disposal, questions."""

from __future__ import annotations

from typing import Any

from landeval.publish.workbook.sheet import Column, Sheet, write_sheet
from landeval.publish.workbook.styles import Styles
from landeval.year_change import (
    CURED,
    FIGURES,
    LAND_GONE,
    NEW,
    NEW_UNTRACED,
    NO_LONGER,
    UNCLEAR,
    UNKNOWN_FATE,
    YearChange,
)

_LEFT = (CURED, NO_LONGER, UNCLEAR, LAND_GONE, UNKNOWN_FATE)


def write_lists(book: Any, styles: Styles, change: YearChange) -> None:
    """Write the lists, a sheet each."""
    order = {name: number for number, name in enumerate((NEW, NEW_UNTRACED, *_LEFT))}
    groups = change.changes.assign(order=change.changes["year_outcome"].map(order))
    groups = groups.sort_values(["order", "lineage_group"], na_position="last")
    for name, title, kept, empty in (
        ("新增候选", "新增的处置候选：上次不是，本次是", (NEW, NEW_UNTRACED), "没有新增的候选。"),
        ("已解决", "上次的候选，本次不再在清单上", _LEFT, "上次的候选都还在清单上。"),
    ):
        spec = Sheet(
            name,
            title,
            (
                Column("number", 5, label="序号"),
                Column("year_outcome", 13),
                Column("parcel_id_now" if name == "新增候选" else "parcel_id_then", 22, wrap=True),
                Column("holder_name_now" if name == "新增候选" else "holder_name_then", 26, wrap=True),
                Column("lineage_kind", 12),
                Column("area_mu_now" if name == "新增候选" else "area_mu_then", 10),
                Column("status_then", 17, wrap=True),
                Column("status_now", 17, wrap=True),
                Column("change_cause", 12),
                Column("changed_findings", 70, wrap=True),
                Column("output_wan_yuan_per_mu_then", 12),
                Column("output_wan_yuan_per_mu_now", 12),
                Column("tax_wan_yuan_per_mu_then", 12),
                Column("tax_wan_yuan_per_mu_now", 12),
                Column("change_unknown", 26, wrap=True),
            ),
            note="" if name == "新增候选" else "“已解决”以外的都没有得到达标的结论",
            full_table="tables/changes.csv",
            empty=empty,
        )
        rows = groups[groups["year_outcome"].isin(kept)]
        write_sheet(book, styles, rows, spec, currency=change.currency)
    _write_parcels(book, styles, change)
    _write_progress(book, styles, change)
    _write_groups(book, styles, change)
    _write_questions(book, styles, change)


def _write_parcels(book: Any, styles: Styles, change: YearChange) -> None:
    spec = Sheet(
        "台账沿革",
        "每宗地的去向和来历",
        (
            Column("parcel_id_then", 22),
            Column("parcel_id_now", 30, wrap=True),
            Column("lineage_kind", 14),
            Column("lineage_group", 9),
            Column("group_overlap_share", 10),
            Column("holder_name_then", 28),
            Column("holder_name_now", 28),
            Column("area_mu_then", 10),
            Column("area_mu_now", 10),
            Column("status_then", 17),
            Column("status_now", 17),
            Column("year_outcome", 13),
            Column("change_cause", 12),
        ),
        note="上次的宗地每宗一行，本次才有的排在后面；同组的宗地是同一块地",
        frozen=1,
        full_table="tables/parcels.csv",
        is_register=True,
    )
    write_sheet(book, styles, change.parcels, spec, currency=change.currency)


def _write_progress(book: Any, styles: Styles, change: YearChange) -> None:
    spec = Sheet(
        "处置进展",
        "上次候选的处置进展",
        (
            Column("number", 5, label="序号"),
            Column("progress_state", 15, wrap=True),
            Column("parcel_id_then", 22),
            Column("holder_name_then", 26, wrap=True),
            Column("area_mu_then", 10),
            Column("status_then", 17, wrap=True),
            Column("status_now", 17, wrap=True),
            Column("route_then", 40, wrap=True),
            Column("next_action_then", 28, wrap=True),
            Column("next_deadline_then", 12),
            Column("action_done_on", 12),
            Column("steps_taken", 8),
            Column("is_candidate_now", 9),
            Column("route_now", 40, wrap=True),
            Column("next_action_now", 28, wrap=True),
            Column("next_deadline_now", 12),
        ),
        note=f"期限是否已过，以本次基准日 {change.as_of} 为准；办结日期取本次台账",
        full_table="tables/progress.csv",
        empty="上次没有候选，或上次的成果不能复核。",
    )
    write_sheet(book, styles, change.progress, spec, currency=change.currency)


def _write_groups(book: Any, styles: Styles, change: YearChange) -> None:
    figures = [
        Column(f"{name}_{side}", 12) for name in FIGURES for side in ("then", "now", "change")
    ]  # fmt: skip
    spec = Sheet(
        "逐组变化",
        "各组的数值",
        (
            Column("lineage_group", 9),
            Column("lineage_kind", 12),
            Column("parcel_id_then", 22),
            Column("parcel_id_now", 22),
            Column("status_then", 17),
            Column("status_now", 17),
            *figures,
            Column("change_unknown", 40),
        ),
        note="金额为组内之和，亩均和容积率为 Σ ÷ Σ；空白为未知",
        frozen=3,
        pages_wide=3,
        full_table="tables/changes.csv",
        is_register=True,
    )
    write_sheet(book, styles, change.changes, spec, currency=change.currency)


def _write_questions(book: Any, styles: Styles, change: YearChange) -> None:
    spec = Sheet(
        "待核对",
        "追踪宗地时要请人核对的",
        (
            Column("number", 5, label="序号"),
            Column("code", 8, label="问题代码"),
            Column("parcel_id_then", 24),
            Column("parcel_id_now", 24),
            Column("what", 44, wrap=True),
            Column("lineage_detail", 34, wrap=True),
            Column("remedy", 40, wrap=True),
            Column("responsible", 26, wrap=True),
        ),
        full_table="tables/questions.csv",
        empty="没有要核对的。",
    )
    write_sheet(book, styles, change.questions, spec, currency=change.currency)
