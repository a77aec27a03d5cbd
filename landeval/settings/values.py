"""One value of the settings: read as its kind, or refused with its key, what is written and what should be."""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landeval.configuration import known, wrong_value
from landeval.errors import ConfigurationError
from landeval.standards.loading import RuleFault, day_of

if TYPE_CHECKING:
    pass


_PARTS = {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix"}
"""Files that come with a shapefile: never named themselves."""
_UNREADABLE = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]+:|/vsi|\\\\\?\\)")


def section_in(raw: Mapping[str, Any], name: str, keys: set[str], where: str) -> Mapping[str, Any]:
    """Return a section of the settings, empty where there is none; an unknown key is refused."""
    section = raw.get(name, {})
    if not isinstance(section, Mapping):
        raise wrong_value(name, section, "一节（写作 [" + name + "]）", where)
    known(section, keys, f"{where} [{name}]")
    return section


def least_in(value: Any, key: str, where: str) -> float:
    """Return a number that is not below 0."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or value < 0:
        raise wrong_value(key, value, "不小于 0 的数", where)
    return float(value)


def number_in(value: Any, key: str, where: str) -> float | None:
    """Return a number, above 0 where it is a scale; None where none is given."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or (key == "scale" and not value > 0):
        raise wrong_value(
            key, value, "一个数，如 0" if key != "scale" else "一个大于 0 的数，如 0.0001", where
        )
    return float(value)


def part_in(value: Any, key: str, where: str) -> float:
    """Return a number from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise wrong_value(key, value, "0 到 1 之间的数，如 0.9", where)
    return float(value)


def existing(text: str, base: Path, where: str) -> Path:
    """Return the absolute path of a file or folder that is there; no address of the net, no device."""
    if _UNREADABLE.match(text) and not re.match(r"^[a-zA-Z]:[\\/]", text):
        raise ConfigurationError(
            f"不读取网址或特殊路径：{text}",
            where=where,
            remedy="请先把文件存到本机，再写本机路径",
            code="E610",
        )
    path = (base / Path(text).expanduser()).absolute()
    if not path.exists():
        raise ConfigurationError(
            "找不到文件", where=f"{path}（{where}）", remedy=near_to(path) + "请核对路径和文件名", code="E605"
        )
    return path


def near_to(path: Path) -> str:
    """Name what is there and is nearest to a path that is not: in its folder, else the folder nearest to its own."""
    folder, name = path.parent, path.name
    while not folder.is_dir() and folder != folder.parent:
        folder, name = folder.parent, folder.name
    if folder != path.parent:
        told, there = f"没有文件夹“{name}”", [one.name for one in _listed(folder) if one.is_dir()]
    else:
        told, there = "", [one.name for one in _listed(folder) if one.suffix.lower() not in _PARTS]
    stems = [Path(one).stem for one in there]
    alike = difflib.get_close_matches(Path(name).stem, stems, n=3, cutoff=0.5)  # an ending likens nothing
    near = sorted(
        (one for one in there if Path(one).stem in alike), key=lambda one: alike.index(Path(one).stem)
    )
    words = [told] if told else []
    words += [f"同一处有相近的：{'、'.join(near)}"] if near else []
    return "，".join(words) + "；" if words else ""


def _listed(folder: Path) -> list[Path]:
    """Return what is in a folder, in order; nothing where it cannot be looked into."""
    try:
        return sorted(one for one in folder.iterdir() if not one.name.startswith((".", "~$")))
    except OSError:
        return []


def text_in(value: Any, key: str, where: str) -> str:
    """Return a text."""
    if not isinstance(value, str | Path):
        raise wrong_value(key, value, "带引号的文字", where)
    return str(value)


def flag_in(value: Any, key: str, where: str) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise wrong_value(key, value, " true 或 false", where)
    return value


def year_in(value: Any, where: str) -> int:
    """Return a year."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1990 <= value <= 2100:
        raise wrong_value("year", value, "四位年份，如 2024", where)
    return value


def day_in(value: Any, where: str, key: str = "as_of") -> dt.date | None:
    """Return a day, None where none is given."""
    is_day = value is None or isinstance(value, dt.date)
    try:
        return day_of(value if is_day else str(value), key, required=False)
    except RuleFault:
        raise wrong_value(key, value, "日期，如 2024-12-31", where) from None


def _are_numbers(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(
        isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v) for v in value
    )


def region_code_in(value: Any, where: str) -> str:
    """Return an administrative code of a province, prefecture or county (GB/T 2260)."""
    code = text_in(value, "region.code", where).strip()
    if not re.fullmatch(r"\d{2}|\d{4}|\d{6}", code):
        raise wrong_value("region.code", value, "六位行政区代码，如 430525（只写省、市的两位、四位）", where)
    return code


def bounds_in(value: Any, where: str) -> tuple[float, float, float, float]:
    """Return a box in degrees: west, south, east, north."""
    if not _are_numbers(value) or len(value) != 4 or not (value[0] < value[2] and value[1] < value[3]):
        raise wrong_value("region.bounds", value, "[西, 南, 东, 北] 四个经纬度", where)
    return float(value[0]), float(value[1]), float(value[2]), float(value[3])


def seven_in(value: Any, where: str) -> tuple[float, ...]:
    """Return no, three or seven parameters of a shift between datums."""
    if not _are_numbers(value) or len(value) not in (0, 3, 7):
        raise wrong_value("crs.towgs84", value, "三个或七个数", where)
    return tuple(float(number) for number in value)


def choice_in(section: Mapping[str, Any], key: str, allowed: Sequence[int], where: str) -> int | None:
    """Return one of some whole numbers, None where none is given."""
    value = section.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value not in allowed:
        raise wrong_value(f"region.{key}", value, f" {'、'.join(map(str, allowed))} 之一", where)
    return value
