"""Levels from polygons, from the parcels' own columns, or mixed: some levels drawn, others written."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from landeval import issues
from landeval.place.assign import PREFIXES, Placed, ancestors, outline, place_by_columns, place_by_polygons
from landeval.result import LEVELS
from landeval.sources import SOURCE_COLUMNS

PLACE = list(SOURCE_COLUMNS)


def place(parcels: gpd.GeoDataFrame, zones: gpd.GeoDataFrame | None) -> Placed:
    """Put parcels into the three levels, each level from where it is known.

    A level that is drawn goes by the drawing; a parcel without a shape goes by what is written beside it. A
    level that nobody drew goes by the parcels' own column, and is drawn as the union of its parcels.

    Parameters
    ----------
    parcels : GeoDataFrame
        Index ``parcel_id``; ``cluster_name``, ``base_name``, ``community_name`` as written, ``area_mu``.
    zones : GeoDataFrame or None
        The drawn zones; None: there is no layout.
    """
    if zones is None:
        placed = place_by_columns(parcels)
        return placed._replace(issues=[*placed.issues, _two_parents(parcels, placed, LEVELS)])
    written = {level: _written(parcels, level) for level in LEVELS}
    drawn = [level for level in LEVELS if (zones["zone_level"] == level).any()]
    by_column = [level for level in LEVELS if level not in drawn and written[level].notna().any()]
    whole = _with_written_zones(zones, written, by_column)
    placed = place_by_polygons(parcels, whole)
    columns, problems = placed.columns.copy(), list(placed.issues)
    for level in by_column:
        prefix, own = PREFIXES[level], written[level]
        columns[f"{prefix}_code"] = own.where(own.notna(), columns[f"{prefix}_code"])
        columns[f"{prefix}_name"] = own.where(own.notna(), columns[f"{prefix}_name"])
    columns, moved = _without_shape(parcels, columns, whole, written, drawn)
    problems = [_but(problem, "E501", moved) for problem in problems]
    problems.append(issues.report("E700", parcels.loc[moved, PLACE], key=moved))
    problems += [_contradictions(parcels, columns, written[level], level) for level in drawn]
    found = Placed(columns, whole, problems)
    if by_column:
        found = _completed(parcels, found, by_column)
        found.issues.append(_two_parents(parcels, found, by_column))
    lacking = [level for level in LEVELS if level not in drawn and level not in by_column]
    file = str(zones["source_file"].iloc[0])
    found.issues.extend(issues.report_file("E597", file, detail=level) for level in lacking)
    return found


def _written(parcels: pd.DataFrame, level: str) -> pd.Series:
    name = f"{PREFIXES[level]}_name"
    column = parcels[name] if name in parcels else pd.Series(None, index=parcels.index)
    return column.astype("object").where(column.notna(), None)


def _with_written_zones(
    zones: gpd.GeoDataFrame, written: dict[str, pd.Series], by_column: list[str]
) -> gpd.GeoDataFrame:
    """Add a zone without shape for every name of a level that nobody drew."""
    rows = [
        {
            "zone_level": level,
            "zone_code": name,
            "zone_name": name,
            "parent_code": None,
            "source_file": zones["source_file"].iloc[0],
        }
        for level in by_column
        for name in sorted(written[level].dropna().unique())
    ]
    if not rows:
        return zones
    more = gpd.GeoDataFrame(
        pd.DataFrame(rows), geometry=gpd.GeoSeries([None] * len(rows), crs=zones.crs), crs=zones.crs
    )
    whole = pd.concat([zones.astype({"parent_code": "object"}), more], ignore_index=True)
    rank = whole["zone_level"].map(LEVELS.index)
    return gpd.GeoDataFrame(
        whole.iloc[rank.argsort(kind="stable")].reset_index(drop=True), geometry="geometry", crs=zones.crs
    )


def _without_shape(
    parcels: gpd.GeoDataFrame,
    columns: pd.DataFrame,
    zones: gpd.GeoDataFrame,
    written: dict[str, pd.Series],
    drawn: list[str],
) -> tuple[pd.DataFrame, pd.Index]:
    """Put parcels without a shape into the drawn zones that their own columns name, and those above them."""
    blind = parcels.geometry.isna()
    above = ancestors(zones)
    moved = pd.Series(False, index=parcels.index)
    columns = columns.copy()
    for level in reversed(drawn):
        here = zones[zones["zone_level"] == level]
        names = here.drop_duplicates("zone_name", keep=False)
        code_of = dict(zip(names["zone_name"], names["zone_code"], strict=True)) | {
            code: code for code in here["zone_code"]
        }
        name_of = dict(zip(here["zone_code"], here["zone_name"], strict=True))
        code = written[level].map(code_of)
        for low in LEVELS[LEVELS.index(level) + 1 :]:
            up = columns[f"{PREFIXES[low]}_code"].map(above[low, level])
            code = code.where(code.notna(), up)
        taken = blind & code.notna()
        columns.loc[taken, f"{PREFIXES[level]}_code"] = code[taken]
        columns.loc[taken, f"{PREFIXES[level]}_name"] = code[taken].map(name_of)
        moved |= taken
    return columns, parcels.index[moved]


def _contradictions(
    parcels: pd.DataFrame, columns: pd.DataFrame, written: pd.Series, level: str
) -> pd.DataFrame:
    """Report the parcels that are drawn in another zone than is written beside them."""
    prefix = PREFIXES[level]
    code, name = columns[f"{prefix}_code"], columns[f"{prefix}_name"]
    differs = written.notna() & code.notna() & (written != code) & (written != name)
    said = "落入的" + level + "是“" + name.fillna("").astype(str) + "”"
    return issues.report(
        "E599",
        parcels.loc[differs, PLACE],
        raw=written[differs],
        detail=said[differs],
        key=parcels.index[differs],
    )


def _completed(parcels: gpd.GeoDataFrame, placed: Placed, by_column: list[str]) -> Placed:
    """Draw the zones of written levels as the union of their parcels, and give them their parent by most land.

    ``is_drawn`` tells them from the zones that somebody drew.
    """
    zones = placed.zones.copy()
    for level in by_column:
        own = placed.columns[f"{PREFIXES[level]}_code"]
        coarser = [upper for upper in LEVELS[: LEVELS.index(level)] if (zones["zone_level"] == upper).any()]
        parent = _most_land(parcels, own, placed.columns[f"{PREFIXES[coarser[-1]]}_code"]) if coarser else {}
        at = zones.index[zones["zone_level"] == level]
        zones.loc[at, "parent_code"] = pd.Series(
            [parent.get(code) for code in zones.loc[at, "zone_code"]], index=at, dtype="object"
        )
        shapes = [
            outline(parcels.geometry[(own == code).to_numpy(dtype=bool)])
            for code in zones.loc[at, "zone_code"]
        ]
        zones.loc[at, "geometry"] = gpd.GeoSeries(shapes, index=at, crs=zones.crs)
    return placed._replace(zones=zones.assign(is_drawn=~zones["zone_level"].isin(by_column)))


def _most_land(parcels: pd.DataFrame, own: pd.Series, above: pd.Series) -> dict[str, str]:
    pairs = pd.DataFrame({"own": own, "above": above, "land": parcels["area_mu"].fillna(0.0)}).dropna()
    land = pd.DataFrame(pairs.groupby(["own", "above"])["land"].sum().reset_index())
    best = land.sort_values(["land", "above"], ascending=[False, True]).drop_duplicates("own")
    return dict(zip(best["own"], best["above"], strict=True))


def _two_parents(parcels: pd.DataFrame, placed: Placed, levels: list[str] | tuple[str, ...]) -> pd.DataFrame:
    """Report once the written zones whose parcels lie in several zones of the level above."""
    parts = []
    for level in levels:
        depth = LEVELS.index(level)
        own = placed.columns[f"{PREFIXES[level]}_code"]
        for upper in LEVELS[depth - 1 : depth] if depth else ():
            above = placed.columns[f"{PREFIXES[upper]}_name"]
            pairs = pd.DataFrame({"own": own, "above": above}).dropna().drop_duplicates()
            several = pairs[pairs["own"].duplicated(keep=False)].sort_values(["own", "above"])
            for name, rows in several.groupby("own"):
                first = parcels.loc[[rows.index.min()], PLACE]
                said = f"{level}“{name}”的宗地分属{upper} {'、'.join(map(str, rows['above']))}"
                parts.append(issues.report("E710", first, detail=said, key=str(name)))
    return issues.gather(parts)


def _but(problem: pd.DataFrame, code: str, keys: pd.Index) -> pd.DataFrame:
    """Leave out what is no longer so of some records."""
    return problem[~((problem["code"] == code) & problem["record_key"].isin(keys))]
