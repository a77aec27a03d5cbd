"""The 按阶段 sheet: land of every stage by age, and the two charts of it."""

from __future__ import annotations

from typing import Any

from landeval.land_supply import BANDS, EVERY_STAGE, LandSupply
from landeval.publish.cells import cell
from landeval.publish.labels import label_of
from landeval.publish.workbook.sheet import page, write_cell
from landeval.publish.workbook.styles import FONT, Styles

NAME = "按阶段"
_HEADER, _FIRST = 1, 2
_SUMS = ("plots_count", "plot_area_mu", "plots_without_area", "plot_unused_mu", "plots_without_unused")
_COLOURS = ("#F2C879", "#8FBC8F", "#9DB7D5", "#E07B54", "#E5A36F", "#4F7CAC", "#BDBDBD", "#E3E3E3")
_AGES = ("#DCE6F2", "#A9C4E2", "#6E97C6", "#2F5F98", "#BFBFBF")


def write_stages(book: Any, styles: Styles, board: LandSupply) -> None:
    """Write the table (stages down, bands of age across) and its charts."""
    sheet = book.add_worksheet(NAME)
    page(sheet, sheet_name=NAME)
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, "各阶段面积和时长", styles.title())
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, len(_SUMS) + len(BANDS), 13)
    sheet.set_row(_HEADER, 34)
    headers = [
        label_of("supply_stage"),
        *(label_of(name).replace("(", "\n(") for name in _SUMS),
        *(f"{band}\n(亩)" for band in BANDS),
    ]
    for position, header in enumerate(headers):
        sheet.write_string(_HEADER, position, header, styles.header())
    park = board.stages[board.stages["stage_level"] == "园区"].set_index("supply_stage")
    by_age = board.ages.set_index(["supply_stage", "age_band"])["plot_area_mu"]
    for number, stage in enumerate((*EVERY_STAGE, "合计")):
        row = _FIRST + number
        look: dict[str, Any] = {"bold": True, "bg_color": "#F2F2F2"} if stage == "合计" else {}
        write_cell(sheet, row, 0, stage, styles.body("text", **look))
        for position, name in enumerate(_SUMS, start=1):
            kind = "area" if name.endswith("_mu") else "integer"
            exact: dict[str, Any] = {"num_format": "#,##0.0000"} if kind == "area" else {}
            write_cell(
                sheet, row, position, cell(park.loc[stage, name], kind), styles.body(kind, **exact, **look)
            )
        for position, band in enumerate(BANDS, start=len(_SUMS) + 1):
            value = None if stage == "合计" else cell(by_age[stage, band], "area")
            write_cell(sheet, row, position, value, styles.body("area", num_format="#,##0.0000", **look))
    note = "时长：未供的从批准起算，已供的从供地（没有供地日期的从合同、交地）起算，按整年；面积未知的地块只计宗数"
    sheet.write_string(_FIRST + len(EVERY_STAGE) + 1, 0, note, styles.note())
    top = _FIRST + len(EVERY_STAGE) + 3
    sheet.insert_chart(top, 0, _by_stage(book))
    sheet.insert_chart(top, 6, _by_age(book))


def _last() -> int:
    return _FIRST + len(EVERY_STAGE) - 1


def _by_stage(book: Any) -> Any:
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "面积(亩)",
            "categories": [NAME, _FIRST, 0, _last(), 0],
            "values": [NAME, _FIRST, 2, _last(), 2],
            "points": [{"fill": {"color": colour}} for colour in _COLOURS],
            "data_labels": {"value": True, "num_format": "#,##0.0", "font": {"name": FONT, "size": 9}},
            "gap": 40,
        }
    )
    _dress(chart, "各阶段面积(亩)")
    chart.set_y_axis({"reverse": True, "num_font": {"name": FONT, "size": 9}})
    chart.set_x_axis({"num_format": "#,##0", "num_font": {"name": FONT, "size": 9}, "major_gridlines": {"visible": True, "line": {"color": "#E0E0E0"}}})  # fmt: skip
    chart.set_legend({"none": True})
    return chart


def _by_age(book: Any) -> Any:
    chart = book.add_chart({"type": "bar", "subtype": "percent_stacked"})
    first = len(_SUMS) + 1
    for number, (band, colour) in enumerate(zip(BANDS, _AGES, strict=True)):
        chart.add_series(
            {
                "name": band,
                "categories": [NAME, _FIRST, 0, _last(), 0],
                "values": [NAME, _FIRST, first + number, _last(), first + number],
                "fill": {"color": colour},
                "gap": 40,
            }
        )
    _dress(chart, "各阶段面积按时长的构成")
    chart.set_y_axis({"reverse": True, "num_font": {"name": FONT, "size": 9}})
    chart.set_x_axis({"num_format": "0%", "num_font": {"name": FONT, "size": 9}, "major_gridlines": {"visible": True, "line": {"color": "#E0E0E0"}}})  # fmt: skip
    chart.set_legend({"position": "bottom", "font": {"name": FONT, "size": 9}})
    return chart


def _dress(chart: Any, title: str) -> None:
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 11, "bold": True}, "overlay": False})
    chart.set_size({"width": 560, "height": 340})
    chart.set_chartarea({"border": {"color": "#BFBFBF"}})
