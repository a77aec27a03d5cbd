"""The folder of a trial: ``试算.xlsx``, tables and record, together or not at all; every title says 试算."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd

from landeval.publish.folder import staged_folder
from landeval.publish.json_values import jsonable
from landeval.publish.run_record import TOOL, digests, versions, write_record
from landeval.publish.tables import write_frames
from landeval.publish.workbook.trial import write_trial_book
from landeval.result import STATUSES
from landeval.trial import TRIAL, Outcome

BOOK = f"{TRIAL}.xlsx"
AREAS = {f"area_{name}_mu": f"{name}(亩)" for name in STATUSES}
"""Headers of the columns by class that the vocabulary does not list."""


def tables_of(outcome: Outcome) -> dict[str, pd.DataFrame]:
    """Return every table of a trial by the name of its file."""
    return {
        "规则": outcome.rules,
        "翻转": outcome.flips,
        "判定变化": outcome.changes,
        "矩阵": outcome.matrix,
        "网格": outcome.grid,
        "双向网格": outcome.crossing,
        "临界清单": outcome.cliffs,
    }


def write_trial(outcome: Outcome, out: Path, *, run: Path) -> Path:
    """Write a trial's outputs; a former result there is kept beside it.

    Parameters
    ----------
    outcome : Outcome
    out : Path
        Target folder, neither within the run's folder nor around it.
    run : Path
        The run's folder, which is an input.

    Raises
    ------
    OutputError
        As for ``write_outputs``.
    """
    with staged_folder(out, inputs=[run]) as folder:
        frames = {f"{TRIAL}_{name}": frame for name, frame in tables_of(outcome).items()}
        write_frames(frames, folder / "tables", currency=outcome.currency, names=AREAS)
        write_trial_book(outcome, folder / BOOK)
        write_record(jsonable(_record(outcome, digests(folder))), folder)
    return out


def _record(outcome: Outcome, outputs: dict[str, str]) -> dict[str, Any]:
    whole = outcome.matrix.iloc[-1]
    before = outcome.matrix.iloc[:-1].set_index("status_before")["parcels"]
    return {
        "tool": TOOL,
        "kind": TRIAL,
        "title": f"{TRIAL}：{outcome.title}",
        "year": outcome.year,
        "as_of": outcome.as_of,
        "as_of_before": outcome.as_of_before,
        "currency": outcome.currency,
        "versions": versions(),
        "settings": outcome.asked,
        "inputs": [outcome.inputs],
        "rules": outcome.rules.to_dict("records"),
        "outputs": outputs,
        "counts": {
            "before": {name: before[name] for name in STATUSES},
            "after": {name: whole[f"parcels_{name}"] for name in STATUSES},
            "flips": len(outcome.flips),
            "cliffs": len(outcome.cliffs),
        },
        "timing": {
            "finished_at": dt.datetime.now().astimezone().isoformat(timespec="seconds"),
            "seconds": round(outcome.seconds, 3),
        },
    }
