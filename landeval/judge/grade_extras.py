"""Points beside the indicators: what a scheme gives or takes for named matters; a matter it does not name counts nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from landeval.judge.grade_lists import is_none

_BETWEEN = re.compile(r"[、,，;；\n]+")


def extras(
    words: pd.Series, table: Mapping[str, float], most: float | None = None
) -> tuple[pd.Series, pd.Series]:
    """Add up the points of the matters that a cell names, each once.

    Parameters
    ----------
    words : Series of text
        Matters, joined by 、 or the like.
    table : Mapping
        Matter → points [分].
    most : float, optional
        The sum is no more than this.

    Returns
    -------
    Series, Series
        Points [分], zero where nothing is named; and the matters that the table does not name, joined by 、.

    Examples
    --------
    >>> import pandas as pd
    >>> points, strange = extras(pd.Series(["高新技术企业、某奖", None]), {"高新技术企业": 3.0})
    >>> points.tolist(), strange.tolist()
    ([3.0, 0.0], ['某奖', ''])
    """
    named = words.where(~is_none(words))
    parts = named.dropna().astype(str).str.split(_BETWEEN).explode().str.strip()
    parts = parts[parts != ""]
    each = parts.rename("matter").rename_axis("at").reset_index().drop_duplicates()
    points = each["matter"].map(table)
    total = points.groupby(each["at"]).sum().reindex(words.index).fillna(0.0).astype("float64")
    strange = each[points.isna()].groupby("at")["matter"].agg("、".join).reindex(words.index).fillna("")
    return (total if most is None else total.clip(upper=most)), strange
