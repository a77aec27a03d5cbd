"""A plain frame to an Arrow table and back with nothing lost: dtypes, three-valued booleans, NaN beside None.

Parquet alone knows neither whether an unknown was NaN or None nor pandas' dtypes: they stand in the metadata of
each table, and a column of mixed values holds each value with its type. Nothing of it can be executed.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from landeval.errors import InternalError

MARK = b"landeval"
"""Key of the metadata that tells each column's dtype and form."""
PLAIN, DAY, TEXT, FLAG, MIXED = "plain", "day", "text", "flag", "mixed"

_WRITE: dict[type, tuple[str, Callable[[Any], Any]]] = {
    str: ("s", str),
    bool: ("b", bool),
    np.bool_: ("b", bool),
    int: ("i", str),
    np.int64: ("i", str),
    float: ("f", repr),
    np.float64: ("f", lambda value: repr(float(value))),
    dt.date: ("d", dt.date.isoformat),
    pd.Timestamp: ("t", pd.Timestamp.isoformat),
}
_READ: dict[str, Callable[[Any], Any]] = {
    "s": str, "b": bool, "i": int, "f": float, "d": dt.date.fromisoformat, "t": pd.Timestamp,
}  # fmt: skip


def to_arrow(frame: pd.DataFrame) -> pa.Table:
    """Return a frame as an Arrow table from which ``from_arrow`` makes an equal frame.

    Parameters
    ----------
    frame : DataFrame
        No geometry; a single index. Cells of object columns: text, bool, number, date, or unknown.

    Raises
    ------
    InternalError
        A column of a kind that could not be read back as it was.
    """
    arrays, forms = [], []
    indexed = [("", frame.index.to_series()), *frame.items()]
    for name, column in indexed:
        form, array = _array(column)
        forms.append([str(name), str(column.dtype), form])
        arrays.append(array)
    described = {"index": frame.index.name, "columns": forms}
    text = json.dumps(described, ensure_ascii=True, sort_keys=True)
    names = [f"c{number}" for number in range(len(arrays))]
    return pa.Table.from_arrays(arrays, names=names).replace_schema_metadata({MARK: text.encode()})


def _array(column: pd.Series) -> tuple[str, pa.Array]:
    kind = column.dtype
    if kind.kind == "M" and getattr(kind, "tz", None) is None:
        return DAY, pa.array(column.to_numpy().astype("datetime64[us]"), from_pandas=True)
    if isinstance(kind, np.dtype) and kind.kind in "bif":
        return PLAIN, pa.array(column.to_numpy(), from_pandas=False)
    if str(kind) != "object" and not isinstance(kind, pd.StringDtype):
        raise InternalError(f"底稿不能保存的列：{column.name}（{kind}）", code="E636")
    values = column.to_numpy(dtype=object)
    types = set(map(type, values))
    if types <= {str, type(None)}:
        texts = values.tolist()
        if _is_storable(texts):
            return TEXT, pa.array(texts, pa.string())
    if types <= {bool, type(None)}:
        return FLAG, pa.array(values.tolist(), pa.bool_())
    return MIXED, pa.array(_mixed(values.tolist(), column), pa.string())


def _mixed(values: list[Any], column: pd.Series) -> list[str | None]:
    """Write each value with its type; each text, and NaN, once."""
    texts = {value: _written(value, column) for value in {one for one in values if type(one) is str}}
    unknown = _written(math.nan, column)
    return [
        texts[value]
        if type(value) is str
        else unknown
        if type(value) is float and value != value
        else _written(value, column)
        for value in values
    ]


def _is_storable(texts: list[str | None]) -> bool:
    """Tell whether no text holds half a character, which Arrow refuses."""
    try:
        "".join(text for text in set(texts) if text).encode()
    except UnicodeEncodeError:
        return False
    return True


def _written(value: Any, column: pd.Series) -> str | None:
    if value is None:
        return None
    if value is pd.NaT or value is pd.NA:
        return "N" if value is pd.NaT else "A"
    if type(value) not in _WRITE:
        raise InternalError(f"底稿不能保存的值：{column.name} 列的 {type(value).__name__}", code="E636")
    mark, write = _WRITE[type(value)]
    return mark + json.dumps(write(value), ensure_ascii=True)


def _read(text: str | None) -> Any:
    if text is None:
        return None
    if text in ("N", "A"):
        return pd.NaT if text == "N" else pd.NA
    return _READ[text[0]](json.loads(text[1:]))


def from_arrow(table: pa.Table) -> pd.DataFrame:
    """Return the frame that ``to_arrow`` was given.

    Raises
    ------
    ValueError, KeyError, TypeError
        The table was not made by ``to_arrow``.

    Examples
    --------
    >>> frame = pd.DataFrame({"is_new": pd.Series([True, None, float("nan")], dtype=object), "n": [1, 2, 3]})
    >>> back = from_arrow(to_arrow(frame))
    >>> back["is_new"].tolist(), str(back["n"].dtype)
    ([True, None, nan], 'int64')
    """
    described = json.loads((table.schema.metadata or {})[MARK])
    columns = described["columns"]
    if len(columns) != table.num_columns or not columns:
        raise ValueError("columns and their description differ")
    made = [_series(table.column(number), *column[1:]) for number, column in enumerate(columns)]
    index = pd.Index(made[0], name=described["index"], dtype=columns[0][1])
    frame = pd.DataFrame(dict(enumerate(made[1:])), index=pd.RangeIndex(len(index)))
    frame.columns = pd.Index([column[0] for column in columns[1:]], dtype="str")
    return frame.set_axis(index, axis=0)


def _series(array: pa.ChunkedArray, dtype: str, form: str) -> pd.Series:
    if form == DAY:
        return pd.Series(array.to_numpy().astype(dtype))
    if form == PLAIN:
        return pd.Series(array.to_numpy().astype(dtype))
    values = [_read(text) for text in array.to_pylist()] if form == MIXED else array.to_pylist()
    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    if dtype != "object":
        cells = np.array([math.nan if value is None else value for value in values], dtype=object)
    return pd.Series(cells, dtype=dtype)
