"""Open a finished run to set it beside another year's: what it was judged from, its parcels' shapes, its grades."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import pyogrio.errors
import shapely

from landeval.errors import InputRefusedError
from landeval.read.run_folder import AGAIN, FinishedRun, checked, damaged, read_run, record_of
from landeval.vocabulary.fields import label

SHAPES, LAYER = "gis/landeval.gpkg", "宗地"
GRADES = "tables/grades.csv"
_GRADED = ("enterprise_id", "name", "enterprise_grade", "grade_state")


class YearRun(NamedTuple):
    """A run of one year.

    Attributes
    ----------
    run : FinishedRun
    shapes : ndarray of Geometry
        CGCS2000 lon/lat in the order of ``run.basis.parcels``; None where the record has none.
    grades : DataFrame
        ``enterprise_id``, ``name``, ``enterprise_grade``, ``grade_state``; empty where nobody was graded.
    scheme : str
        What they were graded by.
    version : str
        Of landeval.
    """

    run: FinishedRun
    shapes: npt.NDArray[np.object_]
    grades: pd.DataFrame
    scheme: str
    version: str


def read_year(folder: Path) -> YearRun:
    """Read a finished run, of any version of landeval whose ``底稿`` can be read.

    Raises
    ------
    InputRefusedError
        As for ``read_run``; E583 without shapes.
    """
    run = read_run(folder, any_version=True)
    record = record_of(folder)
    listed = record["outputs"]
    if SHAPES not in listed:
        raise InputRefusedError(
            f"成果中没有“{SHAPES}”，不能追踪宗地", where=str(folder), remedy=AGAIN, code="E583"
        )
    shapes = _shapes(checked(folder, SHAPES, listed), run.basis.parcels.index)
    grades = pd.DataFrame(columns=list(_GRADED), dtype="object")
    if GRADES in listed:
        grades = _grades(checked(folder, GRADES, listed))
    scheme = (record.get("settings") or {}).get("grading") or {}
    return YearRun(run, shapes, grades, _title(scheme), str(record.get("versions", {}).get("landeval")))


def _title(scheme: Mapping[str, Any]) -> str:
    return " ".join(str(scheme[name]) for name in ("title", "number") if scheme.get(name))


def _shapes(path: Path, ids: pd.Index) -> npt.NDArray[np.object_]:
    """Read the shapes, which stand in the order of the parcels."""
    column = label("parcel_id")
    try:
        _, _, shapes, (found,) = pyogrio.raw.read(str(path), layer=LAYER, columns=[column])
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise damaged(path) from error
    if [str(name) for name in found] != [str(name) for name in ids]:
        raise damaged(path)
    return np.asarray(shapely.from_wkb(shapes), dtype=object)


def _grades(path: Path) -> pd.DataFrame:
    headers = {label(name): name for name in _GRADED}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [
            {headers[key]: value for key, value in row.items() if key in headers}
            for row in csv.DictReader(stream)
        ]
    return pd.DataFrame(rows, columns=list(_GRADED), dtype="object")
