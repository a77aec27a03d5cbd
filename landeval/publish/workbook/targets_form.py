"""``指标实绩表.xlsx``: the blank table of actuals, one row an indicator of the plan and year, read back by the board."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from landeval.publish.workbook.form import new_form, write_notes
from landeval.publish.workbook.sheet import page, write_cell
from landeval.publish.workbook.styles import Styles
from landeval.settings_words import worded
from landeval.standards.targets import DONE_BY, SUMMED, TRACKED, Book, targets

NAME, FILE_NAME = "指标实绩", "指标实绩表.xlsx"
COLUMNS = (
    ("指标", 42, "方案中的指标，照写即可；累计、年均类的指标填当年新增数。"),
    ("对象", 16, "园区、全县，或产业门类（如 先进装备制造）。"),
    ("年份", 8, "四位年份；只填已结束的年份。"),
    ("数值", 14, "只填一个数；不知道的留空，空白不是零。不大于 1 的百分数在数后写百分号，如 0.9%。"),
    ("计量单位", 15, "可改成同类的别的单位，如 亿元改为万元；空白不能判定。"),
    ("来源单位", 24, "提供这个数的单位。"),
    ("完成日期", 13, "只用于限期完成的工作，如 调区扩区。"),
    ("进展说明", 40, "没有数值的工作在此说明进展。"),
)


def write_targets_form(path: Path, base_year: int | None = None, settings: Path | None = None) -> Path:
    """Write the blank table; one that is there already is never overwritten.

    Parameters
    ----------
    path : Path
    base_year : int, optional
        First year of the table; by default that of the plan's targets.
    settings : Path, optional
        The project's settings file, in whose words the notes speak of settings.

    Raises
    ------
    ConfigurationError
        The name does not end in .xlsx.
    OutputError
        The file exists, or its folder cannot be written.
    """
    rest = (
        "填好后把文件名写在参数表“指标实绩表”一节的“文件”（landeval.toml 的 [targets] 中写明 path），运行：landeval targets 项目 --out 目标进度",
        "园区的行已列出；方案没有写明是园区还是全县的指标，可另加“全县”的行。行可以删、可以加，表头请勿改成别的意思。",
    )
    with new_form(path, "指标实绩表", FILE_NAME) as (book, styles):
        _write_rows(book, styles, targets(), base_year)
        write_notes(
            book,
            styles,
            ((header, how) for header, _, how in COLUMNS),
            [worded(text, settings) for text in rest],
        )
    return path


def rows_of(book: Book, base_year: int) -> Iterator[tuple[str, str, int, str]]:
    """Yield indicator, object, year and unit of every row that the plan asks for, in its order."""
    seen = set()
    for target in book.targets:
        name = target.label if target.kind == TRACKED else target.quantity.label
        key = (name, target.objects[0])
        if key in seen:
            continue
        seen.add(key)
        unit = "" if target.kind == TRACKED else target.quantity.unit
        is_level = target.kind not in (*SUMMED, DONE_BY, TRACKED)
        first = base_year if is_level else base_year + 1
        years = (target.year,) if target.kind in (DONE_BY, TRACKED) else range(first, target.year + 1)
        yield from ((*key, year, unit) for year in years)


def _write_rows(book: Any, styles: Styles, plan: Book, base_year: int | None) -> None:
    sheet = book.add_worksheet(NAME)
    page(sheet, sheet_name=NAME)
    sheet.freeze_panes(1, 3)
    sheet.repeat_rows(0)
    sheet.set_row(0, 24)
    for at, (header, width, how) in enumerate(COLUMNS):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, header, styles.header(editable=at in (3, 5, 6, 7)))
        sheet.data_validation(
            1, at, 600, at, {"validate": "any", "input_title": header, "input_message": how}
        )
    for row, (name, whose, year, unit) in enumerate(rows_of(plan, base_year or plan.base_year), start=1):
        for at, value in enumerate((name, whose, year, None, unit or None, None, None, None)):
            kind = "year" if at == 2 else "number" if at == 3 else "date" if at == 6 else "text"
            look: dict[str, Any] = {"num_format": "General"} if at == 3 else {}
            write_cell(sheet, row, at, value, styles.body(kind, **look))
