"""Count what a spoiled file holds without landeval: the records that a reconciliation may not be short of."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import sqlite3
import struct
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from xlrd.compdoc import CompDoc

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def promised(path: Path, told: Mapping[str, Any]) -> set[int]:
    """Return the numbers of the records that the bytes of a file promise; empty where they cannot be counted.

    Parameters
    ----------
    path : Path
        An input that was read.
    told : Mapping
        What the run says of it: format, encoding, delimiter, header row, sheet.
    """
    packed, _, kind = str(told["format"]).rpartition("/")
    if packed:
        return _inside(path, told, kind)
    count = {
        "shapefile": _dbf,
        "geojson": _geojson,
        "geopackage": _geopackage,
        "text": _text,
        "xlsx": _sheet,
        "xls": _xls,
    }.get(kind)
    return count(path, told) if count else set()


def _inside(path: Path, told: Mapping[str, Any], kind: str) -> set[int]:
    """Count in the member of a zip that was read; only where one has its ending."""
    ending = ".dbf" if kind == "shapefile" else f".{kind}"
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        names = [name for name in archive.namelist() if name.lower().endswith(ending)]
        if len(names) != 1:
            return set()
        (Path(folder) / f"member{ending}").write_bytes(archive.read(names[0]))
        return promised(Path(folder) / f"member{ending}", {**told, "format": kind})


def _dbf(path: Path, told: Mapping[str, Any]) -> set[int]:
    data = path.with_suffix(".dbf").read_bytes()
    count, head, record = struct.unpack("<IHH", data[4:12])
    return set(range(1, count + 1)) if len(data) >= head + count * record else set()


def _geopackage(path: Path, told: Mapping[str, Any]) -> set[int]:
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as base:
        name = str(told["layer"]).replace('"', '""')
        (count,) = base.execute(f'select count(*) from "{name}"').fetchone()
    return set(range(1, count + 1))


def _xls(path: Path, told: Mapping[str, Any]) -> set[int]:
    """Count rows whose own record says that they have cells, found by its bytes and not record after record.

    Rows of one cell do not count: landeval does not take their record's word for it either.
    """
    data = path.read_bytes()
    held, base, size = CompDoc(data, logfile=io.StringIO()).locate_named_stream("Workbook")
    stream = held[base : base + size]
    starts: dict[str, int] = {}
    for at in _all(stream[:-12], b"\x85\x00"):
        start, _, long, wide = struct.unpack_from("<IHBB", stream, at + 4)
        text = stream[at + 12 : at + 12 + long * (1 + wide % 2)]
        if stream[start : start + 2] == b"\x09\x08":
            starts[text.decode("utf-16-le" if wide % 2 else "latin-1", "replace")] = start
    if told["sheet"] not in starts:
        return set()
    start = starts[told["sheet"]]
    end = min([other for other in starts.values() if other > start], default=len(stream))
    found: set[int] = set()
    for at in _all(stream[start : end - 12], b"\x08\x02\x10\x00"):
        row, first, last = struct.unpack_from("<HHH", stream, start + at + 4)
        if 2 <= last - first <= 256 and row + 1 > max(told["header_row"], *found, 0):
            found.add(row + 1)
    return found


def _all(data: bytes, part: bytes) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(part), data)]


def _geojson(path: Path, told: Mapping[str, Any]) -> set[int]:
    try:
        features = json.loads(path.read_bytes())["features"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return set()
    listed = [one for one in features if isinstance(one, dict) and one.get("type") == "Feature"]
    return set(range(1, len(listed) + 1)) if isinstance(features, list) else set()


def _text(path: Path, told: Mapping[str, Any]) -> set[int]:
    text = path.read_bytes().decode(told["encoding"], errors="replace").replace("\x00", "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=told["delimiter"])
    found, start = set(), 1
    for cells in reader:
        if start > told["header_row"] and any(cell.strip() for cell in cells):
            found.add(start)
        start = reader.line_num + 1
    return found


def _sheet(path: Path, told: Mapping[str, Any]) -> set[int]:
    """Count rows with a value in the sheet's own XML; only of books whose sheets can be told apart by order."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
        titles = [
            node.get("name")
            for node in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{MAIN}sheet")
        ]
        if len(names) != len(titles) or told["sheet"] not in titles or len(set(titles)) < len(titles):
            return set()
        root = ElementTree.fromstring(
            archive.read(f"xl/worksheets/sheet{titles.index(told['sheet']) + 1}.xml")
        )
    found, at = set(), 0
    for row in root.iter(f"{MAIN}row"):
        number = row.get("r", "")
        at = int(number) if number.isdecimal() else at + 1
        texts = [
            node.text
            for cell in row.iter(f"{MAIN}c")
            for node in cell.iter()
            if node.tag in (f"{MAIN}v", f"{MAIN}t")
        ]
        if at > told["header_row"] and any(text and text.strip() for text in texts):
            found.add(at)
    return found
