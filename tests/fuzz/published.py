"""A spoiled delivery as the command line runs it: exit code, message, and what lies on the disk afterwards."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import tempfile
from pathlib import Path
from unittest.mock import patch

from fuzz.counts import promised

from landeval.cli import main

REFUSED = (2, 3)
MUST_STAND = ("run.json", "地图.html", "处置候选清单.xlsx", "数据问题.xlsx", "评价报告.docx", "处置方案.docx")


def published(folder: Path, given: dict[str, str]) -> str:
    """Run ``landeval run`` into a fresh folder; return what is wrong with the outcome, empty where nothing is."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        words = [word for table, file in given.items() for word in (f"--{table}", str(folder / file))]
        said, told = io.StringIO(), io.StringIO()
        with (
            patch("tempfile.gettempdir", lambda: name),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(told),
        ):
            code = main(["run", *words, "--as-of", "2024-12-31", "--out", str(place / "成果")])
        if "Traceback" in said.getvalue() + told.getvalue() or code not in (0, *REFUSED):
            log = "".join(path.read_text("utf-8") for path in place.glob("*日志*"))
            return f"退出代码 {code}\n{told.getvalue()}{log}"
        left = sorted(path.name for path in place.iterdir())
        if code in REFUSED:
            if left or "怎么办" not in told.getvalue():
                return f"拒绝后留下 {left}，说的是：{told.getvalue()}"
            return ""
        if left != ["成果"]:
            return f"除成果外留下 {left}"
        return _incomplete(place / "成果", folder, given)


def _incomplete(out: Path, folder: Path, given: dict[str, str]) -> str:
    """Say what a published result lacks, by its files alone."""
    missing = [name for name in MUST_STAND if not (out / name).is_file()]
    if missing:
        return f"没有 {missing}"
    record = json.loads((out / "run.json").read_text("utf-8"))
    accounted: dict[tuple[str, str], list[int]] = {}
    with (out / "tables" / "reconciliation.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if not row["处理状态"]:
                return f"对账表中没有处理状态：{row}"
            accounted.setdefault((row["来源文件"], row["图层/工作表"]), []).append(int(row["行号"]))
    for file in given.values():
        for told in (one for one in record["inputs"] if one["file"] == file):
            rows = accounted.get((file, str(told["layer"])), [])
            if lost := promised(folder / file, told) - set(rows):
                return f"{file} 的记录 {sorted(lost)[:10]} 没有去向"
            if len(rows) != len(set(rows)):
                return f"{file} 的记录在对账表中重复"
    return ""
