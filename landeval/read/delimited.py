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
    try:
        found = _rows(text, delimiter)
    except csv.Error as error:
        raise InputRefusedError(
            "文本表读不下去", where=str(source.path), remedy=f"请检查引号是否成对（{error}）", code="E130"
        ) from error
    header_at = grid.header_row([cells for _, cells in found], source)
    if header_at is None:
        raise no_header(source, [cells for _, cells in found], "")
    found = [
        *found[: header_at + 1],
        *_unfolded(found[header_at + 1 :], text, delimiter, len(found[header_at][1])),
    ]
    numbers, rows = [number for number, _ in found], [cells for _, cells in found]
    problems = []
    if encoding not in ("utf-8", "utf-8-sig"):
        problems.append(issues.report_file("E101", source.name, detail=f"按 {encoding.upper()} 读取"))
    facts = {**facts, "encoding": encoding, "delimiter": delimiter}
    table = grid.to_table(
        rows, numbers, header_at, source, layer="", problems=problems, facts=facts, strict_width=True
    )
    refuse_empty([table])
    return [table]


def refuse_empty(tables: list[RawTable]) -> None:
    """Refuse a file whose tables have a header and nothing under it.

    Raises
    ------
    InputRefusedError
    """
    if not any(len(table.frame) for table in tables):
        raise InputRefusedError(
            "表中只有表头，没有记录",
            where=str(tables[0].source.path),
            remedy="请核对是否选错文件或工作表",
            code="E133",
        )


def _rows(text: str, delimiter: str, first: int = 1) -> list[tuple[int, list[str]]]:
    """Split text into rows, each with the number of the line on which it starts."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found, ended = [], 0
    for cells in reader:
        found.append((first + ended, [cell.strip() for cell in cells]))
        ended = reader.line_num
    return found


def _unfolded(
    found: list[tuple[int, list[str]]], text: str, delimiter: str, width: int
) -> list[tuple[int, list[str]]]:
    """Take rows over several lines that do not fit the header apart again: a stray quote has swallowed the next."""
    lines = list(io.StringIO(text, newline=""))
    ends = [*(number for number, _ in found), len(lines) + 1][1:]
    result = []
    for (number, cells), end in zip(found, ends, strict=True):
        if len(cells) != width and end - number > 1:
            for at in range(number, end):
                result += _rows(lines[at - 1], delimiter, at)
        else:
            result.append((number, cells))
    return result


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
