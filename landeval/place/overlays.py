"""Layers laid over the parcels: common ground, slips of drawing told apart, flags and questions. No verdict."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landeval import issues
from landeval.place.cut import without
from landeval.sources import SOURCE_COLUMNS
from landeval.standards.overlays import OUTSIDE, USE, Effect, effects, sliver
from landeval.units import to_mu
from landeval.wording import joined

Shapes = npt.NDArray[np.object_]
Ints = npt.NDArray[np.intp]

HIT, SLIVER, CROSSED = "重叠", "仅边缘细碎", "有线穿过（线宽未知）"
NO_SHAPE, UNSOUND = "未知（宗地没有可用图形）", "未知（图层此处图形不可靠）"
NOT_COVERED = "（规划图未覆盖）"
COLUMNS = (
    "parcel_id", "overlay_name", "overlay_effect", "overlay_use", "overlay_state", "overlay_mu", "overlay_percent",
    "overlay_sliver_m2", "overlay_flag", "overlay_question", "overlay_clause", "overlay_tolerance",
)  # fmt: skip


class Laid(NamedTuple):
    """What the layers say of the parcels.

    Attributes
    ----------
    table : DataFrame
        ``COLUMNS``: one row a parcel and layer (and planned use) with common ground, or where that is unknown. A
        parcel and layer without a row have none.
    flags : Series
        Index ``parcel_id``: what was found of each parcel, in words; empty where nothing was.
    questions : Series
        Index ``parcel_id``: what must be asked of each candidate.
    issues : list of DataFrame
    """

    table: pd.DataFrame
    flags: pd.Series
    questions: pd.Series
    issues: list[pd.DataFrame]


def laid_over(
    parcels: pd.DataFrame, land: Shapes, overlays: pd.DataFrame, drawn: Shapes, is_candidate: pd.Series
) -> Laid:
    """Measure the common ground of every parcel with every layer.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; source columns.
    land : ndarray of Geometry
        Their shapes in an equal-area plane [m]; None where there is none to be relied on.
    overlays : DataFrame
        As made by ``tidy_overlays``.
    drawn : ndarray of Geometry
        Its shapes in the same plane.
    is_candidate : Series of bool
        Index of ``parcels``: only these are asked about.
    """
    parts, problems = [], []
    keys = overlays[["overlay_name", "overlay_effect"]]
    pairs = keys.drop_duplicates().itertuples(index=False, name=None)
    order = list(effects())
    for name, kind in sorted(pairs, key=lambda pair: (order.index(pair[1]), pair[0])):
        rows = np.flatnonzero((keys["overlay_name"] == name) & (keys["overlay_effect"] == kind))
        found = _of_layer(land, overlays.iloc[rows], drawn[rows], effects()[kind])
        sound = overlays["is_reliable"].to_numpy(dtype=bool)[rows]
        if _is_elsewhere(land, drawn[rows][sound]):
            problems.append(
                issues.report_file("E715", str(overlays["source_file"].iloc[rows[0]]), detail=str(name))
            )
        parts.append(found.assign(overlay_name=name, overlay_effect=kind))
    whole = pd.concat(parts, ignore_index=True)
    table = whole.assign(parcel_id=parcels.index.to_numpy()[whole["at"]])[list(COLUMNS)]
    told = _words(table)
    owner = table["parcel_id"]
    flags = joined(owner, told, by="；", ordered=False).reindex(parcels.index).fillna("").astype("object")
    asked = (table["overlay_question"] != "") & owner.map(is_candidate).astype(bool)
    said = told + "，" + table["overlay_question"]
    questions = joined(owner[asked], said[asked], by="；", ordered=False)
    place = parcels.loc[owner[asked], list(SOURCE_COLUMNS)].set_axis(owner[asked].index)
    problems.append(issues.report("E714", place, detail=said[asked], key=owner[asked]))
    return Laid(table, flags, questions.reindex(parcels.index).fillna("").astype("object"), problems)


def _is_elsewhere(land: Shapes, layer: Shapes) -> bool:
    """Tell whether a layer has no usable shape, or its box does not meet that of the parcels."""
    if not len(layer):
        return True
    one, other = (shapely.total_bounds(shapes[~shapely.is_missing(shapes)]) for shapes in (land, layer))
    with np.errstate(invalid="ignore"):
        return bool(np.isfinite(one).all() and ((one[:2] > other[2:]) | (other[:2] > one[2:])).any())


def _of_layer(land: Shapes, layer: pd.DataFrame, drawn: Shapes, effect: Effect) -> pd.DataFrame:
    """Return the rows of one layer, with the position of the parcel as ``at``."""
    sound = layer["is_reliable"].to_numpy(dtype=bool)
    width = layer["width_m"].to_numpy(dtype="float64")
    kinds = shapely.get_type_id(drawn)
    thin = sound & np.isin(kinds, (1, 5)) & (width == 0)
    shapes = drawn.copy()
    wide = sound & np.isin(kinds, (1, 5)) & (width > 0)
    shapes[wide] = shapely.buffer(shapes[wide], width[wide] / 2, cap_style="flat")
    shapes[~sound | thin] = None
    use = (
        layer["overlay_use"].fillna("（未写）").to_numpy(dtype=object)
        if effect.hit == USE
        else np.full(len(layer), "")
    )
    at, used, common = _common(land, shapes, use)
    if effect.hit == OUTSIDE:
        at, common = _beyond(land, at, common)
        used = np.full(len(at), "", dtype=object)
    elif effect.hit == USE:
        bare, rest = _beyond(land, at, common)
        at, used, common = np.r_[at, bare], np.r_[used, np.full(len(bare), NOT_COVERED)], np.r_[common, rest]
    real, slips = _sorted_out(common)
    size = shapely.area(land)
    state = np.where(real > 0, HIT, SLIVER)
    is_hit = (state == HIT) & _is_flagged(used, effect)
    rows = pd.DataFrame(
        {
            "at": at,
            "overlay_use": pd.Series(used, dtype="object").where(used != "", None),
            "overlay_state": state,
            "overlay_mu": to_mu(pd.Series(real, dtype="float64")),
            "overlay_percent": real / size[at] * 100,
            "overlay_sliver_m2": slips,
            "is_hit": is_hit,
        }
    )
    rows = rows[real + slips >= sliver().dust_m2]
    blind = np.flatnonzero(shapely.is_missing(land))
    unknown = [
        (blind, NO_SHAPE),
        (_under(land, drawn[~sound]), UNSOUND),
        (_crossed(land, drawn[thin]), CROSSED),
    ]
    more = [
        pd.DataFrame({"at": who, "overlay_state": why, "is_hit": True}) for who, why in unknown if len(who)
    ]
    rows = pd.concat([rows, *more], ignore_index=True).sort_values(["at", "overlay_state"], kind="stable")
    hit = rows["is_hit"].astype(bool) & (rows["overlay_state"] != NO_SHAPE)
    return rows.assign(
        overlay_flag=np.where(hit, effect.flag, ""),
        overlay_question=np.where(hit, effect.question, ""),
        overlay_clause=effect.citation,
        overlay_tolerance=f"细碎：{sliver().words}（建议稿，无文件依据）",
    )


def _common(
    land: Shapes, shapes: Shapes, use: npt.NDArray[np.object_]
) -> tuple[Ints, npt.NDArray[np.object_], Shapes]:
    """Return parcel, planned use and common ground; what several shapes of one use cover counts once."""
    at, by = shapely.STRtree(shapes).query(land, predicate="intersects")
    pieces = shapely.intersection(land[at], shapes[by])
    frame = pd.DataFrame({"at": at, "use": use[by]})
    group = frame.groupby(["at", "use"], sort=True)
    number = group.ngroup().to_numpy()
    keys = frame.assign(number=number).drop_duplicates("number").sort_values("number")
    common = np.full(len(keys), None, dtype=object)
    count = np.bincount(number, minlength=len(keys))
    alone = count[number] == 1
    common[number[alone]] = pieces[alone]
    order = np.flatnonzero(~alone)[np.argsort(number[~alone], kind="stable")]
    for rows in np.split(order, np.flatnonzero(np.diff(number[order])) + 1) if len(order) else []:
        common[number[rows[0]]] = shapely.union_all(pieces[rows])
    return keys["at"].to_numpy(dtype=np.intp), keys["use"].to_numpy(dtype=object), common


def _beyond(land: Shapes, at: Ints, common: Shapes) -> tuple[Ints, Shapes]:
    """Return the parcels with ground that the layer does not cover, and that ground."""
    left = without(land, at, common)
    rows = np.flatnonzero(~shapely.is_missing(left) & ~shapely.is_empty(left))
    return rows, left[rows]


def _sorted_out(common: Shapes) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the area of each shape's real pieces and that of its slivers [m²]."""
    pieces, of = shapely.get_parts(common, return_index=True)
    inner, owner = shapely.get_parts(pieces, return_index=True)  # collections hold multipolygons
    of = of[owner]
    area = shapely.area(inner)
    with np.errstate(invalid="ignore", divide="ignore"):
        width = np.nan_to_num(2 * area / shapely.length(inner))
    slip = (area < sliver().area_m2) | (width < sliver().width_m)
    sums = [
        np.bincount(of[mask], weights=area[mask], minlength=len(common)).astype("float64")
        for mask in (~slip, slip)
    ]
    return sums[0], sums[1]


