"""Tables whose years stand side by side (税收2023, 税收2024): one raw table a year, every row kept in each."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from landeval import issues
from landeval.sources import RawTable
from landeval.tidy.columns import fields_by_year, of_several_years
from landeval.tidy.table import Typed
from landeval.units import split_header
from landeval.vocabulary.fields import alias_index, fields, normalise_header


def one_a_year(raw: RawTable, figures: tuple[str, ...]) -> tuple[list[RawTable], pd.DataFrame]:
    """Take a table with columns of several years apart; any other table is returned as it is.

    Parameters
    ----------
    raw : RawTable
    figures : tuple of str
        Fields that belong to a year. Where the table has several years and such a column names none, nobody
        knows which is meant: it is left out and reported.

    Returns
    -------
    list of RawTable
        For each year the same rows, with the headers of other years blank.
    DataFrame of issues
    """
    several = of_several_years(raw)
    known = alias_index(raw.source.table)
    has_year = "year" in {*raw.source.columns, *raw.source.constants} or any(
        known.get(normalise_header(header)) == "year" for header in raw.headers
    )
    if not several or has_year:
        return [raw], issues.empty()
    dated = fields_by_year(raw)
    pinned = {normalise_header(header) for header in raw.source.columns.values()}
    undated = {
        position
        for position, header in enumerate(raw.headers)
        if position not in dated and _meant(header, known) in figures
    }
    undated = {at for at in undated if not pinned & _spellings(raw.headers[at])}
    file, layer = raw.source.name, raw.layer
    told = "；".join(
        f"{fields()[name].label} {'、'.join(map(str, sorted(by)))}" for name, by in several.items()
    )
    problems = [issues.report_file("E260", file, layer, detail=told)]
    problems += [issues.report_file("E255", file, layer, column=raw.headers[at]) for at in sorted(undated)]
    years = sorted({year for _, year in dated.values()})
    parts = []
    for year in years:
        headers = tuple(
            "" if position in undated or (position in dated and dated[position][1] != year) else header
            for position, header in enumerate(raw.headers)
        )
        parts.append(replace(raw, headers=headers))
    return parts, issues.gather(problems)


def _meant(header: str, known: dict[str, str]) -> str:
    return known.get(normalise_header(header)) or known.get(normalise_header(split_header(header)[0]), "")


def _spellings(header: str) -> set[str]:
    return {normalise_header(header), normalise_header(split_header(header)[0])}


def together(parts: list[Typed]) -> Typed:
    """Put the years of one table together again: its rows year under year, each field with all its headers."""
    if len(parts) == 1:
        return parts[0]
    columns = pd.concat([part.columns for part in parts], ignore_index=True)
    keys = ["source_file", "source_layer", "field"]
    joined = columns.groupby(keys, sort=False, as_index=False).agg(
        header=("header", lambda texts: "、".join(dict.fromkeys(texts))), unit=("unit", "first")
    )
    return Typed(
        pd.concat([part.frame for part in parts], ignore_index=True),
        issues.gather([part.issues for part in parts]),
        joined,
        parts[0].set_aside,
    )
