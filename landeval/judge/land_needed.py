"""How much land a project may take, and how much it must bring, so that it passes a line: found by the judge's own rounding."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from landeval.judge.findings import compare
from landeval.units import round_half_up

LAND_DECIMALS = 4
"""亩: a step is 0.07 ㎡."""
_TRIES = 4
"""The first guess is right to a step; more tries only prove it."""


def ratio(amount: pd.Series, land_mu: pd.Series, m2_per_mu: float) -> pd.Series:
    """Divide what is brought by the land, as ``measure`` does: 万元 ÷ 亩, or ㎡ ÷ ㎡ with ``m2_per_mu``."""
    return amount / (land_mu.where(land_mu > 0) * m2_per_mu)


def largest_land(
    amount: pd.Series, operator: str, line: pd.Series, decimals: int, m2_per_mu: float = 1.0
) -> pd.Series:
    """Return the largest land [亩] at which an amount passes a line, to ``LAND_DECIMALS``.

    More land lowers the ratio: the land found passes when it is judged again, and one step more does not.

    Parameters
    ----------
    amount : Series
        [万元] or [㎡].
    operator : str
        ``>`` or ``>=``.
    line : Series
        [万元/亩] or plot ratio.
    decimals : int
        To which both sides are rounded before they are compared.
    m2_per_mu : float
        1 for money per 亩; 2000/3 where the land counts in ㎡.

    Returns
    -------
    Series
        0 where no land passes; infinite where any does (a line of zero); NaN where amount or line is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> amount, line = pd.Series([7500.0, 0.0]), pd.Series([250.0, 250.0])
    >>> largest_land(amount, ">", line, 4).tolist(), largest_land(amount, ">=", line, 4).tolist()
    ([29.9999, 0.0], [30.0, 0.0])
    """
    unit = 10.0**LAND_DECIMALS
    bound = _least_ratio(operator, line, decimals)
    guess = np.floor(amount / (bound.where(bound > 0) * m2_per_mu) * unit)

    def passes(steps: pd.Series) -> pd.Series:
        judged = compare(ratio(amount, steps / unit, m2_per_mu), operator, line, decimals)
        return pd.Series(judged, index=amount.index) & (steps > 0)

    land = _settled(guess, passes, up=1.0) / unit
    land = land.where(land > 0, 0.0)
    any_land = (bound <= 0) & amount.notna()
    return land.where(amount.notna() & line.notna()).mask(any_land, np.inf)


def least_amount(
    land_mu: pd.Series, operator: str, line: pd.Series, decimals: int, *, to: int, m2_per_mu: float = 1.0
) -> pd.Series:
    """Return the least amount with which a land passes a line, to ``to`` decimals; unknown where land or line is.

    Examples
    --------
    >>> import pandas as pd
    >>> least_amount(pd.Series([30.0]), ">", pd.Series([250.0]), 4, to=4).tolist()
    [7500.0015]
    """
    unit = 10.0**to
    land = land_mu.where(land_mu > 0)
    bound = _least_ratio(operator, line, decimals).clip(lower=0.0)
    guess = np.ceil(bound * land * m2_per_mu * unit)

    def passes(steps: pd.Series) -> pd.Series:
        judged = compare(ratio(steps / unit, land, m2_per_mu), operator, line, decimals)
        return pd.Series(judged, index=land.index)

    amount = _settled(guess, passes, up=-1.0) / unit
    return amount.where(land.notna() & line.notna())


def _least_ratio(operator: str, line: pd.Series, decimals: int) -> pd.Series:
    """Return the least ratio that passes once it is rounded half up to the rule's decimals."""
    half = 0.5 * 10.0**-decimals
    rounded = pd.Series(round_half_up(line, decimals), index=line.index)
    return rounded + half if operator == ">" else rounded - half


def _settled(steps: pd.Series, passes: Callable[[pd.Series], pd.Series], *, up: float) -> pd.Series:
    """Move each number of steps back until it passes, and on while the next one passes too; never below zero."""
    for _ in range(_TRIES):
        steps = steps.where(passes(steps) | (steps <= 0), steps - up)
    for _ in range(_TRIES):
        following = steps + up
        steps = following.where(passes(following) & (following >= 0), steps)
    return steps