def _is_flagged(used: npt.NDArray[np.object_], effect: Effect) -> npt.NDArray[np.bool_]:
    if effect.hit != USE:
        return np.ones(len(used), dtype=bool)
    fits = pd.Series(used, dtype="object").str.contains("|".join(effect.wanted), regex=True).fillna(False)
    return np.asarray(~fits.astype(bool) & (pd.Series(used, dtype="object") != NOT_COVERED), dtype=bool)


def _under(land: Shapes, unsound: Shapes) -> Ints:
    """Return the parcels that lie where a shape of the layer cannot be relied on."""
    boxes = shapely.envelope(unsound[~shapely.is_missing(unsound)])
    return np.unique(shapely.STRtree(boxes).query(land, predicate="intersects")[0])


def _crossed(land: Shapes, lines: Shapes) -> Ints:
    """Return the parcels through which a line without width runs, further in than a slip of drawing."""
    inner = shapely.buffer(land, -sliver().width_m)
    return np.unique(shapely.STRtree(lines).query(inner, predicate="intersects")[0])


def _words(table: pd.DataFrame) -> pd.Series:
    """Write each row as it stands beside a parcel: 压道路 1.20 亩(8.5%)."""
    if table.empty:
        return pd.Series(dtype="object")
    what = table["overlay_name"].where(
        table["overlay_use"].isna(), table["overlay_name"] + " " + table["overlay_use"].fillna("")
    )
    size = table["overlay_mu"].map(" {:,.2f} 亩".format) + table["overlay_percent"].map("({:.1f}%)".format)
    flag = table["overlay_flag"].where(table["overlay_flag"] != "", "重叠")
    said = what + " " + flag + size
    state = table["overlay_state"]
    said = said.where(state == HIT, what + " " + state)
    return said.where(
        state != SLIVER, what + " 仅边缘细碎" + table["overlay_sliver_m2"].map(" {:.1f} ㎡".format)
    )
