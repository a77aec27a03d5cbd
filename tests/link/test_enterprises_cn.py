"""Names against the codes of a real registry: what is automatic is right, and review finds nearly all the rest."""

from pathlib import Path

import pytest

from benchmarks.enterprise_names import FILE, NAMES, SEARCHED, as_table, measure

pytestmark = pytest.mark.real_data
DOC = Path(__file__).resolve().parents[2] / "docs" / "匹配方法.md"


@pytest.fixture(scope="module")
def figures(shared_data):
    return measure(shared_data / "enterprises_cn" / FILE)


def test_the_truth_is_the_code_and_agrees_with_the_row(figures):
    assert figures["rows"] == 7551
    assert figures["present_by_code"] == 5956
    assert figures["code_contradicts_row"] == 0
    assert figures["named_only"] == 5


@pytest.mark.parametrize("tier", NAMES)
def test_no_automatic_pair_is_wrong(figures, tier):
    counts = figures["by_names_alone"]["tiers"][tier]
    assert counts["wrong"] == 0
    assert counts["right"] >= {"企业名称": 4971, "曾用名": 233}[tier]
    assert counts["unconfirmed"] <= 6


def test_automatic_and_review_find_the_firms_that_are_there(figures):
    alone = figures["by_names_alone"]
    assert alone["automatic_wrong"] == 0
    assert alone["recall"] >= 0.97
    assert alone["recall_of_recognisable"] >= 0.99
    assert alone["automatic_recall"] >= 0.87


def test_the_queue_is_short_and_its_best_are_not_sure(figures):
    queue = figures["by_names_alone"]["tiers"][SEARCHED]
    assert queue["right"] >= 0.3 * queue["pairs"]
    assert queue["pairs"] <= 3 * queue["rows"]
    best = figures["bands"][-1]
    assert 0.9 < best["right"] / best["pairs"] < 1  # why even the nearest names are not tied unseen


def test_with_the_codes_first_every_firm_is_found(figures):
    by_tier = figures["with_codes"]
    assert by_tier["统一社会信用代码"] + by_tier["注册号"] == figures["present_by_code"]
    assert by_tier["企业名称"] == 6


def test_the_page_shows_these_figures(figures):
    assert as_table(figures) in DOC.read_text("utf-8")
