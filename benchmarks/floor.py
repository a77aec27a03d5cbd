"""What no program can do without: bytes read, shapes made sound and turned, buildings cut. ``python -m benchmarks.floor DELIVERY``.

Bare library calls on the delivery of ``benchmarks.county``, which check nothing and read no number, date or code.
Prints the seconds of its steps as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely


def run(folder: Path) -> dict[str, float]:
    """Do all of it and return the seconds of each step."""
    seconds: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        since = time.perf_counter()
        found = work()
        seconds[name] = time.perf_counter() - since
        return found

    parcels, buildings = timed("read", lambda: _read(folder))
    sound = timed("make_valid", lambda: shapely.make_valid(parcels.geometry.array))
    timed("to_crs", lambda: gpd.GeoSeries(sound, crs=parcels.crs).to_crs(4490))
    timed("overlay", lambda: _cut(sound, buildings.geometry.array))
    return seconds


def _read(folder: Path) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    parcels = pyogrio.read_dataframe(folder / "宗地.shp", encoding="gb18030")
    buildings = pyogrio.read_dataframe(folder / "建筑物.shp", encoding="gb18030")
    table = folder / "企业.xlsx"
    pd.read_excel(table) if table.exists() else pd.read_csv(folder / "企业.csv")
    pyogrio.read_dataframe(folder / "三级布局.gpkg")
    return parcels, buildings


def _cut(land: Any, halls: Any) -> Any:
    on, by = shapely.STRtree(land).query(halls, predicate="intersects")
    return shapely.area(shapely.intersection(halls[on], land[by]))


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]))))
