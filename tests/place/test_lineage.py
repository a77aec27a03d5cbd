"""What became of parcels, on layouts small enough to see: every kind, slivers, codes, and what must always hold."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landeval.place.lineage import trace
from landeval.year_change import (
    ADDED,
    BY_CODE,
    GONE,
    KINDS,
    MERGED,
    RECODED,
    REGROUPED,
    RESHAPED,
    SAME,
    SPLIT,
    UNTRACED,
)


def year(*rows):
    """Build a year from (id, code, shape); a shape is (west, south, east, north) [m] or a polygon."""
    frame = pd.DataFrame(
        {"parcel_code": [row[1] for row in rows]}, index=[row[0] for row in rows], dtype="object"
    )
    shapes = [shapely.box(*row[2]) if isinstance(row[2], tuple) else row[2] for row in rows]
    return frame, np.array([*shapes, None], dtype=object)[:-1]


def traced(then, now, **more):
    return trace(then[0], now[0], then[1], now[1], **more)


def kinds(lineage):
    links = lineage.links
    return {
        (str(a) if a else "", str(b) if b else "", kind)
        for a, b, kind in zip(links["parcel_id_then"], links["parcel_id_now"], links["lineage_kind"], strict=True)
    }  # fmt: skip


A, B = (0, 0, 100, 100), (100, 0, 200, 100)
WHOLE, LOW, HIGH = (0, 0, 200, 100), (0, 0, 200, 50), (0, 50, 200, 100)


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        ([("a", "1", A)], [("a", "1", A)], {("a", "a", SAME)}),
        ([("a", None, A)], [("x", "1", A)], {("a", "x", SAME)}),
        ([("a", "1", A)], [("x", "2", A)], {("a", "x", RECODED)}),
        ([("a", "1", A)], [("a", "1", (0, 0, 100, 100.1))], {("a", "a", SAME)}),
        ([("a", "1", A)], [("a", "1", (0, 0, 100, 110))], {("a", "a", RESHAPED)}),
        ([("a", "1", WHOLE)], [("x", "2", A), ("y", "3", B)], {("a", "x", SPLIT), ("a", "y", SPLIT)}),
        ([("a", "1", WHOLE)], [("a", "1", A), ("y", "3", B)], {("a", "a", SPLIT), ("a", "y", SPLIT)}),
        ([("a", "1", A), ("b", "2", B)], [("x", "3", WHOLE)], {("a", "x", MERGED), ("b", "x", MERGED)}),
        (
            [("a", "1", A), ("b", "2", B)],
            [("x", "3", LOW), ("y", "4", HIGH)],
            {("a", "x", REGROUPED), ("a", "y", REGROUPED), ("b", "x", REGROUPED), ("b", "y", REGROUPED)},
        ),
        ([("a", "1", A)], [("x", "2", (500, 0, 600, 100))], {("a", "", GONE), ("", "x", ADDED)}),
        ([("a", "1", A)], [("x", "1", None)], {("a", "x", BY_CODE)}),
        ([("a", None, A)], [("x", None, None)], {("a", "", GONE), ("", "x", UNTRACED)}),
        ([], [("x", "1", A)], {("", "x", ADDED)}),
        ([("a", "1", None)], [], {("a", "", UNTRACED)}),
        ([], [], set()),
    ],
)
def test_kind(then, now, expected):
    assert kinds(traced(year(*then), year(*now))) == expected


def test_shares_of_a_split_are_given_both_ways():
    links = traced(
        year(("a", "1", (0, 0, 400, 100))), year(("x", "2", A), ("y", "3", (100, 0, 400, 100)))
    ).links
    assert links["overlap_share_then"].tolist() == pytest.approx([0.25, 0.75])
    assert links["overlap_share_now"].tolist() == pytest.approx([1, 1])
    assert links["group_overlap_share"].tolist() == pytest.approx([1, 1])
    assert links["lineage_group"].nunique() == 1


def test_a_sliver_links_nothing_but_is_counted():
    then = year(("a", "1", A), ("b", "2", B))
    now = year(("a", "1", (0, 0, 105, 100)), ("b", "2", (105, 0, 200, 100)))
    found = traced(then, now)
    assert kinds(found) == {("a", "a", RESHAPED), ("b", "b", RESHAPED)}
    assert (found.slivers, round(found.sliver_m2)) == (1, 500)
    wide = year(("a", "1", (0, 0, 130, 100)), ("b", "2", (130, 0, 200, 100)))
    assert {kind for *_, kind in kinds(traced(then, wide))} == {REGROUPED}
    assert traced(then, wide).slivers == 0


def test_the_tolerance_is_the_callers():
    then, now = year(("a", "1", A)), year(("a", "1", (0, 0, 100, 101)))
    assert kinds(traced(then, now)) == {("a", "a", RESHAPED)}
    assert kinds(traced(then, now, tolerance_m=0.5)) == {("a", "a", SAME)}


def test_a_parcel_drawn_on_top_of_one_that_stays_is_new_and_asked_about():
    found = traced(year(("a", "1", A)), year(("a", "1", A), ("x", "2", (0, 0, 100, 60))))
    assert kinds(found) == {("a", "a", SAME), ("", "x", ADDED)}
    assert found.questions[["code", "parcel_id_now"]].to_numpy().tolist() == [["E587", "x"]]


def test_a_code_that_moved_is_traced_by_land_and_asked_about():
    then = year(("a", "1", A), ("b", "2", B))
    found = traced(then, year(("a", "2", A), ("b", "1", B)))
    assert kinds(found) == {("a", "a", RECODED), ("b", "b", RECODED)}
    assert found.questions["code"].tolist() == ["E585", "E585"]


def test_a_code_that_stands_twice_ties_nothing_without_a_shape():
    found = traced(year(("a", "1", None), ("b", "1", A)), year(("x", "1", None)))
    assert kinds(found) == {("a", "", UNTRACED), ("b", "", UNTRACED), ("", "x", UNTRACED)}
    assert sorted(found.questions["code"]) == ["E586", "E586", "E589", "E589", "E589"]


def test_a_code_whose_land_went_to_another_parcel_ties_nothing_without_a_shape():
    found = traced(year(("a", "1", A)), year(("x", "1", None), ("y", "2", A)))
    assert kinds(found) == {("a", "y", RECODED), ("", "x", UNTRACED)}
    assert "E586" in found.questions["code"].tolist()


def test_hardly_the_same_land_is_asked_about():
    found = traced(year(("a", "1", A)), year(("x", "2", (80, 0, 180, 100))))
    assert kinds(found) == {("a", "x", RESHAPED)}
    assert found.questions["code"].tolist() == ["E588"]
    assert found.links["group_overlap_share"].iloc[0] == pytest.approx(20 / 180)


def test_twins_drawn_as_one_polygon_are_kept_apart_by_their_codes():
    then, now = year(("a", "1", A), ("b", "2", A)), year(("a", "1", A), ("b", "2", A))
    assert kinds(traced(then, now)) == {("a", "a", SAME), ("b", "b", SAME)}
    recoded = year(("x", "3", A), ("y", "4", A))
    assert {kind for *_, kind in kinds(traced(then, recoded))} == {REGROUPED}


CELLS = [(column * 40.0, row * 40.0, column * 40.0 + 40, row * 40.0 + 40) for row in range(3) for column in range(3)]  # fmt: skip
owners = st.lists(st.integers(0, 4), min_size=9, max_size=9)
"""Which parcel each cell of a 3 × 3 field belongs to; 0: none, 4: known, but without a shape."""


def parcelled(cells, prefix):
    rows = []
    for owner in sorted(set(cells) - {0}):
        mine = [shapely.box(*CELLS[at]) for at, who in enumerate(cells) if who == owner]
        rows.append((f"{prefix}{owner}", str(owner), None if owner == 4 else shapely.union_all(mine)))
    return year(*rows)


MIRROR = {SPLIT: MERGED, MERGED: SPLIT, ADDED: GONE, GONE: ADDED}


@settings(max_examples=25)
@given(owners, owners, st.randoms(use_true_random=False))
def test_what_always_holds(before, after, random):
    then, now = parcelled(before, "a"), parcelled(after, "b")
    found = traced(then, now)
    links = found.links
    assert set(links["lineage_kind"]) <= set(KINDS)
    for side, ids in (("then", then[0].index), ("now", now[0].index)):
        mine = links[links[f"parcel_id_{side}"].notna()]
        assert set(mine[f"parcel_id_{side}"]) == set(ids)
        assert (mine.groupby(f"parcel_id_{side}")["lineage_group"].nunique() == 1).all()
    by_kind = links.groupby("lineage_group")["lineage_kind"].nunique()
    assert (by_kind == 1).all()
    part = links.groupby("parcel_id_then")["overlap_share_then"].sum()
    assert (part <= 1 + 1e-9).all()

    order = [list(range(len(frame))) for frame, _ in (then, now)]
    for numbers in order:
        random.shuffle(numbers)
    shuffled = [(frame.iloc[at], shapes[at]) for (frame, shapes), at in zip((then, now), order, strict=True)]
    pd.testing.assert_frame_equal(traced(*shuffled).links, links)

    mirrored = {(b, a, MIRROR.get(kind, kind)) for a, b, kind in kinds(found)}
    assert kinds(traced(now, then)) == mirrored
