"""Where a ratio beyond all belief was written: the file, sheet, row and column of the money behind it."""

from __future__ import annotations

import pandas as pd

from landeval import issues
from landeval.firm_year import header_of
from landeval.link.told_by import KEYS, of_parts
from landeval.sources import SOURCE_COLUMNS
from landeval.vocabulary.fields import label

_PLACE = list(SOURCE_COLUMNS)


def told_where_written(
    absurd: pd.DataFrame,
    parcels: pd.DataFrame,
    allocated: pd.DataFrame,
    records: pd.DataFrame,
    columns: pd.DataFrame,
) -> pd.DataFrame:
    """Report (E245) each ratio beyond belief at every cell that its money was taken from; its land is told beside.

    Parameters
    ----------
    absurd : DataFrame
        ``parcel_id``, ``year``, ``money`` (name of the money column), ``ratio`` [万元/亩], as made by ``credible``.
    parcels : DataFrame
        Index ``parcel_id``; ``area_mu``, ``area_basis`` and source columns.
    allocated : DataFrame
        Parts of money: ``parcel_id``, ``enterprise_id``, ``year``, ``parcel_code``, the money columns.
    records : DataFrame
        The enterprises' rows: ``is_counted_<money>`` tells whose figure was taken.
    columns : DataFrame
        ``source_file``, ``source_layer``, ``field``, ``header``.
    """
    told, known = [], of_parts(records)
    for money, rows in absurd.groupby("money", sort=False):
        counted = known[known[f"is_counted_{money}"].astype(bool)]
        parts = allocated.loc[allocated[money].notna(), ["parcel_id", *KEYS]]
        found = rows.merge(parts, on=["parcel_id", "year"], validate="1:m").merge(
            counted[[*KEYS, *_PLACE]], on=KEYS, validate="m:1"
        )
        headers = columns[columns["field"] == money]
        named = [
            _header(headers, file, layer, int(year)) or label(str(money))
            for file, layer, year in zip(
                found["source_file"], found["source_layer"], found["year"], strict=True
            )
        ]
        told.append(
            issues.report(
                "E245", found[_PLACE], column=pd.Series(named, index=found.index, dtype="object"), used="未知",
                detail=_said(found, str(money), parcels), key=found["enterprise_id"],
            )
        )  # fmt: skip
    return issues.gather(told)


def _header(headers: pd.DataFrame, file: str, layer: str, year: int) -> str:
    """Return the header of a table's column of a figure, of several the one that names the year."""
    mine = headers[(headers["source_file"] == file) & (headers["source_layer"].fillna("") == (layer or ""))]
    names = [str(name) for name in mine["header"] if name]
    return header_of("、".join(names[:1]), year)


def _said(found: pd.DataFrame, money: str, parcels: pd.DataFrame) -> pd.Series:
    land = parcels.loc[found["parcel_id"], ["area_mu", "area_basis", *_PLACE]].set_axis(found.index)
    figure = found["ratio"].map("{:,.2f}".format)
    area = land["area_mu"].map("{:,.2f}".format) + " 亩（" + land["area_basis"].fillna("").astype(str) + "，"
    spot = land["source_file"].astype(str) + " 第 " + land["source_row"].astype(str) + " 行）"
    head = "宗地 " + found["parcel_id"].astype(str) + " " + found["year"].astype(int).astype(str) + " 年"
    return pd.Series(head + f"{label(f'{money}_per_mu')} " + figure + "，面积 " + area + spot)
