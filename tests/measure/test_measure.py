"""Per-mu ratios: sums over sums, unknown where a part is unknown."""

import numpy as np
import pandas as pd
import pytest
from frames import land_of, make_enterprises, make_parcels

from landeval.measure.by_year import by_year, enterprise_measures, of_year
from landeval.measure.per_mu import per_mu
from landeval.result import RATIOS


def test_per_mu_keeps_the_index_and_the_unknown():
    money = pd.Series([300.0, -3.0, None, 1.0, 1.0], index=list("abcde"))
    ratio = per_mu(money, pd.Series([20.0, 2.0, 5.0, 0.0, None], index=list("abcde")))
    assert ratio.index.equals(money.index)
    assert ratio.isna().tolist() == [False, False, True, True, True]
    assert ratio[:2].tolist() == [15.0, -1.5]


def test_years_are_kept_apart_and_a_year_without_data_is_unknown():
    rows = pd.DataFrame({"parcel_id": ["A", "A"], "year": [2023, 2024], "tax_wan_yuan": [1.0, 2.0]})
    years = by_year(rows)
    assert [years[year].loc["A", "tax_wan_yuan"] for year in (2023, 2024)] == [1.0, 2.0]
    nothing = of_year({}, 2024, pd.Index(["A", "B"]))
    assert nothing.shape == (2, 6)
    assert nothing.isna().all(axis=None)
    assert of_year({}, None, pd.Index(["A"]))[list(RATIOS)].isna().all(axis=None)


def test_an_enterprise_is_money_of_all_rows_over_all_its_land():
    land = make_parcels(
        {"parcel_code": "A", "area_mu": 10.0},
        {"parcel_code": "B", "area_mu": 30.0},
        {"parcel_code": "C", "area_mu": None},
    )
    firms = make_enterprises(
        {"name": "甲厂", "parcel_code": "A", "tax_wan_yuan": 100.0, "output_wan_yuan": 1.0},
        {"name": "甲厂", "parcel_code": "B", "tax_wan_yuan": 60.0},
        {"name": "乙厂", "parcel_code": "C", "tax_wan_yuan": 5.0},
        {"name": "丙厂", "tax_wan_yuan": 5.0},
    )
    table = enterprise_measures(firms.enterprises, firms.years, land_of(land, firms), 2024).set_index("name")
    assert table.loc["甲厂", ["area_mu", "tax_wan_yuan", "tax_wan_yuan_per_mu"]].tolist() == [
        40.0,
        160.0,
        4.0,
    ]
    assert np.isnan(table.loc["甲厂", "output_wan_yuan"])
    assert np.isnan(table.loc["乙厂", "tax_wan_yuan_per_mu"])
    assert np.isnan(table.loc["丙厂", "area_mu"])


@pytest.mark.parametrize("year", [None, 2030])
def test_an_enterprise_without_data_that_year_is_unknown(year):
    firms = make_enterprises({"name": "甲厂", "tax_wan_yuan": 5.0})
    table = enterprise_measures(firms.enterprises, firms.years, land_of(make_parcels({}), firms, year), year)
    assert table["tax_wan_yuan"].isna().all()
