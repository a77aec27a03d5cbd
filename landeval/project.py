"""``landeval.toml`` and command-line options to a frozen Project; unknown keys are refused, never ignored."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import difflib
import math
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landeval.board import SETTINGS, BoardSettings, board_settings
from landeval.configuration import known, read_settings, wrong_value
from landeval.errors import ConfigurationError
from landeval.imagery import BANDS, KINDS
from landeval.map_settings import SETTINGS as MAP_SETTINGS
from landeval.map_settings import MapSettings, as_told, map_settings
from landeval.settings_table import FILE_NAME, Cell
from landeval.sources import FRAMES, Source, named_apart
from landeval.spots import SPOT_SETTINGS, SpotSettings, spot_settings
from landeval.standards.grading import Scheme, own_scheme, scheme_ids, shipped_scheme
from landeval.standards.index_checks import IndexFault
from landeval.standards.index_indicators import TYPES
from landeval.standards.intensive_use import SHIPPED, IndexScheme, changed, own_index, shipped_index
from landeval.standards.land_use_codes import NO_SYSTEM, system_names
from landeval.standards.limit_tables import CODE_YEARS, GRADES, Table
from landeval.standards.overlays import EFFECTS
from landeval.standards.own import OwnRules, read_own_rules
from landeval.standards.supply_tiers import Tiers, own_tiers, shipped_tiers
from landeval.units import factor
from landeval.vocabulary.fields import fields, fields_of
from landeval.writing import Writing

if TYPE_CHECKING:
    import pandas as pd

DONGKOU_BOUNDS = (110.0, 26.75, 111.0, 27.45)
"""Lon/lat box around 洞口县, with a margin; another county gives its own in ``[region]``."""

_TOP = {
    "title", "year", "as_of", "out", "data_folder", "region", "crs", "money", "judge", "rules", "rules_file",
    "parcels", "contracts", "enterprises", "layout", "buildings", "imagery", "corrections",
    "decisions", "projects", "exemptions", "link", "grading", "index", "supply", "boundary", "supply_tiers",
    "targets", "board", "overlays", "blocks", "hot_spots", "map", "report", "output",
}  # fmt: skip
_SOURCE = {"path", "layer", "encoding", "crs", "columns", "units", "constants", "where", "level", "swap_axes"}
_IMAGE = {"path", "crs", "nodata", "bands", "date", "kind", "scale", "offset"}
_LAYOUT = {*_SOURCE, "split"}
_OVERLAY = {"name", "effect", "width_m", "path", "layer", "encoding", "crs", "columns", "where", "swap_axes"}
_BLOCKS = {"gap_m", "min_mu"}
_KEYS_OF = {"imagery": _IMAGE, "layout": _LAYOUT, "overlays": _OVERLAY}
_REGION = {"name", "code", "bounds", "land_grade", "industry_code_year"}
_REPORT = {"template"}
_OUTPUT = {"dossiers", "public"}
_CRS = {"accept_ballpark", "towgs84"}
_MONEY = {"currency"}
_GRADING = {"scheme"}
_INDEX = {"scheme", "type", "growth_zones", "change"}
"""Beside the keys of a source: 指数数据表 is named in the same section."""
_LINK = {"near_threshold", "pass_share", "explain_share", "memory"}
MOST_GAP_M = 50.0
"""A gap wider than this is a street or a field, not a slip of surveying."""
MEMORY = "匹配决定.csv"
"""Beside ``landeval.toml``: what was decided in earlier reviews."""
REVIEWS = "审核记录.csv"
"""Beside ``landeval.toml``: what the offices wrote into earlier lists."""
_JUDGE = {
    "idle",
    "low_use",
    "anniversary_counts",
    "suspended_logic",
    "operating_implies_started",
    "industrial_words",
    "land_use_codes",
}
_UNREADABLE = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]+:|/vsi|\\\\\?\\)")


@dataclass(frozen=True)
class Switches:
    """How to judge where the law leaves a choice.

    Attributes
    ----------
    idle, low_use : bool
        Whether these parts are judged at all.
    anniversary_counts : bool
        Count the anniversary itself as 满一年; by default the day after (民法典 201–203).
    suspended_logic : str
        ``any`` (literal text of Order 53 Art. 2) or ``all``.
    operating_implies_started : bool
        Where no date is known at all, take output or tax of the year as a sign that the land is developed.
    industrial_words : tuple of str
        A land use containing one of these is industrial land. Codes (0601, 1001) mean different things in
        different systems: they are understood only where the project names one here, or where all codes of
        a layer can be of one system only.
    land_use_codes : str
        The system of land-use codes, where the project says so; 不识别 to understand none.
    """

    idle: bool = True
    low_use: bool = True
    anniversary_counts: bool = False
    suspended_logic: str = "any"
    operating_implies_started: bool = True
    industrial_words: tuple[str, ...] = ("工业", "工矿")
    land_use_codes: str = ""


@dataclass(frozen=True)
class Linking:
    """How enterprises are tied to land, and how much of it must be.

    Attributes
    ----------
    near_threshold : float or None
        Score from which a near name is taken without review; None: never.
    pass_share, explain_share : float
        Tied shares (of parcels, land, enterprises, money) from which coverage passes, or passes if explained.
    memory : Path or None
        Where decisions are remembered; None where there is no project folder.
    """

    near_threshold: float | None = None
    pass_share: float = 0.9
    explain_share: float = 0.6
    memory: Path | None = None


@dataclass(frozen=True)
class Indexing:
    """How 土地集约利用 is scored: the scheme, the type where the project says it, the zones of 发展方向区."""

    scheme: IndexScheme
    zone_type: str = ""
    growth_zones: tuple[str, ...] = ()


@dataclass(frozen=True)
class Placing:
    """How land is put into zones and joined into blocks.

    Attributes
    ----------
    split : bool
        Split a parcel over several zones by area; by default it is whole in the zone of largest overlap.
    gap_m : float
        Candidate parcels so far apart [m] still are one block (连片). A proposal: slips of surveying, no lane.
    min_mu : float
        A block from so much land on [亩] is listed and drawn. A proposal.
    spots : SpotSettings or None
        How hot and cold spots of per-mu tax are found; None: they are not asked for.
    """

    split: bool = False
    gap_m: float = 1.0
    min_mu: float = 30.0
    spots: SpotSettings | None = None


@dataclass(frozen=True)
class Project:
    """Everything a run needs to know; frozen, so that a run can be replayed.

    Attributes
    ----------
    title : str
        Name of the park, on every output.
    year : int or None
        Data year of money; None takes the newest year of the table, and says so.
    as_of : date or None
        Day of judgement; None takes 31 December of the data year, and says so.
    sources : tuple of Source
        Inputs, in the order given.
    out : Path or None
        Output folder.
    bounds : tuple of float
        Lon/lat box (west, south, east, north) that the land must lie in.
    county_code, county_name : str
        六位行政区代码 and name, for checks of parcel codes and for texts.
    currency : str
        元, or another currency for data from elsewhere.
    accept_ballpark : bool
        Accept a shift of tens of metres from an old datum.
    towgs84 : tuple of float
        Seven parameters (Bursa–Wolf) from the layers' old datum to CGCS2000, if known.
    switches : Switches
    linking : Linking
    overrides : Mapping
        Rule id → changes with a reason, of ``landeval.toml`` and of the rule file.
    added_rules : Mapping
        Rule id → the versions of a rule that the bureau's rule file adds, as written.
    limit_tables : tuple of Table
        The bureau's own control indices by industry.
    land_grade : int or None
        土地等别 of the county, 1 to 15; never guessed.
    industry_code_year : int or None
        Issue of GB/T 4754 of the industry codes; None: that of the enterprise table, else the one of the data year.
    grading : Scheme or None
        Scheme of 企业综合评价; None: enterprises are not graded.
    index : Indexing or None
        How the intensive-use index is made; None: it is not.
    supply_tiers : Tiers
        The table of 土地分层供应: the shipped proposal, or the bureau's own.
    board : BoardSettings
        Base year, own industry groups and shares of land to compare with, for the targets board.
    placing : Placing
    writing : Writing
        Dossiers, template of the disposal plan, public edition.
    map_settings : MapSettings
        What lies under the parcels on the map.
    configured_in : Path or None
        The ``landeval.toml`` that was read.
    """

    title: str = "工业园区"
    year: int | None = None
    as_of: dt.date | None = None
    sources: tuple[Source, ...] = ()
    out: Path | None = None
    bounds: tuple[float, float, float, float] = DONGKOU_BOUNDS
    county_code: str = "430525"
    county_name: str = "洞口县"
    currency: str = "元"
    accept_ballpark: bool = False
    towgs84: tuple[float, ...] = ()
    switches: Switches = field(default_factory=Switches)
    linking: Linking = field(default_factory=Linking)
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    added_rules: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    limit_tables: tuple[Table, ...] = ()
    land_grade: int | None = None
    industry_code_year: int | None = None
    grading: Scheme | None = None
    index: Indexing | None = None
    supply_tiers: Tiers = field(default_factory=shipped_tiers)
    board: BoardSettings = field(default_factory=BoardSettings)
    placing: Placing = field(default_factory=Placing)
    writing: Writing = field(default_factory=Writing)
    map_settings: MapSettings = field(default_factory=MapSettings)
    configured_in: Path | None = None

    @property
    def review_memory(self) -> Path | None:
        """Where the offices' notes are remembered; None where there is no project folder."""
        return self.configured_in.parent / REVIEWS if self.configured_in else None

    def sources_of(self, table: str) -> tuple[Source, ...]:
        """Return the sources of one table, in the order given."""
        return tuple(source for source in self.sources if source.table == table)

    def dated(self) -> Project:
        """Return the project with a day: its own, else the last of its year, as in an evaluation; today without either."""
        if self.as_of is not None:
            return self
        day = dt.date.today() if self.year is None else dt.date(self.year, 12, 31)
        return dataclasses.replace(self, as_of=day)


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
    given = {key: value for key, value in options.items() if is_frame(value) or value not in (None, (), [])}
    raw, cells, configured_in = _read(Path(path)) if path is not None else ({}, {}, None)
    raw = _on_top(raw, settings or {})
    try:
        return _project_of(raw, configured_in, common or {}, given)
    except ConfigurationError as error:
        if not cells:
            raise
        raise _located(error, raw, cells, configured_in, common or {}, given) from None


