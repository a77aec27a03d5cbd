"""``底稿/``: what judging needs, exactly as it was, so that a finished run can be judged again (``landeval what-if``)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from landeval.basis import FOLDER, STATUS
from landeval.exact_table import to_arrow
from landeval.result import Result

_OPTIONS = {"compression": "zstd", "compression_level": 3, "use_dictionary": True, "version": "2.6"}


def write_basis(result: Result, folder: Path) -> list[Path]:
    """Write the frames of the run's basis and each parcel's class, one Parquet file each; same Result, same bytes.

    Parameters
    ----------
    result : Result
    folder : Path
        The run's output folder.

    Returns
    -------
    list of Path
        Empty where the Result carries no basis.
    """
    if result.basis is None:
        return []
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    status = pd.DataFrame(result.status[["status"]])
    written = []
    for name, frame in {**result.basis.frames(), STATUS: status}.items():
        path = place / f"{name}.parquet"
        pq.write_table(to_arrow(frame), path, row_group_size=max(len(frame), 1), **_OPTIONS)
        written.append(path)
    return written
