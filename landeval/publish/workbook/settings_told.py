"""The settings of a run in the words of the 参数表: what was used, defaults too; whole schemes by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landeval.publish.cells import plain
from landeval.settings_table import rows_of
from landeval.vocabulary.fields import label

FULL = "全文见 run.json"
_SAME = ("region", "crs", "judge", "link", "map", "board")
"""Sections that run.json and the settings file call alike."""


def settings_told(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield section with setting, and value, as the 参数表 calls them; what nobody said and has no default is left out.

    Parameters
    ----------
    told : Mapping
        As made by ``project.as_settings``.
    """
    for section, _, name, value in rows_of(_as_written(told)):
        if value not in (None, ""):
            yield f"{section}　{_named(name)}", _plain(value)
    for rule_id, versions in told.get("added_rules", {}).items():
        yield f"增加的规则 {rule_id}　版本数", f"{len(versions)}（{FULL}）"
    for table in told.get("limit_tables", []):
        yield (
            f"行业控制指标表　{table['document']}",
            f"{table['rows']} 行，施行日期 {table['from']}（{FULL}）",
        )


def _as_written(told: Mapping[str, Any]) -> dict[str, Any]:
    """Put the settings where the settings file has them."""
    placing, output = told.get("placing", {}), told.get("output", {})
    raw: dict[str, Any] = {name: told.get(name) for name in ("title", "year", "as_of")}
    raw |= {name: told[name] for name in _SAME if name in told}
    raw |= {
        "money": {"currency": told.get("currency")},
        "supply_tiers": _scheme(told.get("supply_tiers")),
        "grading": {"scheme": _scheme(told.get("grading"))},
        "blocks": placing,
        "report": output,
        "output": output,
        "rules": told.get("rules", {}),
    }
    if placing.get("spots"):
        raw["hot_spots"] = placing["spots"]
    for source in told.get("sources", []):
        entry = {**source, "path": source.get("file"), "name": source.get("overlay")}
        entry["swap_axes"] = source.get("swap_axes") or None
        if source["table"] == "layout":
            entry["split"] = placing.get("split")
        raw.setdefault(source["table"], []).append(entry)
    if index := told.get("index"):
        given = (raw.get("index") or [{}])[0]
        raw["index"] = {
            **given, "scheme": _scheme(index.get("scheme")), "type": index.get("zone_type"), "growth_zones": index.get("growth_zones"),
        }  # fmt: skip
    elif isinstance(raw.get("index"), list):
        raw["index"] = raw["index"][0]
    return raw


def _scheme(body: Mapping[str, Any] | None) -> str | None:
    """Return the name of a scheme; its hundreds of figures stand in ``run.json``."""
    if not body:
        return None
    name = body.get("title") or body.get("label") or body.get("scheme_id") or ""
    return f"{name}（{FULL}）"


def _named(name: str) -> str:
    head, colon, rest = name.partition("：")
    return f"{head}：{label(rest)}" if colon else name


def _plain(value: Any) -> str:
    return plain(value) if isinstance(value, float) else str(value)
