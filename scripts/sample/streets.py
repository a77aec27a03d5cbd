"""The ground plan: clusters of land, their streets, blocks, parcels and the three-level layout."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.ops import split

CRS = "EPSG:4525"
MU = 2000 / 3
CENTRE = (37_457_300.0, 2_994_350.0)
SMALLEST, LARGEST = 5 * MU, 80 * MU  # [m2]
HALF_STREET, HALF_AVENUE, CHAMFER = 9.0, 17.0, 12.0  # [m]


@dataclass(frozen=True)
class Community:
    """An industrial community: its code within the base, name, and the grid cells it covers."""

    code: str
    name: str
    columns: tuple[int, int]
    rows: tuple[int, int]


@dataclass(frozen=True)
class Base:
    """An industrial base: several communities with one leading industry."""

    code: str
    name: str
    industry: str
    communities: tuple[Community, ...]


@dataclass(frozen=True)
class Cluster:
    """One of the three pieces of land: place, rotation, street names and what the plan wants there."""

    code: str
    name: str
    industry: str
    district: str
    offset: tuple[float, float]
    angle: float
    columns: int
    rows: int
    avenues: tuple[int, ...]
    straddling: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    streets: tuple[str, ...]
    bases: tuple[Base, ...]


def _community(code: str, name: str, column: int, row: int) -> Community:
    return Community(code, f"虚构{name}社区", (column, column + 2), (row, row + 2))


CLUSTERS = (
    Cluster(
        code="JQ1",
        name="虚构先进装备制造及配套产业集群",
        industry="先进装备制造及配套",
        district="001",
        offset=(-120.0, -620.0),
        angle=5.0,
        columns=8,
        rows=4,
        avenues=(4,),
        straddling=(((1, 1), (2, 1)), ((3, 3), (4, 3))),
        streets=("虚构机电路", "虚构创业大道", "虚构精工路", "虚构雪峰大道"),
        bases=(
            Base(
                "JD11",
                "虚构整机装备产业基地",
                "先进装备制造",
                (
                    _community("SQ111", "农机装备", 0, 0),
                    _community("SQ112", "工程机械", 2, 0),
                    _community("SQ113", "电气装备", 0, 2),
                    _community("SQ114", "汽车部件", 2, 2),
                ),
            ),
            Base(
                "JD12",
                "虚构零部件配套产业基地",
                "先进装备制造",
                (
                    _community("SQ121", "铸锻", 4, 0),
                    _community("SQ122", "精密加工", 6, 0),
                    _community("SQ123", "表面处理", 4, 2),
                    _community("SQ124", "智能仪表", 6, 2),
                ),
            ),
        ),
    ),
    Cluster(
        code="JQ2",
        name="虚构农副产品加工产业集群",
        industry="农副产品加工",
        district="002",
        offset=(-830.0, 640.0),
        angle=-8.0,
        columns=4,
        rows=6,
        avenues=(2,),
        straddling=(((0, 1), (0, 2)),),
        streets=("虚构茶铺路", "虚构雪峰蜜橘路", "虚构稻香路", "虚构丰收大道"),
        bases=(
            Base(
                "JD21",
                "虚构粮油果蔬产业基地",
                "农副产品加工",
                (
                    _community("SQ211", "粮油加工", 0, 0),
                    _community("SQ212", "果蔬加工", 0, 2),
                    _community("SQ213", "茶饮加工", 0, 4),
                ),
            ),
            Base(
                "JD22",
                "虚构肉品调味产业基地",
                "农副产品加工",
                (
                    _community("SQ221", "肉制品", 2, 0),
                    _community("SQ222", "调味品", 2, 2),
                    _community("SQ223", "方便食品", 2, 4),
                ),
            ),
        ),
    ),
    Cluster(
        code="JQ3",
        name="虚构三优产业集群",
        industry="特色轻工、电子信息、新型材料",
        district="003",
        offset=(640.0, 640.0),
        angle=16.0,
        columns=6,
        rows=4,
        avenues=(2, 4),
        straddling=(),
        streets=("虚构平溪路", "虚构桔城路", "虚构科技路", "虚构新材大道"),
        bases=(
            Base(
                "JD31",
                "虚构特色轻工产业基地",
                "特色轻工",
                (_community("SQ311", "服装鞋帽", 0, 0), _community("SQ312", "竹木家居", 0, 2)),
            ),
            Base(
                "JD32",
                "虚构电子信息产业基地",
                "电子信息",
                (_community("SQ321", "电子元件", 2, 0), _community("SQ322", "智能终端", 2, 2)),
            ),
            Base(
                "JD33",
                "虚构新型材料产业基地",
                "新型材料",
                (_community("SQ331", "建筑新材", 4, 0), _community("SQ332", "金属新材", 4, 2)),
            ),
        ),
    ),
)
OUTLYING = (
    (0, (-1075.0, 60.0)),
    (1, (-610.0, 120.0)),
    (2, (845.0, -90.0)),
)  # (cluster, local place of the centre)


def make_ground(
    rng: np.random.Generator,
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Draw every parcel, every zone and every street of the park.

    Parameters
    ----------
    rng
        Source of the random sizes and cuts.

    Returns
    -------
    parcels, zones, roads
        Parcels with ``parcel_code``, ``location``, ``industry`` (of the base) and ``area_m2``;
        zones with the five columns of the layout layer; middle lines of the streets with ``name`` and
        ``width`` [m]. All in EPSG:4525.
    """
    parcels: list[dict[str, object]] = []
    zones: list[dict[str, object]] = []
    roads: list[dict[str, object]] = []
    for number, cluster in enumerate(CLUSTERS):
        nodes = _nodes(cluster, rng)
        communities = _zones(cluster, nodes, zones)
        roads += _roads(cluster, nodes)
        pieces = [piece for block in _blocks(cluster, nodes) for piece in _divide(block, rng)]
        pieces += [_outlying(cluster, place) for owner, place in OUTLYING if owner == number]
        parcels += _describe(cluster, pieces, communities, rng)
    ground = gpd.GeoDataFrame(parcels, geometry="geometry", crs=CRS)
    ground["area_m2"] = ground.area
    return ground, *(gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS) for rows in (zones, roads))


