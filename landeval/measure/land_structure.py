"""The land of the park and of each zone by 产业, 公共服务, 商居物流, 生态, roads, other land and unknown use."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from landeval.result import LEVELS, OUTSIDE
from landeval.standards.land_groups import UNKNOWN, group_of_use, land_groups, plan_groups
from landeval.standards.rule import BASES

CODES = dict(zip(LEVELS, ("cluster_code", "base_code", "community_code"), strict=True))
PARK = ("园区", "全园区", "全园区")


def land_structure(
    parcels: pd.DataFrame, zones: pd.DataFrame, references: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Sum the parcels' land by zone and group.

    Only land that is drawn or listed as a parcel is counted: roads and green land without a parcel are not in the sum.

    Parameters
    ----------
    parcels : DataFrame
        ``land_use``, ``area_mu`` [亩], ``cluster_code``, ``base_code``, ``community_code``.
    zones : DataFrame
        ``zone_level``, ``zone_code``, ``zone_name`` in the order wanted, with the bucket outside each level.
    references : Mapping, optional
        Group → share [%] that the bureau compares with.

    Returns
    -------
    DataFrame
        One row a zone and group (the plan's four always, the others where the park has such land): ``land_parcels``, ``area_mu``,
        ``land_no_area``, ``land_share_known`` (of the land whose use is known), ``land_share_all``, ``land_reference`` and
        ``land_gap`` where a reference is given.

    Notes
    -----
    洞政办发〔2021〕60号 四-2. Which class is of which group is a proposal (``standards/land_groups.toml``).
    """
    uses = {use: group_of_use(use) for use in parcels["land_use"].dropna().unique()}
    told = [uses.get(use, UNKNOWN) for use in parcels["land_use"]]
    group = pd.Series(told, index=parcels.index, dtype="object")
    given = pd.Series(dict(references or {}), dtype="float64") / 100
    present = set(group)
    kept = [name for name in land_groups() if name in plan_groups() or name in present]
    parts = []
    for level, code, name in zip(zones["zone_level"], zones["zone_code"], zones["zone_name"], strict=True):
        if level in CODES:
            own = parcels[CODES[level]]
            inside = own.isna() if code == OUTSIDE.format(level=level) else own == code
        else:
            inside = pd.Series(True, index=parcels.index)
        parts.append(_of_zone(parcels[inside], group[inside], kept, given).assign(zone_level=level, zone_code=code, zone_name=name))  # fmt: skip
    table = pd.concat(parts, ignore_index=True).assign(basis=BASES["proposal"])
    leading = ["zone_level", "zone_code", "zone_name"]
    return table[[*leading, *table.columns.difference(leading, sort=False)]]


def _of_zone(parcels: pd.DataFrame, group: pd.Series, kept: list[str], given: pd.Series) -> pd.DataFrame:
    area = parcels["area_mu"]
    found = pd.DataFrame(
        {
            "land_parcels": group.groupby(group).size(),
            "area_mu": area.groupby(group).sum(min_count=1),
            "land_no_area": area.isna().groupby(group).sum(),
        }
    )
    table = found.reindex(kept)
    counts = ["land_parcels", "land_no_area"]
    table[counts] = table[counts].fillna(0).astype("int64")
    table["area_mu"] = table["area_mu"].mask(table["land_parcels"] == 0, 0.0)
    is_known = table.index != UNKNOWN
    known, whole = float(table["area_mu"][is_known].sum()), float(table["area_mu"].sum())
    share = table["area_mu"].where(is_known) / (known or np.nan)
    reference = given.reindex(table.index)
    return table.assign(
        land_share_known=share,
        land_share_all=table["area_mu"] / (whole or np.nan),
        land_reference=reference,
        land_gap=share - reference,
    ).rename_axis("land_group").reset_index()  # fmt: skip
