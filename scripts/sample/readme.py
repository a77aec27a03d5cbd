"""What the sample holds and what was planted in it, written down for the reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from . import cases
from .blemishes import Park
from .holders import is_new

_TEMPLATE = Path(__file__).with_name("readme_template.md")


def expected(
    park: Park, blemishes: Mapping[int, list[str]], exempted: Mapping[int, tuple[str, str]]
) -> pd.DataFrame:
    """Return the planned class, reason and mistakes of each parcel record, in the order of the layer.

    ``exempted`` gives class and reason of the parcels in the exemption register.
    """
    rows = []
    for index, row in park.parcels.iterrows():
        case: cases.Case = row["case"]
        planned, note = exempted.get(index, (case.planned, case.note))
        if row.geometry is None:
            planned, note = cases.UNKNOWN, "空图形记录，无台账、无企业"
        if "信用代码校验位错" in blemishes.get(index, []):
            planned, note = cases.UNKNOWN, "名称相同而两边信用代码不同，须人工复核，不自动匹配"
        rows.append(
            {
                "宗地代码": row["parcel_code"],
                "计划类别": planned,
                "说明": note,
                "要素序号": index + 1,
                "毛病": "、".join(blemishes.get(index, [])),
            }
        )
    return pd.DataFrame(rows)


def text(
    park: Park,
    zones: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    plan: pd.DataFrame,
    notes: Sequence[tuple[str, str, str]],
    seed: int,
    projects: Sequence[tuple[str, str, str]],
    exemptions: int,
    surveyed: int,
    stock: int,
    target_rows: int,
    roads: int,
) -> str:
    """Return the README of the sample, in Chinese."""
    parcels = park.parcels
    drawn = parcels[parcels.geometry.notna()]
    levels = zones["level"].value_counts()
    edges = [
        (row["parcel_code"], row["case"].planned, row["case"].note)
        for _, row in drawn.iterrows()
        if row["case"].tag and row["case"].tag not in ("无企业", "台账无日期", "标准厂房")
    ]
    return _TEMPLATE.read_text("utf-8").format(
        seed=seed,
        parcels=len(parcels),
        clusters=levels["产业集群"],
        bases=levels["产业基地"],
        communities=levels["产业社区"],
        rows="、".join(str(len(sheet)) for sheet in park.sheets.values()),
        ledger=len(park.ledger),
        exemptions=exemptions,
        surveyed=surveyed,
        stock=stock,
        roads=roads,
        buildings=len(buildings),
        magnitudes=_magnitudes(park),
        new=sum(is_new(case) for case in drawn["case"]),
        outside=int(drawn["community"].isna().sum()),
        straddling=int(drawn["is_straddling"].sum()),
        holes=sum(bool(shape.interiors) for shape in drawn.geometry if shape.geom_type == "Polygon"),
        parts=int((drawn.geom_type == "MultiPolygon").sum()),
        classes=_table((name, str(count)) for name, count in plan["计划类别"].value_counts().items()),
        edges=_table(edges),
        blemishes=_table(notes),
        projects=_table(projects),
        project_rows=len(projects),
        target_rows=target_rows,
    )


def _magnitudes(park: Park) -> str:
    area = park.parcels["registered_m2"] * 3 / 2000
    last = [firm for firm in park.firms if 2024 in firm.figures and firm.status == "正常"]

    def median(name: str) -> float:
        values = [firm.figures[2024][name] / firm.area_mu for firm in last if firm.figures[2024].get(name)]
        return float(np.median(values))

    return "\n".join(
        (
            f"- 宗地 {area.min():.1f}～{area.max():.1f} 亩，中位数 {area.median():.1f} 亩，"
            f"合计 {area.sum():,.0f} 亩。",
            f"- 2024年正常生产企业中位数：亩均投资 {median('investment'):.0f}、"
            f"亩均产值 {median('output'):.0f}、亩均税收 {median('tax'):.1f} 万元/亩；"
            f"企业 {len(park.firms) + 1} 家。",
        )
    )


def _table(rows: Iterable[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
