"""The intensive-use index on one page: figures of the form and the parcels → indicators → scores, gaps and potentials."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from landeval import issues
from landeval.intensive_use import INDICATOR, IntensiveUse
from landeval.judge.index_score import Whole, index_nodes, verdict
from landeval.judge.parcel_potentials import COLUMNS as PARCEL_COLUMNS
from landeval.judge.parcel_potentials import parcel_potentials
from landeval.measure.intensive_use import indicator_values, missing_of, zone_type
from landeval.measure.land_status import Sum, in_growth, regions_of, settled, summed
from landeval.measure.potentials import potentials
from landeval.project import Indexing
from landeval.standards.index_indicators import INDICATORS
from landeval.standards.intensive_use import TARGET_RULE
from landeval.standards.rule import BASES, Rule, shown
from landeval.vocabulary.land_status import GROWTH, MAIN, OFFICIAL, items

FIGURES = (
    "index_region", "status_code", "status_item", "status_unit", "status_value", "status_how", "status_written",
    "status_summed", "status_known", "status_difference", "status_origin",
)  # fmt: skip
NO_PARCELS = "没有宗地可以汇总"
NOT_SPLIT = "宗地没有分主区和发展方向区，没有汇总（可写明参数表“集约利用指数”一节的“发展方向区”（landeval.toml 的 [index] growth_zones））"


@dataclass(frozen=True)
class Land:
    """What a run knows of its parcels, for the sums: ``is_asked`` tells whether their completion was asked for."""

    parcels: pd.DataFrame
    status: pd.DataFrame
    is_asked: pd.Series


def index_of(
    indexing: Indexing,
    written: pd.DataFrame,
    rules: Mapping[str, Rule],
    *,
    file: str,
    land: Land | None,
    year: int | None,
    as_of: dt.date,
    currency: str = "元",
) -> tuple[IntensiveUse, pd.DataFrame]:
    """Make the index of a development zone.

    Parameters
    ----------
    indexing : Indexing
        Scheme, type and zones of the project.
    written : DataFrame
        Figures of 指数数据表 (``tidy.land_status``).
    rules : Mapping
        In force on the day; its target and the lines of the parcels.
    file : str
        Name of the form, for the issues.
    land : Land or None
        Without it nothing is summed and no parcel has potentials.
    year : int or None
    as_of : date
    currency : str
        元, or what replaces it in the units.

    Returns
    -------
    IntensiveUse, DataFrame of issues
    """
    scheme = indexing.scheme
    sums, why = _sums(indexing, written, land, year, as_of)
    figures, told = settled(written, sums, why)
    regions = regions_of(figures, bool(indexing.growth_zones))
    by_region = {
        name: figures[figures["index_region"] == name].set_index("status_code")["status_value"]
        for name in regions
    }
    values = {name: indicator_values(each) for name, each in by_region.items()}
    kind, type_why = zone_type(by_region[MAIN], scheme)
    if indexing.zone_type:
        type_why = f"设置指定；按占比为{kind or '无法判定'}（{type_why}）"
        kind = indexing.zone_type
    rule = rules.get(TARGET_RULE)
    target = float(rule.number) if rule else float("nan")
    found = [told]
    if kind:
        nodes, whole = index_nodes(values, scheme, kind, target)
        nodes, noted = _noted(nodes, by_region, file)
        found += noted
    else:
        unknown = Whole(float("nan"), 0.0, 100.0)
        nodes, whole = _no_nodes(), unknown
        found.append(issues.report_file("E516", file, column=MAIN, detail=type_why))
    if scheme.caveat or scheme.changes:
        told_of = "；".join(part for part in (scheme.caveat, *scheme.changes) if part)
        found.append(issues.report_file("E515", file, detail=f"{scheme.title}：{told_of}"))
    last = {
        name: {node.indicator: node for node in scheme.trees[kind, name] if node.indicator} if kind else None
        for name in regions
    }
    official = figures[(figures["index_region"] == MAIN) & (figures["status_code"] == OFFICIAL)].iloc[0]
    return IntensiveUse(
        scheme=scheme,
        zone_type=kind,
        type_why=type_why,
        figures=_in(currency, figures.loc[figures["index_region"].isin(regions), list(FIGURES)]).reset_index(drop=True),
        nodes=_in(currency, nodes),
        potentials=pd.concat(
            [potentials(name, by_region[name], values[name], last[name]) for name in regions], ignore_index=True
        ),
        parcel_potentials=_in(currency, _of_parcels(land, rules)),
        target=target,
        target_why=_target_words(rule, as_of),
        verdict=verdict(whole, target, rule.decimals if rule else 2),
        official=float(official["status_value"]),
        official_origin=official["status_origin"] if isinstance(official["status_origin"], str) else "",
    ), issues.gather(found)  # fmt: skip


def _in(currency: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Name the project's currency in the units."""
    columns = [name for name in ("measure_unit", "amount_unit", "status_unit") if name in frame]
    if currency == "元" or not len(frame):
        return frame
    return frame.assign(**{name: frame[name].str.replace("万元", f"万{currency}") for name in columns})


