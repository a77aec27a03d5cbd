"""The map page: safe, whole, offline, and the same figures as the frames."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
import random
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import affinity

from landeval.errors import InternalError
from landeval.publish.map import assets, layers, palette, payload, render_map, write_map
from landeval.result import IDLE, LEVELS, MONEY, OUTSIDE, RATIOS, STATUSES, Result

INDUSTRIES = ["先进装备制造", "农副产品加工", "特色轻工", "新型材料"]
TAX, KNOWN_TAX = "tax_wan_yuan", "area_known_tax_mu"


# ---- a park, drawn and figured from a seed ----


def _split(box: tuple[float, float, float, float], pieces: int, rng: random.Random, gap: float) -> list[Any]:
    if pieces == 1:
        return [box]
    left, bottom, right, top = box
    first = pieces // 2
    part = first / pieces * rng.uniform(0.85, 1.15)
    if right - left > top - bottom:
        cut = left + (right - left) * part
        one, two = (left, bottom, cut - gap / 2, top), (cut + gap / 2, bottom, right, top)
    else:
        cut = bottom + (top - bottom) * part
        one, two = (left, bottom, right, cut - gap / 2), (left, cut + gap / 2, right, top)
    return _split(one, first, rng, gap) + _split(two, pieces - first, rng, gap)


def _to_degrees(shape: Any) -> Any:
    turned = affinity.rotate(shape, 12, origin=(0, 0))
    return affinity.translate(affinity.scale(turned, 1 / 99250, 1 / 110800, origin=(0, 0)), 110.57, 27.06)


def _sums(parcels: pd.DataFrame, status: pd.DataFrame) -> dict[str, Any]:
    row: dict[str, Any] = {"zone_parcels": len(parcels), "area_mu": parcels["area_mu"].sum()}
    for money, ratio in zip(MONEY, RATIOS, strict=True):
        known = parcels[parcels[money].notna()]
        row[money] = known[money].sum() if len(known) else None
        land = known["area_mu"].sum()
        row[f"area_known_{money.split('_')[0]}_mu"] = land
        row[ratio] = known[money].sum() / land if land else None
    for name in STATUSES:
        row[f"parcels_{name}"] = int((status.loc[parcels.index, "status"] == name).sum())
    return row


def make_result(
    parcels_per_community: int = 19,
    *,
    seed: int = 7,
    geometry: bool = True,
    currency: str = "元",
    **changes: Any,
) -> Result:
    rng = random.Random(seed)
    records, zones = [], []
    number = 0
    blocks = [(0, 0, 1150, 800), (1500, 150, 2500, 900), (300, -1150, 1650, -350)]
    names = ["先进装备制造产业集群", "农副产品加工产业集群", "特色轻工与新材料产业集群"]
    for at, (block, cluster) in enumerate(zip(blocks, names, strict=True), 1):
        zones.append(
            (
                "产业集群",
                f"C{at}",
                cluster,
                "P",
                _to_degrees(shapely.box(*block).buffer(9, join_style="mitre")),
            )
        )
        for b, base_box in enumerate(_split(block, 3 if at != 2 else 2, rng, 40), 1):
            base = f"{['汽配零部件', '标准厂房', '装备制造', '食品精深加工'][(at + b) % 4]}基地{b}"
            base_shape = shapely.box(*base_box).buffer(5, join_style="mitre")
            zones.append(("产业基地", f"C{at}B{b}", base, f"C{at}", _to_degrees(base_shape)))
            for c, box in enumerate(_split(base_box, 2, rng, 30), 1):
                code = f"C{at}B{b}S{c}"
                zones.append(
                    ("产业社区", code, f"{base}社区{c}", f"C{at}B{b}", _to_degrees(shapely.box(*box)))
                )
                for cell in _split(box, parcels_per_community, rng, 4):
                    number += 1
                    shape = shapely.box(*cell)
                    records.append(
                        {
                            "parcel_id": f"Z{number:05d}",
                            "parcel_code": f"430525101001GB{number:05d}",
                            "holder_name": "洞口"
                            + rng.choice("资江雪峰平溪古楼")
                            + rng.choice("宏达瑞丰金盛恒通")
                            + rng.choice(["机械有限公司", "食品有限公司", "汽车零部件有限公司"]),
                            "credit_code": f"91430525MA4{number:07d}",
                            "location": "洞口县经开区工业大道",
                            "area_basis": "证载面积",
                            "supply_method": "挂牌出让",
                            "industry_group": INDUSTRIES[(at * 3 + b) % 4],
                            "agreed_start": dt.date(2018 + number % 5, 3, 1),
                            "actual_start": None if number % 7 == 0 else dt.date(2019 + number % 5, 5, 6),
                            "cluster_name": cluster,
                            "base_name": base,
                            "community_name": f"{base}社区{c}",
                            "cluster_code": f"C{at}",
                            "base_code": f"C{at}B{b}",
                            "community_code": code,
                            "is_straddling": number % 40 == 0,
                            "source_file": "宗地.shp",
                            "area_mu": shape.area * 3 / 2000,
                            "geometry": _to_degrees(shape) if geometry else None,
                        }
                    )
    frame = gpd.GeoDataFrame(records, geometry="geometry", crs="EPSG:4490").set_index("parcel_id")
    frame["enterprise_names"] = frame["holder_name"]
    for money, ratio, typical in zip(MONEY, RATIOS, (250, 300, 15), strict=True):
        per_mu = [
            None if rng.random() < 0.08 else typical * rng.lognormvariate(-0.1, 0.7)
            for _ in range(len(frame))
        ]
        frame[ratio] = pd.Series(per_mu, index=frame.index, dtype="float64")
        frame[money] = frame[ratio] * frame["area_mu"]
    chosen = rng.choices(STATUSES, weights=[4, 5, 3, 2, 6, 24, 18, 30, 8], k=len(frame))
    idle = [name in IDLE for name in chosen]
    status = pd.DataFrame(
        {
            "status": chosen,
            "reasons": [f"{name}：亩均税收与标准比较，详见评价明细" for name in chosen],
            "clause": [
                "《闲置土地处置办法》第二条" if flag else "洞政办发〔2021〕60号 三-2-④" for flag in idle
            ],
            "missing": ["动工证明（自然资源局、住建局）" if name == "资料不足" else None for name in chosen],
            "questions": ["是否已办理施工许可？" if flag else None for flag in idle],
            "route": [
                "调查认定" if flag else "增效提质" if name == "低效候选" else None
                for flag, name in zip(idle, chosen, strict=True)
            ],
            "route_clause": ["《闲置土地处置办法》第五条" if flag else None for flag in idle],
            "fee_wan_yuan": [123.456 if flag else None for flag in idle],
            "next_action": ["发出《闲置土地调查通知书》" if flag else None for flag in idle],
            "next_deadline": [dt.date(2025, 1, 30) if flag else None for flag in idle],
            "days_overdue": [800 if flag else None for flag in idle],
            "is_candidate": idle,
        },
        index=frame.index,
    )
    rows = [
        {"zone_level": "园区", "zone_code": "P", "zone_name": "全区", "parent_code": None}
        | _sums(frame, status)
    ]
    shapes: list[Any] = [None]
    for at, level in enumerate(LEVELS):
        key = ("cluster_code", "base_code", "community_code")[at]
        for _, code, name, parent, shape in [zone for zone in zones if zone[0] == level]:
            head = {"zone_level": level, "zone_code": code, "zone_name": name, "parent_code": parent}
            rows.append(head | _sums(frame[frame[key] == code], status))
            shapes.append(shape if geometry else None)
        head = {
            "zone_level": level,
            "zone_code": None,
            "zone_name": OUTSIDE.format(level=level),
            "parent_code": "P",
        }
        rows.append(head | _sums(frame.iloc[:0], status))
        shapes.append(None)
    rules = pd.DataFrame(
        {
            "rule_id": ["dongkou.investment", "dongkou.output", "dongkou.tax", "idle.start"],
            "quantity": [*RATIOS, "months_overdue"],
            "operator": [">", ">", ">", ">="],
            "value": [250, 300, 15, 12],
            "scope": ["新增工业用地"] * 3 + ["出让"],
            "document": ["洞口县创建“五好”园区行动方案"] * 4,
        }
    )
    empty = pd.DataFrame()
    result = Result(
        parcels=frame, enterprises=empty, years=empty, parcel_years=empty, links=empty, findings=empty,
        status=status, zones=gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4490"), issues=empty,
        reconciliation=empty, ledger=empty, rules=rules, year=2024, as_of=dt.date(2024, 12, 31),
        title="洞口经济开发区土地利用效率一张图", currency=currency,
    )  # fmt: skip
    return dataclasses.replace(result, **changes)


# ---- the page as text ----


@pytest.fixture(scope="module")
def result() -> Result:
    return make_result(6)


@pytest.fixture(scope="module")
def page_text(result: Result) -> str:
    return render_map(result)


class Scripts(HTMLParser):
    """Count the scripts of a page and keep its data block."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.block = ""
        self._inside = False
        self.feed(text)
        self.data = json.loads(self.block)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._inside = ("id", "landeval-data") in attrs

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.block += data


