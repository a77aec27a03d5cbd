"""What a run is told: a frozen Project, made by ``settings``; ``as_settings`` tells it again for ``run.json``."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landeval.board import BoardSettings
from landeval.errors import ConfigurationError
from landeval.map_settings import MapSettings, as_told
from landeval.sources import Source
from landeval.spots import SpotSettings
from landeval.standards.grading import Scheme
from landeval.standards.intensive_use import IndexScheme
from landeval.standards.limit_tables import Table
from landeval.standards.supply_tiers import Tiers, shipped_tiers
from landeval.units import factor
from landeval.vocabulary.fields import fields
from landeval.writing import Writing

if TYPE_CHECKING:
    pass


DONGKOU_BOUNDS = (110.0, 26.75, 111.0, 27.45)
"""Lon/lat box around 洞口县, with a margin; another county gives its own in ``[region]``."""

MOST_GAP_M = 50.0
"""A gap wider than this is a street or a field, not a slip of surveying."""

MEMORY = "匹配决定.csv"
"""Beside ``landeval.toml``: what was decided in earlier reviews."""

REVIEWS = "审核记录.csv"
"""Beside ``landeval.toml``: what the offices wrote into earlier lists."""


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
                    f"不认识的单位 {unit}",
                    where=f"{source.name}：参数表该节的“列的单位：{fields()[name].label}”（landeval.toml [{source.table}] units.{name}）",
                    remedy="面积可用 ㎡、亩、公顷、平方英尺；金额可用 元、万元、亿元（按设置的币种）", code="E609",
                )  # fmt: skip


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
        "judge": {
            name: getattr(switches, name)
            for name in sorted(item.name for item in dataclasses.fields(Switches))
        },
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
