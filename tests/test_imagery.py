"""Images from file to folder: what is read, what is told, what is written, and that no verdict moves."""

import csv
import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from bureau import CODES, check, delivery
from frames import make_parcels
from PIL import Image
from rasterio.errors import RasterioError
from rasterio.transform import Affine
from writers import EAST, NORTH

from landeval.errors import ConfigurationError
from landeval.image_evidence import see, with_images
from landeval.measure.chips import chips
from landeval.measure.imagery import measure
from landeval.measure.spectral import Cover
from landeval.publish.image_chips import write_chips
from landeval.publish.tables import write_tables
from landeval.read.raster import inspect_raster
from landeval.read.scene import open_scene
from landeval.settings.load import load_project
from landeval.sources import Source
from landeval.standards.rules import shipped

GREEN, SOIL, ROOF = (46, 76, 56, 168), (92, 120, 152, 168), (200, 200, 198, 172)
NAMES = ("blue", "green", "red", "nir")


def write_tiff(path, values, *, names=NAMES, epsg=4546, pixel=4.0, **profile):
    """Write bands (band, row, column) around the parcels of ``bureau``."""
    count, high, wide = values.shape
    corner = Affine(pixel, 0, EAST - 100, 0, -pixel, NORTH + 300)
    base = {
        "driver": "GTiff",
        "width": wide,
        "height": high,
        "count": count,
        "dtype": values.dtype,
        "transform": corner,
    }
    with rasterio.open(path, "w", **base, crs=f"EPSG:{epsg}", **profile) as image:
        image.write(values)
        for number, name in enumerate(names, start=1):
            image.set_band_description(number, name)
    return path


def ground(*colours, wide=160, high=110):
    """Paint the ground of one parcel after another (25 pixels from the 25th, 75th … on); green elsewhere."""
    values = np.empty((4, high, wide), dtype=np.uint8)
    values[:] = np.array(GREEN, dtype=np.uint8)[:, None, None]
    for number, colour in enumerate(colours):
        values[:, :, 20 + 50 * number : 55 + 50 * number] = np.array(colour, dtype=np.uint8)[:, None, None]
    return values


@pytest.fixture(scope="module")
def two_dates(tmp_path_factory):
    """Three parcels: built all along, built between the dates, fallen idle between them."""
    folder = tmp_path_factory.mktemp("影像")
    given = delivery(folder)
    before = write_tiff(folder / "影像_2022.tif", ground(ROOF, GREEN, ROOF))
    after = write_tiff(folder / "影像_2024.tif", ground(ROOF, ROOF, GREEN))
    toml = folder / "landeval.toml"
    toml.write_text(
        f'as_of = 2024-12-31\n[[imagery]]\npath = "{before.name}"\ndate = 2022-05-01\n'
        f'[[imagery]]\npath = "{after.name}"\ndate = 2024-05-01\n',
        "utf-8",
    )
    from landeval import evaluate

    return evaluate(load_project(toml, **given)), check(**given)


def test_two_dates_tell_what_was_built_and_what_fell_idle(two_dates):
    result, _ = two_dates
    seen = result.imagery.evidence
    assert seen["image_evidence"].tolist() == ["有建设", "有建设", "疑似停用"]
    assert seen["image_change"].tolist() == ["无明显变化", "新增建设", "植被恢复"]
    assert set(result.issues.loc[result.issues["code"] == "E568", "record_key"]) <= {CODES[2]}
    assert seen["image_built_share"].tolist() == pytest.approx([1, 1, 0], abs=1e-3)


