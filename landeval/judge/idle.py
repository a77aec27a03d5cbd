"""Idle land by 《闲置土地处置办法》 (Order 53): type 1 未动工, type 2 中止开发, and the warning before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from landeval.judge.findings import Finding
from landeval.judge.proof import Proof
from landeval.judge.start import start_facts, start_finding
from landeval.judge.suspension import suspension_facts, suspension_finding
from landeval.project import Switches
from landeval.standards.rules import Rule

ON_THE_GROUND = (
    "is_started", "is_completed", "is_suspended", "is_suspended_long", "is_resumed", "is_collective",
)  # fmt: skip
"""What is so whether or not idle land is judged; all other flags are verdicts or doubts about them."""


class Idle(NamedTuple):
    """What was found of each parcel's start: ``facts`` (index parcel_id) and its two findings."""

    facts: pd.DataFrame
    findings: list[Finding]


def judge_idle(
    parcels: pd.DataFrame,
    rules: Mapping[str, Rule],
    as_of: pd.Timestamp,
    switches: Switches,
    proof: Proof,
) -> Idle:
    """Judge type 1 and type 2 for every parcel.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; dates, shares' operands, ``is_operating`` (output or tax in the year),
        ``is_state_owned`` (three-valued: only what is known to be collective is outside the Order).
    rules : Mapping
        Must hold the ``idle.*`` rules.
    as_of : Timestamp
        Day of judgement.
    switches : Switches
    proof : Proof
        Where each operand was written.

    Returns
    -------
    Idle
        ``facts``: ``due_start``, ``due_start_basis``, ``days_overdue``, ``months_overdue``, ``idle_from``,
        ``two_years_from``, ``built_share``, ``invested_share``, and booleans ``is_idle_unstarted``,
        ``is_idle_suspended``, ``is_warning``, ``is_not_due``, ``is_under_construction``, ``is_suspended``,
        ``is_start_unknown``, ``is_suspension_unknown``, ``is_one_share_short``, ``is_collective``,
        ``completed_without_start`` (or stopped without one).

    Notes
    -----
    国土资源部令第53号 第二条、第二十二条. A parcel that has started, however late, is not idle of type 1.
    """
    facts = start_facts(parcels, rules, as_of, switches, proof)
    facts = facts.join(suspension_facts(parcels, rules, as_of, switches))
    due = parcels["extended_completion"].combine_first(parcels["agreed_completion"])
    facts["is_under_construction"] = (
        facts["is_started"] & ~facts["is_completed"] & (due >= as_of) & ~facts["is_suspended"]
    )
    found = [
        start_finding(parcels, facts, rules["idle.not_started"], as_of, proof),
        suspension_finding(parcels, facts, rules, switches, proof),
    ]
    return Idle(facts, found)
