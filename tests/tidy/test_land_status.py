"""指数数据表 as offices fill it in: units, blanks, repeats, contradictions; every row has its state."""

import csv

import numpy as np
import pytest

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.project import Project
from landeval.read.source import read_source
from landeval.reconciliation import every_record, reconcile
from landeval.sources import Source
from landeval.tidy.land_status import tidy_land_status
from landeval.vocabulary.land_status import GROWTH, MAIN, items

HEADER = ("代码", "数据项", "单位", "主区", "发展方向区", "出处")


def read(folder, *rows, header=HEADER, currency="元"):
    path = folder / "指数.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    raws = read_source(Source("index", path))
    survey = tidy_land_status(raws, Project(currency=currency))
    told = issues.gather(survey.issues)
    return (
        survey,
        told,
        reconcile(every_record(raws, [table.set_aside for table in survey.tables]), [survey.states], told),
    )


def value(survey, code, region=MAIN):
    rows = survey.figures
    (row,) = rows[(rows["status_code"] == code) & (rows["index_region"] == region)].to_dict("records")
    return row["status_written"], row["status_why"]


def codes(told):
    return sorted(set(told["code"]) - {"E225"})


@pytest.mark.parametrize(
    ("code", "unit", "cell", "wanted"),
    [
        ("A", "公顷", "100", 100), ("A", "亩", "1500", 100), ("A", "㎡", "1,000,000", 100), ("A", "公顷", "1平方公里", 100),
        ("A", "平方公里", "１", 100), ("J1", "万平方米", "91.2", 912_000), ("Z2", "亿元", "1.08", 10_800), ("Z2", "元", "108000000", 10_800),
        ("P1", "万人", "0.9", 9_000), ("K1", "%", "96.1%", 96.1), ("K1", "%", "96.1", 96.1), ("B11", "公顷", "0", 0), ("K1", "%", "0", 0),
    ],
)  # fmt: skip
def test_every_unit_says_the_same(tmp_path, code, unit, cell, wanted):
    survey, told, _ = read(tmp_path, (code, "", unit, cell, "", ""))
    assert value(survey, code) == (pytest.approx(wanted), "")
    assert codes(told) == []


@pytest.mark.parametrize(
    ("unit", "cell", "code"),
    [("公顷", "约100", "E508"), ("公顷", "-3", "E508"), ("公顷", "一百", "E508"), ("", "100", "E511"), ("棵", "100", "E511"),
     ("公顷", "#REF!", "E508")],
)  # fmt: skip
def test_what_cannot_be_used_is_unknown_and_told(tmp_path, unit, cell, code):
    survey, told, states = read(tmp_path, ("A", "", unit, cell, "", ""), ("A1", "", "公顷", "2", "", ""))
    assert np.isnan(value(survey, "A")[0])
    assert value(survey, "A1")[0] == 2
    assert code in codes(told)
    assert states["issue_codes"].str.contains(code).sum() == 1


def test_a_share_is_no_percentage(tmp_path):
    survey, told, _ = read(tmp_path, ("K1", "", "%", "0.95", "", ""))
    assert np.isnan(value(survey, "K1")[0])
    assert codes(told) == ["E508"]


def test_blanks_are_unknown_and_no_problem(tmp_path):
    survey, told, states = read(tmp_path, ("A", "", "公顷", "", "待定", ""), ("G", "", "公顷", "—", "0", ""))
    assert value(survey, "A") == (pytest.approx(np.nan, nan_ok=True), "空白")
    assert value(survey, "G", GROWTH) == (0, "")
    assert codes(told) == ["E264"]  # the dash, once
    assert set(states["record_state"]) == {"采用"}


def test_a_row_is_known_by_its_name_and_a_stranger_is_set_aside(tmp_path):
    survey, told, states = read(
        tmp_path,
        ("", "住宅用地", "公顷", "3", "", ""),
        ("Q9", "不知道", "公顷", "4", "", ""),
        ("A4", "住宅用地", "公顷", "5", "", ""),
    )
    assert value(survey, "A1")[0] == 3
    assert np.isnan(value(survey, "A4")[0])
    assert codes(told) == ["E506"]
    assert states["record_state"].tolist() == ["采用", "未采用", "未采用"]


def test_repeats_are_taken_once_and_contradictions_not_at_all(tmp_path):
    survey, told, states = read(
        tmp_path,
        ("A2", "", "公顷", "3", "", ""),
        ("a2", "", "公顷", "3", "", ""),
        ("A1", "", "公顷", "1", "", ""),
        ("A1", "", "公顷", "2", "", ""),
    )
    assert value(survey, "A2")[0] == 3
    assert np.isnan(value(survey, "A1")[0])
    assert codes(told) == ["E220", "E507"]
    assert states["record_state"].tolist() == ["采用", "重复", "矛盾", "矛盾"]


def test_a_total_follows_from_all_its_parts(tmp_path):
    survey, _, _ = read(
        tmp_path,
        ("D1", "", "公顷", "3", "", ""),
        ("D21", "", "公顷", "4.5", "", ""),
        ("D22", "", "公顷", "0", "", ""),
    )
    assert value(survey, "D")[0] == 7.5
    survey, _, _ = read(tmp_path, ("D1", "", "公顷", "3", "", ""), ("D21", "", "公顷", "4.5", "", ""))
    assert np.isnan(value(survey, "D")[0])


@pytest.mark.parametrize(("total", "known"), [("7.5", True), ("7.52", True), ("7.53", False), ("7.4", False)])
def test_a_total_that_is_not_the_sum_is_unknown(tmp_path, total, known):
    rows = [("D", total), ("D1", "3"), ("D21", "4.5"), ("D22", "0")]
    survey, told, _ = read(tmp_path, *((code, "", "公顷", text, "", "") for code, text in rows))
    assert np.isnan(value(survey, "D")[0]) != known
    assert codes(told) == ([] if known else ["E509"])


@pytest.mark.parametrize(
    ("outer", "inner"), [(("D", "公顷", "2"), ("G", "公顷", "2.1")), (("A2", "公顷", "1"), ("J5", "㎡", "10001")), (("Z3", "万元", "5"), ("Z2", "万元", "6")),
                         (("A", "公顷", "5"), ("A2", "公顷", "6"))]
)  # fmt: skip
def test_a_part_larger_than_its_whole_is_told(tmp_path, outer, inner):
    survey, told, _ = read(tmp_path, *((code, "", unit, text, "", "") for code, unit, text in (outer, inner)))
    (code,) = codes(told)
    assert code in ("E509", "E510")
    assert np.isnan(value(survey, inner[0] if code == "E510" else outer[0])[0])


def test_money_of_another_currency(tmp_path):
    survey, told, _ = read(tmp_path, ("Z1", "", "万美元", "5", "", ""), currency="美元")
    assert value(survey, "Z1")[0] == 5
    survey, told, _ = read(tmp_path, ("Z1", "", "万美元", "5", "", ""))
    assert np.isnan(value(survey, "Z1")[0])
    assert codes(told) == ["E511"]


@pytest.mark.parametrize("header", [("甲", "主区", "单位"), ("代码", "数据项", "单位")])
def test_a_table_without_codes_or_figures_is_refused(tmp_path, header):
    with pytest.raises(InputRefusedError) as caught:
        read(tmp_path, ("A", "1", "公顷"), header=header)
    assert caught.value.code == "E519"


def test_without_a_table_every_figure_is_unknown():
    survey = tidy_land_status([], Project())
    assert len(survey.figures) == 2 * len(items())
    assert survey.figures["status_written"].isna().all()
    assert survey.file == ""
