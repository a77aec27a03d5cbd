"""Small tables of stock and supply: name only what the test is about; the rest is land that is approved and stays blank."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

from landeval.project import Project
from landeval.publish.supply import SupplyRun
from landeval.sources import Source
from landeval.supply_command import supply_of

AS_OF = dt.date(2024, 12, 31)
HEADERS = (
    "地块编号", "宗地代码", "地块名称", "地块面积(亩)", "规划用途", "规划产业", "规划容积率下限", "批准文号", "批准日期", "征地是否完成",
    "征地完成日期", "通平情况", "是否周转地", "是否供地", "供地日期", "供应方式", "实际交地日期", "实际动工日期", "实际竣工日期",
    "建成面积(亩)", "建成比例", "出让年限(年)", "租赁年限(年)", "出让到期日期", "租赁到期日期", "指标年度", "指标类型", "是否在园区内",
    "产业集群",
)  # fmt: skip
READY = {"征地是否完成": "是", "通平情况": "三通一平", "批准日期": "2024-01-05"}
SUPPLIED = {"供地日期": "2020-01-01", "供应方式": "出让", "建成比例": "50%"}


def write(path: Path, *rows: dict[str, Any], headers: tuple[str, ...] = HEADERS) -> Path:
    """Write rows as CSV; a row without a code is numbered, one without land has 10 亩."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.DictWriter(stream, headers)
        out.writeheader()
        for number, row in enumerate(rows, start=1):
            whole = {"地块编号": f"虚构{number:02d}", "地块面积(亩)": 10, "规划用途": "工业用地"} | row
            out.writerow({name: value for name, value in whole.items() if name in headers})
    return path


def board(
    folder: Path, *rows: dict[str, Any], headers: tuple[str, ...] = HEADERS, **project: Any
) -> SupplyRun:
    """Make the board of a table."""
    path = write(folder / "储备.csv", *rows, headers=headers)
    sources = (Source("supply", path), *project.pop("more", ()))
    return supply_of(Project(sources=sources, **{"as_of": AS_OF, **project}))


def codes(run: SupplyRun) -> set[str]:
    """Return the codes of errors and notices about rows."""
    return set(run.issues.loc[run.issues["source_row"].notna(), "code"])
