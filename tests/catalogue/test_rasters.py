"""RELIABILITY §4.2, row 71: images that cannot be measured from, each said before anybody does."""

import pytest
from bureau import CODES, assert_same_figures, assert_told, check, delivery
from writers import text_file, tiff

from landeval import evaluate, load_project
from landeval.errors import ConfigurationError, InputRefusedError
from landeval.read.raster import inspect_raster
from landeval.sources import Source

NAME = "影像.tif"


def inspected(path, **settings):
    return inspect_raster(Source("imagery", path, **settings))


def refused(path, **settings):
    with pytest.raises(InputRefusedError) as caught:
        inspected(path, **settings)
    assert path.name in caught.value.where
    assert caught.value.remedy
    return caught.value


def test_row_071_sound_image_is_listed_and_changes_no_number(tmp_path):
    given = delivery(tmp_path)
    result = check(**given, imagery=tiff(tmp_path / NAME))
    (facts,) = [entry for entry in result.meta["inputs"] if entry["table"] == "imagery"]
    assert (facts["file"], facts["width"], facts["crs"], facts["nodata"]) == (NAME, 40, "EPSG:4546", 0)
    assert len(facts["sha256"]) == 64
    assert not {"E180", "E181", "E182", "E183", "E184"} & set(result.issues["code"])
    assert_same_figures(result, check(**given))


def test_row_071_parcels_outside_the_image_are_named(tmp_path):
    image = tiff(tmp_path / NAME, size=(20, 40), pixel=15.0)
    result = check(**delivery(tmp_path), imagery=image)
    assert set(result.issues.loc[result.issues["code"] == "E184", "record_key"]) == {CODES[1], CODES[2]}
    assert_told(
        result.issues, "E184", file="宗地.shp", row=3, raw=NAME, what="按无栅格数据处理", remedy="补充覆盖"
    )


def test_row_071_image_without_system_is_refused_with_the_line_to_write(tmp_path):
    path = tiff(tmp_path / NAME, epsg=None)
    error = refused(path)
    assert (error.code, 'crs = "EPSG:4546"' in error.remedy) == ("E193", True)
    assert inspected(path, crs="EPSG:4546").facts["crs"] == "EPSG:4546"
    assert refused(path, crs="洞口坐标系").code == "E195"


def test_row_071_missing_nodata_is_said_and_can_be_given(tmp_path):
    path = tiff(tmp_path / NAME, nodata=None)
    assert_told(inspected(path).issues, "E180", file=NAME, what="没有写明无数据值", remedy="nodata")
    assert "E180" not in set(inspected(path, nodata=0.0).issues["code"])


def test_row_071_image_of_nothing_but_nodata_is_said(tmp_path):
    assert_told(
        inspected(tiff(tmp_path / NAME, value=0)).issues,
        "E183",
        file=NAME,
        what="全部是无数据值",
        remedy="核对影像",
    )


def test_row_071_truncated_image_tells_how_much_is_lost(tmp_path):
    whole = inspected(tiff(tmp_path / "全.tif"))
    assert whole.facts["unreadable_blocks"] == 0
    cut = inspected(tiff(tmp_path / NAME, size=(400, 400), pixel=2.5, cut=80_000))
    assert_told(cut.issues, "E181", file=NAME, what="读不出", remedy="重新复制")
    assert cut.facts["unreadable_blocks"] > 0


def test_row_071_rotated_image_is_said_and_its_outline_turned(tmp_path):
    image = inspected(tiff(tmp_path / NAME, rotation=5.0))
    assert_told(image.issues, "E182", file=NAME, what="旋转")
    assert image.footprint.area < image.footprint.envelope.area * 0.9


VRT = (
    '<VRTDataset rasterXSize="2000000" rasterYSize="2000000"><VRTRasterBand dataType="Byte" band="1">'
    "<SimpleSource><SourceFilename>/etc/passwd</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
)


def test_row_071_vrt_in_disguise_is_refused_unopened(tmp_path):
    error = refused(text_file(tmp_path / NAME, VRT))
    assert (error.code, "VRT" in error.what) == ("E190", True)


def test_row_071_header_of_terabytes_is_refused(tmp_path):
    error = refused(tiff(tmp_path / NAME, claimed=(2_000_000, 2_000_000)))
    assert error.code == "E191"
    assert "2000000 × 2000000" in error.what


def test_row_071_damaged_header_is_refused(tmp_path):
    assert refused(text_file(tmp_path / NAME, "II*\x00" + "?" * 40)).code == "E192"


def test_row_071_band_numbers_are_checked(tmp_path):
    path = tiff(tmp_path / NAME)
    assert inspected(path, bands={"red": 1}).facts["named_bands"] == {"red": 1}
    assert refused(path, bands={"nir": 4}).code == "E194"


def test_row_071_settings_of_an_image(tmp_path):
    given = delivery(tmp_path)
    tiff(tmp_path / NAME, epsg=None, nodata=None)
    line = f'[[imagery]]\npath = "{NAME}"\ncrs = "EPSG:4546"\nnodata = 0\nbands = {{ red = 1 }}\n'
    project = load_project(text_file(tmp_path / "landeval.toml", 'as_of = "2024-12-31"\n' + line), **given)
    assert "E180" not in set(evaluate(project).issues["code"])
    for wrong in ('bands = { red = "1" }', 'nodata = "0"', 'level = "产业社区"'):
        toml = text_file(tmp_path / "landeval.toml", f'[[imagery]]\npath = "{NAME}"\n{wrong}\n')
        with pytest.raises(ConfigurationError):
            load_project(toml, **given)


@pytest.mark.real_data
def test_row_071_real_images(shared_data):
    folder = shared_data / "rasters"
    assert "E181" in set(inspected(folder / "rasterio_corrupt.tif").issues["code"])
    rotated = folder / "rasterio_rotated.tif"
    assert refused(rotated).code == "E193"
    assert "E182" in set(inspected(rotated, crs="EPSG:32618").issues["code"])
    assert (
        inspected(folder / "landsat7_L7_ETMs.tif", bands={"red": 3, "nir": 4, "swir": 5}).facts["bands"] == 6
    )
