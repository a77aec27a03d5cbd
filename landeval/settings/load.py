"""``landeval.toml``, 参数表 and command-line options to a frozen Project; unknown keys are refused, never ignored."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landeval.board import SETTINGS, board_settings
from landeval.configuration import known, read_settings
from landeval.errors import ConfigurationError, together
from landeval.map_settings import SETTINGS as MAP_SETTINGS
from landeval.map_settings import map_settings
from landeval.settings_table import FILE_NAME, Cell
from landeval.sources import Source
from landeval.standards.limit_tables import CODE_YEARS, GRADES
from landeval.standards.rules import rulebook

if TYPE_CHECKING:
    pass
from landeval.project import DONGKOU_BOUNDS, REVIEWS, Project
from landeval.settings.mistakes import every_mistake
from landeval.settings.sections import (
    INDEX,
    JUDGE,
    grading_in,
    index_in,
    linking_in,
    overrides_in,
    own_rules_in,
    placing_in,
    switches_in,
    tiers_in,
    writing_in,
)
from landeval.settings.sources import SOURCE, distinct, is_frame, of_source, sources_in
from landeval.settings.values import (
    bounds_in,
    choice_in,
    day_in,
    flag_in,
    near_to,
    region_code_in,
    section_in,
    seven_in,
    text_in,
    year_in,
)

TOP = {
    "title", "year", "as_of", "out", "data_folder", "region", "crs", "money", "judge", "rules", "rules_file",
    "parcels", "contracts", "enterprises", "layout", "buildings", "imagery", "corrections",
    "decisions", "projects", "exemptions", "link", "grading", "index", "supply", "boundary", "supply_tiers",
    "targets", "board", "overlays", "blocks", "hot_spots", "map", "report", "output",
}  # fmt: skip

TABLES = (
    "parcels", "contracts", "enterprises", "layout", "buildings", "imagery", "corrections", "decisions",
    "projects", "exemptions", "index", "supply", "boundary", "targets", "overlays",
)  # fmt: skip
"""In the order in which they are read."""

OPTIONS = {
    *TABLES, "rules", "dossiers", "no_dossiers", "public", "year", "as_of", "out", "title", "data_folder",
}  # fmt: skip

REGION = {"name", "code", "bounds", "land_grade", "industry_code_year"}

CRS = {"accept_ballpark", "towgs84"}

MONEY = {"currency"}

GRADING = {"scheme"}

LINK = {"near_threshold", "pass_share", "explain_share", "memory"}


def load_project(
    path: Path | str | None = None,
    *,
    settings: Mapping[str, Any] | None = None,
    common: Mapping[str, Any] | None = None,
    **options: Any,
) -> Project:
    """Make a project of ``landeval.toml`` or 参数表.xlsx (or its folder), of paths, or of frames; options go before the file.

    Parameters
    ----------
    path : Path or str, optional
        A toml file or a 参数表, or a folder that holds one of them. Without it, settings and options are all there is.
    settings : Mapping, optional
        What a toml would say, as ``tomllib`` would give it; section by section it goes before the file. Paths in it
        are relative to the toml, without one to the working folder.
    common : Mapping, optional
        Settings that hold for every unit of a province, as a toml would have them, paths absolute; a unit that
        says otherwise is refused.
    **options
        ``parcels``, ``contracts``, ``enterprises``, ``layout``, ``buildings``, ``imagery``, ``corrections``, ``decisions``,
        ``projects``, ``exemptions``, ``supply``, ``boundary``, ``targets`` (a path or a list of paths; but for images also
        a DataFrame or GeoDataFrame, called as ``frame.attrs["name"]`` says), ``rules`` (a rule file), ``dossiers`` (parcel codes),
        ``no_dossiers``, ``public``, ``year``,
        ``as_of`` (date or text), ``out``, ``title``, ``data_folder``; None means not given. Paths among
        options are relative to the working folder, those of the toml to ``data_folder`` or the toml's own.

    Returns
    -------
    Project

    Raises
    ------
    ConfigurationError
        Unreadable settings, an unknown key, a value of the wrong kind, a path that does not exist.

    Examples
    --------
    >>> import pandas as pd
    >>> ledger = pd.DataFrame({"宗地代码": ["P1"], "证载面积(亩)": [30.0], "土地用途": ["工业用地"]})
    >>> project = load_project(contracts=ledger, as_of="2024-12-31", settings={"title": "虚构园区"})
    >>> project.title, project.sources[0].name
    ('虚构园区', '供地台账（数据框）')
    """
    known(options, OPTIONS, "load_project")
    given = {key: value for key, value in options.items() if is_frame(value) or value not in (None, (), [])}
    raw, cells, wrong, configured_in = _read(Path(path)) if path is not None else ({}, {}, [], None)
    raw = _on_top(raw, settings or {})

    def made(of: Mapping[str, Any]) -> Project:
        return _project_of(of, configured_in, common or {}, given)

    project = None
    try:
        project = made(raw)
    except ConfigurationError as error:
        doubted = {section for section, _ in wrong}  # what a wrong row left out is no mistake of its own
        found = every_mistake(error, raw, made, cells, configured_in)
        wrong += [one for one in found if one[0] not in doubted or not one[0]]
    if wrong or project is None:
        raise together([error for _, error in wrong], "处设置须改正", str(configured_in or ""))
    return _with_sections(project, cells)


def _with_sections(project: Project, cells: Mapping[Any, Cell]) -> Project:
    """Let each input know what the 参数表 that names it calls its section."""
    named = [
        (key[0], Path(str(cell.value)).parts, cell.section)
        for key, cell in cells.items()
        if key[-1] == "path"
    ]
    if not named:
        return project

    def section_of(source: Source) -> str:
        found = {
            section
            for table, parts, section in named
            if table == source.table and source.path.parts[-len(parts) :] == parts
        }
        return found.pop() if len(found) == 1 else ""

    sources = tuple(dataclasses.replace(source, section=section_of(source)) for source in project.sources)
    return dataclasses.replace(project, sources=sources)


def _on_top(raw: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Put settings over those of a file, section by section; what is no section is taken whole."""
    whole = dict(raw)
    for key, value in settings.items():
        below = whole.get(key)
        both = isinstance(value, Mapping) and isinstance(below, Mapping)
        whole[key] = _on_top(below, value) if both else value  # type: ignore[arg-type]
    return whole


