"""Look at the XML of an xlsx before any parser does: no document type, no entity, no reference elsewhere."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from landeval.errors import InputRefusedError
from landeval.read.spreadsheetml import unsafe_xml

LOOKED_AT = 65_536
"""A document type stands before the root element, at the very start."""


def refuse_unsafe(path: Path) -> None:
    """Refuse a workbook whose XML declares a document type: Excel never writes one.

    Raises
    ------
    InputRefusedError
    """
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if not member.filename.endswith((".xml", ".rels")):
                    continue
                with archive.open(member) as file:
                    head = file.read(LOOKED_AT)
                if b"<!DOCTYPE" in head.replace(b"\x00", b""):  # UTF-16 too
                    raise unsafe_xml(f"{path}（{member.filename}）")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise InputRefusedError(
            "工作簿损坏或未复制完整", where=str(path), remedy="请重新复制该文件", code="E125"
        ) from None
