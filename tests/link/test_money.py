"""Money over land: nothing lost, nothing doubled, and a total with a gap is unknown."""

from decimal import Decimal

import pandas as pd
import pytest
from frames import codes, make_enterprises, make_parcels, spread, tie
from hypothesis import given, settings
from hypothesis import strategies as st

from landeval.errors import InternalError
from landeval.link.money import spread_money
from landeval.result import MONEY

TAX = ("tax_wan_yuan",)
CENT = st.integers(-(10**11), 10**11).map(lambda cents: cents / 1_000_000)
ROW = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["甲厂", "乙厂", "丙厂", "丁厂", None]),
        "year": st.sampled_from([2022, 2023, 2024, 2024, None]),
        "parcel_code": st.sampled_from([None, None, None, "A", "B", "C", "无此宗"]),
        "tax_wan_yuan": st.one_of(st.none(), CENT),
        "output_wan_yuan": st.one_of(st.none(), CENT),
    }
)
LAND = [
    {"parcel_code": "A", "holder_name": "甲厂", "area_mu": 7.3},
    {"parcel_code": "B", "holder_name": "甲厂", "area_mu": 11.9},
    {"parcel_code": "C", "holder_name": "乙厂", "area_mu": None},
    {"parcel_code": "D", "holder_name": "乙厂", "area_mu": 3.0},
    {"parcel_code": "E", "holder_name": "丙厂", "area_mu": None},
]


def total(money, year=2024, parcel="A", column="tax_wan_yuan"):
    rows = money.parcel_years
    found = rows[(rows["parcel_id"] == parcel) & (rows["year"] == year)][column]
    return None if found.empty or found.isna().all() else float(found.iloc[0])


@settings(max_examples=15)
@given(st.lists(ROW, min_size=1, max_size=14))
def test_input_is_allocated_unmatched_or_excluded_to_the_cent(rows):
    firms = make_enterprises(*rows)
    money = spread(make_parcels(*LAND), firms, ("tax_wan_yuan", "output_wan_yuan"))
    for row in money.ledger.itertuples():
        parts = [
            Decimal(getattr(row, name)) for name in ("input_total", "allocated", "unmatched", "excluded")
        ]
        assert parts[0] == parts[1] + parts[2] + parts[3]
        year = firms.records["year"]
        mine = firms.records[year.isna() if pd.isna(row.year) else year == row.year][row.quantity]
        assert parts[0] == sum((Decimal(f"{value:.6f}") for value in mine.dropna()), start=Decimal(0))
    known = firms.records["year"].fillna(-1).nunique()
    assert len(money.ledger) == known * money.ledger["quantity"].nunique()


@settings(max_examples=10)
@given(st.lists(ROW, min_size=1, max_size=10), st.randoms())
def test_row_order_does_not_matter(rows, random):
    rows = [row | {"source_row": number} for number, row in enumerate(rows, start=4)]
    shuffled = random.sample(rows, len(rows))
    one, other = (spread(make_parcels(*LAND), make_enterprises(*order), TAX) for order in (rows, shuffled))
    pd.testing.assert_frame_equal(one.parcel_years, other.parcel_years)
    pd.testing.assert_frame_equal(one.ledger, other.ledger)


def test_a_lost_row_stops_the_run():
    firms = make_enterprises({"name": "甲厂", "tax_wan_yuan": 5.0}, {"name": "乙厂", "tax_wan_yuan": 7.0})
    land = make_parcels(*LAND)
    with pytest.raises(InternalError, match="金额不平"):
        spread_money(firms.years.iloc[:1], firms.records, tie(land, firms).links, land["parcel_code"], TAX)


def test_a_doubled_row_stops_the_run():
    firms = make_enterprises({"name": "甲厂", "tax_wan_yuan": 5.0})
    land = make_parcels(*LAND)
    doubled = pd.concat([firms.years, firms.years])
    with pytest.raises(InternalError, match="金额不平"):
        spread_money(doubled, firms.records, tie(land, firms).links, land["parcel_code"], TAX)


def test_a_changed_figure_stops_the_run():
    firms = make_enterprises({"name": "甲厂", "tax_wan_yuan": 5.0})
    land = make_parcels(*LAND)
    with pytest.raises(InternalError):
        spread_money(
            firms.years.assign(tax_wan_yuan=5.000001),
            firms.records,
            tie(land, firms).links,
            land["parcel_code"],
            TAX,
        )


