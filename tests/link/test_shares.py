"""A parcel of several enterprises: who has how much of it, by which rule; parts always make the whole."""

import pytest
from frames import codes, decided, make_enterprises, make_parcels, spread, tie
from hypothesis import given, settings
from hypothesis import strategies as st
from writers import told

CODE1 = "913702816143139252"
LET = {"parcel_code": "A", "holder_name": "房东厂", "area_mu": 15.0}  # 10 000 ㎡


def parts(tied, parcel="A"):
    """Return enterprise → (亩, mode, rule) of one parcel."""
    rows = tied.links[(tied.links["parcel_id"] == parcel) & tied.links["share"].notna()]
    return {
        firm.removeprefix("名称:"): (round(area, 6), mode, rule)
        for firm, area, mode, rule in zip(
            rows["enterprise_id"], rows["link_area_mu"], rows["mode"], rows["allocation_rule"], strict=True
        )
    }


def test_the_owner_has_what_its_tenants_leave():
    firms = make_enterprises(
        {"name": "房东厂"},
        {"name": "租户一", "parcel_code": "A", "area_leased_in_m2": 2000.0},
        {"name": "租户二", "parcel_code": "A", "area_used_m2": 4000.0},
    )
    assert parts(tie(make_parcels(LET), firms)) == {
        "房东厂": (6.0, "自有", "按承租面积，余为出租方自用"),
        "租户一": (3.0, "承租", "按承租面积，余为出租方自用"),
        "租户二": (6.0, "承租", "按承租面积，余为出租方自用"),
    }


def test_an_owner_whose_tenants_have_all_of_it_has_nothing():
    firms = make_enterprises(
        {"name": "房东厂"}, {"name": "租户一", "parcel_code": "A", "area_leased_in_m2": 10000.0}
    )
    assert {name: part[0] for name, part in parts(tie(make_parcels(LET), firms)).items()} == {
        "房东厂": 0.0,
        "租户一": 15.0,
    }


def test_tenants_of_more_than_there_is_share_evenly_and_it_is_said():
    firms = make_enterprises(
        {"name": "房东厂"}, {"name": "租户一", "parcel_code": "A", "area_leased_in_m2": 10000.1}
    )
    tied = tie(make_parcels(LET), firms)
    assert {part[2] for part in parts(tied).values()} == {"按户均分"}
    assert "E306" in codes(tied.issues)


def test_standard_workshops_are_shared_by_floor():
    firms = make_enterprises(
        {"name": "租户一", "parcel_code": "A", "floor_leased_m2": 500.0},
        {"name": "租户二", "parcel_code": "A", "floor_leased_m2": 1000.0},
    )
    assert parts(tie(make_parcels(LET), firms)) == {
        "租户一": (5.0, "承租", "按建筑面积"),
        "租户二": (10.0, "承租", "按建筑面积"),
    }


def test_agreed_shares_go_before_all():
    firms = make_enterprises(
        {"name": "租户一", "parcel_code": "A", "area_used_m2": 1.0},
        {"name": "租户二", "parcel_code": "A", "area_used_m2": 9.0},
    )
    said = decided(("A", "名称:租户一", "确认", 0.8), ("A", "名称:租户二", "确认", 0.2))
    tied = tie(make_parcels(LET), firms, said)
    assert {name: part[0] for name, part in parts(tied).items()} == {"租户一": 12.0, "租户二": 3.0}
    assert set(tied.links["allocation_rule"]) == {"按约定比例"}


@pytest.mark.parametrize("shares", [(0.8, None), (0.8, 0.3)])
def test_agreed_shares_that_are_no_whole_are_not_taken(shares):
    firms = make_enterprises({"name": "租户一", "parcel_code": "A"}, {"name": "租户二", "parcel_code": "A"})
    said = decided(("A", "名称:租户一", "确认", shares[0]), ("A", "名称:租户二", "确认", shares[1]))
    tied = tie(make_parcels(LET), firms, said)
    assert {part[2] for part in parts(tied).values()} == {"按户均分"}
    assert "E319" in codes(tied.issues)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [{"name": "租户一", "parcel_code": "A", "area_leased_in_m2": 2000.0}],
            "承租各家共填报 3.00 亩，宗地 15.00 亩",
        ),
        ([{"name": "房东厂", "area_leased_out_m2": 8000.0}], "权利人填报出租 12.00 亩，企业表中没有承租企业"),
    ],
)
def test_a_parcel_that_firms_unknown_to_us_use_has_no_total(rows, said):
    land, firms = make_parcels(LET), make_enterprises(*({"tax_wan_yuan": 10.0} | row for row in rows))
    tied = tie(land, firms)
    assert tied.partly.tolist() == ["A"]
    assert said in told(tied.issues, "E322")
    money = spread(land, firms)
    assert money.parcel_years["tax_wan_yuan"].isna().all()
    assert money.ledger.set_index("quantity").at["tax_wan_yuan", "difference"] == "0.000000"


