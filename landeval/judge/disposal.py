"""Disposal routes: by cause, type and age for idle land (Order 53), by what falls short for low-use land."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from landeval.standards.rules import Rule, shown
from landeval.units import round_half_up

GOVERNMENT, ENTERPRISE, UNSETTLED = "政府原因或不可抗力", "企业原因", "待认定"
NOTICE = "调查核实，发出《闲置土地调查通知书》"


def cause_of(text: pd.Series) -> pd.Series:
    """Sort causes as written into 政府原因或不可抗力, 企业原因 and 待认定; unknown is never a party's fault.

    A cause that is denied, disputed or still to be settled, or that names both sides, is 待认定.

    Examples
    --------
    >>> import pandas as pd
    >>> cause_of(pd.Series(["政府原因(未按期交地)", "企业自身原因", "不可抗力", None, "政府与企业均有责任"])).tolist()
    ['政府原因或不可抗力', '企业原因', '政府原因或不可抗力', '待认定', '待认定']
    >>> cause_of(pd.Series(["非企业原因", "待政府认定", "企业原因（有争议）"])).tolist()
    ['待认定', '待认定', '待认定']
    """
    words = text.fillna("").astype(str)
    government = words.str.contains("政府|不可抗力|规划调整|政策|军事|文物|信访")
    enterprise = words.str.contains("企业|自身|资金|受让人|权利人")
    unsettled = words.str.contains(r"非(?!法)|不属|不是|无关|并未|待|不明|不详|未查|核实|争议|疑似|可能")
    choice = np.select(
        [unsettled, government & ~enterprise, enterprise & ~government],
        [UNSETTLED, GOVERNMENT, ENTERPRISE],
        default=UNSETTLED,
    )
    return pd.Series(choice, index=text.index)


def dispose(
    parcels: pd.DataFrame,
    status: pd.Series,
    facts: pd.DataFrame,
    hits: Mapping[str, pd.Series],
    rules: Mapping[str, Rule],
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Propose a route with its clause, fee, next step and date; never a route that the law does not give.

    Parameters
    ----------
    parcels : DataFrame
        ``idle_cause``, ``price_wan_yuan``.
    status : Series
        Class of each parcel.
    facts : DataFrame
        As made by ``judge_idle``.
    hits : Mapping
        Low-use rule id → Series of bool.
    rules : Mapping
    as_of : Timestamp

    Returns
    -------
    DataFrame
        ``cause``, ``route``, ``route_clause``, ``fee_wan_yuan``, ``next_action``, ``next_deadline``.
    """
    index = parcels.index
    cause = cause_of(parcels["idle_cause"])
    recognised = status == "闲置(已认定)"
    unstarted = (status == "涉嫌闲置(未动工)") | (recognised & facts["is_idle_unstarted"])
    suspended = (status == "涉嫌闲置(中止开发)") | (recognised & ~facts["is_idle_unstarted"])
    over_two = facts["is_over_two_years"]
    rate = rules["idle.fee_rate"]
    fee = pd.Series(round_half_up(parcels["price_wan_yuan"] * float(rate.number), 6), index=index)
    percent = f"{float(rate.number):.0%}"
    negotiated = "协商处置：" + shown(rules["idle.negotiated"].value)
    fee_text = (
        fee.map("{:,.6f}".format)
        .astype("object")
        .str.replace(r"\.?0+$", "", regex=True)
        .where(fee.notna(), "")
    )
    fee_case = unstarted & (cause == ENTERPRISE) & ~over_two
    take_back = unstarted & (cause == ENTERPRISE) & over_two
    by_government = (unstarted & (cause == GOVERNMENT)) | suspended
    undecided = unstarted & (cause == UNSETTLED)
    low = status == "低效候选"
    no_price = ("，成交价款未知，金额待定" + pd.Series("", index=index)).where(fee.isna(), "")
    either = (
        f"先认定原因；属企业原因的按价款 {percent} 征缴土地闲置费" + ("（" + fee_text + " 万元）").where(fee.notna(), "（价款未知）")
        + "，属政府原因或不可抗力的协商处置"
    )  # fmt: skip
    either_two = "先认定原因；属企业原因的无偿收回，属政府原因或不可抗力的协商处置" + pd.Series(
        "", index=index
    )
    route = np.select(
        [
            fee_case,
            take_back,
            by_government,
            undecided & ~over_two,
            undecided,
            low,
            status == "逾期未动工预警",
        ],
        [
            (f"征缴土地闲置费（价款的 {percent}）" + no_price),
            "无偿收回国有建设用地使用权",
            negotiated,
            either,
            either_two,
            _low_use_routes(hits, rules, index),
            "督促按期动工，满一年前完成动工或依法办理延期",
        ],
        default="",
    )
    cite = {key: rule.citation for key, rule in rules.items()}
    both = cite["idle.negotiated"] + "、" + rules["idle.fee_rate"].clause
    route_clause = np.select(
        [
            fee_case,
            take_back,
            by_government,
            undecided & ~over_two,
            undecided,
            low,
            status == "逾期未动工预警",
        ],
        [
            cite["idle.fee_rate"],
            cite["idle.takeback_years"],
            cite["idle.negotiated"],
            both,
            cite["idle.negotiated"] + "、" + rules["idle.takeback_years"].clause,
            cite.get("lowuse.route_output", ""),
            cite["idle.not_started"],
        ],
        default="",
    )
    idle = unstarted | suspended
    days = pd.Timedelta(days=rules["idle.investigation_days"].whole)
    action = np.select(
        [idle & recognised, idle, status == "逾期未动工预警", low, status == "资料不足"],
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
    deadline = deadline.mask(idle & ~recognised, as_of + days).mask(
        status == "逾期未动工预警", facts["idle_from"]
    )
    return pd.DataFrame(
        {
            "cause": cause.where(idle, ""),
            "route": route,
            "route_clause": route_clause,
            "fee_wan_yuan": fee.where(fee_case),
            "next_action": action,
            "next_deadline": deadline,
        },
        index=index,
    )


def _low_use_routes(hits: Mapping[str, pd.Series], rules: Mapping[str, Rule], index: pd.Index) -> pd.Series:
    none = pd.Series(False, index=index)
    parts = []
    for rule_id, hit in (
        ("lowuse.route_investment", hits.get("lowuse.investment", none)),
        ("lowuse.route_output", hits.get("lowuse.output", none) | hits.get("lowuse.tax", none)),
    ):
        if rule_id in rules:
            parts.append(hit.map({True: shown(rules[rule_id].value) + "；", False: ""}))
    return sum(parts, start=pd.Series("", index=index)).str.rstrip("；") + "（建议稿）"
