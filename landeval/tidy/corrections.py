"""Corrections that the offices hand back: a cell is replaced before it is read, and each one is accounted for.

A correction names its cell by file and row (as ``数据问题.xlsx`` does) or by a key (宗地代码, 信用代码, 企业名称), and
by column. It is taken only with who and why, only where the cell still holds what was corrected, and only where
it means one cell; everything else is told, and the table's own value stands.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from landeval import issues
from landeval.project import Project
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.tidy import values
from landeval.tidy.codes import clean_code, name_key
from landeval.tidy.columns import of_several_years, recognise
from landeval.tidy.table import Typed, typed
from landeval.vocabulary.fields import alias_index, fields, fields_of, normalise_header

IDENTITY = (
    "parcel_code", "supervision_no", "contract_no", "certificate_no", "credit_code", "name", "holder_name",
    "zone_code", "building_no", "plot_code", "plot_name", "actual_name",
)  # fmt: skip
PLACE = list(SOURCE_COLUMNS)
ADDED = "；原表没有这一列，另加了一列"
_LONG = re.compile(r"-?\d+\.\d{13,}")
"""More decimals than anybody wrote."""


class Corrected(NamedTuple):
    """The tables with their corrections in, and what became of each correction."""

    raws: list[RawTable]
    tables: list[Typed]
    issues: list[pd.DataFrame]
    states: pd.DataFrame


class _NotApplied(Exception):
    """Why a correction cannot be taken."""


@dataclass(frozen=True)
class _Cell:
    """One cell of one table: the table's number, the row's position, the header and position of its column."""

    table: int
    row: int
    header: str
    position: int


class _Table:
    """What is asked of a raw table: its rows by place and by key, its columns by name."""

    def __init__(self, raw: RawTable, currency: str) -> None:
        columns, _ = recognise(raw, currency)
        self.raw = raw
        self.layer = raw.layer
        self.row_at = {int(number): at for at, number in enumerate(raw.frame["source_row"])}
        self.position_of = {column.field: column.position for column in columns}
        self.scale_of = {column.field: column.scale for column in columns}
        self.years_of = of_several_years(raw)
        self.keys: dict[str, set[int]] = defaultdict(set)
        for field in IDENTITY:
            if (position := self.position_of.get(field)) is None:
                continue
            for at, cell in enumerate(raw.frame[f"c{position}"]):
                if text := values.text(cell):
                    for key in _keys(text):
                        self.keys[key].add(at)

    def column(self, name: str) -> tuple[str, int, Fraction] | None:
        """Return header and position of a column, by its header or by what a field is called; -1: to be added.

        Last, what one unit of the column is worth in the unit that the name itself says (合同面积(㎡) of a column in 亩).
        """
        wanted = normalise_header(name)
        for position, header in enumerate(self.raw.headers):
            if header and normalise_header(header) == wanted:
                return header, position, Fraction(1)
        field = alias_index(self.raw.source.table).get(wanted)
        if field is None:
            return None
        if field in self.years_of:
            headers = "、".join(self.years_of[field].values())
            raise _NotApplied(f"“{name}”有几个年度的列（{headers}），请在“列”一栏写明是哪一列")
        if (at := self.position_of.get(field)) is not None:
            is_label = normalise_header(fields()[field].label) == wanted
            return self.raw.headers[at], at, self.scale_of[field] if is_label else Fraction(1)
        known = fields()[field] in fields_of(self.raw.source.table)
        return (fields()[field].label, -1, Fraction(1)) if known else None


def correct(raws: list[RawTable], given: list[RawTable], project: Project) -> Corrected:
    """Put corrections into the tables they speak of.

    Parameters
    ----------
    raws : list of RawTable
        Every table of the run, values as written.
    given : list of RawTable
        Correction files: the filled-in ``数据问题.xlsx``, or a table with 来源文件/行号 or 记录标识, 列, 更正值, 更正人,
        更正依据.
    project : Project

    Returns
    -------
    Corrected
        ``raws`` in the same order; issues E246 (taken), E249 (the value stands, confirmed) and E247 (not taken, and
        why); a state for each row of the correction files.
    """
    tables = [typed(raw, project.currency, project.county_code) for raw in given]
    rows = pd.concat([table.frame for table in tables], ignore_index=True)
    known = [_Table(raw, project.currency) for raw in raws]
    outcome = pd.Series("未填更正值", index=rows.index, dtype="object")
    cells: dict[_Cell, list[int]] = defaultdict(list)
    written: dict[int, str] = {}
    confirms: set[int] = set()
    records = rows.astype("object").where(rows.notna(), None).to_dict("records")  # an absent column says None
    for at, row in enumerate(records):
        if row["new_value"] is None:
            continue
        try:
            cell, written[at], is_confirmed = _meant(row, known)
            cells[cell].append(at)
            confirms |= {at} if is_confirmed else set()
        except _NotApplied as why:
            outcome[at] = str(why)
    taken: dict[int, list[tuple[_Cell, int]]] = defaultdict(list)
    confirmed: dict[int, list[tuple[_Cell, int]]] = defaultdict(list)
    for cell, ats in cells.items():
        if len({written[at] for at in ats}) > 1:
            outcome[ats] = "同一处有几个不同的更正值"
        else:
            (confirmed if ats[0] in confirms else taken)[cell.table].append((cell, ats[0]))
            outcome[ats] = ""
    corrected, notes = [], []
    for number, raw in enumerate(raws):
        notes.append(_confirmed(raw, confirmed.get(number, []), records))
        raw, noted = _replaced(raw, taken.get(number, []), records, written)
        corrected.append(raw)
        notes.append(noted)
    refused = (outcome != "") & rows["new_value"].notna()
    notes.append(
        issues.report("E247", rows.loc[refused, PLACE], column=rows.loc[refused, "in_column"].fillna(""),
                      used="未采用", raw=rows.loc[refused, "new_value"], detail=outcome[refused],
                      key=rows.loc[refused, "correction_key"].fillna(""))
    )  # fmt: skip
    state = outcome.map({"": "采用", "未填更正值": "未填更正值"}).fillna("未采用")
    states = rows[PLACE].assign(
        record_key=rows["correction_key"].fillna(""),
        record_state=state,
        destination=rows["in_file"].fillna("").where(state == "采用", outcome),
        amounts="",
    )
    own = [table.issues[table.issues["level"] != issues.NOTICE] for table in tables]
    return Corrected(corrected, tables, [*own, *notes], states)


def no_corrections() -> Corrected:
    """Return what a run without a correction file has."""
    states = pd.DataFrame(
        columns=[*PLACE, "record_key", "record_state", "destination", "amounts"], dtype="object"
    )
    return Corrected([], [], [], states)


def _keys(text: str) -> set[str]:
    return {clean_code(text), name_key(text)} - {""}


def _meant(row: dict[Any, Any], known: list[_Table]) -> tuple[_Cell, str, bool]:
    """Find the one cell that a correction speaks of, still holding what was corrected, and what to write there.

    Last, whether that is what stands there already: then the correction confirms it.
    """
    if not row["corrected_by"] or not row["correction_reason"]:
        raise _NotApplied("没有写明更正人或更正依据")
    if not row["in_column"]:
        raise _NotApplied("没有写明更正哪一列，请在“列”一栏填上表中的列名（空着的可以填）")
    places = _rows_meant(row, known)
    if not places:
        raise _NotApplied("找不到所指的记录，请核对来源文件、行号或记录标识（宗地代码、信用代码、企业名称）")
    found = [
        (number, at, column)
        for number, at in places
        if (column := known[number].column(str(row["in_column"]))) is not None
    ]
    written = [place for place in found if place[2][1] >= 0]
    found = written or found
    if not found:
        raise _NotApplied(f"没有“{row['in_column']}”这一列")
    if len(found) > 1:
        spots = "、".join(
            f"{known[number].raw.source.name} 第 {known[number].raw.frame['source_row'].iloc[at]} 行"
            for number, at, _ in found[:4]
        )
        raise _NotApplied(f"对应到 {len(found)} 处（{spots}），请写明来源文件和行号")
    number, at, (header, position, scale) = found[0]
    cell, new = _Cell(number, at, header, position), _in_unit(str(row["new_value"]), scale)
    if position < 0:
        if row["expected_value"]:
            raise _NotApplied("原表没有这一列，却写有原值")
        return cell, new, False
    before, now = row["expected_value"], known[number].raw.frame[f"c{position}"].iloc[at]
    standing = values.text(now) or ""
    is_held = not before or before in (standing, str(now)) or _is_same(before, now, scale)
    if standing and (standing == new or _is_same(new, now, Fraction(1))):
        if is_held:
            return cell, standing, True
        raise _NotApplied("原表已是该值，不需更正")
    if not is_held:
        raise _NotApplied(f"原值现为“{standing or '空'}”，与更正表所写“{before}”不同")
    return cell, new, False


def _rows_meant(row: dict[Any, Any], known: list[_Table]) -> list[tuple[int, int]]:
    """Return table and position of the rows that a correction names by place or by key."""
    key = str(row["correction_key"] or "").removeprefix("名称:").split("#")[0]
    wanted = _keys(key)
    found: list[tuple[int, int]] = []
    for number, table in enumerate(known):
        if row["in_file"] and table.raw.source.name != row["in_file"]:
            continue
        if row["in_layer"] and table.layer != row["in_layer"]:
            continue
        by_key = set().union(*(table.keys.get(part, set()) for part in wanted)) if wanted else set()
        if row["in_row"] is None or math.isnan(row["in_row"]):
            found += [(number, at) for at in sorted(by_key)]
        elif row["in_file"] and (at := table.row_at.get(int(row["in_row"]))) is not None:
            if by_key and at not in by_key:
                raise _NotApplied(f"该行已不是 {key}，资料可能已重新排序")
            found.append((number, at))
    return found


def _in_unit(text: str, scale: Fraction) -> str:
    """Return a plain number in the unit of its column; anything else, and a number with a unit of its own, as it is."""
    try:
        figure, unit, _ = values.number(text)
    except values.NotUnderstoodError:
        return text
    return (
        text
        if scale == 1 or figure is None or unit is not None
        else repr(float(Fraction(repr(figure)) / scale))
    )


def _is_same(text: str, cell: Any, scale: Fraction) -> bool:
    """Tell whether a cell holds what is written of it: the number, here or in the column's unit, or the day."""
    try:
        said, there = values.number(text)[0], values.number(cell)[0]
    except values.NotUnderstoodError:
        try:
            return values.date(text) is not None and values.date(text) == values.date(cell)
        except values.NotUnderstoodError:
            return False
    if said is None or there is None:
        return said == there
    return said == there or math.isclose(said, there * scale, rel_tol=1e-9)


