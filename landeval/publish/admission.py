"""The output folder of an entry check: workbook, tables and run record, together or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from landeval.admission import PLANNED, RESULTS, Admission
from landeval.publish.folder import staged_folder
from landeval.publish.frames import ordered
from landeval.publish.run_record import command_record, digests, write_record
from landeval.publish.tables import write_frames
from landeval.publish.workbook.admission import FILE_NAME, LAND, write_admission_book
from landeval.result import RATIOS

NAMES = {"area_mu": LAND}
"""Headers that differ from the vocabulary's: the land is asked for, not evaluated."""
_FIRST = (
    "admission_rank", "project_id", "admission_result", "lines_passed", "lines_judged", "area_mu", *PLANNED, *RATIOS,
    "plot_ratio", "plot_ratio_doubled", "land_all_mu", "land_over_mu", "admission_reason",
)  # fmt: skip


def write_admission(result: Admission, out: Path, *, inputs: Sequence[Path] = ()) -> Path:
    """Write ``准入审查.xlsx``, ``tables/`` and ``run.json``; a former result stays whole until all is done.

    Parameters
    ----------
    result : Admission
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
        frames = {
            "projects": project_table(result),
            "admission": result.findings,
            "issues": result.issues,
            "reconciliation": result.reconciliation,
        }
        write_frames(frames, folder / "tables", currency=result.currency, names=NAMES)
        write_admission_book(result, folder / FILE_NAME)
        verdicts = Counter(result.projects["admission_result"].tolist())
        found = {
            "counts": {
                "projects": len(result.projects),
                "result": {name: verdicts[name] for name in RESULTS},
            },
            "totals": result.totals.to_dict("records"),
        }
        write_record(command_record("admit", result, digests(folder), found), folder)
    return out


def project_table(result: Admission) -> pd.DataFrame:
    """Return one row a project in its rank, with the key as a column."""
    frame = result.projects.reset_index()
    return frame[ordered(list(frame.columns), _FIRST)]
