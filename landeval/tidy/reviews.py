"""What the offices wrote into the list: every statement kept, the newest of each cell shown, contradictions told.

A cell counts where it says something new. A blank says nothing, so that three offices can hand back three copies
of one list, each with its own columns filled; 清除 takes a text out. What was said before stays in the record.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pandas as pd

from landeval import issues
from landeval.project import Project
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.tidy import values
from landeval.tidy.codes import clean_code
from landeval.tidy.table import Typed, typed
from landeval.vocabulary.fields import fields, fields_of

NOTES = tuple(field.name for field in fields_of("reviews") if field.kind == "note")
"""The cells that people fill in."""
WHO = ("reviewed_parcel", "reviewed_code", "reviewed_holder", "reviewed_action", "reviewed_class")
TAKEN, CONTRADICTED, NOWHERE = "采用", "互相矛盾，未采用", "没有写明宗地，未采用"
CLEARED = "清除"
RECORD = (*WHO, *NOTES, "reviewed_on", "reviewed_from", "review_state")
"""Columns of the record of every statement, in order."""
_CELL = ["key", "reviewed_action", "field"]


class Reviews(NamedTuple):
    """``frame``: one row a parcel (and step of its case), the newest text of each cell; ``record``: every statement.

    ``states``: what became of every row given.
    """

    frame: pd.DataFrame
    record: pd.DataFrame
    tables: list[Typed]
    issues: list[pd.DataFrame]
    states: pd.DataFrame


def tidy_reviews(raws: list[RawTable], project: Project) -> Reviews:
    """Read what was remembered and what is handed back.

    Parameters
    ----------
    raws : list of RawTable
        The remembered statements (with 记录日期) and lists handed back, in the order given.
    project : Project

    Returns
    -------
    Reviews
        ``frame`` has ``WHO``, ``NOTES``, ``reviewed_on`` (of the newest of its cells; NaT: today) and the source.
    """
    if not raws:
        none = _none()
        return none._replace(frame=none.frame.copy(), record=none.record.copy())
    return _read([typed(raw, project.currency, project.county_code) for raw in raws])


@cache
def _none() -> Reviews:
    """Return what a run has to which nothing is handed back: most runs."""
    return _read([])


def _read(tables: list[Typed]) -> Reviews:
    rows = _rows(tables)
    said = _said(rows)
    old, new = said[said["reviewed_on"].notna()], said[said["reviewed_on"].isna()]
    old = old[old["review_state"].fillna(TAKEN) == TAKEN].sort_values(["reviewed_on", "at"], kind="stable")
    known = old.drop_duplicates(_CELL, keep="last")
    new = _changed(new, known)
    lost = new["key"] == ""
    against = new.groupby(_CELL)["text"].transform("nunique").gt(1) & ~lost
    taken = new[~lost & ~against].drop_duplicates(_CELL)
    current = pd.concat([known, taken]).drop_duplicates(_CELL, keep="last")
    place = list(SOURCE_COLUMNS)
    told = [
        _told("E680", new[lost], place),
        _told("E681", new[against], place),
        _told("E682", _back_again(taken, old, known), place),
        _told(
            "E686",
            taken[(taken["field"] == "review_checked_on") & ~taken["text"].map(_is_day).astype(bool)],
            place,
        ),
    ]
    own = [_of_notes(table.issues) for table in tables]
    frame = _wide(current[current["text"] != CLEARED], rows)
    record = _record(rows, said, taken, new[lost | against])
    return Reviews(frame, record, tables, [*own, *told], _states(rows, said, new[lost], new[against], taken))


def _of_notes(problems: pd.DataFrame) -> pd.DataFrame:
    """Return what went wrong with the file, or with cells that people fill in; the list's own figures are not read."""
    asked = {"", *(fields()[name].label for name in (*NOTES, *WHO[:4])), "宗地标识", "宗地代码", "权利人"}
    return problems[(problems["level"] != issues.NOTICE) & problems["column"].fillna("").isin(asked)]


def _rows(tables: list[Typed]) -> pd.DataFrame:
    """Put the rows together, with the key of their parcel: its id, else its code."""
    wanted = [*WHO, *NOTES, "reviewed_on", "reviewed_from", "review_state", *SOURCE_COLUMNS]
    parts = [table.frame[wanted] for table in tables]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=wanted, dtype="object")
    rows["reviewed_on"] = pd.to_datetime(rows["reviewed_on"])
    rows = values.without_guards(rows, [*WHO, *NOTES])
    named = rows["reviewed_parcel"].where(rows["reviewed_parcel"].notna(), rows["reviewed_code"])
    rows["key"] = named.map(lambda text: clean_code(text) if isinstance(text, str) else "")
    by_code = rows["reviewed_parcel"].isna() & (rows["key"] != "")
    holders = rows["reviewed_holder"].fillna("")
    several = (
        holders[by_code].groupby(rows["key"]).transform("nunique").gt(1).reindex(rows.index, fill_value=False)
    )
    rows["key"] = rows["key"].mask(several, rows["key"] + " " + holders)
    rows["reviewed_action"] = rows["reviewed_action"].fillna("")
    return rows


