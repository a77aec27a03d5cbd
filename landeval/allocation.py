"""Split whole amounts by weight so that the parts add up to the cent."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd


def allocate(cents: Any, groups: pd.Series, weights: pd.Series) -> npt.NDArray[np.int64]:
    """Give each row its part of its group's amount, by weight, largest remainder first.

    Parameters
    ----------
    cents : array-like of int
        The group's whole amount [分], the same on every row of a group.
    groups : Series
        The group of each row.
    weights : Series of float
        Positive weights; ties of the remainder go to the earlier row.

    Returns
    -------
    ndarray of int64
        Parts [分]; within each group they sum to the amount exactly.

    Examples
    --------
    >>> import pandas as pd
    >>> allocate([100, 100, 100], pd.Series(["a"] * 3), pd.Series([1.0, 1.0, 1.0])).tolist()
    [34, 33, 33]
    """
    amount = np.asarray(cents, dtype="int64")
    code = pd.factorize(groups)[0]
    weight = np.asarray(weights, dtype="float64")
    total = np.bincount(code, weights=weight)[code] if len(code) else weight
    size = np.abs(amount)
    exact = size * (weight / total)
    whole = np.floor(exact).astype("int64")
    frame = pd.DataFrame({"code": code, "left": exact - whole, "at": np.arange(len(code))})
    missing = size - np.asarray(pd.Series(whole).groupby(code).transform("sum"), dtype="int64")
    ranked = frame.sort_values(["code", "left", "at"], ascending=[True, False, True])
    rank = ranked.groupby("code").cumcount().sort_index().to_numpy()
    count = np.bincount(code)[code] if len(code) else rank
    extra = missing // np.maximum(count, 1) + (rank < missing % np.maximum(count, 1))
    return np.asarray(np.sign(amount) * (whole + extra), dtype="int64")
