"""What a run itself knows of the plan's targets: stands beside the actuals, with what it covers, and never replaces them."""

from __future__ import annotations

import pandas as pd

from landeval.measure.industry_figures import WHOLE
from landeval.result import MONEY
from landeval.standards.targets import PARK

COLUMNS = ("own", "target_object", "year", "value", "unit", "covers")


def own_figures(parcels: pd.DataFrame, industries: pd.DataFrame, year: int | None) -> pd.DataFrame:
    """Return the figures of the data year that resemble a target.

    Parameters
    ----------
    parcels : DataFrame
        ``is_new_industrial``, ``area_mu`` [亩], ``MONEY`` [万元] of the year.
    industries : DataFrame
        As made by ``industry_figures``.
    year : int or None
        None: there is no figure of any year.

    Returns
    -------
    DataFrame
        ``own`` (the key that a quantity names), ``target_object``, ``year``, ``value`` in ``unit``, ``covers``.
    """
    if year is None:
        return pd.DataFrame(columns=list(COLUMNS))
    rows = [*_of_new_land(parcels), *_of_industries(industries)]
    table = pd.DataFrame(rows, columns=["own", "target_object", "value", "unit", "covers"])
    table = table.assign(year=year)[list(COLUMNS)]
    return table[table["value"].notna()].reset_index(drop=True)


def _of_new_land(parcels: pd.DataFrame) -> list[tuple[str, str, float, str, str]]:
    new = parcels[parcels["is_new_industrial"] == True]  # noqa: E712
    land = new["area_mu"]
    unsure = int(parcels["is_new_industrial"].isna().sum())
    rows = []
    for money in MONEY:
        short = money.removesuffix("_wan_yuan")
        known = new[money].notna() & (land > 0)
        area = float(land[known].sum())
        covers = f"新增工业用地 {len(new)} 宗 {land.sum():,.1f} 亩，其中金额已知 {int(known.sum())} 宗 {area:,.1f} 亩"
        covers += f"；另有 {unsure} 宗不知是否新增" if unsure else ""
        ratio = float(new.loc[known, money].sum()) / area if area else float("nan")
        rows.append((f"new_land.{short}", PARK, ratio, "万元/亩", f"{covers}；Σ金额 ÷ Σ用地"))
    return rows


def _of_industries(industries: pd.DataFrame) -> list[tuple[str, str, float, str, str]]:
    by = industries.set_index("industry_group")
    whole = by.loc[WHOLE].to_dict()
    firms, tax = int(whole["industry_firms"]), int(whole["industry_known_tax"])
    rows = [("tax", PARK, float(whole[MONEY[2]]), "万元", f"企业表 {firms} 家中 {tax} 家入库税收之和，不是全口径")]  # fmt: skip
    named = by[by["industry_role"] != ""]
    revenue = int(whole["industry_known_revenue"])
    for name, output, known, count, share in zip(
        named.index, named[MONEY[1]], named["industry_known_output"], named["industry_firms"],
        named["industry_revenue_share"], strict=True,
    ):  # fmt: skip
        rows.append(
            ("output", str(name), float(output), "万元", f"企业表该门类 {count} 家中 {known} 家产值之和")
        )
        said = f"企业表 {firms} 家中 {revenue} 家营业收入已知；门类未知的不在分母"
        rows.append(("revenue_share", str(name), float(share) * 100, "%", said))
    return rows
