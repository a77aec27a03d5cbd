"""Raw layout layers to ``zones`` polygons of the three levels, in EPSG:4490."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.project import Project
from landeval.result import LEVELS
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.tidy.nesting import nesting
from landeval.tidy.outlines import laid
from landeval.tidy.overlaps import overlapping
from landeval.tidy.table import Typed, typed

MOST = 0.5
"""A zone with less than this inside its parent has the wrong parent, not an inexact outline."""


def tidy_layout(
    raws: list[RawTable], project: Project
) -> tuple[gpd.GeoDataFrame, list[Typed], list[pd.DataFrame], dict[str, str]]:
    """Make the zones of 产业集群, 产业基地 and 产业社区.

    Returns
    -------
    GeoDataFrame
        ``zone_level``, ``zone_code``, ``zone_name``, ``parent_code``, ``leading_industry``, geometry.
    list of Typed, list of issues, dict of file → CRS

    Raises
    ------
    InputRefusedError
        A layer without polygons, or without a level that can be understood.
    """
    tables, problems, frames, found = [], [], [], {}
    for raw in raws:
        table = typed(raw, project.currency, project.county_code)
        tables.append(table)
        problems.append(table.issues)
        if "geometry" not in raw.frame:
            raise InputRefusedError(
                "布局表没有图形", where=str(raw.source.path), remedy="请提供面图层", code="E135"
            )
        layer = laid(raw, table.frame, project)
        screened = layer.screened()
        bad = screened.is_missing | screened.is_unreliable
        place = table.frame[list(SOURCE_COLUMNS)]
        problems += [
            layer.issues,
            issues.report(
                "E504",
                place[bad],
                detail=pd.Series(screened.detail, index=place.index)[bad],
                key=table.frame["zone_name"][bad].fillna(""),
            ),
        ]
        shapes = gpd.GeoSeries(screened.shapes, index=table.frame.index, crs="EPSG:4490")
        shapes[bad] = None
        level = table.frame["zone_level"].map(_level)
        if raw.source.level:
            level = level.where(level.notna(), _level(raw.source.level))
        if level.isna().any():
            rows = table.frame.loc[level.isna(), ["source_row", "zone_level"]]
            raise InputRefusedError(
                "看不出分区的层级",
                where=f"{raw.source.path} {_listed(rows)}",
                remedy='请在“层级”列填 产业集群、产业基地 或 产业社区，或在参数表该节的“层级”填集群、基地或社区（landeval.toml 的 [layout] 写 level = "集群"）',
                code="E240",
            )
        found[raw.source.name] = layer.crs
        frames.append(table.frame.assign(zone_level=level, geometry=shapes))
    zones = pd.concat(frames, ignore_index=True)
    zones["zone_name"] = zones["zone_name"].where(zones["zone_name"].notna(), zones["zone_code"])
    zones["zone_code"] = zones["zone_code"].where(zones["zone_code"].notna(), zones["zone_name"])
    zones, noted = _coded_apart(zones)
    problems.append(noted)
    zones = zones.sort_values(["zone_level", "zone_code"], key=_order).reset_index(drop=True)
    problems += [_overlaps(zones), _strays(zones), nesting(zones, most=MOST)]
    return gpd.GeoDataFrame(zones, geometry="geometry", crs="EPSG:4490"), tables, problems, found


def _overlaps(zones: pd.DataFrame) -> pd.DataFrame:
    """Report the zones of one level that overlap by more than slack; pieces of one zone may."""
    shapes = np.asarray(zones["geometry"], dtype=object)
    parts = []
    for level in LEVELS:
        of_level = shapes.copy()
        of_level[(zones["zone_level"] != level).to_numpy()] = None
        pairs = overlapping(of_level)
        code = zones["zone_code"].to_numpy()
        apart = code[pairs.one] != code[pairs.other]
        one, other, area = (part[apart] for part in pairs)
        at, beside = np.r_[one, other], np.r_[other, one]
        rows = zones[list(SOURCE_COLUMNS)].take(at).reset_index(drop=True)
        names = zip(code[at], code[beside], np.r_[area, area], strict=True)
        detail = pd.Series(
            [f"{level} {mine} 与 {name} 重叠 {size:,.1f} ㎡" for mine, name, size in names],
            index=rows.index,
            dtype="object",
        )
        parts.append(issues.report("E283", rows, detail=detail, key=pd.Series(code[at], index=rows.index)))
    return issues.gather(parts)


def _strays(zones: pd.DataFrame) -> pd.DataFrame:
    """Report the zones of which more than half lies outside the zone they name as their parent."""
    outline: dict[str, list[shapely.Geometry]] = {}
    for code, shape in zip(zones["zone_code"], zones["geometry"], strict=True):
        if shape is not None:
            outline.setdefault(code, []).append(shape)
    drawn = zones["geometry"].notna() & zones["parent_code"].isin(list(outline))
    mine = np.asarray(zones.loc[drawn, "geometry"], dtype=object)
    above = np.array(
        [shapely.union_all(outline[code]) for code in zones.loc[drawn, "parent_code"]], dtype=object
    )
    if not len(mine):
        return issues.empty()
    inside = shapely.area(shapely.intersection(mine, above)) / shapely.area(mine)
    rows = zones[drawn][inside < MOST]
    detail = pd.Series(inside[inside < MOST], index=rows.index).map("在上级之内的部分 {:.1%}".format)
    return issues.report(
        "E285", rows[list(SOURCE_COLUMNS)], raw=rows["parent_code"], detail=detail, key=rows["zone_code"]
    )


def _listed(rows: pd.DataFrame, most: int = 5) -> str:
    """Name the rows whose level cannot be read, with what is written there."""
    told = [
        f"第 {row} 条（{'空白' if pd.isna(value) else value}）"
        for row, value in zip(rows["source_row"][:most], rows["zone_level"], strict=False)
    ]
    return "、".join(told) + (f" 等 {len(rows)} 条" if len(rows) > most else "")


def _level(text: object) -> str | None:
    """Read a level in any of the ways it is written.

    Examples
    --------
    >>> _level("集群"), _level("2"), _level("三级"), _level("其他")
    ('产业集群', '产业基地', '产业社区', None)
    """
    marks = (
        ("集群", "1", "一级", "CLUSTER"),
        ("基地", "2", "二级", "BASE"),
        ("社区", "3", "三级", "COMMUNITY"),
    )
    for level, words in zip(LEVELS, marks, strict=True):
        if isinstance(text, str) and text and (level == text or text.upper() in words or words[0] in text):
            return level
    return None


def _coded_apart(zones: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tell apart the zones of one level that share a code under different names; pieces of one zone stay together."""
    keys = ["zone_level", "zone_code"]
    number = zones.groupby(keys, dropna=False)["zone_name"].transform(
        lambda names: pd.factorize(names, sort=True)[0]
    )
    again = zones.groupby(keys, dropna=False)["zone_name"].transform("nunique") > 1
    suffix = number.astype("int64").map(lambda at: f"#{at + 1}" if at > 0 else "")
    note = issues.report(
        "E505",
        zones.loc[again, list(SOURCE_COLUMNS)],
        raw=zones["zone_name"][again],
        key=zones["zone_code"][again],
    )
    return zones.assign(zone_code=zones["zone_code"].astype("object") + suffix), note


def _order(column: pd.Series) -> pd.Series:
    return column.map(LEVELS.index) if column.name == "zone_level" else column.astype(str)
