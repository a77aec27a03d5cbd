"""The figures of a year for grading: sums where every part is known, words and land of that year only."""

from frames import land_of, make_enterprises, make_parcels

from landeval.measure.by_year import enterprise_measures
from landeval.measure.grade_figures import grade_figures


def figures(firms, year=2024):
    parcels = make_parcels({"parcel_id": "p"})
    measured = enterprise_measures(firms.enterprises, firms.years, land_of(parcels, firms, year), year)
    return grade_figures(measured, firms.years, year)


def test_figures_of_several_parcels_add_up_and_an_unknown_part_makes_the_sum_unknown():
    firms = make_enterprises(
        {
            "name": "虚构甲",
            "parcel_code": "1",
            "energy_tce": 30.0,
            "employees": 5.0,
            "floor_leased_m2": 900.0,
        },
        {
            "name": "虚构甲",
            "parcel_code": "2",
            "energy_tce": 12.5,
            "employees": None,
            "floor_leased_m2": None,
        },
    )
    one = figures(firms).iloc[0]
    assert one["energy_tce"] == 42.5
    assert one["employees"] != one["employees"]
    assert one["floor_leased_m2"] == 900
    assert one["has_year"]
    assert one["source_row"] > 0


def test_words_of_several_tables_are_joined_and_those_of_another_year_are_not_carried_over():
    firms = make_enterprises(
        {"name": "虚构甲", "bonus_matters": "高新技术企业", "employees": 5.0},
        {"name": "虚构甲", "bonus_matters": "省级专精特新", "source_file": "虚构奖项.xlsx"},
        {"name": "虚构甲", "year": 2023, "veto_reason": "虚构事故", "employees": 4.0},
        {"name": "虚构乙", "year": 2023, "employees": 4.0},
    )
    found = figures(firms).set_index("name")
    assert found.loc["虚构甲", "bonus_matters"] == "高新技术企业、省级专精特新"
    assert found["veto_reason"].isna().all()
    assert found["has_year"].to_dict() == {"虚构甲": True, "虚构乙": False}
    before = figures(firms, 2023).set_index("name")
    assert before.loc["虚构甲", "veto_reason"] == "虚构事故"
    assert before.loc["虚构乙", "employees"] == 4


def test_without_a_year_nothing_is_known():
    found = figures(make_enterprises({"name": "虚构甲", "employees": 5.0}), None)
    assert not found["has_year"].any()
    assert found["employees"].isna().all()
