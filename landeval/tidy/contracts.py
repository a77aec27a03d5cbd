"""Raw supply ledgers to the canonical ``contracts`` frame, one row a ledger record."""

from __future__ import annotations

import pandas as pd

from landeval import issues
from landeval.project import Project
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.tidy.code_names import with_names
from landeval.tidy.requirements import require
from landeval.tidy.table import Typed, content_of, typed


def tidy_contracts(
    raws: list[RawTable], project: Project
) -> tuple[pd.DataFrame, list[Typed], list[pd.DataFrame]]:
    """Type every ledger; records keep their place and are tied to parcels by ``link``; ``is_repeated`` marks copies.

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
    frame, repeated = _told_once(frame)
    return frame, tables, [*(table.issues for table in tables), repeated]


def _told_once(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Mark (``is_repeated``) and report the records that say the same as an earlier one, in the order of their places."""
    place = list(SOURCE_COLUMNS)
    ordered = frame.sort_values(place)
    named = ordered[["parcel_code", "supervision_no", "contract_no"]].notna().any(axis=1)
    again = content_of(ordered.drop(columns=place)).duplicated() & named
    rows = ordered[again]
    key = rows["parcel_code"].fillna(rows["supervision_no"]).fillna(rows["contract_no"])
    return frame.assign(is_repeated=again.reindex(frame.index)), issues.report("E220", rows[place], key=key)
