"""Which parcels a row of the exemption register means: by number, else all that its holder owns; nothing is lost."""

import pandas as pd
import pytest
from frames import codes, make_contracts, make_enterprises, make_parcels, make_register, tie
from hypothesis import given, settings
from hypothesis import strategies as st

from landeval.link.contracts import tie_contracts
from landeval.link.exemptions import HOLDER, tie_exemptions
from landeval.link.keys import keys_of
from landeval.tidy.codes import name_key
from landeval.tidy.enterprises import former_keys

CODE1, CODE2, CODE3 = "913702816143139252", "9137028167179100XT", "91110000100000011L"
LAND = make_parcels(
    {"parcel_code": "A", "holder_name": "虚构甲厂", "credit_code": CODE1, "supervision_no": "4301B001", "contract_no": "合1"},
    {"parcel_code": "B", "holder_name": "虚构甲厂", "contract_no": "合2"},
    {"parcel_code": "C", "holder_name": "虚构乙厂", "credit_code": CODE2, "contract_no": "合2"},
    {"parcel_code": "D", "parcel_id": "D"},
    {"parcel_code": "D", "parcel_id": "D-2"},
    {"parcel_code": "E", "holder_name": "虚构丙厂"},
)  # fmt: skip
FIRMS = make_enterprises(
    {"name": "虚构甲厂", "credit_code": CODE1, "former_name": "虚构甲旧厂"},
    {"name": "虚构乙厂", "credit_code": CODE2},
    {"name": "虚构租户", "credit_code": CODE3, "parcel_code": "E"},
)


LINKS = tie(LAND, FIRMS).links


def tied(*rows, land=LAND, firms=FIRMS, numbers=None):
    keys = keys_of(
        land["holder_name"].map(name_key), firms.enterprises, former_keys(firms.enterprises), firms.years
    )
    links = LINKS if land is LAND and firms is FIRMS else tie(land, firms).links
    return tie_exemptions(
        make_register(*rows), land, links, firms.enterprises, keys.called, keys.holders, numbers
    )


def meant(*rows, **more):
    found = tied(*rows, **more)
    return found.rows["parcel_id"].dropna().tolist(), codes(found.issues)


@pytest.mark.parametrize(
    ("row", "parcels", "told"),
    [
        ({"parcel_code": "A"}, ["A"], []),
        ({"supervision_no": "4301B001"}, ["A"], []),
        ({"contract_no": "合1"}, ["A"], []),
        ({"parcel_code": "A", "supervision_no": "4301B001", "contract_no": "合1"}, ["A"], []),
        ({"parcel_code": "D-2"}, ["D-2"], []),
        ({"parcel_code": "A", "contract_no": "查无此号"}, ["A"], []),
        ({"parcel_code": "B", "contract_no": "合2"}, ["B"], []),
        ({"parcel_code": "A", "holder_name": "虚构甲厂"}, ["A"], []),
        ({"parcel_code": "A", "holder_name": "改了名的厂", "credit_code": CODE1}, ["A"], []),
        ({"parcel_code": "D-2", "holder_name": "无人知道是谁"}, ["D-2"], []),
        ({"holder_name": "虚构甲厂"}, ["A", "B"], ["E422"]),
        ({"holder_name": "虚构 甲厂"}, ["A", "B"], ["E422"]),
        ({"credit_code": CODE1}, ["A", "B"], ["E422"]),
        ({"credit_code": CODE2}, ["C"], ["E422"]),
        ({"parcel_code": "查无此宗"}, [], ["E420"]),
        ({"contract_no": "查无此号", "holder_name": "虚构甲厂"}, [], ["E420"]),
        ({"holder_name": "虚构无名厂"}, [], ["E420"]),
        ({"exemption_kind": "研发"}, [], ["E420"]),
        ({"parcel_code": "D"}, [], ["E421"]),
        ({"contract_no": "合2"}, [], ["E421"]),
        ({"parcel_code": "C", "supervision_no": "4301B001"}, [], ["E429"]),
        ({"parcel_code": "A", "holder_name": "虚构乙厂"}, [], ["E429"]),
        ({"parcel_code": "A", "credit_code": CODE2, "holder_name": "虚构甲厂"}, [], ["E429"]),
    ],
)
def test_a_row_means_the_parcels_it_names(row, parcels, told):
    assert meant(row) == (parcels, told)


