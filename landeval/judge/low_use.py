"""Low-use land: the ten kinds L1–L10 (proposals, each switchable); every kind is one rule, or two that count once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from landeval.judge.findings import NOT_MET, Finding
from landeval.judge.intensity import building_factor, plot_ratio, unused
from landeval.judge.listing import listed
from landeval.judge.production import stopped
from landeval.judge.progress import halted, not_producing, overdue_completion
from landeval.judge.setting import Setting
from landeval.judge.yields import yield_below
from landeval.standards.rules import Rule

Judge = Callable[[Setting, Rule], Finding]
RULES: dict[str, Judge] = {
    "lowuse.not_producing": not_producing,
    "lowuse.stopped": stopped,
    "lowuse.overdue_completion": overdue_completion,
    "lowuse.halted": halted,
    "lowuse.investment": yield_below,
    "lowuse.output": yield_below,
    "lowuse.tax": yield_below,
    "lowuse.plot_ratio": plot_ratio,
    "lowuse.building_factor": building_factor,
    "lowuse.unused": unused,
    "lowuse.listed": listed,
}
YIELDS = tuple(name for name, judge in RULES.items() if judge is yield_below)
"""L5, L6, L7: the kinds that read money."""
NEEDS = {
    "lowuse.not_producing": ("actual_completion",),
    "lowuse.stopped": ("production_status", "stopped_production_on"),
    "lowuse.overdue_completion": ("agreed_completion", "actual_completion"),
    "lowuse.plot_ratio": ("floor_area_m2",),
    "lowuse.building_factor": ("footprint_m2",),
    "lowuse.unused": ("unused_separable_m2",),
    "lowuse.listed": ("low_use_listing_no",),
}
"""What is missing where a kind cannot be decided."""


def judge_low_use(setting: Setting) -> list[Finding]:
    """Judge every low-use rule in force; 不达标 is a hit.

    Returns
    -------
    list of Finding
        In the order of ``RULES``; a rule that is not in force, or switched off, is left out.
    """
    return [judge(setting, setting.rules[name]) for name, judge in RULES.items() if name in setting.rules]


def hits(findings: Sequence[Finding], size: int) -> dict[str, npt.NDArray[np.bool_]]:
    """Return which parcels each kind hits, by its item (L1 … L10): two rules of one kind count once."""
    found: dict[str, npt.NDArray[np.bool_]] = {}
    for one in findings:
        hit = one.verdict == NOT_MET
        found[one.rule.item] = found.get(one.rule.item, np.zeros(size, dtype=bool)) | hit
    return found
