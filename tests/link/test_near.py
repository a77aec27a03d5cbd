"""Near names come up for review with their reason; blanks never, the order of rows never decides, ties are settled."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landeval.link.near import near_names
from landeval.vocabulary.names import name_key

PIECES = (
    st.sampled_from(["", "洞口县", "洞口", "湖南省"]),
    st.text("虚构鑫源恒瑞", min_size=1, max_size=3),
    st.sampled_from(["", "机械", "食品", "建材"]),
    st.sampled_from(["", "有限公司", "有限责任公司", "厂"]),
    st.sampled_from(["", "", "第一分公司"]),
)
NAMES = st.tuples(*PIECES).map("".join)
LISTS = st.lists(NAMES, max_size=8)
BLANKS = st.sampled_from(["", " ", "\u3000", "无", "暂无", "——", None, float("nan")])


def near(left, right, *, at_least=0.5, most=10):
    return near_names(
        pd.Series(left, dtype=object), pd.Series(right, dtype=object), at_least=at_least, most=most
    )


def said(pairs, left, right):
    """Return the pairs by their names: what they are, wherever they stood."""
    return {
        (name_key(left[row.left]), name_key(right[row.right]), row.score, row.reason)
        for row in pairs.itertuples()
    }


@pytest.mark.parametrize(
    ("one", "other", "score", "reason"),
    [
        ("洞口虚构机械有限公司", "洞口虚构机械有限公司 ", 1.0, "名称相同"),
        ("虚构（洞口）机械有限公司", "虚构洞口机械有限公司", 0.99, None),
        (
            "洞口虚构机械有限公司",
            "洞口虚构机械有限责任公司",
            0.98,
            "仅组织形式不同（有限公司、有限责任公司）",
        ),
        ("洞口虚构机械有限公司", "洞口虚构机械", 0.98, "仅组织形式不同（有限公司、未写）"),
        (
            "洞口虚构机械有限公司",
            "洞口虚构机械有限公司第一分公司",
            0.95,
            "仅分支机构不同（总部、第一分公司）",
        ),
        ("虚构机械一厂", "虚构机械二厂", 0.95, "仅分支机构不同（一、二）"),
        ("洞口县虚构机械厂", "虚构机械厂", 0.98, "仅一方未写地名（洞口县、未写）"),
        ("洞口县虚构机械厂", "洞口虚构机械厂", 0.98, "仅地名详略不同（洞口县、洞口）"),
        ("洞口县虚构机械厂", "隆回县虚构机械厂", 0.97, "仅地名前缀不同（洞口县、隆回县）"),
        ("洞口县虚构机械厂", "洞口县虚枸机械厂", None, "一字之差"),
        ("洞口县虚构鑫源机械厂", "洞口县虚构源鑫机械厂", None, "相邻两字颠倒"),
        ("洞口县虚构机械厂", "洞口县虚构食品厂", None, "字号相同、行业词不同（机械、食品）"),
        (
            "虚构机械厂",
            "洞口县虚构机械有限公司",
            0.97,
            "一方未写地名（未写、洞口县）；组织形式不同（厂、有限公司）",
        ),
    ],
)
def test_a_pair_is_scored_and_its_difference_said(one, other, score, reason):
    pairs = near([one], [other])
    assert len(pairs) == 1
    if score is not None:
        assert pairs["score"].tolist() == [score]
    else:
        assert 0.5 <= pairs["score"].iloc[0] < 0.95
    if reason is not None:
        assert pairs["reason"].tolist() == [reason]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("洞口县虚构机械有限公司", "洞口县虚构机械有限责任公司"),
        ("洞口县虚构机械有限公司", "洞口县虚构机械有限公司洞口分公司"),
        ("洞口县虚构机械一厂", "洞口县虚构机械二厂"),
        ("虚构机械厂(普通合伙)", "虚构机械厂"),
    ],
)
def test_names_that_differ_by_form_or_branch_are_not_the_same(one, other):
    pairs = near([one], [other])
    assert name_key(one) != name_key(other)
    assert (pairs["score"] < 1).all()
    assert pairs["reason"].str.contains("组织形式不同|分支机构不同").all()


def test_two_firms_with_nothing_in_common_do_not_meet():
    assert near(["洞口县虚构机械厂"], ["隆回县别家食品公司"]).empty


def test_only_the_best_are_kept_and_ties_are_settled_by_the_name():
    right = ["隆回县虚构机械厂", "新邵县虚构机械厂", "绥宁县虚构机械厂", "洞口县虚构机械公司"]
    pairs = near(["洞口县虚构机械厂"], right, most=2)
    other = near(["洞口县虚构机械厂"], right[::-1], most=2)
    assert [right[at] for at in pairs["right"]] == ["洞口县虚构机械公司", "新邵县虚构机械厂"]
    assert said(pairs, ["洞口县虚构机械厂"], right) == said(other, ["洞口县虚构机械厂"], right[::-1])


def test_labels_come_back_and_rows_of_one_name_each():
    left = pd.Series(["虚构机械厂", "虚构机械厂"], index=["甲", "乙"])
    right = pd.Series(["洞口虚构机械厂", "洞口 虚构机械厂"], index=["c", "d"])
    pairs = near_names(left, right, at_least=0.5, most=1)
    assert pairs[["left", "right"]].to_numpy().tolist() == [
        ["甲", "c"],
        ["甲", "d"],
        ["乙", "c"],
        ["乙", "d"],
    ]


def test_a_name_that_fits_no_cell_is_compared_all_the_same():
    long = "虚构" * 3000 + "机械厂"
    assert near([long], [long + "一"])["score"].iloc[0] > 0.9


def test_a_very_common_core_is_still_sought_within_its_place():
    left = [f"洞口县高沙镇虚构机械{form}" for form in ("厂", "公司", "有限公司", "有限责任公司")] * 2
    counties = ["洞口", "隆回", "新邵", "绥宁", "新宁", "武冈", "邵东", "邵阳"]
    towns = [f"{chr(0x4E00 + at)}{chr(0x4F60 + at)}镇" for at in range(120)]
    right = [f"{county}县{town}虚构机械厂" for county in counties for town in towns]
    pairs = near(left, [*right, "洞口县高沙镇虚构机械有限公司"], most=1)
    assert set(pairs["left"]) == set(range(8))
    assert (pairs["right"] == len(right)).all()


@settings(max_examples=25)
@given(LISTS, LISTS)
def test_both_ways_give_the_same_pairs(left, right):
    there = said(near(left, right, most=100), left, right)
    back = said(near(right, left, most=100), right, left)
    assert {(one, other, score) for one, other, score, _ in there} == {
        (one, other, score) for other, one, score, _ in back
    }


@settings(max_examples=25)
@given(LISTS, LISTS, st.randoms(use_true_random=False), st.integers(1, 3))
def test_the_order_of_rows_decides_nothing(left, right, random, most):
    mixed = random.sample(left, len(left)), random.sample(right, len(right))
    assert said(near(left, right, most=most), left, right) == said(near(*mixed, most=most), *mixed)


@settings(max_examples=25)
@given(LISTS, LISTS)
def test_width_and_spaces_and_kinds_of_brackets_change_nothing(left, right):
    half = [f"{name}(甲)" for name in left]
    full = [f" {name}【甲】\u200b " for name in left]
    assert said(near(half, right), half, right) == said(near(full, right), full, right)


@settings(max_examples=25)
@given(LISTS, st.lists(st.one_of(NAMES, BLANKS), max_size=8), st.lists(BLANKS, max_size=3))
def test_blanks_pair_with_nothing(left, right, blanks):
    pairs = near([*left, *blanks], right, at_least=0.0)
    assert set(pairs["left"]) <= set(range(len(left)))
    assert all(name_key(right[at]) for at in pairs["right"])


@settings(max_examples=25)
@given(LISTS, LISTS, st.floats(0, 1), st.integers(1, 4))
def test_what_is_returned_keeps_the_limits(left, right, at_least, most):
    pairs = near(left, right, at_least=at_least, most=most)
    assert (pairs["score"] >= at_least).all()
    assert pairs["score"].between(0, 1).all()
    assert not pairs.duplicated(["left", "right"]).any()
    names = pairs.assign(name=[name_key(right[at]) for at in pairs["right"]])
    assert (names.groupby("left")["name"].nunique() <= most).all()
    assert ((pairs["score"] == 1) == (pairs["reason"] == "名称相同")).all()


@settings(max_examples=25)
@given(st.lists(NAMES, min_size=1, max_size=6))
def test_a_list_finds_itself_first(names):
    keyed = [name for name in names if name_key(name)]
    pairs = near(keyed, keyed, most=1)
    assert (pairs["score"] == 1).all()
    assert set(pairs["left"]) == set(range(len(keyed)))


@settings(max_examples=25)
@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_any_text_is_compared_without_an_error(left, right):
    pairs = near(left, right, at_least=0.0)
    assert list(pairs.columns) == ["left", "right", "score", "reason"]
    assert (pairs["reason"] != "").all()
