"""Raw layers laid over the parcels to one ``overlays`` frame: sound shapes in EPSG:4490, what each layer means."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.project import Project
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.standards.overlays import BARRIERS, USE, effects
from landeval.tidy.geometry import Shapes
from landeval.tidy.outlines import laid
from landeval.tidy.table import Typed, typed

PLACE = list(SOURCE_COLUMNS)
LINES = (1, 5)


class Overlays(NamedTuple):
    """The layers of a run.

    Attributes
    ----------
    frame : GeoDataFrame
        ``overlay_name``, ``overlay_effect``, ``overlay_use``, ``width_m`` (of lines; 0: unknown), ``is_reliable``,
        ``SOURCE_COLUMNS``; polygons, or lines of roads and rivers; null where there is no usable shape.
    tables : list of Typed
    issues : list of DataFrame
    crs : dict
        File → CRS found.
    """

    frame: gpd.GeoDataFrame
    tables: list[Typed]
    issues: list[pd.DataFrame]
    crs: dict[str, str]


def tidy_overlays(raws: list[RawTable], project: Project) -> Overlays:
    """Make the frame of all layers laid over the parcels.

    Parameters
    ----------
    raws : list of RawTable
        Layers whose source names an ``effect``.
    project : Project

    Raises
    ------
    InputRefusedError
        A table without shapes; a layer of lines whose effect needs areas.
    """
    tables, problems, frames, found = [], [], [], {}
    for raw in raws:
        if "geometry" not in raw.frame:
            raise InputRefusedError(
                "叠加图层没有图形",
                where=str(raw.source.path),
                remedy="请提供面图层（道路、河流也可用线）",
                code="E135",
            )
        table = typed(raw, project.currency, project.county_code)
        frame, noted, crs = _with_shapes(raw, table.frame, project)
        tables.append(table)
        own = table.issues  # that the layer has columns of its own is no problem: only its shapes are wanted
        problems += [own[own["code"] != "E201"], *noted]
        found[raw.source.name] = crs
        frames.append(frame)
    merged = pd.concat(frames, ignore_index=True)
    return Overlays(gpd.GeoDataFrame(merged, geometry="geometry", crs="EPSG:4490"), tables, problems, found)


def _with_shapes(
    raw: RawTable, frame: pd.DataFrame, project: Project
) -> tuple[pd.DataFrame, list[pd.DataFrame], str]:
    source = raw.source
    layer = laid(raw, frame, project)
    shapes = layer.shapes
    lines = _lines(shapes)
    if lines.any() and source.effect not in BARRIERS:
        raise InputRefusedError(
            f"“{source.overlay}”是线图层，而“{source.effect}”要用面积",
            where=str(source.path),
            remedy="请提供面图层，或核对 effect",
            code="E135",
        )
    areas = shapes.copy()
    areas[lines] = None
    screened = layer.screened(areas)
    fixed = screened.shapes.copy()
    fixed[lines] = shapely.force_2d(shapes[lines])
    missing = screened.is_missing & ~lines
    bad = missing | screened.is_unreliable
    place, key = frame[PLACE], pd.Series(source.overlay, index=frame.index)
    detail = pd.Series(screened.detail, index=frame.index, dtype="object")
    said = detail.where(detail != "", "该记录没有坐标")
    problems = [layer.issues, issues.report("E713", place[bad], detail=said[bad], key=key[bad])]
    if effects()[source.effect].hit == USE:
        unknown = frame["overlay_use"].isna() & ~missing
        problems.append(issues.report("E716", place[unknown], key=key[unknown]))
    made = frame[[*PLACE, "overlay_use"]].assign(
        overlay_name=source.overlay,
        overlay_effect=source.effect,
        width_m=np.where(lines, source.width_m, 0.0),
        is_reliable=~bad,
        geometry=gpd.GeoSeries(fixed, index=frame.index, crs="EPSG:4490"),
    )
    return made, problems, layer.crs


def _lines(shapes: Shapes) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Mark the lines that have finite coordinates and a length."""
    found = np.isin(shapely.get_type_id(shapes), LINES)
    found[found] = np.isfinite(shapely.bounds(shapes[found])).all(axis=1) & (
        shapely.length(shapes[found]) > 0
    )
    return np.asarray(found)
