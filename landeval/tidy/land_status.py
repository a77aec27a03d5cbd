"""指数数据表 to one figure a region and item; what cannot be read, or contradicts another figure, is unknown and told."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from landeval import issues
from landeval.project import Project
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.tidy import values
from landeval.tidy.requirements import require
from landeval.tidy.table import Typed, typed, unknown
from landeval.units import factor
from landeval.vocabulary.fields import fields_of, label, normalise_header
from landeval.vocabulary.land_status import ADDED, REGIONS, Item, items, parts_of

ROUNDING = 0.005
"""By which each written figure may be off its true one, in units of the form: two decimals."""
SLACK = 1e-6
"""Share by which a part may exceed its whole: the noise of converting units."""
BLANK = "空白"
_KEYS = ["index_region", "status_code"]


class Survey(NamedTuple):
    """``figures``: one row a region and item; the tables, issues and states of the rows."""

    figures: pd.DataFrame
    tables: list[Typed]
    issues: list[pd.DataFrame]
    states: pd.DataFrame

    @property
    def file(self) -> str:
        """Name of the first table; empty where there is none."""
        rows = self.states["source_file"]
        return str(rows.iloc[0]) if len(rows) else ""


def tidy_land_status(raws: list[RawTable], project: Project) -> Survey:
    """Read the figures of every 指数数据表, in the units of the form.

    A row means the item of its code; where the code is blank, that of its name. Two rows of one item that differ
    make it unknown; so do a total that is not the sum of its parts and a part that is larger than its whole.

    Parameters
    ----------
    raws : list of RawTable
        None: every figure is unknown.
    project : Project

    Returns
    -------
    Survey
        ``figures``: ``index_region``, ``status_code``, ``status_written`` [unit of the item], ``status_origin``,
        ``status_why`` (why it is unknown; empty where known), ``is_filled``, ``SOURCE_COLUMNS``.

    Raises
    ------
    InputRefusedError
        A table without codes and names, or without figures.
    """
    if not raws:
        none = _none(project.currency)
        return none._replace(figures=none.figures.copy())
    tables = []
    for raw in raws:
        table = typed(raw, project.currency, project.county_code)
        for wanted in (("status_code", "status_item"), tuple(REGIONS.values())):
            require(
                raw,
                table,
                wanted,
                code="E519",
                what="指数数据表缺少必需的列：代码（或数据项）和主区（或发展方向区）",
            )
        tables.append(table)
    return _read(pd.concat([table.frame for table in tables], ignore_index=True), tables, project.currency)


@cache
def _none(currency: str) -> Survey:
    """Return what a run without a form has: every figure unknown."""
    return _read(_blank(), [], currency)


def _read(rows: pd.DataFrame, tables: list[Typed], currency: str) -> Survey:
    rows = rows.assign(item=_meant(rows))
    told = [table.issues for table in tables]
    unmeant = rows["item"] == ""
    empty = rows[list(REGIONS.values())].isna().all(axis=1)
    strange = unmeant & ~empty
    told.append(issues.report("E506", rows.loc[strange, list(SOURCE_COLUMNS)], column=label("status_code"),
                              raw=_named(rows[strange]), used="不采用"))  # fmt: skip
    read = pd.concat([_figures(rows[~unmeant], region, currency) for region in REGIONS], ignore_index=True)
    told += _told(read)
    figures, again = _one_each(read)
    told += again
    figures, doubts = _consistent(figures)
    told += doubts
    return Survey(figures, tables, told, _states(rows, unmeant, read))


def _blank() -> pd.DataFrame:
    index = pd.RangeIndex(0)
    place = {"source_file": "object", "source_layer": "object", "source_row": "int64"}
    frame = pd.DataFrame({field.name: unknown(field, index) for field in fields_of("index")})
    return frame.assign(**{name: pd.Series(dtype=kind) for name, kind in place.items()})


def _meant(rows: pd.DataFrame) -> pd.Series:
    """Return the code of the item that each row means; empty where code and name mean none, or two different ones."""
    named = {normalise_header(item.label): code for code, item in items().items()}
    by_code = rows["status_code"].fillna("").map(lambda code: normalise_header(str(code)))
    by_name = rows["status_item"].fillna("").map(lambda text: named.get(normalise_header(str(text)), ""))
    known = by_code.where(by_code.isin(list(items())), "")
    differs = (known != "") & (by_name != "") & (known != by_name)
    strange = (by_code != "") & (known == "")
    return known.where(known != "", by_name).mask(differs | strange, "").astype("object")


def _named(rows: pd.DataFrame) -> pd.Series:
    return (
        rows["status_code"].fillna("").astype(str) + " " + rows["status_item"].fillna("").astype(str)
    ).str.strip()


def _figures(rows: pd.DataFrame, region: str, currency: str) -> pd.DataFrame:
    """Parse one region's column of the form."""
    cells = rows[REGIONS[region]]
    read = [
        _figure(cell, unit, items()[code], currency)
        for cell, unit, code in zip(cells, rows["status_unit"], rows["item"], strict=True)
    ]
    return pd.DataFrame(
        {
            "index_region": region,
            "status_code": rows["item"],
            "status_written": np.array([value for value, _, _ in read], dtype="float64"),
            "status_why": [why for _, why, _ in read],
            "code": [code for _, _, code in read],
            "raw": cells,
            "is_filled": cells.notna(),
            "status_origin": rows["status_origin"],
            **{name: rows[name] for name in SOURCE_COLUMNS},
            "row": rows.index,
        },
        index=rows.index,
    )


