"""What stands in the cell that a problem is about, where the problem does not say so itself."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from landeval.issues import OF_CORRECTIONS
from landeval.sources import SOURCE_COLUMNS
from landeval.vocabulary.fields import fields
from landeval.wording import as_written

_PLACE = list(SOURCE_COLUMNS)
OF_GAPS = ("E313",)
"""Told of a figure that is lacking: where rows contradict each other, none of them holds it."""
_AMONG = ["source_file", "source_layer"]


def with_written(told: pd.DataFrame, records: Sequence[pd.DataFrame], columns: pd.DataFrame) -> pd.DataFrame:
    """Fill in ``raw_value`` where a problem names an item and leaves it blank: who corrects it must see what it says.

    Only where the problem says what the field is called: the figure stands in that name's unit, and so a correction
    that repeats it is held against the cell. First, what another problem says of the same cell.

    Parameters
    ----------
    told : DataFrame
        Issues, at the cells that can be mended.
    records : sequence of DataFrame
        Tidied rows with ``SOURCE_COLUMNS``, a column a field.
    columns : DataFrame
        ``source_file``, ``source_layer``, ``field``: which table has a column for what.
    """
    written = told["raw_value"].fillna("").astype("object")
    silent = told[(written == "") & (told["column"].fillna("") != "") & told["source_row"].notna()]
    silent = silent[~silent["code"].isin((*OF_CORRECTIONS, *OF_GAPS))]
    silent = silent[["column", *_PLACE]].fillna({"source_layer": ""})
    named = {field.label: name for name, field in fields().items()}
    asked = silent["column"].map(named)
    has = pd.MultiIndex.from_frame(columns[[*_AMONG, "field"]].fillna({"source_layer": ""}))
    silent = silent[pd.MultiIndex.from_arrays([*(silent[name] for name in _AMONG), asked]).isin(has)]
    if silent.empty:
        return told
    others = told[(written != "") & ~told["code"].isin(OF_CORRECTIONS)].fillna({"source_layer": ""})
    spots = [*_PLACE, "column"]
    said = others.drop_duplicates(spots).set_index(spots)["raw_value"]
    again = said.reindex(pd.MultiIndex.from_frame(silent[spots])).set_axis(silent.index).dropna()
    written.loc[again.index] = again
    silent = silent.drop(index=again.index)
    asked = asked[silent.index]
    for frame in records:
        names = [name for name in asked.unique() if name in frame]
        known = (
            frame[[*_PLACE, *names]].fillna({"source_layer": ""}).drop_duplicates(_PLACE).set_index(_PLACE)
        )
        for name in names:
            rows = silent[asked == name]
            found = (
                as_written(known[name]).reindex(pd.MultiIndex.from_frame(rows[_PLACE])).set_axis(rows.index)
            )
            written.loc[found.index[found.notna()]] = found.dropna()
    return told.assign(raw_value=written)
