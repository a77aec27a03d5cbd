"""What one table or shape may hold at most, whatever container it came in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.sources import RawTable

MAX_RECORDS = 5_000_000
"""Of one table or layer: five times what a machine of 8 GB evaluates at once."""
MAX_VERTICES = 1_000_000
"""Of one shape: a county's outline along its rivers has a tenth; what is above is a raster drawn as lines, or a bomb."""


def bounded(raw: RawTable) -> RawTable:
    """Refuse a table of too many records; take a shape of too many vertices for one that cannot be read.

    Raises
    ------
    InputRefusedError
    """
    if len(raw.frame) > MAX_RECORDS:
        raise InputRefusedError(
            f"有 {len(raw.frame):,} 条记录，超过 {MAX_RECORDS:,} 条",
            where=str(raw.source.path),
            remedy="请按县、乡镇或片区拆分后分别运行",
            code="E123",
        )
    if "geometry" not in raw.frame:
        return raw
    shapes = np.asarray(raw.frame["geometry"], dtype=object)
    vertices = shapely.get_num_coordinates(shapes)
    over = vertices > MAX_VERTICES
    if not over.any():
        return raw
    rows, shapes = raw.frame[over], shapes.copy()
    shapes[over] = None
    detail = pd.Series([f"{count:,} 个顶点" for count in vertices[over]], index=rows.index, dtype="object")
    return replace(
        raw,
        frame=raw.frame.assign(geometry=pd.Series(shapes, index=raw.frame.index)),
        issues=issues.gather([raw.issues, issues.report("E149", rows, detail=detail)]),
    )
