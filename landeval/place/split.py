"""Parts of parcels by zone: whole in the zone of largest overlap, or split by area where the project asks for it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landeval.allocation import allocate
from landeval.place.assign import PREFIXES, STRADDLE, ancestors
from landeval.place.cut import without
from landeval.result import LEVELS, MONEY
from landeval.units import from_cents, to_cents

Shapes = npt.NDArray[np.object_]
AREAS = ("area_mu", "floor_area_m2")
"""What is split by share beside money."""


def whole_parts(parcels: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return each level's parts where no parcel is split: ``parcel_id``, ``zone_code``, ``share``, ``is_main``."""
    return {
        level: pd.DataFrame(
            {
                "parcel_id": parcels.index,
                "zone_code": parcels[f"{prefix}_code"].to_numpy(dtype=object),
                "share": 1.0,
                "is_main": True,
            }
        )
        for level, prefix in PREFIXES.items()
    }


def split_parts(parcels: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> dict[str, pd.DataFrame]:
    """Return each level's parts, parcels over several zones split by the area drawn in each.

    The rest of a parcel, in no zone of a level, is a part without code. Ground that two zones claim is halved
    between them. A zone of a finer level takes its part along to the zones above it; only what is in none is
    laid over the drawing of the coarser level. A parcel that does not straddle is whole in its zone.

    Parameters
    ----------
    parcels : GeoDataFrame
        Index ``parcel_id``, with the columns of ``place_by_polygons``.
    zones : GeoDataFrame
        As placed; zones of a level that is only written beside the parcels (``is_drawn`` False) cut nothing.

    Returns
    -------
    dict of level → DataFrame
        ``parcel_id``, ``zone_code`` (None: in no zone), ``share`` (of the parcel; 1 in sum), ``is_main``: the
        zone in which the parcel is counted.
    """
    parts = whole_parts(parcels)
    cut = parcels[parcels["is_straddling"].astype(bool) & parcels.geometry.notna()]
    if cut.empty:
        return parts
    shapes = np.asarray(cut.geometry, dtype=object)
    size = shapely.area(shapes)
    above = ancestors(zones)
    by_hand = zones["is_drawn"] if "is_drawn" in zones else pd.Series(True, index=zones.index)
    drawn = zones[zones.geometry.notna() & by_hand]
    pieces: dict[str, pd.DataFrame] = {}
    for level in reversed(LEVELS):
        carried, left = [], shapes
        for low, found in pieces.items():
            up = found["zone_code"].map(above[low, level])
            carried.append(found.assign(zone_code=up)[up.notna()])
            known = (drawn["zone_level"] == low) & drawn["zone_code"].isin(list(above[low, level]))
            left = _without(left, np.asarray(drawn.geometry[known], dtype=object))
        own = drawn[drawn["zone_level"] == level]
        pieces[level] = _pieces(left, size, own)
        here = pd.concat([*carried, pieces[level]], ignore_index=True)
        here = here.groupby(["at", "zone_code"])["share"].sum().reset_index()
        parts[level] = _with_rest(parts[level], here, cut, level, is_drawn=len(own) > 0)
    return parts


def with_parts(parcels: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Return one row a part: land and floor area by share, money by share and to the cent.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; ``AREAS`` and ``MONEY``.
    parts : DataFrame
        One level's.
    """
    rows = parcels.loc[parts["parcel_id"]].reset_index(drop=True)
    made = rows.assign(
        **{name: parts[name].to_numpy() for name in ("parcel_id", "zone_code", "share", "is_main")}
    )
    several = parts["parcel_id"].duplicated(keep=False).to_numpy()
    if not several.any():
        return made
    share, owner = made["share"], made["parcel_id"]
    for name in AREAS:
        made[name] = made[name] * share
    for name in MONEY:
        known = several & rows[name].notna().to_numpy()
        made.loc[known, name] = from_cents(
            allocate(to_cents(rows.loc[known, name]), owner[known], share[known])
        )
    return made


def _pieces(left: Shapes, size: npt.NDArray[np.float64], zones: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the shares of what is left in each zone; ground that several claim is divided between them."""
    areas = np.asarray(zones.geometry, dtype=object)
    at, by = shapely.STRtree(areas).query(left, predicate="intersects")
    pieces = shapely.intersection(left[at], areas[by])
    pairs = pd.DataFrame(
        {
            "at": at,
            "zone_code": zones["zone_code"].to_numpy(dtype=object)[by],
            "share": shapely.area(pieces) / size[at],
        }
    )
    rest = _without(left, areas)
    pairs = pairs[pairs["share"] > 1 - STRADDLE].groupby(["at", "zone_code"])["share"].sum().reset_index()
    covered = (shapely.area(left) - shapely.area(rest)) / size
    claimed = pairs.groupby("at")["share"].transform("sum")
    scale = (pairs["at"].map(pd.Series(covered)) / claimed).clip(upper=1.0)
    return pairs.assign(share=pairs["share"] * scale)


def _without(shapes: Shapes, areas: Shapes) -> Shapes:
    at, by = shapely.STRtree(areas).query(shapes, predicate="intersects")
    return without(shapes, at, areas[by])


def _with_rest(
    whole: pd.DataFrame, here: pd.DataFrame, cut: gpd.GeoDataFrame, level: str, *, is_drawn: bool
) -> pd.DataFrame:
    """Put the split parcels in place of their whole rows.

    What is in no zone becomes a part without code where the level is drawn; where it is taken from a column,
    it stays in the zone of the column. A parcel that no zone has a part of stays as it is.
    """
    if here.empty:
        return whole
    total = here.groupby("at")["share"].sum().reindex(range(len(cut)), fill_value=0.0)
    rest = 1 - total
    over = here["share"] / here["at"].map(total.clip(lower=STRADDLE))
    here = here.assign(share=over.where(here["at"].map(rest) < 1 - STRADDLE, here["share"]))
    written = cut[f"{PREFIXES[level]}_code"].to_numpy(dtype=object)
    bare = rest[(rest >= 1 - STRADDLE) & (total > 0)]
    code = np.full(len(bare), None, dtype=object) if is_drawn else written[bare.index]
    more = pd.DataFrame(
        {
            "at": bare.index,
            "zone_code": pd.Series(code, index=range(len(bare)), dtype="object"),
            "share": bare.to_numpy(),
        }
    )
    rows = pd.concat([here, more], ignore_index=True)
    rows = rows.groupby(["at", "zone_code"], dropna=False)["share"].sum().reset_index()
    rows["parcel_id"] = cut.index.to_numpy()[rows["at"].astype("int64")]
    main = cut[f"{PREFIXES[level]}_code"].reindex(rows["parcel_id"]).to_numpy(dtype=object)
    code = rows["zone_code"].astype("object").where(rows["zone_code"].notna(), None)
    rows["zone_code"] = code
    same = np.array(
        [one == other or (pd.isna(one) and pd.isna(other)) for one, other in zip(code, main, strict=True)],
        dtype=bool,
    )
    rows = rows.assign(is_main=same)
    lacks = ~rows.groupby("parcel_id")["is_main"].transform("any")
    best = (
        rows.sort_values(["share", "zone_code"], ascending=[False, True]).drop_duplicates("parcel_id").index
    )
    rows["is_main"] |= lacks & rows.index.isin(best)
    kept = whole[~whole["parcel_id"].isin(rows["parcel_id"])]
    made = pd.concat([kept, rows[list(whole.columns)]], ignore_index=True).astype(
        {"share": "float64", "is_main": bool}
    )
    return made.sort_values(["parcel_id", "zone_code"], kind="stable").reset_index(drop=True)