def _target_words(rule: Rule | None, as_of: dt.date) -> str:
    """Cite the target, and say that its document does not tell how the index is made."""
    if rule is None:
        return f"{as_of} 没有现行的指数目标"
    line = f"{rule.citation}“{rule.label} {rule.operator} {shown(rule.number)}{rule.unit}”"
    return f"{line}（没有写明算法，与本测算是否同一口径须由县确认）"


def _sums(
    indexing: Indexing, written: pd.DataFrame, land: Land | None, year: int | None, as_of: dt.date
) -> tuple[dict[str, dict[str, Sum]], str]:
    """Sum the parcels by region, where they can be told apart; else say why not."""
    if land is None:
        return {}, NO_PARCELS
    growth = written[(written["index_region"] == GROWTH) & (written["status_code"] != OFFICIAL)]
    if not indexing.growth_zones:
        if growth["is_filled"].any():
            return {}, NOT_SPLIT
        return {MAIN: summed(land.parcels, land.status, land.is_asked, year, as_of)}, ""
    away = in_growth(land.parcels, indexing.growth_zones)
    parts = {MAIN: land.parcels[~away], GROWTH: land.parcels[away]}
    return {name: summed(part, land.status, land.is_asked, year, as_of) for name, part in parts.items()}, ""


def _of_parcels(land: Land | None, rules: Mapping[str, Rule]) -> pd.DataFrame:
    if land is None:
        return pd.DataFrame(columns=list(PARCEL_COLUMNS))
    found = parcel_potentials(land.parcels, rules)
    names = {name: found["parcel_id"].map(land.parcels[name]) for name in ("holder_name", "area_mu", "community_name")
             if name in land.parcels}  # fmt: skip
    return found.assign(**names, status=found["parcel_id"].map(land.status["status"]))


def _no_nodes() -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: pd.Series(dtype="object")
            for name in ("index_region", "index_level", "index_node", "index_name")
        }
    )


def _noted(
    nodes: pd.DataFrame, figures: Mapping[str, pd.Series], file: str
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Say of every node what is missing, capped or has no ideal; and tell it."""
    by_label = {one.label: one for one in INDICATORS.values()}
    notes, told = nodes["index_note"].tolist(), []
    for at, row in enumerate(nodes.to_dict("records")):
        one = by_label.get(row["index_name"]) if row["index_level"] == INDICATOR else None
        if one is None or row["index_full_weight"] == 0:
            continue
        said, code = "", ""
        value, ideal = row["index_value"], row["index_ideal"]
        if value != value:
            lacking = missing_of(one.name, figures[row["index_region"]])
            code, said = "E514", f"缺{'、'.join(f'{code} {items()[code].label}' for code in lacking)}"
        elif ideal != ideal:
            code, said = "E517", "没有理想值"
        elif not one.is_falling and value > ideal:
            code, said = "E513", f"现状值 {value:.4g} 好于理想值 {ideal:g}，按 1 计"
        if code:
            notes[at] = "；".join(part for part in (said, notes[at]) if part)
            detail = f"{row['index_region']} {one.label}：{said}"
            told.append(issues.report_file(code, file, column=row["index_region"], detail=detail))
    unknown = nodes["index_score"].isna() & (nodes["index_level"] != INDICATOR)
    between = (
        "有未知的指标，得分在 "
        + nodes["index_low"].map("{:.2f}".format)
        + " 至 "
        + nodes["index_high"].map("{:.2f}".format)
        + " 之间"
    )
    return nodes.assign(
        index_note=np.where(unknown, between, notes),
        index_ideal_basis=nodes["index_ideal_basis"].map(lambda basis: BASES.get(basis, basis))
        + ("：" + nodes["index_ideal_source"]).where(nodes["index_ideal_source"] != "", ""),
        index_weight_basis=nodes["index_weight_basis"].map(lambda basis: BASES.get(basis, basis)),
    ).drop(columns="index_ideal_source"), told  # fmt: skip
