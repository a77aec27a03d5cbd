"""L2 停产、半停产 for twelve months: by the status and its date, else by two years of output (a proposal)."""

from __future__ import annotations

import numpy as np

from landeval.judge.findings import MET, NOT_APPLICABLE, NOT_MET, UNKNOWN, Finding, dates
from landeval.judge.setting import OUTPUT, Setting, at
from landeval.judge.wording import missing
from landeval.standards.rules import Rule, shown


def stopped(setting: Setting, rule: Rule) -> Finding:
    """L2: standing still, or producing less than a share of the year before, for twelve months.

    A status and the figures that contradict one another decide nothing: they are a question for the field.
    """
    parcels, year = setting.parcels, setting.year
    share = setting.rules.get("lowuse.half_stopped_share")
    now, before = setting.of_year(OUTPUT), setting.of_year(OUTPUT, 1)
    half = (
        now * share.number.denominator < before * share.number.numerator * (1 - 1e-12) if share else now < 0
    )
    state, since = parcels["operation"], parcels["stopped_production_on"]
    still, partly, running = state == "停产", state == "半停产", state == "生产"
    unsaid = state.isna()
    none, some = now == 0, now > 0
    over = setting.is_year_over
    from_day = setting.full_from(since, rule)
    long_ago = since < np.datetime64(f"{year}-01-01")
    day, when = setting.day("stopped_production_on"), at(dates(from_day))
    one, other = setting.figure(OUTPUT, 4, 0), setting.figure(OUTPUT, 4, 1)
    word = at(state.fillna(""))
    part = f"{float(share.number):.0%}" if share else ""
    spent = f"满 {rule.whole} 个月"
    told = setting.begin(rule)
    told.tell(setting.is_unsure("stopped_production_on") & ~running, UNKNOWN, "停产日期无法识别，待核实")
    told.tell(still & long_ago & some, UNKNOWN,
              lambda rows: "填报自 " + day[rows] + f" 停产，而 {year} 年亩均产值 " + one[rows] + " 万元，相互矛盾，待核实")  # fmt: skip
    idle = (still | partly) & since.notna()
    told.tell(idle & (from_day <= setting.as_of), NOT_MET,
              lambda rows: "自 " + day[rows] + " " + word[rows] + f"，至 {setting.as_of:%Y-%m-%d} 已{spent}")  # fmt: skip
    told.tell(
        idle,
        MET,
        lambda rows: "自 " + day[rows] + " " + word[rows] + "，未" + spent + "（" + when[rows] + " 起满）",
    )
    told.tell(still & none & over, NOT_MET, f"填报停产，{year} 年全年产值为 0，已{spent}")
    told.tell(partly & some & half, NOT_MET,
              lambda rows: "填报半停产，亩均产值 " + one[rows] + " 万元，不足上年 " + other[rows] + " 的 " + part)  # fmt: skip
    told.tell(still | partly, UNKNOWN,
              lambda rows: "填报" + word[rows] + "，停产日期未知；缺" + missing("stopped_production_on"))  # fmt: skip
    told.tell(running & none, UNKNOWN, f"填报正常生产，而 {year} 年产值为 0，相互矛盾，待核实")
    told.tell(running & half, UNKNOWN,
              lambda rows: "填报正常生产，而亩均产值 " + one[rows] + " 万元不足上年 " + other[rows] + " 的 " + part + "，待核实")  # fmt: skip
    told.tell(running, MET, "正常生产")
    told.tell(unsaid & none & (before > 0) & over, NOT_MET,
              lambda rows: f"{year} 年全年产值为 0（上年亩均 " + other[rows] + f" 万元），停产已{spent}")  # fmt: skip
    told.tell(none, NOT_APPLICABLE, "没有投产记录，产值为 0，按 L1、L6 评价")
    told.tell(half & some, NOT_MET,
              lambda rows: "亩均产值 " + one[rows] + " 万元，不足上年 " + other[rows] + " 的 " + part + "，属半停产")  # fmt: skip
    told.tell(some & before.notna(), MET,
              lambda rows: "亩均产值 " + one[rows] + " 万元（上年 " + other[rows] + "），在生产")  # fmt: skip
    told.tell(True, UNKNOWN, "生产状态和两年产值不全；缺" + missing("production_status", "output_wan_yuan"))
    value = np.where(since.notna(), day, word)
    proof = setting.proof.cells("production_status", "stopped_production_on", OUTPUT)
    return told.finding(value=value, threshold=f"{shown(rule.number)} 个月", evidence=proof, unit="")
