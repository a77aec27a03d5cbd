"""English column names to what the analyst reads: Chinese headers, 是/否, ISO dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from landeval.publish.cells import Cell, cell, cells, text_of
from landeval.vocabulary.fields import label as vocabulary_label

YEARS = {"then": "上次", "now": "本次", "change": "变化："}
"""What stands before the label of a figure of the earlier run, of the later, and of the difference."""


def label_of(name: str, currency: str = "元") -> str:
    """Return the Chinese header of one column, in the project's currency.

    Examples
    --------
    >>> label_of("tax_wan_yuan_per_mu"), label_of("tax_wan_yuan_per_mu", "美元"), label_of("parcels_关注")
    ('亩均税收(万元/亩)', '亩均税收(万美元/亩)', '关注(宗)')
    >>> label_of("plot_ratio_then"), label_of("plot_ratio_change")
    ('上次容积率', '变化：容积率')
    """
    if name.startswith("parcels_"):
        return f"{name.removeprefix('parcels_')}(宗)"
    known, _, ending = name.rpartition("_")
    text = vocabulary_label(name)
    if text == name and ending in YEARS:
        text = f"{YEARS[ending]}{vocabulary_label(known)}"
    return text if currency == "元" else text.replace("万元", f"万{currency}")


def money_unit(currency: str) -> str:
    """Return the unit that sums of money stand in.

    Examples
    --------
    >>> money_unit("元"), money_unit("美元")
    ('万元', '万美元')
    """
    return "万元" if currency == "元" else f"万{currency}"


def labels(
    columns: Iterable[str], currency: str = "元", *, names: Mapping[str, str] | None = None
) -> list[str]:
    """Return the headers of a table, each of them once: a second one gets a number.

    Parameters
    ----------
    columns : iterable of str
        English names, in order.
    currency : str
        元, or what replaces it in 万元.
    names : Mapping, optional
        Headers that differ in this table.

    Examples
    --------
    >>> labels(["measure_unit", "money_unit"])
    ['单位', '单位2']
    """
    result: list[str] = []
    for column in columns:
        wanted = (names or {}).get(column) or label_of(column, currency)
        header, number = wanted, 1
        while header in result:
            number += 1
            header = f"{wanted}{number}"
        result.append(header)
    return result


def chinese_bool(value: Any) -> str:
    """Return 是, 否, or nothing where it is unknown.

    Examples
    --------
    >>> chinese_bool(True), chinese_bool(False), chinese_bool(None), chinese_bool(float("nan"))
    ('是', '否', '', '')
    """
    known = cell(value, "flag")
    return "" if known is None else "是" if known else "否"


def iso_date(value: Any) -> str:
    """Return a date as 2024-12-31, or nothing where it is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> iso_date(pd.Timestamp("2024-12-31")), iso_date(pd.NaT)
    ('2024-12-31', '')
    """
    return text_of(cell(value, "date"))


def _shown(value: Cell) -> Cell:
    return (
        text_of(value)
        if isinstance(value, bool) or not isinstance(value, str | int | float | None)
        else value
    )


def labelled(
    frame: pd.DataFrame,
    columns: Iterable[str],
    currency: str = "元",
    *,
    names: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return columns of a frame as the analyst reads them; the frame itself stays as it is.

    Parameters
    ----------
    frame : DataFrame
        English columns.
    columns : iterable of str
        The columns wanted, in order; those that the frame does not have are left out.
    currency : str
        元, or another currency: 万元 becomes e.g. 万美元.
    names : Mapping, optional
        Headers that differ in this table.

    Returns
    -------
    DataFrame
        Chinese headers, index kept; booleans 是/否, dates ISO texts, figures rounded as in ``tables/``,
        unknown None.

    Examples
    --------
    >>> import pandas as pd
    >>> labelled(pd.DataFrame({"area_mu": [1.5], "is_candidate": [True]}), ["is_candidate", "area_mu"])
      是否处置候选 评价面积(亩)
    0      是     1.5
    """
    kept = [column for column in columns if column in frame.columns]
    headers = labels(kept, currency, names=names)
    data = {
        header: pd.Series(
            [_shown(value) for value in cells(frame[column])], index=frame.index, dtype="object"
        )
        for header, column in zip(headers, kept, strict=True)
    }
    return pd.DataFrame(data, index=frame.index, columns=headers)
