"""Firms in one place with a parcel are asked about, by point or address, and never tied by it."""

from frames import make_enterprises, make_parcels, square, tie

from landeval.link.places import in_one_place


def pairs(land, firms):
    found = in_one_place(land, firms.enterprises)
    return sorted(zip(found["parcel_id"], found["enterprise_id"], found["method"], strict=True))


def test_a_point_in_a_parcel_and_an_address_written_otherwise():
    land = make_parcels(
        {"parcel_code": "A", "geometry": square(0, 0)},
        {"parcel_code": "B", "geometry": square(5, 0), "location": "洞口县虚构镇（竹城路）8号"},
    )
    firms = make_enterprises(
        {"name": "甲厂", "longitude": 110.5005, "latitude": 27.0005},
        {"name": "乙厂", "location": "洞口县虚构镇竹城路 ８ 号"},
        {"name": "丙厂", "longitude": 110.6, "latitude": 27.0005, "location": None},
    )
    assert pairs(land, firms) == [("A", "名称:甲厂", "企业坐标"), ("B", "名称:乙厂", "坐落地址")]


def test_a_short_or_common_address_tells_nothing():
    land = make_parcels(*({"parcel_code": code, "location": "虚构工业园创业路"} for code in "ABCD"))
    firms = make_enterprises({"name": "甲厂", "location": "虚构工业园创业路"})
    assert pairs(land, firms) == []
    assert (
        pairs(make_parcels({"location": "竹城镇"}), make_enterprises({"name": "甲", "location": "竹城镇"}))
        == []
    )


def test_only_firms_without_land_are_asked_about_and_none_is_tied():
    land = make_parcels(
        {"parcel_code": "A", "holder_name": "甲厂", "geometry": square(0, 0)},
        {"parcel_code": "B", "geometry": square(5, 0)},
    )
    inside_b = {"longitude": 110.5055, "latitude": 27.0005}
    firms = make_enterprises({"name": "甲厂", **inside_b}, {"name": "乙厂", **inside_b})
    links = tie(land, firms).links.set_index(["parcel_id", "enterprise_id"])
    assert links["state"].to_dict() == {("A", "名称:甲厂"): "自动", ("B", "名称:乙厂"): "待复核"}
    assert links.loc[("B", "名称:乙厂"), "review_reason"].startswith("企业坐标落在该宗地内")
