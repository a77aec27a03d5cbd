"""Figures in doubt, used all the same or unknown by contradiction: the verdicts and the grades that rest on them say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from landeval import issues
from landeval.firm_year import header_of
from landeval.link.evidence import CONFIRMED, ON_LAND, beside, cells_of, citing_any
from landeval.link.told_by import ToldBy
from landeval.sources import SOURCE_COLUMNS
from landeval.vocabulary.fields import fields_of
from landeval.wording import joined

OF_LAND = ("E218", "E227", "E270", "E282")
"""Doubts of a parcel's area, on which the figures per mu of its enterprises rest."""
OF_USE = ("E306", "E324")
"""Doubts of how much land an enterprise has: a cell says so, or a blank, that no figure cites."""
OF_ITS_PARCELS = ("E324",)
"""Doubts of an enterprise's land on which the figures of its parcels rest too."""


class Doubts(NamedTuple):
    """What rests on figures in doubt.

    Attributes
    ----------
    proof : DataFrame
        The evidence, a cell in doubt marked wherever it is cited.
    parcels : Series of text
        Index ``parcel_id``: what is in doubt of the parcel or of a cell in its evidence; empty where nothing is.
    enterprises : Series of text
        Index ``enterprise_id``, of those only of whom something of the data year, or the land, is in doubt.
    """

    proof: pd.DataFrame
    parcels: pd.Series
    enterprises: pd.Series


def weigh(
    problems: pd.DataFrame,
    corrections: pd.DataFrame,
    proof: pd.DataFrame,
    firms: ToldBy,
    users: pd.DataFrame,
    columns: pd.DataFrame,
) -> Doubts:
    """Find what rests on figures in doubt: by the parcel that a problem is told of, and by the cells that are cited.

    Parameters
    ----------
    problems : DataFrame
        As ``issues.doubts`` picks them, at the cells that can be mended (``at_their_cells``).
    corrections : DataFrame
        Problems E246 and E249; a figure that is used and was confirmed is in doubt no more.
    proof : DataFrame
        As made by ``evidence``.
    firms : ToldBy
    users : DataFrame
        ``parcel_id``, ``enterprise_id`` of the enterprises tied to a parcel.
    columns : DataFrame
        ``source_file``, ``source_layer``, ``field``, ``header``.
    """
    problems = problems.sort_values(["code", *SOURCE_COLUMNS, "column", "record_key", "what"]).reset_index(
        drop=True
    )
    cells = _as_headed(problems, columns, firms.year)
    confirmed = set(cells_of(corrections[corrections["code"] == CONFIRMED]))
    used = problems["code"].map(lambda code: issues.CATALOGUE[code].doubt == issues.USED).astype(bool)
    is_open = ~(used & cells.isin(confirmed)).to_numpy()
    problems, cells = problems[is_open].reset_index(drop=True), cells[is_open].reset_index(drop=True)
    nothing = pd.Series("", index=proof.index, dtype="object")
    if problems.empty:
        return Doubts(proof, nothing, pd.Series(dtype="object"))
    has_cell = (problems["column"].fillna("") != "").to_numpy()
    kind = problems["code"].map(lambda code: issues.CATALOGUE[code].what.partition("，")[0])
    marks = joined(cells[has_cell], kind[has_cell], by="，", ordered=False)
    marked = beside(proof, {str(cell): f"（待核实：{words}）" for cell, words in marks.items()}, columns)
    own = [(str(key), at) for at, key in enumerate(problems["record_key"]) if key in proof.index]
    land = [(key, at) for key, at in own if problems["code"].iloc[at] in OF_LAND]
    drawn = [at for _, at in land if not has_cell[at]]
    marked = _marked_land(marked, problems["record_key"].iloc[drawn], kind.iloc[drawn])
    told = [*own, *_cited(proof, cells[has_cell], columns), *_of_its_parcels(problems, users)]
    spot = cells.where(has_cell, cells.str.removesuffix("「」"))
    said = problems["what"].str.replace("；", "，", regex=False).astype("object")
    of_firms = [
        *_of_enterprises(firms, cells[has_cell], problems[has_cell], columns),
        *_of_users(land, users),
    ]
    keys = zip(problems["record_key"], problems["code"], strict=True)
    of_firms += [
        (str(key), at) for at, (key, code) in enumerate(keys) if code in OF_USE and key in firms.enterprises
    ]
    return Doubts(
        marked, _by_key(told, said, spot).reindex(proof.index).fillna("").astype("object"),
        _by_key(of_firms, said, spot),
    )  # fmt: skip


