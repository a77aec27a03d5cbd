"""The house's Word document: the page and type of GB/T 9704, tables that break over pages, the same bytes every time."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pandas as pd
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Mm, Pt, RGBColor

from landeval.publish.cells import clean

SONG, FANG, HEI, KAI, TITLE = "宋体", "仿宋", "黑体", "楷体", "方正小标宋简体"
_LATIN = "Times New Roman"
_HEAD, _CELL = "表头", "表格内容"
_BODY, _LEADING = 16, 28
_WHOLE, _PADDING, _HALF, _DIGIT = 15.6, 0.42, 0.16, 0.185
"""Of a table [cm]: its width, what a cell leaves free, a half-width character of 9 pt, a digit of the widest font."""
_NARROW, _SHORT = 40, 10
"""Half-widths: longer texts of a table go on in the next line, shorter ones never do."""


class Document:
    """A document that grows from top to bottom."""

    def __init__(self, title: str, author: str, day: dt.date, run: str = "") -> None:
        self._document = docx.Document()
        self._page()
        properties = self._document.core_properties
        at = dt.datetime.combine(day, dt.time())
        properties.title, properties.author, properties.last_modified_by = (
            clean(title),
            clean(author),
            clean(author),
        )
        properties.created = properties.modified = at
        properties.comments = run
        self._pictures = self._tables = 0

    def _page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        style = self._document.styles["Normal"]
        style.font.name, style.font.size = _LATIN, Pt(_BODY)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FANG)
        for name, font in ((_HEAD, HEI), (_CELL, SONG)):
            self._cell_style(name, font)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._run(foot, "— ", SONG, 14)
        self._field(foot, "PAGE")
        self._run(foot, " —", SONG, 14)

    def _cell_style(self, name: str, font: str) -> None:
        style = self._document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = self._document.styles["Normal"]
        style.font.size = Pt(9)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        form = style.paragraph_format
        form.space_before = form.space_after = Pt(1)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(14)

    def _field(self, paragraph: Any, name: str) -> None:
        run = self._run(paragraph, "", SONG, 14)
        for kind, text in (("begin", ""), ("instr", name), ("end", "")):
            if kind == "instr":
                part = OxmlElement("w:instrText")
                part.text = text
            else:
                part = OxmlElement("w:fldChar")
                part.set(qn("w:fldCharType"), kind)
            run._r.append(part)

    def _run(
        self, paragraph: Any, text: str, font: str, size: float, *, bold: bool = False, colour: str = ""
    ) -> Any:
        run = paragraph.add_run(clean(text))
        run.font.name, run.font.size, run.font.bold = _LATIN, Pt(size), bold
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        if colour:
            run.font.color.rgb = RGBColor.from_string(colour)
        return run

    def _paragraph(self, *, indent: bool = True, style: str | None = None, leading: float = _LEADING) -> Any:
        paragraph = self._document.add_paragraph(style=style)
        form = paragraph.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(leading)
        if indent:
            form.first_line_indent = Pt(2 * _BODY)
        return paragraph

    def title(self, text: str, below: str = "") -> None:
        """Write the title over the text, and a line of dates below it."""
        paragraph = self._paragraph(indent=False, leading=36)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._run(paragraph, text, TITLE, 22)
        if below:
            paragraph = self._paragraph(indent=False)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            self._run(paragraph, below, KAI, 14)
        self._paragraph(indent=False, leading=16)

    def heading(self, text: str, level: int) -> None:
        """Write a heading of level 1 (黑体) or 2 (楷体), which Word lists in its outline."""
        paragraph = self._paragraph(style=f"Heading {level}")
        paragraph.paragraph_format.keep_with_next = True
        self._run(paragraph, text, HEI if level == 1 else KAI, _BODY, colour="000000")

    def text(self, text: str) -> None:
        """Write a paragraph of the body."""
        self._run(self._paragraph(), text, FANG, _BODY)

    def note(self, text: str) -> None:
        """Write a small line under a picture or table."""
        paragraph = self._paragraph(indent=False, leading=18)
        paragraph.paragraph_format.space_after = Pt(8)
        self._run(paragraph, text, KAI, 10.5, colour="595959")

    def picture(self, png: bytes, caption: str) -> None:
        """Put a picture in the middle with its number and caption below."""
        self._pictures += 1
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_before = Pt(4)
        picture = paragraph.add_run().add_picture(io.BytesIO(png))
        if picture.width > Cm(15.5):
            picture.height = Emu(picture.height * Cm(15.5) // picture.width)
            picture.width = Cm(15.5)
        described = picture._inline.docPr
        described.set("descr", clean(caption))
        self._caption(f"图 {self._pictures}　{caption}", keeps=False)

    def table(self, table: pd.DataFrame, caption: str) -> None:
        """Write a table of texts; its header is repeated on every page, no row is broken over two."""
        self._tables += 1
        self._caption(f"表 {self._tables}　{caption}", keeps=True)
        grid = self._document.add_table(rows=1, cols=len(table.columns))
        grid.style = "Table Grid"
        grid.alignment = WD_TABLE_ALIGNMENT.CENTER
        grid.autofit = False
        widths = [Cm(width) for width in _widths(table)]
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = width
        is_number = [_is_numeric(table.iloc[:, at]) for at in range(len(table.columns))]
        self._cells(grid.rows[0], [str(name) for name in table.columns], widths, is_number, is_head=True)
        _mark(grid.rows[0], "w:tblHeader")
        for values in table.itertuples(index=False):
            self._cells(grid.add_row(), [str(value) for value in values], widths, is_number, is_head=False)
        self._paragraph(indent=False, leading=10)

    def _cells(
        self, row: Any, texts: list[str], widths: list[Any], is_number: list[bool], *, is_head: bool
    ) -> None:
        _mark(row, "w:cantSplit")
        style = self._document.styles[_HEAD if is_head else _CELL]
        for cell, text, width, numeric in zip(row.cells, texts, widths, is_number, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.style = style
            if is_head or numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if is_head else WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.add_run(clean(text))
            if is_head:
                fill = OxmlElement("w:shd")
                fill.set(qn("w:val"), "clear")
                fill.set(qn("w:fill"), "E7EDF5")
                cell._element.get_or_add_tcPr().append(fill)

    def _caption(self, text: str, *, keeps: bool) -> None:
        paragraph = self._paragraph(indent=False, leading=22)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = keeps
        self._run(paragraph, text, HEI, 10.5)

    def save(self, path: Path) -> Path:
        """Write the file; the same content gives the same bytes."""
        target = io.BytesIO()
        self._document.save(target)
        with zipfile.ZipFile(target) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as sealed:
            for name in made.namelist():
                sealed.writestr(
                    zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), made.read(name), zipfile.ZIP_DEFLATED
                )
        return path


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _is_numeric(column: pd.Series) -> bool:
    texts = [str(value).strip() for value in column if str(value).strip()]
    return bool(texts) and all(
        text.rstrip("%").replace(",", "").lstrip("-").replace(".", "", 1).isdigit() for text in texts
    )


def _widths(table: pd.DataFrame) -> list[float]:
    """Share the text width [cm]: columns of figures get what they need, the texts share the rest."""
    needs, least = [], []
    for at, name in enumerate(table.columns):
        column = table.iloc[:, at]
        longest = max((_length(str(value)) for value in column), default=2.0)
        header = min(_length(str(name)), 6)
        is_figure = _is_numeric(column)
        needs.append(
            _PADDING + max(_DIGIT * longest if is_figure else _HALF * min(longest, _NARROW), _HALF * header)
        )
        least.append(needs[-1] if is_figure else _PADDING + _HALF * max(min(longest, _SHORT), header))
    over = sum(needs) - _WHOLE
    if over > 0 and (room := sum(needs) - sum(least)) > 0:
        given = max(1 - over / room, 0.0)
        needs = [low + (need - low) * given for need, low in zip(needs, least, strict=True)]
    return [need * _WHOLE / sum(needs) for need in needs]


def _length(text: str) -> float:
    return sum(2 if ord(character) > 0x2E7F else 1.1 for character in text)
