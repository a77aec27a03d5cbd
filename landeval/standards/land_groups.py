"""Land uses to 产业, 公共服务, 商居物流 and 生态 of the plan (四-2), with roads, other land and the unknown apart."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from landeval.standards.land_use_codes import is_code, systems

_FILE = "land_groups.toml"
UNKNOWN = "未知"
_NAMED_CODE = re.compile(r"^(?P<name>.+)\((?P<code>[0-9A-Z]+)\)$")
_PARTS = re.compile(r"[、,，;；/+]+")


@cache
def _book() -> Mapping[str, Any]:
    raw = tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8"))
    groups = {*raw["order"]["plan"], *raw["order"]["other"]}
    for name, codes in raw["codes"].items():
        system = systems()[name]
        if wrong := [code for code in codes if not system.holds(code)]:
            raise ValueError(f"{_FILE}: {name}: not of the system: {wrong}")
        if not set(codes.values()) <= groups:
            raise ValueError(f"{_FILE}: {name}: a group that is none")
    if not set(raw["words"].values()) <= groups:
        raise ValueError(f"{_FILE}: words: a group that is none")
    return raw


def plan_groups() -> tuple[str, ...]:
    """Return the four groups that the plan names."""
    return tuple(_book()["order"]["plan"])


def land_groups() -> tuple[str, ...]:
    """Return every group in order: the plan's four, the others, the unknown."""
    return (*_book()["order"]["plan"], *_book()["order"]["other"], UNKNOWN)


def group_of_use(land_use: str | None) -> str:
    """Return the group of a land use as written, or 未知.

    A code counts together with its name (工业用地(1001)), which says of which system it is; a bare code is unknown,
    as are a text that no word knows and one whose parts are of different groups.

    Examples
    --------
    >>> group_of_use("工业用地"), group_of_use("铁路用地(1001)"), group_of_use("工业用地(1001)"), group_of_use("1001")
    ('产业', '道路交通', '产业', '未知')
    >>> group_of_use("公共管理与公共服务用地"), group_of_use("物流仓储用地"), group_of_use("工业、商服用地"), group_of_use(None)
    ('公共服务', '商居物流', '未知', '未知')
    """
    text = (land_use or "").strip()
    if not text or is_code(text):
        return UNKNOWN
    if found := _NAMED_CODE.match(text):
        of_code = {
            _longest(found["code"], codes)
            for name, codes in _book()["codes"].items()
            if systems()[name].holds(found["code"])
            and systems()[name].name_of(found["code"]) == found["name"]
        } - {None}
        if of_code:
            return str(of_code.pop()) if len(of_code) == 1 else UNKNOWN
    whole = _by_words(text)
    parts = {_by_words(part) for part in _PARTS.split(text)} - {None}
    return str(whole) if whole and len(parts) == 1 else UNKNOWN


def _longest(code: str, codes: Mapping[str, str]) -> str | None:
    return next((codes[code[:size]] for size in range(len(code), 0, -1) if code[:size] in codes), None)


def _by_words(text: str) -> str | None:
    """Return the group of the longest words in a text; None where there is no word, or they are of two groups."""
    words = {word: group for word, group in _book()["words"].items() if word in text}
    longest = max(map(len, words), default=0)
    groups = {group for word, group in words.items() if len(word) == longest}
    return groups.pop() if len(groups) == 1 else None
