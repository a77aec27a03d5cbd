"""The register of exemptions as it is kept: one row an exemption, for a parcel, a contract or an enterprise."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from landeval.project import Project
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.tidy.codes import name_key
from landeval.tidy.table import Typed, typed, unknown
from landeval.vocabulary.fields import fields_of


class Register(NamedTuple):
    """``frame``: one row a register row, the fields of ``exemptions`` and ``name_key``; tables and issues."""

    frame: pd.DataFrame
    tables: list[Typed]
    issues: list[pd.DataFrame]


def tidy_exemptions(raws: list[RawTable], project: Project) -> Register:
    """Type every register; rows are sorted by place, so that the order of the files does not matter.

    Nothing is judged here, and no column is required: a row that names no parcel or has no evidence is told by
    those who look for them.

    Parameters
    ----------
    raws : list of RawTable
    project : Project

    Returns
    -------
    Register
    """
    tables = [typed(raw, project.currency, project.county_code) for raw in raws]
    frame = pd.concat([table.frame for table in tables], ignore_index=True) if raws else _blank()
    frame = frame.sort_values(list(SOURCE_COLUMNS), kind="stable").reset_index(drop=True)
    frame["name_key"] = frame["holder_name"].map(name_key).astype("object")
    return Register(frame, tables, [table.issues for table in tables])


def _blank() -> pd.DataFrame:
    index = pd.RangeIndex(0)
    frame = pd.DataFrame({field.name: unknown(field, index) for field in fields_of("exemptions")})
    place = {"source_file": "object", "source_layer": "object", "source_row": "int64"}
    return frame.assign(**{name: pd.Series(dtype=kind) for name, kind in place.items()})
