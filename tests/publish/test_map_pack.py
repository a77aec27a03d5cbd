"""Pages of very many parcels: the same shapes and columns as the frames, found by the same click."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from publish.test_map import Watched, browser_test, context, hostile_result, make_result
from shapely import affinity

from landeval.publish.map import layers, pack, render_map, write_map
from landeval.result import MONEY, RATIOS, Result

__all__ = ["context"]


def wholes(planes: bytes, spot: dict[str, int]) -> np.ndarray:
    """Read an array back, as the page does."""
    rows = np.frombuffer(planes, np.uint8, spot["width"] * spot["count"], spot["at"])
    units = 256 ** np.arange(spot["width"], dtype=np.int64)
    return (rows.reshape(spot["width"], spot["count"]).astype(np.int64) * units[:, None]).sum(axis=0)


def unpacked(text: str) -> tuple[dict[str, Any], bytes]:
    block = base64.b64decode(text)
    if block.startswith(b"\x1f\x8b\x08"):
        block = gzip.decompress(block)
    length = int.from_bytes(block[:4], "little")
    return json.loads(block[4 : 4 + length]), block[4 + length :]


def column(spec: dict[str, Any], planes: bytes) -> list[Any]:
    codes = wholes(planes, spec["codes"]).tolist()
    if "values" in spec:
        return [spec["values"][code - 1] if code else None for code in codes]
    return [(code - 1 + spec["low"]) / 10 ** spec["decimals"] if code else None for code in codes]


def corners(drawn: dict[str, Any], planes: bytes) -> list[list[np.ndarray]]:
    """Return the rings of each row in degrees."""
    steps = {axis: wholes(planes, drawn[axis]) for axis in "xy"}
    x, y = (np.cumsum((steps[axis] >> 1) ^ -(steps[axis] & 1)) / drawn["units"] for axis in "xy")
    ends = np.cumsum(wholes(planes, drawn["points"]))
    rings = np.split(np.column_stack([x, y]), ends[:-1]) if len(ends) else []
    found = iter(rings)
    return [[next(found) for _ in range(count)] for count in wholes(planes, drawn["rings"]).tolist()]


def odd_shapes(rng: np.random.Generator, count: int) -> np.ndarray:
    """Make lots with holes, lots of several parts, a very wide one, and rows without a shape."""
    made: list[Any] = []
    for number in range(count):
        x, y = 110.5 + rng.uniform(0, 0.06), 27.0 + rng.uniform(0, 0.06)
        lot = affinity.rotate(shapely.box(x, y, x + rng.uniform(2e-4, 3e-3), y + 2e-3), rng.uniform(0, 90))
        if number % 4 == 1:
            lot = lot.difference(lot.centroid.buffer(4e-4, quad_segs=5))
        if number % 4 == 2:
            lot = shapely.union_all([lot, affinity.translate(lot, 0.004, 0.001)])
        made.append(None if number % 9 == 5 else lot)
    made.append(shapely.box(110.49, 26.99, 110.57, 26.9995))
    return layers.drawable(gpd.GeoDataFrame(geometry=made, crs="EPSG:4490"))


@pytest.mark.parametrize(("fine", "off"), [(10**6, 1e-12), (10, 5.000001e-7)], ids=["fine", "coarse"])
def test_shapes_come_back_with_holes_and_parts(fine, off, monkeypatch):
    monkeypatch.setattr(pack, "FINE_POINTS", fine)
    shapes = odd_shapes(np.random.default_rng(3), 60)
    head, planes = unpacked(pack.packed(shapes, {}, compress=True))
    found = corners(head["shapes"], planes)
    for shape, rings in zip(shapes, found, strict=True):
        if shape is None:
            assert rings == []
            continue
        whole = shapely.Polygon()
        for ring in rings:
            whole = whole.symmetric_difference(shapely.Polygon(ring))
        assert sum(len(ring) + 1 for ring in rings) == shapely.get_num_coordinates(shape)
        assert shapely.hausdorff_distance(whole, shape) <= off * 2**0.5 + 1e-12
        ways = [shapely.is_ccw(shapely.LinearRing(ring)) for ring in rings]
        parts = shapely.get_parts(shape)
        assert ways.count(ways[0]) == len(parts)
        assert len(rings) == len(parts) + shapely.get_num_interior_rings(parts).sum()


@pytest.mark.parametrize("shapes", [[], [None], [None, None]])
def test_nothing_to_draw_is_packed_too(shapes):
    head, planes = unpacked(
        pack.packed(np.array(shapes, dtype=object), {"parcels": {"a": [None] * len(shapes)}}, compress=True)
    )
    assert corners(head["shapes"], planes) == [[] for _ in shapes]
    assert column(head["tables"]["parcels"]["a"], planes) == [None] * len(shapes)


VALUES = st.one_of(
    st.none(), st.booleans(), st.text(max_size=8), st.integers(-(2**60), 2**60),
    st.floats(allow_nan=False, allow_infinity=False), st.decimals(-9999, 9999, places=4).map(float),
)  # fmt: skip
NUMBERS = st.one_of(
    st.none(), st.integers(-(2**53), 2**53), st.decimals(-(10**7), 10**7, places=6).map(float)
)


@given(st.lists(VALUES, max_size=12) | st.lists(NUMBERS, max_size=12))
def test_every_value_comes_back_as_it_was(values):
    head, planes = unpacked(
        pack.packed(np.empty(0, dtype=object), {"parcels": {"甲": values}}, compress=False)
    )
    found = column(head["tables"]["parcels"]["甲"], planes)
    assert found == values
    assert [isinstance(one, bool) for one in found] == [isinstance(one, bool) for one in values]


def test_lone_surrogate_is_packed():
    head, planes = unpacked(
        pack.packed(np.empty(0, dtype=object), {"parcels": {"甲": ["\ud800", "乙"]}}, compress=True)
    )
    assert column(head["tables"]["parcels"]["甲"], planes) == ["\ud800", "乙"]


# ---- a page whose parcels are packed, by a low limit ----


@pytest.fixture(scope="module")
def few() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layers, "SVG_LIMIT", 5)
        patch.setattr(layers, "CANVAS_LIMIT", 10)
        yield


@pytest.fixture(scope="module")
def result() -> Result:
    """Give a park some odd shapes."""
    made = make_result(6)
    parcels = made.parcels.copy()
    shapes = np.array(parcels.geometry, dtype=object)
    for row in range(0, len(shapes), 3):
        middle = shapes[row].centroid
        shapes[row] = shapes[row].difference(middle.buffer(8e-5, quad_segs=3))
    for row in range(1, len(shapes), 3):
        halves = affinity.scale(shapes[row], 0.3, 1), shapes[row]
        shapes[row] = shapely.union_all(
            [affinity.translate(halves[0], 0, 0.02), affinity.scale(shapes[row], 0.9, 0.9)]
        )
    shapes[7] = None
    return dataclasses.replace(
        made, parcels=parcels.set_geometry(gpd.GeoSeries(shapes, index=parcels.index, crs="EPSG:4490"))
    )


@pytest.fixture(scope="module")
def page(few: None, result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("packed") / "地图.html"
    write_map(result, path)
    return path


def block_of(text: str) -> str:
    start = text.index(">", text.index('id="landeval-packed" data-drawing="')) + 1
    return text[start : text.index("</script>", start)]


def test_columns_are_those_of_the_frames(page, result):
    head, planes = unpacked(block_of(page.read_text("utf-8")))
    columns = head["tables"]["parcels"]
    for name in ("area_mu", *RATIOS, *MONEY):
        wanted = [None if np.isnan(value) else value for value in result.parcels[name]]
        assert column(columns[name], planes) == pytest.approx(wanted, abs=1e-6)
    assert column(columns["parcel_code"], planes) == result.parcels["parcel_code"].tolist()
    assert column(columns["status"], planes) == result.status["status"].tolist()


def test_same_result_gives_same_bytes(page, result):
    assert render_map(result) == page.read_text("utf-8")


def test_hostile_text_stays_packed(few):
    text = render_map(hostile_result())
    head, planes = unpacked(block_of(text))
    names = column(head["tables"]["parcels"]["holder_name"], planes)
    assert "</script><script>window.hit='本'</script>" in names
    assert (
        "window.hit" not in text.split("<body>")[1].replace(block_of(text), "").split('id="landeval-data"')[0]
    )


@browser_test
def test_hit_is_what_shapely_says(context, page, result):
    seen = Watched(context, page)
    shapes = layers.drawable(result.parcels)
    west, south, east, north = shapely.total_bounds(shapes)
    rng = np.random.default_rng(11)
    points = np.column_stack([rng.uniform(west, east, 3000), rng.uniform(south, north, 3000)])
    inside = shapely.get_coordinates(
        shapely.point_on_surface([shape for shape in shapes if shape is not None])
    )
    points = np.vstack([points, inside])
    found = seen.page.evaluate(
        "points => points.map(([lng, lat]) => landeval.shapes.at(L.latLng(lat, lng)))", points.tolist()
    )
    at, of = shapely.STRtree(shapes).query(shapely.points(points), predicate="within")
    wanted = np.full(len(points), -1)
    np.maximum.at(wanted, at, of)
    assert [-1 if one is None else one for one in found] == wanted.tolist()
    assert (wanted >= 0).sum() > 300
    assert seen.problems == []


@browser_test
def test_click_filter_and_colour_on_tiles(context, page, result):
    seen = Watched(context, page)
    assert seen.page.locator(".leaflet-parcels-pane canvas").count() > 0
    assert seen.page.locator(".leaflet-overlay-pane path").count() == 0
    row = int(np.flatnonzero(result.status["status"] == "达标")[2])
    seen.click_parcel(row)
    shown, parcel = seen.text(".leaflet-popup-content"), result.parcels.iloc[row]
    assert parcel["parcel_code"] in shown
    assert f"{parcel['area_mu']:.2f} 亩（证载面积）" in shown
    assert seen.page.locator(".leaflet-marks-pane path").count() == 1
    assert seen.page.evaluate("() => location.hash") == f"#zd={parcel['parcel_code']}"
    seen.page.click(".leaflet-popup-close-button")
    assert seen.page.locator(".leaflet-marks-pane path").count() == 0
    assert colour(seen, row) == (33, 113, 181)
    seen.page.click("#legend li:has-text('达标') label")
    assert colour(seen, row) != (33, 113, 181)
    seen.page.mouse.click(*seen.point(row))
    assert seen.page.locator(".leaflet-popup").count() == 0
    assert seen.problems == []


def colour(seen: Watched, row: int) -> tuple[int, ...]:
    """Return what is drawn where a parcel's label point is, lightened by the ground that shines through."""
    x, y = seen.point(row)
    found = seen.page.evaluate(
        "([x, y]) => { for (const tile of document.querySelectorAll('.leaflet-parcels-pane canvas')) {"
        "const box = tile.getBoundingClientRect();"
        "if (x < box.left || x >= box.right || y < box.top || y >= box.bottom) continue;"
        "const ratio = tile.width / box.width, copy = document.createElement('canvas').getContext('2d');"
        "copy.drawImage(tile, (x - box.left) * ratio, (y - box.top) * ratio, 1, 1, 0, 0, 1, 1);"
        "return [...copy.getImageData(0, 0, 1, 1).data]; } }",
        [x, y],
    )
    return tuple(found[:3])


