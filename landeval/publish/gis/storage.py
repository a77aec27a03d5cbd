"""How a column is stored in a GIS file, and the check that nothing got lost on the way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.errors import OutputError
from landeval.publish.cells import Cell, cells, is_text_kind, kind_of, text_of
from landeval.publish.labels import labels

_NUMERIC = frozenset({"money", "area", "per_mu", "number", "share"})


def field_type(name: str, values: list[Cell]) -> str:
    """Return how a column is stored: text, real, integer or date; text where a value would be lost.

    Examples
    --------
    >>> field_type("area_mu", [1.5, None]), field_type("area_mu", ["约五亩"]), field_type("note", [1, 2])
    ('real', 'text', 'integer')
    """
    kind = kind_of(name)
    held = {type(value) for value in values} - {type(None)}
    if is_text_kind(kind) or kind == "flag" or any(issubclass(one, bool | str) for one in held):
        return "text"
    dates = [issubclass(one, dt.date) for one in held]
    if any(dates) or kind == "date":
        return "date" if all(dates) else "text"
    if kind in _NUMERIC or any(issubclass(one, float) for one in held):
        return "real"
    return "integer" if held or kind in ("integer", "year") else "text"


class Stored(NamedTuple):
    """A column as it is stored: its names, its type of ``field_type``, and its values, texts written out."""

    name: str
    header: str
    kind: str
    values: list[Cell]


@dataclass(frozen=True)
class Layer:
    """A layer to be written, in as many formats as are wanted.

    Attributes
    ----------
    table : DataFrame
        Attributes; the first column identifies a record.
    shapes : ndarray of MultiPolygon
        None where there is none.
    crs
        Whatever names one.
    currency : str
        For the headers.
    """

    table: pd.DataFrame
    shapes: npt.NDArray[np.object_]
    crs: Any
    currency: str = "元"

    @cached_property
    def columns(self) -> list[Stored]:
        """Every column as it is stored."""
        names = [str(column) for column in self.table.columns]
        headers = labels(names, self.currency)
        return [_stored(self.table[name], header) for name, header in zip(names, headers, strict=True)]


def _stored(column: pd.Series, header: str) -> Stored:
    name, values = str(column.name), cells(column)
    kind = field_type(name, values)
    if kind == "text":
        values = [value if value is None or isinstance(value, str) else text_of(value) for value in values]
    return Stored(name, header, kind, values)


def as_array(kind: str, values: list[Cell]) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_] | None]:
    """Return a column as GDAL takes it, with a mask of what is unknown where the array itself cannot say so."""
    if kind == "real":
        return np.array([np.nan if value is None else value for value in values], dtype="float64"), None
    if kind == "integer":
        missing = np.array([value is None for value in values], dtype=bool)
        return np.array([0 if value is None else value for value in values], dtype="int64"), missing
    if kind == "date":
        return np.array(values, dtype="datetime64[D]"), None
    return np.array([*values, None], dtype=object)[:-1], None


def check_count(path: Path, layer: str, found: int, wanted: int) -> None:
    """Raise where a file holds another number of records than was written."""
    if found != wanted:
        raise OutputError(
            f"写出的文件读回后记录数不符：应有 {wanted} 条，读回 {found} 条",
            where=f"{path.name} 图层 {layer}",
            remedy="请检查磁盘空间后重新运行；如仍出现，请把 run.json 和本条信息发给开发者",
            code="E707",
        )
