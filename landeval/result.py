"""The frozen outcome of a run: plain frames, handed from ``run`` to ``publish`` and to whoever asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from landeval.basis import Basis
    from landeval.board import Board
    from landeval.explanation import Explanation
    from landeval.imagery import Imagery
    from landeval.intensive_use import IntensiveUse
    from landeval.land_supply import LandSupply
    from landeval.map_settings import MapSettings
    from landeval.picture import Picture
    from landeval.project import Placing
    from landeval.standards.grading import Scheme

STATUSES = (
    "豁免",
    "涉嫌闲置(未动工)",
    "涉嫌闲置(中止开发)",
    "闲置(已认定)",
    "逾期未动工预警",
    "低效候选",
    "关注",
    "达标",
    "资料不足",
)
IDLE = ("闲置(已认定)", "涉嫌闲置(未动工)", "涉嫌闲置(中止开发)")
CANDIDATES = (*IDLE, "低效候选")
"""Classes whose land is up for disposal."""
LEVELS = ("产业集群", "产业基地", "产业社区")
OUTSIDE = "不在任何{level}"
TIED = ("自动", "已确认")
"""States of a link that ties an enterprise to a parcel; pairs of any other state have no share of anything."""
WAITING = ("待复核", "待定")
"""States of a pair that a person is asked about."""
DECISIONS = CONFIRMED, REJECTED, POSTPONED = ("确认", "否决", "待定")
"""What a person can say of a pair."""
BALANCE = ("input_total", "allocated", "unmatched", "excluded", "repeated", "difference")
"""Amounts of a line of the money ledger, as text [万元]: input = allocated + unmatched + excluded; repeated is a part of excluded."""
OPERATING = ("production_status", "stopped_production_on", "low_use_listing", "low_use_listing_no")
"""What an enterprise does at present: told of a year, never carried over from an older one."""
GRADED = ("veto_reason", "ungraded_reason", "grade_last", "bonus_matters", "fault_matters")
"""What the grading of enterprises must be told in words: of a year, never carried over from an older one."""
OWN = "自有"
"""Mode of a link to land that the enterprise holds; any other is land of somebody else's."""
STEP_STATES = DONE, OVERDUE, OPEN, PENDING, NO_TERM, UNSURE = (
    "已完成", "已逾期", "待办", "前序未完成", "无法定期限", "待核实",
)  # fmt: skip
"""States of a step of a case. 待核实: its day is written but unreadable, or missing although a later paper is out."""
HORIZONS = ("已逾期", "30 日内", "60 日内", "90 日内", "以后")
"""How far off the day of an open step is."""
ON_FILE = (
    "parcel_code", "holder_name", "credit_code", "location", "certificate_no", "right_type", "land_use", "supply_method",
    "contract_no", "supervision_no", "signed_on", "price_wan_yuan", "area_registered_m2", "area_contract_m2", "delivered_on",
    "agreed_start", "extended_start", "extended_completion", "resumed_on", "idle_decision_no", "mortgagee", "found_on",
    "contract_investment_wan_yuan_per_mu", "contract_output_wan_yuan_per_mu", "contract_tax_wan_yuan_per_mu",
    "exemption_reason", "exemption_evidence", "exemption_until", "remark",
)  # fmt: skip
"""Items of a parcel whose own cells are named in its dossier, beside those that verdicts rest on."""
RATIOS = ("investment_wan_yuan_per_mu", "output_wan_yuan_per_mu", "tax_wan_yuan_per_mu")
MONEY = ("investment_wan_yuan", "output_wan_yuan", "tax_wan_yuan")


def _empty() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame()


@dataclass(frozen=True)
class Step:
    """One step of a run: what went in, what came out, how long it took."""

    name: str
    rows_in: int
    rows_out: int
    seconds: float

    @property
    def told(self) -> str:
        """Say what went in and what came out, each by what it is.

        Examples
        --------
        >>> Step("匹配", 1536, 248, 1.0).told
        '宗地和企业 1,536 个，配成 248 对'
        """
        came = _STEPS_TOLD.get(self.name, "读入 {} 条，写出 {} 条")
        return came.format(f"{self.rows_in:,}", f"{self.rows_out:,}")