@browser_test
def test_pointer_names_the_parcel_and_the_place(context, page, result):
    seen = Watched(context, page, f"#zd={result.parcels.iloc[20]['parcel_code']}")
    assert result.parcels.iloc[20]["parcel_code"] in seen.text(".leaflet-popup-content")
    seen.page.click(".leaflet-popup-close-button")
    x, y = seen.point(20)
    seen.page.mouse.move(x - 3, y)
    seen.page.mouse.move(x, y)
    seen.page.wait_for_selector(".leaflet-tooltip.hover")
    assert result.parcels.iloc[20]["holder_name"] in seen.text(".leaflet-tooltip.hover")
    lon, lat = shapely.get_coordinates(shapely.point_on_surface(layers.drawable(result.parcels)[20]))[0]
    told = [float(part.strip("°").split()[-1]) for part in seen.text("#pointer").split("　")]
    assert told == pytest.approx([lon, lat], abs=2e-5)
    assert seen.problems == []


@browser_test
def test_old_browser_is_told(context, page):
    context.add_init_script("delete window.DecompressionStream")
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(page.as_uri())
    opened.wait_for_selector("#notice:not([hidden])")
    assert "80 版" in opened.inner_text("#notice")
    assert errors == []


@browser_test
def test_page_of_fewer_parcels_needs_no_unpacking(context, few, result, tmp_path, monkeypatch):
    monkeypatch.setattr(layers, "CANVAS_LIMIT", 10_000)
    write_map(result, tmp_path / "a.html")
    context.add_init_script("delete window.DecompressionStream")
    seen = Watched(context, tmp_path / "a.html")
    seen.click_parcel(30)
    assert result.parcels.iloc[30]["parcel_code"] in seen.text(".leaflet-popup-content")
    assert seen.problems == []
