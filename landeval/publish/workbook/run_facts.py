"""The 参数与运行记录 sheet: what the run was made from, with what, and what came out of each step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from landeval.publish.cells import cell
from landeval.publish.run_record import versions
from landeval.publish.stamp import facts
from landeval.publish.workbook.settings_told import settings_told
from landeval.publish.workbook.sheet import lines, page, write_cell
from landeval.publish.workbook.styles import Styles
from landeval.reconciliation import KINDS
from landeval.result import Result

NAME = "参数与运行记录"
_WIDTHS = (34, 30, 18, 12, 14, 24, 11, 76)
_INPUTS = ("文件", "工作表/图层", "用途", "格式", "编码", "坐标系", "记录数", "SHA-256")


def write_run_facts(book: Any, styles: Styles, result: Result) -> None:
    """Write what identifies the run, its settings, inputs, steps and versions; the same for every run of the same input."""
    sheet = book.add_worksheet(NAME)
    page(sheet, sheet_name=NAME)
    for position, width in enumerate(_WIDTHS):
        sheet.set_column(position, position, width)
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, NAME, styles.title())
    sheet.write_string(1, 0, "运行的日期、时刻和用时见 run.json；标准值和可改的参数见“依据”", styles.note())
    steps = [(step.name, step.rows_in, step.rows_out) for step in result.steps]
    row = 2
    for title, header, rows in (
        ("一、本次运行", ("项目", "内容"), list(facts(result).items())),
        ("二、输入文件", _INPUTS, list(_inputs(result.meta.get("inputs", [])))),
        (
            "三、设置（设置文件和命令行，含默认值）",
            ("设置", "值"),
            list(settings_told(result.meta.get("settings", {}))),
        ),
        ("四、步骤", ("步骤", "输入条数", "输出条数"), steps),
        ("五、软件版本", ("软件", "版本"), list(versions().items())),
    ):
        row = _block(sheet, styles, row + 1, title, header, rows)


def _inputs(inputs: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for item in inputs:
        kind = str(item.get("table", ""))
        yield (
            item.get("file"), item.get("layer"), KINDS.get(kind, kind), item.get("format"), item.get("encoding"),
            item.get("crs"), item.get("rows", item.get("records")), item.get("sha256"),
        )  # fmt: skip


def _block(
    sheet: Any, styles: Styles, row: int, title: str, header: Sequence[str], rows: Sequence[Sequence[Any]]
) -> int:
    """Write a titled table and return the row after it."""
    sheet.set_row(row, 20)
    sheet.write_string(row, 0, title, styles.title(11))
    for position, text in enumerate(header):
        sheet.write_string(row + 1, position, text, styles.header())
    for number, values in enumerate(rows, start=row + 2):
        shown = [cell(value, "integer" if isinstance(value, int) else "text") for value in values]
        heights = [lines(str(value), width) for value, width in zip(shown, _WIDTHS, strict=False)]
        tall = max(heights, default=1)
        sheet.set_row(number, 4 + 13.5 * min(tall, 20))
        for position, value in enumerate(shown):
            kind = "integer" if isinstance(value, int) else "text"
            write_cell(sheet, number, position, value, styles.body(kind, wrap=True))
    return row + 2 + len(rows)
