"""``指数数据表.xlsx``: the blank form for the areas, buildings, money and supply that the index is made of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from landeval.publish.workbook.form import new_form
from landeval.publish.workbook.sheet import lines, page
from landeval.publish.workbook.styles import EDITABLE, Styles
from landeval.settings_words import worded
from landeval.vocabulary.land_status import items

FILE_NAME = "指数数据表.xlsx"
_COLUMNS = (
    ("类别", 12),
    ("代码", 7),
    ("数据项", 34),
    ("单位", 8),
    ("主区", 14),
    ("发展方向区", 14),
    ("出处", 30),
    ("填写说明", 52),
)
_FILLED = ("主区", "发展方向区", "出处")
_NOTES = (
    "空白 = 不知道，按未知处理，不当作零；没有的请写 0。单位可以改成亩、㎡、万元、亿元等，程序按所写的单位换算。",
    "主区是依法批准的范围；没有发展方向区的，该列全部留空。代码 A 至 G 为开发区土地利用现状调查的代码，J、Z、P、S、K 为本表的代码。",
    '填好后把文件名写在参数表“集约利用指数”一节的“文件”（landeval.toml 写 [index] path = "指数数据表.xlsx"），再运行 landeval index 项目 --out 指数结果。',
)
_LINE = 13.5


def write_land_status_form(path: Path, settings: Path | None = None) -> Path:
    """Write the blank form; one that is there already is never overwritten.

    ``settings``: the project's settings file, in whose words the notes speak of settings.

    Raises
    ------
    ConfigurationError
        The name does not end in .xlsx.
    OutputError
        The file exists, or its folder cannot be written.
    """
    with new_form(path, "指数数据表", FILE_NAME) as (book, styles):
        _write_items(book, styles)
        _write_notes(book, styles, [worded(text, settings) for text in _NOTES])
    return path


def _write_items(book: Any, styles: Styles) -> None:
    sheet = book.add_worksheet("指数数据表")
    page(sheet, sheet_name="指数数据表")
    sheet.freeze_panes(1, 3)
    sheet.repeat_rows(0)
    sheet.set_row(0, 24)
    for at, (header, width) in enumerate(_COLUMNS):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, header, styles.header(editable=header in _FILLED))
    for row, item in enumerate(items().values(), start=1):
        texts = (item.group, item.code, item.label, item.unit)
        sheet.set_row(
            row, 4 + _LINE * max(lines(item.how, _COLUMNS[-1][1]), lines(item.label, _COLUMNS[2][1]))
        )
        for at, text in enumerate(texts):
            sheet.write_string(row, at, text, styles.body("text", wrap=True))
        for at in (4, 5):
            sheet.write_blank(
                row, at, None, styles.body("number", bg_color=EDITABLE, num_format="#,##0.####")
            )
            sheet.data_validation(row, at, row, at, _check(item.label, item.unit, item.how))
        sheet.write_blank(row, 6, None, styles.body("text", wrap=True, bg_color=EDITABLE))
        sheet.write_string(row, 7, item.how, styles.body("text", wrap=True))


def _check(name: str, unit: str, how: str) -> dict[str, Any]:
    return {
        "validate": "decimal", "criteria": ">=", "value": 0, "error_type": "warning", "error_title": "不是数",
        "error_message": "请填不小于零的数，不知道的留空。", "input_title": name[:32], "input_message": (how or f"单位：{unit}")[:250],
    }  # fmt: skip


def _write_notes(book: Any, styles: Styles, notes: Sequence[str]) -> None:
    sheet = book.add_worksheet("填表说明")
    page(sheet, sheet_name="填表说明", small=True)
    sheet.set_column(0, 0, 100)
    for row, text in enumerate(notes):
        sheet.set_row(row, 4 + _LINE * lines(text, 100))
        sheet.write_string(row, 0, text, styles.get(text_wrap=True))
