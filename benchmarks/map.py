"""How soon the map can be used, beside folium's plain GeoJson. ``python -m benchmarks.map``."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks.fictitious_names import names, written
from landeval.publish.map import layers, render_map
from landeval.result import CANDIDATES, MONEY, RATIOS, STATUSES, Result

LIMITS_S = {300: 0.5, 10_000: 1.5, 100_000: 4.0}
"""Seconds until everything is drawn and the page is idle, in Chromium without a GPU on a quiet machine."""
LIMIT_BYTES = 12_000_000
"""Of the page of 100 000 parcels."""
SIDE_M = 90.0
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
READY = "() => document.documentElement.getAttribute('data-ready')"
FOLIUM_READY = (
    "() => new Promise(done => requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)))"
)


def coverage(count: int, seed: int) -> np.ndarray:
    """Make cells of a grid with moved corners, four points a side, one in fifty with a court: lon/lat."""
    random = np.random.default_rng(seed)
    across = int(np.ceil(np.sqrt(count)))
    u, v = np.meshgrid(np.arange(4 * across + 1), np.arange(4 * across + 1))
    move = random.uniform(-0.12, 0.12, (*u.shape, 2))
    knots = np.stack([u / 4, v / 4], axis=-1) + move * (1 / 4)
    to_degrees = np.array([SIDE_M / 99_250, SIDE_M / 110_800])
    knots = knots * to_degrees + np.array([110.4, 26.9])
    step = np.arange(5)
    line = np.concatenate([
        np.stack([step[:4], np.zeros(4, int)], 1), np.stack([np.full(4, 4), step[:4]], 1),
        np.stack([step[4:0:-1], np.full(4, 4)], 1), np.stack([np.zeros(4, int), step[4:0:-1]], 1), [[0, 0]],
    ])  # fmt: skip
    number = np.arange(count)
    columns, rows = number % across * 4, number // across * 4
    rings = knots[rows[:, None] + line[None, :, 1], columns[:, None] + line[None, :, 0]]
    land = shapely.polygons(rings)
    courts = number % 50 == 7
    land[courts] = shapely.difference(
        land[courts], shapely.buffer(shapely.centroid(land[courts]), 1e-4, quad_segs=4)
    )
    return np.asarray(land, dtype=object)


def park(count: int, seed: int = 0) -> Result:
    """Make a park of so many parcels with sixteen columns of text and figures, and no zones."""
    random = np.random.default_rng(seed)
    number = np.arange(count)
    ids = pd.Index([f"430525001001GB{at:06d}" for at in number], name="parcel_id")
    holders = np.char.add("虚构", written(names(max(count // 2, 60), seed)))
    holder = random.choice(holders, count)
    area = random.lognormal(2.6, 0.6, count).round(4)
    frame = pd.DataFrame(
        {
            "parcel_code": ids, "holder_name": holder, "enterprise_names": holder,
            "credit_code": [f"91430525XG{at:08d}" for at in random.integers(0, 10**8, count)],
            "location": random.choice([f"虚构工业大道{at}号" for at in range(1, 400)], count),
            "industry_group": random.choice(["先进装备制造", "农副产品加工", "特色轻工", "新型材料"], count),
            "area_basis": "证载面积", "area_mu": area,
        }, index=ids,
    )  # fmt: skip
    for money, ratio, typical in zip(MONEY, RATIOS, (250, 300, 15), strict=True):
        amount = (random.lognormal(0, 0.7, count) * typical * area).round(2)
        frame[money] = np.where(random.random(count) < 0.08, np.nan, amount)
        frame[ratio] = frame[money] / area
    status = pd.DataFrame({"status": random.choice(STATUSES, count)}, index=ids)
    status["reasons"] = status["status"] + "：按亩均税收等与标准比较"
    status["is_candidate"] = status["status"].isin(CANDIDATES)
    empty = pd.DataFrame()
    rules = pd.DataFrame(
        {
            "rule_id": ["dongkou.investment", "dongkou.output", "dongkou.tax"],
            "operator": ">",
            "value": [250, 300, 15],
            "scope": "新增工业用地",
        }
    )
    zones = gpd.GeoDataFrame(
        {"zone_level": ["园区"], "zone_code": ["P"], "zone_name": ["全区"], "parent_code": [None]},
        geometry=gpd.GeoSeries([None], crs=layers.CRS),
    )
    return Result(
        parcels=gpd.GeoDataFrame(frame, geometry=coverage(count, seed), crs=layers.CRS),
        enterprises=empty, years=empty, parcel_years=empty, links=empty, findings=empty, status=status, zones=zones,
        issues=empty, reconciliation=empty, ledger=empty, rules=rules, year=2024, as_of=dt.date(2024, 12, 31),
        title=f"虚构园区（{count:,} 宗）",
    )  # fmt: skip


def plain_folium(result: Result) -> str:
    """Make the same parcels and columns into ``folium.GeoJson`` with a popup, on Leaflet's canvas, with our copy of Leaflet."""
    from landeval.publish.map import assets

    chart = folium.Map(location=[27.0, 110.5], zoom_start=13, tiles=None, prefer_canvas=True)
    chart.default_js = [pair for pair in chart.default_js if pair[0] == "leaflet"]
    chart.default_css = [pair for pair in chart.default_css if pair[0] == "leaflet_css"]
    figure: Any = chart.get_root()
    figure._children.clear()
    figure.add_child(chart)
    columns = result.parcels.join(result.status).drop(columns=["geometry"]).astype("object")
    shapes = layers.drawable(result.parcels)
    frame = gpd.GeoDataFrame(columns.where(columns.notna(), None), geometry=shapes, crs=layers.CRS)
    shown = ["parcel_code", "holder_name", "status", "area_mu", *RATIOS]
    layer = folium.GeoJson(frame.to_json(), tooltip=folium.GeoJsonTooltip(shown[:3]))
    layer.add_to(chart)
    west, south, east, north = shapely.total_bounds(shapes)
    chart.fit_bounds([[south, west], [north, east]])
    return assets.inline(str(figure.render()))


