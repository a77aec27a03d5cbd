"""Write input files byte by byte, wrong ones included: no library stands between a test and its bytes."""

from __future__ import annotations

import sqlite3
import struct
import zlib
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
    xs, ys = [p[0] for p in points], [p[1] for p in points]
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


def geopackage(
    path: Path,
    layers: Mapping[str, tuple[Sequence[tuple[str, str]], Sequence[Sequence[Any]]]],
    *,
    srs: int = 4546,
) -> Path:
    """Write a GeoPackage table by table with SQLite; each record is WKB (or None) and then its values."""
    path.unlink(missing_ok=True)
    base = sqlite3.connect(path)
    base.execute("pragma application_id = 1196444487")
    base.execute(
        "create table gpkg_spatial_ref_sys (srs_name text, srs_id integer primary key, organization text,"
        " organization_coordsys_id integer, definition text, description text)"
    )
    base.execute("create table gpkg_contents (table_name text primary key, data_type text, srs_id integer)")
    base.execute(
        "create table gpkg_geometry_columns (table_name text, column_name text, geometry_type_name text,"
        " srs_id integer, z integer, m integer)"
    )
    base.execute("insert into gpkg_spatial_ref_sys values ('', ?, 'EPSG', ?, '', '')", (srs, srs))
    head = b"GP\x00\x01" + struct.pack("<i", srs)
    for name, (fields, records) in layers.items():
        columns = "".join(f', "{field}" {kind}' for field, kind in fields)
        base.execute(f'create table "{name}" (fid integer primary key, geom blob{columns})')
        base.execute("insert into gpkg_contents values (?, 'features', ?)", (name, srs))
        base.execute("insert into gpkg_geometry_columns values (?, 'geom', 'POLYGON', ?, 0, 0)", (name, srs))
        marks = ", ".join("?" * (len(fields) + 2))
        for wkb, *values in records:
            base.execute(f'insert into "{name}" values ({marks})', (None, wkb and head + wkb, *values))
    base.commit()
    base.close()
    return path


def gbk_zip(
    path: Path,
    members: Sequence[tuple[str, bytes]],
    *,
    encoding: str = "gbk",
    last_mode: int = 0o100644,
    claimed: int | None = None,
) -> Path:
    """Write a zip by its bytes; names in an encoding without a mark, as Windows does, or ``marked`` as UTF-8.

    ``last_mode`` is the Unix mode of the last member, ``claimed`` the size that every header claims.
    """
    body, index = b"", b""
    for number, (name, data) in enumerate(members, start=1):
        raw = name.encode("utf-8" if encoding == "marked" else encoding)
        packer = zlib.compressobj(wbits=-15)
        packed = packer.compress(data) + packer.flush()
        size = len(data) if claimed is None else claimed
        flags = 0x800 if encoding == "marked" else 0
        common = struct.pack(
            "<HHHHHIIIHH", 20, flags, 8, 0, 0x21, zlib.crc32(data), len(packed), size, len(raw), 0
        )
        mode = (last_mode if number == len(members) else 0o100644) << 16
        index += b"PK\x01\x02" + struct.pack("<H", 0x0314) + common
        index += struct.pack("<HHHII", 0, 0, 0, mode, len(body)) + raw
        body += b"PK\x03\x04" + common + raw + packed
    count = len(members)
    end = struct.pack("<HHHHIIH", 0, 0, count & 0xFFFF, count & 0xFFFF, len(index), len(body), 0)
    path.write_bytes(body + index + b"PK\x05\x06" + end)
    return path


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
