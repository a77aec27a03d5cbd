"""Read the tables of a web page named .xls: what tax and statistics systems export, with the standard parser."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from landeval.errors import InputRefusedError
from landeval.read import encoding as text_encoding
from landeval.read.sheets import MAX_CELLS, Area, Sheet, read_sheets, too_large
from landeval.read.spreadsheetml import unsafe_xml
from landeval.sources import RawTable, Source

MAX_HTML_BYTES = 100_000_000


def read_html(source: Source, facts: dict[str, Any]) -> list[RawTable]:
    """Read the tables of a web page as sheets 表1, 表2 and so on.

    Raises
    ------
    InputRefusedError
        No table in it, an undecidable encoding, or no table with known headers.
    """
    if source.path.stat().st_size > MAX_HTML_BYTES:
        raise too_large(source, "网页超过 100 MB")
    data = source.path.read_bytes()
    if b"<!ENTITY" in data[:65_536].replace(b"\x00", b""):
        raise unsafe_xml(str(source.path))
    encoding = text_encoding.of_text(data, str(source.path), source.encoding)
    parser = _Tables(source)
    parser.feed(data.decode(encoding, errors="replace"))
    parser.close()
    if not parser.finished():
        raise InputRefusedError(
            "是 XML 或网页文件，其中没有表格",
            where=str(source.path),
            remedy="请用 Excel 打开后另存为 .xlsx（网页只是框架时，数据在同名文件夹里）",
            code="E124",
        )
    notes = [("E142", "内容是网页表格（HTML）")]
    if encoding not in ("utf-8", "utf-8-sig"):
        notes.append(("E101", f"按 {encoding.upper()} 读取"))
    return read_sheets(source, {**facts, "encoding": encoding}, parser.sheets, notes)


class _Tables(HTMLParser):
    """Gather the cells of every table; a table inside a cell is a table of its own."""

    def __init__(self, source: Source) -> None:
        super().__init__(convert_charrefs=True)
        self.source = source
        self.sheets: list[Sheet] = []
        self.open: list[_Table] = []
        self.skipping = 0
        self.held = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, row or cell; ends left out by the writer are understood."""
        if tag in ("script", "style"):
            self.skipping += 1
        elif tag == "table":
            self.open.append(_Table())
        elif self.open and tag == "tr":
            self.open[-1].new_row()
        elif self.open and tag in ("td", "th"):
            given = dict(attrs)
            across, down = _span(given.get("colspan"), 1000), _span(given.get("rowspan"), 65_534)
            self.held += self.open[-1].new_cell(across, down, given.get("x:num") or "")
            if self.held > MAX_CELLS:
                raise too_large(self.source, "网页表格的单元格过多，超过限制")
        elif self.open and tag == "br":
            self.open[-1].text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close what the end names."""
        if tag in ("script", "style"):
            self.skipping = max(0, self.skipping - 1)
        elif self.open and tag in ("td", "th"):
            self.open[-1].end_cell()
        elif self.open and tag == "table":
            self._end_table()

    def handle_data(self, data: str) -> None:
        """Take the text of the cell that is open."""
        if self.open and not self.skipping:
            self.open[-1].text.append(data)

    def finished(self) -> list[Sheet]:
        """Return the tables, those included whose end was never written."""
        while self.open:
            self._end_table()
        return self.sheets

    def _end_table(self) -> None:
        table = self.open.pop()
        table.end_cell()
        if any(table.rows):
            self.sheets.append(
                Sheet(
                    name=f"表{len(self.sheets) + 1}",
                    rows=table.rows,
                    numbers=list(range(1, len(table.rows) + 1)),
                    merged=tuple(table.merged),
                )
            )


class _Table:
    """The rows of one table, with the cells that reach down from rows above."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self.merged: list[Area] = []
        self.text: list[str] = []
        self.exact = ""
        self.in_cell = False
        self.taken: dict[int, int] = {}
        self.across = 1

    def new_row(self) -> None:
        """Begin a row."""
        self.end_cell()
        self.rows.append([])

    def new_cell(self, across: int, down: int, exact: str) -> int:
        """Begin a cell right of those that reach down from above; return how many positions it took."""
        if not self.rows:
            self.new_row()
        self.end_cell()
        row, number = self.rows[-1], len(self.rows)
        before = len(row)
        while self.taken.get(len(row), 0) >= number:
            row.append(None)
        if down > 1:
            self.merged.append(Area(number, number + down - 1, len(row)))
            self.taken.update(dict.fromkeys(range(len(row), len(row) + across), number + down - 1))
        self.text, self.exact, self.across, self.in_cell = [], exact, across, True
        return len(row) - before + across

    def end_cell(self) -> None:
        """Put the cell that is open into its row."""
        if self.in_cell:
            text = "".join(self.text)
            lines = (re.sub(r"[ \t\r\f\xa0]+", " ", line).strip() for line in text.split("\n"))
            value = self.exact or " ".join(line for line in lines if line)
            self.rows[-1] += [value or None, *[None] * (self.across - 1)]
        self.text, self.in_cell = [], False


def _span(text: str | None, most: int) -> int:
    return min(max(int(text), 1), most) if text and re.fullmatch(r"\d{1,6}", text.strip()) else 1
