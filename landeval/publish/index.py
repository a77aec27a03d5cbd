"""The output folder of ``landeval index``: workbook, tables and run record, together or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from landeval.intensive_use import IndexRun
from landeval.publish.folder import staged_folder
from landeval.publish.names import INDEX
from landeval.publish.run_record import command_record, digests, write_record
from landeval.publish.tables import index_frames, write_frames
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
        accounts = {"issues": result.issues, "reconciliation": result.reconciliation}
        write_frames({**index_frames(result.index), **accounts}, folder / "tables", currency=result.currency)
        write_index_book(result, result.index, folder / INDEX)
        found = {
            "year": result.year,
            "index": {
                "formula": result.index.formula,
                "type": result.index.zone_type,
                "verdict": result.index.verdict,
                "score": None if result.index.whole is None else result.index.whole["index_score"],
                "official": result.index.official,
            },
        }
        write_record(command_record("index", result, digests(folder), found), folder)
    return out
