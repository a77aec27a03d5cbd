"""L2 停产、半停产 for twelve months: by the status and its date, else by two years of output (a proposal)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landeval.judge.findings import MET, NOT_APPLICABLE, NOT_MET, UNKNOWN, Finding, dates
from landeval.judge.setting import OUTPUT, Setting, at
from landeval.judge.wording import missing, part
from landeval.standards.rules import Rule, shown

OF_A_YEAR = 12
"""What a whole year of figures can tell of [month]; a longer term needs the day of the stop."""


def stopped(setting: Setting, rule: Rule) -> Finding:
    """L2: standing still, or producing less than a share of the year before, for twelve months.

    A status and the figures that contradict one another decide nothing: they are a question for the field.
    """
    parcels, year = setting.parcels, setting.year
    now, before = setting.of_year(OUTPUT), setting.of_year(OUTPUT, 1)
    none, some = now == 0, now > 0
    less = below_last_year(setting)
    is_told = setting.is_year_over and rule.whole <= OF_A_YEAR
    state, since = parcels["operation"], parcels["stopped_production_on"]
    still, partly, running, unsaid = state == "停产", state == "半停产", state == "生产", state.isna()
    dated = (still | partly) & since.notna()
    long_ago = since < np.datetime64(f"{year}-01-01")
    contrary = long_ago & some & (still | (partly & (now >= before)))
    from_day = setting.full_from(since, rule)
    day, when = setting.day("stopped_production_on"), at(dates(from_day))
    one, other = setting.figure(OUTPUT, 4, 0), setting.figure(OUTPUT, 4, 1)
    word = at(state.fillna(""))
    spent, when_stopped = f"满 {rule.whole} 个月", missing("stopped_production_on")
    share = setting.rules.get("lowuse.half_stopped_share")
    of_last = at("不足上年 " + other + f" 的 {part(share)}") if share else other
    told = setting.begin(rule)
    told.tell(setting.is_unsure("stopped_production_on") & ~running, UNKNOWN, "停产日期无法识别，待核实")
    told.tell(contrary, UNKNOWN, lambda rows: "填报自 " + day[rows] + " " + word[rows] + f"，而 {year} 年亩均产值 "
              + one[rows] + " 万元（上年 " + np.where(other[rows] == "", "未知", other[rows]) + "），相互矛盾，待核实")  # fmt: skip
    told.tell(dated & (from_day <= setting.as_of), NOT_MET,
              lambda rows: "自 " + day[rows] + " " + word[rows] + f"，至 {setting.as_of:%Y-%m-%d} 已{spent}")  # fmt: skip
    told.tell(dated, MET,
              lambda rows: "自 " + day[rows] + " " + word[rows] + "，未" + spent + "（" + when[rows] + " 起满）")  # fmt: skip
    told.tell(still & none & is_told, NOT_MET, f"填报停产，{year} 年全年产值为 0，已{spent}")
    told.tell(partly & some & less & is_told, NOT_MET,
              lambda rows: "填报半停产，亩均产值 " + one[rows] + " 万元，" + of_last[rows])  # fmt: skip
    told.tell(still | partly, UNKNOWN, lambda rows: "填报" + word[rows] + "，停产日期未知；缺" + when_stopped)
    told.tell(running & none, UNKNOWN, f"填报正常生产，而 {year} 年产值为 0，相互矛盾，待核实")
    told.tell(running & less, UNKNOWN,
              lambda rows: "填报正常生产，而亩均产值 " + one[rows] + " 万元" + of_last[rows] + "，待核实")  # fmt: skip
    told.tell(running, MET, "正常生产")
    told.tell(unsaid & none & (before > 0) & is_told, NOT_MET,
              lambda rows: f"{year} 年全年产值为 0（上年亩均 " + other[rows] + f" 万元），停产已{spent}")  # fmt: skip
    told.tell(
        none & (before > 0),
        UNKNOWN,
        f"{year} 年产值为 0 而上年有产值，停产是否{spent}未知；缺" + when_stopped,
    )
    told.tell(none, NOT_APPLICABLE, "没有投产记录，产值为 0，按 L1、L6 评价")
    told.tell(some & less & is_told, NOT_MET,
              lambda rows: "亩均产值 " + one[rows] + " 万元，" + of_last[rows] + "，属半停产")  # fmt: skip
    told.tell(some & less, UNKNOWN,
              lambda rows: "亩均产值 " + one[rows] + " 万元，" + of_last[rows] + f"，半停产是否{spent}未知；缺" + when_stopped)  # fmt: skip
    told.tell(some & before.notna(), MET,
              lambda rows: "亩均产值 " + one[rows] + " 万元（上年 " + other[rows] + "），在生产")  # fmt: skip
    told.tell(True, UNKNOWN, "生产状态和两年产值不全；缺" + missing("production_status", "output_wan_yuan"))
    value = np.where(since.notna(), day, word)
    proof = setting.proof.cells("production_status", "stopped_production_on", OUTPUT)
    return told.finding(value=value, threshold=f"{shown(rule.number)} 个月", evidence=proof, unit="")


def below_last_year(setting: Setting) -> pd.Series:
    """Tell where output is less than the rulebook's share of the year before's; False where either is unknown."""
    now, before = setting.of_year(OUTPUT), setting.of_year(OUTPUT, 1)
    rule = setting.rules.get("lowuse.half_stopped_share")
    if rule is None:
        return pd.Series(False, index=now.index)
    share = rule.number
    return pd.Series(now * share.denominator < before * share.numerator * (1 - 1e-12))
