"""L8 and L9 from drawn halls: exactly on the line, just under and just over, with storeys, heights and yards known or not."""

import numpy as np
import pandas as pd
import pytest
import shapely
from frames import make_parcels, verdict
from shapely import box

from landeval.measure.built import built_on
from landeval.measure.intensity import of_written, settled
from landeval.measure.unused import unused_land

GOOD = {"actual_start": pd.Timestamp("2015-01-01"), "ratios": (300.0, 400.0, 20.0)}
SIDE = 200.0
"""Parcels of 4 公顷, 60 亩; a fifth of it is 12 亩, 8,000 ㎡."""


def judged(rule, halls, **written):
    """Draw (shape, storeys, height) on one parcel and return the verdict of a rule and its reason."""
    row = dict(zip(("investment_wan_yuan_per_mu", "output_wan_yuan_per_mu", "tax_wan_yuan_per_mu"), GOOD["ratios"], strict=True))  # fmt: skip
    parcels = make_parcels(row | {"area_mu": 60.0, "actual_start": GOOD["actual_start"]} | written)
    land = np.array([box(0, 0, SIDE, SIDE)], dtype=object)
    drawn = np.array([*(shape for shape, *_ in halls), None], dtype=object)[:-1]
    flags = dict.fromkeys(
        ("is_stacked", "is_twin", "odd_storeys", "odd_height", "odd_floor"), np.zeros(len(halls), dtype=bool)
    )
    frame = pd.DataFrame(
        {
            "building_no": None, "storeys": [storeys for _, storeys, _ in halls], "height_m": [height for *_, height in halls],
            "floor_area_m2": np.nan, "is_reliable": True, "source_file": "建筑.shp", "source_layer": "",
            "source_row": range(1, len(halls) + 1), **flags,
        }
    )  # fmt: skip
    built = built_on(parcels.assign(stack=None), land, frame, drawn)
    free = unused_land(land, built.pieces, setback_m=6.0, least_width_m=20.0)
    columns, _ = settled(parcels, built.figures.assign(unused_most_m2=free), "建筑图层推算")
    parcels = parcels.copy().assign(**columns)
    found = verdict(parcels.assign(**of_written(parcels))).findings.set_index("rule_id").loc[rule]
    return found["verdict"], found["reason"]


def hall(depth, storeys=1.0, height=6.0):
    """Return a hall over the whole width of the parcel: every metre of depth is half a percent of the land."""
    return box(0, 0, SIDE, depth), storeys, height


@pytest.mark.parametrize(
    ("depth", "yard", "wanted"),
    [
        (60.0, None, "达标"),  # 30 % of buildings alone
        (59.98, None, "无法判定"),  # 29.99 %, and the yard may be anything
        (59.98, 0.0, "不达标"),
        (60.02, 0.0, "达标"),
        (40.0, 4000.0, "达标"),  # 20 % and 10 %
        (40.0, 3996.0, "不达标"),
    ],
)
def test_building_factor_by_footprints(depth, yard, wanted):
    assert judged("lowuse.building_factor", [hall(depth)], yard_m2=yard)[0] == wanted


@pytest.mark.parametrize(
    ("depth", "storeys", "height", "wanted"),
    [
        (80.0, 2.0, 12.0, "达标"),  # 0.80
        (79.0, 2.0, 12.0, "不达标"),  # 0.79
        (81.0, 2.0, 12.0, "达标"),
        (79.0, 2.0, 16.0, "不达标"),  # storeys of 8.0 m count once
        (79.0, 2.0, 16.02, "达标"),  # 1.58
        (79.0, 2.0, None, "无法判定"),
        (39.0, 2.0, None, "不达标"),  # 0.78 even where doubled
        (80.0, 2.0, None, "达标"),
        (160.0, None, 6.0, "无法判定"),
    ],
)
def test_plot_ratio_by_storeys_and_heights(depth, storeys, height, wanted):
    halls = [hall(depth, np.nan if storeys is None else storeys, np.nan if height is None else height)]
    assert judged("lowuse.plot_ratio", halls, contract_plot_ratio_min=0.8)[0] == wanted


@pytest.mark.parametrize(
    ("depth", "yard", "wanted"),
    [
        (154.0, 0.0, "不达标"),  # 200 × (200 − 154 − 6) = 8,000 ㎡
        (154.01, 0.0, "达标"),
        (153.99, 0.0, "不达标"),
        (154.0, None, "无法判定"),  # the land free of buildings may be a yard
        (154.01, None, "达标"),
        (154.0, 2.0, "无法判定"),  # the yard may lie on this piece, or not
        (144.0, 2000.0, "不达标"),  # 10,000 ㎡ less all of the yard
        (144.0, 2001.0, "无法判定"),
        (175.0, None, "达标"),  # 19 m are left: too narrow
    ],
)
def test_unused_land_beside_halls(depth, yard, wanted):
    found, reason = judged("lowuse.unused", [hall(depth)], yard_m2=yard)
    assert found == wanted
    if wanted == "无法判定":
        assert ("缺构筑物及露天堆场占地面积" in reason) == (yard is None)


def test_a_hall_over_two_parcels_counts_on_each_with_its_own_part():
    over = shapely.box(-100.0, 0.0, 100.0, 120.0), 1.0, 6.0  # half of it is here: 12,000 ㎡, 30 %
    assert judged("lowuse.building_factor", [over])[0] == "达标"
    assert judged("lowuse.plot_ratio", [over], contract_plot_ratio_min=0.3)[0] == "达标"
    assert judged("lowuse.plot_ratio", [over], contract_plot_ratio_min=0.31)[0] == "不达标"
