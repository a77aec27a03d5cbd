"""``landeval init``: a new project folder with its settings, blank tables for every office, and a guide."""

from __future__ import annotations

import json
import os
import shutil
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from landeval.errors import OutputError
from landeval.publish.starter.forms import FORMS
from landeval.publish.starter.settings_form import write_settings_form
from landeval.publish.workbook.blank_form import write_form
from landeval.publish.workbook.land_status_form import FILE_NAME as INDEX_FORM
from landeval.publish.workbook.land_status_form import write_land_status_form
from landeval.publish.workbook.supply_form import FILE_NAME as SUPPLY_FORM
from landeval.publish.workbook.supply_form import write_supply_form
from landeval.publish.workbook.targets_form import FILE_NAME as TARGETS_FORM
from landeval.publish.workbook.targets_form import write_targets_form
from landeval.settings_table import FILE_NAME as SETTINGS_TABLE
from landeval.settings_table import section_named

_WHEN_WANTED = {
    "enterprises": (("企业表_供电公司.xlsx", "企业综合评价的用电量"), ("企业表_生态环境局.xlsx", "排放量、整治名单")),
    "contracts": (("闲置查处台账.xlsx", "调查、认定、处置的日期"), ("宗地建设情况表.xlsx", "建筑面积等，没有建筑物图层时用")),
    "exemptions": (("豁免登记.xlsx", "有豁免的"),),
    "supply": ((SUPPLY_FORM, "要供地盘子的"),),
    "targets": ((TARGETS_FORM, "要目标进度的"),),
    "buildings": (("建筑物.shp", "建筑物图层：容积率、建筑系数、未利用土地"),),
    "layout": (("三级布局.shp", "集群、基地、社区"),),
    "boundary": (("园区范围.shp", "供地盘子的园区边界"),),
    "projects": (("项目准入申报表.xlsx", "landeval admit 的项目表，平常写在命令里"),),
    "decisions": (("匹配复核.xlsx", "填好的复核表，平常用 --review 交回"),),
    "imagery": (("影像.tif", "作旁证；几期写作 影像 1、影像 2"),),
    "index": ((INDEX_FORM, "要集约利用指数的"),),
    "corrections": (("数据问题.xlsx", "填好更正值交回的"),),
}  # fmt: skip
"""Forms and layers that a new project names only where they are used, with what they are for."""
SETTINGS, GUIDE = "landeval.toml", "使用说明.txt"
INPUTS, RESULTS = "输入", "成果"
_SLOT = "〔{}〕"
_IN_TABLE = (
    (
        "在 landeval.toml 里去掉那几行前面的 #",
        "在 参数表.xlsx 的“值”一列写上文件名\n       （平常用不到的行折叠着，点左上角的 2 展开；各种写法的例子在它的“填表说明”里）",
    ),
    ("在 landeval.toml 里改成它的文件名", "在 参数表.xlsx 里改成它的文件名"),
    ("写进 landeval.toml 的更正表（[corrections]）一项", "写进 参数表.xlsx 的“更正表”“文件”一行"),
)
"""What the guide says of the toml, and of the table."""


@dataclass(frozen=True)
class Start:
    """What is known of a project before it has data: the park, the county and its box, the data year."""

    title: str
    county: str
    code: str
    bounds: tuple[float, float, float, float]
    year: int


def write_project(folder: Path, start: Start, *, as_table: bool = False) -> list[Path]:
    """Make a project folder and return its files; all of it or nothing, and never over one that has files.

    Parameters
    ----------
    folder : Path
        New, or empty.
    start : Start
    as_table : bool
        Write the settings as 参数表.xlsx in place of landeval.toml: never both, so that one of them holds.

    Returns
    -------
    list of Path
        The files, settings first.

    Raises
    ------
    OutputError
        The folder holds something, is a file, or cannot be written.
    """
    place = folder.absolute()
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise OutputError(
            "项目文件夹里已经有文件，不覆盖", where=str(place), remedy="请换一个新的文件夹名", code="E643"
        )
    fresh = place.with_name(f".{place.name}.landeval-init-{os.getpid()}")
    try:
        (fresh / INPUTS).mkdir(parents=True)
        settings = _filled(SETTINGS, start)
        if as_table:
            raw, hints = _with_spare(tomllib.loads(settings))
            write_settings_form(fresh / SETTINGS_TABLE, raw, hints)
        else:
            (fresh / SETTINGS).write_text(settings, encoding="utf-8", newline="\n")
        guide = _filled(GUIDE, start)
        for written, instead in _IN_TABLE if as_table else ():
            guide = guide.replace(written, instead)
        (fresh / GUIDE).write_text(guide, encoding="utf-8-sig", newline="\r\n")
        told_in = Path(SETTINGS_TABLE if as_table else SETTINGS)
        for form in FORMS:
            write_form(fresh / INPUTS / form.file_name, form, told_in)
        write_supply_form(fresh / INPUTS / SUPPLY_FORM, told_in)
        write_targets_form(fresh / INPUTS / TARGETS_FORM, settings=told_in)
        write_land_status_form(fresh / INPUTS / INDEX_FORM, told_in)
        if place.exists():
            place.rmdir()
        fresh.replace(place)
    except OSError as error:
        raise OutputError(
            "项目文件夹不能写入", where=str(place), remedy="请检查上一级文件夹是否存在、是否只读", code="E704"
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    found = sorted(path for path in place.rglob("*") if path.is_file())
    return sorted(found, key=lambda path: (path.name not in (SETTINGS, SETTINGS_TABLE), path.name != GUIDE))


def _with_spare(raw: dict[str, Any]) -> tuple[dict[str, Any], dict[tuple[str, str], str]]:
    """Add a blank section for every form that is used only where wanted; say of each which form it is for."""
    hints = {}
    for table, forms in _WHEN_WANTED.items():
        used = raw.get(table, [])
        several = len(used) + len(forms)
        if used:
            raw[table] = [*used, *({} for _ in forms)]
        for number, (file_name, what) in enumerate(forms, start=len(used) + 1):
            name = section_named(table) + (f" {number}" if several > 1 else "")
            hints[name, "文件"] = f"{what}；用到的写 {INPUTS}/{file_name}"
    return raw, hints


def _filled(name: str, start: Start) -> str:
    text = files(__package__).joinpath("static", name).read_text("utf-8").replace("\r\n", "\n")
    known = {
        "title": json.dumps(start.title, ensure_ascii=False)[1:-1],
        "county": json.dumps(start.county, ensure_ascii=False)[1:-1],
        "code": start.code,
        "bounds": ", ".join(f"{edge:g}" for edge in start.bounds),
        "year": str(start.year),
    }
    for slot, value in known.items():
        text = text.replace(_SLOT.format(slot), value)
    return text
