"""``试算.xlsx``: 说明, 翻转, 矩阵, 网格, 临界清单; every title says 试算, so that no sheet is taken for a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from landeval.publish.cells import Cell, cells, clean, kind_of
from landeval.publish.labels import label_of
from landeval.publish.land import land_words
from landeval.publish.workbook.book import new_book
from landeval.publish.workbook.sheet import Column, Sheet, page, write_cell, write_sheet
from landeval.publish.workbook.styles import Styles
from landeval.result import STATUSES
from landeval.trial import TRIAL, Outcome

WARNING = "试算只回答“如果……会怎样”，不是评价结论，不得作为认定、处置或公布的依据。"
_BANDS = "相距：与标准值相差 5%、10%、20% 以内；日期为距到期日 30、60、90 天以内"


def write_trial_book(outcome: Outcome, path: Path) -> Path:
    """Write the workbook; the same Outcome gives the same bytes."""
    with new_book(path, outcome) as (book, styles):
        _write_opening(book, styles, outcome)
        _write_flips(book, styles, outcome)
        _write_matrix(book, styles, outcome)
        _write_grid(book, styles, outcome)
        _write_cliffs(book, styles, outcome)
    return path


def summary(outcome: Outcome) -> list[str]:
    """Return what a trial found, a sentence each; also for the console."""
    frame = outcome.flips
    moved = frame[frame["flip_kind"] == "结论改变"] if len(frame) else frame
    money = f"金额仍是 {outcome.year} 年的。" if outcome.year is not None else ""
    day = f"评价基准日 {outcome.as_of_before} → {outcome.as_of}；资料不变，{money}".rstrip("，")
    told = [day if outcome.as_of != outcome.as_of_before else f"评价基准日 {outcome.as_of}（不变）。"]
    for row in outcome.rules.to_dict("records"):
        unit = f" {row['measure_unit']}" if row["measure_unit"] else ""
        told.append(
            f"{row['rule_label']}（{row['rule_id']}）：{row['operator']} {row['value_before'] or '无'} → "
            f"{row['value_after'] or '无'}{unit}，{row['trial_note']}。"
        )
    if not len(outcome.rules):
        told.append("没有改动规则。")
    told.append(
        f"结论改变 {len(moved)} 宗、{land_words(moved['area_mu']) if len(moved) else '0.00 亩'}；只有途径或费用改变 {len(frame) - len(moved)} 宗。"
    )
    if len(moved):
        for name in ("新增候选", "不再是候选"):
            part = moved[moved["candidate_change"] == name]
            told.append(f"{name} {len(part)} 宗、{land_words(part['area_mu'])}。")
    alone = int(outcome.cliffs["is_decisive"].sum()) if len(outcome.cliffs) else 0
    told.append(f"临界清单 {len(outcome.cliffs)} 条，其中单独越线就会改变结论的 {alone} 条。")
    return told


def _write_opening(book: Any, styles: Styles, outcome: Outcome) -> None:
    sheet = book.add_worksheet("说明")
    page(sheet, sheet_name=f"{TRIAL}说明", small=True)
    for position, width in enumerate((30, 22, 7, 12, 12, 24, 18)):
        sheet.set_column(position, position, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, clean(f"{TRIAL}：{outcome.title}"), styles.title(16))
    sheet.write_string(1, 0, WARNING, styles.get(bold=True, font_color="#B00020"))
    row = 3
    for text in (
        *summary(outcome),
        "翻转：结论改变的宗地在前，只有途径或费用改变的在后。矩阵：原结论（行）变成试算结论（列）。",
        "网格：一条规则依次取各个值，其余不变。临界清单按试算后的规则列出。",
        "原结论与成果文件夹中的一致；资料没有重新读取。空白表示未知。",
    ):
        sheet.write_string(row, 0, clean(text), styles.get())
        row += 1
    row += 1
    if not len(outcome.rules):
        return
    sheet.write_string(row, 0, f"{TRIAL}改动的规则", styles.title(12))
    names = ("rule_label", "rule_id", "operator", "value_before", "value_after", "measure_unit", "trial_note")
    headers = {"value_before": "原值", "value_after": "试算值"}
    write_block(sheet, styles, outcome.rules, names, row + 1, outcome.currency, headers)


def _write_flips(book: Any, styles: Styles, outcome: Outcome) -> None:
    spec = Sheet(
        "翻转",
        f"{TRIAL}：哪些宗地会变",
        (
            Column("number", 5, label="序号"),
            Column("parcel_id", 22),
            Column("holder_name", 26, wrap=True),
            Column("area_mu", 10),
            Column("flip_kind", 14, wrap=True),
            Column("status_before", 16, wrap=True),
            Column("status_after", 16, wrap=True),
            Column("candidate_change", 11),
            Column("changed_findings", 52, wrap=True),
            Column("reasons_after", 44, wrap=True),
            Column("route_before", 30, wrap=True),
            Column("route_after", 30, wrap=True),
            Column("fee_before_wan_yuan", 12),
            Column("fee_after_wan_yuan", 12),
        ),
        note=WARNING,
        full_table=f"tables/{TRIAL}_翻转.csv",
        empty="没有宗地改变。",
    )
    write_sheet(book, styles, outcome.flips, spec, currency=outcome.currency)


def _write_matrix(book: Any, styles: Styles, outcome: Outcome) -> None:
    sheet = book.add_worksheet("矩阵")
    page(sheet, sheet_name=f"{TRIAL}矩阵")
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, len(STATUSES) + 1, 12)
    row = 0
    for title, start, whole, end in (
        ("宗数", "parcels_", "parcels", ""),
        ("亩", "area_", "area_mu", "_mu"),
    ):
        names = ("status_before", *(f"{start}{name}{end}" for name in STATUSES), whole)
        headers = {f"{start}{name}{end}": name for name in STATUSES} | {
            "status_before": "原结论 ＼ 试算结论",
            whole: "合计",
        }
        sheet.set_row(row, 24)
        sheet.write_string(row, 0, f"{TRIAL}：原结论变成什么（{title}）", styles.title())
        row = write_block(
            sheet, styles, outcome.matrix, names, row + 1, outcome.currency, headers, is_square=True
        )
        row += 2
    unknown = int(outcome.matrix["parcels_without_area"].iloc[-1])
    sheet.write_string(row, 0, f"面积未知的 {unknown} 宗计入宗数，不计入亩。{WARNING}", styles.note())


def _write_grid(book: Any, styles: Styles, outcome: Outcome) -> None:
    sheet = book.add_worksheet("网格")
    page(sheet, sheet_name=f"{TRIAL}网格")
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 40, 11)
    if not len(outcome.grid):
        sheet.write_string(0, 0, f"{TRIAL}：没有指定网格（--grid 规则=从:到:步长）。", styles.note())
        return
    row = 0
    for rule_id, part in outcome.grid.groupby("rule_id", sort=False):
        for title, start, end, chosen in (
            ("宗数", "parcels_", "", "candidates"),
            ("亩", "area_", "_mu", "candidates_area_mu"),
        ):
            names = ("trial_value", "grid_note", chosen, *(f"{start}{name}{end}" for name in STATUSES))
            headers = {f"{start}{name}{end}": name for name in STATUSES}
            head = f"{TRIAL}：{part['rule_label'].iloc[0]}（{rule_id}）取不同值时的{title}"
            sheet.set_row(row, 24)
            sheet.write_string(row, 0, head, styles.title())
            row = write_block(sheet, styles, part, names, row + 1, outcome.currency, headers) + 1
    if len(outcome.crossing):
        labels = outcome.grid.drop_duplicates("rule_id")["rule_label"].tolist()
        for title, name in (("宗数", "candidates"), ("亩", "candidates_area_mu")):
            order = {side: outcome.crossing[side].drop_duplicates() for side in ("value_row", "value_column")}
            table = outcome.crossing.pivot(index="value_row", columns="value_column", values=name)
            table = table.loc[order["value_row"], order["value_column"]].reset_index()
            sheet.set_row(row, 24)
            head = f"{TRIAL}：处置候选（{title}），行为{labels[0]}，列为{labels[1]}"
            sheet.write_string(row, 0, head, styles.title())
            headers = {"value_row": "取值", **{side: str(side) for side in order["value_column"]}}
            row = write_block(
                sheet, styles, table, list(table.columns), row + 1, outcome.currency, headers,
                kind="integer" if title == "宗数" else "area",
            ) + 1  # fmt: skip
    sheet.write_string(row, 0, WARNING, styles.note())


def _write_cliffs(book: Any, styles: Styles, outcome: Outcome) -> None:
    spec = Sheet(
        "临界清单",
        f"{TRIAL}：临界清单（离线不远的宗地）",
        (
            Column("number", 5, label="序号"),
            Column("parcel_id", 22),
            Column("holder_name", 26, wrap=True),
            Column("area_mu", 10),
            Column("status_after", 16),
            Column("rule_label", 24, wrap=True),
            Column("value", 18, wrap=True),
            Column("operator", 6),
            Column("threshold", 10),
            Column("measure_unit", 9),
            Column("line_side", 10),
            Column("cliff_band", 8),
            Column("distance_percent", 9),
            Column("days_to_line", 9),
            Column("to_cross", 34, wrap=True),
            Column("is_decisive", 12),
            Column("status_if", 16, wrap=True),
            Column("route_if", 36, wrap=True),
            Column("clause", 14, wrap=True),
        ),
        note=f"{_BANDS}；{WARNING}",
        full_table=f"tables/{TRIAL}_临界清单.csv",
        empty="没有离线不远的宗地。",
    )
    write_sheet(book, styles, outcome.cliffs, spec, currency=outcome.currency)


def write_block(
    sheet: Any,
    styles: Styles,
    frame: pd.DataFrame,
    names: Sequence[str],
    top: int,
    currency: str,
    headers: dict[str, str],
    *,
    is_square: bool = False,
    kind: str = "",
) -> int:
    """Write a small table at a row and return the row after it.

    In a square block (former × new class) the diagonal, where nothing changes, is grey, and the rest bold.
    """
    sheet.set_row(top, 32)
    for position, name in enumerate(names):
        sheet.write_string(top, position, headers.get(name) or label_of(name, currency), styles.header())
    columns: list[list[Cell]] = [cells(frame[name]) for name in names]
    for number in range(len(frame)):
        for position, name in enumerate(names):
            value = columns[position][number]
            look = kind if kind and position else kind_of(name)
            extra: dict[str, Any] = {}
            if is_square and 0 < position <= len(STATUSES) and number < len(STATUSES):
                if position - 1 == number:
                    extra = {"bg_color": "#EDEDED"}
                elif value:
                    extra = {"bg_color": "#FCE4D6", "bold": True}
                else:
                    value = None
            form = styles.body(look, **extra)
            if name in ("status_before", "status_then") and isinstance(value, str) and value in STATUSES:
                form = styles.status(value)
            write_cell(sheet, top + 1 + number, position, value, form)
    return top + 1 + len(frame)
