"""A paper of plain blocks to the bytes of a Word document."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from landeval.publish.charts import parcel as pictures
from landeval.publish.documents.document import Document
from landeval.publish.documents.paper import (
    Bars,
    Block,
    Grid,
    Heading,
    Line,
    NewPage,
    Paper,
    Picture,
    Plan,
    Words,
)


def written(paper: Paper) -> bytes:
    """Return the document; the same paper gives the same bytes on one machine, whichever process writes it."""
    document = Document(paper.title, "landeval", dt.date.fromisoformat(paper.day))
    if paper.mark:
        document.mark(paper.mark)
    document.title(paper.title, paper.below)
    for block in paper.blocks:
        _write(document, block)
    return document.sealed()


def _write(document: Document, block: Block) -> None:
    match block:
        case Heading(text, level):
            document.heading(text, level)
        case Words(text, is_small):
            document.note(text) if is_small else document.text(text)
        case Line(text, side):
            document.line(text, side=side)
        case Grid(head, rows, widths, caption):
            names = head or tuple(map(str, range(len(widths))))
            table = pd.DataFrame(list(rows), columns=list(names), dtype="object")
            document.table(table, caption, widths=widths, has_head=bool(head))
        case Picture(png, caption):
            document.picture(png, caption)
        case Plan(ground, caption):
            document.picture(pictures.plan(ground), caption)
        case Bars(panels, caption):
            document.picture(pictures.bars(panels), caption)
        case NewPage():
            document.new_page()
