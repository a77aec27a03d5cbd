"""Scores to grades: cumulative quotas or lines, ties in the better grade, one step up a year at most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.standards.grading import Grading
from landeval.standards.grading_checks import QUOTA, exact

SCORE_DECIMALS = 4
"""Scores that agree so far are a tie."""

Classes = npt.NDArray[np.int64]
"""Positions of grades, 0 the best."""


def boundaries(count: int, shares: Sequence[float]) -> list[int]:
    """Return the last place of each grade: the cumulative share of ``count``, halves rounded up, in whole numbers.

    Examples
    --------
    >>> boundaries(10, [20, 45, 30, 5]), boundaries(3, [20, 45, 30, 5]), boundaries(0, [20, 80])
    ([2, 7, 10, 10], [1, 2, 3, 3], [0, 0])
    """
    places, so_far = [], exact(0)
    for share in shares:
        so_far += exact(share)
        places.append(int(count * so_far / 100 + exact(0.5)))
    return places


def by_quota(score: pd.Series, shares: Sequence[float]) -> Classes:
    """Return the grade of each place; those of one score share the best place among them.

    Examples
    --------
    >>> import pandas as pd
    >>> by_quota(pd.Series([90.0, 80.0, 80.0, 10.0]), [25, 25, 50]).tolist()
    [0, 1, 1, 2]
    """
    place = score.rank(ascending=False, method="min").to_numpy()
    ends = np.array(boundaries(len(score), shares), dtype="float64")
    found: Classes = np.searchsorted(ends, place, side="left").astype("int64")
    return found


def by_lines(value: pd.Series, lines: Sequence[float]) -> Classes:
    """Return the grade by least values, highest first; a value on the line has reached it.

    Examples
    --------
    >>> import pandas as pd
    >>> by_lines(pd.Series([100.0, 99.9, 30.0, 0.0]), [100, 60, 30]).tolist()
    [0, 1, 2, 3]
    """
    below = [value.to_numpy() < line for line in lines]
    found: Classes = np.sum(below, axis=0).astype("int64")
    return found


def classes_of(grading: Grading, score: pd.Series, first: pd.Series) -> Classes:
    """Return the grade of each enterprise that is ranked, before vetoes and the limit on upgrades.

    Parameters
    ----------
    grading : Grading
    score, first : Series
        Score [分] rounded to ``SCORE_DECIMALS``, and value of the first item (``threshold`` goes by it).
    """
    if grading.method == QUOTA:
        return by_quota(score, grading.parts)
    return by_lines(score if grading.method == "score" else first, grading.parts)


def limited(classes: Classes, last: pd.Series, cap: int | None) -> Classes:
    """Let nobody rise by more than ``cap`` grades over last year's; unknown last year limits nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> limited(np.array([0, 0, 2]), pd.Series([3.0, None, 0.0]), 1).tolist()
    [2, 0, 2]
    """
    if cap is None:
        return classes
    best = (last - cap).fillna(0).to_numpy().astype("int64")
    found: Classes = np.maximum(classes, best)
    return found


def order_of(score: pd.Series, tax_per_mu: pd.Series) -> pd.Series:
    """Return places 1 … n: by score, then 亩均税收, then code; each place once.

    Examples
    --------
    >>> import pandas as pd
    >>> order_of(pd.Series({"b": 80.0, "a": 80.0, "c": 90.0}), pd.Series({"b": 9.0, "a": 7.0, "c": None})).to_dict()
    {'b': 2, 'a': 3, 'c': 1}
    """
    frame = pd.DataFrame({"score": -score, "tax": -tax_per_mu, "code": score.index.astype(str)})
    ranked = frame.sort_values(["score", "tax", "code"], na_position="last").index
    return pd.Series(np.arange(1, len(ranked) + 1), index=ranked).reindex(score.index)
