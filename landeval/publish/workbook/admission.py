"""``准入审查.xlsx``: how to read it, every project in its rank, every criterion, data problems, rules."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from landeval.admission import PLANNED, Admission
from landeval.publish.cells import cells, clean
from landeval.publish.labels import label_of
from landeval.publish.workbook.book import new_book
from landeval.publish.workbook.registers import write_problems
from landeval.publish.workbook.sheet import Column, Sheet, opening_sheet, write_cell, write_sheet
from landeval.publish.workbook.sources import target_addresses, write_sources
from landeval.publish.workbook.styles import Styles
from landeval.result import RATIOS
from landeval.standards.rule import OFF

FILE_NAME = "准入审查.xlsx"
LAND = "拟用地面积(亩)"
GATE = "admission.gate"
_LINES = ("dongkou.investment", "dongkou.output", "dongkou.tax")
_HOW = (
    "一、“结论”表一行一个项目，按结论、达标项数排序；“逐项”表一行一个项目的一项标准，写明数值、标准、差额、条款和出处。",
    "二、亩均投资、亩均产值、亩均税收取{lines}对新增工业用地的目标值（含不含本数见“依据”的比较符），",
    "    作为{gate}亩产效益准入门槛的数值；这一做法须由县自然资源局确认。",
    "三、方案没有给出容积率数值：依次取本单位写明的数值、行业的容积率控制指标，两者都没有的不作判定。",
    "    层高超过 8 米的建筑面积加倍计算；没有填报的，不加倍已达到、全部加倍仍不到的照判，其余无法判定。",
    "四、有一项不达标即为“不符合”；没有不达标而有未知的为“资料不足”。未知从不当作零，也从不当作达标。",
    "五、“最大用地”是金额、建筑面积照所报不变时仍能达标的最大面积，精确到 0.0001 亩；再多 0.0001 亩就不达标。",
    "    合计的亩均 = Σ金额 ÷ Σ用地（两项都已知的项目）。",
)
_TOTALS = (("admission_result", 18), ("projects_count", 9), ("area_mu", 14), *((name, 18) for name in PLANNED),
           *((name, 16) for name in RATIOS))  # fmt: skip


def write_admission_book(result: Admission, path: Path) -> Path:
    """Write the workbook of an entry check; texts are texts, whatever they begin with.

    Parameters
    ----------
    result : Admission
        Rendered as it is.
    path : Path
        Of the file; its folder is made if it is not there.

    Returns
    -------
    Path
        The file written.
    """
    with new_book(path, result) as (book, styles):
        _write_overview(book, styles, result)
        projects = _projects_sheet(target_addresses(result.rules))
        write_sheet(book, styles, result.projects.reset_index(), projects, currency=result.currency)
        write_sheet(book, styles, result.findings, _findings_sheet(), currency=result.currency)
        write_problems(book, styles, result)
        write_sources(book, styles, result.rules, currency=result.currency)
    return path


def _write_overview(book: Any, styles: Styles, result: Admission) -> None:
    headers = [
        (LAND if name == "area_mu" else label_of(name, result.currency), width) for name, width in _TOTALS
    ]
    sheet, row = opening_sheet(
        book,
        styles,
        "说明",
        (f"{clean(result.title)}　准入审查", f"基准日 {result.as_of}，共 {len(result.projects)} 个项目"),
        _how(result.rules),
        headers,
    )
    sheet.set_landscape()
    sheet.set_row(row, 32)
    columns = [cells(result.totals[name]) for name, _ in _TOTALS]
    for values in zip(*columns, strict=True):
        row += 1
        for position, (value, (name, _)) in enumerate(zip(values, _TOTALS, strict=True)):
            kind = "text" if not position else "integer" if position == 1 else "money"
            look: dict[str, Any] = {"num_format": "#,##0.0000"} if name in RATIOS else {}
            form = styles.status(str(value)) if not position else styles.body(kind, **look)
            write_cell(sheet, row, position, value, form)


def _how(rules: pd.DataFrame) -> list[str]:
    """Tell how to read the workbook, with the documents that the lines and the gate stand in."""
    cited = {
        key: "、".join(_cited(rules, ids)) or "县方案" for key, ids in (("lines", _LINES), ("gate", (GATE,)))
    }
    return [clean(line.format(**cited)) for line in _HOW]


def _cited(rules: pd.DataFrame, ids: tuple[str, ...]) -> list[str]:
    rows = rules[rules["rule_id"].isin(ids) & (rules["rule_state"] != OFF)]
    return list(dict.fromkeys(rows["document"] + rows["clause"]))


def _projects_sheet(targets: Mapping[str, str]) -> Sheet:
    money = []
    for name, ratio in zip(PLANNED, RATIOS, strict=True):
        target = targets.get(ratio, "")
        money += [
            Column(name, 12),
            Column(ratio, 11, money=name, land="area_mu", is_exact=True, target=target),
        ]
    return Sheet(
        "结论",
        "准入结论",
        (
            Column("admission_rank", 6),
            Column("project_id", 28, wrap=True),
            Column("admission_result", 11),
            Column("lines_passed", 8),
            Column("lines_judged", 8),
            Column("area_mu", 12, label=LAND, is_exact=True),
            *money,
            Column("plot_ratio", 10, label="容积率(不加倍)"),
            Column("plot_ratio_doubled", 14),
            Column("land_all_mu", 15, is_exact=True),
            Column("land_over_mu", 12, is_exact=True),
            Column("admission_reason", 60, wrap=True),
            Column("investor_name", 26, wrap=True),
            Column("credit_code", 21),
            Column("industry_code", 9),
            Column("industry_group", 15, wrap=True),
            Column("supply_method", 12, wrap=True),
            Column("wanted_place", 18, wrap=True),
            Column("ramp_up_years", 9),
            Column("footprint_percent", 9),
            Column("office_land_percent", 13),
            Column("remark", 24, wrap=True),
            Column("source_file", 18, wrap=True),
            Column("source_row", 7),
        ),
        note="空白 = 未知，不按零处理；亩均各列是公式；建筑占地、办公用地的比重只列出，不判定",
        frozen=3,
        pages_wide=2,
        full_table="tables/projects.csv",
        empty="没有项目。",
    )


def _findings_sheet() -> Sheet:
    return Sheet(
        "逐项",
        "逐项审查",
        (
            Column("unit_id", 28, label="项目", wrap=True),
            Column("rule_label", 12),
            Column("verdict", 10),
            Column("value", 11),
            Column("operator", 6),
            Column("threshold", 9),
            Column("measure_unit", 9),
            Column("stated_amount", 13, is_exact=True),
            Column("least_amount", 13, is_exact=True),
            Column("gap_amount", 12, is_exact=True),
            Column("amount_unit", 7),
            Column("land_passes_mu", 15, is_exact=True),
            Column("reason", 56, wrap=True),
            Column("clause", 14, wrap=True),
            Column("rule_kind", 7),
            Column("basis", 22, wrap=True),
            Column("evidence", 44, wrap=True),
        ),
        note="差额：按拟用地面积，还差多少金额或计容建筑面积才达标",
        frozen=2,
        pages_wide=2,
        full_table="tables/admission.csv",
        empty="没有项目。",
    )
