"""Raw parcel layers, or a ledger without polygons, to the canonical ``parcels`` frame."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landeval import issues
from landeval.project import Project
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.tidy.crs import locate
from landeval.tidy.geometry import screen
from landeval.tidy.requirements import require
from landeval.tidy.table import Typed, content_of, typed, unknown
from landeval.vocabulary.fields import fields_of


def tidy_parcels(
    raws: list[RawTable], project: Project
) -> tuple[gpd.GeoDataFrame, list[Typed], list[pd.DataFrame], dict[str, str]]:
    """Make the parcels frame: typed columns, shapes in EPSG:4490, area on the ellipsoid, ids.

    Parameters
    ----------
    raws : list of RawTable
        Parcel layers; tables without geometry are allowed (no parcel then has a shape).
    project : Project

    Returns
    -------
    GeoDataFrame
        Index ``parcel_id``; identical duplicate records left out (they are in the reconciliation).
    list of Typed
        The typed tables, for column names and set-aside rows.
    list of DataFrame
        Issues.
    dict
        File → CRS found.
    """
    tables, problems, found = [], [], {}
    frames = []
    for raw in raws:
        table = typed(raw, project.currency, project.county_code)
        if "geometry" not in raw.frame:
            require(
                raw,
                table,
                ("parcel_code", "holder_name", "credit_code", "supervision_no", "contract_no"),
                code="E291",
                what="宗地表没有图形，也没有宗地代码、电子监管号、合同编号、权利人，无法认定是哪一宗",
            )
        tables.append(table)
        problems.append(table.issues)
        frame, noted, crs = _with_shapes(raw, table.frame, project)
        problems.append(noted)
        found[raw.source.name] = crs
        frames.append(frame)
    merged = pd.concat(frames, ignore_index=True)
    merged, noted = _identified(merged)
    problems.append(noted)
    for field in (*fields_of("parcels"), *fields_of("contracts")):
        if field.name not in merged:
            merged[field.name] = unknown(field, merged.index)
    return gpd.GeoDataFrame(merged, geometry="geometry", crs="EPSG:4490"), tables, problems, found


def _with_shapes(
    raw: RawTable, frame: pd.DataFrame, project: Project
) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    if "geometry" not in frame:
        shapes = np.full(len(frame), None, dtype=object)
        blank = gpd.GeoSeries(shapes, index=frame.index, crs="EPSG:4490")
        return frame.assign(geometry=blank, area_measured_m2=np.nan), issues.empty(), ""
    located = locate(raw, project)
    kept = raw.frame.set_index(list(SOURCE_COLUMNS)).index.get_indexer(
        pd.MultiIndex.from_frame(frame[list(SOURCE_COLUMNS)])
    )
    screened = screen(located.shapes[kept])
    place = frame[list(SOURCE_COLUMNS)]
    detail = pd.Series(screened.detail, index=frame.index)
    key = frame["parcel_code"]
    problems = [located.issues]
    for code, mask in (("E213", screened.is_missing), ("E214", screened.is_unreliable), ("E234", screened.is_repaired),
                       ("E216", located.outside[kept])):  # fmt: skip
        problems.append(issues.report(code, place[mask], detail=detail[mask], key=key[mask].fillna("")))
    frame = frame.assign(
        geometry=gpd.GeoSeries(screened.shapes, index=frame.index, crs="EPSG:4490"),
        area_measured_m2=screened.area_m2,
    )
    return frame, issues.gather(problems), located.crs


def _identified(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give each record an id: its parcel code, numbered where a code stands twice; drop identical records."""
    place = list(SOURCE_COLUMNS)
    base = frame["parcel_code"].astype("object")
    for name in ("supervision_no", "contract_no"):
        if name in frame:
            base = base.where(base.notna(), frame[name])
    by_row = (
        frame["source_file"].map(lambda name: name.rsplit(".", 1)[0])
        + "-"
        + frame["source_row"].map("{:05d}".format)
    )
    base = base.where(base.notna(), by_row)
    content = pd.Series(
        shapely.to_wkb(np.asarray(frame["geometry"], dtype=object), hex=True), index=frame.index
    ).fillna("")
    content = content + "|" + content_of(frame.drop(columns=[*place, "geometry"]))
    order = pd.DataFrame({"id": base, "content": content, "row": frame["source_row"]}).sort_values(
        ["id", "content", "row"]
    )
    again = order.duplicated(["id", "content"]) & frame.loc[order.index, "parcel_code"].notna()
    problems = [issues.report("E220", frame.loc[again[again].index, place], key=base[again[again].index])]
    kept = order[~again]
    number = kept.groupby("id").cumcount()
    twice = kept.groupby("id")["id"].transform("size") > 1
    ids = kept["id"] + number.map(lambda n: f"#{n + 1}" if n else "")
    while (meets := (number > 0) & ids.isin(set(kept["id"]))).any():
        ids = ids.mask(meets, ids + "#")
    problems.append(issues.report("E212", frame.loc[twice[twice].index, place], key=ids[twice]))
    result = frame.loc[kept.index].assign(parcel_id=ids).sort_values("parcel_id").set_index("parcel_id")
    same = pd.Series(content.map(lambda text: text.split("|", 1)[0]).loc[kept.index].to_numpy(), index=ids)
    stacked = same[(same != "") & same.duplicated(keep=False)].index
    problems.append(
        issues.report(
            "E227",
            result.loc[result.index.isin(stacked), place],
            key=result.index[result.index.isin(stacked)],
        )
    )
    return result, issues.gather(problems)