def test_no_verdict_moves(two_dates):
    result, without = two_dates
    same = [name for name in without.status.columns if name != "questions"]
    assert result.status[same].equals(without.status[same])
    assert result.findings.equals(without.findings)
    assert result.zones.drop(columns="geometry").equals(without.zones.drop(columns="geometry"))
    assert without.imagery is None
    assert not {name for name in without.parcels.columns if name.startswith("image_")}


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_what_is_written(two_dates, tmp_path):
    result, _ = two_dates
    write_tables(result, tmp_path, only=("imagery", "imagery_change", "parcels"))
    rows = rows_of(tmp_path / "imagery.csv")
    assert len(rows) == 6
    assert {row["拍摄日期"] for row in rows} == {"2022-05-01", "2024-05-01"}
    pairs = rows_of(tmp_path / "imagery_change.csv")
    assert [row["影像变化"] for row in pairs] == ["无明显变化", "新增建设", "植被恢复"]
    parcels = rows_of(tmp_path / "parcels.csv")
    assert [row["影像旁证"] for row in parcels] == ["有建设", "有建设", "疑似停用"]


def test_pictures_show_the_outline_and_name_no_path(tmp_path):
    source = Source("imagery", write_tiff(tmp_path / "影像_2022.tif", ground(ROOF)))
    land = np.array([shapely.box(25, 50, 50, 75), shapely.box(900, 900, 950, 950), None], dtype=object)
    with open_scene(source, inspect_raster(source)) as scene:
        found = chips(land, ["../甲 1", "乙", "丙"], scene, "2022")
    assert [chip.parcel_id for chip in found] == ["../甲 1"]
    (path,) = write_chips([*found, *found], tmp_path / "图")
    assert path.name == ".._甲_1.png"
    with Image.open(path) as picture:
        assert 400 < picture.width < 700
        assert (255, 235, 0) in {colour for _, colour in picture.convert("RGB").getcolors(10_000)}
    again = write_chips([*found, *found], tmp_path / "再来")[0]
    assert again.read_bytes() == path.read_bytes()


def inspected(path, **settings):
    return inspect_raster(Source("imagery", path, **settings))


def test_bands_by_description_by_setting_and_never_guessed(tmp_path):
    path = write_tiff(tmp_path / "甲.tif", ground(), names=("蓝", "Green ", "红波段", "近红外"))
    assert dict(inspected(path).bands) == {"blue": 1, "green": 2, "red": 3, "nir": 4}
    assert dict(inspected(path, bands={"red": 1, "nir": 2}).bands) == {"red": 1, "nir": 2}
    silent = write_tiff(tmp_path / "乙.tif", ground(), names=())
    assert dict(inspected(silent).bands) == {}
    assert "E560" in set(inspected(silent).issues["code"])
    twice = write_tiff(tmp_path / "丙.tif", ground(), names=("red", "red", "nir"))
    assert dict(inspected(twice).bands) == {}
    flat = write_tiff(tmp_path / "丁.tif", ground()[:1], names=())
    assert dict(inspected(flat, kind="高度").bands) == {"height": 1}


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("影像_2022.tif", "2022"), ("naip_m_4709963_20180716.tif", "2018"), ("2018-10-13_B02.tif", "2018"),
        ("2020至2022.tif", ""), ("LT52240631988227.tif", ""), ("VIIRS_201401.tif", ""), ("影像.tif", ""),
    ],
)  # fmt: skip
def test_year_of_a_file_name_is_told_as_a_guess(tmp_path, name, taken):
    found = inspected(write_tiff(tmp_path / name, ground()))
    assert found.taken == taken
    assert ("E561" in set(found.issues["code"])) == bool(taken)
    assert ("E562" in set(found.issues["code"])) == (not taken)
    said = inspected(tmp_path / name, taken_on=dt.date(2021, 3, 1))
    assert said.taken == "2021-03-01"
    assert not {"E561", "E562"} & set(said.issues["code"])


