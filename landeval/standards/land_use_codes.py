"""Systems of land-use codes: which of them a layer's codes can be of, and what a code means in one of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

NO_SYSTEM = "不识别"
"""What a project writes to have no code understood."""
_FILE = "land_use_codes.toml"
_KEYS = {"title", "sizes", "first", "second", "codes"}
_CODE = re.compile(r"[0-9]+[A-Z]?|[0-9]{2}H[0-9][A-Z]?|[A-Z][0-9]{0,3}")


@dataclass(frozen=True)
class System:
    """One system of codes."""

    name: str
    title: str
    sizes: tuple[int, ...]
    first: Mapping[str, str]
    second: Mapping[str, int]
    codes: Mapping[str, str]
    other: frozenset[str]

    def holds(self, code: str) -> bool:
        """Tell whether a code can be of this system."""
        if code in self.other:
            return True
        width = len(next(iter(self.first)))
        head, rest = code[:width], code[width:]
        if head not in self.first or len(code) not in self.sizes:
            return False
        return not rest or (rest.isdigit() and 1 <= int(rest[:width]) <= self.second.get(head, 0))

    def name_of(self, code: str) -> str:
        """Return what a code means here: the name of its longest known beginning."""
        names = {**self.first, **self.codes}
        return next(names[code[:size]] for size in range(len(code), 0, -1) if code[:size] in names)


@dataclass(frozen=True)
class Detected:
    """What a set of codes can be of.

    Attributes
    ----------
    system : System or None
        None where the codes are of no system, or of several that do not mean the same.
    names : tuple of str
        Every system that all the codes can be of.
    stray : tuple of str
        Where ``names`` is empty: codes that are of no system at all.
    differing : str
        Where several systems remain: a code on which they differ.
    """

    system: System | None
    names: tuple[str, ...] = ()
    stray: tuple[str, ...] = ()
    differing: str = ""


@cache
def systems() -> Mapping[str, System]:
    """Load every system strictly.

    Raises
    ------
    ValueError
        A missing or unknown key, a second level of no first level, or a named code that the system does not hold.
    """
    raw = tomllib.loads(files(__package__).joinpath(_FILE).read_text("utf-8"))
    if set(raw) != {"document", "system"}:
        raise ValueError(f"{_FILE}: only [document] and [system.*]")
    result = {}
    for name, body in raw["system"].items():
        if set(body) - {"other"} != _KEYS:
            raise ValueError(f"{_FILE}: {name}: exactly {sorted(_KEYS)}, and other")
        system = System(
            name=name,
            title=body["title"],
            sizes=tuple(body["sizes"]),
            first=body["first"],
            second=body["second"],
            codes=body["codes"],
            other=frozenset(body.get("other", ())),
        )
        if not set(system.second) <= set(system.first):
            raise ValueError(f"{_FILE}: {name}: a second level without first")
        if wrong := [code for code in system.codes if not system.holds(code)]:
            raise ValueError(f"{_FILE}: {name}: not of the system: {wrong}")
        result[name] = system
    return result


def system_names() -> tuple[str, ...]:
    """Return the names that a project may write."""
    return tuple(systems())


def is_code(text: str) -> bool:
    """Tell whether a land use is written as a bare code.

    Examples
    --------
    >>> [is_code(text) for text in ("1001", "05H1", "M1", "工业用地", "0601 工业用地", " m2 ")]
    [True, True, True, False, False, True]
    """
    return bool(_CODE.fullmatch(text.strip().upper()))


def detect(codes: Collection[str]) -> Detected:
    """Return the one system that all the codes of a layer can be of; never decided code by code.

    Where several systems remain, they are taken together only if each code has one name in all of them.

    Parameters
    ----------
    codes : collection of str
        The different bare codes of one layer.

    Examples
    --------
    >>> detect({"100102", "1101", "07"}).system.name
    '用地用海分类'
    >>> detect({"1001", "0701"}).system is None, detect({"1001", "0701"}).differing
    (True, '0701')
    >>> detect({"0601", "05H1"}).system.name, detect({"0601", "1301"}).names
    ('三调工作分类', ('用地用海分类',))
    """
    fit = [system for system in systems().values() if codes and all(map(system.holds, codes))]
    names = tuple(system.name for system in fit)
    if not fit:
        stray = sorted(code for code in codes if not any(system.holds(code) for system in systems().values()))
        return Detected(None, stray=tuple(stray))
    differing = [code for code in sorted(codes) if len({system.name_of(code) for system in fit}) > 1]
    return Detected(None if differing else fit[0], names, differing=differing[0] if differing else "")
