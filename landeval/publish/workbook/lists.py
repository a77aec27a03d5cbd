"""The sheets that list parcels: candidates, idle, low-use, watch list, open questions, all parcels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from landeval.publish.frames import by_priority, candidates, open_questions
from landeval.publish.reviews import CANDIDATES, QUESTIONS, with_notes
from landeval.publish.workbook.sheet import Column, Sheet, write_sheet
from landeval.publish.workbook.short import ALL, PARCELS, SHORT, is_short, to_work_on, told
from landeval.publish.workbook.styles import Styles
from landeval.result import IDLE

BLANK_IS_UNKNOWN = "空白 = 未知，不按零处理"
FILL_IN = "黄色各列填好后用 --review 交回，下次仍在"
LOW_USE = ("低效候选",)
WATCH = ("逾期未动工预警", "关注")
OPINIONS = ("同意", "不同意", "待核实")
DISPOSALS = (
    "延长动工开发期限", "调整用途或规划条件", "安排临时使用", "协议有偿收回", "置换土地", "征缴土地闲置费", "无偿收回",
    "限期整改", "嫁接招商", "转让、合作", "加层或改造", "暂不处置",
)  # fmt: skip
"""Words offered for 处置方式; any other may be written."""
_NUMBER = Column("number", 5, label="序号")
_CODE = Column("parcel_code", 23)
_HOLDER = Column("holder_name", 24, wrap=True)
_HEAD = (_NUMBER, _CODE, _HOLDER)
_LOCATION = Column("location", 18, wrap=True)
_STATUS = Column("status", 17)
_PLACE = (
    Column("cluster_name", 13, wrap=True),
    Column("base_name", 11, wrap=True),
    Column("community_name", 11, wrap=True),
)
_REASONS = (Column("reasons", 40, wrap=True), Column("clause", 24, wrap=True))
_ROUTE = (Column("route", 24, wrap=True), Column("route_clause", 22, wrap=True))
_NEXT = (Column("next_action", 22, wrap=True), Column("next_deadline", 11))
_SCORES = (
    *(Column(name, 7) for name in ("score_class", "score_age", "score_land", "score_gap", "priority_score")),
    Column("score_unknown", 9, wrap=True),
)
_QUESTIONS = Column("questions", 26, wrap=True)
_ID = Column("parcel_id", 23)
_LINKS = (Column("map_page", 6, link_text="地图"), Column("dossier_file", 9, link_text="一宗一档"))


def live_ratios(targets: Mapping[str, str], land: str = "area_mu") -> tuple[Column, ...]:
    """Return the three money columns and the three per-mu columns as live formulas over them.

    Parameters
    ----------
    targets : Mapping
        Ratio → operator and address of its target.
    land : str
        Name of the area column; ``{}`` in it stands for investment, output and tax.
    """
    words = ("investment", "output", "tax")
    money = tuple(Column(f"{word}_wan_yuan", 13) for word in words)
    ratios = tuple(
        Column(
            f"{word}_wan_yuan_per_mu",
            11,
            money=f"{word}_wan_yuan",
            land=land.format(word),
            target=targets.get(f"{word}_wan_yuan_per_mu", ""),
        )
        for word in words
    )
    return money + ratios


def of_status(table: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Return the parcels of some classes in the order of those classes, most urgent first within each."""
    parts = [by_priority(table[table["status"] == name]) for name in names]
    return pd.concat(parts) if parts else table.iloc[:0]


def write_lists(
    book: Any,
    styles: Styles,
    table: pd.DataFrame,
    reviews: pd.DataFrame,
    *,
    targets: Mapping[str, str],
    standard: str,
    currency: str,
) -> None:
    """Write the five working lists.

    Parameters
    ----------
    book, styles
        The workbook.
    table : DataFrame
        A ``frames.parcel_table``, with the files to lead to.
    reviews : DataFrame
        ``Result.reviews``: what the offices wrote before.
    targets : Mapping
        As made by ``sources.target_addresses``.
    standard : str
        As made by ``sources.low_use_standard``.
    currency : str
        For the headers.
    """
    shared: dict[str, Any] = {"currency": currency}
    chosen = with_notes(candidates(table), reviews, CANDIDATES)
    spec = _candidate_sheet(targets, has_images="image_evidence" in table)
    write_sheet(book, styles, chosen, spec, **shared)
    write_sheet(book, styles, of_status(table, IDLE), _idle_sheet(), **shared)
    write_sheet(book, styles, of_status(table, LOW_USE), _low_use_sheet(targets, standard), **shared)
    write_sheet(book, styles, of_status(table, WATCH), _watch_sheet(targets), **shared)
    asked = with_notes(open_questions(table), reviews, QUESTIONS)
    write_sheet(book, styles, asked, _question_sheet(), **shared)