def unpacked(column: Any) -> list[Any]:
    if isinstance(column, list):
        return column
    return [None if code < 0 else column["texts"][code] for code in column["codes"]]


def test_every_asset_is_what_the_manifest_says():
    folder = Path(assets.__file__).parents[1] / "assets"
    for entry in assets.manifest():
        assert assets.asset_text(entry["file"])
        assert (folder / entry["licence_file"]).read_text("utf-8").strip()
    listed = {entry[key] for entry in assets.manifest() for key in ("file", "licence_file")}
    assert {"leaflet-1.9.4.js", "leaflet-1.9.4.css", "leaflet-LICENSE.txt"} <= listed


def test_changed_asset_is_refused(monkeypatch):
    wrong = tuple(entry | {"sha256": "0" * 64} for entry in assets.manifest())
    monkeypatch.setattr(assets, "manifest", lambda: wrong)
    assets.asset_text.cache_clear()
    with pytest.raises(InternalError, match="校验值不一致"):
        assets.asset_text("leaflet-1.9.4.js")


@pytest.mark.parametrize(
    "reference",
    ['<script src="https://cdn/jquery.js"></script>', "<link rel=stylesheet href=//cdn/font.css>"],
)
def test_unknown_outside_asset_is_refused(reference):
    with pytest.raises(InternalError, match="外部资源"):
        assets.inline(reference)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<a href="https://h/x">', ["https://h/x"]),
        ("<img src=//h/x.png>", ["//h/x.png"]),
        (
            "<style>@import '//h/x.css'; a { background: URL( 'http://h/y') }</style>",
            ["//h/x.css", "http://h/y"],
        ),
        ('<p style="background:url(x.png)">', ["x.png"]),
        ('<script>"<img src=http://h>"; // http://h</script><img src="data:,">', []),
    ],
)
def test_external_refs(html, found):
    assert assets.external_refs(html) == found


