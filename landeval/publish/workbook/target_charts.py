"""Native charts of the targets board: path against actual, output by industry, land by zone."""

from __future__ import annotations

from typing import Any

import pandas as pd

from landeval.publish.cells import clean
from landeval.publish.workbook.sheet import FIRST_ROW, page
from landeval.publish.workbook.styles import FONT, Styles
from landeval.result import LEVELS

CHARTS = "图表"
_ACROSS, _WIDE, _HIGH = 3, 470, 265
_TOP, _ROWS, _SCALE = 3, 15, 95
"""Rows above the charts, rows of the sheet a chart takes, per cent of a print: three by three charts a page."""
_ACTUAL, _PATHS = "#1F5FA8", ("#B34700", "#7F7F7F", "#D9A300")
_LAND = ("#B5651D", "#3B7DB8", "#D9A300", "#4C9A5B", "#7F7F7F", "#B9B9B9", "#C9D5A5", "#E8E8E8")
_GRID = {"visible": True, "line": {"color": "#E0E0E0"}}
_YEAR, _REQUIRED, _VALUE = 4, 5, 6
"""Columns of the sheet of years."""


def write_charts(book: Any, styles: Styles, years: pd.DataFrame, source: str) -> None:
    """Write the sheet of charts: one a quantity and object, every path to it as a dashed line beside its actual.

    Parameters
    ----------
    book : xlsxwriter.Workbook
    styles : Styles
    years : DataFrame
        As on the sheet ``source``, in its order.
    source : str
        Name of the sheet that has the figures.
    """
    sheet = book.add_worksheet(CHARTS)
    page(sheet, sheet_name=CHARTS)
    sheet.set_default_row(15)
    sheet.set_print_scale(_SCALE)
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, "路径与实绩", styles.title())
    sheet.write_string(
        1, 0, "实线为实绩，虚线为达到目标每年应达的值；没有基期值或没有实绩的不出图", styles.note()
    )
    at = 0
    numbered = years.reset_index(drop=True)
    for (name, whose, unit), rows in numbered.groupby(
        ["target_label", "target_object", "measure_unit"], sort=False
    ):
        if rows["year_value"].notna().sum() < 2 or rows["required_value"].isna().all():
            continue
        chart = _lines(book, rows, source)
        _dress(chart, f"{name}（{whose}）　{unit}")
        row, column = divmod(at, _ACROSS)
        sheet.insert_chart(
            _TOP + row * _ROWS, 0, chart, {"x_offset": 4 + column * (_WIDE + 10), "object_position": 3}
        )
        at += 1
    sheet.set_h_pagebreaks([_TOP + _ROWS * row - 1 for row in range(3, (at + _ACROSS - 1) // _ACROSS, 3)])


def _lines(book: Any, rows: pd.DataFrame, source: str) -> Any:
    chart = book.add_chart({"type": "line"})
    spans = [(part["target_id"].iloc[0], FIRST_ROW + part.index[0], FIRST_ROW + part.index[-1])
             for _, part in rows.groupby("target_id", sort=False)]  # fmt: skip
    _, first, last = spans[0]
    years = [source, first, _YEAR, last, _YEAR]
    chart.add_series({"name": "实绩", "categories": years, "values": [source, first, _VALUE, last, _VALUE],
                      "line": {"color": _ACTUAL, "width": 2.25},
                      "marker": {"type": "circle", "size": 5, "fill": {"color": _ACTUAL}, "border": {"color": _ACTUAL}}})  # fmt: skip
    for (target_id, top, bottom), colour in zip(spans, _PATHS, strict=False):
        named = {"growth": "应达（增速）", "level": "应达（总量）"}.get(
            str(target_id).partition(".")[2], "应达"
        )
        chart.add_series({"name": named, "categories": years, "values": [source, top, _REQUIRED, bottom, _REQUIRED],
                          "line": {"color": colour, "width": 1.5, "dash_type": "dash"}})  # fmt: skip
    chart.show_blanks_as("gap")
    return chart


def _dress(
    chart: Any, title: str, *, wide: int = _WIDE, high: int = _HIGH, number_format: str = "General"
) -> None:
    small = {"name": FONT, "size": 9}
    chart.set_title(
        {"name": clean(title), "name_font": {"name": FONT, "size": 11, "bold": True}, "overlay": False}
    )
    chart.set_x_axis({"num_font": small})
    chart.set_y_axis({"num_font": small, "num_format": number_format, "major_gridlines": _GRID})  # fmt: skip
    chart.set_legend({"position": "bottom", "font": small})
    chart.set_size({"width": wide, "height": high})


def write_output_chart(book: Any, sheet: Any, industries: pd.DataFrame, name: str) -> None:
    """Put the shares of output and revenue by industry group below their table.

    Parameters
    ----------
    book, sheet : xlsxwriter objects
    industries : DataFrame
        As on the sheet.
    name : str
        Of the sheet.
    """
    known = industries["industry_output_share"].notna()
    if not known.any():
        return
    last = FIRST_ROW + int(known.to_numpy().nonzero()[0][-1])
    chart = book.add_chart({"type": "bar"})
    columns = {"产值占比": 21, "营业收入占比": 22}
    for (label, column), colour in zip(columns.items(), (_ACTUAL, "#D9A300"), strict=True):
        chart.add_series({"name": label, "categories": [name, FIRST_ROW, 0, last, 0], "values": [name, FIRST_ROW, column, last, column],
                          "fill": {"color": colour}, "gap": 60})  # fmt: skip
    _dress(chart, "各产业门类的产值、营业收入占比", wide=720, high=340)
    chart.set_x_axis({"num_font": {"name": FONT, "size": 9}, "num_format": "0%", "major_gridlines": _GRID})
    chart.set_y_axis({"reverse": True, "num_font": {"name": FONT, "size": 9}})
    sheet.insert_chart(FIRST_ROW + len(industries) + 2, 0, chart, {"object_position": 3})


def write_land_chart(book: Any, sheet: Any, land: pd.DataFrame, name: str) -> None:
    """Put the structure of the park and its clusters beside their table, as stacked bars of the whole.

    Parameters
    ----------
    book, sheet : xlsxwriter objects
    land : DataFrame
        As on the sheet; every zone with the same groups.
    name : str
        Of the sheet.
    """
    at = land.reset_index(drop=True)
    shown = at[
        at["zone_level"].isin(("园区", LEVELS[0])) & (at.groupby("zone_code")["area_mu"].transform("sum") > 0)
    ]
    if shown.empty:
        return
    chart = book.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for (group, rows), colour in zip(shown.groupby("land_group", sort=False), _LAND, strict=False):
        spots = [FIRST_ROW + 1 + int(row) for row in rows.index]
        zones, areas = (",".join(f"'{name}'!${letter}${row}" for row in spots) for letter in "CF")
        chart.add_series({"name": str(group), "categories": f"=({zones})", "values": f"=({areas})",
                          "fill": {"color": colour}, "gap": 50})  # fmt: skip
    _dress(chart, "园区和各产业集群的用地结构", wide=760, high=360, number_format="0%")
    chart.set_x_axis({"num_font": {"name": FONT, "size": 9}, "num_format": "0%", "major_gridlines": _GRID})
    chart.set_y_axis({"reverse": True, "num_font": {"name": FONT, "size": 9}})
    sheet.insert_chart(FIRST_ROW, 13, chart, {"object_position": 3})
