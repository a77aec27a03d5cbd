"""What the ground says beside the verdicts: levels and their roll-ups, blocks of candidate land, layers laid over."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from landeval import issues
from landeval.measure.footprints import only
from landeval.measure.per_mu import with_percent, with_zone_ratios
from landeval.place.blocks import Blocks, barrier_areas, blocks
from landeval.place.hot_spots import hot_spots
from landeval.place.levels import place
from landeval.place.overlays import COLUMNS, laid_over
from landeval.place.rollup import by_level, roll_up
from landeval.place.split import split_parts
from landeval.place.structure import structure
from landeval.project import Project
from landeval.sources import SOURCE_COLUMNS
from landeval.standards.overlays import BARRIERS
from landeval.tidy.geometry import Shapes, planar


class OnTheGround(NamedTuple):
    """Parcels with the columns of zones, block and layers, the tables, and issues."""

    parcels: gpd.GeoDataFrame
    zones: gpd.GeoDataFrame
    structure: pd.DataFrame
    blocks: gpd.GeoDataFrame
    overlays: pd.DataFrame
    issues: list[pd.DataFrame]


def on_the_ground(
    parcels: gpd.GeoDataFrame,
    status: pd.DataFrame,
    links: pd.DataFrame,
    grades: pd.DataFrame,
    zones: gpd.GeoDataFrame | None,
    overlays: gpd.GeoDataFrame | None,
    project: Project,
) -> OnTheGround:
    """Place parcels in the levels, join candidates to blocks, and lay the layers over them.

    Parameters
    ----------
    parcels : GeoDataFrame
        Index ``parcel_id``, with every figure of the year.
    status : DataFrame
        Class and route, as judged; nothing of it is changed here.
    links, grades : DataFrame
        As of the run; grades empty where nobody is graded.
    zones, overlays : GeoDataFrame or None
        The layers given.
    project : Project
    """
    placed = place(parcels, zones)
    parcels = parcels.drop(columns=placed.columns.columns, errors="ignore").join(placed.columns).copy()
    problems = list(placed.issues)
    parts = None
    if project.placing.split:
        parts = split_parts(parcels, placed.zones)
        problems = [_told_as_split(problem) for problem in problems]
    levels = by_level(parcels, status["status"], links, parts)
    rolled = with_zone_ratios(roll_up(levels, placed.zones))
    consists = with_zone_ratios(structure(levels, rolled, links, grades))
    consists = with_percent(consists)
    land, drawn = _in_one_plane(parcels, overlays)
    joined = _blocks(parcels, status, land, overlays, drawn, project)
    problems += joined.issues
    more = {"block_code": joined.code_of}
    if project.placing.spots is not None:
        spots = hot_spots(parcels, land, project.placing.spots)
        problems.append(spots.issues)
        more |= {str(name): column for name, column in spots.table.items()}
    laid = pd.DataFrame(columns=list(COLUMNS))
    if overlays is not None:
        found = laid_over(parcels, land, overlays, drawn, status["is_candidate"].astype(bool))
        laid, problems = found.table, [*problems, *found.issues]
        more |= {"overlay_flags": found.flags, "overlay_questions": found.questions}
    return OnTheGround(parcels.assign(**more), rolled, consists, joined.table, laid, problems)


def _in_one_plane(parcels: gpd.GeoDataFrame, overlays: gpd.GeoDataFrame | None) -> tuple[Shapes, Shapes]:
    """Return parcels that may be measured, and the layers, in one equal-area plane [m]."""
    sound = parcels["area_measured_m2"].notna().to_numpy(dtype=bool)
    shapes = only(np.asarray(parcels.geometry, dtype=object), sound)
    layers = np.empty(0, dtype=object) if overlays is None else np.asarray(overlays.geometry, dtype=object)
    land, drawn = planar(shapes, layers)
    return land, drawn


def _blocks(
    parcels: gpd.GeoDataFrame,
    status: pd.DataFrame,
    land: Shapes,
    overlays: gpd.GeoDataFrame | None,
    drawn: Shapes,
    project: Project,
) -> Blocks:
    barriers = np.empty(0, dtype=object)
    if overlays is not None:
        divides = (overlays["overlay_effect"].isin(BARRIERS) & overlays["is_reliable"]).to_numpy(dtype=bool)
        barriers = barrier_areas(drawn[divides], overlays["width_m"].to_numpy(dtype="float64")[divides])
    columns = ["area_mu", "holder_name", "parcel_code", "community_name", *SOURCE_COLUMNS, "geometry"]
    members = parcels[columns].join(status[["status", "route"]])
    chosen = status["is_candidate"].reindex(parcels.index).astype(bool)
    found = blocks(
        members, land, chosen, barriers, gap_m=project.placing.gap_m, min_mu=project.placing.min_mu
    )
    return found


def _told_as_split(problem: pd.DataFrame) -> pd.DataFrame:
    """Say of straddling parcels that they are split, where they are."""
    straddles = problem["code"] == "E502"
    if not straddles.any():
        return problem
    before, now = issues.CATALOGUE["E502"], issues.CATALOGUE["E717"]
    what = problem["what"].str.replace(before.what, now.what, regex=False)
    return problem.assign(
        code=problem["code"].mask(straddles, "E717"), what=problem["what"].mask(straddles, what)
    )
