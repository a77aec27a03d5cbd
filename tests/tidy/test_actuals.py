"""The table of actuals as offices write it: units, signs, conflicts, blanks; nothing guessed, nothing lost."""

import pytest
from target_frames import read_actuals, series

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.project import Project
from landeval.read.source import read_source
from landeval.reconciliation import every_record, reconcile
from landeval.sources import Source
from landeval.tidy.actuals import tidy_actuals


def used(told):
    return {(row.quantity, row.target_object, int(row.year)): row.value for row in told.frame.itertuples()}


def codes(told):
    return sorted(code for part in told.issues for code in part["code"] if code.startswith(("E52", "E220")))


@pytest.mark.parametrize(
    ("name", "value", "unit", "wanted"),
    [
        ("技工贸总收入", "3,228,000", "万元", 322.8),
        ("技工贸总收入（亿元）", 322.8, "亿元", 322.8),
        ("园区技工贸总收入", "32280000000元", "", 322.8),
        ("新增实际使用外资额", 0.0289, "亿美元", 289),
        ("进出口总额", "13400万美元", "亿美元", 1.34),
        ("一网通办率", "93%", "", 93),
        ("一网通办率", "９３", "％", 93),
        ("新增工业用地亩均税收", 225, "万元/公顷", 15),
        (SCALE := "新增规模工业企业", 22, "", 22),
        ("研发经费占生产总值比重", "0.9%", "%", 0.9),
    ],
)
def test_figures_come_into_the_unit_of_the_plan(tmp_path, name, value, unit, wanted):
    told = read_actuals(tmp_path, series(name, {2024: value}, unit))
    assert list(used(told).values()) == pytest.approx([wanted], rel=1e-12)
    assert codes(told) == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"指标": "财政总收入", "数值": 5, "单位": "亿元"}, "E520"),
        ({"对象": "先进装备制造"}, "E521"),
        ({"对象": "某县"}, "E521"),
        ({"年份": ""}, "E522"),
        ({"单位": ""}, "E524"),
        ({"单位": "万美元"}, "E524"),
        ({"单位": "家"}, "E524"),
        ({"数值": "约300"}, "E525"),
        ({"数值": "三百"}, "E525"),
        ({"数值": -5}, "E528"),
        ({"指标": "一网通办率", "数值": 0.93, "单位": "%"}, "E527"),
        ({"指标": "一网通办率", "数值": 930, "单位": "%"}, "E528"),
        ({"指标": "新增规模工业企业", "数值": 22.5, "单位": "家"}, "E528"),
    ],
)
def test_what_cannot_be_believed_is_unknown_and_told(tmp_path, row, code):
    good = {"指标": "技工贸总收入", "对象": "园区", "年份": 2024, "数值": 300, "单位": "亿元"}
    told = read_actuals(tmp_path, [good | row, *series("内联引资", {2024: 40}, "亿元")])
    assert codes(told) == [code]
    assert used(told) == {("domestic_capital", "园区", 2024): 40}


def test_a_conflict_takes_neither_and_a_repeat_counts_once(tmp_path):
    rows = series("技工贸总收入", {2023: 250, 2024: 300}, "亿元") + series(
        "技工贸总收入", {2023: 251, 2024: 3000000}, "亿元"
    )
    rows[3]["单位"] = "万元"
    told = read_actuals(tmp_path, rows)
    assert used(told) == {("income", "园区", 2024): 300}
    assert codes(told) == ["E220", "E526", "E526"]


def test_every_row_has_a_state_and_the_park_is_no_total(tmp_path):
    rows = [
        *series("技工贸总收入", {2023: 250, 2024: ""}, "亿元"),
        {"指标": "园区用地", "对象": "全县", "年份": 2024, "数值": 1},
        {"指标": "闲置土地清理处置、低效用地评估", "年份": 2024, "进展说明": "虚构：完成一轮"},
        {"指标": "闲置土地清理处置、低效用地评估", "年份": 2024, "进展说明": "虚构：第二轮"},
        {"指标": "内联引资", "对象": "园区", "年份": 2024, "数值": "许多", "单位": "亿元"},
    ]
    told = read_actuals(tmp_path, rows)
    assert told.states["record_state"].tolist() == ["采用", "空白", "未采用", "采用", "采用", "数值未知"]
    assert told.frame.set_index("quantity")["note"].dropna().tolist() == ["虚构：完成一轮；虚构：第二轮"]
    assert len(told.states) == len(rows)


def test_the_parks_own_name_and_the_groups_of_the_plan_are_objects(tmp_path):
    rows = series("技工贸总收入", {2024: 300}, "亿元", "虚构园区") + series(
        "产值", {2024: 160}, "亿元", "主导产业"
    )
    rows += [{"指标": "调区扩区", "完成日期": "2021-11-02"}]
    assert set(used(read_actuals(tmp_path, rows))) == {
        ("income", "园区", 2024), ("output", "先进装备制造", 2024), ("enlarged", "园区", 2021),
    }  # fmt: skip


def test_a_table_without_indicators_is_refused(tmp_path):

    path = tmp_path / "表.csv"
    path.write_text("年份,数值,单位\n2024,5,亿元\n", "utf-8")
    source = Source("targets", path)
    with pytest.raises(InputRefusedError, match="E530"):
        tidy_actuals(read_source(source), Project(sources=(source,)))


def test_reconciliation_accepts_every_state(tmp_path):
    rows = series("技工贸总收入", {2023: 250, 2024: 300}, "亿元") * 2 + series("财政", {2024: 1}, "亿元")
    told = read_actuals(tmp_path, rows)

    raws = read_source(Source("targets", tmp_path / "实绩.csv"))
    found = reconcile(
        every_record(raws, [table.set_aside for table in told.tables]),
        [told.states],
        issues.gather(told.issues),
    )
    assert len(found) == 5
    assert found["record_state"].tolist() == ["采用", "采用", "重复", "重复", "未采用"]
