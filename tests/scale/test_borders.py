"""Blocks across the borders of units: the same as one run over all the land would give."""

import json

import pytest
import shapely
from units import unit
from writers import EAST, NORTH

from landeval import evaluate, load_project
from landeval.scale.command import evaluate_province
from landeval.scale.plan import plan_of

ROAD = (
    '[[overlays]]\nname = "虚构路"\npath = "路.geojson"\ncrs = "EPSG:4546"\neffect = "道路"\nwidth_m = 0.5\n'
)


def road(folder, east):
    """Write a road from south to north, so far east of the corner [m]."""
    line = {"type": "LineString", "coordinates": [[EAST + east, NORTH - 50], [EAST + east, NORTH + 150]]}
    feature = {"type": "Feature", "properties": {"name": "路"}, "geometry": line}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4546"}}
    text = json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]})
    (folder / "路.geojson").write_text(text, "utf-8")
    file = folder / "landeval.toml"
    file.write_text(file.read_text("utf-8") + ROAD, "utf-8")


def parcels_of(blocks):
    return blocks["block_parcel_codes"].map(lambda text: tuple(sorted(text.split("、"))))


def units(root, starts):
    for number, start in enumerate(starts, start=1):
        unit(root / f"虚构{number}县", number, start=start)
    return plan_of(root)


def test_blocks_are_those_of_one_run_over_all_units(tmp_path):
    plan = units(tmp_path / "全省", [0, 300, 600.9, 902.4])  # gaps of 0, 0.9 and 1.5 m
    found = evaluate_province(plan, tmp_path / "成果")
    table, members = found.tables["blocks"], found.tables["block_members"]
    files = [[str(one.settings.with_name(name)) for one in plan.units] for name in ("宗地.shp", "企业.xlsx")]
    one = evaluate(load_project(parcels=files[0], enterprises=files[1], as_of="2024-12-31", year=2024))
    ours, wanted = (
        frame.set_index(parcels_of(frame))["area_mu"].sort_index() for frame in (table, one.blocks)
    )
    assert ours.index.tolist() == wanted.index.tolist()
    assert ours.to_numpy() == pytest.approx(wanted.to_numpy(), rel=1e-12)
    assert sorted(table["unit_name"][:2]) == ["虚构1县、虚构2县", "虚构2县、虚构3县"]
    assert table["block_parcels"].tolist() == [2, 2, 1, 1, 1, 1]
    first = members[members["province_block_code"] == "LP0001"]
    assert "、".join(first["unit_name"] + " " + first["block_code"]) == table["unit_blocks"][0]
    assert len(members) == 8
    assert set(members["province_block_code"]) == set(table["block_code"])
    assert shapely.area(found.shapes["blocks"].geometry.to_numpy()).min() > 0


def test_a_road_along_the_border_keeps_blocks_apart_whoever_has_drawn_it(tmp_path):
    plan = units(tmp_path / "全省", [0, 300.8, 601.6])
    road(tmp_path / "全省" / "虚构1县", 300.4)
    road(tmp_path / "全省" / "虚构3县", 601.2)
    table = evaluate_province(plan, tmp_path / "成果").tables["blocks"]
    assert sorted(table["unit_name"]) == [f"虚构{number}县" for number in (1, 1, 2, 2, 3, 3)]


def test_no_candidate_at_all_makes_no_block(tmp_path):
    unit(tmp_path / "全省" / "甲", 1, idle=False)
    found = evaluate_province(plan_of(tmp_path / "全省"), tmp_path / "成果")
    assert (len(found.tables["blocks"]), len(found.tables["block_members"])) == (0, 0)
