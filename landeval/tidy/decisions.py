"""Who owns which land, as a person decided: the filled-in review workbook, the remembered decisions, a crosswalk.

A row names a parcel and an enterprise and says 确认, 否决 or 待定; a table without that column is a crosswalk, each
row of it a confirmation. Rows left blank decide nothing.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import pandas as pd

from landeval import issues
from landeval.project import Project
from landeval.result import CONFIRMED, POSTPONED, REJECTED
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.tidy.codes import clean_code, name_key
from landeval.tidy.table import Typed, typed
from landeval.tidy.values import without_guards

WORDS = {
    **dict.fromkeys(("确认", "是", "√", "✓", "Y", "YES", "同意", "属实", "1"), CONFIRMED),
    **dict.fromkeys(("否决", "否", "×", "✗", "X", "N", "NO", "不是", "不同意", "0"), REJECTED),
    **dict.fromkeys(("待定", "?", "待核", "待核实", "待查"), POSTPONED),
}
HOW_WRITTEN = "：分摊比例须在 0 至 100% 之间，日期写成 2024-12-31"
UNSIGNED = "未署名"
_WRITTEN = ("decided_parcel", "decided_holder", "decided_name", "decided_by", "decision_reason")
COLUMNS = (
    "decided_parcel", "parcel_key", "decided_holder", "decided_name", "name_key", "decided_code", "decision",
    "decided_share", "decided_by", "decided_on", "decision_reason", "decision_rank", "is_review", *SOURCE_COLUMNS,
)  # fmt: skip


class Decisions(NamedTuple):
    """``frame``: one row a pair that somebody decided; ``states``: what became of every row given."""

    frame: pd.DataFrame
    tables: list[Typed]
    issues: list[pd.DataFrame]
    states: pd.DataFrame


def tidy_decisions(raws: list[RawTable], project: Project) -> Decisions:
    """Read decisions; of several on one pair the newest holds.

    One without a date is of today; of one date the one given last holds. A crosswalk gives way to any decision.

    Parameters
    ----------
    raws : list of RawTable
        The remembered decisions first, then review files in the order given.
    project : Project

    Returns
    -------
    Decisions
        ``frame`` has ``COLUMNS``: ``parcel_key`` and ``name_key`` normalised, ``decision`` one of 确认, 否决, 待定,
        ``decided_share`` a share of the parcel (NaN where none is said), ``decision_rank`` higher for a newer one.
    """
    if not raws:
        return no_decisions()
    tables = [typed(raw, project.currency, project.county_code) for raw in raws]
    reviews = {raw.source.name for raw, table in zip(raws, tables, strict=True) if _has(table, "decision")}
    parts = []
    for number, (raw, table) in enumerate(zip(raws, tables, strict=True)):
        is_review = _has(table, "decision")
        rows = table.frame.assign(given=number, is_review=is_review, unread=_unread(table))
        if not is_review:  # the other sheets of a review workbook are none, nor is a list of one side only
            both = _has(table, "decided_parcel") and _has(table, "decided_name", "decided_code")
            rows = rows.assign(decision=CONFIRMED if both and raw.source.name not in reviews else None)
        parts.append(rows)
    rows = pd.concat(parts, ignore_index=True)
    rows = without_guards(rows, _WRITTEN)
    rows["parcel_key"] = rows["decided_parcel"].map(lambda text: clean_code(text) if text else "")
    rows["name_key"] = rows["decided_name"].map(name_key)
    word = rows["decision"].map(_word)
    known = rows["decision"].notna()
    why = pd.Series("", index=rows.index, dtype="object")
    why = why.mask(known & word.isna(), "决定一栏只能写 确认、否决 或 待定")
    why = why.mask(known & word.notna() & (rows["parcel_key"] == ""), "没有写明宗地")
    nobody = (rows["name_key"] == "") & rows["decided_code"].isna()
    why = why.mask(known & word.notna() & (why == "") & nobody, "没有写明企业名称或信用代码")
    why = why.mask(known & (why == "") & rows["unread"].ne(""), "看不懂" + rows["unread"] + HOW_WRITTEN)
    unsigned = rows["is_review"] & rows["decided_by"].isna()
    why = why.mask(known & (why == "") & unsigned, "没有写明决定人")
    pair = ["parcel_key", "decided_code", "name_key"]
    said_once = rows.assign(word=word)[known & (why == "")].groupby(
        [*pair, "given", "decided_on"], dropna=False
    )
    why = why.mask(
        said_once["word"].transform("nunique").reindex(rows.index) > 1, "同一份表中对这一对有不同的决定"
    )
    place = list(SOURCE_COLUMNS)
    refused = why != ""
    problems = [
        issues.report(
            "E331",
            rows.loc[refused, place],
            raw=rows.loc[refused, "decision"].fillna(""),
            detail=why[refused],
            key=rows.loc[refused, "parcel_key"],
        )
    ]
    taken = rows[known & ~refused].assign(decision=word[known & ~refused])
    taken["decided_by"] = taken["decided_by"].fillna(UNSIGNED)
    taken = taken.sort_values(["is_review", "decided_on", "given", *place], kind="stable")
    taken["decision_rank"] = range(len(taken))
    older = taken.duplicated(pair, keep="last")
    state = pd.Series("未填决定", index=rows.index, dtype="object")
    state[taken.index] = "采用"
    state[taken.index[older]] = "已有更新的决定"
    state[refused] = "未采用"
    states = rows[place].assign(
        record_key=rows["parcel_key"],
        record_state=state,
        destination=(rows["decided_name"].fillna("") + " " + word.fillna("").astype(str))
        .str.strip()
        .where(~refused, why),
        amounts="",
    )
    own = [table.issues[table.issues["level"] != issues.NOTICE] for table in tables]
    frame = taken[~older].sort_values(["parcel_key", "decided_code", "name_key"])[list(COLUMNS)]
    return Decisions(frame.reset_index(drop=True), tables, [*own, *problems], states)


def _unread(table: Typed) -> pd.Series:
    """Name for each row the columns of a decision that are filled in, but not as a share or a day that could be."""
    places = list(zip(table.frame["source_layer"], table.frame["source_row"], strict=True))
    named = pd.Series("", index=table.frame.index, dtype="object")
    heads = table.columns[table.columns["field"].isin(("decided_share", "decided_on"))]
    placed = table.issues[table.issues["source_row"].notna()]
    told = placed[(placed["level"] != issues.NOTICE) & placed["column"].isin(heads["header"])]
    for layer, row, column, raw in zip(
        *(told[name] for name in ("source_layer", "source_row", "column", "raw_value")), strict=True
    ):
        at = places.index((layer, row))
        named.iloc[at] += f"“{column}”（{raw}）"
    return named


def _has(table: Typed, *fields: str) -> bool:
    return bool(table.columns["field"].isin(fields).any())


def no_decisions() -> Decisions:
    """Return what a run without decisions has."""
    frame = pd.DataFrame({name: pd.Series(dtype="object") for name in COLUMNS})
    frame = frame.astype(
        {
            "decided_share": "float64",
            "decision_rank": "int64",
            "is_review": "bool",
            "decided_on": "datetime64[s]",
        }
    )
    states = pd.DataFrame(
        columns=[*SOURCE_COLUMNS, "record_key", "record_state", "destination", "amounts"], dtype="object"
    )
    return Decisions(frame, [], [], states)


def _word(text: object) -> str | None:
    if not isinstance(text, str):
        return None
    return WORDS.get(unicodedata.normalize("NFKC", text).strip().upper())
