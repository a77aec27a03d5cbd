"""The tables of the land supply board, and the folder that ``landeval supply`` writes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from landeval.land_supply import LandSupply
from landeval.publish.folder import staged_folder
from landeval.publish.run_record import command_record, digests, write_record
from landeval.publish.tables import supply_frames, write_frames
from landeval.publish.workbook.supply import FILE_NAME, write_supply_book
from landeval.result import Step


@dataclass(frozen=True)
class SupplyRun:
    """A board of the stock table alone, with what must be told beside it."""

    board: LandSupply
    issues: pd.DataFrame
    reconciliation: pd.DataFrame
    as_of: dt.date
    title: str
    currency: str
    steps: tuple[Step, ...]
    meta: Mapping[str, Any]


def write_supply(result: SupplyRun, out: Path, *, inputs: Sequence[Path] = ()) -> Path:
    """Write ``供地盘子.xlsx``, ``tables/`` and ``run.json``; a former result stays whole until all is done.

    Raises
    ------
    OutputError
        The folder cannot be written, or holds something that is not ours.
    """
    with staged_folder(out, inputs=inputs) as folder:
        accounts = {"issues": result.issues, "reconciliation": result.reconciliation}
        write_frames({**supply_frames(result.board), **accounts}, folder / "tables", currency=result.currency)
        write_supply_book(result.board, result, folder / FILE_NAME)
        stages = Counter(result.board.plots["supply_stage"].tolist())
        found = {"counts": {"plots": len(result.board.plots), "stages": dict(stages)}}
        write_record(command_record("supply", result, digests(folder), found), folder)
    return out
