"""``供地盘子.xlsx``: land by stage and age with charts, by zone, every plot, terms, quota, boundary, rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from landeval.land_supply import ACROSS, EVERY_STAGE, INSIDE, UNDECIDED, LandSupply
from landeval.publish.cells import Cell, clean
from landeval.publish.frames import with_key
from landeval.publish.workbook.book import Dated, new_book
from landeval.publish.workbook.sheet import opening_sheet, write_cell, write_sheet
from landeval.publish.workbook.sources import write_sources
from landeval.publish.workbook.styles import Styles
from landeval.publish.workbook.supply_charts import write_stages
from landeval.publish.workbook.supply_sheets import BOUNDARY, CROSSING, PLOTS, QUOTA, TERMS, ZONES
from landeval.standards.rules import as_frame

FILE_NAME = "供地盘子.xlsx"
_HOW = (
    "一、每宗地恰在一个阶段，判不了的列“无法判定”并写明缺什么；各阶段加“无法判定”“不计入”等于合计，面积精确到 0.0001 亩。",
    "二、阶段：批而未供（已批准，征地未完成或通平不够）、熟地（征地完成且至少三通一平，未供）、周转地（标明的，未供）、",
    "    供而未用（已供，未见动工）、用而未尽（已动工未建成，含建设期内；或建成而仍有未利用土地）、建成。阶段只说现状，不是处置结论。",
    "三、地块取自储备与供地表；已供的一边还取自本次评价的宗地（结论、动工竣工日期、建筑物、当年产值税收），按宗地代码对上的只计一次。",
    "四、空白 = 未知，不按零处理；“是否周转地”空白按不是。时长按整年计，满两年指超过两年的次日起。",
    "五、新增指标占比有未知时给出最低、最高可能；两头都在标准同一边才作判定。",
)  # fmt: skip


class Reported(Dated, Protocol):
    """What a board is printed with: a run, or a board of the table alone."""

    @property
    def currency(self) -> str:
        """Of the project."""


def write_supply_book(board: LandSupply, result: Reported, path: Path) -> Path:
    """Write the workbook and return its path; texts are texts, whatever they begin with."""
    with new_book(path, result) as (book, styles):
        _write_opening(book, styles, board, result)
        write_stages(book, styles, board)
        for frame, spec in (
            (board.stages[board.stages["stage_level"] != "园区"], ZONES),
            (_by_stage(board.plots), PLOTS),
            (board.terms, TERMS),
            (board.quota, QUOTA),
            (board.boundary_totals, BOUNDARY),
            (_crossing(board.boundary), CROSSING),
        ):
            write_sheet(book, styles, frame, spec, currency=result.currency)
        write_sources(book, styles, as_frame(board.rules.values()), currency=result.currency)
    return path


def _write_opening(book: Any, styles: Styles, board: LandSupply, result: Reported) -> None:
    """Write how to read the book, and what waits for somebody."""
    tiers = board.tiers
    how = [*_HOW, f"六、供应层次依{clean(tiers.caveat)}。", f"    {clean(tiers.clause)}。"]
    heading = (
        f"{clean(result.title)}　供地盘子",
        f"基准日 {result.as_of}，共 {len(board.plots)} 宗；本表为内部测算",
    )
    sheet, row = opening_sheet(
        book, styles, "说明", heading, how, (("需要留意", 34), ("宗（项）", 12), ("见工作表", 60))
    )
    for number, (text, count, where) in enumerate(_attention(board), start=1):
        line: tuple[Cell, ...] = (text, count, where)
        for position, value in enumerate(line):
            write_cell(
                sheet, row + number, position, value, styles.body("text" if position != 1 else "integer")
            )


def _by_stage(plots: pd.DataFrame) -> pd.DataFrame:
    """Return the plots stage by stage, by id."""
    frame = with_key(plots, "plot_id")
    order = frame["supply_stage"].map(EVERY_STAGE.index)
    return frame.loc[frame.assign(at=order).sort_values(["at", "plot_id"]).index]


def _crossing(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the plots that are not wholly inside, or that an adjustment changes; those without shape are counted only."""
    plain = (rows["boundary_position"] == INSIDE) & rows["boundary_change"].isin(("", "不变"))
    return rows[~plain & (rows["boundary_position"] != UNDECIDED)]


def _attention(board: LandSupply) -> list[tuple[str, int, str]]:
    plots, terms, quota = board.plots, board.terms, board.quota
    position = board.boundary["boundary_position"]

    def count(mask: pd.Series) -> int:
        return int(mask.sum())

    return [
        ("阶段无法判定", count(plots["supply_stage"] == UNDECIDED), "明细：阶段依据写明缺什么"),
        ("批准已满两年仍未供（依据未核实）", count(plots["unsupplied_verdict"].astype(str).str.startswith("已满")), "明细：久未供应"),
        ("供应层次无法判定", count(plots["supply_tier"] == UNDECIDED), "明细：层次依据"),
        ("期限已届满或即将届满", count(terms["term_due"].isin(("已届满", "即将届满"))), "到期日历"),
        ("年限超过法定最长", count(terms["term_verdict"].astype(str).str.startswith("超过")), "到期日历"),
        ("新增指标占比不达标", count(quota["verdict"] == "不达标"), "新增指标"),
        ("新增指标占比无法判定", count(quota["verdict"] == UNDECIDED), "新增指标"),
        ("跨园区范围线", count(position == ACROSS), "边界（按范围分别计）"),
    ]  # fmt: skip
