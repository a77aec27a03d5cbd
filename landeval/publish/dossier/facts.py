"""What is on file about a parcel: each item with its value and where it was written; an unknown one with who has it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import pandas as pd

from landeval.publish.cells import cell, kind_of, text_of
from landeval.publish.documents.paper import UNKNOWN
from landeval.publish.labels import label_of
from landeval.result import Result
from landeval.sources import spot_of
from landeval.units import fixed
from landeval.vocabulary.fields import fields

ALWAYS = (
    "parcel_code", "holder_name", "credit_code", "location", "certificate_no", "land_use", "supply_method", "contract_no",
    "supervision_no", "signed_on", "price_wan_yuan", "area_mu", "area_registered_m2", "area_contract_m2",
    "area_measured_m2", "delivered_on", "agreed_start", "due_start", "actual_start", "agreed_completion",
    "actual_completion",
)  # fmt: skip
"""Items of every dossier, known or not."""
WHERE_KNOWN = (
    "enterprise_names", "industry_group", "production_status", "right_type", "extended_start", "construction_permit_no",
    "suspended_on", "resumed_on", "extended_completion", "built_area_m2", "buildable_area_m2", "invested_wan_yuan",
    "planned_investment_wan_yuan", "production_started_on", "stopped_production_on", "floor_area_m2", "footprint_m2",
    "plot_ratio", "building_factor_percent", "contract_plot_ratio_min", "contract_investment_wan_yuan_per_mu",
    "contract_output_wan_yuan_per_mu", "contract_tax_wan_yuan_per_mu", "idle_cause", "cause_evidence", "idle_decision_no",
    "mortgagee", "exemption_reason", "exemption_evidence", "exemption_until", "overlay_flags", "remark",
)  # fmt: skip
"""Items that many parcels do not have: shown where they are known."""
MADE = {
    "area_mu": "area_basis", "due_start": "due_start_basis", "floor_area_m2": "floor_area_basis",
    "footprint_m2": "footprint_basis",
}  # fmt: skip
"""Figures that the run chose among several: the column that says by what."""


_ROW = re.compile(r"第 (\d+) 行「")
Written = Mapping[str, list[tuple[str, str, str]]]
"""Row number → place of a record, column, what is written there."""


def written_in(told: pd.DataFrame) -> Written:
    """Return what problems say is written in cells, by the number of the row."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    rows = told[(told["raw_value"].fillna("").astype(str) != "") & told["source_row"].notna()]
    names = ("source_file", "source_layer", "source_row", "column", "raw_value")
    for file, layer, number, column, raw in rows[list(names)].fillna("").astype(str).itertuples(index=False):
        found.setdefault(number, []).append((spot_of(file, layer, number), column, _one_line(raw)))
    return found


def _one_line(text: str) -> str:
    """Take out of a text as written what no other value of a page has: breaks of lines, marks without a width."""
    return " ".join("".join(sign for sign in text if unicodedata.category(sign) != "Cf").split())


def facts(
    result: Result, parcel_id: str, row: Mapping[str, Any], written: Written
) -> list[tuple[str, str, str]]:
    """Return (item, value, where written) of a parcel, in the order of ``ALWAYS`` and ``WHERE_KNOWN``.

    Parameters
    ----------
    result : Result
    parcel_id : str
    row : Mapping
        Of a ``frames.parcel_table``.
    written : Mapping
        As made by ``written_in`` of the run's problems: an item that is unknown although its cell is not blank.
    """
    proof = _proof(result, parcel_id)
    told = []
    for name in (*ALWAYS, *WHERE_KNOWN):
        value = text_for(row, name)
        if not value and name in WHERE_KNOWN:
            continue
        if not value:
            value = _unused(name, proof.get(name, ""), written) or unknown(name, is_asked=name in proof)
        told.append((label_of(name, result.currency), value, _where(name, row, proof)))
    return told


def _unused(name: str, cited: str, written: Written) -> str:
    """Say what is written where an unknown item is asked of; empty where nothing is told of its cell."""
    raws = [
        raw
        for number in dict.fromkeys(_ROW.findall(cited))
        for spot, column, raw in written.get(number, ())
        if f"{spot}「{column}」" in cited or (spot in cited and column == label_of(name))
    ]
    return f"未知（所填的“{'”“'.join(dict.fromkeys(raws))}”没有采用）" if raws else ""


def text_for(row: Mapping[str, Any], name: str) -> str:
    """Return an item as a person reads it, figures with thousands separators; empty where it is unknown."""
    value = cell(row.get(name), kind_of(name))
    if isinstance(value, float) and not isinstance(value, bool):
        return fixed(value, 4).rstrip("0").rstrip(".")
    return text_of(value)


def unknown(name: str, *, is_asked: bool = False) -> str:
    """Say that an item is unknown and who has it; one whose column stands empty was not filled in.

    Examples
    --------
    >>> unknown("price_wan_yuan"), unknown("signed_on", is_asked=True), unknown("holder_name")
    ('未知（自然资源局（土地利用股）掌握）', '未填写', '未知（自然资源局（不动产登记中心）掌握）')
    """
    if is_asked:
        return "未填写"
    field = fields().get(name)
    return f"{UNKNOWN}（{field.office}掌握）" if field and field.office else UNKNOWN


def place_of(row: Mapping[str, Any]) -> str:
    """Return where the parcel's own record stands: file, layer and row."""
    file, layer, number = (
        text_of(cell(row.get(name), "code")) for name in ("source_file", "source_layer", "source_row")
    )
    if number:
        return spot_of(file, layer, number)
    return f"{file}［{layer}］" if layer else file


def _proof(result: Result, parcel_id: str) -> Mapping[str, str]:
    if result.basis is None or parcel_id not in result.basis.evidence.index:
        return {}
    found = result.basis.evidence.loc[parcel_id]
    return {str(name): str(place) for name, place in found.items() if isinstance(place, str) and place}


def _where(name: str, row: Mapping[str, Any], proof: Mapping[str, str]) -> str:
    if name == "area_measured_m2":
        return f"{place_of(row)}的图形" if row.get(name) == row.get(name) else place_of(row)
    if name in MADE and text_for(row, MADE[name]):
        return "；".join(part for part in (text_for(row, MADE[name]), proof.get(name, "")) if part)
    if name in proof:
        return proof[name]
    field = fields().get(name)
    if field is None or not field.tables:
        return "本次评价"
    return place_of(row) if not proof and "parcels" in field.tables else ""
