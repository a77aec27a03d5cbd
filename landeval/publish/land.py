"""Land of several parcels, summed and written: what nobody knows is neither zero nor left unsaid."""

from __future__ import annotations

import math

import pandas as pd

from landeval.units import fixed


def known_sum(values: pd.Series) -> float:
    """Sum what is known: 0 of nothing, unknown where there is something and none of it is known.

    Examples
    --------
    >>> import pandas as pd
    >>> known_sum(pd.Series([1.5, None])), known_sum(pd.Series([None, None])), known_sum(pd.Series([], dtype="float64"))
    (1.5, nan, 0.0)
    """
    numbers = pd.to_numeric(values, errors="coerce")
    return math.nan if len(numbers) and numbers.isna().all() else float(numbers.sum())


def land_words(values: pd.Series, *, places: int = 2) -> str:
    """Write the land of some parcels [亩] for a sentence, and of how many it is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> land_words(pd.Series([1500.0])), land_words(pd.Series([15.0, None])), land_words(pd.Series([None, None]))
    ('1,500.00 亩', '15.00 亩（另有 1 宗面积未知）', '面积未知')
    """
    total, unknown = known_sum(values), int(values.isna().sum())
    if math.isnan(total):
        return "面积未知"
    return f"{fixed(total, places)} 亩" + (f"（另有 {unknown} 宗面积未知）" if unknown else "")
