"""The house's Word document: the page and type of GB/T 9704, tables that break over pages, the same bytes every time."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
import pandas as pd
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Mm, Pt, RGBColor

from landeval.publish.cells import clean
from landeval.publish.documents.grid import grid

SONG, FANG, HEI, KAI, TITLE = "宋体", "仿宋", "黑体", "楷体", "方正小标宋简体"
_LATIN = "Times New Roman"
_HEAD, _CELL = "表头", "表格内容"
_BODY, _LEADING = 16, 28
_LEFT_OVER = ("/customXml", "/thumbnail")
"""Parts of python-docx's own template that say nothing of ours."""
_TITLE_MOST = 255
"""Characters that a document's properties may hold."""
_WHOLE, _PADDING, _HALF, _DIGIT = 15.6, 0.42, 0.16, 0.185
"""Of a table [cm]: its width, what a cell leaves free, a half-width character of 9 pt, a digit of the widest font."""
_TWIPS = 1440 / 2.54
"""In a centimetre."""
_NARROW, _SHORT, _WORD = 70, 10, 24
"""Half-widths: longer texts of a table go on in the next line, shorter ones never do, nor codes and dates up to the last."""
_UNBROKEN = re.compile(r"[0-9A-Za-z._#/-]+")


_SIDES = {
    "left": WD_ALIGN_PARAGRAPH.LEFT, "middle": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT,
}  # fmt: skip


class Document:
    """A document that grows from top to bottom."""

    def __init__(self, title: str, author: str, day: dt.date, run: str = "") -> None:
        self._document = docx.Document()
        for relations in (self._document.part.rels, self._document.part.package.rels):
            for key in [key for key, one in relations.items() if one.reltype.endswith(_LEFT_OVER)]:
                del relations[key]
        self._page()
        properties = self._document.core_properties
        at = dt.datetime.combine(day, dt.time())
        properties.title = clean(title)[:_TITLE_MOST]
        properties.author = properties.last_modified_by = clean(author)
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
        self._head, self._cell = cell_styles(self._document)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._run(foot, "— ", SONG, 14)
        self._field(foot, "PAGE")
        self._run(foot, " —", SONG, 14)

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
        if indent:  # Word goes by the characters, LibreOffice by the points
            form.first_line_indent = Pt(2 * _BODY)
            paragraph._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), "200")
        return paragraph

    def title(self, text: str, below: str = "") -> None:
        """Write the title over the text, and lines of dates below it."""
        paragraph = self._paragraph(indent=False, leading=36)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._run(paragraph, text, TITLE, 22)
        for words in filter(None, below.split("\n")):
            paragraph = self._paragraph(indent=False)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            self._run(paragraph, words, KAI, 14)
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

    def table(
        self,
        table: pd.DataFrame,
        caption: str = "",
        *,
        widths: Sequence[float] = (),
        has_head: bool = True,
    ) -> None:
        """Write a table of texts; its header is repeated on every page, no row is broken over two.

        Parameters
        ----------
        table : DataFrame
            Texts.
        caption : str
            Numbered and put above; without it the table has neither number nor caption.
        widths : sequence of float, optional
            Of the columns, in parts of one another; by default from the texts.
        has_head : bool
            Whether the names of the columns are shown; without, the first column is shaded like a header.
        """
        if caption:
            self._tables += 1
            self._caption(f"表 {self._tables}　{caption}", keeps=True)
        given, is_number = fitted_widths(table, widths)
        made = grid(
            [str(name) for name in table.columns] if has_head else None,
            [[str(value) for value in row] for row in table.itertuples(index=False)],
            given,
            [has_head and one for one in is_number],
            self._head,
            self._cell,
        )
        self._document.element.body.insert_element_before(made, "w:sectPr")
        self._paragraph(indent=False, leading=10)

    def _caption(self, text: str, *, keeps: bool) -> None:
        paragraph = self._paragraph(indent=False, leading=22)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = keeps
        self._run(paragraph, text, HEI, 10.5)

    def line(self, text: str, *, side: str = "left", size: float = _BODY, font: str = FANG) -> None:
        """Write a line of its own without indent: an address, a number, a signature."""
        paragraph = self._paragraph(indent=False)
        paragraph.alignment = _SIDES[side]
        self._run(paragraph, text, font, size)

    def mark(self, text: str) -> None:
        """Write a word over every page, red and to the right."""
        paragraph = self._document.sections[0].header.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._run(paragraph, text, HEI, 14, colour="C00000")

    def new_page(self) -> None:
        """Begin a new page."""
        self._paragraph(indent=False, leading=2).paragraph_format.page_break_before = True

    def save(self, path: Path) -> Path:
        """Write the file; the same content gives the same bytes."""
        path.write_bytes(self.sealed())
        return path

    def sealed(self) -> bytes:
        """Return the bytes of the file."""
        return sealed(self._document)


def cell_styles(document: Any) -> tuple[str, str]:
    """Return the ids of the paragraph styles of a table's header and cells; made where the document lacks them."""
    found = []
    for name, font in ((_HEAD, HEI), (_CELL, SONG)):
        if name not in document.styles:
            style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = document.styles["Normal"]
            style.font.size = Pt(9)
            style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
            form = style.paragraph_format
            form.space_before = form.space_after = Pt(1)
            form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(14)
            form.first_line_indent = Pt(0)
        found.append(str(document.styles[name].style_id))
    return found[0], found[1]


def fitted_widths(table: pd.DataFrame, parts: Sequence[float] = ()) -> tuple[list[int], list[bool]]:
    """Return the widths [1/20 pt] that a table's texts need within a page, or that ``parts`` give, and which columns hold figures only."""
    shares = [part * _WHOLE / sum(parts) for part in parts] if parts else _widths(table)
    widths = [round(share * _TWIPS) for share in shares]
    return widths, [_is_numeric(table.iloc[:, at]) for at in range(len(table.columns))]


def sealed(document: Any) -> bytes:
    """Return the bytes of a python-docx document, without the hour in them."""
    target, made = io.BytesIO(), io.BytesIO()
    document.save(target)
    with zipfile.ZipFile(target) as parts, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name in parts.namelist():
            file.writestr(
                zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), parts.read(name), zipfile.ZIP_DEFLATED
            )
    return made.getvalue()


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
        word = max((_longest_word(str(value)) for value in column), default=0.0)
        least.append(
            needs[-1] if is_figure else max(_PADDING + _HALF * max(min(longest, _SHORT), header), word)
        )
    needs = [max(pair) for pair in zip(needs, least, strict=True)]
    over = sum(needs) - _WHOLE
    if over > 0 and (room := sum(needs) - sum(least)) > 0:
        given = max(1 - over / room, 0.0)
        needs = [low + (need - low) * given for need, low in zip(needs, least, strict=True)]
    return [need * _WHOLE / sum(needs) for need in needs]


def _longest_word(text: str) -> float:
    """Return what the longest code or date of a text takes [cm], which must not be cut at the end of a line."""
    found = max(map(len, _UNBROKEN.findall(text)), default=0)
    return _PADDING + _DIGIT * found if found <= _WORD else 0.0


def _length(text: str) -> float:
    return sum(2 if ord(character) > 0x2E7F else 1.1 for character in text)
