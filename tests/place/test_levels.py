"""Levels drawn, written in the parcels' own columns, or mixed."""

import pandas as pd
import pytest
from frames import codes, make_enterprises, make_parcels, make_zones, roll_up_of, square, tie

from landeval.issues import gather
from landeval.place.levels import place
from landeval.place.split import split_parts
from landeval.result import LEVELS

CLUSTER, BASE, COMMUNITY = LEVELS
BASES = ((BASE, "J1", "甲集群", square(0, 0, 5)), (BASE, "J2", None, square(5, 0, 5)))
NO_LINKS = tie(make_parcels({}), make_enterprises()).links


def told(result, *wanted):
    table = gather(result.issues)
    return table[table["code"].isin(wanted)][["code", "record_key"]].values.tolist()


def test_bases_drawn_clusters_and_communities_written():
    land = make_parcels(
        {"geometry": square(1, 1), "community_name": "一社区"},
        {"geometry": square(6, 1), "cluster_name": "乙集群", "community_name": "二社区"},
        {"geometry": square(3, 1), "community_name": "一社区"},
    )
    result = place(land, make_zones(*BASES))
    columns = result.columns
    assert columns["base_code"].tolist() == ["J1", "J2", "J1"]
    assert columns["community_name"].tolist() == ["一社区", "二社区", "一社区"]
    assert columns["cluster_name"].fillna("").tolist() == ["", "乙集群", ""]
    zones = result.zones.set_index("zone_code")
    assert zones.loc[["一社区", "二社区"], "parent_code"].tolist() == ["J1", "J2"]
    assert zones.geometry["一社区"].area == pytest.approx(2e-6)
    table = roll_up_of(land.drop(columns=["cluster_name", "base_name", "community_name"]).join(columns),
                    pd.Series("关注", index=land.index), result.zones, NO_LINKS)  # fmt: skip
    assert table.groupby("zone_level")["zone_parcels"].sum().to_dict() == dict.fromkeys(("园区", *LEVELS), 3)


def test_a_written_cluster_is_found_by_the_parent_code_of_a_drawn_base():
    land = make_parcels({"geometry": square(1, 1)}, {"geometry": square(2, 1), "cluster_name": "甲集群"})
    result = place(land, make_zones(*BASES))
    assert result.columns["cluster_code"].tolist() == ["甲集群", "甲集群"]
    assert told(result, "E503") == []


def test_what_is_written_against_the_drawing_is_told_and_the_drawing_counts():
    land = make_parcels(
        {"geometry": square(1, 1), "base_name": "J2名"}, {"geometry": square(6, 1), "base_name": "J2"}
    )
    result = place(land, make_zones(*BASES))
    assert result.columns["base_code"].tolist() == ["J1", "J2"]
    assert told(result, "E599") == [["E599", "P1"]]


def test_a_parcel_without_a_shape_goes_by_what_is_written():
    land = make_parcels({"base_name": "J1名"}, {"base_name": "没有的基地"}, {})
    zones = make_zones((CLUSTER, "Q1", None, square(0, 0, 9)), (BASE, "J1", "Q1", square(0, 0, 5)))
    result = place(land, zones)
    assert result.columns["base_code"].fillna("").tolist() == ["J1", "", ""]
    assert result.columns["cluster_name"].fillna("").tolist() == ["Q1名", "", ""]
    assert told(result, "E700", "E501") == [["E700", "P1"]]


def test_a_written_zone_of_two_parents_goes_where_most_land_is():
    land = make_parcels(
        {"geometry": square(1, 1), "area_mu": 10.0, "community_name": "一社区"},
        {"geometry": square(6, 1), "area_mu": 30.0, "community_name": "一社区"},
    )
    result = place(land, make_zones(*BASES))
    assert result.zones.set_index("zone_code")["parent_code"]["一社区"] == "J2"
    assert told(result, "E710") == [["E710", "一社区"]]
    columns = make_parcels(
        {"base_name": "甲", "community_name": "一"}, {"base_name": "乙", "community_name": "一"}
    )
    assert told(place(columns, None), "E710") == [["E710", "一"]]


def test_a_level_that_is_nowhere_is_told_once():
    result = place(make_parcels({"geometry": square(1, 1)}), make_zones(*BASES))
    assert told(result, "E597") == [["E597", ""]] * 2
    assert codes(gather(place(make_parcels({}), None).issues)) == []


def test_split_keeps_a_written_level_whole():
    land = make_parcels({"geometry": square(4.5, 1), "community_name": "一社区"})
    result = place(land, make_zones(*BASES))
    land = land.drop(columns=["cluster_name", "base_name", "community_name"]).join(result.columns)
    parts = split_parts(land, result.zones)
    assert parts[BASE]["share"].round(6).tolist() == [0.5, 0.5]
    assert parts[COMMUNITY][["zone_code", "share"]].values.tolist() == [["一社区", 1.0]]
