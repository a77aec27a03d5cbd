"""The indicators of the intensive-use index from the figures of a region, and the zone's type."""

from __future__ import annotations

import pandas as pd

from landeval.standards.index_indicators import INDICATORS, INDUSTRIAL, MIXED
from landeval.standards.intensive_use import IndexScheme


def indicator_values(figures: pd.Series) -> pd.Series:
    """Return the value of every indicator of a region.

    Parameters
    ----------
    figures : Series
        Index ``status_code``: the figures in the units of 指数数据表 [公顷, ㎡, 万元, 人]; NaN where unknown.

    Returns
    -------
    Series
        Index the indicators' names, in their own units; NaN where an operand is unknown or the divisor is zero.

    Notes
    -----
    开发区土地集约利用评价规程（2014年度试行）, formulas by survey code: ``Σ above ÷ Σ below × scale``.

    Examples
    --------
    >>> import pandas as pd
    >>> found = indicator_values(pd.Series({"A": 90.0, "B21": 10.0, "D": 95.0}))
    >>> float(found["supply_rate"]), bool(pd.isna(found["idle_rate"]))
    (95.0, True)
    """
    known = figures.astype("float64")

    def total(codes: tuple[str, ...]) -> float:
        return float(known.reindex(list(codes)).sum(skipna=False))

    found = {}
    for one in INDICATORS.values():
        below = total(one.below)
        found[one.name] = total(one.above) / below * one.scale if below > 0 else float("nan")
    return pd.Series(found, dtype="float64")


def missing_of(name: str, figures: pd.Series) -> list[str]:
    """Return the codes of the operands of an indicator that are unknown, or the divisor where it is zero."""
    one = INDICATORS[name]
    known = figures.reindex([*one.above, *one.below]).astype("float64")
    lacking = [str(code) for code in dict.fromkeys(known.index[known.isna()])]
    return lacking or ([*one.below] if float(known[list(one.below)].sum()) <= 0 else [])


def zone_type(figures: pd.Series, scheme: IndexScheme) -> tuple[str, str]:
    """Tell the type of a zone by the shares of its built-up land, with the reason; empty where they leave it open.

    Parameters
    ----------
    figures : Series
        Of the main region: A, A1 住宅, A2 工矿仓储 [公顷].
    scheme : IndexScheme
        Its two limits [%].

    Notes
    -----
    工业主导型: A2 ÷ A above the one and A1 ÷ A below the other; both strict.
    """
    built, housing, industry = (float(figures.get(code, float("nan"))) for code in ("A", "A1", "A2"))
    if not built > 0:
        return "", "缺已建成城镇建设用地 A"
    high, low = scheme.industrial_above, scheme.residential_below
    enough, few = industry * 100 > high * built, housing * 100 < low * built
    words = [f"工矿仓储用地占 {industry / built:.2%}（须 > {high:g}%）" if industry == industry else "缺工矿仓储用地 A2",
             f"住宅用地占 {housing / built:.2%}（须 < {low:g}%）" if housing == housing else "缺住宅用地 A1"]  # fmt: skip
    if enough and few:
        return INDUSTRIAL, "，".join(words)
    if (industry == industry and not enough) or (housing == housing and not few):
        return MIXED, "，".join(words)
    return "", "，".join(words)
