"""实际用地 = 登记 + 已占用未登记 + 承租 − 出租, and no 亩 counts for two firms."""

import numpy as np
import pytest
from frames import land_of, make_enterprises, make_parcels

MU = 2000 / 3
PARTS = ["land_registered_mu", "land_occupied_mu", "land_leased_mu", "land_let_mu", "area_mu"]


def table(land, *rows):
    firms = make_enterprises(*rows)
    found = land_of(make_parcels(*land), firms).round(9)
    return found.rename(index=lambda key: key.removeprefix("名称:"))[PARTS]


def test_owner_and_tenant_share_one_parcel():
    found = table(
        [{"parcel_code": "A", "holder_name": "房东厂", "area_mu": 15.0}],
        {"name": "房东厂", "area_occupied_m2": 1.5 * MU},
        {"name": "租户", "parcel_code": "A", "area_leased_in_m2": 6 * MU},
    )
    assert found.loc["房东厂"].tolist() == [15.0, 1.5, 0.0, 6.0, 10.5]
    assert found.loc["租户"].tolist() == [0.0, 0.0, 6.0, 0.0, 6.0]


def test_what_no_link_says_the_firm_itself_says():
    found = table(
        [{"parcel_code": "A", "holder_name": "甲厂", "area_mu": 15.0}],
        {"name": "甲厂", "area_leased_in_m2": 3 * MU, "area_leased_out_m2": 5 * MU},
        {"name": "无地厂", "area_leased_in_m2": 2 * MU, "area_leased_out_m2": 1 * MU},
    )
    assert found.loc["甲厂"].tolist() == [15.0, 0.0, 3.0, 5.0, 13.0]
    assert found.loc["无地厂"].tolist() == [0.0, 0.0, 2.0, 0.0, 2.0]  # who owns nothing lets nothing


def test_unknown_land_among_its_own_makes_the_sum_unknown():
    found = table(
        [
            {"parcel_code": "A", "holder_name": "甲厂", "area_mu": 15.0},
            {"parcel_code": "B", "holder_name": "甲厂", "area_mu": None},
        ],
        {"name": "甲厂", "area_leased_in_m2": 3 * MU},
    )
    assert np.isnan(found.loc["甲厂", "area_mu"])


@pytest.mark.parametrize("stated", [None, 0.0])
def test_a_firm_without_any_land_has_none_not_zero(stated):
    found = table([{"parcel_code": "A"}], {"name": "甲厂", "area_leased_in_m2": stated})
    assert found.loc["甲厂"].isna().all()


def test_a_tenant_leases_no_more_than_it_says():
    found = table(
        [{"parcel_code": "A", "holder_name": "房东厂", "area_mu": 15.0}],
        {"name": "租户", "parcel_code": "A", "area_leased_in_m2": 3 * MU},
    )
    assert found.loc["租户"].tolist() == [0.0, 0.0, 3.0, 0.0, 3.0]