def _said(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a filled-in cell: ``field``, ``text``, and the row ``at`` which it stands."""
    kept = ["key", "reviewed_action", "reviewed_holder", "reviewed_on", "review_state", *SOURCE_COLUMNS]
    long = rows.assign(at=rows.index).melt([*kept, "at"], list(NOTES), var_name="field", value_name="text")
    return long[long["text"].notna()].sort_values(["at", "field"], kind="stable").reset_index(drop=True)


def _changed(new: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return the cells that say something else than what is remembered."""
    before = known.set_index(_CELL)["text"].rename("before")
    merged = new.merge(before.reset_index(), on=_CELL, how="left", validate="m:1")
    is_blank_cleared = (merged["text"] == CLEARED) & merged["before"].isna()
    return merged[(merged["text"] != merged["before"]) & ~is_blank_cleared]


def _back_again(taken: pd.DataFrame, old: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return the cells that go back to an older text: meant so, or of an old copy of the list."""
    older = old.drop(index=known.index)[[*_CELL, "text"]].drop_duplicates()
    return taken.merge(older, on=[*_CELL, "text"], how="inner", validate="m:1")


def _is_day(text: str) -> bool:
    """Tell whether a cell is a day, or says that there is none any more."""
    try:
        return text == CLEARED or values.date(text) is not None
    except values.NotUnderstoodError:
        return False


def _told(code: str, cells: pd.DataFrame, place: list[str]) -> pd.DataFrame:
    labels = cells["field"].map(lambda name: fields()[name].label)
    return issues.report(code, cells[place], column=labels, raw=cells["text"], key=cells["key"])


def _wide(current: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a parcel and step with the newest text of each cell, and whose row spoke last."""
    by = ["key", "reviewed_action"]
    texts = current.pivot(index=by, columns="field", values="text").reindex(columns=list(NOTES))
    order = current.assign(is_new=current["reviewed_on"].isna()).sort_values(
        ["is_new", "reviewed_on", "at"], kind="stable"
    )
    last = order.drop_duplicates(by, keep="last").set_index(by)["at"]
    about = rows.loc[last, [*WHO[:3], "reviewed_class", "reviewed_on", *SOURCE_COLUMNS]].set_axis(last.index)
    return texts.join(about).reset_index().sort_values(by, ignore_index=True)


def _record(rows: pd.DataFrame, said: pd.DataFrame, taken: pd.DataFrame, left: pd.DataFrame) -> pd.DataFrame:
    """Return every statement: those remembered as they are, then what is new, and what was not taken, with why."""
    kept = rows[rows["reviewed_on"].notna() & rows.index.isin(said["at"])]
    parts = [kept.assign(review_state=kept["review_state"].fillna(TAKEN))]
    why = left["key"].map(lambda key: CONTRADICTED if key else NOWHERE)
    for cells, state in ((taken, pd.Series(TAKEN, index=taken.index)), (left, why)):
        if len(cells):
            texts = cells.pivot(index="at", columns="field", values="text").reindex(columns=list(NOTES))
            about = rows.loc[texts.index, [*WHO, "reviewed_on", *SOURCE_COLUMNS]]
            word = state.groupby(cells["at"]).first().reindex(texts.index)
            parts.append(about.join(texts).assign(review_state=word, reviewed_from=_place(about)))
    record = pd.concat(parts, ignore_index=True)[list(RECORD)]
    return record.assign(reviewed_action=record["reviewed_action"].replace("", None))


def _place(rows: pd.DataFrame) -> pd.Series:
    layer = rows["source_layer"].map(lambda name: f"［{name}］" if name else "")
    return rows["source_file"] + layer + " 第 " + rows["source_row"].astype(str) + " 行"


def _states(
    rows: pd.DataFrame, said: pd.DataFrame, lost: pd.DataFrame, against: pd.DataFrame, taken: pd.DataFrame
) -> pd.DataFrame:
    """Say what became of every row."""
    state = pd.Series("未填审核内容", index=rows.index, dtype="object")
    state[said["at"].unique()] = "与已有记录相同"
    state[rows["reviewed_on"].notna()] = "已记住"
    state[taken["at"].unique()] = TAKEN
    state[against["at"].unique()] = CONTRADICTED
    state[lost["at"].unique()] = NOWHERE
    return rows[list(SOURCE_COLUMNS)].assign(
        record_key=rows["key"],
        record_state=state,
        destination=state.map({TAKEN: "reviews.csv", "已记住": "reviews.csv"}).fillna(""),
        amounts="",
    )
