"""Figures of the industry groups of a year: sums, ratios Σ ÷ Σ over what is known, shares, and how much that covers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from landeval import issues
from landeval.measure.per_mu import per_mu
from landeval.result import MONEY
from landeval.standards.industries import UNKNOWN, UNLISTED, group_names, role_of
from landeval.standards.rule import BASES

WHOLE = "合计"
REVENUE = "revenue_wan_yuan"
_COUNTS = ("industry_firms", "industry_above_scale", "industry_scale_unknown", "industry_area_known")


def with_own_groups(
    groups: pd.Series, names: pd.Series, own: Mapping[str, str]
) -> tuple[pd.Series, pd.DataFrame]:
    """Put the bureau's own groups of single enterprises over those of their codes.

    Parameters
    ----------
    groups, names : Series
        Index ``enterprise_id``.
    own : Mapping
        Enterprise id (credit code) or name → group.

    Returns
    -------
    Series, DataFrame
        The groups, and a notice of every entry that is no enterprise of the table.
    """
    said = pd.Series(
        [own.get(str(key), own.get(str(name))) for key, name in zip(names.index, names, strict=True)],
        index=names.index,
        dtype="object",
    )
    lost = [key for key in own if key not in names.index and not (names == key).any()]
    told = [issues.report_file("E532", "landeval.toml", column="企业归类", detail=key) for key in lost]
    return said.where(said.notna(), groups), issues.gather(told)


def industry_figures(figures: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Sum the enterprises of a year by industry group.

    A sum is over the enterprises whose figure is known, and says of how many; a ratio is Σ money ÷ Σ land over those
    whose money and land are both known, and says which share of the group's known land that is. A share of output or revenue
    is of the enterprises whose group and figure are known: 未知 and 未列入门类 stand apart and have no share.

    Parameters
    ----------
    figures : DataFrame
        Index ``enterprise_id``; ``MONEY`` and revenue [万元] of the year, ``area_mu`` [亩], ``is_above_scale``, ``has_year``
        (enterprises without a row of the year are left out).
    groups : Series
        Group of each enterprise.

    Returns
    -------
    DataFrame
        One row a group, the plan's five first, then the others, the unlisted, the unknown and all together.
    """
    present = figures[figures["has_year"].astype(bool)]
    group = groups.reindex(present.index)
    order = [*group_names(), *(name for name in (UNLISTED, UNKNOWN) if (group == name).any())]
    by_group = _sums(present, group).reindex(order)
    whole = _sums(present, pd.Series(WHOLE, index=present.index)).reindex([WHOLE])
    counts = [*_COUNTS, *(f"industry_known_{money.removesuffix('_wan_yuan')}" for money in (*MONEY, REVENUE))]
    table = pd.concat([by_group, whole])
    table[counts] = table[counts].fillna(0)
    named = table.index.isin(group_names())
    for money, short in ((MONEY[1], "output"), (REVENUE, "revenue")):
        part = table[money].where(named)
        table[f"industry_{short}_share"] = part / part.sum() if part.sum() > 0 else float("nan")
    for money in MONEY:
        short = money.removesuffix("_wan_yuan")
        table[f"{money}_per_mu"] = per_mu(table[f"both_money_{short}"], table[f"both_land_{short}"])
        table[f"industry_cover_{short}"] = per_mu(table[f"both_land_{short}"], table["industry_area_mu"])
    shown = table.drop(columns=[name for name in table.columns if str(name).startswith("both_")])
    shown = shown.rename_axis("industry_group").reset_index()
    roles = shown["industry_group"].map(role_of)
    return shown.assign(industry_role=roles, basis=BASES["proposal"]).astype(dict.fromkeys(counts, "int64"))


def _sums(rows: pd.DataFrame, key: pd.Series) -> pd.DataFrame:
    by = rows.groupby(key)
    scale = rows["is_above_scale"].astype("object")
    table = pd.DataFrame(
        {
            "industry_firms": by.size(),
            "industry_above_scale": (scale == True).groupby(key).sum(),  # noqa: E712
            "industry_scale_unknown": scale.isna().groupby(key).sum(),
            "industry_area_mu": by["area_mu"].sum(min_count=1),
            "industry_area_known": by["area_mu"].count(),
        }
    )
    for money in (*MONEY, REVENUE):
        short = money.removesuffix("_wan_yuan")
        table[money] = by[money].sum(min_count=1).round(6)
        table[f"industry_known_{short}"] = by[money].count()
        both = rows[money].notna() & (rows["area_mu"] > 0)
        table[f"both_money_{short}"] = rows[money].where(both).groupby(key).sum(min_count=1)
        table[f"both_land_{short}"] = rows["area_mu"].where(both).groupby(key).sum(min_count=1)
    return table
