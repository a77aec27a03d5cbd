"""A decision finds its pair by code and name, settles it, and says so where it finds none."""

import pandas as pd
import pytest
from frames import codes, decided, make_enterprises, make_parcels, tie
from writers import told

from landeval.link.decisions import apply_decisions, no_longer
from landeval.tidy.codes import name_key

CODE1, CODE2 = "913702816143139252", "9137028167179100XT"
LAND = (
    {"parcel_code": "A", "holder_name": "洞口虚构机械有限公司"},
    {"parcel_code": "B", "holder_name": "乙厂", "credit_code": CODE2},
)
FIRMS = (
    {"name": "洞口虚构机械有限责任公司", "credit_code": CODE1, "tax_wan_yuan": 1.0},
    {"name": "乙厂", "credit_code": CODE2, "tax_wan_yuan": 2.0},
)


def said(parcel, name, code, decision="确认", rank=0):
    place = {"source_file": "复核.xlsx", "source_layer": "复核", "source_row": 3 + rank}
    return {
        "decided_parcel": parcel, "parcel_key": parcel, "decided_name": name, "name_key": name_key(name),
        "decided_code": code, "decision": decision, "decided_share": None, "decided_by": "虚构员",
        "decided_on": pd.NaT, "decision_reason": None, "decision_rank": rank, **place,
    }  # fmt: skip


def applied(*rows):
    firms = make_enterprises(*FIRMS).enterprises
    called = firms["name_key"].rename_axis("enterprise_id").reset_index()
    return apply_decisions(pd.DataFrame(rows), make_parcels(*LAND), firms, called)


def test_by_code_by_name_and_by_both():
    found = applied(
        said("A", "洞口虚构机械有限责任公司", CODE1), said("B", None, CODE2), said("B", "乙厂", None, rank=1)
    )
    assert set(zip(found.pairs["parcel_id"], found.pairs["enterprise_id"], strict=True)) == {
        ("A", CODE1),
        ("B", CODE2),
    }
    assert found.issues.empty


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (said("C", "乙厂", CODE2), "宗地表中没有这一宗地"),
        (said("A", "丙厂", None), "企业表中没有这家企业"),
        (said("A", "乙厂", CODE1), "信用代码与名称是两家企业"),
        (said("A", "乙厂", "91370200797522673R"), "同名企业的信用代码已不是决定中的代码"),
    ],
)
def test_a_decision_that_means_nobody_is_told_with_its_row(row, why):
    found = applied(row)
    assert found.pairs.empty
    assert codes(found.issues) == ["E331"]
    assert why in told(found.issues, "E331")
    assert found.issues["source_row"].tolist() == [3]


def test_of_two_names_for_one_pair_the_newest_decision_holds():
    found = applied(
        said("A", None, CODE1, "否决"), said("A", "洞口虚构机械有限责任公司", None, "确认", rank=1)
    )
    assert found.pairs["decision"].tolist() == ["确认"]


def test_a_confirmed_pair_is_tied_and_says_who():
    tied = tie(make_parcels(*LAND), make_enterprises(*FIRMS), decided(("A", CODE1, "确认")))
    row = tied.links.set_index("parcel_id").loc["A"]
    assert row[["method", "state", "score", "share", "decided_by"]].tolist() == [
        "人工确认", "已确认", 1.0, 1.0, "虚构员",
    ]  # fmt: skip
    assert "E302" not in codes(tied.issues)


@pytest.mark.parametrize(("decision", "state"), [("否决", "已否决"), ("待定", "待定")])
def test_a_settled_pair_is_listed_and_tied_by_no_key(decision, state):
    tied = tie(make_parcels(*LAND), make_enterprises(*FIRMS), decided(("B", CODE2, decision)))
    row = tied.links.set_index("parcel_id").loc["B"]
    assert row["state"] == state
    assert pd.isna(row["share"])
    assert row["allocation_rule"] == "不分摊"


def test_without_a_decision_the_near_name_waits_with_its_reason():
    links = tie(make_parcels(*LAND), make_enterprises(*FIRMS)).links.set_index("parcel_id")
    assert links.loc["A", ["method", "state"]].tolist() == ["近似名称", "待复核"]
    assert "组织形式" in links.loc["A", "review_reason"]


def test_a_threshold_takes_the_one_near_name_and_reports_it():
    tied = tie(make_parcels(*LAND), make_enterprises(*FIRMS), near_threshold=0.9)
    assert tied.links.set_index("parcel_id").loc["A", "state"] == "自动"
    assert "E316" in codes(tied.issues)


def test_a_threshold_takes_none_of_two_that_are_as_near():
    twin = {"name": "洞口虚构机械股份有限公司", "credit_code": "91370200797522673R", "tax_wan_yuan": 1.0}
    tied = tie(make_parcels(*LAND), make_enterprises(*FIRMS, twin), near_threshold=0.9)
    assert (tied.links.loc[tied.links["parcel_id"] == "A", "state"] == "待复核").all()


def test_a_rejection_of_a_pair_that_nothing_speaks_of_is_told():
    pairs = decided(("A", CODE2, "否决")).assign(source_file="复核.csv", source_layer="", source_row=2)
    tied = tie(make_parcels(*LAND), make_enterprises(*FIRMS), pairs)
    assert codes(no_longer(pairs, tied.links)) == ["E332"]


def test_a_rejection_beside_the_confirmation_of_a_rival_is_not_told_as_needless():
    twin = {"name": "洞口虚构机械股份有限公司", "credit_code": "91370200797522673R", "tax_wan_yuan": 1.0}
    firms = make_enterprises(*FIRMS, twin)
    both = set(tie(make_parcels(*LAND), firms).links.query("parcel_id == 'A'")["enterprise_id"])
    assert both == {CODE1, twin["credit_code"]}  # a near name speaks for either
    pairs = decided(("A", CODE1, "确认"), ("A", twin["credit_code"], "否决"))
    pairs = pairs.assign(source_file="匹配复核.xlsx", source_layer="复核", source_row=[3, 4])
    assert no_longer(pairs, tie(make_parcels(*LAND), firms, pairs).links).empty


def test_a_rejection_for_a_firm_that_another_decision_gave_its_land_is_not_told_as_needless():
    land = ({"parcel_code": "A", "holder_name": "甲厂"}, {"parcel_code": "B", "holder_name": "乙厂"})
    place = {"location": "虚构洞口经开区虚构大道1号"}
    firms = make_enterprises({"name": "丙厂", "credit_code": CODE1, **place})
    parcels = make_parcels(*({**one, **place} for one in land))
    assert set(tie(parcels, firms).links["method"]) == {"坐落地址"}
    pairs = decided(("A", CODE1, "确认"), ("B", CODE1, "否决"))
    pairs = pairs.assign(source_file="匹配复核.xlsx", source_layer="复核", source_row=[3, 4])
    assert no_longer(pairs, tie(parcels, firms, pairs).links).empty
