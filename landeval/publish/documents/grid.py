"""A table of a Word document, written as one piece of XML: hundreds of cells one by one take most of a document's time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from landeval.publish.cells import clean

_FILL = '<w:shd w:val="clear" w:color="auto" w:fill="E7EDF5"/>'
SMALL, SHORT = 10, 30
"""Rows, and characters of a cell, of a table that is kept on one page."""
_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'


def grid(
    head: Sequence[str] | None,
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    is_number: Sequence[bool],
    head_style: str,
    cell_style: str,
) -> Any:
    """Return the ``w:tbl`` element of a table of texts.

    Parameters
    ----------
    head : sequence of str or None
        Repeated on every page, never alone at the foot of one (where LibreOffice would lose the rows that follow); without it
        the first column is shaded.
    rows : sequence of sequences of str
        A row is never broken over two pages, a small table not either, and the last row never stands alone on a page.
    widths : sequence of int
        Of the columns [1/20 pt].
    is_number : sequence of bool
        Columns written to the right.
    head_style, cell_style : str
        Ids of the paragraph styles.
    """
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    first = (
        ""
        if head is None
        else _row(head, widths, ["center"] * len(widths), [head_style] * len(widths), is_head=True)
    )
    sides = ["right" if number else "" for number in is_number]
    styles = [cell_style if head is not None or at else head_style for at in range(len(widths))]
    last, is_small = (
        len(rows) - 1,
        len(rows) <= SMALL and all(len(text) <= SHORT for row in rows for text in row),
    )
    body = "".join(
        _row(
            row,
            widths,
            sides,
            styles,
            is_shaded=head is None,
            keeps=at < last and (is_small or at >= last - 1),
        )
        for at, row in enumerate(rows)
    )
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{first}{body}</w:tbl>'
    )


def _row(
    texts: Sequence[str],
    widths: Sequence[int],
    sides: Sequence[str],
    styles: Sequence[str],
    *,
    is_head: bool = False,
    is_shaded: bool = False,
    keeps: bool = False,
) -> str:
    cells = []
    keep = "<w:keepNext/>" if is_head or keeps else ""
    for at, (text, width, side, style) in enumerate(zip(texts, widths, sides, styles, strict=True)):
        fill = _FILL if is_head or (is_shaded and not at) else ""
        align = f'<w:jc w:val="{side}"/>' if side else ""
        words = _BREAK.join(escape(clean(line)) for line in text.replace("\r\n", "\n").split("\n"))
        cells.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}</w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}'
            f'{align}</w:pPr><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p></w:tc>'
        )
    mark = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{mark}</w:trPr>{''.join(cells)}</w:tr>"
