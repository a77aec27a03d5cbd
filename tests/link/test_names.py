"""Names fall into the parts that Chinese company names are made of; what is not sure stays in the trade name."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landeval.link.names import PARTS, split_names
from landeval.vocabulary import names as vocabulary
from landeval.vocabulary.names import name_key, words

PLACES = st.sampled_from(
    ["", "湖南", "湖南省", "邵阳市", "洞口", "洞口县", "湖南省邵阳市洞口县", "洞口县高沙镇"]
)
TRADES = st.text("虚构鑫源恒瑞达", min_size=2, max_size=4)
INDUSTRIES = st.sampled_from(["", "机械", "食品加工", "电子科技", "新型建材"])
FORMS = st.sampled_from(["", "有限公司", "有限责任公司", "股份有限公司", "厂", "专业合作社", "经营部"])
BRANCHES = st.sampled_from(["", "洞口分公司", "第一分公司", "二分厂"])


def parts(name):
    return split_names(pd.Series([name])).iloc[0]


@pytest.mark.parametrize(
    ("name", "place", "trade", "industry", "form", "branch", "aside"),
    [
        ("洞口县虚构机械有限公司", "洞口县", "虚构", "机械", "有限公司", "", ""),
        ("洞口虚构机械有限责任公司", "洞口", "虚构", "机械", "有限责任公司", "", ""),
        ("湖南省邵阳市洞口县虚构食品厂", "湖南省邵阳市洞口县", "虚构", "食品", "厂", "", ""),
        ("虚构（洞口）电子科技股份有限公司", "洞口", "虚构", "电子科技", "股份有限公司", "", ""),
        ("洞口县高沙镇虚构木业加工厂", "洞口县高沙镇", "虚构", "木业加工", "厂", "", ""),
        ("虚构建材有限公司洞口分公司", "", "虚构", "建材", "有限公司", "洞口分公司", ""),
        ("潍坊虚构建材有限公司洞口分公司", "潍坊", "虚构", "建材", "有限公司", "洞口分公司", ""),
        ("洞口县高沙镇玉泉石膏粉厂", "洞口县高沙镇", "玉泉石膏粉", "", "厂", "", ""),
        ("虚构机械厂一厂", "", "虚构", "机械", "厂", "一厂", ""),
        ("虚构机械二厂", "", "虚构", "机械", "厂", "二", ""),
        ("虚构机械2厂", "", "虚构", "机械", "厂", "二", ""),
        ("虚构机械厂（普通合伙）", "", "虚构", "机械", "厂(普通合伙)", "", ""),
        ("虚构(集团)有限公司", "", "虚构", "", "有限公司(集团)", "", ""),
        ("虚构机械厂（后山坡上）", "", "虚构", "机械", "厂", "", "后山坡上"),
        ("洞口经济开发区虚构饲料厂", "洞口经济开发区", "虚构", "饲料", "厂", "", ""),
        ("新华机械厂", "", "新华", "机械", "厂", "", ""),
        ("虚构", "", "虚构", "", "", "", ""),
        ("虚构木业", "", "虚构", "木业", "", "", ""),
    ],
)
def test_a_name_falls_into_its_parts(name, place, trade, industry, form, branch, aside):
    assert parts(name).tolist() == [name_key(name), place, trade, industry, form, branch, aside]


def test_a_bare_place_without_a_trade_name_after_it_is_the_trade_name():
    assert parts("洞口机械厂")["trade"] == "洞口"
    assert parts("洞口县机械厂")[["place", "trade"]].tolist() == ["洞口县", ""]


def test_blank_and_no_names_have_empty_parts():
    blank = split_names(pd.Series(["", None, " ", "无", float("nan")], index=list("abcde"), dtype=object))
    assert blank.index.tolist() == list("abcde")
    assert (blank == "").all(axis=None)


@given(PLACES, TRADES, INDUSTRIES, FORMS, BRANCHES)
def test_no_character_is_lost_or_added(place, trade, industry, form, branch):
    name = place + trade + industry + form + (branch if form else "")
    found = parts(name)
    if "第" in name or "二分厂" in name:
        assert sorted("".join(found[list(PARTS[1:])])) == sorted(name)
    else:
        assert "".join(found[["place", "trade", "industry", "form", "branch"]]) == name


@given(st.lists(st.text(), max_size=5))
def test_any_text_is_split_without_an_error(texts):
    found = split_names(pd.Series(texts, dtype=object))
    assert len(found) == len(texts)
    assert list(found.columns) == list(PARTS)
    assert found.notna().all(axis=None)


@given(PLACES, TRADES, INDUSTRIES, FORMS)
def test_width_and_spaces_do_not_change_the_parts(place, trade, industry, form):
    name = f"{place}{trade}({place or '甲'}){industry}{form}"
    other = f" {place}{trade}（{place or '甲'}） {industry}\u3000{form}\u200b"
    assert parts(name).tolist() == parts(other).tolist()


def test_an_unknown_kind_of_words_is_refused(monkeypatch):
    vocabulary._tables.cache_clear()
    monkeypatch.setitem(vocabulary.FILES, "places.toml", ("provinces", "prefectures", "counties"))
    with pytest.raises(ValueError, match="former"):
        vocabulary._tables()
    monkeypatch.undo()
    vocabulary._tables.cache_clear()
    assert "洞口" in words("counties")
