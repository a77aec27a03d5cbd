"""Ledger records beside parcels: by three keys; a disagreement is unknown, a split is to the cent."""

import pandas as pd
import pytest
from frames import codes, make_contracts, make_enterprises, make_parcels
from hypothesis import given, settings
from hypothesis import strategies as st

from landeval.link.contracts import no_ledger, tie_contracts
from landeval.link.evidence import evidence

COLUMNS = pd.DataFrame(
    [
        ("台账.xlsx", "", "agreed_start", "约定动工"),
        ("台账.xlsx", "", "delivered_on", "交地日期"),
        ("台账.xlsx", "", "invested_wan_yuan", "已投资额"),
    ],
    columns=["source_file", "source_layer", "field", "header"],
)
NO_MONEY = pd.DataFrame(
    columns=["row", "parcel_id", "enterprise_id", "year", "parcel_code", "link_area_mu", "tax_wan_yuan"]
)
NO_RECORDS = make_enterprises().records


def test_parcel_code_then_supervision_number_then_contract_number():
    land = make_parcels(
        {"parcel_code": "A"},
        {"parcel_code": "B", "supervision_no": "S2"},
        {"parcel_code": "C", "contract_no": "H3"},
    )
    ledger = make_contracts(
        {"parcel_code": "A", "supervision_no": "S2", "price_wan_yuan": 1.0},
        {"supervision_no": "S2", "contract_no": "H3", "price_wan_yuan": 2.0},
        {"contract_no": "H3", "price_wan_yuan": 3.0},
    )
    tied = tie_contracts(land, ledger)
    assert tied.parcels["price_wan_yuan"].to_dict() == {"A": 1.0, "B": 2.0, "C": 3.0}
    assert tied.parcel_of.tolist() == ["A", "B", "C"]
    assert codes(tied.issues) == []


def test_blank_keys_tie_nothing_and_both_leftovers_are_reported():
    land = make_parcels({"parcel_code": None, "parcel_id": "P1"})
    tied = tie_contracts(land, make_contracts({"price_wan_yuan": 9.0}))
    assert tied.parcel_of.isna().all()
    assert codes(tied.issues) == ["E307", "E308"]
    assert tied.parcels["price_wan_yuan"].isna().all()


def test_two_records_that_disagree_make_the_item_unknown():
    land = make_parcels({"parcel_code": "A", "agreed_start": "2020-01-01"})
    ledger = make_contracts(
        {"parcel_code": "A", "agreed_start": "2021-01-01", "price_wan_yuan": 5.0},
        {"parcel_code": "A", "agreed_start": "2022-01-01", "price_wan_yuan": 5.0},
    )
    tied = tie_contracts(land, ledger)
    assert tied.parcels["agreed_start"].isna().all()
    assert tied.parcels["price_wan_yuan"].tolist() == [5.0]
    assert codes(tied.issues) == ["E309", "E309"]
    assert set(tied.issues["used_value"]) == {"未知"}


def test_one_record_fills_the_gaps_of_another():
    ledger = make_contracts(
        {"parcel_code": "A", "agreed_start": "2021-01-01"}, {"parcel_code": "A", "price_wan_yuan": 5.0}
    )
    tied = tie_contracts(make_parcels({"parcel_code": "A"}), ledger).parcels
    assert tied.loc["A", "price_wan_yuan"] == 5.0
    assert tied.loc["A", "agreed_start"] == pd.Timestamp("2021-01-01")


def test_ledger_against_parcel_is_said_and_the_ledger_holds():
    land = make_parcels({"parcel_code": "A", "price_wan_yuan": 4.0})
    tied = tie_contracts(land, make_contracts({"parcel_code": "A", "price_wan_yuan": 5.0}))
    assert tied.parcels["price_wan_yuan"].tolist() == [5.0]
    assert tied.issues[["code", "raw_value", "used_value"]].to_numpy().tolist() == [["E310", "5", "5"]]
    assert "宗地表写 4（" in tied.issues["what"].iloc[0]


def test_binary_noise_is_no_disagreement():
    land = make_parcels({"parcel_code": "A", "area_contract_m2": 12345.0})
    ledger = make_contracts(
        {"parcel_code": "A", "area_contract_m2": 12345.000000000002},
        {"parcel_code": "A", "area_contract_m2": 12345.0},
    )
    assert codes(tie_contracts(land, ledger).issues) == []


