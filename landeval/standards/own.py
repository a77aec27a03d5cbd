"""A bureau's own rule file: changes and switch-offs of shipped rules, and rules of its own, each with who, when, why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from landeval.configuration import known, read_toml
from landeval.errors import ConfigurationError
from landeval.standards.limit_tables import Table, tables_of
from landeval.standards.loading import REQUIRED, RuleFault, apart, bodies_of, check, rule_of, versions
from landeval.standards.rule import ADDED, EFFECTS, Rule
from landeval.units import factor
from landeval.vocabulary.fields import fields

Added = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rule id → its versions, as written."""
ALL, INDUSTRIAL, NEW, BUILT = ("全部宗地", "工业用地", "新增工业用地", "已建成工业用地")
SCOPES = {"line": (ALL, INDUSTRIAL, NEW), "lowuse": (NEW, BUILT), "note": (ALL, INDUSTRIAL, NEW)}
"""What each effect may apply to; low-use is never judged of idle, exempt, warned or unfinished land."""
_SIGNED = {"reason", "who", "when"}
_NUMERIC = {"number", "integer", "share", "money", "area", "per_mu"}
_ID = re.compile(r"^[^\W\d]\w*\.\w+$")


@dataclass(frozen=True)
class OwnRules:
    """What a rule file says: changes by rule id, added rules as written, tables of limits."""

    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    added: Added = field(default_factory=dict)
    tables: tuple[Table, ...] = ()


def read_own_rules(path: Path, currency: str = "元") -> OwnRules:
    """Read a bureau's rule file.

    Parameters
    ----------
    path : Path
        TOML with ``[rules."…"]`` (changes), ``[add."…"]`` (rules of its own) and ``[[table]]`` (tables of limits).
    currency : str
        The project's currency, in which units of money are read.

    Raises
    ------
    ConfigurationError
        An unknown section, key or rule; a change or an addition that nobody signed; a unit that cannot be
        converted; a rule that applies on no day or twice on one.
    """
    raw = read_toml(path)
    known(raw, {"rules", "add", "table"}, str(path))
    for name in ("rules", "add"):
        if not isinstance(raw.get(name, {}), Mapping):
            raise _wrong(f'{name} 应为若干节，如 [{name}."…"]', path.name)
    overrides = {}
    for rule_id, changes in raw.get("rules", {}).items():
        where = f'{path.name} [rules."{rule_id}"]'
        if not isinstance(changes, Mapping):
            raise _wrong("应为一节，写明改动、reason、who、when", where)
        if "file" in changes:
            raise _wrong("不认识 file", where)
        _require_signed(changes, where)
        overrides[rule_id] = {**changes, "file": path.name}
    added = {
        rule_id: tuple({**body, "file": path.name} if isinstance(body, Mapping) else body for body in bodies_of(written))
        for rule_id, written in raw.get("add", {}).items()
    }  # fmt: skip
    added_rules(added, currency)
    return OwnRules(overrides, added, tables_of(raw.get("table", []), path, _require_signed))


def added_rules(added: Added, currency: str = "") -> dict[str, tuple[Rule, ...]]:
    """Return the bureau's own rules, by id, oldest version first.

    Parameters
    ----------
    added : Mapping
        Rule id → its versions, as written.
    currency : str
        Units of money are read in it; empty: whatever currency they name.
    """
    result = {}
    documents = {rule_id.partition(".")[0] for rule_id in versions()}
    for rule_id, bodies in added.items():
        file = str(bodies[0].get("file", "")) if bodies and isinstance(bodies[0], Mapping) else ""
        where = f'{file} [add."{rule_id}"]'.strip()
        if not _ID.match(rule_id):
            raise _wrong(
                f"规则编号不可用：{rule_id}", where, "请写作 前缀.名称，如 本局.单位用电税收", "E621"
            )
        if rule_id.partition(".")[0] in documents:
            raise _wrong(
                f"{rule_id.partition('.')[0]} 是自带规则的前缀", where,
                "改动自带规则请写在 [rules.\"…\"]；增加规则请换一个前缀，如 本局", "E622",
            )  # fmt: skip
        try:
            result[rule_id] = apart(_added(rule_id, body, where, currency) for body in bodies)
        except RuleFault as fault:
            raise _wrong(fault.said, where, "请对照 docs/规则手册.md 的样例改正", "E621") from None
    return result


