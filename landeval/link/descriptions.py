"""What a parcel's enterprises say of it: names, industry group, start of production."""

from __future__ import annotations

import pandas as pd

from landeval.standards.industries import group_of
from landeval.wording import joined


def describe(parcels: pd.DataFrame, enterprises: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return ``enterprise_names``, ``industry_group`` and ``production_started_on`` of every parcel.

    The group is that of the enterprises together, 、 between where they differ; production starts with the
    parcel's own date, else with the first of its enterprises.
    """
    group = enterprises["industry_code"].map(group_of)
    named = enterprises["name"].where(enterprises["name"].notna(), enterprises.index.to_series())
    said = pd.DataFrame({"name": named, "group": group, "started": enterprises["production_started_on"]})
    said = said.reindex(links["enterprise_id"]).set_axis(links.index)
    key = links["parcel_id"]
    started = (
        pd.to_datetime(said["started"].groupby(key).min()).astype("datetime64[s]").reindex(parcels.index)
    )
    own = parcels["production_started_on"]
    return pd.DataFrame(
        {
            "enterprise_names": joined(key, said["name"], most=5, counter="家").reindex(parcels.index),
            "industry_group": joined(key, said["group"]).reindex(parcels.index),
            "production_started_on": own.where(own.notna(), started),
        },
        index=parcels.index,
    ).astype({"enterprise_names": "object", "industry_group": "object"})
