"""Codes and names as keys: credit codes (GB 32100-2015), parcel codes (GB/T 37346), normalised names."""

from __future__ import annotations

import re
import unicodedata

from landeval.vocabulary.names import name_key as name_key

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WORTH = {char: worth for worth, char in enumerate(ALPHABET)}
WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_LETTERS = frozenset(ALPHABET)
_PARCEL = re.compile(r"^\d{12}[GJZ][ABSXCDEFGLNHWY]\d{5}$")
_SCIENTIFIC = re.compile(r"\s*\d[.．]\d+[eE]\+\d{2}\s*")
_UNIT = re.compile(r"^(?:[FLQW]\d{8})$")


def clean_code(text: str) -> str:
    """Fold width and case and take out white space and separators, keeping every letter and digit.

    Examples
    --------
    >>> clean_code(" ９１３７０２８１６１４３１３９２５２ "), clean_code("9137028167179100xt")
    ('913702816143139252', '9137028167179100XT')
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    return re.sub(r"[\s\u200b-\u200d\ufeff'\"`]+", "", unicodedata.normalize("NFKC", text)).upper()


def credit_code_check(first17: str) -> str:
    """Return the check character of a 统一社会信用代码: (31 − Σ cᵢ·3ⁱ mod 31) mod 31.

    Examples
    --------
    >>> credit_code_check("91350100M000100Y4"[:17])
    '3'
    """
    total = sum(_WORTH[char] * weight for char, weight in zip(first17, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def is_credit_code(text: str) -> bool:
    """Tell whether a code has 18 characters of the alphabet, not all the same, and the right check character.

    Examples
    --------
    >>> is_credit_code("913702816143139252"), is_credit_code("913702816143139253"), is_credit_code("91370281614313925O")
    (True, False, False)
    """
    if len(text) != 18 or not (own := set(text)) <= _LETTERS or len(own) == 1:
        return False
    return credit_code_check(text[:17]) == text[17]


LOOK_ALIKE = ("0D", "0Q", "1L", "17", "2Z", "5S", "6G", "8B", "MN", "UY", "EF", "PR", "CG")
_TYPED = str.maketrans("IOSZ", "1052")
"""GB 32100 leaves I, O, S, V and Z out because they are taken for 1, 0, 5, U and 2."""


def correction(code: str) -> str | None:
    """Return the one code with a right check character that a slip of the eye or the keyboard away is; a hint only.

    Tried are the letters that no code has, one look-alike, one swap of neighbours. Each place has some character
    that makes the sum right, so nothing else would mean anything; two corrections are no correction.

    Examples
    --------
    >>> correction("9137O2816143139252"), correction("91370281614313925Z")
    ('913702816143139252', '913702816143139252')
    >>> correction("913702816143139253") is None
    True
    """
    if len(code) != 18 or is_credit_code(code):
        return None
    if is_credit_code(typed := code.translate(_TYPED)):
        return typed
    twins: dict[str, str] = {}
    for one, other in (tuple(pair) for pair in LOOK_ALIKE):
        twins[one], twins[other] = twins.get(one, "") + other, twins.get(other, "") + one
    tried = {
        code[:at] + twin + code[at + 1 :] for at, char in enumerate(code) for twin in twins.get(char, "")
    }
    tried |= {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(17)}
    right = [candidate for candidate in tried if is_credit_code(candidate)]
    return right[0] if len(right) == 1 else None


def is_damaged(value: object) -> bool:
    """Tell whether a code was kept as a number and has lost its last digits (a spreadsheet keeps 15).

    Examples
    --------
    >>> is_damaged(9.14305255555555e17), is_damaged("9.14305E+17"), is_damaged("43E10"), is_damaged(430525001)
    (True, True, False, False)
    """
    if isinstance(value, float):
        return abs(value) >= 1e15
    if isinstance(value, int):
        return abs(value) >= 10**15 and value % 1000 == 0
    return isinstance(value, str) and "+" in value and bool(_SCIENTIFIC.fullmatch(value))


def is_parcel_code(text: str) -> bool:
    """Tell whether a code is a 宗地代码 of 19 characters, or 28 with its 定着物单元.

    Examples
    --------
    >>> is_parcel_code("430525001001GB00003"), is_parcel_code("430525001001GB00003W00000000"), is_parcel_code("7-18")
    (True, True, False)
    """
    return bool(_PARCEL.match(text[:19])) and (len(text) == 19 or bool(_UNIT.match(text[19:])))