def test_page_is_chinese_closed_and_offline(page_text):
    assert page_text.startswith('<!DOCTYPE html>\n<html lang="zh-CN">')
    policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:;"
    assert f"{policy} font-src data:; connect-src 'none'" in page_text
    assert '<meta name="renderer" content="webkit">' in page_text
    assert assets.external_refs(page_text) == []
    for dropped in ("bootstrap", "jquery", "awesome", "glyphicon"):
        assert dropped not in page_text.lower()


def test_same_result_gives_same_bytes(result, page_text, tmp_path):
    write_map(result, tmp_path / "地图.html")
    written = (tmp_path / "地图.html").read_bytes()
    assert written == page_text.encode("utf-8")
    assert b"\r" not in written.split(b'id="landeval-data">')[1]
    assert not re.search(r"_[0-9a-f]{32}\b", page_text)


def test_frames_stay_as_they_were(result):
    before = {name: getattr(result, name).copy(deep=True) for name in ("parcels", "status", "zones", "rules")}
    render_map(result)
    for name, frame in before.items():
        assert frame.equals(getattr(result, name))


def test_figures_are_those_of_the_frames(result, page_text):
    columns = Scripts(page_text).data["parcels"]["columns"]
    for name in ("area_mu", *RATIOS, *MONEY):
        wanted = [None if pd.isna(value) else value for value in result.parcels[name]]
        assert unpacked(columns[name]) == pytest.approx(wanted, abs=1e-6)
        assert (0 in unpacked(columns[name])) == (0 in wanted)
    assert unpacked(columns["parcel_code"]) == result.parcels["parcel_code"].tolist()
    assert unpacked(columns["status"]) == result.status["status"].tolist()
    assert unpacked(columns["agreed_start"]) == [day.isoformat() for day in result.parcels["agreed_start"]]


def test_every_class_has_its_own_look():
    assert {look.name for look in palette.LOOKS} == set(STATUSES)
    assert len({(look.fill, look.hatch) for look in palette.LOOKS}) == len(STATUSES)
    assert set(IDLE) < set(STATUSES)


def test_shapes_are_rounded_never_simplified():
    ring = shapely.Point(110.57, 27.06).buffer(0.001, quad_segs=90)
    holed = ring.difference(shapely.Point(110.57, 27.06).buffer(0.0004))
    several = shapely.MultiPolygon([ring, affinity.translate(ring, 0.01)])
    frame = gpd.GeoDataFrame(
        geometry=[holed, several, None, shapely.Point(1, 1), shapely.Polygon()], crs="EPSG:4490"
    )
    drawn = layers.drawable(frame)
    assert [shape is not None for shape in drawn] == [True, True, False, False, False]
    for before, after in zip(frame.geometry[:2], drawn[:2], strict=True):
        corners = shapely.get_coordinates(after)
        assert len(corners) == len(shapely.get_coordinates(before))
        assert np.array_equal(corners, np.round(shapely.get_coordinates(before), 7))


