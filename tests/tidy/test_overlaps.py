"""Overlaps of a layer looked at in pieces are those of the layer looked at at once."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landeval.tidy import overlaps

CELL = 0.001  # about 100 m


def grid(rng: np.random.Generator, moved: int) -> np.ndarray:
    """Return 12 × 12 cells that share their sides, some of them moved or grown over their neighbours."""
    west, south = (part.ravel() for part in np.meshgrid(np.arange(12), np.arange(12)))
    low = np.column_stack([110.5 + west * CELL, 27 + south * CELL])
    high = low + CELL
    at = rng.choice(len(low), moved, replace=False)
    high[at] += rng.uniform(0, 2.5 * CELL, (moved, 2))
    shapes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    return np.asarray(shapes[rng.permutation(len(shapes))], dtype=object)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 20), st.sampled_from([1, 7, 40, 143]))
def test_pieces_of_any_size_find_the_pairs_of_the_whole(seed, moved, piece):
    shapes = grid(np.random.default_rng(seed), moved)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overlaps, "PIECE", len(shapes))
        whole = overlaps.overlapping(shapes)
        patch.setattr(overlaps, "PIECE", piece)
        pieces = overlaps.overlapping(shapes)
    assert (moved == 0) == (len(whole.one) == 0)
    for one, other in zip(whole, pieces, strict=True):
        assert np.array_equal(one, other)


def test_every_pair_that_shares_area_is_found():
    shapes = grid(np.random.default_rng(1), 30)
    found = overlaps.overlapping(shapes)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    wanted = {
        (a, b)
        for a, b in zip(one.tolist(), other.tolist(), strict=True)
        if a < b and shapely.area(shapely.intersection(shapes[a], shapes[b])) > 1e-9
    }
    assert set(zip(found.one.tolist(), found.other.tolist(), strict=True)) == wanted
