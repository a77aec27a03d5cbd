"""What stands in the papers of several units: the same parcel code, the same enterprise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval import issues
from landeval.read.part import read_frame
from landeval.result import MONEY
from landeval.sources import SOURCE_COLUMNS
from landeval.wording import joined

_PARCEL = ["parcel_id", "parcel_code", "area_mu", *SOURCE_COLUMNS]


class Repeats(NamedTuple):
    """``issues``: one row a record, its file with the unit's name in front; ``remarks``: what it means for the sums."""

    issues: pd.DataFrame
    remarks: list[str]


def repeats(parts: Mapping[str, Path]) -> Repeats:
    """Find parcel codes and credit codes of more than one unit; nothing is taken out of any sum.

    Which unit a parcel belongs to is not for a program to say: both count, and the remark says how much.
    """
    parcels = _several(parts, "parcels", _PARCEL, "parcel_code")
    firms = _several(parts, "enterprises", ["enterprise_id", "credit_code", "name", *MONEY], "credit_code")
    remarks = []
    if len(parcels):
        extra = parcels[parcels.duplicated("parcel_code")]
        land = extra["area_mu"].sum()
        codes = parcels["parcel_code"].nunique()
        remarks.append(
            f"有 {codes} 个宗地代码在几个单位的资料中都有，合计中重复 {len(extra)} 宗、约 {land:,.2f} 亩（E740），没有扣除。"
        )
    same = _same_money(firms)
    if same.any():
        doubled = firms[same & firms.duplicated(["credit_code", *MONEY])]
        remarks.append(
            f"有 {doubled['credit_code'].nunique()} 家企业在几个单位填的金额完全相同，合计中可能重复（E742），没有扣除。"
        )
    told = [
        issues.report(
            "E740",
            _placed(parcels),
            raw=parcels["parcel_code"],
            detail=_others(parcels, "parcel_code"),
            key=parcels["parcel_id"],
        ),
        *(
            issues.report(
                code,
                _placed(rows),
                raw=rows["credit_code"],
                detail=rows["name"].fillna("").astype(str) + "，" + _others(rows, "credit_code"),
                key=rows["enterprise_id"],
            )
            for code, rows in (("E741", firms[~same]), ("E742", firms[same]))
        ),
    ]
    return Repeats(issues.gather(told), remarks)


def _several(parts: Mapping[str, Path], frame: str, columns: list[str], code: str) -> pd.DataFrame:
    """Return the rows whose code stands in more than one unit; codes are looked at first, rows only where need be."""
    seen = {}
    for unit, folder in parts.items():
        codes = read_frame(folder, frame, [code])[code].dropna()
        seen[unit] = pd.Series(codes[codes.astype(str).str.strip() != ""].unique(), dtype="object")
    counts = pd.concat(list(seen.values()), ignore_index=True).value_counts()
    wanted = set(counts[counts > 1].index)
    tables = []
    for unit, folder in parts.items():
        if wanted.intersection(seen[unit]):
            rows = read_frame(folder, frame, columns)
            tables.append(rows[rows[code].isin(wanted)].assign(unit_name=unit))
    if not tables:
        return pd.DataFrame(columns=[*columns, "unit_name"])
    return pd.concat(tables, ignore_index=True).sort_values(
        [code, "unit_name", columns[0]], ignore_index=True
    )


def _same_money(firms: pd.DataFrame) -> pd.Series:
    """Tell the enterprises whose figures of the year are the same in two units, and not all blank."""
    figures = firms[list(MONEY)].astype("float64")
    known = (figures.fillna(0) != 0).any(axis=1)
    return firms.duplicated(["credit_code", *MONEY], keep=False) & known


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return source columns whose file says of which unit it is."""
    if "source_file" in rows:
        return rows.assign(source_file=rows["unit_name"].astype(str) + "/" + rows["source_file"].astype(str))
    blank = pd.Series(None, index=rows.index, dtype="object")
    return rows.assign(source_file=rows["unit_name"].astype(str) + "/企业", source_layer="", source_row=blank)


def _others(rows: pd.DataFrame, code: str) -> pd.Series:
    """Say in which other units a code stands."""
    every = joined(rows[code], rows["unit_name"])
    named = [
        "、".join(unit for unit in str(every[key]).split("、") if unit != own)
        for key, own in zip(rows[code], rows["unit_name"], strict=True)
    ]
    said = ["另在 " + other if other else "同一单位内另有一条" for other in named]
    return pd.Series(np.array(said, dtype=object), index=rows.index, dtype="object")