def test_projected_shapes_are_drawn_in_degrees():
    frame = make_result(1).parcels
    there = layers.drawable(frame.to_crs("EPSG:4546"))
    assert shapely.equals_exact(there, layers.drawable(frame), tolerance=2e-7).all()


def test_parcels_are_bytes_above_the_limit(monkeypatch, result, page_text):
    assert "landeval-packed" not in page_text.split("<body>")[1].split("panel")[0]
    assert Scripts(page_text).data["drawing"] == "svg"
    monkeypatch.setattr(layers, "SVG_LIMIT", 10)
    assert Scripts(render_map(result)).data["drawing"] == "canvas"


def test_other_currency_is_named(page_text):
    assert Scripts(page_text).data["labels"]["tax_wan_yuan"] == "入库税收(万元)"
    data = Scripts(render_map(make_result(1, currency="美元"))).data
    assert data["labels"]["tax_wan_yuan"] == "入库税收(万美元)"


def test_result_without_anything_still_renders():
    nothing = make_result(1)
    bare = dataclasses.replace(
        nothing,
        parcels=nothing.parcels.iloc[:0],
        status=nothing.status.iloc[:0],
        zones=nothing.zones.iloc[:0],
        rules=pd.DataFrame(),
        year=None,
    )
    assert Scripts(render_map(bare)).data["parcels"]["count"] == 0


HOSTILE = {
    "expression": "{{7*191}}甲",
    "statement": "{% if True %}乙",
    "comment": "{# 丙",
    "braces": "{{{ {{#",
    "image": "<img src=x onerror=\"window.hit='图'\">",
    "script": "</script><script>window.hit='本'</script>",
    "comment_tag": "<!--<script>丁",
    "backtick": "`${window.hit='反引号'}`",
    "entity": "&lt;b&gt;&amp;",
    "separator": "戊\u2028己\u2029庚",
    "nul": "辛\x00壬",
    "formula": "=cmd|'/c calc'!A1",
    "at": "@SUM(A1)",
    "quotes": "\"'\\癸",
    "long": "长" * 200,
    "slot": "<!--slot:data-->",
}


def hostile_result() -> Result:
    """Put a hostile text into every text field of every frame, the title, the codes and the zone names."""
    benign = make_result(1)
    texts = list(HOSTILE.values())
    parcels, status, zones, rules = (
        f.copy() for f in (benign.parcels, benign.status, benign.zones, benign.rules)
    )
    for frame in (parcels, status, zones, rules):
        for shift, name in enumerate(frame.columns):
            keep = {
                "geometry",
                "status",
                "zone_level",
                "zone_code",
                "parent_code",
                "rule_id",
                "quantity",
                "operator",
            }
            values = frame[name].dropna()
            if name in keep or not len(values) or not isinstance(values.iloc[0], str):
                continue
            offset = 0 if name == "holder_name" else shift
            frame[name] = [texts[(row + offset) % len(texts)] for row in range(len(frame))]
    assert len(parcels) == len(texts)
    parcels["parcel_code"] = [f"码{row}{text}" for row, text in enumerate(texts)]
    title = "".join(HOSTILE[name] for name in ("expression", "statement", "script", "image", "nul"))
    return dataclasses.replace(
        benign, parcels=parcels, status=status, zones=zones, rules=rules, title=title, currency="{{7*191}}<b>"
    )


def test_hostile_text_stays_text():
    hostile, benign = Scripts(render_map(hostile_result())), Scripts(render_map(make_result(1)))
    assert hostile.tags == benign.tags
    assert not re.search(r"\{[{%#]|[<>&\u2028\u2029\x00]", hostile.block)
    names = unpacked(hostile.data["parcels"]["columns"]["holder_name"])
    for name, text in HOSTILE.items():
        shown = {"separator": "戊 己 庚", "nul": "辛壬"}.get(name, text)
        assert shown in names


def test_lone_surrogate_can_be_written(tmp_path):
    text = payload.as_json({"a": "\ud800"})
    assert json.loads(text) == {"a": "\ud800"}
    (tmp_path / "a").write_text(text, "utf-8")


# ---- the page in a browser ----