def ready(browser: Any, page: Path, is_ours: bool) -> float:
    """Open a page in a fresh window and return the seconds until it is drawn and idle."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    seen = context.new_page()
    seen.set_default_timeout(180_000)
    seen.goto(page.as_uri(), timeout=180_000)
    found = seen.wait_for_function(READY).json_value() if is_ours else seen.evaluate(FOLIUM_READY)
    context.close()
    return float(found) / 1000


def measure(counts: Sequence[int], repeats: int, folium_up_to: int) -> list[dict[str, Any]]:
    """Write the pages and open each ``repeats`` times, ours and folium's by turns."""
    from playwright.sync_api import sync_playwright

    told = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        for count in counts:
            result = park(count)
            start = time.perf_counter()
            text = render_map(result)
            row: dict[str, Any] = {
                "parcels": count, "drawing": layers.drawing_of(count), "written_s": time.perf_counter() - start,
                "bytes": len(text.encode("utf-8")), "limit_s": LIMITS_S.get(count),
            }  # fmt: skip
            pages = {True: Path(folder) / "ours.html", False: Path(folder) / "folium.html"}
            pages[True].write_text(text, encoding="utf-8")
            sides = [True]
            if count <= folium_up_to:
                sides.append(False)
                pages[False].write_text(plain_folium(result), encoding="utf-8")
                row["folium_bytes"] = pages[False].stat().st_size
            seconds: dict[bool, list[float]] = {side: [] for side in sides}
            for _ in range(repeats):
                for side in sides:
                    browser = play.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(FLAGS))
                    seconds[side].append(ready(browser, pages[side], side))
                    browser.close()
            row |= {"ready_s": statistics.median(seconds[True]), "runs_s": seconds[True]}
            if False in seconds:
                row |= {"folium_s": statistics.median(seconds[False]), "folium_runs_s": seconds[False]}
            told.append(row)
            print(json.dumps(row, ensure_ascii=False), flush=True)
    return told


def main() -> int:
    """Read the command line, measure, and return 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, nargs="*", default=list(LIMITS_S))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument(
        "--folium-up-to", type=int, default=100_000, help="more parcels are not given to folium"
    )
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = measure(options.parcels, options.repeats, options.folium_up_to)
    if options.json:
        told = {"python": platform.python_version(), "cores": os.cpu_count(), "rows": rows}
        options.json.write_text(json.dumps(told, indent=1), encoding="utf-8")
    slow = [row for row in rows if row["limit_s"] is not None and row["ready_s"] > row["limit_s"]]
    large = [row for row in rows if row["parcels"] == 100_000 and row["bytes"] > LIMIT_BYTES]
    return int(bool(slow or large))


if __name__ == "__main__":
    sys.exit(main())
