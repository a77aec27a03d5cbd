"""Buildings cut along 100 000 parcels, beside ``geopandas.overlay``. ``python -m benchmarks.intensity``."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landeval.measure.built import built_on
from landeval.measure.footprints import pieces_of
from landeval.measure.unused import unused_land
from landeval.tidy.geometry import planar

SECONDS = 6.0
"""The most that intensity of 100 000 parcels with 300 000 buildings may take on two cores."""
FASTER = 5.0
"""Cutting alone beside overlay and dissolve, which do the same."""
SIDE, STEP = 100.0, 120.0
"""Parcels of a hectare, in a grid with streets between [m]."""


def town(
    parcels: int, buildings: int, seed: int
) -> tuple[pd.DataFrame, np.ndarray, pd.DataFrame, np.ndarray]:
    """Make parcels in a grid and turned halls anywhere on it, some over two parcels, some on another: lon/lat."""
    random = np.random.default_rng(seed)
    across = int(np.ceil(np.sqrt(parcels)))
    number = np.arange(parcels)
    west, south = number % across * STEP, number // across * STEP
    land = shapely.box(west, south, west + SIDE, south + SIDE)
    on = random.integers(0, parcels, buildings)
    middle = np.column_stack([west[on], south[on]]) + random.uniform(5, 112, (buildings, 2))
    half, angle = random.uniform(4, 14, (buildings, 2)), random.uniform(0, np.pi / 2, buildings)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])[None] * half[:, None]
    turn = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], axis=-1).reshape(-1, 2, 2)
    halls = shapely.polygons(np.einsum("nij,nkj->nki", turn, corners) + middle[:, None])
    to_degrees = np.array([1 / 99_000.0, 1 / 110_800.0])

    def placed(shapes: np.ndarray) -> np.ndarray:
        return np.asarray(shapely.transform(shapes, lambda xy: xy * to_degrees + [110.5, 27.0]), dtype=object)

    ids = pd.Index([f"430525001001GB{at:06d}" for at in number], name="parcel_id")
    plots = pd.DataFrame(
        {
            "area_mu": SIDE * SIDE * 3 / 2000, "stack": None, "is_operating": random.random(parcels) < 0.8,
            "actual_completion": pd.NaT, "source_file": "宗地.shp", "source_layer": "宗地", "source_row": number + 1,
        }, index=ids,
    )  # fmt: skip
    storeys = random.integers(1, 6, buildings).astype(float)
    standing = pd.DataFrame(
        {
            "building_no": None, "storeys": np.where(random.random(buildings) < 0.02, np.nan, storeys),
            "height_m": np.where(random.random(buildings) < 0.25, np.nan, storeys * random.uniform(3, 10, buildings)),
            "floor_area_m2": np.nan, "is_reliable": True, "is_stacked": False,
            "is_twin": False, "odd_storeys": False, "odd_height": False, "odd_floor": False, "source_file": "建筑.shp",
            "source_layer": "建筑", "source_row": np.arange(1, buildings + 1),
        }
    )  # fmt: skip
    return plots, placed(land), standing, placed(halls)


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what comes of it, seconds by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - clock, time.process_time() - processor


def overlaid(land: np.ndarray, halls: np.ndarray) -> pd.Series:
    """Cut as ``geopandas.overlay`` does and sum by parcel: the named baseline, in the same plane."""
    one = gpd.GeoDataFrame({"parcel": np.arange(len(land))}, geometry=land)
    other = gpd.GeoDataFrame({"building": np.arange(len(halls))}, geometry=halls)
    cut = gpd.overlay(one, other, how="intersection", keep_geom_type=True)
    return cut.dissolve("parcel").area.reindex(range(len(land)), fill_value=0.0)


def measure(parcels: int, buildings: int, seed: int, *, baseline: bool, unused: bool) -> dict[str, Any]:
    """Measure once and return every figure."""
    plots, lon_lat, standing, footprints = town(parcels, buildings, seed)
    (land, halls), *of_plane = timed(lambda: planar(lon_lat, footprints))
    built, *of_built = timed(lambda: built_on(plots, land, standing, halls))
    told = {
        "parcels": parcels, "buildings": buildings, "pieces": len(built.pieces.parcel),
        "plane_s": of_plane[0], "built_s": of_built[0], "intensity_s": of_plane[0] + of_built[0],
        "intensity_cpu_s": of_plane[1] + of_built[1],
    }  # fmt: skip
    if unused:
        _, *of_unused = timed(lambda: unused_land(land, built.pieces, setback_m=6.0, least_width_m=20.0))
        told |= {"unused_s": of_unused[0], "unused_cpu_s": of_unused[1]}
    if baseline:
        _, *of_pieces = timed(lambda: pieces_of(land, halls))
        theirs, *of_overlay = timed(lambda: overlaid(land, halls))
        ours = np.bincount(built.pieces.parcel, weights=built.pieces.area_m2, minlength=parcels)
        covered = built.figures["footprint_m2"].to_numpy()
        known = np.isfinite(covered) & (ours > 0)
        gap = np.abs(covered[known] - theirs.to_numpy()[known]) / theirs.to_numpy()[known]
        told |= {
            "pieces_s": of_pieces[0],
            "overlay_s": of_overlay[0],
            "overlay_cpu_s": of_overlay[1],
            "ratio": of_overlay[0] / of_pieces[0],
            "largest_relative_difference": float(gap.max()),
        }
    return told


def main() -> int:
    """Read the command line, measure, and return 1 where a limit is passed or the areas differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, default=100_000)
    parser.add_argument("--buildings", type=int, default=300_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-baseline", action="store_true", help="leave geopandas.overlay out")
    parser.add_argument("--unused", action="store_true", help="measure unused land too: a minute more")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = measure(
        options.parcels,
        options.buildings,
        options.seed,
        baseline=not options.no_baseline,
        unused=options.unused,
    )
    found |= {"python": platform.python_version(), "cores": os.cpu_count(), "limit_s": SECONDS}
    for name, value in found.items():
        print(f"{name:>28}  {value:.3g}" if isinstance(value, float) else f"{name:>28}  {value}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    is_slow = found["intensity_s"] > SECONDS or found.get("ratio", FASTER) < FASTER
    return int(is_slow or found.get("largest_relative_difference", 0.0) > 1e-9)


if __name__ == "__main__":
    sys.exit(main())
