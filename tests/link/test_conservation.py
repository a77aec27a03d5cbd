"""Many to many, with shares, leases, decisions, blanks and refunds: every cent is somewhere, once."""

from decimal import Decimal

import pandas as pd
from frames import decided, make_enterprises, make_parcels, spread, tie
from hypothesis import given, settings
from hypothesis import strategies as st

COLUMNS = ("tax_wan_yuan", "output_wan_yuan")
PLACES = ["A", "B", "C", "D"]
NAMES = ["甲厂", "乙厂", "丙厂", "丁厂"]
CODE1, CODE2 = "913702816143139252", "9137028167179100XT"
CENT = st.integers(-(10**11), 10**11).map(lambda cents: cents / 1_000_000)
AREA = st.sampled_from([None, None, 100.0, 333.33, 2500.0])
FIRM = st.fixed_dictionaries(
    {
        "name": st.sampled_from([*NAMES, "甲厂有限公司", None, ""]),
        "credit_code": st.sampled_from([None, None, CODE1, CODE2]),
        "year": st.sampled_from([2023, 2024, 2024, None]),
        "parcel_code": st.sampled_from([None, None, *PLACES, "无此宗"]),
        "area_used_m2": AREA,
        "area_leased_in_m2": AREA,
        "floor_leased_m2": AREA,
        "tax_wan_yuan": st.one_of(st.none(), CENT),
        "output_wan_yuan": st.one_of(st.none(), CENT),
    }
)
PARCEL = st.fixed_dictionaries(
    {
        "holder_name": st.sampled_from([*NAMES, None, ""]),
        "credit_code": st.sampled_from([None, None, CODE1, CODE2]),
        "area_mu": st.sampled_from([None, 0.3, 7.7, 1234.5]),
    }
)
DECISION = st.tuples(
    st.sampled_from(PLACES),
    st.sampled_from([CODE1, CODE2, *(f"名称:{name}" for name in NAMES)]),
    st.sampled_from(["确认", "确认", "否决", "待定"]),
    st.sampled_from([None, None, 0.5, 1.0]),
)


def park(land, rows, decisions):
    parcels = make_parcels(*({"parcel_code": code} | one for code, one in zip(PLACES, land, strict=True)))
    firms = make_enterprises(*rows)
    known = [one for one in decisions if one[1] in firms.enterprises.index]
    return parcels, firms, decided(*{one[:2]: one for one in known}.values())


CASES = (
    st.lists(PARCEL, min_size=4, max_size=4),
    st.lists(FIRM, min_size=1, max_size=12),
    st.lists(DECISION, max_size=5),
)


@settings(max_examples=18, deadline=None)
@given(*CASES)
def test_every_cent_is_allocated_unmatched_or_excluded(land, rows, decisions):
    parcels, firms, said = park(land, rows, decisions)
    money = spread(parcels, firms, COLUMNS, said)
    for row in money.ledger.itertuples():
        parts = [
            Decimal(getattr(row, name)) for name in ("input_total", "allocated", "unmatched", "excluded")
        ]
        assert parts[0] == sum(parts[1:])
        year = firms.records["year"]
        mine = firms.records[year.isna() if pd.isna(row.year) else year == row.year][row.quantity]
        assert parts[0] == sum((Decimal(f"{value:.6f}") for value in mine.dropna()), start=Decimal(0))


@settings(max_examples=12, deadline=None)
@given(*CASES)
def test_no_link_comes_from_a_blank_and_none_is_told_twice(land, rows, decisions):
    parcels, firms, said = park(land, rows, decisions)
    links = tie(parcels, firms, said).links
    assert not links.duplicated(["parcel_id", "enterprise_id"]).any()
    chosen = set(zip(said["parcel_id"], said["enterprise_id"], strict=True))
    for link in links.itertuples():
        if (link.parcel_id, link.enterprise_id) in chosen:
            continue
        parcel, firm = parcels.loc[link.parcel_id], firms.enterprises.loc[link.enterprise_id]
        sited = firms.years.loc[firms.years["enterprise_id"] == link.enterprise_id, "parcel_code"]
        proof = {
            "宗地代码": link.parcel_id in set(sited),
            "统一社会信用代码": parcel["credit_code"] == firm["credit_code"],
        }
        named = isinstance(parcel["holder_name"], str) and bool(parcel["holder_name"])
        assert proof.get(link.method, named and bool(firm["name_key"]))


@settings(max_examples=10, deadline=None)
@given(*CASES, st.randoms())
def test_the_order_of_rows_does_not_matter(land, rows, decisions, random):
    rows = [row | {"source_row": number} for number, row in enumerate(rows, start=4)]
    parcels, firms, said = park(land, rows, decisions)
    _, mixed, _ = park(land, random.sample(rows, len(rows)), [])
    other = said.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(tie(parcels, firms, said).links, tie(parcels, mixed, other).links)
    pd.testing.assert_frame_equal(
        spread(parcels, firms, COLUMNS, said).ledger, spread(parcels, mixed, COLUMNS, other).ledger
    )
