"""Figures in doubt, used all the same or unknown by contradiction: the verdicts and the grades that rest on them say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from landeval import issues
from landeval.link.evidence import CONFIRMED, beside, cells_of, citing_any
from landeval.link.told_by import ToldBy
from landeval.vocabulary.fields import fields_of
from landeval.wording import joined


class Doubts(NamedTuple):
    """What rests on figures in doubt.

    Attributes
    ----------
    proof : DataFrame
        The evidence, a cell in doubt marked wherever it is cited.
    parcels : Series of text
        Index ``parcel_id``: what is in doubt of the parcel or of a cell that its verdicts cite; empty where nothing is.
    enterprises : Series of text
        Index ``enterprise_id``, of those only of whom something of the data year is in doubt.
    """

    proof: pd.DataFrame
    parcels: pd.Series
    enterprises: pd.Series


def weigh(
    problems: pd.DataFrame,
    corrections: pd.DataFrame,
    proof: pd.DataFrame,
    firms: ToldBy,
    columns: pd.DataFrame,
) -> Doubts:
    """Find what rests on figures in doubt: by the parcel that a problem is told of, and by the cells that are cited.

    Parameters
    ----------
    problems : DataFrame
        As ``issues.doubts`` picks them, at the cells that can be mended (``at_their_cells``).
    corrections : DataFrame
        Problems E246 and E249; a cell that was confirmed is in doubt no more.
    proof : DataFrame
        As made by ``evidence``.
    firms : ToldBy
    columns : DataFrame
        ``source_file``, ``source_layer``, ``field``, ``header``.
    """
    confirmed = set(cells_of(corrections[corrections["code"] == CONFIRMED]))
    cells = _as_headed(problems, columns)
    is_open = ~cells.isin(confirmed).to_numpy()
    problems, cells = problems[is_open].reset_index(drop=True), cells[is_open].reset_index(drop=True)
    nothing = pd.Series("", index=proof.index, dtype="object")
    if problems.empty:
        return Doubts(proof, nothing, pd.Series(dtype="object"))
    what = problems["what"].str.replace("；", "，", regex=False)
    kind = problems["code"].map(lambda code: issues.CATALOGUE[code].what.partition("，")[0])
    has_cell = (problems["column"].fillna("") != "").to_numpy()
    marks = dict(zip(cells[has_cell], kind[has_cell], strict=True))
    marked = beside(proof, {cell: f"（待核实：{words}）" for cell, words in marks.items()})
    told = [(str(key), at) for at, key in enumerate(problems["record_key"]) if key in proof.index]
    told += _cited(proof, cells[has_cell])
    said = (what + "（" + cells.where(has_cell, cells.str.removesuffix("「」")) + "）").astype("object")
    return Doubts(
        marked, _by_key(told, said).reindex(proof.index).fillna("").astype("object"),
        _by_key(_of_enterprises(firms, cells[has_cell], problems[has_cell], columns), said),
    )  # fmt: skip


def _as_headed(problems: pd.DataFrame, columns: pd.DataFrame) -> pd.Series:
    """Write the cell of each problem under the header of its table, also where the problem says the item's label."""
    labels = {
        field.label: field.name
        for table in ("parcels", "contracts", "enterprises")
        for field in fields_of(table)
    }
    first = columns.assign(source_layer=columns["source_layer"].fillna(""))
    first = first.drop_duplicates(["source_file", "source_layer", "field"])
    keys = ["source_file", "source_layer", "field"]
    headers = first.set_index(keys)["header"]
    layers = problems["source_layer"].fillna("")
    wanted = pd.MultiIndex.from_arrays([problems["source_file"], layers, problems["column"].map(labels)])
    header = pd.Series(headers.reindex(wanted).to_numpy(), index=problems.index, dtype="object")
    headed = problems.assign(column=header.where(header.fillna("") != "", problems["column"].fillna("")))
    return pd.Series(cells_of(headed), index=problems.index, dtype="object")


def _cited(proof: pd.DataFrame, cells: pd.Series) -> Iterator[tuple[str, int]]:
    """Return parcel and problem wherever the evidence of a parcel cites a cell in doubt."""
    problems_of: dict[str, list[int]] = {}
    for at, cell in zip(cells.index.tolist(), cells, strict=True):
        problems_of.setdefault(cell, []).append(at)
    for name, hit, pattern in citing_any(proof, cells):
        for key, text in proof.loc[hit, name].items():
            for cell in set(pattern.findall(text)):
                yield from ((str(key), at) for at in problems_of[cell])


def _of_enterprises(
    firms: ToldBy, cells: pd.Series, problems: pd.DataFrame, columns: pd.DataFrame
) -> Iterator[tuple[str, int]]:
    """Return enterprise and problem wherever an item of the data year stands in a cell in doubt."""
    asked = columns["field"][columns["source_file"].isin(problems["source_file"])].drop_duplicates()
    of_firms = {field.name for field in fields_of("enterprises")} - {"year"}
    at_cell = cells.rename("cell").rename_axis("at").reset_index()
    for name in asked[asked.isin(of_firms)]:
        said = firms.of_year(str(name)).rename("cell").rename_axis("key").reset_index()
        both = said.merge(at_cell, on="cell")
        yield from zip(both["key"], both["at"], strict=True)


def _by_key(told: Iterable[tuple[str, int]], said: pd.Series) -> pd.Series:
    """Join what is said of each key, each problem once, in the order of the problems."""
    each = pd.DataFrame(told, columns=["key", "at"]).drop_duplicates().sort_values(["key", "at"])
    return joined(each["key"], said.reindex(each["at"]).set_axis(each.index), by="、", ordered=False)