def write_all_parcels(
    book: Any, styles: Styles, table: pd.DataFrame, *, targets: Mapping[str, str], currency: str
) -> None:
    """Write every parcel with raw figures and live per-mu formulas; of very many those that are worked on, and says so."""
    spec = _all_sheet(targets)
    if is_short(table):
        shown = to_work_on(table)
        spec = replace(spec, name=SHORT, title=SHORT, note=f"{told(table, shown)}；{spec.note}")
        table = shown
    write_sheet(book, styles, table, spec, currency=currency)


def _candidate_sheet(targets: Mapping[str, str], *, has_images: bool) -> Sheet:
    return Sheet(
        "处置候选",
        "处置候选清单",
        (
            *_HEAD,
            Column("enterprise_names", 22, wrap=True),
            _LOCATION,
            *_PLACE,
            Column("area_mu", 10),
            Column("area_basis", 9, wrap=True),
            Column("land_use", 10, wrap=True),
            _STATUS,
            *_REASONS,
            Column("due_start", 11),
            Column("days_overdue", 8, is_shaded=True),
            *live_ratios(targets),
            *_ROUTE,
            Column("fee_wan_yuan", 11),
            *_NEXT,
            *_SCORES,
            *((Column("image_evidence", 10, wrap=True),) if has_images else ()),
            _QUESTIONS,
            _ID,
            *_LINKS,
            Column("review_opinion", 11, wrap=True, choices=OPINIONS, is_free=True, is_filled_in=True),
            Column("review_disposal", 16, wrap=True, choices=DISPOSALS, is_free=True, is_filled_in=True),
            Column("review_person", 10, wrap=True, is_filled_in=True),
            Column("review_progress", 28, wrap=True, is_filled_in=True),
        ),
        note=f"按处置顺序（优先分，权重见“依据”）排列；{FILL_IN}；亩均是公式，蓝字达到、褐字未达到“依据”表的目标值；{BLANK_IS_UNKNOWN}",
        pages_wide=2,
        empty="本次没有处置候选宗地。",
    )


def _idle_sheet() -> Sheet:
    return Sheet(
        "闲置",
        "闲置（含涉嫌）宗地",
        (
            *_HEAD,
            _STATUS,
            _LOCATION,
            Column("community_name", 12, wrap=True),
            Column("area_mu", 10),
            Column("agreed_start", 11),
            Column("due_start", 11),
            Column("due_start_basis", 12, wrap=True),
            Column("actual_start", 11),
            Column("suspended_on", 11),
            Column("days_overdue", 9, is_shaded=True),
            Column("idle_cause", 16, wrap=True),
            Column("cause", 11, wrap=True),
            Column("cause_code", 18, wrap=True),
            Column("cause_evidence", 16, wrap=True),
            Column("idle_decision_no", 16, wrap=True),
            Column("price_wan_yuan", 12),
            Column("fee_yuan", 14),
            *_REASONS,
            *_ROUTE,
            *_NEXT,
            _QUESTIONS,
            *_LINKS,
        ),
        note=f"“涉嫌闲置”须经调查并出具《闲置土地认定书》后方为闲置土地；{BLANK_IS_UNKNOWN}",
        pages_wide=2,
        empty="本次没有涉嫌闲置或已认定闲置的宗地。",
    )


