"""Raw building layers to the canonical ``buildings`` frame: sound footprints in EPSG:4490, storeys, height, floor area."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.project import Project
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.tidy.outlines import laid
from landeval.tidy.overlaps import overlapping
from landeval.tidy.table import Typed, content_of, typed
from landeval.vocabulary.fields import label

STACKED_SHARE = 0.05
"""Two footprints that share more of the smaller than this are drawn one on the other: storeys cannot be added."""
TWIN_SHARE = 0.9
"""Two footprints that share more of either than this are one building drawn twice: its floor area may not be added."""
STOREYS, HEIGHT_M = (1, 120), (2.0, 500.0)
STOREY_M = (2.0, 40.0)
"""Storeys and height that a building can have, and mean height of a storey: outside, nothing is reckoned from them."""
TIMES = 2.0
"""A written floor area so many times footprint × storeys, or the reverse, is questioned. It is not used where it is
so many times too large, or does not even reach one storey of the footprint by so many times."""
PLACE = list(SOURCE_COLUMNS)


class Buildings(NamedTuple):
    """The buildings of a run.

    Attributes
    ----------
    frame : GeoDataFrame
        Index 0, 1, 2 … by file, layer and row: the fields of the table ``buildings``, ``SOURCE_COLUMNS``,
        ``is_reliable`` (its footprint may be measured), ``is_stacked`` (drawn over another building), ``is_twin``
        (drawn twice), ``odd_storeys``, ``odd_height``, ``odd_floor`` (as written, and not to be reckoned with).
        ``geometry`` is null where there is no polygon. Repeats are left out.
    tables : list of Typed
    issues : list of DataFrame
    crs : dict
        File → CRS found.
    states : DataFrame
        ``SOURCE_COLUMNS``, ``record_state``, ``destination``, ``record_key`` and ``amounts`` of the repeats.
    """

    frame: gpd.GeoDataFrame
    tables: list[Typed]
    issues: list[pd.DataFrame]
    crs: dict[str, str]
    states: pd.DataFrame


def tidy_buildings(raws: list[RawTable], project: Project) -> Buildings:
    """Make the buildings of the layers given.

    Parameters
    ----------
    raws : list of RawTable
        Vector layers.
    project : Project

    Raises
    ------
    InputRefusedError
        A table without shapes.
    """
    tables, problems, frames, found = [], [], [], {}
    for raw in raws:
        if "geometry" not in raw.frame:
            raise InputRefusedError(
                "建筑表没有图形", where=str(raw.source.path), remedy="请提供建筑物面图层", code="E135"
            )
        table = typed(raw, project.currency, project.county_code)
        frame, noted, crs = _with_shapes(raw, table.frame, project)
        tables.append(table)
        problems += [table.issues, *noted]
        found[raw.source.name] = crs
        frames.append(frame)
    merged = pd.concat(frames, ignore_index=True).sort_values(PLACE, kind="stable")
    again = _repeated(merged)
    problems.append(issues.report("E220", merged.loc[again, PLACE], key=_key(merged[again])))
    repeats = merged.loc[again, PLACE].assign(
        record_key=_key(merged[again]), record_state="重复", destination="与另一记录完全相同", amounts=""
    )
    kept = merged[~again].reset_index(drop=True)
    kept, noted_overlaps = _overlaps(kept)
    kept, noted_odd = _implausible(kept)
    problems += [noted_overlaps, noted_odd]
    land = gpd.GeoDataFrame(kept, geometry="geometry", crs="EPSG:4490")
    return Buildings(land, tables, problems, found, repeats)


def _with_shapes(
    raw: RawTable, frame: pd.DataFrame, project: Project
) -> tuple[pd.DataFrame, list[pd.DataFrame], str]:
    layer = laid(raw, frame, project)
    screened = layer.screened()
    place, key = frame[PLACE], _key(frame)
    detail = pd.Series(screened.detail, index=frame.index, dtype="object")
    problems = [layer.issues]
    for code, mask in (
        ("E460", screened.is_missing), ("E462", screened.is_unreliable), ("E234", screened.is_repaired),
        ("E277", screened.is_collection), ("E216", layer.outside & ~screened.is_missing),
    ):  # fmt: skip
        said = "" if code in ("E216", "E277") else detail[mask]
        problems.append(issues.report(code, place[mask], detail=said, key=key[mask]))
    shapes = gpd.GeoSeries(screened.shapes, index=frame.index, crs="EPSG:4490")
    measured = pd.Series(screened.area_m2, index=frame.index)
    sound = ~(screened.is_missing | screened.is_unreliable)
    return frame.assign(geometry=shapes, measured_m2=measured, is_reliable=sound), problems, layer.crs


def _key(frame: pd.DataFrame) -> pd.Series:
    """Return what a building is called: its number, else its name."""
    number: pd.Series = frame["building_no"]
    return number.where(number.notna(), frame["building_name"]).fillna("").astype("object")


def _repeated(frame: pd.DataFrame) -> pd.Series:
    """Mark the records that say and draw exactly what an earlier one does; without a shape there is no telling."""
    shape = pd.Series(shapely.to_wkb(np.asarray(frame["geometry"], dtype=object)), index=frame.index)
    again = shape.notna() & shape.duplicated(keep=False)
    if not again.any():
        return again
    told = content_of(frame[again].drop(columns=[*PLACE, "geometry"]))
    rows = pd.DataFrame({"shape": shape[again], "told": told})
    return rows.duplicated().reindex(frame.index, fill_value=False)


def _overlaps(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tell both buildings of every pair that overlaps by more than slack, and mark those drawn one on the other."""
    shapes = np.asarray(frame["geometry"], dtype=object).copy()
    shapes[~frame["is_reliable"].to_numpy(dtype=bool)] = None
    pairs = overlapping(shapes)
    size = frame["measured_m2"].to_numpy()
    over = pairs.area_m2 > STACKED_SHARE * np.minimum(size[pairs.one], size[pairs.other])
    stacked = np.zeros(len(frame), dtype=bool)
    stacked[pairs.one[over]] = stacked[pairs.other[over]] = True
    same = pairs.area_m2 > TWIN_SHARE * np.maximum(size[pairs.one], size[pairs.other])
    twin = np.zeros(len(frame), dtype=bool)
    twin[pairs.one[same]] = twin[pairs.other[same]] = True
    at, beside = np.r_[pairs.one, pairs.other], np.r_[pairs.other, pairs.one]
    shared = np.r_[pairs.area_m2, pairs.area_m2]
    rows = frame.take(at).reset_index(drop=True)
    other = frame.take(beside).reset_index(drop=True)
    detail = pd.Series(
        [f"与 {file} 第 {row} 行重叠 {area:,.1f} ㎡，占本幢 {area / own:.1%}" for file, row, area, own in zip(
            other["source_file"], other["source_row"], shared, size[at], strict=True)], index=rows.index, dtype="object",
    )  # fmt: skip
    frame = frame.assign(is_stacked=stacked, is_twin=twin)
    return frame, issues.report("E463", rows[PLACE], detail=detail, key=_key(rows))


