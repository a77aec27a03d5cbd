"""Buildings from a web map stand beside their parcels; true ones do not, nor do those that cross boundaries anyway."""

import numpy as np
import pytest
import shapely
from shapely import box

from landeval.tidy.gcj02 import astray, shifted

WEST, SOUTH = 110.57, 27.06
EAST_M, NORTH_M = 1 / 99_300, 1 / 110_800


def placed(*shapes):
    return np.array(
        [shapely.transform(one, lambda xy: xy * [EAST_M, NORTH_M] + [WEST, SOUTH]) for one in shapes],
        dtype=object,
    )


def town(east=0.0):
    spots = [(137.0 * column, 151.0 * row) for column in range(14) for row in range(14)]
    land = placed(*(box(x, y, x + 120, y + 130) for x, y in spots))
    return land, placed(*(box(x + 20 + east, y + 30, x + 95 + east, y + 90) for x, y in spots))


def test_buildings_of_a_web_map_are_told_and_true_ones_are_not():
    land, halls = town()
    assert astray(land, halls) is None
    before, after = astray(land, np.array([shapely.transform(hall, shifted) for hall in halls], dtype=object))
    assert before > 0.05
    assert after == pytest.approx(0.0, abs=1e-3)


def test_buildings_that_cross_boundaries_either_way_are_no_proof():
    land, halls = town(east=60.0)
    assert astray(land, halls) is None


def test_without_buildings_or_far_from_parcels_nothing_is_said():
    land, halls = town()
    assert astray(land, np.array([None], dtype=object)) is None
    assert astray(land, shapely.transform(halls, lambda xy: xy + 1.0)) is None
