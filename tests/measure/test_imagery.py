"""Shares of pixels, indices, land cover and states: against exactextract, and on pixels small enough to count."""

import warnings

import geopandas as gpd
import numpy as np
import pytest
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource

from landeval.imagery import FEW, HUGE, LOST, OFF, PART, SHAPELESS, VEILED, WHOLE, Grid, Pixels
from landeval.measure import imagery
from landeval.measure.cells import covered_cells
from landeval.measure.image_change import image_changes
from landeval.measure.imagery import in_pixels, measure
from landeval.measure.spectral import Cover, covers, indices, normalised
from landeval.measure.zonal import means, medians

COVER = Cover(0.2, 0.3, 0.1, 2.5)
LEAST = {"least_pixels": 20.0, "least_valid": 0.8}


class Drawn:
    """A scene over arrays."""

    def __init__(self, bands, valid=None, lost=None, brightest=255.0, scales=None):
        first = next(iter(bands.values()))
        self.arrays = bands
        self.bands = {name: number for number, name in enumerate(bands, start=1)}
        self.grid = Grid(first.shape[1], first.shape[0], (1.0, 0.0, 0.0, 0.0, -1.0, 0.0), "")
        self.scales = scales or dict.fromkeys(bands, (1.0, 0.0))
        self.brightest = brightest
        self.valid = np.ones(first.shape, dtype=bool) if valid is None else valid
        self.lost = np.zeros(first.shape, dtype=bool) if lost is None else lost
        self.windows = []

    def read(self, row, column, rows, columns):
        self.windows.append((row, column, rows, columns))
        here = np.s_[row : row + rows, column : column + columns]
        return Pixels({name: a[here] for name, a in self.arrays.items()}, self.valid[here], self.lost[here])


def shapes_of(*found):
    result = np.empty(len(found), dtype=object)
    result[:] = found
    return result


def blobs(count, side, seed=3):
    """Star-shaped polygons with 4 to 30 corners, some with a hole, some of two parts, some over the image's edge."""
    random = np.random.default_rng(seed)
    made = []
    for number in range(count):
        corners = random.integers(4, 31)
        turn = np.sort(random.uniform(0, 2 * np.pi, corners))
        reach = random.uniform(1, 9, corners)
        shape = shapely.Polygon(
            random.uniform(0, side, 2) + np.column_stack([np.cos(turn), np.sin(turn)]) * reach[:, None]
        )
        if not shape.is_valid:
            shape = shape.convex_hull
        if number % 3 == 0:
            shape = shape.difference(shape.centroid.buffer(0.7))
        if number % 4 == 0:
            shape = shape.union(shapely.box(*(shape.bounds[2:]), *(np.add(shape.bounds[2:], 2.25))))
        made.append(shape)
    return shapes_of(*made)


