"""From the cells of a sheet or text file to a table: find the header, set aside rows that are no records."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import pandas as pd

from landeval import issues
from landeval.read.header import Header
from landeval.sources import SOURCE_COLUMNS, RawTable, Source
from landeval.units import looks_like_unit, split_header
from landeval.vocabulary.fields import normalise_header

_TOTAL = re.compile(r"^.{0,12}(合计|小计|总计|共计|累计)([(:].*)?$")
_WHOLE = re.compile(r"^(全县|全市|全区|全园区?|本园区|园区)$")
_OF_WHOLES = ("targets",)
"""Tables that say of each row whose figure it is: 园区 and 全县 are no totals there."""
_PART = re.compile(r"^其中([:：].*)?$")
_MEAN = re.compile(r"^(平均|均)值?$")
_NOTE = re.compile(
    r"^(注|备注|说明|填表人?|制表人?|审核人?|填报人?|负责人|单位负责人|数据来源|联系电话)\s*[:：]"
)


def is_no_record(cells: Sequence[Any], headers: Sequence[str] = (), table: str = "") -> str:
    """Return why a row of a table is no record (合计, note, the header again); empty where it is one."""
    patterns = [(_TOTAL, "合计行"), (_PART, "其中行"), (_MEAN, "平均行")]
    patterns += [] if table in _OF_WHOLES else [(_WHOLE, "合计行")]
    shown = [(cell, at) for at, cell in enumerate(cells) if not _blank(cell)]
    texts = [unicodedata.normalize("NFKC", str(cell)) for cell, _ in shown[:2]]
    for text in texts:
        squeezed = re.sub(r"\s+", "", text)
        for pattern, reason in patterns:
            if pattern.match(squeezed):
                return reason
    if texts and _NOTE.match(texts[0].strip()):
        return "备注行"
    pairs = [(str(cell), headers[at]) for cell, at in shown if at < len(headers)]
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
    header: Header,
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
    header : Header
        Where the header stands in ``rows``, and its labels.
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
    headers, header_at = list(header.labels), header.last
    while (
        headers
        and not headers[-1]
        and all(len(row) < len(headers) or _blank(row[len(headers) - 1]) for row in rows)
    ):
        headers.pop()
    width = len(headers)
    body: list[list[Any]] = []
    kept: list[int] = []
    aside: list[tuple[int, str, str]] = []
    totals: list[list[Any]] = []
    under_header = True
    for cells, number in zip(rows[header_at + 1 :], numbers[header_at + 1 :], strict=True):
        if all(_blank(cell) for cell in cells):
            continue
        if under_header and (reason := _below_header(cells)):
            aside.append((number, reason, _words(cells)))
            headers = _with_units(headers, cells) if reason == "单位行" else headers
            continue
        under_header = False
        if reason := is_no_record(cells, headers, source.table):
            aside.append((number, reason, _words(cells)))
            if reason == "合计行":
                totals.append([*cells[:width], *[None] * (width - len(cells)), number])
        elif strict_width and (len(cells) < width or any(not _blank(cell) for cell in cells[width:])):
            aside.append((number, "列数不符", _words(cells)))
        else:
            body.append([*cells[:width], *[None] * (width - len(cells))])
            kept.append(number)
    frame = pd.DataFrame(body, columns=[f"c{i}" for i in range(width)], dtype="object")
    place = {"source_file": source.name, "source_layer": layer}
    frame = frame.assign(**place, source_row=pd.Series(kept, dtype="int64"))
    set_aside = pd.DataFrame(
        [{**place, "source_row": number, "reason": reason, "text": text} for number, reason, text in aside],
        columns=[*SOURCE_COLUMNS, "reason", "text"],
    )
    ragged = set_aside["reason"] == "列数不符"
    problems.append(issues.report("E108", set_aside[ragged]))
    problems.append(
        issues.report(
            "E105",
            set_aside[~ragged],
            raw=set_aside.loc[~ragged, "reason"],
            detail=set_aside.loc[~ragged, "text"],
        )
    )
    if numbers[header.first] > 1:
        problems.append(
            issues.report_file("E106", source.name, layer, detail=f"表头在第 {numbers[header.first]} 行")
        )
    if header.last > header.first:
        told = f"第 {numbers[header.first]}—{numbers[header.last]} 行，读作：{'、'.join(filter(None, headers))[:200]}"
        problems.append(issues.report_file("E144", source.name, layer, detail=told))
    title = " ".join(str(cell) for row in rows[: header.first] for cell in row if not _blank(cell))
    return RawTable(
        source=source,
        frame=frame,
        headers=tuple(headers),
        title=title,
        crs="",
        set_aside=set_aside.drop(columns="text"),
        issues=issues.gather(problems),
        facts={**facts, "rows": len(frame), "set_aside": len(set_aside), "header_row": numbers[header_at]},
        totals=pd.DataFrame(
            totals, columns=[*(f"c{i}" for i in range(width)), "source_row"], dtype="object"
        ).assign(**place),
    )


def _words(cells: Sequence[Any]) -> str:
    """Return the first cells of a row that is no record, so that a person sees what was left out."""
    return "　".join(str(cell).strip() for cell in [cell for cell in cells if not _blank(cell)][:4])[:80]


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
