"""Unused land that could be divided off: small grounds measured by hand."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from landeval.measure.footprints import pieces_of
from landeval.measure.unused import unused_land

PLOT = box(0, 0, 100, 100)


def unused(parcel, *halls, setback=6.0, width=20.0):
    land = np.array([parcel], dtype=object)
    drawn = np.array([*halls, None], dtype=object)[:-1]
    return float(unused_land(land, pieces_of(land, drawn), setback_m=setback, least_width_m=width)[0])


def test_half_a_parcel_less_the_setback():
    assert unused(PLOT, box(0, 0, 100, 44)) == pytest.approx(5000.0)


def test_a_strip_narrower_than_the_least_width_does_not_count():
    assert unused(PLOT, box(0, 0, 100, 74.1)) == 0.0  # 19.9 m are left
    assert unused(PLOT, box(0, 0, 100, 73.9)) == pytest.approx(2010.0)  # 20.1 m are left


def test_only_the_largest_piece_counts():
    assert unused(PLOT, box(0, 34, 100, 54)) == pytest.approx(4000.0)  # 28 m below, 40 m above


def test_pieces_that_a_narrow_passage_joins_are_two():
    # two yards of 40 and 30 m, joined along the fence by a passage of 14 m; its mouth counts with the larger
    assert 4000 < unused(PLOT, box(0, 46, 80, 64)) < 4140


def test_a_parcel_without_a_building_has_no_left_over():
    land = np.array([PLOT, None], dtype=object)
    found = unused_land(land, pieces_of(land, np.array([], dtype=object)), setback_m=6, least_width_m=20)
    assert np.isnan(found).all()


def test_a_fully_built_parcel_has_none_and_holes_of_the_parcel_are_not_its_land():
    assert unused(PLOT, PLOT) == 0.0
    ring = PLOT - box(40, 0, 60, 100)
    assert unused(ring, box(0, 0, 34, 100)) == pytest.approx(4000.0)


def test_a_setback_is_taken_from_every_building():
    free = unused(PLOT, box(0, 0, 10, 10), setback=0)
    less = unused(PLOT, box(0, 0, 10, 10), setback=6)
    assert free == pytest.approx(9900.0, abs=10.0)  # curves are drawn with corners: a little less, never more
    assert free <= 9900.0
    corner = 10 * 10 + 2 * 6 * 10 + np.pi * 36 / 4
    assert less == pytest.approx(10_000 - corner, abs=10.0)


@given(
    st.lists(
        st.tuples(st.floats(0, 90), st.floats(0, 90), st.floats(5, 60), st.floats(5, 60)),
        min_size=1,
        max_size=5,
    ),
    st.floats(0, 12),
    st.floats(4, 40),
)
def test_unused_land_is_free_land_at_least_so_wide(rows, setback, width):
    halls = [box(x, y, x + w, y + h) for x, y, w, h in rows]
    found = unused(PLOT, *halls, setback=setback, width=width)
    free = PLOT - shapely.union_all([hall.buffer(setback, quad_segs=8) for hall in halls])
    core = free.buffer(-width / 2, quad_segs=8)
    wide = [(part.buffer(width / 2, quad_segs=8) & free).area for part in shapely.get_parts(core)]
    assert max(wide, default=0.0) - 1e-6 <= found <= free.area + 1e-6
    assert (found == 0.0) == core.is_empty
