"""``企业综合评价.xlsx``: one sheet a grade, every item, and the edition that may be published; and the sheet of the list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from landeval.publish.cells import clean
from landeval.publish.workbook.book import new_book
from landeval.publish.workbook.sheet import Column, Sheet, opening_sheet, write_cell, write_sheet
from landeval.publish.workbook.styles import Styles
from landeval.result import Result
from landeval.standards.grading import Scheme
from landeval.standards.grading_words import benchmark_words, grading_words, missing_words
from landeval.standards.rule import BASES

NAME = "企业评价"
PUBLIC = "公示稿"
_LINE = 48
_CLOSING = "，。；、）”：%"
_FULL = "tables/grades.csv"
_COLUMNS = (
    Column("number", 5, label="序号"),
    Column("name", 30, wrap=True),
    Column("credit_code", 22),
    Column("grade_list", 8),
    Column("enterprise_grade", 8),
    Column("grade_rank", 7),
    Column("grade_size", 9),
    Column("grade_score", 11, is_exact=True),
    Column("grade_bonus", 7),
    Column("grade_deduction", 7),
    Column("grade_by_rank", 9),
    Column("grade_last", 9),
    Column("grade_change", 9),
    Column("area_mu", 11),
    Column("tax_wan_yuan", 12),
    Column("tax_wan_yuan_per_mu", 11, money="tax_wan_yuan", land="area_mu"),
    Column("grade_why", 36, wrap=True),
)


def write_graded(book: Any, styles: Styles, result: Result) -> None:
    """Write the sheet of every enterprise with its grade, or with why it has none; nothing where nobody is graded."""
    scheme = result.scheme
    if scheme is None:
        return
    columns = (*_COLUMNS[:4], Column("grade_state", 12), *_COLUMNS[4:])
    spec = Sheet(
        NAME,
        "企业综合评价",
        columns,
        note="；".join(
            part for part in (f"方案：{scheme.title}", scheme.caveat, "空白表示未知或没有") if part
        ),
        full_table=_FULL,
        empty="没有企业。",
    )
    write_sheet(book, styles, in_order(result.grades, scheme), spec, currency=result.currency)


def write_grading_book(result: Result, scheme: Scheme, path: Path) -> Path:
    """Write the workbook and return its path.

    Parameters
    ----------
    result : Result
        With ``grades`` and ``grade_items``.
    scheme : Scheme
        The one they were graded by.
    path : Path
        Of the file.
    """
    grades = in_order(result.grades, scheme)
    with new_book(path, result) as (book, styles):
        _write_opening(book, styles, result, scheme, grades)
        for grade in (*scheme.grading.grades, scheme.ungraded.label):
            spec = Sheet(
                f"{grade}类" if len(grade) == 1 else grade,
                f"{grade} 类企业" if len(grade) == 1 else f"{grade}企业",
                _COLUMNS,
                note=scheme.measures.get(grade, ""),
                full_table=_FULL,
                empty="没有这一等级的企业。",
            )
            mine = grades[grades["enterprise_grade"] == grade]
            write_sheet(book, styles, mine, spec, currency=result.currency)
        _write_rest(book, styles, result, grades)
        _write_items(book, styles, result, scheme)
        _write_public(book, styles, result, scheme, grades)
    return path


def in_order(grades: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """Return the enterprises by list in the order of the scheme, then by place; those without place last, by id."""
    at = {one.label: number for number, one in enumerate(scheme.lists)}
    keys = grades["grade_list"].map(at)
    order = grades.assign(at=keys).sort_values(["at", "grade_rank", "enterprise_id"], na_position="last")
    return grades.loc[order.index]


def folded(text: str) -> list[str]:
    """Cut a text into lines of a page's width; no line begins with a closing mark.

    Examples
    --------
    >>> [len(line) for line in folded("亩" * 48 + "，" + "亩" * 10)]
    [49, 10]
    """
    lines = []
    while text:
        end = _LINE
        while end < len(text) and text[end] in _CLOSING:
            end += 1
        lines.append(text[:end])
        text = text[end:]
    return lines


def _write_opening(book: Any, styles: Styles, result: Result, scheme: Scheme, grades: pd.DataFrame) -> None:
    labels = [one.label for one in scheme.lists]
    told = [
        f"方案：{scheme.title}（{scheme.number}，{scheme.issuer}）",
        f"依据：{scheme.source}（{BASES[scheme.basis]}）",
        *([f"注意：{scheme.caveat}"] if scheme.caveat else []),
        *([f"说明：{scheme.note}"] if scheme.note else []),
        grading_words(scheme),
        "每家企业恰在一张等级表或“未定级”表中；逐项的指标值、基准、得分见“逐项”；对外只用“公示稿”。",
    ]
    how = [line for text in told for line in folded(clean(text))]
    heading = (f"{result.title}企业综合评价", f"评价年度 {result.year}，基准日 {result.as_of}")
    columns = [("去向", 22), *((label, 14) for label in (*labels, "未入名单", "合计"))]
    sheet, row = opening_sheet(book, styles, "说明", heading, how, columns)
    counted = grades.assign(
        shown=grades["enterprise_grade"].where(grades["enterprise_grade"] != "", grades["grade_state"])
    )
    sheet.set_column(4, 5, 28)  # the words of the second table
    row += 1
    for name in (*scheme.grading.grades, scheme.ungraded.label, "不在评价范围", "资料不足"):
        mine = counted[counted["shown"] == name]["grade_list"]
        _write_line(sheet, styles, row, [name, *(int((mine == label).sum()) for label in (*labels, "")), len(mine)])  # fmt: skip
        row += 1
    every = counted["grade_list"]
    _write_line(sheet, styles, row, ["合计", *(int((every == label).sum()) for label in (*labels, "")), len(every)])  # fmt: skip
    row += 2
    for position, header in enumerate(("指标", "名单", "权重", "单位", "基准", "缺数办法")):
        sheet.write_string(row, position, header, styles.header())
    for one in scheme.lists:
        for item in one.items:
            row += 1
            words = [benchmark_words(item), missing_words(item)]
            _write_line(sheet, styles, row, [item.label, one.label, item.weight, item.unit, *words])


def _write_line(sheet: Any, styles: Styles, row: int, values: list[str | int | float]) -> None:
    for position, value in enumerate(values):
        kind = "text" if isinstance(value, str) else "number"
        write_cell(sheet, row, position, value, styles.body(kind, wrap=True))


def _write_rest(book: Any, styles: Styles, result: Result, grades: pd.DataFrame) -> None:
    columns = [
        Column("grade_state", 12) if column.name == "enterprise_grade" else column
        for column in _COLUMNS
        if not column.name.startswith("grade_") or column.name in ("grade_list", "grade_why", "grade_last")
    ]
    spec = Sheet(
        "未定级",
        "没有等级的企业",
        columns,
        note="不在评价范围的无需处理；资料不足的补齐后重新运行",
        full_table=_FULL,
        empty="没有。",
    )
    rest = grades[grades["enterprise_grade"] == ""]
    write_sheet(book, styles, rest, spec, currency=result.currency)


def _write_items(book: Any, styles: Styles, result: Result, scheme: Scheme) -> None:
    spec = Sheet(
        "逐项",
        "逐项得分",
        (
            Column("enterprise_id", 22),
            Column("name", 28),
            Column("grade_list", 8),
            Column("grade_item", 16),
            Column("item_numerator", 13),
            Column("item_denominator", 13),
            Column("item_value", 12, is_exact=True),
            Column("item_unit", 14),
            Column("item_benchmark", 12, is_exact=True),
            Column("item_weight", 8),
            Column("item_points", 10, is_exact=True),
            Column("item_rank", 9),
            Column("item_note", 40),
        ),
        note="指标值 = 分子 ÷ 分母；得分 = 指标值 ÷ 基准值 × 权重（极差计分的见说明）",
        full_table="tables/grade_items.csv",
        is_register=True,
        empty="没有企业参评。",
    )
    names = result.grades.set_index("enterprise_id")["name"]
    items = result.grade_items.assign(name=result.grade_items["enterprise_id"].map(names))
    write_sheet(book, styles, items, spec, currency=result.currency)


def _write_public(book: Any, styles: Styles, result: Result, scheme: Scheme, grades: pd.DataFrame) -> None:
    """Write what may be published: name, list, grade and place; no figure, no reason."""
    columns = (
        Column("number", 6, label="序号"),
        Column("name", 40, wrap=True),
        Column("grade_list", 12),
        Column("enterprise_grade", 12),
        Column("grade_rank", 10),
    )
    note = f"{scheme.objection}{'（方案未定，不得公示）' if scheme.basis == 'proposal' else ''}"
    spec = Sheet(PUBLIC, f"{result.year} 年度企业综合评价结果公示", columns, note=note, full_table=_FULL, empty="没有企业定级。")  # fmt: skip
    shown = grades[grades["enterprise_grade"] != ""]
    write_sheet(book, styles, shown, spec, currency=result.currency)
