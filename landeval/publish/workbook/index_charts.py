"""Charts of the index: every indicator against its ideal, and the potentials beside one another."""

from __future__ import annotations

from typing import Any

import pandas as pd

from landeval.intensive_use import INDICATOR, YEARS, IntensiveUse
from landeval.publish.cells import cells
from landeval.publish.workbook.sheet import page, write_cell
from landeval.publish.workbook.styles import FONT, Styles

NAME = "图"
_BLUE, _GREY, _GREEN = "#2F6EBA", "#D9D9D9", "#5B9A68"
_FONT = {"name": FONT, "size": 9}
_ROW_HEIGHT, _LEAST = 26, 260


def write_charts(book: Any, styles: Styles, index: IntensiveUse) -> None:
    """Write the sheet of charts with the figures that they are drawn from; nothing is drawn of unknowns."""
    sheet = book.add_worksheet(NAME)
    page(sheet, sheet_name=NAME)
    sheet.fit_to_pages(1, 1)  # a chart is not to be cut in two
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, f"土地集约利用（{index.formula}）", styles.title())
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 2, 12)
    row = 2
    if index.whole is not None:
        scored = index.nodes[index.nodes["index_level"] == INDICATOR]
        frame = pd.DataFrame({"name": _names(scored, "index_name"), "one": scored["index_standard"] * 100,
                              "two": 100 - scored["index_standard"] * 100})  # fmt: skip
        heads = ("指标", "得分", "与理想值的差")
        row = _chart(
            book,
            sheet,
            styles,
            frame,
            heads,
            row,
            "各指标标准化得分（理想值 = 100）",
            (_BLUE, _GREY),
            most=100,
        )
    land = index.potentials[index.potentials["potential_view"] != YEARS]
    land = land[~land["potential_name"].str.startswith("其中")]
    named = _names(land.assign(name=land["potential_view"] + _more(land)), "name")
    frame = pd.DataFrame({"name": named, "one": land["potential_value"]})
    _chart(book, sheet, styles, frame, ("潜力", "公顷"), row, "各类潜力（公顷，不得相加）", (_GREEN,))


def _more(land: pd.DataFrame) -> pd.Series:
    return ("：" + land["potential_name"]).where(land["potential_name"] != land["potential_view"], "")


def _names(rows: pd.DataFrame, name: str) -> pd.Series:
    """Put the region before the name where there are two."""
    if rows["index_region"].nunique() < 2:
        return rows[name]
    return rows["index_region"] + " " + rows[name]


def _chart(
    book: Any,
    sheet: Any,
    styles: Styles,
    frame: pd.DataFrame,
    heads: tuple[str, ...],
    row: int,
    title: str,
    colours: tuple[str, ...],
    most: float | None = None,
) -> int:
    """Write figures and a bar chart beside them; return the row where the next may begin."""
    for at, head in enumerate(heads):
        sheet.write_string(row, at, head, styles.header())
    data = [cells(frame[name]) for name in frame]
    for number, values in enumerate(zip(*data, strict=True), start=row + 1):
        for at, value in enumerate(values):
            write_cell(sheet, number, at, value, styles.body("text" if not at else "money"))
    chart = book.add_chart({"type": "bar", "subtype": "stacked"} if len(colours) > 1 else {"type": "bar"})
    last = row + len(frame)
    for at, colour in enumerate(colours, start=1):
        series: dict[str, Any] = {
            "name": [NAME, row, at], "categories": [NAME, row + 1, 0, last, 0], "values": [NAME, row + 1, at, last, at],
            "fill": {"color": colour}, "gap": 45,
        }  # fmt: skip
        if at == 1:
            ink = {"color": "#FFFFFF"} if len(colours) > 1 else {}
            series["data_labels"] = {"value": True, "num_format": "0.0", "font": _FONT | ink}
        chart.add_series(series)
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 12, "bold": True}, "overlay": False})
    chart.set_y_axis(
        {"reverse": True, "num_font": _FONT, "major_gridlines": {"visible": False}, "crossing": "max"}
    )
    chart.set_x_axis({"min": 0, "num_font": _FONT, "num_format": "0", **({"max": most} if most else {})})
    chart.set_legend({"position": "bottom", "font": _FONT} if len(colours) > 1 else {"none": True})
    height = max(_LEAST, 110 + _ROW_HEIGHT * len(frame))
    chart.set_size({"width": 760, "height": height})
    sheet.insert_chart(row, 4, chart)
    return int(last + 3 if (last + 3 - row) * 21 > height else row + height // 21 + 2)
