"""``全省汇总.xlsx``: whether the sums are whole, the units, the roll-up, blocks across borders, what stands in two units."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from landeval.province import Province
from landeval.publish.cells import clean
from landeval.publish.tables import with_labels
from landeval.publish.workbook.book import new_book
from landeval.publish.workbook.sheet import Column, Sheet, page, write_sheet
from landeval.publish.workbook.styles import Styles
from landeval.result import BALANCE, STATUSES

_MONEY = ("investment_wan_yuan", "output_wan_yuan", "tax_wan_yuan")
_ROLLED = (
    Column("unit_name", 16),
    Column("zone_level", 10),
    Column("zone_name", 20, wrap=True),
    Column("completeness", 24, wrap=True),
    Column("zone_parcels", 9),
    Column("zone_enterprises", 9),
    Column("area_mu", 14),
    *(Column(name, 16) for name in _MONEY),
    *(Column(f"{name}_per_mu", 12) for name in _MONEY),
    Column("plot_ratio", 9),
    *(Column(f"parcels_{status}", 9) for status in STATUSES),
)
_ZONES_IN_BOOK = ("全省", "园区")
"""Levels that the workbook shows; the zones below stand in the table."""


def write_province_book(found: Province, path: Path) -> Path:
    """Write the workbook; the same Province gives the same bytes."""
    tables, currency = found.tables, found.currency
    with new_book(path, found) as (book, styles):
        _opening(book, styles, found)
        for frame, spec in (
            (found.units, _units()),
            (_units_of(tables["zones"]), _rolled(found)),
            (with_labels(tables["ledger"], "quantity", currency), _ledger(found)),
            (_across(tables["blocks"]), _blocks()),
            (tables["province_issues"], _issues()),
            (tables["issue_counts"], _problems()),
            (tables["reconciliation_counts"], _records()),
        ):
            write_sheet(book, styles, frame, spec, currency=currency)
    return path


def _opening(book: Any, styles: Styles, found: Province) -> None:
    sheet = book.add_worksheet("说明")
    page(sheet, sheet_name="全省说明", small=True)
    sheet.set_column(0, 0, 110)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, clean(f"{found.title}　全省汇总"), styles.title(16))
    warned = styles.get(bold=True, font_color="#B00020") if found.missing else styles.note()
    sheet.write_string(1, 0, clean(f"合计{found.completeness}"), warned)
    year = "未指定" if found.year is None else found.year
    scope = {None: "没有企业综合评价", "province": "全省统一定级", "unit": "各单位分别定级"}[found.scope]
    lines = [
        f"数据年度 {year}　基准日 {found.as_of}　{len(found.units)} 个单位，完成 {len(found.parts)} 个　{scope}",
        *found.remarks[1:],
        "全省合计是各单位“全园区”行之和，金额到分；亩均是合计除合计。同一统一社会信用代码的企业，全省只计一家。",
        "“跨界连片”只列跨单位的；全部连片见 tables/blocks.csv，宗地明细见 tables/parcels.csv、candidates.csv。",
        "空白表示未知。",
    ]
    for row, text in enumerate(lines, start=3):
        sheet.write_string(row, 0, clean(str(text)), styles.get())


def _units_of(zones: pd.DataFrame) -> pd.DataFrame:
    return zones[zones["zone_level"].isin(_ZONES_IN_BOOK)]


def _across(blocks: pd.DataFrame) -> pd.DataFrame:
    return blocks[blocks["unit_name"].astype(str).str.contains("、")] if len(blocks) else blocks


def _units() -> Sheet:
    columns = (
        Column("unit_name", 18),
        Column("unit_state", 9),
        Column("unit_message", 70, wrap=True),
        Column("unit_title", 22, wrap=True),
        *(Column(f"unit_{name}", 9) for name in ("parcels", "candidates", "enterprises", "records", "issues", "errors")),
        Column("rules_version", 11),
    )  # fmt: skip
    return Sheet("单位", "各单位的状态", columns, full_table="tables/units.csv", frozen=1)


def _rolled(found: Province) -> Sheet:
    return Sheet(
        "汇总", "全省和各单位", _ROLLED, note=f"合计{found.completeness}", full_table="tables/zones.csv"
    )


def _ledger(found: Province) -> Sheet:
    columns = (
        Column("unit_name", 18),
        Column("quantity", 22),
        Column("year", 8),
        *(Column(name, 20) for name in BALANCE),
        Column("completeness", 30, wrap=True),
    )
    note = f"合计{found.completeness}；输入 = 分摊 + 未匹配 + 排除，逐分相等"
    return Sheet("金额对账", "金额对账", columns, note=note, full_table="tables/ledger.csv")


def _blocks() -> Sheet:
    columns = (
        Column("block_code", 10),
        Column("unit_name", 22, wrap=True),
        Column("unit_blocks", 28, wrap=True),
        Column("is_block_large", 8),
        Column("block_parcels", 8),
        Column("area_mu", 12),
        Column("block_owners", 8),
        Column("block_classes", 30, wrap=True),
        Column("block_owner_names", 44, wrap=True),
        Column("block_parcel_codes", 44, wrap=True),
    )
    return Sheet(
        "跨界连片",
        "跨单位界线的连片地块",
        columns,
        full_table="tables/blocks.csv",
        empty="没有跨单位的连片地块。",
    )


def _issues() -> Sheet:
    columns = (
        Column("level", 7),
        Column("code", 8),
        Column("source_file", 26, wrap=True),
        Column("source_row", 8),
        Column("raw_value", 24),
        Column("what", 70, wrap=True),
        Column("remedy", 44, wrap=True),
        Column("responsible", 24, wrap=True),
    )
    return Sheet(
        "跨单位问题",
        "几个单位之间的问题",
        columns,
        full_table="tables/province_issues.csv",
        empty="没有在几个单位重复的宗地代码或企业。",
    )


def _problems() -> Sheet:
    columns = (
        Column("unit_name", 18),
        Column("level", 7),
        Column("code", 8),
        Column("what", 60, wrap=True),
        Column("rows_count", 10),
    )
    return Sheet(
        "数据问题",
        "各单位的数据问题（逐条见 tables/issues.csv）",
        columns,
        full_table="tables/issue_counts.csv",
    )


def _records() -> Sheet:
    columns = (
        Column("unit_name", 18),
        Column("table_kind", 12),
        Column("record_state", 26),
        Column("rows_count", 10),
    )
    title = "每条输入记录的去向（逐条见 tables/reconciliation.csv）"
    return Sheet("记录去向", title, columns, full_table="tables/reconciliation_counts.csv")
