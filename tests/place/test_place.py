"""Parcels in three levels, and sums that add up to the park at every level."""

import numpy as np
import pandas as pd
import pytest
from frames import codes, make_enterprises, make_parcels, make_zones, roll_up_of, square, tie
from hypothesis import given, settings
from hypothesis import strategies as st

from landeval.errors import InternalError
from landeval.measure.per_mu import with_ratios
from landeval.place.assign import place_by_columns, place_by_polygons
from landeval.place.rollup import COUNTS
from landeval.result import LEVELS, MONEY, OUTSIDE

CLUSTER, BASE, COMMUNITY = LEVELS
PARK = (
    (CLUSTER, "Q1", None, square(0, 0, 10)),
    (BASE, "J1", "Q1", square(0, 0, 5)),
    (COMMUNITY, "S1", "J1", square(0, 0, 2)),
    (COMMUNITY, "S2", "J1", square(2, 0, 2)),
)
NO_LINKS = tie(make_parcels({}), make_enterprises()).links


def placed(zones, *shapes):
    land = make_parcels(*({"geometry": shape} for shape in shapes))
    return place_by_polygons(land, zones)


def with_zones(land, result):
    return land.drop(columns=["cluster_name", "base_name", "community_name"]).join(result.columns)


def zone_codes(result, row=0):
    return [
        None if pd.isna(value) else value
        for value in result.columns[["cluster_code", "base_code", "community_code"]].iloc[row]
    ]


def test_largest_overlap_and_straddling():
    result = placed(make_zones(*PARK), square(1.2, 0.5), square(0.2, 0.2))
    assert zone_codes(result) == ["Q1", "J1", "S1"]
    assert result.columns["zone_share"].round(6).tolist() == [0.8, 1.0]
    assert result.columns["is_straddling"].tolist() == [True, False]
    assert codes(pd.concat(result.issues)) == ["E502"]
    assert "落入“S1名” 80.0%" in pd.concat(result.issues)["what"].iloc[0]


def test_an_exact_half_goes_to_the_smaller_code_whatever_the_order():
    for order in (PARK, PARK[::-1]):
        assert zone_codes(placed(make_zones(*order), square(1.5, 0.5))) == ["Q1", "J1", "S1"]


def test_in_a_base_but_in_no_community():
    result = placed(make_zones(*PARK), square(3, 3))
    assert zone_codes(result) == ["Q1", "J1", None]
    assert codes(pd.concat(result.issues)) == []


def test_in_no_zone_and_without_shape():
    result = placed(make_zones(*PARK), square(50, 50), None)
    assert zone_codes(result) == [None, None, None]
    assert zone_codes(result, 1) == [None, None, None]
    assert codes(pd.concat(result.issues)) == ["E501"]


def test_the_parent_decides_over_the_drawing():
    zones = make_zones(*PARK, (BASE, "J2", "Q2", square(20, 20)), (CLUSTER, "Q2", None, square(20, 20)),
                       (COMMUNITY, "S3", "J2", square(6, 6)))  # fmt: skip
    assert zone_codes(placed(zones, square(6.2, 6.2, 0.5))) == ["Q2", "J2", "S3"]


def test_an_unknown_parent_is_reported_and_the_drawing_decides():
    zones = make_zones(*PARK[:2], (COMMUNITY, "S1", "J9", square(0, 0, 2)))
    result = placed(zones, square(0.5, 0.5))
    assert zone_codes(result) == ["Q1", "J1", "S1"]
    assert codes(pd.concat(result.issues)) == ["E503"]
    table = roll_up_of(
        with_zones(make_parcels({}), result), pd.Series(["关注"], index=["P1"]), zones, NO_LINKS
    )
    assert table.groupby("zone_level")["zone_parcels"].sum().to_dict() == {
        "园区": 1,
        CLUSTER: 1,
        BASE: 1,
        COMMUNITY: 1,
    }


def test_a_parent_may_skip_a_level():
    zones = make_zones(PARK[0], (COMMUNITY, "S1", "Q1", square(30, 30)))
    assert zone_codes(placed(zones, square(30.2, 30.2, 0.5))) == ["Q1", None, "S1"]


def test_one_code_at_two_levels_means_two_zones():
    zones = make_zones(
        (CLUSTER, "1", None, square(0, 0, 10)),
        (BASE, "1", "1", square(5, 5, 5)),
        (BASE, "2", "1", square(0, 0, 5)),
        (COMMUNITY, "1", "2", square(0, 0, 2)),
    ).assign(zone_name=["集群甲", "基地甲", "基地乙", "社区甲"])
    result = placed(zones, square(0.5, 0.5))
    assert zone_codes(result) == ["1", "2", "1"]
    names = result.columns[["cluster_name", "base_name", "community_name"]].iloc[0].tolist()
    assert names == ["集群甲", "基地乙", "社区甲"]


def test_a_zone_drawn_in_two_pieces_is_one_zone():
    zones = make_zones((COMMUNITY, "S1", None, square(0, 0)), (COMMUNITY, "S1", None, square(1, 0)))
    result = placed(zones, square(0.5, 0))
    assert zone_codes(result)[2] == "S1"
    assert not result.columns["is_straddling"].any()
    table = roll_up_of(
        with_zones(make_parcels({}), result), pd.Series(["关注"], index=["P1"]), zones, NO_LINKS
    )
    community = table[table["zone_level"] == COMMUNITY]
    assert community["zone_parcels"].tolist() == [1]
    assert community.geometry.iloc[0].area == pytest.approx(2e-6)


