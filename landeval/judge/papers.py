"""Contradictions among the papers of a case: questions for the office that keeps the file, never resolved here."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from landeval import issues
from landeval.judge.findings import dates
from landeval.judge.steps import NEGOTIATED, PASSED_OVER, UNDECIDED
from landeval.result import DONE, UNSURE
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
IDLE = ("涉嫌闲置(未动工)", "涉嫌闲置(中止开发)", "闲置(已认定)")
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
    with_file = parcels[list(DATES)].notna().any(axis=1) | parcels["notice_no"].notna()
    case, path, facts = parcels[with_file], path[with_file], facts[with_file]
    told: dict[str, pd.DataFrame] = {}
    for first, then in ORDER:
        rows = case[case[first] > case[then]]
        _add(told, "E450", rows.index, _said(rows, then) + " 早于" + _said(rows, first), then)
    for name in ("fee_decision_served_on", "takeback_served_on"):
        rows = case[case[name].notna() & (path == NEGOTIATED)]
        _add(told, "E451", rows.index, _said(rows, name), name)
    for name in ("fee_decision_served_on", "takeback_served_on", "agreement_signed_on"):
        rows = case[case[name].notna() & (path == UNDECIDED)]
        _add(told, "E452", rows.index, _said(rows, name), name)
    for name, line in (("fee_decision_served_on", "idle_from"), ("takeback_served_on", "two_years_from")):
        rows = case[(case[name] < facts[line]) & ~path.isin(("", NEGOTIATED))]
        _add(
            told, "E453", rows.index, _said(rows, name) + " 早于 " + dates(facts.loc[rows.index, line]), name
        )
    gaps = calendar[(calendar["step_state"] == UNSURE) & calendar["parcel_id"].isin(case.index)]
    gaps = gaps[gaps["step_note"].str.contains(PASSED_OVER) & (gaps["step"] != "material")]
    named = gaps.groupby("parcel_id")["step_label"].agg("、".join)
    _add(told, "E454", named.index, named)
    for name in (name for name in DATES if name not in TO_COME):
        rows = case[case[name] > as_of]
        _add(told, "E455", rows.index, _said(rows, name), name)
    served = [name for name in DATES if name not in ("found_on", "plan_approved_on", *TO_COME)]
    open_case = case[served].notna().any(axis=1) | case["notice_no"].notna()
    is_over = case["agreement_signed_on"].notna() | case["deregistered_on"].notna()
    rows = case[open_case & ~is_over & ~status[with_file].isin(IDLE)]
    _add(told, "E456", rows.index, "评价结论 " + status[rows.index].astype(str))
    settled = case[["plan_approved_on", "agreement_signed_on"]].notna().any(axis=1) & (path == NEGOTIATED)
    rows = case[settled & (case["is_in_supervision_system"] == False)]  # noqa: E712 (three-valued)
    _add(told, "E457", rows.index, pd.Series("", index=rows.index))
    rows = case[case["agreement_start_on"].notna() & (case["extended_start"] != case["agreement_start_on"])]
    again = dates(rows["extended_start"]).where(rows["extended_start"].notna(), "未填")
    said = _said(rows, "agreement_start_on") + "，" + label("extended_start") + " " + again
    _add(told, "E458", rows.index, said, "extended_start")
    longest = rules["procedure.temporary_use_years"].whole
    rows = case[case["temporary_use_until"] > add_years(case["agreement_signed_on"], longest)]
    _add(
        told,
        "E458",
        rows.index,
        _said(rows, "temporary_use_until") + f" 超过签订之日起 {longest} 年",
        "temporary_use_until",
    )
    after = case[["plan_approved_on", "fee_decision_served_on", "takeback_served_on"]] <= as_of
    silent = calendar[(calendar["step"] == "mortgagee") & (calendar["step_state"] != DONE)]["parcel_id"]
    rows = case[after.any(axis=1) & case.index.isin(silent) & case["mortgagee"].notna()]
    _add(told, "E459", rows.index, rows["mortgagee"].astype(str))
    return _gathered(told, parcels)


def _said(rows: pd.DataFrame, name: str) -> pd.Series:
    return label(name) + " " + dates(rows[name])


def _add(told: dict[str, pd.DataFrame], code: str, index: pd.Index, said: pd.Series, about: str = "") -> None:
    """Add a detail for some parcels to a code's texts; ``about``: the item to look at, the first of several."""
    about = about or issues.CATALOGUE[code].about
    more = pd.DataFrame(
        {"said": pd.Series(said, index=index, dtype="object"), "about": about}, dtype="object"
    )
    former = told.get(code, more.head(0))
    both = former.index.intersection(more.index)
    table = pd.concat([former, more[~more.index.isin(both)]]).sort_index()
    table.loc[both, "said"] = former.loc[both, "said"] + "，" + more.loc[both, "said"]
    told[code] = table


def _gathered(told: Mapping[str, pd.DataFrame], parcels: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    questions = pd.Series("", index=parcels.index, dtype="object")
    problems = []
    for code, table in sorted(told.items()):
        detail = table["said"]
        if len(detail):
            what = issues.CATALOGUE[code].what
            full = what + detail.map(lambda said: f"：{said}" if said else "") + "；"
            questions[detail.index] = questions[detail.index] + full
            place = parcels.loc[detail.index, list(SOURCE_COLUMNS)]
            problems.append(
                issues.report(code, place, detail=detail, key=detail.index, column=table["about"].map(_named))
            )
    return questions.str.rstrip("；").astype("object"), issues.gather(problems)


def _named(item: str) -> str:
    return label(item) if item else ""
