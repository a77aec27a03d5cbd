"""Decide a file's text encoding from its bytes, never from its label (.cpg, LDID): labels are often wrong."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from typing import NamedTuple

from landeval.errors import InputRefusedError

CANDIDATES = ("utf-8", "gb18030")


class Decoded(NamedTuple):
    """A text, whether a character at its end was cut and left out, and whether bytes were no text."""

    text: str
    is_cut: bool
    is_garbled: bool


def named(override: str, where: str) -> str:
    """Return the name of the encoding that the user asks for; it must be one of text.

    Raises
    ------
    InputRefusedError
    """
    try:
        "".encode(override).decode(override)
        return codecs.lookup(override).name
    except (LookupError, UnicodeError):
        raise InputRefusedError(
            f"不认识的编码 {override}", where=where, remedy="可用：utf-8、gb18030", code="E128"
        ) from None


def of_pairs(values: Iterable[tuple[bytes, bool]]) -> str | None:
    """Return the encoding in which every value decodes: UTF-8 if all do, else GB18030, else None.

    Parameters
    ----------
    values : iterable of (bytes, bool)
        Each value, and whether it fills its field (only such a one may be cut inside a character).
    """
    pairs = [(value, full) for value, full in values if not value.isascii()]
    together = b"\n".join(value for value, _ in pairs)  # a line break is never part of a character
    for encoding in CANDIDATES:
        if decodes(together, encoding, may_be_cut=False) or all(
            decodes(value, encoding, full) for value, full in pairs
        ):
            return encoding
    return None


def decodes(value: bytes, encoding: str, may_be_cut: bool) -> bool:
    """Tell whether bytes are text of an encoding, a character cut at the very end allowed on request."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        decoder.decode(value, final=not may_be_cut)
    except UnicodeDecodeError:
        return False
    return True


def decode(value: bytes, encoding: str) -> Decoded:
    """Decode bytes; a character cut at the end is left out, bytes that are no text become �, both are told.

    Examples
    --------
    >>> decode("约定动工".encode("utf-8")[:-1], "utf-8")
    Decoded(text='约定动', is_cut=True, is_garbled=False)
    """
    try:
        return Decoded(value.decode(encoding), False, False)
    except UnicodeDecodeError:
        decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        text = decoder.decode(value, final=False)
    except UnicodeDecodeError:
        return Decoded(value.decode(encoding, errors="replace"), False, True)
    return Decoded(text, bool(decoder.getstate()[0]), False)


def of_text(data: bytes, where: str, override: str = "") -> str:
    """Return the encoding of a text file: byte-order mark, strict UTF-8, else GB18030.

    Raises
    ------
    InputRefusedError
        None of them, or the override is no encoding or not this file's.
    """
    if override:
        encoding = named(override, where)
        if not decodes(data, encoding, may_be_cut=False):
            raise InputRefusedError(
                f"文件不是 {override} 编码",
                where=where,
                remedy="请改正或去掉参数表该节的“编码”（landeval.toml 中的 encoding）",
                code="E128",
            )
        return encoding
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return encoding
    if b"\x00" in data and (wide := looks_like_utf16(data)):
        return wide
    found = of_pairs([(data, False)])
    if found is None:
        raise InputRefusedError(
            f"文字编码无法判定（{_first_wrong(data)}，既不是 UTF-8 也不是 GB18030）",
            where=where,
            remedy="请在参数表该节的“编码”指定（landeval.toml 中指定 encoding），或另存为 UTF-8",
            code="E128",
        )
    return found


def looks_like_utf16(data: bytes) -> str:
    r"""Return UTF-16 by its byte order for bytes without a mark; empty where they are something else.

    Digits, delimiters and line ends have a zero in one half of their two bytes, always the same half.

    Examples
    --------
    >>> looks_like_utf16("企业,1\n".encode("utf-16-le")), looks_like_utf16(b"a,\x001\n")
    ('utf-16-le', '')
    """
    half = len(data) // 2
    even, odd = data[0::2].count(0), data[1::2].count(0)
    for zeros, others, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros > 0.1 * half and not others and decodes(data, encoding, may_be_cut=True):
            text = data[: half * 2].decode(encoding, "ignore")
            return encoding if "\n" in text or "\r" in text else ""
    return ""


def _first_wrong(data: bytes) -> str:
    """Say on which line the first bytes stand that are no text of GB18030, the wider of the two."""
    try:
        data.decode("gb18030")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return f"第 {line} 行，字节 {data[error.start : error.start + 8].hex(' ')}"
    return "全文"
