"""Make a county's cadastre of any size: a GBK shapefile of parcels that share their edges, the same each time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyogrio.raw
import shapely

Floats = npt.NDArray[np.float64]
Texts = list[str]

MIDDLE = (457_400.0, 2_994_000.0)
"""The middle of the land in 洞口县, EPSG:4546 [m]."""
CELL = 100.0
JITTER = 30.0
MOST_INNER = 9
"""Points on an edge between its corners: 0 to 9, so a parcel has 4 to 40 vertices."""
FIELDS = (
    ("宗地代码", "C", 19), ("权利人", "C", 60), ("统一社会信用代码", "C", 18), ("坐落", "C", 80),
    ("土地用途", "C", 20), ("证载面积", "N", 14), ("合同编号", "C", 20), ("签订日期", "D", 8),
    ("约定动工日", "D", 8), ("实际动工日", "C", 20), ("成交价款", "C", 20), ("备注", "C", 40),
)  # fmt: skip


def cadastre(
    folder: Path,
    parcels: int,
    *,
    seed: int = 430525,
    town: str = "430525001",
    unstarted: float = 0.5,
    middle: tuple[float, float] = MIDDLE,
) -> Path:
    """Write ``宗地.shp`` with its .shx, .dbf (GBK, no .cpg) and .prj (EPSG:4546).

    A few values in a hundred are as they are in practice: a blank credit code, a wrong check character, a
    date that is none, a price with thousands separators.

    Parameters
    ----------
    folder : Path
    parcels : int
        How many.
    seed : int
        The same seed gives the same bytes.
    town : str
        First nine digits of the parcel codes; the first six are in the credit codes too.
    middle : tuple of float
        The middle of the land, EPSG:4546 [m].
    unstarted : float
        Share of parcels without a day of start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    shapes = polygons(parcels, rng, middle)
    path = folder / "宗地.shp"
    pyogrio.raw.write(
        path, shapely.to_wkb(shapes), field_data=[], fields=np.array([], dtype=object), crs="EPSG:4546",
        geometry_type="Polygon", driver="ESRI Shapefile",
    )  # fmt: skip
    path.with_suffix(".cpg").unlink(missing_ok=True)
    path.with_suffix(".dbf").write_bytes(_dbf(_columns(shapely.area(shapes), rng, town, unstarted)))
    return path


def polygons(
    count: int, rng: np.random.Generator, middle: tuple[float, float] = MIDDLE
) -> npt.NDArray[np.object_]:
    """Return cells of a grid whose corners and edges are moved at random; neighbours share their edges."""
    side = int(np.ceil(np.sqrt(count)))
    at = np.arange(side + 1) * CELL - side * CELL / 2
    corners = np.stack(np.meshgrid(middle[0] + at, middle[1] + at), axis=-1)
    corners = corners + rng.uniform(-JITTER, JITTER, corners.shape)
    level, level_known = _edges(corners[:, :-1], corners[:, 1:], rng)
    upright, upright_known = _edges(corners[:-1, :], corners[1:, :], rng)
    # one ring: south edge, east edge, north edge backwards, west edge backwards, the first corner again
    around = [
        (corners[:-1, :-1], level[:-1], level_known[:-1]),
        (corners[:-1, 1:], upright[:, 1:], upright_known[:, 1:]),
        (corners[1:, 1:], level[1:, :, ::-1], level_known[1:, :, ::-1]),
        (corners[1:, :-1], upright[:, :-1, ::-1], upright_known[:, :-1, ::-1]),
    ]
    points = [part for corner, inner, _ in around for part in (corner[:, :, None], inner)]
    known = [
        part for corner, _, used in around for part in (np.ones((*corner.shape[:2], 1), dtype=bool), used)
    ]
    points.append(corners[:-1, :-1, None])
    known.append(np.ones((side, side, 1), dtype=bool))
    rings = np.concatenate(points, axis=2).reshape(side * side, -1, 2)[:count]
    mask = np.concatenate(known, axis=2).reshape(side * side, -1)[:count]
    starts = np.concatenate([[0], np.cumsum(mask.sum(axis=1))])
    offsets = (starts, np.arange(count + 1))
    found = shapely.from_ragged_array(shapely.GeometryType.POLYGON, rings[mask], offsets)
    return np.asarray(found, dtype=object)


