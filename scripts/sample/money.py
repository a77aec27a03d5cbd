"""The enterprise workbook: a sheet a year, with title, unit, total and note rows as offices make them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import xlsxwriter

from .firms import YEARS, Firm, is_above_scale

FIRST_ROW = 4  # of the data in a sheet, after title, unit and header
FIGURES = {
    "固定资产投资(累计)": "investment",
    "工业总产值": "output",
    "营业收入": "revenue",
    "入库税收": "tax",
    "工业增加值": "added",
    "研发费用": "research",
    "平均职工人数(人)": "staff",
    "综合能耗(吨标准煤)": "energy",
    "用电量(万千瓦时)": "electricity",
}
HEADERS = (
    *("企业名称", "统一社会信用代码", "曾用名", "行业代码", "是否规上", *FIGURES),
    *("生产状态", "停产日期", "投产日期", "所在宗地代码", "承租面积(㎡)"),
)
CREATED = datetime(2025, 1, 20, 9, 0, 0)


def sheet_row(firm: Firm, year: int) -> dict[str, object]:
    """Return one firm's row of one year, with the column ``firm`` that says whose it is."""
    figures = firm.figures[year]
    return {
        "firm": firm.name,
        "企业名称": firm.name,
        "统一社会信用代码": firm.code,
        "曾用名": firm.former_name,
        "行业代码": firm.industry_code,
        "是否规上": "是" if is_above_scale(firm, year) else "否",
        **{header: figures.get(name) for header, name in FIGURES.items()},
        "生产状态": firm.status if year == max(YEARS) or firm.status in ("在建", "未投产") else "正常",
        "停产日期": firm.stopped if year == max(YEARS) else None,
        "投产日期": firm.production,
        "所在宗地代码": firm.rented_parcel,
        "承租面积(㎡)": firm.rented_m2,
    }


def make_sheets(firms: Sequence[Firm]) -> dict[int, pd.DataFrame]:
    """Return the rows of each year, by industry code and name."""
    order = sorted(firms, key=lambda firm: (firm.industry_code, firm.name))
    return {
        year: pd.DataFrame(
            [sheet_row(firm, year) for firm in order if year in firm.figures],
            columns=["firm", *HEADERS],
            dtype=object,
        )
        for year in YEARS
    }


class Workbook:
    """An xlsx file with the same bytes every time, and the few cell formats of an office table."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False})
        self.book.set_properties({"title": "虚构样例数据", "author": "虚构", "created": CREATED})
        font = {"font_name": "宋体", "font_size": 10}
        self.title = self.book.add_format(font | {"font_size": 16, "bold": True, "align": "center"})
        self.plain = self.book.add_format(font)
        self.header = self.book.add_format(
            font | {"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"}
        )
        self.cell = self.book.add_format(font | {"border": 1})
        self.date = self.book.add_format(font | {"border": 1, "num_format": "yyyy-mm-dd"})

    def write_table(self, sheet: object, top: int, headers: Sequence[str], frame: pd.DataFrame) -> int:
        """Write a header and its rows from row ``top`` (counted from 0); return the row after the last."""
        for column, header in enumerate(headers):
            sheet.write_string(top, column, header, self.header)  # type: ignore[attr-defined]
            width = (
                30
                if header in ("企业名称", "受让人")
                else 22
                if header in ("宗地代码", "统一社会信用代码")
                else 12
            )
            sheet.set_column(column, column, width)  # type: ignore[attr-defined]
        for line, (_, row) in enumerate(frame.iterrows(), start=top + 1):
            for column, header in enumerate(headers):
                self._write(sheet, line, column, row[header])
        return top + 1 + len(frame)

    def _write(self, sheet: object, line: int, column: int, value: object) -> None:
        if value is None or value != value:
            sheet.write_blank(line, column, None, self.cell)  # type: ignore[attr-defined]
        elif isinstance(value, date):
            sheet.write_datetime(line, column, value, self.date)  # type: ignore[attr-defined]
        elif isinstance(value, str):
            sheet.write_string(line, column, value, self.cell)  # type: ignore[attr-defined]
        else:
            sheet.write_number(line, column, float(value), self.cell)  # type: ignore[attr-defined, arg-type]


def write_enterprises(path: Path, sheets: dict[int, pd.DataFrame]) -> None:
    """Write ``企业经营情况表.xlsx``."""
    workbook = Workbook(path)
    last = len(HEADERS) - 1
    for year, frame in sheets.items():
        sheet = workbook.book.add_worksheet(f"{year}年")
        title = f"虚构洞口经开区{year}年度规模工业企业经营情况表"
        sheet.merge_range(0, 0, 0, last, title, workbook.title)
        sheet.write_string(1, 0, "填报单位：虚构洞口经开区管委会（虚构数据）", workbook.plain)
        sheet.write_string(1, last - 1, "单位：万元", workbook.plain)
        end = workbook.write_table(sheet, 2, HEADERS, frame)
        sheet.write_string(end, 0, "合计", workbook.cell)
        for column, header in enumerate(HEADERS):
            if header in FIGURES:
                total = pd.to_numeric(frame[header], errors="coerce").sum()
                sheet.write_number(end, column, round(float(total), 2), workbook.cell)
        sheet.write_string(end + 1, 0, "填表人：虚构甲", workbook.plain)
        sheet.write_string(end + 1, 3, f"填报日期：{year + 1}年1月20日", workbook.plain)
        sheet.write_string(
            end + 2, 0, "备注：固定资产投资为累计数；空白为未报，不是零。本表全部为虚构。", workbook.plain
        )
        sheet.freeze_panes(3, 1)
    workbook.book.close()


def write_ledger(path: Path, headers: Sequence[str], frame: pd.DataFrame) -> None:
    """Write ``供地台账.xlsx``."""
    workbook = Workbook(path)
    sheet = workbook.book.add_worksheet("供地台账")
    title = "虚构洞口经开区土地供应台账（截至2024年12月31日，虚构数据）"
    sheet.merge_range(0, 0, 0, len(headers) - 1, title, workbook.title)
    workbook.write_table(sheet, 1, headers, frame)
    sheet.freeze_panes(2, 2)
    workbook.book.close()
