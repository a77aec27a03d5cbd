"""The frozen outcome of the intensive-use index: plain frames, handed to ``publish`` and to whoever asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from landeval.result import Step

if TYPE_CHECKING:
    import pandas as pd

    from landeval.standards.intensive_use import IndexScheme

INDEX, INDICATOR = "指数", "指标"
"""Levels of a tree's nodes: the whole, and the last; between them stand 准则 and 子准则."""
VIEWS = EXPANSION, STRUCTURE, STRENGTH, MANAGEMENT, YEARS = (
    "扩展潜力", "结构潜力", "强度潜力", "管理潜力", "尚可供地年数",
)  # fmt: skip
"""Views of the potentials, which are never added up; the last is in years, the others in 公顷."""
LEVELS = (INDEX, "准则", "子准则", INDICATOR)


@dataclass(frozen=True)
class IntensiveUse:
    """The index of a development zone. Frames are never changed afterwards.

    Attributes
    ----------
    scheme : IndexScheme
    zone_type : str
        工业主导型 or 产城融合型; empty where it could not be told.
    type_why : str
        By which figures, or by whom.
    figures : pandas.DataFrame
        One row a region and item of 指数数据表: ``status_value`` (as used), ``status_written``, ``status_summed``,
        ``status_known`` (the known part of an incomplete sum), ``status_difference``, ``status_how``.
    nodes : pandas.DataFrame
        One row a region and node, from the index down to the indicators: ``index_value``, ``index_ideal``,
        ``index_standard`` [0–1], ``index_weight``, ``index_score`` [0–100], ``index_points``, ``index_low`` and
        ``index_high`` (what the unknowns allow), ``index_gap``, ``index_closes``, ``index_note``.
    potentials : pandas.DataFrame
        One row a region and potential; never added up.
    parcel_potentials : pandas.DataFrame
        One row a parcel × line in force: what is missing of floor area [㎡] or money [万元].
    target : float
        Of the rule in force [0–100]; NaN where there is none.
    target_why : str
        Clause of the target, or why there is none.
    verdict : str
        What is said of the whole: 达到, 未达到 or 无法判定, with the figures.
    official : float
        The value that a higher office has published [0–100]; NaN where none is given. Never mixed with ours.
    official_origin : str
    """

    scheme: IndexScheme
    zone_type: str
    type_why: str
    figures: pd.DataFrame
    nodes: pd.DataFrame
    potentials: pd.DataFrame
    parcel_potentials: pd.DataFrame
    target: float
    target_why: str
    verdict: str
    official: float
    official_origin: str

    @property
    def formula(self) -> str:
        """What every title says: an internal figure, by which version of the formula."""
        return f"内部测算，公式版本 {self.scheme.version}"

    @property
    def whole(self) -> dict[str, Any] | None:
        """The row of the whole: that of the zone, or of its main region alone; None where nothing was scored."""
        rows = self.nodes[self.nodes["index_level"] == INDEX]
        return dict(rows.iloc[0]) if len(rows) else None


@dataclass(frozen=True)
class IndexRun:
    """A run of ``landeval index``: the index with the accounts that every output has."""

    index: IntensiveUse
    issues: pd.DataFrame
    reconciliation: pd.DataFrame
    rules: pd.DataFrame
    year: int | None
    as_of: dt.date
    title: str
    currency: str = "元"
    steps: tuple[Step, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
