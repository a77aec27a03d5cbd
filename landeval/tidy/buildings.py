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
from landeval.tidy.crs import locate
from landeval.tidy.geometry import screen
from landeval.tidy.overlaps import overlapping
from landeval.tidy.table import Typed, content_of, typed
from landeval.vocabulary.fields import label

STACKED_SHARE = 0.05
"""Two footprints that share more of the smaller than this are drawn one on the other: storeys cannot be added."""
STOREY_M = (2.0, 40.0)
"""Mean height of a storey outside of which storeys or height are hardly right."""
TIMES = 2.0
"""A written floor area so many times footprint × storeys, or the reverse, is hardly right."""
PLACE = list(SOURCE_COLUMNS)


class Buildings(NamedTuple):
    """The buildings of a run.

    Attributes
    ----------
    frame : GeoDataFrame
        Index 0, 1, 2 … by file, layer and row: the fields of the table ``buildings``, ``SOURCE_COLUMNS``,
        ``is_reliable`` (its footprint may be measured), ``is_stacked`` (drawn over another building).
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
    problems += [noted_overlaps, _implausible(kept)]
    land = gpd.GeoDataFrame(kept, geometry="geometry", crs="EPSG:4490")
    return Buildings(land, tables, problems, found, repeats)


def _with_shapes(
    raw: RawTable, frame: pd.DataFrame, project: Project
) -> tuple[pd.DataFrame, list[pd.DataFrame], str]:
    located = locate(raw, project)
    kept = raw.frame.set_index(PLACE).index.get_indexer(pd.MultiIndex.from_frame(frame[PLACE]))
    drawn = np.asarray(raw.frame["geometry"], dtype=object)[kept]
    screened = screen(located.shapes[kept], drawn, is_shapefile=raw.facts.get("format") == "shapefile")
    place, key = frame[PLACE], _key(frame)
    detail = pd.Series(screened.detail, index=frame.index, dtype="object")
    problems = [located.issues]
    for code, mask in (
        ("E460", screened.is_missing), ("E462", screened.is_unreliable), ("E234", screened.is_repaired),
        ("E277", screened.is_collection), ("E216", located.outside[kept] & ~screened.is_missing),
    ):  # fmt: skip
        said = "" if code in ("E216", "E277") else detail[mask]
        problems.append(issues.report(code, place[mask], detail=said, key=key[mask]))
    shapes = gpd.GeoSeries(screened.shapes, index=frame.index, crs="EPSG:4490")
    measured = pd.Series(screened.area_m2, index=frame.index)
    sound = ~(screened.is_missing | screened.is_unreliable)
    return frame.assign(geometry=shapes, measured_m2=measured, is_reliable=sound), problems, located.crs


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
    at, beside = np.r_[pairs.one, pairs.other], np.r_[pairs.other, pairs.one]
    shared = np.r_[pairs.area_m2, pairs.area_m2]
    rows = frame.take(at).reset_index(drop=True)
    other = frame.take(beside).reset_index(drop=True)
    detail = pd.Series(
        [f"与 {file} 第 {row} 行重叠 {area:,.1f} ㎡，占本幢 {area / own:.1%}" for file, row, area, own in zip(
            other["source_file"], other["source_row"], shared, size[at], strict=True)], index=rows.index, dtype="object",
    )  # fmt: skip
    return frame.assign(is_stacked=stacked), issues.report("E463", rows[PLACE], detail=detail, key=_key(rows))


def _implausible(frame: pd.DataFrame) -> pd.DataFrame:
    """Question what can hardly be of one building; single figures out of range are told by their column (E205)."""
    storeys, height, floor = frame["storeys"], frame["height_m"], frame["floor_area_m2"]
    each = height / storeys.where(storeys >= 1)
    built = frame["measured_m2"] * storeys.where(storeys >= 1)
    times = floor / built
    odd_height = (each < STOREY_M[0]) | (each > STOREY_M[1])
    odd_floor = (floor > 0) & ((times > TIMES) | (times < 1 / TIMES))
    said = (
        (storeys < 1, "storeys", storeys, "层数不足 1，不用来推算建筑面积"),
        (floor == 0, "floor_area_m2", floor, "建筑面积填 0，按没有填报处理"),
        (odd_height, "height_m", height, "平均每层 " + each.astype("object").map("{:.2f} m".format)),
        (
            odd_floor,
            "floor_area_m2",
            floor,
            "基底 × 层数为 " + built.astype("object").map("{:,.1f} ㎡".format),
        ),
    )
    return issues.gather(
        issues.report(
            "E461", frame.loc[mask, PLACE], column=label(name), raw=value[mask].astype("object").map("{:.10g}".format),
            detail=detail[mask] if isinstance(detail, pd.Series) else detail, key=_key(frame[mask]),
        )
        for mask, name, value, detail in said
    )  # fmt: skip
