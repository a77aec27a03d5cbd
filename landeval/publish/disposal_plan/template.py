"""A Word template with ``{{placeholders}}``: read with care, checked before anything is run, filled without evaluating a value."""

from __future__ import annotations

import difflib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn

from landeval.errors import ConfigurationError
from landeval.publish.disposal_plan.placeholders import PLACEHOLDERS

SHIPPED = ("assets", "disposal_plan.docx")
MOST_BYTES = 200_000_000
"""Of a template's parts when unpacked: more is no text."""
_MARK = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_WHERE = "[report] template"


@dataclass(frozen=True)
class Spot:
    """A paragraph with placeholders: its element, its text nodes, their joined text."""

    paragraph: Any
    nodes: tuple[Any, ...]
    text: str

    def marks(self) -> list[re.Match[str]]:
        """Return the placeholders as written, first to last."""
        return list(_MARK.finditer(self.text))

    @property
    def is_alone(self) -> bool:
        """Whether the paragraph is one placeholder and nothing else."""
        return bool(_MARK.fullmatch(self.text.strip()))


def shipped_bytes() -> bytes:
    """Return the template that landeval brings along."""
    return files("landeval.publish").joinpath(*SHIPPED).read_bytes()


def opened(path: Path | None) -> Any:
    """Open a template, the shipped one without a path, and check every placeholder.

    Raises
    ------
    ConfigurationError
        No Word document, damaged, or with placeholders that do not exist or stand where they cannot.
    """
    try:
        data = shipped_bytes() if path is None else path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            is_huge = sum(part.file_size for part in parts.infolist()) > MOST_BYTES
        document = None if is_huge else docx.Document(io.BytesIO(data))
    except Exception as error:  # python-docx says what is wrong of a file in many ways
        raise _refused(path, "处置方案的模板打不开", "请用 Word 或 WPS 打开，另存为 .docx") from error
    if document is None:
        raise _refused(path, "处置方案的模板过大", "请删去模板中的大图")
    _check(document, path)
    return document


def spots(document: Any) -> Iterator[Spot]:
    """Yield the paragraphs with placeholders, of the text, tables, text boxes, headers and footers."""
    for part in document.part.package.iter_parts():
        root = getattr(part, "element", None)
        if root is None:
            continue
        for paragraph in root.iter(qn("w:p")):
            nodes = tuple(node for node in paragraph.iter(qn("w:t")) if _own(node, paragraph))
            text = "".join(node.text or "" for node in nodes)
            if _MARK.search(text):
                yield Spot(paragraph, nodes, text)


def _own(node: Any, paragraph: Any) -> bool:
    """Tell whether a text stands in a paragraph itself, not in one of a text box within."""
    return next(node.iterancestors(qn("w:p"))) is paragraph


def _check(document: Any, path: Path | None) -> None:
    unknown, crowded = [], []
    for spot in spots(document):
        for mark in spot.marks():
            one = PLACEHOLDERS.get(mark[1])
            if one is None:
                unknown.append(mark[1])
            elif one.value is None and not spot.is_alone:
                crowded.append(mark[1])
    if unknown:
        told = [f"{{{{{name}}}}}（是不是 {_nearest(name)}？）" for name in dict.fromkeys(unknown)]
        raise _refused(
            path,
            f"模板里有不认识的占位符：{'、'.join(told)}",
            "请改正或删去；可用的占位符见 docs/处置方案.md",
        )
    if crowded:
        names = "、".join(dict.fromkeys(crowded))
        raise _refused(path, f"模板里的 {names} 与其他文字在同一段", "“表:”“段:”开头的占位符须单独成段")


def _nearest(name: str) -> str:
    return difflib.get_close_matches(name, PLACEHOLDERS, n=1, cutoff=0.0)[0]


def _refused(path: Path | None, what: str, remedy: str) -> ConfigurationError:
    where = _WHERE if path is None else f"{path}（{_WHERE}）"
    return ConfigurationError(what, where=where, remedy=remedy, code="E650")
