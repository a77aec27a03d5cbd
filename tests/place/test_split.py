"""Parcels split over zones by area: land and money add up to the park, money to the cent."""

import numpy as np
import pandas as pd
import pytest
from frames import levels_of, make_enterprises, make_parcels, make_zones, roll_up_of, square, tie
from hypothesis import given, settings
from hypothesis import strategies as st

from landeval.measure.per_mu import with_zone_ratios
from landeval.place.assign import place_by_polygons
from landeval.place.rollup import COUNTS
from landeval.place.split import split_parts
from landeval.place.structure import structure
from landeval.result import LEVELS, MONEY, OUTSIDE

CLUSTER, BASE, COMMUNITY = LEVELS
PARK = (
    (CLUSTER, "Q1", None, square(0, 0, 10)),
    (BASE, "J1", "Q1", square(0, 0, 5)),
    (COMMUNITY, "S1", "J1", square(0, 0, 2)),
    (COMMUNITY, "S2", "J1", square(2, 0, 2)),
)
NO_LINKS = tie(make_parcels({}), make_enterprises()).links


def parts_of(zones, *shapes):
    land = make_parcels(*({"geometry": shape} for shape in shapes))
    result = place_by_polygons(land, zones)
    land = land.drop(columns=["cluster_name", "base_name", "community_name"]).join(result.columns)
    return land, split_parts(land, zones)


def shares(parts, level, parcel="P1"):
    rows = parts[level]
    rows = rows[rows["parcel_id"] == parcel]
    return {
        None if pd.isna(code) else code: round(share, 6)
        for code, share in zip(rows["zone_code"], rows["share"], strict=True)
    }


def test_a_parcel_over_two_communities_is_split_and_whole_above():
    _, parts = parts_of(make_zones(*PARK), square(1.2, 0.5))
    assert shares(parts, COMMUNITY) == {"S1": 0.8, "S2": 0.2}
    assert shares(parts, BASE) == {"J1": 1.0}
    assert shares(parts, CLUSTER) == {"Q1": 1.0}
    main = parts[COMMUNITY].set_index("zone_code")["is_main"].to_dict()
    assert main == {"S1": True, "S2": False}


def test_what_is_in_no_community_stays_in_its_base_and_what_is_in_nothing_is_kept():
    _, parts = parts_of(make_zones(*PARK), square(3.5, 1), square(9.6, 0))
    assert shares(parts, COMMUNITY) == {"S2": 0.5, None: 0.5}
    assert shares(parts, BASE) == {"J1": 1.0}
    assert shares(parts, CLUSTER, "P2") == {"Q1": 0.4, None: 0.6}


def test_ground_that_two_zones_claim_is_divided_between_them():
    zones = make_zones((COMMUNITY, "S1", None, square(0, 0, 1)), (COMMUNITY, "S2", None, square(0.5, 0, 1)))
    _, parts = parts_of(zones, square(0, 0, 1))
    assert shares(parts, COMMUNITY) == {"S1": 1 / 1.5, "S2": 0.5 / 1.5} or shares(parts, COMMUNITY) == {
        "S1": 0.666667,
        "S2": 0.333333,
    }


def test_a_level_without_drawing_follows_the_parent_code():
    zones = make_zones((CLUSTER, "Q1", None, None), (CLUSTER, "Q2", None, None),
                       (COMMUNITY, "S1", "Q1", square(0, 0)), (COMMUNITY, "S2", "Q2", square(1, 0)))  # fmt: skip
    _, parts = parts_of(zones, square(0.7, 0))
    assert shares(parts, CLUSTER) == {"Q1": 0.3, "Q2": 0.7}


def test_money_is_split_to_the_cent_and_counts_are_not_split():
    land, parts = parts_of(make_zones(*PARK), square(1.2, 0.5))
    land = land.assign(tax_wan_yuan=0.000003, floor_area_m2=1000.0, area_mu=10.0)
    table = with_zone_ratios(
        roll_up_of(land, pd.Series("关注", index=land.index), make_zones(*PARK), NO_LINKS, parts)
    )
    rows = table.set_index("zone_code")
    assert rows.loc[["S1", "S2"], "tax_wan_yuan"].tolist() == [0.000002, 0.000001]
    assert rows.loc[["S1", "S2"], "area_mu"].round(9).tolist() == [8.0, 2.0]
    assert rows.loc[["S1", "S2"], "zone_parcels"].tolist() == [1, 0]
    assert rows.loc[["S1", "J1", "全园区"], "plot_ratio"].round(9).tolist() == [0.15] * 3


def hundredths(least, most):
    return st.integers(least, most).map(lambda number: number / 100)


