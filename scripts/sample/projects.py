"""The made-up projects for the entry check: what each has, the planned answer, and the slips of an office table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from .codes import credit_code
from .firms import INDUSTRIES, PLAN
from .money import Workbook

HEADERS = (
    *("序号", "项目名称", "投资方", "统一社会信用代码", "行业代码", "拟用地面积(亩)", "供地方式"),
    *(
        "固定资产投资(万元)",
        "达产年产值(万元)",
        "达产年税收(万元)",
        "总建筑面积(㎡)",
        "层高超过8米的建筑面积(㎡)",
    ),
    *("建筑占地面积(㎡)", "行政办公及生活服务设施用地(㎡)", "意向片区", "达产年限(年)", "备注"),
)
_PLACES = {
    "先进装备制造": ("虚构整机装备产业基地", "虚构零部件配套产业基地"),
    "农副产品加工": ("虚构粮油果蔬产业基地", "虚构肉品调味产业基地"),
    "特色轻工": ("虚构特色轻工产业基地",),
    "电子信息": ("虚构电子信息产业基地",),
    "新型材料": ("虚构新型材料产业基地",),
}
_BRANDS = (
    "晨曦",
    "远山",
    "清源",
    "白鹭",
    "青禾",
    "朝霞",
    "长风",
    "云帆",
    "石桥",
    "竹溪",
    "银杏",
    "松涛",
    "春晓",
)
_FIRST_CODE = 9001


@dataclass(frozen=True)
class Plan:
    """A project: its yields per mu as multiples of the plan's lines, the planned answer, and what is odd about it."""

    yields: tuple[float, float, float]
    answer: str
    note: str = ""
    density: float | None = None
    tells_height: bool = True


PLANS = (
    Plan((1.44, 1.30, 1.62), "符合准入", "层高没有填报，不加倍已达到", tells_height=False),
    Plan((1.12, 1.08, 1.21), "符合准入"),
    Plan((1.00, 1.20, 1.20), "不符合", "亩均投资恰为250，未“超过”"),
    Plan((1.001, 1.001, 1.001), "符合准入", "三项都刚刚超过"),
    Plan((1.30, 0.92, 0.55), "不符合", "产值、税收不足"),
    Plan((0.60, 1.40, 1.10), "不符合", "投资不足，减少用地可达标"),
    Plan((1.25, 1.15, float("nan")), "资料不足", "税收空白"),
    Plan((1.20, 1.10, 1.05), "资料不足", "用地面积未定"),
    Plan((1.35, 1.22, 1.30), "符合准入", "用地写“2.4公顷”"),
    Plan((1.18, 1.16, 1.40), "符合准入", "投资存为文本，带千分位"),
    Plan((0.85, 0.80, 0.40), "不符合", "三项都不足"),
    Plan((1.22, 1.20, 1.25), "资料不足", "层高没有填报，容积率是否达到不定", 0.6, tells_height=False),
    Plan((1.20, 1.15, 1.30), "不符合", "只有容积率不足", 0.3),
)


def make_projects(rng: np.random.Generator) -> pd.DataFrame:
    """Return the rows of the table, with the columns ``answer`` and ``note`` that are no part of it."""
    groups = list(_PLACES)
    rows = []
    for number, plan in enumerate(PLANS):
        group = groups[int(rng.integers(len(groups)))]
        industry, word = INDUSTRIES[group][int(rng.integers(len(INDUSTRIES[group])))]
        land = 36.0 if "公顷" in plan.note else float(rng.integers(16, 60))
        money = [round(line * times * land, 2) for line, times in zip(PLAN, plan.yields, strict=True)]
        density = float(rng.uniform(0.75, 1.35))
        floor = round(land * 2000 / 3 * (plan.density or density), -1)
        brand = _BRANDS[number]
        rows.append(
            {
                "序号": number + 1,
                "项目名称": f"虚构{brand}{word}建设项目",
                "投资方": f"虚构{brand}{word}有限公司",
                "统一社会信用代码": credit_code(_FIRST_CODE + number) if number % 4 else None,
                "行业代码": industry,
                "拟用地面积(亩)": land,
                "供地方式": str(rng.choice(["出让", "弹性出让", "先租后让"])),
                "固定资产投资(万元)": money[0],
                "达产年产值(万元)": money[1],
                "达产年税收(万元)": None if money[2] != money[2] else money[2],
                "总建筑面积(㎡)": floor,
                "层高超过8米的建筑面积(㎡)": round(floor * float(rng.uniform(0.1, 0.3)), -1),
                "建筑占地面积(㎡)": round(floor * float(rng.uniform(0.42, 0.6)), -1),
                "行政办公及生活服务设施用地(㎡)": round(land * 2000 / 3 * float(rng.uniform(0.03, 0.06)), -1),
                "意向片区": str(rng.choice(_PLACES[group])),
                "达产年限(年)": int(rng.integers(2, 4)),
                "备注": None,
                "answer": plan.answer,
                "note": plan.note,
            }
            | ({} if plan.tells_height else {"层高超过8米的建筑面积(㎡)": None})
        )
    frame = pd.DataFrame(rows, columns=[*HEADERS, "answer", "note"], dtype=object)
    return _blemished(frame)


def _blemished(frame: pd.DataFrame) -> pd.DataFrame:
    """Write some cells as offices do, and one row twice."""
    result = frame.copy()
    for index, note in frame["note"].items():
        if "公顷" in note:
            result.loc[index, "拟用地面积(亩)"] = "2.4公顷"
        if "未定" in note:
            result.loc[index, "拟用地面积(亩)"] = "待定"
        if "千分位" in note:
            result.loc[index, "固定资产投资(万元)"] = f"{frame.loc[index, '固定资产投资(万元)']:,.2f}"
    again = result.iloc[[1]].assign(序号=len(result) + 1, note="与第2个项目完全相同（序号除外），只审查一次")
    return pd.concat([result, again], ignore_index=True)


def write_projects(path: Path, frame: pd.DataFrame) -> None:
    """Write ``招商项目表.xlsx``."""
    workbook = Workbook(path)
    sheet = workbook.book.add_worksheet("招商项目")
    title = "虚构洞口经开区拟准入项目表（虚构数据）"
    sheet.merge_range(0, 0, 0, len(HEADERS) - 1, title, workbook.title)
    end = workbook.write_table(sheet, 1, HEADERS, frame)
    sheet.write_string(end, 0, "备注：空白为未报，不是零。本表全部为虚构。", workbook.plain)
    sheet.freeze_panes(2, 2)
    workbook.book.close()


def described(frame: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Return name, planned answer and note of each project, for the README."""
    return [
        (row["项目名称"], row["answer"] if "完全相同" not in row["note"] else "—", row["note"])
        for _, row in frame.iterrows()
    ]