def _figure(cell: Any, unit: Any, item: Item, currency: str) -> tuple[float, str, str]:
    """Return a figure in the item's unit, why it is unknown, and the code of the problem; NaN where unknown."""
    if not isinstance(cell, str):
        return float("nan"), BLANK, ""
    text = cell.strip().removesuffix("%") if item.kind == "share" else cell
    try:
        figure, own, _ = values.number(text, item.kind, currency)
    except values.NotUnderstoodError:
        return float("nan"), f"“{cell}”无法识别", "E508"
    if figure is None:
        return float("nan"), BLANK, ""
    if figure < 0:
        return float("nan"), f"“{cell}”小于零", "E508"
    if item.kind == "share":
        wrong = figure > 0 and figure <= 1
        return (
            (float("nan"), f"“{cell}”看不出是比值还是百分数，请写百分数", "E508")
            if wrong
            else (figure, "", "")
        )
    written = str(unit).strip() if isinstance(unit, str) else ""
    worth = own if own is not None else factor(written, item.kind, currency)
    if worth is None:
        return float("nan"), f"单位“{written}”不认识" if written else "没有写单位", "E511"
    usual = factor(
        item.unit if item.kind != "money" else item.unit.replace("元", currency), item.kind, currency
    )
    return figure * float(worth / (usual or 1)), "", ""


def _told(read: pd.DataFrame) -> list[pd.DataFrame]:
    return [
        issues.report(code, hit[list(SOURCE_COLUMNS)], column=hit["index_region"], raw=hit["raw"], used="未知",
                      detail=hit["status_why"], key=_key(hit))
        for code in ("E508", "E511")
        for hit in [read[read["code"] == code]]
    ]  # fmt: skip


def _key(rows: pd.DataFrame) -> pd.Series:
    return rows["status_code"].map(lambda code: f"{code} {items()[code].label}")