def _project_of(
    raw: Mapping[str, Any],
    configured_in: Path | None,
    common: Mapping[str, Any],
    given: Mapping[str, Any],
) -> Project:
    where = str(configured_in) if configured_in else "settings" if raw else "命令行"
    known(raw, TOP, where)
    raw = _with_common(raw, common, where)
    home = configured_in.parent if configured_in else Path.cwd()
    base = home
    if "data_folder" in given:
        base = Path(given["data_folder"]).resolve()
    elif "data_folder" in raw:
        base = (base / text_in(raw["data_folder"], "data_folder", where)).resolve()

    indexing = section_in(raw, "index", INDEX | SOURCE, where)
    settings = {**raw, "index": [of_source(indexing)] if "path" in indexing else []}
    sources = [source for table in TABLES for source in sources_in(table, settings, given, base, where)]
    linking = linking_in(section_in(raw, "link", LINK, where), configured_in, where)
    if linking.memory and linking.memory.is_file() and linking.memory not in {s.path for s in sources}:
        sources.insert(0, Source("decisions", linking.memory))
    remembered = configured_in.parent / REVIEWS if configured_in else None
    if remembered and remembered.is_file() and remembered not in {s.path for s in sources}:
        sources.insert(0, Source("reviews", remembered))
    region, crs, money = (section_in(raw, key, keys, where) for key, keys in
                          (("region", REGION), ("crs", CRS), ("money", MONEY)))  # fmt: skip
    out = given.get("out", raw.get("out"))
    out_base = Path.cwd() if "out" in given else home
    year = given.get("year", raw.get("year"))
    currency = text_in(money.get("currency", "元"), "money.currency", where)
    own = own_rules_in(raw, given, home, currency, where)
    project = Project(
        title=text_in(given.get("title", raw.get("title", "工业园区")), "title", where),
        year=None if year is None else year_in(year, "--year" if "year" in given else where),
        as_of=day_in(given.get("as_of", raw.get("as_of")), "--as-of" if "as_of" in given else where),
        sources=distinct(sources, where),
        out=None if out is None else (out_base / str(out)).resolve(),
        bounds=bounds_in(region.get("bounds", DONGKOU_BOUNDS), where),
        county_code=region_code_in(region.get("code", "430525"), where),
        county_name=text_in(region.get("name", "洞口县"), "region.name", where),
        currency=currency,
        accept_ballpark=flag_in(crs.get("accept_ballpark", False), "crs.accept_ballpark", where),
        towgs84=seven_in(crs.get("towgs84", ()), where),
        switches=switches_in(section_in(raw, "judge", JUDGE, where), where),
        linking=linking,
        overrides=overrides_in(raw.get("rules", {}), own, where),
        added_rules=own.added,
        limit_tables=own.tables,
        land_grade=choice_in(region, "land_grade", GRADES, where),
        industry_code_year=choice_in(region, "industry_code_year", CODE_YEARS, where),
        supply_tiers=tiers_in(raw, home, where),
        grading=grading_in(section_in(raw, "grading", GRADING, where), home, where),
        index=index_in(indexing, home, where) if "index" in raw else None,
        board=board_settings(section_in(raw, "board", SETTINGS, where), f"{where} [board]"),
        placing=placing_in(raw, where),
        writing=writing_in(raw, given, home, where),
        map_settings=map_settings(section_in(raw, "map", MAP_SETTINGS, where), f"{where} [map]"),
        configured_in=configured_in,
    )
    rulebook(
        project.as_of or dt.date.today(), project.overrides, project.added_rules
    )  # a mistake is told at once
    return project


