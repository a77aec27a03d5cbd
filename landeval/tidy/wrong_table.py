"""Another table handed in by mistake: refused before anything is read from it."""

from __future__ import annotations

from collections.abc import Sequence

from landeval.sources import RawTable
from landeval.vocabulary.table_kinds import another, not_handed_back, seems


def refuse_another(raws: Sequence[RawTable]) -> None:
    """Refuse a file none of whose sheets is the table that it was given as, and say which table it seems to be.

    A file whose columns are named in the project is taken for what the project says.

    Raises
    ------
    InputRefusedError
        E293.
    """
    found = [_seems(raw) for raw in raws]
    if raws and all(found):
        raw, other = raws[0], str(found[0])
        is_layer = "geometry" in raw.frame
        raise another(raw.headers, raw.source.table, other, raw.source.path, is_layer=is_layer)
    if raws and (
        error := not_handed_back([raw.headers for raw in raws], raws[0].source.table, raws[0].source.path)
    ):
        raise error


def _seems(raw: RawTable) -> str | None:
    if raw.source.columns:
        return None
    return seems(raw.headers, raw.source.table, is_layer="geometry" in raw.frame)
