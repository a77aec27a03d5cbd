"""What lies over and under the parcels: blocks and layers, pictures, basemaps; and nothing is asked for unless wanted."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from PIL import Image
from publish.test_map import HOSTILE, Scripts, Watched, browser_test, context, make_result
from rasterio.warp import transform

from landeval.errors import ConfigurationError
from landeval.map_settings import BASEMAPS, MapSettings, as_told, map_settings
from landeval.picture import Picture
from landeval.publish.map import overlays as over
from landeval.publish.map import pictures as shown
from landeval.publish.map import render_map, write_map
from landeval.result import Result
from landeval.standards.overlays import EFFECTS
from landeval.tidy.gcj02 import shifted

__all__ = ["context"]
KEY = "0123456789abcdef0123456789abcdef"


def picture(taken: str = "2024-10-15", **changes: Any) -> Picture:
    """Make a picture with a red north-western and a blue south-eastern corner, the rest grey, over the park."""
    rgba = np.full((120, 160, 4), 128, dtype=np.uint8)
    rgba[..., 3] = 255
    rgba[:20, :20, :3], rgba[-20:, -20:, :3] = (255, 0, 0), (0, 0, 255)
    xs, ys = transform("EPSG:4490", "EPSG:3857", [110.56, 110.60], [27.045, 27.075])
    one = Picture(f"影像_{taken[:4]}.tif", taken, rgba, (xs[0], ys[0], xs[1], ys[1]), 25.0, 4.0)
    return dataclasses.replace(one, **changes)


def layer(name: str, effect: str, shapes: list[Any], uses: list[Any] | None = None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "overlay_name": name,
            "overlay_effect": effect,
            "overlay_use": uses or [None] * len(shapes),
            "geometry": shapes,
        }
    )


@pytest.fixture(scope="module")
def result() -> Result:
    made = make_result(4)
    parcels = np.array(made.parcels.geometry, dtype=object)
    blocks = gpd.GeoDataFrame(
        {
            "block_code": ["LP001", "LP002", "LP003"], "is_block_large": pd.Series([True, None, False], dtype="object"),
            "block_parcels": [3, 1, 1], "area_mu": [45.256, None, 3.0], "block_unknown": [0, 1, 0],
            "block_owners": [2, 1, 1], "block_classes": ["低效候选 3 宗", "关注 1 宗", "关注 1 宗"],
            "block_routes": [None, None, None], "block_places": ["甲社区", None, None],
        }, geometry=[shapely.union_all(parcels[:6]), parcels[20], parcels[30]], crs="EPSG:4490",
    )  # fmt: skip
    holed = shapely.box(110.565, 27.06, 110.575, 27.066).difference(
        shapely.box(110.568, 27.062, 110.57, 27.064)
    )
    far = shapely.box(112, 28, 112.1, 28.1)
    drawn = [
        layer("虚构永久基本农田", "永久基本农田", [holed, None, far]),
        layer("虚构道路", "道路", [shapely.LineString([(110.56, 27.06), (110.59, 27.065)])]),
        layer("虚构规划", "规划用途", [shapely.box(110.57, 27.05, 110.58, 27.06)], ["商业用地"]),
    ]
    frame = gpd.GeoDataFrame(pd.concat(drawn, ignore_index=True), geometry="geometry", crs="EPSG:4490")
    pictures = (
        picture("2022"),
        picture(),
        picture("", rgba=np.zeros((0, 0, 4), np.uint8), why_not="不在宗地范围内"),
    )
    return dataclasses.replace(made, blocks=blocks, overlay_shapes=frame, pictures=pictures)


def degrees(steps: list[int]) -> np.ndarray:
    numbers = np.array(steps).reshape(-1, 2)
    return np.cumsum((numbers >> 1) ^ -(numbers & 1), axis=0) / 1e7


def test_layers_are_the_results_own(result):
    found = Scripts(render_map(result)).data["overlays"]
    assert [(one["name"], len(one["features"])) for one in found] == [
        ("连片地块", 2), ("虚构永久基本农田", 1), ("虚构道路", 1), ("虚构规划", 1),
    ]  # fmt: skip
    large, unknown = found[0]["features"]
    assert large["facts"][:2] == [["评价面积(亩)", 45.256], ["宗数", "3"]]
    assert unknown["facts"][0] == ["评价面积(亩)", None]
    farmland = found[1]["features"][0]
    rings = [shapely.Polygon(degrees(line)) for line in farmland["lines"]]
    drawn = rings[0].symmetric_difference(rings[1])
    assert shapely.equals_exact(
        drawn.normalize(), result.overlay_shapes.geometry[0].normalize(), tolerance=5e-8
    )
    assert not found[2]["features"][0]["is_area"]
    assert found[3]["features"][0]["label"] == "虚构规划 商业用地"


def test_every_effect_has_a_line_that_dashes_or_width_tell_apart():
    assert set(over.palette.LINES) == {over.BLOCKS, *EFFECTS}
    looks = {(line.weight, line.dash) for line in over.palette.LINES.values()}
    assert len(looks) == len(over.palette.LINES)


def test_dense_layer_is_coarser_and_says_so(result, monkeypatch):
    monkeypatch.setattr(over, "MOST_POINTS", 200)
    ring = shapely.Point(110.57, 27.06).buffer(0.004, quad_segs=400)
    frame = gpd.GeoDataFrame(layer("虚构红线", "生态保护红线", [ring]), geometry="geometry", crs="EPSG:4490")
    (found,) = Scripts(
        render_map(dataclasses.replace(result, blocks=pd.DataFrame(), overlay_shapes=frame))
    ).data["overlays"]
    assert len(found["features"][0]["lines"][0]) // 2 <= 200
    assert re.search(r"已简化到约 \d+ 米，只作示意", found["note"])


def test_pictures_hold_to_the_limit_and_say_what_was_reduced(monkeypatch):
    noise = np.random.default_rng(1).integers(0, 255, (600, 600, 4)).astype(np.uint8)
    monkeypatch.setattr(shown, "LIMIT_BYTES", 60_000)
    (found,) = shown.pictures([picture(rgba=noise)])
    assert len(found["address"]) * 3 / 4 <= 60_100
    assert found["note"].startswith("影像_2024.tif，像元 ")
    assert "原影像 4 米" in found["note"]
    assert shown.pictures([picture()]) == shown.pictures([picture()])


@browser_test
def test_layers_pictures_and_labels_by_click(context, result, tmp_path):
    write_map(result, tmp_path / "a.html")
    seen = Watched(context, tmp_path / "a.html")
    assert seen.page.locator(".leaflet-overlays-pane path").count() == 0
    seen.page.click("#layers-button")
    for name, count in (("连片地块", 2), ("虚构永久基本农田", 3), ("虚构道路", 4)):
        seen.page.click(f"#layers li:has-text('{name}') label")
        assert seen.page.locator(".leaflet-overlays-pane path").count() == count
    label = seen.page.locator(".overlay-label:has-text('LP001')")
    assert "45.26 亩" in label.inner_text()
    seen.page.click("#layers-button")
    label.click()
    card = seen.text(".leaflet-popup-content")
    assert "低效候选 3 宗" in card
    assert "甲社区" in card
    seen.page.click(".leaflet-popup-close-button")
    seen.page.click("#layers-button")
    seen.page.click("#layers li:has-text('2024-10-15') label")
    image = seen.page.locator(".leaflet-imagery-pane img")
    assert image.count() == 1
    corners = image.evaluate(
        "image => { const {map} = landeval, box = image.getBoundingClientRect(), all = map.getContainer().getBoundingClientRect();"
        "return [[box.left, box.top], [box.right, box.bottom]].map(([x, y]) => {"
        "const at = map.options.crs.project(map.containerPointToLatLng([x - all.left, y - all.top])); return [at.x, at.y]; }); }"
    )
    west, south, east, north = result.pictures[1].bounds
    pixel = (east - west) / image.evaluate("image => image.getBoundingClientRect().width")
    assert np.abs(np.array(corners) - [[west, north], [east, south]]).max() < pixel
    assert seen.page.locator("#layers input[name=picture]").nth(3).is_disabled()
    assert "不在宗地范围内" in seen.text("#layers")
    assert seen.problems == []


@browser_test
def test_hostile_layer_names_stay_text(context, result, tmp_path):
    texts = list(HOSTILE.values())
    parts = [layer(text, EFFECTS[row % len(EFFECTS)], [shapely.Point(110.57, 27.06).buffer(0.001 * (row + 1))], [text])
             for row, text in enumerate(texts)]  # fmt: skip
    frame = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs="EPSG:4490")
    pictures = (picture(texts[4], name=texts[5]),)
    write_map(dataclasses.replace(result, overlay_shapes=frame, pictures=pictures), tmp_path / "a.html")
    seen = Watched(context, tmp_path / "a.html")
    seen.page.click("#layers-button")
    for box in seen.page.locator("#layers input").all():
        box.check()
    told = seen.page.eval_on_selector_all("#layers .name", "all => all.map(e => e.firstChild.textContent)")
    for text in (HOSTILE["image"], HOSTILE["expression"], HOSTILE["backtick"]):
        assert text in told
    assert seen.page.evaluate("() => window.hit") is None
    assert seen.problems == []


# ---- basemaps ----


def policy_of(text: str) -> str:
    return re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]  # type: ignore[index]


@pytest.mark.parametrize("name", ["", *BASEMAPS])
def test_policy_allows_the_basemap_and_nothing_else(result, name):
    tiles = "瓦片/{z}/{x}/{y}.png" if name == "本地瓦片" else ""
    text = render_map(dataclasses.replace(result, map_settings=MapSettings(basemap=name, tiles=tiles)))
    hosts = set(re.findall(r"https?://([^\s;]+)", policy_of(text)))
    assert hosts == {
        "": set(), "本地瓦片": set(), "高德": {f"webrd0{at}.is.autonavi.com" for at in range(1, 5)},
    }.get(name, {f"t{at}.tianditu.gov.cn" for at in range(8)})  # fmt: skip
    assert "connect-src 'none'" in policy_of(text)
    assert "unsafe-eval" not in text
    if name:
        assert "示意" in Scripts(text).data["basemap"]["note"]


def test_key_is_in_the_page_only_where_it_was_given(result):
    asked = Scripts(render_map(dataclasses.replace(result, map_settings=MapSettings(basemap="天地图")))).data[
        "basemap"
    ]
    assert asked["wants_key"]
    assert all("tk={key}" in address for address in asked["addresses"])
    settings = MapSettings(basemap="天地图影像", tianditu_key=KEY)
    given = Scripts(render_map(dataclasses.replace(result, map_settings=settings))).data["basemap"]
    assert not given["wants_key"]
    assert all(address.endswith(f"tk={KEY}") for address in given["addresses"])
    assert KEY not in str(as_told(settings))


@pytest.mark.parametrize(
    "section",
    [
        {"basemap": "谷歌"}, {"imagery": "是"}, {"basemap": "本地瓦片"}, {"basemap": "本地瓦片", "tiles": "https://h/{z}/{x}/{y}"},
        {"basemap": "本地瓦片", "tiles": "/a/{z}/{x}/{y}.png"}, {"basemap": "本地瓦片", "tiles": "a/{z}/{x}.png"},
        {"tianditu_key": KEY}, {"basemap": "天地图", "tianditu_key": "短"}, {"tiles_zoom": 18}, {"zoom": 3},
        {"basemap": "本地瓦片", "tiles": "a/{z}/{x}/{y}.png", "tiles_zoom": 40},
    ],
)  # fmt: skip
def test_settings_that_cannot_be_used_are_refused(section):
    with pytest.raises(ConfigurationError) as refused:
        map_settings(section, "landeval.toml [map]")
    assert KEY not in str(refused.value)


@browser_test
def test_local_tiles_are_shown_beside_the_page(context, result, tmp_path):
    settings = MapSettings(basemap="本地瓦片", tiles="瓦片/{z}/{x}/{y}.png", tiles_zoom=3)
    write_map(dataclasses.replace(result, map_settings=settings), tmp_path / "地图.html")
    for column in range(8):
        (tmp_path / "瓦片" / "3" / str(column)).mkdir(parents=True)
        for row in range(8):
            Image.new("RGB", (256, 256), (20, 200, 20)).save(
                tmp_path / "瓦片" / "3" / str(column) / f"{row}.png"
            )
    seen = Watched(context, tmp_path / "地图.html")
    assert seen.page.locator(".leaflet-tile-pane img").count() == 0
    seen.page.click("#layers-button")
    seen.page.click("#layers li:has-text('本地瓦片') label")
    seen.page.wait_for_function(
        "() => [...document.querySelectorAll('.leaflet-tile-pane img')].some(img => img.naturalWidth === 256)"
    )
    assert seen.problems == []


@browser_test
def test_amap_tiles_are_moved_back_and_parcels_are_not(context, result, tmp_path):
    """The shift of the page against that of ``tidy``, its inverse by iteration, and where a tile comes to stand."""
    places = np.random.default_rng(5).uniform([109.9, 26.7], [111.1, 27.5], (200, 2))
    places[0] = 110.57, 27.06
    write_map(dataclasses.replace(result, map_settings=MapSettings(basemap="高德")), tmp_path / "a.html")
    context.route("https://**", lambda route: route.abort())
    seen = Watched(context, tmp_path / "a.html")
    assert seen.problems == []
    ours = np.array(
        seen.page.evaluate(
            "places => places.map(([lng, lat]) => { const at = landeval.toGcj(L.latLng(lat, lng)); return [at.lng, at.lat]; })",
            places.tolist(),
        )
    )
    metre = np.array([1 / 99_250, 1 / 110_800])
    assert np.abs((ours - shifted(places)) / metre).max() < 1e-4
    assert (ours - places)[0] / metre == pytest.approx([455, -395], abs=15)
    back = np.array(
        seen.page.evaluate(
            "places => places.map(([lng, lat]) => { let at = L.latLng(lat, lng);"
            "for (let turn = 0; turn < 4; turn += 1) { const there = landeval.toGcj(at);"
            "at = L.latLng(at.lat + lat - there.lat, at.lng + lng - there.lng); } return [at.lng, at.lat]; })",
            ours.tolist(),
        )
    )
    assert np.abs((back - places) / metre).max() < 1e-3
    seen.page.evaluate("() => landeval.map.setView([27.06, 110.57], 17, {animate: false})")
    before = seen.point(3)
    seen.page.click("#layers-button")
    seen.page.click("#layers li:has-text('高德') label")
    assert seen.point(3) == before
    tile = seen.page.locator(".leaflet-tile-pane img").first
    address, x, y = tile.evaluate(
        "img => { const box = img.getBoundingClientRect(), all = landeval.map.getContainer().getBoundingClientRect();"
        "const at = landeval.map.containerPointToLatLng([box.left - all.left, box.top - all.top]); return [img.src, at.lng, at.lat]; }"
    )
    column, row, zoom = (int(re.search(rf"[?&]{name}=(\d+)", address)[1]) for name in "xyz")  # type: ignore[index]
    lon = column / 2**zoom * 360 - 180
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * row / 2**zoom))))
    there = shifted(np.array([[x, y]]))[0]
    assert (
        np.abs((there - [lon, lat]) / metre).max() < 2.5
    )  # a pixel is 1.06 m here, and corners are whole pixels


def test_nothing_is_written_for_who_asks_for_nothing(result, tmp_path):
    plain = dataclasses.replace(result, blocks=pd.DataFrame(), overlay_shapes=pd.DataFrame(), pictures=())
    write_map(plain, tmp_path / "a.html")
    data = Scripts(Path(tmp_path / "a.html").read_text("utf-8")).data
    assert (data["overlays"], data["pictures"], data["basemap"]) == ([], [], None)
