"""Contradictions among the papers of a case: questions for the office that keeps the file, never resolved here."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from landeval import issues
from landeval.judge.findings import dates
from landeval.judge.steps import NEGOTIATED, UNDECIDED
from landeval.result import UNSURE
from landeval.sources import SOURCE_COLUMNS
from landeval.standards.rules import Rule
from landeval.timeline import add_years
from landeval.vocabulary.fields import label

ORDER = (
    ("found_on", "notice_served_on"),
    ("notice_served_on", "material_submitted_on"),
    ("notice_served_on", "idle_decision_on"),
    ("notice_served_on", "idle_decision_served_on"),
    ("idle_decision_on", "idle_decision_served_on"),
    ("idle_decision_served_on", "published_on"),
    ("idle_decision_served_on", "hearing_notice_served_on"),
    ("idle_decision_served_on", "plan_approved_on"),
    ("hearing_notice_served_on", "hearing_requested_on"),
    ("idle_decision_served_on", "fee_decision_served_on"),
    ("idle_decision_served_on", "takeback_served_on"),
    ("fee_decision_served_on", "fee_paid_on"),
    ("takeback_served_on", "deregistered_on"),
    ("plan_approved_on", "agreement_signed_on"),
    ("agreement_signed_on", "agreement_start_on"),
    ("agreement_signed_on", "temporary_use_until"),
)
"""Pairs of fields of which the first may not be later than the second."""
DATES = (*dict.fromkeys(name for pair in ORDER for name in pair), "mortgagee_notified_on")
TO_COME = ("agreement_start_on", "temporary_use_until")
"""Dates of the future by their nature."""


def ask_papers(
    parcels: pd.DataFrame,
    status: pd.Series,
    path: pd.Series,
    facts: pd.DataFrame,
    calendar: pd.DataFrame,
    rules: Mapping[str, Rule],
    as_of: pd.Timestamp,
) -> tuple[pd.Series, pd.DataFrame]:
    """Collect the contradictions of every case file.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; the dates of the case file.
    status, path : Series
        Class and procedure of each parcel.
    facts : DataFrame
        ``idle_from``, ``two_years_from``.
    calendar : DataFrame
        As made by ``make_calendar``.
    rules : Mapping
    as_of : Timestamp

    Returns
    -------
    Series of text, DataFrame of issues
        The questions of each parcel, joined by ；, and the same as issues.
    """
    told: dict[str, pd.Series] = {}
    for first, then in ORDER:
        clash = parcels[first] > parcels[then]
        said = label(then) + " " + dates(parcels[then]) + " 早于" + label(first) + " " + dates(parcels[first])
        _add(told, "E450", clash, said)
    fee, taken = parcels["fee_decision_served_on"], parcels["takeback_served_on"]
    for day in (fee, taken):
        _add(told, "E451", day.notna() & (path == NEGOTIATED), label(str(day.name)) + " " + dates(day))
    for name in ("fee_decision_served_on", "takeback_served_on", "agreement_signed_on"):
        day = parcels[name]
        _add(told, "E452", day.notna() & (path == UNDECIDED), label(name) + " " + dates(day))
    for day, line in ((fee, facts["idle_from"]), (taken, facts["two_years_from"])):
        early = (day < line) & ~path.isin(("", NEGOTIATED))
        _add(told, "E453", early, label(str(day.name)) + " " + dates(day) + " 早于 " + dates(line))
    gaps = calendar[(calendar["step_state"] == UNSURE) & calendar["step_note"].str.contains("后续文书已办")]
    named = gaps.groupby("parcel_id")["step_label"].agg("、".join).reindex(parcels.index)
    _add(told, "E454", named.notna(), named.fillna(""))
    for name in (name for name in DATES if name not in TO_COME):
        _add(told, "E455", parcels[name] > as_of, label(name) + " " + dates(parcels[name]))
    served = [name for name in DATES if name not in ("found_on", "plan_approved_on", *TO_COME)]
    has_file = parcels[served].notna().any(axis=1) | parcels["notice_no"].notna()
    outside = has_file & ~status.isin(("涉嫌闲置(未动工)", "涉嫌闲置(中止开发)", "闲置(已认定)"))
    _add(told, "E456", outside, "评价结论 " + status.astype(str))
    settled = parcels[["plan_approved_on", "agreement_signed_on"]].notna().any(axis=1) & (path == NEGOTIATED)
    _add(told, "E457", settled & (parcels["is_in_supervision_system"] == False), "")  # noqa: E712
    start, again = parcels["agreement_start_on"], parcels["extended_start"]
    said = label("agreement_start_on") + " " + dates(start) + "，" + label("extended_start") + " "
    _add(told, "E458", start.notna() & (again != start), said + dates(again).where(again.notna(), "未填"))
    longest = rules["procedure.temporary_use_years"].whole
    use, last = parcels["temporary_use_until"], add_years(parcels["agreement_signed_on"], longest)
    said = label("temporary_use_until") + " " + dates(use) + f" 超过签订之日起 {longest} 年"
    _add(told, "E458", use > last, said)
    after = parcels[["plan_approved_on", "fee_decision_served_on", "takeback_served_on"]] <= as_of
    silent = gaps_of_mortgagee(calendar).reindex(parcels.index, fill_value=False)
    secured = parcels["mortgagee"].notna()
    _add(told, "E459", after.any(axis=1) & silent & secured, parcels["mortgagee"].fillna("").astype(str))
    return _gathered(told, parcels)


def gaps_of_mortgagee(calendar: pd.DataFrame) -> pd.Series:
    """Tell for which parcels the mortgagee's notice is still to be sent."""
    rows = calendar[calendar["step"] == "mortgagee"].set_index("parcel_id")
    return pd.Series(rows["done_on"].isna())


def _add(told: dict[str, pd.Series], code: str, where: pd.Series, said: pd.Series | str) -> None:
    """Add a detail to a code's texts; None where the code does not apply."""
    text = pd.Series(said, index=where.index, dtype="object").where(where)
    if code in told:
        both = told[code].notna() & text.notna()
        text = (told[code] + "，" + text).where(both, told[code].fillna(text))
    told[code] = text


def _gathered(told: Mapping[str, pd.Series], parcels: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    questions = pd.Series("", index=parcels.index, dtype="object")
    problems = []
    for code, text in sorted(told.items()):
        where = text.notna()
        detail = text[where]
        what = issues.CATALOGUE[code].what
        full = what + detail.map(lambda said: f"：{said}" if said else "") + "；"
        questions = questions + full.reindex(parcels.index).fillna("")
        problems.append(
            issues.report(
                code, parcels.loc[where, list(SOURCE_COLUMNS)], detail=detail, key=parcels.index[where]
            )
        )
    return questions.str.rstrip("；"), issues.gather(problems)
