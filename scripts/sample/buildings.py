"""Building footprints: halls in rows inside a parcel, with the coverage and plot ratio asked for."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from .cases import Case
from .streets import CRS, MU, cut

SETBACK, GAP = 4.0, 8.0  # [m]


def make_buildings(parcels: gpd.GeoDataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Return the footprints standing on the parcels whose case says so.

    Parameters
    ----------
    parcels
        Parcels with ``case``, ``angle`` [degree] and ``area_m2``.
    rng
        Source of the random sizes.

    Returns
    -------
    GeoDataFrame
        ``parcel`` (row label of the parcel), ``name``, ``floors``, ``height_m``, ``structure``, geometry.
    """
    rows = []
    for index, parcel in parcels.iterrows():
        case: Case = parcel["case"]
        if case.ground == "factory":
            coverage, ratio = _intensity(case, rng)
        elif case.ground == "site" and case.built:
            coverage, ratio = 0.42 * case.built[0] / case.built[1], 0.0
        else:
            continue
        ground = cut(parcel.geometry, 0.5, 0.0)[0] if case.shape == "half used" else parcel.geometry
        halls = _halls(ground, parcel["angle"], coverage, parcel["area_m2"], rng)
        rows += [{"parcel": index, **hall} for hall in _raise(halls, ratio, parcel["area_m2"], case, rng)]
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)


def _intensity(case: Case, rng: np.random.Generator) -> tuple[float, float]:
    """Draw coverage and plot ratio: mostly above every limit of 2008, low where the case is about that."""
    if case.shape == "low ratio":
        return float(rng.uniform(0.41, 0.46)), 0.0
    if case.shape == "half used":
        return float(rng.uniform(0.19, 0.24)), 0.0
    if case.money.startswith("low:") and len(case.money.split()) > 2 and rng.random() < 0.5:
        return float(rng.uniform(0.35, 0.42)), 0.0
    return float(rng.uniform(0.42, 0.54)), float(rng.uniform(1.04, 1.55))


def _halls(
    shape: BaseGeometry, angle: float, coverage: float, area: float, rng: np.random.Generator
) -> list[BaseGeometry]:
    """Lay out a grid of halls inside the setback, each shrunk to reach the coverage asked for."""
    turned = affinity.rotate(shape.buffer(-SETBACK, join_style="mitre"), -angle, origin=shape.centroid)
    west, south, east, north = turned.bounds
    wanted = 1 + int(area > 7 * MU) + int(area > 10 * MU) + 2 * int(area > 24 * MU) + int(area > 45 * MU)
    across, along = {1: (1, 1), 2: (1, 2), 3: (1, 3), 5: (2, 3), 6: (2, 3)}[wanted]
    columns, rows = (along, across) if east - west > north - south else (across, along)
    xs = np.linspace(west - GAP / 2, east + GAP / 2, columns + 1) + _jitter(columns, rng)
    ys = np.linspace(south - GAP / 2, north + GAP / 2, rows + 1) + _jitter(rows, rng)
    plots = [
        box(xs[c] + GAP / 2, ys[r] + GAP / 2, xs[c + 1] - GAP / 2, ys[r + 1] - GAP / 2).intersection(turned)
        for c in range(columns)
        for r in range(rows)
    ]
    parts = [part for plot in plots for part in shapely.get_parts(plot) if part.area > 150]
    factor = min(1.0, np.sqrt(coverage * area / sum(part.area for part in parts)))
    halls = [affinity.scale(part, factor, factor, origin="centroid") for part in parts]
    # A hall in the bend of an L does not shrink into itself: keep what lies inside.
    kept = [part for hall in halls for part in shapely.get_parts(hall.intersection(turned)) if part.area > 60]
    back = [affinity.rotate(hall, angle, origin=shape.centroid) for hall in kept]
    return [shapely.set_precision(hall, 0.001) for hall in back]


def _jitter(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return shifts [m] of the inner lines of a layout grid; the outer ones stay."""
    return np.concatenate([[0.0], rng.uniform(-7, 7, count - 1), [0.0]])


def _raise(
    halls: list[BaseGeometry], ratio: float, area: float, case: Case, rng: np.random.Generator
) -> Iterator[dict[str, object]]:
    """Give the halls their floors, smallest first, until the plot ratio is reached."""
    order = sorted(range(len(halls)), key=lambda place: halls[place].area)
    floors = dict.fromkeys(order, 1)
    if case.ground == "factory":
        floors[order[0]] = 2 if case.shape == "low ratio" and len(halls) > 2 else 1
    limits = [5] + [4] * (len(order) - 1)
    for place, limit in zip(order, limits, strict=True):
        while sum(floors[key] * halls[key].area for key in order) < ratio * area and floors[place] < limit:
            floors[place] += 1
    smallest = order[0]
    for place, hall in enumerate(halls):
        storeys = floors[place]
        is_low = ratio == 0.0  # nothing here may count double, or the plot ratio would not be low
        height = rng.uniform(6.2, 7.8) if is_low and storeys == 1 else 9.0 + rng.uniform(0, 3)
        height = storeys * rng.uniform(3.4, 4.3) if storeys > 1 else height
        is_office = place == smallest and len(halls) > 1 and storeys > 2
        yield {
            "name": "综合楼" if is_office else f"{place + 1}号厂房",
            "floors": storeys if case.money != "between" or rng.random() > 0.05 else None,
            "height_m": round(float(height), 1) if rng.random() > 0.25 else None,
            "structure": "框架" if storeys > 1 else str(rng.choice(["钢结构", "钢结构", "排架"])),
            "geometry": hall,
        }
