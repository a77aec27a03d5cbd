"""Money per mu: Σ money ÷ Σ land, unknown where either is unknown."""

from __future__ import annotations

import pandas as pd

from landeval.result import MONEY, RATIOS
from landeval.units import M2_PER_MU
from landeval.vocabulary.fields import fields


def per_mu(money_wan_yuan: pd.Series, area_mu: pd.Series) -> pd.Series:
    """Divide money by land: 万元 ÷ 亩.

    Parameters
    ----------
    money_wan_yuan : Series
        [万元], NaN where unknown.
    area_mu : Series
        [亩], same index; NaN, zero, negative or infinite gives NaN.

    Returns
    -------
    Series
        [万元/亩], the index of ``money_wan_yuan``.

    Examples
    --------
    >>> import pandas as pd
    >>> per_mu(pd.Series([300.0, 10.0, None, 9.0]), pd.Series([20.0, 0.0, 5.0, float("inf")])).tolist()
    [15.0, nan, nan, nan]
    """
    return money_wan_yuan / area_mu.where((area_mu > 0) & (area_mu < float("inf")))


def with_ratios(frame: pd.DataFrame, area_mu: pd.Series | None = None) -> pd.DataFrame:
    """Add the three ratios to a frame of sums.

    Parameters
    ----------
    frame : DataFrame
        ``investment_wan_yuan``, ``output_wan_yuan``, ``tax_wan_yuan`` [万元].
    area_mu : Series, optional
        [亩], same index. Without it each ratio is taken over the land whose figure is known:
        ``area_known_investment_mu`` and so on.
    """
    ratios = {}
    for money in MONEY:
        land = frame[f"area_known_{money.removesuffix('_wan_yuan')}_mu"] if area_mu is None else area_mu
        ratios[f"{money}_per_mu"] = per_mu(frame[money], land)
    return frame.assign(**ratios)


def with_zone_ratios(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the three ratios and the plot ratio (Σ floor ÷ Σ land of those known) to a frame of sums.

    Examples
    --------
    >>> import pandas as pd
    >>> sums = {name: [1.0] for name in MONEY} | {f"area_known_{word}_mu": [2.0] for word in ("investment", "output", "tax")}
    >>> with_zone_ratios(pd.DataFrame(sums | {"floor_area_m2": [2000.0], "area_known_floor_mu": [3.0]}))["plot_ratio"].tolist()
    [1.0]
    """
    land = frame["area_known_floor_mu"] * float(M2_PER_MU)
    return with_ratios(frame).assign(plot_ratio=frame["floor_area_m2"] / land.where(land > 0))


def with_percent(structure: pd.DataFrame) -> pd.DataFrame:
    """Add what part of its zone's known land each item of a structure is [%]; the parts of a kind make 100."""
    whole = structure.groupby(["zone_level", "zone_code", "structure_kind"])["area_mu"].transform("sum")
    return structure.assign(structure_percent=structure["area_mu"] / whole.where(whole > 0) * 100)


def beyond_belief(ratios: pd.DataFrame) -> pd.DataFrame:
    """Tell which ratios are over the ``maximum`` that ``fields.toml`` gives them; unknown is not."""
    limits = pd.Series({name: fields()[name].maximum for name in RATIOS}, dtype="float64")
    return ratios[list(RATIOS)].abs() > limits


def without(frame: pd.DataFrame, absurd: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with absurd ratios unknown, and the money behind them: no sum may take it up again."""
    hidden = {name: frame[name].mask(absurd[name]) for name in RATIOS}
    hidden |= {name: frame[name].mask(absurd[f"{name}_per_mu"]) for name in MONEY}
    return frame.assign(**hidden)


def credible(parcel_years: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make ratios beyond all belief unknown, with their money: it or the land is in another unit than its header says.

    Parameters
    ----------
    parcel_years : DataFrame
        ``parcel_id``, ``year`` and the three ratios [万元/亩].

    Returns
    -------
    DataFrame, DataFrame
        The second has one row a ratio that is not believed: ``parcel_id``, ``year``, ``money`` (name of its money
        column), ``ratio`` [万元/亩].
    """
    absurd = beyond_belief(parcel_years)
    parts = [
        parcel_years.loc[absurd[name], ["parcel_id", "year", name]]
        .rename(columns={name: "ratio"})
        .assign(money=money)
        for money, name in zip(MONEY, RATIOS, strict=True)
    ]
    return without(parcel_years, absurd), pd.concat(parts, ignore_index=True)
