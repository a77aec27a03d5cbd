"""How much slower than bare libraries landeval reads a cadastre, with every check: ``python -m benchmarks.reading``."""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from benchmarks.cadastre import cadastre
from landeval.project import Project
from landeval.read.source import read_source
from landeval.sources import Source
from landeval.tidy.parcels import tidy_parcels

TARGET = 3.0
"""Reading with all checks takes at most this many times the bare libraries (RELIABILITY, issue 2)."""


def bare(path: Path) -> gpd.GeoDataFrame:
    """Read as a script would that knows the encoding: no check of anything."""
    frame = pyogrio.read_dataframe(path, encoding="gb18030")
    frame.geometry = shapely.make_valid(frame.geometry.to_numpy())
    return frame.to_crs(4490)


def checked(path: Path) -> gpd.GeoDataFrame:
    """Read as landeval does: encoding, columns, values, CRS, soundness, area, ids, issues."""
    parcels, *_ = tidy_parcels(read_source(Source("parcels", path)), Project())
    return parcels


SIDES: dict[str, Callable[[Path], gpd.GeoDataFrame]] = {"bare": bare, "landeval": checked}


def seconds(path: Path, repeats: int) -> dict[str, list[float]]:
    """Time both sides by turns in this process, after one run of each on a small layer to load the libraries."""
    with tempfile.TemporaryDirectory() as folder:
        small = cadastre(Path(folder), 50)
        for side in SIDES.values():
            side(small)
    found: dict[str, list[float]] = {name: [] for name in SIDES}
    for _ in range(repeats):
        for name, side in SIDES.items():
            start = time.perf_counter()
            side(path)
            found[name].append(time.perf_counter() - start)
    return found


def peak_mb(side: str, path: Path) -> float:
    """Return the most memory [MB] that one side held, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.reading", "--only", side, "--input", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout.strip().splitlines()[-1])


def own_peak_mb() -> float:
    """Return the most memory [MB] this process has held, NaN where the system does not tell.

    ``ru_maxrss`` would not do: a child inherits the peak of the process that started it.
    """
    told = Path("/proc/self/status")
    lines = told.read_text("ascii").splitlines() if told.is_file() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), float("nan"))


def main() -> int:
    """Print a table, write JSON on request; exit code 1 where the target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--parcels", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--input", type=Path, help="a shapefile to read instead of a made one")
    parser.add_argument(
        "--only", choices=list(SIDES), help="read once with one side and print its peak memory"
    )
    given = parser.parse_args()
    if given.only:
        SIDES[given.only](given.input)
        print(own_peak_mb())
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = given.input or cadastre(Path(folder), given.parcels)
        figures = measure(path, given.parcels, given.repeats)
    print(as_table(figures))
    if given.json:
        given.json.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return 0 if figures["ratio"] <= TARGET else 1


def measure(path: Path, parcels: int, repeats: int) -> dict[str, Any]:
    """Return medians, ratio and memory of both sides."""
    times = seconds(path, repeats)
    middle = {name: statistics.median(every) for name, every in times.items()}
    return {
        "parcels": parcels,
        "repeats": repeats,
        "seconds": {name: [round(one, 3) for one in every] for name, every in times.items()},
        "median_seconds": {name: round(one, 3) for name, one in middle.items()},
        "ratio": round(middle["landeval"] / middle["bare"], 2),
        "target": TARGET,
        "peak_mb": {name: round(peak_mb(name, path)) for name in SIDES},
        "versions": {
            "python": platform.python_version(),
            "pandas": pd.__version__,
            "pyogrio": pyogrio.__version__,
            "gdal": ".".join(map(str, pyogrio.__gdal_version__)),
            "shapely": shapely.__version__,
            "geos": shapely.geos_version_string,
        },
    }


def as_table(figures: dict[str, Any]) -> str:
    """Return the figures as a Markdown table."""
    lines = [
        f"| {figures['parcels']:,} parcels | median of {figures['repeats']} [s] | peak memory [MB] |",
        "|---|---:|---:|",
    ]
    for name in SIDES:
        lines.append(f"| {name} | {figures['median_seconds'][name]:.2f} | {figures['peak_mb'][name]:,} |")
    lines.append(f"| ratio (target ≤ {figures['target']:g}) | {figures['ratio']:.2f} | |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
