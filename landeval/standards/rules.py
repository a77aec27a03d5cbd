"""Load ``*.toml`` of this folder strictly into dated, cited rules; apply a bureau's overrides openly."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from landeval.errors import ConfigurationError

if TYPE_CHECKING:
    import pandas as pd

OPERATORS = (">", ">=", "<", "<=", "=")
KINDS = {"target": "目标", "admission": "准入", "statutory": "法定", "reference": "参考", "proposal": "建议"}
BASES = {
    "seen": "见原文",
    "general knowledge": "据通行文本",
    "unverified": "未核实",
    "proposal": "建议稿，无文件依据",
}
_DOCUMENT_KEYS = {"id", "title", "number", "issuer", "issued_on"}
_REQUIRED = {
    "label", "quantity", "operator", "value", "unit", "decimals", "scope", "kind", "from", "clause", "quote",
    "reading", "basis", "checked_on",
}  # fmt: skip
_OPTIONAL = {"to", "contract_quantity", "reference_rule", "years"}
_OVERRIDABLE = {"value", "operator", "unit", "decimals", "scope", "reason", "who", "when"}


@dataclass(frozen=True)
class Rule:
    """One rule: a threshold with its operator, scope, clause and quote, and how sure it is.

    ``value`` is exact: a Fraction for numbers, text for routes. ``override`` is empty, or tells what a
    bureau changed, why, who and when.
    """

    rule_id: str
    label: str
    quantity: str
    operator: str
    value: Fraction | str
    unit: str
    decimals: int
    scope: str
    kind: str
    valid_from: dt.date
    valid_to: dt.date | None
    document: str
    clause: str
    quote: str
    reading: str
    basis: str
    checked_on: dt.date
    contract_quantity: str = ""
    reference_rule: str = ""
    years: int = 1
    override: str = ""

    @property
    def number(self) -> Fraction:
        """The value as an exact number.

        Raises
        ------
        ConfigurationError
            The rule's value is a text.
        """
        if isinstance(self.value, str):
            raise ConfigurationError(f"规则 {self.rule_id} 的值不是数：{self.value}", code="E601")
        return self.value

    @property
    def whole(self) -> int:
        """The value as a whole number (years, days, items).

        Raises
        ------
        ConfigurationError
            The rule's value is not whole.
        """
        if self.number.denominator != 1:
            raise ConfigurationError(
                f"规则 {self.rule_id} 的值须为整数：{shown(self.number)}", remedy="请改正", code="E601"
            )
        return int(self.number)

    @property
    def citation(self) -> str:
        """Document and clause, as printed beside a verdict."""
        return f"{self.document}{self.clause}"

    @property
    def caveat(self) -> str:
        """What must be printed beside a result of this rule; empty for seen text that nobody changed."""
        parts = [BASES[self.basis]] if self.basis in ("unverified", "proposal") else []
        return "；".join(parts + ([self.override] if self.override else []))


def number_of(value: Any) -> Fraction | str:
    """Read an exact number from TOML: an integer, a decimal or a fraction written as text.

    Examples
    --------
    >>> number_of(15), number_of(7.5), number_of("1/3"), number_of("协议收回")
    (Fraction(15, 1), Fraction(15, 2), Fraction(1, 3), '协议收回')
    """
    if isinstance(value, bool):
        raise ValueError("是/否不是数")
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, float):
        return Fraction(str(value))
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        return str(value)


def _read(text: str, name: str) -> list[Rule]:
    raw = tomllib.loads(text)
    document = raw.pop("document")
    if set(document) != _DOCUMENT_KEYS or set(raw) != {"rule"}:
        raise ValueError(
            f"{name}: [document] needs exactly {sorted(_DOCUMENT_KEYS)}, beside it only [rule.*]"
        )
    rules = []
    for key, body in raw["rule"].items():
        missing, unknown = _REQUIRED - set(body), set(body) - _REQUIRED - _OPTIONAL
        if missing or unknown:
            raise ValueError(f"{name}: rule {key}: missing {sorted(missing)}, unknown {sorted(unknown)}")
        if body["operator"] not in OPERATORS or body["kind"] not in KINDS or body["basis"] not in BASES:
            raise ValueError(f"{name}: rule {key}: operator, kind or basis not known")
        if not body["label"] or not body["quote"]:
            raise ValueError(f"{name}: rule {key}: label and quote must be given")
        rules.append(
            Rule(
                rule_id=f"{document['id']}.{key}",
                label=body["label"],
                quantity=body["quantity"],
                operator=body["operator"],
                value=number_of(body["value"]),
                unit=body["unit"],
                decimals=body["decimals"],
                scope=body["scope"],
                kind=body["kind"],
                valid_from=body["from"],
                valid_to=body.get("to"),
                document=f"《{document['title']}》（{document['number']}）",
                clause=body["clause"],
                quote=body["quote"],
                reading=body["reading"],
                basis=body["basis"],
                checked_on=body["checked_on"],
                contract_quantity=body.get("contract_quantity", ""),
                reference_rule=body.get("reference_rule", ""),
                years=body.get("years", 1),
            )
        )
    return rules


@cache
def shipped() -> dict[str, Rule]:
    """Every rule that landeval ships, by id.

    Raises
    ------
    ValueError
        A rule file with a missing or unknown key, or two rules of one id.
    """
    result: dict[str, Rule] = {}
    for path in sorted(files(__package__).iterdir(), key=lambda item: item.name):
        if not path.name.endswith(".toml") or path.name.startswith("industries_"):
            continue
        for rule in _read(path.read_text("utf-8"), path.name):
            if rule.rule_id in result:
                raise ValueError(f"{path.name}: rule {rule.rule_id} stands twice")
            result[rule.rule_id] = rule
    for rule in result.values():
        if rule.reference_rule and rule.reference_rule not in result:
            raise ValueError(f"rule {rule.rule_id} refers to {rule.reference_rule}, which does not exist")
    return result


def rulebook(on: dt.date, overrides: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Rule]:
    """Return the rules in force on a day, with the bureau's overrides applied and told.

    Parameters
    ----------
    on : date
        The as-of date; rules that start later or ended before are left out.
    overrides : Mapping, optional
        Rule id → ``value`` (and ``operator``, ``unit``, ``decimals``, ``scope``), with ``reason``. A rule that
        is not in force that day is applied only where the bureau says so in this way, and that is told too.

    Raises
    ------
    ConfigurationError
        Unknown rule or key, no reason, or a value of the wrong kind.
    """
    book = {
        rule_id: rule
        for rule_id, rule in shipped().items()
        if rule.valid_from <= on and (rule.valid_to is None or on <= rule.valid_to)
    }
    for rule_id, changes in (overrides or {}).items():
        book[rule_id] = _overridden(rule_id, changes, book)
    return book


def _overridden(rule_id: str, changes: Mapping[str, Any], book: Mapping[str, Rule]) -> Rule:
    import difflib

    where = f'landeval.toml [rules."{rule_id}"]'
    base = book.get(rule_id) or shipped().get(rule_id)
    if base is None:
        near = difflib.get_close_matches(rule_id, shipped(), n=3, cutoff=0.4)
        raise ConfigurationError(
            "没有这条规则",
            where=where,
            remedy=f"相近的有：{'、'.join(near) or '、'.join(shipped())}",
            code="E602",
        )
    if unknown := set(changes) - _OVERRIDABLE:
        raise ConfigurationError(
            f"规则不接受 {'、'.join(sorted(unknown))}",
            where=where,
            remedy=f"可写：{'、'.join(sorted(_OVERRIDABLE))}",
            code="E603",
        )
    if not str(changes.get("reason", "")).strip():
        raise ConfigurationError(
            "改动规则须写明理由", where=where, remedy='请增加 reason = "……"', code="E604"
        )
    try:
        value = number_of(changes["value"]) if "value" in changes else base.value
    except ValueError as error:
        raise ConfigurationError(
            f"规则的值不可用：{error}", where=where, remedy="请填数或分数", code="E601"
        ) from None
    if isinstance(value, str) is not isinstance(base.value, str):
        raise ConfigurationError(
            f"规则的值应为{'文字' if isinstance(base.value, str) else '数'}：{value}",
            where=where,
            remedy="请改正",
            code="E601",
        )
    if isinstance(value, Fraction) and value < 0:
        raise ConfigurationError(
            f"规则的值不能为负：{float(value):g}", where=where, remedy="请改正", code="E601"
        )
    operator = str(changes.get("operator", base.operator))
    if operator not in OPERATORS:
        raise ConfigurationError(
            f"比较符不可用：{operator}", where=where, remedy=f"可用：{' '.join(OPERATORS)}", code="E601"
        )
    decimals = changes.get("decimals", base.decimals)
    if isinstance(decimals, bool) or not isinstance(decimals, int) or not 0 <= decimals <= 6:
        raise ConfigurationError(
            f"小数位数不可用：{decimals!r}", where=where, remedy="请填 0 到 6 的整数", code="E601"
        )
    told = f"已由本单位改动（原值 {shown(base.value)}{base.unit}；理由：{changes['reason']}"
    told += "".join(
        f"；{label}：{changes[key]}" for key, label in (("who", "经办"), ("when", "时间")) if key in changes
    )
    if rule_id not in book:
        told += "；评价基准日该规则未施行，按本单位要求适用"
    return replace(
        base,
        value=value,
        operator=operator,
        unit=str(changes.get("unit", base.unit)),
        decimals=decimals,
        scope=str(changes.get("scope", base.scope)),
        override=told + "）",
    )


def shown(value: Fraction | str) -> str:
    """Write a rule's value as a person would.

    Examples
    --------
    >>> shown(Fraction(15)), shown(Fraction(15, 2)), shown(Fraction(1, 3))
    ('15', '7.5', '1/3')
    """
    if isinstance(value, str):
        return value
    if value.denominator == 1:
        return str(value.numerator)
    decimal = f"{float(value):g}"
    return decimal if Fraction(decimal) == value else f"{value.numerator}/{value.denominator}"


def as_frame(rules: Iterable[Rule]) -> pd.DataFrame:
    """Return rules as a table, one row a rule, for outputs."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "rule_id": rule.rule_id,
                "rule_label": rule.label,
                "quantity": rule.quantity,
                "operator": rule.operator,
                "value": shown(rule.value),
                "measure_unit": rule.unit,
                "scope": rule.scope,
                "rule_kind": KINDS[rule.kind],
                "valid_from": rule.valid_from,
                "valid_to": rule.valid_to,
                "document": rule.document,
                "clause": rule.clause,
                "quote": rule.quote,
                "reading": rule.reading,
                "basis": BASES[rule.basis],
                "checked_on": rule.checked_on,
                "override": rule.override,
            }
            for rule in rules
        ]
    )
