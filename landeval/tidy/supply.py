"""The table of stock and supply (储备与供地表), with or without polygons, to one row a plot."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.land_supply import AREA_DECIMALS
from landeval.project import Project
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.standards.industries import groups_named
from landeval.tidy import values
from landeval.tidy.area import ABSURD_RATIO, NOTICE_M2, NOTICE_SHARE
from landeval.tidy.form_rows import with_known_land, without_examples, written
from landeval.tidy.land_use import is_industrial
from landeval.tidy.outlines import outlines
from landeval.tidy.requirements import require
from landeval.tidy.services import services_of
from landeval.tidy.table import Typed, content_of, typed, unknown
from landeval.units import round_half_up, to_mu
from landeval.vocabulary.fields import fields_of

LAND = "plot_area_m2"
NAMES = ("plot_code", "parcel_code", "plot_name")
_PLACE = list(SOURCE_COLUMNS)


class Stock(NamedTuple):
    """``frame``: one row a plot, index ``plot_id``; tables, issues, states of every row, file → CRS."""

    frame: gpd.GeoDataFrame
    tables: list[Typed]
    issues: list[pd.DataFrame]
    states: pd.DataFrame
    crs: dict[str, str]


def tidy_supply(raws: list[RawTable], project: Project) -> Stock:
    """Type every table or layer, name every plot, find its land, and withhold what cannot be believed.

    Parameters
    ----------
    raws : list of RawTable
        Tables, or polygon layers with the same columns; none gives an empty frame.
    project : Project

    Returns
    -------
    Stock
        ``frame`` has the fields of the vocabulary's ``supply``, ``plot_area_mu`` [亩, to 0.0001],
        ``services_count``, ``services_most`` (NaN unknown), ``is_industrial``, ``planned_groups``, ``built_share`` (NaN unknown), ``asked`` (fields for which
        the plot's table has a column), ``is_ambiguous`` (its code stands beside another plot too), geometry in EPSG:4490.

    Raises
    ------
    InputRefusedError
        No column names a plot, or no plot among the rows.
    """
    tables, problems, frames, found = [], [], [], {}
    for raw in raws:
        table = typed(raw, project.currency, project.county_code)
        require(raw, table, NAMES, code="E552",
                what="储备与供地表缺少必需的列：地块编号、宗地代码、地块名称至少要有一列")  # fmt: skip
        table, noted = without_examples(table, "plot_name", "E540")
        table = with_known_land(raw, table, LAND, "E541")
        key = _first_of(table.frame).fillna("")
        drawn = outlines(raw, table.frame, project, code="E544", key=key)
        table = replace(table, frame=_with_figures(table, project).assign(geometry=drawn.shapes))
        table, doubts = _believed(raw, table, drawn.area_m2)
        tables.append(table)
        frames.append(table.frame)
        problems += [table.issues, noted, *drawn.issues, *doubts]
        if drawn.crs:
            found[raw.source.name] = drawn.crs
    if not raws:
        return Stock(_blank(), [], [], pd.DataFrame(), {})
    rows = pd.concat(frames, ignore_index=True)
    if not len(rows):
        raise InputRefusedError(
            "储备与供地表中没有地块（示例行不计入）",
            where="、".join(str(raw.source.path) for raw in raws),
            remedy="请逐行填写地块后重新运行",
            code="E553",
        )
    rows, repeated, more = _named(rows)
    frame = gpd.GeoDataFrame(
        rows[~repeated].set_index("plot_id").sort_index(), geometry="geometry", crs="EPSG:4490"
    )
    return Stock(frame, tables, [*problems, *more], _states(rows, repeated), found)


def _first_of(rows: pd.DataFrame) -> pd.Series:
    """Return what a plot is called: its code, else its parcel's, else its name."""
    name = rows[NAMES[0]].astype("object")
    for other in NAMES[1:]:
        name = name.where(name.notna(), rows[other])
    return name


def _with_figures(table: Typed, project: Project) -> pd.DataFrame:
    """Add what several columns say together: services, use, and which fields were asked for at all."""
    frame = table.frame
    asked = " ".join(sorted(set(table.columns["field"])))
    return frame.assign(
        **services_of(frame),
        planned_groups=frame["planned_industry"].map(groups_named).astype("object"),
        is_industrial=is_industrial(frame["land_use"], project.switches.industrial_words),
        asked=pd.Series(f" {asked} ", index=frame.index, dtype="object"),
    )


def _believed(raw: RawTable, table: Typed, drawn: np.ndarray) -> tuple[Typed, list[pd.DataFrame]]:
    """Take the written land before the drawn one; none where they contradict, and no built part larger than the whole."""
    rows = table.frame
    place, key = rows[_PLACE], _first_of(rows).fillna("")
    header, cells = written(raw, table, LAND)
    shape = pd.Series(drawn, index=rows.index)
    land = rows[LAND].where(rows[LAND] > 0)
    ratio = land / shape
    absurd = (rows[LAND] == 0) | (ratio > ABSURD_RATIO) | (ratio < 1 / ABSURD_RATIO)
    differs = ~absurd & (((ratio - 1).abs() > NOTICE_SHARE) | ((land - shape).abs() > NOTICE_M2))
    area = land.combine_first(shape.where(rows[LAND].isna())).mask(absurd)
    told = "图形面积 " + shape.map("{:,.2f} ㎡".format).astype("object")
    problems = [
        issues.report(code, place[hit], column=header, raw=cells[hit].map(str), used=used, key=key[hit],
                      detail=told[hit].where(shape[hit].notna(), ""))
        for code, hit, used in (("E542", absurd, "未知"), ("E543", differs, land[differs].map("{:,.2f} ㎡".format)))
    ]  # fmt: skip
    unsaid = rows["source_row"].isin(table.issues.loc[table.issues["code"] == "E541", "source_row"])
    nothing = area.isna() & ~absurd & ~unsaid
    problems.append(
        issues.report(
            "E559",
            place[nothing],
            column=header,
            raw=cells[nothing].map(lambda cell: values.text(cell) or ""),
            used="未知",
            key=key[nothing],
        )
    )
    built = rows["plot_built_m2"]
    over = built > area * (1 + NOTICE_SHARE)
    by_area = (built / area).clip(upper=1.0).mask(over)
    stated = rows["plot_built_share"]
    clash = (by_area - stated).abs() > NOTICE_SHARE
    own, said = written(raw, table, "plot_built_m2")
    for hit, why in ((over, "建成面积大于地块面积"), (clash, "建成面积与建成比例不一致")):
        problems.append(
            issues.report(
                "E555", place[hit], column=own, raw=said[hit].map(str), used="未知", detail=why, key=key[hit]
            )
        )
    share = by_area.combine_first(stated).mask(over | clash)
    frame = rows.assign(plot_area_mu=round_half_up(to_mu(area), AREA_DECIMALS), built_share=share)
    return replace(table, frame=frame), problems


def _named(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series, list[pd.DataFrame]]:
    """Give every plot its code as key, numbered by content where several have it; identical rows are repeats."""
    content = content_of(rows[[field.name for field in fields_of("supply")]])
    content = content + pd.Series(
        shapely.to_wkb(np.asarray(rows["geometry"], dtype=object), hex=True), index=rows.index
    ).fillna("")
    name = _first_of(rows)
    nobody = name.isna()
    name = name.where(~nobody, rows["source_file"] + " 第 " + rows["source_row"].astype(str) + " 行").astype(
        str
    )
    repeated = content.duplicated() & ~nobody
    kept = pd.DataFrame({"name": name, "content": content})[~repeated].sort_values(["name", "content"])
    number = kept.groupby("name").cumcount() + 1
    several = kept.groupby("name")["content"].transform("size") > 1
    key = (kept["name"] + ("#" + number.astype(str)).where(several, "")).reindex(rows.index)
    first = kept.assign(key=key).drop_duplicates(["name", "content"]).set_index(["name", "content"])["key"]
    at = pd.MultiIndex.from_arrays([name, content])
    key = key.where(~repeated, pd.Series(first.reindex(at).to_numpy(), index=rows.index))
    several = several.reindex(rows.index, fill_value=False)
    result = rows.assign(plot_id=key.astype("object"), is_ambiguous=several)
    return (
        result,
        repeated,
        [
            issues.report("E545", rows.loc[several, _PLACE], raw=name[several], key=key[several]),
            issues.report("E220", rows.loc[repeated, _PLACE], key=key[repeated]),
        ],
    )


def _states(rows: pd.DataFrame, repeated: pd.Series) -> pd.DataFrame:
    """State of every row: taken or a repeat, with its land."""
    land = rows["plot_area_mu"].map("{:.4f} 亩".format).where(rows["plot_area_mu"].notna(), "面积未知")
    return rows[_PLACE].assign(
        record_key=rows["plot_id"],
        record_state=repeated.map({True: "重复", False: "采用"}),
        destination=repeated.map({True: "与另一记录完全相同", False: "supply.csv"}),
        amounts=land,
    )


def _blank() -> gpd.GeoDataFrame:
    """Return the frame of nobody's plots."""
    index = pd.Index([], dtype="object", name="plot_id")
    frame = pd.DataFrame({field.name: unknown(field, index) for field in fields_of("supply")}, index=index)
    texts = {name: pd.Series(dtype="object", index=index) for name in
             ("source_file", "source_layer", "is_industrial", "planned_groups", "asked")}  # fmt: skip
    numbers = {name: pd.Series(dtype="float64", index=index) for name in
               ("plot_area_mu", "built_share", "services_count", "services_most")}  # fmt: skip
    rest = {
        "source_row": pd.Series(dtype="int64", index=index),
        "is_ambiguous": pd.Series(dtype=bool, index=index),
    }
    return gpd.GeoDataFrame(
        frame.assign(**texts, **numbers, **rest), geometry=gpd.GeoSeries([], index=index, crs="EPSG:4490")
    )
