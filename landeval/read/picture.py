"""An image as a picture for the map: warped to Web Mercator, cut to the land, made coarser where it is too large."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
import shapely
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.transform import Affine
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform, transform_bounds

from landeval.imagery import INFRARED, NATURAL
from landeval.picture import MOST_PIXELS, Picture, stretched
from landeval.sources import Raster, Source

AROUND = 0.003
"""Degrees around the land that are shown too, some 300 m."""
LON_LAT, WEB_MERCATOR = "EPSG:4490", "EPSG:3857"
_ALPHA = ColorInterp.alpha


def read_pictures(
    sources: Sequence[Source],
    rasters: Sequence[Raster],
    shapes: npt.NDArray[np.object_],
    datums: Sequence[str],
) -> tuple[Picture, ...]:
    """Read images that ``inspect_raster`` has seen, for looking at: one picture each, of the land and what is around it.

    Parameters
    ----------
    sources, rasters
        Images as named by the project and as inspected, in one order.
    shapes : ndarray of Geometry
        The land [°, CGCS2000].
    datums : sequence of str
        Old datum of each image, or empty: without parameters it stands tens of metres off.
    """
    west, south, east, north = shapely.total_bounds(shapes).tolist() if len(shapes) else [math.nan] * 4
    box = (west - AROUND, south - AROUND, east + AROUND, north + AROUND)
    return tuple(
        replace(read_picture(source, raster, box), doubt=datum and f"{datum}坐标，位置可能偏几十米")
        for source, raster, datum in zip(sources, rasters, datums, strict=True)
    )


def read_picture(source: Source, raster: Raster, box: tuple[float, float, float, float]) -> Picture:
    """Read one image; ``box`` is west, south, east, north of what to show [°, CGCS2000]."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(source.path, driver="GTiff") as image:
                return _seen(image, source, raster, box)
    except RasterioError:  # a block that cannot be read is told of the image already (E181)
        return _nothing(source, raster, "影像有损坏的块，不能显示")


def _seen(image: Any, source: Source, raster: Raster, box: tuple[float, float, float, float]) -> Picture:
    grid = _grid(image, raster, box)
    if grid is None:
        return _nothing(source, raster, "不在宗地范围内")
    place, width, height, native = grid
    rgb, valid = _warped(
        image, source, place, width, height, _three(image, raster.bands), place.a > native * 1.5
    )
    if not valid.any():
        return _nothing(source, raster, "宗地范围内没有数据")
    rgba = np.dstack([stretched(rgb, valid, 0), np.where(valid, 255, 0).astype(np.uint8)])
    bounds = (place.c, place.f - place.a * height, place.c + place.a * width, place.f)
    shrink = math.cos(math.radians((box[1] + box[3]) / 2))  # Web Mercator is longer than the ground
    return Picture(source.name, raster.taken, rgba, bounds, place.a * shrink, native * shrink)


def _nothing(source: Source, raster: Raster, why_not: str) -> Picture:
    empty = np.zeros((0, 0, 4), dtype=np.uint8)
    return Picture(source.name, raster.taken, empty, (0.0, 0.0, 0.0, 0.0), 0.0, 0.0, why_not=why_not)


def _grid(
    image: Any, raster: Raster, box: tuple[float, float, float, float]
) -> tuple[Any, int, int, float] | None:
    """Return transform, width and height of the picture, and the image's own pixel there; None where they do not meet."""
    corners = np.column_stack(transform(LON_LAT, WEB_MERCATOR, *raster.footprint.exterior.xy))
    sides = np.hypot(*np.diff(corners, axis=0).T)
    native = float(min(sides[0] / image.width, sides[1] / image.height))
    if not np.isfinite(box).all():
        return None
    land = np.array(transform_bounds(LON_LAT, WEB_MERCATOR, *box)).reshape(2, 2)
    west, south = np.maximum(corners.min(axis=0), land[0]).tolist()
    east, north = np.minimum(corners.max(axis=0), land[1]).tolist()
    if west >= east or south >= north:
        return None
    pixel = max(native, (east - west) / MOST_PIXELS, (north - south) / MOST_PIXELS)
    width, height = (min(math.ceil(side / pixel), MOST_PIXELS) for side in (east - west, north - south))
    return Affine(pixel, 0, west, 0, -pixel, north), width, height, native


def _three(image: Any, bands: Mapping[str, int]) -> tuple[int, int, int]:
    """Return the bands shown: colours, else near infrared as red, else the first three, else the first in grey."""
    named = next((three for three in (NATURAL, INFRARED) if set(three) <= set(bands)), None)
    if named:
        return bands[named[0]], bands[named[1]], bands[named[2]]
    plain = [band for band, kind in zip(image.indexes, image.colorinterp, strict=True) if kind != _ALPHA]
    return (plain[0], plain[1], plain[2]) if len(plain) >= 3 else (plain[0],) * 3


def _warped(
    image: Any,
    source: Source,
    place: Any,
    width: int,
    height: int,
    three: tuple[int, int, int],
    is_coarser: bool,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    nodata = image.nodata if source.nodata is None else source.nodata
    has_alpha = _ALPHA in image.colorinterp
    coarser = Resampling.average if is_coarser else Resampling.bilinear
    with WarpedVRT(
        image,
        src_crs=source.crs or image.crs,
        crs=WEB_MERCATOR,
        transform=place,
        width=width,
        height=height,
        resampling=coarser,
        nodata=nodata,
        src_nodata=nodata,
        add_alpha=nodata is None and not has_alpha,
    ) as warped:
        rgb = warped.read(three).astype("float64").transpose(1, 2, 0)
        valid = warped.dataset_mask() > 0
    return rgb, valid & np.isfinite(rgb).all(axis=2)