def test_the_industry_that_the_layout_names_stays_with_the_zone():
    zones = make_zones(
        *PARK, (COMMUNITY, "S1", "J1", square(4, 4, 2))
    )  # S1 in two pieces, one of them says it
    zones["leading_industry"] = [None, "装备制造", "虚构竹木", None, None]
    land = make_parcels({"geometry": square(0.2, 0.2)})
    status = pd.Series("关注", index=land.index)
    table = roll_up_of(with_zones(land, place_by_polygons(land, zones)), status, zones, NO_LINKS)
    table = table[table["zone_parcels"] > 0]
    said = dict(zip(table["zone_code"], table["leading_industry"], strict=True))
    assert said == {"全园区": None, "Q1": None, "J1": "装备制造", "S1": "虚构竹木"}


def test_without_polygons_the_parcels_own_columns_count():
    land = make_parcels(
        {"cluster_name": "甲集群", "base_name": "甲基地", "community_name": "甲社区"},
        {"cluster_name": "甲集群"},
        {},
    )
    result = place_by_columns(land)
    assert result.columns["community_code"].fillna("").tolist() == ["甲社区", "", ""]
    assert result.zones.set_index("zone_name")["parent_code"].fillna("").to_dict() == {
        "甲集群": "", "甲基地": "甲集群", "甲社区": "甲基地",
    }  # fmt: skip
    land = with_zones(land, result)
    table = roll_up_of(land, pd.Series("关注", index=land.index), result.zones, NO_LINKS)
    buckets = table.set_index("zone_name")["zone_parcels"]
    assert buckets[[OUTSIDE.format(level=level) for level in LEVELS]].tolist() == [1, 2, 2]


ROW = st.tuples(
    st.sampled_from([None, *(square(x, y) for x in (0, 1.5, 3, 9.5, 40) for y in (0, 3))]),
    st.sampled_from([None, 0.5, 10.0, 33.333]),
    st.one_of(st.none(), st.integers(-(10**10), 10**10).map(lambda cents: cents / 1e6)),
    st.sampled_from(["关注", "达标", "资料不足", "低效候选"]),
)


@settings(max_examples=20)
@given(st.lists(ROW, min_size=1, max_size=12))
def test_every_level_adds_up_to_the_park(rows):
    land = make_parcels(
        *({"geometry": shape, "area_mu": area, "tax_wan_yuan": tax} for shape, area, tax, _ in rows)
    )
    status = pd.Series({f"P{i}": row[3] for i, row in enumerate(rows, start=1)}).reindex(land.index)
    zones = make_zones(*PARK, (COMMUNITY, "S9", "J9", square(9, 0, 2)), (BASE, "J0", "Q1", None))
    result = place_by_polygons(land, zones)
    table = with_ratios(roll_up_of(with_zones(land, result), status, zones, NO_LINKS))
    park = table[table["zone_level"] == "园区"].iloc[0]
    known = land[land["area_mu"].notna() & land["tax_wan_yuan"].notna()]
    assert park["zone_parcels"] == len(rows)
    assert park["area_known_tax_mu"] == pytest.approx(known["area_mu"].sum())
    if len(known):
        assert park["tax_wan_yuan_per_mu"] == pytest.approx(
            known["tax_wan_yuan"].sum() / known["area_mu"].sum()
        )
    else:
        assert np.isnan(park["tax_wan_yuan_per_mu"])
    for level in LEVELS:
        part = table[table["zone_level"] == level]
        for name in (*COUNTS[:-1], "area_mu", "area_known_tax_mu", *MONEY):
            whole = 0.0 if pd.isna(park[name]) else park[name]
            assert part[name].sum() == pytest.approx(whole, abs=1e-6), (level, name)


def test_a_ratio_is_a_ratio_of_sums_over_known_land():
    land = make_parcels(
        {"area_mu": 10.0, "tax_wan_yuan": 100.0}, {"area_mu": 30.0, "tax_wan_yuan": 60.0}, {"area_mu": 60.0},
    )  # fmt: skip
    result = place_by_columns(land)
    land = with_zones(land, result)
    park = with_ratios(roll_up_of(land, pd.Series("关注", index=land.index), result.zones, NO_LINKS)).iloc[0]
    assert (park["area_mu"], park["area_known_tax_mu"], park["tax_wan_yuan_per_mu"]) == (100.0, 40.0, 4.0)
    assert np.isnan(park["output_wan_yuan_per_mu"])


def test_a_parcel_in_a_zone_that_does_not_exist_stops_the_run():
    zones = make_zones(*PARK)
    result = placed(zones, square(0.5, 0.5))
    land = with_zones(make_parcels({}), result).assign(base_code="J9")
    with pytest.raises(InternalError, match="汇总不平"):
        roll_up_of(land, pd.Series(["关注"], index=["P1"]), zones, NO_LINKS)


def test_land_of_unknown_area_is_unknown_and_an_empty_zone_has_none():
    zones = make_zones((COMMUNITY, "满", None, square(0, 0, side=2)), (COMMUNITY, "空", None, square(5, 5)))
    land = make_parcels({"area_mu": None, "geometry": square(0, 0)})
    result = place_by_polygons(land, zones)
    table = roll_up_of(with_zones(land, result), pd.Series("关注", index=land.index), result.zones, NO_LINKS)
    area = table.set_index("zone_code")["area_mu"]
    assert np.isnan(area["满"])
    assert area["空"] == 0.0
