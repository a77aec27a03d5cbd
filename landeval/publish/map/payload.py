"""The frames as one JSON block: dictionary-coded columns, escaped so that only a JSON parser reads them."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from landeval.publish.cells import cell, cells, clean, is_text_kind, kind_of
from landeval.publish.frames import parcel_table
from landeval.publish.labels import label_of
from landeval.publish.map import holders, layers, palette
from landeval.publish.map.beside import Beside
from landeval.publish.map.years import year_columns
from landeval.publish.stamp import facts, run_id
from landeval.result import IDLE, LEVELS, MONEY, OUTSIDE, RATIOS, STATUSES, Result
from landeval.standards.rule import ADDED, CHANGED, OFF

THRESHOLD_RULES = dict(zip(("dongkou.investment", "dongkou.output", "dongkou.tax"), RATIOS, strict=True))
VERDICT_RULES = THRESHOLD_RULES | {"lowuse.plot_ratio": "plot_ratio"}
_IDENTITY = (
    "parcel_code", "holder_name", "enterprise_names", "credit_code", "certificate_no", "location", "land_use",
    "area_basis", "plot_ratio_limit_basis", "supply_method", "contract_no", "industry_group", "production_status", "cluster_name",
    "base_name", "community_name", "cluster_code", "base_code", "community_code",
)  # fmt: skip
_DATES = (
    "signed_on", "delivered_on", "agreed_start", "extended_start", "due_start", "actual_start",
    "suspended_on", "agreed_completion", "actual_completion",
)  # fmt: skip
_FIGURES = (
    "area_mu", *RATIOS, *MONEY, "plot_ratio", "plot_ratio_doubled", "building_density_percent", "building_factor_percent",
    "plot_ratio_limit", "unused_separable_m2", "unused_most_m2",
    "months_overdue",
)  # fmt: skip
_FLAGS = ("is_new_industrial", "is_straddling")
_STATUS = (
    "status", "reasons", "clause", "missing", "questions", "route", "route_clause", "fee_wan_yuan",
    "next_action", "next_deadline", "days_overdue", "priority", "is_candidate",
)  # fmt: skip
_ZONE = (
    "zone_level", "zone_code", "zone_name", "parent_code", "leading_industry", "zone_parcels",
    "zone_enterprises", "area_mu", *MONEY, *RATIOS, "area_known_investment_mu",
    "area_known_output_mu", "area_known_tax_mu",
)  # fmt: skip
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def payload(result: Result, shapes: Any, zone_shapes: Any, beside: Beside | None = None) -> dict[str, Any]:
    """Return everything the page shows, besides the shapes, as plain lists and numbers.

    Parameters
    ----------
    result : Result
        The run; its frames are read, never changed, and no figure is computed anew.
    shapes, zone_shapes : numpy.ndarray
        The drawn shapes of ``layers.drawable``: they give label points and tell who is on the map.
    beside : Beside, optional
        What lies beside the map.
    """
    parcels = _columns(parcel_table(result), (*_IDENTITY, *_FIGURES, *_DATES, *_FLAGS, *_STATUS))
    parcels |= {f"verdict:{field}": values for field, values in _verdicts(result).items()}
    parcels["parcel_id"] = [clean(str(key)) for key in result.parcels.index]
    parcels["lon"], parcels["lat"] = layers.anchors(shapes)
    zones = _columns(result.zones, (*_ZONE, *(f"parcels_{name}" for name in STATUSES)))
    zones["lon"], zones["lat"] = layers.middles(zone_shapes)
    for name, files in (("dossier", beside.dossiers), ("chip", beside.chips)) if beside else ():
        if files:
            parcels[name] = [files.get(str(key)) for key in result.parcels.index]
    enterprises, ties = holders.enterprise_columns(result), holders.tie_columns(result)
    names = {*parcels, *zones, *enterprises} - {"lon", "lat", "dossier", "chip"}
    return _page(result, beside or Beside()) | {
        "labels": {name: label_of(name, result.currency) for name in sorted(names)},
        "parcels": {"count": len(result.parcels), "columns": _coded(parcels)},
        "zones": {"count": len(result.zones), "columns": _coded(zones)},
        "enterprises": {"count": len(result.enterprises), "columns": _coded(enterprises)},
        "ties": {"count": len(ties["parcel"]), "columns": ties},
        "years": [
            {"year": year, "count": len(result.parcels), "columns": columns}
            for year, columns in year_columns(result).items()
        ],
    }


def _page(result: Result, beside: Beside) -> dict[str, Any]:
    """Return what the page as a whole is told: what it is, its classes and lines, what lies beside it."""
    return {
        "title": clean(result.title),
        "year": result.year,
        "as_of": result.as_of.isoformat(),
        "currency": result.currency,
        "run_id": run_id(result),
        "stamp": stamp_texts(result),
        "rule_versions": _rule_versions(result.rules),
        "links": {"list": beside.list_file, "compare": beside.compare},
        "grades": holders.grade_names(result),
        "levels": list(LEVELS),
        "outside": [OUTSIDE.format(level=level) for level in LEVELS],
        "classes": [asdict(look) for look in palette.LOOKS],
        "idle": list(IDLE),
        "unknown": palette.UNKNOWN,
        "thresholds": _thresholds(result.rules),
        "sources": _sources(result.parcels),
        "is_split": result.placing is not None and result.placing.split,
        "layers": {"map": layers.MAP, "parcels": layers.PARCELS, "zones": layers.ZONES},
    }


def stamp_texts(result: Result) -> list[str]:
    """Return what every page says of itself: run id, data year, as-of date, versions of rules and program."""
    said = {name: text for name, text in facts(result).items() if name != "园区"}
    return [f"{name} {clean(text)}" for name, text in said.items()]


def as_json(data: Mapping[str, Any]) -> str:
    r"""Write JSON that can stand inside ``<script>`` and pass any template engine unread.

    Examples
    --------
    >>> as_json({"名称": "</script>{{7*191}}{%"})
    '{"名称":"\\u003c/script\\u003e\\u007b\\u007b7*191}}\\u007b%"}'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # JSON's own braces never meet: `{{`, `{%`, `{#` can only stand inside a string, where an escape is right
    text = re.sub(r"\{(?=[{%#])|(?<=\{)\{", r"\\u007b", text)
    text = re.sub("[<>&\u2028\u2029]", lambda match: _UNSAFE[match[0]], text)
    return re.sub("[\ud800-\udfff\x7f\ufeff]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _columns(frame: pd.DataFrame, names: Sequence[str]) -> dict[str, list[Any]]:
    return {name: _values(frame[name]) for name in names if name in frame.columns}


def _values(column: pd.Series[Any], kind: str | None = None) -> list[Any]:
    return [value.isoformat() if isinstance(value, dt.date) else value for value in cells(column, kind)]


def _coded(columns: Mapping[str, list[Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, values in columns.items():
        texts = [value for value in values if isinstance(value, str)]
        distinct = dict.fromkeys(texts)
        if not is_text_kind(kind_of(name)) or len(texts) < 20 or len(distinct) * 2 > len(texts):
            result[name] = values
            continue
        places = {text: place for place, text in enumerate(distinct)}
        codes = [places[value] if isinstance(value, str) else -1 for value in values]
        result[name] = {"texts": list(distinct), "codes": codes}
    return result


def _verdicts(result: Result) -> dict[str, list[Any]]:
    findings = result.findings
    if not {"unit_id", "rule_id", "verdict"} <= set(findings.columns):
        return {}
    if "unit_kind" in findings.columns:
        findings = findings[findings["unit_kind"].astype("string").isin(["宗地", "parcel"]).fillna(False)]
    found = {}
    for rule, field in VERDICT_RULES.items():
        rows = findings[findings["rule_id"] == rule].drop_duplicates("unit_id").set_index("unit_id")
        if len(rows):
            found[field] = _values(rows["verdict"].reindex(result.parcels.index), "text")
    return found


def _thresholds(rules: pd.DataFrame) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    if not {"rule_id", "value"} <= set(rules.columns):
        return found
    for row in rules.to_dict("records"):
        field = THRESHOLD_RULES.get(str(row["rule_id"])) if row.get("rule_state") != OFF else None
        try:
            value = float(row["value"])
        except (TypeError, ValueError):
            continue
        if field is None or field in found or not math.isfinite(value):
            continue
        wanted = ("operator", "decimals", "scope", "document", "number", "clause", "document_number")
        found[field] = {"value": value} | {key: cell(row[key], kind_of(key)) for key in wanted if key in row}
    return found


def _rule_versions(rules: pd.DataFrame) -> list[dict[str, Any]]:
    """Return each document in force with the days from which its rules hold, how many, and how many the bureau changed."""
    if not {"document", "valid_from", "rule_state"} <= set(rules.columns):
        return []
    found = []
    for document, own in rules[rules["rule_state"] != OFF].groupby("document", sort=True):
        days = sorted({str(day) for day in _values(own["valid_from"], "date") if day is not None})
        changed = int(own["rule_state"].isin((CHANGED, ADDED)).sum())
        found.append(
            {"document": cell(document, "text"), "from": days, "rules": len(own), "changed": changed}
        )
    return found


def _sources(parcels: pd.DataFrame) -> list[str]:
    if "source_file" not in parcels.columns:
        return []
    return sorted({str(value) for value in _values(parcels["source_file"], "text") if value is not None})
