"""What stands on each parcel by the building layers: covered ground, floor area, floor area of high storeys, and which rows say so."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landeval import issues
from landeval.measure.footprints import Ints, Pieces, Shapes, ground_of, only, pieces_of
from landeval.measure.layer_extent import beyond, extents_of, looked_at
from landeval.sources import SOURCE_COLUMNS
from landeval.units import M2_PER_MU, round_half_up
from landeval.vocabulary.fields import label

HIGH_STOREY_M = 8.0
"""A storey higher than this counts twice in the plot ratio (控制指标, 容积率); exactly this does not."""
SHOWN = 10
LAYER = "建筑图层"
MISDRAWN = 0.05
"""A parcel drawn so much larger or smaller than its land is another piece of ground than the land divided by."""
OFF_SHARE, MANY_OFF = 0.05, 0.1
"""A building lies on a boundary where it has more than this off its parcel; so many of them are told."""
UNSOUND, NO_STOREYS, NOT_COVERED, DOUBTFUL, NO_SHAPE, OTHER_LAND = (
    "未知（建筑图形不可靠）",
    "未知（有建筑没有可用的层数和建筑面积，或相互重叠）",
    "未知（建筑图层未覆盖）",
    "未知（有产值税收或已竣工而图层中没有建筑）",
    "未知（宗地没有可用图形）",
    "未知（宗地图形面积与评价面积相差超过 5%）",
)
PLACE = list(SOURCE_COLUMNS)


class Built(NamedTuple):
    """What the layers say.

    Attributes
    ----------
    figures : DataFrame
        Index ``parcel_id``: ``footprint_m2``, ``floor_area_m2``, ``tall_floor_area_m2`` [m²], NaN where unknown;
        ``footprint_basis``, ``floor_area_basis``: where they are from, or why unknown; ``buildings``: the rows.
    pieces : Pieces
        Sound buildings cut along parcels.
    is_measurable : Series of bool
        Parcels whose sound shape carries buildings, all of them sound: unused land may be measured.
    parcel_of : Series
        Index of the buildings: the parcels it stands on, joined by 、; None where on none.
    issues : DataFrame
    """

    figures: pd.DataFrame
    pieces: Pieces
    is_measurable: pd.Series
    parcel_of: pd.Series
    issues: pd.DataFrame


def built_on(parcels: pd.DataFrame, land: Shapes, buildings: pd.DataFrame, drawn: Shapes) -> Built:
    """Measure what stands on each parcel.

    A building over several parcels is split by the ground it covers on each, its floor area in proportion.
    Floor area is that written of the building, else footprint × storeys; where a parcel has a building of
    which neither is known, its floor area is unknown. A parcel without any building covers no ground only
    where a layer has looked at it.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; ``area_mu``, ``stack``, ``is_operating``, ``actual_completion``.
    land : ndarray of Geometry
        Their shapes in an equal-area plane [m]; None where there is none that may be measured.
    buildings : DataFrame
        As made by ``tidy_buildings``.
    drawn : ndarray of Geometry
        Their shapes in the same plane.
    """
    count = len(parcels)
    sound = buildings["is_reliable"].to_numpy(dtype=bool)
    pieces = pieces_of(land, only(drawn, sound))
    spoiled = pieces_of(land, only(drawn, ~sound))
    whole = shapely.area(drawn)
    floor, tall = _floors(buildings, whole)
    real = np.flatnonzero(pieces.is_real)
    standing = np.zeros(count, dtype=bool)
    standing[pieces.parcel[real]] = True
    unsound = np.zeros(count, dtype=bool)
    unsound[spoiled.parcel[spoiled.is_real]] = True
    ground = ground_of(pieces, drawn, count)
    floors, no_storeys = _split(pieces, floor, count)
    talls, _ = _split(pieces, tall, count)

    is_drawn = ~shapely.is_missing(land)
    empty = is_drawn & ~standing & ~unsound
    layer, names = _layers(buildings)
    extents = extents_of(only(drawn, sound), layer, len(names))
    looked = looked_at(land, extents, names, empty)
    seen = looked != ""
    active = (parcels["is_operating"] == True).to_numpy(dtype=bool) | parcels[  # noqa: E712 (three-valued)
        "actual_completion"
    ].notna().to_numpy()
    doubtful = seen & active
    weight = _part_of_stack(parcels)
    misdrawn = _is_misdrawn(parcels, land)
    known = ((standing & ~unsound) | (seen & ~active)) & ~misdrawn
    figures = {
        "footprint_m2": np.where(known, ground * weight, np.nan),
        "floor_area_m2": np.where(known, floors * weight, np.nan),
        "tall_floor_area_m2": np.where(known, talls * weight, np.nan),
    }
    why = [~is_drawn, misdrawn, unsound, doubtful, empty & ~seen]
    reasons = [NO_SHAPE, OTHER_LAND, UNSOUND, DOUBTFUL, NOT_COVERED]
    from_layer = LAYER + beyond(land, extents, standing & ~unsound)
    found = pd.DataFrame(figures, index=parcels.index).assign(
        footprint_basis=np.select(why, reasons, default=from_layer).astype(object),
        floor_area_basis=np.select([*why, no_storeys], [*reasons, NO_STOREYS], default=from_layer).astype(
            object
        ),
        buildings=np.where(seen, looked, _rows_of(pieces, spoiled, buildings, count)),
    )
    parcel_of = _names_of(parcels, pieces.parcel[real], pieces.building[real], len(buildings))
    noted = [
        _without_floor(buildings, pieces, floor),
        _shared(parcels, buildings, pieces, weight),
        issues.report("E467", parcels.loc[doubtful, PLACE], key=parcels.index[doubtful]),
        _off_parcels(buildings, pieces, sound),
    ]
    alone = weight == 1.0
    measurable = pd.Series(standing & ~unsound & ~misdrawn & alone, index=parcels.index)
    return Built(found, pieces, measurable, parcel_of, issues.gather(noted))


def _names_of(parcels: pd.DataFrame, parcel: Ints, building: Ints, count: int) -> pd.Series:
    """Return the parcels of each building, joined by 、; None where there is none."""
    ids = parcels.index.to_numpy(dtype=object)
    told: npt.NDArray[np.object_] = np.full(count, None, dtype=object)
    order = np.argsort(building, kind="stable")
    for at, name in zip(building[order].tolist(), ids[parcel[order]], strict=True):
        told[at] = name if told[at] is None else told[at] + "、" + name
    return pd.Series(told, dtype="object")


def _floors(
    buildings: pd.DataFrame, whole: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return each building's floor area and that of its storeys higher than 8 m [m²], NaN where unknown."""
    storeys = buildings["storeys"].mask(buildings["odd_storeys"]).to_numpy()
    height = buildings["height_m"].mask(buildings["odd_height"]).to_numpy()
    written = buildings["floor_area_m2"].where(buildings["floor_area_m2"] > 0).to_numpy()
    stacked = buildings["is_stacked"].to_numpy(dtype=bool)
    floor = np.where(np.isnan(written), np.where(stacked, np.nan, whole * storeys), written)
    floor[(buildings["odd_floor"] | buildings["is_twin"]).to_numpy(dtype=bool)] = np.nan
    each = np.asarray(round_half_up(height / storeys, 6))
    low = (height <= HIGH_STOREY_M) | (each <= HIGH_STOREY_M)
    return floor, np.select([low, each > HIGH_STOREY_M], [floor * 0.0, floor], default=np.nan)


