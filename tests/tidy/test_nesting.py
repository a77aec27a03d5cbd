"""How zones lie in one another: what is told, with which area, and what is only slack."""

import pytest
from frames import make_zones, square

from landeval.result import LEVELS
from landeval.tidy.nesting import TOLERANCE_M2, nesting

CLUSTER, BASE, COMMUNITY = LEVELS
WIDE_M2 = 109.98 * 99.6  # a thousandth of a degree each way, about


def told(*rows):
    table = nesting(make_zones(*rows), most=0.5)
    return table[["code", "record_key"]].values.tolist(), table["what"].tolist()


def test_a_sound_layout_says_nothing():
    assert told((CLUSTER, "Q", None, square(0, 0, 2)), (BASE, "J1", "Q", square(0, 0, 2)),
                (COMMUNITY, "S1", "J1", square(0, 0)), (COMMUNITY, "S2", "J1", square(1, 0)),
                (COMMUNITY, "S3", "J1", square(0, 1)), (COMMUNITY, "S4", "J1", square(1, 1)))[0] == []  # fmt: skip


def test_a_child_partly_outside_its_parent():
    found, said = told((CLUSTER, "Q", None, square(0, 0, 1)), (BASE, "J", "Q", square(0.2, 0, 1)))
    assert found == [["E595", "J"], ["E596", "Q"]]
    assert "占 20.0%" in said[0]
    assert "亩" in said[0]


def test_more_than_half_outside_is_a_wrong_parent_and_told_elsewhere():
    found, _ = told((CLUSTER, "Q", None, square(0, 0, 1)), (BASE, "J", "Q", square(0.6, 0, 1)))
    assert ["E595", "J"] not in found


@pytest.mark.parametrize(("shift", "said"), [(0.0001, []), (0.02, [["E595", "J"], ["E596", "Q"]])])
def test_slack_of_drawing_is_tolerated(shift, said):
    assert TOLERANCE_M2 == 100.0
    assert told((CLUSTER, "Q", None, square(0, 0, 1)), (BASE, "J", "Q", square(shift, 0, 1)))[0] == said


def test_a_gap_of_a_level_is_told_at_the_parent():
    found, said = told(
        (BASE, "J", None, square(0, 0, 2)),
        (COMMUNITY, "S1", "J", square(0, 0)),
        (COMMUNITY, "S2", "J", square(1, 0)),
    )
    assert found == [["E596", "J"]]
    assert "不在任何产业社区内" in said[0]
    assert "占 50.0%" in said[0]


def test_a_parent_that_skips_a_level_and_one_that_is_not_named():
    found, _ = told(
        (CLUSTER, "Q", None, square(0, 0)),
        (BASE, "J", None, square(0, 0)),
        (COMMUNITY, "S", "Q", square(0, 0)),
    )
    assert found == [["E598", "J"]]


def test_zones_without_shape_or_of_one_level_say_nothing():
    assert told((COMMUNITY, "S", "J", square(0, 0)))[0] == []
    assert told((CLUSTER, "Q", None, None), (BASE, "J", "Q", None))[0] == []