def _edges(start: Floats, end: Floats, rng: np.random.Generator) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return up to ``MOST_INNER`` points on each edge, and how many of them it has."""
    share = np.linspace(0, 1, MOST_INNER + 2)[1:-1][:, None]
    line = start[:, :, None] * (1 - share) + end[:, :, None] * share
    wanted = rng.integers(0, MOST_INNER + 1, size=start.shape[:2])
    return line + rng.uniform(-1, 1, line.shape), np.arange(MOST_INNER) < wanted[:, :, None]


def _columns(areas: Floats, rng: np.random.Generator, town: str, unstarted: float) -> list[Texts]:
    count = len(areas)
    number = np.arange(count)
    holder = rng.integers(0, max(1, count // 3), count)
    days = [
        (dt.date(2008, 1, 1) + dt.timedelta(days=int(day))).strftime("%Y%m%d")
        for day in rng.integers(0, 6000, count)
    ]
    later = [f"{int(day[:4]) + 1}{day[4:6]}01" for day in days]
    odd = rng.random((4, count))
    started = np.where(
        odd[0] < 0.02,
        "2021-02-30",
        np.where(odd[0] < unstarted, "", [f"{d[:4]}年{int(d[4:6])}月1日" for d in later]),
    )
    uses = np.array(["工业用地", "城镇住宅用地", "商服用地", "农村宅基地", "仓储用地", "公共管理用地"])
    written = areas * rng.uniform(0.995, 1.005, count)
    codes = np.array([_credit_code(int(one), town) for one in range(holder.max() + 1)])[holder]
    codes = np.where(odd[1] < 0.01, [code[:17] + "I" for code in codes], codes)
    return [
        [f"{int(town) * 1000 + at // 99_999:012d}GB{at % 99_999 + 1:05d}" for at in number],
        [f"洞口虚构第{one}号（集团）有限公司" for one in holder],
        np.where(odd[2] < 0.3, "", codes).tolist(),
        [f"洞口县虚构镇虚构村{at % 997}组{at}号" for at in number],
        uses[rng.integers(0, len(uses), count)].tolist(),
        [f"{area:.2f}" for area in written],
        [f"XC{2008 + at % 15}{at:08d}" for at in number],
        days,
        later,
        started.tolist(),
        ["" if mark < 0.2 else f"{area * 0.3:,.2f}" if mark < 0.22 else f"{area * 0.3:.2f}" for area, mark in zip(written, odd[3], strict=True)],
        [f"第{at % 50}批" for at in number],
    ]  # fmt: skip


def _credit_code(number: int, town: str) -> str:
    """Return a made-up 统一社会信用代码 with its right check character (GB 32100-2015)."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"91{town[:6]}MA{number:07d}"
    total = sum(letters.index(char) * pow(3, at, 31) for at, char in enumerate(body))
    return body + letters[(31 - total % 31) % 31]


def _dbf(columns: list[Texts]) -> bytes:
    """Make the attribute table with one fixed-width byte array a field."""
    count = len(columns[0])
    layout = np.dtype([("mark", "S1")] + [(f"f{at}", f"S{size}") for at, (*_, size) in enumerate(FIELDS)])
    table = np.zeros(count, dtype=layout)
    table["mark"] = b" "
    head = b""
    for at, ((name, kind, size), values) in enumerate(zip(FIELDS, columns, strict=True)):
        table[f"f{at}"] = [value.encode("gbk")[:size].ljust(size) for value in values]
        decimals = 2 if kind == "N" else 0
        stem = name.encode("gbk")[:10].ljust(11, b"\0")
        head += stem + kind.encode() + bytes(4) + bytes([size, decimals]) + bytes(14)
    start = bytes([3, 124, 1, 1]) + count.to_bytes(4, "little") + (33 + len(head)).to_bytes(2, "little")
    start += layout.itemsize.to_bytes(2, "little") + bytes(20)
    return start + head + b"\r" + table.tobytes() + b"\x1a"
