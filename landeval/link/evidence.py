"""Where each figure was written: file, sheet, row and column, as text beside every verdict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from landeval.link.cells import Cells, Headers, Rows, Texts, put
from landeval.link.told_by import ToldBy
from landeval.result import OPERATING
from landeval.sources import SOURCE_COLUMNS, spot_of
from landeval.wording import joined

SHOWN = 3
CORRECTED, CONFIRMED = "E246", "E249"
NOTHING = "（没有可用的数）"
ON_LAND = "面积："
"""Stands before the place of the area, the last that is said of an amount per mu of the data year."""
BASIS_FIELD = {"证载面积": "area_registered_m2", "合同面积": "area_contract_m2"}
_CELL = re.compile(r".*第 (?P<row>\d+) 行「(?P<header>[^」]*)」", re.DOTALL)
_LISTED = 5_000
"""Rows that are looked for by their numbers; of more every row is."""
DUE = ("extended_start", "agreed_start", "delivered_on")
OPERANDS = (
    "actual_start", "agreed_completion", "actual_completion", "suspended_on", "production_started_on",
    "production_status", "stopped_production_on", "built_area_m2", "buildable_area_m2", "invested_wan_yuan",
    "planned_investment_wan_yuan", "floor_area_m2", "footprint_m2", "yard_m2", "unused_separable_m2",
    "contract_plot_ratio_min", "low_use_listing", "low_use_listing_no", "construction_permit_no", "idle_cause",
    "cause_evidence", "price_wan_yuan",
)  # fmt: skip
"""Items whose own cell is named beside a verdict."""
OF_ENTERPRISES = (*OPERATING, "production_started_on")
"""Items that the parcel's enterprises say where the parcel itself says nothing."""


class Ledger(NamedTuple):
    """Which ledger record says each item of each parcel.

    Attributes
    ----------
    places : DataFrame
        ``SOURCE_COLUMNS`` and ``parcel_id`` of the records.
    record : DataFrame of int
        Index ``parcel_id``, a column an item: row of ``places``; -1 where the parcel has no record.
    is_blank : DataFrame of bool
        The same shape: whether none of the parcel's records says anything of the item.
    beside : Mapping
        Item → for each row of ``places`` what is told beside it: what part is its parcel's where a contract covers
        several, where the parcel's other numbers stand; empty where there is nothing to add.
    """

    places: pd.DataFrame
    record: pd.DataFrame
    is_blank: pd.DataFrame
    beside: Mapping[str, npt.NDArray[np.object_]]