class Watched:
    """A page, and everything that went wrong on it."""

    def __init__(self, context: Any, path: Path, hash_: str = "") -> None:
        self.problems: list[str] = []
        self.page = context.new_page()
        self.page.on(
            "console", lambda message: self.problems.append(f"console {message.type} {message.text}")
        )
        self.page.on("pageerror", lambda error: self.problems.append(f"error {error}"))
        self.page.on("requestfailed", lambda request: self.problems.append(f"failed {request.url[:80]}"))
        self.page.on("request", self._request)
        self.page.goto(path.as_uri() + hash_)
        self.page.wait_for_selector("html[data-ready]", timeout=30_000)

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.problems.append(f"request {request.url[:80]}")

    def text(self, selector: str) -> str:
        return str(self.page.inner_text(selector))

    def point(self, row: int) -> tuple[float, float]:
        """Return where on the screen a parcel's label point is."""
        x, y = self.page.evaluate(
            "row => { const {map, data} = landeval; const c = data.parcels.columns;"
            "const p = map.latLngToContainerPoint([c.lat[row], c.lon[row]]);"
            "const box = map.getContainer().getBoundingClientRect();"
            "return [p.x + box.left, p.y + box.top]; }",
            row,
        )
        return float(x), float(y)

    def click_parcel(self, row: int) -> None:
        self.page.evaluate(
            "row => { const {map, data} = landeval; const c = data.parcels.columns;"
            "map.setView([c.lat[row], c.lon[row]], map.getZoom() + 3, {animate: false}); }",
            row,
        )
        self.page.mouse.click(*self.point(row))
        self.page.wait_for_function("() => !(landeval.map._panAnim && landeval.map._panAnim._inProgress)")


