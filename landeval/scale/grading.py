"""Grades over all units, or those of each unit side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from landeval import issues
from landeval.judge.grades import Grades, grade
from landeval.province import IN_PROVINCE, IN_UNIT, Plan
from landeval.read.part import read_frame
from landeval.settings.load import load_project

UNIT = "unit_name"
_BY = "/"


def graded_together(
    plan: Plan, parts: Mapping[str, Path], records: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the tables of grades by name, and under ``issues`` what grading over all units reported.

    An enterprise of two units stands with each, under its own id there: nobody knows whether two tables tell of
    the same money or of two parts of it (E741, E742).
    """
    if all(record["scheme"] is None for record in records.values()):
        return {}
    if plan.scope == IN_UNIT:
        return {name: _beside(parts, name) for name in ("grades", "grade_items")}
    assert plan.scope == IN_PROVINCE
    graded = over_all(plan, parts, records)
    return {
        "grades": _split(graded.grades),
        "grade_items": _split(graded.items),
        "issues": [_of_units(graded.issues)],
    }


def over_all(plan: Plan, parts: Mapping[str, Path], records: Mapping[str, Mapping[str, Any]]) -> Grades:
    """Grade the enterprises of all units as one list: places, means and quotas are the province's."""
    unit = next(one for one in plan.units if one.name in parts)
    scheme = load_project(unit.settings, common=plan.common).grading
    assert scheme is not None
    as_of = dt.date.fromisoformat(records[unit.name]["as_of"])
    figures, last = (
        pd.concat([_keyed(folder, f"grading_{frame}", name) for name, folder in parts.items()])
        for frame in ("figures", "last")
    )
    return grade(scheme, figures, last, as_of)


def _keyed(folder: Path, frame: str, unit: str) -> pd.DataFrame:
    rows = read_frame(folder, frame)
    rows = rows.assign(source_file=unit + _BY + rows["source_file"].astype(str))
    index = pd.Index(unit + _BY + rows["enterprise_id"].astype(str), name="enterprise_id", dtype="object")
    return rows.drop(columns="enterprise_id").set_axis(index, axis=0)


def _split(table: pd.DataFrame) -> pd.DataFrame:
    halves = table["enterprise_id"].astype(str).str.split(_BY, n=1)
    rest = table.assign(enterprise_id=halves.str[1])
    return pd.concat([halves.str[0].rename(UNIT), rest], axis=1)


def _of_units(found: pd.DataFrame) -> pd.DataFrame:
    return found if len(found) else issues.empty()


def _beside(parts: Mapping[str, Path], name: str) -> pd.DataFrame:
    tables = [read_frame(folder, name) for folder in parts.values()]
    named = [table.assign(**{UNIT: unit}) for unit, table in zip(parts, tables, strict=True)]
    table = pd.concat(named, ignore_index=True)
    return table[[UNIT, *(column for column in table.columns if column != UNIT)]]
