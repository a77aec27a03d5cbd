"""What became of classes: cured is only 达标; unknown is never cured; the list of last time is followed to its end."""

import pandas as pd
import pytest

from landeval.judge.year_classes import causes, class_now, group_classes, outcomes, transitions
from landeval.judge.year_progress import progress
from landeval.year_change import (
    CURED,
    GONE,
    LAND_GONE,
    NEW,
    NEW_UNTRACED,
    NO_LONGER,
    SAME,
    SEVERAL,
    SPLIT,
    STILL,
    UNCLEAR,
    UNKNOWN_FATE,
    UNTRACED,
)

LOW, IDLE = "低效候选", "涉嫌闲置(未动工)"


def outcome(then, now, kind=SAME):
    sides = []
    for classes in (then, now):
        status = pd.Series(classes, index=[f"p{number}" for number in range(len(classes))], dtype="object")
        sides.append(group_classes(status, pd.Series("g", index=status.index, dtype="object")))
    return outcomes(pd.DataFrame({"lineage_kind": [kind]}, index=["g"]), *sides)["g"]


@pytest.mark.parametrize(
    ("then", "now", "kind", "expected"),
    [
        ([LOW], ["达标"], SAME, CURED),
        ([LOW], ["关注"], SAME, NO_LONGER),
        ([LOW], ["豁免"], SAME, NO_LONGER),
        ([IDLE], ["资料不足"], SAME, UNCLEAR),
        ([IDLE], [LOW], SAME, STILL),
        (["关注"], [IDLE], SAME, NEW),
        (["关注"], ["达标"], SAME, ""),
        ([LOW], ["达标", LOW], SPLIT, STILL),
        ([LOW], ["达标", "资料不足"], SPLIT, UNCLEAR),
        ([LOW], ["达标", "达标"], SPLIT, CURED),
        ([LOW], [], GONE, LAND_GONE),
        ([LOW], [], UNTRACED, UNKNOWN_FATE),
        ([], [LOW], UNTRACED, NEW_UNTRACED),
        ([], [LOW], "新增", NEW),
    ],
)
def test_outcome(then, now, kind, expected):
    assert outcome(then, now, kind) == expected


def test_classes_of_a_group_in_words():
    status = pd.Series({"a": LOW, "b": "达标", "c": LOW, "d": "达标"})
    of = pd.Series({"a": "g", "b": "g", "c": "g", "d": "h"})
    assert group_classes(status, of)["classes"].to_dict() == {"g": "低效候选×2、达标×1", "h": "达标"}


def links(*rows):
    frame = pd.DataFrame(rows, columns=["parcel_id_then", "parcel_id_now", "lineage_kind"], dtype="object")
    return frame.assign(lineage_group=[f"g{row[0]}" for row in rows])


def test_every_parcel_of_either_year_stands_in_one_cell():
    found = links(
        ("a", "x", SPLIT), ("a", "y", SPLIT), ("b", "b", SAME), ("c", None, GONE), (None, "z", "新增")
    )
    now = pd.Series({"x": "达标", "y": LOW, "b": "关注", "z": LOW})
    then = pd.Series({"a": LOW, "b": "关注", "c": "达标"})
    becomes = class_now(found, now).reindex(then.index)
    assert becomes.tolist() == [SEVERAL, "关注", GONE]
    land = pd.Series({"a": 10.0, "b": 20.0, "c": None})
    table = transitions(then, becomes, land, now[["z"]], pd.Series({"z": 5.0})).set_index("status_then")
    assert table.loc[LOW, f"parcels_{SEVERAL}"] == 1
    cells = [name for name in table if name.startswith("parcels_") and name != "parcels_without_area"]
    assert (table[cells].sum(axis=1) == table["lots"]).all()
    assert table.loc["合计", "lots"] == table["lots"].iloc[:-2].sum() == 3
    assert (table.loc["合计", "area_mu"], table.loc["合计", "parcels_without_area"]) == (30.0, 1)
    assert table.loc["新增或来历未知", f"parcels_{LOW}"] == 1


def test_a_change_by_rules_is_told_from_one_by_data():
    then, again, now = (pd.Series([*texts]) for texts in ("aaaaa", "aabca", ["a", "b", "b", "b", GONE]))
    assert causes(then, again, now).tolist() == ["", "资料或期限变化", "规则变化", "资料和规则都变", ""]
    assert causes(then, None, now).tolist() == ["", "不能区分", "不能区分", "不能区分", ""]


def test_the_list_of_last_time_is_followed():
    ids = ["a", "b", "c", "d", "e"]
    parcels = pd.DataFrame(
        {
            "parcel_id_then": ids, "lineage_kind": [SAME, SAME, GONE, SAME, SAME], "status_then": IDLE,
            "year_outcome": [STILL, STILL, LAND_GONE, CURED, STILL],
        }
    )  # fmt: skip
    day = pd.to_datetime(["2024-01-30", "2024-01-30", "2024-01-30", "2024-01-30", None])
    then = pd.DataFrame({"route": "收回", "next_action": "调查", "next_deadline": day}, index=ids)
    now = pd.DataFrame(
        {"status": [IDLE, LOW, "达标", IDLE], "route": "费", "next_action": "听证", "next_deadline": pd.NaT},
        index=["a", "b", "d", "e"],
    )
    calendar = pd.DataFrame(
        [("b", "调查", "已完成", "2024-03-01"), ("b", "认定", "已完成", "2024-05-01"), ("a", "调查", "待办", None)],
        columns=["parcel_id", "action", "step_state", "done_on"],
    )  # fmt: skip
    calendar["done_on"] = pd.to_datetime(calendar["done_on"])
    pairs = links(*((name, None if name == "c" else name, SAME) for name in ids))
    found = progress(
        parcels, pairs, then, now, calendar, pd.Timestamp("2023-12-31"), pd.Timestamp("2024-12-31")
    )
    states = found.set_index("parcel_id_then")
    assert states["progress_state"].to_dict() == {
        "a": "已过期限未办", "b": "下一步已办", "c": "宗地已消失", "d": CURED, "e": "未办，没有法定期限",
    }  # fmt: skip
    assert states.loc["b", "steps_taken"] == 2
    assert states.loc["b", "action_done_on"] == pd.Timestamp("2024-03-01")
    assert states["is_candidate_now"].tolist() == [name in ("a", "b", "e") for name in states.index]


def test_a_list_without_candidates_is_an_empty_list():
    parcels = pd.DataFrame(
        {"parcel_id_then": ["a"], "lineage_kind": [SAME], "status_then": ["达标"], "year_outcome": [""]}
    )
    step = {"route": "", "next_action": None, "next_deadline": pd.to_datetime([None])}
    then, now = (pd.DataFrame(step | {"status": "达标"}, index=["a"]) for _ in range(2))
    calendar = pd.DataFrame(
        {name: pd.Series(dtype="object") for name in ("parcel_id", "action", "step_state")}
    )
    calendar["done_on"] = pd.Series(dtype="datetime64[s]")
    days = pd.Timestamp("2023-12-31"), pd.Timestamp("2024-12-31")
    assert len(progress(parcels, links(("a", "a", SAME)), then, now, calendar, *days)) == 0
