"""The lower limit of plot ratio that a parcel's industries have, where its contract agrees none."""

from __future__ import annotations

import pandas as pd

from landeval.standards.rule import BASES, UNSURE
from landeval.wording import joined

BASIS = "行业控制指标"
UNLIKE = "宗地上各企业的行业下限不同"


def with_industry_limit(
    parcels: pd.DataFrame, limits: pd.DataFrame, links: pd.DataFrame
) -> dict[str, pd.Series]:
    """Return the limits with those of the industries where the contract has none; all of a parcel's firms must agree.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; ``plot_ratio_limit`` and ``plot_ratio_limit_basis`` as agreed.
    limits : DataFrame
        Index ``enterprise_id``; as made by ``plot_ratio_limits``.
    links : DataFrame
        Ties only: ``parcel_id``, ``enterprise_id``.

    Returns
    -------
    dict
        ``plot_ratio_limit`` and ``plot_ratio_limit_basis``, which where there is no limit says why.

    Notes
    -----
    《工业项目建设用地控制指标》, or the bureau's own table.
    """
    key = links["parcel_id"]
    each = limits.reindex(links["enterprise_id"]).set_axis(links.index)
    found = each["limit"].groupby(key).agg(["size", "count", "min", "max"])
    is_one = (found["count"] == found["size"]) & (found["min"] == found["max"])
    limit = found["min"].where(is_one).reindex(parcels.index)
    unsure = each["basis"].map({basis: f"；{BASES[basis]}" for basis in UNSURE}).fillna("")
    reason = each["reason"].astype("object")
    known = each["limit"].notna()
    with_limit = joined(key, (reason + unsure).where(known))
    without = joined(key, reason.where(~known))
    told = (BASIS + "（" + with_limit + "）").reindex(parcels.index).where(limit.notna())
    why = without.reindex(parcels.index)
    why = why.where(why.notna(), UNLIKE).where(parcels.index.isin(found.index), "")
    said = told.where(told.notna(), why)
    agreed = parcels["plot_ratio_limit"]
    return {
        "plot_ratio_limit": agreed.where(agreed.notna(), limit),
        "plot_ratio_limit_basis": parcels["plot_ratio_limit_basis"]
        .where(agreed.notna(), said)
        .astype("object"),
    }
