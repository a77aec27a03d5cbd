"""Remember what people said: ``匹配决定.csv`` and ``审核记录.csv`` beside the project, read again by every run."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import suppress
from pathlib import Path

import pandas as pd

from landeval.errors import OutputError
from landeval.publish.tables import write_table

COLUMNS = (
    "decided_parcel", "decided_holder", "decided_name", "decided_code", "decision", "decided_share", "decided_by",
    "decided_on", "decision_reason",
)  # fmt: skip


def remember(decisions: pd.DataFrame, path: Path, today: dt.date) -> int:
    """Write every decision of reviews, old and new; one without a date gets today's. Crosswalks stay where they are.

    Parameters
    ----------
    decisions : DataFrame
        ``Result.decisions``.
    path : Path
    today : date

    Returns
    -------
    int
        How many decisions the file holds.

    Raises
    ------
    OutputError
        The file cannot be written, or is open elsewhere.
    """
    kept = decisions[decisions["is_review"].astype(bool)][list(COLUMNS)]
    kept = kept.assign(decided_on=kept["decided_on"].fillna(pd.Timestamp(today)))
    share = kept["decided_share"]
    percent = (share * 100).map("{:.10g}%".format).where(share.notna(), None)
    write_memory(kept.assign(decided_share=percent.astype("object")), path)
    return len(kept)


def remember_reviews(record: pd.DataFrame, path: Path, today: dt.date) -> int:
    """Write every statement, old and new; a new one gets today's date.

    Returns
    -------
    int
        How many statements are new.

    Raises
    ------
    OutputError
        The file cannot be written, or is open elsewhere.
    """
    fresh = record["reviewed_on"].isna()
    write_memory(record.assign(reviewed_on=record["reviewed_on"].fillna(pd.Timestamp(today))), path)
    return int(fresh.sum())


def write_memory(frame: pd.DataFrame, path: Path) -> None:
    """Write a table that later runs read, beside its place, and put it there in one step.

    Raises
    ------
    OutputError
        The file cannot be written, or is open elsewhere.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write_table(frame, fresh)
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise OutputError(
            "复核决定、审核记录没有记住：文件不能写入",
            where=str(path),
            remedy="请先关闭打开它的 Excel，再重新运行",
            code="E709",
        ) from error
