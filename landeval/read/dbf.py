"""Read a .dbf byte for byte: every value as written, deleted records kept and marked.

OGR refuses a whole file for one bad date and skips deleted records without a word; here a value is text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.errors import InputRefusedError
from landeval.read import dbf_binary
from landeval.read import encoding as text_encoding

Cell = tuple[int, int, str]
"""Record (from 0), field, text as far as it can be shown."""
NOT_SET = {"N": "*", "F": "*", "L": "?"}
"""What a number that does not fit its field, and a flag that nobody set, are written with."""
T = TypeVar("T", str, bytes)


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
    plain : bool
        Whether all text is ASCII, so that the encoding does not matter.
    cut, garbled, overflow : list of Cell
        Values cut inside a character; with bytes that are not of the encoding; numbers wider than their field.
    binary, unread : list of (str, str)
        Fields stored in binary and read; fields whose content is not in the file. Each with what to say.
    beyond : int
        Records after those that the header counts.
    """

    headers: tuple[str, ...]
    frame: pd.DataFrame
    deleted: npt.NDArray[np.bool_]
    encoding: str
    plain: bool
    beyond: int
    cut: list[Cell] = field(default_factory=list)
    garbled: list[Cell] = field(default_factory=list)
    overflow: list[Cell] = field(default_factory=list)
    binary: list[tuple[str, str]] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Layout:
    names: list[bytes]
    types: list[str]
    sizes: list[int]
    count: int
    header_size: int
    record_size: int


def read_dbf(path: Path, override: str = "", doubtful: str = "") -> Dbf:
    """Read the attribute table.

    Parameters
    ----------
    path : Path
    override : str
        Encoding named by the user.
    doubtful : str
        A label that names another Chinese encoding (Big5), whose bytes GB18030 would read as other characters.

    Raises
    ------
    InputRefusedError
        Not a .dbf, shorter than its header promises, or of an encoding that cannot be told.
    """
    data = path.read_bytes()
    layout = _layout(data, path)
    kinds = np.dtype([("mark", "S1")] + [(f"f{i}", f"V{size}") for i, size in enumerate(layout.sizes)])
    records = np.frombuffer(data, dtype=kinds, count=layout.count, offset=layout.header_size)
    columns = [
        None if dbf_binary.is_binary(kind, size) else _Cells(records[f"f{i}"], size)
        for i, (kind, size) in enumerate(zip(layout.types, layout.sizes, strict=True))
    ]
    encoding, plain = _encoding(layout, columns, path, override, doubtful)
    headers = tuple(text_encoding.decode(name, encoding).text.strip() for name in layout.names)
    table = Dbf(
        headers,
        pd.DataFrame(index=range(layout.count)),
        np.asarray(records["mark"] == b"*"),
        encoding,
        plain,
        _beyond(data, layout),
    )
    frame: dict[str, list[str]] = {}
    for index, column in enumerate(columns):
        kind, size = layout.types[index], layout.sizes[index]
        if column is None:
            frame[f"c{index}"] = _binary(records[f"f{index}"], kind, size, index, table)
        elif kind in dbf_binary.ELSEWHERE:
            frame[f"c{index}"] = [""] * layout.count
            if any(column.raw):
                table.unread.append((headers[index], dbf_binary.ELSEWHERE[kind]))
        else:
            frame[f"c{index}"] = _texts(column, index, kind, encoding, table)
    return Dbf(**{**vars(table), "frame": pd.DataFrame(frame, dtype="object", index=range(layout.count))})


def _layout(data: bytes, path: Path) -> _Layout:
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
        types.append(chr(data[position + 11]).upper())
        sizes.append(data[position + 16] + (data[position + 17] << 8 if types[-1] == "C" else 0))
        position += 32
    if record_size != 1 + sum(sizes):
        sizes = [size & 0xFF for size in sizes]
    if not names and count == 0:
        raise InputRefusedError(
            "属性表里没有字段，也没有记录",
            where=str(path),
            remedy="请核对是否选错文件，或重新导出",
            code="E133",
        )
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
    return _Layout(names, types, sizes, count, header_size, record_size)


def _beyond(data: bytes, layout: _Layout) -> int:
    """Count whole records after the last one of the header: each starts with its deletion mark."""
    found = 0
    at = layout.header_size + layout.count * layout.record_size
    while at + layout.record_size <= len(data) and data[at : at + 1] in (b" ", b"*"):
        found, at = found + 1, at + layout.record_size
    return found


