"""Every mistake of a settings file in one go: what is wrong is left out, and the rest read again."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from landeval.errors import ConfigurationError
from landeval.settings_table import Cell, Key, in_labels
from landeval.settings_words import worded

_MOST = 20
"""Mistakes told at once."""
_WHOLE = {"path", "effect"}
"""Without these a section is a mistake of its own, so it is left out whole."""
Make = Callable[[Mapping[str, Any]], object]


def every_mistake(
    error: ConfigurationError,
    raw: Mapping[str, Any],
    make: Make,
    cells: Mapping[Key, Cell],
    settings: Path | None,
) -> list[tuple[str, ConfigurationError]]:
    """Return all that is wrong with the settings, each with its section of a 参数表.

    Parameters
    ----------
    error : ConfigurationError
        The first of them.
    raw : Mapping
        What the file says.
    make : callable
        Makes a project of such a mapping, or raises.
    cells : Mapping
        Of a 参数表: the cell of each value.
    settings : Path or None
        The file.
    """
    found = []
    rest = copy.deepcopy(dict(raw))
    while True:
        blamed = _blamed(error, rest, make, cells)
        cell = None if blamed is None else _cell_of(blamed, error, cells)
        found.append((cell.section if cell else "", _told(error, cell, settings)))
        if blamed is None or len(found) == _MOST:
            break
        gone = _leave_out(rest, blamed)
        cells = _renumbered(cells, gone)
        try:
            make(rest)
        except ConfigurationError as other:
            error = other
        else:
            break
    return found


def _blamed(
    error: ConfigurationError, raw: Mapping[str, Any], make: Make, cells: Mapping[Key, Cell]
) -> Key | None:
    """Find what an error comes from: the part of the settings without which it would not be, the likeliest tried first."""
    rule = re.search(r'\[rules\."([^"]+)"\]', error.where)
    path = None
    for is_section, is_unlike, key in _likeliest_first(error, raw, cells):
        if rule and key[:2] != ("rules", rule[1]):
            continue
        if is_section and path:
            break
        then = _without(key, error, raw, make)
        if then is None or (then == "E608" and is_unlike):  # a section without its path is another mistake
            continue
        if then != "E608":
            return key
        path = path or key
    return path or (("rules", rule[1]) if rule and rule[1] in raw.get("rules", {}) else None)


def _likeliest_first(
    error: ConfigurationError, raw: Mapping[str, Any], cells: Mapping[Key, Cell]
) -> list[tuple[bool, bool, Key]]:
    """Order the parts of the settings: values before sections, and first those that the error quotes."""
    said = f"{error.what}{error.where}"
    parts = [
        (_is_section(value), str(value) not in said, -len(key), cells[key].row if key in cells else at, key)
        for at, (key, value) in enumerate(_parts(raw))
    ]
    ordered = sorted(parts, key=lambda part: part[:-1])
    return [(is_section, is_unlike, key) for is_section, is_unlike, _, _, key in ordered]


def _without(key: Key, error: ConfigurationError, raw: Mapping[str, Any], make: Make) -> str | None:
    """Return the code of the error that there is without a part, empty for none.

    None where it is still this one, or one that comes of leaving the part out: of its section, as this one is not.
    """
    less = copy.deepcopy(dict(raw))
    _leave_out(less, key, is_exact=True)
    try:
        make(less)
    except ConfigurationError as other:
        is_new = _is_of(other, key) and not _is_of(error, key)
        return None if is_new or str(other) == str(error) else other.code
    return ""


def _is_of(error: ConfigurationError, key: Key) -> bool:
    """Tell whether an error speaks of the section of a setting."""
    return len(key) > 1 and str(key[0]) in f"{error.what}{error.where}"


def _is_section(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and isinstance((*value, None)[0], Mapping))


def _parts(value: Any, above: Key = ()) -> Iterator[tuple[Key, Any]]:
    """Yield every section and value with its key."""
    held = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, one in held:
        if isinstance(value, list) and not isinstance(one, Mapping):
            return
        yield (*above, name), one
        yield from _parts(one, (*above, name))


def _leave_out(raw: dict[str, Any], key: Key, *, is_exact: bool = False) -> Key:
    """Take a value out of the settings, its whole section where that is nothing without it; return what was taken."""
    if not is_exact and len(key) > 1 and (key[-1] in _WHOLE or key[0] == "rules"):
        key = key[:2] if key[0] == "rules" else key[:-1]
    place: Any = raw
    for part in key[:-1]:
        place = place[part]
    del place[key[-1]]
    return key


def _renumbered(cells: Mapping[Key, Cell], gone: Key) -> dict[Key, Cell]:
    """Return the cells of what is left: sections of a list after one that is gone move up."""
    left = {}
    at, last = len(gone) - 1, gone[-1]
    for key, cell in cells.items():
        if key[: len(gone)] == gone:
            continue
        moves = isinstance(last, int) and key[:at] == gone[:at] and int(key[at]) > last
        left[(*key[:at], int(key[at]) - 1, *key[at + 1 :]) if moves else key] = cell
    return left


def _cell_of(key: Key, error: ConfigurationError, cells: Mapping[Key, Cell]) -> Cell | None:
    if key in cells:
        return cells[key]
    below = [cell for other, cell in cells.items() if other[: len(key)] == key]
    return min(
        below, key=lambda cell: (str(cell.value) not in f"{error.what}{error.where}", cell.row), default=None
    )


def _told(error: ConfigurationError, cell: Cell | None, settings: Path | None) -> ConfigurationError:
    """Say a mistake in the words of the file it stands in, with the row of a 参数表."""
    section = cell.section if cell else ""
    what, where, remedy = (
        worded(text, settings, section) for text in (error.what, error.where, error.remedy)
    )
    if cell is not None:
        what, where, remedy = in_labels(what, cell), cell.where(settings), in_labels(remedy, cell)
        if error.code == "E611" and cell.is_written_otherwise:
            remedy = f"应为：{cell.wanted}" + ("" if cell.choices else f"；{remedy}")
    return ConfigurationError(what, where=where, remedy=remedy, code=error.code)
