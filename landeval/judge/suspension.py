"""Started and stopped again: type 2 中止开发 of Order 53, by the shares of land built and money invested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from landeval.judge.findings import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    UNKNOWN,
    Finding,
    Rows,
    Telling,
    dates,
)
from landeval.judge.proof import Proof
from landeval.judge.start import COLLECTIVE
from landeval.judge.wording import fraction, full, missing, percent
from landeval.project import Switches
from landeval.standards.rules import Rule
from landeval.timeline import full_years_from

AREAS = ("built_area_m2", "buildable_area_m2")
MONEYS = ("invested_wan_yuan", "planned_investment_wan_yuan")


def suspension_facts(
    parcels: pd.DataFrame, rules: Mapping[str, Rule], as_of: pd.Timestamp, switches: Switches
) -> pd.DataFrame:
    """Find out whether each parcel stands still, since when, and how much of it is built and invested.

    Work that was taken up again (复工日期 on or after the stop) is not suspended.

    Notes
    -----
    国土资源部令第53号 第二条第二款、第三十条: footprints; money without land price, taxes and fees.
    """
    unsure = parcels["unsure_dates"].fillna("").astype(str)
    unread = unsure.str.contains("suspended_on|resumed_on") | (
        parcels["suspended_on"].notna() & unsure.str.contains("actual_completion")
    )
    resumed = (parcels["resumed_on"] >= parcels["suspended_on"]) & (parcels["resumed_on"] <= as_of)
    from_day = full_years_from(
        parcels["suspended_on"].mask(resumed),
        rules["idle.suspended_years"].whole,
        anniversary_counts=switches.anniversary_counts,
    )
    completed = parcels["actual_completion"] <= as_of
    open_ = ~completed & (parcels["is_state_owned"] != False)  # noqa: E712 (three-valued)
    long_enough = (from_day <= as_of) & ~completed
    built = _operands(parcels, *AREAS, "stated_built_share")
    invested = _operands(parcels, *MONEYS, "stated_invested_share")
    area, money = _short(*built, rules["idle.area_share"]), _short(*invested, rules["idle.investment_share"])
    if switches.suspended_logic == "any":
        hit, clear = (area == 1) | (money == 1), (area == 0) & (money == 0)
    else:
        hit, clear = (area == 1) & (money == 1), (area == 0) | (money == 0)
    return pd.DataFrame(
        {
            "suspended_idle_from": from_day,
            "built_share": built[0] / built[1].where(lambda total: total > 0),
            "invested_share": invested[0] / invested[1].where(lambda total: total > 0),
            "is_suspended": (parcels["suspended_on"] <= as_of) & ~resumed & ~completed,
            "is_resumed": resumed,
            "is_suspended_long": long_enough,
            "is_idle_suspended": long_enough & hit & open_ & ~unread,
            "is_suspension_unknown": (long_enough & ~hit & ~clear & open_) | (unread & open_),
            "is_one_share_short": long_enough & (area + money == 1) & open_ & ~unread,
        },
        index=parcels.index,
    )


def _operands(parcels: pd.DataFrame, part: str, whole: str, stated: str) -> tuple[pd.Series, pd.Series]:
    """Return part and whole; the share as stated over 1 only where either of them is unknown."""
    known = parcels[part].notna() & (parcels[whole] > 0)
    return parcels[part].where(known, parcels[stated]), parcels[whole].where(known, 1.0)


def _short(part: pd.Series, whole: pd.Series, rule: Rule) -> pd.Series:
    """Tell 1 where part ÷ whole is short of the rule's fraction, 0 where it is not, NaN where unknown.

    Both sides are multiplied out, so that exactly 1/3 is not short; 1e-12 absorbs unit conversion.
    """
    line = rule.number
    known = part.notna() & whole.notna() & (whole > 0)
    ours, limit = part * line.denominator, whole * line.numerator
    short = ours <= limit * (1 + 1e-12) if rule.operator == "<=" else ours < limit * (1 - 1e-12)
    return short.astype("float64").where(known)


def suspension_finding(
    parcels: pd.DataFrame,
    facts: pd.DataFrame,
    rules: Mapping[str, Rule],
    switches: Switches,
    proof: Proof,
) -> Finding:
    """Tell what Art. 2 paragraph 2 says of each parcel."""
    rule, area, money = (
        rules["idle.suspended_years"],
        rules["idle.area_share"],
        rules["idle.investment_share"],
    )
    stopped = parcels["suspended_on"].notna()
    day, again = dates(parcels["suspended_on"]).to_numpy(), dates(parcels["resumed_on"]).to_numpy()
    built, invested = (percent(facts[name].where(stopped)) for name in ("built_share", "invested_share"))
    short = f"，不足{fraction(area)}或{fraction(money)}"
    if switches.suspended_logic == "all":
        short = f"，面积不足{fraction(area)}且投资不足{fraction(money)}"
    years = full(rule)

    def shares(rows: Rows) -> Any:
        return "开发面积比例 " + built[rows] + "，投资比例 " + invested[rows]

    told = Telling(rule, len(parcels))
    told.tell(stopped & facts["is_collective"], NOT_APPLICABLE, COLLECTIVE)
    told.tell(
        facts["is_suspension_unknown"] & ~stopped,
        UNKNOWN,
        "中止开发、复工或竣工日期无法识别或相互矛盾，待核实",
    )
    told.tell(~stopped, NOT_APPLICABLE, "没有中止开发记录")
    told.tell(
        facts["is_idle_suspended"],
        NOT_MET,
        lambda rows: "自 " + day[rows] + " 中止开发" + years + "，" + shares(rows) + short,
    )
    told.tell(
        facts["is_suspension_unknown"] & facts["is_suspended_long"],
        UNKNOWN,
        lambda rows: "自 " + day[rows] + " 中止开发" + years + "，" + shares(rows) + "，缺少面积或投资数据："
        + missing(*AREAS, *MONEYS),
    )  # fmt: skip
    told.tell(facts["is_suspension_unknown"], UNKNOWN, "中止开发、复工或竣工日期无法识别或相互矛盾，待核实")
    told.tell(
        facts["is_resumed"],
        MET,
        lambda rows: "自 " + day[rows] + " 中止开发，" + again[rows] + " 已复工，" + shares(rows),
    )
    told.tell(True, MET, lambda rows: "自 " + day[rows] + " 中止开发，" + shares(rows))
    where = proof.cells("suspended_on", *AREAS, *MONEYS, only=stopped.to_numpy())
    return told.finding(value=day, threshold=years, evidence=where, unit="")
