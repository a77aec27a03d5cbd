"""An enterprise's actual land: 登记 + 已占用未登记 + 承租 − 出租."""

from __future__ import annotations

import pandas as pd

from landeval.result import OWN
from landeval.units import to_mu

PARTS = ("land_registered_mu", "land_occupied_mu", "land_leased_mu", "land_let_mu")


def actual_land(
    links: pd.DataFrame, area_mu: pd.Series, years: pd.DataFrame, year: int | None, index: pd.Index
) -> pd.DataFrame:
    """Return each enterprise's land [亩] and its four parts (STANDARDS §5.3, 实际用地).

    Registered is the whole of the parcels that it holds, let what others have of them, leased its part of
    parcels that others hold. Where no link says what it lets or leases, its own statement of the year does;
    land occupied without registration is always its own statement. Of one parcel it leases no more than it says
    it does, whoever has the rest. A parcel of unknown area among its own makes the sum unknown.

    Parameters
    ----------
    links : DataFrame
        Tied links: ``parcel_id``, ``enterprise_id``, ``mode``, ``link_area_mu``.
    area_mu : Series
        Of each parcel.
    years : DataFrame
        ``enterprise_id``, ``year``, stated areas [㎡].
    year : int or None
    index : Index
        The enterprises wanted.

    Returns
    -------
    DataFrame
        Index ``index``: ``PARTS`` and ``area_mu``; NaN where an enterprise has no land at all.
    """
    own = links["mode"] == OWN
    whole = links["parcel_id"].map(area_mu).astype("float64")
    firm = links["enterprise_id"]

    def total(amount: pd.Series, mask: pd.Series) -> pd.Series:
        grouped = amount[mask].groupby(firm[mask])
        return grouped.sum().where(grouped.count() == grouped.size()).reindex(index)

    linked = pd.DataFrame(
        {
            "land_registered_mu": total(whole, own),
            "land_leased_mu": total(links["link_area_mu"], ~own),
            "land_let_mu": total(whole - links["link_area_mu"], own),
        }
    )
    current = years[years["year"] == year] if year is not None else years.head(0)
    names = ["area_occupied_m2", "area_leased_in_m2", "area_leased_out_m2"]
    stated = current.groupby("enterprise_id")[names].max().reindex(index).apply(to_mu)
    single = firm[~own].value_counts().reindex(index) == 1
    leased = linked["land_leased_mu"]
    said = stated["area_leased_in_m2"]
    linked["land_leased_mu"] = leased.mask(single & (said > 0) & (said < leased), said)
    has_own, leases = (index.isin(firm[mask]) for mask in (own, ~own))
    lets = linked["land_let_mu"] > 1e-9
    parts = pd.DataFrame(
        {
            "land_registered_mu": linked["land_registered_mu"].where(has_own, 0.0),
            "land_occupied_mu": stated["area_occupied_m2"].fillna(0.0),
            "land_leased_mu": linked["land_leased_mu"].where(leases, stated["area_leased_in_m2"].fillna(0.0)),
            "land_let_mu": linked["land_let_mu"].where(lets, stated["area_leased_out_m2"].fillna(0.0)),
        }
    )
    unknown = has_own & linked["land_registered_mu"].isna()
    parts["land_let_mu"] = parts["land_let_mu"].mask(~pd.Series(has_own, index=index), 0.0)
    area = (
        parts["land_registered_mu"]
        + parts["land_occupied_mu"]
        + parts["land_leased_mu"]
        - parts["land_let_mu"]
    )
    nothing = (parts == 0).all(axis=1)
    parts = parts.mask(nothing)
    return parts.assign(area_mu=area.mask(nothing | unknown | (area <= 0)))
