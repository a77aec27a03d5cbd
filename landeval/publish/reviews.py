"""What the offices wrote into the list: put back into the new one, or listed where it has no place there."""

from __future__ import annotations

import pandas as pd

from landeval.publish.frames import agenda, calendar_table, candidates, open_questions, ordered, parcel_table
from landeval.result import Result
from landeval.vocabulary.fields import fields_of

CANDIDATES, QUESTIONS, AGENDA = "处置候选", "待核实", "办理日程"
"""Sheets with cells for the offices."""
CELLS = {
    CANDIDATES: ("review_opinion", "review_disposal", "review_person", "review_progress"),
    QUESTIONS: ("review_supplement", "review_checker", "review_checked_on"),
    AGENDA: ("review_handler", "review_progress"),
}
"""Sheet → the columns that are filled in there."""
NOTES = tuple(field.name for field in fields_of("reviews") if field.kind == "note")
_FIRST = (
    "parcel_id", "reviewed_code", "reviewed_holder", "reviewed_action", "reviewed_class", "status", "review_sheets",
    "review_why", *NOTES, "reviewed_on",
)  # fmt: skip


def with_notes(table: pd.DataFrame, reviews: pd.DataFrame, sheet: str) -> pd.DataFrame:
    """Return the rows of a sheet with what the offices wrote there before; blank where nothing was.

    Parameters
    ----------
    table : DataFrame
        With ``parcel_id`` (and ``action``, of the agenda).
    reviews : DataFrame
        ``Result.reviews``.
    sheet : str
        One of ``CELLS``.
    """
    columns = list(CELLS[sheet])
    table = table.drop(columns=[name for name in columns if name in table])
    if reviews.empty or table.empty:
        return table.assign(**dict.fromkeys(columns))
    is_step = reviews["reviewed_action"] != ""
    mine = reviews[reviews["parcel_id"].notna() & (is_step == (sheet == AGENDA))]
    keys = {"parcel_id": "parcel_id", **({"reviewed_action": "action"} if sheet == AGENDA else {})}
    told = mine[[*keys, *columns]].rename(columns=keys)
    index = table.index
    told = told.astype(dict.fromkeys(keys.values(), "object"))
    plain = table.reset_index(drop=True)
    return plain.merge(told, on=list(keys.values()), how="left", validate="m:1").set_index(index)


def review_table(result: Result) -> pd.DataFrame:
    """Return every review with the parcel's class now, the sheets where it stands, and why it stands nowhere.

    Returns
    -------
    DataFrame
        ``review_sheets`` names the sheets that show some of its texts; ``review_why`` is empty where all of them
        are shown.
    """
    reviews = result.reviews
    if reviews.empty:
        return pd.DataFrame(columns=list(_FIRST))
    table = parcel_table(result)
    reviews = reviews.reset_index(drop=True)
    status = reviews["parcel_id"].map(table["status"])
    steps = agenda(calendar_table(result))
    open_steps = set(zip(steps["parcel_id"], steps["action"], strict=True)) if len(steps) else set()
    at = pd.MultiIndex.from_frame(reviews[["parcel_id", "reviewed_action"]])
    is_step = reviews["reviewed_action"] != ""
    listed = {
        CANDIDATES: reviews["parcel_id"].isin(candidates(table).index) & ~is_step,
        QUESTIONS: reviews["parcel_id"].isin(open_questions(table).index) & ~is_step,
        AGENDA: pd.Series([pair in open_steps for pair in at], index=reviews.index) & is_step,
    }
    sheets, missing = pd.Series("", index=reviews.index), pd.Series("", index=reviews.index)
    for sheet, on in listed.items():
        mine = (is_step if sheet == AGENDA else ~is_step) & reviews[list(CELLS[sheet])].notna().any(axis=1)
        sheets = sheets.mask(mine & on, sheets + "、" + sheet)
        missing = missing.mask(mine & ~on, missing + "、" + sheet)
    why = _why(missing.str.removeprefix("、"), status, reviews["parcel_id"].map(table["reasons"]))
    told = reviews.assign(status=status, review_sheets=sheets.str.removeprefix("、"), review_why=why)
    return told[ordered([name for name in told.columns if name != "key"], _FIRST)]


def _why(missing: pd.Series, status: pd.Series, reasons: pd.Series) -> pd.Series:
    """Say why texts have no place in the new list."""
    now = "现为“" + status.fillna("") + "”" + ("：" + reasons).where(reasons.fillna("") != "", "")
    step = "这一环节已办结、已变或不在日程中；"
    told = "不在“" + missing + "”：" + now
    told = told.where(missing != AGENDA, step + now)
    return told.where(status.notna(), "宗地已不在资料中，或分不清是哪一宗").where(missing != "", "")


def no_longer_listed(result: Result) -> pd.DataFrame:
    """Return the reviews that have no place, or not a place for each text, in the new list."""
    table = review_table(result)
    return table[table["review_why"] != ""]
