"""From the cells of a sheet or text file to a table: find the header, set aside rows that are no records."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import pandas as pd

from landeval import issues
from landeval.sources import SOURCE_COLUMNS, RawTable, Source
from landeval.units import looks_like_unit, split_header, without_year
from landeval.vocabulary.fields import alias_index, normalise_header

HEADER_SEARCH_ROWS = 20
_TOTAL = re.compile(r"^(.{0,12}(合计|小计|总计|共计|累计)([(:].*)?|(平均|均)值?)$")
_NOTE = re.compile(
    r"^(注|备注|说明|填表人?|制表人?|审核人?|填报人?|负责人|单位负责人|数据来源|联系电话)\s*[:：]"
)


def recognised(cells: Sequence[Any], source: Source) -> int:
    """Count the cells of a row that are headers known to the vocabulary or named in the project."""
    known = alias_index(source.table)
    pinned = {normalise_header(header) for header in (*source.columns.values(), *source.where)}
    texts = [str(cell) for cell in cells if cell not in (None, "")]
    return sum(
        normalise_header(text) in known
        or normalise_header(split_header(text)[0]) in known
        or normalise_header(split_header(without_year(text)[0])[0]) in known
        or normalise_header(text) in pinned
        for text in texts
    )


def header_row(rows: Sequence[Sequence[Any]], source: Source) -> int | None:
    """Return the position of the header: the row with most known headers, at least two; None if there is none."""
    best, most = None, 1
    for index, cells in enumerate(rows[:HEADER_SEARCH_ROWS]):
        hits = recognised(cells, source)
        if hits > most:
            best, most = index, hits
    return best


def is_no_record(cells: Sequence[Any], headers: Sequence[str] = ()) -> str:
    """Return why a row is no record (合计, note, the header again); empty where it is one."""
    texts = [unicodedata.normalize("NFKC", str(cell)) for cell in cells if not _blank(cell)]
    for text in texts[:2]:
        squeezed = re.sub(r"\s+", "", text)
        if _TOTAL.match(squeezed):
            return "合计行"
    if texts and _NOTE.match(texts[0].strip()):
        return "备注行"
    pairs = [(str(cell), header) for cell, header in zip(cells, headers, strict=False) if not _blank(cell)]
    if len(pairs) > 1 and all(normalise_header(cell) == normalise_header(header) for cell, header in pairs):
        return "重复表头"
    return ""


def _below_header(cells: Sequence[Any]) -> str:
    """Return what a row right below the header is, if it is a row of units or of column numbers."""
    texts = [str(cell).strip() for cell in cells if not _blank(cell)]
    if texts and all(looks_like_unit(text) for text in texts):
        return "单位行"
    numbers = [text for text in texts if text not in "甲乙丙丁"]
    wanted = 3 if len(numbers) == len(texts) else 4
    if (
        len(texts) >= wanted
        and len(numbers) > 1
        and numbers == [str(number) for number in range(1, len(numbers) + 1)]
    ):
        return "栏次行"
    return ""


def _with_units(headers: list[str], cells: Sequence[Any]) -> list[str]:
    units = ["" if _blank(cell) else str(cell).strip() for cell in cells]
    units += [""] * (len(headers) - len(units))
    return [
        f"{header}({unit.strip('()（）')})" if header and unit and not split_header(header)[1] else header
        for header, unit in zip(headers, units, strict=False)
    ]


def to_table(
    rows: Sequence[Sequence[Any]],
    numbers: Sequence[int],
    header_at: int,
    source: Source,
    *,
    layer: str,
    problems: list[pd.DataFrame],
    facts: dict[str, Any],
    strict_width: bool = False,
) -> RawTable:
    """Make a raw table of rows of cells.

    Parameters
    ----------
    rows : sequence of sequences
        Cells as written.
    numbers : sequence of int
        The number of each row in its file, from 1.
    header_at : int
        Position of the header in ``rows``.
    source : Source
    layer : str
        Sheet name; empty for text files.
    problems : list of DataFrame
        Issues met so far.
    facts : dict
        What ``run.json`` says of the file.
    strict_width : bool
        A row with more or fewer cells than the header may be shifted: set it aside (text files).
    """
    headers = [" ".join(str(cell).split()) if cell not in (None, "") else "" for cell in rows[header_at]]
    while (
        headers
        and not headers[-1]
        and all(len(row) < len(headers) or _blank(row[len(headers) - 1]) for row in rows)
    ):
        headers.pop()
    width = len(headers)
    body: list[list[Any]] = []
    kept: list[int] = []
    aside: list[tuple[int, str]] = []
    under_header = True
    for cells, number in zip(rows[header_at + 1 :], numbers[header_at + 1 :], strict=True):
        if all(_blank(cell) for cell in cells):
            continue
        if under_header and (reason := _below_header(cells)):
            aside.append((number, reason))
            headers = _with_units(headers, cells) if reason == "单位行" else headers
            continue
        under_header = False
        if reason := is_no_record(cells, headers):
            aside.append((number, reason))
        elif strict_width and (len(cells) < width or any(not _blank(cell) for cell in cells[width:])):
            aside.append((number, "列数不符"))
        else:
            body.append([*cells[:width], *[None] * (width - len(cells))])
            kept.append(number)
    frame = pd.DataFrame(body, columns=[f"c{i}" for i in range(width)], dtype="object")
    place = {"source_file": source.name, "source_layer": layer}
    frame = frame.assign(**place, source_row=pd.Series(kept, dtype="int64"))
    set_aside = pd.DataFrame(
        [{**place, "source_row": number, "reason": reason} for number, reason in aside],
        columns=[*SOURCE_COLUMNS, "reason"],
    )
    ragged = set_aside["reason"] == "列数不符"
    problems.append(issues.report("E108", set_aside[ragged]))
    problems.append(issues.report("E105", set_aside[~ragged], raw=set_aside.loc[~ragged, "reason"]))
    if header_at > 0:
        problems.append(
            issues.report_file("E106", source.name, layer, detail=f"表头在第 {numbers[header_at]} 行")
        )
    title = " ".join(str(cell) for row in rows[:header_at] for cell in row if not _blank(cell))
    return RawTable(
        source=source,
        frame=frame,
        headers=tuple(headers),
        title=title,
        crs="",
        set_aside=set_aside,
        issues=issues.gather(problems),
        facts={**facts, "rows": len(frame), "set_aside": len(set_aside), "header_row": numbers[header_at]},
    )


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
