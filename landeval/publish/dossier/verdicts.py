"""Rows of a dossier's tables: verdicts with line and clause, quotes, evidence, the calendar, the fee with its arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from landeval.publish.documents.paper import UNKNOWN
from landeval.publish.dossier.facts import text_for, unknown
from landeval.publish.labels import money_unit

ORDER = ("不达标", "无法判定", "达标")
NOT_APPLICABLE = "不适用"
Row = Mapping[str, Any]


def verdict_rows(findings: Sequence[Row]) -> tuple[tuple[tuple[str, ...], ...], list[str]]:
    """Return the rows of the rules that say something, what failed first, and the names of those that do not apply."""
    shown = [row for verdict in ORDER for row in findings if row["verdict"] == verdict]
    rows = tuple(
        (
            text_for(row, "rule_label"), _figure(row), line_of(row), str(row["verdict"]), text_for(row, "reason"),
            f"{text_for(row, 'document')}{text_for(row, 'clause')}", text_for(row, "basis"),
        )
        for row in shown
    )  # fmt: skip
    return rows, [text_for(row, "rule_label") for row in findings if row["verdict"] == NOT_APPLICABLE]


def _figure(row: Row) -> str:
    told = text_for(row, "value")
    unit = text_for(row, "measure_unit")
    return f"{told} {unit}".strip() if told else UNKNOWN


def line_of(row: Row) -> str:
    """Write the line that a figure is held against: 未知 where a rule has an operator and no figure for this parcel."""
    operator, line, unit = (text_for(row, name) for name in ("operator", "threshold", "measure_unit"))
    return " ".join(part for part in (operator, line, unit) if part) if line or not operator else UNKNOWN


def quote_rows(findings: Sequence[Row], rules: Mapping[str, Row]) -> tuple[tuple[str, ...], ...]:
    """Return clause, quote and how sure it is, of the rules that say something, each clause once."""
    told: dict[tuple[str, str], tuple[str, ...]] = {}
    for verdict in ORDER:
        for row in findings:
            rule = rules.get(str(row["rule_id"]))
            if row["verdict"] != verdict or rule is None or not text_for(rule, "quote"):
                continue
            clause = f"{text_for(rule, 'document')}{text_for(rule, 'clause')}"
            sure = "；".join(part for name in ("basis", "override") if (part := text_for(rule, name)))
            told.setdefault((clause, text_for(rule, "quote")), (clause, text_for(rule, "quote"), sure))
    return tuple(told.values())


def evidence_rows(findings: Sequence[Row]) -> tuple[tuple[str, ...], ...]:
    """Return where the figures of each rule stand, of the rules that say something."""
    shown = [row for verdict in ORDER for row in findings if row["verdict"] == verdict]
    return tuple((text_for(row, "rule_label"), text_for(row, "evidence") or "没有证据位置") for row in shown)


def agenda_rows(calendar: Sequence[Row]) -> tuple[tuple[str, ...], ...]:
    """Return the steps of a case and the days to watch."""
    return tuple(
        (
            text_for(row, "step_label"), text_for(row, "paper") or "—", text_for(row, "step_state"), _day(row),
            "；".join(part for name in ("due_basis", "step_note") if (part := text_for(row, name))),
            _cited(row),
        )
        for row in calendar
    )  # fmt: skip


def _day(row: Row) -> str:
    done, due = text_for(row, "done_on"), text_for(row, "due_on")
    if done:
        return f"{done} 办结"
    return f"{due} 到期" if due else "—"


def _cited(row: Row) -> str:
    clause, sure = text_for(row, "clause"), text_for(row, "basis")
    return f"{clause}（{sure}）" if clause and sure else clause


def fee_words(row: Row, rules: Mapping[str, Row], currency: str) -> str:
    """Write the fee with its arithmetic; why there is none where it is not known; nothing where none is due."""
    price, fee, unit = text_for(row, "price_wan_yuan"), text_for(row, "fee_wan_yuan"), money_unit(currency)
    rule = rules.get("idle.fee_rate")
    if not fee or rule is None:
        is_due = "闲置费" in text_for(row, "route")
        return f"不能测算：成交价款{unknown('price_wan_yuan')}" if is_due and not price else ""
    sure = text_for(rule, "basis")
    exact = text_for(row, "fee_yuan")
    told = f"{price} {unit} × {_percent(text_for(rule, 'value'))} = {fee} {unit}"
    more = f"（{exact} {currency}）" if exact else ""
    return f"{told}{more}；{text_for(rule, 'clause')}（{sure}）：{text_for(rule, 'quote')}；{text_for(rule, 'reading')}"


def _percent(value: str) -> str:
    """Write a rule's share in percent where it is exact.

    Examples
    --------
    >>> _percent("1/5"), _percent("1/3"), _percent("0.125")
    ('20%', '1/3', '12.5%')
    """
    share = Fraction(value) * 100
    return f"{float(share):g}%" if Fraction(f"{float(share):g}") == share else value