def test_repeats_and_conflicts_are_excluded_figure_by_figure():
    firms = make_enterprises(
        {"name": "甲厂", "tax_wan_yuan": 5.0, "output_wan_yuan": 100.0},
        {"name": "甲厂", "tax_wan_yuan": 6.0, "output_wan_yuan": 100.0},
        {"name": "乙厂", "tax_wan_yuan": 1.0},
        {"name": "乙厂", "tax_wan_yuan": 1.0},
        {"name": "丙厂", "tax_wan_yuan": 2.5, "year": None},
        {"name": None, "tax_wan_yuan": 9.0},
    )
    ledger = spread(make_parcels({"parcel_code": "A", "holder_name": "甲厂"}), firms).ledger
    ledger = ledger.set_index(["quantity", ledger["year"].fillna(0).astype(int)])
    tax = ledger.loc[("tax_wan_yuan", 2024)]
    assert (tax["input_total"], tax["excluded"]) == ("22.000000", "21.000000")
    assert (tax["allocated"], tax["unmatched"]) == ("0.000000", "1.000000")
    output = ledger.loc[("output_wan_yuan", 2024)]
    assert tax["repeated"] == "1.000000"
    assert (output["allocated"], output["excluded"], output["repeated"]) == (
        "100.000000",
        "100.000000",
        "100.000000",
    )
    assert ledger.loc[("tax_wan_yuan", 0), "excluded"] == "2.500000"


def test_a_copy_of_a_figure_that_is_itself_left_out_repeats_nothing():
    firms = make_enterprises(
        {"name": "甲厂", "tax_wan_yuan": 5.0},
        {"name": "甲厂", "tax_wan_yuan": 5.0},
        {"name": "甲厂", "tax_wan_yuan": 6.0},
    )
    ledger = spread(make_parcels({"parcel_code": "A", "holder_name": "甲厂"}), firms).ledger
    tax = ledger.set_index("quantity").loc["tax_wan_yuan"]
    assert (tax["excluded"], tax["repeated"]) == ("16.000000", "0.000000")


def test_refunds_keep_their_sign():
    land = make_parcels({"holder_name": "甲厂", "area_mu": 1.0}, {"holder_name": "甲厂", "area_mu": 2.0})
    money = spread(land, make_enterprises({"name": "甲厂", "tax_wan_yuan": -0.1}))
    assert [total(money, parcel=key) for key in ("P1", "P2")] == [-0.033333, -0.066667]


def test_money_follows_land_to_the_cent():
    land = make_parcels(*({"holder_name": "甲厂", "area_mu": area} for area in (1.0, 1.0, 1.0)))
    money = spread(land, make_enterprises({"name": "甲厂", "tax_wan_yuan": 100.0}))
    assert [total(money, parcel=key) for key in ("P1", "P2", "P3")] == [33.333334, 33.333333, 33.333333]


def test_a_row_that_names_its_parcel_goes_there_alone():
    land = make_parcels(
        {"parcel_code": "A", "holder_name": "甲厂"}, {"parcel_code": "B", "holder_name": "甲厂"}
    )
    firms = make_enterprises(
        {"name": "甲厂", "parcel_code": "A", "tax_wan_yuan": 5.0},
        {"name": "甲厂", "parcel_code": "B", "tax_wan_yuan": 8.0},
    )
    money = spread(land, firms)
    assert (total(money), total(money, parcel="B")) == (5.0, 8.0)


def test_a_code_with_a_hash_and_a_code_that_stands_twice():
    land = make_parcels(
        {"parcel_code": "7#2", "parcel_id": "7#2", "area_mu": 1.0},
        {"parcel_code": "7", "parcel_id": "7", "area_mu": 1.0},
        {"parcel_code": "9", "parcel_id": "9", "area_mu": 1.0},
        {"parcel_code": "9", "parcel_id": "9#2", "area_mu": 3.0},
    )
    firms = make_enterprises(
        {"name": "甲厂", "parcel_code": "7#2", "tax_wan_yuan": 4.0},
        {"name": "乙厂", "parcel_code": "9", "tax_wan_yuan": 8.0},
    )
    money = spread(land, firms)
    assert total(money, parcel="7#2") == 4.0
    assert total(money, parcel="7") is None
    assert [total(money, parcel=key) for key in ("9", "9#2")] == [2.0, 6.0]


def test_a_row_that_names_no_parcel_of_ours_is_reported_and_unmatched():
    land = make_parcels({"parcel_code": "A", "holder_name": "甲厂"})
    firms = make_enterprises(
        {"name": "甲厂", "parcel_code": "X", "tax_wan_yuan": 5.0},
        {"name": "甲厂", "tax_wan_yuan": 1.0, "year": 2023},
    )
    money = spread(land, firms)
    assert total(money) is None
    assert codes(money.issues) == ["E301"]
    assert "X" in money.issues["what"].iloc[0]
    assert money.unmatched.to_dict("records") == [
        {"enterprise_id": "名称:甲厂", "year": 2024, "parcel_code": "X"}
    ]


