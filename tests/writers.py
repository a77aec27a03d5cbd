"""Write input files byte by byte, wrong ones included: no library stands between a test and its bytes."""

from __future__ import annotations

import sqlite3
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlwt
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


def xls(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], *, hidden: Iterable[str] = ()) -> Path:
    """Write a workbook of the old format (BIFF 8) whose cells hold the values as given; None is no cell."""
    book, day = xlwt.Workbook(encoding="utf-8"), xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for title, rows in sheets.items():
        sheet = book.add_sheet(title)
        sheet.visibility = 1 if title in hidden else 0
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write(at, column, value, day)
                elif value is not None:
                    sheet.write(at, column, value)
    book.save(str(path))
    return path


def spreadsheetml(path: Path, rows: str, *, title: str = "2024", before: str = "") -> Path:
    """Write SpreadsheetML 2003 around the XML of its rows; ``before`` stands ahead of the root."""
    spaces = "urn:schemas-microsoft-com:office:spreadsheet"
    return text_file(
        path,
        f'<?xml version="1.0"?>\n{before}<?mso-application progid="Excel.Sheet"?>\n'
        f'<Workbook xmlns="{spaces}" xmlns:ss="{spaces}"><Worksheet ss:Name="{title}"><Table>{rows}</Table>'
        "</Worksheet></Workbook>",
    )


def ole(path: Path, streams: Sequence[str]) -> Path:
    """Write an OLE container that holds empty streams of the given names and nothing else."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    head += struct.pack("<I", free) * 108
    table = struct.pack("<III", 0xFFFFFFFD, end, free) + struct.pack("<I", free) * 125

    def entry(name: str, kind: int, child: int, right: int) -> bytes:
        raw = (name + "\0").encode("utf-16-le")
        return raw.ljust(64, b"\0") + struct.pack(
            "<HBBIII36xIII", len(raw), kind, 1, free, right, child, end, 0, 0
        )

    entries = [entry("Root Entry", 5, 1, free)]
    for at, name in enumerate(streams, start=1):
        entries.append(entry(name, 2, free, at + 1 if at < len(streams) else free))
    path.write_bytes(head[:512] + table + b"".join(entries).ljust(512, b"\0"))
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


def tiff(
    path: Path,
    *,
    size: tuple[int, int] = (40, 40),
    pixel: float = 25.0,
    corner: tuple[float, float] = (EAST - 100, NORTH + 500),
    epsg: int | None = 4546,
    nodata: str | None = "0",
    value: int = 7,
    rotation: float = 0.0,
    claimed: tuple[int, int] | None = None,
    cut: int = 0,
) -> Path:
    """Write a one-band 8-bit GeoTIFF, one strip a row; ``claimed`` is the size its header tells, ``cut`` bytes are lost."""
    width, height = claimed or size
    rows = (1, size[1])
    start = 8
    offsets = [start + at * size[0] for at in range(rows[1])]
    counts = [size[0]] * rows[1]
    pixels = bytes([value]) * (size[0] * size[1])
    place: list[tuple[int, int, bytes]] = []
    if rotation:
        matrix = [pixel, rotation, 0, corner[0], rotation, -pixel, 0, corner[1], 0, 0, 0, 0, 0, 0, 0, 1]
        place.append((34264, 12, struct.pack("<16d", *matrix)))
    else:
        place.append((33550, 12, struct.pack("<3d", pixel, pixel, 0)))
        place.append((33922, 12, struct.pack("<6d", 0, 0, 0, *corner, 0)))
    if epsg:
        keys = (1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, epsg)
        place.append((34735, 3, struct.pack("<16H", *keys)))
    if nodata is not None:
        place.append((42113, 2, nodata.encode() + b"\0"))
    tags = [(256, 4, struct.pack("<I", width)), (257, 4, struct.pack("<I", height)), (258, 3, struct.pack("<H", 8)),
            (259, 3, struct.pack("<H", 1)), (262, 3, struct.pack("<H", 1)), (273, 4, struct.pack(f"<{len(offsets)}I", *offsets)),
            (277, 3, struct.pack("<H", 1)), (278, 4, struct.pack("<I", 1 if not claimed else -(-height // rows[1]))),
            (279, 4, struct.pack(f"<{len(counts)}I", *counts)), *sorted(place)]  # fmt: skip
    widths = {2: 1, 3: 2, 4: 4, 12: 8}
    at = (
        start + 2 + 12 * len(tags) + 4
    )  # the directory stands before the pixels, so that a cut file still opens
    extra = b""
    entries = b""
    moved_by = at + sum(len(data) + len(data) % 2 for _, _, data in tags if len(data) > 4) - start
    for tag, kind, content in tags:
        if tag == 273:
            content = struct.pack(f"<{len(offsets)}I", *(offset + moved_by for offset in offsets))
        count = len(content) // widths[kind]
        if len(content) <= 4:
            entries += struct.pack("<HHI4s", tag, kind, count, content.ljust(4, b"\0"))
        else:
            entries += struct.pack("<HHII", tag, kind, count, at + len(extra))
            extra += content + b"\0" * (len(content) % 2)
    body = (
        struct.pack("<2sHI", b"II", 42, 8)
        + struct.pack("<H", len(tags))
        + entries
        + b"\0\0\0\0"
        + extra
        + pixels
    )
    path.write_bytes(body[: len(body) - cut])
    return path
