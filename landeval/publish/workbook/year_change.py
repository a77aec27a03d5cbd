"""``年度比较.xlsx``: what changed between two runs, sums and lists, with native charts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from landeval.publish.cells import clean
from landeval.publish.land import land_words
from landeval.publish.tables import with_labels
from landeval.publish.workbook.book import new_book
from landeval.publish.workbook.sheet import Column, Sheet, lines, page, write_sheet
from landeval.publish.workbook.styles import FONT, HEADER, Styles
from landeval.publish.workbook.trial import write_block
from landeval.publish.workbook.year_lists import write_lists
from landeval.result import STATUSES
from landeval.units import fixed
from landeval.year_change import (
    CURED,
    GONE,
    KINDS,
    NEW,
    OUTCOMES,
    SEVERAL,
    STILL,
    TITLE,
    UNTRACED,
    YearChange,
)

BOOK = f"{TITLE}.xlsx"
LEFT = (GONE, UNTRACED, SEVERAL)
"""What stands beside the classes in the matrix."""
AREAS = {f"area_{name}_mu": f"{name}(亩)" for name in (*STATUSES, *LEFT)}
_NONE = {"visible": False}
_GRID = {"visible": True, "line": {"color": "#D9D9D9"}}
_WIDTHS = (30, 20, 14, 14, 14, 14, 14)


def write_year_book(change: YearChange, path: Path) -> Path:
    """Write the workbook; the same comparison gives the same bytes."""
    with new_book(path, change) as (book, styles):
        _write_opening(book, styles, change)
        _write_totals(book, styles, change)
        _write_matrix(book, styles, change)
        write_lists(book, styles, change)
    return path


def summary(change: YearChange) -> list[str]:
    """Return what a comparison found, a sentence each; also for the console."""
    old = change.parcels[change.parcels["parcel_id_then"].notna()]
    new = change.parcels[change.parcels["parcel_id_then"].isna()]
    names = [f"{year} 年" if year is not None else "无年度" for year in (change.year_then, change.year)]
    told = [
        f"{names[0]}（基准日 {change.as_of_then}）{len(old)} 宗 → {names[1]}（基准日 {change.as_of}）"
        f"{change.lineage['parcel_id_now'].nunique()} 宗。",
        f"上次的 {len(old)} 宗：" + _counted(old["lineage_kind"]) + "。",
    ]
    if len(new):
        told.append(f"本次才有的 {len(new)} 宗：" + _counted(new["lineage_kind"]) + "。")
    outcome = change.changes["year_outcome"]
    land = change.changes["area_mu_now"].where(outcome.isin((NEW, STILL)), change.changes["area_mu_then"])
    parts = [
        f"{name} {int((outcome == name).sum())} 组、{land_words(land[outcome == name])}"
        for name in OUTCOMES
        if name in (NEW, STILL, CURED) or (outcome == name).any()
    ]
    told.append("候选：" + "；".join(parts) + "。")
    for row in with_labels(change.totals, "quantity", change.currency).to_dict("records"):
        if row["groups_compared"] and pd.notna(row["like_change_share"]) and "亩均" in str(row["quantity"]):
            told.append(
                f"{row['quantity']}（可比 {row['groups_compared']} 组）：{fixed(row['like_then'])} → "
                f"{fixed(row['like_now'])}，{row['like_change_share']:+.1%}。"
            )
    if len(change.progress):
        told.append(
            f"上次候选 {len(change.progress)} 宗的处置：" + _counted(change.progress["progress_state"]) + "。"
        )
    if len(change.questions):
        told.append(f"待核对 {len(change.questions)} 条，见“待核对”。")
    return [*told, *change.remarks]


def _counted(values: pd.Series) -> str:
    counts = values.value_counts()
    order = [
        *(kind for kind in KINDS if kind in counts),
        *(name for name in sorted(counts.index) if name not in KINDS),
    ]
    return "、".join(f"{name} {counts[name]}" for name in order)


def _write_opening(book: Any, styles: Styles, change: YearChange) -> None:
    sheet = book.add_worksheet("说明")
    page(sheet, sheet_name="说明", small=True)
    for position, width in enumerate(_WIDTHS):
        sheet.set_column(position, position, width)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, clean(f"{TITLE}：{change.title}"), styles.title(16))
    row = 2
    notes = (
        "上次、本次指先后两个成果。宗地按两次图形的重叠追踪，代码只在没有图形时用；每宗地都在“台账沿革”中占一行。",
        f"同一：两次的界线平均相距不到 {change.tolerance_m:g} 米；重叠占任一宗十分之一以上的才算有关。两个界限均为建议值。",
        "分割、合并、重组按组比较：金额是组内各宗之和，亩均、容积率是 Σ ÷ Σ；组内有一宗未知，该项即未知。",
        "已解决只指本次达标；变为关注、豁免、预警的列为“不再是候选”，变为资料不足的列为“资料不足待核”，都不算已解决。",
        "空白表示未知，不是零。",
    )
    for text in (*summary(change), *notes):
        row = _paragraph(sheet, styles, row, text)
    kinds = pd.DataFrame(
        {
            "lineage_kind": KINDS,
            "groups": [(change.changes["lineage_kind"] == kind).sum() for kind in KINDS],
            **{
                side: [_land(change.changes, kind, side) for kind in KINDS]
                for side in ("lots_then", "lots_now", "area_mu_then", "area_mu_now")
            },
        }
    )
    row += 1
    sheet.set_row(row, 22)
    sheet.write_string(row, 0, "一、宗地沿革", styles.title(12))
    names = (
        "lineage_kind",
        "groups",
        "lots_then",
        "lots_now",
        "area_mu_then",
        "area_mu_now",
    )
    row = write_block(sheet, styles, kinds, names, row + 1, change.currency, {})
    if len(change.rules):
        row += 1
        sheet.set_row(row, 22)
        sheet.write_string(row, 0, "二、两次不同的规则", styles.title(12))
        told = (
            "rule_label",
            "rule_id",
            "operator",
            "rule_value_then",
            "rule_value_now",
            "measure_unit",
            "trial_note",
        )
        write_block(sheet, styles, change.rules, told, row + 1, change.currency, {})


def _paragraph(sheet: Any, styles: Styles, row: int, text: str) -> int:
    words, form = clean(text), styles.get(text_wrap=True, valign="top")
    sheet.set_row(row, 4 + 14.5 * lines(words, sum(_WIDTHS) * 1.04))
    sheet.merge_range(row, 0, row, len(_WIDTHS) - 1, "", form)
    sheet.write_string(row, 0, words, form)
    return row + 1


def _land(changes: pd.DataFrame, kind: str, name: str) -> float:
    mine = changes.loc[changes["lineage_kind"] == kind, name]
    return float(mine.sum(min_count=1)) if len(mine) else 0.0


def _write_totals(book: Any, styles: Styles, change: YearChange) -> None:
    table = with_labels(change.totals, "quantity", change.currency)
    spec = Sheet(
        "变化总表",
        "各项指标的变化",
        (
            Column("quantity", 24),
            Column("like_then", 16, label="可比口径 上次"),
            Column("like_now", 16, label="可比口径 本次"),
            Column("like_change", 16, label="变化"),
            Column("like_change_share", 11),
            Column("groups_compared", 10),
            Column("groups_not_compared", 10),
            Column("known_then", 18, label="全部已知数 上次"),
            Column("known_now", 18, label="全部已知数 本次"),
        ),
        note="可比口径：只计两次都已知的同一块地；全部已知数的范围两次不同，不宜直接相减",
        frozen=1,
        full_table="tables/totals.csv",
    )
    sheet = write_sheet(book, styles, table, spec, currency=change.currency)
    if not len(table):
        return
    chart = book.add_chart({"type": "bar"})
    last = 1 + len(table)
    chart.add_series(
        {
            "name": "变化幅度",
            "categories": ["变化总表", 2, 0, last, 0],
            "values": ["变化总表", 2, 4, last, 4],
            "fill": {"color": "#2E75B6"},
            "gap": 60,
            "data_labels": {
                "value": True,
                "num_format": "+0.0%;-0.0%;0.0%",
                "font": {"name": FONT, "size": 9},
            },
        }
    )
    _dress(chart, "可比口径的变化幅度", "")
    chart.set_y_axis({"reverse": True, "label_position": "low", "num_font": {"name": FONT, "size": 9}, "major_gridlines": _NONE})  # fmt: skip
    chart.set_x_axis({"num_format": "0%", "num_font": {"name": FONT, "size": 9}, "crossing": "min", "major_gridlines": _GRID})  # fmt: skip
    chart.set_size({"width": 900, "height": 380})
    sheet.insert_chart(last + 2, 0, chart, {"description": "各项指标在可比口径下的变化幅度"})


def _write_matrix(book: Any, styles: Styles, change: YearChange) -> None:
    name = "类别转移矩阵"
    sheet = book.add_worksheet(name)
    page(sheet, sheet_name=name)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, len(STATUSES) + len(LEFT) + 1, 12)
    row, tables = 0, []
    for title, start, whole, end in (("宗数", "parcels_", "lots", ""), ("亩", "area_", "area_mu", "_mu")):
        keys = (*STATUSES, *LEFT)
        names = ("status_then", *(f"{start}{key}{end}" for key in keys), whole)
        headers = {f"{start}{key}{end}": key for key in keys} | {"status_then": "上次 ＼ 本次", whole: "合计"}
        sheet.set_row(row, 24)
        said = "面积按上次，新增的按本次" if end else "行为上次的结论，列为本次的；灰色为没有变"
        sheet.write_string(row, 0, f"结论的转移（{title}）　　{said}", styles.title())
        tables.append(row + 2)
        row = write_block(sheet, styles, change.transitions, names, row + 1, change.currency, headers, is_square=True) + 1  # fmt: skip
    unknown = int(change.transitions["parcels_without_area"].sum() - change.transitions["parcels_without_area"].iloc[-2])  # fmt: skip
    sheet.write_string(row, 0, f"面积未知的 {unknown} 宗计入宗数，不计入亩。合并后的一宗按原来各宗分别计。", styles.note())  # fmt: skip
    row = _write_grades(sheet, styles, change, row + 2)
    _write_class_chart(book, sheet, styles, change, row)


def _write_grades(sheet: Any, styles: Styles, change: YearChange, row: int) -> int:
    if not len(change.grades):
        return row
    then, now = ("enterprise_grade_then", "enterprise_grade_now")
    table = change.grades.pivot(index=then, columns=now, values="enterprises_count").fillna(0).astype("int64")
    sheet.set_row(row, 24)
    sheet.write_string(row, 0, "企业等级的转移（家）　　行为上次，列为本次", styles.title())
    headers = {then: "上次 ＼ 本次"} | {key: str(key) for key in table.columns}
    frame = table.reset_index()
    return write_block(sheet, styles, frame, list(frame.columns), row + 1, change.currency, headers, kind="integer") + 1  # fmt: skip


def _write_class_chart(book: Any, sheet: Any, styles: Styles, change: YearChange, row: int) -> None:
    """Chart how many parcels each class had then and has now; the figures stand above the chart."""
    frame = pd.DataFrame(
        {
            "status": STATUSES,
            "then": change.transitions["lots"].iloc[: len(STATUSES)].to_numpy(),
            "now": [int(change.classes_now.get(name, 0)) for name in STATUSES],
        }
    )
    sheet.set_h_pagebreaks([row])
    sheet.set_row(row, 24)
    sheet.write_string(row, 0, "各类宗数", styles.title())
    headers = {"then": "上次(宗)", "now": "本次(宗)"}
    end = write_block(sheet, styles, frame, ("status", "then", "now"), row + 1, change.currency, headers, kind="integer")  # fmt: skip
    chart = book.add_chart({"type": "bar"})
    for position, colour in ((1, "#A6A6A6"), (2, HEADER)):
        chart.add_series(
            {
                "name": ["类别转移矩阵", row + 1, position],
                "categories": ["类别转移矩阵", row + 2, 0, end - 1, 0],
                "values": ["类别转移矩阵", row + 2, position, end - 1, position],
                "fill": {"color": colour},
                "gap": 60,
                "data_labels": {"value": True, "font": {"name": FONT, "size": 8}},
            }
        )
    _dress(chart, "各类宗数：上次与本次", "top")
    chart.set_y_axis({"reverse": True, "num_font": {"name": FONT, "size": 9}, "major_gridlines": _NONE})
    chart.set_x_axis({"num_font": {"name": FONT, "size": 9}, "crossing": "min", "major_gridlines": _GRID})
    chart.set_size({"width": 820, "height": 440})
    sheet.insert_chart(row, 4, chart, {"description": "各类宗地上次与本次的宗数"})


def _dress(chart: Any, title: str, legend: str) -> None:
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 11, "color": HEADER}, "overlay": False})  # fmt: skip
    chart.set_legend({"position": legend, "font": {"name": FONT, "size": 9}} if legend else {"none": True})
