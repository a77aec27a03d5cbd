"""The park as pictures: classes, the plan of the parcels, years."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from matplotlib.collections import PatchCollection
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path as Outline

from landeval.publish.charts.canvas import INK, bars, drawn, png
from landeval.publish.labels import label_of
from landeval.publish.map.palette import LOOKS
from landeval.result import Result
from landeval.units import fixed

HATCHES = {"cross": "xxx", "grid": "+++", "slash": "///", "backslash": "\\\\\\", "dots": "...", "": ""}

PATCH = 1_000
"""Polygons that are drawn as one [count]."""


def classes(table: pd.DataFrame) -> bytes | None:
    """Draw land [亩] by class; ``table`` has ``class_name``, ``parcels`` and ``area_mu``."""
    if table.empty:
        return None
    fills = {look.name: look.fill for look in LOOKS}
    with drawn(0.5 + 0.3 * len(table)) as (figure, (axis,)):
        names = [
            f"{name}（{count} 宗）" for name, count in zip(table["class_name"], table["parcels"], strict=True)
        ]
        bars(
            axis,
            names,
            table["area_mu"].tolist(),
            colour=[fills[name] for name in table["class_name"]],
            unit=" 亩",
        )
        axis.set_xlabel("评价面积（亩）")
        return png(figure)


def plan(result: Result) -> bytes | None:
    """Draw the parcels by class with the outlines of the communities; None where nothing has a shape."""
    shapes = np.asarray(result.parcels.geometry, dtype=object)
    here = ~shapely.is_missing(shapes)
    if not here.any():
        return None
    status = result.status["status"].reindex(result.parcels.index).to_numpy(dtype=object)
    west, south, east, north = shapely.total_bounds(shapes[here])
    wide = (east - west) * math.cos(math.radians((south + north) / 2))
    high = max(north - south, 1e-9)
    height = min(max(6.3 * high / max(wide, 1e-9), 2.6), 5.2)
    with drawn(height + 0.7) as (figure, (axis,)):
        told = []
        for look in LOOKS:
            mine = shapes[here & (status == look.name)]
            if not len(mine):
                continue
            axis.add_collection(
                PatchCollection(
                    _patches(mine),
                    facecolor=look.fill, edgecolor=INK, linewidth=0.35, linestyle="--" if look.dashed else "-",
                    hatch=HATCHES[look.hatch] or None,
                )
            )  # fmt: skip
            told.append(Patch(facecolor=look.fill, edgecolor=INK, linewidth=0.5, hatch=HATCHES[look.hatch] or None, label=f"{look.name} {len(mine)}"))  # fmt: skip
        zones = result.zones.geometry[result.zones["zone_level"] == "产业社区"].dropna()
        axis.add_collection(
            PatchCollection(
                _patches(np.asarray(zones, dtype=object)), facecolor="none", edgecolor="#555555", linewidth=0.9, linestyle=":",
            )
        )  # fmt: skip
        axis.set_xlim(west, east)
        axis.set_ylim(south, north)
        axis.set_aspect(1 / math.cos(math.radians((south + north) / 2)))
        axis.margins(0.02)
        axis.set_axis_off()
        figure.legend(handles=told, loc="outside lower center", ncols=4, frameon=False, fontsize=8)
        return png(figure)


def _patches(shapes: npt.NDArray[np.object_]) -> list[PathPatch]:
    """Return the shapes, many in one patch: a hatch is drawn anew for every patch."""
    parts = shapely.orient_polygons(shapely.get_parts(shapes))
    parts = parts[(shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)]
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    points, point_of = shapely.get_coordinates(rings, return_index=True)
    corners = np.split(points, np.flatnonzero(np.diff(point_of)) + 1)
    ends = np.searchsorted(ring_of, np.arange(PATCH, len(parts) + PATCH, PATCH))
    return [PathPatch(outline_of(corners[start:end])) for start, end in zip([0, *ends], ends, strict=False)]


def outline_of(rings: Sequence[npt.NDArray[np.float64]]) -> Outline:
    """Return closed rings, outer and inner, as one path."""
    if not rings:
        return Outline(np.zeros((0, 2)))
    codes = [np.r_[Outline.MOVETO, np.full(len(one) - 2, Outline.LINETO), Outline.CLOSEPOLY] for one in rings]
    return Outline(np.concatenate(rings), np.concatenate(codes))


def years(table: pd.DataFrame, currency: str) -> bytes | None:
    """Draw sums by year; ``table`` has the index year and one column a sum [万元], NaN where unknown."""
    columns = [name for name in table.columns if table[name].notna().any()]
    if not columns or len(table) < 2:
        return None
    with drawn(2.3, columns=len(columns)) as (figure, axes):
        for axis, name in zip(axes, columns, strict=True):
            values = table[name] / 1e4
            axis.bar(range(len(values)), values.fillna(0.0), color="#6BAED6", width=0.62)
            axis.set_xticks(range(len(values)), [str(year) for year in values.index])
            axis.set_title(label_of(name, currency).split("(")[0])
            axis.set_ylabel("亿元" if currency == "元" else f"亿{currency}")
            axis.margins(y=0.18)
            for at, value in enumerate(values):
                axis.annotate("未知" if math.isnan(value) else fixed(value), (at, 0 if math.isnan(value) else value), ha="center", va="bottom", fontsize=8)  # fmt: skip
        return png(figure)
