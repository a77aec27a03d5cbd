"""Split company names into place, trade name, industry, legal form and branch: to find doubtful pairs, never to tie."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import pandas as pd

from landeval.vocabulary.names import name_key, words

PARTS = ("key", "place", "trade", "industry", "form", "branch", "aside")
_NUMERAL = "一二三四五六七八九十百零〇0123456789"
_AS_CHINESE = str.maketrans("0123456789〇", "零一二三四五六七八九零")
FEW = 10
"""So many alternatives [count] are tried in turn; with 10, places are found in a fifth of the time."""
_ASIDE = re.compile(r"\(([^()]*)\)")


def split_names(names: pd.Series) -> pd.DataFrame:
    """Split names into the parts that Chinese company names are made of.

    A bare place (洞口, without 县) counts as one only where a trade name of two characters or more is left after
    it: 新华 in 新华机械厂 is no county. What no list knows stays in the trade name.

    Parameters
    ----------
    names : Series of str
        Names as written; what is not text, is blank or means nobody has empty parts.

    Returns
    -------
    DataFrame
        Index of ``names``, text columns: ``key`` (as ``name_key``), ``place``, ``trade`` (字号), ``industry``,
        ``form`` (组织形式), ``branch`` (分支机构 and ordinals; digits as Chinese numerals), ``aside`` (text in
        brackets which is neither place nor form).

    Examples
    --------
    >>> split_names(pd.Series(["湖南省洞口县虚构机械有限公司第2分公司"])).iloc[0].tolist()[1:]
    ['湖南省洞口县', '虚构', '机械', '有限公司', '第二分公司', '']
    """
    keys = names.map(name_key).astype(object)
    unique = pd.Series(keys.unique(), dtype=object)
    return parts_of(unique).set_index("key", drop=False).reindex(keys).set_axis(names.index)


def parts_of(keys: pd.Series) -> pd.DataFrame:
    """Split normalised names; ``keys`` as made by ``name_key``."""
    bracketed = keys.str.contains("(", regex=False)
    inside = keys[bracketed].str.extractall(_ASIDE)[0]
    said = {kind: _joined(inside[mask], keys.index) for kind, mask in _kinds_of(inside).items()}
    outside = keys[bracketed].str.replace(_ASIDE, "", regex=True)
    plain = keys.copy()
    plain.update(outside[outside != ""])
    body = _groups(plain, _body())
    head = _groups(body["body"], _place())
    core = _groups(head["core"], _core())
    branch = body["ordinal"] + body["branch"]
    counted = core["trade"][core["trade"].str.contains("第", regex=False)].str.extract(rf"(第[{_NUMERAL}]+)")[
        0
    ]
    branch.update(counted.dropna() + branch[counted.dropna().index])
    branch.update(branch[branch != ""].str.translate(_AS_CHINESE))
    return pd.DataFrame(
        {
            "key": keys,
            "place": head["place"] + said["place"],
            "trade": core["trade"],
            "industry": core["industry"],
            "form": body["form"].where(said["form"] == "", body["form"] + "(" + said["form"] + ")"),
            "branch": branch + said["branch"],
            "aside": said["aside"],
        }
    )


def _groups(texts: pd.Series, pattern: re.Pattern[str]) -> pd.DataFrame:
    """Return the named groups of a pattern that matches any text (``str.extract``, in half the time)."""
    rows = [found.groups("") for text in texts if (found := pattern.match(text))]
    columns = zip(*rows, strict=True) if rows else [()] * pattern.groups
    named = dict(zip(pattern.groupindex, columns, strict=True))
    return pd.DataFrame(named, index=texts.index, dtype=object)


def _kinds_of(inside: pd.Series) -> dict[str, pd.Series]:
    place = inside.str.fullmatch(rf"(?:{_any_place()})+")
    form = inside.str.fullmatch(_any_of(words("forms"))) & ~place
    branch = inside.str.contains(rf"(?:{_any_of(words('branches'))}|[{_NUMERAL}]厂)$") & ~place & ~form
    return {"place": place, "form": form, "branch": branch, "aside": ~(place | form | branch)}


def _joined(inside: pd.Series, index: pd.Index) -> pd.Series:
    if inside.empty:
        return pd.Series("", index=index, dtype=object)
    return inside.groupby(level=0).agg("".join).reindex(index, fill_value="").astype(object)


@cache
def _body() -> re.Pattern[str]:
    forms, branches, numbered = (_any_of(words(kind)) for kind in ("forms", "branches", "numbered"))
    ordinal = rf"第?[{_NUMERAL}]{{1,3}}"
    branch = rf"(?:(?<=公司)|(?<=[厂社矿店院]))(?:(?!公司).){{0,12}}?{branches}|{ordinal}号?{numbered}"
    return re.compile(
        rf"(?P<body>.*?)(?P<ordinal>{ordinal}(?={numbered}))?(?:(?P<form>{forms})(?P<branch>{branch})?)?$",
        re.DOTALL,
    )


@cache
def _stems() -> str:
    kinds = ("provinces", "prefectures", "counties", "former")
    return _any_of(word for kind in kinds for word in words(kind))


@cache
def _any_place() -> str:
    return rf"(?:{_stems()}{_any_of(words('place_endings'))}?|{_any_of(words('zones'))})"


@cache
def _place() -> re.Pattern[str]:
    towns, zones = _any_of(words("town_endings")), _any_of(words("zones"))
    said = rf"{_any_of(words('place_endings'))}|{towns}"
    # a bare name is a place only where a trade name remains, and none stands below a county or town
    bare = rf"(?!.?{_any_of(words('industries'))}*$)"
    listed, below = rf"{_stems()}(?:{said}|{bare})", rf"{_stems()}(?:{said})"
    low = "[县区旗镇乡道处]"
    unlisted = r"(?=.{1,3}[县区市])[^省市县区旗州盟]{1,3}(?:县|(?<=..)区|(?<=..)市(?![政场]))"
    starts = "".join(sorted({word[0] for word in words("town_endings")}))
    town = rf"(?<=[省市县区旗州盟])(?=.{{2,3}}[{starts}])[^省市县区旗]{{2,3}}?{towns}(?=..)"
    further = rf"(?:(?<!{low}){listed}|(?<={low}){below}|{unlisted}|{zones}|{town})*+"
    return re.compile(rf"(?P<place>(?:(?:{listed}|{unlisted}){further})?)(?P<core>.*)$", re.DOTALL)


@cache
def _core() -> re.Pattern[str]:
    return re.compile(rf"(?P<trade>.*?)(?P<industry>{_any_of(words('industries'))}*)$", re.DOTALL)


def _any_of(alternatives: Iterable[str]) -> str:
    """Return a pattern for any of the words, longest first, as a tree of prefixes: fast with thousands of them.

    Examples
    --------
    >>> _any_of(["洞口", "洞头", "邵阳"])
    '(?:洞(?:口|头)|邵阳)'
    """
    tree: dict[str, dict] = {}  # type: ignore[type-arg]
    for word in alternatives:
        here = tree
        for char in word:
            here = here.setdefault(char, {})
        here[""] = {}
    return _grouped(tree)


def _grouped(tree: dict[str, dict]) -> str:  # type: ignore[type-arg]
    branches = {char: re.escape(char) + _grouped(rest) for char, rest in tree.items() if char}
    if not branches:
        return ""
    single = _choice(branches) if len(branches) == 1 and "" not in tree else f"(?:{_choice(branches)})"
    return f"{single}?" if "" in tree else single


def _choice(branches: dict[str, str]) -> str:
    """Return the alternatives, many of them behind a look at the first character: ``re`` tries one after another."""
    if len(branches) <= FEW:
        return "|".join(branches.values())
    chars = list(branches)
    size = -(-len(chars) // FEW)
    groups = [chars[at : at + size] for at in range(0, len(chars), size)]
    return "|".join(
        f"(?=[{''.join(map(re.escape, group))}])(?:{_choice({char: branches[char] for char in group})})"
        for group in groups
    )
