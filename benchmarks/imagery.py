"""A 10 m image measured under 100 000 parcels, beside exactextract's own call. ``python -m benchmarks.imagery``."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from rasterio.transform import Affine
from rasterstats import zonal_stats

from landeval.image_evidence import measured_in, placed_in
from landeval.read.raster import inspect_raster
from landeval.read.scene import open_scene
from landeval.sources import Source
from landeval.standards.rules import shipped

SECONDS = 12.0
"""The most that statistics of four bands at 10 m for 100 000 parcels may take on two cores."""
PIXEL, STEP, CRS = 10.0, 120.0, "EPSG:4546"
EAST, NORTH = 400_000.0, 3_020_000.0
LIMIT, ALIKE = 1e-5, 0.99
"""Of the largest difference (exactextract keeps shares in single precision), and of medians within it: its median
counts pixels covered by 1e-12, which ours leaves out."""
BESIDE, FEW = 5_000, 1_000
"""Parcels of which exactextract's and rasterstats' own figures are taken, one index each."""


def land(parcels: int, random: np.random.Generator) -> np.ndarray:
    """Make parcels of about a hectare with 5 to 40 corners, in the image's plane [m]."""
    across = int(np.ceil(np.sqrt(parcels)))
    number = np.arange(parcels)
    middle = np.column_stack([EAST + 80 + number % across * STEP, NORTH - 80 - number // across * STEP])
    corners = random.integers(5, 41, parcels)
    turn = np.concatenate([np.sort(random.uniform(0, 2 * np.pi, many)) for many in corners])
    reach = random.uniform(42, 59, len(turn))
    points = (
        np.repeat(middle, corners, axis=0) + np.column_stack([np.cos(turn), np.sin(turn)]) * reach[:, None]
    )
    rings = shapely.linearrings(points, indices=np.repeat(number, corners))
    shapes = np.asarray(shapely.polygons(rings), dtype=object)
    bad = ~shapely.is_valid(shapes)
    shapes[bad] = shapely.convex_hull(shapes[bad])
    return shapes


def write_image(path: Path, parcels: int, random: np.random.Generator) -> None:
    """Write four 16-bit bands in tiles."""
    side = int(np.ceil((np.ceil(np.sqrt(parcels)) * STEP + 160) / PIXEL))
    profile = {
        "driver": "GTiff", "width": side, "height": side, "count": 4, "dtype": "uint16", "crs": CRS, "nodata": 0,
        "transform": Affine(PIXEL, 0, EAST, 0, -PIXEL, NORTH), "tiled": True, "compress": "deflate", "zlevel": 1,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as image:
        for number, name in enumerate(("blue", "green", "red", "nir"), start=1):
            image.write(random.integers(1, 4000, (side, side), dtype=np.uint16), number)
            image.set_band_description(number, name)


def ndvi_of(image: rasterio.DatasetReader) -> np.ndarray:
    """Return the index of a whole image, as a script would make it."""
    red, nir = (image.read(band).astype("float64") for band in (3, 4))
    return (nir - red) / (nir + red)


def main() -> int:
    """Make the town, measure it, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    random = np.random.default_rng(given.seed)
    plane = land(given.parcels, random)
    degrees = np.asarray(gpd.GeoSeries(plane, crs=CRS).to_crs("EPSG:4490").array, dtype=object)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "影像.tif"
        write_image(path, given.parcels, random)
        source = Source("imagery", path, scale=0.0001)
        raster = inspect_raster(source)
        start, worked = time.perf_counter(), time.process_time()
        with open_scene(source, raster) as scene:
            (found,) = measured_in(placed_in(degrees, [scene]), [scene], shipped())
        seconds, processor = time.perf_counter() - start, time.process_time() - worked
        start = time.perf_counter()
        some = gpd.GeoDataFrame(geometry=degrees[:BESIDE], crs="EPSG:4490").to_crs(CRS)
        with rasterio.open(path) as image, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ndvi = NumPyRasterSource(ndvi_of(image), *image.bounds, srs_wkt=image.crs.to_wkt())
            theirs = exact_extract(ndvi, some, ["count", "mean", "median"], output="pandas")
        beside = time.perf_counter() - start
        start = time.perf_counter()
        with rasterio.open(path) as image:
            zonal_stats(
                some.iloc[:FEW], ndvi_of(image), affine=image.transform, nodata=-9, stats=["mean", "median"]
            )
        by_rasterstats = time.perf_counter() - start
    ours = found.iloc[: len(theirs)]
    off = {
        name: float(np.nanmax(np.abs(ours[name].to_numpy() - theirs[of].to_numpy())))
        for name, of in (("image_pixels", "count"), ("ndvi_mean", "mean"))
    }
    same = np.abs(ours["ndvi_median"].to_numpy() - theirs["median"].to_numpy()) < LIMIT
    told = {
        "parcels": given.parcels,
        "pixels": round(float(found["image_pixels"].sum())),
        "seconds": round(seconds, 2),
        "seconds_of_processor": round(processor, 2),
        "exactextract_seconds": round(beside, 2),
        "exactextract_parcels": len(theirs),
        "rasterstats_seconds": round(by_rasterstats, 2),
        "rasterstats_parcels": min(FEW, len(theirs)),
        "times_as_fast_as_exactextract": round(beside / len(theirs) / (seconds / given.parcels), 1),
        "times_as_fast_as_rasterstats": round(
            by_rasterstats / min(FEW, len(theirs)) / (seconds / given.parcels), 1
        ),
        "largest_difference": off,
        "medians_alike": float(same.mean()),
    }
    print(json.dumps(told, indent=1))
    if given.json:
        given.json.write_text(json.dumps(told), encoding="utf-8")
    return int(
        max(off.values()) > LIMIT or same.mean() < ALIKE or (given.parcels <= 100_000 and seconds > SECONDS)
    )


if __name__ == "__main__":
    sys.exit(main())
