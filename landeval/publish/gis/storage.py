"""How a column is stored in a GIS file, and the check that nothing got lost on the way."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.errors import OutputError
from landeval.publish.cells import Cell, cells, is_text_kind, kind_of, text_of
from landeval.publish.labels import labels

Layer: TypeAlias = tuple[pd.DataFrame, npt.NDArray[np.object_], Any]
"""Attributes, multipolygons (None where there is none) and CRS of a layer."""

_NUMERIC = frozenset({"money", "area", "per_mu", "number", "share"})


def field_type(name: str, values: list[Cell]) -> str:
    """Return how a column is stored: text, real, integer or date; text where a value would be lost.

    Examples
    --------
    >>> field_type("area_mu", [1.5, None]), field_type("area_mu", ["约五亩"]), field_type("note", [1, 2])
    ('real', 'text', 'integer')
    """
    kind = kind_of(name)
    known = [value for value in values if value is not None]
    if is_text_kind(kind) or kind == "flag" or any(isinstance(value, bool | str) for value in known):
        return "text"
    dates = [isinstance(value, dt.date) for value in known]
    if any(dates) or kind == "date":
        return "date" if all(dates) else "text"
    if kind in _NUMERIC or any(isinstance(value, float) for value in known):
        return "real"
    return "integer" if known or kind in ("integer", "year") else "text"


class Stored(NamedTuple):
    """A column as it is stored: its header, its type of ``field_type``, and its values, texts written out."""

    header: str
    kind: str
    values: list[Cell]


def stored(frame: pd.DataFrame, currency: str) -> list[Stored]:
    """Return every column of a layer as it is stored."""
    names = [str(column) for column in frame.columns]
    found = []
    for name, header in zip(names, labels(names, currency), strict=True):
        values = cells(frame[name])
        kind = field_type(name, values)
        if kind == "text":
            values = [None if value is None else text_of(value) for value in values]
        found.append(Stored(header, kind, values))
    return found


def check_count(path: Path, layer: str, found: int, wanted: int) -> None:
    """Raise where a file holds another number of records than was written."""
    if found != wanted:
        raise OutputError(
            f"写出的文件读回后记录数不符：应有 {wanted} 条，读回 {found} 条",
            where=f"{path.name} 图层 {layer}",
            remedy="请检查磁盘空间后重新运行；如仍出现，请把 run.json 和本条信息发给开发者",
            code="E707",
        )