def test_another_land_use_is_said_a_shorter_word_for_it_is_not():
    land = make_parcels(
        {"parcel_code": "A", "land_use": "商服用地"}, {"parcel_code": "B", "land_use": "工业"}
    )
    ledger = make_contracts(
        {"parcel_code": "A", "land_use": "工业用地"}, {"parcel_code": "B", "land_use": "工业用地"}
    )
    tied = tie_contracts(land, ledger)
    assert codes(tied.issues) == ["E310"]
    assert tied.issues["record_key"].tolist() == ["A"]


@settings(max_examples=18)
@given(st.integers(0, 10**13), st.lists(st.integers(1, 10**6), min_size=2, max_size=5))
def test_a_price_over_several_parcels_is_split_to_the_cent(cents, areas):
    land = make_parcels(
        *(
            {"parcel_code": f"P{i}", "supervision_no": "S1", "area_registered_m2": float(area)}
            for i, area in enumerate(areas)
        )
    )
    tied = tie_contracts(land, make_contracts({"supervision_no": "S1", "price_wan_yuan": cents / 1e6}))
    parts = (tied.parcels["price_wan_yuan"] * 1e6).round().astype("int64")
    assert int(parts.sum()) == cents
    assert set(tied.issues["code"]) == {"E311"}


def test_a_contract_over_several_parcels_repeats_no_area_and_no_total():
    land = make_parcels(
        {"parcel_code": "A", "supervision_no": "S1", "area_registered_m2": 1000.0},
        {"parcel_code": "B", "supervision_no": "S1", "area_registered_m2": 2000.0},
    )
    ledger = make_contracts(
        {
            "supervision_no": "S1", "area_contract_m2": 3000.0, "invested_wan_yuan": 100.0,
            "planned_investment_wan_yuan": 400.0, "built_area_m2": 500.0, "buildable_area_m2": 1500.0,
        }
    )  # fmt: skip
    tied = tie_contracts(land, ledger)
    assert tied.parcels["area_contract_m2"].isna().all()
    assert tied.parcels["invested_wan_yuan"].sum() == pytest.approx(100.0, abs=1e-9)
    assert tied.parcels["built_area_m2"].sum() == pytest.approx(500.0, abs=1e-9)
    proof = evidence(tied.parcels, NO_MONEY, NO_RECORDS, tied.ledger, COLUMNS, 2024, ("tax_wan_yuan",))
    assert proof["invested_wan_yuan"].to_dict() == {
        "A": "台账.xlsx第 3 行「已投资额」（整份合同的数按面积分到 2 宗，本宗占 33.33%）",
        "B": "台账.xlsx第 3 行「已投资额」（整份合同的数按面积分到 2 宗，本宗占 66.67%）",
    }
    assert (tied.parcels["invested_wan_yuan"] / tied.parcels["planned_investment_wan_yuan"]).tolist() == [
        0.25,
        0.25,
    ]
    assert tied.parcel_of.tolist() == ["A、B"]


def test_a_split_without_land_is_unknown():
    land = make_parcels(
        {"parcel_code": "A", "supervision_no": "S1", "area_registered_m2": None},
        {"parcel_code": "B", "supervision_no": "S1", "area_registered_m2": 2000.0},
    )
    tied = tie_contracts(land, make_contracts({"supervision_no": "S1", "price_wan_yuan": 6.0}))
    assert tied.parcels["price_wan_yuan"].isna().all()


def test_evidence_names_the_cell_that_decides():
    land = make_parcels({"parcel_code": "A"}, {"parcel_code": "B", "agreed_start": "2020-05-01"})
    ledger = make_contracts(
        {"parcel_code": "A", "price_wan_yuan": 1.0},
        {"parcel_code": "A", "delivered_on": "2021-01-01"},
        {"parcel_code": "B", "price_wan_yuan": 1.0},
    )
    tied = tie_contracts(land, ledger)
    proof = evidence(tied.parcels, NO_MONEY, NO_RECORDS, tied.ledger, COLUMNS, 2024, ("tax_wan_yuan",))
    assert proof["due_start"].to_dict() == {"A": "台账.xlsx第 4 行「交地日期」", "B": "宗地.shp第 2 行"}
    bare = evidence(land, NO_MONEY, NO_RECORDS, no_ledger(), COLUMNS, 2024, ("tax_wan_yuan",))
    assert bare["due_start"].tolist() == ["宗地.shp第 1 行", "宗地.shp第 2 行"]