def _low_use_sheet(targets: Mapping[str, str], standard: str) -> Sheet:
    return Sheet(
        "低效",
        "低效用地候选宗地",
        (
            *_HEAD,
            Column("enterprise_names", 22, wrap=True),
            Column("industry_group", 16, wrap=True),
            _LOCATION,
            Column("community_name", 12, wrap=True),
            Column("area_mu", 10),
            Column("production_status", 10),
            Column("low_use_hit_rules", 11, wrap=True),
            *live_ratios(targets),
            Column("contract_investment_wan_yuan_per_mu", 11),
            Column("contract_output_wan_yuan_per_mu", 11),
            Column("contract_tax_wan_yuan_per_mu", 11),
            *_REASONS,
            *_ROUTE,
            *_NEXT,
            _QUESTIONS,
            *_LINKS,
        ),
        note=f"{standard}（见“依据”），以县处置方案为准；{BLANK_IS_UNKNOWN}",
        pages_wide=2,
        empty="本次没有低效候选宗地。",
    )


def _watch_sheet(targets: Mapping[str, str]) -> Sheet:
    return Sheet(
        "关注与预警",
        "关注与逾期未动工预警宗地",
        (
            *_HEAD,
            _STATUS,
            Column("enterprise_names", 22, wrap=True),
            _LOCATION,
            Column("community_name", 12, wrap=True),
            Column("area_mu", 10),
            Column("due_start", 11),
            Column("days_overdue", 9, is_shaded=True),
            *live_ratios(targets),
            *_REASONS,
            *_NEXT,
            _QUESTIONS,
        ),
        note=BLANK_IS_UNKNOWN,
        empty="本次没有关注或预警的宗地。",
    )


def _question_sheet() -> Sheet:
    return Sheet(
        "待核实",
        "资料不足与待核问题",
        (
            *_HEAD,
            _ID,
            _STATUS,
            Column("enterprise_names", 22, wrap=True),
            _LOCATION,
            Column("area_mu", 10),
            Column("missing", 48, wrap=True),
            Column("questions", 48, wrap=True),
            Column("reasons", 40, wrap=True),
            Column("review_supplement", 28, wrap=True, is_filled_in=True),
            Column("review_checker", 12, wrap=True, is_filled_in=True),
            Column("review_checked_on", 12, wrap=True, is_filled_in=True),
        ),
        note=f"资料不足的宗地既不算达标也不算低效；{FILL_IN}",
        empty="本次没有待核实的宗地。",
    )


def _all_sheet(targets: Mapping[str, str]) -> Sheet:
    dates = ("signed_on", "delivered_on", "agreed_start", "due_start", "actual_start", "agreed_completion",
             "actual_completion", "suspended_on")  # fmt: skip
    return Sheet(
        ALL,
        ALL,
        (
            Column("parcel_id", 24),
            Column("holder_name", 26),
            _STATUS,
            _CODE,
            Column("credit_code", 22),
            Column("enterprise_names", 26),
            Column("industry_group", 18),
            Column("location", 24),
            Column("cluster_name", 14),
            Column("base_name", 14),
            Column("community_name", 14),
            Column("is_straddling", 8),
            Column("land_use", 14),
            Column("is_new_industrial", 9),
            Column("production_status", 9),
            Column("area_mu", 11),
            Column("area_basis", 10),
            *live_ratios(targets),
            Column("area_registered_m2", 13),
            Column("area_contract_m2", 13),
            Column("area_tax_m2", 13),
            Column("area_measured_m2", 13),
            Column("area_plane_m2", 13),
            Column("area_spread_percent", 11),
            Column("plot_ratio", 8),
            Column("plot_ratio_doubled", 10),
            Column("building_density_percent", 9),
            Column("building_factor_percent", 9),
            Column("unused_separable_m2", 12),
            Column("unused_most_m2", 12),
            Column("supply_method", 10),
            Column("price_wan_yuan", 12),
            *(Column(name, 11) for name in dates),
            Column("months_overdue", 8),
            Column("days_overdue", 8),
            Column("reasons", 50),
            Column("missing", 40),
            Column("questions", 40),
            Column("source_file", 20),
            Column("source_row", 8),
        ),
        note=f"亩均各列是公式：金额 ÷ 评价面积；{BLANK_IS_UNKNOWN}；全部字段见 {PARCELS}",
        pages_wide=3,
        is_register=True,
    )
