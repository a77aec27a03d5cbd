"""Decide a file's text encoding from its bytes, never from its label (.cpg, LDID): labels are often wrong."""

from __future__ import annotations

import codecs
from collections.abc import Iterable

from landeval.errors import InputRefusedError

CANDIDATES = ("utf-8", "gb18030")


def of_values(values: Iterable[tuple[bytes, bool]], where: str, override: str = "") -> str:
    """Return the encoding in which every value decodes: UTF-8 if all do, else GB18030.

    Parameters
    ----------
    values : iterable of (bytes, bool)
        Each value, and whether it fills its field (only such a one may be cut inside a character).
    where : str
        The file, for the message.
    override : str
        Encoding named by the user; it wins.

    Raises
    ------
    InputRefusedError
        Neither decodes, or the override is no encoding.
    """
    if override:
        try:
            "".encode(override).decode(override)
            return codecs.lookup(override).name
        except (LookupError, UnicodeError):
            raise InputRefusedError(
                f"不认识的编码 {override}", where=where, remedy="可用：utf-8、gb18030", code="E128"
            ) from None
    pairs = [(value, full) for value, full in values if not value.isascii()]
    for encoding in CANDIDATES:
        if all(decodes(value, encoding, full) for value, full in pairs):
            return encoding
    raise InputRefusedError(
        "文字编码无法判定（既不是 UTF-8 也不是 GB18030）",
        where=where,
        remedy="请在 landeval.toml 中指定 encoding",
        code="E128",
    )


def decodes(value: bytes, encoding: str, may_be_cut: bool) -> bool:
    """Tell whether bytes are text of an encoding, a character cut at the very end allowed on request."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        decoder.decode(value, final=not may_be_cut)
    except UnicodeDecodeError:
        return False
    return True


def decode(value: bytes, encoding: str) -> tuple[str, bool]:
    """Decode bytes and tell whether a character at the end was cut and left out.

    Examples
    --------
    >>> decode("约定动工".encode("utf-8")[:-1], "utf-8")
    ('约定动', True)
    """
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        text = decoder.decode(value, final=False)
    except UnicodeDecodeError:
        return value.decode(encoding, errors="replace"), True
    return text, bool(decoder.getstate()[0])


def of_text(data: bytes, where: str, override: str = "") -> str:
    """Return the encoding of a text file: byte-order mark, strict UTF-8, else GB18030.

    Raises
    ------
    InputRefusedError
        None of them, or the override is no encoding or not this file's.
    """
    if override:
        named = of_values((), where, override)
        if not decodes(data, named, may_be_cut=False):
            raise InputRefusedError(
                f"文件不是 {override} 编码", where=where, remedy="请改正或去掉 encoding", code="E128"
            )
        return named
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return encoding
    return of_values([(data, False)], where)