def _confirmed(raw: RawTable, stated: list[tuple[_Cell, int]], records: list[dict[Any, Any]]) -> pd.DataFrame:
    """Tell each cell whose value was confirmed as it stands, and by whom."""
    if not stated:
        return issues.empty()
    cells = [cell for cell, _ in stated]
    rows = raw.frame[PLACE].iloc[[cell.row for cell in cells]]
    return issues.report(
        "E249", rows, column=[cell.header for cell in cells],
        raw=[_as_shown(raw.frame[f"c{cell.position}"].iloc[cell.row]) for cell in cells],
        detail=pd.Series([_said(records[at]) for _, at in stated], index=rows.index, dtype="object"),
        key=[records[at]["correction_key"] or "" for _, at in stated],
    )  # fmt: skip


def _as_shown(cell: Any) -> str:
    """Write a cell as programs show it: a number to the 15 digits that a double holds, though a dBASE file has more.

    Examples
    --------
    >>> _as_shown("14124.569999999999709631"), _as_shown("0012"), _as_shown(None)
    ('14124.57', '0012', '')
    """
    text = values.text(cell) or ""
    return f"{float(text):.15g}" if _LONG.fullmatch(text.strip()) else text


def _said(record: dict[Any, Any]) -> str:
    """Say who corrected, on what ground, and where it is written."""
    sheet = f"［{record['source_layer']}］" if record["source_layer"] else " "
    place = f"{record['source_file']}{sheet}第 {record['source_row']} 行"
    return f"{record['corrected_by']}，{record['correction_reason']}（{place}）"