class _Cells:
    """The values of one column, trailing blanks left out: as text where all are plain ASCII, else as bytes."""

    def __init__(self, column: npt.NDArray[np.void], size: int) -> None:
        self._whole = np.ascontiguousarray(column).tobytes() if size else b""
        self._count, self.size = len(column), size
        self.is_ascii = self._whole.isascii()

    def _cut(self, whole: T) -> list[T]:
        if not self.size:
            return [whole] * self._count
        return [whole[start : start + self.size] for start in range(0, len(whole), self.size)]

    @cached_property
    def raw(self) -> list[bytes]:
        return [value.rstrip(b" \x00") for value in self._cut(self._whole)]

    def texts(self, encoding: str) -> list[str] | None:
        """Return the values as text at one go; None where a value is cut or no text, or holds a line break."""
        if encoding not in text_encoding.CANDIDATES:
            return None
        if self.is_ascii:
            return [value.strip(" \x00") for value in self._cut(self._whole.decode("ascii"))]
        try:
            texts = b"\n".join(self.raw).decode(encoding).split("\n")
        except UnicodeDecodeError:
            return None
        return [value.strip(" \x00") for value in texts] if len(texts) == self._count else None


def _encoding(
    layout: _Layout, columns: list[_Cells | None], path: Path, override: str, doubtful: str
) -> tuple[str, bool]:
    """Decide the encoding by all names and texts; where none fits, name the first place."""
    values = [(name, len(name) >= 10) for name in layout.names]
    texts = [
        (index, column.raw, column.size)
        for index, column in enumerate(columns)
        if column is not None and layout.types[index] == "C" and not column.is_ascii
    ]
    plain = not texts and all(name.isascii() for name in layout.names)
    for _, column, size in texts:
        values += [(value, len(value) >= size) for value in set(column)]
    if override:
        return text_encoding.named(override, str(path)), plain
    encoding = text_encoding.of_pairs(values)
    if encoding is not None and not (doubtful and encoding == "gb18030"):
        return encoding, plain
    wrong = _first_wrong(layout.names, texts, doubted=encoding is not None)
    said = (
        f"{wrong}，文件标明 {doubtful}，而按 GB18030 也读得出，两者是不同的字"
        if encoding
        else f"{wrong}，既不是 UTF-8 也不是 GB18030"
    )
    raise InputRefusedError(
        f"文字编码无法判定：{said}",
        where=str(path),
        remedy='请在参数表该节的“编码”指定，如 big5、latin-1、gb18030（landeval.toml 中指定，如 encoding = "big5"、"latin-1"、"gb18030"），或从原系统以 UTF-8 重新导出',
        code="E128",
    )


def _first_wrong(names: list[bytes], texts: list[tuple[int, list[bytes], int]], *, doubted: bool) -> str:
    """Say where the first text stands that no encoding fits, else the first that is not plain."""

    def fits(value: bytes, full: bool) -> bool:
        if doubted:
            return value.isascii()
        return any(text_encoding.decodes(value, name, full) for name in text_encoding.CANDIDATES)

    for name in names:
        if not fits(name, len(name) >= 10):
            return f"字段名（字节 {name.hex(' ')}）"
    found: list[tuple[int, int, bytes]] = []
    for strict in (True, False):
        for index, column, size in texts:
            bad = {value for value in set(column)
                   if not (fits(value, len(value) >= size) if strict else value.isascii())}  # fmt: skip
            if bad:
                row = next(row for row, value in enumerate(column) if value in bad)
                found.append((row, index, column[row]))
        if found:
            break
    if not found:
        return "字段名"
    row, index, value = min(found)
    start = next((at for at, byte in enumerate(value) if byte > 0x7F), 0)
    shown = names[index].decode("ascii", errors="replace")
    return f"第 {row + 1} 条记录，字段 {shown}，字节 {value[start : start + 8].hex(' ')}"


def _texts(column: _Cells, index: int, kind: str, encoding: str, table: Dbf) -> list[str]:
    texts = column.texts(encoding)
    if texts is not None and not (kind in NOT_SET and NOT_SET[kind] in "\n".join(texts)):
        return texts
    known = {value: text_encoding.decode(value, encoding) for value in set(column.raw)}
    unset = "?" if kind == "L" else ""
    shown = {value: found.text.strip(" \x00").removeprefix(unset) for value, found in known.items()}
    if kind in "NF":
        wide = {value for value, text in shown.items() if text and not text.strip("*")}
        if wide:
            table.overflow.extend(
                (row, index, shown[value]) for row, value in enumerate(column.raw) if value in wide
            )
            shown.update(dict.fromkeys(wide, ""))
    for cells, marked in ((table.cut, {v for v, found in known.items() if found.is_cut}),
                          (table.garbled, {v for v, found in known.items() if found.is_garbled})):  # fmt: skip
        if marked:
            cells.extend(
                (row, index, shown[value]) for row, value in enumerate(column.raw) if value in marked
            )
    return [shown[value] for value in column.raw]


def _binary(column: npt.NDArray[np.void], kind: str, size: int, index: int, table: Dbf) -> list[str]:
    texts, doubtful = dbf_binary.texts(np.ascontiguousarray(column), kind, size)
    table.binary.append((table.headers[index], dbf_binary.NAMES[kind]))
    table.garbled.extend((row, index, bytes(column[row]).hex(" ")) for row in doubtful)
    return texts
