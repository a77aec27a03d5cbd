"""The 依据 sheet: targets as parameters, then every rule in force with clause, quote and how sure it is."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd

from landeval.publish.cells import cells, clean
from landeval.publish.labels import label_of
from landeval.publish.workbook.sheet import Column, header_of, lines, page, write_cell
from landeval.publish.workbook.styles import UNSURE, Styles
from landeval.result import RATIOS
from landeval.standards.rule import BASES, KINDS, OFF

NAME = "依据"
NOT_SURE = frozenset({BASES["unverified"], BASES["proposal"]})
_TARGET = KINDS["target"]
_PARAMETERS = 8  # the first columns of the rules, up to their kind
_FIRST_PARAMETER = 3
_COLUMNS = (
    Column("rule_id", 22, wrap=True),
    Column("rule_label", 24, wrap=True),
    Column("quantity", 20, wrap=True),
    Column("operator", 6),
    Column("value", 22, wrap=True, label="标准值"),
    Column("measure_unit", 13, wrap=True),
    Column("scope", 16, wrap=True),
    Column("rule_kind", 8),
    Column("document", 34, wrap=True),
    Column("clause", 14, wrap=True),
    Column("quote", 52, wrap=True),
    Column("reading", 40, wrap=True),
    Column("basis", 14, wrap=True),
    Column("checked_on", 11),
    Column("rule_state", 12, wrap=True),
    Column("override", 30, wrap=True),
)


def park_targets(rules: pd.DataFrame) -> pd.DataFrame:
    """Return the target rules of the three ratios, one row a ratio, in the order of ``RATIOS``."""
    if rules.empty or "quantity" not in rules.columns:
        return rules.iloc[:0]
    if "rule_state" in rules.columns:
        rules = rules[rules["rule_state"] != OFF]
    numeric = rules["value"].map(lambda text: number_in(text) is not None)
    found = rules[rules["quantity"].isin(RATIOS) & (rules["rule_kind"] == _TARGET) & numeric]
    first = found.drop_duplicates("quantity").set_index("quantity", drop=False)
    return first.loc[[ratio for ratio in RATIOS if ratio in first.index]]


def number_in(value: Any) -> float | None:
    """Return the number that a rule's value is, or None.

    Examples
    --------
    >>> number_in("15"), number_in("1/2"), number_in("协议收回")
    (15.0, 0.5, None)
    """
    try:
        return float(Fraction(str(value)))
    except (ValueError, ZeroDivisionError):
        return None


def target_addresses(rules: pd.DataFrame) -> dict[str, str]:
    """Return ratio → operator and absolute address of its target on the 依据 sheet.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"quantity": "tax_wan_yuan_per_mu", "rule_kind": "目标", "operator": ">", "value": "15"}
    >>> target_addresses(pd.DataFrame([row]))
    {'tax_wan_yuan_per_mu': '> 依据!$E$4'}
    """
    targets = park_targets(rules)
    return {
        str(row["quantity"]): f"{row['operator']} {NAME}!$E${_FIRST_PARAMETER + 1 + number}"
        for number, (_, row) in enumerate(targets.iterrows())
    }


def unsure_rules(rules: pd.DataFrame) -> pd.DataFrame:
    """Return the rules that rest on no document or on an unchecked one, or that the bureau changed."""
    if rules.empty or "basis" not in rules.columns:
        return rules.iloc[:0]
    changed = (
        rules["override"].map(lambda text: isinstance(text, str) and bool(text))
        if "override" in rules
        else False
    )
    return rules[rules["basis"].isin(NOT_SURE) | changed]


def low_use_standard(rules: pd.DataFrame) -> str:
    """Say how sure the standard of low-use land is: a proposal, the bureau's documents, or some of each.

    Examples
    --------
    >>> import pandas as pd
    >>> rules = pd.DataFrame({"rule_id": ["lowuse.tax", "lowuse.unused"], "basis": ["见原文", "建议稿，无文件依据"]})
    >>> low_use_standard(rules[1:]), low_use_standard(rules[:1]), low_use_standard(rules)
    ('低效标准为建议稿', '低效标准依本单位的文件', '低效标准有的依本单位的文件，其余为建议稿')
    """
    if not {"rule_id", "basis"} <= set(rules.columns):
        return "低效标准为建议稿"
    in_use = rules["rule_state"] != OFF if "rule_state" in rules else True
    used = rules[rules["rule_id"].astype(str).str.startswith("lowuse.") & in_use]
    drafts = used["basis"].isin(NOT_SURE)
    if len(used) and not drafts.any():
        return "低效标准依本单位的文件"
    return "低效标准为建议稿" if drafts.all() else "低效标准有的依本单位的文件，其余为建议稿"


def write_sources(book: Any, styles: Styles, rules: pd.DataFrame, *, currency: str) -> None:
    """Write the parameters and the rules."""
    sheet = book.add_worksheet(NAME)
    page(sheet, sheet_name=NAME)
    for position, column in enumerate(_COLUMNS):
        sheet.set_column(position, position, column.width)
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, "评价依据", styles.title())
    note = "一、参数：各表亩均列的颜色以此处为准；在此改动只改颜色，改评价结论须在设置中改后重新运行：参数表的“规则 编号”一节（landeval.toml 的 [rules]）"
    sheet.write_string(1, 0, note, styles.note())
    _write_parameters(sheet, styles, park_targets(rules), currency)
    _write_rules(sheet, styles, rules, currency)


def _write_parameters(sheet: Any, styles: Styles, targets: pd.DataFrame, currency: str) -> None:
    shown = _COLUMNS[:_PARAMETERS]
    for position, column in enumerate(shown):
        sheet.write_string(2, position, header_of(column, currency), styles.header())
    for number, (_, rule) in enumerate(targets.iterrows()):
        row = _FIRST_PARAMETER + number
        for position, column in enumerate(shown):
            if column.name == "value":
                form = styles.body("number", num_format="0.####", bold=True, align="left")
                sheet.write_number(row, position, number_in(rule["value"]) or 0.0, form)
                continue
            text = (
                label_of(str(rule["quantity"]), currency) if column.name == "quantity" else rule[column.name]
            )
            sheet.write_string(row, position, clean(str(text)), styles.body("text"))


def _write_rules(sheet: Any, styles: Styles, rules: pd.DataFrame, currency: str) -> None:
    top = _FIRST_PARAMETER + len(RATIOS) + 1
    note = "二、规则：橙色底为尚无文件依据、未核实或本单位改动过的规则，使用前须由县自然资源局确认"
    sheet.write_string(top, 0, note, styles.note())
    sheet.set_row(top + 1, 24)
    for position, column in enumerate(_COLUMNS):
        sheet.write_string(top + 1, position, header_of(column, currency), styles.header())
    sheet.freeze_panes(0, 2)
    unsure = set(unsure_rules(rules).index)
    values = {
        column.name: cells(rules[column.name], "text") for column in _COLUMNS if column.name in rules.columns
    }
    if "quantity" in values:
        values["quantity"] = [label_of(str(name), currency) for name in values["quantity"]]
    for number, index in enumerate(rules.index):
        row, height = top + 2 + number, 1
        for column in _COLUMNS:
            value = values[column.name][number] if column.name in values else None
            if column.wrap and isinstance(value, str):
                height = max(height, lines(value, column.width))
        sheet.set_row(row, 4 + 13.5 * height)
        for position, column in enumerate(_COLUMNS):
            value = values[column.name][number] if column.name in values else None
            look: dict[str, Any] = {"bg_color": UNSURE} if index in unsure else {}
            kind = "date" if column.name == "checked_on" else "text"
            write_cell(sheet, row, position, value, styles.body(kind, wrap=column.wrap, **look))
    if len(rules):
        sheet.autofilter(top + 1, 0, top + 1 + len(rules), len(_COLUMNS) - 1)
