"""Read one layer of a File Geodatabase folder with its one driver, OpenFileGDB."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw

from landeval.errors import InputRefusedError
from landeval.read.layer import Layer, choose, from_wkb, raw_table
from landeval.sources import RawTable, Source


def read_filegdb(source: Source, facts: dict[str, Any]) -> list[RawTable]:
    """Read one polygon layer of a ``.gdb`` folder.

    Arrow keeps whole numbers whole beside empty cells, which numpy cannot.

    Raises
    ------
    InputRefusedError
        Damaged, no such layer, or several.
    """
    path = str(source.path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            names = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
            name = choose(source, names)
            counted = int(pyogrio.read_info(path, layer=name, force_feature_count=True)["features"])
            described, table = pyogrio.raw.read_arrow(path, layer=name)
    except InputRefusedError:
        raise
    except Exception as error:
        raise InputRefusedError(
            "地理数据库（.gdb）打不开",
            where=path,
            remedy=f"请重新复制整个 .gdb 文件夹，或另存为 GeoPackage（{error}）",
            code="E136",
        ) from error
    column = described["geometry_name"] or "wkb_geometry"
    headers = [header for header in table.column_names if header != column]
    shapes, trouble = from_wkb(table.column(column).to_pylist()) if column in table.column_names else (
        np.full(table.num_rows, None, dtype=object), {})  # fmt: skip
    layer = Layer(
        name=name,
        headers=headers,
        columns=[table.column(header).to_pylist() for header in headers],
        shapes=shapes,
        trouble=trouble,
        crs=str(described["crs"] or ""),
        counted=counted,
    )
    return [raw_table(layer, source, facts)]