def test_nodata_scale_and_raw_numbers(tmp_path):
    values = np.full((1, 50, 50), 4000, dtype=np.uint16)
    values[:, :10] = 0
    path = write_tiff(tmp_path / "影像.tif", values, names=("height",))
    source = Source("imagery", path, nodata=0.0, scale=0.01, offset=-10.0)
    with open_scene(source, inspect_raster(source)) as scene:
        pixels = scene.read(5, 0, 10, 50)
        assert pixels.is_valid.sum(axis=1).tolist() == [0] * 5 + [50] * 5
        assert scene.scales == {"height": (0.01, -10.0)}
    assert "E574" in set(inspected(write_tiff(tmp_path / "灰度.tif", ground())).issues["code"])
    assert "E574" not in set(inspected(tmp_path / "灰度.tif", scale=0.0001).issues["code"])


def test_lost_blocks_are_found_one_by_one(tmp_path):
    random = np.random.default_rng(1)
    values = random.integers(1, 255, (1, 256, 256)).astype(np.uint8)
    path = write_tiff(
        tmp_path / "影像.tif",
        values,
        names=("height",),
        tiled=True,
        blockxsize=64,
        blockysize=64,
        compress="deflate",
    )
    body = bytearray(path.read_bytes())
    middle = len(body) // 2
    body[middle : middle + 3000] = bytes(3000)
    path.write_bytes(body)
    source = Source("imagery", path)
    raster = inspect_raster(source)
    assert 1 <= raster.facts["unreadable_blocks"] <= 3
    with open_scene(source, raster) as scene:
        pixels = scene.read(0, 0, 256, 256)
        assert pixels.is_lost.sum() == raster.facts["unreadable_blocks"] * 64 * 64
        assert (pixels.values["height"][~pixels.is_lost] == values[0][~pixels.is_lost]).all()
        assert not pixels.is_valid[pixels.is_lost].any()


def masked(path, hidden, **profile):
    """Write one band of 64-pixel blocks with a mask inside the file that hides some rows."""
    values = np.random.default_rng(1).integers(1, 255, (1, 256, 256)).astype(np.uint8)
    tiled = {"tiled": True, "blockxsize": 64, "blockysize": 64, "compress": "deflate"}
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        write_tiff(path, values, names=("height",), **tiled, **profile)
        with rasterio.open(path, "r+") as image:
            mask = np.full((256, 256), 255, dtype=np.uint8)
            mask[hidden] = 0
            image.write_mask(mask)
    return path


def test_a_mask_counts_beside_a_value_for_no_data(tmp_path):
    source = Source("imagery", masked(tmp_path / "影像.tif", np.s_[:100]), nodata=255.0)
    with open_scene(source, inspect_raster(source)) as scene:
        assert scene.read(0, 0, 256, 256).is_valid.sum() == 156 * 256


def test_a_mask_counts_where_another_block_is_damaged(tmp_path):
    path = masked(tmp_path / "影像.tif", np.s_[:, 192:])
    body = bytearray(path.read_bytes())
    body[3000:3600] = bytes(600)  # within the first blocks of the band
    path.write_bytes(body)
    source = Source("imagery", path)
    raster = inspect_raster(source)
    assert raster.facts["unreadable_blocks"] >= 1
    with open_scene(source, raster) as scene:
        pixels = scene.read(0, 0, 256, 256)
    assert pixels.is_lost.any()
    assert not pixels.is_valid[:, 192:].any()
    assert pixels.is_valid[:, :192].sum() == (~pixels.is_lost[:, :192]).sum()


def test_a_damaged_mask_loses_its_blocks_and_does_not_stop_the_run(tmp_path, monkeypatch):
    source = Source("imagery", masked(tmp_path / "影像.tif", np.s_[:10]))
    raster = inspect_raster(source)
    with open_scene(source, raster) as scene:
        whole = scene._image

        class Broken:
            def __getattr__(self, name):
                return getattr(whole, name)

            def dataset_mask(self, window):
                if window.row_off + window.height > 192:
                    raise RasterioError("坏块")
                return whole.dataset_mask(window=window)

        scene._image = Broken()
        pixels = scene.read(0, 0, 256, 256)
    assert pixels.is_lost[192:].all()
    assert not pixels.is_lost[:192].any()
    assert pixels.is_valid.sum() == 182 * 256


