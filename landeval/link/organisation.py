"""Organisation codes: the nine characters that a credit code, an old tax number and an organisation code share."""

from __future__ import annotations

from typing import Any

import pandas as pd

WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_WORTH = {char: worth for worth, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}


def organisation_code(code: Any) -> str | None:
    """Return the 组织机构代码 within a code, None where there is none with a right check character (GB 11714).

    A credit code of 18 characters holds it at positions 9–17 (GB 32100-2015), a tax number of 15 after the six
    digits of the district. A business registration number of 15 digits holds none; its check digit fails as a
    rule, for one in eleven it would not: a pair found this way still has to agree in its name, or is to review.

    Examples
    --------
    >>> organisation_code("913702816143139252"), organisation_code("370281614313925"), organisation_code("61431392-5")
    ('614313925', '614313925', '614313925')
    >>> organisation_code("370681018019402") is None, organisation_code(None) is None
    (True, True)
    """
    if not isinstance(code, str):
        return None
    plain = code.replace("-", "").upper()
    part = {18: plain[8:17], 15: plain[6:15], 9: plain}.get(len(plain), "")
    if len(part) != 9 or len(set(part)) == 1 or any(char not in _WORTH for char in part[:8]):
        return None
    rest = 11 - sum(_WORTH[char] * weight for char, weight in zip(part[:8], WEIGHTS, strict=True)) % 11
    return part if part[8] == {10: "X", 11: "0"}.get(rest, str(rest)) else None


def organisation_codes(codes: pd.Series) -> pd.Series:
    """Return the organisation code of each code, None where it has none; index of the input."""
    known = {code: organisation_code(code) for code in set(codes.dropna())}
    return pd.Series([known.get(code) for code in codes], index=codes.index, dtype="object")
