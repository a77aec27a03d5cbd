"""What a scheme of 企业综合评价 must be: every key known, weights of 100, shares of 100; the item at fault is named."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from landeval.errors import ConfigurationError
from landeval.standards.rule import BASES

RATIO, RANGE = "ratio", "range"
QUOTA, SCORE, THRESHOLD = "quota", "score", "threshold"
VALUE, LIST_MEAN, LAST_YEAR_MEAN = "value", "list_mean", "last_year_mean"
ZERO, MEAN_POINTS, EXCLUDE = "zero", "list_mean", "exclude_renormalise"
ABOVE, BELOW, TENANT = "above", "below", "tenant"
NUMERATORS = (
    *("tax_wan_yuan", "output_wan_yuan", "investment_wan_yuan", "revenue_wan_yuan", "value_added_wan_yuan"),
    "rd_wan_yuan",
)
DENOMINATORS = ("area_mu", "employees", "energy_tce", "emission_t", "electricity_wan_kwh", "revenue_wan_yuan")

_TOP = ({"document", "grading", "ungraded", "list", "measures"}, {"bonus", "deduction"})
_DOCUMENT = ({"title", "number", "issuer", "source", "note", "basis", "objection"}, {"bonus_most"})
_GRADING = ({"method", "grades", "basis"}, {"shares", "lines", "upgrade_cap", "least_weight"})
_UNGRADED = ({"label", "new_years", "industries", "statuses", "basis"}, {"managed_as"})
_LIST = ({"label", "scale", "item"}, {"land_min_mu", "leased_floor_min_m2"})
_ITEM = (
    {"label", "numerator", "denominator", "unit", "weight", "method", "missing"},
    {"benchmark", "cap", "floor", "base", "basis"},
)


class SchemeFault(ValueError):
    """What is wrong with a scheme as written, in Chinese, naming the list and item."""

    def refusal(self, where: str) -> ConfigurationError:
        """Return the fault as a refusal of a bureau's file."""
        return ConfigurationError(
            f"评价方案写法有误：{self}", where=where, remedy="写法见 docs/评价方法.md", code="E481"
        )


def check_scheme(raw: Mapping[str, Any]) -> None:
    """Refuse a scheme that is not as it must be.

    Raises
    ------
    SchemeFault
    """
    _keys(raw, *_TOP, "方案")
    document, grading, ungraded = raw["document"], raw["grading"], raw["ungraded"]
    _keys(document, *_DOCUMENT, "[document]")
    _one_of(document["basis"], BASES, "[document] basis")
    for key in ("title", "source", "objection"):
        if not isinstance(document[key], str) or not document[key].strip():
            raise SchemeFault(f"[document] {key} 应为文字，不能为空")
    if "bonus_most" in document:
        _number(document["bonus_most"], "[document] bonus_most", least=0)
    _check_grading(grading)
    grades = grading["grades"]
    _keys(ungraded, *_UNGRADED, "[ungraded]")
    _one_of(ungraded["basis"], BASES, "[ungraded] basis")
    _whole(ungraded["new_years"], "[ungraded] new_years")
    for key in ("industries", "statuses"):
        if not isinstance(ungraded[key], list) or not all(
            isinstance(text, str) and text for text in ungraded[key]
        ):
            raise SchemeFault(f"[ungraded] {key} 应为文字列表")
    if ungraded["label"] in grades:
        raise SchemeFault(f"[ungraded] label 与等级 {ungraded['label']} 重名")
    if ungraded.get("managed_as", grades[0]) not in grades:
        raise SchemeFault(f"[ungraded] managed_as 不是等级：{ungraded['managed_as']}")
    _keys(raw["measures"], set(grades), {ungraded["label"]}, "[measures]")
    for table in ("bonus", "deduction"):
        for name, points in raw.get(table, {}).items():
            _number(points, f"[{table}] {name}", least=0)
    _check_lists(raw["list"], grading["method"])


def _check_grading(grading: Mapping[str, Any]) -> None:
    _keys(grading, *_GRADING, "[grading]")
    _one_of(grading["method"], (QUOTA, SCORE, THRESHOLD), "[grading] method")
    _one_of(grading["basis"], BASES, "[grading] basis")
    grades = grading["grades"]
    if not isinstance(grades, list) or len(grades) < 2 or len(set(grades)) != len(grades):
        raise SchemeFault("[grading] grades 应为两个以上不重复的等级，好的在前")
    if "upgrade_cap" in grading:
        _whole(grading["upgrade_cap"], "[grading] upgrade_cap")
    _number(grading.get("least_weight", 0), "[grading] least_weight", least=0)
    by_quota = grading["method"] == QUOTA
    key, other = ("shares", "lines") if by_quota else ("lines", "shares")
    if key not in grading or other in grading:
        raise SchemeFault(f"[grading] method = {grading['method']} 应写 {key}，不写 {other}")
    parts = grading[key]
    wanted = len(grades) if by_quota else len(grades) - 1
    if not isinstance(parts, list) or len(parts) != wanted:
        raise SchemeFault(f"[grading] {key} 应为 {wanted} 个数")
    for part in parts:
        _number(part, f"[grading] {key}", least=0 if by_quota else -math.inf)
    if by_quota and sum(map(exact, parts)) != 100:
        raise SchemeFault(f"[grading] shares 合计 {float(sum(map(exact, parts))):g}，应为 100")
    if not by_quota and any(one <= two for one, two in pairwise(parts)):
        raise SchemeFault("[grading] lines 应从高到低")


