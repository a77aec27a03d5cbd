"""The made-up table of actuals for the targets board: some ahead, some behind, one missing, and the slips of an office table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from .money import Workbook

HEADERS = ("序号", "指标", "对象", "年份", "数值", "单位", "来源单位", "完成日期", "进展说明")
YEARS = (2020, 2021, 2022, 2023, 2024)
_PARK, _LEADING, _SPECIAL = "园区", "先进装备制造", "农副产品加工"
_SERIES: tuple[tuple[str, str, str, str, tuple[float | str | None, ...]], ...] = (
    ("技工贸总收入", _PARK, "亿元", "虚构县统计局", (152.6, 181.3, 214.9, 262.5, 322.8)),
    ("全口径税收收入", _PARK, "万元", "虚构县税务局", (52800, 56900, 60400, 66100, 71200)),
    ("新增规模工业企业", _PARK, "家", "虚构县统计局", (None, 22, 24, 19, 23)),
    ("内联引资", _PARK, "亿元", "虚构县商务局", (28.4, 33.1, 38.6, 43.2, 48.9)),
    ("新增实际使用外资额", _PARK, "万美元", "虚构县商务局", (168, 201, 236, 262, 289)),
    ("进出口总额", _PARK, "亿美元", "虚构县商务局", (0.71, 0.84, 0.98, 1.13, 1.34)),
    ("研发经费占生产总值比重", _PARK, "%", "虚构县科工局", (1.62, 1.88, 2.15, 2.39, 2.71)),
    ("高新技术产业营业收入占比", _PARK, "%", "虚构县科工局", (33.4, 35.2, 37.9, 39.1, 40.6)),
    ("新引进、新培育高新技术企业", _PARK, "家", "虚构县科工局", (None, 9, 11, None, 12)),
    ("新增省级及以上研发机构", _PARK, "个", "虚构县科工局", (None, 1, 2, 1, 1)),
    ("营业收入占比", _LEADING, "%", "虚构县统计局", (29.5, 31.0, 32.1, 33.4, 34.6)),
    ("营业收入占比", _SPECIAL, "%", "虚构县统计局", (17.9, 19.6, 22.8, 25.9, 28.7)),
    ("产值", _LEADING, "亿元", "虚构县统计局", (78.2, 92.5, 110.4, 133.6, 160.1)),
    ("产值", _SPECIAL, "亿元", "虚构县统计局", (61.3, 66.8, 71.0, 76.4, 82.7)),
    ("单位工业增加值能耗", _PARK, "吨标准煤/万元", "虚构县统计局", (0.482, 0.478, 0.471, 0.466, 0.459)),
    ("新增公共服务平台", _PARK, "个", "虚构洞口经开区管委会", (None, 2, 3, 1, 2)),
    ("一网通办率", _PARK, "%", "虚构县行政审批局", (62, 74, 81, 92, 93)),
    ("全省省级及以上园区综合排名", _PARK, "名", "虚构洞口经开区管委会", (58, 55, 47, 41, 36)),
    ("沪深IPO上市企业", _PARK, "家", "虚构县金融服务中心", (None, 0, 0, 0, 0)),
    ("新增建设用地指标用于园区工业项目的比例", "全县", "%", "虚构县自然资源局", (None, 46, 52, 55, 51.5)),
)


def make_actuals() -> pd.DataFrame:
    """Return the rows of the table, and in ``told`` what is odd about one."""
    rows: list[dict[str, object]] = []
    for name, whose, unit, office, values in _SERIES:
        for year, value in zip(YEARS, values, strict=True):
            if value is not None or year > YEARS[0]:
                rows.append(
                    {
                        "指标": name,
                        "对象": whose,
                        "年份": year,
                        "数值": value,
                        "单位": unit,
                        "来源单位": office,
                    }
                )
    rows.append({"指标": "调区扩区", "对象": _PARK, "年份": 2022, "数值": 1, "单位": "项", "来源单位": "虚构县自然资源局",
                 "完成日期": pd.Timestamp("2022-03-18").date(), "进展说明": "虚构：扩区方案获批"})  # fmt: skip
    rows.append({"指标": "闲置土地清理处置、低效用地评估", "对象": _PARK, "年份": 2024, "来源单位": "虚构县自然资源局",
                 "进展说明": "虚构：已完成全园区低效用地评估一轮"})  # fmt: skip
    frame = pd.DataFrame(rows, columns=[*HEADERS[:-2], *HEADERS[-2:]], dtype=object)
    return _blemished(frame)


def _blemished(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave a conflict, a figure without a unit, a share that can be read in two ways and an indicator of no plan."""
    odd = [
        ("内联引资", _PARK, 2023, 44.8, "亿元", "同一指标、年份另有一行 43.2，都不采用"),
        ("土地节约集约利用指数", _PARK, 2023, 0.93, "%", "0.93 和“%”放在一起，分不清是 93% 还是 0.93%"),
        ("进出口总额", "全县", 2024, 2.05, None, "没有单位"),
        ("财政总收入", _PARK, 2024, 15.2, "亿元", "方案没有这个目标"),
    ]
    extra = pd.DataFrame(
        [
            {"指标": name, "对象": whose, "年份": year, "数值": value, "单位": unit, "told": told}
            for name, whose, year, value, unit, told in odd
        ]
    )
    table = pd.concat([frame, extra], ignore_index=True).astype(object)
    table["序号"] = range(1, len(table) + 1)
    return table.where(table.notna(), None)


def write_actuals(path: Path, frame: pd.DataFrame) -> None:
    """Write ``指标实绩表.xlsx``."""
    workbook = Workbook(path)
    sheet = workbook.book.add_worksheet("指标实绩")
    title = "虚构洞口经济开发区“五好”园区指标实绩表（全部为虚构数据）"
    sheet.merge_range(0, 0, 0, len(HEADERS) - 1, title, workbook.title)
    end = workbook.write_table(sheet, 1, HEADERS, frame)
    sheet.write_string(end, 0, "备注：空白为未知，不是零。本表全部为虚构。", workbook.plain)
    for name, width in (("指标", 40), ("对象", 16), ("单位", 14), ("来源单位", 22), ("进展说明", 36)):
        sheet.set_column(HEADERS.index(name), HEADERS.index(name), width)
    sheet.freeze_panes(2, 2)
    workbook.book.close()


def notes(frame: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Return the planted slips, for the README."""
    odd = frame[frame["told"].notna()]
    return [
        ("指标实绩", f"指标实绩表.xlsx 第{index + 3}行「{row['指标']}」", str(row["told"]))
        for index, row in odd.iterrows()
    ]
