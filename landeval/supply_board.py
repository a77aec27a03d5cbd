"""The land supply board on one page: stock and run → one stage a plot, ages, tiers, terms, quota, boundary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landeval import issues
from landeval.judge.findings import NOT_APPLICABLE
from landeval.judge.plot_boundary import boundary_rows, positions
from landeval.judge.plot_parcels import parcel_stages
from landeval.judge.plot_stages import combined, in_future
from landeval.judge.plot_stock import stock_stages
from landeval.judge.plot_terms import plot_terms
from landeval.judge.quota import quota_years
from landeval.judge.setting import full_from
from landeval.judge.supply_tiers import supply_tiers
from landeval.land_supply import APPROVED, APPROVED_BOUNDARY, IN_RUN, READY, UNDECIDED, LandSupply
from landeval.link.plots import tie_plots
from landeval.measure.boundary import boundary_totals, inside_share
from landeval.measure.plot_ages import age_totals, ages, stage_totals
from landeval.place.assign import place_by_polygons
from landeval.project import Switches
from landeval.standards.rule import BASES, Rule
from landeval.standards.supply_tiers import Tiers
from landeval.tidy.boundary import Boundary
from landeval.tidy.geometry import planar
from landeval.tidy.supply import Stock

ZONES = ("cluster_name", "base_name", "community_name")
RULES = (
    "supply.ready_services", "supply.built_share", "supply.expiry_months", "supply.boundary_sliver",
    "decision2004.unsupplied_years", "transfer1990.industrial_years", "civil2021.lease_years", "dongkou.park_quota",
)  # fmt: skip
"""The rules that the board goes by."""


class OfRun(NamedTuple):
    """What the run knows of its own parcels; ``start_places``: where each actual start was written."""

    parcels: gpd.GeoDataFrame
    status: pd.Series
    findings: pd.DataFrame
    start_places: pd.Series


def make_board(
    stock: Stock,
    boundary: Boundary,
    rules: Mapping[str, Rule],
    tiers: Tiers,
    as_of: dt.date,
    switches: Switches,
    *,
    run: OfRun,
    zones: gpd.GeoDataFrame | None = None,
) -> tuple[LandSupply, pd.DataFrame]:
    """Make the board of all plots there are.

    Parameters
    ----------
    stock, boundary
        As tidied; both may be empty.
    rules : Mapping
        The rulebook on ``as_of``.
    tiers : Tiers
    as_of : date
    switches : Switches
    run : OfRun
        The run's parcels; none of them in a board of the table alone.
    zones : GeoDataFrame, optional
        The layout, to place plots that are drawn.

    Returns
    -------
    LandSupply, DataFrame of issues
    """
    on = pd.Timestamp(as_of)
    plain = pd.DataFrame(stock.frame.drop(columns="geometry"))
    parcels = pd.DataFrame(run.parcels.drop(columns="geometry"))
    parcel_of, untied = tie_plots(plain, parcels)
    by_run = parcel_stages(
        parcels,
        run.status,
        run.findings,
        run.start_places,
        on,
        operating_counts=switches.operating_implies_started,
    )
    plots, told = combined(plain, stock_stages(plain, rules, on), parcels, by_run, parcel_of)
    shapes = _shapes(plots, stock.frame, run.parcels)
    plots, placed = _placed(plots, shapes, parcels, zones)
    plots = plots.assign(**ages(plots, on))
    plots = plots.assign(**_unsupplied(plots, rules.get("decision2004.unsupplied_years"), on, switches))
    plots = plots.assign(**supply_tiers(plots, tiers), tier_caveat=tiers.caveat)
    shares = _shares(shapes, boundary)
    at = positions(shares, rules["supply.boundary_sliver"]).get(APPROVED_BOUNDARY)
    listed = plots[plots["stage_source"] != IN_RUN]
    terms, longer = plot_terms(listed, rules, on)
    edges = boundary_rows(plots, shares, rules)
    board = LandSupply(
        plots=plots,
        stages=stage_totals(plots),
        ages=age_totals(plots),
        terms=terms,
        quota=quota_years(listed, None if at is None else at.reindex(listed.index), rules),
        boundary=edges,
        boundary_totals=boundary_totals(edges),
        rules={name: rules[name] for name in RULES if name in rules},
        tiers=tiers,
    )
    return board, issues.gather([untied, told, placed, longer, in_future(plain, on)])


def _shapes(plots: pd.DataFrame, stock: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return the shape of each plot that can be measured: its own, else its parcel's."""
    drawn = parcels.geometry.where(parcels["area_measured_m2"].notna(), None)
    theirs = np.asarray(drawn.reindex(plots["parcel_id"]), dtype=object)
    own = np.asarray(stock.geometry.reindex(plots.index), dtype=object)
    best = own.copy()
    best[shapely.is_missing(own)] = theirs[shapely.is_missing(own)]
    return gpd.GeoSeries(best, index=plots.index, crs="EPSG:4490")


def _placed(
    plots: pd.DataFrame, shapes: gpd.GeoSeries, parcels: pd.DataFrame, zones: gpd.GeoDataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give each plot its zones: those of its parcel, else by its shape, else as written."""
    known = parcels.reindex(columns=list(ZONES)).reindex(plots["parcel_id"]).set_axis(plots.index)
    written = plots.reindex(columns=list(ZONES))
    noted = issues.empty()
    if zones is not None:
        loose = plots["parcel_id"].isna() & shapes.notna()
        frame = gpd.GeoDataFrame(plots[loose], geometry=shapes[loose], crs="EPSG:4490")
        if len(frame):
            found = place_by_polygons(frame, zones)
            known = known.combine_first(found.columns[list(ZONES)].reindex(plots.index))
            noted = issues.gather(found.issues)
    names = {name: known[name].astype("object").where(known[name].notna(), written[name]) for name in ZONES}
    return plots.assign(**names), noted


def _unsupplied(
    plots: pd.DataFrame, rule: Rule | None, as_of: pd.Timestamp, switches: Switches
) -> dict[str, pd.Series | str]:
    """Say which plots have long been approved and are not supplied; the day of approval is what counts."""
    stage, approved = plots["supply_stage"], plots["approved_on"]
    if rule is None:
        return {"unsupplied_verdict": NOT_APPLICABLE, "clause": "", "basis": ""}
    over = full_from(approved, rule, switches) <= as_of
    waiting = stage.isin((APPROVED, READY))
    years = f"{rule.whole} 年"
    told = np.select(
        [stage == UNDECIDED, ~waiting, approved.isna(), over],
        [UNDECIDED, NOT_APPLICABLE, UNDECIDED, f"已满 {years}"],
        default=f"未满 {years}",
    )
    verdict = pd.Series(told, index=plots.index, dtype="object")
    basis = BASES[rule.basis] + (f"；{rule.override}" if rule.override else "")
    cited = pd.Series("", index=plots.index, dtype="object")
    return {
        "unsupplied_verdict": verdict,
        "clause": cited.mask(waiting, rule.citation),
        "basis": cited.mask(waiting, basis),
    }


def _shares(shapes: gpd.GeoSeries, boundary: Boundary) -> pd.DataFrame:
    """Measure how much of each plot lies inside each boundary."""
    found = {}
    for name, outline in boundary.shapes.items():
        (whole,), plots = planar(np.array([outline], dtype=object), np.asarray(shapes, dtype=object))
        found[name] = inside_share(plots, whole, shapes.index)
    return pd.DataFrame(found, index=shapes.index)
