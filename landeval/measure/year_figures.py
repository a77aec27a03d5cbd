"""Like with like: Σ of a group's parcels then against Σ of those now, ratios as Σ ÷ Σ, unknown where a part is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landeval.result import MONEY, RATIOS
from landeval.units import M2_PER_MU
from landeval.vocabulary.fields import label
from landeval.year_change import ALONE, FIGURES, UNLIKE

RATIO_OF = {
    **{ratio: (money, "area_mu") for money, ratio in zip(MONEY, RATIOS, strict=True)},
    "plot_ratio": ("floor_area_m2", "area_mu"),
}
"""Ratio → what is divided by what; the plot ratio's land is in 亩 and its floor area in m²."""
_SUMS = tuple(name for name in FIGURES if name not in RATIO_OF)


def compare_figures(
    then: pd.DataFrame, now: pd.DataFrame, group_then: pd.Series, group_now: pd.Series, groups: pd.DataFrame
) -> pd.DataFrame:
    """Set every group's figures of two runs side by side.

    Parameters
    ----------
    then, now : DataFrame
        Index ``parcel_id``; ``FIGURES``, NaN where unknown.
    group_then, group_now : Series
        Parcel → group.
    groups : DataFrame
        Index group; ``lineage_kind``, ``group_overlap_share``.

    Returns
    -------
    DataFrame
        Index of ``groups``; each of ``FIGURES`` with ``_then``, ``_now``, ``_change``; ``change_unknown`` says why a
        change is unknown. A figure that nobody knows in either year is not spoken of.
    """
    sides = {"then": _of_groups(then, group_then), "now": _of_groups(now, group_now)}
    alone = groups["lineage_kind"].isin(ALONE).to_numpy()
    unlike = (groups["group_overlap_share"] < UNLIKE).to_numpy()
    columns: dict[str, pd.Series] = {}
    why = np.full(len(groups), "", dtype=object)
    for name in FIGURES:
        one, other = (sides[side][name].reindex(groups.index) for side in ("then", "now"))
        columns[f"{name}_then"], columns[f"{name}_now"] = one, other
        columns[f"{name}_change"] = (other - one).mask(alone | unlike)
        lacks = one.isna().to_numpy(), other.isna().to_numpy()
        told = np.select([alone | unlike | (lacks[0] == lacks[1]), lacks[0]], ["", "上次未知"], "本次未知")
        spoken = np.flatnonzero(told != "")
        start = np.where(why[spoken] == "", "", "；").astype(object)
        why[spoken] = why[spoken] + start + label(name).split("(")[0] + told[spoken].astype(object)
    why = np.where(unlike, "两次的图形重合不到一半，不比较", why)
    why = np.where(alone, "只在一年有", why)
    return pd.DataFrame(
        {**columns, "change_unknown": pd.Series(why, index=groups.index, dtype="object")}, index=groups.index
    )


def _of_groups(parcels: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
    """Return each group's sums and ratios; a figure is unknown where it is for any parcel of the group.

    A ratio that a run holds for not credible is unknown although both its parts are known.
    """
    frame = parcels.reindex(columns=list(FIGURES)).astype("float64")
    by = frame.groupby(group.reindex(frame.index).to_numpy())
    size = by.size()
    whole = {name: by[name].sum().where(by[name].count() == size) for name in _SUMS}
    for name, (above, below) in RATIO_OF.items():
        land = whole[below] * (float(M2_PER_MU) if name == "plot_ratio" else 1.0)
        whole[name] = (whole[above] / land.where(land > 0)).where(by[name].count() == size)
    return pd.DataFrame(whole)


def totals(then: pd.DataFrame, now: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Sum up each figure: all that is known of either run, and like with like.

    Parameters
    ----------
    then, now : DataFrame
        Parcels with ``FIGURES``.
    changes : DataFrame
        As made by ``compare_figures``.

    Returns
    -------
    DataFrame
        One row a figure: ``quantity``, ``known_then``, ``known_now`` (sums only: the land behind them differs),
        ``groups_compared``, ``groups_not_compared``, ``like_then``, ``like_now``, ``like_change``, ``like_change_share``.
    """
    rows = []
    for name in FIGURES:
        both = changes[changes[f"{name}_change"].notna()]
        row: dict[str, object] = {"quantity": name, "known_then": np.nan, "known_now": np.nan}
        if name in _SUMS:
            row |= {
                f"known_{side}": frame.reindex(columns=[name])[name].sum(min_count=1)
                for side, frame in (("then", then), ("now", now))
            }
            one, other = (both[f"{name}_{side}"].sum(min_count=1) for side in ("then", "now"))
        else:
            one, other = (_ratio(both, name, side) for side in ("then", "now"))
        row |= {
            "groups_compared": len(both), "groups_not_compared": len(changes) - len(both), "like_then": one,
            "like_now": other, "like_change": other - one, "like_change_share": (other - one) / one if one else np.nan,
        }  # fmt: skip
        rows.append(row)
    return pd.DataFrame(rows)


def _ratio(both: pd.DataFrame, name: str, side: str) -> float:
    above, below = (both[f"{part}_{side}"].sum() for part in RATIO_OF[name])
    land = below * (float(M2_PER_MU) if name == "plot_ratio" else 1.0)
    return float(above / land) if land else float("nan")
