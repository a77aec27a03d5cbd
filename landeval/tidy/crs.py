"""Find a layer's coordinate system, check it against the county's box, bring it to CGCS2000 lon/lat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.project import Project
from landeval.sources import RawTable
from landeval.tidy.readings import Reading, contradiction, readings
from landeval.tidy.transformers import transformer

CGCS2000 = CRS.from_epsg(4490)
OLD_DATUMS = {
    "Xian": "西安80", "IAU 1976": "西安80", "IAG 1975": "西安80", "New Beijing": "新北京54", "Beijing 1954": "北京54",
    "Krass": "北京54",
}  # fmt: skip
"""Parts of the names of datums and ellipsoids; .prj files made by hand often name only the ellipsoid."""

ASSUMED = "（假定为 CGCS2000；如是西安80、北京54 或 UTM，请写明坐标系）"

Shapes = npt.NDArray[np.object_]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Located:
    """A layer in CGCS2000 lon/lat: its shapes, the CRS found, what was said about it, who lies outside."""

    shapes: Shapes
    crs: str
    issues: pd.DataFrame
    outside: npt.NDArray[np.bool_]


def locate(raw: RawTable, project: Project) -> Located:
    """Bring a layer's shapes to EPSG:4490.

    Raises
    ------
    InputRefusedError
        No CRS can be found, it is unreadable, it puts the whole layer outside the county's box, or it stands
        on an old datum without parameters.
    """
    shapes = np.asarray(raw.frame["geometry"], dtype=object)
    where = f"{raw.source.path}（{raw.source.table}）"
    declared = _declared(raw, where)
    file, layer = raw.source.name, raw.layer
    notes: list[pd.DataFrame] = []
    if raw.source.swap_axes:
        shapes = np.asarray(shapely.transform(shapely.force_2d(shapes), lambda xy: xy[:, ::-1]), dtype=object)
        notes.append(issues.report_file("E284", file, layer))
    bounds = _extent(shapes)
    if bounds is None:
        return Located(shapes, "", issues.empty(), np.zeros(len(shapes), dtype=bool))
    if declared and (said := contradiction(declared)):
        notes.append(issues.report_file("E280", file, layer, detail=said))
    possible = readings(bounds, project.bounds)
    candidates = ([declared] if declared else []) + _inferred(bounds, declared, possible)
    for candidate in candidates:
        moved = _moved(shapes, candidate, project, where)
        outside = _outside(moved, project.bounds)
        if outside.all():
            continue
        name = _name(candidate)
        if declared is None or candidate is not declared:
            said = f"文件标明 {_name(declared)}" if declared else "文件未标明"
            told = f"{said}，按坐标值判定为 {name}" + ("" if declared else ASSUMED)
            notes.append(issues.report_file("E215", file, layer, detail=told))
        if (datum := old_datum(candidate)) and not project.towgs84:
            notes.append(issues.report_file("E228", file, layer, detail=datum))
        return Located(moved, name, issues.gather(notes), outside)
    label = _name(declared) if declared else "未标明"
    raise InputRefusedError(
        "图层不在本县范围内" if declared else "图层没有坐标系，也无法从坐标值判定",
        where=f"{where}：文件标明 {label}{_kind(declared)}，坐标范围 {_range(bounds)}",
        remedy=f"{_likely(bounds, possible)}请核对坐标系，或核对参数表“本县”一节的“经纬度范围”（landeval.toml 的 [region] bounds）（现为 {_range(project.bounds)}）",
        code="E237",
    )


def of_different_systems(crs: Mapping[str, str]) -> pd.DataFrame:
    """Say of every layer which system it was brought from, where layers do not all have the same."""
    told = {file: name for file, name in crs.items() if name}
    if len(set(told.values())) < 2:
        return issues.empty()
    return issues.gather(
        issues.report_file("E278", file, detail=name if name == "EPSG:4490" else f"{name} → EPSG:4490")
        for file, name in sorted(told.items())
    )


def _declared(raw: RawTable, where: str) -> CRS | None:
    text = raw.source.crs or raw.crs
    if not text:
        return None
    try:
        return CRS.from_user_input(text)
    except CRSError:
        raise InputRefusedError(
            "坐标系文件（.prj）或设置的坐标系写法无法识别",
            where=where,
            remedy='请在参数表该节的“坐标系”填 EPSG:4525 一类的代号（landeval.toml 该图层写 crs = "EPSG:4525"）',
            code="E238",
        ) from None


def _extent(shapes: Shapes) -> Box | None:
    corners = shapely.bounds(shapes[~shapely.is_missing(shapes)])
    corners = corners[np.isfinite(corners).all(axis=1)] if len(corners) else corners
    if len(corners) == 0:
        return None
    middle = np.median(corners, axis=0)
    return float(middle[0]), float(middle[1]), float(middle[2]), float(middle[3])


def _inferred(bounds: Box, declared: CRS | None, possible: list[Reading]) -> list[CRS]:
    """Read the coordinate values: only what can mean one place, and beside a label only the slip of a prefix."""
    straight = [CRS.from_epsg(reading.epsg) for reading in possible if not reading.is_swapped]
    if declared is None:
        return straight if len(possible) == 1 else []
    if not declared.is_projected:
        return []
    x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    if not 1_500_000 < y < 6_000_000:
        return []
    zone = int(x // 1_000_000)
    if 25 <= zone <= 45:
        return [CRS.from_epsg(4488 + zone)]
    if 13 <= zone <= 23:
        return [CRS.from_epsg(4478 + zone)]
    if 200_000 < x < 800_000 and "zone" in declared.name.lower():
        bare = declared.coordinate_operation
        zones = [float(param.value) for param in bare.params if "asting" in param.name] if bare else []
        if zones and zones[0] > 1_000_000:
            number = int(zones[0] // 1_000_000)
            return [CRS.from_epsg((4509 if number >= 25 else 4489) + number)]
    return []


def old_datum(crs: CRS) -> str:
    """Return the old datum that a system stands on, as people call it; empty for any other.

    Examples
    --------
    >>> old_datum(CRS.from_epsg(2361)), old_datum(CRS.from_epsg(4525))
    ('西安80', '')
    """
    if not crs.geodetic_crs:
        return ""
    datum, ellipsoid = crs.geodetic_crs.datum, crs.geodetic_crs.ellipsoid
    name = f"{datum.name if datum else ''} {ellipsoid.name if ellipsoid else ''}".replace("_", " ")
    return next((chinese for english, chinese in OLD_DATUMS.items() if english in name), "")


def _moved(shapes: Shapes, crs: CRS, project: Project, where: str) -> Shapes:
    datum = old_datum(crs)
    if datum and not (project.towgs84 or project.accept_ballpark):
        raise InputRefusedError(
            f"图层是{datum}坐标系，没有换算参数就会偏移数十米",
            where=where,
            remedy="请给出七参数：参数表“坐标换算”一节的“七参数”（landeval.toml 的 [crs] towgs84）；"
            "接受偏移的（面积不受影响），写参数表“坐标换算”一节的“接受近似换算”为“是”（landeval.toml 的 [crs] accept_ballpark = true）",
            code="E239",
        )
    has_parameters = bool(datum and project.towgs84)
    target = crs.geodetic_crs if has_parameters and crs.geodetic_crs else CGCS2000
    try:
        by = transformer(crs, target)
    except (
        ProjError
    ) as error:  # read as WKT, yet no map of the earth: a height, a site plan, a damaged parameter
        raise InputRefusedError(
            f"坐标系“{crs.name}”不能换算为经纬度",
            where=where,
            remedy='请核对 .prj，或在参数表该节的“坐标系”填 EPSG:4525 一类的代号（landeval.toml 该图层写 crs = "EPSG:4525"）',
            code="E238",
        ) from error
    shift = Transformer.from_pipeline(_helmert(crs, project.towgs84)) if has_parameters else None

    def forward(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        if len(points) == 0:
            return points
        try:
            lon, lat = by.transform(points[:, 0], points[:, 1])
            if shift is not None:
                lon, lat, _ = shift.transform(lon, lat, np.zeros(len(points)))
        except ProjError:
            lon = lat = np.full(len(points), np.inf)
        return np.column_stack([lon, lat])

    plane = shapely.force_2d(shapes) if shapely.has_z(shapes).any() else shapes
    return np.asarray(shapely.transform(plane, forward), dtype=object)


def _helmert(crs: CRS, towgs84: tuple[float, ...]) -> str:
    """Write the Bursa–Wolf shift as a pipeline of its own: PROJ leaves ``+towgs84`` out on the way to CGCS2000."""
    ellipsoid = crs.ellipsoid
    assert ellipsoid is not None  # an old datum was recognised by it or beside it
    names = ("x", "y", "z", "rx", "ry", "rz", "s")
    steps = " ".join(f"+{name}={number!r}" for name, number in zip(names, towgs84, strict=False))
    turns = " +convention=position_vector" if len(towgs84) == 7 else ""
    axes = f"+a={ellipsoid.semi_major_metre!r} +b={ellipsoid.semi_minor_metre!r}"
    return (
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=cart {axes} +step +proj=helmert {steps}{turns} "
        "+step +inv +proj=cart +ellps=GRS80 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )


def _outside(shapes: Shapes, box: Box) -> npt.NDArray[np.bool_]:
    present = ~shapely.is_missing(shapes)
    corners = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        middle_x, middle_y = (corners[:, 0] + corners[:, 2]) / 2, (corners[:, 1] + corners[:, 3]) / 2
        inside = (middle_x >= box[0]) & (middle_x <= box[2]) & (middle_y >= box[1]) & (middle_y <= box[3])
    return np.asarray(present & ~inside) if present.any() else np.zeros(len(shapes), dtype=bool)


def _name(crs: CRS | None) -> str:
    if crs is None:
        return "未知"
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else crs.name


def _range(box: Box) -> str:
    return "、".join(f"{number:.10g}" for number in box)


def _kind(crs: CRS | None) -> str:
    return "" if crs is None else "（经纬度，度）" if crs.is_geographic else "（平面坐标，米）"


def _likely(bounds: Box, possible: list[Reading]) -> str:
    """Say what the numbers look like, and the line to write for it."""
    x, y = bounds[0], bounds[1]
    said = ""
    if abs(x) <= 180 and abs(y) <= 180:
        said = "坐标值像是经纬度（度）。"
    elif abs(x) > 10_000_000 or abs(y) > 10_000_000:
        said = "坐标值像是平面坐标（米），横坐标带有带号。"
    elif abs(x) > 1000:
        said = "坐标值像是平面坐标（米）。"
    for reading in possible:
        line = f'crs = "EPSG:{reading.epsg}"' + (" 和 swap_axes = true" if reading.is_swapped else "")
        rows = f"“坐标系”写 EPSG:{reading.epsg}" + ("、“横纵坐标互换”选“是”" if reading.is_swapped else "")
        swapped = " X、Y 互换的" if reading.is_swapped else ""
        said += f"坐标值像是{swapped} EPSG:{reading.epsg}；如属实，请在参数表该节的{rows}（landeval.toml 该图层中写 {line}）。"
    if not possible and 1_500_000 < x < 6_000_000 and (y > 10_000_000 or y < 1_000_000):
        said += "坐标值像是 X、Y 互换。"
    return said
