"""Raw parcel layers, or a ledger without polygons, to the canonical ``parcels`` frame."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landeval import issues
from landeval.project import Project
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.tidy.code_names import with_names
from landeval.tidy.doubts import doubtful
from landeval.tidy.outlines import laid
from landeval.tidy.overlaps import overlapping
from landeval.tidy.requirements import require
from landeval.tidy.strips import plane_area
from landeval.tidy.table import Typed, content_of, typed, unknown
from landeval.vocabulary.fields import fields_of, label
from landeval.vocabulary.names import name_key
from landeval.wording import as_written

TWICE = 0.8
"""Of both parcels: two that share so much are likely one parcel under two codes."""
_TWICE = (
    "，两宗几乎重合，请核实是否同一宗地",
    "，两宗几乎重合，权利人相同，很可能是同一宗地登记了两次，其企业的金额按两宗的面积分摊",
)


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
        Index ``parcel_id``; identical duplicate records left out (they are in the reconciliation). ``stack`` names
        the first of the parcels that are drawn as one and the same polygon (None: drawn once).
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
        table = with_names(typed(raw, project.currency, project.county_code), project.switches)
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


def no_parcels() -> gpd.GeoDataFrame:
    """Return the frame of no parcel at all, with what the figures of a run would add."""
    index = pd.Index([], dtype="object", name="parcel_id")
    names = {field.name: field for field in (*fields_of("parcels"), *fields_of("contracts"))}
    frame = pd.DataFrame({name: unknown(field, index) for name, field in names.items()}, index=index)
    numbers = {name: pd.Series(dtype="float64", index=index) for name in ("area_mu", "area_measured_m2")}
    texts = {name: pd.Series(dtype="object", index=index) for name in
             ("is_industrial", "is_state_owned", "is_operating", "source_file", "source_layer")}  # fmt: skip
    row = {"source_row": pd.Series(dtype="int64", index=index)}
    return gpd.GeoDataFrame(
        frame.assign(**numbers, **texts, **row), geometry=gpd.GeoSeries([], index=index, crs="EPSG:4490")
    )


def _with_shapes(
    raw: RawTable, frame: pd.DataFrame, project: Project
) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    if "geometry" not in frame:
        shapes = np.full(len(frame), None, dtype=object)
        blank = gpd.GeoSeries(shapes, index=frame.index, crs="EPSG:4490")
        return frame.assign(geometry=blank, area_measured_m2=np.nan, area_plane_m2=np.nan), issues.empty(), ""
    layer = laid(raw, frame, project)
    screened = layer.screened()
    place = frame[list(SOURCE_COLUMNS)]
    key = frame["parcel_code"].fillna("")
    doubts = doubtful(screened.shapes, screened.area_m2)
    told = pd.DataFrame({"bad": screened.detail, **doubts.detail}, index=frame.index)
    problems = [layer.issues, _heights(raw, layer.drawn)]
    for code, mask, detail in (
        ("E213", screened.is_missing, "bad"), ("E214", screened.is_unreliable, "bad"), ("E234", screened.is_repaired, "bad"),
        ("E216", layer.outside & ~screened.is_missing, ""), ("E271", doubts.is_tiny, "area"),
        ("E272", doubts.is_huge, "area"), ("E273", doubts.has_odd_hole & ~screened.is_unreliable, ""),
        ("E275", doubts.has_spike, "spike"), ("E277", screened.is_collection, ""),
    ):  # fmt: skip
        said = told.loc[mask, detail] if detail else ""
        problems.append(issues.report(code, place[mask], detail=said, key=key[mask]))
    is_used = ~(doubts.is_tiny | doubts.is_huge)
    frame = frame.assign(
        geometry=gpd.GeoSeries(screened.shapes, index=frame.index, crs="EPSG:4490"),
        area_measured_m2=np.where(is_used, screened.area_m2, np.nan),
        area_plane_m2=np.where(is_used & np.isfinite(screened.area_m2), plane_area(screened.shapes), np.nan),
    )
    return frame, issues.gather(problems), layer.crs


def _heights(raw: RawTable, drawn: npt.NDArray[np.object_]) -> pd.DataFrame:
    """Say once a layer that heights and measures are left out."""
    has_z, has_m = bool(shapely.has_z(drawn).any()), bool(shapely.has_m(drawn).any())
    if not (has_z or has_m):
        return issues.empty()
    layer = str(raw.frame["source_layer"].iloc[0])
    return issues.report_file(
        "E276", raw.source.name, layer, detail="Z" * has_z + "、" * (has_z and has_m) + "M" * has_m
    )


def _identified(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give each record an id: its parcel code, numbered where a code stands twice; drop identical records."""
    place = list(SOURCE_COLUMNS)
    base = frame["parcel_code"].astype("object")
    for name in ("supervision_no", "contract_no"):
        if name in frame:
            base = base.where(base.notna(), frame[name])
    coded = base.notna()
    if not coded.all():
        by_row = (
            frame["source_file"].map(lambda name: name.rsplit(".", 1)[0])
            + "-"
            + frame["source_row"].map("{:05d}".format)
        )
        base = base.where(coded, by_row)
    drawn = np.asarray(frame["geometry"], dtype=object)
    content = pd.Series("", index=frame.index, dtype="object")
    shared = base.duplicated(keep=False)  # only records of one code can be repeats of one another
    if shared.any():
        shape = pd.Series(shapely.to_wkb(drawn[shared], hex=True), index=frame.index[shared]).fillna("")
        content[shared] = shape + "|" + content_of(frame[shared].drop(columns=[*place, "geometry"]))
    order = pd.DataFrame({"id": base, "content": content, "row": frame["source_row"]}).sort_values(
        ["id", "content", "row"]
    )
    again = order.duplicated(["id", "content"]) & frame.loc[order.index, "parcel_code"].notna()
    problems = [issues.report("E220", frame.loc[again[again].index, place], key=base[again[again].index])]
    kept, noted = _one_a_shape(frame, order[~again])
    problems.append(noted)
    twice = kept["id"].duplicated(keep=False)
    number = kept[twice].groupby("id").cumcount()
    numbered = number[number > 0]
    ids = kept["id"].astype("str")
    ids[numbered.index] += "#" + (numbered + 1).astype("str")
    while len(numbered) and (meets := ids[numbered.index].isin(kept["id"])).any():
        ids[meets[meets].index] += "#"
    problems.append(
        issues.report(
            "E212",
            frame.loc[twice[twice].index, place],
            column=label("parcel_code"),
            raw=frame.loc[twice[twice].index, "parcel_code"].fillna(""),
            key=ids[twice],
        )
    )
    result = frame.loc[kept.index].assign(parcel_id=ids).sort_values("parcel_id").set_index("parcel_id")
    same = pd.Series(shapely.to_wkb(drawn[kept.index]), index=ids, dtype="object")
    same = same.reindex(result.index)
    stacked = same.notna() & same.duplicated(keep=False)
    problems.append(issues.report("E227", result.loc[stacked, place], key=result.index[stacked]))
    first = pd.Series(result.index.astype("object"), index=result.index).groupby(same).transform("first")
    result["stack"] = first.where(stacked, None).astype("object")
    problems.append(_overlaps(result, same))
    return result, issues.gather(problems)


