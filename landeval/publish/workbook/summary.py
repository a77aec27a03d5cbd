"""The 汇总 sheet: what was found, on one page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from landeval.issues import counts_told
from landeval.publish.cells import Cell, amount, cell, cells, clean, text_of
from landeval.publish.frames import candidates, filled, flags, open_questions, park_row
from landeval.publish.labels import label_of, money_unit
from landeval.publish.land import known_sum, land_words
from landeval.publish.map.palette import LOOKS
from landeval.publish.reviews import QUESTIONS
from landeval.publish.workbook.lists import LOW_USE, WATCH
from landeval.publish.workbook.sheet import agrees, lines, page, write_cell, write_ratio
from landeval.publish.workbook.short import ALL, PARCELS, is_short
from landeval.publish.workbook.sources import park_targets, unsure_rules
from landeval.publish.workbook.styles import Styles
from landeval.result import IDLE, MONEY, RATIOS, Result
from landeval.units import fixed

_WIDTHS = (26, 13, 15, 13, 17, 21)
_SHEETS = {
    **dict.fromkeys(IDLE, "闲置"),
    **dict.fromkeys(LOW_USE, "低效"),
    **dict.fromkeys(WATCH, "关注与预警"),
    "资料不足": QUESTIONS,
    "豁免": "豁免",
}
_TOTAL = sum(_WIDTHS)
FAILED = "不达标"
_MOST_LINES = 10
"""Of a paragraph in one row; a page breaks between rows only."""


def cut(text: str) -> list[str]:
    """Cut a text that no row is tall enough for, after marks of enumeration: Excel shows 409 points of a row at most.

    Examples
    --------
    >>> [len(part) for part in cut("甲、" * 600)], cut("甲")
    ([486, 486, 228], ['甲'])
    """
    parts = [""]
    for piece in re.findall("[^、；。]*[、；。]?", text):
        if lines(parts[-1] + piece, _TOTAL) > _MOST_LINES and parts[-1]:
            parts.append("")
        parts[-1] += piece
    return parts


class _Writer:
    """The next free row of the page."""

    def __init__(self, sheet: Any, styles: Styles) -> None:
        self.sheet, self.styles, self.row = sheet, styles, 0

    def heading(self, text: str) -> None:
        self.row += 1
        self.sheet.set_row(self.row, 22)
        self.sheet.write_string(self.row, 0, text, self.styles.title(11))
        self.row += 1

    def header(self, texts: tuple[str, ...]) -> None:
        tallest = max(lines(text, width) for text, width in zip(texts, _WIDTHS, strict=False))
        self.sheet.set_row(self.row, 6 + 13.5 * tallest)
        for position, text in enumerate(texts):
            self.sheet.write_string(self.row, position, text, self.styles.header())
        self.row += 1

    def values(self, values: tuple[tuple[Cell, Any], ...]) -> None:
        for position, (value, form) in enumerate(values):
            write_cell(self.sheet, self.row, position, value, form)
        self.row += 1

    def lead_to(self, sheet: str) -> None:
        """Make the last cell of the row just written lead to a sheet."""
        form = self.styles.link()
        self.sheet.write_url(self.row - 1, len(_WIDTHS) - 1, f"internal:'{sheet}'!A1", form, sheet)

    def paragraph(self, text: str) -> None:
        for words in cut(clean(text)):
            self._row_of(words)

    def _row_of(self, words: str) -> None:
        self.sheet.set_row(self.row, 4 + 14.5 * lines(words, _TOTAL * 1.06))
        form = self.styles.get(text_wrap=True, valign="top")
        self.sheet.merge_range(self.row, 0, self.row, len(_WIDTHS) - 1, "", form)
        self.sheet.write_string(self.row, 0, words, form)
        self.row += 1


def write_summary(book: Any, styles: Styles, result: Result, table: pd.DataFrame) -> None:
    """Write the summary; ``table`` is a ``frames.parcel_table``."""
    sheet = book.add_worksheet("汇总")
    page(sheet, sheet_name="汇总", small=True)
    for position, width in enumerate(_WIDTHS):
        sheet.set_column(position, position, width)
    writer = _Writer(sheet, styles)
    _write_top(writer, result, table)
    _write_classes(writer, table)
    _write_park(writer, result)
    writer.heading("三、需要注意")
    for number, text in enumerate(attention(result, table), start=1):
        writer.paragraph(f"{number}. {text}")
    writer.heading("四、说明")
    for text in notes(result):
        writer.paragraph(f"· {text}")


def _write_top(writer: _Writer, result: Result, table: pd.DataFrame) -> None:
    writer.sheet.set_row(0, 30)
    writer.sheet.write_string(0, 0, clean(f"{result.title}　处置候选清单"), writer.styles.title(16))
    year = f"{result.year} 年" if result.year is not None else "未指定"
    dates = f"数据年度：{year}　　评价基准日：{result.as_of.isoformat()}"
    text = f"{dates}　　宗地 {len(table)} 宗，{_land(table)}"
    writer.sheet.write_string(1, 0, text, writer.styles.note())
    writer.row = 1


def _area(table: pd.DataFrame) -> float:
    return known_sum(table["area_mu"])


def _land(table: pd.DataFrame) -> str:
    told = land_words(table["area_mu"])
    return told if told.startswith("面积") else f"评价面积 {told}"


def _write_classes(writer: _Writer, table: pd.DataFrame) -> None:
    writer.heading("一、各类宗地")
    writer.header(("评价结论", "宗数", "面积(亩)", "面积占比", "其中面积未知(宗)", "见工作表"))
    body, whole = writer.styles.body, _area(table)
    everywhere = PARCELS if is_short(table) else ALL
    for look in LOOKS:
        found = table[table["status"] == look.name]
        where = _SHEETS.get(look.name, everywhere)
        writer.values(_class_row(look.name, found, whole, where, writer.styles))
        if where != PARCELS:
            writer.lead_to(where)
    total = len(table)
    bold: dict[str, Any] = {"bold": True, "bg_color": "#F2F2F2"}
    writer.values(
        (
            ("合计", body("text", align="center", **bold)),
            (total, body("integer", **bold)),
            (cell(whole, "area"), body("area", **bold)),
            (1.0 if whole > 0 else None, body("share", **bold)),
            (int(table["area_mu"].isna().sum()), body("integer", **bold)),
            (everywhere, body("text", align="center", **bold)),
        )
    )


def _class_row(
    name: str, found: pd.DataFrame, whole: float, where: str, styles: Styles
) -> tuple[tuple[Cell, Any], ...]:
    return (
        (name, styles.status(name)),
        (len(found), styles.body("integer")),
        (cell(_area(found), "area"), styles.body("area")),
        (cell(_area(found) / whole, "share") if whole > 0 else None, styles.body("share")),
        (int(found["area_mu"].isna().sum()), styles.body("integer")),
        (where, styles.body("text", align="center")),
    )


def _write_park(writer: _Writer, result: Result) -> None:
    writer.heading("二、园区亩均指标")
    row = park_row(result)
    if row is None:
        writer.paragraph("没有园区汇总数据。")
        return
    writer.header(("指标", "园区", "县方案目标(新增)", "合计金额", "有该项数据的面积(亩)", "占评价面积"))
    targets = park_targets(result.rules)
    body = writer.styles.body
    whole = cell(row.get("area_mu"), "area")
    for money, ratio in zip(MONEY, RATIOS, strict=True):
        rule = targets.loc[ratio] if ratio in targets.index else None
        land = cell(row.get(f"area_known_{money.removesuffix('_wan_yuan')}_mu"), "area")
        total, found = cell(row.get(money), "money"), cell(row.get(ratio), "per_mu")
        has_both = isinstance(land, int | float) and isinstance(whole, int | float) and whole
        writer.values(
            (
                (label_of(ratio, result.currency), body("text")),
                (found, body("per_mu", bold=True)),
                (
                    None if rule is None else f"{rule['operator']} {rule['value']}",
                    body("text", align="right"),
                ),
                (total, body("money")),
                (land, body("area")),
                (cell(land / whole, "share") if has_both else None, body("share")),  # type: ignore[operator]
            )
        )
        if agrees(found, total, land):  # live, over the two columns to its right
            write_ratio(writer.sheet, (writer.row - 1, 1), found, body("per_mu", bold=True), 3, 4)


def attention(result: Result, table: pd.DataFrame) -> Iterator[str]:
    """Yield what somebody should look at, a sentence each."""
    if remark := str(result.meta.get("remark") or ""):
        yield remark
    chosen = candidates(table)
    yield (
        f"处置候选 {len(chosen)} 宗，{_land(chosen)}，按处置顺序见“处置候选”。"
        + _deadline(chosen, result.as_of)
    )
    if fees := [value for value in cells(chosen["fee_wan_yuan"]) if isinstance(value, float)]:
        yield f"土地闲置费测算 {len(fees)} 宗共 {fixed(sum(fees))} {money_unit(result.currency)}；是否征缴须先调查认定并经批准。"
    asked = open_questions(table)
    if len(asked):
        unknown = int((asked["status"] == "资料不足").sum())
        doubted = int(((asked["status"] != "资料不足") & filled(asked, "questions")).sum())
        short = len(asked) - unknown - doubted
        parts = [f"{doubted} 宗带有待核问题"] if doubted else []
        parts += [f"{short} 宗缺个别资料"] if short else []
        more = f"，另有 {'、'.join(parts)}" if parts else ""
        yield f"资料不足 {unknown} 宗{more}，所缺资料及掌握单位见“待核实”。"
    yield from _problems(result)
    yield from _unmatched(result)
    straddling = int(flags(table, "is_straddling").sum())
    if straddling:
        yield f"{straddling} 宗地跨分区，按重叠最大的分区计入，请核对分区界线。"


def _deadline(chosen: pd.DataFrame, as_of: dt.date) -> str:
    if "next_deadline" not in chosen.columns:
        return ""
    days = [value for value in cells(chosen["next_deadline"]) if isinstance(value, dt.date)]
    late = sum(day < as_of for day in days)
    coming = [day for day in days if day >= as_of]
    told = f"其中 {late} 宗的下一步已逾期，见“办理日程”。" if late else ""
    if coming:
        first = min(coming)
        told += f"最近的办理期限是 {first.isoformat()}（{coming.count(first)} 宗）。"
    return told


def _problems(result: Result) -> Iterator[str]:
    issues = result.issues
    if len(issues):
        yield f"数据问题：{counts_told(issues)}，改正办法见“数据问题”。"


def _unmatched(result: Result) -> Iterator[str]:
    ledger = result.ledger
    if not {"quantity", "input_total", "unmatched", "excluded"} <= set(ledger.columns):
        return
    current = ledger[(ledger["year"] == result.year) & ledger["quantity"].isin(MONEY)]
    for row in current.to_dict("records"):
        unmatched, excluded, again = (
            amount(row.get(name)) or 0.0 for name in ("unmatched", "excluded", "repeated")
        )
        lost = (("未匹配到宗地", unmatched), ("已排除", round(excluded - again, 6)))
        if any(value for _, value in lost):
            year = text_of(cell(row.get("year"), "year"))
            what = label_of(str(row["quantity"]), result.currency)
            outside = "，".join(f"{name} {_money(value)}" for name, value in lost if value)
            copies = f"（重复的行 {_money(again)} 不在内，同一个数已计一次）" if again else ""
            yield f"{year} 年{what}：{outside}，未计入任何宗地{copies}，见“对账”。"


def _money(value: float) -> str:
    """Write an amount with two decimals, one that they would make 0.00 with more.

    Examples
    --------
    >>> _money(1234.5), _money(-0.0012)
    ('1,234.50', '-0.0012')
    """
    text = fixed(value)
    return text if text.strip("-0.,") else f"{value:.6f}".rstrip("0")


def notes(result: Result, *, names_rules: bool = True) -> Iterator[str]:
    """Yield what must be known to read the outputs; of the rules that are not sure their number, by name those that count."""
    yield "“涉嫌闲置”是根据台账的初步判断；出具《闲置土地认定书》之后才是闲置土地。"
    yield "处置途径、费用和期限均为建议。"
    yield "空白表示未知，不按零处理；资料不足的宗地既不算达标，也不算低效。"
    yield "亩均 = Σ金额 ÷ Σ面积；1 亩 = 2000/3 平方米。县方案目标针对新增工业用地，对存量宗地仅作对标参考。"
    unsure = unsure_rules(result.rules)
    if len(unsure):
        told = f"{len(unsure)} 条规则尚无文件依据、未核实或经本单位改动，使用前须确认（见“依据”橙色行）"
        yield told + (_that_count(unsure, result) if names_rules else "") + "。"
    yield "每个数都可由 tables 文件夹中的表格重算；本次运行的输入文件、设置和软件版本见 run.json。"


def _that_count(unsure: pd.DataFrame, result: Result) -> str:
    """Name the rules that are not sure and that land fails in this run, and those that the bureau changed."""
    failed = set(result.findings["rule_id"][result.findings["verdict"] == FAILED])
    rows = unsure.to_dict("records")
    own = [row for row in rows if _is_changed(row)]
    hit = [row for row in rows if not _is_changed(row) and row["rule_id"] in failed]
    return "".join(
        f"；其中{what} {len(some)} 条：" + "、".join(f"{row['rule_label']}（{_doubt(row)}）" for row in some)
        for what, some in (("本次有宗地不达标的", hit), ("经本单位改动的", own))
        if some
    )


def _doubt(row: Any) -> str:
    return str(row["rule_state"]) if _is_changed(row) else str(row["basis"]).split("，")[0]


def _is_changed(row: Any) -> bool:
    override = row.get("override")
    return isinstance(override, str) and bool(override)