@pytest.mark.parametrize(
    "rows",
    [
        [{"name": "租户一", "parcel_code": "A", "area_leased_in_m2": 9600.0}],
        [{"name": "租户一", "parcel_code": "A"}],
        [{"name": "房东厂", "area_used_m2": 2000.0}],
        [{"name": "房东厂", "area_leased_out_m2": 8000.0}, {"name": "租户一", "parcel_code": "A"}],
    ],
)
def test_a_parcel_whose_users_are_known_or_say_nothing_has_its_total(rows):
    tied = tie(make_parcels(LET), make_enterprises(*rows))
    assert not len(tied.partly)
    assert "E322" not in codes(tied.issues)


AREA = st.sampled_from([None, 0.0, 10.0, 3333.3, 9000.0])


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(AREA, AREA, AREA), min_size=1, max_size=5),
    st.booleans(),
    st.lists(st.sampled_from([None, 0.25, 0.5, 1.0]), min_size=5, max_size=5),
)
def test_parts_make_the_whole_parcel_whatever_is_stated(rows, has_owner, shares):
    firms = [
        {"name": f"租户{at}", "parcel_code": "A", "area_used_m2": land, "area_leased_in_m2": leased,
         "floor_leased_m2": floor}
        for at, (land, leased, floor) in enumerate(rows)
    ]  # fmt: skip
    said = decided(
        *(("A", f"名称:租户{at}", "确认", shares[at]) for at in range(len(rows)) if shares[at] is not None)
    )
    owner = [{"name": "房东厂"}] if has_owner else []
    links = tie(make_parcels(LET), make_enterprises(*owner, *firms), said).links
    assert links["link_area_mu"].sum() == pytest.approx(15.0, rel=1e-12)
    assert (links["share"] >= 0).all()
    assert links["allocation_rule"].nunique() == 1


@pytest.mark.parametrize(
    ("stated", "is_told"), [(14_900.0, False), (15_000.0, True), (30_000.0, True), (6_800.0, False), (6_600.0, True), (None, False)]
)  # fmt: skip
def test_an_enterprise_that_states_other_land_than_its_parcel_is_asked(stated, is_told):
    parcel = {"parcel_code": "A", "holder_name": "甲厂", "area_mu": 15.0}
    tied = tie(make_parcels(parcel), make_enterprises({"name": "甲厂", "area_used_m2": stated}))
    assert ("E324" in codes(tied.issues)) == is_told
    if is_told:
        assert f"填报 {stated * 3 / 2000:,.2f} 亩，对应宗地 15.00 亩（1 宗）" in told(tied.issues, "E324")


def test_land_that_is_rented_or_let_explains_what_a_firm_states():
    parcel = make_parcels({"parcel_code": "A", "holder_name": "甲厂", "area_mu": 30.0})
    rented = {"name": "甲厂", "area_used_m2": 40_000.0, "area_leased_in_m2": 20_000.0}
    let = {"name": "甲厂", "area_used_m2": 10_000.0, "area_leased_out_m2": 10_000.0}
    for firm in (rented, let):
        assert "E324" not in codes(tie(parcel, make_enterprises(firm)).issues)
        alone = {name: value for name, value in firm.items() if not name.startswith("area_leased")}
        assert "E324" in codes(tie(parcel, make_enterprises(alone)).issues)


def test_land_stated_parcel_by_parcel_is_added_up_before_it_is_compared():
    parcels = make_parcels(*({"parcel_code": code, "holder_name": "甲厂", "area_mu": 15.0} for code in "AB"))
    rows = [{"name": "甲厂", "parcel_code": code, "area_used_m2": 10_000.0} for code in "AB"]
    assert "E324" not in codes(tie(parcels, make_enterprises(*rows)).issues)
    more = make_enterprises(*rows, {"name": "甲厂", "parcel_code": "C", "area_used_m2": 20_000.0})
    assert "填报 60.00 亩，对应宗地 30.00 亩（2 宗）" in told(tie(parcels, more).issues, "E324")


def test_nothing_is_asked_of_land_where_a_parcel_has_no_area():
    parcels = make_parcels(
        {"parcel_code": "A", "holder_name": "甲厂", "area_mu": 15.0},
        {"parcel_code": "B", "holder_name": "甲厂"},
    )
    tied = tie(parcels.assign(area_mu=parcels["area_mu"].where(parcels["parcel_code"] == "A")),
               make_enterprises({"name": "甲厂", "area_used_m2": 90_000.0}))  # fmt: skip
    assert "E324" not in codes(tied.issues)