def _added(rule_id: str, body: Any, where: str, currency: str) -> Rule:
    check(body, required=REQUIRED | _SIGNED | {"document", "effect"}, optional={"to", "file"})
    _require_signed(body, where)
    effect, quantity = body["effect"], fields().get(body["quantity"])
    if effect not in EFFECTS:
        raise RuleFault("effect", f"effect 不可用：{effect!r}，可用：{'、'.join(EFFECTS)}")
    if body["scope"] not in SCOPES[effect]:
        raise RuleFault("scope", f"scope 不可用：{body['scope']}，effect = \"{effect}\" 可用：{'、'.join(SCOPES[effect])}")  # fmt: skip
    if not isinstance(body["document"], str) or not body["document"].strip():
        raise RuleFault("document", "document 应写明文件名称和文号；没有文件依据的，写“本局规定（未发文）”并把 basis 写作 proposal")  # fmt: skip
    if quantity is None or quantity.kind not in _NUMERIC:
        raise _wrong(
            f"没有数值项 {body['quantity']}", where, "请写 docs/数据字典.md 中的英文名，如 tax_wan_yuan_per_mu", "E625"
        )  # fmt: skip
    rule = rule_of(
        rule_id,
        body,
        body["document"],
        effect=effect,
        unit_worth=_worth(body["unit"], quantity.unit, quantity.kind, currency, where),
        state=ADDED,
        override=f"本单位增加（{signed(body)}）",
        is_switchable=True,
    )
    if isinstance(rule.value, str):
        raise RuleFault("value", f"value 应为数：{rule.value}")
    return rule


def _worth(unit: str, own: str, kind: str, currency: str, where: str) -> Fraction:
    """Return how many of a field's own units one unit of the rule is.

    Examples
    --------
    >>> _worth("万元/公顷", "万元/亩", "per_mu", "", ""), _worth("亩", "亩", "area", "", ""), _worth("%", "", "share", "", "")
    (Fraction(1, 15), Fraction(1, 1), Fraction(1, 100))
    """
    if unit == own:
        return Fraction(1)
    if kind == "share" and unit == "%":
        return Fraction(1, 100)
    named = re.search(r"[千百万亿](?!元)([^元/]{1,3}元)", unit)
    money = currency or (named[1] if named else "元")
    theirs = factor(unit, kind, money)
    ours = factor(own.replace("元", money) if money != "元" else own, kind, money)
    if not theirs or not ours:
        raise _wrong(
            f"单位 {unit or '（无）'} 不能用于这一项（{own or '没有单位'}）",
            where,
            f'请写 unit = "{own}"',
            "E626",
        )
    return theirs / ours


def signed(changes: Mapping[str, Any]) -> str:
    """Tell why, who, when and in which file, as far as written."""
    told = f"理由：{changes['reason']}"
    for key, label in (("who", "经办"), ("when", "时间"), ("file", "见")):
        if key in changes:
            told += f"；{label}：{changes[key]}"
    return told


def _require_signed(changes: Mapping[str, Any], where: str) -> None:
    blank = [key for key in ("reason", "who", "when") if not str(changes.get(key, "")).strip()]
    if blank:
        raise _wrong(
            f"规则文件中的每一项都须写明理由、经办人和时间，缺少 {'、'.join(blank)}",
            where,
            '请增加 reason = "……"、who = "……"、when = 2025-01-31',
            "E604",
        )


def _wrong(what: str, where: str, remedy: str = "请对照 docs/规则手册.md 的样例改正", code: str = "E620") -> ConfigurationError:  # fmt: skip
    return ConfigurationError(what, where=where, remedy=remedy, code=code)
