"""What offices call the kinds of exemption (``exemptions.toml``); each kind is a rule of ``standards``."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

OTHER = "other"
_DENIED = re.compile("非(?!法)|不属|不是|并非|是否|待|拟|疑似|可能")
_SPACE = re.compile(r"[\s（）()、，,。；;：:／/·\-]+")


@cache
def _words() -> dict[str, str]:
    """Return word → kind.

    Raises
    ------
    ValueError
        A word stands for two kinds, or twice for one.
    """
    raw = tomllib.loads(files(__package__).joinpath("exemptions.toml").read_text("utf-8"))
    found: dict[str, str] = {}
    for kind, text in raw.items():
        for word in text.split():
            if word in found:
                raise ValueError(f"exemptions.toml: {word} stands for {found[word]} and {kind}")
            found[word] = kind
    return found


def kinds() -> tuple[str, ...]:
    """Return every kind, in the order of the file."""
    return tuple(dict.fromkeys(_words().values()))


def usual_names() -> tuple[str, ...]:
    """Return what each kind is usually called, in the order of the file: its first word.

    Examples
    --------
    >>> usual_names()[0], [kind_of(name) for name in usual_names()] == list(kinds())
    ('建设期', True)
    """
    first: dict[str, str] = {}
    for word, kind in _words().items():
        first.setdefault(kind, word)
    return tuple(first.values())


def kind_of(text: object) -> str | None:
    """Return the kind that a text names, or None where it names none, several, or denies what it names.

    Examples
    --------
    >>> kind_of("公用设施"), kind_of("研发机构（省级）"), kind_of("其它"), kind_of("经调查不属闲置")
    ('public_utility', 'research', 'other', 'cleared')
    >>> kind_of("领导同意"), kind_of("非公用设施"), kind_of("研发、物流"), kind_of(None)
    (None, None, None, None)
    """
    if not isinstance(text, str):
        return None
    plain = _SPACE.sub("", unicodedata.normalize("NFKC", text))
    words = _words()
    if plain in words:
        return words[plain]
    inside = {kind for word, kind in words.items() if word in plain and kind != OTHER}
    if _DENIED.search(plain) and inside != {"cleared"}:
        return None
    return inside.pop() if len(inside) == 1 else None
