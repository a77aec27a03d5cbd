"""What is made of a run's figures beside the verdicts: grades of enterprises, the intensive-use index, the targets board."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from landeval import issues
from landeval.board import Board
from landeval.index import Land, index_of
from landeval.intensive_use import IntensiveUse
from landeval.judge.grades import Grades, grade
from landeval.judge.target_board import progress as target_progress
from landeval.measure.actual_land import PARTS, actual_land
from landeval.measure.by_year import enterprise_measures
from landeval.measure.grade_figures import grade_figures
from landeval.measure.industry_figures import industry_figures, with_own_groups
from landeval.measure.land_structure import land_structure
from landeval.measure.own_figures import own_figures
from landeval.project import Project
from landeval.result import MONEY, RATIOS, TIED, Result
from landeval.standards.industries import groups_of
from landeval.standards.industry_limits import issue_of
from landeval.standards.rules import Rule
from landeval.standards.targets import targets
from landeval.tidy.actuals import ended
from landeval.tidy.enterprises import Enterprises
from landeval.tidy.land_status import Survey


def grades_of(
    project: Project,
    firms: Enterprises,
    enterprises: pd.DataFrame,
    links: pd.DataFrame,
    area_mu: pd.Series,
    year: int | None,
    as_of: dt.date,
) -> Grades | None:
    """Grade the enterprises by the project's scheme, if it has one; the year before gives its means."""
    if project.grading is None:
        return None
    figures, last = figures_to_grade(firms.enterprises, firms.years, enterprises, links, area_mu, year)
    return grade(project.grading, figures, last, as_of)


def figures_to_grade(
    known: pd.DataFrame,
    years: pd.DataFrame,
    enterprises: pd.DataFrame,
    links: pd.DataFrame,
    area_mu: pd.Series,
    year: int | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what ``grade`` takes: the figures of the year, and of the year before.

    Parameters
    ----------
    known : DataFrame
        Enterprises with their identity, index ``enterprise_id``.
    years : DataFrame
        One row an enterprise, year and parcel code.
    enterprises : DataFrame
        As made by ``enterprise_measures`` for the year.
    links : DataFrame
        The tied pairs.
    area_mu : Series
        Land of the parcels [亩], index ``parcel_id``.
    year : int or None
    """
    before = None if year is None else year - 1
    land = actual_land(links, area_mu, years, before, known.index)
    earlier = enterprise_measures(known, years, land, before)
    return grade_figures(enterprises, years, year), grade_figures(earlier, years, before)


def figures_of_run(result: Result) -> dict[str, pd.DataFrame]:
    """Return what grading over several runs needs of one: ``figures`` and ``last`` as ``grade`` takes them."""
    made = (*PARTS, "area_mu", *MONEY, *RATIOS)
    known = result.enterprises.drop(columns=list(made)).assign(name_key="")
    tied = result.links[result.links["state"].isin(TIED)]
    figures, last = figures_to_grade(
        known, result.years, result.enterprises, tied, result.parcels["area_mu"], result.year
    )
    return {"figures": figures, "last": last}


def indexed(
    project: Project,
    survey: Survey,
    parcels: gpd.GeoDataFrame,
    status: pd.DataFrame,
    is_asked: pd.Series,
    rules: Mapping[str, Rule],
    year: int | None,
    as_of: dt.date,
) -> tuple[IntensiveUse | None, pd.DataFrame]:
    """Make the intensive-use index, if the project asks for it; ``is_asked``: some table has a column for completion."""
    if project.index is None:
        return None, issues.empty()
    land = Land(pd.DataFrame(parcels.drop(columns="geometry")), status, is_asked)
    file = survey.file or "landeval.toml"
    return index_of(
        project.index,
        survey.figures,
        rules,
        file=file,
        land=land,
        year=year,
        as_of=as_of,
        currency=project.currency,
    )


def followed(
    project: Project,
    actuals: pd.DataFrame,
    parcels: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    enterprises: pd.DataFrame,
    firms: Enterprises,
    year: int | None,
    as_of: dt.date,
) -> tuple[Board, list[pd.DataFrame]]:
    """Hold the plan's targets against the actuals, with industry groups and land structure of the data year."""
    book, settings = targets(), project.board
    figures = grade_figures(enterprises, firms.years, year)
    issue = issue_of(figures["industry_code_year"], project.industry_code_year, year or as_of.year)
    groups = groups_of(figures["industry_code"], issue, settings.industry_codes)
    groups, nobody = with_own_groups(groups, figures["name"], settings.enterprises)
    industries = industry_figures(figures, groups)
    over, noted = ended(actuals, as_of)
    told = target_progress(book, over, own_figures(parcels, industries, year), settings.base_year, as_of)
    said = "由设置写明" if settings.base_year else book.base_note
    note = f"基期 {settings.base_year or book.base_year} 年：{said}"
    land = land_structure(parcels, zones, settings.land_shares)
    return Board(told.targets, told.years, industries, land, book.document, note), [
        noted,
        nobody,
        told.issues,
    ]
