"""Read a .dbf byte for byte: every value as written, deleted records kept and marked.

OGR refuses a whole file for one bad date and skips deleted records without a word; here a value is text.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from landeval.errors import InputRefusedError
from landeval.read import encoding as text_encoding


@dataclass(frozen=True)
class Dbf:
    """The attribute table of a shapefile.

    Attributes
    ----------
    headers : tuple of str
        Field names, decoded.
    frame : DataFrame
        One text column a field (``c0 …``), one row a record, deleted ones included.
    deleted : ndarray of bool
        The deletion mark of each record.
    encoding : str
        What the bytes were found to be.
    cut : list of (int, int)
        Record and field of values cut inside a character.
    """

    headers: tuple[str, ...]
    frame: pd.DataFrame
    deleted: np.ndarray[tuple[int], np.dtype[np.bool_]]
    encoding: str
    cut: list[tuple[int, int]]


def read_dbf(path: Path, override: str = "") -> Dbf:
    """Read the attribute table.

    Parameters
    ----------
    path : Path
    override : str
        Encoding named by the user.

    Raises
    ------
    InputRefusedError
        Not a .dbf, or shorter than its header promises.
    """
    data = path.read_bytes()
    if len(data) < 33:
        raise InputRefusedError(
            "属性表是空的或未复制完整", where=str(path), remedy="请重新复制整套文件", code="E129"
        )
    count = int.from_bytes(data[4:8], "little")
    header_size = int.from_bytes(data[8:10], "little")
    record_size = int.from_bytes(data[10:12], "little")
    names, types, sizes = [], [], []
    position = 32
    while position + 32 <= min(header_size, len(data)) and data[position] != 0x0D:
        names.append(data[position : position + 11].split(b"\x00")[0])
        types.append(chr(data[position + 11]))
        sizes.append(data[position + 16] + (data[position + 17] << 8 if types[-1] == "C" else 0))
        position += 32
    if record_size != 1 + sum(sizes):
        sizes = [size & 0xFF for size in sizes]
    if not names or record_size != 1 + sum(sizes):
        raise InputRefusedError("属性表的结构损坏", where=str(path), remedy="请重新导出", code="E129")
    if len(data) < header_size + count * record_size:
        held = max(0, (len(data) - header_size) // record_size)
        raise InputRefusedError(
            f"属性表应有 {count} 条记录，文件中只有 {held} 条",
            where=str(path),
            remedy="文件不完整，请重新复制整套文件",
            code="E129",
        )
    layout = np.dtype([("mark", "S1")] + [(f"f{i}", f"V{size}") for i, size in enumerate(sizes)])
    records = np.frombuffer(data, dtype=layout, count=count, offset=header_size)
    columns = [_bytes(records[f"f{i}"], size) for i, size in enumerate(sizes)]

    def values() -> list[tuple[bytes, bool]]:
        found = [(name, len(name) >= 10) for name in names]
        for column, size, kind in zip(columns, sizes, types, strict=True):
            if kind == "C":
                found += [(value, len(value) >= size) for value in set(column)]
        return found

    encoding = text_encoding.of_values(values(), str(path), override)
    cut: list[tuple[int, int]] = []
    frame: dict[str, list[str]] = {}
    for index, column in enumerate(columns):
        known: dict[bytes, tuple[str, bool]] = {
            value: text_encoding.decode(value, encoding) for value in set(column)
        }
        unset = "?" if types[index] == "L" else ""
        frame[f"c{index}"] = [known[value][0].strip(" \x00").removeprefix(unset) for value in column]
        if any(was_cut for _, was_cut in known.values()):
            cut += [(row, index) for row, value in enumerate(column) if known[value][1]]
    headers = tuple(text_encoding.decode(name, encoding)[0].strip() for name in names)
    deleted = records["mark"] == b"*"
    return Dbf(headers, pd.DataFrame(frame, dtype="object", index=range(count)), deleted, encoding, cut)


def _bytes(column: np.ndarray[tuple[int], np.dtype[np.void]], size: int) -> list[bytes]:
    whole = np.ascontiguousarray(column).tobytes()
    if size == 0:
        return [b""] * len(column)
    return [whole[start : start + size].rstrip(b" \x00") for start in range(0, len(whole), size)]
