"""Names as keys, and the words that Chinese company names are made of (``names.toml``, ``places.toml``)."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

FILES = {
    "names.toml": (
        "nobody",
        "leftovers",
        "place_endings",
        "zones",
        "town_endings",
        "forms",
        "branches",
        "numbered",
        "industries",
    ),
    "places.toml": ("provinces", "prefectures", "counties", "former"),
}
_BRACKETS = str.maketrans("〔〕【】[]{}", "()()()()")
_SEPARATORS = re.compile(r"[\s·•．.。,，、\-—_'\"“”`]+")


@cache
def words(kind: str) -> tuple[str, ...]:
    """Return the words of one kind, in the order of the file.

    Raises
    ------
    ValueError
        The files hold an unknown kind, lack one, or name a word twice in one kind.

    Examples
    --------
    >>> "有限责任公司" in words("forms"), "洞口" in words("counties")
    (True, True)
    """
    return _tables()[kind]


@cache
def _tables() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, kinds in FILES.items():
        raw = tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))
        if set(raw) != set(kinds):
            raise ValueError(f"{name}: unknown or missing {sorted(set(raw) ^ set(kinds))}")
        for kind, text in raw.items():
            found[kind] = tuple(text.split())
            if len(found[kind]) != len(set(found[kind])):
                twice = sorted({word for word in found[kind] if found[kind].count(word) > 1})
                raise ValueError(f"{name}: {kind}: twice {twice}")
    return found


NOBODY = frozenset({"", *words("nobody")})
"""Words in a column of names for nobody: two of them are not one firm. 空, NA and null may be a firm's name."""
_ENDINGS = words("leftovers")
_LEFTOVERS = re.compile(f"(?:{'|'.join(map(re.escape, _ENDINGS))})+$")


def name_key(text: object) -> str:
    """Return what two spellings of one name have in common: width, case, white space and brackets folded.

    Examples
    --------
    >>> name_key("虚构（洞口） 机械 有限公司") == name_key("虚构(洞口)机械有限公司")
    True
    """
    if not isinstance(text, str):
        return ""
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isalnum():  # most names are letters only: nothing to take out
        if not plain.isprintable():  # a sign that nobody sees is not
            plain = "".join(char for char in plain if unicodedata.category(char) not in ("Cf", "Cc"))
        plain = _SEPARATORS.sub("", plain).translate(_BRACKETS)
    plain = plain.upper()
    if plain.endswith(_ENDINGS):
        plain = _LEFTOVERS.sub("", plain)
    return "" if plain in NOBODY else plain
