"""Settings that make every test run the same, and the fixture for the shared real data."""

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import settings

CHROMIUM = "/usr/bin/chromium"
ROOT = Path(__file__).resolve().parents[1]
TESTS = str(Path(__file__).resolve().parent)
if TESTS not in sys.path:  # every room finds writers, builders and frames, however pytest is started
    sys.path.insert(0, TESTS)

# People and CI run the same examples; `pytest --hypothesis-profile explore` looks for new ones.
settings.register_profile("ci", derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=1000, database=None, print_blob=True)
settings.load_profile("ci")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real data beside the repository, or skip where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("没有真实数据文件夹 ../shared/data,跳过")
    return folder


@pytest.fixture
def texts_as_in_a_run() -> Iterator[None]:
    """Store texts as an evaluation does, so that what is made or read beside it can be compared exactly."""
    with pd.option_context("mode.string_storage", "python"):
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Open Chromium for the tests of a file, or skip (fail where the environment makes it compulsory)."""
    missing = [name for name in ("playwright",) if importlib.util.find_spec(name) is None]
    if shutil.which(CHROMIUM) is None:
        missing.append(CHROMIUM)
    if missing:
        reason = f"没有 {'、'.join(missing)}，浏览器测试无法运行"
        if os.environ.get("LANDEVAL_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as play:
        opened = play.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=[*flags, "--disable-sync", "--no-first-run"]
        )
        yield opened
        opened.close()
