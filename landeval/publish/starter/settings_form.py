"""参数表 as a workbook: one row a setting, what it means, what may be chosen; and a sheet of rows to copy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from landeval.publish.workbook.form import new_form
from landeval.publish.workbook.sheet import lines, page
from landeval.publish.workbook.styles import EDITABLE, Styles
from landeval.settings_table import EXAMPLES, FILE_NAME, HEADERS, SHEET, Setting, is_usual, rows_of

_WIDTHS = (16, 24, 36, 8, 66, 50)
_MOST_CHOICES = 255
"""Characters that Excel takes of a drop-down list."""
_LINE, _PAD = 13.5, 3
_HOW = (
    "只改黄色的“值”一列；不写的留空，按默认。改完保存，关闭 Excel，再运行 landeval check。",
    "平常用不到的行折叠着：点左上角的 2 全部展开，点 1 收起；也可以点某一节左边的 +。",
    "文件名相对于本表所在的文件夹，如 输入/宗地.shp。",
    "本页是说明，程序不读；下面的例子都可以照抄：把“节、设置、值”三格复制到“参数”表最后一行的下面，改成自己的内容。",
)


def write_settings_form(
    path: Path, raw: Mapping[str, Any], hints: Mapping[tuple[str, str], str] | None = None
) -> Path:
    """Write a table that says what a toml says; settings that it does not say have a blank value.

    Parameters
    ----------
    path : Path
    raw : Mapping
        What a toml would say.
    hints : Mapping, optional
        Section and setting → what to say of it in place of the usual.

    Raises
    ------
    ConfigurationError
        The name does not end in .xlsx.
    OutputError
        The file exists, or its folder cannot be written.
    """
    with new_form(path, "参数表", FILE_NAME) as (book, styles):
        _write_settings(book, styles, raw, hints or {})
        _write_examples(book, styles)
    return path


def _write_settings(
    book: Any, styles: Styles, raw: Mapping[str, Any], hints: Mapping[tuple[str, str], str]
) -> None:
    sheet = book.add_worksheet(SHEET)
    page(sheet, sheet_name=SHEET)
    sheet.freeze_panes(1, 2)
    sheet.repeat_rows(0)
    sheet.outline_settings(True, False, True, False)
    for at, (header, width) in enumerate(zip(HEADERS, _WIDTHS, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, header, styles.header())
    sheet.write_comment(0, 2, "折叠的行：点左上角的 2 展开。可以照抄的例子见“填表说明”。", {"visible": False})
    looks = _looks(book)
    row = 0
    for _, rows in groupby(rows_of(raw), key=lambda one: one[0]):
        for number, one in enumerate(_usual_first(rows)):
            row += 1
            told = hints.get((one.section, one.label), one.setting.told)
            texts = (one.section, one.label, None, one.setting.unit, told, one.setting.wanted)
            high = max(lines(text or "", width) for text, width in zip(texts, _WIDTHS, strict=True))
            fold = {"level": 1, "hidden": True} if one.is_folded else {"collapsed": one.is_last_shown}
            sheet.set_row(row, _PAD + _LINE * high, None, fold)
            look = looks["text" if number else "first"]
            for at, text in enumerate(texts):
                if text is not None:
                    sheet.write_string(row, at, text, look if at < 2 else looks["text"])
            _write_value(sheet, row, one, looks)


class _Row(NamedTuple):
    section: str
    setting: Setting
    label: str
    value: Any
    is_folded: bool = False
    is_last_shown: bool = False


def _usual_first(rows: Iterable[tuple[str, Setting, str, Any]]) -> list[_Row]:
    """Put the rows of a section that are shown before those that are folded away."""
    all_rows = [_Row(*row) for row in rows]
    shown = [row for row in all_rows if row.value is not None or is_usual(row.section, row.setting)]
    folded = [row._replace(is_folded=True) for row in all_rows if row not in shown]
    if folded:
        shown[-1] = shown[-1]._replace(is_last_shown=True)
    return shown + folded


def _looks(book: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#BFBFBF"}
    kinds: dict[str, dict[str, Any]] = {
        "text": {},
        "first": {"bold": True, "bg_color": "#DCE6F1"},
        "value": {"bg_color": EDITABLE, "align": "left"},
        "date": {"bg_color": EDITABLE, "num_format": "yyyy-mm-dd", "align": "left"},
    }
    return {name: book.add_format({**plain, **more}) for name, more in kinds.items()}


def _write_value(sheet: Any, row: int, one: _Row, looks: Mapping[str, Any]) -> None:
    value, choices = one.value, one.setting.choices
    if value is None:
        sheet.write_blank(row, 2, None, looks["date" if one.setting.kind == "date" else "value"])
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, 2, dt.datetime.combine(value, dt.time()), looks["date"])
    elif isinstance(value, int | float):
        sheet.write_number(row, 2, value, looks["value"])
    else:
        sheet.write_string(row, 2, str(value), looks["value"])
    if choices and len(",".join(choices)) <= _MOST_CHOICES:
        sheet.data_validation(
            row, 2, row, 2,
            {"validate": "list", "source": list(choices), "error_title": "不在列表中",
             "error_message": "请从列表中选择；不写的留空。"},
        )  # fmt: skip


def _write_examples(book: Any, styles: Styles) -> None:
    """Write the sheet of how to fill in, with rows that may be copied as they stand."""
    sheet = book.add_worksheet("填表说明")
    page(sheet, sheet_name="填表说明")
    columns = (*HEADERS[:3], "这样写的意思")
    widths = (20, 26, 34, 90)
    looks = _looks(book)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    row = -1
    for text in _HOW:
        row += 1
        sheet.write_string(row, 0, text, styles.get())
    row += 2
    for at, header in enumerate(columns):
        sheet.write_string(row, at, header, styles.header())
    for example in EXAMPLES:
        row += 1
        sheet.merge_range(row, 0, row, len(columns) - 1, example.title, looks["first"])
        for number, (section, setting, value) in enumerate(example.rows):
            row += 1
            sheet.set_row(row, _PAD + _LINE * (1 if number else lines(example.told, widths[-1])))
            sheet.write_string(row, 0, section, looks["text"])
            sheet.write_string(row, 1, setting, looks["text"])
            write = sheet.write_string if isinstance(value, str) else sheet.write_number
            write(row, 2, value, looks["value"])
            sheet.write_string(row, 3, "" if number else example.told, looks["text"])
