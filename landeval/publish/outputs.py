"""All outputs of a run into one folder, together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from landeval.publish.folder import staged_folder
from landeval.publish.names import DOSSIERS
from landeval.publish.run_record import write_run_record
from landeval.result import Result
from landeval.writing import PLAIN, Writing

LIST_VALUES = "处置候选清单_数值.xlsx"
MAP, LIST, PROBLEMS, REVIEW = "地图.html", "处置候选清单.xlsx", "数据问题.xlsx", "匹配复核.xlsx"
AGENDA, GRADING, INDEX, SUPPLY = "办理日程.ics", "企业综合评价.xlsx", "土地集约利用指数.xlsx", "供地盘子.xlsx"
TARGETS, PLACES, REPORT, PICTURES = "目标进度.xlsx", "分区与连片.xlsx", "评价报告.docx", "图表"
SIDES = "对比.html"
CHIPS = "影像"
PLAN, PUBLIC = "处置方案.docx", "公开版"
STEPS = ("数据表", "空间数据", "一宗一档", "地图", "处置候选清单", "评价报告", "运行记录")

Progress = Callable[[str, int, int], None]


def write_outputs(
    result: Result,
    out: Path | str,
    *,
    inputs: Sequence[Path] = (),
    progress: Progress | None = None,
    writing: Writing = PLAIN,
    papers: Callable[[int, int], None] | None = None,
) -> Path:
    """Write map, list, report, tables, GIS files and run record; the former result stays whole until all is done.

    Parameters
    ----------
    result : Result
    out : Path
        Target folder; a former result of landeval there is kept beside it.
    inputs : sequence of Path
        Input files, so that no output folder swallows one.
    progress : callable, optional
        Called after each step with its Chinese name, its number and the number of steps.
    writing : Writing
        Dossiers, public edition, template of the disposal plan; by default neither dossiers nor public edition.
    papers : callable, optional
        Called with how many dossiers and drafts are written and how many there are.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        The folder cannot be written, or holds something that is not ours.
    """
    out = Path(out)

    def done(number: int) -> None:
        if progress:
            progress(STEPS[number - 1], number, len(STEPS))

    with staged_folder(out, inputs=inputs) as folder:
        from landeval.publish.agenda import write_agenda_file
        from landeval.publish.basis import write_basis
        from landeval.publish.disposal_plan import write_plan
        from landeval.publish.dossier import wanted_parcels, write_dossiers
        from landeval.publish.frames import parcel_table
        from landeval.publish.gis import write_gis
        from landeval.publish.image_chips import chip_files, write_chips
        from landeval.publish.links import with_links, write_links
        from landeval.publish.map import Beside, write_compare, write_map
        from landeval.publish.public import write_public
        from landeval.publish.report import write_report
        from landeval.publish.tables import write_tables
        from landeval.publish.workbook import (
            write_candidate_list,
            write_grading_book,
            write_index_book,
            write_places_book,
            write_problem_book,
            write_review_book,
            write_supply_book,
            write_target_book,
            write_values_copy,
        )

        write_tables(result, folder / "tables")
        write_basis(result, folder)
        done(1)
        write_gis(result, folder / "gis")
        done(2)
        if writing.has_dossiers:  # before what links to them
            parcels, _ = wanted_parcels(result, writing.dossiers_of)
            write_dossiers(result, folder / DOSSIERS, parcels, told=papers)
        done(3)
        table = parcel_table(result)
        write_links(table, folder)
        files = with_links(table, folder)["dossier_file"].dropna()
        dossiers = {str(parcel): str(file) for parcel, file in files.items()}
        seen = {} if result.imagery is None else chip_files(result.imagery.chips)
        chips = {parcel: f"{CHIPS}/{name}" for parcel, name in seen.items()}
        write_map(result, folder / MAP, Beside(LIST, SIDES, dossiers, chips))
        write_compare(result, folder / SIDES, MAP)
        done(4)
        write_candidate_list(result, folder / LIST)
        write_values_copy(folder / LIST, folder / LIST_VALUES)
        write_problem_book(result, folder / PROBLEMS)
        write_review_book(result, folder / REVIEW)
        if result.scheme is not None:
            write_grading_book(result, result.scheme, folder / GRADING)
        if result.index is not None:
            write_index_book(result, result.index, folder / INDEX)
        if result.supply is not None:
            write_supply_book(result.supply, result, folder / SUPPLY)
        if result.board is not None:
            write_target_book(result, result.board, folder / TARGETS)
        if result.imagery is not None:
            write_chips(result.imagery.chips, folder / CHIPS)
        if result.placing is not None:
            write_places_book(result, result.placing, folder / PLACES)
        write_agenda_file(result, folder / AGENDA)
        done(5)
        write_report(result, folder / REPORT, folder / PICTURES)
        write_plan(result, folder / PLAN, writing.template)
        if writing.is_public:
            write_public(result, folder / PUBLIC)
        done(6)
        write_run_record(result, folder)
        done(7)
    return out


def write_problems(result: Result, out: Path | str, *, inputs: Sequence[Path] = ()) -> Path:
    """Write only what concerns the data: issues, reconciliation, ledger and run record.

    Raises
    ------
    OutputError
        As for ``write_outputs``.
    """
    from landeval.publish.tables import write_tables
    from landeval.publish.workbook import write_problem_book

    out = Path(out)
    with staged_folder(out, inputs=inputs) as folder:
        write_tables(
            result, folder / "tables", only=("issues", "reconciliation", "ledger", "links", "exemptions")
        )
        write_problem_book(result, folder / PROBLEMS)
        write_run_record(result, folder)
    return out


def write_matching(result: Result, out: Path, *, inputs: Sequence[Path] = ()) -> Path:
    """Write only what concerns the linking: review workbook, links, coverage, ledger, problems, run record.

    Raises
    ------
    OutputError
        As for ``write_outputs``.
    """
    from landeval.publish.tables import write_tables
    from landeval.publish.workbook import write_problem_book, write_review_book

    with staged_folder(out, inputs=inputs) as folder:
        wanted = ("links", "coverage", "decisions", "ledger", "issues", "reconciliation")
        write_tables(result, folder / "tables", only=wanted)
        write_review_book(result, folder / REVIEW)
        write_problem_book(result, folder / PROBLEMS)
        write_run_record(result, folder)
    return out


def write_targets(result: Result, out: Path, *, inputs: Sequence[Path] = ()) -> Path:
    """Write only the targets board: workbook, its tables, problems and run record.

    Raises
    ------
    OutputError
        As for ``write_outputs``.
    """
    from landeval.publish.tables import target_frames, write_tables
    from landeval.publish.workbook import write_problem_book, write_target_book

    with staged_folder(out, inputs=inputs) as folder:
        mine = () if result.board is None else tuple(target_frames(result.board))
        write_tables(result, folder / "tables", only=(*mine, "issues", "reconciliation"))
        if result.board is not None:
            write_target_book(result, result.board, folder / TARGETS)
        write_problem_book(result, folder / PROBLEMS)
        write_run_record(result, folder)
    return out
