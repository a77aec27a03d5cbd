"""Sum the figures of 指数数据表 from the run's own parcels, as far as they are known, and settle them with the written ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from landeval import issues
from landeval.sources import SOURCE_COLUMNS
from landeval.units import MU_PER_HECTARE, round_half_up
from landeval.vocabulary.land_status import ADDED, GROWTH, MAIN, OFFICIAL, REGIONS, items

DIFFERENCE = 0.01
"""Share by which a written figure may differ from a summed one before it is told."""
STORAGE = "仓储|采矿|工矿"
"""Uses that belong to 工矿仓储用地 beside industrial land."""
RECOGNISED, TAKEBACK = "闲置(已认定)", "无偿收回"
_YEARS_BACK = {"S1": 0, "S2": 1, "S3": 2, "S4": 3, "S5": 4}
_COMPLETION = ("actual_completion", "production_started_on")
_ZONES = ("cluster", "base", "community")


@dataclass(frozen=True)
class Sum:
    """One sum over parcels: the known part, how many parcels are left out of it, and how it was made."""

    known: float
    unknown: int
    how: str

    @property
    def value(self) -> float:
        """The sum; NaN where some parcel's part is unknown."""
        return self.known if self.unknown == 0 else float("nan")


def in_growth(parcels: pd.DataFrame, zones: Sequence[str]) -> pd.Series:
    """Tell which parcels lie in the zones (codes or names of any level) that make up 发展方向区."""
    named = [parcels[f"{level}_{part}"].isin(list(zones)) for level in _ZONES for part in ("code", "name")
             if f"{level}_{part}" in parcels]  # fmt: skip
    return pd.concat(named, axis=1).any(axis=1) if named else pd.Series(False, index=parcels.index)


def summed(
    parcels: pd.DataFrame, status: pd.DataFrame, is_asked: pd.Series, year: int | None, as_of: dt.date
) -> dict[str, Sum]:
    """Sum what the parcels say of the items; a part that is unknown leaves the sum unknown, with its known part.

    Parameters
    ----------
    parcels : DataFrame
        Of one region, index ``parcel_id``, as in ``Result``.
    status : DataFrame
        Their classes and routes.
    is_asked : Series of bool
        Whether some table has a column for the day of completion of the parcel: then a blank means not finished.
    year : int or None
        The data year.
    as_of : date

    Returns
    -------
    dict
        By code, in the units of the form. Roads, green and other land that is no parcel are in none of the sums, so
        A and D, B and E are not summed at all.
    """
    day = pd.Timestamp(as_of)
    area = parcels["area_mu"].astype("float64") / float(MU_PER_HECTARE)
    use = parcels["land_use"].fillna("").astype(str)
    industry = (parcels["is_industrial"] == True) | use.str.contains(STORAGE)  # noqa: E712 (three-valued)
    may_be_industry = industry | parcels["is_industrial"].isna()
    done = (parcels[list(_COMPLETION)] <= day).any(axis=1) | (parcels["output_wan_yuan"] > 0)
    unread = parcels["unsure_dates"].fillna("").astype(str).str.contains("|".join(_COMPLETION))
    open_ = ~done & (unread | ~is_asked.reindex(parcels.index).fillna(False).astype(bool))
    sure, unsure = industry & done, may_be_industry & (done | open_) & ~(industry & done)
    built = "已竣工、已投产或有产值的工矿仓储宗地"

    def over(values: pd.Series, what: str) -> Sum:
        part = values.astype("float64").where(sure)
        gone = int((sure & part.isna()).sum() + unsure.sum())
        return Sum(float(part.sum()), gone, f"{built} {int(sure.sum())} 宗的{what}之和")

    found = {
        "A2": over(area, "评价面积"),
        "J3": over(parcels["floor_area_m2"], "建筑面积"),
        "J4": over(parcels["footprint_m2"], "建筑占地"),
        "Z1": over(parcels["investment_wan_yuan"], "累计固定资产投资"),
        "Z2": over(parcels["tax_wan_yuan"], "入库税收"),
    }
    idle = status["status"].reindex(parcels.index) == RECOGNISED
    suspected = area[status["status"].reindex(parcels.index).fillna("").str.startswith("涉嫌闲置")].sum()
    found["G"] = Sum(float(area[idle].sum()), int(area[idle].isna().sum()),
                     f"闲置(已认定)宗地 {int(idle.sum())} 宗的面积；涉嫌闲置的 {suspected:.4f} 公顷没有计入")  # fmt: skip
    back = idle & status["route"].reindex(parcels.index).fillna("").str.startswith(TAKEBACK)
    found["G1"] = Sum(
        float(area[back].sum()),
        int(area[back].isna().sum()),
        f"其中处置途径为无偿收回的 {int(back.sum())} 宗",
    )
    if year is not None:
        signed = parcels["signed_on"]
        for code, ago in _YEARS_BACK.items():
            mine = signed.dt.year == year - ago
            gone = int(signed.isna().sum() + area[mine].isna().sum())
            found[code] = Sum(
                float(area[mine].sum()),
                gone,
                f"{year - ago} 年签订合同的宗地 {int(mine.sum())} 宗的面积（只含宗地）",
            )
    return found


