"""Read polygon layers: shapefile (geometry by OGR, attributes byte for byte), GeoPackage, GeoJSON."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pyogrio.raw
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.read.dbf import read_dbf
from landeval.sources import SOURCE_COLUMNS, RawTable, Source

pyogrio.set_gdal_config_options({"OGR_ORGANIZE_POLYGONS": "DEFAULT", "SHAPE_RESTORE_SHX": "NO"})


def read_shapefile(source: Source, facts: dict[str, Any]) -> list[RawTable]:
    """Read a shapefile without trusting its labels; record counts of all parts are compared.

    Raises
    ------
    InputRefusedError
        A part is missing or damaged, or the layer holds no polygons.
    """
    path = source.path
    dbf_path, shx_path = _part(path, ".dbf"), _part(path, ".shx")
    table = read_dbf(dbf_path, source.encoding)
    shapes = (shx_path.stat().st_size - 100) // 8
    geometry = _geometry(path)
    problems = _encoding_notes(path, table.encoding, source)
    layer = path.stem
    place = pd.DataFrame(
        {"source_file": source.name, "source_layer": layer, "source_row": range(1, len(table.frame) + 1)}
    )
    if table.cut:
        rows = pd.Index([row for row, _ in table.cut])
        columns = pd.Series([table.headers[index] for _, index in table.cut], index=rows)
        problems.append(issues.report("E102", place.loc[rows].set_axis(rows), column=columns))
    surplus = place.head(0).assign(reason="")
    if shapes > len(table.frame):
        rows_without = range(len(table.frame) + 1, shapes + 1)
        surplus = pd.DataFrame(
            {
                "source_file": source.name,
                "source_layer": layer,
                "source_row": rows_without,
                "reason": "没有属性记录",
            }
        )
    if shapes != len(table.frame):
        problems.append(
            issues.report_file(
                "E104", source.name, layer, detail=f"图形 {shapes} 条，属性 {len(table.frame)} 条"
            )
        )
    frame = pd.concat([table.frame, place], axis=1)
    shape_of = dict(zip(geometry.index, geometry, strict=True))
    frame["geometry"] = pd.Series([shape_of.get(at) for at in range(len(frame))], dtype="object")
    set_aside = pd.concat([place[table.deleted].assign(reason="源文件已删除"), surplus], ignore_index=True)
    problems.append(issues.report("E103", place[table.deleted]))
    frame = frame[~table.deleted].reset_index(drop=True)
    if len(frame) == 0:
        raise InputRefusedError("图层中没有记录", where=str(path), remedy="请重新导出", code="E133")
    prj = _part(path, ".prj", required=False)
    return [
        RawTable(
            source=source,
            frame=frame,
            headers=table.headers,
            title="",
            crs=_text_of(prj) if prj else "",
            set_aside=set_aside,
            issues=issues.gather(problems),
            facts={**facts, "encoding": table.encoding, "records": len(table.frame), "shapes": int(shapes)},
        )
    ]


def read_layers(source: Source, facts: dict[str, Any]) -> list[RawTable]:
    """Read one layer of a GeoPackage or GeoJSON file.

    Raises
    ------
    InputRefusedError
        No such layer, several polygon layers, or a file that OGR cannot read.
    """
    path = f"GEOJSON:{source.path}" if facts["format"] == "geojson" else str(source.path)
    layer = _layer(source, path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = pyogrio.read_dataframe(path, layer=layer, datetime_as_string=True, on_invalid="ignore")
    except Exception as error:
        raise _unreadable(source.path, error) from error
    if not isinstance(found, gpd.GeoDataFrame):
        found = gpd.GeoDataFrame(found.assign(geometry=None), geometry="geometry")
    if len(found) == 0:
        raise InputRefusedError(
            "图层中没有记录", where=f"{source.path}［{layer}］", remedy="请重新导出", code="E133"
        )
    attributes = found.drop(columns=found.geometry.name)
    frame = attributes.astype("object").where(attributes.notna(), None)
    frame.columns = [f"c{i}" for i in range(len(frame.columns))]
    frame = frame.assign(source_file=source.name, source_layer=layer, source_row=range(1, len(frame) + 1))
    frame["geometry"] = pd.Series(list(found.geometry), index=frame.index, dtype="object")
    _polygons_only(frame["geometry"], source.path)
    return [
        RawTable(
            source=source,
            frame=frame.reset_index(drop=True),
            headers=tuple(map(str, attributes.columns)),
            title="",
            crs=found.crs.to_wkt() if found.crs else "",
            set_aside=pd.DataFrame(columns=[*SOURCE_COLUMNS, "reason"]),
            issues=issues.empty(),
            facts={**facts, "encoding": "utf-8", "layer": layer, "records": len(frame)},
        )
    ]


def _part(path: Path, suffix: str, *, required: bool = True) -> Any:
    for candidate in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
        if candidate.is_file():
            return candidate
    if required:
        raise InputRefusedError(
            f"缺少 {path.stem}{suffix}",
            where=str(path),
            remedy="shapefile 由 shp、shx、dbf、prj 组成，请复制整套文件",
            code="E134",
        )
    return None


def _geometry(path: Path) -> pd.Series:
    """Read the shapes alone: a damaged .prj is told later, with the way out, not as an unreadable layer."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _, fids, blobs, _ = pyogrio.raw.read(path, columns=[], return_fids=True, encoding="ISO-8859-1")
            shapes = None if blobs is None else shapely.from_wkb(blobs, on_invalid="ignore")
    except Exception as error:
        if (prj := _part(path, ".prj", required=False)) and not _is_crs(_text_of(prj)):
            raise InputRefusedError(
                "坐标系文件（.prj）写法无法识别",
                where=str(prj),
                remedy='请删除或改正该文件，并在 landeval.toml 中写明，如 crs = "EPSG:4525"',
                code="E238",
            ) from error
        raise _unreadable(path, error) from error
    if shapes is None:
        raise InputRefusedError("图层没有图形", where=str(path), remedy="需要面图层，请重新导出", code="E135")
    series = pd.Series(shapes, index=fids, dtype="object")
    _polygons_only(series, path)
    return series


