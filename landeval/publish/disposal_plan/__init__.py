"""处置方案.docx: the bureau's template filled with the figures of a run; a value is a text and never read again."""

from __future__ import annotations

import copy
import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
from docx.oxml.ns import qn

from landeval.errors import ConfigurationError
from landeval.publish.cells import clean
from landeval.publish.disposal_plan.placeholders import PLACEHOLDERS, Facts, facts_of
from landeval.publish.disposal_plan.template import Spot, opened, shipped_bytes, spots
from landeval.publish.documents.document import cell_styles, fitted_widths, sealed
from landeval.publish.documents.grid import grid
from landeval.result import Result


def check_template(path: Path | None) -> None:
    """Refuse a template that cannot be filled, before anything is run.

    Raises
    ------
    ConfigurationError
    """
    opened(path)


def write_template(path: Path) -> Path:
    """Write the shipped template for the bureau to change; a file that is there is not touched.

    Raises
    ------
    ConfigurationError
    """
    if path.suffix.lower() != ".docx":
        raise ConfigurationError(f"文件名应以 .docx 结尾：{path.name}", where=str(path), remedy="请写成 处置方案模板.docx", code="E651")  # fmt: skip
    if path.exists():
        raise ConfigurationError(
            "模板文件已经存在，不覆盖", where=str(path), remedy="请换一个文件名", code="E651"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(shipped_bytes())
    return path


def write_plan(result: Result, path: Path, template: Path | None = None) -> Path:
    """Fill a template and return the path of the plan.

    Parameters
    ----------
    result : Result
    path : Path
        Of the file.
    template : Path, optional
        The bureau's; by default the shipped one.

    Raises
    ------
    ConfigurationError
        As for ``check_template``.
    """
    document = opened(template)
    facts = facts_of(result)
    for spot in list(spots(document)):  # found first: what is put in is not looked at again
        _fill(document, spot, facts)
    properties = document.core_properties
    properties.modified = dt.datetime.combine(result.as_of, dt.time())
    properties.last_modified_by = "landeval"
    path.write_bytes(sealed(document))
    return path


def _fill(document: Any, spot: Spot, facts: Facts) -> None:
    marks = spot.marks()
    one = PLACEHOLDERS[marks[0][1]]
    if one.table is not None:
        _put_table(document, spot, one.table(facts), one.widths)
    elif one.lines is not None:
        _put_lines(spot, one.lines(facts))
    else:
        for mark in reversed(marks):
            value = PLACEHOLDERS[mark[1]].value
            assert value is not None  # checked when the template was opened
            _put(spot.nodes, mark.start(), mark.end(), clean(value(facts)))


def _put(nodes: tuple[Any, ...], start: int, end: int, text: str) -> None:
    """Put a text where a placeholder stands, in the look of its first letter; it may be cut into several runs."""
    at = 0
    for node in nodes:
        old = node.text or ""
        left, right = max(start - at, 0), min(end - at, len(old))
        if left < right or (left == right == len(old) == 0 and start == at and text):
            node.text = old[:left] + text + old[right:]
            node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            text = ""
        at += len(old)


def _put_lines(spot: Spot, lines: list[str]) -> None:
    """Put one paragraph a text, each in the look of the placeholder's."""
    for text in lines or ["没有。"]:
        twin = copy.deepcopy(spot.paragraph)
        spot.paragraph.addprevious(twin)
        nodes = tuple(twin.iter(qn("w:t")))
        whole = "".join(node.text or "" for node in nodes)
        _put(nodes, 0, len(whole), clean(text))
    spot.paragraph.getparent().remove(spot.paragraph)


def _put_table(document: Any, spot: Spot, table: pd.DataFrame, widths: tuple[float, ...]) -> None:
    """Put a table in the place of the placeholder; an empty one says so."""
    whole = len(spot.text)
    if table.empty:
        _put(spot.nodes, 0, whole, "没有。")
        return
    head, cell = cell_styles(document)
    given, is_number = fitted_widths(table, widths)
    made = grid(list(table.columns), table.to_numpy().tolist(), given, is_number, head, cell)
    spot.paragraph.addprevious(made)
    _put(spot.nodes, 0, whole, "")  # the paragraph stays: between two tables, and at the end of a cell
