"""Days that change a case by themselves: full years, the end of an exemption, what an agreement promised."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from landeval.judge.steps import BUREAU, FEE, HOLDER, MILESTONE, UNDECIDED, WARNING
from landeval.result import OPEN, OVERDUE
from landeval.standards.rules import Rule


def milestones(
    parcels: pd.DataFrame,
    status: pd.Series,
    path: pd.Series,
    facts: pd.DataFrame,
    rules: Mapping[str, Rule],
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Return the days to watch, one row a parcel and day, in the columns of a calendar's steps.

    Parameters
    ----------
    parcels : DataFrame
        ``exemption_*``, ``agreement_start_on``, ``temporary_use_until``.
    status, path : Series
        Class and procedure of each parcel.
    facts : DataFrame
        ``idle_from``, ``two_years_from``, ``is_started``.
    rules : Mapping
    as_of : Timestamp

    Notes
    -----
    These days are reached by the passing of time: no weekend puts them off. Once it is over, the end of an exemption
    and of a year is told by the class; a promise not kept stays as 已逾期.
    """
    watched = (status == "豁免") | (path != "")  # a cause of the government's ends with its exemption
    exempt = watched & parcels["exemption_reason"].notna() & parcels["exemption_evidence"].notna()
    start, use = parcels["agreement_start_on"], parcels["temporary_use_until"]
    years = {name: rules[name].whole for name in ("idle.not_started", "idle.takeback_years")}
    due = "应动工日期的次日起满 {} 年"
    cases = (
        ("full_year", "满一年", "督促动工", facts["idle_from"], path == WARNING, "idle.not_started", HOLDER,
         due.format(years["idle.not_started"]), "动工，或依法办理延期", "自该日起涉嫌闲置"),
        ("two_years", "满两年", "满两年前办结征缴或促成动工", facts["two_years_from"],
         path.isin((FEE, UNDECIDED)) & (facts["two_years_from"] > as_of), "idle.takeback_years", BUREAU,
         due.format(years["idle.takeback_years"]), "动工",
         "自该日起，属企业原因的由征缴闲置费转为无偿收回"),
        ("exemption_end", "豁免到期", "到期前续办，否则按正常宗地评价", parcels["exemption_until"],
         exempt & (parcels["exemption_until"] >= as_of), "", "自然资源局、园区管委会", "豁免截止日期", "", ""),
        ("agreement_start", "协议约定动工", "督促按处置协议动工", start, start.notna() & ~facts["is_started"],
         "idle.negotiated", HOLDER, "处置协议约定动工日期", "按协议动工", ""),
        ("temporary_use_end", "临时使用到期", "临时使用到期，收回或按协议恢复开发", use,
         use.notna() & ((use >= as_of) | (path != "")), "idle.negotiated", HOLDER, "临时使用截止日期", "到期交回或恢复开发",
         ""),
    )  # fmt: skip
    parts = []
    for number, (key, said, action, day, where, rule, who, basis, duty, note) in enumerate(cases):
        days = day[where]
        parts.append(
            pd.DataFrame(
                {
                    "procedure_path": path[where],
                    "step_order": MILESTONE + number,
                    "step": key,
                    "step_label": said,
                    "action": action,
                    "paper": "",
                    "step_state": (days < as_of).map({True: OVERDUE, False: OPEN}),
                    "done_on": pd.Series(pd.NaT, index=days.index, dtype="datetime64[s]"),
                    "due_on": days.astype("datetime64[s]"),
                    "due_basis": basis,
                    "responsible": who,
                    "duty": duty,
                    "step_note": note,
                    "rule_id": rule,
                }
            )
        )
    return pd.concat(parts)