def test_old_datum_is_not_measured_unless_accepted(tmp_path):
    given = delivery(tmp_path)
    path = write_tiff(tmp_path / "影像.tif", ground(), epsg=2382)  # Xian 80, 3°, 111°
    found = check(**given, imagery=path)
    assert found.imagery is None
    assert found.issues.query("code == 'E571'")["what"].str.contains("西安80").all()
    assert (found.issues["code"] == "E571").sum() == 1


@pytest.mark.parametrize(
    "line", ["bands = { roof = 1 }", 'date = "去年"', 'kind = "雷达"', "scale = 0", 'offset = "1"']
)
def test_wrong_setting_is_refused(tmp_path, line):
    given = delivery(tmp_path)
    write_tiff(tmp_path / "影像.tif", ground())
    toml = tmp_path / "landeval.toml"
    toml.write_text(f'[[imagery]]\npath = "影像.tif"\n{line}\n', "utf-8")
    with pytest.raises(ConfigurationError):
        load_project(toml, **given)


def seen_by(path, *boxes, status="关注", as_of=dt.date(2024, 12, 31), questions="", **settings):
    """See parcels, given as boxes in pixels of ``write_tiff``, in one image; returns what is seen, issues, status."""
    plane = [
        shapely.transform(shapely.box(*box), lambda xy: xy * (4.0, -4.0) + (EAST - 100, NORTH + 300))
        for box in boxes
    ]
    land = gpd.GeoSeries(plane, crs="EPSG:4546").to_crs("EPSG:4490")
    parcels = make_parcels(*({"geometry": shape, "area_measured_m2": 1.0} for shape in land))
    judged = pd.DataFrame(
        {"status": status, "is_candidate": True, "priority": 1, "questions": questions}, index=parcels.index
    )
    source = Source("imagery", path, **{"taken_on": dt.date(2024, 5, 1), **settings})
    raster = inspect_raster(source)
    seen, told = see([source], [raster], parcels, judged, shipped(), 2024, as_of, accept_ballpark=False)
    return seen, told, with_images(parcels, judged, seen)


def test_every_state_of_a_parcel_is_told_with_its_share(tmp_path):
    values = ground(ROOF, ROOF, ROOF)
    values[:, 60:80, 80:100] = 0
    path = write_tiff(tmp_path / "影像.tif", values, nodata=0)
    seen, told, _ = seen_by(
        path, (20, 20, 40, 40), (-2, 20, 18, 40), (82, 50, 98, 78), (30, 50, 33, 53), (300, 0, 320, 20)
    )
    assert seen.evidence["image_state"].tolist() == ["正常", "部分覆盖", "无数据过多", "像元过少", ""]
    assert len(seen.figures) == 4  # whoever lies outside has no row
    said = told.set_index("code")
    assert (
        said.loc["E563", "record_key"],
        said.loc["E573", "record_key"],
        said.loc["E564", "record_key"],
    ) == ("P2", "P3", "P4")
    assert said.loc["E563", "what"].endswith("：90.0%")
    assert said.loc["E573", "what"].endswith("：35.7%")
    assert seen.evidence["image_evidence"].tolist() == ["有建设", "疑似未建设", "", "", ""]


def test_question_joins_the_others_and_the_class_stays(tmp_path):
    path = write_tiff(tmp_path / "影像.tif", ground(ROOF))
    _, told, (parcels, status) = seen_by(
        path, (25, 50, 50, 75), (75, 50, 100, 75), status="涉嫌闲置(未动工)", questions="动工日期存疑"
    )
    assert told["code"].tolist() == ["E567"]
    assert status["status"].tolist() == ["涉嫌闲置(未动工)"] * 2
    assert (
        status["questions"]
        .iloc[0]
        .startswith(
            "动工日期存疑；台账没有动工记录或动工晚于影像，影像上已有建设：影像.tif（2024-05-01）有建设"
        )
    )
    assert status["questions"].iloc[1] == "动工日期存疑"
    assert parcels["image_evidence"].tolist() == ["有建设", "疑似未建设"]


