"""评价报告.docx: the park in findings, each a sentence with its picture and the table behind it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from landeval.publish.frames import parcel_table
from landeval.publish.report import boards, ground, groups, intensive_use, park
from landeval.publish.report.document import Document
from landeval.publish.report.section import Chapter
from landeval.publish.workbook.summary import attention, notes
from landeval.result import Result

_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三")


def chapters(result: Result, table: pd.DataFrame) -> tuple[Chapter, ...]:
    """Return the chapters that have something to say, in order; ``table`` is a ``parcel_table``."""
    table = table.reset_index(drop=True)
    every = (
        park.classes(result, table),
        park.ratios(result, table),
        park.years(result),
        groups.levels(result, table),
        groups.disposal(result, table),
        ground.ground(result, table),
        groups.grading(result),
        intensive_use.index(result),
        boards.targets(result),
        boards.supply(result),
    )
    return tuple(chapter for chapter in every if chapter.sections)


def write_report(result: Result, path: Path, pictures: Path | None = None) -> Path:
    """Write the report and return its path.

    Parameters
    ----------
    result : Result
    path : Path
        Of the file.
    pictures : Path, optional
        Folder that gets each picture as a PNG too.
    """
    year = f"{result.year} 年" if result.year is not None else "未指定"
    document = Document(f"{result.title}土地利用评价报告", "landeval", result.as_of)
    document.title(
        f"{result.title}土地利用评价报告", f"数据年度 {year}　评价基准日 {result.as_of.isoformat()}"
    )
    table = parcel_table(result)
    parts = chapters(result, table)
    for number, chapter in enumerate(parts):
        document.heading(f"{_NUMERALS[number]}、{chapter.title}", 1)
        for at, section in enumerate(chapter.sections, start=1):
            document.heading(f"（{_NUMERALS[at - 1]}）{section.title}", 2)
            document.text(section.finding)
            if section.picture is not None:
                document.picture(section.picture, section.title)
                if pictures is not None:
                    pictures.mkdir(exist_ok=True)
                    (pictures / f"{chapter.title}_{section.title}.png").write_bytes(section.picture)
            if section.table is not None:
                document.table(section.table, section.title)
            if section.note:
                document.note(section.note)
    document.heading(f"{_NUMERALS[len(parts)]}、需要注意", 1)
    for number, text in enumerate(attention(result, table), start=1):
        document.text(f"{number}．{text}")
    document.heading(f"{_NUMERALS[len(parts) + 1]}、说明", 1)
    for text in notes(result, names_rules=False):
        document.text(text)
    return document.save(path)
