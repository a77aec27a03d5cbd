"""The rulebook of a day: shipped rules in force, with a bureau's changes, switch-offs and additions openly applied."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from landeval.errors import ConfigurationError
from landeval.standards.loading import RuleFault, day_of, versions
from landeval.standards.loading import shipped as shipped
from landeval.standards.own import Added, added_rules, signed
from landeval.standards.rule import ADDED, CHANGED, OFF, OPERATORS, number_of
from landeval.standards.rule import BASES as BASES
from landeval.standards.rule import KINDS as KINDS
from landeval.standards.rule import OPEN as OPEN
from landeval.standards.rule import Rule as Rule
from landeval.standards.rule import shown as shown
from landeval.units import factor
from landeval.vocabulary.fields import fields

if TYPE_CHECKING:
    import pandas as pd

CITED = ("document", "clause", "quote", "basis", "checked_on", "from")
"""What a rule needs that stands in another document than the shipped one: all of them, or none."""
_SOURCED = {*CITED, "to", "label", "reading", "kind"}
CHANGEABLE = {"value", "operator", "unit", "decimals", "scope", "years", *_SOURCED}
_KEYS = CHANGEABLE | {"enabled", "reason", "who", "when", "file"}
BY_YEARS = ("lowuse.investment", "lowuse.output", "lowuse.tax")
"""Rules that are hit only where so many years running are short."""
TIMES, MOST_TIMES = "倍", 2
"""A rule that is a share of something is at most so many times it: 50 there is meant as 50 %."""
Overrides = Mapping[str, Mapping[str, Any]]


def rulebook(on: dt.date, overrides: Overrides | None = None, added: Added | None = None) -> dict[str, Rule]:
    """Return the rules in force on a day, with the bureau's changes applied and told.

    Parameters
    ----------
    on : date
        The as-of date; of the versions of a rule that one which holds on this day is taken, if any.
    overrides : Mapping, optional
        Rule id → ``value`` (and ``operator``, ``unit``, ``decimals``, ``scope``, ``years``) or ``enabled = false``,
        with ``reason``. A rule that is not in force that day is applied only where the bureau says so in this
        way, and that is told too. With the keys of ``CITED`` (and ``to``, ``label``, ``reading``, ``kind``) the rule
        stands in a document of the bureau's own: that is cited, and on a day on which it does not hold the rule is
        off; the shipped one never steps in for it.
    added : Mapping, optional
        Rule id → the versions of a rule of the bureau's own, as written.

    Returns
    -------
    dict
        Without the rules that are switched off; ``switched_off`` returns those.

    Raises
    ------
    ConfigurationError
        Unknown rule or key, no reason, a value or unit of the wrong kind, a rule that cannot be switched off, a
        document without its clause or a statutory rule with another one.
    """
    return {rule_id: rule for rule_id, rule in _all_rules(on, overrides, added).items() if rule.state != OFF}


def switched_off(
    on: dt.date, overrides: Overrides | None = None, added: Added | None = None
) -> tuple[Rule, ...]:
    """Return the rules that would be in force on a day, had the bureau not switched them off."""
    return tuple(rule for rule in _all_rules(on, overrides, added).values() if rule.state == OFF)


def holds_from(rule_id: str, overrides: Overrides | None = None) -> dt.date:
    """Return the day from which a shipped rule holds: that of the bureau's own document where it has one.

    Examples
    --------
    >>> holds_from("dongkou.tax"), holds_from("dongkou.tax", {"dongkou.tax": {"from": "2023-07-01"}})
    (datetime.date(2021, 9, 24), datetime.date(2023, 7, 1))
    """
    own = (overrides or {}).get(rule_id, {}).get("from")
    return day_of(own, "from", required=False) or versions()[rule_id][-1].valid_from


def _all_rules(on: dt.date, overrides: Overrides | None, added: Added | None) -> dict[str, Rule]:
    known = {**versions(), **added_rules(added or {})}
    book = {rule_id: rule for rule_id, rules in known.items() for rule in rules if rule.is_in_force(on)}
    for rule_id, changes in (overrides or {}).items():
        where = f'{changes.get("file", "landeval.toml")} [rules."{rule_id}"]'
        if rule_id not in known:
            near = difflib.get_close_matches(rule_id, known, n=3, cutoff=0.4)
            raise ConfigurationError(
                "没有这条规则",
                where=where,
                remedy=f"相近的有：{'、'.join(near) or '、'.join(known)}",
                code="E602",
            )
        _check_changes(changes, where)
        begun = [rule for rule in known[rule_id] if rule.valid_from <= on] or known[rule_id][:1]
        base = book.get(rule_id, begun[-1])
        if changes.get("enabled", True):
            changed = _changed(base, changes, where, is_in_force=rule_id in book)
            book[rule_id] = (
                changed if "document" not in changes or changed.is_in_force(on) else _waiting(changed, where)
            )
        elif not base.is_switchable:
            raise ConfigurationError(
                f"规则 {rule_id}（{base.label}）不能停用：它是法定的，或是其他规则赖以计算的",
                where=where,
                remedy="不评价闲置或低效的，请写明参数表“评判”一节的“评判闲置”或“评判低效”为“否”"
                "（landeval.toml 的 [judge] 写 idle = false 或 low_use = false）；计分项请把 value 改为 0",
                code="E623",
            )
        elif rule_id in book:
            book[rule_id] = replace(base, state=OFF, override=f"本单位停用（{signed(changes)}）")
    return book


def _check_changes(changes: Mapping[str, Any], where: str) -> None:
    if unknown := set(changes) - _KEYS:
        raise ConfigurationError(
            f"规则不接受 {'、'.join(sorted(unknown))}",
            where=where,
            remedy=f"可写：{'、'.join(sorted(_KEYS - {'file'}))}",
            code="E603",
        )
    if not str(changes.get("reason", "")).strip():
        raise ConfigurationError(
            "改动规则须写明理由",
            where=where,
            remedy='请在参数表该节加一行“理由”，值写为什么改（landeval.toml 的这一节加 reason = "……"）',
            code="E604",
        )
    enabled = changes.get("enabled", True)
    if not isinstance(enabled, bool):
        raise ConfigurationError(
            f"enabled 的值不可用：{enabled!r}", where=where, remedy="请写 true 或 false", code="E601"
        )
    if not enabled and CHANGEABLE & set(changes):
        raise ConfigurationError(
            "停用的规则不能同时改动", where=where, remedy="请删去 enabled，或只留 enabled 和理由", code="E603"
        )


def _waiting(rule: Rule, where: str) -> Rule:
    """Switch off a rule whose document does not hold on the day; one that others reckon with cannot be missing."""
    until = f"至 {rule.valid_to}" if rule.valid_to else "起"
    told = f"评价基准日不在该文件的施行期内（{rule.valid_from} {until}），不适用"
    if not rule.is_switchable:
        raise ConfigurationError(
            f"规则 {rule.rule_id}（{rule.label}）在评价基准日没有可用的标准：{told}",
            where=where,
            remedy="请改 from、to，或写明该日仍有效的文件",
            code="E603",
        )
    return replace(rule, state=OFF, override=f"{rule.override}；{told}")


def _sourced(base: Rule, changes: Mapping[str, Any], where: str) -> Rule:
    """Put a document of the bureau's own behind a rule: document, clause, quote, days; the shipped reading goes."""
    if not _SOURCED & set(changes):
        return base
    if missing := [key for key in CITED if key not in changes]:
        raise ConfigurationError(
            f"换用本单位的文件须写全，缺少 {'、'.join(missing)}",
            where=where,
            remedy=f"请写明 {'、'.join(CITED)}（可加 to、label、reading、kind）",
            code="E603",
        )
    if base.kind == "statutory" or changes.get("kind") == "statutory":
        raise ConfigurationError(
            f"规则 {base.rule_id}（{base.label}）是法定的，不能换文件"
            if base.kind == "statutory"
            else "本单位的文件不能写作法定（statutory）",
            where=where,
            remedy="请删去 document、clause、quote 等项；本单位另有要求的，请在规则文件中用 [add] 增加规则",
            code="E603",
        )
    texts = {key: changes[key] for key in ("document", "clause", "quote", "basis", "label", "reading", "kind") if key in changes}  # fmt: skip
    for key, text in texts.items():
        allowed = {"basis": BASES, "kind": KINDS}.get(key)
        if (
            not isinstance(text, str)
            or not (text.strip() or key == "reading")
            or (allowed and text not in allowed)
        ):
            raise ConfigurationError(
                f"{key} 的值不可用：{text!r}",
                where=where,
                remedy=f"可用：{'、'.join(allowed)}" if allowed else "请写带引号的文字",
                code="E601",
            )
    try:
        begins, checked = day_of(changes["from"], "from"), day_of(changes["checked_on"], "checked_on")
        ends = day_of(changes.get("to"), "to", required=False)
    except RuleFault as fault:
        raise ConfigurationError(
            f"规则的{fault.said}", where=where, remedy="请写日期，如 2024-12-31", code="E601"
        ) from None
    assert begins is not None
    assert checked is not None
    if ends is not None and ends < begins:
        raise ConfigurationError(
            "to 早于 from（施行的截止日早于起始日）", where=where, remedy="请核对两个日期", code="E601"
        )
    return replace(base, **{"reading": "", **texts}, valid_from=begins, valid_to=ends, checked_on=checked)


