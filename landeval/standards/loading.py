"""Read rule files strictly: every key known, every field there, no two versions of a rule in force on one day."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from landeval.standards.rule import BASES, KINDS, OPERATORS, Rule, number_of

_DOCUMENT_KEYS = {"id", "title", "number", "issuer", "issued_on"}
_DOCUMENT_OPTIONAL = {"switchable"}
_TEXTS = {"label", "quantity", "operator", "unit", "scope", "kind", "clause", "quote", "reading", "basis"}
REQUIRED = _TEXTS | {"value", "decimals", "from", "checked_on"}
_OPTIONAL = {"to", "contract_quantity", "reference_rule", "years"}
TABLE = "table"
"""A file's tables of limits are not rules: ``industry_limits`` reads them."""
NOT_RULES = (
    "industries_",
    "land_use_codes",
    "land_groups",
    "grading_",
    "intensive_use_",
    "supply_tiers",
    "targets_",
    "overlays",
)


class RuleFault(ValueError):
    """What is wrong with a rule as written: in English for us, in Chinese (``said``) for whoever wrote it."""

    def __init__(self, told: str, said: str) -> None:
        super().__init__(told)
        self.said = said


def check(body: Any, *, required: Iterable[str] = REQUIRED, optional: Iterable[str] = _OPTIONAL) -> None:
    """Refuse a rule with a missing or unknown key, or a value of the wrong kind.

    Raises
    ------
    RuleFault
    """
    if not isinstance(body, Mapping):
        raise RuleFault("is no table", "应为一节，写明各项")
    missing, unknown = set(required) - set(body), set(body) - set(required) - set(optional)
    if missing or unknown:
        said = ([f"缺少 {'、'.join(sorted(missing))}"] if missing else []) + (
            [f"不认识 {'、'.join(sorted(unknown))}"] if unknown else []
        )
        raise RuleFault(f"missing {sorted(missing)}, unknown {sorted(unknown)}", "；".join(said))
    for key in sorted(_TEXTS & set(body)):
        if not isinstance(body[key], str):
            raise RuleFault(f"{key} is no text", f"{key} 应为带引号的文字")
    for key, allowed in (("operator", OPERATORS), ("kind", KINDS), ("basis", BASES)):
        if body[key] not in allowed:
            raise RuleFault(
                "operator, kind or basis not known",
                f"{key} 不可用：{body[key]}，可用：{'、'.join(allowed)}",
            )
    if not all(body[key].strip() for key in ("label", "quote", "clause")):
        raise RuleFault("label and quote must be given", "label、quote、clause 不能为空")
    try:
        value = number_of(body["value"])
    except ValueError:
        value = ""
    if value == "" or (isinstance(value, Fraction) and value < 0):
        raise RuleFault("value is no number or text", f"value 不可用：{body['value']!r}")
    decimals, years = body["decimals"], body.get("years", 1)
    if isinstance(decimals, bool) or not isinstance(decimals, int) or not 0 <= decimals <= 6:
        raise RuleFault("decimals must be 0 to 6", f"decimals 应为 0 到 6 的整数：{decimals!r}")
    if isinstance(years, bool) or not isinstance(years, int) or not 1 <= years <= 5:
        raise RuleFault("years must be 1 to 5", f"years 应为 1 到 5 的整数：{years!r}")
    begins, ends = day_of(body["from"], "from"), day_of(body.get("to"), "to", required=False)
    day_of(body["checked_on"], "checked_on")
    if ends is not None and begins is not None and ends < begins:
        raise RuleFault("ends before it begins", "to 早于 from")


_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")


def day_of(value: Any, key: str, *, required: bool = True) -> dt.date | None:
    """Read a date: a TOML date, or 2024-12-31, 2024年12月31日, 2024/12/31, 2024.12.31 as text.

    Raises
    ------
    RuleFault

    Examples
    --------
    >>> day_of("2024年3月5日", "from"), day_of("2024-03-05", "from")
    (datetime.date(2024, 3, 5), datetime.date(2024, 3, 5))
    """
    if value is None and not required:
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        if found := _DAY.fullmatch(value.strip()):
            return dt.date(int(found[1]), int(found[2]), int(found[3]))
        return dt.date.fromisoformat(value)
    except (AttributeError, TypeError, ValueError):
        raise RuleFault(f"{key} is no date", f"{key} 不是日期：{value!r}，应写 2024-12-31") from None


