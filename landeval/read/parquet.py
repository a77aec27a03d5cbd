"""Read GeoParquet with pyarrow: values exact, shapes from WKB."""

from __future__ import annotations

import json
from typing import Any

from landeval.errors import InputRefusedError
from landeval.read.layer import Layer, choose, from_wkb, raw_table
from landeval.sources import RawTable, Source

MAX_UNPACKED_BYTES = 1024**3
"""Parquet is compressed: its size on disk bounds nothing."""


def read_parquet(source: Source, facts: dict[str, Any]) -> list[RawTable]:
    """Read the one layer of a GeoParquet file.

    Raises
    ------
    InputRefusedError
        Damaged, too large, or a Parquet table without shapes.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = source.path
    try:
        with pq.ParquetFile(path) as file:
            unpacked = sum(
                file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups)
            )
            if unpacked > MAX_UNPACKED_BYTES:
                raise InputRefusedError(
                    f"展开后有 {unpacked / 1e6:,.0f} MB，超过限制",
                    where=str(path),
                    remedy="请按乡镇或片区拆分，或改用 GeoPackage",
                    code="E126",
                )
            geo = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
            primary = geo.get("primary_column")
            described = geo.get("columns", {}).get(primary, {})
            if described.get("encoding", "").upper() != "WKB":
                raise InputRefusedError(
                    "Parquet 文件没有 WKB 图形列",
                    where=str(path),
                    remedy="请在 QGIS 或 geopandas 中另存为 GeoParquet（WKB）或 GeoPackage",
                    code="E166",
                )
            table, counted = file.read(), file.metadata.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputRefusedError(
            "Parquet 文件损坏或未复制完整", where=str(path), remedy="请重新复制或重新导出", code="E125"
        ) from error
    headers = [name for name in table.column_names if name not in geo["columns"]]
    shapes, trouble = from_wkb(table.column(primary).to_pylist())
    layer = Layer(
        name=choose(source, [path.stem]),
        headers=headers,
        columns=[[_value(value) for value in table.column(name).to_pylist()] for name in headers],
        shapes=shapes,
        trouble=trouble,
        crs=_crs(described),
        counted=counted,
    )
    return [raw_table(layer, source, facts)]


def _value(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value) if isinstance(value, dict | list) else value


def _crs(described: dict[str, Any]) -> str:
    """Return PROJJSON, nothing where the file says that it is unknown, lon/lat where it says nothing."""
    if "crs" not in described:
        return "EPSG:4326"
    return json.dumps(described["crs"]) if described["crs"] else ""