def _implausible(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Mark and question what can hardly be of one building; nothing is changed, nor reckoned with where marked."""
    storeys, height, floor, ground = (
        frame[name] for name in ("storeys", "height_m", "floor_area_m2", "measured_m2")
    )
    odd_storeys = storeys.notna() & ~storeys.between(*STOREYS)
    odd_height = height.notna() & ~height.between(*HEIGHT_M)
    each = height.mask(odd_height) / storeys.mask(odd_storeys)
    odd_each = each.notna() & ~each.between(*STOREY_M)
    counted = storeys.mask(odd_storeys | odd_each)
    built = ground * counted
    too_small = (floor > 0) & (floor < ground / TIMES)
    too_large = floor > TIMES * built.fillna(ground * STOREYS[1])
    questioned = (floor > 0) & (built > TIMES * floor) & ~too_small
    by_storeys = "基底 × 层数为 " + built.astype("object").map("{:,.1f} ㎡".format)
    said = (
        (odd_storeys, "storeys", storeys, "层数不在 1～120 之间，不用来推算建筑面积"),
        (odd_height, "height_m", height, "高度不在 2～500 米之间，不用来判断层高"),
        (odd_each, "height_m", height, "平均每层 " + each.astype("object").map("{:.2f} m".format) + "，层数和高度都不采用"),
        (floor == 0, "floor_area_m2", floor, "建筑面积填 0，按没有填报处理"),
        (too_small, "floor_area_m2", floor, "不到基底面积的一半（" + ground.map("{:,.1f} ㎡".format) + "），不采用"),
        (too_large, "floor_area_m2", floor, by_storeys.where(built.notna(), "超过基底面积的 240 倍") + "，不采用"),
        (questioned, "floor_area_m2", floor, by_storeys + "，仍采用填报数"),
    )  # fmt: skip
    told = issues.gather(
        issues.report(
            "E461", frame.loc[mask, PLACE], column=label(name), raw=value[mask].astype("object").map("{:.10g}".format),
            detail=detail[mask] if isinstance(detail, pd.Series) else detail, key=_key(frame[mask]),
        )
        for mask, name, value, detail in said
    )  # fmt: skip
    odd = {"odd_storeys": odd_storeys | odd_each, "odd_height": odd_height | odd_each}
    return frame.assign(**odd, odd_floor=too_small | too_large), told