def _text_of(prj: Path) -> str:
    return prj.read_text("utf-8", errors="replace").strip("\ufeff \r\n")


def _is_crs(text: str) -> bool:
    try:
        CRS.from_user_input(text)
    except CRSError:
        return False
    return True


def _polygons_only(geometry: pd.Series, path: Path) -> None:
    kinds = {shape.geom_type for shape in geometry if shape is not None}
    if kinds and not kinds & {"Polygon", "MultiPolygon", "GeometryCollection"}:
        raise InputRefusedError(
            f"是{'、'.join(sorted(kinds))}图层，不是面图层",
            where=str(path),
            remedy="需要面图层，请核对是否选错文件",
            code="E135",
        )


def _layer(source: Source, path: str) -> str:
    try:
        layers = pyogrio.list_layers(path)
    except Exception as error:
        raise _unreadable(source.path, error) from error
    names = [str(name) for name, _ in layers]
    if source.layer:
        if source.layer not in names:
            raise InputRefusedError(
                f"没有图层“{source.layer}”",
                where=str(source.path),
                remedy=f"现有图层：{'、'.join(names)}",
                code="E131",
            )
        return source.layer
    if len(names) != 1:
        raise InputRefusedError(
            "文件中有多个图层",
            where=str(source.path),
            remedy=f"请用 layer 指定一个：{'、'.join(names)}",
            code="E132",
        )
    return names[0]


def _unreadable(path: Path, error: Exception) -> InputRefusedError:
    return InputRefusedError(
        "空间数据打不开", where=str(path), remedy=f"请在 ArcGIS/QGIS 中打开并重新导出（{error}）", code="E136"
    )


def _encoding_notes(path: Path, encoding: str, source: Source) -> list[pd.DataFrame]:
    cpg = _part(path, ".cpg", required=False)
    said = cpg.read_text("ascii", errors="replace").strip() if cpg else ""
    family = {"UTF-8": "utf-8", "UTF8": "utf-8", "65001": "utf-8"}.get(
        said.upper(), "gb18030" if said else ""
    )
    if source.encoding or family == encoding:
        return []
    told = f"文件标明 {said}" if said else "文件没有 .cpg"
    return [issues.report_file("E101", source.name, path.stem, detail=f"{told}，按 {encoding.upper()} 读取")]
