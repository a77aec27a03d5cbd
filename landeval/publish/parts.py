"""What a run writes, part by part: each is made from the Result alone, in any order and in any process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from landeval.publish.names import (
    AGENDA,
    CHIPS,
    DOSSIERS,
    GRADING,
    INDEX,
    LIST,
    LIST_VALUES,
    MAP,
    PICTURES,
    PLACES,
    PLAN,
    PROBLEMS,
    PUBLIC,
    REPORT,
    REVIEW,
    SIDES,
    SUPPLY,
    TARGETS,
)
from landeval.result import Result
from landeval.writing import Writing

DOSSIER_STEP = "一宗一档"


class Part(NamedTuple):
    """One part: the step that is told when all of its parts are done, and what writes it into the run's folder."""

    step: str
    write: Callable[[Result, Path, Writing], None]


def write_first(
    result: Result, folder: Path, writing: Writing, told: Callable[[int, int], None] | None
) -> None:
    """Write what others link to: the dossiers and the pages that lead from the list to the map."""
    from landeval.publish.dossier import wanted_parcels, write_dossiers
    from landeval.publish.frames import parcel_table
    from landeval.publish.links import write_links

    if writing.has_dossiers:
        parcels, _ = wanted_parcels(result, writing.dossiers_of)
        write_dossiers(result, folder / DOSSIERS, parcels, told=told)
    write_links(parcel_table(result), folder)


def _tables(result: Result, folder: Path, _: Writing) -> None:
    from landeval.publish.basis import write_basis
    from landeval.publish.tables import write_tables

    write_tables(result, folder / "tables")
    write_basis(result, folder)


def _gis(result: Result, folder: Path, _: Writing) -> None:
    from landeval.publish.gis import write_gis

    write_gis(result, folder / "gis")


def _map(result: Result, folder: Path, _: Writing) -> None:
    from landeval.publish.frames import parcel_table
    from landeval.publish.image_chips import chip_files
    from landeval.publish.links import with_links
    from landeval.publish.map import Beside, write_compare, write_map

    files = with_links(parcel_table(result), folder)["dossier_file"].dropna()
    dossiers = {str(parcel): str(file) for parcel, file in files.items()}
    seen = {} if result.imagery is None else chip_files(result.imagery.chips)
    chips = {parcel: f"{CHIPS}/{name}" for parcel, name in seen.items()}
    write_map(result, folder / MAP, Beside(LIST, SIDES, dossiers, chips))
    write_compare(result, folder / SIDES, MAP)


def _list(result: Result, folder: Path, _: Writing) -> None:
    from landeval.publish.workbook import write_candidate_list, write_values_copy

    write_candidate_list(result, folder / LIST)
    write_values_copy(folder / LIST, folder / LIST_VALUES)


def _problems(result: Result, folder: Path, _: Writing) -> None:
    from landeval.publish.workbook import write_problem_book

    write_problem_book(result, folder / PROBLEMS)


def _boards(result: Result, folder: Path, _: Writing) -> None:
    from landeval.publish.agenda import write_agenda_file
    from landeval.publish.workbook import (
        write_grading_book,
        write_index_book,
        write_places_book,
        write_review_book,
        write_supply_book,
        write_target_book,
    )

    write_review_book(result, folder / REVIEW)
    if result.scheme is not None:
        write_grading_book(result, result.scheme, folder / GRADING)
    if result.index is not None:
        write_index_book(result, result.index, folder / INDEX)
    if result.supply is not None:
        write_supply_book(result.supply, result, folder / SUPPLY)
    if result.board is not None:
        write_target_book(result, result.board, folder / TARGETS)
    if result.placing is not None:
        write_places_book(result, result.placing, folder / PLACES)
    write_agenda_file(result, folder / AGENDA)


def _chips(result: Result, folder: Path, _: Writing) -> None:
    from landeval.publish.image_chips import write_chips

    if result.imagery is not None:
        write_chips(result.imagery.chips, folder / CHIPS)


def _report(result: Result, folder: Path, _: Writing) -> None:
    from landeval.publish.report import write_report

    write_report(result, folder / REPORT, folder / PICTURES)


def _plan(result: Result, folder: Path, writing: Writing) -> None:
    from landeval.publish.disposal_plan import write_plan
    from landeval.publish.public import write_public

    write_plan(result, folder / PLAN, writing.template)
    if writing.is_public:
        write_public(result, folder / PUBLIC)


PARTS = (
    Part("数据表", _tables),
    Part("空间数据", _gis),
    Part("地图", _map),
    Part("处置候选清单", _list),
    Part("处置候选清单", _problems),
    Part("处置候选清单", _boards),
    Part("处置候选清单", _chips),
    Part("评价报告", _report),
    Part("评价报告", _plan),
)
"""In the order in which they are told."""