SHAPES = st.one_of(
    st.none(),
    st.tuples(hundredths(-100, 1100), hundredths(-100, 600), hundredths(30, 300)).map(lambda at: square(*at)),
)
ROW = st.tuples(
    SHAPES,
    st.sampled_from([None, 0.5, 10.0, 33.333]),
    st.one_of(st.none(), st.integers(-(10**10), 10**10).map(lambda cents: cents / 1e6)),
    st.one_of(st.none(), st.integers(0, 10**6).map(float)),
)
EXTRA = st.lists(
    st.tuples(
        st.sampled_from(LEVELS),
        st.sampled_from(["Q1", "J1", "J9", None]),
        hundredths(0, 800),
        hundredths(0, 300),
        hundredths(50, 500),
    ),
    max_size=3,
)


@settings(max_examples=8)
@given(st.lists(ROW, min_size=1, max_size=10), EXTRA)
def test_every_level_adds_up_to_the_park_straddling_uncovered_overlapping(rows, extra):
    land = make_parcels(
        *(
            {
                "geometry": shape,
                "area_mu": area,
                "tax_wan_yuan": tax,
                "floor_area_m2": floor,
                "land_use": "工业用地",
            }
            for shape, area, tax, floor in rows
        )
    )
    zones = make_zones(*PARK, *((level, f"X{at}", parent, square(x, y, side))
                                for at, (level, parent, x, y, side) in enumerate(extra)))  # fmt: skip
    result = place_by_polygons(land, zones)
    land = land.drop(columns=["cluster_name", "base_name", "community_name"]).join(result.columns)
    status = pd.Series("关注", index=land.index)
    parts = split_parts(land, zones)
    for level in LEVELS:
        whole = parts[level].groupby("parcel_id")
        assert whole["share"].sum().to_numpy() == pytest.approx(1.0, abs=1e-9)
        assert (whole["is_main"].sum() == 1).all()
    table = roll_up_of(land, status, zones, NO_LINKS, parts)
    made = structure(levels_of(land, status, NO_LINKS, parts), table, NO_LINKS, pd.DataFrame())
    park = table[table["zone_level"] == "园区"].iloc[0]
    for level in LEVELS:
        part = table[table["zone_level"] == level]
        for name in MONEY:
            cents = np.rint(part[name].fillna(0).to_numpy() * 1e6).astype("int64")
            assert cents.sum() == round((0 if pd.isna(park[name]) else park[name]) * 1e6), (level, name)
        for name in ("area_mu", "area_known_tax_mu", "area_known_floor_mu", "floor_area_m2"):
            assert part[name].sum() == pytest.approx(0 if pd.isna(park[name]) else park[name], abs=1e-6), (
                level,
                name,
            )
        for name in COUNTS[:-1]:
            assert part[name].sum() == park[name]
        items = made[(made["zone_level"] == level) & (made["structure_kind"] == "产业门类")]
        assert np.rint(items["tax_wan_yuan"].fillna(0).to_numpy() * 1e6).sum() == round(
            (0 if pd.isna(park["tax_wan_yuan"]) else park["tax_wan_yuan"]) * 1e6
        )


def test_structure_by_use_group_class_and_grade():
    land = make_parcels(
        {"land_use": "工业用地", "area_mu": 30.0, "holder_name": "虚构甲公司"},
        {"land_use": None, "area_mu": 10.0},
    ).assign(industry_group=["装备制造", None])
    firms = make_enterprises({"name": "虚构甲公司", "tax_wan_yuan": 60.0})
    links = tie(land, firms).links
    firm = links["enterprise_id"].iloc[0]
    grades = pd.DataFrame({"enterprise_id": [firm], "enterprise_grade": ["A"], "grade_state": ["已定级"]})
    status = pd.Series(["达标", "资料不足"], index=land.index)
    land = land.assign(cluster_code=None, base_code=None, community_code=None)
    zones = make_zones().astype({"zone_code": "object"})
    rolled = roll_up_of(land, status, zones, links)
    table = structure(levels_of(land, status, links), rolled, links, grades)
    park = table[table["zone_level"] == "园区"]
    got = park[["structure_kind", "structure_item", "area_mu"]].values.tolist()
    assert got == [
        ["土地用途", "工业用地", 30.0], ["土地用途", "未知", 10.0], ["产业门类", "装备制造", 30.0], ["产业门类", "未知", 10.0],
        ["评价结论", "资料不足", 10.0], ["评价结论", "达标", 30.0], ["企业等级", "A", 30.0],
    ]  # fmt: skip
    assert set(table["zone_name"]) == {"全园区", *(OUTSIDE.format(level=level) for level in LEVELS)}
