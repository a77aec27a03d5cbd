"""Read csv and tsv: encoding by bytes, delimiter by content, line numbers kept, ragged rows never shifted."""

from __future__ import annotations

import csv
import io
from typing import Any

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.read import encoding as text_encoding
from landeval.read import grid
from landeval.sources import RawTable, Source

DELIMITERS = (",", "\t", ";", "|")
csv.field_size_limit(10_000_000)


def read_delimited(source: Source, facts: dict[str, Any]) -> list[RawTable]:
    """Read one text table.

    Raises
    ------
    InputRefusedError
        Undecidable encoding, or no row that looks like a header.
    """
    data = source.path.read_bytes()
    encoding = text_encoding.of_text(data, str(source.path), source.encoding)
    text = data.decode(encoding, errors="replace").replace("\x00", "")
    delimiter = _delimiter(text)
    rows: list[list[str]] = []
    numbers: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    ended = 0
    for cells in reader:
        rows.append([cell.strip() for cell in cells])
        numbers.append(ended + 1)
        ended = reader.line_num
    header_at = grid.header_row(rows, source)
    if header_at is None:
        raise no_header(source, rows, "")
    problems = []
    if encoding not in ("utf-8", "utf-8-sig"):
        problems.append(issues.report_file("E101", source.path.name, detail=f"按 {encoding.upper()} 读取"))
    facts = {**facts, "encoding": encoding, "delimiter": delimiter}
    return [
        grid.to_table(
            rows, numbers, header_at, source, layer="", problems=problems, facts=facts, strict_width=True
        )
    ]


def _delimiter(text: str) -> str:
    lines = text.splitlines()[:30]
    counts = {mark: sum(line.count(mark) for line in lines) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: counts[mark])


def no_header(source: Source, rows: list[list[Any]], layer: str) -> InputRefusedError:
    """Say that no header was found, with what the first rows hold."""
    seen = next((row for row in rows if any(row)), [])
    shown = "、".join(str(cell) for cell in seen if cell)[:200]
    where = f"{source.path}{f'［{layer}］' if layer else ''}"
    return InputRefusedError(
        "找不到认得的表头" if rows else "表中没有内容",
        where=where,
        remedy=f"首行为：{shown or '空'}。请在 landeval.toml 的 [{source.table}.columns] 中写明对应的列名",
        code="E130",
    )
