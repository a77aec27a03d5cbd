"""How zones lie in one another: outside their parent, gaps of a level, no parent named. Told with areas, never mended."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landeval import issues
from landeval.result import LEVELS
from landeval.sources import SOURCE_COLUMNS
from landeval.tidy.geometry import ellipsoid_area
from landeval.units import to_mu

Shapes = npt.NDArray[np.object_]

TOLERANCE_M2, TOLERANCE_SHARE = 100.0, 0.01
"""Ground outside a parent, or left over of it, up to this many m² or this part of the zone is drawing slack. Proposals."""
PLACE = list(SOURCE_COLUMNS)


def nesting(zones: pd.DataFrame, *, most: float) -> pd.DataFrame:
    """Report where the zones of the layout do not lie in one another.

    Parameters
    ----------
    zones : DataFrame
        ``zone_level``, ``zone_code``, ``zone_name``, ``parent_code``, source columns, ``geometry`` in lon/lat.
    most : float
        Zones with less of them inside their parent are told by E285 already.

    Returns
    -------
    DataFrame of issues
        E595 a part outside the parent, E596 a part of a zone in none of its children, E598 no parent named
        although a coarser level is drawn.
    """
    parts = []
    outline = _outlines(zones)
    for depth, level in enumerate(LEVELS[1:], start=1):
        own = zones[zones["zone_level"] == level]
        coarser = zones[zones["zone_level"].isin(LEVELS[:depth])]
        if own.empty or coarser.empty:
            continue
        bare = own[own["parent_code"].isna()]
        parts.append(issues.report("E598", bare[PLACE], key=bare["zone_code"]))
        above = _parents(own, zones, depth)
        parts.append(_outside(own, above, outline, most))
        parts.append(_gaps(own, above, outline, zones))
    return issues.gather(parts)


def _outlines(zones: pd.DataFrame) -> dict[tuple[str, str], shapely.Geometry]:
    drawn = zones[zones["geometry"].notna()]
    found: dict[tuple[str, str], list[shapely.Geometry]] = {}
    for level, code, shape in zip(drawn["zone_level"], drawn["zone_code"], drawn["geometry"], strict=True):
        found.setdefault((level, code), []).append(shape)
    return {
        key: shapes[0] if len(shapes) == 1 else shapely.union_all(shapes) for key, shapes in found.items()
    }


def _parents(own: pd.DataFrame, zones: pd.DataFrame, depth: int) -> pd.Series:
    """Return (level, code) of each zone's parent at the nearest coarser level that has the code; None where none has."""
    known = set(zip(zones["zone_level"], zones["zone_code"], strict=True))
    coarser = LEVELS[:depth][::-1]
    found = [next(((up, code) for up in coarser if (up, code) in known), None) for code in own["parent_code"]]
    return pd.Series(found, index=own.index, dtype="object")


def _outside(
    own: pd.DataFrame, above: pd.Series, outline: dict[tuple[str, str], shapely.Geometry], most: float
) -> pd.DataFrame:
    """Report the zones that lie partly outside the zone they name as parent."""
    fit = own["geometry"].notna() & above.map(lambda key: key in outline)
    rows = own[fit]
    if rows.empty:
        return issues.empty()
    mine = np.asarray(rows["geometry"], dtype=object)
    parents = np.array([*(outline[key] for key in above[fit]), None], dtype=object)[:-1]
    out, size = ellipsoid_area(shapely.difference(mine, parents)), ellipsoid_area(mine)
    told = (out > np.maximum(TOLERANCE_M2, TOLERANCE_SHARE * size)) & (out <= (1 - most) * size)
    detail = pd.Series(_sizes(out, size), index=rows.index)[told]
    rows = rows[told]
    return issues.report("E595", rows[PLACE], raw=rows["parent_code"], detail=detail, key=rows["zone_code"])


def _gaps(
    own: pd.DataFrame, above: pd.Series, outline: dict[tuple[str, str], shapely.Geometry], zones: pd.DataFrame
) -> pd.DataFrame:
    """Report the parents of which a part lies in none of their children of this level."""
    children = own.groupby(above[above.map(lambda key: key in outline)])
    found = []
    for key, rows in children:
        shapes = rows["geometry"].dropna().tolist()
        whole = outline[key]
        bare = shapely.difference(whole, shapely.union_all(shapes)) if shapes else whole
        found.append((key, bare, whole, rows["zone_level"].iloc[0]))
    if not found:
        return issues.empty()
    left, size = (
        ellipsoid_area(np.array([*(row[at] for row in found), None], dtype=object)[:-1]) for at in (1, 2)
    )
    told = np.flatnonzero(left > np.maximum(TOLERANCE_M2, TOLERANCE_SHARE * size))
    at = pd.MultiIndex.from_frame(zones[["zone_level", "zone_code"]])
    first = [int(np.flatnonzero(at == found[row][0])[0]) for row in told]
    rows = zones.iloc[first]
    words = _sizes(left, size)
    detail = pd.Series(
        [f"不在任何{found[row][3]}内的 {words[row]}" for row in told], index=rows.index, dtype="object"
    )
    return issues.report("E596", rows[PLACE], detail=detail, key=rows["zone_code"])


def _sizes(part: npt.NDArray[np.float64], whole: npt.NDArray[np.float64]) -> list[str]:
    mu = to_mu(pd.Series(part))
    return [
        f"{area:,.1f} ㎡（{land:,.2f} 亩，占 {area / size:.1%}）"
        for area, land, size in zip(part, mu, whole, strict=True)
    ]
