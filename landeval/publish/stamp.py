"""What every output carries: run number, data year, as-of date, version of the rules.

The run number is made of what went in, so the same input gives the same number and the same bytes; the day and
hour of a run stand in ``run.json`` alone.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from typing import Any

import pandas as pd

from landeval.publish.json_values import jsonable
from landeval.result import Result


def _digest(value: Any, length: int) -> str:
    text = json.dumps(jsonable(value), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def program() -> str:
    """Return the version of landeval."""
    return importlib.metadata.version("landeval")


def rules_version(rules: pd.DataFrame) -> str:
    """Return the version of the rules in force: another one as soon as one value, clause or state differs."""
    return _digest(rules.astype("object").where(rules.notna(), None).to_dict("list"), 8)


def run_id(result: Result) -> str:
    """Return the number of a run: a digest of program, settings, bytes of the inputs, year, day and rules."""
    inputs = [
        (item.get("table"), item.get("file"), item.get("sha256")) for item in result.meta.get("inputs", [])
    ]
    made_of = (
        program(),
        result.meta.get("settings", {}),
        sorted(inputs, key=str),
        result.title,
        result.year,
        result.as_of,
        rules_version(result.rules),
    )
    return _digest(made_of, 12)


def facts(result: Result) -> dict[str, str]:
    """Return the items that identify a run by their Chinese names, in order."""
    return {
        "运行编号": run_id(result),
        "园区": result.title,
        "数据年度": "未指定" if result.year is None else str(result.year),
        "评价基准日": result.as_of.isoformat(),
        "规则版本": f"{rules_version(result.rules)}（{len(result.rules)} 条）",
        "程序版本": f"landeval {program()}",
    }


def stamp(result: Result) -> str:
    """Return them in one short line, without the park's name.

    Examples
    --------
    运行 3f2a9c0b1d4e　数据年度 2024　基准日 2024-12-31　规则 1a2b3c4d　landeval 0.1.0
    """
    year = "未指定" if result.year is None else result.year
    rules = rules_version(result.rules)
    return (
        f"运行 {run_id(result)}　数据年度 {year}　基准日 {result.as_of}　规则 {rules}　landeval {program()}"
    )