def _one_a_shape(frame: pd.DataFrame, kept: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count the land of one code and one shape once: keep the record that says most, tell what the others say.

    Of records that say as much the first by content is kept, so that the order of rows does not matter.

    Parameters
    ----------
    frame : DataFrame
        Every record.
    kept : DataFrame
        ``id`` of the records that are not identical, by id and content, indexed as ``frame``.
    """
    shared = kept["id"].duplicated(keep=False) & frame.loc[kept.index, "parcel_code"].notna()
    if not shared.any():
        return kept, issues.empty()
    says = frame.loc[kept.index[shared]].notna().sum(axis=1)
    at = says.sort_values(ascending=False, kind="stable").index
    drawn = shapely.normalize(np.asarray(frame.loc[at, "geometry"], dtype=object))
    shape = pd.Series(shapely.to_wkb(drawn, hex=True), index=at, dtype="object")
    first = pd.Series(at, index=at).groupby([kept.loc[at, "id"], shape]).transform("first")
    again = first.index[(first != first.index) & shape.notna()]
    if len(again) == 0:
        return kept, issues.empty()
    ahead = frame.loc[first[again]].set_axis(again)
    behind = frame.loc[again]
    place = ahead["source_file"] + " 第 " + ahead["source_row"].astype(str) + " 条"
    said = pd.Series("", index=again, dtype="object")
    for field in fields_of("parcels"):
        if field.name in frame and field.name != "parcel_code":
            one, other = _shown(ahead[field.name]), _shown(behind[field.name])
            said = said.where(one == other, said + "；" + field.label + " " + one + " / " + other)
    return kept.drop(again), issues.report(
        "E286",
        behind[list(SOURCE_COLUMNS)],
        used="未采用",
        detail="采用 " + place + "，两条不同的列（采用的 / 本条）：" + said.str.removeprefix("；"),
        key=kept.loc[again, "id"].astype(str),
    )


def _shown(column: pd.Series) -> pd.Series:
    return as_written(column).where(column.notna(), "空")


def _overlaps(parcels: pd.DataFrame, drawn: pd.Series) -> pd.DataFrame:
    """Report both parcels of every pair that overlaps by more than slack; identical shapes are told apart from it."""
    usable = parcels["area_measured_m2"].notna().to_numpy()
    shapes = np.array(parcels["geometry"], dtype=object)
    shapes[~usable] = None
    pairs = overlapping(shapes)
    text = drawn.to_numpy()
    other_shape = text[pairs.one] != text[pairs.other]
    one, other, area = (part[other_shape] for part in pairs)
    at, beside = np.r_[one, other], np.r_[other, one]
    shared = np.r_[area, area]
    share = shared / parcels["area_measured_m2"].to_numpy()[at]
    rows = parcels[list(SOURCE_COLUMNS)].take(at).reset_index(drop=True)
    theirs = np.roll(share, len(area))
    holder = parcels["holder_name"].map(name_key).to_numpy(dtype=object)
    same_holder = (holder[at] == holder[beside]) & (holder[at] != "")
    detail = pd.Series(
        [f"与 {name} 重叠 {size:,.1f} ㎡，占本宗 {part:.1%}" + (_TWICE[int(ours)] if min(part, other) >= TWICE else "")
         for name, size, part, other, ours in zip(parcels.index[beside], shared, share, theirs, same_holder, strict=True)],
        index=rows.index, dtype="object",
    )  # fmt: skip
    return issues.report("E270", rows, detail=detail, key=pd.Series(parcels.index[at], index=rows.index))