def test_a_tenant_without_the_figure_makes_the_total_unknown():
    firms = make_enterprises(
        {"name": "甲厂", "parcel_code": "A", "tax_wan_yuan": 500.0, "output_wan_yuan": 10.0},
        {"name": "乙厂", "parcel_code": "A", "tax_wan_yuan": None, "output_wan_yuan": 20.0},
    )
    money = spread(make_parcels({"parcel_code": "A"}), firms)
    assert total(money) is None
    assert total(money, column="output_wan_yuan") == 30.0
    assert codes(money.issues) == ["E313"]
    assert money.issues["used_value"].tolist() == ["未知"]


def test_a_tenant_without_a_row_that_year_makes_the_total_unknown():
    firms = make_enterprises(
        {"name": "甲厂", "parcel_code": "A", "tax_wan_yuan": 500.0},
        {"name": "甲厂", "parcel_code": "A", "tax_wan_yuan": 400.0, "year": 2023},
        {"name": "乙厂", "parcel_code": "A", "tax_wan_yuan": 3.0, "year": 2023},
    )
    money = spread(make_parcels({"parcel_code": "A"}), firms)
    assert (total(money, 2023), total(money, 2024)) == (403.0, None)
    assert codes(money.issues) == ["E313"]
    assert "2024" in money.issues["what"].iloc[0]


def test_a_tenant_that_moved_away_leaves_the_total_known():
    firms = make_enterprises(
        {"name": "甲厂", "parcel_code": "A", "tax_wan_yuan": 500.0},
        {"name": "乙厂", "parcel_code": "A", "tax_wan_yuan": 3.0, "year": 2023},
        {"name": "乙厂", "parcel_code": "B", "tax_wan_yuan": 4.0},
    )
    money = spread(make_parcels({"parcel_code": "A"}, {"parcel_code": "B"}), firms)
    assert (total(money, 2024), total(money, 2024, "B")) == (500.0, 4.0)


def test_unknown_land_among_several_stops_the_split_and_the_neighbours_total():
    land = make_parcels(
        {"parcel_code": "A", "area_mu": 10.0, "holder_name": "甲厂"},
        {"parcel_code": "B", "area_mu": None, "holder_name": "甲厂"},
    )
    alone = spread(land, make_enterprises({"name": "甲厂", "tax_wan_yuan": 5.0}))
    assert codes(alone.issues) == ["E314"]
    assert alone.ledger.loc[alone.ledger["quantity"] == "tax_wan_yuan", "unmatched"].tolist() == ["5.000000"]
    both = make_parcels(
        {"parcel_code": "A", "area_mu": 10.0},
        {"parcel_code": "B", "area_mu": None},
    )
    firms = make_enterprises(
        {"name": "甲厂", "parcel_code": "A", "year": 2023},
        {"name": "甲厂", "parcel_code": "B", "year": 2023},
        {"name": "甲厂", "tax_wan_yuan": 5.0},
        {"name": "乙厂", "parcel_code": "A", "tax_wan_yuan": 1.0},
    )
    money = spread(both, firms)
    assert total(money, 2024, "A") is None
    assert set(codes(money.issues)) == {"E313", "E314"}


def test_one_parcel_of_unknown_land_still_has_its_money():
    money = spread(
        make_parcels({"holder_name": "甲厂", "area_mu": None}),
        make_enterprises({"name": "甲厂", "tax_wan_yuan": 5.0}),
    )
    assert total(money, parcel="P1") == 5.0


def test_huge_and_zero_amounts():
    land = make_parcels({"holder_name": "甲厂", "area_mu": 1.0}, {"holder_name": "甲厂", "area_mu": 2.0})
    firms = make_enterprises({"name": "甲厂", "output_wan_yuan": 999_999_999.999999, "tax_wan_yuan": 0.0})
    money = spread(land, firms)
    ledger = money.ledger.set_index("quantity")
    assert ledger.loc["output_wan_yuan", "allocated"] == "999999999.999999"
    assert total(money, parcel="P1") == 0.0


def test_no_enterprises_at_all():
    money = spread(make_parcels({}), make_enterprises())
    assert len(money.parcel_years) == 0
    assert list(money.parcel_years.columns[:2]) == ["parcel_id", "year"]
    assert set(MONEY) <= set(money.parcel_years.columns)


def test_a_total_beside_its_parts_counts_once_and_one_that_differs_not_at_all():
    land = make_parcels({"parcel_code": "A"}, {"parcel_code": "B"})
    rows = [
        {"name": "甲厂", "parcel_code": key, "tax_wan_yuan": tax} for key, tax in (("A", 2.0), ("B", 3.0))
    ]
    same = spread(land, make_enterprises(*rows, {"name": "甲厂", "tax_wan_yuan": 5.0}), TAX)
    other = spread(land, make_enterprises(*rows, {"name": "甲厂", "tax_wan_yuan": 6.0}), TAX)
    names = ["input_total", "allocated", "excluded"]
    assert same.ledger[names].to_numpy().tolist() == [["10.000000", "5.000000", "5.000000"]]
    assert other.ledger[names].to_numpy().tolist() == [["11.000000", "0.000000", "11.000000"]]
