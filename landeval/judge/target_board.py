"""The board: every target of the plan with base, path, latest value, state, what is missing and who is asked."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from landeval import issues
from landeval.judge.target_line import Line, Series
from landeval.sources import SOURCE_COLUMNS
from landeval.standards import targets as plan
from landeval.standards.rule import BASES, shown
from landeval.standards.targets import TRACKED, Book, Target
from landeval.vocabulary.fields import label

APART = 0.1
"""From which relative difference the table's actual and the run's own figure are told to differ."""
_CASED = ("target_stated", "target_value", "base_value", "latest_value", "path_value", "gap_value", "gap_percent",
          "growth_percent", "needed_rate", "own_value")  # fmt: skip
_YEARS = ("target_id", "target_label", "target_object", "measure_unit", "year", "required_value", "year_value",
          "year_added", "gap_value", "gap_percent", "evidence")  # fmt: skip


class Progress(NamedTuple):
    """``targets``: one row a target and object; ``years``: one row a target, object and year."""

    targets: pd.DataFrame
    years: pd.DataFrame
    issues: pd.DataFrame


def progress(
    book: Book, actuals: pd.DataFrame, own: pd.DataFrame, base_year: int | None, as_of: dt.date
) -> Progress:
    """Hold every target against the actuals.

    A target has a line for the object that the plan means, and one for each other object that its text allows and
    the table has figures of. The run's own figures stand beside and are never taken for an actual.

    Parameters
    ----------
    book : Book
        The plan's targets.
    actuals : DataFrame
        ``quantity``, ``target_object``, ``year``, ``value`` (in the quantity's unit), ``done_on``, ``note``, source
        columns; one row a quantity, object and year, all of years that have ended by ``as_of``.
    own : DataFrame
        ``own``, ``target_object``, ``year``, ``value``, ``unit``, ``covers``: what the run itself knows.
    base_year : int or None
        None: the book's, which is a proposal and is told to be one.
    as_of : date

    Returns
    -------
    Progress

    Notes
    -----
    洞政办发〔2021〕60号 三-1, 三-2, 四. Formulas in docs/目标进度.md.
    """
    series = dict(iter(actuals.groupby(["quantity", "target_object"]))) if len(actuals) else {}
    lines, years, problems = [], [], []
    nothing = actuals.head(0)
    for target in book.targets:
        name = target.quantity.name + (f":{target.label}" if target.kind == TRACKED else "")
        for at, whose in enumerate(target.objects):
            rows = series.get((name, whose), nothing)
            if at and (rows.empty or rows["value"].isna().all()):
                continue
            line = Line(target, _series(rows), base_year or book.base_year, as_of)
            mine = own[(own["own"] == target.quantity.own) & (own["target_object"] == whose)].head(1)
            places = _places(rows)
            lines.append(_row(line, whose, book, places, mine, base_year is None))
            years += [
                {"target_id": target.target_id, "target_label": target.label, "target_object": whose,
                 "measure_unit": _unit(target), "evidence": places.get(row["year"], ""), **row}
                for row in line.as_years()
            ]  # fmt: skip
            problems.append(_apart(target, whose, rows, mine))
    frame = pd.DataFrame(lines)
    frame[list(_CASED)] = frame[list(_CASED)].astype("float64")
    by_year = pd.DataFrame(years, columns=list(_YEARS))
    return Progress(frame, by_year, issues.gather(problems).drop_duplicates())


def _series(rows: pd.DataFrame) -> Series:
    if rows.empty:
        return Series({}, {}, {})
    known = rows[rows["value"].notna()]
    dated, noted = rows[rows["done_on"].notna()], rows[rows["note"].notna()]
    return Series(
        values=dict(zip(known["year"].astype(int), known["value"].astype(float), strict=True)),
        days={
            int(year): pd.Timestamp(day).date()
            for year, day in zip(dated["year"], dated["done_on"], strict=True)
        },
        notes=dict(zip(noted["year"].astype(int), noted["note"].astype(str), strict=True)),
    )


def _unit(target: Target) -> str:
    if target.kind in (plan.TRACKED, plan.DONE_BY):
        return ""
    return f"{target.quantity.unit}/年" if target.kind == plan.AVERAGE else target.quantity.unit


def _row(
    line: Line, whose: str, book: Book, places: Mapping[int, str], own: pd.DataFrame, base_is_proposed: bool
) -> dict[str, Any]:
    target, year = line.target, line.latest
    state, why = line.state()
    rate, rate_unit = line.needed()
    path = math.nan if year is None else line.at(line.required, year)
    gap = math.nan if year is None else line.gap(year)
    lacking = spans(line.lacking())
    asked = f"{target.quantity.label} {lacking} 年（{target.quantity.office}）" if lacking else ""
    unit = _unit(target)
    worth = target.quantity.scale(str(own["unit"].iloc[0])) if len(own) else None
    return {
        "target_id": target.target_id,
        "clause": target.clause,
        "target_label": target.label,
        "target_object": whose,
        "target_kind": plan.KINDS[target.kind],
        "operator": target.operator,
        "target_stated": math.nan if target.value is None else float(target.value),
        "target_stated_unit": target.stated_unit,
        "target_year": target.year,
        "target_value": line.value,
        "measure_unit": unit,
        "base_year": line.base_year,
        "base_value": line.base if target.kind not in plan.SUMMED else math.nan,
        "latest_year": math.nan if year is None else year,
        "latest_value": math.nan if year is None else line.at(line.actual, year),
        "path_value": path,
        "gap_value": gap,
        "gap_percent": gap / path * 100 if path else math.nan,
        "growth_percent": line.growth(),
        "needed_rate": rate,
        "needed_unit": rate_unit,
        "target_state": state,
        "target_why": why,
        "missing": asked,
        "own_value": math.nan if worth is None else float(own["value"].iloc[0] * worth),
        "own_covers": str(own["covers"].iloc[0]) if len(own) else "",
        "offices": "、".join(target.offices),
        "offices_note": target.offices_note,
        "document": book.document,
        "quote": target.quote,
        "reading": _reading(target, whose),
        "basis": _basis(line, book, base_is_proposed),
        "evidence": _evidence(line, places),
    }


def spans(years: Sequence[int]) -> str:
    """Write years, those in a row as one span.

    Examples
    --------
    >>> spans((2020,)), spans((2021, 2022, 2023, 2024)), spans((2020, 2023, 2024))
    ('2020', '2021—2024', '2020、2023—2024')
    """
    parts: list[list[int]] = []
    for year in years:
        if parts and year == parts[-1][-1] + 1:
            parts[-1].append(year)
        else:
            parts.append([year])
    return "、".join(f"{part[0]}—{part[-1]}" if len(part) > 1 else str(part[0]) for part in parts)


def _basis(line: Line, book: Book, base_is_proposed: bool) -> str:
    """Say how sure the target is: the plan's text, and which of base year and term are a proposal."""
    kind = line.target.kind
    based = kind in (plan.GROWTH, plan.REDUCTION, *plan.SUMMED) or line.shape in (plan.COMPOUND, plan.LINEAR)
    parts = [BASES[book.basis]]
    parts += ["基期是建议"] if based and base_is_proposed else []
    parts += ["期限是建议"] if line.target.year_basis == "proposal" else []
    return "；".join(parts)


def _reading(target: Target, whose: str) -> str:
    asked = "" if target.value is None else f"{target.operator} {shown(target.value)} {target.stated_unit}"
    other = f"本行是{whose}的数" if whose != target.objects[0] else ""
    return "；".join(part for part in (other, asked, target.reading) if part)


def _evidence(line: Line, places: Mapping[int, str]) -> str:
    """Return where the figures stand that the state rests on: base and latest, or all that is said of a task."""
    if line.target.kind in (plan.DONE_BY, plan.TRACKED):
        return "；".join(places.values())
    if line.latest is None:
        return ""
    years = (
        range(line.base_year + 1, line.latest + 1)
        if line.target.kind in plan.SUMMED
        else (line.base_year, line.latest)
    )
    return "；".join(places[year] for year in years if year in places)


def _places(rows: pd.DataFrame) -> dict[int, str]:
    """Return by year where its value was written."""
    written = zip(*(rows[name] for name in ("year", *SOURCE_COLUMNS)), strict=True)
    return {
        int(year): f"{file}{f'［{layer}］' if layer else ''}第 {int(row)} 行"
        for year, file, layer, row in written
    }


def _apart(target: Target, whose: str, rows: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Tell where the table's actual and the run's own figure of the same year differ."""
    if not len(own):
        return issues.empty()
    worth = target.quantity.scale(str(own["unit"].iloc[0]))
    same = rows[(rows["year"] == own["year"].iloc[0]) & rows["value"].notna()]
    if worth is None or not len(same):
        return issues.empty()
    figure = float(own["value"].iloc[0] * worth)
    far = same[(same["value"] - figure).abs() > APART * same["value"].abs()]
    unit = target.quantity.unit
    stated = far["value"].map("{:.6g}".format).astype("object") + f" {unit}"
    what = f"{whose} {target.quantity.label} " + stated + f"，本次测算 {figure:.4g} {unit}"
    return issues.report(
        "E529", far[list(SOURCE_COLUMNS)], column=label("actual_value"), raw=far["written"].fillna(""),
        used=stated, detail=what,
        key=target.quantity.label,
    )  # fmt: skip