def theirs(shapes, values, what):
    high, wide = values.shape
    flipped = shapely.transform(shapes, lambda xy: xy * (1.0, -1.0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return exact_extract(
            NumPyRasterSource(values, 0, -high, wide, 0),
            gpd.GeoDataFrame(geometry=flipped, crs="EPSG:4525"),
            what,
            output="pandas",
        )


def test_shares_equal_exactextracts():
    side = 60
    shapes = blobs(150, side)
    cells = covered_cells(shapes, 0, 0, side, side)
    found = theirs(shapes, np.zeros((side, side)), ["cell_id", "coverage"])
    for number in range(len(shapes)):
        mine = cells.parcel == number
        dense = np.zeros(side * side)
        dense[cells.row[mine] * side + cells.column[mine]] = cells.share[mine]
        other = np.zeros(side * side)
        other[found["cell_id"][number]] = found["coverage"][number]
        assert np.abs(dense - other).max() < 1e-7  # it keeps shares in single precision


def test_shares_add_up_to_the_area_within_the_window():
    shapes = blobs(80, 40, seed=8)
    cells = covered_cells(shapes, 5, 7, 20, 25)
    assert cells.share.min() > 0
    assert cells.share.max() <= 1
    inside = shapely.area(shapely.intersection(shapes, shapely.box(7, 5, 32, 25)))
    summed = np.bincount(cells.parcel, weights=cells.share, minlength=len(shapes))
    assert np.allclose(summed, inside, atol=1e-7)
    assert ((cells.row < 20) & (cells.column < 25)).all()


def test_borders_on_the_lines_of_the_grid_cover_whole_pixels():
    cells = covered_cells(shapes_of(shapely.box(2, 1, 5, 3), shapely.box(5, 1, 6, 2)), 0, 0, 9, 9)
    assert cells.share.tolist() == [1.0] * 7
    assert cells.column.tolist() == [2, 3, 4, 2, 3, 4, 5]


def test_means_and_medians_equal_exactextracts():
    side, random = 60, np.random.default_rng(5)
    values = random.uniform(-1, 1, (side, side))
    shapes = blobs(150, side)
    found = theirs(shapes, values, ["cell_id", "coverage", "mean", "median"])
    sizes = found["cell_id"].map(len).to_numpy()
    parcel = np.repeat(np.arange(len(shapes)), sizes)
    cell, share = np.concatenate(found["cell_id"].to_list()), np.concatenate(found["coverage"].to_list())
    known = values.ravel()[cell]
    some = sizes > 0
    assert np.allclose(means(parcel, known, share, 150)[some], found["mean"][some], atol=1e-12)
    assert np.allclose(medians(parcel, known, share, 150)[some], found["median"][some], atol=1e-9)
    (ours,) = measure(shapes, [Drawn({"height": values})], COVER, **LEAST)
    assert np.allclose(ours["image_height_mean"][some], found["mean"][some], atol=1e-6)


def test_turned_image_gives_what_the_straight_one_gives():
    angle, size = 0.3, 10.0
    a, b = size * np.cos(angle), size * np.sin(angle)
    grid = Grid(50, 50, (a, b, 5000.0, b, -a, 9000.0), "")
    pixels = blobs(20, 50, seed=2)
    ground = shapely.transform(
        pixels,
        lambda xy: np.column_stack([a * xy[:, 0] + b * xy[:, 1] + 5000, b * xy[:, 0] - a * xy[:, 1] + 9000]),
    )
    assert np.allclose(shapely.area(in_pixels(ground, grid)), shapely.area(pixels), atol=1e-9)
    assert np.allclose(shapely.bounds(in_pixels(ground, grid)), shapely.bounds(pixels), atol=1e-9)


def test_eight_bit_bands_do_not_overflow():
    red, nir = np.full((10, 10), 200, np.uint8), np.full((10, 10), 250, np.uint8)
    (found,) = measure(
        shapes_of(shapely.box(0, 0, 10, 10)), [Drawn({"red": red, "nir": nir})], COVER, **LEAST
    )
    assert found["ndvi_mean"][0] == pytest.approx(50 / 450)
    assert found["ndvi_median"][0] == pytest.approx(50 / 450)
    assert found["brightness_mean"][0] == pytest.approx(200 / 255)


def test_offset_counts_in_an_index():
    bands = {"red": np.full((9, 9), 1500, np.uint16), "nir": np.full((9, 9), 3000, np.uint16)}
    scaled = Drawn(bands, scales=dict.fromkeys(bands, (0.0001, -0.1)), brightest=1.0)
    (found,) = measure(shapes_of(shapely.box(0, 0, 9, 9)), [scaled], COVER, **LEAST)
    assert found["ndvi_mean"][0] == pytest.approx((0.2 - 0.05) / 0.25)


def one(value):
    return np.array([float(value)])


@pytest.mark.parametrize(
    ("red", "green", "blue", "nir", "what"),
    [
        (100, 90, 80, 150, "vegetated"),  # NDVI exactly 0.2
        (100, 90, 80, 149, "bare"),  # redness 0.111
        (110, 90, 90, 110, "bare"),  # redness exactly 0.1
        (109, 90, 90, 109, "built"),
        (40, 65, 60, 35, "water"),  # NDWI exactly 0.3
        (200, 200, 198, 172, "built"),
    ],
)
def test_every_pixel_has_one_cover(red, green, blue, nir, what):
    found = covers({"red": one(red), "green": one(green), "blue": one(blue), "nir": one(nir)}, COVER)
    assert {name for name, value in found.items() if value[0] == 1} == {what}
    assert sum(value[0] for value in found.values()) == 1


def test_what_bands_do_not_tell_is_unknown():
    found = covers({"red": one(100), "nir": one(100)}, COVER)
    assert found["vegetated"][0] == 0
    assert np.isnan([found["bare"][0], found["built"][0], found["water"][0]]).all()
    dark = covers({"red": one(0), "green": one(0), "blue": one(0), "nir": one(0)}, COVER)
    assert np.isnan([value[0] for value in dark.values()]).all()
    assert np.isnan(normalised(one(-5), one(3))[0])


def test_short_wave_infrared_gives_ndbi_instead_of_brightness():
    bands = {"red": one(10), "nir": one(20), "swir": one(60)}
    assert indices(bands, 1.0)["ndbi"][0] == pytest.approx(0.5)
    assert set(indices(bands, 1.0)) == {"ndvi", "ndbi"}
    assert set(indices({"red": one(10), "nir": one(20)}, 1.0)) == {"ndvi", "brightness"}


def test_state_of_every_kind_of_parcel(monkeypatch):
    monkeypatch.setattr(imagery, "LARGEST", 30)
    valid = np.ones((60, 60), dtype=bool)
    valid[20:30, :10] = False
    lost = np.zeros((60, 60), dtype=bool)
    lost[50, 50] = True
    scene = Drawn({"height": np.full((60, 60), 3.0)}, valid=valid, lost=lost)
    land = shapes_of(
        shapely.box(0, 0, 10, 10), shapely.box(-5, 10, 5, 20), shapely.box(20, 20, 24, 24), shapely.box(0, 15, 10, 25),
        shapely.box(45, 45, 55, 55), shapely.box(70, 0, 90, 20), shapely.box(0, 0, 40, 40), None,
        shapely.box(-10, 30, -0.0, 40),
    )  # fmt: skip
    (found,) = measure(land, [scene], COVER, **LEAST)
    assert found["image_state"].tolist() == [WHOLE, VEILED, FEW, VEILED, LOST, OFF, HUGE, SHAPELESS, OFF]
    assert found["image_covered_share"][1] == pytest.approx(0.5)
    assert found["image_valid_share"][3] == pytest.approx(0.5)
    assert found["image_tall_share"][0] == 1
    assert found.loc[[4, 5, 6, 7], "image_height_mean"].isna().all()
    (mostly,) = measure(shapes_of(shapely.box(-1, 0, 9, 10)), [scene], COVER, **LEAST)
    assert mostly["image_state"][0] == PART
    assert mostly["image_covered_share"][0] == pytest.approx(0.9)


def test_clouds_are_left_out_and_told():
    cloud = np.zeros((10, 10), np.uint8)
    cloud[:1] = 1
    values = np.where(cloud, 99.0, 2.0)
    scene = Drawn({"height": values, "cloud": cloud})
    (found,) = measure(shapes_of(shapely.box(0, 0, 10, 10)), [scene], COVER, **LEAST)
    assert found["image_cloud_share"][0] == pytest.approx(0.1)
    assert found["image_valid_share"][0] == pytest.approx(0.9)
    assert found["image_height_mean"][0] == pytest.approx(2.0)


def test_marks_of_clouds_are_not_brought_to_a_unit():
    cloud = np.ones((10, 10), np.uint8)
    scene = Drawn(
        {"height": np.full((10, 10), 2.0), "cloud": cloud},
        scales={"height": (1e-4, -0.1), "cloud": (1e-4, -0.1)},
    )
    (found,) = measure(shapes_of(shapely.box(0, 0, 10, 10)), [scene], COVER, **LEAST)
    assert (found["image_cloud_share"][0], found["image_valid_share"][0]) == (1.0, 0.0)
    assert found["image_state"][0] == VEILED


@pytest.mark.parametrize(("nir", "red"), [(0.02, -0.01), (-0.01, 0.02), (0.0, 0.0)])
def test_an_index_of_negative_reflectance_is_unknown(nir, red):
    assert np.isnan(normalised(np.array([nir]), np.array([red]))).all()


def test_windows_make_no_difference_and_only_land_is_read(monkeypatch):
    random = np.random.default_rng(1)
    bands = {
        name: random.integers(1, 255, (200, 200)).astype(np.uint8) for name in ("red", "green", "blue", "nir")
    }
    land = shapes_of(*blobs(40, 60), shapely.box(150.5, 150.5, 160, 161))
    whole = Drawn(bands)
    (at_once,) = measure(land, [whole], COVER, **LEAST)
    monkeypatch.setattr(imagery, "TILE", 16)
    pieces = Drawn(bands)
    (by_pieces,) = measure(land, [pieces, pieces], COVER, **LEAST)[:1]
    assert len(pieces.windows) > 10
    assert sum(rows * columns for _, _, rows, columns in pieces.windows) < 2 * 200 * 200
    assert np.allclose(
        at_once.drop(columns="image_state").astype(float),
        by_pieces.drop(columns="image_state").astype(float),
        equal_nan=True,
    )


def test_change_is_unknown_where_one_date_is_unsound():
    scene = Drawn({"height": np.full((30, 30), 3.0)})
    other = Drawn({"height": np.full((30, 30), 8.0)}, lost=np.pad([[True]], ((0, 29), (0, 29))))
    land = shapes_of(shapely.box(0, 0, 9, 9), shapely.box(10, 10, 20, 20))
    before, after = measure(land, [scene, other], COVER, **LEAST)
    change = image_changes(before, after)["image_height_change"]
    assert np.isnan(change[0])
    assert change[1] == pytest.approx(5.0)