def test_the_ledger_names_the_holder_only_where_the_parcel_names_nobody():
    land = make_parcels(
        {"parcel_code": "A", "holder_name": None},
        {"parcel_code": "B", "holder_name": "乙厂"},
        {"parcel_code": "C", "holder_name": None},
    )
    ledger = make_contracts(
        {"parcel_code": "A", "holder_name": "甲厂"},
        {"parcel_code": "B", "holder_name": "甲厂"},
        {"parcel_code": "C", "holder_name": "甲厂"},
        {"parcel_code": "C", "holder_name": "丙厂"},
    )
    holders = tie_contracts(land, ledger).parcels["holder_name"]
    assert holders["A"] == "甲厂"
    assert holders["B"] == "乙厂"
    assert pd.isna(holders["C"])


def test_a_settled_date_leaves_another_that_ends_alike_unsure():
    land = make_parcels({"parcel_code": "A", "unsure_dates": "notice_served_on hearing_notice_served_on "})
    ledger = make_contracts({"parcel_code": "A", "notice_served_on": "2024-06-20"})
    assert tie_contracts(land, ledger).parcels["unsure_dates"].tolist() == ["hearing_notice_served_on "]


def test_another_holder_in_the_ledger_is_reported_and_its_items_are_taken_all_the_same():
    land = make_parcels(
        {"parcel_code": "A", "holder_name": "虚构甲（洞口）有限公司"},
        {"parcel_code": "B", "holder_name": "虚构乙有限公司", "credit_code": "91430525XG0000332G"},
        {"parcel_code": "C", "holder_name": "虚构丙有限公司"},
        {"parcel_code": "D", "holder_name": None},
    )
    ledger = make_contracts(
        {"parcel_code": "A", "holder_name": "虚构甲(洞口) 有限公司", "price_wan_yuan": 1.0},
        {"parcel_code": "B", "holder_name": "虚构乙改名有限公司", "credit_code": "91430525XG0000332G"},
        {"parcel_code": "C", "holder_name": "虚构丁有限公司", "price_wan_yuan": 3.0},
        {"parcel_code": "D", "holder_name": "虚构戊有限公司"},
    )
    tied = tie_contracts(land, ledger)
    told = tied.issues[tied.issues["code"] == "E323"]
    assert told["record_key"].tolist() == ["C"]
    assert told["raw_value"].tolist() == ["虚构丁有限公司"]
    assert "虚构丙有限公司" in told["what"].iloc[0]
    assert tied.parcels.loc["C", "price_wan_yuan"] == 3.0


def test_several_contracts_of_a_parcel_are_all_cited():
    ledger = make_contracts(
        {"parcel_code": "A", "contract_no": "甲1", "supervision_no": "S1"},
        {"parcel_code": "A", "contract_no": "甲2", "supervision_no": "S1"},
        {"parcel_code": "B", "contract_no": "乙1"},
    )
    tied = tie_contracts(make_parcels({"parcel_code": "A"}, {"parcel_code": "B"}), ledger)
    assert tied.parcels["contract_no"].tolist() == ["甲1、甲2", "乙1"]
    heads = [
        ("台账.xlsx", "", name, head)
        for name, head in (("contract_no", "合同编号"), ("supervision_no", "监管号"))
    ]
    columns = pd.DataFrame(heads, columns=COLUMNS.columns)
    proof = evidence(
        tied.parcels, NO_MONEY, NO_RECORDS, tied.ledger, columns, 2024, ("tax_wan_yuan",), also=("contract_no", "supervision_no")
    )  # fmt: skip
    assert proof["contract_no"].tolist() == [
        "台账.xlsx第 3 行「合同编号」；台账.xlsx第 4 行",
        "台账.xlsx第 5 行「合同编号」",
    ]
    assert proof["supervision_no"].tolist()[0] == "台账.xlsx第 3 行「监管号」"
