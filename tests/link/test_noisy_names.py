"""Made-up names with noise: what is automatic is right, and review finds the rest; seeded, so always the same."""

from pathlib import Path

import pytest

from benchmarks.noisy_names import NOISE, as_table, lists, measure
from landeval.vocabulary.names import name_key

DOC = Path(__file__).resolve().parents[2] / "docs" / "匹配方法.md"


@pytest.fixture(scope="module")
def figures():
    return measure(1000, 2026)


def test_the_lists_are_as_promised():
    given, firms = lists(1000, 2026)
    assert (len(given), len(firms), (given["firm"] < 0).sum()) == (1000, 1000, 50)
    assert firms["name"].map(name_key).is_unique
    changed = given[given["firm"] >= 0]
    same = changed["name"].to_numpy() == firms["name"].to_numpy()[changed["firm"]]
    assert same.mean() < 0.05
    assert set(changed["noise"]) == set(NOISE)


def test_automatic_pairs_are_right_and_review_finds_the_rest(figures):
    assert figures["automatic_precision"] == 1
    assert figures["recall"] >= 0.98
    assert figures["by_noise"]["曾用名"]["自动"] == 1
    assert figures["by_noise"]["全半角、空格"]["自动"] == 1
    assert figures["by_noise"]["错一字"]["自动"] == 0
    assert figures["queue"] <= 3 * 750


def test_the_page_shows_these_figures(figures):
    assert as_table(figures) in DOC.read_text("utf-8")