def _on_top(raw: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Put settings over those of a file, section by section; what is no section is taken whole."""
    whole = dict(raw)
    for key, value in settings.items():
        below = whole.get(key)
        both = isinstance(value, Mapping) and isinstance(below, Mapping)
        whole[key] = _on_top(below, value) if both else value  # type: ignore[arg-type]
    return whole


def _located(
    error: ConfigurationError,
    raw: Mapping[str, Any],
    cells: Mapping[Any, Cell],
    configured_in: Path | None,
    common: Mapping[str, Any],
    given: Mapping[str, Any],
) -> ConfigurationError:
    """Say which row of a 参数表 an error comes from: the one without which it would not be."""
    suspects = []
    for key, cell in cells.items():
        less = copy.deepcopy(dict(raw))
        place: Any = less
        for part in key[:-1]:
            place = place[part]
        if key[-1] not in place:
            continue
        del place[key[-1]]
        try:
            _project_of(less, configured_in, common, given)
            then = ""
        except ConfigurationError as other:
            if str(other) == str(error):
                continue
            then = other.code
        suspects.append((then == "E608", str(cell.value) not in str(error), cell.row, cell))
    if not suspects:
        return error
    cell = min(suspects, key=lambda suspect: suspect[:3])[3]
    remedy = f"应为：{cell.wanted}；{error.remedy}" if error.code == "E611" else error.remedy
    return ConfigurationError(error.what, where=cell.where(configured_in), remedy=remedy, code=error.code)


def _project_of(
    raw: Mapping[str, Any],
    configured_in: Path | None,
    common: Mapping[str, Any],
    given: Mapping[str, Any],
) -> Project:
    where = str(configured_in) if configured_in else "settings" if raw else "命令行"
    known(raw, _TOP, where)
    raw = _with_common(raw, common, where)
    home = configured_in.parent if configured_in else Path.cwd()
    base = home
    if "data_folder" in given:
        base = Path(given["data_folder"]).resolve()
    elif "data_folder" in raw:
        base = (base / _text(raw["data_folder"], "data_folder", where)).resolve()

    indexing = _section(raw, "index", _INDEX | _SOURCE, where)
    settings = {**raw, "index": [_of_source(indexing)] if "path" in indexing else []}
    sources = [source for table in (
                   "parcels", "contracts", "enterprises", "layout", "buildings", "imagery", "corrections", "decisions",
                   "projects", "exemptions", "index", "supply", "boundary", "targets", "overlays")
               for source in _sources(table, settings, given, base, where)]  # fmt: skip
    linking = _linking(_section(raw, "link", _LINK, where), configured_in, where)
    if linking.memory and linking.memory.is_file() and linking.memory not in {s.path for s in sources}:
        sources.insert(0, Source("decisions", linking.memory))
    remembered = configured_in.parent / REVIEWS if configured_in else None
    if remembered and remembered.is_file() and remembered not in {s.path for s in sources}:
        sources.insert(0, Source("reviews", remembered))
    region, crs, money = (_section(raw, key, keys, where) for key, keys in
                          (("region", _REGION), ("crs", _CRS), ("money", _MONEY)))  # fmt: skip
    out = given.get("out", raw.get("out"))
    out_base = Path.cwd() if "out" in given else home
    year = given.get("year", raw.get("year"))
    currency = _text(money.get("currency", "元"), "money.currency", where)
    own = _own_rules(raw, given, home, currency, where)
    return Project(
        title=_text(given.get("title", raw.get("title", "工业园区")), "title", where),
        year=None if year is None else _year(year, where),
        as_of=_date(given.get("as_of", raw.get("as_of")), where),
        sources=_distinct(sources, where),
        out=None if out is None else (out_base / str(out)).resolve(),
        bounds=_bounds(region.get("bounds", DONGKOU_BOUNDS), where),
        county_code=_text(region.get("code", "430525"), "region.code", where),
        county_name=_text(region.get("name", "洞口县"), "region.name", where),
        currency=currency,
        accept_ballpark=_flag(crs.get("accept_ballpark", False), "crs.accept_ballpark", where),
        towgs84=_seven(crs.get("towgs84", ()), where),
        switches=_switches(_section(raw, "judge", _JUDGE, where), where),
        linking=linking,
        overrides=_overrides(raw.get("rules", {}), own, where),
        added_rules=own.added,
        limit_tables=own.tables,
        land_grade=_choice(region, "land_grade", GRADES, where),
        industry_code_year=_choice(region, "industry_code_year", CODE_YEARS, where),
        supply_tiers=_tiers(raw, home, where),
        grading=_grading(_section(raw, "grading", _GRADING, where), home, where),
        index=_index(indexing, home, where) if "index" in raw else None,
        board=board_settings(_section(raw, "board", SETTINGS, where), f"{where} [board]"),
        placing=_placing(raw, where),
        writing=_writing(raw, given, home, where),
        map_settings=map_settings(_section(raw, "map", MAP_SETTINGS, where), f"{where} [map]"),
        configured_in=configured_in,
    )


SETTINGS_FILE = "landeval.toml"


def settings_here(folder: Path) -> Path | None:
    """Return the settings file of a folder, a toml or a 参数表; None where there is none.

    Raises
    ------
    ConfigurationError
        Both are there: two sources of truth, of which nobody could say which holds.
    """
    found = [folder / name for name in (SETTINGS_FILE, FILE_NAME) if (folder / name).is_file()]
    if len(found) > 1:
        raise ConfigurationError(
            f"{SETTINGS_FILE} 和 {FILE_NAME} 都有，不知道用哪一个",
            where=str(folder.absolute()),
            remedy="请只留一个，另一个改名或移走；或在命令中写明用哪一个文件",
            code="E618",
        )
    return found[0] if found else None


def _read(path: Path) -> tuple[dict[str, Any], Mapping[Any, Cell], Path]:
    file = (settings_here(path) or path / SETTINGS_FILE) if path.is_dir() else path
    if not file.is_file():
        raise ConfigurationError(
            "找不到项目配置文件",
            where=str(file.absolute()),
            remedy=f"请核对路径（{SETTINGS_FILE} 或 {FILE_NAME}），或直接用 --parcels 等选项指定资料",
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
    raw, cells = read_settings(file)
    return raw, cells, file.resolve()


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


def _section(raw: Mapping[str, Any], name: str, keys: set[str], where: str) -> Mapping[str, Any]:
    section = raw.get(name, {})
    if not isinstance(section, Mapping):
        raise wrong_value(name, section, "一节（写作 [" + name + "]）", where)
    known(section, keys, f"{where} [{name}]")
    return section


def _sources(
    table: str, raw: Mapping[str, Any], given: Mapping[str, Any], base: Path, where: str
) -> list[Source]:
    entries = raw.get(table, [])
    entries = [entries] if isinstance(entries, Mapping) else entries
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise wrong_value(table, entries, f"一节 [{table}] 或多节 [[{table}]]", where)
    if table in given:
        inputs = given[table] if isinstance(given[table], list | tuple) else [given[table]]
        settings = entries if len(entries) == len(inputs) else [{}] * len(inputs)
        return [_framed(table, entry, one, number if len(inputs) > 1 else 0, where) if is_frame(one)
                else _source(table, {**entry, "path": str(one)}, Path.cwd(), where)
                for number, (entry, one) in enumerate(zip(settings, inputs, strict=True), start=1)]  # fmt: skip
    return [_source(table, entry, base, where) for entry in entries]


def is_frame(value: Any) -> bool:
    """Tell whether an option is a table in memory, without loading pandas for one that is not."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, pandas.DataFrame)


def _framed(table: str, entry: Mapping[str, Any], frame: pd.DataFrame, number: int, where: str) -> Source:
    """Make the source of a frame, named by its ``attrs`` or by its table."""
    if table not in FRAMES:
        raise wrong_value(table, "DataFrame", "文件路径", where)
    name = str(frame.attrs.get("name") or f"{FRAMES[table]}（数据框{f' {number}' if number else ''}）")
    given = _read_as(table, {key: value for key, value in entry.items() if key != "path"}, Path(name), where)
    return replace(given, frame=frame)


def _source(table: str, entry: Mapping[str, Any], base: Path, where: str) -> Source:
    spot = f"{where} [{table}]"
    if "path" not in entry:
        known(entry, _KEYS_OF.get(table, _SOURCE), spot)
        raise ConfigurationError(
            "没有写明文件路径 path", where=spot, remedy='请增加 path = "文件名"', code="E608"
        )
    return _read_as(table, entry, _path(_text(entry["path"], "path", spot), base, spot), where)


def _read_as(table: str, entry: Mapping[str, Any], path: Path, where: str) -> Source:
    """Return the source of a path, read as its section says."""
    spot = f"{where} [{table}]"
    known(entry, _KEYS_OF.get(table, _SOURCE), spot)
    names = {item.name for item in fields_of(table)}
    for key in ("columns", "units", "constants"):
        section = entry.get(key, {})
        if not isinstance(section, Mapping):
            raise wrong_value(key, section, "一节", spot)
        known(section, names, f"{spot} {key}")
    if not isinstance(entry.get("where", {}), Mapping):
        raise wrong_value("where", entry["where"], '一节，如 where = { "土地用途" = ["工业用地"] }', spot)
    return Source(
        table=table,
        path=path,
        layer=_text(entry.get("layer", ""), "layer", spot),
        encoding=_text(entry.get("encoding", ""), "encoding", spot),
        crs=_text(entry.get("crs", ""), "crs", spot),
        columns={key: _text(value, key, spot) for key, value in entry.get("columns", {}).items()},
        units={key: _text(value, key, spot) for key, value in entry.get("units", {}).items()},
        constants=dict(entry.get("constants", {})),
        where={key: tuple(map(str, value if isinstance(value, list) else [value]))
               for key, value in entry.get("where", {}).items()},
        level=_text(entry.get("level", ""), "level", spot),
        nodata=_number(entry.get("nodata"), "nodata", spot),
        bands=_bands(entry.get("bands", {}), spot),
        taken_on=_date(entry.get("date"), spot, "date"),
        kind=_kind(entry.get("kind", ""), spot),
        scale=_number(entry.get("scale"), "scale", spot),
        offset=_number(entry.get("offset"), "offset", spot),
        swap_axes=_flag(entry.get("swap_axes", False), "swap_axes", spot),
        **(_laid_over(entry, spot) if table == "overlays" else {}),
    )  # fmt: skip


def _laid_over(entry: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Read what a layer laid over the parcels is: its effect is never guessed from its name."""
    effect = entry.get("effect")
    if effect not in EFFECTS:
        raise wrong_value("effect", effect, "、".join(f'"{name}"' for name in EFFECTS) + " 之一", where)
    name = _text(entry.get("name", effect), "name", where)
    return {"overlay": name, "effect": effect, "width_m": _least(entry.get("width_m", 0.0), "width_m", where)}


def _placing(raw: Mapping[str, Any], where: str) -> Placing:
    entries = raw.get("layout", [])
    entries = entries if isinstance(entries, list) else [entries]
    told = {_flag(entry["split"], "layout.split", where) for entry in entries if "split" in entry}
    if len(told) > 1:
        raise wrong_value("layout.split", [True, False], "各处 [[layout]] 相同的 true 或 false", where)
    section = _section(raw, "blocks", _BLOCKS, where)
    usual = Placing()
    found = {key: _least(section.get(key, getattr(usual, key)), f"blocks.{key}", where) for key in _BLOCKS}
    if found["gap_m"] > MOST_GAP_M:
        raise wrong_value("blocks.gap_m", found["gap_m"], f"不大于 {MOST_GAP_M:g} 的数（米）", where)
    spots = None
    if "hot_spots" in raw:
        spots = spot_settings(_section(raw, "hot_spots", SPOT_SETTINGS, where), f"{where} [hot_spots]")
    return Placing(split=True in told, spots=spots, **found)


def _least(value: Any, key: str, where: str) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or value < 0:
        raise wrong_value(key, value, "不小于 0 的数", where)
    return float(value)


def _number(value: Any, key: str, where: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or (key == "scale" and not value > 0):
        raise wrong_value(
            key, value, "一个数，如 0" if key != "scale" else "一个大于 0 的数，如 0.0001", where
        )
    return float(value)


def _kind(value: Any, where: str) -> str:
    if value not in ("", *KINDS):
        raise wrong_value("kind", value, "、".join(f'"{kind}"' for kind in KINDS) + " 之一", where)
    return str(value)


def _bands(value: Any, where: str) -> dict[str, int]:
    is_fit = isinstance(value, Mapping) and all(
        isinstance(number, int) and not isinstance(number, bool) and number > 0 for number in value.values()
    )
    if not is_fit:
        raise wrong_value("bands", value, "波段名和序号，如 bands = { red = 3, nir = 4 }", where)
    if unknown := set(value) - set(BANDS):
        names = "、".join(f"{name}（{said}）" for name, said in BANDS.items())
        raise wrong_value("bands", "、".join(sorted(unknown)), f"下列名称：{names}", where)
    return dict(value)


def _linking(section: Mapping[str, Any], configured_in: Path | None, where: str) -> Linking:
    """Read ``[link]``; the memory of decisions stands beside the toml unless it says otherwise."""
    spot = f"{where} [link]"
    usual = Linking()
    near = section.get("near_threshold")
    given = Linking(
        near_threshold=None if near is None else _part(near, "link.near_threshold", spot),
        pass_share=_part(section.get("pass_share", usual.pass_share), "link.pass_share", spot),
        explain_share=_part(section.get("explain_share", usual.explain_share), "link.explain_share", spot),
    )
    if given.explain_share > given.pass_share:
        raise wrong_value("link.explain_share", given.explain_share, "不大于 pass_share 的数", spot)
    name = _text(section.get("memory", MEMORY), "link.memory", spot)
    return replace(given, memory=(configured_in.parent / name).resolve() if configured_in else None)


def _part(value: Any, key: str, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise wrong_value(key, value, "0 到 1 之间的数，如 0.9", where)
    return float(value)


def _distinct(sources: list[Source], where: str) -> tuple[Source, ...]:
    """Refuse the same file and layer given twice: every record of it would count double."""
    seen: set[tuple[Path, str]] = set()
    for source in sources:
        if (source.path, source.layer) in seen:
            raise ConfigurationError(
                "同一个文件给了两次",
                where=f"{source.path}（{where}）",
                remedy="请删去一处，或用 layer 指定不同的工作表",
                code="E617",
            )
        seen.add((source.path, source.layer))
    return named_apart(sources)


def check_units(project: Project) -> None:
    """Refuse a unit in ``landeval.toml`` that is none, before anything is read.

    Raises
    ------
    ConfigurationError
    """
    for source in project.sources:
        for name, unit in source.units.items():
            kind = fields()[name].kind
            if factor(unit, kind, project.currency) is None:
                raise ConfigurationError(
                    f"不认识的单位 {unit}", where=f"landeval.toml [{source.table}] units.{name}",
                    remedy="面积可用 ㎡、亩、公顷、平方英尺；金额可用 元、万元、亿元（按 money.currency 的币种）", code="E609",
                )  # fmt: skip


def _path(text: str, base: Path, where: str) -> Path:
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
            "找不到文件", where=f"{path}（{where}）", remedy="请核对路径和文件名", code="E605"
        )
    return path


def _text(value: Any, key: str, where: str) -> str:
    if not isinstance(value, str | Path):
        raise wrong_value(key, value, "带引号的文字", where)
    return str(value)


def _flag(value: Any, key: str, where: str) -> bool:
    if not isinstance(value, bool):
        raise wrong_value(key, value, " true 或 false", where)
    return value


def _year(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1990 <= value <= 2100:
        raise wrong_value("year", value, "四位年份，如 2024", where)
    return value


def _date(value: Any, where: str, key: str = "as_of") -> dt.date | None:
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise wrong_value(key, value, "日期，如 2024-12-31", where) from None


def _bounds(value: Any, where: str) -> tuple[float, float, float, float]:
    numbers = isinstance(value, list | tuple) and all(
        isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v) for v in value
    )
    if not numbers or len(value) != 4 or not (value[0] < value[2] and value[1] < value[3]):
        raise wrong_value("region.bounds", value, "[西, 南, 东, 北] 四个经纬度", where)
    return float(value[0]), float(value[1]), float(value[2]), float(value[3])


def _seven(value: Any, where: str) -> tuple[float, ...]:
    numbers = isinstance(value, list | tuple) and all(
        isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v) for v in value
    )
    if not numbers or len(value) not in (0, 3, 7):
        raise wrong_value("crs.towgs84", value, "三个或七个数", where)
    return tuple(float(number) for number in value)


def _switches(section: Mapping[str, Any], where: str) -> Switches:
    values: dict[str, Any] = {}
    for key, value in section.items():
        if key == "suspended_logic":
            if value not in ("any", "all"):
                raise wrong_value("judge.suspended_logic", value, '"any" 或 "all"', where)
            values[key] = value
        elif key == "industrial_words":
            if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
                raise wrong_value("judge.industrial_words", value, '文字列表，如 ["工业", "仓储"]', where)
            values[key] = tuple(value)
        elif key == "land_use_codes":
            names = (*system_names(), NO_SYSTEM)
            if value not in names:
                raise wrong_value(
                    "judge.land_use_codes", value, "、".join(f'"{name}"' for name in names) + " 之一", where
                )
            values[key] = value
        else:
            values[key] = _flag(value, f"judge.{key}", where)
    return Switches(**values)


def _overrides(section: Any, own: OwnRules, where: str) -> Mapping[str, Mapping[str, Any]]:
    """Put the changes of ``landeval.toml`` and of the rule file together; the same rule in both is refused."""
    if not isinstance(section, Mapping) or not all(isinstance(body, Mapping) for body in section.values()):
        raise wrong_value("rules", section, '若干节，如 [rules."dongkou.tax"]', where)
    for rule_id, changes in own.overrides.items():
        if rule_id in section:
            raise ConfigurationError(
                f"规则 {rule_id} 有两处改动",
                where=f"{where} [rules] 和 {changes['file']}",
                remedy="请只留一处",
                code="E624",
            )
    if any("file" in body for body in section.values()):
        raise wrong_value("rules", "file", "规则的改动；file 由程序填写", where)
    return {key: dict(body) for key, body in (*section.items(), *own.overrides.items())}


def _own_rules(
    raw: Mapping[str, Any],
    given: Mapping[str, Any],
    home: Path,
    currency: str,
    where: str,
) -> OwnRules:
    """Read the bureau's rule file: the option's, relative to the working folder, else that of the toml beside it."""
    if "rules" in given:
        return read_own_rules(_path(str(given["rules"]), Path.cwd(), "--rules"), currency)
    if "rules_file" not in raw:
        return OwnRules()
    text = _text(raw["rules_file"], "rules_file", where)
    return read_own_rules(_path(text, home, f"{where} rules_file"), currency)


def _grading(section: Mapping[str, Any], home: Path, where: str) -> Scheme | None:
    """Return the scheme that is named: a shipped one, or a file of the bureau beside the toml."""
    if "scheme" not in section:
        return None
    name = _text(section["scheme"], "grading.scheme", where)
    if name in scheme_ids():
        return shipped_scheme(name)
    if name.lower().endswith(".toml"):
        return own_scheme(_path(name, home, f"{where} [grading]"))
    near = difflib.get_close_matches(name, scheme_ids(), n=1, cutoff=0.0)
    raise ConfigurationError(
        f"没有企业综合评价方案 {name}", where=f"{where} [grading]",
        remedy=f"是不是 {near[0]}？可用：{'、'.join(scheme_ids())}，或本单位的方案文件（.toml）", code="E480",
    )  # fmt: skip


def _of_source(section: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in section.items() if key in _SOURCE}


def _index(section: Mapping[str, Any], home: Path, where: str) -> Indexing:
    """Return the scheme that is named, a file of the bureau beside the toml or the shipped one, as changed."""
    spot = f"{where} [index]"
    name = _text(section.get("scheme", SHIPPED), "index.scheme", spot)
    if name == SHIPPED:
        scheme = shipped_index()
    elif name.lower().endswith(".toml"):
        scheme = own_index(_path(name, home, spot))
    else:
        raise wrong_value("index.scheme", name, f' "{SHIPPED}" 或本单位的方案文件（.toml）', spot)
    zone_type = _text(section.get("type", ""), "index.type", spot)
    if zone_type not in ("", *TYPES):
        raise wrong_value("index.type", zone_type, "、".join(f'"{one}"' for one in TYPES) + " 之一", spot)
    zones, changes = section.get("growth_zones", []), section.get("change", [])
    if not isinstance(zones, list) or not all(isinstance(zone, str) and zone for zone in zones):
        raise wrong_value("index.growth_zones", zones, '分区编号或名称的列表，如 ["J07"]', spot)
    if not isinstance(changes, list) or not all(isinstance(change, Mapping) for change in changes):
        raise wrong_value("index.change", changes, "若干节 [[index.change]]", spot)
    try:
        return Indexing(changed(scheme, changes), zone_type, tuple(zones))
    except IndexFault as fault:
        raise fault.refusal(spot) from None


def _writing(raw: Mapping[str, Any], given: Mapping[str, Any], home: Path, where: str) -> Writing:
    """Read what is written beside the rest; options of the command line go before the toml."""
    report, output = _section(raw, "report", _REPORT, where), _section(raw, "output", _OUTPUT, where)
    template = None
    if "template" in report:
        template = _path(_text(report["template"], "report.template", where), home, f"{where} [report]")
    has_dossiers = _flag(output.get("dossiers", True), "output.dossiers", where) or "dossiers" in given
    is_public = _flag(output.get("public", False), "output.public", where)
    return Writing(
        has_dossiers=has_dossiers and not given.get("no_dossiers"),
        dossiers_of=tuple(given.get("dossiers", ())),
        template=template,
        is_public=is_public or bool(given.get("public")),
    )


def _tiers(raw: Mapping[str, Any], home: Path, where: str) -> Tiers:
    """Return the bureau's table of tiers, a file beside the toml, or the shipped one."""
    if "supply_tiers" not in raw:
        return shipped_tiers()
    name = _text(raw["supply_tiers"], "supply_tiers", where)
    return own_tiers(_path(name, home, f"{where} supply_tiers"))


def _choice(section: Mapping[str, Any], key: str, allowed: Sequence[int], where: str) -> int | None:
    value = section.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value not in allowed:
        raise wrong_value(f"region.{key}", value, f" {'、'.join(map(str, allowed))} 之一", where)
    return value


def as_settings(project: Project) -> dict[str, Any]:
    """Return the settings as used, for ``run.json``: no absolute path, so that the same run gives the same bytes."""
    switches = project.switches
    return {
        "title": project.title,
        "year": project.year,
        "as_of": project.as_of.isoformat() if project.as_of else None,
        "region": {
            "name": project.county_name,
            "code": project.county_code,
            "bounds": list(project.bounds),
            "land_grade": project.land_grade,
            "industry_code_year": project.industry_code_year,
        },
        "crs": {"accept_ballpark": project.accept_ballpark, "towgs84": list(project.towgs84)},
        "currency": project.currency,
        "link": {
            name: getattr(project.linking, name) for name in ("near_threshold", "pass_share", "explain_share")
        },
        "judge": {name: getattr(switches, name) for name in sorted(_JUDGE)},
        "rules": {
            key: {k: v if type(v) in (int, float, bool) else str(v) for k, v in body.items()}
            for key, body in sorted(project.overrides.items())
        },
        "added_rules": {
            key: [
                {k: v if type(v) in (int, float, bool) else str(v) for k, v in body.items()}
                for body in bodies
            ]
            for key, bodies in sorted(project.added_rules.items())
        },
        "limit_tables": [
            {
                "index": table.index,
                "document": table.document,
                "from": table.valid_from.isoformat(),
                "rows": len(table.rows),
            }
            for table in project.limit_tables
        ],
        "supply_tiers": dataclasses.asdict(project.supply_tiers),
        "grading": None if project.grading is None else dataclasses.asdict(project.grading),
        "index": None if project.index is None else _index_settings(project.index),
        "board": dataclasses.asdict(project.board),
        "placing": dataclasses.asdict(project.placing),
        "output": {
            "dossiers": project.writing.has_dossiers,
            "dossiers_of": list(project.writing.dossiers_of),
            "template": project.writing.template.name if project.writing.template else "",
            "public": project.writing.is_public,
        },
        "map": as_told(project.map_settings),
        "sources": [
            {
                "table": source.table,
                "file": source.name,
                "layer": source.layer,
                "crs": source.crs,
                "swap_axes": source.swap_axes,
                "nodata": source.nodata,
                "bands": dict(source.bands),
                "date": source.taken_on.isoformat() if source.taken_on else None,
                "kind": source.kind,
                "scale": source.scale,
                "offset": source.offset,
                "encoding": source.encoding,
                "columns": dict(source.columns),
                "units": dict(source.units),
                "constants": {key: str(value) for key, value in source.constants.items()},
                "where": {key: list(value) for key, value in source.where.items()},
                **(
                    {"overlay": source.overlay, "effect": source.effect, "width_m": source.width_m}
                    if source.effect
                    else {}
                ),
            }
            for source in project.sources
        ],
    }


def _index_settings(index: Indexing) -> dict[str, Any]:
    """Return the scheme as used: its trees by name, for JSON has no keys of two parts."""
    plain = dataclasses.asdict(index)
    trees = {"".join(key): nodes for key, nodes in plain["scheme"].pop("trees").items()}
    return plain | {"scheme": plain["scheme"] | {"trees": trees}}