def _roads(cluster: Cluster, nodes: np.ndarray) -> list[dict[str, object]]:
    """Return the middle line of every street; there is none within a pair of cells that is one block."""
    closed = {frozenset(pair) for pair in cluster.straddling}
    lines: list[dict[str, object]] = []
    for axis, count in ((0, cluster.columns), (1, cluster.rows)):
        for number in range(count + 1):
            points = nodes[number] if axis == 0 else nodes[:, number]
            steps = [
                LineString(points[at : at + 2])
                for at in range(len(points) - 1)
                if frozenset(_beside(axis, number, at)) not in closed
            ]
            is_avenue = axis == 0 and number in cluster.avenues
            name = cluster.streets[(number + axis) % len(cluster.streets)]
            width = 2 * (HALF_AVENUE if is_avenue else HALF_STREET)
            lines.append(
                {"name": name, "width": width, "geometry": shapely.line_merge(shapely.union_all(steps))}
            )
    return lines


def _beside(axis: int, number: int, at: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the cells on both sides of a step of a street."""
    return ((number - 1, at), (number, at)) if axis == 0 else ((at, number - 1), (at, number))


def _to_world(cluster: Cluster, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    turn = np.deg2rad(cluster.angle)
    east = CENTRE[0] + cluster.offset[0] + x * np.cos(turn) - y * np.sin(turn)
    north = CENTRE[1] + cluster.offset[1] + x * np.sin(turn) + y * np.cos(turn)
    return east, north


def _nodes(cluster: Cluster, rng: np.random.Generator) -> np.ndarray:
    """Return street crossings, shape (columns + 1, rows + 1, 2): an uneven grid, gently bent, then turned."""
    x = np.concatenate([[0.0], np.cumsum(rng.uniform(205, 265, cluster.columns))])
    y = np.concatenate([[0.0], np.cumsum(rng.uniform(190, 240, cluster.rows))])
    u, v = np.meshgrid(x - x[-1] / 2, y - y[-1] / 2, indexing="ij")
    return np.stack(_to_world(cluster, u + 9 * np.sin(v / 240), v + 9 * np.sin(u / 310)), axis=-1)


def _cell(nodes: np.ndarray, column: int, row: int) -> Polygon:
    corners = ((column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1))
    return Polygon([nodes[corner] for corner in corners])


def _zones(
    cluster: Cluster, nodes: np.ndarray, zones: list[dict[str, object]]
) -> dict[str, tuple[Polygon, Base]]:
    """Append the cluster, its bases and communities to ``zones``; return the communities by code."""

    def add(level: str, code: str, name: str, parent: str | None, industry: str, shape: Polygon) -> None:
        zones.append(
            {
                "level": level,
                "code": code,
                "name": name,
                "parent": parent,
                "industry": industry,
                "geometry": shape,
            }
        )

    communities: dict[str, tuple[Polygon, Base]] = {}
    bases = []
    for base in cluster.bases:
        for item in base.communities:
            cells = [_cell(nodes, c, r) for c in range(*item.columns) for r in range(*item.rows)]
            communities[item.code] = (shapely.union_all(cells), base)
        bases.append(shapely.union_all([communities[item.code][0] for item in base.communities]))
    whole = shapely.union_all(bases).buffer(15, join_style="mitre")
    add("产业集群", cluster.code, cluster.name, None, cluster.industry, whole)
    for base, shape in zip(cluster.bases, bases, strict=True):
        add("产业基地", base.code, base.name, cluster.code, base.industry, shape)
        for item in base.communities:
            name = item.name.removeprefix("虚构").removesuffix("社区")
            add("产业社区", item.code, item.name, base.code, name, communities[item.code][0])
    return communities


def _blocks(cluster: Cluster, nodes: np.ndarray) -> list[Polygon]:
    """Return the land between the streets; a straddling pair of cells is one long block."""
    avenues = shapely.union_all([LineString(nodes[column]).buffer(HALF_AVENUE) for column in cluster.avenues])
    joined = {cell for pair in cluster.straddling for cell in pair}
    blocks = [
        chamfer(_cell(nodes, c, r).buffer(-HALF_STREET, join_style="mitre").difference(avenues))
        for c in range(cluster.columns)
        for r in range(cluster.rows)
        if (c, r) not in joined
    ]
    for pair in cluster.straddling:
        whole = shapely.union_all([_cell(nodes, *cell) for cell in pair]).convex_hull
        blocks.append(chamfer(whole.buffer(-HALF_STREET - 8, join_style="mitre")))
    return blocks


def chamfer(block: Polygon) -> Polygon:
    """Cut the street corners of a block, 12 m along either side, as sight triangles are."""
    ring = np.asarray(block.exterior.coords)[:-1]
    corners: list[np.ndarray] = []
    for before, corner, after in zip(np.roll(ring, 1, axis=0), ring, np.roll(ring, -1, axis=0), strict=True):
        sides = [np.linalg.norm(other - corner) for other in (before, after)]
        if min(sides) < 4 * CHAMFER:
            corners.append(corner)
            continue
        corners += [
            corner + (other - corner) * CHAMFER / side
            for other, side in zip((before, after), sides, strict=True)
        ]
    return Polygon(corners)


def _divide(block: Polygon, rng: np.random.Generator) -> list[Polygon | MultiPolygon]:
    """Cut a block into parcels whose shared corners agree to the millimetre."""
    if block.area > 1.45 * LARGEST:  # a straddling pair: three parts, the middle one over the former street
        waiting, leaves = [], []
        first, rest = cut(block, 0.36, 0.0)
        middle, last = cut(rest, 0.44, 0.0)
        waiting += [first, last]
        leaves.append(middle)
    else:
        waiting, leaves = [block], []
    while waiting:
        piece = waiting.pop()
        goal = float(np.clip(rng.lognormal(np.log(13_300), 0.68), 6_000, LARGEST))
        if (piece.area < 1.3 * goal and piece.area < LARGEST) or piece.area < 2.3 * SMALLEST:
            leaves.append(piece)
            continue
        share = 0.5 if piece.area < 3 * SMALLEST else rng.uniform(0.38, 0.62)
        halves = cut(piece, share, rng.normal(0, 1.5))
        if min(half.area for half in halves) < SMALLEST:
            leaves.append(piece)
        else:
            waiting += halves
    pieces = [part for leaf in leaves for part in _corner_out(leaf, rng)]
    lines = shapely.union_all([piece.exterior for piece in pieces], grid_size=0.001)
    faces = [face for face in shapely.polygonize([lines]).geoms if face.area > 100]
    return sorted(faces, key=lambda face: (-round(face.centroid.y, 1), face.centroid.x))


def _frame(piece: Polygon) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a corner and the long and the short side of the smallest rectangle around a piece."""
    ring = np.asarray(piece.minimum_rotated_rectangle.exterior.coords)
    start = int(np.lexsort((ring[:-1, 1].round(3), ring[:-1, 0].round(3)))[0])
    ring = np.roll(ring[:-1], -start, axis=0)
    sides = sorted((ring[1] - ring[0], ring[3] - ring[0]), key=lambda side: -np.linalg.norm(side))
    return ring[0], sides[0], sides[1]


def cut(piece: Polygon, share: float, skew: float) -> list[Polygon]:
    """Cut a piece across its long side at ``share`` of the length, turned by ``skew`` degrees."""
    corner, length, width = _frame(piece)
    foot = corner + share * length
    line = affinity.rotate(LineString([foot - width, foot + 2 * width]), skew)
    return [part for part in split(piece, line).geoms if part.area > 1]


def _corner_out(piece: Polygon, rng: np.random.Generator) -> list[Polygon]:
    """Now and then take a corner out of a big piece, leaving an L-shape and a small parcel."""
    if piece.area < 17_500 or rng.random() > 0.4:
        return [piece]
    corner, length, width = _frame(piece)
    a, b = rng.uniform(0.44, 0.56, 2)
    quarter = Polygon([corner, corner + a * length, corner + a * length + b * width, corner + b * width])
    inner, outer = piece.intersection(quarter), piece.difference(quarter)
    if inner.area < SMALLEST or outer.geom_type != "Polygon":
        return [piece]
    return [inner, outer]


def _outlying(cluster: Cluster, place: tuple[float, float]) -> Polygon:
    """Return a lone parcel outside every zone."""
    x = np.array([-46.0, 44.0, 47.0, -43.0]) + place[0]
    y = np.array([-55.0, -58.0, 54.0, 57.0]) + place[1]
    return Polygon(np.column_stack(_to_world(cluster, x, y)).round(3))


def _describe(
    cluster: Cluster,
    pieces: list[Polygon | MultiPolygon],
    communities: dict[str, tuple[Polygon, Base]],
    rng: np.random.Generator,
) -> list[dict[str, object]]:
    """Give every piece its community, 19-character code and address."""
    serial: dict[str, int] = {}
    rows = []
    for piece in pieces:
        centre = piece.representative_point()
        home = next((code for code, (shape, _) in communities.items() if shape.contains(centre)), None)
        within = max((shape.intersection(piece).area for shape, _ in communities.values()), default=0.0)
        subdistrict = f"0{home[-2:]}" if home else "090"
        serial[subdistrict] = serial.get(subdistrict, 0) + 1
        street = cluster.streets[int(rng.integers(len(cluster.streets)))]
        rows.append(
            {
                "parcel_code": f"430525{cluster.district}{subdistrict}GB{serial[subdistrict]:05d}",
                "location": f"虚构洞口经开区{street}{int(rng.integers(1, 200))}号",
                "community": home,
                "is_straddling": bool(home) and within < 0.999 * piece.area,
                "industry": communities[home][1].industry if home else cluster.bases[0].industry,
                "angle": cluster.angle,
                "geometry": piece,
            }
        )
    return rows


def vary_shapes(parcels: gpd.GeoDataFrame, indices: dict[str, list[int]]) -> gpd.GeoDataFrame:
    """Give chosen parcels a hole or split them in two by an access lane.

    Parameters
    ----------
    parcels
        All parcels.
    indices
        Row labels under ``hole`` and ``parts``.
    """
    result = parcels.copy()
    for index in indices["hole"]:
        shape = parcels.geometry[index]
        pond = Point(shape.representative_point()).buffer(18, quad_segs=3)
        result.loc[[index], "geometry"] = shape.difference(pond)
    for index in indices["parts"]:
        shape = parcels.geometry[index]
        corner, length, width = _frame(shape)
        foot = corner + 0.55 * length
        lane = LineString([foot - width, foot + 2 * width]).buffer(3.5, cap_style="flat")
        result.loc[[index], "geometry"] = shapely.set_precision(shape.difference(lane), 0.001)
    result["area_m2"] = result.area
    return result


def bow_tie(shape: Polygon) -> Polygon:
    """Swap the two corners of the shortest side, so that the outline crosses itself there."""
    ring = [tuple(point) for point in shape.exterior.coords][:-1]
    sides = [np.hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise([*ring, ring[0]])]
    first = int(np.argmin([side if side > 5 else np.inf for side in sides]))
    second = (first + 1) % len(ring)
    ring[first], ring[second] = ring[second], ring[first]
    return Polygon(ring)
