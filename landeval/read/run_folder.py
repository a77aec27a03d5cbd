"""Open a finished run: its record and its ``底稿``, checked against each other before anything is judged again."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from landeval.basis import FOLDER, STATUS, Basis, frame_fields
from landeval.errors import InputRefusedError
from landeval.exact_table import from_arrow
from landeval.project import Switches
from landeval.read.opening import sha256
from landeval.read.parquet import MAX_UNPACKED_BYTES

RECORD = "run.json"
DATES = ("from", "to", "checked_on")
"""Keys of a rule of the bureau's own that are days."""
AGAIN = "请用现在的程序重新运行 landeval run，再用新的成果"


class FinishedRun(NamedTuple):
    """A run to judge again: ``basis``, each parcel's class as it was decided, and what stands on its outputs."""

    basis: Basis
    status: pd.Series
    title: str
    currency: str
    digests: Mapping[str, str]


def read_run(folder: Path, *, any_version: bool = False) -> FinishedRun:
    """Read what judging needs from the output folder of ``landeval run``; the inputs are not opened.

    Parameters
    ----------
    folder : Path
        As given to ``landeval run --out``.
    any_version : bool
        Whether a run of another version of landeval will do; what it decided stands, judging again may not.

    Raises
    ------
    InputRefusedError
        E630 no result of ours; E631 damaged or changed; E632 of another version; E633 no whole run.
    """
    record = record_of(folder)
    told = record.get("kind") or "只检查或只匹配"
    files = _files(folder, record)
    if record.get("kind") or not files:
        raise InputRefusedError(
            f"这不是 landeval run 的成果，不能使用（{told}，或由旧版本写出，没有“{FOLDER}”）",
            where=str(folder),
            remedy="请指定 landeval run 的输出文件夹；旧版本的成果请重新运行 landeval run",
            code="E633",
        )
    ours = importlib.metadata.version("landeval")
    theirs = record.get("versions", {}).get("landeval")
    if theirs != ours and not any_version:
        raise _other_version(theirs, folder)
    frames = {path.stem: _frame(path) for path in files}
    try:
        status = frames.pop(STATUS)["status"]
        made = frame_fields(frames)
        if not status.index.equals(made["parcels"].index):
            raise ValueError("parcels and their classes differ")
        basis = Basis(**made, **_settings(record))
        digests = {
            name: record["outputs"][name] for name in sorted(record["outputs"]) if name.startswith(FOLDER)
        }
        return FinishedRun(basis, status, str(record["title"]), str(record["currency"]), digests)
    except (KeyError, ValueError, TypeError) as error:
        raise (damaged(folder / RECORD) if theirs == ours else _other_version(theirs, folder)) from error


def _other_version(theirs: Any, folder: Path) -> InputRefusedError:
    ours = importlib.metadata.version("landeval")
    return InputRefusedError(
        f"成果由另一版本写出：{theirs}，现在是 {ours}", where=str(folder), remedy=AGAIN, code="E632"
    )


def record_of(folder: Path) -> dict[str, Any]:
    """Return the ``run.json`` of a result of ours.

    Raises
    ------
    InputRefusedError
        E630 no result of ours; E631 unreadable.
    """
    path = folder / RECORD
    if not folder.is_dir() or not path.is_file():
        raise InputRefusedError(
            "不是 landeval 的成果文件夹" if folder.exists() else "找不到成果文件夹",
            where=str(folder),
            remedy=f"请指定 landeval run 的输出文件夹，里面应有 {RECORD} 和“{FOLDER}”",
            code="E630",
        )
    try:
        record = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(path) from error
    if not isinstance(record, dict) or record.get("tool") != "landeval":
        raise InputRefusedError(
            f"{RECORD} 不是 landeval 写的",
            where=str(path),
            remedy="请指定 landeval run 的输出文件夹",
            code="E630",
        )
    return record


def _files(folder: Path, record: dict[str, Any]) -> list[Path]:
    """Return the files of the basis that the record lists, each with the very bytes that were written."""
    listed = record.get("outputs", {})
    if not isinstance(listed, dict) or not isinstance(record.get("versions", {}), dict):
        raise damaged(folder / RECORD)
    names = sorted(name for name in listed if name.startswith(f"{FOLDER}/"))
    return [checked(folder, name, listed) for name in names]


def checked(folder: Path, name: str, listed: Mapping[str, str]) -> Path:
    """Return the path of an output that still holds the very bytes that ``run.json`` lists.

    Raises
    ------
    InputRefusedError
        E631.
    """
    path = folder / name
    if not path.is_file() or path.is_symlink() or sha256(path) != listed.get(name):
        raise damaged(path)
    return path


def _frame(path: Path) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            groups = range(file.metadata.num_row_groups)
            if sum(file.metadata.row_group(number).total_byte_size for number in groups) > MAX_UNPACKED_BYTES:
                raise ValueError("too large")
            return from_arrow(file.read())
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(path) from error


def _settings(record: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a Basis that are settings."""
    import datetime as dt

    chosen: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in record["settings"]["judge"].items()
    }
    year = record["year"]
    return {
        "year": None if year is None else int(year),
        "as_of": dt.date.fromisoformat(record["as_of"]),
        "switches": Switches(**chosen),
        "overrides": {key: dict(body) for key, body in record["settings"]["rules"].items()},
        "added_rules": {
            key: tuple(
                {
                    name: dt.date.fromisoformat(value) if name in DATES else value
                    for name, value in body.items()
                }
                for body in bodies
            )
            for key, bodies in record["settings"]["added_rules"].items()
        },
    }


def damaged(path: Path) -> InputRefusedError:
    """Return the refusal of a run of which a file is missing or changed."""
    return InputRefusedError(
        "成果文件夹不完整、已损坏或被改动，不能使用",
        where=str(path),
        remedy="请重新复制整个成果文件夹，或重新运行 landeval run",
        code="E631",
    )


def refuse_other_rules(run: FinishedRun, now: pd.Series, folder: Path) -> None:
    """Refuse to compare where judging again does not give each parcel the class that the run gave it.

    Raises
    ------
    InputRefusedError
    """
    differing = int((run.status.to_numpy() != now.reindex(run.status.index).to_numpy()).sum())
    if differing:
        raise InputRefusedError(
            f"按原来的规则重新评判，有 {differing} 宗与成果中的结论不同：规则或程序在此之后变过",
            where=str(folder),
            remedy=AGAIN,
            code="E632",
        )
