"""How densely a parcel is built on: plot ratio, building factor, unused land, and the lower limit that holds for it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from landeval import issues
from landeval.measure.built import LAYER
from landeval.sources import SOURCE_COLUMNS
from landeval.units import M2_PER_MU
from landeval.vocabulary.fields import label

WRITTEN = "填报"
DIFFERENCE, SLACK_M2 = 0.05, 1.0
"""A written and a measured figure that differ by more of the larger, and by more than a square metre, are told."""


def of_written(parcels: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the ratios of what is known of a parcel's buildings; unknown where an operand is.

    Parameters
    ----------
    parcels : DataFrame
        ``area_mu``, ``floor_area_m2``, ``tall_floor_area_m2`` (storeys higher than 8 m), ``footprint_m2``,
        ``yard_m2``, ``contract_plot_ratio_min``, ``unused_separable_m2``; ``unused_most_m2`` and
        ``unused_basis`` where they were measured.

    Returns
    -------
    dict
        ``plot_ratio``, ``plot_ratio_doubled``, ``building_density_percent`` (buildings alone) [%],
        ``building_factor_percent`` (with structures and open yards; unknown where these are) [%], ``plot_ratio_limit``,
        ``plot_ratio_limit_basis``, ``unused_most_m2``, ``unused_basis``.
    """
    land = parcels["area_mu"].where(parcels["area_mu"] > 0) * float(M2_PER_MU)
    floor, tall = parcels["floor_area_m2"], parcels["tall_floor_area_m2"]
    limit = parcels["contract_plot_ratio_min"]
    nothing = pd.Series("", index=parcels.index, dtype="object")
    return {
        "plot_ratio": floor / land,
        "plot_ratio_doubled": (floor + tall).mask(_too_tall(floor, tall)) / land,
        "building_density_percent": parcels["footprint_m2"] / land * 100,
        "building_factor_percent": (parcels["footprint_m2"] + parcels["yard_m2"]) / land * 100,
        "plot_ratio_limit": limit.where(limit > 0),
        "plot_ratio_limit_basis": nothing.mask(limit > 0, "约定下限"),
        "unused_most_m2": parcels["unused_most_m2"]
        if "unused_most_m2" in parcels
        else parcels["unused_separable_m2"],
        "unused_basis": parcels["unused_basis"]
        if "unused_basis" in parcels
        else nothing.mask(parcels["unused_separable_m2"].notna(), WRITTEN),
    }


def _too_tall(floor: pd.Series, tall: pd.Series) -> pd.Series:
    return tall > floor * (1 + 1e-9)


def settled(
    parcels: pd.DataFrame, figures: pd.DataFrame, unused_basis: str
) -> tuple[dict[str, Any], pd.DataFrame]:
    """Fill in from the building layers what is not written of a parcel, and tell where both differ.

    What is written stays. Floor area of high storeys is filled in only beside the floor area that it is part
    of: that of the layers, or a written one that agrees with it.
    Land free of buildings may be an open yard: it is unused at most, and at least what the written yard leaves of
    it; where the yard is unknown there is no least.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; ``floor_area_m2``, ``tall_floor_area_m2``, ``footprint_m2``,
        ``unused_separable_m2``, ``yard_m2`` as written [m²].
    figures : DataFrame
        The first three as measured, ``unused_most_m2``, ``footprint_basis``, ``floor_area_basis`` and ``buildings``; without
        columns where there is no building layer.
    unused_basis : str
        How unused land was measured.

    Returns
    -------
    dict, DataFrame of issues
        The columns to put on the parcels.
    """
    blank = pd.Series(float("nan"), index=parcels.index)
    names = ("footprint_m2", "floor_area_m2", "tall_floor_area_m2", "unused_separable_m2")
    measured = {name: figures.get(name, blank) for name in names}
    most = figures.get("unused_most_m2", blank)
    measured["unused_separable_m2"] = (most - parcels["yard_m2"]).clip(lower=0)
    written = {name: parcels[name].astype("float64") for name in names}
    differs = {name: _differ(written[name], measured[name]) for name in names[:3]}
    differs["unused_separable_m2"] = _differ(written["unused_separable_m2"], most) & (
        written["unused_separable_m2"] > most
    )
    columns: dict[str, Any] = {name: written[name].combine_first(measured[name]) for name in names}
    floor = written["floor_area_m2"]
    part = measured["tall_floor_area_m2"].where(
        floor.isna() | (measured["floor_area_m2"].notna() & ~differs["floor_area_m2"])
    )
    part = part.where(floor.isna(), part.clip(upper=floor))
    columns["tall_floor_area_m2"] = written["tall_floor_area_m2"].combine_first(part)
    nothing = pd.Series("", index=parcels.index, dtype="object")
    for name, basis in (("footprint_m2", "footprint_basis"), ("floor_area_m2", "floor_area_basis")):
        said = figures.get(basis, nothing)
        columns[basis] = said.mask(written[name].notna(), WRITTEN).astype("object")
    columns["unused_most_m2"] = written["unused_separable_m2"].combine_first(most)
    unused = nothing.mask(most.notna(), unused_basis)
    columns["unused_basis"] = unused.mask(written["unused_separable_m2"].notna(), WRITTEN)
    rows = figures.get("buildings", nothing)
    columns["buildings"] = rows.astype("object")
    place = list(SOURCE_COLUMNS)
    noted = []
    for name, both in differs.items():
        if not both.any():
            continue
        told = (
            most.map("图层推算至多 {:,.1f} ㎡".format)
            if name == "unused_separable_m2"
            else measured[name].map("图层推算 {:,.1f} ㎡".format)
        )
        drawn = told[both] + ("（" + rows[both] + "）").where(rows[both] != "", "")
        noted.append(issues.report("E465", parcels.loc[both, place], column=label(name), raw=_figure(written[name][both]),
                                   used=_figure(written[name][both]), detail=drawn, key=parcels.index[both]))  # fmt: skip
    tall = columns["tall_floor_area_m2"]
    over = _too_tall(columns["floor_area_m2"], tall)
    noted.append(
        issues.report("E469", parcels.loc[over, place], column=label("tall_floor_area_m2"), raw=_figure(tall[over]), used="未知",
                      detail=columns["floor_area_m2"][over].map("总建筑面积 {:,.1f} ㎡".format), key=parcels.index[over])
    )  # fmt: skip
    return columns, issues.gather(noted)


def from_layers(parcels: pd.DataFrame) -> dict[str, pd.Series]:
    """Return, for each figure that is cited beside a verdict, the building rows where it was taken from layers."""
    bases = {
        "floor_area_m2": "floor_area_basis",
        "footprint_m2": "footprint_basis",
        "unused_separable_m2": "unused_basis",
    }
    return {
        name: parcels["buildings"].where(parcels[basis].str.startswith(LAYER), "")
        for name, basis in bases.items()
    }


def _differ(written: pd.Series, measured: pd.Series) -> pd.Series:
    larger = pd.concat([written, measured], axis=1).max(axis=1)
    gap = (written - measured).abs()
    return (gap > DIFFERENCE * larger) & (gap > SLACK_M2)


def _figure(values: pd.Series) -> pd.Series:
    return values.map("{:.10g}".format)
