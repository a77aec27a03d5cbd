"""What the analyst does with the map: colours, filters, years, search, card, two maps, paper, old browsers."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from publish.test_map import HOSTILE, Scripts, Watched, browser_test, make_result

from landeval.publish.cells import clean, guard
from landeval.publish.map import Beside, compare, page, render_compare, render_map, write_compare, write_map
from landeval.publish.map.holders import enterprise_columns, tie_columns
from landeval.publish.map.years import year_columns
from landeval.publish.stamp import run_id
from landeval.publish.tables import write_tables
from landeval.result import MONEY, RATIOS, Result
from landeval.standards.grading import shipped_scheme

TAX, TAX_PER_MU = MONEY[2], RATIOS[2]
DOSSIER = "一宗一档/430525101001GB00003 虚构甲厂.docx"


def with_years(result: Result) -> Result:
    """Give the parcels two earlier years: 2023 a tenth less and partly unknown, 2022 for every third parcel only."""
    parcels, told = result.parcels, []
    for year, part, every in ((2022, 0.5, 3), (2023, 0.9, 1), (2024, 1.0, 1)):
        figures = pd.DataFrame(parcels[[*MONEY, *RATIOS]])[::every] * part
        if year == 2023:
            figures.iloc[4::9] = np.nan
        told.append(figures.round(6).reset_index().assign(year=year))
    return dataclasses.replace(result, parcel_years=pd.concat(told, ignore_index=True))


def with_enterprises(result: Result) -> Result:
    """Tie one enterprise to each parcel, one to the first two, two to the third; grade them by turns."""
    parcels = result.parcels
    number = np.arange(len(parcels))
    names = ["虚构" + str(name)[2:] for name in parcels["holder_name"]]
    firms = pd.DataFrame(
        {
            "name": names,
            "former_names": [f"虚构老字号{at}厂" if at % 4 == 0 else None for at in number],
            "credit_code": [f"91430525XG{at:08d}" for at in number],
        },
        index=pd.Index([f"E{at:05d}" for at in number], name="enterprise_id"),
    )
    grades = pd.DataFrame(
        {
            "enterprise_id": firms.index,
            "grade_list": "规上",
            "grade_state": np.where(number % 5 == 4, "资料不足", "已定级"),
            "enterprise_grade": np.where(number % 5 == 4, "", np.array(list("ABCDA"))[number % 5]),
            "grade_score": 90.125 - number / 10,
            "grade_rank": number + 1.0,
            "grade_size": float(len(number)),
            "grade_why": "",
        }
    )
    ties = [(0, 0), (1, 0), (2, 2), (2, 3), *((at, at) for at in range(3, len(parcels)))]
    links = pd.DataFrame(
        {
            "parcel_id": [parcels.index[parcel] for parcel, _ in ties],
            "enterprise_id": [firms.index[firm] for _, firm in ties],
            "state": "自动",
        }
    )
    waiting = pd.DataFrame({"parcel_id": parcels.index[:1], "enterprise_id": "E00009", "state": "待复核"})
    return dataclasses.replace(
        result,
        enterprises=firms,
        links=pd.concat([waiting, links]),
        grades=grades,
        scheme=shipped_scheme("dongkou"),
    )


@pytest.fixture(scope="module")
def result() -> Result:
    made = make_result(3)
    parcels = made.parcels.copy()
    number = np.arange(len(parcels))
    parcels["plot_ratio"] = np.where(number % 6 == 5, np.nan, 0.2 + number % 5 * 0.4)
    parcels["plot_ratio_limit"] = np.where(number % 7 == 6, np.nan, 0.8)
    parcels["plot_ratio_limit_basis"] = "合同约定"
    rules = made.rules.assign(rule_state="现行", valid_from=pd.Timestamp("2021-09-24"))
    undecided = pd.DataFrame(
        {
            "unit_kind": "宗地",
            "unit_id": parcels.index[::4],
            "rule_id": "lowuse.plot_ratio",
            "verdict": "无法判定",
        }
    )
    findings = pd.concat([made.findings, undecided], ignore_index=True)
    made = dataclasses.replace(made, parcels=parcels, rules=rules, findings=findings, title="虚构园区一张图")
    return with_years(with_enterprises(made))


@pytest.fixture(scope="module")
def folder(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("成果")
    seen_from_above, moved_away = (str(result.parcels.index[row]) for row in (2, 3))
    chips = {seen_from_above: "影像/甲 #1.png", moved_away: "影像/没有.png"}
    (out / "影像").mkdir()
    Image.new("RGB", (200, 100), "green").save(out / "影像" / "甲 #1.png")
    links = Beside("处置候选清单.xlsx", "对比.html", {str(result.parcels.index[2]): DOSSIER}, chips)
    write_map(result, out / "地图.html", links)
    write_compare(result, out / "对比.html", "地图.html")
    write_tables(result, out / "tables", only=("parcels", "parcel_years"))
    return out


@pytest.fixture(scope="module")
def window(browser: Any) -> Iterator[Any]:
    opened = browser.new_context(viewport={"width": 1400, "height": 900}, accept_downloads=True)
    opened.set_offline(True)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def opened(window: Any, folder: Path) -> Watched:
    return Watched(window, folder / "地图.html")


@pytest.fixture
def seen(opened: Watched) -> Iterator[Watched]:
    """Return the one page of this module as it was when opened; nothing may go wrong on it."""
    opened.page.click("#reset")
    yield opened
    opened.page.keyboard.press("Escape")
    assert opened.problems == []


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / "tables" / f"{name}.csv", dtype=str, encoding="utf-8-sig")


def counts(seen: Watched) -> list[int]:
    return [int(text) for text in seen.page.locator("#legend .count > b").all_inner_texts()]


def choose_year(seen: Watched, year: int) -> None:
    """Move the slider with the keys, as a person does."""
    seen.page.focus("#year")
    while int(seen.text("#year-shown")[:4]) != year:
        seen.page.keyboard.press("ArrowLeft" if int(seen.text("#year-shown")[:4]) > year else "ArrowRight")


# ---- what goes into the page ----


def test_page_carries_years_and_ties_of_the_frames(result):
    data = Scripts(render_map(result)).data
    assert [one["year"] for one in data["years"]] == [2022, 2023]
    for one in data["years"]:
        own = result.parcel_years.query("year == @one['year']").set_index("parcel_id")
        wanted = own[TAX].reindex(result.parcels.index)
        assert one["columns"][TAX] == [None if pd.isna(value) else value for value in wanted]
    assert data["ties"]["columns"]["parcel"][:5] == [0, 1, 2, 2, 3]
    assert data["ties"]["columns"]["enterprise"][:5] == [0, 0, 2, 3, 3]
    assert data["grades"] == ["A", "B", "C", "D", "T"]


def test_result_without_years_enterprises_or_grades_has_none_of_them():
    plain = make_result(1)
    assert year_columns(plain) == {}
    assert enterprise_columns(plain) == {}
    assert tie_columns(plain) == {"parcel": [], "enterprise": []}
    data = Scripts(render_map(plain)).data
    assert (data["years"], data["grades"], data["links"]) == ([], [], {"list": "", "compare": ""})


def test_page_says_whose_figures_it_shows(result):
    data = Scripts(render_map(result)).data
    wanted = {f"运行编号 {run_id(result)}", "数据年度 2024", "评价基准日 2024-12-31"}
    assert wanted < set(data["stamp"])
    assert any(text.startswith("规则版本 ") for text in data["stamp"])
    (rules,) = data["rule_versions"]
    assert rules == {
        "document": "洞口县创建“五好”园区行动方案", "from": ["2021-09-24"], "rules": 4, "changed": 0,
    }  # fmt: skip


def test_changed_and_switched_off_rules_are_told_apart(result):
    rules = result.rules.assign(rule_state=["现行", "本单位改动", "本单位停用", "本单位增加"])
    (told,) = Scripts(render_map(dataclasses.replace(result, rules=rules))).data["rule_versions"]
    assert (told["rules"], told["changed"]) == (3, 2)


STATIC = sorted(files("landeval.publish.map").joinpath("static").iterdir(), key=str)
NEWER = {
    "??= and its kin": r"(\?\?|\|\||&&)=",
    "at": r"\.at\(",
    "replaceAll": r"\.replaceAll\(",
    "structuredClone": r"\bstructuredClone\(",
    "static block": r"\bstatic\s*\{",
    "private method": r"(^|\s)#\w+\s*\(.*\)\s*\{",
    "findLast": r"\.findLast(Index)?\(",
    "hasOwn": r"\bObject\.hasOwn\(",
    "Promise.any": r"\bPromise\.any\(",
    "groupBy": r"\.groupBy\(",
    "sorted copies": r"\.(toSorted|toReversed|toSpliced|with)\(",
    "replaceChildren": r"\.replaceChildren\(",
    "numeric separator": r"\d_\d",
    "regex flag d or v": r"/[gimsuy]*[dv][gimsuy]*\.(test|exec)\(",
    "randomUUID": r"\brandomUUID\(",
}


@pytest.mark.parametrize(
    "file", [path for path in STATIC if path.name.endswith(".js")], ids=lambda path: path.name
)
def test_scripts_use_nothing_newer_than_chromium_80(file):
    text = re.sub(r"//[^\n]*|`[^`]*`|\"[^\"\n]*\"", '""', file.read_text("utf-8"))
    assert [name for name, pattern in NEWER.items() if re.search(pattern, text, re.MULTILINE)] == []


def test_the_scan_finds_what_is_too_new():
    samples = (
        "a ??= 1",
        "list.at(-1)",
        "text.replaceAll('a', 'b')",
        "structuredClone(a)",
        "class A { static { } }",
    )
    for sample in samples:
        assert any(re.search(pattern, sample) for pattern in NEWER.values()), sample


def test_no_name_stands_twice_in_the_scripts_of_the_page():
    # all scripts share one function: a second function of a name would silently replace the first
    text = "\n".join(page.static(name) for name in page._SCRIPTS)
    names = Counter(re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", text, re.MULTILINE))
    assert [name for name, count in names.items() if count > 1] == []


def test_every_script_of_the_folder_is_used():
    named = {*page._SCRIPTS, "guard.js", "sides.js"}
    assert {path.name for path in STATIC if path.name.endswith(".js")} == named


def test_compare_page_opens_nothing_but_the_map(result):
    text = render_compare(result, "地图.html")
    assert "default-src 'none'" in compare.POLICY
    assert "frame-src 'self' file:" in text
    assert Scripts(text).data["left"] == {"scheme": TAX_PER_MU, "year": 2023}
    alone = dataclasses.replace(result, parcel_years=pd.DataFrame())
    assert Scripts(render_compare(alone, "地图.html")).data["left"] == {"scheme": "status", "year": None}


# ---- the page in a browser: real clicks, typed Chinese, the network cut ----


@browser_test
def test_strip_counts_money_with_how_much_is_unknown(seen, result):
    group = result.parcels["industry_group"].iloc[0]
    seen.page.select_option("#industry", group)
    kept = result.parcels[result.parcels["industry_group"] == group]
    for key, money in zip(("investment", "output", "tax"), MONEY, strict=True):
        known = kept[kept[money].notna()]
        assert seen.text(f"#kpi-{key}-sum") == f"{known[money].sum():,.2f}"
        assert seen.text(f"#kpi-{key}") == f"{known[money].sum() / known['area_mu'].sum():.2f}"
        missing = int(kept[money].isna().sum())
        assert seen.text(f"#kpi-{key}-unknown") == (f"{missing} 宗" if missing else "0")
    assert seen.text("#kpi-candidates") == str(int(result.status.loc[kept.index, "is_candidate"].sum()))


@browser_test
def test_nothing_known_is_not_zero(seen, result):
    seen.page.select_option("#scheme", label="亩均税收")
    seen.page.click("#none")
    seen.page.click("#legend li:last-child label")
    nobody = result.parcels[result.parcels[TAX].isna()]
    assert seen.text("#kpi-count") == str(len(nobody))
    assert seen.text("#kpi-tax-sum") == seen.text("#kpi-tax") == "—"
    assert seen.text("#kpi-tax-unknown") == f"{len(nobody)} 宗"


@browser_test
def test_filters_by_grade_and_zone_find_every_parcel(seen, result):
    grades = dict(zip(result.grades["enterprise_id"], result.grades["enterprise_grade"], strict=True))
    tied = result.links.query("state == '自动'")
    of_a = tied[tied["enterprise_id"].map(grades) == "A"]["parcel_id"].nunique()
    seen.page.select_option("#grade", "A")
    assert seen.text("#kpi-count") == str(of_a)
    assert "企业等级 A" in seen.text("#filter-note")
    seen.page.select_option("#grade", "")
    zone = result.zones.query("zone_code == 'C1B1S1'").iloc[0]
    place = int(np.flatnonzero(result.zones["zone_code"] == "C1B1S1")[0])
    seen.page.select_option("#zone", str(place))
    assert seen.text("#kpi-count") == str(zone["zone_parcels"])
    assert f"分区 {zone['zone_name']}" in seen.text("#filter-note")


@browser_test
def test_colours_count_as_the_frames(seen, result):
    parcels = result.parcels
    seen.page.select_option("#scheme", label="容积率")
    ratio, limit = parcels["plot_ratio"], parcels["plot_ratio_limit"]
    both = ratio.notna() & limit.notna()
    parts = (ratio / limit).round(9)
    edges = [(-1, 0.5), (0.5, 1), (1, 1.5), (1.5, 99)]
    judged = result.findings.query("rule_id == 'lowuse.plot_ratio'").set_index("unit_id")["verdict"]
    undecided = both & judged.reindex(parcels.index).eq("无法判定")
    assert undecided.any()
    wanted = [int((both & ~undecided & (parts >= low) & (parts < high)).sum()) for low, high in edges]
    unlimited = int((ratio.notna() & limit.isna()).sum())
    assert counts(seen) == [*wanted, unlimited, int(undecided.sum()), int(ratio.isna().sum())]
    seen.page.select_option("#scheme", label="亩均税收比上年")
    before = result.parcel_years.query("year == 2023").set_index("parcel_id")[TAX_PER_MU]
    is_known = parcels[TAX_PER_MU].notna() & before.reindex(parcels.index).notna()
    assert counts(seen) == [0, 0, 0, int(is_known.sum()), 0, int((~is_known).sum())]  # a ninth more each
    seen.page.select_option("#scheme", label="企业等级")
    assert sum(counts(seen)) == len(parcels)
    assert counts(seen)[-2] == 1  # the third parcel: two firms of different grades


@browser_test
def test_pictures_of_a_parcel_stand_in_its_card_where_the_file_is_there(seen, result):
    seen.click_parcel(2)
    picture = seen.page.locator(".leaflet-popup figure.chip img")
    seen.page.wait_for_function("() => document.querySelector('figure.chip img').complete")
    assert picture.evaluate("image => image.naturalWidth") == 200
    seen.page.keyboard.press("Escape")
    seen.click_parcel(3)
    picture.wait_for(state="detached")
    assert seen.problems
    assert all(told.startswith("failed file:") or "ERR_FILE_NOT_FOUND" in told for told in seen.problems)
    seen.problems.clear()
    seen.page.keyboard.press("Escape")
    seen.click_parcel(4)
    assert picture.count() == 0


@browser_test
def test_classes_of_every_scheme_differ_in_black_and_white(seen):
    looks = seen.page.evaluate(
        "() => landeval.schemes.map(one => one.classes.map(look => [look.fill, look.hatch, !!look.dashed]))"
    )
    for scheme in looks:
        for at, (fill, hatch, dashed) in enumerate(scheme):
            for other, other_hatch, other_dashed in scheme[at + 1 :]:
                grey, other_grey = (
                    sum(
                        int(one[place : place + 2], 16) * part
                        for place, part in ((1, 0.3), (3, 0.59), (5, 0.11))
                    )
                    for one in (fill, other)
                )
                assert hatch != other_hatch or dashed != other_dashed or abs(grey - other_grey) > 30, (
                    fill,
                    other,
                )


@browser_test
def test_year_slider_changes_figures_and_never_verdicts(seen, result, folder):
    choose_year(seen, 2023)
    year = result.parcel_years.query("year == 2023").set_index("parcel_id").reindex(result.parcels.index)
    known = year[TAX].notna()
    total, land = year.loc[known, TAX].sum(), result.parcels.loc[known, "area_mu"].sum()
    assert seen.text("#kpi-tax-sum") == f"{total:,.2f}"
    assert seen.text("#kpi-tax") == f"{total / land:.2f}"
    assert seen.text("#kpi-tax-unknown") == f"{int((~known).sum())} 宗"
    assert "评价结论、等级、分区汇总仍是 2024 年" in seen.text("#year-note")
    legend = seen.text("#legend")
    for name, count in result.status["status"].value_counts().items():
        assert re.search(rf"{re.escape(str(name))}\s*{count} 宗", legend)
    seen.page.select_option("#scheme", label="亩均税收")
    assert counts(seen)[-1] == int((~known).sum())
    row = int(np.flatnonzero(known & (result.status["status"] == "达标"))[0])
    seen.page.fill("#search", result.parcels.iloc[row]["parcel_code"])
    seen.page.click("#found button")
    shown = seen.text(".leaflet-popup-content")
    assert f"{year.iloc[row][TAX_PER_MU]:.2f}" in shown
    assert "评价与处置（2024 年，基准日 2024-12-31）" in shown
    assert f"{year.iloc[row][TAX]:,.2f} 万元（2023 年）" in shown
    with seen.page.expect_download() as started:
        seen.page.click("#export")
    lines = list(csv.DictReader(io.StringIO(Path(started.value.path()).read_text("utf-8-sig"), newline="")))
    assert started.value.suggested_filename == "宗地筛选清单_2023.csv"
    told = (
        table(folder, "parcel_years").query("年度 == '2023'").set_index("宗地标识")["入库税收(万元)"].dropna()
    )
    column = {line["宗地标识"]: line["入库税收(万元)（2023年）"] for line in lines}
    assert {name: float(text) for name, text in column.items() if text} == told.astype(float).to_dict()
    choose_year(seen, 2024)
    assert f"{result.parcels.iloc[row][TAX]:,.2f} 万元\n" in seen.text(".leaflet-popup-content")


@browser_test
def test_card_has_the_figures_of_the_tables(seen, folder, result):
    parcels, years = table(folder, "parcels"), table(folder, "parcel_years")
    headers = [
        name for name in parcels if re.match("亩均|入库税收|工业总产值|固定资产投资|容积率|评价面积", name)
    ]
    for row in (2, 11, 30):
        told = parcels.iloc[row]
        seen.page.fill("#search", told["宗地代码"])
        seen.page.click("#found button")
        shown = seen.text(".leaflet-popup-content")
        for name in headers:
            if "来源" in name or "依据" in name or pd.isna(told[name]):
                continue
            wanted = f"≥{float(told[name]):g}" if "下限" in name else f"{float(told[name]):,.2f}"
            assert wanted in shown, name
        for name in ("评价结论", "理由", "处置途径", "下一步", "办理期限"):
            if name in told and pd.notna(told[name]):
                assert told[name] in shown, name
        own = years[years["宗地标识"] == told["宗地标识"]].set_index("年度")
        cells = seen.page.locator(".years tbody tr:last-child td").all_inner_texts()
        wanted = own["亩均税收(万元/亩)"].reindex(["2022", "2023", "2024"])
        assert cells == [f"{float(value):.2f}" if pd.notna(value) else "—" for value in wanted]
        links = seen.page.eval_on_selector_all(
            ".further a", "all => all.map(e => decodeURI(e.getAttribute('href')))"
        )
        assert links == [*([DOSSIER] if row == 2 else []), "处置候选清单.xlsx", "#zd=" + told["宗地代码"]]
    assert "91430525XG00000030" in shown


@browser_test
def test_search_by_former_name_code_of_the_firm_and_full_width(seen, result):
    seen.page.click("#search")
    seen.page.keyboard.insert_text("虚构老字号8厂")  # as an input method commits it, without keys
    assert seen.page.locator("#found button").count() == 1
    assert result.parcels.iloc[8]["parcel_code"] in seen.text("#found")
    assert "曾用名：虚构老字号8厂" in seen.text("#found")
    seen.page.fill("#search", "91430525XG00000000")
    assert seen.page.locator("#found button").count() == 2  # one firm, two parcels
    seen.page.fill("#search", "９１４３０５２５ｘｇ０００００００９")
    assert result.parcels.iloc[9]["parcel_code"] in seen.text("#found")


@browser_test
def test_everything_is_reached_by_the_keyboard_and_named(seen):
    seen.page.focus("#search")
    seen.page.keyboard.insert_text("GB00007")
    seen.page.keyboard.press("Enter")
    dialog = seen.page.locator("[role=dialog]:not([hidden])")
    assert dialog.get_attribute("aria-label")
    assert dialog.evaluate("box => box.contains(document.activeElement)")
    seen.page.keyboard.press("Escape")
    assert dialog.count() == 0
    assert seen.page.evaluate("() => document.activeElement.closest('#found, .search') !== null")
    unnamed = seen.page.evaluate(
        "() => [...document.querySelectorAll('input, select, button, a')].filter(e => e.offsetParent !== null"
        " && !(e.labels && e.labels.length) && !e.getAttribute('aria-label') && !e.textContent.trim())"
        ".map(e => e.outerHTML.slice(0, 80))"
    )
    assert unnamed == []


@browser_test
def test_printed_sheet_is_a3_and_says_what_it_is(seen, tmp_path, result):
    seen.page.pdf(path=tmp_path / "a.pdf", prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[([^]]+)\]", (tmp_path / "a.pdf").read_bytes())
    assert len(boxes) == 1
    assert [round(float(side) / 72 * 25.4) for side in boxes[0].split()[2:]] == [420, 297]
    seen.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    paper = seen.text("#panel")
    for wanted in ("虚构园区一张图", "2024-12-31", run_id(result), "打印日期 ", "2021-09-24"):
        assert wanted in paper
    assert seen.page.is_visible(".north")
    assert seen.page.is_visible(".leaflet-control-scale")
    footer = seen.page.locator("#panel footer").bounding_box()
    panel = seen.page.locator("#panel").bounding_box()
    assert footer["y"] + footer["height"] <= panel["y"] + panel["height"] + 1
    seen.page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    assert seen.page.is_visible("#search")


@browser_test
def test_two_maps_move_together_and_colour_apart(window, folder, result):
    sides = Watched(window, folder / "对比.html")
    sides.page.wait_for_selector("html[data-sides='2']", timeout=30_000)
    left, right = sides.page.frames[1:]
    assert (left.inner_text("#year-shown"), right.inner_text("#year-shown")) == ("2023 年", "2024 年")
    year = result.parcel_years.query("year == 2023")[TAX_PER_MU]
    assert left.inner_text("#legend li:last-child b") == str(int(year.isna().sum()))
    right.select_option("#scheme", label="评价结论")
    assert left.locator("#scheme-print").text_content() == "亩均税收（2023 年）"
    left.click(".leaflet-control-zoom-in")
    where = "() => [landeval.map.getZoom(), landeval.map.getCenter().lat, landeval.map.getCenter().lng]"
    sides.page.wait_for_timeout(400)
    assert right.evaluate(where) == pytest.approx(left.evaluate(where))
    sides.page.uncheck("#together")
    before = left.evaluate(where)
    right.click(".leaflet-control-zoom-out")
    sides.page.wait_for_timeout(400)
    assert left.evaluate(where) == before
    assert run_id(result) in sides.text("#stamp")
    assert sides.problems == []
    sides.page.close()


@browser_test
@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("delete Object.fromEntries", "浏览器缺少本图需要的功能（现代脚本）"),
        ("JSON.parse = () => { throw new Error('x'); }", "本图未能打开"),
    ],
)
def test_browser_that_is_too_old_is_told_so(browser, folder, broken, said):
    context = browser.new_context()
    context.add_init_script(broken)
    old = context.new_page()
    old.goto((folder / "地图.html").as_uri())
    old.wait_for_selector("#unfit:not([hidden])", timeout=10_000)
    assert said in old.inner_text("#unfit")
    assert "极速模式" in old.inner_text("#unfit")
    context.close()


ODD = {**HOSTILE, "rare": "〇𠮷𬭚㙟厂", "emoji": "🏭👩‍🔧企业", "minus": "-2+3", "full": "＝1+1"}


def hostile_enterprises(result: Result) -> Result:
    """Put a hostile text into every name and code of parcels, enterprises and grades."""
    texts = list(ODD.values())
    at = [texts[row % len(texts)] for row in range(len(result.parcels))]
    moved = at[5:] + at[:5]
    firms = result.enterprises.assign(name=at, former_names=moved, credit_code=moved)
    grades = result.grades.assign(grade_list=at, grade_state=moved, grade_why=at)
    parcels = result.parcels.assign(holder_name=at, location=moved, plot_ratio_limit_basis=at)
    return dataclasses.replace(result, parcels=parcels, enterprises=firms, grades=grades)


@browser_test
def test_hostile_text_of_firms_is_literal_on_the_page_and_in_the_csv(window, result, tmp_path):
    hostile = hostile_enterprises(result)
    write_map(hostile, tmp_path / "a.html", Beside("</script>{{7*191}}.xlsx", "`${1}`.html"))
    seen = Watched(window, tmp_path / "a.html")
    for row, text in enumerate(list(ODD.values())[:8]):
        seen.page.evaluate(
            "code => { location.hash = '#zd=' + code; }", hostile.parcels.iloc[row]["parcel_code"]
        )
        seen.page.wait_for_selector(f"[data-parcel='{hostile.parcels.index[row]}']")
        assert clean(text) in str(seen.page.text_content(".leaflet-popup-content"))
    seen.page.fill("#search", "<img")
    assert seen.page.locator("#found button").count() > 0
    with seen.page.expect_download() as started:
        seen.page.evaluate("() => document.getElementById('export').click()")
    raw = Path(started.value.path()).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert [line["权利人"] for line in lines] == [
        guard(clean(name)) for name in hostile.parcels["holder_name"]
    ]
    assert seen.page.evaluate("() => window.hit") is None
    assert seen.page.locator("img, iframe").count() == 0
    assert "1337" not in seen.text("body")
    assert seen.problems == []
    seen.page.close()
