"""A table of actuals as an office would write it, read and held against the plan."""

import csv
import datetime as dt

import pandas as pd

from landeval.judge.target_board import progress
from landeval.measure.own_figures import COLUMNS
from landeval.project import Project
from landeval.read.source import read_source
from landeval.sources import Source
from landeval.standards.targets import targets
from landeval.tidy.actuals import ended, tidy_actuals

HEADERS = ("指标", "对象", "年份", "数值", "单位", "完成日期", "进展说明")
NOTHING = pd.DataFrame(columns=list(COLUMNS))


def read_actuals(tmp_path, rows, title="虚构园区"):
    """Write rows (dicts by header) as csv and tidy them."""
    path = tmp_path / "实绩.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, HEADERS, restval="")
        table.writeheader()
        table.writerows(rows)
    source = Source("targets", path)
    return tidy_actuals(read_source(source), Project(title=title, sources=(source,)))


def board_of(tmp_path, rows, as_of="2024-12-31", own=NOTHING, base_year=None):
    """Return the progress of all targets, targets by id (of their first object)."""
    day = dt.date.fromisoformat(as_of)
    frame, _ = ended(read_actuals(tmp_path, rows).frame, day)
    return progress(targets(), frame, own, base_year, day)


def of(told, target_id, whose=None):
    """Return one line of the board."""
    rows = told.targets[told.targets["target_id"] == target_id]
    return (rows if whose is None else rows[rows["target_object"] == whose]).iloc[0]


def series(name, values, unit, whose="园区"):
    """Return rows of one indicator from year → value."""
    return [
        {"指标": name, "对象": whose, "年份": year, "数值": value, "单位": unit}
        for year, value in values.items()
    ]
