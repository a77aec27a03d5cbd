"""Recognise layers in GCJ-02 (高德, 腾讯): they stand some 600 m beside the truth under an innocent label."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landeval import issues
from landeval.sources import RawTable
from landeval.tidy.geometry import ellipsoid_area

Shapes = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]

AXIS_M, ECCENTRICITY = 6378245.0, 0.00669342162296594323
ORIGIN = (105.0, 35.0)
HINT = re.compile(r"amap|gaode|高德|gcj|火星坐标|腾讯地图", re.IGNORECASE)
SAMPLE = 2000
MISFIT, OFF, BETTER = 0.005, 0.05, 4.0
"""Layers that leave out more than MISFIT of each other, BETTER times less once shifted back, are questioned; so are
buildings with more than OFF of their ground off their parcels."""


def hint(raw: RawTable) -> str:
    """Return the word in the file's name, its folder's or a header that speaks of such a map; empty if none.

    Only the folder the file lies in counts: what stands above it is not part of the delivery.
    """
    for text in (raw.source.path.name, raw.source.path.parent.name, *raw.headers):
        if HINT.search(text):
            return text
    return ""


def questioned(
    land: list[RawTable],
    layout: list[RawTable],
    parcels: Shapes,
    zones: Shapes | None = None,
    *,
    buildings: Sequence[RawTable] = (),
    standing: Shapes | None = None,
) -> pd.DataFrame:
    """Report the layers that a name or a misfit shows to be in GCJ-02; they are used as they stand.

    Parameters
    ----------
    land, layout : list of RawTable
        Whose files are named.
    parcels, zones : ndarray of Geometry
        Their valid lon/lat polygons; zones may be absent.
    buildings, standing
        The building layers and their polygons, if any.

    Returns
    -------
    DataFrame of issues
    """
    layers = [raw for raw in (*land, *layout, *buildings) if "geometry" in raw.frame]
    notes = [
        issues.report_file("E279", raw.source.name, detail=f"“{word}”提示坐标来源")
        for raw in layers
        if (word := hint(raw))
    ]
    found = None if zones is None else misfit(parcels, zones)
    if found is not None:
        which, before, after = found
        said = f"与另一图层有 {before:.2%} 不重合，按 GCJ-02 还原后为 {after:.2%}"
        for raw in land if which == "parcels" else layout:
            if "geometry" in raw.frame:
                notes.append(issues.report_file("E279", raw.source.name, detail=said))
    stray = None if standing is None else astray(parcels, standing)
    if stray is not None:
        said = f"建筑有 {stray[0]:.1%} 的基底在所在宗地以外，按 GCJ-02 还原后为 {stray[1]:.1%}"
        notes += [issues.report_file("E279", raw.source.name, detail=said) for raw in buildings]
    return issues.gather(notes)


def misfit(parcels: Shapes, zones: Shapes) -> tuple[str, float, float] | None:
    """Tell whether one of two layers fits the other markedly better when shifted back from GCJ-02.

    Parameters
    ----------
    parcels, zones : ndarray of Geometry
        Valid lon/lat polygons, None allowed.

    Returns
    -------
    (str, float, float) or None
        ``parcels`` or ``zones``, the share left out as given and after the shift.
    """
    land, ground = (shapes[~shapely.is_missing(shapes)] for shapes in (parcels, zones))
    if not len(land) or not len(ground):
        return None
    land = land[:: max(1, len(land) // SAMPLE)]
    one, other = shapely.union_all(land), shapely.union_all(ground)
    before = _left_out(one, other)
    if before <= MISFIT:
        return None
    tried = (("parcels", _left_out(_back(one), other)), ("zones", _left_out(one, _back(other))))
    which, after = min(tried, key=lambda pair: pair[1])
    return (which, before, after) if after * BETTER < before else None


def astray(parcels: Shapes, buildings: Shapes) -> tuple[float, float] | None:
    """Tell whether buildings stand markedly better on the parcels when shifted back from GCJ-02.

    Parameters
    ----------
    parcels, buildings : ndarray of Geometry
        Valid lon/lat polygons, None allowed.

    Returns
    -------
    (float, float) or None
        Of the buildings that touch a parcel, the share of ground that is not on the one they stand on most: as given
        and after the shift.
    """
    land, drawn = (shapes[~shapely.is_missing(shapes)] for shapes in (parcels, buildings))
    if not len(land) or not len(drawn):
        return None
    tree = shapely.STRtree(land)
    drawn = drawn[:: max(1, len(drawn) // (10 * SAMPLE))]
    before = _off(tree, drawn)
    if not before > OFF:
        return None
    after = _off(
        tree, np.asarray([_back(shape) for shape in drawn[:: max(1, len(drawn) // SAMPLE)]], dtype=object)
    )
    return (before, after) if after * BETTER < before else None


def _off(tree: shapely.STRtree, drawn: Shapes) -> float:
    """Return the share of touching buildings' ground that is off the parcel each stands on most; NaN where none touches."""
    at, of = tree.query(drawn, predicate="intersects")
    common = shapely.area(shapely.intersection(drawn[at], tree.geometries[of]))
    most = np.zeros(len(drawn))
    np.maximum.at(most, at, common)
    total = shapely.area(drawn[most > 0]).sum()
    return float(1 - most.sum() / total) if total else float("nan")


def to_cgcs2000(points: Floats) -> Floats:
    """Shift GCJ-02 lon/lat back by iteration, to the centimetre.

    Examples
    --------
    >>> there = shifted(np.array([[110.57, 27.06]]))
    >>> np.abs(to_cgcs2000(there) - [[110.57, 27.06]]).max() < 1e-8
    np.True_
    """
    found = points.copy()
    for _ in range(3):
        found = points - (shifted(found) - found)
    return found


def shifted(points: Floats) -> Floats:
    """Shift true lon/lat to GCJ-02 by the public formula."""
    lon, lat = points[:, 0], points[:, 1]
    x, y = lon - ORIGIN[0], lat - ORIGIN[1]
    pi = np.pi
    ripple = 20 * np.sin(6 * pi * x) + 20 * np.sin(2 * pi * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + 2 / 3 * (
        ripple + 20 * np.sin(pi * y) + 40 * np.sin(pi / 3 * y) + 160 * np.sin(pi / 12 * y) + 320 * np.sin(pi / 30 * y)
    )  # fmt: skip
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + 2 / 3 * (
        ripple + 20 * np.sin(pi * x) + 40 * np.sin(pi / 3 * x) + 150 * np.sin(pi / 12 * x) + 300 * np.sin(pi / 30 * x)
    )  # fmt: skip
    turn = np.radians(lat)
    magic = 1 - ECCENTRICITY * np.sin(turn) ** 2
    north = np.degrees(north * magic * np.sqrt(magic) / (AXIS_M * (1 - ECCENTRICITY)))
    east = np.degrees(east * np.sqrt(magic) / (AXIS_M * np.cos(turn)))
    return np.column_stack([lon + east, lat + north])


def _back(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.make_valid(shapely.transform(shape, to_cgcs2000))


def _left_out(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """Return the share of the smaller area that lies outside the larger."""
    common = shapely.intersection(one, other)
    area, first, second = ellipsoid_area(np.array([common, one, other], dtype=object))
    return float(1 - area / min(first, second))