def _as_headed(problems: pd.DataFrame, columns: pd.DataFrame, year: int | None) -> pd.Series:
    """Write the cell of each problem under the header of its table, also where the problem says the item's label."""
    tables = ("parcels", "contracts", "enterprises")
    labels = {field.label: field.name for table in tables for field in fields_of(table)}
    keys = ["source_file", "source_layer", "field"]
    first = columns.assign(source_layer=columns["source_layer"].fillna("")).drop_duplicates(keys)
    headers = first.set_index(keys)["header"].map(
        lambda text: header_of(text, year) if text and year else text
    )
    asked = problems["column"].fillna("")
    wanted = pd.MultiIndex.from_arrays(
        [problems["source_file"], problems["source_layer"].fillna(""), asked.map(labels)]
    )
    header = pd.Series(headers.reindex(wanted).to_numpy(), index=problems.index, dtype="object")
    headed = problems.assign(column=header.where(header.fillna("") != "", asked))
    return pd.Series(cells_of(headed), index=problems.index, dtype="object")


def _cited(proof: pd.DataFrame, cells: pd.Series, columns: pd.DataFrame) -> Iterator[tuple[str, int]]:
    """Return parcel and problem wherever the evidence of a parcel cites a cell in doubt."""
    problems_of: dict[str, list[int]] = {}
    for at, cell in zip(cells.index.tolist(), cells, strict=True):
        problems_of.setdefault(cell, []).append(at)
    for name, rows, pattern in citing_any(proof, cells, columns):
        texts = proof[name].iloc[rows]
        for key, text in texts.items():
            for cell in set(pattern.findall(text)):
                yield from ((str(key), at) for at in problems_of.get(cell, ()))


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


def _of_users(land: list[tuple[str, int]], users: pd.DataFrame) -> Iterator[tuple[str, int]]:
    """Return the enterprises on parcels whose area is in doubt, with the problem."""
    told = pd.DataFrame(land, columns=["parcel_id", "at"])
    both = told.merge(users[["parcel_id", "enterprise_id"]].drop_duplicates(), on="parcel_id")
    yield from zip(both["enterprise_id"], both["at"], strict=True)


def _marked_land(proof: pd.DataFrame, keys: pd.Series, kind: pd.Series) -> pd.DataFrame:
    """Mark the area that amounts per mu rest on where its shape is in doubt, which has no cell."""
    if keys.empty:
        return proof
    said = joined(keys.astype(str), kind, by="，", ordered=False)
    rows = proof.index.get_indexer(said.index)
    found: dict[str, pd.Series] = {}
    for name in proof.columns[proof.columns.str.endswith("_per_mu")]:
        told = proof[name].astype("object")
        told.iloc[rows] = [
            f"{text}（待核实：{words}）" if ON_LAND in text else text
            for text, words in zip(told.iloc[rows], said, strict=True)
        ]
        found[str(name)] = told.astype("str")
    return proof.assign(**found)


def _of_its_parcels(problems: pd.DataFrame, users: pd.DataFrame) -> Iterator[tuple[str, int]]:
    """Return the parcels of enterprises whose land is in doubt as a whole, with the problem."""
    asked = problems["record_key"][problems["code"].isin(OF_ITS_PARCELS)].rename("enterprise_id")
    both = asked.rename_axis("at").reset_index().merge(users.drop_duplicates(), on="enterprise_id")
    yield from zip(both["parcel_id"], both["at"], strict=True)


def _by_key(told: Iterable[tuple[str, int]], said: pd.Series, spot: pd.Series) -> pd.Series:
    """Join what is said of each key in the order of the problems; what is said of several cells once, with all of them."""
    each = (
        pd.DataFrame(told, columns=["key", "at"])
        .drop_duplicates()
        .sort_values(["key", "at"], ignore_index=True)
    )
    each = each.assign(said=said.reindex(each["at"]).to_numpy(), spot=spot.reindex(each["at"]).to_numpy())
    pair = each["key"].astype(str) + "\x1f" + each["said"].astype(str)
    spots = joined(pair, each["spot"].astype("object"), by="、", ordered=False)
    first = each[~pair.duplicated()]
    texts = first["said"] + "（" + pair[first.index].map(spots) + "）"
    return joined(first["key"], texts.astype("object"), by="、", ordered=False)
