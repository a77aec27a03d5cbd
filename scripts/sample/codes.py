"""Codes that satisfy their own check characters: 统一社会信用代码 (GB 32100-2015) around an 组织机构代码."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
COUNTY = "430525"


def organisation_code(body: str) -> str:
    """Return a nine-character organisation code: eight characters and their mod-11 check character.

    Examples
    --------
    >>> organisation_code("61431392")
    '614313925'
    """
    total = sum(weight * int(char, 36) for weight, char in zip(ORGANISATION_WEIGHTS, body, strict=True))
    check = 11 - total % 11
    return body + {10: "X", 11: "0"}.get(check, str(check))


def credit_code(number: int) -> str:
    """Return the valid credit code of a made-up firm; its body starts with XG, which no real code does.

    Examples
    --------
    >>> credit_code(1)[:10]
    '91430525XG'
    """
    head = f"91{COUNTY}" + organisation_code(f"XG{number:06d}")
    total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(head))
    return head + ALPHABET[(31 - total) % 31]


def with_wrong_check(code: str) -> str:
    """Return the code with its last character replaced by the next of the alphabet."""
    return code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % 31]


def full_width(text: str) -> str:
    """Return the text in full-width letters and digits, as some input methods type them."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)
