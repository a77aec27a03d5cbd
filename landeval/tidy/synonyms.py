"""Two columns of one field (入库税收, 实缴税收): take what is filled, withhold what the two say differently."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval import issues
from landeval.sources import SOURCE_COLUMNS
from landeval.tidy import values
from landeval.tidy.codes import is_parcel_code
from landeval.tidy.columns import COMPARED, Column
from landeval.vocabulary.fields import Field

HALF_A_CENT = 0.5e-6
"""万元."""
AT_MOST = 0.01
"""A figure rounded for another unit (300.25 万元 beside 3002512 元) may be off by this share and no more."""
_IDENTIFIES: dict[str, Callable[[str], bool]] = {
    "parcel_code": is_parcel_code,
    "credit_code": lambda code: bool(re.fullmatch(r"[0-9A-Z]{15,20}", code)),
    "industry_code": lambda code: bool(re.fullmatch(r"[A-Z]?\d{2,4}", code)),
    "supervision_no": bool,
    "contract_no": bool,
}
"""Codes that are compared, where both are of their kind: a local 宗地号 beside a 宗地代码 contradicts nothing."""


def only_filled(found: list[pd.DataFrame], place: pd.DataFrame, lone: pd.Series) -> list[pd.DataFrame]:
    """Return the issues of a second column in the rows where it is the one taken."""
    rows = set(place.loc[lone, "source_row"])
    return [part[part["source_row"].isin(rows)] for part in found if len(part)]


def is_filled(cells: pd.Series) -> pd.Series:
    """Tell which cells say something: neither blank nor a mark for "not known"."""
    texts = cells.map(values.text)
    missing = texts.map(lambda text: not isinstance(text, str) or text.upper() in values.MISSING)
    return ~missing.astype(bool)


def contradictory(
    first: pd.Series,
    second: pd.Series,
    cells: tuple[pd.Series, pd.Series],
    columns: tuple[Column, Column],
    field: Field,
) -> pd.Series:
    """Mark the rows in which two columns of one field say different things.

    Parameters
    ----------
    first, second : Series
        Parsed values, in the field's unit.
    cells : tuple of Series
        The same as written.
    columns : tuple of Column
    field : Field

    Returns
    -------
    Series of bool
        Money beyond half a cent, other figures beyond 1e-6 (both 1e-9 of the figure, for floats). Of two units the
        coarser column speaks only to its last decimal. A date by month agrees with each of its days; a code with
        one that contains it (28 = 19 + 9 digits).
    """
    both = first.notna() & second.notna()
    if not both.any():
        return both
    if field.kind == "date":
        by_month = _is_month(cells[0]) | _is_month(cells[1])
        months = first.dt.to_period("M") != second.dt.to_period("M")
        return both & (first != second).where(~by_month, months)
    if field.kind not in COMPARED:
        differs = [
            _codes_differ(one, other, _IDENTIFIES[field.name])
            for one, other in zip(first, second, strict=True)
        ]
        return both & pd.Series(differs, index=first.index, dtype=bool)
    one, other = first.to_numpy(dtype="float64"), second.to_numpy(dtype="float64")
    room = np.maximum(HALF_A_CENT if field.kind == "money" else 1e-6, 1e-9 * np.abs(one))
    if columns[0].scale != columns[1].scale:
        last = max(_last_decimal(part, column) for part, column in zip(cells, columns, strict=True))
        room = np.maximum(room, np.minimum(last / 2 * (1 + 1e-9), AT_MOST * np.abs(one)))
    apart: npt.NDArray[np.bool_] = np.abs(one - other) > room
    return both & pd.Series(apart, index=first.index)


def told(
    differs: pd.Series,
    cells: tuple[pd.Series, pd.Series],
    headers: tuple[pd.Series, str],
    place: pd.DataFrame,
    key: pd.Series | str = "",
) -> pd.DataFrame:
    """Return an issue E263 for each contradictory row, with both columns and both values as written."""
    one, other = (part[differs].map(str) for part in cells)
    named = headers[0][differs]
    return issues.report(
        "E263",
        place.loc[differs, list(SOURCE_COLUMNS)],
        column=named,
        raw=one,
        used="未知",
        detail=f"“{headers[1]}”为 " + other + "，“" + named + "”为 " + one,
        key=key,
    )


def _is_month(cells: pd.Series) -> pd.Series:
    return cells.map(lambda cell: values.month(cell) is not None).astype(bool)


def _codes_differ(one: object, other: object, identifies: Callable[[str], bool]) -> bool:
    if not (isinstance(one, str) and isinstance(other, str) and identifies(one) and identifies(other)):
        return False
    return one not in other and other not in one


def _last_decimal(cells: pd.Series, column: Column) -> float:
    """Return what one of the last decimal of a column is worth, in the field's unit."""
    decimals = cells.map(lambda cell: len(match[1]) if (match := re.search(r"\.(\d+)", str(cell))) else 0)
    return float(column.scale) * 10.0 ** -int(decimals.max())
