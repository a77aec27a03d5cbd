"""How long ago plots were approved and supplied: days, full years, and the bands they are shown in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landeval.land_supply import AREA_DECIMALS, BANDS, EVERY_STAGE, PARTLY, UNDECIDED, UNSUPPLIED
from landeval.result import LEVELS
from landeval.timeline import days_past, full_months
from landeval.units import round_half_up

PARK, NOWHERE, ALL = "园区", "不在任何分区，或没有写明", "合计"
_ZONE = dict(zip(LEVELS, ("cluster_name", "base_name", "community_name"), strict=True))
_SCALE = 10**AREA_DECIMALS


def ages(plots: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the ages of plots; a day after ``as_of`` has not come and gives none.

    Parameters
    ----------
    plots : DataFrame
        Index ``plot_id``; ``approved_on``, ``supplied_on``, ``supply_stage``.
    as_of : Timestamp

    Returns
    -------
    DataFrame
        ``days_since_approval`` [day], ``years_since_approval`` [full years], the same since supply, and ``age_band`` by the
        age that goes with the stage: since approval where nothing is supplied, else since supply.
    """
    told = {}
    for what, name in (("approval", "approved_on"), ("supply", "supplied_on")):
        day = plots[name].where(plots[name] <= as_of)
        told[f"days_since_{what}"] = days_past(day, as_of)
        told[f"years_since_{what}"] = np.floor(full_months(day, as_of) / 12).clip(lower=0)
    frame = pd.DataFrame(told, index=plots.index)
    waiting = plots["supply_stage"].isin(UNSUPPLIED) | (
        (plots["supply_stage"] == UNDECIDED) & plots["supplied_on"].isna()
    )
    years = frame["years_since_approval"].where(waiting, frame["years_since_supply"])
    band = np.select([years < 1, years < 2, years < 5, years >= 5], BANDS[:4], default=BANDS[4])
    return frame.assign(age_band=pd.Series(band, index=plots.index, dtype="object"))


def exact_sum(area_mu: pd.Series) -> float:
    """Sum the known land in whole 0.0001 亩, so that parts add up to the whole; unknown where all of it is.

    Examples
    --------
    >>> exact_sum(pd.Series([0.1, 0.2, None])), 0.1 + 0.2
    (0.3, 0.30000000000000004)
    >>> exact_sum(pd.Series([], dtype="float64")), exact_sum(pd.Series([None], dtype="float64"))
    (0.0, nan)
    """
    known = area_mu.dropna()
    return (
        float("nan")
        if len(area_mu) and not len(known)
        else float(round_half_up(known * _SCALE, 0).sum()) / _SCALE
    )


def _totals(plots: pd.DataFrame, by: str, names: tuple[str, ...], *, every: bool) -> list[dict[str, object]]:
    """Count plots and land by the names of a column, then all of them; left-over land is that of 用而未尽 only."""
    rows: list[dict[str, object]] = []
    for name in (*names, ALL):
        part = plots if name == ALL else plots[plots[by] == name]
        if len(part) or every or name == ALL:
            land = part["plot_area_mu"]
            left = part.loc[part["supply_stage"] == PARTLY, "plot_unused_mu"]
            rows.append(
                {
                    by: name,
                    "plots_count": len(part),
                    "plot_area_mu": exact_sum(land),
                    "plots_without_area": int(land.isna().sum()),
                    "plot_unused_mu": exact_sum(left) if len(left) else float("nan"),
                    "plots_without_unused": int(left.isna().sum()),
                }
            )
    return rows


def stage_totals(plots: pd.DataFrame) -> pd.DataFrame:
    """Sum the plots by stage, for the park and for every zone of the three levels.

    Parameters
    ----------
    plots : DataFrame
        ``supply_stage``, ``plot_area_mu``, ``plot_unused_mu`` [亩], ``cluster_name``, ``base_name``, ``community_name``.

    Returns
    -------
    DataFrame
        ``stage_level``, ``stage_zone``, ``supply_stage``, ``plots_count``, ``plot_area_mu``, ``plots_without_area``,
        ``plot_unused_mu``, ``plots_without_unused``; stages without plots only for the park. Every level adds up to the park.
    """
    rows = [
        {"stage_level": PARK, "stage_zone": PARK} | row
        for row in _totals(plots, "supply_stage", EVERY_STAGE, every=True)
    ]
    for level, column in _ZONE.items():
        named = plots[column].astype("object").where(plots[column].notna(), NOWHERE)
        for zone in sorted(set(named), key=lambda name: (name == NOWHERE, name)):
            here = _totals(plots[named == zone], "supply_stage", EVERY_STAGE, every=False)
            rows += [{"stage_level": level, "stage_zone": zone} | row for row in here]
    return pd.DataFrame(rows)


def age_totals(plots: pd.DataFrame) -> pd.DataFrame:
    """Sum the plots of every stage by band of age; columns as in ``stage_totals``, with ``age_band``."""
    parts = []
    for stage in EVERY_STAGE:
        rows = _totals(plots[plots["supply_stage"] == stage], "age_band", BANDS, every=True)
        parts += [{"supply_stage": stage} | row for row in rows]
    return pd.DataFrame(parts)
