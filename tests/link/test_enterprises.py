"""Ties of enterprises to parcels: exact keys, in order, and a doubt is a pair to review."""

import pandas as pd
import pytest
from frames import codes, make_enterprises, make_parcels, tie
from hypothesis import given, settings
from hypothesis import strategies as st

from landeval.link.enterprises import matched_nothing, without_land
from landeval.tidy.codes import credit_code_check

CODE1, CODE2 = "913702816143139252", "9137028167179100XT"


def pairs(tied, state="自动"):
    links = tied.links[tied.links["state"] == state]
    return sorted(zip(links["parcel_id"], links["enterprise_id"], links["method"], strict=True))


def test_blank_keys_never_match():
    land = make_parcels({"parcel_code": None, "parcel_id": "P1"}, {"parcel_code": "B"})
    firms = make_enterprises({"parcel_code": "X", "tax_wan_yuan": 1.0}, {"name": "甲厂"})
    assert pairs(tie(land, firms)) == []


@pytest.mark.parametrize("blank", [None, "", "　"])
def test_blank_names_never_match(blank):
    firms = make_enterprises({"name": blank, "credit_code": CODE1})
    assert pairs(tie(make_parcels({"holder_name": blank}), firms)) == []


def test_code_beats_name():
    land = make_parcels({"parcel_code": "A", "holder_name": "乙厂", "credit_code": CODE1})
    firms = make_enterprises({"name": "甲厂", "credit_code": CODE1}, {"name": "丙厂", "credit_code": CODE2})
    tied = tie(land, firms)
    assert pairs(tied) == [("A", CODE1, "统一社会信用代码")]
    assert "E251" in codes(tied.issues)


def test_a_code_and_a_name_of_two_firms_are_to_review():
    land = make_parcels({"parcel_code": "A", "holder_name": "乙厂", "credit_code": CODE1})
    firms = make_enterprises({"name": "甲厂", "credit_code": CODE1}, {"name": "乙厂", "credit_code": CODE2})
    tied = tie(land, firms)
    assert pairs(tied) == []
    assert pairs(tied, "待复核") == [("A", CODE1, "统一社会信用代码")]
    assert "E252" in codes(tied.issues)


def test_names_are_compared_by_what_they_have_in_common():
    land = make_parcels({"parcel_code": "A", "holder_name": "虚构（洞口）机械 有限公司"})
    tied = tie(land, make_enterprises({"name": "虚构(洞口)机械有限公司", "credit_code": CODE1}))
    assert pairs(tied) == [("A", CODE1, "企业名称")]
    assert codes(tied.issues) == ["E304"]


def test_one_name_with_two_codes_is_to_review():
    land = make_parcels({"parcel_code": "A", "holder_name": "甲厂", "credit_code": CODE2})
    tied = tie(land, make_enterprises({"name": "甲厂", "credit_code": CODE1}))
    assert pairs(tied) == []
    assert pairs(tied, "待复核") == [("A", CODE1, "企业名称")]
    assert tied.links["share"].isna().all()
    assert codes(tied.issues) == ["E302", "E305"]


def test_a_name_of_several_enterprises_is_to_review():
    land = make_parcels({"parcel_code": "A", "holder_name": "甲厂"})
    tied = tie(
        land, make_enterprises({"name": "甲厂", "credit_code": CODE1}, {"name": "甲厂", "credit_code": CODE2})
    )
    assert pairs(tied) == []
    assert len(pairs(tied, "待复核")) == 2
    assert codes(tied.issues) == ["E302", "E303"]


def test_former_name():
    land = make_parcels({"parcel_code": "A", "holder_name": "老厂"})
    firms = make_enterprises({"name": "新厂", "former_names": "更老的厂、老厂", "credit_code": CODE1})
    tied = tie(land, firms)
    assert pairs(tied) == [("A", CODE1, "曾用名")]
    assert codes(tied.issues) == ["E312"]


def test_tenants_share_a_parcel_by_the_area_they_state():
    land = make_parcels({"parcel_code": "A", "area_mu": 12.0})
    firms = make_enterprises(
        {"name": "甲厂", "parcel_code": "A", "area_used_m2": 1000.0},
        {"name": "乙厂", "parcel_code": "A", "area_used_m2": 3000.0},
    )
    tied = tie(land, firms)
    assert sorted(tied.links["link_area_mu"]) == [3.0, 9.0]
    assert set(tied.links["allocation_rule"]) == {"按用地面积"}
    assert codes(tied.issues) == ["E324", "E324"]  # the parcel is twice what they state


def test_tenants_without_stated_area_share_evenly_and_it_is_said():
    land = make_parcels({"parcel_code": "A", "area_mu": 12.0})
    firms = make_enterprises(
        {"name": "甲厂", "parcel_code": "A", "area_used_m2": 1000.0}, {"name": "乙厂", "parcel_code": "A"}
    )
    tied = tie(land, firms)
    assert tied.links["link_area_mu"].tolist() == [6.0, 6.0]
    assert codes(tied.issues) == ["E306", "E324"]
    assert "2 户" in tied.issues["what"].iloc[0]


