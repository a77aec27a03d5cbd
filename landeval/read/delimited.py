"""Read csv and tsv: encoding by bytes, delimiter by content, line numbers kept, ragged rows never shifted."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from typing import Any

import pandas as pd

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.read import encoding as text_encoding
from landeval.read import grid
from landeval.read.handed_back import meant
from landeval.read.header import SEARCH_ROWS, nearest_names, recognised
from landeval.sources import RawTable, Source
from landeval.vocabulary.table_kinds import another, not_handed_back, seems

DELIMITERS = (",", "\t", ";", "|", "，", "；", "、")
MAX_TEXT_BYTES = 200_000_000
"""A text table holds about ten times its size in memory; a county's enterprises of ten years are a few MB."""
csv.field_size_limit(10_000_000)


def read_delimited(source: Source, facts: dict[str, Any]) -> list[RawTable]:
    """Read one text table.

    Raises
    ------
    InputRefusedError
        More than 200 MB, undecidable encoding, or no row that looks like a header.
    """
    if source.path.stat().st_size > MAX_TEXT_BYTES:
        raise InputRefusedError(
            f"文本表超过 {MAX_TEXT_BYTES // 1_000_000} MB",
            where=str(source.path),
            remedy="请按年度、乡镇拆分",
            code="E126",
        )
    data = source.path.read_bytes()
    encoding = text_encoding.of_text(data, str(source.path), source.encoding)
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    delimiter = _delimiter(text, source)
    try:
        found = _rows(text, delimiter)
    except csv.Error as error:
        raise InputRefusedError(
            "文本表读不下去", where=str(source.path), remedy=f"请检查引号是否成对（{error}）", code="E130"
        ) from error
    source, header = meant([cells for _, cells in found], source)
    if header is None:
        raise no_header(source, [cells for _, cells in found], "")
    found = [
        *found[: header.last + 1],
        *_unfolded(found[header.last + 1 :], text, delimiter, len(found[header.last][1])),
    ]
    numbers, rows = [number for number, _ in found], [cells for _, cells in found]
    problems = [_garbled(text, source)]
    if "\x00" in text:
        problems.append(_without_nul(rows, numbers, header.last, source))
    if encoding not in ("utf-8", "utf-8-sig"):
        problems.append(issues.report_file("E101", source.name, detail=f"按 {encoding.upper()} 读取"))
    facts = {**facts, "table": source.table, "encoding": encoding, "delimiter": delimiter}
    table = grid.to_table(
        rows, numbers, header, source, layer="", problems=problems, facts=facts, strict_width=True
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
            remedy="请核对是否选错文件或工作表；还没有填的，先在设置中去掉这一项：删去参数表该节“文件”的值（landeval.toml 的这一节）",
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
    """Take rows over several lines apart again where a stray quote may have swallowed the next record."""
    lines = list(io.StringIO(text, newline=""))
    ends = [*(number for number, _ in found), len(lines) + 1][1:]
    result = []
    for (number, cells), end in zip(found, ends, strict=True):
        span = lines[number - 1 : end - 1]
        if len(span) > 1 and _is_swallowed(cells, span, delimiter, width):
            for at in range(number, end):
                result += _rows(lines[at - 1], delimiter, at)
        else:
            result.append((number, cells))
    return result


def _is_swallowed(cells: list[str], span: list[str], delimiter: str, width: int) -> bool:
    """Tell whether lines are several records: not of the header's width, badly quoted, or each a whole row."""
    if len(cells) != width:
        return True
    try:
        list(csv.reader(span, delimiter=delimiter, strict=True))
    except csv.Error:
        return True
    return all(line.count(delimiter) == width - 1 for line in span)


def _delimiter(text: str, source: Source) -> str:
    """Return the mark that gives a known header and rows of one width: never the one that is merely frequent."""
    start = "".join(itertools.islice(io.StringIO(text, newline=""), 40))

    def worth(mark: str) -> tuple[int, float, int]:
        try:
            rows = [cells for _, cells in _rows(start, mark) if any(cells)]
        except csv.Error:
            return (0, 0.0, 0)
        widths = Counter(len(cells) for cells in rows)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        known = max((recognised(cells, source) for cells in rows[:SEARCH_ROWS]), default=0)
        return (known, count / max(1, len(rows)) if width > 1 else 0.0, width)

    return max(DELIMITERS, key=worth)


def _without_nul(rows: list[list[str]], numbers: list[int], header_at: int, source: Source) -> pd.DataFrame:
    """Take NUL characters out: fillers at the ends of a cell are nothing, one inside makes the cell unknown."""
    told: list[tuple[int, str, str]] = []
    for at, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if "\x00" not in cell:
                continue
            headers = rows[header_at]
            name = headers[column].strip("\x00") if column < len(headers) else ""
            told.append((numbers[at], name or f"第 {column + 1} 列", cell.replace("\x00", "␀")[:100]))
            kept = cell.strip("\x00").strip()
            cells[column] = ("" if at > header_at else kept.replace("\x00", "")) if "\x00" in kept else kept
    return issues.report(
        "E143",
        _place(source, [number for number, _, _ in told]),
        column=pd.Series([name for _, name, _ in told], dtype="object"),
        raw=pd.Series([raw for *_, raw in told], dtype="object"),
    )


def _garbled(text: str, source: Source) -> pd.DataFrame:
    """Tell the lines whose bytes are no text of the encoding that the file's mark names."""
    if "\ufffd" not in text:
        return issues.empty()
    lines = [at for at, line in enumerate(io.StringIO(text, newline=""), start=1) if "\ufffd" in line]
    return issues.report("E152", _place(source, lines))


def _place(source: Source, rows: list[int]) -> pd.DataFrame:
    return pd.DataFrame(
        {"source_file": source.name, "source_layer": "", "source_row": pd.Series(rows, dtype="int64")}
    )


def no_header(source: Source, rows: list[list[Any]], layer: str) -> InputRefusedError:
    """Say that no header was found, with what the first rows hold; of another kind of table, which one it seems to be."""
    if not source.columns:
        heads = [["" if cell is None else str(cell) for cell in row] for row in rows[:SEARCH_ROWS]]
        for headers in heads:
            if other := seems(headers, source.table):
                return another(headers, source.table, other, source.path)
        if error := not_handed_back(heads, source.table, source.path):
            return error
    seen = next((row for row in rows if any(row)), [])
    shown = "、".join(str(cell) for cell in seen if cell)[:200]
    where = f"{source.path}{f'［{layer}］' if layer else ''}"
    return InputRefusedError(
        "找不到认得的表头" if rows else "表中没有内容",
        where=where,
        remedy=f"首行为：{shown or '空'}。{nearest_names(rows, source)}"
        f"请在参数表该节加一行“列名对应：数据项”，值写原表的列名（landeval.toml 的 [{source.table}.columns] 中写明对应的列名）",
        code="E130",
    )