def _replaced(
    raw: RawTable, taken: list[tuple[_Cell, int]], records: list[dict[Any, Any]], written: dict[int, str]
) -> tuple[RawTable, pd.DataFrame]:
    """Write corrected cells into a copy of a table, and tell each one at its place."""
    if not taken:
        return raw, issues.empty()
    frame, headers = raw.frame.copy(), list(raw.headers)
    told: list[dict[Any, Any]] = []
    for cell, at in taken:
        if cell.position >= 0:
            position = cell.position
        elif cell.header in headers:
            position = headers.index(cell.header)
        else:
            position = len(headers)
            headers.append(cell.header)
            frame.insert(position, f"c{position}", pd.Series(None, index=frame.index, dtype="object"))
        name = f"c{position}"
        old = frame[name].iloc[cell.row]
        said = records[at]
        column = frame[name].to_numpy(copy=True)
        column[cell.row] = written[at]
        frame[name] = pd.Series(
            column, index=frame.index, dtype="object"
        )  # as read: never taken for text alone
        told.append(
            {
                **frame[PLACE].iloc[cell.row].to_dict(),
                "column": cell.header,
                "raw": _as_shown(old),
                "used": written[at],
                "detail": _said(said) + ("" if cell.position >= 0 else ADDED),
                "key": said["correction_key"] or "",
            }
        )
    table = pd.DataFrame(told)
    note = issues.report(
        "E246", table[PLACE], column=table["column"], raw=table["raw"], used=table["used"], detail=table["detail"],
        key=table["key"],
    )  # fmt: skip
    return replace(raw, frame=frame, headers=tuple(headers)), note
