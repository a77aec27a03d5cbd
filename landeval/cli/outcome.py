"""What every command ends with: the problems of the data, and an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landeval.console import insist, say

if TYPE_CHECKING:
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
    levels = table["level"].value_counts()
    told = "、".join(f"{name} {levels[name]} 条" for name in ("阻断", "错误", "提示") if name in levels)
    from landeval.issues import CATALOGUE

    unread = table.loc[table["code"] == "E201", ["source_file", "column"]].drop_duplicates()
    errors = table[table["level"] != "提示"]
    insist(f"\n数据问题：{told}。" + ("最要紧的：" if len(unread) or len(errors) else ""))
    if len(unread):
        some = "、".join(f"{row.column}（{row.source_file}）" for row in unread.head(6).itertuples())
        more = f" 等 {len(unread)} 列" if len(unread) > 6 else ""
        insist(
            f"  没有认出的列：{some}{more}。如果其中有名称、代码、金额，请在 landeval.toml 的 columns 中对应。"
        )
    for code, count in errors["code"].value_counts().head(most).items():
        first = table[table["code"] == code].iloc[0]
        row = f"第 {int(first['source_row'])} 行" if first["source_row"] is not None else ""
        spot = " ".join(str(part) for part in (first["source_file"], first["source_layer"], row) if part)
        column = f" “{first['column']}”列" if first["column"] else ""
        value = f"：{first['raw_value']}" if first["raw_value"] else ""
        kind = CATALOGUE[str(code)]
        told = f"{kind.what}：{count} 处，如 {spot}{column}{value}" if spot else str(first["what"])
        insist(f"  【{code}】{told}。{kind.remedy}")


def returned(result: Result) -> None:
    """Tell how many corrections, decisions and notes that were handed back are taken, and where the others are told."""
    from landeval.handed_back import handed_back, told

    found = list(told(handed_back(result.reconciliation, result.meta["inputs"])))
    for number, (text, is_refused) in enumerate(found):
        (insist if is_refused else say)(text if number else f"\n{text}")


def exit_code(result: Made, strict: bool) -> int:
    """Return 1 where ``--strict`` was given and there is an error among the problems, else 0."""
    return DONE_WITH_ERRORS if strict and (result.issues["level"] != "提示").any() else DONE
