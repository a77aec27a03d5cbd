"""Pairs of names that may be one firm, for a person to review: near enough, with the reason; nothing is tied here."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz.distance import OSA, Indel, Levenshtein
from rapidfuzz.process import cpdist

from landeval.link.names import parts_of
from landeval.vocabulary.names import name_key

COLUMNS = ("left", "right", "score", "reason")
LESS_FOR = {"form": 0.02, "place": 0.03, "branch": 0.05}
"""What is taken off the score where legal form, place or branch differ; a third of it for a place said more fully."""
SAME_CORE, ALIKE = 2_000, 100
"""Most pairs that one blocking key may make; a key that more names share says little of any of them."""
SAME_PLACE = 5
"""So many times more within one place: a common 字号 with a wrong character is still sought at home."""
CHUNK = 1_000_000
LONGEST = 40
"""So many characters [count] of a core are looked at for blocking."""
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.floating]


def near_names(left: pd.Series, right: pd.Series, *, at_least: float, most: int) -> pd.DataFrame:
    """Return candidate pairs of two lists of names, best first for each left name.

    Names are split (``names.split_names``) and meet where their core (字号 + 行业) is equal or one character away
    on either side, where their 字号 is equal, or where they share rare pairs of characters. The score is

        max((likeness of 字号 + likeness of core) / 2, 0.9 × likeness of the whole without its legal form)

    less 0.02 where the legal form differs, 0.03 the place (0.01 where one only says it more fully), 0.05 the branch;
    likeness is twice the characters in common order over all characters of both. 1 is the same name but for width and
    spaces, 0.99 but for brackets. The score orders a queue; it is no probability and ties nothing.

    A key which many names share (``SAME_CORE``, ``ALIKE``) makes no pairs: the time grows with the names, not with
    their square, and very common names (鑫源机械) are only compared within one place.

    Parameters
    ----------
    left, right : Series of str
        Names as written; the index labels come back. Blank names and words for nobody pair with nothing.
    at_least : float
        Lowest score [0–1].
    most : int
        Most different names of ``right`` for one name of ``left``; at an equal score the one first in code order.

    Returns
    -------
    DataFrame
        ``left``, ``right`` (labels), ``score`` (4 decimals), ``reason`` (Chinese); ordered as ``left``, best first.

    Examples
    --------
    >>> pairs = near_names(
    ...     pd.Series(["虚构机械厂"]), pd.Series(["洞口县虚构机械厂", "别家食品厂"]), at_least=0.6, most=3
    ... )
    >>> pairs[["right", "reason"]].to_numpy().tolist()
    [[0, '仅一方未写地名（未写、洞口县）']]
    """
    keys = (left.map(name_key).astype(object), right.map(name_key).astype(object))
    unique = pd.Series(np.unique(np.concatenate([key[key != ""].unique() for key in keys])), dtype=object)
    mine, theirs = (np.flatnonzero(unique.isin(key)) for key in keys)
    if not len(mine) or not len(theirs):
        return pd.DataFrame(
            {name: pd.Series(dtype="float64" if name == "score" else "object") for name in COLUMNS}
        )
    parts = _identified(parts_of(unique))
    one, other = _met(parts, mine, theirs)
    score = _scores(parts, one, other)
    one, other, score = _best(one, other, score, at_least, most)
    pairs = pd.DataFrame({"one": one, "other": other, "score": score, "reason": _reasons(parts, one, other)})
    return _labelled(pairs, unique, keys)


def _labelled(pairs: pd.DataFrame, unique: pd.Series, keys: tuple[pd.Series, pd.Series]) -> pd.DataFrame:
    at = pd.Series(unique.index, index=unique)
    sides = []
    for side, name, key in (("left", "one", keys[0]), ("right", "other", keys[1])):
        code = key[key != ""].map(at)
        sides.append(
            pd.DataFrame({side: code.index, name: code.to_numpy(), f"{side}_order": np.arange(len(code))})
        )
    found = sides[0].merge(pairs, on="one", validate="m:m").merge(sides[1], on="other", validate="m:m")
    found = found.assign(lower=-found["score"])
    found = found.sort_values(["left_order", "lower", "other", "right_order"], ignore_index=True)
    return found[list(COLUMNS)]


def _identified(parts: pd.DataFrame) -> pd.DataFrame:
    """Add what is compared: ``own`` (字号; the place where a name has none), ``core``, ``whole``, ``bare`` of brackets."""
    own = parts["trade"].where(parts["trade"] != "", parts["place"])
    own = own.where(own != "", parts["key"])
    whole = parts["place"] + parts["trade"] + parts["industry"] + parts["branch"] + parts["aside"]
    bare = parts["key"].copy()
    bare.update(bare[bare.str.contains("(", regex=False)].str.replace(r"[()]", "", regex=True))
    return parts.assign(own=own, core=own + parts["industry"], whole=whole, bare=bare)


def _met(parts: pd.DataFrame, mine: Ints, theirs: Ints) -> tuple[Ints, Ints]:
    """Return the pairs (positions in ``parts``) which share a blocking key, each once."""
    letters = _letters(parts["core"])
    every = np.arange(len(parts))
    place = _hashed(_letters(parts["place"])) | 1
    is_on = np.zeros((2, len(parts)), dtype=bool)
    is_on[0, mine] = is_on[1, theirs] = True
    found = []
    for (names, keys), limit in (
        ((every, parts["bare"].factorize()[0]), np.inf),
        ((every, _hashed(letters)), SAME_CORE),
        (_one_less(letters), ALIKE),
        ((every, _hashed(_letters(parts["own"]))), ALIKE),
        (_bigrams(letters), ALIKE),
    ):
        sides = [is_side[names] for is_side in is_on]
        for key, most in ((keys, limit), (keys * place[names], limit * SAME_PLACE)):
            one, other = _meetings(*((names[side], key[side]) for side in sides), limit=most)
            found.append(one * len(parts) + other)
    pairs = np.sort(np.concatenate(found))
    pairs = pairs[_is_new(pairs)]
    return pairs // len(parts), pairs % len(parts)


def _is_new(ordered: Ints) -> npt.NDArray[np.bool_]:
    """Tell of ordered numbers which differ from the one before (``np.unique`` takes ten times as long on millions)."""
    return np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]


def _meetings(left: tuple[Ints, Ints], right: tuple[Ints, Ints], *, limit: float) -> tuple[Ints, Ints]:
    """Return the pairs of names which have one key in common, without the keys that make more than ``limit`` pairs."""
    (one, one_keys), (other, other_keys) = left, right
    by_key = np.argsort(other_keys, kind="stable")
    other, other_keys = other[by_key], other_keys[by_key]
    by_key = np.argsort(one_keys, kind="stable")
    one, one_keys = one[by_key], one_keys[by_key]
    first = np.searchsorted(other_keys, one_keys, side="left")
    size = np.searchsorted(other_keys, one_keys, side="right") - first
    group = np.cumsum(_is_new(one_keys)) - 1
    times = np.bincount(group)[group] if len(group) else group
    size = np.where(size * times <= limit, size, 0)
    within = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    return np.repeat(one, size), other[np.repeat(first, size) + within]


def _letters(texts: pd.Series) -> Ints:
    """Return the first code points of the texts, one row each, filled with zeros on the right."""
    fixed = texts.to_numpy().astype(f"U{LONGEST}")
    return fixed.view(np.uint32).reshape(len(fixed), -1).astype(np.int64)


def _hashed(letters: Ints) -> Ints:
    powers = np.cumprod(np.full(letters.shape[1], 0x5DEECE66D1, dtype=np.int64))
    mixed: Ints = letters * (letters + 0x9E3779B97F) @ powers
    return mixed


def _one_less(letters: Ints) -> tuple[Ints, Ints]:
    """Return the names, as they are and without each one of their characters; of three characters or more."""
    lengths = (letters > 0).sum(axis=1)
    names, keys = [np.flatnonzero(lengths > 1)], [_hashed(letters)[lengths > 1]]
    for at in range(letters.shape[1]):
        longer = np.flatnonzero((lengths > at) & (lengths > 2))
        names.append(longer)
        keys.append(_hashed(np.delete(letters[longer], at, axis=1)))
    return np.concatenate(names), np.concatenate(keys)


def _bigrams(letters: Ints) -> tuple[Ints, Ints]:
    first, second = letters[:, :-1], letters[:, 1:]
    names, at = np.nonzero(second)
    return names, first[names, at] << 21 | second[names, at]


def _scores(parts: pd.DataFrame, one: Ints, other: Ints) -> Floats:
    """Return the score of each pair."""
    own, core, whole = (_likeness(parts[name], one, other) for name in ("own", "core", "whole"))
    score = np.maximum((own + core) / 2, 0.9 * whole)
    for part, less in LESS_FOR.items():
        code = parts[part].factorize()[0]
        apart = np.flatnonzero(code[one] != code[other])
        fuller = _is_fuller(parts[part], one[apart], other[apart]) if part == "place" else False
        score[apart] -= np.where(fuller, less / 3, less).astype(np.float32)
    code = parts["bare"].factorize()[0]
    return np.where(code[one] == code[other], np.where(one == other, 1, 0.99), score.clip(0, 0.98))


def _likeness(texts: pd.Series, one: Ints, other: Ints) -> Floats:
    values = texts.to_numpy()
    chunks = [
        cpdist(
            values[one[at : at + CHUNK]].tolist(),
            values[other[at : at + CHUNK]].tolist(),
            scorer=Indel.normalized_similarity,
            dtype=np.float32,
            workers=-1,
        )
        for at in range(0, len(one), CHUNK)
    ]
    return np.concatenate(chunks) if chunks else np.zeros(0, dtype=np.float32)


def _is_fuller(texts: pd.Series, one: Ints, other: Ints) -> npt.NDArray[np.bool_]:
    """Tell where one text holds all characters of the other, in their order: 洞口 and 湖南省洞口县."""
    lengths = texts.str.len().to_numpy()
    values = texts.to_numpy()
    steps = cpdist(values[one].tolist(), values[other].tolist(), scorer=Indel.distance, dtype=np.int32)
    return np.asarray(steps == abs(lengths[one] - lengths[other]), dtype=bool)


def _best(one: Ints, other: Ints, score: Floats, at_least: float, most: int) -> tuple[Ints, Ints, Floats]:
    """Keep the best pairs of each left name; names are numbered in code order, which decides at equal scores."""
    rounded = score.astype(np.float64).round(4)
    enough = np.flatnonzero(rounded >= at_least)
    order = enough[np.lexsort((other[enough], -rounded[enough], one[enough]))]
    names = one[order]
    rank = np.arange(len(names)) - np.searchsorted(names, names)
    kept = order[rank < most]
    return one[kept], other[kept], rounded[kept]


def _reasons(parts: pd.DataFrame, one: Ints, other: Ints) -> npt.NDArray[np.object_]:
    """Say of each pair, in Chinese, in what the two names differ."""
    said, is_same_core = _core_said(parts, one, other)
    count = (~is_same_core).astype(int)
    for part, words in (
        ("place", "地名前缀不同"),
        ("branch", "分支机构不同"),
        ("form", "组织形式不同"),
        ("aside", "括号内文字不同"),
    ):
        code = parts[part].factorize()[0]
        apart = np.flatnonzero(code[one] != code[other])
        mine, theirs = one[apart], other[apart]
        text = words + _two(parts[part], mine, theirs)
        if part == "place":
            text = _place_said(parts["place"], mine, theirs) + _two(parts["place"], mine, theirs)
        said[apart] = np.where(count[apart] > 0, said[apart] + "；", "") + text
        count[apart] += 1
    only = np.flatnonzero((count == 1) & is_same_core)
    said[only] = "仅" + said[only]
    said[count == 0] = "仅括号写法不同"
    said[one == other] = "名称相同"
    return said


def _core_said(
    parts: pd.DataFrame, one: Ints, other: Ints
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.bool_]]:
    code, own = (parts[name].factorize()[0] for name in ("core", "own"))
    is_same = code[one] == code[other]
    mine, theirs = (parts["core"].to_numpy()[side].tolist() for side in (one, other))
    steps, swaps = (cpdist(mine, theirs, scorer=by.distance, dtype=np.int32) for by in (Levenshtein, OSA))
    has_trade = (parts["trade"] != "").to_numpy()[one]
    cases = {
        "": is_same,
        "一字之差": steps == 1,
        "相邻两字颠倒": swaps == 1,
        "字号相同、行业词不同": (own[one] == own[other]) & has_trade,
        "一方多写几个字": _is_fuller(parts["core"], one, other),
    }
    said = np.select(list(cases.values()), list(cases), "名称相近").astype(object)
    of_trade = np.flatnonzero(said == "字号相同、行业词不同")
    said[of_trade] += _two(parts["industry"], one[of_trade], other[of_trade])
    return said, is_same


def _place_said(places: pd.Series, one: Ints, other: Ints) -> npt.NDArray[np.object_]:
    is_blank = (places == "").to_numpy()
    cases = [is_blank[one] | is_blank[other], _is_fuller(places, one, other)]
    return np.select(cases, ["一方未写地名", "地名详略不同"], "地名前缀不同").astype(object)


def _two(texts: pd.Series, one: Ints, other: Ints) -> npt.NDArray[np.object_]:
    """Return both texts in brackets; a name without a branch is the head office."""
    shown = texts.where(texts != "", "总部" if texts.name == "branch" else "未写").to_numpy(dtype=object)
    both: npt.NDArray[np.object_] = "（" + shown[one] + "、" + shown[other] + "）"
    return both