def _split(
    pieces: Pieces, whole: npt.NDArray[np.float64], count: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Sum the parts of buildings on each parcel; unknown where a building there (no sliver) is unknown."""
    part = whole[pieces.building] * pieces.share
    lacks = np.isnan(part)
    total = np.bincount(pieces.parcel, weights=np.where(lacks, 0.0, part), minlength=count)
    unknown = np.zeros(count, dtype=bool)
    unknown[pieces.parcel[lacks & pieces.is_real]] = True
    return np.where(unknown, np.nan, total), unknown


def _is_misdrawn(parcels: pd.DataFrame, land: Shapes) -> npt.NDArray[np.bool_]:
    """Mark the parcels drawn more than 5 % larger or smaller than their land; of several drawn as one, their sum counts."""
    stack, legal = parcels["stack"], parcels["area_mu"] * float(M2_PER_MU)
    total = legal.groupby(stack).transform(lambda column: column.sum(skipna=False))
    legal = legal.where(stack.isna(), total)
    gap = (pd.Series(shapely.area(land), index=parcels.index) - legal).abs() > MISDRAWN * legal
    return np.asarray(gap.to_numpy(dtype=bool) & ~shapely.is_missing(land))


def _part_of_stack(parcels: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return each parcel's part of what stands on its shape: 1, or that of its land where several are drawn as one."""
    stack = parcels["stack"]
    total = parcels["area_mu"].groupby(stack).transform(lambda column: column.sum(skipna=False))
    return np.where(stack.isna(), 1.0, parcels["area_mu"] / total).astype("float64")


def _rows_of(pieces: Pieces, spoiled: Pieces, buildings: pd.DataFrame, count: int) -> npt.NDArray[np.object_]:
    """Name the rows of the buildings on each parcel: 建筑.shp 3 幢：第 12、15、18 行."""
    file, names = _layers(buildings)
    parcel = np.r_[pieces.parcel[pieces.is_real], spoiled.parcel[spoiled.is_real]]
    building = np.r_[pieces.building[pieces.is_real], spoiled.building[spoiled.is_real]]
    row = buildings["source_row"].to_numpy()[building]
    order = np.lexsort((row, file[building], parcel))
    parcel, of_file, row = parcel[order], file[building][order], row[order].astype(int).astype(str)
    told: npt.NDArray[np.object_] = np.full(count, "", dtype=object)
    if not len(parcel):
        return told
    starts = np.flatnonzero(np.r_[True, (np.diff(parcel) != 0) | (np.diff(of_file) != 0)])
    for first, last in zip(starts, np.r_[starts[1:], len(parcel)], strict=True):
        more = " 等" if last - first > SHOWN else ""
        rows = "、".join(row[first : min(last, first + SHOWN)])
        text = f"{names[of_file[first]]} {last - first} 幢：第 {rows} 行{more}"
        before = told[parcel[first]]
        told[parcel[first]] = f"{before}；{text}" if before else text
    return told


def _layers(buildings: pd.DataFrame) -> tuple[Ints, list[str]]:
    """Return the number of each building's layer, and the names: one called as its file goes by the file alone."""
    group = buildings.groupby(["source_file", "source_layer"], dropna=False)
    names = []
    for file, layer in group.size().index:
        own_name = layer == file.rpartition("/")[2].rpartition(".")[0]
        names.append(f"{file}［{layer}］" if isinstance(layer, str) and layer and not own_name else str(file))
    return np.asarray(group.ngroup(), dtype=np.intp), names


def _without_floor(buildings: pd.DataFrame, pieces: Pieces, floor: npt.NDArray[np.float64]) -> pd.DataFrame:
    """Report the buildings on parcels that have neither floor area nor storeys; overlapping ones are told as such."""
    lacks = np.zeros(len(buildings), dtype=bool)
    lacks[pieces.building[pieces.is_real]] = True
    rows = buildings[lacks & np.isnan(floor) & ~buildings["is_stacked"].to_numpy(dtype=bool)]
    return issues.report("E464", rows[PLACE], column=label("storeys"), used="未知", key=_key(rows))


def _shared(
    parcels: pd.DataFrame, buildings: pd.DataFrame, pieces: Pieces, weight: npt.NDArray[np.float64]
) -> pd.DataFrame:
    """Report the buildings that more than one parcel claims the same part of."""
    claimed = np.bincount(pieces.building, weights=pieces.share, minlength=len(buildings))
    size = np.bincount(pieces.building, weights=pieces.area_m2, minlength=len(buildings))
    with np.errstate(invalid="ignore", divide="ignore"):
        twice = (claimed > 1) & (size * (1 - 1 / claimed) >= 1.0)
    rows = buildings[twice]
    at = np.flatnonzero(twice[pieces.building] & pieces.is_real)
    said = _names_of(parcels, pieces.parcel[at], pieces.building[at], len(buildings))
    detail = said[twice].fillna("").set_axis(rows.index)
    return issues.report("E466", rows[PLACE], detail=detail, key=_key(rows))


def _off_parcels(buildings: pd.DataFrame, pieces: Pieces, sound: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Say once a file how many of its buildings stand on no parcel, and on a boundary where these are many."""
    most = np.zeros(len(buildings))
    np.maximum.at(most, pieces.building[pieces.is_real], pieces.share[pieces.is_real])
    told = pd.DataFrame(
        {"none": sound & (most == 0), "line": (most > 0) & (most < 1 - OFF_SHARE), "on": most > 0}, index=buildings.index
    )  # fmt: skip
    noted = []
    for file, row in told.groupby(buildings["source_file"]).sum().to_dict("index").items():
        said = [f"{row['none']} 幢不在任何宗地上"] if row["none"] else []
        if row["line"] > MANY_OFF * row["on"]:
            said.append(f"{row['line']} 幢压着宗地边界，占 {row['line'] / row['on']:.0%}")
        if said:
            noted.append(issues.report_file("E468", str(file), detail="；".join(said)))
    return issues.gather(noted)


def _key(buildings: pd.DataFrame) -> pd.Series:
    return buildings["building_no"].where(buildings["building_no"].notna(), "").astype("object")
