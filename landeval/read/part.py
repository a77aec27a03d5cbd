"""Open a unit's part of a province: its record, and its frames as they were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from landeval.errors import InputRefusedError
from landeval.exact_table import MARK, from_arrow
from landeval.province import PART
from landeval.read.opening import sha256

Shapes = npt.NDArray[np.object_]


def record_of_part(folder: Path) -> dict[str, Any] | None:
    """Return the record of a part, None where there is none that can be read."""
    try:
        record = json.loads((folder / PART).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and isinstance(record.get("files"), dict) else None


def is_whole(folder: Path, record: Mapping[str, Any]) -> bool:
    """Tell whether every file of a part still holds the very bytes that were written."""
    files = record["files"]
    return all((folder / name).is_file() and sha256(folder / name) == files[name] for name in files)


def digest_of(record: Mapping[str, Any]) -> str:
    """Return what identifies a part: the digest of its record without what no other run repeats."""
    lasting = {key: value for key, value in record.items() if key != "timing"}
    return hashlib.sha256(json.dumps(lasting, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def read_frame(folder: Path, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a frame of a part, or some of its columns; empty where the part has none of that name."""
    return _read(folder, name, columns)[0]


def read_shapes(folder: Path, name: str) -> tuple[pd.DataFrame, Shapes]:
    """Return a frame of a part and its shapes, None where a record has none."""
    frame, shapes = _read(folder, name, None)
    return frame, np.empty(0, dtype=object) if shapes is None else shapes


def _read(folder: Path, name: str, columns: Sequence[str] | None) -> tuple[pd.DataFrame, Shapes | None]:
    path = folder / "frames" / f"{name}.parquet"
    if not path.is_file():
        return pd.DataFrame(columns=list(columns or ())), None
    try:
        with pq.ParquetFile(path) as file:
            described = json.loads(file.schema_arrow.metadata[MARK])
            kept = [described["columns"][0]]
            kept += [one for one in described["columns"][1:] if columns is None or one[0] in columns]
            names = ["row", *(one[0] for one in kept[1:])]
            table = file.read(columns=names).select(names)
            wkb = None
            if columns is None and "geometry" in file.schema_arrow.names:
                wkb = file.read(columns=["geometry"]).column(0).to_numpy(zero_copy_only=False)
        text = json.dumps({**described, "columns": kept}).encode()
        frame = from_arrow(table.replace_schema_metadata({MARK: text}))
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise InputRefusedError(
            "单位的分片损坏，不能汇总", where=str(path), remedy="请去掉 --resume 重新运行", code="E668"
        ) from error
    shapes = None if wkb is None else np.asarray(shapely.from_wkb(wkb), dtype=object)
    return frame, shapes
