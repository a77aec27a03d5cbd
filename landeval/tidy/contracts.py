"""Raw supply ledgers to the canonical ``contracts`` frame, one row a ledger record."""

from __future__ import annotations

import pandas as pd

from landeval.project import Project
from landeval.sources import RawTable
from landeval.tidy.code_names import with_names
from landeval.tidy.requirements import require
from landeval.tidy.table import Typed, typed


def tidy_contracts(
    raws: list[RawTable], project: Project
) -> tuple[pd.DataFrame, list[Typed], list[pd.DataFrame]]:
    """Type every ledger; records keep their place and are tied to parcels by ``link``.

    Returns
    -------
    DataFrame, list of Typed, list of issues
    """
    tables = [with_names(typed(raw, project.currency, project.county_code), project.switches) for raw in raws]
    for raw, table in zip(raws, tables, strict=True):
        require(
            raw,
            table,
            ("parcel_code", "supervision_no", "contract_no"),
            code="E292",
            what="供地台账缺少必需的列：宗地代码、电子监管号、合同编号至少要有一列",
        )
    frame = pd.concat([table.frame for table in tables], ignore_index=True)
    return frame, tables, [table.issues for table in tables]
