"""The rules of a day as a person reads them: by document, with clause and quote, what is unsure, what the bureau changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from fractions import Fraction

from landeval.standards.limit_tables import ANY_GRADE, INDICES, Table, shipped_tables
from landeval.standards.own import Added
from landeval.standards.rule import BASES, EFFECTS, IN_FORCE, KINDS, UNSURE, Rule
from landeval.standards.rules import Overrides, rulebook, shown, switched_off
from landeval.units import MU_PER_HECTARE

MARK = "※"
"""Stands before whatever a bureau must check before use."""


def listing(on: dt.date, overrides: Overrides, added: Added, tables: Sequence[Table] = ()) -> Iterator[str]:
    """Yield the lines of ``landeval rules``."""
    in_force = list(rulebook(on, overrides, added).values())
    off = list(switched_off(on, overrides, added))
    yield f"{on} 有效的规则 {len(in_force)} 条" + (f"，本单位停用 {len(off)} 条" if off else "") + "："
    touched = [rule for rule in (*in_force, *off) if rule.state != IN_FORCE]
    if touched:
        yield "\n本单位的改动：" + "、".join(f"{rule.rule_id}（{rule.state}）" for rule in touched)
    yield f"（{MARK} 未核实、建议稿或本单位动过的，使用前须由县自然资源局确认）"
    by_document: dict[str, list[Rule]] = {}
    for rule in (*in_force, *off):
        by_document.setdefault(rule.document, []).append(rule)
    for document, rules in by_document.items():
        yield f"\n━━ {document}　{len(rules)} 条"
        for rule in rules:
            yield from _rule(rule)
    for table in _in_force(on, tables):
        yield from _table(table, on)


def _rule(rule: Rule) -> Iterator[str]:
    line = f"{rule.operator} {shown(rule.value)} {rule.unit}".strip()
    mark = MARK if rule.basis in UNSURE or rule.state != IN_FORCE else ""
    state = "" if rule.state == IN_FORCE else f"【{rule.state}】"
    effect = f"{EFFECTS[rule.effect]}；" if rule.effect else ""
    yield (
        f"\n{mark}{state}{rule.rule_id}  {rule.label}：{line}"
        f"  ［{effect}{KINDS[rule.kind]}；{rule.scope}；{BASES[rule.basis]}］"
    )
    until = f"至 {rule.valid_to}" if rule.valid_to else "起"
    yield f"  {rule.clause}：“{rule.quote}”（{rule.valid_from} {until}）"
    if rule.reading:
        yield f"  读法：{rule.reading}"
    if rule.override:
        yield f"  {rule.override}"


def _in_force(on: dt.date, tables: Sequence[Table]) -> list[Table]:
    """Return the table of each index that is used on a day: the bureau's newest, else the shipped one."""
    used = []
    for index in INDICES:
        ours, shipped = ([table for table in group if table.index == index and table.is_in_force(on)]
                         for group in (tables, shipped_tables()))  # fmt: skip
        used += [max(found, key=lambda table: table.valid_from) for found in (ours or shipped,) if found]
    return used


def _table(table: Table, on: dt.date) -> Iterator[str]:
    """Yield a table of limits compactly: an industry a line, its basis marked where it is unsure."""
    yield f"\n━━ 附表：{INDICES[table.index]}下限　{table.document}（行业按 GB/T 4754-{table.code_year}）"
    if table.note:
        yield f"  {MARK}【本单位增加】{table.note}"
    if table.superseded and on.year >= table.superseded_in:
        yield f"  {MARK}{table.superseded}"
    spans: list[tuple[int, int]] = []
    if table.index != "plot_ratio":
        grades = sorted({grade for row in table.rows.values() for grade in row.limits})
        spans = _spans(table, grades)
        yield "  万元/公顷，土地等别：" + "｜".join(f"{a}–{b} 等" if a != b else f"{a} 等" for a, b in spans)
        yield f"  {MARK} 未核实的数"
    for code, row in table.rows.items():
        if spans:
            cells = [row.limits.get(first) for first, _ in spans]
            told = "｜".join(_cell(cell[0] * MU_PER_HECTARE, cell[1]) if cell else "—" for cell in cells)
        else:
            value, basis = row.limits[ANY_GRADE]
            told = _cell(value, basis)
        yield f"  {code} {row.name}：{told}"


def _cell(value: Fraction, basis: str) -> str:
    return f"{float(value):g}" + (MARK if basis in UNSURE else "")


def _spans(table: Table, grades: Sequence[int]) -> list[tuple[int, int]]:
    """Put grades together that have the same limit in every row."""
    result: list[tuple[int, int]] = []
    for grade in grades:
        same = result and all(
            row.limits.get(grade) == row.limits.get(result[-1][0]) for row in table.rows.values()
        )
        if same and result[-1][1] == grade - 1:
            result[-1] = (result[-1][0], grade)
        else:
            result.append((grade, grade))
    return result