def settled(
    written: pd.DataFrame, sums: dict[str, dict[str, Sum]], why_no_sums: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take the written figure where there is one, else the sum, and say of every figure where it comes from.

    Parameters
    ----------
    written : DataFrame
        Of ``tidy.land_status``: one row a region and item.
    sums : dict
        Region → code → sum.
    why_no_sums : str
        Said where nothing was written and nothing summed.

    Returns
    -------
    DataFrame, DataFrame of issues
        ``written`` with ``status_item``, ``status_unit``, ``status_value``, ``status_summed``, ``status_known``,
        ``status_difference``, ``status_how``; and an issue where both differ.
    """
    each = [
        sums.get(region, {}).get(code)
        for region, code in zip(written["index_region"], written["status_code"], strict=True)
    ]
    whole = pd.Series([np.nan if one is None else one.value for one in each], index=written.index)
    known = pd.Series([np.nan if one is None else one.known for one in each], index=written.index)
    gone = pd.Series([0 if one is None else one.unknown for one in each], index=written.index)
    how = pd.Series(["" if one is None else one.how for one in each], index=written.index, dtype="object")
    units = written["status_code"].map(lambda code: items()[code].unit)
    given = written["status_written"]
    is_blank = given.isna() & ~written["is_filled"].astype(bool)
    taken = is_blank & whole.notna()
    value = given.where(~taken, whole)
    part = "已知部分 " + known.map("{:.10g}".format) + "，另有 " + gone.astype(str) + " 宗不明"
    place = written["source_file"].fillna("").astype(str) + written["source_row"].map(
        lambda row: f"第 {int(row)} 行" if row == row else ""
    )
    origin = written["status_origin"].fillna("").astype(str)
    is_sum = origin == ADDED
    words = np.select(
        [is_sum & given.notna(), given.notna(), taken, is_blank & (gone > 0), is_blank],
        ["数据表各分项之和", "数据表：" + place + ("（" + origin + "）").where(origin != "", ""), "按宗地汇总：" + how,
         "未知：" + how + "，" + part, "未知：数据表空白" + ("，" + why_no_sums if why_no_sums else "")],
        default="未知：" + written["status_why"].fillna("").astype(str),
    )  # fmt: skip
    beside = given.notna() & how.ne("") & ~is_sum
    compared = "；按宗地汇总 " + whole.map("{:.10g}".format).where(whole.notna(), part) + "（" + how + "）"
    said = pd.Series(words, index=written.index, dtype="object")
    figures = written.assign(
        status_item=written["status_code"].map(lambda code: items()[code].label),
        status_unit=units,
        status_value=value,
        status_summed=whole,
        status_known=known.where(whole.isna()),
        status_difference=round_half_up(given - whole, 6),
        status_how=said + compared.where(beside, ""),
    )
    larger = pd.concat([given.abs(), whole.abs()], axis=1).max(axis=1)
    differs = given.notna() & (
        ((given - whole).abs() > DIFFERENCE * larger) | (known > given * (1 + DIFFERENCE))
    )
    rows = figures[differs & figures["source_row"].notna()]
    told = issues.report(
        "E512", rows[list(SOURCE_COLUMNS)], column=rows["index_region"], raw=rows["status_written"].map("{:.10g}".format),
        used=rows["status_written"].map("{:.10g}".format), detail=("按宗地汇总 " + whole.map("{:.10g}".format).where(whole.notna(), part) + "（" + how + "）")[rows.index],
        key=rows["status_code"] + " " + rows["status_item"],
    )  # fmt: skip
    return figures, told


def regions_of(figures: pd.DataFrame, has_zones: bool) -> list[str]:
    """Return the regions that are scored: the main one always, 发展方向区 where anything is known of it."""
    mine = (figures["index_region"] == GROWTH) & (figures["status_code"] != OFFICIAL)
    growth = figures.loc[mine, "status_value"].notna().any() or figures.loc[mine, "is_filled"].any()
    return list(REGIONS) if growth or has_zones else [MAIN]
