"""How densely a parcel is built on: plot ratio, building factor, and the lower limit that holds for it."""

from __future__ import annotations

import pandas as pd

from landeval.units import M2_PER_MU


def of_written(parcels: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the ratios of what is written of a parcel's buildings; unknown where an operand is.

    Parameters
    ----------
    parcels : DataFrame
        ``area_mu``, ``floor_area_m2``, ``tall_floor_area_m2`` (storeys higher than 8 m), ``footprint_m2``,
        ``yard_m2``, ``contract_plot_ratio_min``, ``unused_separable_m2``.

    Returns
    -------
    dict
        ``plot_ratio``, ``plot_ratio_doubled``, ``building_factor_percent`` [%], ``plot_ratio_limit``,
        ``plot_ratio_limit_basis``, ``unused_basis``.
    """
    land = parcels["area_mu"].where(parcels["area_mu"] > 0) * float(M2_PER_MU)
    floor, tall = parcels["floor_area_m2"], parcels["tall_floor_area_m2"]
    limit = parcels["contract_plot_ratio_min"]
    nothing = pd.Series("", index=parcels.index, dtype="object")
    return {
        "plot_ratio": floor / land,
        "plot_ratio_doubled": (floor + tall) / land,
        "building_factor_percent": (parcels["footprint_m2"] + parcels["yard_m2"]) / land * 100,
        "plot_ratio_limit": limit.where(limit > 0),
        "plot_ratio_limit_basis": nothing.mask(limit > 0, "约定下限"),
        "unused_basis": nothing.mask(parcels["unused_separable_m2"].notna(), "填报"),
    }