def _one_each(read: pd.DataFrame) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Make one row a region and item of all the rows that mean it; those that differ leave it unknown."""
    filled = read[read["is_filled"]]
    differs = _differ(filled)
    every = pd.MultiIndex.from_product([list(REGIONS), list(items())], names=_KEYS)
    at = filled.drop_duplicates(_KEYS).set_index(_KEYS).reindex(every)
    wrong = every.isin(pd.MultiIndex.from_frame(filled.loc[differs, _KEYS]))
    figures = at.assign(
        status_written=at["status_written"].mask(wrong),
        status_why=at["status_why"].astype("object").fillna(BLANK).mask(wrong, "几行的数值不一致"),
        is_filled=at["is_filled"].fillna(False).astype(bool),
        status_origin=at["status_origin"].astype("object"),
    ).reset_index()
    doubled = filled[differs]
    told = issues.report("E507", doubled[list(SOURCE_COLUMNS)], column=doubled["index_region"], raw=doubled["raw"],
                         used="未知", key=_key(doubled))  # fmt: skip
    again = filled[filled["row"].isin(_repeats(filled))].drop_duplicates("row")
    repeated = issues.report("E220", again[list(SOURCE_COLUMNS)], key=_key(again))
    return figures, [told, repeated]


def _differ(filled: pd.DataFrame) -> pd.Series:
    """Tell which figures have others of the same item beside them that are not the same."""
    return filled.groupby(_KEYS)["status_written"].transform("nunique", dropna=False) > 1


def _repeats(filled: pd.DataFrame) -> set[int]:
    """Return the rows that say only what a row before has said."""
    again = filled.duplicated([*_KEYS, "status_written"]) & ~_differ(filled)
    return set(filled.loc[again, "row"]) - set(filled.loc[~again, "row"])


def _consistent(figures: pd.DataFrame) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Fill totals from all their parts, and make unknown what contradicts another figure of the region."""
    keys = list(zip(figures["index_region"], figures["status_code"], strict=True))
    value = dict(zip(keys, figures["status_written"].astype("float64").tolist(), strict=True))
    why = dict(zip(keys, figures["status_why"].tolist(), strict=True))
    origin = dict(zip(keys, figures["status_origin"].tolist(), strict=True))
    told: list[tuple[str, tuple[str, str]]] = []
    for key in [(region, code) for region in REGIONS for code in items() if parts_of(code)]:
        parts = [value[key[0], part] for part in parts_of(key[1])]
        is_whole = not np.isnan(parts).any()
        total, added, room = value[key], float(np.nansum(parts)), ROUNDING * (len(parts) + 1)
        if is_whole and np.isnan(total) and why[key] == BLANK:
            value[key], why[key], origin[key] = added, "", ADDED
        elif (is_whole and abs(total - added) > room) or added > total + room:
            value[key] = float("nan")
            why[key] = f"合计 {total:.10g}，{'' if is_whole else '已填的'}分项之和 {added:.10g}"
            told.append(("E509", key))
    before = dict(value)
    for region, item in [(region, item) for region in REGIONS for item in items().values() if item.within]:
        outer = before[region, item.within] * _worth(items()[item.within]) / _worth(item)
        own = before[region, item.code]
        if own > outer * (1 + SLACK):
            value[region, item.code] = float("nan")
            why[region, item.code] = (
                f"{own:.10g} 大于{items()[item.within].label} {outer:.10g}（{item.unit}）"
            )
            told.append(("E510", (region, item.code)))
    found = figures.assign(
        status_written=[value[key] for key in keys],
        status_why=[why[key] for key in keys],
        status_origin=pd.Series([origin[key] for key in keys], index=figures.index, dtype="object"),
    )
    said = []
    for code, key in told:
        rows = found[[one == key for one in keys]]
        said.append(
            issues.report(
                code, rows[list(SOURCE_COLUMNS)], column=key[0], used="未知", detail=why[key], key=_key(rows)
            )
        )
    return found, said


def _worth(item: Item) -> float:
    return float(factor(item.unit, item.kind) or 1)


def _states(rows: pd.DataFrame, unmeant: pd.Series, read: pd.DataFrame) -> pd.DataFrame:
    """State of every row: taken, a repeat, contradictory, or of no item that is known."""
    filled = read[read["is_filled"]]
    state = pd.Series("采用", index=rows.index, dtype="object")
    state = state.mask(rows.index.isin(list(_repeats(filled))), "重复")
    state = state.mask(rows.index.isin(filled.loc[_differ(filled), "row"]), "矛盾").mask(unmeant, "未采用")
    shown = [
        "；".join(
            f"{region} {text}" for region, text in zip(REGIONS, pair, strict=True) if isinstance(text, str)
        )
        for pair in zip(*(rows[name] for name in REGIONS.values()), strict=True)
    ]
    return rows[list(SOURCE_COLUMNS)].assign(
        record_key=_named(rows),
        record_state=state,
        destination=state.map({"采用": "index_figures.csv", "重复": "与另一记录完全相同", "矛盾": "按未知处理", "未采用": "不采用"}),
        amounts=shown,
    )  # fmt: skip
