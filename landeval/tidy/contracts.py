"""Raw supply ledgers to the canonical ``contracts`` frame, one row a ledger record."""

from __future__ import annotations

import pandas as pd

from landeval.project import Project
from landeval.sources import RawTable
from landeval.tidy.table import Typed, typed


def tidy_contracts(
    raws: list[RawTable], project: Project
) -> tuple[pd.DataFrame, list[Typed], list[pd.DataFrame]]:
    """Type every ledger; records keep their place and are tied to parcels by ``link``.

    Returns
    -------
    DataFrame, list of Typed, list of issues
    """
    tables = [typed(raw, project.currency, project.county_code) for raw in raws]
    frame = pd.concat([table.frame for table in tables], ignore_index=True)
    return frame, tables, [table.issues for table in tables]
