"""What became of what people handed back: corrections, decisions on pairs, notes of a review; and what a later run left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

REFUSALS = ("E247", "E331", "E680", "E681", "E685")
"""What is told of a row that was filled in and not taken."""


@dataclass(frozen=True)
class _Kind:
    """How one kind is spoken of: as in ``reconciliation``, in a sentence, its cell, its option, where refusals stand."""

    name: str
    what: str
    cell: str
    option: str
    where: str
    lost: str


_KINDS = (
    _Kind("更正", "更正", "更正值", "--corrections", "数据问题.xlsx 的“更正情况”表（E247）",
          "原始资料没有改过的，数字已退回更正前"),
    _Kind("匹配决定", "匹配决定", "决定", "--review", "数据问题.xlsx 中代码 E331 的行",
          "这些企业与宗地的匹配、金额已退回决定前"),
    _Kind("审核记录", "审核内容", "审核内容", "--review", "数据问题.xlsx 中代码 E680、E681、E685 的行",
          "清单中不再有这些内容（结论不受影响）"),
)  # fmt: skip


@dataclass(frozen=True)
class HandedBack:
    """One file handed back: its rows that were taken, those that were not, and those that only repeat what is known."""

    kind: str
    file: str
    taken: int
    refused: int
    known: int


def handed_back(reconciliation: pd.DataFrame, inputs: Sequence[Mapping[str, Any]]) -> list[HandedBack]:
    """Count the rows of every file handed back; one without rows counts nothing, and is named all the same.

    Parameters
    ----------
    reconciliation : DataFrame
        As in ``Result``.
    inputs : sequence of mapping
        ``Result.meta["inputs"]``: ``table`` and ``file``.
    """
    tables = {"corrections": "更正", "decisions": "匹配决定", "reviews": "审核记录"}
    given = dict.fromkeys((tables[one["table"]], one["file"]) for one in inputs if one.get("table") in tables)
    found = []
    for kind, file in given:
        rows = reconciliation[
            (reconciliation["table_kind"] == kind) & (reconciliation["source_file"] == file)
        ]
        state = rows["record_state"]
        refused = rows["issue_codes"].str.contains("|".join(REFUSALS)) | state.str.contains("未采用")
        taken = state.isin(("采用", "采用有提示")) & ~refused
        known = state.isin(("已记住", "与已有记录相同", "已有更新的决定")) & ~refused
        found.append(HandedBack(kind, file, *(int(one.sum()) for one in (taken, refused, known))))
    return found


def told(files: Sequence[HandedBack]) -> Iterator[tuple[str, bool]]:
    """Yield what became of each kind in a sentence, and whether something was refused."""
    for kind in _KINDS:
        mine = [one for one in files if one.kind == kind.name]
        taken, refused, known = (
            sum(getattr(one, name) for one in mine) for name in ("taken", "refused", "known")
        )
        if refused:
            yield f"{kind.what}：采用 {taken} 条，未采用 {refused} 条，为什么见成果中 {kind.where}。", True
        elif taken:
            yield f"{kind.what}：采用 {taken} 条，未采用 0 条。", False
        elif mine and not known:
            yield f"{kind.what}：{'、'.join(one.file for one in mine)} 中没有一行填了{kind.cell}。", False


def left_out(before: Mapping[str, Any], now: Sequence[HandedBack]) -> Iterator[str]:
    """Tell what the former run of this folder had taken and this run was not given: its numbers are back again.

    Parameters
    ----------
    before : mapping
        The ``run.json`` that stands there; empty where there is none.
    now : sequence of HandedBack
    """
    for kind in _KINDS:
        then = [one for one in before.get("handed_back", ()) if one["kind"] == kind.name and one["taken"]]
        mine = [one for one in now if one.kind == kind.name]
        missing = [one for one in then if one["file"] not in {other.file for other in mine}]
        is_kept = kind.name != "更正" and sum(one.taken + one.known for one in mine) >= sum(
            one["taken"] for one in then
        )  # what was decided is remembered in a file of its own
        if missing and not is_kept:
            which = "、".join(f"{one['file']}（{one['taken']} 条）" for one in missing)
            this = f"这个文件（给的是 {'、'.join(one.file for one in mine)}）" if mine else f" {kind.option}"
            yield f"上次运行采用了{kind.what} {which}，本次没有给{this}：{kind.lost}。"
