"""一宗一档: a Word document a parcel, and drafts of the papers that are due."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from landeval.publish.documents.paper import Paper
from landeval.publish.documents.workers import Told, write_papers
from landeval.publish.dossier.case import Cases, cases, dossier
from landeval.publish.dossier.drafts import drafts
from landeval.publish.frames import candidates, parcel_table
from landeval.result import Result


def wanted_parcels(result: Result, named: Sequence[str] = ()) -> tuple[list[str], list[str]]:
    """Return the parcels that get a dossier, most urgent first, and the names that no parcel has.

    Parameters
    ----------
    result : Result
    named : sequence of str
        Parcels beside the candidates, by 宗地代码 or 宗地标识.
    """
    table = parcel_table(result)
    chosen = [str(name) for name in candidates(table).index]
    of_code: dict[str, list[str]] = {}
    for name, code in zip(table.index, table["parcel_code"], strict=True):
        for key in {str(name), *([code] if isinstance(code, str) else [])}:
            of_code.setdefault(key.upper(), []).append(str(name))
    missing = [name for name in named if name.strip().upper() not in of_code]
    more = [one for name in named for one in of_code.get(name.strip().upper(), [])]
    return list(dict.fromkeys([*chosen, *more])), missing


def papers_of(case: Cases, parcel_id: str) -> list[Paper]:
    """Return the dossier of a parcel, then the drafts of the papers that are due."""
    due = drafts(case.result, parcel_id, case.rows[parcel_id], case.calendar.get(parcel_id, ()), case.rules)
    return [dossier(case, parcel_id, due), *due]


def write_dossiers(
    result: Result,
    folder: Path,
    parcels: Sequence[str],
    *,
    workers: int | None = None,
    told: Told | None = None,
) -> list[Path]:
    """Write the dossiers of some parcels into a folder and return the paths.

    Parameters
    ----------
    result : Result
    folder : Path
        Made where it is not there; nothing is made where there is nothing to write.
    parcels : sequence of str
        ``parcel_id``, as of ``wanted_parcels``.
    workers : int, optional
        Processes; by default as many as are worth it.
    told : callable, optional
        Called with how many papers are written and how many there are.
    """
    if not parcels:
        return []
    case = cases(result, parcels)
    papers = [paper for name in parcels for paper in papers_of(case, name)]
    return write_papers(papers, folder, workers=workers, told=told)
