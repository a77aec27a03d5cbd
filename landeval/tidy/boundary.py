"""Layers of the park's boundary: what was approved, and what is proposed (调区扩区), each as one shape in EPSG:4490."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.land_supply import APPROVED_BOUNDARY, BOUNDARIES, PROPOSED_BOUNDARY
from landeval.project import Project
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.tidy.outlines import outlines
from landeval.tidy.table import Typed, typed

_WORDS = {PROPOSED_BOUNDARY: ("拟", "调整后", "调区", "扩区"), APPROVED_BOUNDARY: ("批准", "核准", "原范围")}


class Boundary(NamedTuple):
    """``shapes``: a boundary's name → its shape; tables, issues, states of the records, file → CRS."""

    shapes: Mapping[str, shapely.Geometry]
    tables: list[Typed]
    issues: list[pd.DataFrame]
    states: pd.DataFrame
    crs: dict[str, str]


def tidy_boundary(raws: list[RawTable], project: Project) -> Boundary:
    """Unite the polygons of each boundary; one that says neither is taken for the approved one, and that is told.

    A boundary of which one polygon cannot be used is not used at all: what lies in it would be called outside.

    Parameters
    ----------
    raws : list of RawTable
    project : Project

    Raises
    ------
    InputRefusedError
        A table without shapes.
    """
    tables, problems, frames, found = [], [], [], {}
    for raw in raws:
        table = typed(raw, project.currency, project.county_code)
        if "geometry" not in raw.frame:
            raise InputRefusedError(
                "园区范围没有图形", where=str(raw.source.path), remedy="请提供面图层", code="E135"
            )
        named = table.frame["boundary_kind"].map(kind_of_boundary)
        drawn = outlines(raw, table.frame, project, code="E550", key=named.fillna(""))
        place = table.frame.loc[named.isna(), list(SOURCE_COLUMNS)]
        unsaid = table.frame.loc[named.isna(), "boundary_kind"].fillna("")
        tables.append(table)
        problems += [
            table.issues,
            *drawn.issues,
            issues.report("E554", place, raw=unsaid, used=APPROVED_BOUNDARY),
        ]
        found[raw.source.name] = drawn.crs
        kind = named.where(named.notna(), APPROVED_BOUNDARY)
        frames.append(
            table.frame[list(SOURCE_COLUMNS)].assign(kind=kind, shape=np.asarray(drawn.shapes, dtype=object))
        )
    rows = (
        pd.concat(frames, ignore_index=True)
        if frames
        else pd.DataFrame(columns=[*SOURCE_COLUMNS, "kind", "shape"])
    )
    broken = set(rows.loc[rows["shape"].isna(), "kind"])
    shapes = {
        kind: shapely.union_all(np.asarray(rows.loc[rows["kind"] == kind, "shape"], dtype=object))
        for kind in BOUNDARIES
        if (rows["kind"] == kind).any() and kind not in broken
    }
    used = ~rows["kind"].isin(broken)
    states = rows[list(SOURCE_COLUMNS)].assign(
        record_key=rows["kind"],
        record_state=used.map({True: "采用", False: "缺图形"}),
        destination=used.map({True: "boundary.csv", False: "这一范围有图形不能用，整个不用"}),
        amounts="",
    )
    return Boundary(shapes, tables, problems, states, found)


def kind_of_boundary(text: object) -> str | None:
    """Read which boundary a record is; None where it does not say.

    Examples
    --------
    >>> kind_of_boundary("拟调整范围"), kind_of_boundary("2012年批准范围"), kind_of_boundary(None)
    ('拟调整范围', '原批准范围', None)
    """
    if not isinstance(text, str):
        return None
    return next((kind for kind, words in _WORDS.items() if any(word in text for word in words)), None)
