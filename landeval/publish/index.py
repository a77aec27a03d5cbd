"""The output folder of ``landeval index``: workbook, tables and run record, together or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from landeval.intensive_use import IndexRun
from landeval.publish.folder import staged_folder
from landeval.publish.outputs import INDEX
from landeval.publish.run_record import TOOL, digests, jsonable, timing, versions, write_record
from landeval.publish.tables import index_frames, write_table
from landeval.publish.workbook.index import write_index_book


def write_index(result: IndexRun, out: Path, *, inputs: Sequence[Path] = ()) -> Path:
    """Write ``土地集约利用指数.xlsx``, ``tables/`` and ``run.json``; a former result stays whole until all is done.

    Parameters
    ----------
    result : IndexRun
    out : Path
        Target folder.
    inputs : sequence of Path
        Input files, so that no output folder swallows one.

    Raises
    ------
    OutputError
        The folder cannot be written, or holds something that is not ours.
    """
    with staged_folder(out, inputs=inputs) as folder:
        tables = folder / "tables"
        tables.mkdir()
        accounts = {"issues": result.issues, "reconciliation": result.reconciliation}
        for name, frame in {**index_frames(result.index), **accounts}.items():
            write_table(frame, tables / f"{name}.csv", currency=result.currency)
        write_index_book(result, result.index, folder / INDEX)
        write_record(_record(result, digests(folder)), folder)
    return out


def _record(result: IndexRun, outputs: dict[str, str]) -> dict[str, Any]:
    record = {
        "tool": TOOL,
        "command": "index",
        "title": result.title,
        "year": result.year,
        "as_of": result.as_of,
        "currency": result.currency,
        "versions": versions(),
        "settings": result.meta["settings"],
        "inputs": result.meta["inputs"],
        "steps": [
            {"name": step.name, "rows_in": step.rows_in, "rows_out": step.rows_out} for step in result.steps
        ],
        "outputs": outputs,
        "index": {
            "formula": result.index.formula,
            "type": result.index.zone_type,
            "verdict": result.index.verdict,
            "score": None if result.index.whole is None else result.index.whole["index_score"],
            "official": result.index.official,
        },
        "issues": dict(Counter(result.issues["code"].tolist())),
        "timing": timing(result.steps),
    }
    checked: dict[str, Any] = jsonable(record)
    return checked
