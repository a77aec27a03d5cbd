"""The table of actuals (指标实绩表) to one row a quantity, object and year; what cannot be believed is unknown and told."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval import issues
from landeval.project import Project
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.standards.targets import DONE_BY, TRACKED, Book, Quantity, name_key, targets
from landeval.tidy import values
from landeval.tidy.requirements import require
from landeval.tidy.table import Typed, typed
from landeval.vocabulary.fields import label
from landeval.wording import joined, remarks

COLUMNS = (
    "quantity",
    "target_object",
    "year",
    "value",
    "written",
    "done_on",
    "note",
    "office",
    *SOURCE_COLUMNS,
)
EXAMPLE = "【示例】"
FOLLOW = "follow"
"""The quantity of targets without a figure: told apart by their label."""
_SIGN = re.compile(r"\s*[%％]$")


class Actuals(NamedTuple):
    """``frame``: the rows that are used, ``COLUMNS``; ``states``: what became of every row."""

    frame: pd.DataFrame
    tables: list[Typed]
    issues: list[pd.DataFrame]
    states: pd.DataFrame


def no_actuals() -> Actuals:
    """Return what a project without a table of actuals has."""
    return Actuals(pd.DataFrame(columns=list(COLUMNS)), [], [], pd.DataFrame())


def tidy_actuals(raws: list[RawTable], project: Project) -> Actuals:
    """Name quantity, object and year of every row, and bring every figure into the quantity's own unit.

    A figure without a unit, of another unit, unreadable or impossible is unknown. Rows that say the same are one;
    different figures for one quantity, object and year are a conflict, and none of them is used.

    Parameters
    ----------
    raws : list of RawTable
    project : Project

    Returns
    -------
    Actuals
        ``value`` in the unit of the quantity (``standards/targets_dongkou.toml``), NaN where unknown.

    Raises
    ------
    InputRefusedError
        No column of indicators.
    """
    if not raws:
        return no_actuals()
    tables = [typed(raw, project.currency, project.county_code) for raw in raws]
    for raw, table in zip(raws, tables, strict=True):
        require(raw, table, ("actual_name",), code="E530", what="指标实绩表缺少必需的列：指标")
    rows = pd.concat([table.frame for table in tables], ignore_index=True)
    rows = rows.sort_values(list(SOURCE_COLUMNS), kind="stable").reset_index(drop=True)
    book = targets()
    named, problems = _named(rows, book, project.title)
    named, noted = _figures(named, book)
    told = [table.issues for table in tables] + problems + noted
    frame, stated, noted = _one_each(named)
    frame = frame.rename(
        columns={"actual_done_on": "done_on", "actual_note": "note", "actual_office": "office"}
    )
    return Actuals(frame[list(COLUMNS)], tables, [*told, *noted], _states(stated))


def _told(
    code: str, rows: pd.DataFrame, field: str, detail: str | pd.Series = "", used: str = ""
) -> pd.DataFrame:
    raw = rows[field].map(lambda value: "" if pd.isna(value) else str(value))
    key = rows["actual_name"].fillna("").astype(str)
    return issues.report(code, rows[list(SOURCE_COLUMNS)], column=label(field), raw=raw, used=used, detail=detail, key=key)  # fmt: skip


def _named(rows: pd.DataFrame, book: Book, title: str) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Find quantity and object of every row, and why a row has none."""
    follow = {name_key(one.label): one.label for one in book.targets if one.kind == TRACKED}
    name = rows["actual_name"].fillna("").astype(str)
    whose = rows["actual_object"].fillna("").astype(str)

    def quantity_of(text: str) -> str | None:
        if name_key(text) in follow:
            return f"{FOLLOW}:{follow[name_key(text)]}"
        found = book.quantity_of(text)
        return found.name if found else None

    def each(values: Iterable[object]) -> pd.Series:
        return pd.Series(list(values), index=rows.index, dtype="object")

    quantity = each(map(quantity_of, name))
    allowed = each(objects_of(book, key) if key else () for key in quantity)
    taken = each(
        book.object_of(text, title) if text else may[0] if len(may) == 1 else None
        for text, may in zip(whose, allowed, strict=True)
    )
    known, blank = quantity.notna(), (name == "") | name.str.startswith(EXAMPLE)
    fits = each(one in may for one, may in zip(taken, allowed, strict=True)).astype(bool)
    dated = rows["actual_year"].notna() | rows["actual_done_on"].notna()
    wrong, undated, lost = known & ~fits, known & fits & ~dated, ~known & ~blank
    state = pd.Series("", index=rows.index, dtype="object")
    state = state.mask(undated, "无年度").mask(wrong | lost, "未采用").mask(blank, "不是记录")
    year = rows["actual_year"].fillna(pd.to_datetime(rows["actual_done_on"]).dt.year)
    frame = rows.assign(quantity=quantity, target_object=taken, year=year, record_state=state)
    labels = [one.label for one in book.quantities.values() if one.name != FOLLOW] + list(follow.values())
    near = each(difflib.get_close_matches(text, labels, n=1, cutoff=0.5) for text in name)
    hint = each(
        f"{text}，是不是“{found[0]}”？" if found else text for text, found in zip(name, near, strict=True)
    )
    may = each(
        f"{text or '没有写对象'}，可写：{'、'.join(names)}"
        for text, names in zip(whose, allowed, strict=True)
    )
    return frame, [
        _told("E520", frame[lost], "actual_name", hint[lost]),
        _told("E521", frame[wrong], "actual_object", may[wrong]),
        _told("E522", frame[undated], "actual_year"),
    ]


