"""Read SpreadsheetML 2003 (XML that Excel and many systems write as .xls or .xml), without following entities."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import pandas as pd
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import parse

from landeval.errors import InputRefusedError
from landeval.read.sheets import MAX_CELLS, Area, Sheet, read_sheets, too_large
from landeval.sources import RawTable, Source

MAX_XML_BYTES = 100_000_000
SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
XL = "{urn:schemas-microsoft-com:office:excel}"


def read_spreadsheetml(source: Source, facts: dict[str, Any]) -> list[RawTable]:
    """Read the worksheets of a SpreadsheetML file that hold the table asked for.

    Raises
    ------
    InputRefusedError
        Broken XML, XML that declares entities, more than can be held, or no sheet with the table.
    """
    if source.path.stat().st_size > MAX_XML_BYTES:
        raise too_large(source, "XML 表格超过 100 MB")
    try:
        root = parse(source.path, forbid_dtd=True).getroot()
    except DefusedXmlException:
        raise unsafe_xml(str(source.path)) from None
    except (ParseError, ValueError, LookupError) as error:
        raise InputRefusedError(
            "XML 表格损坏或未复制完整",
            where=str(source.path),
            remedy=f"请重新导出，或用 Excel 另存为 .xlsx（{error}）",
            code="E125",
        ) from error
    sheets = [_sheet(element, source) for element in root.iter(f"{SS}Worksheet")]
    if not sheets:
        raise InputRefusedError(
            "XML 中没有工作表", where=str(source.path), remedy="请用 Excel 另存为 .xlsx", code="E124"
        )
    return read_sheets(source, facts, sheets, [("E142", "内容是 XML 表格（SpreadsheetML 2003）")])


def unsafe_xml(where: str) -> InputRefusedError:
    """Say that XML declares a document type: it could swell without end or read other files."""
    return InputRefusedError(
        "XML 中有文档类型或实体声明，可能无限膨胀或读取其他文件",
        where=where,
        remedy="正常的工作簿没有这种内容；请核对文件来源，用 Excel 另存为 .xlsx",
        code="E174",
    )


def _sheet(element: Element, source: Source) -> Sheet:
    rows: list[list[Any]] = []
    numbers: list[int] = []
    merged: list[Area] = []
    errors: list[tuple[int, int, str]] = []
    number = held = 0
    for row in element.iterfind(f"{SS}Table/{SS}Row"):
        number = _number(row, "Index", number + 1, source, least=number + 1)
        cells: list[Any] = []
        for cell in row.iterfind(f"{SS}Cell"):
            column = _number(cell, "Index", len(cells) + 1, source, least=len(cells) + 1) - 1
            held += max(column - len(cells), 0) + 1
            if held > MAX_CELLS or column > 16_384:
                raise too_large(source, "工作表的单元格过多，超过限制")
            cells += [None] * (column - len(cells))
            data = cell.find(f"{SS}Data")
            kind = "" if data is None else data.get(f"{SS}Type", "String")
            text = "" if data is None else "".join(data.itertext())
            if kind == "Error":
                errors.append((number, column, text))
            if down := _number(cell, "MergeDown", 0, source):
                merged.append(Area(number, number + down, column))
            across = min(_number(cell, "MergeAcross", 0, source), 16_384)
            held += across
            cells += [_value(kind, text), *[None] * across]
        rows.append(cells)
        numbers.append(number)
        number += _number(row, "Span", 0, source)
    visible = element.findtext(f"{XL}WorksheetOptions/{XL}Visible", "")
    return Sheet(
        name=element.get(f"{SS}Name", ""),
        rows=rows,
        numbers=numbers,
        is_hidden=visible.startswith("SheetHidden") or visible == "SheetVeryHidden",
        merged=tuple(merged),
        errors=tuple(errors),
    )


def _number(element: Element, name: str, default: int, source: Source, *, least: int = 0) -> int:
    """Return a number of rows or columns; one that goes back would shift cells or lay a row over another."""
    text = element.get(f"{SS}{name}")
    if text is None:
        return default
    if not re.fullmatch(r"\d{1,7}", text) or int(text) < least:
        raise InputRefusedError(
            f"XML 表格的行列号有误（{name}={text[:20]}）",
            where=str(source.path),
            remedy="请用 Excel 另存为 .xlsx",
            code="E125",
        )
    return int(text)


def _value(kind: str, text: str) -> Any:
    """Return the value of a cell; a number beyond what Excel holds exactly stays a float, told further on."""
    if kind == "Number":
        if re.fullmatch(r"-?\d{1,15}", text):
            return int(text)
        try:
            return float(text)
        except ValueError:
            return text
    if kind == "DateTime":
        moment = pd.to_datetime(text, format="ISO8601", errors="coerce")
        return text if pd.isna(moment) else moment.to_pydatetime()
    if kind == "Boolean":
        return text.strip() == "1"
    return None if kind == "Error" or text == "" else text
