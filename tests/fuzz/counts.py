"""Count what a spoiled file holds without landeval: the records that a reconciliation may not be short of."""

from __future__ import annotations

import csv
import io
import json
import re
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

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
    count = {"shapefile": _dbf, "geojson": _geojson, "text": _text, "xlsx": _sheet}.get(told["format"])
    return count(path, told) if count else set()


def _dbf(path: Path, told: Mapping[str, Any]) -> set[int]:
    data = path.with_suffix(".dbf").read_bytes()
    count, head, record = struct.unpack("<IHH", data[4:12])
    return set(range(1, count + 1)) if len(data) >= head + count * record else set()


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
