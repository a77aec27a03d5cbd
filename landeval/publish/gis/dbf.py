"""The attribute table of a shapefile, written byte for byte: fields of fixed width, GBK, blank where unknown.

By a library (fiona, a feature at a time) this took ten times as long, for the same bytes; ``landeval/read/dbf.py`` reads
the like. pyogrio can set neither the width of a field nor its decimals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from landeval.publish.cells import Cell

ENCODING = "GBK"
REAL, DECIMALS, INTEGER, DAY = 20, 6, 18, 8
"""Widths of numbers, decimals of a real one, width of a date."""
_LANGUAGE = 0  # the code page stands in the .cpg
_PIECE = 4096


class Field(NamedTuple):
    """A field: its short name, how it is stored (``text``, ``real``, ``integer`` or ``date``), bytes, values."""

    name: str
    kind: str
    width: int
    values: Sequence[Cell]


def write_dbf(path: Path, fields: Sequence[Field], count: int, as_of: dt.date) -> None:
    """Write ``count`` records.

    Parameters
    ----------
    path : Path
        Replaced where it is there.
    fields : sequence of Field
        Texts fit into GBK and the width already; numbers fit the widths above.
    count : int
        Records; no field may have none.
    as_of : date
        Stands in the header, which would else hold the day of writing.
    """
    length = 1 + sum(field.width for field in fields)
    day = bytes((max(0, min(255, as_of.year - 1900)), as_of.month, as_of.day))
    head = b"\x03" + day + count.to_bytes(4, "little") + (33 + 32 * len(fields)).to_bytes(2, "little")
    columns = [_written(field) for field in fields]
    with path.open("wb") as stream:
        stream.write(head + length.to_bytes(2, "little") + bytes(17) + bytes((_LANGUAGE,)) + bytes(2))
        for field in fields:
            stream.write(_described(field))
        stream.write(b"\r")
        for start in range(0, count, _PIECE):
            piece = [column[start : start + _PIECE] for column in columns]
            stream.write(b"".join(b" " + b"".join(record) for record in zip(*piece, strict=True)))
        stream.write(b"\x1a")


def _described(field: Field) -> bytes:
    letter = {"text": b"C", "date": b"D"}.get(field.kind, b"N")
    decimals = DECIMALS if field.kind == "real" else 0
    return (
        field.name.encode("ascii").ljust(11, b"\0")
        + letter
        + bytes(4)
        + bytes((field.width, decimals))
        + bytes(14)
    )


def _written(field: Field) -> list[bytes]:
    blank = {"text": b" ", "date": b"0"}.get(field.kind, b"*") * field.width
    known = {value: _value(field, value) for value in set(field.values) if value is not None}
    return [blank if value is None else known[value] for value in field.values]


def _value(field: Field, value: Cell) -> bytes:
    if field.kind == "text":
        return str(value).encode(ENCODING).ljust(field.width)
    if field.kind == "date":
        assert isinstance(value, dt.date)
        return f"{value.year:04d}{value.month:02d}{value.day:02d}".encode()
    assert isinstance(value, int | float)
    return (f"{value:{REAL}.{DECIMALS}f}" if field.kind == "real" else f"{value:{INTEGER}d}").encode()
