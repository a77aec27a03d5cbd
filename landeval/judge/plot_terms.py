"""When the terms of supplied plots end (出让, 租赁), and whether they are longer than the law allows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from landeval import issues
from landeval.judge.findings import compare, dates
from landeval.land_supply import SUPPLIED, UNDECIDED
from landeval.sources import SOURCE_COLUMNS
from landeval.standards.rule import Rule
from landeval.standards.rules import BASES
from landeval.timeline import add_months
from landeval.units import round_half_up

MODES = LEASE, LEASE_THEN, LEASE_AND, ELASTIC, GRANT, ALLOCATED, OTHER = (
    "长期租赁", "先租后让", "租让结合", "弹性出让", "出让", "划拨", "其他",
)  # fmt: skip
_WORDS = (
    ("先租后让", LEASE_THEN), ("租让结合", LEASE_AND), ("弹性", ELASTIC), ("租赁", LEASE), ("出租", LEASE), ("划拨", ALLOCATED),
    ("出让", GRANT), ("招标", GRANT), ("拍卖", GRANT), ("挂牌", GRANT), ("协议", GRANT), ("招拍挂", GRANT),
)  # fmt: skip
GRANT_TERM, LEASE_TERM = "出让", "租赁"
_PARTS = {
    GRANT_TERM: ((GRANT, ELASTIC, LEASE_THEN, LEASE_AND), "term_years", "term_ends_on", "transfer1990.industrial_years"),
    LEASE_TERM: ((LEASE, LEASE_THEN, LEASE_AND), "lease_years", "lease_ends_on", "civil2021.lease_years"),
}  # fmt: skip
OVER, SOON, LATER = "已届满", "即将届满", "未届满"
COLUMNS = (
    "plot_id", "plot_name", "supply_mode", "term_kind", "term_starts_on", "term_years_used", "due_on", "days_left", "term_due",
    "term_basis", "term_most_years", "term_verdict", "document", "clause", "basis",
)  # fmt: skip


def mode_of(text: object) -> str | None:
    """Return the mode of supply that a text says; None where nothing is written.

    Examples
    --------
    >>> mode_of("挂牌出让"), mode_of("弹性年期出让"), mode_of("国有土地租赁"), mode_of("先租后让"), mode_of(None)
    ('出让', '弹性出让', '长期租赁', '先租后让', None)
    """
    if not isinstance(text, str):
        return None
    return next((mode for word, mode in _WORDS if word in text), OTHER)


def plot_terms(
    plots: pd.DataFrame, rules: Mapping[str, Rule], as_of: pd.Timestamp
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lay out the terms of every supplied plot, the first to end first.

    The last day is the written one, else the first day and the years; the first day is 交地, else 供地, and for the grant
    of 先租后让 the end of the lease.

    Parameters
    ----------
    plots : DataFrame
        Index ``plot_id``; of the stock table, with ``supply_stage``.
    rules : Mapping
    as_of : Timestamp

    Returns
    -------
    DataFrame, DataFrame of issues
        ``COLUMNS``; unknown days are told as such, never left out.
    """
    on = plots[plots["supply_stage"].isin(SUPPLIED)]
    on = on.assign(supply_mode=on["supply_method"].map(mode_of).astype("object"))
    lease, noted = _term(on, LEASE_TERM, rules, as_of, on["delivered_on"].combine_first(on["supplied_on"]))
    start = on["delivered_on"].combine_first(on["supplied_on"])
    follows = (on["supply_mode"] == LEASE_THEN).to_numpy()
    after = lease["due_on"].reindex(on.index)
    grant, told = _term(on, GRANT_TERM, rules, as_of, start.mask(follows, after))
    parts = [part for part in (grant, lease, _without_mode(on)) if len(part)]
    frame = pd.concat(parts or [grant])
    frame = (
        frame.rename_axis("plot_id")
        .reset_index()
        .sort_values(["due_on", "plot_id", "term_kind"], na_position="last")
    )
    return frame[list(COLUMNS)].reset_index(drop=True), issues.gather([noted, told])


def _without_mode(on: pd.DataFrame) -> pd.DataFrame:
    """Tell of supplied plots whose mode nobody has written, or that is none we know: whether their term ends is open."""
    rows = on[on["supply_mode"].isna() | (on["supply_mode"] == OTHER)]
    blank = rows["supply_mode"].isna()
    never = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]")
    return rows[["plot_name", "supply_mode"]].assign(
        term_kind="未知",
        term_starts_on=never,
        term_years_used=np.nan,
        due_on=never,
        days_left=np.nan,
        term_due=UNDECIDED,
        term_basis=pd.Series("供应方式不能归类", index=rows.index, dtype="object").mask(blank, "缺供应方式"),
        term_most_years=np.nan,
        term_verdict=UNDECIDED,
        document="",
        clause="",
        basis="",
    )


