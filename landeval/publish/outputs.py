"""All outputs of a run into one folder, together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path

from landeval.publish.folder import staged_folder
from landeval.publish.names import PROBLEMS, REVIEW, TARGETS
from landeval.publish.parts import DOSSIER_STEP, PARTS
from landeval.publish.run_record import write_run_record
from landeval.publish.sharing import written
from landeval.result import Result
from landeval.writing import PLAIN, Writing

STEPS = (DOSSIER_STEP, *dict.fromkeys(part.step for part in PARTS), "运行记录")
"""What is told, in this order."""

Progress = Callable[[str, int, int], None]


def write_outputs(
    result: Result,
    out: Path | str,
    *,
    inputs: Sequence[Path] = (),
    progress: Progress | None = None,
    writing: Writing = PLAIN,
    papers: Callable[[int, int], None] | None = None,
    workers: int | None = None,
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
    workers : int, optional
        Processes that write; by default as many as are worth it. The files are the same, byte by byte.

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
    finished = count(1)

    def told(step: str) -> None:
        if progress:
            progress(step, next(finished), len(STEPS))

    with staged_folder(out, inputs=inputs) as folder:
        # closed before the folder is cleared away: another process may be writing into it
        with closing(written(result, folder, writing, papers=papers, workers=workers)) as steps:
            for step in steps:
                told(step)
        write_run_record(result, folder)
        told(STEPS[-1])
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
