"""Read a pandas or geopandas frame as if it were a file: its columns are headers, its rows are numbered from 1."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.read.layer import Layer, raw_table
from landeval.sources import DRAWN, SOURCE_COLUMNS, RawTable, Source

FORMAT = "数据框"
"""What a frame's format is called in ``run.json``."""


def read_frame(source: Source) -> RawTable:
    """Return the raw table of a frame; the frame itself is not changed.

    A column may be called as in a file (证载面积(亩)) or by its field (``area_registered_m2``, in the unit of its name).
    A named index is the first column. Missing values of every kind are blanks; numbers and days keep their type.

    Parameters
    ----------
    source : Source
        With ``frame``. A GeoDataFrame gives its active geometry and CRS; further columns of shapes come as WKT.

    Returns
    -------
    RawTable

    Raises
    ------
    InputRefusedError
        E176: columns of several levels, or no shapes where the table needs them; E133, E135 as for a layer.
    """
    given: pd.DataFrame = source.frame  # type: ignore[assignment]
    where = f"{source.path}（{source.table}）"
    if given.columns.nlevels > 1:
        raise InputRefusedError(
            "数据框的列名有好几层",
            where=where,
            remedy="请先把列名并成一层（如 frame.columns = [...]）",
            code="E176",
        )
    if not len(given):
        raise InputRefusedError("数据框中没有记录", where=where, remedy="请核对", code="E133")
    shapes, at_shapes = _shapes(given) if source.table in DRAWN else (None, None)
    keeps_index = [at for at, name in enumerate(given.index.names) if name is not None]
    indexes = [(str(given.index.names[at]), given.index.get_level_values(at)) for at in keeps_index]
    listed = [(str(name), given.iloc[:, at]) for at, name in enumerate(given.columns) if at != at_shapes]
    headers = [name for name, _ in (*indexes, *listed)]
    columns = [_plain(values) for _, values in (*indexes, *listed)]
    crs = getattr(given, "crs", None) if shapes is not None else None
    facts = {
        "table": source.table,
        "file": source.name,
        "format": FORMAT,
        "sha256": _digest(headers, columns, shapes, str(crs)),
    }
    if shapes is not None:
        layer = Layer(
            name="",
            headers=headers,
            columns=columns,
            shapes=shapes,
            trouble={},
            crs="" if crs is None else crs.to_wkt(),
            counted=len(given),
        )
        return raw_table(layer, source, facts)
    frame = pd.DataFrame(
        {f"c{at}": pd.Series(values, dtype="object") for at, values in enumerate(columns)},
        index=range(len(given)),
    )
    frame = frame.assign(source_file=source.name, source_layer="", source_row=range(1, len(given) + 1))
    return RawTable(
        source=source,
        frame=frame,
        headers=tuple(headers),
        title="",
        crs="",
        set_aside=pd.DataFrame(columns=[*SOURCE_COLUMNS, "reason"]),
        issues=issues.empty(),
        facts={**facts, "records": len(given)},
    )


def _shapes(given: pd.DataFrame) -> tuple[npt.NDArray[np.object_] | None, int | None]:
    """Return the active shapes of a GeoDataFrame, and where their column stands."""
    name = getattr(given, "_geometry_column_name", None)
    if name is None or name not in given.columns:
        return None, None
    at = int(np.flatnonzero(given.columns == name)[0])
    return np.asarray(given.iloc[:, at], dtype=object), at


def _plain(values: Any) -> list[Any]:
    """Return a column's values as Python's own, None where there is none."""
    column = pd.Series(values).reset_index(drop=True)
    plain = column.astype("object").where(column.notna().to_numpy(), None).tolist()
    return [_value(value) for value in plain]


def _value(value: Any) -> Any:
    if isinstance(value, shapely.Geometry):
        return shapely.to_wkt(value, rounding_precision=-1)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime(warn=False).replace(tzinfo=None)
    if isinstance(value, np.generic):
        return value.item()
    return value if value is None or isinstance(value, bool | int | float | str | dt.date) else str(value)


def _digest(
    headers: list[str], columns: list[list[Any]], shapes: npt.NDArray[np.object_] | None, crs: str
) -> str:
    """Return the SHA-256 of what a frame holds: the same content gives the same digest in every process."""
    digest = hashlib.sha256(repr((headers, crs)).encode("utf-8", "surrogatepass"))
    for values in columns:
        digest.update(repr(values).encode("utf-8", "surrogatepass"))
    if shapes is not None:
        for blob in shapely.to_wkb(shapes):
            digest.update(b"-" if blob is None else blob)
    return digest.hexdigest()