def objects_of(book: Book, quantity: str) -> tuple[str, ...]:
    """Return whose figure a quantity can be, in the order of the plan; ``follow:…`` is a target without a figure."""
    name, _, tracked = quantity.partition(":")
    mine = (
        one for one in book.targets if one.quantity.name == name and (not tracked or one.label == tracked)
    )
    return tuple(dict.fromkeys(part for one in mine for part in one.objects))


def _figures(rows: pd.DataFrame, book: Book) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Read every figure into the unit of its quantity; unknown where it cannot be."""
    cells = list(
        zip(rows["quantity"], rows["actual_value"], rows["actual_unit"], rows["record_state"], strict=True)
    )
    done = {one.quantity.name for one in book.targets if one.kind == DONE_BY}
    read = [
        figure(book.quantities[name], value, unit, is_done=name in done)
        if state == "" and isinstance(name, str) and name in book.quantities
        else (np.nan, "")
        for name, value, unit, state in cells
    ]
    frame = rows.assign(value=pd.Series([one for one, _ in read], index=rows.index, dtype="float64"))
    codes = pd.Series([code for _, code in read], index=rows.index, dtype="object")
    places = {"E524": "actual_unit", "E525": "actual_value", "E527": "actual_value", "E528": "actual_value"}
    return frame, [_told(code, frame[codes == code], field, used="未知") for code, field in places.items()]


def figure(quantity: Quantity, value: object, unit: object, *, is_done: bool = False) -> tuple[float, str]:
    """Read one figure into the unit of its quantity.

    Parameters
    ----------
    quantity : Quantity
    value, unit : object
        As written; a unit or a per cent sign behind the number goes before the column's.
    is_done : bool
        Of something to be finished: 是 and 否 are 1 and 0.

    Returns
    -------
    float, str
        The figure (NaN: unknown), and the code of what is wrong with it; empty where nothing is, or nothing is written.

    Examples
    --------
    >>> from landeval.standards.targets import targets
    >>> income, share = targets().quantities["income"], targets().quantities["revenue_share"]
    >>> figure(income, "1523000", "万元"), figure(income, "152.3亿元", None), figure(income, "152.3", None)
    ((152.3, ''), (152.3, ''), (nan, 'E524'))
    >>> figure(share, "38.5", "%"), figure(share, "0.385", "%"), figure(share, "0.385%", ""), figure(share, "—", "%")
    ((38.5, ''), (nan, 'E527'), (0.385, ''), (nan, ''))
    """
    text = values.text(value) or ""
    if text.upper() in values.MISSING:
        return np.nan, ""
    if is_done and text.upper() in values.YES | values.NO:
        return float(text.upper() in values.YES), ""
    signed = bool(_SIGN.search(text))
    number = re.match(
        r"^\s*(?P<figure>[-+(（]?[\d０-９,，. ．]+[)）]?)\s*(?P<unit>\D.*)?$", _SIGN.sub("", text)
    )
    if not number:
        return np.nan, "E525"
    own = "%" if signed else (number["unit"] or "").strip()
    said = own or (values.text(unit) or "")
    worth = quantity.scale(said)
    if worth is None:
        return np.nan, "E524"
    try:
        found = values.number(number["figure"])[0]
    except values.NotUnderstoodError:
        return np.nan, "E525"
    if found is None:
        return np.nan, "E525"
    if quantity.measure == "percent" and not own and 0 < found <= 1:
        return np.nan, "E527"
    result = found * worth.numerator / worth.denominator
    beyond = quantity.measure == "percent" and result > 100
    broken = quantity.measure == "count" and not float(result).is_integer()
    return (np.nan, "E528") if result < 0 or beyond or broken else (result, "")


def _one_each(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, list[pd.DataFrame]]:
    """Take one row a quantity, object and year: figures that differ are a conflict, notes stand together.

    Returns
    -------
    DataFrame, DataFrame, list of DataFrame
        One row a quantity, object and year; every row with its state; issues.
    """
    open_ = rows["record_state"] == ""
    told = rows["value"].notna() | rows["actual_done_on"].notna() | rows["actual_note"].notna()
    written = rows["actual_value"].map(lambda one: (values.text(one) or "").upper() not in values.MISSING)
    used = rows[open_ & told]
    keys = ["quantity", "target_object", "year"]
    said = used.assign(value=used["value"].round(9), day=pd.to_datetime(used["actual_done_on"]))
    grouped = said.groupby(keys)
    differs = (grouped["value"].transform("nunique") > 1) | (grouped["day"].transform("nunique") > 1)
    again = said.duplicated([*keys, "value", "day", "actual_note"]) & ~differs
    silent = pd.Series("空白", index=rows.index, dtype="object").mask(written, "数值未知")
    state = pd.Series("采用", index=used.index, dtype="object").mask(again, "重复").mask(differs, "矛盾")
    states = rows["record_state"].mask(open_, state.reindex(rows.index).fillna(silent))
    kept = used.assign(written=used["actual_value"].map(values.text))[~differs].sort_values(
        "value", kind="stable", na_position="last"
    )  # its place is that of the figure
    by = kept.groupby(keys, as_index=False)
    frame = by[["value", "written", "actual_done_on", "actual_office", *SOURCE_COLUMNS]].first()
    notes = joined(kept.groupby(keys).ngroup(), kept["actual_note"], by="；", ordered=False)
    frame = frame.assign(
        actual_note=pd.Series(range(len(frame)), index=frame.index).map(notes).astype("object")
    )
    clash, repeat = used[differs], used[again]
    spots = zip(clash["actual_name"], clash["target_object"], clash["year"], strict=True)
    what = pd.Series(
        [f"{name} {whose} {year:.0f} 年" for name, whose, year in spots], index=clash.index, dtype="object"
    )
    return (
        frame,
        rows.assign(record_state=states),
        [
            _told("E526", clash, "actual_value", what, used="未知"),
            issues.report("E220", repeat[list(SOURCE_COLUMNS)], key=repeat["actual_name"]),
        ],
    )


def _states(rows: pd.DataFrame) -> pd.DataFrame:
    """State of every row of the table."""
    where = {
        "采用": "targets.csv",
        "重复": "与另一记录相同",
        "矛盾": "issues.csv（都没有采用）",
        "空白": "没有填数",
    }
    said = rows["value"].map("{:.10g}".format).where(rows["value"].notna(), "")
    return rows[list(SOURCE_COLUMNS)].assign(
        record_key=rows["actual_name"].fillna(""),
        record_state=rows["record_state"],
        destination=rows["record_state"].map(where).fillna("issues.csv"),
        amounts=said,
        remark=remarks(rows, ("actual_unit", "actual_office", "actual_note")),
    )


def ended(frame: pd.DataFrame, as_of: dt.date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of years that have ended by the day of judgement, and a notice of each other one.

    Something finished on a day counts from that day on.
    """
    last = pd.to_datetime(frame["year"].map("{:.0f}-12-31".format)) if len(frame) else pd.Series(dtype="datetime64[s]")  # fmt: skip
    day = pd.to_datetime(frame["done_on"])
    over = day.where(day.notna(), last) <= pd.Timestamp(as_of)
    open_ = frame[~over]
    told = issues.report(
        "E523",
        open_[list(SOURCE_COLUMNS)],
        column=label("actual_year"),
        raw=open_["year"].map("{:.0f}".format),
    )
    return frame[over].reset_index(drop=True), told