_STEPS_TOLD = {
    "读取": "{} 张表和图层，共 {} 条记录",
    "整理": "{} 条记录，整理出参加评价的 {} 条",
    "匹配": "宗地和企业 {} 个，配成 {} 对",
    "测算": "用 {} 条数据，测算 {} 宗（项）",
    "评判": "{} 宗（项），作出判定 {} 个",
    "落区汇总": "{} 宗，汇总成 {} 个分区",
    "供地盘子": "{} 条记录，列出 {} 个地块",
}


@dataclass(frozen=True)
class Result:
    """What a run found. Frames are never changed after the run.

    Every frame's columns carry the English names of ``vocabulary/fields.toml``; labels are put on by
    ``publish``. Rows are sorted by their key, so the order of the input does not matter.

    Attributes
    ----------
    parcels : geopandas.GeoDataFrame
        One row a parcel, index ``parcel_id`` (text), CRS EPSG:4490; ``geometry`` is null where there is no
        (valid) polygon. Canonical columns, ``area_mu``, ``area_basis``, ``area_measured_m2`` (ellipsoid),
        ``area_plane_m2`` (own 3° strip), ``area_spread_percent`` (of the four areas), the year's ``MONEY`` sums and
        ``RATIOS``, ``holder_name``, ``enterprise_names`` (linked firms, joined by 、), ``industry_group``,
        ``community_name`` / ``base_name`` / ``cluster_name`` and codes, ``zone_share``, ``is_straddling``.
    enterprises : pandas.DataFrame
        One row an enterprise, index ``enterprise_id``: identity, ``area_mu`` of its linked land, the year's
        money and ratios.
    years : pandas.DataFrame
        One row an enterprise and year: ``enterprise_id``, ``year``, money columns, source.
    parcel_years : pandas.DataFrame
        One row a parcel and year: ``parcel_id``, ``year``, allocated ``MONEY`` and ``RATIOS``.
    links : pandas.DataFrame
        One row a parcel × enterprise: share, area, mode, method, score, state (自动, 已确认; 待复核, 待定, 已否决
        have no share), why, who decided and when, rule of allocation.
    findings : pandas.DataFrame
        One row a unit × rule: value, operator, threshold, verdict (达标 / 不达标 / 无法判定 / 不适用),
        reason, document, clause, basis, evidence.
    status : pandas.DataFrame
        Index ``parcel_id``: ``status`` (one of ``STATUSES``), reasons, clause, missing, questions, route,
        route_clause, fee_wan_yuan, next_action, next_deadline, next_days, days_overdue, priority, is_candidate.
    zones : geopandas.GeoDataFrame
        One row a zone, in order park, cluster, base, community, with the bucket 不在任何… of each level:
        ``zone_level``, ``zone_code``, ``zone_name``, ``parent_code``, ``zone_parcels``, ``area_mu``, money,
        ratios, ``area_known_*_mu``, one column ``parcels_<status>`` a class, ``geometry`` (null for buckets).
    issues, reconciliation, ledger, rules : pandas.DataFrame
        Data problems; one row an input record; one row a money column and year; rules in force.
    coverage : pandas.DataFrame
        How much of parcels, land, enterprises and money is tied, by method, and what the project's limits say.
    decisions : pandas.DataFrame
        What people decided of pairs, as taken from review files and remembered decisions.
    reviews : pandas.DataFrame
        What the offices wrote into the list, the newest text of each cell, one row a parcel and step of its case;
        ``parcel_id`` None where this run has no such parcel. It never changes a verdict.
    review_record : pandas.DataFrame
        Every statement ever handed back, to be remembered.
    calendar : pandas.DataFrame
        One row a parcel and step of its procedure, or day to watch: paper, state, day done or due, clause, duty.
    basis : Basis or None
        What the judgement was made from, to judge again.
    exemptions : pandas.DataFrame
        Every exemption × parcel, of the register and beside the parcels: what is written, whether it holds and
        why, what it exempts from, last day and days left.
    grades, grade_items : pandas.DataFrame
        One row an enterprise: list, state, score, place, grade, why; one row an enterprise and indicator. Empty
        where nobody is graded.
    structure : pandas.DataFrame
        One row a zone and item of its land use, industry groups, classes and grades: the columns of ``zones``.
    blocks : geopandas.GeoDataFrame
        Candidate land that lies together, one row a block, largest first.
    overlays : pandas.DataFrame
        Common ground of parcels and the layers laid over them; one row a parcel, layer and planned use.
    overlay_shapes : geopandas.GeoDataFrame
        These layers as drawn, EPSG:4490: ``overlay_name``, ``overlay_effect``, ``overlay_use``, polygons or lines.
    placing : Placing or None
        Gap and least size of blocks, and whether straddling parcels are split.
    map_settings : MapSettings or None
        What lies under the parcels on the map; None: nothing.
    pictures : tuple of Picture
        Images to look at on the map, where the project asks for them.
    scheme : Scheme or None
        What the enterprises were graded by; None: nobody is.
    index : IntensiveUse or None
        土地节约集约利用指数 and potentials; None where the project asks for none.
    supply : LandSupply or None
        The land supply board; None where neither stock nor boundary is given.
    board : Board or None
        The plan's targets against their actuals, industry groups, land structure; None where no table of actuals is given.
    imagery : Imagery or None
        What images show, beside the verdicts; None where there is no image to measure in.
    meta : Mapping
        ``settings``, ``inputs``, ``versions``, ``remark`` … (what identifies a run is made of them: ``publish.stamp``)
    """

    parcels: gpd.GeoDataFrame
    enterprises: pd.DataFrame
    years: pd.DataFrame
    parcel_years: pd.DataFrame
    links: pd.DataFrame
    findings: pd.DataFrame
    status: pd.DataFrame
    zones: gpd.GeoDataFrame
    issues: pd.DataFrame
    reconciliation: pd.DataFrame
    ledger: pd.DataFrame
    rules: pd.DataFrame
    year: int | None
    as_of: dt.date
    title: str
    currency: str = "元"
    coverage: pd.DataFrame = field(default_factory=_empty)
    decisions: pd.DataFrame = field(default_factory=_empty)
    reviews: pd.DataFrame = field(default_factory=_empty)
    review_record: pd.DataFrame = field(default_factory=_empty)
    calendar: pd.DataFrame = field(default_factory=_empty)
    basis: Basis | None = None
    exemptions: pd.DataFrame = field(default_factory=_empty)
    grades: pd.DataFrame = field(default_factory=_empty)
    grade_items: pd.DataFrame = field(default_factory=_empty)
    structure: pd.DataFrame = field(default_factory=_empty)
    blocks: pd.DataFrame = field(default_factory=_empty)
    overlays: pd.DataFrame = field(default_factory=_empty)
    overlay_shapes: pd.DataFrame = field(default_factory=_empty)
    placing: Placing | None = None
    map_settings: MapSettings | None = None
    pictures: tuple[Picture, ...] = ()
    scheme: Scheme | None = None
    index: IntensiveUse | None = None
    supply: LandSupply | None = None
    board: Board | None = None
    imagery: Imagery | None = None
    steps: tuple[Step, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)

    def explain(self, parcel: str) -> Explanation:
        """Return why a parcel got its class: figures and their cells, each rule, its money, what is missing.

        Parameters
        ----------
        parcel : str
            宗地代码 or 宗地标识 (``parcel_id``).

        Returns
        -------
        Explanation
            ``print`` it to read it; its frames are parts of those of this result.

        Raises
        ------
        ConfigurationError
            E670: no parcel is called so, or several are.
        """
        from landeval.explanation import explain

        return explain(self, parcel)