def rule_of(rule_id: str, body: Mapping[str, Any], document: str, **more: Any) -> Rule:
    """Make a rule of a body that ``check`` has passed."""
    begins, checked = day_of(body["from"], "from"), day_of(body["checked_on"], "checked_on")
    assert begins is not None
    assert checked is not None
    plain = {
        key: body[key]
        for key in ("contract_quantity", "reference_rule", "years", *sorted(_TEXTS))
        if key in body
    }
    return Rule(
        rule_id=rule_id,
        value=number_of(body["value"]),
        decimals=body["decimals"],
        valid_from=begins,
        valid_to=day_of(body.get("to"), "to", required=False),
        document=document,
        checked_on=checked,
        **plain,
        **more,
    )


def bodies_of(body: Any) -> list[Any]:
    """Return the versions of a rule: one table, or ``[[…]]`` with one table a version."""
    return list(body) if isinstance(body, list) else [body]


def apart(versions: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the versions of one rule in order; no day may have two of them.

    Raises
    ------
    RuleFault
    """
    ordered = sorted(versions, key=lambda rule: rule.valid_from)
    for one, other in pairwise(ordered):
        if one.valid_to is None or one.valid_to >= other.valid_from:
            raise RuleFault(
                f"rule {one.rule_id}: two versions overlap on {other.valid_from}",
                f"规则 {one.rule_id} 有两个版本在 {other.valid_from} 同时有效，请给前一个写明 to",
            )
    return tuple(ordered)


def read_rules(text: str, name: str) -> list[Rule]:
    """Return every version of every rule of one shipped file.

    Raises
    ------
    ValueError
        Anything that is not as it must be; the message names file and rule.
    """
    raw = tomllib.loads(text)
    document = raw.pop("document", {})
    if set(document) - _DOCUMENT_OPTIONAL != _DOCUMENT_KEYS or set(raw) - {TABLE} != {"rule"}:
        raise ValueError(
            f"{name}: [document] needs exactly {sorted(_DOCUMENT_KEYS)}, beside it only [rule.*]"
        )
    title = f"《{document['title']}》（{document['number']}）"
    rules = []
    for key, written in raw["rule"].items():
        for body in bodies_of(written):
            try:
                check(body)
            except RuleFault as fault:
                raise ValueError(f"{name}: rule {key}: {fault}") from None
            rules.append(
                rule_of(
                    f"{document['id']}.{key}",
                    body,
                    title,
                    item=body["clause"],
                    is_switchable=bool(document.get("switchable", False)),
                )
            )
    return rules


@cache
def versions() -> dict[str, tuple[Rule, ...]]:
    """Every version of every rule that landeval ships, by id, oldest first.

    Raises
    ------
    ValueError
        A rule file with a missing or unknown key, or two versions of one rule on one day.
    """
    found: dict[str, list[Rule]] = {}
    for path in sorted(files(__package__).iterdir(), key=lambda item: item.name):
        if path.name.endswith(".toml") and not path.name.startswith(NOT_RULES):
            for rule in read_rules(path.read_text("utf-8"), path.name):
                found.setdefault(rule.rule_id, []).append(rule)
    result = {rule_id: apart(rules) for rule_id, rules in found.items()}
    for rules in result.values():
        for rule in rules:
            if rule.reference_rule and rule.reference_rule not in result:
                raise ValueError(f"rule {rule.rule_id} refers to {rule.reference_rule}, which does not exist")
    return result


def shipped() -> dict[str, Rule]:
    """Every rule that landeval ships, by id, in its newest version."""
    return {rule_id: rules[-1] for rule_id, rules in versions().items()}
