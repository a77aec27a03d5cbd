"""``处置候选清单.xlsx``: the list that the bureau works through, with everything needed to check it."""

from __future__ import annotations

from pathlib import Path

from landeval.publish.frames import parcel_table
from landeval.publish.links import with_links
from landeval.publish.workbook.agenda import write_agenda
from landeval.publish.workbook.balance import write_balance
from landeval.publish.workbook.book import new_book
from landeval.publish.workbook.exempt import write_exempt
from landeval.publish.workbook.grading import write_graded, write_grading_book
from landeval.publish.workbook.imagery import write_images
from landeval.publish.workbook.index import write_index_book
from landeval.publish.workbook.lists import write_all_parcels, write_lists
from landeval.publish.workbook.places import write_places_book
from landeval.publish.workbook.problems import write_problem_book
from landeval.publish.workbook.registers import write_enterprises, write_problems, write_zones
from landeval.publish.workbook.review import write_review_book
from landeval.publish.workbook.reviewed import write_reviewed
from landeval.publish.workbook.run_facts import write_run_facts
from landeval.publish.workbook.sources import low_use_standard, target_addresses, write_sources
from landeval.publish.workbook.summary import write_summary
from landeval.publish.workbook.supply import write_supply_book
from landeval.publish.workbook.targets import write_target_book
from landeval.publish.workbook.values_copy import write_values_copy
from landeval.publish.workbook.verdicts import write_verdicts
from landeval.result import Result

__all__ = [
    "FILE_NAME",
    "VALUES_NAME",
    "write_candidate_list",
    "write_grading_book",
    "write_index_book",
    "write_places_book",
    "write_problem_book",
    "write_review_book",
    "write_supply_book",
    "write_target_book",
    "write_values_copy",
]

FILE_NAME, VALUES_NAME = "处置候选清单.xlsx", "处置候选清单_数值.xlsx"


def write_candidate_list(result: Result, path: Path | str) -> Path:
    """Write the workbook: summary, working lists, all parcels, roll-ups, problems, balance, rules, run.

    Texts are written as texts, whatever they begin with. Per-mu cells are formulas over the cells beside them,
    with the run's own figure as cached value. What the offices wrote before stands in its cells again. A parcel
    leads to its page of the map and its dossier where these files stand beside the workbook already. The same
    Result gives the same bytes.

    Parameters
    ----------
    result : Result
        Rendered as it is.
    path : Path or str
        Of the file; its folder is made if it is not there.

    Returns
    -------
    Path
        The file written.
    """
    path = Path(path)
    table = with_links(parcel_table(result), path.parent)
    targets = target_addresses(result.rules)
    with new_book(path, result) as (book, styles):
        write_summary(book, styles, result, table)
        standard = low_use_standard(result.rules)
        write_lists(
            book, styles, table, result.reviews, targets=targets, standard=standard, currency=result.currency
        )
        write_reviewed(book, styles, result)
        write_agenda(book, styles, result)
        write_exempt(book, styles, table, result.exemptions, targets=targets, currency=result.currency)
        if result.imagery is not None:
            write_images(book, styles, table, result.imagery, currency=result.currency)
        write_all_parcels(book, styles, table, targets=targets, currency=result.currency)
        write_verdicts(book, styles, result, table)
        write_enterprises(book, styles, result, table, targets=targets)
        write_graded(book, styles, result)
        write_zones(book, styles, result, targets=targets)
        write_problems(book, styles, result)
        write_balance(book, styles, result.ledger, result.reconciliation, currency=result.currency)
        write_sources(book, styles, result.rules, currency=result.currency)
        write_run_facts(book, styles, result)
    return path
