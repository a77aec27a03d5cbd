"""参数表 as a workbook: one row a setting, what it means, what may be chosen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from landeval.publish.workbook.form import new_form
from landeval.publish.workbook.sheet import page
from landeval.settings_table import FILE_NAME, HEADERS, SHEET, rows_of

_WIDTHS = (16, 24, 36, 8, 52, 40)
_MOST_CHOICES = 255
"""Characters that Excel takes of a drop-down list."""


def write_settings_form(path: Path, raw: Mapping[str, Any]) -> Path:
    """Write a table that says what a toml says; settings that it does not say have a blank value.

    Raises
    ------
    ConfigurationError
        The name does not end in .xlsx.
    OutputError
        The file exists, or its folder cannot be written.
    """
    with new_form(path, "参数表", FILE_NAME) as (book, styles):
        sheet = book.add_worksheet(SHEET)
        page(sheet, sheet_name=SHEET)
        sheet.freeze_panes(1, 2)
        sheet.repeat_rows(0)
        for at, (header, width) in enumerate(zip(HEADERS, _WIDTHS, strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, header, styles.header())
        plain: dict[str, Any] = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#BFBFBF"}
        kinds: dict[str, dict[str, Any]] = {
            "text": {},
            "first": {"bold": True, "top": 2},
            "value": {"bg_color": "#FFF2CC", "align": "left"},
            "date": {"bg_color": "#FFF2CC", "num_format": "yyyy-mm-dd", "align": "left"},
        }
        looks = {name: book.add_format({**plain, **more}) for name, more in kinds.items()}
        before = ""
        for row, (section, setting, label, value) in enumerate(rows_of(raw), start=1):
            look = looks["first"] if section != before else looks["text"]
            before = section
            for at, text in (
                (0, section),
                (1, label),
                (3, setting.unit),
                (4, setting.told),
                (5, setting.wanted),
            ):
                sheet.write_string(row, at, text, look if at < 2 else looks["text"])
            if value is None:
                sheet.write_blank(row, 2, None, looks["date" if setting.kind == "date" else "value"])
            elif isinstance(value, dt.date):
                sheet.write_datetime(row, 2, dt.datetime.combine(value, dt.time()), looks["date"])
            elif isinstance(value, int | float):
                sheet.write_number(row, 2, value, looks["value"])
            else:
                sheet.write_string(row, 2, str(value), looks["value"])
            if setting.choices and len(",".join(setting.choices)) <= _MOST_CHOICES:
                sheet.data_validation(
                    row, 2, row, 2,
                    {"validate": "list", "source": list(setting.choices), "error_title": "不在列表中",
                     "error_message": "请从列表中选择；不写的留空。"},
                )  # fmt: skip
    return path
