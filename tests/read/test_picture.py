"""Pictures for the map lie where the ground is: held to rasterio's own transformation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import Affine
from rasterio.warp import transform as moved

from landeval.picture import MOST_PIXELS
from landeval.read.picture import WEB_MERCATOR, read_picture, read_pictures
from landeval.read.raster import inspect_raster
from landeval.sources import Source

WEST, NORTH = 456_000.0, 2_994_000.0
ZONE = "EPSG:4546"
WHOLE = (110.0, 26.0, 111.5, 28.0)


def write(path: Path, values: np.ndarray, turn: Affine, **more) -> Source:
    options = {"crs": ZONE, "dtype": values.dtype, "count": len(values), "transform": turn} | more
    with rasterio.open(
        path, "w", driver="GTiff", height=values.shape[1], width=values.shape[2], **options
    ) as image:
        image.write(values)
    return Source("imagery", path)


def marked(side: int, spots: list[tuple[int, int]]) -> np.ndarray:
    """Return a grey image, a little noisy, with bright 3 × 3 spots."""
    values = np.random.default_rng(0).integers(60, 64, (3, side, side)).astype(np.uint8)
    for row, column in spots:
        values[:, row - 1 : row + 2, column - 1 : column + 2] = 255
    return values


@pytest.mark.parametrize(
    "turn", [Affine(2, 0, WEST, 0, -2, NORTH), Affine(1.99, 0.2, WEST, 0.2, -1.99, NORTH)]
)
def test_corners_are_within_a_pixel(tmp_path, turn):
    side = 500
    spots = [(6, 6), (6, side - 8), (side - 8, 6), (side - 8, side - 8), (250, 251)]
    source = write(tmp_path / "a.tif", marked(side, spots), turn)
    picture = read_picture(source, inspect_raster(source), WHOLE)
    grey, (west, south, east, north) = picture.rgba[..., 0].astype(float), picture.bounds
    pixel = (east - west) / picture.rgba.shape[1]
    assert pixel == pytest.approx((north - south) / picture.rgba.shape[0], rel=1e-9)
    for row, column in spots:
        x, y = turn @ (column + 0.5, row + 0.5)
        (there_x,), (there_y,) = moved(ZONE, WEB_MERCATOR, [x], [y])
        at_column, at_row = (there_x - west) / pixel, (north - there_y) / pixel
        rows, columns = np.mgrid[-5:6, -5:6]
        window = grey[int(at_row) - 5 : int(at_row) + 6, int(at_column) - 5 : int(at_column) + 6]
        weight = np.clip(window - 150, 0, None)
        seen_row = int(at_row) + 0.5 + (weight * rows).sum() / weight.sum()
        seen_column = int(at_column) + 0.5 + (weight * columns).sum() / weight.sum()
        assert abs(seen_row - at_row) < 1
        assert abs(seen_column - at_column) < 1


def test_large_image_is_cut_to_the_land_and_made_coarser(tmp_path):
    values = marked(900, [])
    values[:, :, 450:] = 0
    source = write(tmp_path / "a.tif", values, Affine(10, 0, WEST, 0, -10, NORTH), nodata=0)
    raster = inspect_raster(source)
    picture = read_picture(source, raster, WHOLE)
    assert max(picture.rgba.shape[:2]) <= MOST_PIXELS
    alpha = picture.rgba[..., 3] > 0
    assert alpha.mean() == pytest.approx(0.5, abs=0.05)
    assert picture.pixel_m == pytest.approx(10, rel=0.01)
    middle = raster.footprint.centroid
    near = read_picture(source, raster, (middle.x - 0.01, middle.y - 0.01, middle.x, middle.y))
    assert near.rgba.shape[1] < picture.rgba.shape[1] / 5
    assert near.pixel_m == pytest.approx(picture.pixel_m, rel=1e-3)


def test_more_pixels_than_a_page_can_hold(tmp_path, monkeypatch):
    monkeypatch.setattr("landeval.read.picture.MOST_PIXELS", 100)
    source = write(tmp_path / "a.tif", marked(400, []), Affine(2, 0, WEST, 0, -2, NORTH))
    picture = read_picture(source, inspect_raster(source), WHOLE)
    assert max(picture.rgba.shape[:2]) == 100
    assert picture.image_pixel_m == pytest.approx(2, rel=0.01)
    assert picture.pixel_m > 7


def test_what_cannot_be_shown_says_why(tmp_path):
    values = marked(100, [])
    values[:] = 7
    source = write(tmp_path / "a.tif", values, Affine(2, 0, WEST, 0, -2, NORTH), nodata=7)
    raster = inspect_raster(source)
    assert read_picture(source, raster, WHOLE).why_not == "宗地范围内没有数据"
    assert read_picture(source, raster, (100, 20, 101, 21)).why_not == "不在宗地范围内"
    (nowhere,) = read_pictures([source], [raster], np.array([None, None], dtype=object), [""])
    assert nowhere.why_not == "不在宗地范围内"
    (there,) = read_pictures([source], [raster], np.array([shapely.box(110.5, 27, 110.6, 27.1)]), ["西安80"])
    assert there.rgba.size == 0
    assert there.doubt == "西安80坐标，位置可能偏几十米"


def test_bands_by_name_and_one_band_in_grey(tmp_path):
    values = marked(60, [])
    values[0, :, 30:], values[2] = 200, 10
    source = write(tmp_path / "a.tif", values, Affine(2, 0, WEST, 0, -2, NORTH))
    named = Source("imagery", source.path, bands={"blue": 1, "green": 2, "red": 3})
    raster = inspect_raster(source)
    plain = read_picture(source, raster, WHOLE).rgba
    turned = read_picture(named, type(raster)(**(vars(raster) | {"bands": named.bands})), WHOLE).rgba
    assert (plain[..., 0] == turned[..., 2]).all()
    assert plain[30, 50, 0] > plain[30, 10, 0]
    grey = write(tmp_path / "b.tif", values[:1], Affine(2, 0, WEST, 0, -2, NORTH))
    alone = read_picture(grey, inspect_raster(grey), WHOLE).rgba
    assert (alone[..., 0] == alone[..., 2]).all()
