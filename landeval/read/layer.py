"""Put what a vector format holds into a raw table: values, shapes, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.read.shp import describe_kind
from landeval.sources import SOURCE_COLUMNS, WITH_LINES, RawTable, Source

AREAS, LINES = (3, 6, 7), (1, 2, 5)
"""Type numbers of shapely: polygons and collections, lines."""


@dataclass(frozen=True)
class Layer:
    """One layer as read from its file.

    Attributes
    ----------
    name : str
        Its name; the file's stem where the format knows none.
    headers, columns : sequence
        Field names, and the values of each, as written.
    shapes : ndarray of Geometry
        One a record; None where it has none.
    trouble : Mapping of int, str
        Record (from 0) → why its shape could not be read.
    crs : str
        WKT or authority code.
    counted : int
        Records that the file says it has.
    encoding : str
    """

    name: str
    headers: Sequence[str]
    columns: Sequence[Sequence[Any]]
    shapes: npt.NDArray[np.object_]
    trouble: Mapping[int, str]
    crs: str
    counted: int
    encoding: str = "utf-8"
    facts: Mapping[str, Any] = field(default_factory=dict)


def raw_table(layer: Layer, source: Source, facts: dict[str, Any]) -> RawTable:
    """Make the raw table of a layer.

    Raises
    ------
    InputRefusedError
        A layer without records or without polygons.
    """
    count = len(layer.shapes)
    where = f"{source.path}［{layer.name}］"
    if count == 0:
        raise InputRefusedError("图层中没有记录", where=where, remedy="请重新导出", code="E133")
    wanted = (*AREAS, *LINES) if source.table in WITH_LINES else AREAS
    refuse_other_kinds(layer.shapes, source.path, wanted)
    frame = pd.DataFrame(
        {f"c{i}": pd.Series(list(values), dtype="object") for i, values in enumerate(layer.columns)},
        index=range(count),
    )
    frame = frame.astype("object").where(frame.notna(), None)
    frame = frame.assign(source_file=source.name, source_layer=layer.name, source_row=range(1, count + 1))
    frame["geometry"] = pd.Series(layer.shapes, index=frame.index, dtype="object")
    said = pd.Series({**_other_kinds(layer.shapes, wanted), **layer.trouble}, dtype="object")
    problems = [issues.report("E158", frame.loc[said.index], detail=said)] if len(said) else []
    if layer.counted != count:
        problems.append(
            issues.report_file(
                "E159", source.name, layer.name, detail=f"文件写明 {layer.counted} 条，读出 {count} 条"
            )
        )
    return RawTable(
        source=source,
        frame=frame,
        headers=tuple(map(str, layer.headers)),
        title="",
        crs=layer.crs,
        set_aside=pd.DataFrame(columns=[*SOURCE_COLUMNS, "reason"]),
        issues=issues.gather(problems),
        facts={**facts, "encoding": layer.encoding, "layer": layer.name, "records": count, **layer.facts},
    )


def from_wkb(blobs: Sequence[bytes | None]) -> tuple[npt.NDArray[np.object_], dict[int, str]]:
    """Read shapes one by one: a damaged or curved one is None with its reason, the others stay."""
    values = np.array([*blobs, None], dtype=object)[:-1]
    curved = [row for row, blob in enumerate(values) if _is_curved(blob)]
    values[curved] = None
    with np.errstate(invalid="ignore"):  # not-a-number vertices are told by the screen of shapes
        shapes = shapely.from_wkb(values, on_invalid="ignore")
    missing = shapely.is_missing(shapes)
    trouble = {
        int(row): "环未闭合、点数不足或内容损坏" for row in np.flatnonzero(missing) if values[row] is not None
    }
    return shapes, trouble | dict.fromkeys(curved, "图形含圆弧（曲线），请先增密为折线")


def _is_curved(blob: object) -> bool:
    r"""Tell whether WKB holds arcs (CURVEPOLYGON, MULTISURFACE and their like), which are not drawn out here.

    Examples
    --------
    >>> _is_curved(b"\x01\x0a\x00\x00\x00"), _is_curved(b"\x01\x03\x00\x00\x00"), _is_curved(None)
    (True, False, False)
    """
    if not isinstance(blob, bytes) or len(blob) < 5:
        return False
    code = int.from_bytes(blob[1:5], "little" if blob[0] == 1 else "big")
    return (code & 0x0FFFFFFF) % 1000 in range(8, 15)


def _other_kinds(shapes: npt.NDArray[np.object_], wanted: tuple[int, ...]) -> dict[int, str]:
    """Name the records whose shape is of no kind that is wanted."""
    kinds = shapely.get_type_id(shapes)
    other = np.flatnonzero(~np.isin(kinds, (-1, *wanted)))
    return {int(row): f"该条是{describe_kind(shapes[row].geom_type)}" for row in other}


def refuse_other_kinds(shapes: npt.NDArray[np.object_], path: Path, wanted: tuple[int, ...]) -> None:
    """Refuse a layer that holds shapes, none of them of a kind that is wanted.

    Raises
    ------
    InputRefusedError
    """
    kinds = set(np.unique(shapely.get_type_id(shapes)).tolist()) - {-1}
    if kinds and not kinds & set(wanted):
        named = sorted({describe_kind(shape.geom_type) for shape in shapes if shape is not None})
        raise InputRefusedError(
            f"是{'、'.join(named)}图层，不是面图层",
            where=str(path),
            remedy="需要面图层，请核对是否选错文件",
            code="E135",
        )


def choose(source: Source, names: Sequence[str]) -> str:
    """Return the layer to read: the one asked for, or the only one.

    Raises
    ------
    InputRefusedError
        No such layer, none at all, or several and none asked for.
    """
    listed = "、".join(names) or "（没有）"
    if source.layer and source.layer not in names:
        raise InputRefusedError(
            f"没有图层“{source.layer}”", where=str(source.path), remedy=f"现有图层：{listed}", code="E131"
        )
    if source.layer:
        return source.layer
    if not names:
        raise InputRefusedError(
            "文件中没有面图层", where=str(source.path), remedy="请核对是否选错文件，或重新导出", code="E133"
        )
    if len(names) > 1:
        raise InputRefusedError(
            "文件中有多个图层", where=str(source.path), remedy=f"请用 layer 指定一个：{listed}", code="E132"
        )
    return names[0]
