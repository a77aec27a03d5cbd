"""Find the shapes of a .shp by its own record headers, and hand OGR only those that can be read.

OGR trusts the .shx, stops at the first damaged record and says nothing of a missing end; here every record is
accounted for first. OGR then sees a scratch folder with the .shp and a fresh .shx, nothing else: no .prj or .dbf
can spoil the shapes, no driver is chosen by content, nothing is written beside the input.
"""

from __future__ import annotations

import mmap
import os
import shutil
import struct
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyogrio
import pyogrio.raw
import shapely

from landeval.errors import InputRefusedError

pyogrio.set_gdal_config_options({"OGR_ORGANIZE_POLYGONS": "DEFAULT", "SHAPE_RESTORE_SHX": "NO"})

Ints = npt.NDArray[np.int64]
HEADER = 100
KINDS = {0: "空图形", 1: "点", 3: "线", 5: "面", 8: "多点", 11: "点", 13: "线", 15: "面", 18: "多点", 21: "点",
         23: "线", 25: "面", 28: "多点", 31: "多面体"}  # fmt: skip
AREAS = (5, 15, 25, 31)
POLYGONS = (5, 15, 25)
LINES = (3, 13, 23)


@dataclass(frozen=True)
class Shp:
    """The shapes of a .shp, by record.

    Attributes
    ----------
    shapes : ndarray of Geometry
        One a record; None where it is null, lost, damaged or no polygon.
    trouble : dict of int, str
        Record (from 0) → why its shape could not be read.
    lost : list of int
        Records (from 0) that the index names and the file no longer holds.
    rebuilt : str
        Why the .shx was not used; empty where it was.
    cut : int
        Bytes that the header of the .shp promises and the file does not hold.
    """

    shapes: npt.NDArray[np.object_]
    trouble: dict[int, str]
    lost: list[int]
    rebuilt: str
    cut: int


def read_shp(path: Path, shx: Path | None, expected: int, *, with_lines: bool = False) -> Shp:
    """Read the shapes of a .shp.

    Parameters
    ----------
    path : Path
        The .shp.
    shx : Path or None
        Its index; a missing or damaged one is replaced by the record headers of the .shp.
    expected : int
        Records of the .dbf: tells an index that ends early from a file with dead space.
    with_lines : bool
        Whether lines are wanted beside polygons.

    Raises
    ------
    InputRefusedError
        No polygon layer, no shapes at all, or OGR cannot read any.
    """
    size = path.stat().st_size
    if size < HEADER:
        raise InputRefusedError(
            "图形文件（.shp）不完整，连文件头都不全",
            where=str(path),
            remedy="请重新复制整套文件",
            code="E165",
        )
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        promised = 2 * int.from_bytes(data[24:28], "big")
        offsets, lengths, rebuilt = _index(data, size, shx, expected)
        whole = offsets + 8 + lengths <= size
        kinds = _numbers(data, offsets, whole & (lengths >= 4), 8)
        wanted = (*AREAS, *LINES) if with_lines else AREAS
        trouble = _trouble(data, offsets, lengths, kinds, whole, wanted)
    count = len(offsets)
    if expected and not whole.any():
        raise InputRefusedError(
            f"图形文件（.shp）里没有图形，而属性表有 {expected} 条记录",
            where=str(path),
            remedy="图形文件不完整，请重新复制整套文件",
            code="E165",
        )
    present = kinds[whole & (kinds != 0)]
    if len(present) and not np.isin(present, wanted).any():
        named = "、".join(sorted({KINDS.get(int(kind), "不明类型") for kind in set(present.tolist())}))
        raise InputRefusedError(
            f"是{named}图层，不是面图层",
            where=str(path),
            remedy="需要面图层，请核对是否选错文件",
            code="E135",
        )
    shapes = np.full(count, None, dtype=object)
    good = np.isin(kinds, wanted) & whole
    good[list(trouble)] = False
    rows = np.flatnonzero(good)
    if len(rows):
        shapes[rows] = _by_ogr(path, offsets[rows], lengths[rows])
        for row in rows[shapely.is_missing(shapes[rows])].tolist():
            trouble[row] = "是三维多面体" if kinds[row] == 31 else "环未闭合或点数不足"
    lost = np.flatnonzero(~whole).tolist()
    return Shp(shapes, trouble, lost, rebuilt, max(0, promised - size))


def _index(data: mmap.mmap, size: int, shx: Path | None, expected: int) -> tuple[Ints, Ints, str]:
    """Where each record starts and how long it is [bytes]: by the .shx if it is sound, else by the .shp."""
    if shx is None:
        return *_walk(data, size), "缺少 .shx"
    raw = shx.read_bytes()
    entries = np.frombuffer(
        raw, dtype=">i4", offset=min(HEADER, len(raw)), count=max(0, len(raw) - HEADER) // 8 * 2
    )
    offsets, lengths = entries[0::2].astype("int64") * 2, entries[1::2].astype("int64") * 2
    inside = (offsets >= HEADER) & (lengths >= 0) & (offsets + 8 <= size)
    beyond = offsets + 8 > size
    agrees = bool((inside | beyond).all()) and bool(
        (_numbers(data, offsets, inside, 4, ">i4")[inside] * 2 == lengths[inside]).all()
    )
    complete = len(raw) >= HEADER and 2 * int.from_bytes(raw[24:28], "big") == len(raw)
    if agrees and complete and len(offsets) == expected:
        return offsets, lengths, ""
    walked = _walk(data, size)
    if not agrees or len(raw) < HEADER:
        return *walked, ".shx 与 .shp 不符"
    if len(offsets) != len(walked[0]) == expected:
        return *walked, f".shx 只有 {len(offsets)} 条"
    return offsets, lengths, ""


