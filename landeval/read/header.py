"""Find the header of a table: one row, or two or three whose merged cells say together what a column is."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from landeval.sources import Source
from landeval.units import looks_like_unit, split_header, without_year
from landeval.vocabulary.fields import alias_index, fields, normalise_header

SEARCH_ROWS = 20
DEEPEST = 3
_YEAR = re.compile(r"(19|20)\d{2}")
_PERIOD = re.compile(r"(19|20)\d{2}\s*年|\d{1,2}\s*[-—~]\s*\d{1,2}\s*月")
"""A year or months, as they stand in the lower row of a header."""


@dataclass(frozen=True)
class Header:
    """Where a header stands (positions of its first and last row) and what each column is called."""

    first: int
    last: int
    labels: tuple[str, ...]


def find_header(rows: Sequence[Sequence[Any]], source: Source) -> Header | None:
    """Return the header: the rows with most known names, at least two; one row where several do no better.

    A label of two rows is the lower one, with the year of the upper one in brackets (入库税收（2024年，万元）); a lower
    one that means nothing alone takes the upper one in front (面积 over 证载).

    Parameters
    ----------
    rows : sequence of sequences
        Cells as written; merged cells hold their value in the first cell only.
    source : Source
        Its table and the names pinned in the project.
    """
    best: Header | None = None
    most = 1
    limit = min(SEARCH_ROWS, len(rows))
    for first in range(limit):
        labels = [_text(cell) for cell in rows[first]]
        if (hits := recognised(labels, source)) > most:
            best, most = Header(first, first, tuple(labels)), hits
    for depth in range(1, DEEPEST):  # a title above is no part of a header that says as much without it
        for first in range(max(0, min(limit, len(rows) - depth))):
            if not all(_is_words(row) for row in rows[first + 1 : first + depth + 1]):
                continue
            labels = _joined(rows[first : first + depth + 1], source)
            if (hits := recognised(labels, source)) > most:
                best, most = Header(first, first + depth, tuple(labels)), hits
    if best is not None and _is_divided(rows, best):
        block = [*rows[best.first : best.last + 1], [_year_named(cell) for cell in rows[best.last + 1]]]
        return Header(best.first, best.last + 1, tuple(_joined(block, source)))
    return best


def field_of(header: str, source: Source) -> str:
    """Return the field that a header means; empty where the vocabulary and the project know none."""
    names, wanted = alias_index(source.table), normalise_header(header)
    pinned = next((name for name, own in source.columns.items() if normalise_header(own) == wanted), "")
    forms = (header, split_header(header)[0], split_header(without_year(header)[0])[0])
    return pinned or next((names[key] for form in forms if (key := normalise_header(form)) in names), "")


def _is_divided(rows: Sequence[Sequence[Any]], header: Header) -> bool:
    """Tell whether a header's cell holds for several columns that the row below names: its own row alone would take the first.

    Such a row has words (or years) under the cell and under the blank ones to its right, and nothing under the others.
    """
    if header.last - header.first >= DEEPEST - 1 or header.last + 1 >= len(rows):
        return False
    below = [_year_named(cell) for cell in rows[header.last + 1]]
    if not _is_words(below):
        return False
    width = max(len(below), len(header.labels))
    upper = [_text(rows[header.last][at]) if at < len(rows[header.last]) else "" for at in range(width)]
    lower = [_text(below[at]) if at < len(below) else "" for at in range(width)]
    shared: set[int] = set()
    for at in range(width - 1):
        end = at + 1
        while end < width and not upper[end] and lower[end]:
            end += 1
        if upper[at] and lower[at] and end > at + 1:
            shared |= set(range(at, end))
    return bool(shared) and not any(
        lower[at] not in ("", upper[at]) for at in range(width) if at not in shared
    )


def _year_named(cell: Any) -> Any:
    """Write a bare year as one says it: 2023年."""
    if isinstance(cell, str):
        return f"{cell.strip()}年" if re.fullmatch(r"(19|20)\d{2}", cell.strip()) else cell
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    return f"{int(cell)}年" if is_number and 1990 <= cell <= 2100 and cell == int(cell) else cell


def recognised(cells: Sequence[Any], source: Source) -> int:
    """Count the cells of a row that are headers known to the vocabulary or named in the project."""
    pinned = {normalise_header(header) for header in (*source.columns.values(), *source.where)}
    texts = [str(cell) for cell in cells if cell not in (None, "")]
    return sum(_is_known(text, source) or normalise_header(text) in pinned for text in texts)


def nearest_names(rows: Sequence[Sequence[Any]], source: Source) -> str:
    """Say which known names the texts of the first rows come near to; nothing where none does."""
    known = alias_index(source.table)
    texts = {_text(cell) for row in rows[:SEARCH_ROWS] for cell in row if isinstance(cell, str)}
    near = []
    for text in sorted(texts - {""})[:200]:
        if found := difflib.get_close_matches(
            normalise_header(split_header(text)[0]), known, n=1, cutoff=0.6
        ):
            near.append(f"“{text[:20]}”近于“{fields()[known[found[0]]].label}”")
    return f"{'、'.join(near[:6])}。" if near else ""


def _is_known(text: str, source: Source) -> bool:
    known = alias_index(source.table)
    return any(
        normalise_header(form) in known
        for form in (text, split_header(text)[0], split_header(without_year(text)[0])[0])
    )


def _text(cell: Any) -> str:
    return " ".join(str(cell).split()) if cell not in (None, "") else ""


def _is_words(cells: Sequence[Any]) -> bool:
    """Tell whether a row can be the lower part of a header: words only, no figure and no date."""
    texts = [cell for cell in cells if cell not in (None, "")]
    return bool(texts) and all(
        isinstance(cell, str)
        and (_PERIOD.fullmatch(cell.strip()) or not re.fullmatch(r"[\d.,\-/年月日% ]+", cell.strip()))
        for cell in texts
    )


def _joined(block: Sequence[Sequence[Any]], source: Source) -> list[str]:
    """Join the rows of a header column by column; an upper cell holds for the blank ones to its right."""
    width = max(len(row) for row in block)
    grid = [[_text(row[at]) if at < len(row) else "" for at in range(width)] for row in block]
    for depth, upper in enumerate(grid[:-1]):
        group = ""
        for at in range(width):
            below = any(grid[lower][at] for lower in range(depth + 1, len(grid)))
            if upper[at]:
                group = upper[at] if below else ""
            elif below and group:
                upper[at] = group
            else:
                group = ""
    labels = []
    for at in range(width):
        parts = [row[at] for row in grid if row[at]]
        label = parts[-1] if parts else ""
        for above in reversed(parts[:-1]):
            label = _under(above, label, source)
        labels.append(label)
    return labels


def _under(above: str, label: str, source: Source) -> str:
    """Say in one label what a cell and the merged one above it say; a unit written above holds for each below."""
    name, own = split_header(label)
    group, unit = _unit_of(above)
    if group and looks_like_unit(label):
        return above if unit else f"{above}（{label}）"
    unit = own or unit
    if year := _YEAR.search(group):
        rest = re.sub(r"[（(]?" + year[0] + r"\s*年?度?[)）]?", "", group).strip(" -_")
        if rest and not _is_known(label, source) and _is_known(f"{rest}{name}", source):
            name = f"{rest}{name}"
        return f"{name}（{year[0]}年{f'，{unit}' if unit else ''}）"
    for form in (name, f"{name}{group}", f"{group}{name}"):
        if _is_known(form, source):
            return f"{form}（{unit}）" if unit else form
    return label if own or not unit else f"{name}（{unit}）"


def _unit_of(text: str) -> tuple[str, str]:
    """Split a merged cell into what it names and its unit: in brackets, after a slash, or after 单位：."""
    name, tail = split_header(text)
    tail = re.sub(r"^(金额)?单位\s*[:：]\s*", "", tail)
    if looks_like_unit(tail):
        return name, tail
    bare = re.sub(r"^(金额)?单位\s*[:：]\s*", "", text)
    return ("", bare) if looks_like_unit(bare) else (text, "")
