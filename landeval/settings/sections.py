"""Sections of the settings to what a project carries: judging, linking, placing, schemes, rules, what is written."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landeval.configuration import wrong_value
from landeval.errors import ConfigurationError
from landeval.spots import SPOT_SETTINGS, spot_settings
from landeval.standards.grading import Scheme, own_scheme, scheme_ids, shipped_scheme
from landeval.standards.index_checks import IndexFault
from landeval.standards.index_indicators import TYPES
from landeval.standards.intensive_use import SHIPPED, changed, own_index, shipped_index
from landeval.standards.land_use_codes import NO_SYSTEM, system_names
from landeval.standards.own import OwnRules, read_own_rules
from landeval.standards.supply_tiers import Tiers, own_tiers, shipped_tiers
from landeval.writing import Writing

if TYPE_CHECKING:
    pass
from landeval.project import MEMORY, MOST_GAP_M, Indexing, Linking, Placing, Switches
from landeval.settings.values import existing, flag_in, least_in, part_in, section_in, text_in

BLOCKS = {"gap_m", "min_mu"}

REPORT = {"template"}

OUTPUT = {"dossiers", "public"}

INDEX = {"scheme", "type", "growth_zones", "change"}
"""Beside the keys of a source: 指数数据表 is named in the same section."""

JUDGE = {
    "idle",
    "low_use",
    "anniversary_counts",
    "suspended_logic",
    "operating_implies_started",
    "industrial_words",
    "land_use_codes",
}


def placing_in(raw: Mapping[str, Any], where: str) -> Placing:
    """Read how land is put into zones and joined into blocks; every layout says the same of splitting."""
    entries = raw.get("layout", [])
    entries = entries if isinstance(entries, list) else [entries]
    told = {flag_in(entry["split"], "layout.split", where) for entry in entries if "split" in entry}
    if len(told) > 1:
        raise wrong_value("layout.split", [True, False], "各处 [[layout]] 相同的 true 或 false", where)
    section = section_in(raw, "blocks", BLOCKS, where)
    usual = Placing()
    found = {key: least_in(section.get(key, getattr(usual, key)), f"blocks.{key}", where) for key in BLOCKS}
    if found["gap_m"] > MOST_GAP_M:
        raise wrong_value("blocks.gap_m", found["gap_m"], f"不大于 {MOST_GAP_M:g} 的数（米）", where)
    spots = None
    if "hot_spots" in raw:
        spots = spot_settings(section_in(raw, "hot_spots", SPOT_SETTINGS, where), f"{where} [hot_spots]")
    return Placing(split=True in told, spots=spots, **found)


def linking_in(section: Mapping[str, Any], configured_in: Path | None, where: str) -> Linking:
    """Read ``[link]``; the memory of decisions stands beside the toml unless it says otherwise."""
    spot = f"{where} [link]"
    usual = Linking()
    near = section.get("near_threshold")
    given = Linking(
        near_threshold=None if near is None else part_in(near, "link.near_threshold", spot),
        pass_share=part_in(section.get("pass_share", usual.pass_share), "link.pass_share", spot),
        explain_share=part_in(section.get("explain_share", usual.explain_share), "link.explain_share", spot),
    )
    if given.explain_share > given.pass_share:
        raise wrong_value("link.explain_share", given.explain_share, "不大于 pass_share 的数", spot)
    name = text_in(section.get("memory", MEMORY), "link.memory", spot)
    return replace(given, memory=(configured_in.parent / name).resolve() if configured_in else None)


def switches_in(section: Mapping[str, Any], where: str) -> Switches:
    """Read ``[judge]``: how to judge where the law leaves a choice."""
    values: dict[str, Any] = {}
    for key, value in section.items():
        if key == "suspended_logic":
            if value not in ("any", "all"):
                raise wrong_value("judge.suspended_logic", value, '"any" 或 "all"', where)
            values[key] = value
        elif key == "industrial_words":
            if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
                raise wrong_value("judge.industrial_words", value, '文字列表，如 ["工业", "仓储"]', where)
            values[key] = tuple(value)
        elif key == "land_use_codes":
            names = (*system_names(), NO_SYSTEM)
            if value not in names:
                raise wrong_value(
                    "judge.land_use_codes", value, "、".join(f'"{name}"' for name in names) + " 之一", where
                )
            values[key] = value
        else:
            values[key] = flag_in(value, f"judge.{key}", where)
    return Switches(**values)


def overrides_in(section: Any, own: OwnRules, where: str) -> Mapping[str, Mapping[str, Any]]:
    """Put the changes of ``landeval.toml`` and of the rule file together; the same rule in both is refused."""
    if not isinstance(section, Mapping) or not all(isinstance(body, Mapping) for body in section.values()):
        raise wrong_value("rules", section, '若干节，如 [rules."dongkou.tax"]', where)
    for rule_id, changes in own.overrides.items():
        if rule_id in section:
            raise ConfigurationError(
                f"规则 {rule_id} 有两处改动",
                where=f"{where} [rules] 和 {changes['file']}",
                remedy="请只留一处",
                code="E624",
            )
    if any("file" in body for body in section.values()):
        raise wrong_value("rules", "file", "规则的改动；file 由程序填写", where)
    return {key: dict(body) for key, body in (*section.items(), *own.overrides.items())}


def own_rules_in(
    raw: Mapping[str, Any],
    given: Mapping[str, Any],
    home: Path,
    currency: str,
    where: str,
) -> OwnRules:
    """Read the bureau's rule file: the option's, relative to the working folder, else that of the toml beside it."""
    if "rules" in given:
        return read_own_rules(existing(str(given["rules"]), Path.cwd(), "--rules"), currency)
    if "rules_file" not in raw:
        return OwnRules()
    text = text_in(raw["rules_file"], "rules_file", where)
    return read_own_rules(existing(text, home, f"{where} rules_file"), currency)


def grading_in(section: Mapping[str, Any], home: Path, where: str) -> Scheme | None:
    """Return the scheme that is named: a shipped one, or a file of the bureau beside the toml."""
    if "scheme" not in section:
        return None
    name = text_in(section["scheme"], "grading.scheme", where)
    if name in scheme_ids():
        return shipped_scheme(name)
    if name.lower().endswith(".toml"):
        return own_scheme(existing(name, home, f"{where} [grading]"))
    near = difflib.get_close_matches(name, scheme_ids(), n=1, cutoff=0.0)
    raise ConfigurationError(
        f"没有企业综合评价方案 {name}", where=f"{where} [grading]",
        remedy=f"是不是 {near[0]}？可用：{'、'.join(scheme_ids())}，或本单位的方案文件（.toml）", code="E480",
    )  # fmt: skip


def index_in(section: Mapping[str, Any], home: Path, where: str) -> Indexing:
    """Return the scheme that is named, a file of the bureau beside the toml or the shipped one, as changed."""
    spot = f"{where} [index]"
    name = text_in(section.get("scheme", SHIPPED), "index.scheme", spot)
    if name == SHIPPED:
        scheme = shipped_index()
    elif name.lower().endswith(".toml"):
        scheme = own_index(existing(name, home, spot))
    else:
        raise wrong_value("index.scheme", name, f' "{SHIPPED}" 或本单位的方案文件（.toml）', spot)
    zone_type = text_in(section.get("type", ""), "index.type", spot)
    if zone_type not in ("", *TYPES):
        raise wrong_value("index.type", zone_type, "、".join(f'"{one}"' for one in TYPES) + " 之一", spot)
    zones, changes = section.get("growth_zones", []), section.get("change", [])
    if not isinstance(zones, list) or not all(isinstance(zone, str) and zone for zone in zones):
        raise wrong_value("index.growth_zones", zones, '分区编号或名称的列表，如 ["J07"]', spot)
    if not isinstance(changes, list) or not all(isinstance(change, Mapping) for change in changes):
        raise wrong_value("index.change", changes, "若干节 [[index.change]]", spot)
    try:
        return Indexing(changed(scheme, changes), zone_type, tuple(zones))
    except IndexFault as fault:
        raise fault.refusal(spot) from None


def writing_in(raw: Mapping[str, Any], given: Mapping[str, Any], home: Path, where: str) -> Writing:
    """Read what is written beside the rest; options of the command line go before the toml."""
    report, output = section_in(raw, "report", REPORT, where), section_in(raw, "output", OUTPUT, where)
    template = None
    if "template" in report:
        template = existing(text_in(report["template"], "report.template", where), home, f"{where} [report]")
    has_dossiers = flag_in(output.get("dossiers", True), "output.dossiers", where) or "dossiers" in given
    is_public = flag_in(output.get("public", False), "output.public", where)
    return Writing(
        has_dossiers=has_dossiers and not given.get("no_dossiers"),
        dossiers_of=tuple(given.get("dossiers", ())),
        template=template,
        is_public=is_public or bool(given.get("public")),
    )


def tiers_in(raw: Mapping[str, Any], home: Path, where: str) -> Tiers:
    """Return the bureau's table of tiers, a file beside the toml, or the shipped one."""
    if "supply_tiers" not in raw:
        return shipped_tiers()
    name = text_in(raw["supply_tiers"], "supply_tiers", where)
    return own_tiers(existing(name, home, f"{where} supply_tiers"))
