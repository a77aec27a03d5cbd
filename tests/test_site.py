"""The docs as a site: every page in the navigation, every link leads somewhere, nothing from elsewhere, search in Chinese from a folder."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytest.importorskip("material", reason="mkdocs-material is not installed")
pytest.importorskip("jieba", reason="jieba is not installed")


def script():
    spec = importlib.util.spec_from_file_location("build_site", ROOT / "scripts" / "build_site.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("文档") / "site"
    script().build(out)
    return out


def test_every_page_is_built_and_every_link_leads_somewhere(site):
    pages = {path.stem for path in (ROOT / "docs").glob("*.md")}
    assert pages <= {path.stem for path in site.glob("*.html")}
    assert script().faults(site) == []


def test_a_page_that_loads_from_elsewhere_or_leads_nowhere_is_told(tmp_path):
    (tmp_path / "a.html").write_text(
        '<script src="https://cdn.example/x.js"></script><a href="b.html">b</a><a href="#c">c</a><p id="d"></p><a href="#d">d</a>',
        "utf-8",
    )
    (tmp_path / "a.css").write_text("@import url(//fonts.example/f.css);", "utf-8")
    assert script().faults(tmp_path) == [
        "a.html: loads https://cdn.example/x.js",
        "a.html: b.html leads nowhere",
        "a.html: #c leads nowhere",
        "a.css: loads from elsewhere",
    ]


@pytest.mark.browser
@pytest.mark.enable_socket
def test_search_finds_chinese_words_from_a_folder(site, browser):
    page = browser.new_page(locale="zh-CN", viewport={"width": 1300, "height": 900})
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda told: said.append(told.text) if told.type == "error" else None)
    page.goto((site / "index.html").as_uri())
    page.locator("input.md-search__input").click()
    page.keyboard.type("土地闲置费", delay=20)
    page.keyboard.press(
        "End"
    )  # characters put in without a keyboard raise no keyup, which the theme waits for
    page.wait_for_selector(".md-search-result__item", timeout=20_000)
    found = page.locator(".md-search-result__item").all_inner_texts()
    assert any("闲置" in one for one in found)
    assert {re.match(r"\w+:", one)[0] for one in asked} <= {"file:", "data:", "blob:", "about:"}
    assert said == []
    page.close()