@pytest.fixture
def context(browser: Any) -> Iterator[Any]:
    opened = browser.new_context(viewport={"width": 1400, "height": 900}, accept_downloads=True)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def park(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("map") / "地图.html"
    write_map(result, path)
    return path


in_browser = [pytest.mark.browser, pytest.mark.enable_socket]


def browser_test(test: Any) -> Any:
    for mark in in_browser:
        test = mark(test)
    return test


@browser_test
def test_page_opens_quietly_and_draws_everything(context, park, result):
    seen = Watched(context, park)
    assert seen.problems == []
    assert seen.page.locator(".leaflet-overlay-pane path").count() == len(result.parcels)
    for level, count in enumerate((3, 8, 16)):
        assert seen.page.locator(f".leaflet-levels-pane path.level-{level}").count() == count
    legend = seen.text("#legend")
    for name, count in result.status["status"].value_counts().items():
        assert re.search(rf"{re.escape(str(name))}\s*{count} 宗", legend)
    assert seen.text("#title") == result.title
    assert "2024 年" in seen.text("#subtitle")
    assert "2024-12-31" in seen.text("#subtitle")
    titles = seen.page.eval_on_selector_all(
        "[title], [aria-label]", "all => all.map(e => e.title + e.ariaLabel)"
    )
    assert not [title for title in titles if re.search("[A-Za-z]{3}", title.replace("null", ""))]
    assert seen.page.locator(".leaflet-control-attribution").count() == 0


@browser_test
def test_kpi_is_the_parks_own_row(context, park, result):
    seen = Watched(context, park)
    whole = result.zones.iloc[0]
    assert seen.text("#kpi-count") == str(whole["zone_parcels"])
    assert seen.text("#kpi-area") == f"{whole['area_mu']:,.2f}"
    assert seen.text("#kpi-tax") == f"{whole['tax_wan_yuan_per_mu']:.2f}"
    idle = result.parcels[result.status["status"].isin(IDLE)]["area_mu"].sum()
    assert seen.text("#kpi-idle") == f"{idle:,.2f}"


@browser_test
@pytest.mark.parametrize("limit", [2000, 10], ids=["svg", "canvas"])
def test_click_shows_the_figures_of_the_frames(context, result, tmp_path, monkeypatch, limit):
    monkeypatch.setattr(layers, "SVG_LIMIT", limit)
    write_map(result, tmp_path / "a.html")
    seen = Watched(context, tmp_path / "a.html")
    assert (seen.page.locator(".leaflet-parcels-pane canvas").count() > 0) == (limit == 10)
    row = int(np.flatnonzero(result.parcels["tax_wan_yuan"].isna())[0])
    for at in (3, row):
        seen.click_parcel(at)
        shown, parcel = seen.text(".leaflet-popup-content"), result.parcels.iloc[at]
        assert parcel["holder_name"] in shown
        assert parcel["parcel_code"] in shown
        assert result.status.iloc[at]["status"] in shown
        assert f"{parcel['area_mu']:,.2f} 亩（证载面积）" in shown
        assert f"{parcel['cluster_name']} › {parcel['base_name']} › {parcel['community_name']}" in shown
        for name in (*RATIOS, *MONEY):
            if pd.notna(parcel[name]):
                assert f"{parcel[name]:,.2f}" in shown
        assert ("入库税收\n—(资料不足)" in shown) == pd.isna(parcel["tax_wan_yuan"])
        assert ">15" in shown
        seen.page.click(".leaflet-popup-close-button")
    assert seen.problems == []


@browser_test
def test_idle_parcel_tells_what_to_do_next(context, park, result):
    row = int(np.flatnonzero(result.status["is_candidate"])[0])
    seen = Watched(context, park, f"#zd={result.parcels.iloc[row]['parcel_code']}")
    shown = seen.text(".leaflet-popup-content")
    for name in ("reasons", "clause", "route", "route_clause", "next_action", "questions"):
        assert str(result.status.iloc[row][name]) in shown
    assert "123.46 万元" in shown
    assert "2025-01-30" in shown
    assert "800 天" in shown


@browser_test
def test_search_finds_names_codes_and_what_an_input_method_commits(context, result, tmp_path):
    parcels = result.parcels.copy()
    parcels.iloc[[4, 9], parcels.columns.get_loc("holder_name")] = "同名重工有限公司"
    parcels.iloc[[4, 9], parcels.columns.get_loc("enterprise_names")] = "同名重工有限公司"
    write_map(dataclasses.replace(result, parcels=parcels), tmp_path / "a.html")
    seen = Watched(context, tmp_path / "a.html")
    seen.page.type("#search", "同名重工")
    assert seen.page.locator("#found button").count() == 2
    for code in parcels.iloc[[4, 9]]["parcel_code"]:
        assert code in seen.text("#found")
    seen.page.fill("#search", parcels.iloc[7]["credit_code"])
    assert parcels.iloc[7]["parcel_code"] in seen.text("#found")
    seen.page.fill("#search", "没有这个名字")
    assert seen.text("#found-note") == "没有找到"
    seen.page.evaluate(
        "() => { const box = document.getElementById('search');"
        "box.dispatchEvent(new CompositionEvent('compositionstart'));"
        "box.value = 'tong'; box.dispatchEvent(new InputEvent('input', {isComposing: true}));"
        "box.value = '同名'; box.dispatchEvent(new CompositionEvent('compositionend')); }"
    )
    assert seen.page.locator("#found button").count() == 2
    seen.page.press("#search", "ArrowDown")
    seen.page.press("#found button", "Enter")
    assert "同名重工有限公司" in seen.text(".leaflet-popup-content")
    assert seen.problems == []


@browser_test
def test_filter_changes_counts_and_strip(context, park, result):
    seen = Watched(context, park)
    seen.page.click("#legend li:has-text('达标') label")
    kept = result.parcels[result.status["status"] != "达标"]
    known = kept[kept[TAX].notna()]
    assert seen.text("#kpi-count") == str(len(kept))
    assert seen.text("#kpi-area") == f"{kept['area_mu'].sum():,.2f}"
    assert seen.text("#kpi-tax") == f"{known[TAX].sum() / known['area_mu'].sum():.2f}"
    assert "评价结论 8/9 类" in seen.text("#filter-note")
    seen.page.select_option("#industry", "特色轻工")
    kept = kept[kept["industry_group"] == "特色轻工"]
    assert seen.text("#kpi-count") == str(len(kept))
    low = (result.status.loc[result.parcels["industry_group"] == "特色轻工", "status"] == "低效候选").sum()
    assert f"{low} 宗" in seen.text("#legend li:has-text('低效候选')")
    filled = "all => all.filter(e => e.getAttribute('fill') !== 'none').length"
    assert seen.page.eval_on_selector_all(".leaflet-overlay-pane path", filled) == len(kept)
    seen.page.click("#reset")
    assert seen.text("#kpi-count") == str(len(result.parcels))
    seen.page.select_option("#route", "增效提质")
    assert seen.text("#kpi-count") == str((result.status["route"] == "增效提质").sum())
    assert seen.problems == []


@browser_test
def test_colouring_by_tax_breaks_at_the_threshold(context, park, result):
    seen = Watched(context, park)
    seen.page.select_option("#scheme", label="亩均税收")
    value = result.parcels["tax_wan_yuan_per_mu"]
    edges = [(-np.inf, 7.5), (7.5, 15), (15, 22.5), (22.5, np.inf)]
    counts = [int(((value > low) & (value <= high)).sum()) for low, high in edges] + [int(value.isna().sum())]
    shown = [int(text) for text in seen.page.locator("#legend .count > b").all_inner_texts()]
    assert shown == counts
    assert "> 15 万元/亩" in seen.text("#legend-note")
    assert "资料不足" in seen.text("#legend li:last-child")


@browser_test
def test_export_is_the_filtered_set_and_safe(context, result, tmp_path):
    parcels = result.parcels.copy()
    parcels.iloc[:5, parcels.columns.get_loc("location")] = ["=1+1", "-5.2", "@SUM(A1)", 'a,"b"', "+86甲"]
    write_map(dataclasses.replace(result, parcels=parcels), tmp_path / "a.html")
    seen = Watched(context, tmp_path / "a.html")
    seen.page.select_option("#industry", parcels.iloc[0]["industry_group"])
    with seen.page.expect_download() as started:
        seen.page.click("#export")
    raw = Path(started.value.path()).read_bytes()
    assert started.value.suggested_filename == "宗地筛选清单_2024.csv"
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    kept = parcels[parcels["industry_group"] == parcels.iloc[0]["industry_group"]]
    assert [row["宗地代码"] for row in rows] == kept["parcel_code"].tolist()
    assert [row["坐落"] for row in rows[:5]] == ["'=1+1", "-5.2", "'@SUM(A1)", 'a,"b"', "'+86甲"]
    shown = [float(row["入库税收(万元)"]) if row["入库税收(万元)"] else np.nan for row in rows]
    assert np.allclose(shown, kept[TAX].astype(float), equal_nan=True, atol=1e-6)
    assert seen.problems == []


@browser_test
def test_deep_link_opens_by_code_and_by_id(context, park, result):
    code = result.parcels.iloc[20]["parcel_code"]
    seen = Watched(context, park, f"#zd={code}")
    assert code in seen.text(".leaflet-popup-content")
    other = result.parcels.iloc[40]
    seen.page.evaluate("id => { location.hash = '#zd=' + id; }", other.name)
    seen.page.wait_for_selector(f"[data-parcel='{other.name}']")
    assert other["parcel_code"] in seen.text(".leaflet-popup-content")
    seen.page.evaluate("() => { location.hash = '#zd=nowhere'; }")
    seen.page.wait_for_selector("#notice:not([hidden])")
    assert "没有找到宗地 nowhere" in seen.text("#notice")
    assert seen.problems == []


@browser_test
def test_zone_card_and_zone_filter(context, park, result):
    seen = Watched(context, park)
    seen.page.click("#tree-box summary")
    zone = result.zones[result.zones["zone_code"] == "C1B1"].iloc[0]
    seen.page.click(f"#tree button:has-text('{zone['zone_name']}') >> nth=0")
    shown = seen.text(".leaflet-popup-content")
    assert f"{zone['area_mu']:,.2f} 亩" in shown
    assert f"{zone['tax_wan_yuan_per_mu']:.2f}" in shown
    assert f"有数据土地 {zone[KNOWN_TAX]:,.2f} 亩" in shown
    seen.page.click("text=只看此区宗地")
    assert seen.text("#kpi-count") == str(zone["zone_parcels"])
    seen.page.click("#reset")
    before = seen.page.locator(".leaflet-levels-pane path").count()
    seen.page.click("#levels li:nth-child(3) label")
    assert seen.page.locator(".leaflet-levels-pane path").count() == before - 16
    seen.page.click(".zone-label.level-0 >> nth=0")
    assert "产业集群" in seen.text(".leaflet-popup-content")
    assert seen.problems == []


@browser_test
def test_map_without_shapes_explains_itself(context, tmp_path):
    shapeless = make_result(2, geometry=False)
    write_map(
        dataclasses.replace(shapeless, parcels=shapeless.parcels.drop(columns="source_file")),
        tmp_path / "a.html",
    )
    seen = Watched(context, tmp_path / "a.html")
    assert "32 宗均无图形（来源为台账）" in seen.text("#notice")
    assert seen.text("#kpi-count") == "32"
    assert seen.page.locator("#list button").count() == 32
    seen.page.fill("#search", "GB00007")
    seen.page.click("#found button")
    assert f"{shapeless.parcels.iloc[6]['area_mu']:,.2f} 亩" in seen.text("#card")
    seen.page.keyboard.press("Escape")
    assert not seen.page.is_visible("#card")
    assert seen.problems == []


@browser_test
def test_some_shapes_missing_is_said(context, result, tmp_path):
    parcels = result.parcels.copy()
    parcels.loc[parcels.index[:3], "geometry"] = None
    write_map(dataclasses.replace(result, parcels=parcels), tmp_path / "a.html")
    seen = Watched(context, tmp_path / "a.html")
    assert "3 宗无图形" in seen.text("#notice")
    assert seen.page.locator(".leaflet-overlay-pane path").count() == len(parcels) - 3


@browser_test
def test_hostile_text_is_shown_and_never_run(context, tmp_path):
    hostile = hostile_result()
    write_map(hostile, tmp_path / "a.html")
    seen = Watched(context, tmp_path / "a.html")
    seen.page.click("#list-box summary")
    seen.page.click("#tree-box summary")
    listed = seen.page.eval_on_selector_all("#list b", "all => all.map(e => e.textContent)")
    for name, text in HOSTILE.items():
        assert {"separator": "戊 己 庚", "nul": "辛壬"}.get(name, text) in listed
    for row in range(len(hostile.parcels)):
        seen.page.mouse.move(*seen.point(row))
        seen.page.click(f"#list li:nth-child({row + 1}) button")
        assert listed[row] in str(seen.page.text_content(".leaflet-popup-content h2"))
    for button in seen.page.locator("#tree button").all():
        button.click()
    for scheme in range(4):
        seen.page.select_option("#scheme", str(scheme))
    seen.page.fill("#search", "<img")
    assert seen.page.locator("#found button").count() >= 1
    assert seen.page.evaluate("() => window.hit") is None
    assert "1337" not in str(seen.page.text_content("body"))
    assert seen.page.locator("img").count() == 0
    assert seen.problems == []


@browser_test
def test_measured_area_agrees_with_the_ellipsoid(context, park):
    from pyproj import Geod

    seen = Watched(context, park)
    seen.page.click("#ruler")
    corners = []
    for x, y in [(600, 300), (1000, 320), (980, 640), (620, 600)]:
        seen.page.mouse.click(x, y)
        corners.append(
            seen.page.evaluate(
                "([x, y]) => { const {map} = landeval;"
                "const box = map.getContainer().getBoundingClientRect();"
                "const p = map.containerPointToLatLng([x - box.left, y - box.top]); return [p.lng, p.lat]; }",
                [x, y],
            )
        )
    area, _ = Geod(ellps="GRS80").geometry_area_perimeter(shapely.Polygon(corners))
    shown = float(re.search(r"围合面积 ([\d.]+) 亩", seen.text("#notice"))[1])  # type: ignore[index]
    assert shown == pytest.approx(abs(area) * 3 / 2000, rel=2e-4)
    assert seen.page.locator(".leaflet-popup").count() == 0
    seen.page.keyboard.press("Escape")
    assert not seen.page.is_visible("#notice")


@browser_test
def test_paper_takes_the_sheet_and_gives_the_screen_back(context, park):
    seen = Watched(context, park)
    size = "() => landeval.map.getSize().x"
    before = seen.page.evaluate(size)
    seen.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert seen.page.evaluate(size) == pytest.approx((400 - 84) / 25.4 * 96, abs=4)
    assert not seen.page.is_visible("#search")
    assert seen.page.is_visible("#legend")
    seen.page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    assert seen.page.evaluate(size) == before
    assert seen.problems == []


@browser_test
def test_rounding_is_half_up_on_the_decimal_as_written(context, park):
    seen = Watched(context, park)
    cases = [1.005, 2.675, 0.125, -1.005, 1e-9, 0, 123456789.015]
    shown = seen.page.evaluate("values => values.map(value => landeval.fixed(value))", cases)
    assert shown == ["1.01", "2.68", "0.13", "-1.01", "0.00", "0.00", "123456789.02"]


@browser_test
def test_totals_have_their_thousands_apart(context, park):
    seen = Watched(context, park)
    cases = [999.994, 999.995, 1234567.5, -98765.4321, 0]
    shown = seen.page.evaluate("values => values.map(value => landeval.grouped(value))", cases)
    assert shown == ["999.99", "1,000.00", "1,234,567.50", "-98,765.43", "0.00"]
    assert seen.page.evaluate("[landeval.grouped(2164.6, 0), landeval.grouped(306, 0)]") == ["2,165", "306"]
    sums = [seen.text(f"#kpi-{key}-sum") for key in ("investment", "output", "tax")]
    assert any(re.fullmatch(r"\d{1,3}(,\d{3})+\.\d\d", text) for text in sums), sums
