"""The frozen outcome of an entry check: plain frames, handed from ``admit`` to ``publish`` and to whoever asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from landeval.result import Step

if TYPE_CHECKING:
    import pandas as pd

RESULTS = PASSED, SHORT_OF_DATA, REFUSED = ("符合准入", "资料不足", "不符合")
"""What is said of a project, in the order of the ranking; a project of which something is unknown never passes."""
PLANNED = {
    "proposed_investment_wan_yuan": "investment_wan_yuan",
    "proposed_output_wan_yuan": "output_wan_yuan",
    "proposed_tax_wan_yuan": "tax_wan_yuan",
}
"""What a project proposes → the money it is compared as."""


@dataclass(frozen=True)
class Admission:
    """What an entry check found. Frames are never changed afterwards.

    Attributes
    ----------
    projects : pandas.DataFrame
        One row a project, index ``project_id``, in the order of the ranking: what it proposes, its ratios,
        ``admission_result`` (one of ``RESULTS``), ``admission_reason``, ``lines_passed``, ``lines_judged``,
        ``land_all_mu`` (largest land at which every line is passed; 0: none, NaN: unknown), ``land_over_mu``.
    findings : pandas.DataFrame
        One row a project × criterion: value, operator, threshold, verdict, reason, clause, basis, evidence,
        ``stated_amount``, ``least_amount``, ``gap_amount`` in ``amount_unit``, ``land_passes_mu``.
    totals : pandas.DataFrame
        One row a result and one for all: ``projects_count``, ``area_mu``, money, Σ money ÷ Σ land.
    issues, reconciliation, rules : pandas.DataFrame
        Data problems; one row an input record; the rules that were applied.
    meta : Mapping
        ``settings``, ``inputs``.
    """

    projects: pd.DataFrame
    findings: pd.DataFrame
    totals: pd.DataFrame
    issues: pd.DataFrame
    reconciliation: pd.DataFrame
    rules: pd.DataFrame
    as_of: dt.date
    title: str
    currency: str = "元"
    steps: tuple[Step, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