def test_a_tenant_frees_no_land_of_its_landlord():
    own = make_enterprises(
        {"name": "虚构租户", "credit_code": CODE3, "parcel_code": "E", "area_rented_m2": 900.0}
    )
    assert meant({"credit_code": CODE3}, firms=own) == ([], ["E420"])


def test_a_name_of_two_firms_is_nobody_and_a_code_decides():
    land = make_parcels(
        {"parcel_code": "A", "holder_name": "虚构同名厂", "credit_code": CODE1},
        {"parcel_code": "B", "holder_name": "虚构同名厂", "credit_code": CODE2},
    )
    firms = make_enterprises({"name": "别家", "credit_code": CODE3})
    assert meant({"holder_name": "虚构同名厂"}, land=land, firms=firms) == ([], ["E421"])
    assert meant({"holder_name": "虚构同名厂", "credit_code": CODE2}, land=land, firms=firms) == (
        ["B"],
        ["E422"],
    )


def test_the_numbers_of_the_ledger_name_its_parcels():
    land = make_parcels({"parcel_code": "A"}, {"parcel_code": "B"}, {"parcel_code": "C"})
    ledger = tie_contracts(
        land,
        make_contracts(
            {"parcel_code": "A", "supervision_no": "4301B001", "contract_no": "合1"},
            {"parcel_code": "A", "supervision_no": "4301B002", "contract_no": "合1"},
            {"parcel_code": "B", "supervision_no": "4301B003", "contract_no": "合2"},
            {"parcel_code": "C", "supervision_no": "4301B004", "contract_no": "合2"},
            {"parcel_code": "X", "supervision_no": "4301B005"},
        ),
    )
    rows = [{name: value} for name, value in (
        ("supervision_no", "4301B002"), ("contract_no", "合1"), ("supervision_no", "4301B003"), ("contract_no", "合2"),
        ("supervision_no", "4301B005"))]  # fmt: skip
    firms = make_enterprises({"name": "别家", "credit_code": CODE3})
    found = [meant(row, land=ledger.parcels, firms=firms, numbers=ledger.numbers) for row in rows]
    assert found == [(["A"], []), (["A"], []), (["B"], []), ([], ["E421"]), ([], ["E420"])]


def test_how_each_row_was_tied_is_said():
    found = tied({"contract_no": "合1"}, {"credit_code": CODE1}, {"parcel_code": "查无"}).rows
    assert found["exemption_tied_by"].dropna().tolist() == ["合同编号", HOLDER, HOLDER]
    assert found["exemption_why"].tolist() == ["", "", "", "编号在宗地表中找不到"]


ROW = st.fixed_dictionaries(
    {
        "parcel_code": st.sampled_from([None, None, "A", "B", "C", "D", "D-2", "查无"]),
        "supervision_no": st.sampled_from([None, None, "4301B001", "4301B999"]),
        "contract_no": st.sampled_from([None, None, "合1", "合2"]),
        "holder_name": st.sampled_from([None, "虚构甲厂", "虚构甲旧厂", "虚构乙厂", "虚构租户"]),
        "credit_code": st.sampled_from([None, CODE1, CODE2, CODE3]),
    }
)


@settings(max_examples=40)
@given(st.lists(ROW, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_no_row_is_lost_whatever_it_names_and_order_does_not_matter(rows, random):
    placed = [row | {"source_row": at} for at, row in enumerate(rows, start=3)]
    found = tied(*placed)
    assert set(found.rows["source_row"]) == {row["source_row"] for row in placed}
    lost = found.rows[found.rows["parcel_id"].isna()]
    assert (lost["exemption_why"] != "").all()
    assert (found.rows.loc[found.rows["parcel_id"].notna(), "exemption_why"] == "").all()
    refused = found.issues[found.issues["code"].isin(["E420", "E421", "E429"])]
    assert sorted(refused["source_row"]) == sorted(lost["source_row"])
    assert not found.rows.duplicated(["source_row", "parcel_id"]).any()
    random.shuffle(placed)
    pd.testing.assert_frame_equal(found.rows, tied(*placed).rows)
