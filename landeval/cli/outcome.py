"""What every command ends with: the problems of the data, and an exit code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from landeval.console import insist, say

if TYPE_CHECKING:
    import pandas as pd

    from landeval.admission import Admission
    from landeval.intensive_use import IndexRun
    from landeval.publish.supply import SupplyRun
    from landeval.result import Result

    Made = Result | Admission | IndexRun | SupplyRun

DONE, DONE_WITH_ERRORS, INTERRUPTED = 0, 1, 130


def problems(result: Made, most: int = 10) -> None:
    """Tell how many problems there are, and the kinds that matter most."""
    table = result.issues
    if not len(table):
        say("\n没有发现数据问题。")
        return
    from landeval.issues import counts_told, once

    unread = table.loc[table["code"] == "E201", ["source_file", "column"]].drop_duplicates()
    errors = table[table["level"] != "提示"]
    insist(f"\n数据问题：{counts_told(table)}。" + ("最要紧的：" if len(unread) or len(errors) else ""))
    if len(unread):
        some = "、".join(f"{row.column}（{row.source_file}）" for row in unread.head(6).itertuples())
        more = f" 等 {len(unread)} 列" if len(unread) > 6 else ""
        insist(
            f"  没有认出的列：{some}{more}。如果其中有名称、代码、金额，{_remedy(table, 'E201').removeprefix('如需采用，')}。"
        )
    for code in once(errors)["code"].value_counts().head(most).index:
        insist(f"  【{code}】{_of_kind(errors[errors['code'] == code])}")


def _of_kind(rows: pd.DataFrame) -> str:
    """Tell a kind of problem: how many there are, the first with every place where it stands, and how to mend it."""
    from landeval.issues import CATALOGUE, things

    kind, names = CATALOGUE[str(rows["code"].iloc[0])], things(rows)
    first, count = rows[names == names.iloc[0]], names.nunique()
    one = first.iloc[0]
    remedy = _remedy(rows, str(one["code"]))
    places = _places(first)
    if not places:
        return f"{one['what']}。{remedy}"
    column = f" “{one['column']}”列" if one["column"] else ""
    value = str(one["raw_value"] or "")
    if len(first) > 1:
        return f"{kind.what}：{count} 个，如 {value or one['record_key']}（{places}{column}）。{remedy}"
    return f"{kind.what}：{count} 处，如 {places}{column}{f'：{value}' if value else ''}。{remedy}"


def _remedy(table: pd.DataFrame, code: str) -> str:
    """Return how to mend a kind of problem, of as many files as have it."""
    told = table.loc[table["code"] == code, "remedy"].unique()
    return str(told[0]) if len(told) == 1 else re.sub("“[^”]*”一节", "该文件那一节", str(told[0]))


def _places(rows: pd.DataFrame, most: int = 6) -> str:
    """List files, layers and rows; a file once where the next place is in it too."""
    told, before = [], None
    for file, layer, row in zip(rows["source_file"], rows["source_layer"], rows["source_row"], strict=True):
        line = "" if row is None or row != row else f"第 {int(row)} 行"
        told.append(" ".join(str(part) for part in (file if file != before else "", layer, line) if part))
        before = file
    told = [text for text in told if text]
    return "、".join(told[:most]) + (f" 等 {len(told)} 处" if len(told) > most else "")


def returned(result: Result | IndexRun) -> None:
    """Tell how many corrections, decisions and notes that were handed back are taken, and where the others are told."""
    from landeval.handed_back import handed_back, told

    found = list(told(handed_back(result.reconciliation, result.meta["inputs"])))
    for number, (text, is_refused) in enumerate(found):
        (insist if is_refused else say)(text if number else f"\n{text}")


def exit_code(result: Made, strict: bool) -> int:
    """Return 1 where ``--strict`` was given and there is an error among the problems, else 0."""
    return DONE_WITH_ERRORS if strict and (result.issues["level"] != "提示").any() else DONE
