"""Write input files byte by byte, wrong ones included: no library stands between a test and its bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from pyproj import CRS, Transformer

from landeval.project import Project
from landeval.read.source import read_source
from landeval.sources import RawTable, Source

EAST, NORTH = 457_400.0, 2_994_000.0
"""A corner in 洞口县, EPSG:4546 [m]."""
ZONE_37 = 37_000_000.0
Ring = Sequence[tuple[float, ...]]


def square(column: int = 0, size: float = 100.0, *, east: float = EAST, north: float = NORTH) -> list[Ring]:
    """Return the rings of a square parcel, wound as a shapefile wants its shells (clockwise)."""
    x, y = east + column * 200.0, north
    return [[(x, y), (x, y + size), (x + size, y + size), (x + size, y), (x, y)]]


def moved(rings: Iterable[Ring], to: int, *, source: int = 4546) -> list[Ring]:
    """Return rings in another coordinate system."""
    transformer = Transformer.from_crs(source, to, always_xy=True)
    return [[transformer.transform(*point) for point in ring] for ring in rings]


def shapefile(
    path: Path,
    fields: Sequence[tuple[str | bytes, str, int]],
    rows: Sequence[Sequence[str | bytes]],
    shapes: Sequence[Sequence[Ring] | None] | None = None,
    *,
    encoding: str = "gb18030",
    ldid: int = 0,
    cpg: str | None = None,
    prj: int | str | None = 4546,
    deleted: Iterable[int] = (),
    kind: int = 5,
) -> Path:
    """Write .shp, .shx, .dbf and, if given, .prj and .cpg; values and rings stand as given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shapes = [square(i) for i in range(len(rows))] if shapes is None else shapes
    path.with_suffix(".dbf").write_bytes(dbf(fields, rows, encoding=encoding, ldid=ldid, deleted=deleted))
    shp, shx = _shapes(shapes, kind)
    path.write_bytes(shp)
    path.with_suffix(".shx").write_bytes(shx)
    if prj is not None:
        text = CRS.from_epsg(prj).to_wkt("WKT1_ESRI") if isinstance(prj, int) else prj
        path.with_suffix(".prj").write_text(text, "utf-8")
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, "ascii")
    return path


def dbf(
    fields: Sequence[tuple[str | bytes, str, int]],
    rows: Sequence[Sequence[str | bytes]],
    *,
    encoding: str = "gb18030",
    ldid: int = 0,
    deleted: Iterable[int] = (),
) -> bytes:
    """Make a dBase III table; text longer than its field is cut at the byte, as GIS programs do."""

    def fit(value: str | bytes, size: int) -> bytes:
        data = value.encode(encoding) if isinstance(value, str) else value
        return data[:size].ljust(size, b" ")

    head, marks = b"", set(deleted)
    for name, kind, size in fields:
        data = (name.encode(encoding) if isinstance(name, str) else name)[:10]
        head += struct.pack("<11sc4xBB14x", data, kind.encode(), size, 0)
    record = 1 + sum(size for *_, size in fields)
    start = struct.pack("<BBBBIHH17xBxx", 3, 124, 1, 1, len(rows), 33 + len(head), record, ldid)
    body = b"".join(
        (b"*" if index in marks else b" ")
        + b"".join(fit(value, size) for value, (*_, size) in zip(row, fields, strict=True))
        for index, row in enumerate(rows)
    )
    return start + head + b"\r" + body + b"\x1a"


def _shapes(shapes: Sequence[Sequence[Ring] | None], kind: int) -> tuple[bytes, bytes]:
    body, index = b"", b""
    every = [point for rings in shapes if rings for ring in rings for point in ring] or [(0.0, 0.0)]
    box = _box(every)
    for number, rings in enumerate(shapes, start=1):
        content = struct.pack("<i", 0) if rings is None else _polygon(rings, kind)
        index += struct.pack(">ii", (100 + len(body)) // 2, len(content) // 2)
        body += struct.pack(">ii", number, len(content) // 2) + content

    def header(length: int) -> bytes:
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + length) // 2) + struct.pack(
            "<2i4d4d", 1000, kind, *box, 0, 0, 0, 0
        )

    return header(len(body)) + body, header(len(index)) + index


def _box(points: Sequence[Sequence[float]]) -> tuple[float, float, float, float]:
    xs, ys = [p[0] for p in points] or [0.0], [p[1] for p in points] or [0.0]
    return min(xs), min(ys), max(xs), max(ys)


def _polygon(rings: Sequence[Ring], kind: int) -> bytes:
    points = [point for ring in rings for point in ring]
    if kind == 1:
        return struct.pack("<i2d", 1, *points[0][:2])
    starts = [sum(len(ring) for ring in rings[:i]) for i in range(len(rings))]
    data = struct.pack("<i4d2i", kind, *_box(points), len(rings), len(points))
    data += struct.pack(f"<{len(starts)}i", *starts)
    data += b"".join(struct.pack("<2d", *point[:2]) for point in points)
    if kind == 15:
        heights = [point[2] if len(point) > 2 else 300.0 for point in points]
        data += struct.pack(f"<2d{len(heights)}d", min(heights), max(heights), *heights)
    return data


def workbook(
    path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], *, hidden: Iterable[str] = ()
) -> Path:
    """Write an xlsx whose cells hold the values as given; text starting with = is a formula without a result."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if title in hidden else "visible"
    book.save(path)
    return path


def text_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a text table in an encoding."""
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path, table: str = "parcels", **settings: Any) -> RawTable:
    """Read the one raw table of a file."""
    (raw,) = read_all(path, table, **settings)
    return raw


def read_all(path: Path, table: str = "parcels", **settings: Any) -> list[RawTable]:
    """Read every raw table of a file."""
    return read_source(Source(table=table, path=path, **settings))


def cells(raw: RawTable) -> list[list[Any]]:
    """Return the values of a raw table, row by row."""
    return raw.frame[[f"c{i}" for i in range(len(raw.headers))]].to_numpy().tolist()


def codes(issues: Any) -> list[str]:
    """Return the codes of an issue table, in order."""
    return list(issues["code"])


def told(issues: Any, code: str) -> str:
    """Return what the issues of one code say, with what was written and used."""
    rows = issues[issues["code"] == code].fillna("").astype(str)
    return "\n".join(rows.agg(" | ".join, axis=1))


PROJECT = Project()
