"""What a table handed back under ``--review`` is: decisions on pairs (匹配复核.xlsx), or the offices' notes (处置候选清单.xlsx)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from landeval.read.header import Header, find_header
from landeval.sources import Source
from landeval.vocabulary.fields import alias_index, fields_of, normalise_header
from landeval.vocabulary.table_kinds import corrections_as_decisions

NOTES = tuple(field.name for field in fields_of("reviews") if field.kind == "note")
"""Fields that people fill in."""


def meant(rows: Sequence[Sequence[Any]], source: Source) -> tuple[Source, Header | None]:
    """Return what a table is asked to be, and its header.

    Of the files of ``--review`` a table with a column that the offices fill in is notes, unless it has a column 决定,
    or names enterprises and has but one such column (a crosswalk with a remark).
    """
    header = find_header(rows, source)
    if source.table != "decisions":
        return source, header
    amended = find_header(rows, replace(source, table="corrections"))
    told = _fields(header, "decisions") if header else set()
    if "decision" not in told and amended and "new_value" in _fields(amended, "corrections"):
        raise corrections_as_decisions(source.path)
    notes = replace(source, table="reviews")
    other = find_header(rows, notes)
    if other is None:
        return source, header
    filled = len(_fields(other, "reviews") & set(NOTES))
    told = _fields(header, "decisions") if header else set()
    is_pair = bool(told & {"decided_name", "decided_code"})
    if "decision" in told or filled == 0 or (filled == 1 and is_pair):
        return source, header
    return notes, other


def is_decided(header: Header) -> bool:
    """Tell whether a table has a column 决定."""
    return "decision" in _fields(header, "decisions")


def _fields(header: Header, table: str) -> set[str]:
    known = alias_index(table)
    return {known[key] for label in header.labels if (key := normalise_header(label)) in known}