def _walk(data: mmap.mmap, size: int) -> tuple[Ints, Ints]:
    """Go from record header to record header; the last may promise more than the file holds."""
    found: list[tuple[int, int]] = []
    at, header = HEADER, struct.Struct(">ii")
    while at + 12 <= size:
        _, words = header.unpack_from(data, at)
        if words < 2:
            break
        found.append((at, 2 * words))
        at += 8 + 2 * words
    table = np.array(found, dtype="int64").reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _numbers(
    data: mmap.mmap, offsets: Ints, where: npt.NDArray[np.bool_], shift: int, kind: str = "<i4"
) -> Ints:
    """Gather one 32-bit number of each record, ``shift`` bytes after its start; 0 where not asked for."""
    found = np.zeros(len(offsets), dtype="int64")
    where = where & (offsets + shift + 4 <= len(data))
    raw = np.frombuffer(data, dtype="u1")
    at = offsets[where, None] + shift + np.arange(4)
    found[where] = raw[at].view(kind)[:, 0] if len(at) else 0
    del raw
    return found


def _trouble(
    data: mmap.mmap,
    offsets: Ints,
    lengths: Ints,
    kinds: Ints,
    whole: npt.NDArray[np.bool_],
    wanted: tuple[int, ...],
) -> dict[int, str]:
    """Say which records cannot be read: of a kind that is not wanted, or with counts that do not fit their length."""
    said: dict[int, str] = {}
    other = whole & (kinds != 0) & ~np.isin(kinds, wanted)
    said.update(
        (int(row), f"该条是{KINDS.get(int(kinds[row]), '不明类型')}") for row in np.flatnonzero(other)
    )
    polygon = whole & np.isin(kinds, (*POLYGONS, *LINES)) & np.isin(kinds, wanted)
    parts = _numbers(data, offsets, polygon & (lengths >= 44), 8 + 36)
    points = _numbers(data, offsets, polygon & (lengths >= 44), 8 + 40)
    fits = (parts >= 0) & (points >= 0) & (44 + 4 * parts + 16 * points <= lengths)
    bad = polygon & ~fits
    said.update((int(row), "点数与记录长度不符") for row in np.flatnonzero(bad))
    blank = polygon & fits & ((parts == 0) | (points == 0))
    said.update((int(row), "没有点") for row in np.flatnonzero(blank))
    return said


def _by_ogr(path: Path, offsets: Ints, lengths: Ints) -> npt.NDArray[np.object_]:
    with tempfile.TemporaryDirectory(prefix="landeval-") as folder:
        scratch = Path(folder) / "layer.shp"
        link(path, scratch)
        entries = (np.column_stack([offsets, lengths]) // 2).astype(">i4")
        with path.open("rb") as file:
            head = bytearray(file.read(HEADER))
        head[24:28] = struct.pack(">i", (HEADER + entries.nbytes) // 2)
        scratch.with_suffix(".shx").write_bytes(bytes(head) + entries.tobytes())
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                _, fids, blobs, _ = pyogrio.raw.read(str(scratch), columns=[], return_fids=True)
        except Exception as error:
            raise InputRefusedError(
                "空间数据打不开",
                where=str(path),
                remedy=f"请在 ArcGIS/QGIS 中打开并重新导出（{str(error).replace(str(folder), '')}）",
                code="E136",
            ) from error
        shapes = np.full(len(offsets), None, dtype=object)
        if fids is not None and blobs is not None:
            with np.errstate(invalid="ignore"):  # not-a-number vertices are told by the screen of shapes
                shapes[np.asarray(fids, dtype="int64")] = shapely.from_wkb(blobs, on_invalid="ignore")
        return shapes


def link(path: Path, scratch: Path) -> None:
    """Let a scratch name stand for a file: a link where the system allows it, else a copy."""
    try:
        os.symlink(path.absolute(), scratch)
    except OSError:
        shutil.copyfile(path, scratch)


def describe_kind(kind: Any) -> str:
    """Return the Chinese name of a geometry type.

    Examples
    --------
    >>> describe_kind("MultiLineString")
    '线'
    """
    names = {
        "Point": "点",
        "LineString": "线",
        "LinearRing": "线",
        "Polygon": "面",
        "GeometryCollection": "混合图形",
    }
    text = str(kind)
    return "多点" if text == "MultiPoint" else names.get(text.removeprefix("Multi"), text)
