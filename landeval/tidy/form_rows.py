"""Rows of a form that offices fill in: the form's own example is set aside, land without a written unit is unknown."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from landeval import issues
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.tidy import values
from landeval.tidy.table import Typed
from landeval.vocabulary.fields import label

EXAMPLE = "【示例】"
"""How the name of a form's example row begins."""


def written(raw: RawTable, table: Typed, name: str) -> tuple[str, pd.Series]:
    """Return the header of a field and its cells as written; the field's label and nothing where it has no column."""
    headers = table.columns.loc[table.columns["field"] == name, "header"]
    if not len(headers) or headers.iloc[0] not in raw.headers:
        return label(name), pd.Series("", index=table.frame.index, dtype="object")
    cells = raw.frame.set_index("source_row")[f"c{raw.headers.index(headers.iloc[0])}"]
    return str(headers.iloc[0]), cells.reindex(table.frame["source_row"]).set_axis(table.frame.index)


def with_known_land(raw: RawTable, table: Typed, name: str, code: str) -> Typed:
    """Make the land of cells unknown that neither they nor header nor title give a unit: ㎡ and 亩 differ 667 times."""
    header, cells = written(raw, table, name)
    bare = (table.issues["code"] == "E233") & (table.issues["column"] == header)
    if not bare.any():
        return table
    units, _ = values.parse_each(cells, lambda cell: values.number(cell, "area")[1])
    unsaid = table.frame[name].notna() & pd.Series([unit is None for unit in units], index=cells.index)
    place = table.frame.loc[unsaid, list(SOURCE_COLUMNS)]
    told = issues.report(code, place, column=header, raw=cells[unsaid].map(str), used="未知")
    frame = table.frame.assign(**{name: table.frame[name].mask(unsaid)})
    return replace(table, frame=frame, issues=issues.gather([table.issues[~bare], told]))


def without_examples(table: Typed, name: str, code: str) -> tuple[Typed, pd.DataFrame]:
    """Set aside the example row of the form, with whatever was noted of its cells."""
    names = table.frame[name].fillna("").astype(str)
    shown = names.str.startswith(EXAMPLE)
    place = table.frame.loc[shown, list(SOURCE_COLUMNS)]
    aside = pd.concat([table.set_aside, place.assign(reason="示例行")], ignore_index=True)
    kept = table.issues[~table.issues["source_row"].isin(set(place["source_row"]))]
    told = issues.report(code, place, column=label(name), raw=names[shown])
    return replace(table, frame=table.frame[~shown], issues=kept, set_aside=aside), told