def _term(
    on: pd.DataFrame, kind: str, rules: Mapping[str, Rule], as_of: pd.Timestamp, start: pd.Series
) -> tuple[pd.DataFrame, pd.DataFrame]:
    modes, years_name, end_name, rule_id = _PARTS[kind]
    rows = on[on["supply_mode"].isin(modes)]
    start = start[rows.index]
    years = rows[years_name]
    if kind == LEASE_TERM:  # a plot that is only leased has one term, whatever its column is called
        years = years.combine_first(rows["term_years"].where(rows["supply_mode"] == LEASE))
    written = rows[end_name]
    if kind == LEASE_TERM:
        written = written.combine_first(rows["term_ends_on"].where(rows["supply_mode"] == LEASE))
    reckoned = _reckoned(start, years)
    ends = written.combine_first(reckoned)
    off = ((written - reckoned).dt.days.abs() > 1) & written.notna() & reckoned.notna()
    told = issues.report(
        "E556", rows.loc[off, list(SOURCE_COLUMNS)], raw=dates(written[off]), used=dates(written[off]),
        detail=f"{kind}按年限推算到 " + dates(reckoned[off]), key=rows.index[off].to_series(index=rows.index[off]),
    )  # fmt: skip
    basis = np.select(
        [written.notna(), reckoned.notna(), start.isna() & years.isna(), start.isna()],
        ["写明的到期日期", "起算日加年限推算", "缺起算日期和年限", "缺起算日期"], default="缺年限",
    )  # fmt: skip
    soon = rules["supply.expiry_months"]
    border = add_months(pd.Series([as_of]), soon.whole).iloc[0]
    due = np.select([ends.isna(), ends < as_of, ends <= border], [UNDECIDED, OVER, SOON], default=LATER)
    frame = rows[["plot_name", "supply_mode"]].assign(
        term_kind=kind, term_starts_on=start, term_years_used=years, due_on=ends,
        days_left=(ends - as_of).dt.days.astype("float64"), term_due=pd.Series(due, index=rows.index, dtype="object"),
        term_basis=pd.Series(basis, index=rows.index, dtype="object"),
    )  # fmt: skip
    return frame.join(_lawful(rows, start, years, ends, rules.get(rule_id), kind)), told


def _reckoned(start: pd.Series, years: pd.Series) -> pd.Series:
    known = start.notna() & years.notna()
    months = round_half_up(years[known] * 12, 0).astype("int64")
    return add_months(start[known], months).reindex(start.index).astype("datetime64[s]")


def _lawful(
    rows: pd.DataFrame, start: pd.Series, years: pd.Series, ends: pd.Series, rule: Rule | None, kind: str
) -> pd.DataFrame:
    """Say whether a term is within the law's longest; by its years, else by its two days."""
    if rule is None:
        nothing = pd.DataFrame({"term_most_years": np.nan, "term_verdict": "不适用"}, index=rows.index)
        return nothing.assign(document="", clause="", basis="")
    last = add_months(start, int(rule.number * 12))
    is_within = pd.Series(compare(years, rule.operator, rule.number, rule.decimals), index=rows.index)
    by_days = years.isna() & start.notna() & ends.notna()
    is_within = is_within.mask(by_days, ends <= last)
    known = years.notna() | by_days
    use = rows["is_industrial"].astype("object")
    cases = [~known, is_within.astype(bool)]
    said = [UNDECIDED, f"不超过 {float(rule.number):g} 年"]
    if kind == GRANT_TERM:
        cases = [use == False, use.isna(), *cases]  # noqa: E712 (three-valued)
        said = ["不适用（非工业用地）", UNDECIDED, *said]
    told = np.select(cases, said, default=f"超过 {float(rule.number):g} 年")
    verdict = pd.Series(told, index=rows.index, dtype="object")
    return pd.DataFrame(
        {"term_most_years": float(rule.number), "term_verdict": verdict, "document": rule.document, "clause": rule.clause,
         "basis": BASES[rule.basis] + (f"；{rule.override}" if rule.override else "")},
        index=rows.index,
    )  # fmt: skip