def evidence(
    parcels: pd.DataFrame,
    allocated: pd.DataFrame,
    records: pd.DataFrame,
    ledger: Ledger,
    columns: pd.DataFrame,
    year: int | None,
    money: tuple[str, ...],
    *,
    also: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Write the place of every operand of every verdict; empty where no table has a place for it.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; ``area_basis`` and source columns.
    allocated : DataFrame
        Parts of money: ``row`` (the figure that they are parts of), ``parcel_id``, ``enterprise_id``, ``year``,
        ``parcel_code``, ``link_area_mu``, the money columns.
    records : DataFrame
        The enterprises' rows, each of one office's table: ``is_counted_<money>`` tells whose figure was taken.
    ledger : Ledger
        As made by ``tie_contracts``.
    columns : DataFrame
        ``source_file``, ``source_layer``, ``field``, ``header``.
    year : int or None
        Data year.
    money : tuple of str
        Money columns; the ratio's column is ``<name>_per_mu``.
    also : tuple of str
        More items of the parcels, as the bureau's own rules read them.

    Returns
    -------
    DataFrame
        Index ``parcel_id``: one column a ratio, ``<ratio>_last_year``, ``due_start``, ``OPERANDS`` and ``also``.
    """
    ids = parcels.index
    headers = Headers(columns)
    places = _Places(parcels, ledger, headers)
    land = pc.fill_null(places.by_field(parcels["area_basis"].map(BASIS_FIELD).fillna("geometry")), "")
    on_land = pc.binary_join_element_wise(ON_LAND, land, "")
    table: dict[str, Texts] = {}
    firms = ToldBy(records, headers, year)
    current, of_current = allocated.head(0), _OfParcels(allocated["parcel_id"].head(0), ids)
    for back, suffix in ((0, ""), (1, "_last_year")):
        rows = allocated[allocated["year"] == year - back] if year is not None else allocated.head(0)
        of_parcels = _OfParcels(rows["parcel_id"], ids)
        number = rows.groupby("row")["parcel_id"].transform("size")
        pair = rows.groupby(["parcel_id", "enterprise_id"]).ngroup()
        if back == 0:
            current, of_current = rows, of_parcels
        for name in money:
            known = np.flatnonzero(rows[name].notna())
            cells = pc.binary_join_element_wise(
                firms.figure(name, rows.iloc[known]), _spread(rows, number, name).take(pa.array(known)), ""
            )
            open_ones = np.flatnonzero(_is_open(rows, pair, name))
            if len(open_ones):
                blank, asked = firms.blank(name, rows.iloc[open_ones])
                cells = pa.concat_arrays([cells, pc.binary_join_element_wise(blank, NOTHING, "")])
                known = np.concatenate([known, open_ones[asked]])
            said = of_parcels.told(cells, known)
            table[f"{name}_per_mu{suffix}"] = (
                pc.binary_join_element_wise(said, on_land, "；") if back == 0 else said
            )
    deciding = pd.Series("agreed_start", index=ids, dtype="object")
    for name in reversed(DUE):
        deciding = deciding.mask(parcels[name].notna(), name)
    table["due_start"] = places.by_field(deciding)
    names = tuple(dict.fromkeys((*OPERANDS, *also)))
    with ThreadPoolExecutor(2) as pool:  # Arrow works beside the interpreter
        texts = list(pool.map(places.of, names))
    for name, told in zip(names, texts, strict=True):
        if name in OF_ENTERPRISES and headers.has(name):
            texts_of, asked = firms.item(name, current["enterprise_id"])
            told = pc.coalesce(told, of_current.told(texts_of, asked))
        table[name] = told
    return pd.DataFrame(
        {name: pd.Series(pc.fill_null(text, ""), index=ids, dtype="str") for name, text in table.items()},
        index=ids,
    )


def citing(proof: pd.DataFrame, rows: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Return the evidence with other places for some figures, where there are any.

    Parameters
    ----------
    proof : DataFrame
        As made by ``evidence``.
    rows : Mapping
        Field → text of each parcel; empty where the evidence stands.
    """
    cited = {name: text.where(text != "", proof[name]).astype("str") for name, text in rows.items()}
    return proof.assign(**cited)


def as_corrected(proof: pd.DataFrame, corrections: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """Return the evidence that says of a corrected cell what stands in the file, and who corrected or confirmed it.

    Parameters
    ----------
    proof : DataFrame
        As made by ``evidence``.
    corrections : DataFrame
        Problems E246 and E249: the place of each corrected or confirmed cell, ``raw_value``, ``detail``.
    columns : DataFrame
        ``source_file``, ``source_layer``: every table of the run.
    """
    said: dict[str, str] = {}
    names = ("code", "raw_value", "what")
    for cell, code, raw, what in zip(
        cells_of(corrections), *(corrections[name] for name in names), strict=True
    ):
        by = what.partition("：")[2]
        written = f"原写“{raw}”" if raw else "原为空白"
        said[cell] = f"（经核实无误，{by}）" if code == CONFIRMED else f"（经更正，{written}；{by}）"
    return beside(proof, said, columns)


def cells_of(problems: pd.DataFrame) -> list[str]:
    """Write the cell of each problem as evidence does."""
    place = (problems[name] for name in (*SOURCE_COLUMNS, "column"))
    return [
        f"{spot_of(file, layer, row)}「{column}」" for file, layer, row, column in zip(*place, strict=True)
    ]


def beside(proof: pd.DataFrame, said: Mapping[str, str], columns: pd.DataFrame) -> pd.DataFrame:
    """Return the evidence with words put behind some cells, wherever they are cited.

    Parameters
    ----------
    proof : DataFrame
        As made by ``evidence``.
    said : Mapping
        Cell, as in the evidence → words.
    columns : DataFrame
        ``source_file``, ``source_layer``: every table of the run.
    """
    found: dict[str, pd.Series] = {}
    for name, rows, pattern in citing_any(proof, said, columns):
        told = proof[name].astype("object")
        told.iloc[rows] = [
            pattern.sub(lambda one: one[0] + said.get(one[0], ""), text) for text in told.iloc[rows]
        ]
        found[name] = told.astype("str")
    return proof.assign(**found)


def citing_any(
    proof: pd.DataFrame, cells: Iterable[str], columns: pd.DataFrame
) -> Iterator[tuple[str, Rows, re.Pattern[str]]]:
    """Find where the evidence may cite any of some cells: the column, its rows, and what matches every cell there.

    The rows are those that name a row and a header of the cells; which cells they cite the pattern tells. It knows all
    tables, so that no file is taken for another whose name its own ends in.

    Parameters
    ----------
    proof : DataFrame
        As made by ``evidence``.
    cells : iterable of str
        As in the evidence.
    columns : DataFrame
        ``source_file``, ``source_layer``: every table of the run.
    """
    parts = [match for match in map(_CELL.fullmatch, cells) if match]
    if not parts:
        return
    numbers, heads = sorted({part["row"] for part in parts}), sorted({part["header"] for part in parts})
    row = "|".join(numbers) if len(numbers) <= _LISTED else r"\d+"
    near = f"第 (?:{row}) 行「(?:{'|'.join(map(re.escape, heads))})」"
    tables = columns[["source_file", "source_layer"]].fillna("").astype(str).drop_duplicates()
    spots = {spot_of(file, layer, "").removesuffix(" 行") for file, layer in tables.itertuples(index=False)}
    every = "|".join(re.escape(spot) for spot in sorted(spots, key=lambda spot: (-len(spot), spot)))
    pattern = re.compile(f"(?:{every})\\d+ 行「[^」]*」")
    for name in map(str, proof):
        hit = pc.match_substring_regex(pa.array(proof[name], pa.string()), near)
        rows = np.flatnonzero(pc.fill_null(hit, False).to_numpy(zero_copy_only=False))
        if len(rows):
            yield name, rows, pattern


def _spread(parts: pd.DataFrame, number: pd.Series, name: str) -> Texts:
    """Say of each part of a figure that lies on several parcels how much is here, and by what; else nothing."""
    several = (number > 1) & parts[name].notna()
    words = np.full(len(parts), "", dtype=object)
    if several.any():
        rows = parts[several]
        of = rows.groupby("row")
        words[several.to_numpy()] = [
            f"（{total:,.2f} 按用地面积分到 {count} 宗，本宗 {mine:,.2f}/{every:,.2f} 亩，得 {part:,.2f}）"
            for total, count, mine, every, part in zip(
                of[name].transform("sum"), number[several], rows["link_area_mu"],
                of["link_area_mu"].transform("sum"), rows[name], strict=True,
            )
        ]  # fmt: skip
    return pa.array(words, pa.string())


def _is_open(parts: pd.DataFrame, pair: pd.Series, name: str) -> npt.NDArray[np.bool_]:
    """Tell the unknown parts; a blank beside a figure that the same enterprise has on the parcel is none."""
    known = parts[name].notna().to_numpy()
    is_said = np.zeros(len(parts), dtype=bool)
    is_said[pair[known]] = True
    return np.asarray(~known & ~is_said[pair.to_numpy()], dtype=bool)


class _OfParcels:
    """Texts of rows to one text a parcel; where each parcel has one row they are only put in place."""

    def __init__(self, parcel: pd.Series, ids: pd.Index) -> None:
        self._parcel, self._size = parcel.reset_index(drop=True), len(ids)
        self._at = ids.get_indexer(pd.Index(parcel))
        self._is_single, self._ids = parcel.is_unique, ids

    def told(self, texts: Texts, rows: Rows) -> Texts:
        """Return the texts of some rows by parcel, ； between; null where a parcel has none."""
        if self._is_single:
            here = np.flatnonzero(self._at[rows] >= 0)
            return put(texts, self._at[rows[here]], here, self._size)
        each = pd.Series(texts.to_numpy(zero_copy_only=False), index=rows, dtype="object")
        each = each.sort_index()  # by enterprise, wherever their rows stand
        said = joined(self._parcel.iloc[each.index], each, by="；", most=SHOWN, ordered=False).reindex(
            self._ids
        )
        return pa.array(said.to_numpy(dtype=object), pa.string(), from_pandas=True)


class _Places:
    """The cell of each parcel's items: in the ledger's record, else in the parcel's own row."""

    def __init__(self, parcels: pd.DataFrame, ledger: Ledger, headers: Headers) -> None:
        self._parcels, self._ledger = parcels, ledger
        self._own, self._records = Cells(parcels, headers), Cells(ledger.places, headers)
        self._at = parcels.index.get_indexer(ledger.record.index)

    def of(self, field: str) -> Texts:
        """Write where one field of each parcel stands; null where no table has a column for it."""
        return self._written(field, self._own.headed(field), self._records.headed(field))

    def by_field(self, field: pd.Series) -> Texts:
        """Write the place of the field that each parcel goes by."""
        which, names = pd.factorize(field.to_numpy(dtype=object))
        every = np.arange(len(field)), np.arange(len(self._ledger.places))
        parts = [self._written(str(name), *every) for name in names]
        at = which * len(field) + np.arange(len(field))
        return pa.chunked_array(parts, pa.string()).combine_chunks().take(pa.array(at))

    def _written(self, field: str, own: Rows, theirs: Rows) -> Texts:
        """Write a field's place from some of the parcels' own rows and some of the ledger's records."""
        size = len(self._parcels)
        into, record = np.array([], dtype=int), np.array([], dtype=int)
        if field in self._ledger.record and len(theirs):
            record = self._ledger.record[field].to_numpy()
            usable = np.zeros(len(self._ledger.places), dtype=bool)
            usable[theirs] = True
            blank = self._ledger.is_blank[field].to_numpy()
            spoken = np.zeros(size + 1, dtype=bool)
            if field in self._parcels:
                spoken[:-1] = self._parcels[field].notna()
            rows = np.flatnonzero((record >= 0) & (self._at >= 0))
            rows = rows[usable[record[rows]] & ~(blank[rows] & spoken[self._at[rows]])]
            into, record = self._at[rows], record[rows]
        is_told = np.zeros(size, dtype=bool)
        is_told[into] = True
        rest = own[~is_told[own]]
        theirs_said = self._records.of(field, record)
        if field in self._ledger.beside:
            beside = pa.array(self._ledger.beside[field][record], pa.string())
            theirs_said = pc.binary_join_element_wise(theirs_said, beside, "")
        said = [theirs_said, self._own.of(field, rest)]
        both = np.concatenate([into, rest])
        return put(pa.concat_arrays(said), both, np.arange(len(both)), size)


def places(rows: pd.DataFrame, columns: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Write where each record says some fields; empty where its table has no such column.

    Parameters
    ----------
    rows : DataFrame
        ``SOURCE_COLUMNS`` of the records.
    columns : DataFrame
        ``source_file``, ``source_layer``, ``field``, ``header``.
    names : sequence of str
        Fields.
    """
    records = Cells(rows, Headers(columns))
    every, table = np.arange(len(rows)), {}
    for name in names:
        headed = records.headed(name)
        told = put(records.of(name, headed), headed, every[: len(headed)], len(rows))
        table[name] = pd.Series(pc.fill_null(told, ""), index=rows.index, dtype="str")
    return pd.DataFrame(table, index=rows.index)
