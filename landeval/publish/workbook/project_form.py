"""``项目准入申报表.xlsx``: the blank form for proposed projects, read back by ``landeval admit``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landeval.publish.workbook.form import Form, write_form, write_notes
from landeval.publish.workbook.sheet import page, write_cell
from landeval.publish.workbook.styles import Styles

ROWS = 300
"""Rows prepared for filling in; more may be added below."""
SUPPLY = ("出让", "弹性出让", "先租后让", "租让结合", "长期租赁", "划拨", "其他")
_MOST_MESSAGE = 250
"""Excel takes 255 characters."""


@dataclass(frozen=True)
class Entry:
    """One column of the form: header with unit, width, what to write, an example, and how Excel checks it."""

    header: str
    width: float
    how: str
    example: str | float
    check: str = ""
    choices: Sequence[str] = ()


ENTRIES = (
    Entry("项目名称", 30, "必填。一行一个项目。", "【示例】虚构零部件项目"),
    Entry("投资主体", 26, "拟与园区签约的企业全称；尚未注册的写投资方。", "虚构示例机械有限公司"),
    Entry("统一社会信用代码", 22, "18 位；尚未注册的留空，不要写“办理中”。", "91430525XG99999981"),
    Entry("行业代码", 10, "国民经济行业分类（GB/T 4754-2017）小类代码，如 3484。", "3484"),
    Entry("拟用地面积(亩)", 13, "必填。只能写数；以公顷、㎡计的请改表头括号里的单位，或在数后写明单位。", 30.0, "number"),
    Entry("用地方式", 11, "从列表中选择。", "出让", "list", SUPPLY),
    Entry("固定资产投资(万元)", 15, "必填。厂房、设备和地价款，不含流动资金；不是总投资。", 9000.0, "number"),
    Entry("达产年产值(万元)", 15, "必填。达产当年的工业总产值，不是营业收入。", 10500.0, "number"),
    Entry("达产年税收(万元)", 15, "必填。达产当年入库税收，不含社保和代扣代缴的个人所得税。", 600.0, "number"),
    Entry("规划总建筑面积(㎡)", 15, "各层建筑面积之和，不加倍。", 22000.0, "number"),
    Entry("层高超过8米的建筑面积(㎡)", 15, "是总建筑面积的一部分，计算容积率时加倍；恰为 8 米的不算；没有的写 0，不知道的留空。", 4000.0, "number"),
    Entry("建筑占地面积(㎡)", 13, "建筑物基底面积之和。", 9500.0, "number"),
    Entry("行政办公及生活服务设施用地(㎡)", 16, "办公、宿舍、食堂等占用的土地面积。", 1200.0, "number"),
    Entry("产业集群/基地/社区", 22, "意向落户的位置，按三级布局填写，如 某某基地。", "虚构装备制造产业基地"),
    Entry("达产年限(年)", 9, "从动工到达产的年数。", 3.0, "number"),
    Entry("备注", 24, "其他需要说明的。", "本行是示例，不计入，可删除"),
)  # fmt: skip


def write_project_form(path: Path) -> Path:
    """Write the blank form; one that is there already is never overwritten.

    Raises
    ------
    ConfigurationError
        The name does not end in .xlsx.
    OutputError
        The file exists, or its folder cannot be written.
    """

    def fill(book: Any, styles: Styles) -> None:
        _write_form(book, styles)
        rest = (
            "空白 = 不知道，审查时按未知处理，不当作零。填好后运行：landeval admit 项目准入申报表.xlsx --out 准入结果",
            "名称以“【示例】”开头的行不计入；列可以调换次序、增加，表头和单位请勿改成别的意思。",
        )
        write_notes(book, styles, ((entry.header, entry.how) for entry in ENTRIES), rest)

    return write_form(path, Form("项目准入申报表"), fill)


def _write_form(book: Any, styles: Styles) -> None:
    sheet = book.add_worksheet("项目准入申报表")
    page(sheet, sheet_name="项目准入申报表")
    sheet.set_margins(left=0.4, right=0.4, top=1, bottom=0.6)
    sheet.set_header("&C&16项目准入申报表", {"margin": 0.5})
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.set_row(0, 48)
    for at, entry in enumerate(ENTRIES):  # the book keeps no row once the next is begun
        sheet.set_column(at, at, entry.width, styles.get(**_look(entry)))
        sheet.write_string(0, at, entry.header, styles.header())
        sheet.data_validation(1, at, ROWS, at, _check(entry))
    for at, entry in enumerate(ENTRIES):
        kind = "number" if entry.check == "number" else "text"
        grey = styles.body(kind, font_color="#7F7F7F", italic=True, **_look(entry))
        write_cell(sheet, 1, at, entry.example, grey)


def _look(entry: Entry) -> dict[str, Any]:
    return {"num_format": "#,##0.####" if entry.check == "number" else "@"}


def _check(entry: Entry) -> dict[str, Any]:
    told = {"input_title": entry.header.partition("(")[0][:32], "input_message": entry.how[:_MOST_MESSAGE]}
    if entry.check == "list":
        return told | {"validate": "list", "source": list(entry.choices), "error_type": "warning",
                       "error_title": "不在列表中", "error_message": "建议从列表中选择。"}  # fmt: skip
    if entry.check == "number":
        return told | {"validate": "decimal", "criteria": ">=", "value": 0, "error_type": "warning",
                       "error_title": "不是数", "error_message": "请填不小于零的数，不知道的留空。"}  # fmt: skip
    return told | {"validate": "any"}
