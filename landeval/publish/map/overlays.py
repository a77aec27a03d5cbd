"""What can be laid over the parcels on the map: blocks of candidate land, and the project's own layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landeval.publish.cells import cell, kind_of, text_of
from landeval.publish.frames import large_blocks
from landeval.publish.labels import label_of
from landeval.publish.map import palette
from landeval.publish.map.layers import AREAS, middles, outlines
from landeval.publish.map.pack import UNITS, turns
from landeval.result import Result

Shapes = npt.NDArray[np.object_]

BLOCKS = "连片地块"
AROUND = 0.01
"""Degrees beyond the parcels' box, some 1 km: what lies farther off is not drawn."""
MOST_POINTS = 60_000
"""Of one layer: above, its lines are drawn coarser, and that is said."""
COARSE = (1e-5, 3e-5, 1e-4, 3e-4, 1e-3)
"""Steps of coarser drawing [°]: some 1, 3, 10, 30, 100 m."""
_BLOCK_FACTS = (
    "area_mu", "block_parcels", "block_unknown", "block_owners", "block_classes", "block_routes", "block_places",
)  # fmt: skip


def overlays(result: Result, drawn: Shapes) -> list[dict[str, Any]]:
    """Return the layers that can be switched on over the parcels, blocks first.

    Parameters
    ----------
    result : Result
        ``blocks``, and ``overlay_shapes`` as the run tidied them.
    drawn : ndarray of Geometry
        The parcels and zones on the map: they tell where it lies.

    Returns
    -------
    list of dict
        ``name``, ``effect``, ``line`` (how it is drawn), ``note``, ``features``: label, facts, label point and lines,
        each a list of steps of 1e-7°. Figures are those of the tables.
    """
    found = []
    large = large_blocks(result)
    if len(large):
        facts = [_block_facts(row, result.currency) for row in large.to_dict("records")]
        found.append(_layer(BLOCKS, BLOCKS, large, large["block_code"].tolist(), facts, drawn))
    layers = result.overlay_shapes
    if layers.empty:
        return found
    for (name, effect), own in layers.groupby(["overlay_name", "overlay_effect"], sort=False):
        uses = [None if pd.isna(use) else cell(use, "text") for use in own["overlay_use"]]
        labels = [name if use is None else f"{name} {use}" for use in uses]
        told = str(effect)
        facts = [[["图层作用", told]] + ([["用途", str(use)]] if use else []) for use in uses]
        found.append(_layer(str(name), told, own, labels, facts, drawn))
    return [layer for layer in found if layer["features"]]


def _block_facts(row: Mapping[Any, Any], currency: str) -> list[list[Any]]:
    """Return what is told of a block; its area is a number, written by the page as every other."""
    facts: list[list[Any]] = []
    for name in _BLOCK_FACTS:
        value = cell(row[name], kind_of(name))
        if (value is None and name != "area_mu") or (name == "block_unknown" and not value):
            continue
        facts.append([label_of(name, currency), value if name == "area_mu" else text_of(value)])
    return facts


def _layer(
    name: str, effect: str, frame: pd.DataFrame, labels: list[Any], facts: list[Any], drawn: Shapes
) -> dict[str, Any]:
    shapes, note = _nearby(outlines(frame), drawn)
    longitudes, latitudes = middles(shapes)
    features = [
        {"label": cell(label, "text"), "facts": told, "lon": lon, "lat": lat, "is_area": _is_area(shape), "lines": _lines(shape)}
        for label, told, lon, lat, shape in zip(labels, facts, longitudes, latitudes, shapes, strict=True)
        if shape is not None
    ]  # fmt: skip
    return {
        "name": cell(name, "text"), "effect": effect, "note": note, "features": features,
        "line": asdict(palette.LINES[effect]),
    }  # fmt: skip


def _nearby(shapes: Shapes, drawn: Shapes) -> tuple[Shapes, str]:
    """Cut shapes to the surroundings of the map, and make them coarser where a page could not carry them."""
    box = shapely.total_bounds(drawn)
    near = shapes.copy()
    is_there = ~shapely.is_missing(near)
    if np.isfinite(box).all():
        near[is_there] = shapely.clip_by_rect(near[is_there], *(box + np.array([-1, -1, 1, 1]) * AROUND))
    near[shapely.is_empty(near)] = None
    note = ""
    whole = near
    for step in COARSE:
        if shapely.get_num_coordinates(near).sum() <= MOST_POINTS:
            break
        near = shapely.simplify(whole, step)
        note = f"图形过密，已简化到约 {step * 100_000:g} 米，只作示意"
    return near, note


def _is_area(shape: Any) -> bool:
    return bool(np.isin(shapely.get_type_id(shapely.get_parts(shape)), AREAS).any())


def _lines(shape: Any) -> list[list[int]]:
    """Return every ring or line of a shape as x, y, x, y …, each in steps from the one before."""
    parts = shapely.get_parts(shape)
    is_area = np.isin(shapely.get_type_id(parts), AREAS)
    found = []
    for line in (*shapely.get_rings(parts[is_area]), *parts[~is_area]):
        corners = np.round(shapely.get_coordinates(line) * UNITS).astype(np.int64)
        found.append(np.column_stack([turns(corners[:, 0]), turns(corners[:, 1])]).ravel().tolist())
    return found