def _check_lists(lists: Any, method: str) -> None:
    if not isinstance(lists, list) or not lists:
        raise SchemeFault("至少要有一节 [[list]]")
    for one in lists:
        _keys(one, *_LIST, f"名单 {one.get('label', '')}")
        _one_of(one["scale"], (ABOVE, BELOW, TENANT), f"名单 {one['label']} scale")
        for key in ("land_min_mu", "leased_floor_min_m2"):
            if key in one:
                _number(one[key], f"名单 {one['label']} {key}", least=0)
        items = one["item"]
        if not isinstance(items, list) or not items:
            raise SchemeFault(f"名单 {one['label']} 没有指标 [[list.item]]")
        for item in items:
            _check_item(item, f"名单 {one['label']}指标 {item.get('label', '')}")
        labels = [item["label"] for item in items]
        if len(set(labels)) != len(labels):
            raise SchemeFault(f"名单 {one['label']}的指标重名")
        total = sum(exact(item["weight"]) for item in items)
        if total != 100:
            parts = "、".join(f"{item['label']} {item['weight']:g}" for item in items)
            raise SchemeFault(f"名单 {one['label']}的权重合计 {float(total):g}，应为 100（{parts}）")
    scales = [one["scale"] for one in lists]
    if len(set(scales)) != len(scales):
        raise SchemeFault("同一类企业（scale）有两个名单")
    labels = [one["label"] for one in lists]
    if len(set(labels)) != len(labels):
        raise SchemeFault("名单重名")
    if method == THRESHOLD and len({(one["item"][0]["numerator"], one["item"][0]["denominator"]) for one in lists}) != 1:  # fmt: skip
        raise SchemeFault("按标准线定级时，各名单的第一项指标应相同")


def _check_item(item: Mapping[str, Any], where: str) -> None:
    _keys(item, *_ITEM, where)
    _one_of(item["numerator"], NUMERATORS, f"{where} numerator")
    _one_of(item["denominator"], DENOMINATORS, f"{where} denominator")
    _one_of(item["method"], (RATIO, RANGE), f"{where} method")
    _one_of(item["missing"], (ZERO, MEAN_POINTS, EXCLUDE), f"{where} missing")
    _one_of(item.get("basis", "seen"), BASES, f"{where} basis")
    _number(item["weight"], f"{where} weight", least=0)
    _number(item.get("cap", 1), f"{where} cap", least=0)
    _number(item.get("floor", 0), f"{where} floor", least=-math.inf)
    if item.get("floor", 0) > item.get("cap", math.inf):
        raise SchemeFault(f"{where} floor 大于 cap")
    if not 0 <= _number(item.get("base", 0), f"{where} base", least=0) <= 1:
        raise SchemeFault(f"{where} base 应在 0 到 1 之间")
    benchmark = item.get("benchmark")
    if item["method"] == RANGE:
        if benchmark is not None or "cap" in item or "floor" in item:
            raise SchemeFault(f"{where} 按极差计分，不写 benchmark、cap、floor")
        return
    if "base" in item:
        raise SchemeFault(f"{where} 按基准计分，不写 base")
    if not isinstance(benchmark, Mapping) or len(benchmark) != 1:
        raise SchemeFault(f"{where} benchmark 应写一项，如 {{ value = 15 }}")
    kind = next(iter(benchmark))
    _one_of(kind, (VALUE, LIST_MEAN, LAST_YEAR_MEAN), f"{where} benchmark")
    if _number(benchmark[kind], f"{where} benchmark", least=0) == 0:
        raise SchemeFault(f"{where} benchmark 应大于 0")


def exact(number: float) -> Fraction:
    """Return a written number as it is written.

    Examples
    --------
    >>> exact(33.3)
    Fraction(333, 10)
    """
    return Fraction(str(number))


def _keys(body: Any, required: Collection[str], optional: Collection[str], where: str) -> None:
    if not isinstance(body, Mapping):
        raise SchemeFault(f"{where} 应为一节")
    missing = sorted(set(required) - set(body))
    unknown = sorted(set(body) - set(required) - set(optional))
    if missing or unknown:
        said = ([f"缺少 {'、'.join(missing)}"] if missing else []) + (
            [f"不认识 {'、'.join(unknown)}"] if unknown else []
        )
        raise SchemeFault(f"{where} {'；'.join(said)}")


def _one_of(value: Any, allowed: Collection[str], where: str) -> None:
    if value not in allowed:
        raise SchemeFault(f"{where} 不可用：{value!r}，可用：{'、'.join(allowed)}")


def _number(value: Any, where: str, *, least: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise SchemeFault(f"{where} 应为数：{value!r}")
    if value < least:
        raise SchemeFault(f"{where} 不应小于 {least:g}：{value!r}")
    return float(value)


def _whole(value: Any, where: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise SchemeFault(f"{where} 应为 0 或正整数：{value!r}")
