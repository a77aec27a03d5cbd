"""Recognise the columns of a raw table by the vocabulary, and find each one's unit."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.sources import RawTable
from landeval.tidy import values
from landeval.units import factor, looks_like_unit, split_header, unit_in_title, unit_of, without_year
from landeval.vocabulary.fields import alias_index, fields, label, normalise_header

DBF_NAME_BYTES = 10
_SCALED = ("money", "area", "per_mu", "length", "number")
COMPARED = ("money", "area", "per_mu", "length", "number", "share", "date")
COMPARED_CODES = ("parcel_code", "credit_code", "industry_code", "supervision_no", "contract_no")
COMPARED_TABLES = ("parcels", "contracts", "enterprises", "buildings", "projects")
NO_FIELD = frozenset(
    {"序号", "FID", "OID", "OBJECTID", "ID", "SHAPE", "SHAPEAREA", "SHAPELENG", "SHAPELENGTH"}
)
"""Headers of running numbers and of what GIS programs add: left out without a word."""


@dataclass(frozen=True)
class Column:
    """A recognised column: where it stands, what it is, what one of its units is worth, which others say the same."""

    field: str
    position: int
    header: str
    unit: str
    scale: Fraction
    beside: tuple[Column, ...] = ()


def recognise(raw: RawTable, currency: str) -> tuple[list[Column], pd.DataFrame]:
    """Map headers to fields: pinned in the project, else exact alias, else a cut alias by unique prefix.

    Parameters
    ----------
    raw : RawTable
    currency : str
        The project's currency.

    Returns
    -------
    list of Column, DataFrame of issues

    Raises
    ------
    InputRefusedError
        A column named in the project does not exist.
    """
    file, layer = raw.source.name, raw.source.layer or raw.layer
    problems: list[pd.DataFrame] = []
    chosen = _pinned(raw)
    known = alias_index(raw.source.table)
    several = of_several_years(raw)
    beside: dict[str, list[int]] = {}
    sure = _surely_named(raw, known, several, currency)
    for position, header in enumerate(raw.headers):
        if not header or position in chosen.values() or normalise_header(header) in NO_FIELD:
            continue
        name, is_guess = _named(header, known, "geometry" in raw.frame)
        why = (
            _nearest(header, known, "geometry" in raw.frame)
            if name is None
            else _unfit(header, name, raw, currency)
        )
        if name in several and without_year(header)[1]:
            why = f"{header}（同一项有几个年度的列，请指定一列，或每年一表）"
        if name is not None and is_guess and not why:
            problems.append(
                issues.report_file(
                    "E202", file, layer, column=header, detail=f"{header} → {fields()[name].label}"
                )
            )
        if name is None or why:
            problems.append(issues.report_file("E201", file, layer, column=header, detail=why))
        elif name in chosen or (is_guess and name in sure):
            taken = raw.headers[chosen.get(name, sure.get(name, position))]
            if normalise_header(taken) == normalise_header(header):
                _refuse_twins(raw, chosen[name], position)
            fills = not is_guess and name not in raw.source.columns and is_compared(name, raw.source.table)
            if fills:
                beside.setdefault(name, []).append(position)
            detail = f"已采用“{taken}”列" + ("，其没填的行取本列" if fills else "")
            problems.append(issues.report_file("E232", file, layer, column=header, detail=detail))
        else:
            chosen[name] = position
    title_unit = unit_in_title(raw.title)
    columns = []
    for name, position in chosen.items():
        unit, scale, found = _unit(raw, name, position, title_unit, currency)
        problems += found
        others = []
        for at in beside.get(name, ()):
            own, worth, found = _unit(raw, name, at, title_unit, currency, is_beside=True)
            problems += found
            others.append(Column(name, at, raw.headers[at], own, worth))
        columns.append(Column(name, position, raw.headers[position], unit, scale, tuple(others)))
    return columns, issues.gather(problems)


def is_compared(name: str, table: str) -> bool:
    """Tell whether two columns of a field must agree: figures, dates and identifying codes, not words."""
    return table in COMPARED_TABLES and (fields()[name].kind in COMPARED or name in COMPARED_CODES)


def _surely_named(
    raw: RawTable, known: dict[str, str], several: Mapping[str, object], currency: str
) -> dict[str, int]:
    """Find the first column of each field whose header is no guess: it goes before 税收（地方留成）."""
    found: dict[str, int] = {}
    for position, header in enumerate(raw.headers):
        if header and normalise_header(header) not in NO_FIELD:
            name, is_guess = _named(header, known, is_layer=False)
            if name is None or is_guess or (name in several and without_year(header)[1]):
                continue
            if not _unfit(header, name, raw, currency):
                found.setdefault(name, position)
    return found


def _refuse_twins(raw: RawTable, first: int, second: int) -> None:
    """Refuse two columns of one name that say different things: nobody but their author knows which is meant.

    Raises
    ------
    InputRefusedError
    """
    one, two = (raw.frame[f"c{at}"].map(values.text) for at in (first, second))
    differs = one.notna() & two.notna() & (one != two)
    if differs.any():
        at = int(differs.to_numpy().argmax())
        raise InputRefusedError(
            f"有两列都叫“{raw.headers[first]}”，内容不同",
            where=f"{raw.spot}第 {first + 1} 列和第 {second + 1} 列，"
            f"如第 {raw.frame['source_row'].iloc[at]} 行：{one.iloc[at]} 与 {two.iloc[at]}",
            remedy="请把不用的一列删去或改名，再重新运行",
            code="E175",
        )


def _named(header: str, known: dict[str, str], is_layer: bool) -> tuple[str | None, bool]:
    """Return the field a header means, and whether that is a guess worth telling."""
    if name := known.get(normalise_header(header)):
        return name, False
    head, tail = split_header(header)
    if name := known.get(normalise_header(head)):
        is_unit = not tail or any(looks_like_unit(part) for part in (tail, *re.split(r"[,、;\s]+", tail)))
        return name, not is_unit
    plain, year = without_year(header)
    if year and (name := known.get(normalise_header(split_header(plain)[0]))):
        return name, False
    return (_cut_alias(header, known), True) if is_layer else (None, False)


def _unfit(header: str, name: str, raw: RawTable, currency: str) -> str:
    """Say why a column cannot be the field its name says: its unit is of another kind or currency."""
    field = fields()[name]
    if field.kind not in _SCALED or not field.unit or name in raw.source.units:
        return ""
    unit, scale = unit_of(split_header(header)[1], field.kind, currency)
    if not unit and field.kind == "money":
        unit, scale = unit_of(unit_in_title(raw.title), "money", currency)
        unit = unit if unit.endswith("元") else ""
    is_own = field.kind == "number" and unit == field.unit  # tons of what is emitted are no tons of coal
    is_other = unit and scale is None and not is_own
    return f"{header}（单位“{unit}”不能用于“{field.label}”）" if is_other else ""


def fields_by_year(raw: RawTable) -> dict[int, tuple[str, int]]:
    """Return the columns whose header names a field and one year: position → field, year."""
    known = alias_index(raw.source.table)
    found = {}
    for position, header in enumerate(raw.headers):
        plain, year = without_year(header)
        name = known.get(normalise_header(plain)) or known.get(normalise_header(split_header(plain)[0]))
        if year and name and fields()[name].kind in _SCALED:
            found[position] = (name, year)
    return found


def of_several_years(raw: RawTable) -> dict[str, dict[int, str]]:
    """Find fields that stand in several columns, each of another year: field → year → header."""
    found: dict[str, dict[int, str]] = {}
    for position, (name, year) in fields_by_year(raw).items():
        if name not in raw.source.columns:
            found.setdefault(name, {}).setdefault(year, raw.headers[position])
    return {name: by for name, by in found.items() if len(by) > 1}


def _pinned(raw: RawTable) -> dict[str, int]:
    chosen: dict[str, int] = {}
    lookup: dict[str, int] = {}
    for position, header in enumerate(raw.headers):
        lookup.setdefault(normalise_header(header), position)
    for position, header in enumerate(raw.headers):
        lookup.setdefault(normalise_header(split_header(header)[0]), position)
    for name, header in raw.source.columns.items():
        if (key := normalise_header(header)) not in lookup:
            raise InputRefusedError(
                f"没有“{header}”这一列",
                where=raw.spot,
                remedy=f"请改参数表该节的“列名对应：{label(name)}”（landeval.toml 的 [{raw.source.table}.columns] {name}）。"
                f"现有列：{'、'.join(filter(None, raw.headers))}",
                code="E236",
            )
        chosen[name] = lookup[key]
    return chosen


def _cut_alias(header: str, known: dict[str, str]) -> str | None:
    """Recognise a name cut at the 10 bytes of a .dbf, if only one field can be meant."""
    meant = _cut_from(header, known)
    return meant.pop() if len(meant) == 1 else None


def _cut_from(header: str, known: dict[str, str]) -> set[str]:
    """Return the fields of which a header may be the first 10 bytes."""
    if not any(
        DBF_NAME_BYTES - 2 <= len(header.encode(code, "replace")) <= DBF_NAME_BYTES
        for code in ("gbk", "utf-8")
    ):
        return set()
    stem = normalise_header(header)
    return {name for alias, name in known.items() if alias.startswith(stem) and len(stem) >= 3}


def _nearest(header: str, known: dict[str, str], is_layer: bool) -> str:
    if is_layer and (cut := sorted(_cut_from(header, known))):
        stem = normalise_header(header)
        full = sorted(alias for alias in known if alias.startswith(stem))
        labels = "、".join(fields()[name].label for name in cut)
        return f"{header}（像是截断的列名，可能是{' 或 '.join(full[:4])}，即{labels}）"
    near = difflib.get_close_matches(normalise_header(header), known, n=1, cutoff=0.75)
    return f"{header}（与“{fields()[known[near[0]]].label}”相近）" if near else header


def _unit(
    raw: RawTable, name: str, position: int, title_unit: str, currency: str, *, is_beside: bool = False
) -> tuple[str, Fraction, list[pd.DataFrame]]:
    field = fields()[name]
    if field.kind not in _SCALED or not field.unit:
        return "", Fraction(1), []
    file, layer, header = raw.source.name, raw.layer, raw.headers[position]
    written_here = unit_of(split_header(header)[1], field.kind, currency)[1] is not None
    if (pinned := raw.source.units.get(name)) and not (is_beside and written_here):
        worth = factor(pinned, field.kind, currency) or Fraction(1)
        written, other = unit_of(split_header(header)[1], field.kind, currency)
        told = f"表头 {written}，设置 {pinned}"
        differs = other is not None and other != worth
        return (
            pinned,
            worth,
            [issues.report_file("E244", file, layer, column=header, detail=told)] if differs else [],
        )
    if normalise_header(header) == normalise_header(name):  # a field's own name has its unit in it
        return field.unit, Fraction(1), []
    for text, place in ((split_header(header)[1], "表头"), (title_unit, "标题")):
        unit, scale = unit_of(text, field.kind, currency)
        if scale is not None:
            note = issues.report_file("E207", file, layer, column=header, detail=f"{place}写明 {unit}")
            return unit, scale, [note] if place == "标题" else []
    code = {"money": "E208", "per_mu": "E208", "area": "E233"}.get(field.kind)
    unit = field.unit.replace("元", currency) if currency != "元" else field.unit
    problems = [issues.report_file(code, file, layer, column=header, detail=f"按 {unit}")] if code else []
    return unit, Fraction(1), problems
