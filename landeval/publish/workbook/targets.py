"""``目标进度.xlsx``: the board, its charts, a list by office, industry groups, land structure, quotes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from landeval.board import STATES, Board
from landeval.publish.cells import clean
from landeval.publish.workbook.book import new_book
from landeval.publish.workbook.grading import folded
from landeval.publish.workbook.sheet import Column, Sheet, opening_sheet, write_cell, write_sheet
from landeval.publish.workbook.styles import Styles
from landeval.publish.workbook.target_charts import write_charts, write_land_chart, write_output_chart
from landeval.result import LEVELS, Result

BOARD, YEARS, OFFICES, INDUSTRIES, LAND, QUOTES = "目标进度", "逐年", "按部门", "产业", "用地结构", "依据"
NOBODY = "方案未写明"
_PLAIN = "General"
_FOUR = 4
_DECIMAL = ("target_stated", "target_value", "base_value", "latest_value", "path_value", "gap_value", "gap_percent",
            "growth_percent", "needed_rate", "own_value", "required_value", "year_value", "year_added")  # fmt: skip
_PUBLIC = (
    "一、“目标进度”一行一项目标：基期、最近一年实绩、按路径当年应达、超前或落后多少、今后每年还需要多少。每项的原文和读法见“依据”。",
    "二、路径：金额、能耗按复合增长（或降低）；占比按每年相同的百分点；累计数按年均摊，不足一个的不计；逐年标准每年都用同一条线；名次不设路径。",
    "三、实绩只取指标实绩表；表中没有的为未知，不当作零，也不判落后。最近实绩早于上一个完整年度一年以上的不作判定（做法是建议）。",
    "四、“本次测算”由本次资料算出，范围不同（写在旁边），只供参考，从不代替表中实绩。",
    "五、方案 三-2 没有写责任单位：按 四 中同一事项的责任单位推定的，逐项注明；推定不出的写“方案未写明”。",
)


def write_target_book(result: Result, board: Board, path: Path) -> Path:
    """Write the workbook and return its path.

    Parameters
    ----------
    result : Result
        Rendered as it is.
    board : Board
        Its board.
    path : Path
        Of the file.
    """
    targets = _readable(board.targets)
    with new_book(path, result) as (book, styles):
        _write_opening(book, styles, result, board)
        write_sheet(book, styles, targets, _board_sheet(), currency=result.currency)
        write_charts(book, styles, board.years, YEARS)
        write_sheet(book, styles, _by_office(targets), _office_sheet(), currency=result.currency)
        sheet = write_sheet(book, styles, board.industries, _industry_sheet(result), currency=result.currency)
        write_output_chart(book, sheet, board.industries, INDUSTRIES)
        land = board.land[board.land["zone_level"] != LEVELS[-1]]
        sheet = write_sheet(book, styles, land, _land_sheet(), currency=result.currency)
        write_land_chart(book, sheet, land, LAND)
        write_sheet(book, styles, _readable(_with_kind(board)), _year_sheet(), currency=result.currency)
        write_sheet(book, styles, targets, _quote_sheet(board), currency=result.currency)
    return path


def _readable(frame: pd.DataFrame) -> pd.DataFrame:
    """Round to what a reader needs; the tables have every digit."""
    return frame.assign(**{name: frame[name].round(_FOUR) for name in _DECIMAL if name in frame.columns})


def _write_opening(book: Any, styles: Styles, result: Result, board: Board) -> None:
    told = [f"方案：{board.document}", board.base_note, *_PUBLIC]
    how = [line for text in told for line in folded(clean(text))]
    heading = (f"{clean(result.title)}目标进度", f"基准日 {result.as_of}，数据年度 {result.year or '无'}")
    objects = list(dict.fromkeys(board.targets["target_object"]))
    columns = [("进度", 18), *((name, 15) for name in objects), ("合计", 12)]
    sheet, row = opening_sheet(book, styles, "说明", heading, how, columns)
    for state in (*STATES, "合计"):
        row += 1
        mine = board.targets[(board.targets["target_state"] == state) | (state == "合计")]
        counts = [int((mine["target_object"] == name).sum()) for name in objects]
        form = styles.status(state) if state in STATES else styles.body("text")
        write_cell(sheet, row, 0, state, form)
        for position, count in enumerate([*counts, len(mine)], start=1):
            write_cell(sheet, row, position, count, styles.body("integer"))


def _figures(*names: tuple[str, float]) -> tuple[Column, ...]:
    return tuple(Column(name, width, number_format=_PLAIN) for name, width in names)


def _board_sheet() -> Sheet:
    columns = (
        Column("clause", 9),
        Column("target_label", 26, wrap=True),
        Column("target_object", 14),
        Column("target_kind", 10),
        Column("target_state", 13),
        Column("operator", 5),
        *_figures(("target_stated", 9)),
        Column("target_stated_unit", 13),
        Column("target_year", 7),
        *_figures(("target_value", 10)),
        Column("measure_unit", 13),
        *_figures(("base_value", 9)),
        Column("latest_year", 7),
        *_figures(("latest_value", 10), ("path_value", 10), ("gap_value", 11)),
        Column("gap_percent", 10, number_format="0.0"),
        Column("growth_percent", 9, number_format="0.0"),
        *_figures(("needed_rate", 9)),
        Column("needed_unit", 13),
        Column("target_why", 36, wrap=True),
        Column("missing", 32, wrap=True),
        *_figures(("own_value", 10)),
        Column("own_covers", 36, wrap=True),
        Column("offices", 28, wrap=True),
        Column("offices_note", 24, wrap=True),
        Column("basis", 18, wrap=True),
        Column("evidence", 36, wrap=True),
    )
    return Sheet(
        BOARD,
        "方案目标与实绩",
        columns,
        note="空白 = 未知或不适用；今后每年需要 = 从最近实绩到目标年每年的增速或增量",
        frozen=3,
        pages_wide=2,
        full_table="tables/targets.csv",
    )


def _by_office(targets: pd.DataFrame) -> pd.DataFrame:
    """Return one row an office and target, offices in the order of the plan; targets of nobody come last."""
    named = targets.assign(office=targets["offices"].where(targets["offices"] != "", NOBODY).str.split("、"))
    rows = named.explode("office", ignore_index=True)
    first = {name: at for at, name in enumerate(dict.fromkeys(rows["office"]))} | {NOBODY: len(rows)}
    return rows.assign(at=rows["office"].map(first)).sort_values("at", kind="stable").drop(columns="at")


def _office_sheet() -> Sheet:
    columns = (
        Column("office", 24, label="责任单位", wrap=True),
        Column("clause", 9),
        Column("target_label", 30, wrap=True),
        Column("target_object", 14),
        Column("target_state", 13),
        Column("operator", 5),
        *_figures(("target_stated", 9)),
        Column("target_stated_unit", 13),
        Column("target_year", 7),
        Column("target_why", 44, wrap=True),
        *_figures(("needed_rate", 9)),
        Column("needed_unit", 13),
        Column("missing", 36, wrap=True),
        Column("offices_note", 36, wrap=True),
    )
    return Sheet(
        OFFICES,
        "各责任单位的目标",
        columns,
        note="几个单位共同负责的，在每个单位下各列一次；可按第一列筛选后分发",
        frozen=3,
        full_table="tables/targets.csv",
    )


def _industry_sheet(result: Result) -> Sheet:
    ratios = []
    for short in ("investment", "output", "tax"):
        ratios += [
            Column(f"{short}_wan_yuan", 13),
            Column(f"industry_known_{short}", 9),
            Column(f"{short}_wan_yuan_per_mu", 10),
            Column(f"industry_cover_{short}", 10),
        ]
    columns = (
        Column("industry_group", 15),
        Column("industry_role", 10),
        Column("industry_firms", 8),
        Column("industry_above_scale", 8),
        Column("industry_scale_unknown", 8),
        Column("industry_area_mu", 12),
        Column("industry_area_known", 9),
        *ratios,
        Column("revenue_wan_yuan", 13),
        Column("industry_known_revenue", 9),
        Column("industry_output_share", 9),
        Column("industry_revenue_share", 9),
        Column("basis", 20),
    )
    return Sheet(
        INDUSTRIES,
        f"一主一特三优　{result.year or ''} 年",
        columns,
        note="门类按行业代码归并（建议，可在设置中改：参数表“目标进度”一节（landeval.toml 的 [board]））；亩均 = Σ金额 ÷ Σ用地（两项都已知的企业）；占比以门类和数值都已知的为分母",
        frozen=1,
        full_table="tables/industry_groups.csv",
    )


def _land_sheet() -> Sheet:
    columns = (
        Column("zone_level", 11),
        Column("zone_code", 17),
        Column("zone_name", 34, wrap=True),
        Column("land_group", 14),
        Column("land_parcels", 9),
        Column("area_mu", 13),
        Column("land_no_area", 9),
        Column("land_share_known", 11),
        Column("land_share_all", 11),
        Column("land_reference", 12),
        Column("land_gap", 12),
        Column("basis", 20),
    )
    return Sheet(
        LAND,
        "用地结构（四-2）",
        columns,
        note="只计有宗地的用地，没有宗地的道路、绿地不在内；归并办法是建议；产业社区见 tables/land_structure.csv",
        frozen=3,
        full_table="tables/land_structure.csv",
    )


def _with_kind(board: Board) -> pd.DataFrame:
    """Say which of two targets of one indicator a row is of: its kind in plain words, not its id."""
    each = board.targets.drop_duplicates("target_id")  # one for the park, one for the county
    kinds = each.set_index("target_id")["target_kind"]
    return board.years.assign(target_kind=board.years["target_id"].map(kinds))


def _year_sheet() -> Sheet:
    columns = (
        Column("target_kind", 12),
        Column("target_label", 32, wrap=True),
        Column("target_object", 14),
        Column("measure_unit", 13),
        Column("year", 7),
        *_figures(("required_value", 12), ("year_value", 12), ("year_added", 10), ("gap_value", 12)),
        Column("gap_percent", 12, number_format="0.0"),
        Column("evidence", 40, wrap=True),
    )
    return Sheet(
        YEARS, "逐年应达与实绩", columns, note="图表取自本表", frozen=3, full_table="tables/target_years.csv"
    )


def _quote_sheet(board: Board) -> Sheet:
    columns = (
        Column("clause", 9),
        Column("target_label", 30, wrap=True),
        Column("target_object", 14),
        Column("quote", 64, wrap=True),
        Column("reading", 70, wrap=True),
        Column("basis", 22, wrap=True),
    )
    return Sheet(
        QUOTES,
        board.document,
        columns,
        note="原文去掉了排版的换行",
        frozen=2,
        full_table="tables/targets.csv",
    )