SETTINGS_FILE = "landeval.toml"
SETTINGS_FILES = (SETTINGS_FILE, FILE_NAME)


def settings_here(folder: Path) -> Path | None:
    """Return the settings file of a folder, a toml or a 参数表; None where there is none.

    Raises
    ------
    ConfigurationError
        Both are there: two sources of truth, of which nobody could say which holds.
    """
    found = [folder / name for name in SETTINGS_FILES if (folder / name).is_file()]
    if len(found) > 1:
        raise ConfigurationError(
            f"{SETTINGS_FILE} 和 {FILE_NAME} 都有，不知道用哪一个",
            where=str(folder.absolute()),
            remedy="请只留一个，另一个改名或移走；或在命令中写明用哪一个文件",
            code="E618",
        )
    return found[0] if found else None


def _read(
    path: Path,
) -> tuple[dict[str, Any], Mapping[Any, Cell], list[tuple[str, ConfigurationError]], Path]:
    file = (settings_here(path) or path / SETTINGS_FILE) if path.is_dir() else path
    if not file.is_file():
        raise ConfigurationError(
            "找不到项目配置文件",
            where=str(file.absolute()),
            remedy=("" if path.exists() else near_to(path))
            + f"请核对路径（{SETTINGS_FILE} 或 {FILE_NAME}），或直接用 --parcels 等选项指定资料",
            code="E605",
        )
    is_table = file.suffix.lower() == ".xlsx" and "参数" in file.name
    if not is_table and file.suffix.lower() in (
        ".csv",
        ".xlsx",
        ".xls",
        ".shp",
        ".gpkg",
        ".geojson",
        ".json",
    ):
        raise ConfigurationError(
            "这是资料文件，不是项目配置",
            where=str(file.absolute()),
            remedy=f"请用 --parcels、--enterprises、--contracts、--layout 指定资料，或写一个 {SETTINGS_FILE}；参数表的文件名里要有“参数”二字",
            code="E605",
        )
    place = file.resolve()
    return *read_settings(place), place


def _with_common(
    raw: Mapping[str, Any], common: Mapping[str, Any], where: str, above: str = ""
) -> dict[str, Any]:
    """Put what holds for all beneath a unit's own settings."""
    whole = dict(raw)
    for key, value in common.items():
        name = f"{above}{key}"
        if key not in raw:
            whole[key] = value
        elif isinstance(value, Mapping) and isinstance(raw[key], Mapping):
            whole[key] = _with_common(raw[key], value, where, f"{name}.")
        elif raw[key] != value:
            raise ConfigurationError(
                f"{name} 与全省共同的设置不同：{raw[key]}，全省是 {value}",
                where=where,
                remedy="请删去单位自己的这一项，或改全省的 [common]",
                code="E661",
            )
    return whole
