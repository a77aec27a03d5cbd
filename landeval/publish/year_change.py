"""The folder of a comparison of two years: ``年度比较.xlsx``, tables and record, together or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from landeval.publish.folder import staged_folder
from landeval.publish.json_values import jsonable
from landeval.publish.run_record import TOOL, digests, versions, write_record
from landeval.publish.tables import with_labels, write_frames
from landeval.publish.workbook.year_change import AREAS, BOOK, write_year_book
from landeval.year_change import KINDS, OUTCOMES, TITLE, YearChange


def tables_of(change: YearChange) -> dict[str, pd.DataFrame]:
    """Return every table of a comparison by the name of its file."""
    return {
        "lineage": change.lineage,
        "parcels": change.parcels,
        "changes": change.changes,
        "totals": with_labels(change.totals, "quantity", change.currency),
        "transitions": change.transitions,
        "grade_transitions": change.grades,
        "progress": change.progress,
        "rules": change.rules,
        "questions": change.questions,
    }


def write_year_change(change: YearChange, out: Path, *, runs: Sequence[Path]) -> Path:
    """Write a comparison's outputs; a former result there is kept beside it.

    Parameters
    ----------
    change : YearChange
    out : Path
        Target folder, neither within the runs' folders nor around them.
    runs : sequence of Path
        The two runs, which are inputs.

    Raises
    ------
    OutputError
        As for ``write_outputs``.
    """
    with staged_folder(out, inputs=runs) as folder:
        write_frames(tables_of(change), folder / "tables", currency=change.currency, names=AREAS)
        write_year_book(change, folder / BOOK)
        write_record(jsonable(_record(change, digests(folder))), folder)
    return out


def _record(change: YearChange, outputs: dict[str, str]) -> dict[str, Any]:
    import datetime as dt

    groups = change.changes
    return {
        "tool": TOOL,
        "kind": TITLE,
        "title": f"{TITLE}：{change.title}",
        "year": change.year,
        "year_then": change.year_then,
        "as_of": change.as_of,
        "as_of_then": change.as_of_then,
        "currency": change.currency,
        "versions": versions(),
        "settings": {"tolerance_m": change.tolerance_m},
        "inputs": [change.inputs],
        "remarks": change.remarks,
        "outputs": outputs,
        "counts": {
            "groups": {kind: int((groups["lineage_kind"] == kind).sum()) for kind in KINDS},
            "outcomes": {name: int((groups["year_outcome"] == name).sum()) for name in OUTCOMES},
            "questions": len(change.questions),
        },
        "timing": {
            "finished_at": dt.datetime.now().astimezone().isoformat(timespec="seconds"),
            "seconds": round(change.seconds, 3),
        },
    }
