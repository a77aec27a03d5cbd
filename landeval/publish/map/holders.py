"""Who is on a parcel: the enterprises tied to it, with the names they had and their grade, as columns of the page."""

from __future__ import annotations

from typing import Any

import pandas as pd

from landeval.publish.cells import cells
from landeval.result import TIED, Result

_ENTERPRISE = ("name", "former_names", "credit_code")
_GRADE = (
    "grade_list", "grade_state", "enterprise_grade", "grade_score", "grade_rank", "grade_size", "grade_why",
)  # fmt: skip


def enterprise_columns(result: Result) -> dict[str, list[Any]]:
    """Return one row an enterprise of the run: names, code and, where enterprises are graded, its grade.

    Parameters
    ----------
    result : Result
        ``enterprises`` has the index ``enterprise_id``; ``grades`` is empty where nobody is graded.
    """
    firms = result.enterprises
    columns = {name: cells(firms[name]) for name in _ENTERPRISE if name in firms.columns}
    if result.scheme is None or result.grades.empty:
        return columns
    graded = result.grades.drop_duplicates("enterprise_id").set_index("enterprise_id").reindex(firms.index)
    return columns | {name: cells(graded[name]) for name in _GRADE if name in graded.columns}


def tie_columns(result: Result) -> dict[str, list[int]]:
    """Return the ties of parcels and enterprises as pairs of row numbers, in the order of the parcels."""
    links = result.links
    if not {"parcel_id", "enterprise_id", "state"} <= set(links.columns):
        return {"parcel": [], "enterprise": []}
    tied = links.loc[links["state"].isin(TIED), ["parcel_id", "enterprise_id"]].drop_duplicates()
    rows = pd.DataFrame(
        {
            "parcel": result.parcels.index.get_indexer(pd.Index(tied["parcel_id"])),
            "enterprise": result.enterprises.index.get_indexer(pd.Index(tied["enterprise_id"])),
        }
    )
    rows = rows[(rows["parcel"] >= 0) & (rows["enterprise"] >= 0)].sort_values(["parcel", "enterprise"])
    return {name: rows[name].tolist() for name in rows.columns}


def grade_names(result: Result) -> list[str]:
    """Return the grades of the scheme, best first, and the name of having none; nothing where nobody is graded."""
    if result.scheme is None or result.grades.empty:
        return []
    return [*result.scheme.grading.grades, result.scheme.ungraded.label]
