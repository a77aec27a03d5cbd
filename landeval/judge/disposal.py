"""Disposal routes: by cause, type and age for idle land (Order 53), by what falls short for low-use land."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.judge.causes import ENTERPRISE, GOVERNMENT, UNSETTLED, Causes
from landeval.judge.findings import Rows, Texts, figures
from landeval.judge.wording import part
from landeval.standards.rule import UNSURE
from landeval.standards.rules import Rule, shown
from landeval.units import round_half_up

NOTICE = "调查核实，发出《闲置土地调查通知书》"
WARNING = "逾期未动工预警"
ROUTE_OF = {
    "L1": "L1", "L2": "L2", "L3": "L3", "L4": "L4", "L5": "L5", "L6": "L6", "L7": "L6", "L8": "L8", "L9": "L9",
    "L10": "L10",
}  # fmt: skip
"""Item of a low-use kind → its route in the rulebook; output and tax share one."""


def dispose(
    parcels: pd.DataFrame,
    status: pd.Series,
    facts: pd.DataFrame,
    causes: Causes,
    hits: Mapping[str, npt.NDArray[np.bool_]],
    rules: Mapping[str, Rule],
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Propose a route with its clause, fee, next step and date; never a route that the law does not give.

    Parameters
    ----------
    parcels : DataFrame
        ``price_wan_yuan``.
    status : Series
        Class of each parcel.
    facts : DataFrame
        As made by ``judge_idle``.
    causes : Causes
    hits : Mapping
        Low-use clause (L1 …) → array of bool.
    rules : Mapping
    as_of : Timestamp

    Returns
    -------
    DataFrame
        ``cause``, ``cause_code``, ``route``, ``route_clause``, ``fee_wan_yuan``, ``fee_yuan``, ``next_action``,
        ``next_deadline``.

    Notes
    -----
    国土资源部令第53号: 第十二条 (government cause, force majeure, and type 2 whatever its cause), 第十四条第一项
    (20 % of the price from one to two years), 第十四条第二项 (taken back from two years).
    """
    index = parcels.index
    cause = causes.cause
    recognised = status == "闲置(已认定)"
    unstarted = (status == "涉嫌闲置(未动工)") | (recognised & facts["is_idle_unstarted"])
    suspended = (status == "涉嫌闲置(中止开发)") | (recognised & ~facts["is_idle_unstarted"])
    idle, over_two = unstarted | suspended, facts["is_over_two_years"]
    rate = rules["idle.fee_rate"]
    fee = pd.Series(round_half_up(parcels["price_wan_yuan"] * float(rate.number), 6), index=index)
    fee_case = unstarted & (cause == ENTERPRISE) & ~over_two
    take_back = unstarted & (cause == ENTERPRISE) & over_two
    negotiated = (unstarted & (cause == GOVERNMENT)) | suspended
    open_, open_two = (unstarted & (cause == UNSETTLED) & part for part in (~over_two, over_two))
    low, warned = status == "低效候选", status == WARNING
    cite = {key: rule.citation for key, rule in rules.items()}
    percent, known = part(rate), fee.notna().to_numpy()
    amount = figures(fee, 6).to_numpy(dtype=object)
    waiting = np.where(idle & ~recognised, "（须先出具《闲置土地认定书》）", "").astype(object)
    route, clause = _low_use_routes(hits, rules, len(index))
    route[~low.to_numpy()] = clause[~low.to_numpy()] = ""

    def charged(rows: Rows) -> Any:
        told = np.where(known[rows], "，" + amount[rows] + " 万元", "，成交价款未知，金额待定")
        return f"征缴土地闲置费（价款的 {percent}" + told + "）" + waiting[rows]

    def either(rows: Rows) -> Any:
        told = np.where(known[rows], "（" + amount[rows] + " 万元）", "（价款未知）")
        return (
            f"先认定原因；属企业原因的按价款 {percent} 征缴土地闲置费"
            + told
            + "，属政府原因或不可抗力的协商处置"
        )

    for mask, text, source in (
        (fee_case, charged, cite["idle.fee_rate"]),
        (take_back, lambda rows: "无偿收回国有建设用地使用权" + waiting[rows], cite["idle.takeback_years"]),
        (negotiated, lambda rows: "协商处置：" + shown(rules["idle.negotiated"].value) + waiting[rows], cite["idle.negotiated"]),
        (negotiated & (parcels["is_in_supervision_system"] == False),  # noqa: E712 (three-valued)
         lambda rows: shown(rules["idle.supervision_filed"].value) + "；录入前不得协商处置" + waiting[rows],
         cite["idle.supervision_filed"]),
        (open_, either, cite["idle.negotiated"] + "、" + rate.clause),
        (open_two, "先认定原因；属企业原因的无偿收回，属政府原因或不可抗力的协商处置",
         cite["idle.negotiated"] + "、" + rules["idle.takeback_years"].clause),
        (warned, "督促按期动工，满一年前完成动工或依法办理延期", cite["idle.not_started"]),
    ):  # fmt: skip
        rows = np.flatnonzero(mask)
        route[rows] = text if isinstance(text, str) else text(rows)
        clause[rows] = source
    days = pd.Timedelta(days=rules["procedure.investigation_days"].whole)
    action = np.select(
        [idle & recognised, idle, warned, low, status == "资料不足"],
        [
            "已认定：拟订处置方案，告知听证权利后报批",
            NOTICE,
            "督促动工",
            "实地核查，纳入低效用地处置方案",
            "补充资料后复评",
        ],
        default="",
    )
    deadline = pd.Series(pd.NaT, index=index, dtype="datetime64[s]")
    deadline = deadline.mask(idle & ~recognised, as_of + days).mask(warned, facts["idle_from"])
    due = fee.where(fee_case)
    return pd.DataFrame(
        {
            "cause": cause.where(idle, ""),
            "cause_code": causes.code.where(idle, ""),
            "route": pd.Series(route, index=index, dtype="object"),
            "route_clause": pd.Series(clause, index=index, dtype="object"),
            "fee_wan_yuan": due,
            "fee_yuan": pd.Series(round_half_up(due * 10_000, 2), index=index),
            "next_action": action,
            "next_deadline": deadline,
        },
        index=index,
    )


def _low_use_routes(
    hits: Mapping[str, npt.NDArray[np.bool_]], rules: Mapping[str, Rule], size: int
) -> tuple[Texts, Texts]:
    """Join the routes of the kinds that were hit, each once, and cite them."""
    route: Texts = np.full(size, "", dtype=object)
    clause: Texts = np.full(size, "", dtype=object)
    wanted: dict[str, npt.NDArray[np.bool_]] = {}
    is_draft = np.zeros(size, dtype=bool)
    for kind, hit in hits.items():
        name = f"lowuse.route_{ROUTE_OF.get(kind, kind)}"
        if name in rules:
            is_draft |= hit & (rules[name].basis in UNSURE)
            wanted[name] = wanted.get(name, np.zeros(size, dtype=bool)) | hit
    for name, hit in wanted.items():
        first, more = np.flatnonzero(hit & (route == "")), np.flatnonzero(hit & (route != ""))
        route[first], clause[first] = shown(rules[name].value), rules[name].citation
        route[more] = route[more] + "；" + shown(rules[name].value)
    rows = np.flatnonzero((route != "") & is_draft)
    route[rows] = route[rows] + "（建议稿）"
    return route, clause
