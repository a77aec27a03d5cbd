"""Whether an amount suffices for its land, the most land it would do for, and the least amount the land asks: exactly."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, inf, nan

import pandas as pd

LAND_DECIMALS = 4
"""亩: a step is 0.07 ㎡."""
_WRITTEN_DECIMALS = 9
"""More than anybody writes (0.001 ㎡ is 0.0000015 亩), less than the noise of reading a unit."""
_COLUMNS = {"ratio": "float64", "passes": "bool", "land": "float64", "least": "float64", "gap": "float64"}


def needed(
    amount: pd.Series,
    land_mu: pd.Series,
    operator: str,
    line: pd.Series,
    decimals: int,
    *,
    to: int,
    per: Fraction = Fraction(1),
) -> pd.DataFrame:
    """Compare what is brought with a line, in exact fractions, and tell what would just do.

    Both sides are rounded half up to the rule's decimals, as everywhere; so what is asked is the least ratio that
    rounds to more than the line (or to the line, for ``>=``), and land and amount follow from it.

    Parameters
    ----------
    amount : Series
        [万元] or [㎡]; NaN where unknown.
    land_mu : Series
        [亩]; NaN or zero where unknown.
    operator : str
        ``>`` or ``>=``.
    line : Series
        [万元/亩] or plot ratio; NaN where there is none.
    decimals : int
        To which both sides are rounded before they are compared.
    to : int
        Decimals of the least amount.
    per : Fraction
        1 for money per 亩; 2000/3 where the land counts in ㎡.

    Returns
    -------
    DataFrame
        ``ratio`` (rounded), ``passes`` (False where unknown), ``land`` [亩] the largest that passes, to
        ``LAND_DECIMALS`` (0: none, infinite: any), ``least`` the least amount that passes on the land as stated, and
        ``gap`` what is missing of it; NaN where an operand is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> found = needed(pd.Series([7500.0]), pd.Series([30.0]), ">", pd.Series([250.0]), 4, to=4)
    >>> found.to_dict("records")
    [{'ratio': 250.0, 'passes': False, 'land': 29.9999, 'least': 7500.0015, 'gap': 0.0015}]
    """
    rows = [
        _one(*values, operator, decimals, to, per)
        for values in zip(_exact(amount), _exact(land_mu.where(land_mu > 0)), _exact(line), strict=True)
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS), index=amount.index).astype(_COLUMNS)


def _one(
    amount: Fraction | None,
    land: Fraction | None,
    line: Fraction | None,
    operator: str,
    decimals: int,
    to: int,
    per: Fraction,
) -> tuple[float, bool, float, float, float]:
    ratio = nan if amount is None or land is None else float(_rounded(amount / (land * per), decimals))
    if line is None:
        return ratio, False, nan, nan, nan
    half = Fraction(1, 2 * 10**decimals)
    enough = _rounded(line, decimals) + (half if operator == ">" else -half)
    if enough <= 0:
        return ratio, ratio == ratio, nan if amount is None else inf, nan if land is None else 0.0, 0.0
    largest = nan if amount is None else float(_cut(amount / (enough * per), LAND_DECIMALS))
    if land is None:
        return ratio, False, largest, nan, nan
    asked = enough * land * per
    least = Fraction(ceil(asked * 10**to), 10**to)
    gap = nan if amount is None else float(max(least - amount, Fraction(0)))
    return ratio, amount is not None and amount >= asked, largest, float(least), gap


def _exact(values: pd.Series) -> list[Fraction | None]:
    """Return numbers as they were written, free of the last bits of binary noise; None where unknown."""
    known = values.astype("float64").tolist()
    return [Fraction(str(round(value, _WRITTEN_DECIMALS))) if value == value else None for value in known]


def _rounded(value: Fraction, decimals: int) -> Fraction:
    return _cut(value + Fraction(1, 2 * 10**decimals), decimals)


def _cut(value: Fraction, decimals: int) -> Fraction:
    return Fraction(floor(value * 10**decimals), 10**decimals)