def test_a_firms_whole_area_does_not_count_at_each_of_its_parcels():
    land = make_parcels({"parcel_code": "A", "area_mu": 10.0}, {"parcel_code": "B", "area_mu": 30.0})
    firms = make_enterprises(
        {"name": "甲厂", "area_used_m2": 20000.0, "tax_wan_yuan": 1.0},
        {"name": "甲厂", "parcel_code": "A", "year": 2023},
        {"name": "甲厂", "parcel_code": "B", "year": 2023},
        {"name": "乙厂", "parcel_code": "A", "area_used_m2": 1000.0},
    )
    tied = tie(land, firms)
    assert tied.links.loc[tied.links["parcel_id"] == "A", "allocation_rule"].tolist() == ["按户均分"] * 2


def test_a_holder_with_tenants_is_not_lost():
    land = make_parcels({"parcel_code": "A", "credit_code": CODE1})
    firms = make_enterprises({"name": "房东厂", "credit_code": CODE1}, {"name": "租户", "parcel_code": "A"})
    assert [pair[1] for pair in pairs(tie(land, firms))] == [CODE1, "名称:租户"]


def test_a_holder_with_other_land_has_no_part_of_what_it_lets():
    land = make_parcels(
        {"parcel_code": "A", "credit_code": CODE1}, {"parcel_code": "B", "credit_code": CODE1}
    )
    firms = make_enterprises({"name": "房东厂", "credit_code": CODE1}, {"name": "租户", "parcel_code": "A"})
    assert [pair[:2] for pair in pairs(tie(land, firms))] == [("A", "名称:租户"), ("B", CODE1)]


FIRM = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["甲厂", "乙厂", "丙厂", "丁厂"]),
        "credit_code": st.sampled_from([None, CODE1, CODE2]),
        "parcel_code": st.sampled_from([None, "A", "B", "C"]),
        "area_used_m2": st.sampled_from([None, 100.0, 333.3, 5000.0]),
        "tax_wan_yuan": st.just(1.0),
    }
)


@settings(max_examples=20)
@given(st.lists(FIRM, min_size=1, max_size=7), st.randoms())
def test_areas_add_up_to_the_parcel_and_row_order_does_not_matter(rows, random):
    land = make_parcels(
        {"parcel_code": "A", "holder_name": "甲厂", "area_mu": 7.7},
        {"parcel_code": "B", "holder_name": "乙厂", "credit_code": CODE1, "area_mu": 0.3},
        {"parcel_code": "C", "credit_code": CODE2, "area_mu": 1234.5},
    )
    rows = [row | {"source_row": number} for number, row in enumerate(rows, start=4)]
    links = tie(land, make_enterprises(*rows)).links
    sure = links[links["state"] == "自动"]
    for parcel, area in sure.groupby("parcel_id")["link_area_mu"].sum().items():
        assert area == pytest.approx(land.at[parcel, "area_mu"], rel=1e-12)
    assert not links.duplicated(["parcel_id", "enterprise_id"]).any()
    other = tie(land, make_enterprises(*random.sample(rows, len(rows)))).links
    pd.testing.assert_frame_equal(links, other)


def test_two_lists_that_do_not_meet_are_told_in_plain_words():
    land, firms = make_parcels({"holder_name": "甲厂"}), make_enterprises({"name": "乙厂"})
    said = matched_nothing(land, firms.enterprises, tie(land, firms).links)
    assert "1 家企业与 1 宗地一家也没有对上" in said
    assert "甲厂" in said
    assert "乙厂" in said
    met = make_enterprises({"name": "甲厂"})
    assert matched_nothing(land, met.enterprises, tie(land, met).links) == ""


def test_every_row_of_a_landless_enterprise_is_reported():
    firms = make_enterprises({"name": "甲厂"}, {"name": "甲厂", "year": 2023}, {"name": "乙厂"})
    found = without_land(firms.records, {"名称:乙厂"})
    assert codes(found) == ["E301", "E301"]


@pytest.mark.parametrize("old", ["430500614313925", "614313925", "61431392-5"])
def test_old_codes_meet_the_credit_code_by_the_organisation_code_within_it(old):
    land = make_parcels({"parcel_code": "A", "holder_name": "甲厂", "credit_code": old})
    tied = tie(land, make_enterprises({"name": "甲厂", "credit_code": CODE1}))
    assert pairs(tied) == [("A", CODE1, "组织机构代码")]
    assert "E317" in codes(tied.issues)


@pytest.mark.parametrize("holder", [None, "乙厂"])
def test_an_organisation_code_without_the_name_is_to_review(holder):
    land = make_parcels({"parcel_code": "A", "holder_name": holder, "credit_code": "614313925"})
    tied = tie(land, make_enterprises({"name": "甲厂", "credit_code": CODE1}))
    assert pairs(tied) == []
    assert pairs(tied, "待复核") == [("A", CODE1, "组织机构代码")]


def test_two_credit_codes_with_one_organisation_code_are_two_firms():
    other = "12" + CODE1[2:17]
    other += credit_code_check(other)
    land = make_parcels({"parcel_code": "A", "holder_name": "甲厂", "credit_code": other})
    tied = tie(land, make_enterprises({"name": "甲厂", "credit_code": CODE1}))
    assert pairs(tied) == []
    assert "E305" in codes(tied.issues)
