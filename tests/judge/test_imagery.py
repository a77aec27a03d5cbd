"""What images suggest, on figures written down; and what is asked of it."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from frames import make_parcels

from landeval.imagery import (
    ADDED,
    BUILT,
    CLEARED,
    DIMMED,
    FEW,
    OFF,
    OVERGROWN,
    PARTLY,
    REMOVED,
    STEADY,
    STOPPED,
    UNBUILT,
    VEILED,
    WHOLE,
)
from landeval.judge.image_witness import witness
from landeval.judge.imagery import is_usable, questions, suggestion, told_change
from landeval.measure.image_change import CHANGES
from landeval.measure.imagery import FIGURES
from landeval.standards.rules import shipped

RULES = shipped()


def changes(*rows):
    names = [*CHANGES, "image_night_before"]
    return pd.DataFrame([{name: row.get(name, np.nan) for name in names} for row in rows], dtype="float64")


def figures(*rows, index=None):
    made = [
        {name: row.get(name, np.nan) for name in FIGURES} | {"image_state": row.get("state", WHOLE)}
        for row in rows
    ]
    return pd.DataFrame(made, index=index if index is not None else range(len(rows)))


def cover(built, bare=0.0, green=0.0, **more):
    return {"image_built_share": built, "image_bare_share": bare, "image_vegetated_share": green, **more}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"image_built_change": 0.2, "image_bare_change": 0.0, "image_vegetated_change": -0.2}, ADDED),
        ({"image_built_change": 0.1994, "image_bare_change": 0.0, "image_vegetated_change": -0.2}, STEADY),
        ({"image_built_change": -0.5, "image_vegetated_change": 0.5}, OVERGROWN),
        ({"image_built_change": -0.5, "image_bare_change": 0.5, "image_vegetated_change": 0.0}, REMOVED),
        ({"image_built_change": 0.1, "image_bare_change": 0.8, "image_vegetated_change": -0.9}, CLEARED),
        ({"image_tall_change": 0.25}, ADDED),
        ({"image_night_change": -5.0, "image_night_before": 10.0}, DIMMED),
        ({"image_night_change": -4.99, "image_night_before": 10.0}, STEADY),
        ({"image_night_change": -5.0, "image_night_before": -1.0}, STEADY),
        ({"ndvi_change": 0.4}, ""),
        ({}, ""),
    ],
)
def test_change(row, said):
    assert told_change(changes(row), RULES).tolist() == [said]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (cover(0.1, green=0.9), UNBUILT),
        (cover(0.1006, green=0.8), PARTLY),
        (cover(0.3, bare=0.7), BUILT),
        (cover(0.2994, bare=0.7), PARTLY),
        (cover(0.05, green=0.9, image_tall_share=0.1), BUILT),
        ({"image_tall_share": 0.0}, ""),
        ({"image_vegetated_share": 0.9}, ""),
        (cover(0.0, green=1.0, state=VEILED), ""),
        (cover(0.0, green=1.0, state=FEW), ""),
        ({"state": OFF}, ""),
    ],
)
def test_suggestion(row, said):
    found, why = suggestion(figures(row), pd.Series([""]), np.array([False]), RULES)
    assert found.tolist() == [said]
    assert bool(why[0]) == bool(said)


def test_stopped_needs_former_buildings_and_a_loss():
    rows = figures(*[cover(0.2, green=0.8)] * 3)
    change = pd.Series([OVERGROWN, OVERGROWN, STEADY])
    found, why = suggestion(rows, change, np.array([True, False, True]), RULES)
    assert found.tolist() == [STOPPED, PARTLY, PARTLY]
    assert why[0] == "建设 20%，裸土 0%，植被 80%，比上一期植被恢复"


def test_an_image_of_a_bare_year_counts_only_when_the_year_is_over():
    day = dt.date(2024, 12, 31)
    assert [is_usable(taken, day) for taken in ("2024", "2024-12-31", "2025-01-01", "2025", "")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert not is_usable("2024", dt.date(2024, 6, 30))


def images(*days, kind="光谱"):
    return [{"image_file": f"{day or '无'}.tif", "image_taken": day, "image_kind": kind} for day in days]


def test_the_latest_sound_image_before_the_day_speaks():
    three = [
        figures(cover(0.0, green=1.0), cover(0.0, green=1.0)),
        figures(cover(0.9), cover(0.9, state=VEILED)),
        figures(cover(0.0, bare=1.0), cover(0.0, bare=1.0)),
    ]
    change = changes({"image_built_change": 0.9}, {}).assign(image_change=[ADDED, ""])
    found = witness(
        images("2020-01-01", "2022-01-01", "2025-01-01"),
        three,
        [(0, 1)],
        [change],
        RULES,
        dt.date(2024, 12, 31),
    )
    assert found["image_taken"].tolist() == ["2022-01-01", "2020-01-01"]
    assert found["image_evidence"].tolist() == [BUILT, UNBUILT]
    assert found["image_change"].tolist() == [ADDED, ""]


def test_lights_that_went_out_over_buildings_suggest_a_stop():
    night = changes({"image_night_change": -9.0, "image_night_before": 10.0}).assign(image_change=[DIMMED])
    told = images("2022", "2023", kind="夜光") + images("2023-06-01")
    three = [figures({"image_night_mean": 10.0}), figures({"image_night_mean": 1.0}), figures(cover(0.9))]
    found = witness(told, three, [(0, 1)], [night], RULES, dt.date(2024, 12, 31))
    assert found["image_evidence"].tolist() == [STOPPED]
    three[2] = figures(cover(0.0, green=1.0))
    assert witness(told, three, [(0, 1)], [night], RULES, dt.date(2024, 12, 31))[
        "image_evidence"
    ].tolist() == [UNBUILT]


def witnessed(*seen, kinds=None):
    """Say what images of one parcel tell: day and figures of each, in order."""
    from landeval.judge.image_witness import dated_pairs
    from landeval.measure.image_change import image_changes

    told = [
        {"image_taken": day, "image_kind": kind, "image_file": f"{day}.tif"}
        for (day, _), kind in zip(seen, kinds or ["光谱"] * len(seen), strict=True)
    ]
    found = [figures(row) for _, row in seen]
    pairs = dated_pairs(told)
    changed = [image_changes(found[one], found[other]) for one, other in pairs]
    changed = [change.assign(image_change=told_change(change, RULES)) for change in changed]
    return witness(told, found, pairs, changed, RULES, dt.date(2024, 12, 31)).iloc[0]


def test_a_change_up_to_an_older_image_is_not_said_of_a_newer_one():
    """Built, overgrown, clouded, built again: the last image knows of no image before that it could be compared with."""
    row = witnessed(
        ("2018-05-01", cover(0.6, 0.1, 0.3)),
        ("2020-05-01", cover(0.0, 0.0, 1.0)),
        ("2022-05-01", cover(np.nan, np.nan, np.nan, state=VEILED)),
        ("2024-05-01", cover(0.6, 0.1, 0.3)),
    )
    assert (row["image_file"], row["image_change"], row["image_evidence"]) == ("2024-05-01.tif", "", BUILT)
    tall = {"image_tall_share": 0.6}
    row = witnessed(
        ("2018-05-01", cover(0.6, 0.1, 0.3)), ("2020-05-01", cover(0.0, 0.0, 1.0)), ("2024-05-01", tall),
        kinds=["光谱", "光谱", "高度"],
    )  # fmt: skip
    assert (row["image_change"], row["image_evidence"]) == ("", BUILT)


def test_only_the_latest_lights_count_and_only_with_an_image_no_later():
    def lit(value):
        return {"image_night_mean": value}

    kinds = ["夜光", "夜光", "夜光", "光谱"]
    roofs = ("2024-05-01", cover(0.6, 0.1, 0.3))
    back = witnessed(("2012", lit(10.0)), ("2013", lit(2.0)), ("2014", lit(12.0)), roofs, kinds=kinds)
    assert (back["image_change"], back["image_evidence"]) == ("", BUILT)
    out = witnessed(("2012", lit(10.0)), ("2013", lit(9.0)), ("2014", lit(2.0)), roofs, kinds=kinds)
    assert (out["image_change"], out["image_evidence"]) == ("", BUILT)
    kinds = ["夜光", "光谱", "夜光"]
    late = witnessed(("2022", lit(10.0)), roofs, ("2024", lit(2.0)), kinds=kinds)
    assert (late["image_change"], late["image_evidence"]) == (DIMMED, STOPPED)


def asked(said, taken="2024-10-15", status="关注", year=2024, **parcel):
    parcels = make_parcels({"parcel_code": "P1", **parcel})
    evidence = pd.DataFrame(
        {"image_evidence": said, "image_taken": taken, "image_file": "影像.tif", "image_reason": "建设 5%"},
        index=parcels.index,
    )
    text, found = questions(pd.DataFrame(parcels), pd.Series(status, index=parcels.index), evidence, year)
    assert (text != "").sum() == len(found)
    return found["code"].tolist()


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"said": UNBUILT, "actual_completion": "2023-01-01"}, ["E566"]),
        ({"said": UNBUILT, "actual_completion": "2024-11-01"}, []),
        ({"said": UNBUILT, "operation": "生产"}, ["E566"]),
        ({"said": UNBUILT, "operation": "生产", "taken": "2023-10-15"}, []),
        ({"said": UNBUILT}, []),
        ({"said": BUILT, "status": "涉嫌闲置(未动工)"}, ["E567"]),
        ({"said": BUILT, "status": "逾期未动工预警"}, ["E567"]),
        ({"said": BUILT, "actual_start": "2024-11-01"}, ["E567"]),
        ({"said": BUILT, "actual_start": "2024-10-15"}, []),
        ({"said": BUILT, "actual_start": "2024-11-01", "taken": "2024"}, []),
        ({"said": PARTLY, "status": "涉嫌闲置(未动工)"}, []),
        ({"said": STOPPED, "operation": "生产"}, ["E568"]),
        ({"said": STOPPED, "operation": "停产"}, []),
        ({"said": "", "taken": "", "status": "涉嫌闲置(未动工)"}, []),
    ],
)
def test_question(given, codes):
    assert asked(**given) == codes