def test_image_after_the_day_is_measured_and_no_witness(tmp_path):
    path = write_tiff(tmp_path / "影像.tif", ground(ROOF))
    seen, told, _ = seen_by(path, (25, 50, 50, 75), status="涉嫌闲置(未动工)", as_of=dt.date(2024, 4, 30))
    assert told["code"].tolist() == ["E569"]
    assert seen.figures["image_built_share"].tolist() == [1.0]
    assert seen.evidence["image_evidence"].tolist() == [""]
    assert seen.chips == ()


BANDS = {"red": 1, "green": 2, "blue": 3, "nir": 4}
LANDSAT = {"red": 3, "green": 2, "blue": 1, "nir": 4, "swir": 5}


def over(shared_data, name, *, settings, **more):
    """Measure a real scene under a grid of 8 × 8 squares."""
    source = Source("imagery", shared_data / "rasters" / name, **settings)
    raster = inspect_raster(source)
    with open_scene(source, raster) as scene:
        high, wide = scene.grid.height / 8, scene.grid.width / 8
        at = np.arange(64)
        land = shapely.box(at % 8 * wide, at // 8 * high, (at % 8 + 0.97) * wide, (at // 8 + 0.97) * high)
        cover = Cover(0.2, 0.3, 0.1, 2.5)
        (found,) = measure(land, [scene], cover, least_pixels=20.0, least_valid=0.8)
    return raster, found


@pytest.mark.real_data
def test_real_ndvi_is_in_a_plausible_range(shared_data):
    _, naip = over(shared_data, "naip_4band_m_4709963_20180716.tif", settings={"bands": BANDS})
    assert naip["ndvi_median"].median() == pytest.approx(0.335, abs=0.01)  # summer fields beside a lake
    assert naip["ndvi_median"].between(-1, 0.7).all()  # −0.96 over the lake
    assert naip["image_water_share"].max() > 0.5
    _, landsat = over(shared_data, "landsat7_L7_ETMs.tif", settings={"bands": LANDSAT})
    assert landsat["ndvi_median"].median() == pytest.approx(-0.06, abs=0.02)  # digital numbers, a city
    assert landsat["ndvi_median"].between(-0.7, 0.5).all()
    assert landsat["ndbi_mean"].notna().all()
    assert landsat["brightness_mean"].isna().all()


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "settings", "codes", "states"),
    [
        ("rasterio_all-nodata.tif", {"bands": {"height": 1}}, {"E183"}, {"无数据过多": 64}),
        ("rasterio_corrupt.tif", {"bands": {"height": 1}}, {"E181"}, {"正常": 48, "影像损坏": 16}),
        ("rasterio_rotated.tif", {"bands": {"height": 1}, "crs": "EPSG:32618"}, {"E182"}, {"像元过少": 64}),
        ("rasterio_float_nan.tif", {"bands": {"height": 1}, "crs": "EPSG:32618"}, set(), None),
        ("nightlights_VIIRS_201401_STP.tif", {"bands": {"night": 1}}, set(), None),
        ("rasterio_RGB.byte.tif", {"bands": {"red": 1, "green": 2, "blue": 3}}, {"E560"}, None),
    ],
)
def test_awkward_real_files_give_numbers_or_are_told(shared_data, name, settings, codes, states):
    raster, found = over(shared_data, name, settings=settings)
    assert codes <= set(raster.issues["code"])
    if states:
        assert found["image_state"].value_counts().to_dict() == states
    lost = found["image_state"] == "影像损坏"
    assert found.loc[lost, "image_pixels"].isna().all()
    assert found.loc[~lost, "image_valid_share"].between(0, 1 + 1e-9).all()
