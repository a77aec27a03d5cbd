"""What a page of the docs prints, for the tests that run its worked examples."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"


def page(name: str) -> str:
    """Return the text of a page."""
    return (DOCS / f"{name}.md").read_text("utf-8")


def sections(text: str) -> dict[str, str]:
    """Return the text under each heading of the third level."""
    found = re.split(r"^### (.+)$", text, flags=re.M)
    return dict(zip(found[1::2], found[2::2], strict=True))


def tables(text: str) -> list[list[dict[str, str]]]:
    """Return the tables of a text, each a list of rows by header."""
    found = []
    for block in re.findall(r"(?:^\|.*\|\n)+", text, flags=re.M):
        header, _, *rows = (
            [cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()
        )
        found.append([dict(zip(header, row, strict=True)) for row in rows])
    return found
