"""Which units there are, and what holds for all of them: a folder of unit folders, or a list file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from landeval.configuration import known, read_text, read_toml, wrong_value
from landeval.errors import ConfigurationError
from landeval.province import PROVINCE, SCOPES, Plan, Unit
from landeval.settings.load import SETTINGS_FILE, SETTINGS_FILES, settings_here

SETTINGS = "province.toml"
_UNIT = " 或 ".join(SETTINGS_FILES)
_TOP = {"title", "units", "grading", "common"}
_COMMON = {
    "year", "as_of", "money", "crs", "judge", "rules", "rules_file", "link", "grading", "blocks", "hot_spots", "supply_tiers",
}  # fmt: skip
"""What may hold for all units; inputs, names and places are each unit's own."""
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]|^\.|[. ]$')


def plan_of(path: Path) -> Plan:
    """Read what to evaluate.

    Parameters
    ----------
    path : Path
        A folder whose subfolders each hold a ``landeval.toml`` or a 参数表, with an optional ``province.toml``; or a text file
        with the path of one unit's folder or settings file a line, relative to the file, ``#`` before a remark. Then
        ``province.toml`` stands beside the list.

    Raises
    ------
    ConfigurationError
        E605 nothing is there; E660 no unit, or two of one name; E606, E607, E611 ``province.toml`` is wrong.
    """
    place = path.resolve()
    if not place.exists():
        raise ConfigurationError(
            "找不到全省文件夹或单位名单",
            where=str(path),
            remedy=f"请指定一个文件夹，其中每个单位一个子文件夹，各有 {_UNIT}；或一个名单文件（txt）",
            code="E605",
        )
    base = place if place.is_dir() else place.parent
    file = base / SETTINGS
    raw = read_toml(file) if file.is_file() else {}
    known(raw, _TOP, str(file))
    units = _subfolders(place) if place.is_dir() else _listed(place)
    if "units" in raw:
        units = _chosen(units, raw["units"], str(file))
    if not units:
        raise ConfigurationError(
            "没有找到单位",
            where=str(place),
            remedy=f"每个单位一个子文件夹，其中各有 {_UNIT}；先用 landeval run 试一个单位",
            code="E660",
        )
    if any(unit.name == PROVINCE for unit in units):
        raise ConfigurationError(
            f"单位不能叫“{PROVINCE}”，那是合计的名称",
            where=str(place),
            remedy="请改单位的文件夹名",
            code="E660",
        )
    return Plan(
        title=_text(raw.get("title", base.name), "title", str(file)),
        units=tuple(sorted(units, key=lambda unit: unit.name)),
        common=_common(raw.get("common", {}), base, str(file)),
        scope=_scope(raw.get("grading", {}), str(file)),
        told_in=place,
    )


def _subfolders(folder: Path) -> list[Unit]:
    folders = [found for found in folder.iterdir() if found.is_dir() and not found.name.startswith(".")]
    named = [(found.name, settings_here(found)) for found in folders]
    return [Unit(name, settings) for name, settings in named if settings is not None]


def _listed(file: Path) -> list[Unit]:
    """Read the list; what is not there is told when its turn comes, by name."""
    units: list[Unit] = []
    for number, line in enumerate(read_text(file).splitlines(), start=1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        path = (file.parent / Path(text).expanduser()).absolute()
        is_file = path.suffix.lower() in (".toml", ".xlsx")
        settings = path if is_file else settings_here(path) or path / SETTINGS_FILE
        name = settings.parent.name if settings.name in SETTINGS_FILES else settings.stem
        if _UNFIT.search(name) or any(unit.name.casefold() == name.casefold() for unit in units):
            raise ConfigurationError(
                f"单位“{name}”在名单中有两个，或不能作文件夹名",
                where=f"{file} 第 {number} 行",
                remedy="请让各单位的文件夹名各不相同",
                code="E660",
            )
        units.append(Unit(name, settings))
    return units


def _chosen(units: list[Unit], names: Any, where: str) -> list[Unit]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise wrong_value("units", names, '单位名的列表，如 ["甲县", "乙县"]', where)
    found = {unit.name: unit for unit in units}
    if absent := [name for name in names if name not in found]:
        raise ConfigurationError(
            f"units 中的单位没有文件夹或 {_UNIT}：{'、'.join(absent)}",
            where=where,
            remedy=f"请核对名称，可用：{'、'.join(sorted(found)[:20])}",
            code="E660",
        )
    return [found[name] for name in dict.fromkeys(names)]


def _common(section: Any, base: Path, where: str) -> dict[str, Any]:
    """Return the settings for all, their paths made absolute: each unit's own are relative to its folder."""
    spot = f"{where} [common]"
    if not isinstance(section, Mapping):
        raise wrong_value("common", section, "一节 [common]", where)
    known(section, _COMMON, spot)
    common = dict(section)
    for key in ("rules_file", "supply_tiers"):
        if key in common:
            common[key] = str(base / _text(common[key], key, spot))
    grading = common.get("grading")
    if isinstance(grading, Mapping) and str(grading.get("scheme", "")).lower().endswith(".toml"):
        common["grading"] = {**grading, "scheme": str(base / str(grading["scheme"]))}
    return common


def _scope(section: Any, where: str) -> str | None:
    if not isinstance(section, Mapping):
        raise wrong_value("grading", section, "一节 [grading]", where)
    known(section, {"scope"}, f"{where} [grading]")
    scope = section.get("scope")
    if scope is not None and scope not in SCOPES:
        raise wrong_value(
            "grading.scope", scope, '"province"（全省统一定级）或 "unit"（各单位分别定级）', where
        )
    return scope


def _text(value: Any, key: str, where: str) -> str:
    if not isinstance(value, str):
        raise wrong_value(key, value, "带引号的文字", where)
    return value
