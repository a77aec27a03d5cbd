"""Which plots lie inside, outside or across a boundary, and what a proposed boundary changes (调区扩区)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from landeval.judge.findings import compare
from landeval.land_supply import (
    ACROSS,
    APPROVED_BOUNDARY,
    AREA_DECIMALS,
    INSIDE,
    OUTSIDE,
    PROPOSED_BOUNDARY,
    UNDECIDED,
)
from landeval.standards.rule import Rule
from landeval.units import round_half_up

SAME, TAKEN_IN, LEFT_OUT, PARTLY_CHANGED = "不变", "调入", "调出", "部分调整"
COLUMNS = ("plot_id", "boundary_kind", "supply_stage", "plot_area_mu", "boundary_share", "boundary_in_mu",
           "boundary_out_mu", "boundary_position", "boundary_change")  # fmt: skip


def positions(shares: pd.DataFrame, sliver: Rule) -> pd.DataFrame:
    """Call each plot 界内, 界外 or 跨界; a part as small as a sliver does not make it 跨界.

    Parameters
    ----------
    shares : DataFrame
        Index ``plot_id``, a column a boundary: share inside, NaN unknown.
    sliver : Rule
        ``supply.boundary_sliver`` [%].
    """
    told = {}
    for name in shares:
        inside, outside = shares[name] * 100, (1 - shares[name]) * 100
        small = [compare(part, sliver.operator, sliver.number, sliver.decimals) for part in (outside, inside)]
        said = np.select([shares[name].isna(), *small], [UNDECIDED, INSIDE, OUTSIDE], default=ACROSS)
        told[name] = pd.Series(said, index=shares.index, dtype="object")
    return pd.DataFrame(told, index=shares.index)


def boundary_rows(plots: pd.DataFrame, shares: pd.DataFrame, rules: Mapping[str, Rule]) -> pd.DataFrame:
    """Return one row a plot and boundary, with the land inside and outside; the two add up to the plot's.

    Parameters
    ----------
    plots : DataFrame
        Index ``plot_id``; ``plot_area_mu`` [亩], ``supply_stage``.
    shares : DataFrame
        As for ``positions``.
    rules : Mapping

    Returns
    -------
    DataFrame
        ``COLUMNS``; ``boundary_change`` only beside the proposed boundary, where there is an approved one too.
    """
    sliver = rules["supply.boundary_sliver"]
    position = positions(shares, sliver)
    scale, land = 10**AREA_DECIMALS, plots["plot_area_mu"]
    whole = round_half_up(land * scale, 0)
    parts = []
    for name in shares:
        inside = round_half_up(land * shares[name] * scale, 0)
        change: pd.Series | str = ""
        if name == PROPOSED_BOUNDARY and APPROVED_BOUNDARY in shares:
            change = _changes(shares, position, sliver)
        parts.append(
            plots[["supply_stage", "plot_area_mu"]].assign(
                boundary_kind=str(name),
                boundary_share=shares[name],
                boundary_in_mu=inside / scale,
                boundary_out_mu=(whole - inside) / scale,
                boundary_position=position[name],
                boundary_change=change,
            )
        )
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(parts).rename_axis("plot_id").reset_index()[list(COLUMNS)]


def _changes(shares: pd.DataFrame, position: pd.DataFrame, sliver: Rule) -> pd.Series:
    """Say what the proposed boundary does to each plot."""
    before, after = position[APPROVED_BOUNDARY], position[PROPOSED_BOUNDARY]
    moved = (shares[PROPOSED_BOUNDARY] - shares[APPROVED_BOUNDARY]).abs() * 100
    alike = (before == after) & (
        (before != ACROSS) | compare(moved, sliver.operator, sliver.number, sliver.decimals)
    )
    cases = [(before == UNDECIDED) | (after == UNDECIDED), alike,
             (before == OUTSIDE) & (after == INSIDE), (before == INSIDE) & (after == OUTSIDE)]  # fmt: skip
    said = np.select(cases, [UNDECIDED, SAME, TAKEN_IN, LEFT_OUT], default=PARTLY_CHANGED)
    return pd.Series(said, index=shares.index, dtype="object")
