"""The sheets beside the parcels: enterprises, the three levels, data problems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from landeval.admission import Admission
from landeval.publish.frames import with_key, without_geometry, zone_table
from landeval.publish.workbook.lists import BLANK_IS_UNKNOWN, live_ratios
from landeval.publish.workbook.sheet import Column, Sheet, write_sheet
from landeval.publish.workbook.short import enterprises_of, is_short, problems_of, to_work_on
from landeval.publish.workbook.styles import Styles
from landeval.result import STATUSES, Result


def write_enterprises(
    book: Any, styles: Styles, result: Result, table: pd.DataFrame, *, targets: Mapping[str, str]
) -> None:
    """Write every enterprise with its land, money and live per-mu formulas; of very many those of the parcels listed.

    ``table`` is a ``frames.parcel_table``.
    """
    frame, which = with_key(without_geometry(result.enterprises), "enterprise_id"), ""
    if is_short(table):
        frame, which = enterprises_of(result, to_work_on(table), frame)
    spec = Sheet(
        "企业",
        "企业",
        (
            Column("enterprise_id", 23),
            Column("name", 30, wrap=True),
            Column("credit_code", 22),
            Column("former_names", 22, wrap=True),
            Column("industry_code", 9),
            Column("industry_group", 18, wrap=True),
            Column("is_above_scale", 8),
            Column("production_status", 10),
            Column("area_mu", 11),
            *live_ratios(targets),
            Column("employees", 11),
        ),
        note=f"{which}用地为已匹配宗地的分摊面积；亩均各列是公式；{BLANK_IS_UNKNOWN}",
        full_table="tables/enterprises.csv",
        is_register=True,
    )
    write_sheet(book, styles, frame, spec, currency=result.currency)


def write_zones(book: Any, styles: Styles, result: Result, *, targets: Mapping[str, str]) -> None:
    """Write the roll-up of park, clusters, bases and communities."""
    words = ("investment", "output", "tax")
    spec = Sheet(
        "三级汇总",
        "产业集群—产业基地—产业社区三级汇总",
        (
            Column("zone_level", 10),
            Column("zone_code", 16, wrap=True),
            Column("zone_name", 24, wrap=True),
            Column("parent_code", 9),
            Column("leading_industry", 18, wrap=True),
            Column("zone_parcels", 8),
            Column("area_mu", 12),
            *(Column(f"area_known_{word}_mu", 12) for word in words),
            *live_ratios(targets, land="area_known_{}_mu"),
            *(Column(f"parcels_{status}", 9.5) for status in STATUSES),
        ),
        note="亩均 = Σ金额 ÷ Σ有该项数据的面积，面积未知的宗地两边都不计；不在任何分区的宗地单列",
        full_table="tables/zones.csv",
    )
    write_sheet(book, styles, zone_table(result), spec, currency=result.currency)


def write_problems(book: Any, styles: Styles, result: Result | Admission) -> None:
    """Write every data problem, one a row; of a run of very many parcels no notices."""
    problems, which = result.issues, ""
    if isinstance(result, Result) and is_short(result.status):
        problems, which = problems_of(problems)
    spec = Sheet(
        "数据问题",
        "数据问题",
        (
            Column("level", 7),
            Column("code", 8),
            Column("record_key", 23),
            Column("source_file", 20),
            Column("source_layer", 14),
            Column("source_row", 8),
            Column("column", 18),
            Column("raw_value", 24),
            Column("used_value", 24),
            Column("what", 48, wrap=True),
            Column("remedy", 44, wrap=True),
            Column("responsible", 26, wrap=True),
        ),
        note=f"{which}按“怎么办”改好原始资料后重新运行即可",
        full_table="tables/issues.csv",
        is_register=True,
        empty="没有提示以外的数据问题。" if which else "没有发现数据问题。",
    )
    write_sheet(book, styles, problems, spec, currency=result.currency)
