"""Building that does not come to use: L1 建成未投产, L3 逾期未竣工, L4 停建缓建 (proposals, each switchable)."""

from __future__ import annotations

from landeval.judge.findings import MET, NOT_APPLICABLE, NOT_MET, UNKNOWN, Finding, dates
from landeval.judge.setting import OUTPUT, Setting, at, is_producing
from landeval.judge.wording import full, missing, percent, span
from landeval.standards.rules import Rule
from landeval.timeline import days_past, full_months


def not_producing(setting: Setting, rule: Rule) -> Finding:
    """L1: completed for two full years, and nothing produced."""
    parcels = setting.parcels
    done, started = parcels["actual_completion"], parcels["production_started_on"]
    now = setting.of_year(OUTPUT)
    produced = (started <= setting.as_of) | is_producing(setting)
    since = setting.full_from(done, rule)
    day, begun, when = (
        setting.day("actual_completion"),
        setting.day("production_started_on"),
        at(dates(since)),
    )
    told = setting.begin(rule, in_use=False)
    told.tell(started <= setting.as_of, MET, lambda rows: "已于 " + begun[rows] + " 投产")
    told.tell(produced, MET, "已有产值或在生产")
    told.tell(
        setting.is_unsure("actual_completion", "production_started_on"),
        UNKNOWN,
        "竣工或投产日期无法识别，待核实",
    )
    told.tell(
        done.isna(),
        UNKNOWN,
        "没有投产记录，也没有竣工日期，是否建成无法判定；缺" + missing("actual_completion"),
    )
    told.tell(done > setting.as_of, MET, lambda rows: "竣工日期 " + day[rows] + " 未到")
    told.tell(
        since > setting.as_of,
        MET,
        lambda rows: (
            "已于 " + day[rows] + " 竣工，未" + full(rule) + "（" + when[rows] + " 起" + full(rule) + "）"
        ),
    )
    told.tell(
        now.isna() | (parcels["operation"] == "停产"),
        UNKNOWN,
        lambda rows: "已于 " + day[rows] + " 竣工" + full(rule) + "，是否投产未知；缺"
        + missing("production_started_on", "output_wan_yuan"),
    )  # fmt: skip
    told.tell(
        True,
        NOT_MET,
        lambda rows: "已于 " + day[rows] + f" 竣工，至 {setting.as_of:%Y-%m-%d} 已" + full(rule)
        + f"，没有投产记录，{setting.year} 年产值为 0",
    )  # fmt: skip
    proof = setting.proof.cells("actual_completion", "production_started_on", OUTPUT)
    return told.finding(value=day, threshold=full(rule), evidence=proof, unit="")


def overdue_completion(setting: Setting, rule: Rule) -> Finding:
    """L3: more than two years past the agreed (or extended) completion, and not completed."""
    parcels, facts, today = setting.parcels, setting.facts, setting.as_of
    due = parcels["extended_completion"].combine_first(parcels["agreed_completion"])
    done = parcels["actual_completion"]
    since = setting.full_from(due, rule)
    day, finished, when = at(dates(due)), setting.day("actual_completion"), at(dates(since))
    months, days = full_months(due, today).to_numpy(), days_past(due, today).to_numpy()
    told = setting.begin(rule, in_use=False)
    told.tell(done <= today, MET, lambda rows: "已于 " + finished[rows] + " 竣工")
    told.tell(
        setting.is_unsure("agreed_completion", "extended_completion", "actual_completion"),
        UNKNOWN,
        "约定或实际竣工日期已填写，但无法识别或相互矛盾，待核实",
    )
    told.tell(due.isna(), UNKNOWN, "没有约定竣工日期；缺" + missing("agreed_completion"))
    told.tell(due >= today, MET, lambda rows: "约定竣工日期 " + day[rows] + " 未到")
    told.tell(~setting.proof.is_written("actual_completion"), UNKNOWN,
              lambda rows: "约定竣工日期 " + day[rows] + " 已过，所交资料没有登记" + missing("actual_completion") + "的一列")  # fmt: skip
    told.tell(parcels["is_operating"], UNKNOWN, "已有产值或税收而没有竣工日期，是否竣工待核实")
    told.tell(~facts["is_started"] & ~facts["is_collective"], NOT_APPLICABLE, "没有动工记录，按是否闲置评价")
    told.tell(
        since > today,
        MET,
        lambda rows: (
            "约定竣工日期 " + day[rows] + "，逾期未竣工，未" + full(rule) + "（" + when[rows] + " 起超过）"
        ),
    )
    told.tell(
        True,
        NOT_MET,
        lambda rows: "约定竣工日期 " + day[rows] + f"，至 {today:%Y-%m-%d} 逾期 "
        + span(months[rows], days[rows]) + "未竣工，超过" + full(rule).removeprefix("满"),
    )  # fmt: skip
    proof = setting.proof.cells("agreed_completion", "actual_completion")
    return told.finding(value=day, threshold=full(rule), evidence=proof, unit="")


def halted(setting: Setting, rule: Rule) -> Finding:
    """L4: building stopped for twelve months, and beyond the shares below which land is idle."""
    facts, stopped = setting.facts, setting.parcels["suspended_on"]
    day, when = setting.day("suspended_on"), at(dates(setting.full_from(stopped, rule)))
    built, invested = (
        percent(facts[name].where(stopped.notna())) for name in ("built_share", "invested_share")
    )
    no_idle = "，不构成闲置" if setting.switches.idle else ""
    told = setting.begin(rule, in_use=False)
    told.tell(facts["is_suspension_unknown"], UNKNOWN, "是否属于中止开发的闲置土地尚不能判定，见第二条第二款")
    told.tell(
        ~facts["is_completed"] & setting.is_unsure("suspended_on", "resumed_on", "actual_completion"),
        UNKNOWN,
        "停工、复工或竣工日期已填写但无法识别，待核实",
    )
    told.tell(stopped.isna(), NOT_APPLICABLE, "没有停工记录")
    told.tell(facts["is_resumed"], MET, "停工后已复工")
    told.tell(facts["is_completed"], MET, "已竣工")
    told.tell(~facts["is_suspended"], MET, lambda rows: "停工日期 " + day[rows] + " 未到")
    told.tell(
        setting.full_from(stopped, rule) > setting.as_of,
        MET,
        lambda rows: "自 " + day[rows] + f" 停工，未满 {rule.whole} 个月（" + when[rows] + " 起满）",
    )
    told.tell(
        True,
        NOT_MET,
        lambda rows: "自 " + day[rows] + f" 停工已满 {rule.whole} 个月（开发面积比例 " + built[rows]
        + "，投资比例 " + invested[rows] + no_idle + "），未复工",
    )  # fmt: skip
    return told.finding(
        value=day, threshold=f"满 {rule.whole} 个月", evidence=setting.proof.cells("suspended_on"), unit=""
    )
