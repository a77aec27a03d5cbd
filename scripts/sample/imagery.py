"""Two four-band pictures of the park that agree with what stood on the ground."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from rasterio.features import rasterize
from rasterio.transform import Affine
from shapely.geometry.base import BaseGeometry

from .cases import Case

PIXEL = 4.0  # [m]
MARGIN = 40.0  # [m]
DATES = {2022: date(2022, 10, 15), 2024: date(2024, 10, 15)}
BANDS = ("blue", "green", "red", "nir")
COVER = {  # mean value of blue, green, red, near infrared
    "field": (58, 88, 78, 138),
    "street": (112, 113, 114, 104),
    "vegetation": (46, 76, 56, 168),
    "soil": (92, 120, 152, 168),
    "yard": (134, 137, 139, 130),
    "white roof": (200, 200, 198, 172),
    "blue roof": (204, 160, 122, 128),
}
NOISE, STEP = 6.0, 4  # standard deviation; values are multiples of STEP, so that the files stay small


def ground_at(case: Case, day: date) -> str:
    """Say what a parcel carried on a day: vegetation, soil, site or factory."""
    time = case.time
    if case.ground == "factory":
        if time.actual_start and day < time.actual_start:
            return "soil" if time.delivered and time.delivered <= day else "vegetation"
        return "site" if time.actual_completion and day < time.actual_completion else "factory"
    if case.ground == "site":
        return "site" if time.actual_start and time.actual_start <= day else "vegetation"
    if case.ground == "soil":
        return "soil" if time.delivered and time.delivered <= day else "vegetation"
    return "vegetation"


def write_images(
    folder: Path,
    parcels: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    rng: np.random.Generator,
) -> None:
    """Write ``影像_2022.tif`` and ``影像_2024.tif``, 4 m pixels, DEFLATE."""
    west, south, east, north = shapely.total_bounds(np.concatenate([parcels.geometry, zones.geometry]))
    left, top = np.floor((west - MARGIN) / PIXEL) * PIXEL, np.ceil((north + MARGIN) / PIXEL) * PIXEL
    size = (int(np.ceil((top - south + MARGIN) / PIXEL)), int(np.ceil((east + MARGIN - left) / PIXEL)))
    transform = Affine(PIXEL, 0.0, left, 0.0, -PIXEL, top)
    patches = _patches(size, rng)
    roofs = rng.choice(["white roof", "blue roof"], len(buildings))
    for year, day in DATES.items():
        shapes = _layers(parcels, buildings, zones, roofs, day)
        classes = rasterize(shapes, out_shape=size, transform=transform, fill=0, dtype="uint8")
        picture = np.take(np.array(list(COVER.values()), dtype=float), classes, axis=0)
        is_green = np.isin(classes, [_class("field"), _class("vegetation")])
        picture[..., 3] += np.where(is_green, patches, 0)
        picture[..., 2] -= np.where(is_green, patches / 3, 0)
        picture += rng.normal(0, NOISE, picture.shape)
        values = (np.clip(picture, 0, 252) / STEP).round().astype("uint8") * STEP
        _write(folder / f"影像_{year}.tif", values, transform, parcels.crs)


def _class(name: str) -> int:
    return list(COVER).index(name)


def _patches(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Return field-sized brightness patches, 60 m on a side."""
    cell = 15
    coarse = rng.normal(0, 9, (size[0] // cell + 1, size[1] // cell + 1))
    return np.kron(coarse, np.ones((cell, cell)))[: size[0], : size[1]]


def _layers(
    parcels: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    roofs: np.ndarray,
    day: date,
) -> list[tuple[object, int]]:
    """Return shapes and classes in painting order: streets, parcels, roofs."""
    painting = {"vegetation": "vegetation", "soil": "soil", "site": "soil", "factory": "yard"}
    grounds = [ground_at(case, day) for case in parcels["case"]]
    is_half = [case.shape == "half used" for case in parcels["case"]]
    shapes = [(shape, _class("street")) for shape in zones.geometry[zones["level"] == "产业集群"]]
    shapes += [
        (shape, _class("vegetation" if half else painting[ground]))
        for shape, ground, half in zip(parcels.geometry, grounds, is_half, strict=True)
    ]
    shapes += [(yard, _class("yard")) for yard in _half_yards(parcels, buildings, grounds)]
    ground_of = dict(zip(parcels.index, grounds, strict=True))
    has_roof = {
        index: ground_of[index] == "factory"
        or (ground_of[index] == "site" and _is_far(parcels["case"][index], day))
        for index in parcels.index
    }
    shapes += [
        (shape, _class(str(roof)))
        for shape, roof, parcel in zip(buildings.geometry, roofs, buildings["parcel"], strict=True)
        if has_roof[parcel]
    ]
    return shapes


def _half_yards(
    parcels: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, grounds: list[str]
) -> Iterator[BaseGeometry]:
    """Return the paved part of the parcels of which only one half is used."""
    for (index, parcel), ground in zip(parcels.iterrows(), grounds, strict=True):
        if parcel["case"].shape == "half used" and ground == "factory":
            halls = shapely.union_all(buildings.geometry[buildings["parcel"] == index])
            yield halls.convex_hull.buffer(8).intersection(parcel.geometry)


def _is_far(case: Case, day: date) -> bool:
    """Say whether the work had gone on for 200 days, enough for the first roofs."""
    return case.time.actual_start is not None and (day - case.time.actual_start).days > 200


def _write(path: Path, values: np.ndarray, transform: Affine, crs: object) -> None:
    profile = {
        "driver": "GTiff",
        "height": values.shape[0],
        "width": values.shape[1],
        "count": len(BANDS),
        "dtype": "uint8",
        "crs": crs,
        "transform": transform,
        "compress": "DEFLATE",
        "zlevel": 9,
        "interleave": "band",
    }
    with rasterio.open(path, "w", **profile) as target:
        for number, name in enumerate(BANDS, start=1):
            target.write(values[..., number - 1], number)
            target.set_band_description(number, name)
