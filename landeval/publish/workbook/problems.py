"""``数据问题.xlsx``: what each office has to mend, one sheet an office; filled in, it is handed back as corrections."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd

from landeval.issues import BLOCKING, CATALOGUE, ERROR, NOTICE, OF_CORRECTIONS, counts_told, once
from landeval.publish.cells import clean
from landeval.publish.workbook.book import new_book
from landeval.publish.workbook.sheet import Column, Sheet, opening_sheet, write_sheet
from landeval.publish.workbook.styles import Styles
from landeval.result import Result

FILE_NAME = "数据问题.xlsx"
NOBODY = "其他"
_HOW = (
    "一、各单位一张表。每行是一处问题：文件、工作表、行号、列、原值，程序怎样处理，怎样改。",
    "二、最好改原始资料后重新提供。也可以在黄色三列填“更正值、更正人、更正依据”，把本文件交回；",
    "    下次运行时加 --corrections 数据问题.xlsx，程序逐条核对原值后采用，并列出采用和未采用的更正。",
    "    同一家企业、同一个代码在几张表、几个年度里的，逐处列出；只更正一处的，别处仍按原表，各处都要填。",
    "三、没有填更正值的行不会改变任何数据。行可以排序、删除，列可以增加；请勿改动来源文件、行号、列、原值；“列”空着的，填上要改的列名再填更正值。",
    "    经核实原值无误的，更正值照填原值：照用的数不再列为待核问题，依据写明由谁核实；两个数互相矛盾的，须改正其中一个。",
    "四、提示只是告诉程序怎样理解资料，如理解无误不必处理。",
)
_SHEET_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def write_problem_book(result: Result, path: Path) -> Path:
    """Write the workbook that is handed to the offices: a summary, one sheet an office, corrections, rows left out.

    Parameters
    ----------
    result : Result
        Rendered as it is.
    path : Path
        Of the file; its folder is made if it is not there.

    Returns
    -------
    Path
        The file written.
    """
    told = result.issues["code"].isin(OF_CORRECTIONS)
    problems, corrections = result.issues[~told], result.issues[told]
    offices = problems["responsible"].replace("", NOBODY).fillna(NOBODY)
    names = sheet_names(_by_weight(problems, offices))
    with new_book(path, result) as (book, styles):
        _write_summary(book, styles, result, problems, offices, names)
        for office, name in names.items():
            rows = problems[offices == office]
            write_sheet(book, styles, rows, _office_sheet(name, office), currency=result.currency)
        if len(corrections):
            write_sheet(book, styles, corrections, _correction_sheet(), currency=result.currency)
        left = result.reconciliation
        left = left[~left["record_state"].isin(("采用", "采用有提示"))]
        write_sheet(book, styles, left, _left_sheet(), currency=result.currency)
    return path


def sheet_names(offices: list[str]) -> dict[str, str]:
    """Return a sheet name for each office: no forbidden character, at most 31, each once.

    Examples
    --------
    >>> sheet_names(["自然资源局（不动产登记中心）", "甲/乙", "甲:乙"])
    {'自然资源局（不动产登记中心）': '自然资源局（不动产登记中心）', '甲/乙': '甲_乙', '甲:乙': '甲_乙2'}
    """
    names: dict[str, str] = {}
    used = {"总览", "更正情况", "未采用的记录", "history"}
    for office in offices:
        base = _SHEET_FORBIDDEN.sub("_", clean(office)).strip("' ")[:29] or NOBODY
        name, number = base, 1
        while name.lower() in used:
            number += 1
            name = f"{base}{number}"
        used.add(name.lower())
        names[office] = name
    return names


def _by_weight(problems: pd.DataFrame, offices: pd.Series) -> list[str]:
    """Return the offices, those with most errors first."""
    weight = pd.DataFrame({"office": offices, "errors": (problems["level"] != NOTICE).astype(int), "rows": 1})
    table = weight.groupby("office", as_index=False).sum()
    return [
        str(name)
        for name in table.sort_values(["errors", "rows", "office"], ascending=[False, False, True])["office"]
    ]


def _office_sheet(name: str, office: str) -> Sheet:
    return Sheet(
        name,
        f"数据问题——{office}",
        (
            Column("level", 7),
            Column("code", 7),
            Column("record_key", 23),
            Column("source_file", 20, wrap=True),
            Column("source_layer", 12, wrap=True),
            Column("source_row", 7),
            Column("column", 16, wrap=True),
            Column("raw_value", 20, wrap=True),
            Column("used_value", 14, wrap=True),
            Column("what", 44, wrap=True),
            Column("remedy", 38, wrap=True),
            Column("", 18, label="更正值", wrap=True),
            Column("", 11, label="更正人", wrap=True),
            Column("", 24, label="更正依据", wrap=True),
        ),
        note="黄色三列可填写后交回；没有填更正值的行不起作用",
        full_table="tables/issues.csv",
    )


def _correction_sheet() -> Sheet:
    return Sheet(
        "更正情况",
        "更正情况：采用（E246）、核实无误（E249）与未采用（E247）",
        (
            Column("code", 7),
            Column("record_key", 23),
            Column("source_file", 20, wrap=True),
            Column("source_layer", 12, wrap=True),
            Column("source_row", 7),
            Column("column", 18, wrap=True),
            Column("raw_value", 22, wrap=True),
            Column("used_value", 22, wrap=True),
            Column("what", 60, wrap=True),
            Column("remedy", 36, wrap=True),
        ),
        full_table="tables/issues.csv",
        frozen=2,
    )


def _left_sheet() -> Sheet:
    return Sheet(
        "未采用的记录",
        "未采用、未匹配或已排除的记录",
        (
            Column("table_kind", 10),
            Column("source_file", 24, wrap=True),
            Column("source_layer", 16, wrap=True),
            Column("source_row", 8),
            Column("record_key", 26, wrap=True),
            Column("record_state", 24, wrap=True),
            Column("destination", 30, wrap=True),
            Column("issue_codes", 18, wrap=True),
            Column("amounts", 20, wrap=True),
            Column("remark", 24, wrap=True),
        ),
        note="全部记录见 tables/reconciliation.csv",
        full_table="tables/reconciliation.csv",
        empty="所有记录都已采用。",
    )


def _counts(result: Result, problems: pd.DataFrame) -> str:
    return f"基准日 {result.as_of}，" + (counts_told(problems) if len(problems) else "共 0 条")


def _write_summary(
    book: Any,
    styles: Styles,
    result: Result,
    problems: pd.DataFrame,
    offices: pd.Series,
    names: dict[str, str],
) -> None:
    sheet, row = opening_sheet(
        book,
        styles,
        "总览",
        (f"{clean(result.title)}　数据问题", _counts(result, problems)),
        _HOW,
        (("责任单位（点击到表）", 34), (BLOCKING, 9), (ERROR, 9), (NOTICE, 9), ("最多的问题", 56)),
    )
    for office, name in names.items():
        row += 1
        mine = once(problems[offices == office])
        sheet.write_url(
            row, 0, f"internal:'{name}'!A1", styles.body("text", font_color="#1F5FA8", underline=1), office
        )
        for position, level in enumerate((BLOCKING, ERROR, NOTICE), start=1):
            sheet.write_number(row, position, int((mine["level"] == level).sum()), styles.body("integer"))
        serious = mine[mine["level"] != NOTICE]
        most = (serious if len(serious) else mine)["code"].value_counts().head(2)
        text = "；".join(f"{CATALOGUE[str(code)].what}（{count}）" for code, count in most.items())
        sheet.write_string(row, 4, text, styles.body("text", wrap=True))
        sheet.set_row(row, 30)
    if not names:
        sheet.write_string(row + 1, 0, "没有发现数据问题。", styles.note())
