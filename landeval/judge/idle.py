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
        ``is_idle_suspended``, ``is_warning``, ``is_not_due``, ``is_under_construction``, ``is_building_unknown``,
        ``is_suspended``,
        ``is_start_unknown``, ``is_suspension_unknown``, ``is_one_share_short``, ``is_collective``,
        ``completed_without_start`` (or stopped without one).

    Notes
    -----
    国土资源部令第53号 第二条、第二十二条. A parcel that has started, however late, is not idle of type 1.
    """
    facts = start_facts(parcels, rules, as_of, switches, proof)
    facts = facts.join(suspension_facts(parcels, rules, as_of, switches))
    facts = facts.join(_building(parcels, facts, as_of))
    found = [
        start_finding(parcels, facts, rules["idle.not_started"], as_of, proof),
        suspension_finding(parcels, facts, rules, switches, proof),
    ]
    return Idle(facts, found)


def _building(parcels: pd.DataFrame, facts: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Tell which land is being built on before its agreed completion, and where nobody can tell.

    Land that produces, or has, is taken as built where no completion was agreed; a date that is written but cannot
    be read leaves it open. Collective land, whose start the Order does not look at, is within its agreed time
    whether or not it has begun.
    """
    due = parcels["extended_completion"].combine_first(parcels["agreed_completion"])
    unsure = parcels["unsure_dates"].fillna("").astype(str)
    open_ = (facts["is_started"] | facts["is_collective"]) & ~facts["is_completed"] & ~facts["is_suspended"]
    due_unread = unsure.str.contains("extended_completion") | (
        parcels["extended_completion"].isna() & unsure.str.contains("agreed_completion")
    )
    unread = due_unread | (unsure.str.contains("actual_completion") & ~(due < as_of))
    produces = (
        parcels["is_operating"].astype(bool)
        | (parcels["production_started_on"] <= as_of)
        | parcels["operation"].notna()
    )
    undated = due.isna() & facts["is_started"] & ~produces
    within = open_ & (due >= as_of) & ~unread
    return pd.DataFrame(
        {"is_under_construction": within, "is_building_unknown": open_ & (unread | undated)},
        index=parcels.index,
    )