def _changed(base: Rule, changes: Mapping[str, Any], where: str, *, is_in_force: bool) -> Rule:
    """Return a rule with its changes, and what must be told of them."""
    try:
        value = number_of(changes["value"]) if "value" in changes else base.value
    except ValueError as error:
        raise ConfigurationError(
            f"规则的值不可用：{error}", where=where, remedy="请填数或分数", code="E601"
        ) from None
    wants_number = base.value == OPEN or not isinstance(base.value, str)
    if isinstance(value, str) is wants_number and value != base.value:
        raise ConfigurationError(
            f"规则的值应为{'数' if wants_number else '文字'}：{value}",
            where=where,
            remedy="请写数或分数，如 15、1/2" if wants_number else "请写文字，写法见 landeval rules",
            code="E601",
        )
    if isinstance(value, Fraction) and value < 0:
        raise ConfigurationError(
            f"规则的值不能为负：{float(value):g}", where=where, remedy="请写 0 或更大的数", code="E601"
        )
    is_share = base.unit.startswith(TIMES) or (not base.unit and _is_below_one(base))
    if is_share and isinstance(value, Fraction) and value > MOST_TIMES and base.state != ADDED:
        raise ConfigurationError(
            f"规则的值是{'倍数' if base.unit else '比例'}，{shown(value)} 就是 {shown(value * 100)}%"
            f"（原值 {shown(base.value)}{base.unit}）",
            where=where,
            remedy=f"请写不大于 {MOST_TIMES} 的数，如 50% 写 0.5",
            code="E601",
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
    years = changes.get("years", base.years)
    if isinstance(years, bool) or not isinstance(years, int) or not 1 <= years <= 5:
        raise ConfigurationError(
            f"连续年数不可用：{years!r}", where=where, remedy="请填 1 到 5 的整数", code="E601"
        )
    if years != base.years and base.rule_id not in BY_YEARS:
        raise ConfigurationError(
            "这条规则不看连续年数", where=where, remedy=f"请删去 years；可写 years 的：{'、'.join(BY_YEARS)}", code="E603"
        )  # fmt: skip
    sourced = _sourced(base, changes, where)
    unit, worth = str(changes.get("unit", base.unit)), Fraction(1)
    if unit != base.unit:
        worth = _worth(base, unit, changes, where)
    done = "已由本单位改动" if sourced is base else "依据已换为本单位的文件"
    told = f"{done}（原值 {shown(base.value)}{base.unit}；{signed(changes)}"
    if isinstance(value, Fraction) and worth != 1:
        told += f"；按 {shown(value)} {unit} 折算"
        value, unit = value * worth, base.unit
    if operator != base.operator:
        told += f"；原比较符 {base.operator}"
    if decimals != base.decimals:
        told += f"；原小数位数 {base.decimals}"
    if years != base.years:
        told += f"；原为 {base.years} 年"
    scope = str(changes.get("scope", base.scope))
    if scope != base.scope:
        told += f"；适用范围原写作“{base.scope}”，改写只改标注，不改评判对象"
    if not is_in_force and sourced is base:
        told += "；评价基准日该规则未施行，按本单位要求适用"
    return replace(
        sourced,
        value=value,
        years=years,
        operator=operator,
        unit=unit,
        decimals=decimals,
        scope=scope,
        override=f"{base.override}；{told}）" if base.override else told + "）",
        state=ADDED if base.state == ADDED else CHANGED,
    )


def _is_below_one(rule: Rule) -> bool:
    return isinstance(rule.value, Fraction) and rule.value < 1


def _worth(base: Rule, unit: str, changes: Mapping[str, Any], where: str) -> Fraction:
    """Return how many of the rule's units another unit is; 1 where only the currency has another name."""
    if re.sub(r"万[^元/]{1,3}元", "万元", unit) == base.unit:
        return Fraction(1)
    field = fields().get(base.quantity)
    kind = field.kind if field else ""
    ours, theirs = factor(base.unit, kind), factor(unit, kind)
    if not ours or not theirs or isinstance(base.value, str):
        raise ConfigurationError(
            f"规则的单位 {base.unit or '（无）'} 不能换成 {unit}",
            where=where,
            remedy=f"请删去 unit，按 {base.unit or '原规则'} 填写 value",
            code="E626",
        )
    if "value" not in changes:
        raise ConfigurationError(
            "改单位须同时写明 value", where=where, remedy=f'请增加 value，或删去 unit = "{unit}"', code="E626"
        )
    return theirs / ours


def as_frame(rules: Iterable[Rule]) -> pd.DataFrame:
    """Return rules as a table, one row a rule, for outputs."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "rule_id": rule.rule_id,
                "rule_label": rule.label,
                "rule_state": rule.state,
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
