"""One class a parcel, decided in a fixed order, with its reasons, clause, route, and what is missing for more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.errors import ConfigurationError
from landeval.judge.added import added_hits, judge_added, of_effect
from landeval.judge.causes import settle
from landeval.judge.disposal import dispose
from landeval.judge.exemptions import Exemptions, exempt
from landeval.judge.findings import MET, NOT_MET, UNKNOWN, Finding, as_frame
from landeval.judge.gaps import gaps
from landeval.judge.idle import ON_THE_GROUND, judge_idle
from landeval.judge.lines import judge_lines
from landeval.judge.low_use import hits, judge_low_use
from landeval.judge.priority import score
from landeval.judge.procedure import follow, no_cases
from landeval.judge.proof import Proof
from landeval.judge.questions import ask
from landeval.judge.reasons import clauses, explanation, reasons, together
from landeval.judge.setting import Setting
from landeval.project import Switches
from landeval.result import CANDIDATES
from landeval.standards.rules import Rule, shown


class Judgement(NamedTuple):
    """``status`` (index parcel_id), ``findings``, questions and refusals as issues, the ``calendar``, every exemption."""

    status: pd.DataFrame
    findings: pd.DataFrame
    issues: list[pd.DataFrame]
    calendar: pd.DataFrame
    exemptions: pd.DataFrame


def judge(
    parcels: pd.DataFrame,
    ratios: Mapping[int, pd.DataFrame],
    year: int | None,
    as_of: pd.Timestamp,
    rules: Mapping[str, Rule],
    switches: Switches,
    evidence: pd.DataFrame,
    register: pd.DataFrame | None = None,
    *,
    with_cases: bool = True,
) -> Judgement:
    """Judge every parcel: exemption, idle, warning, low-use, lines; unknown is a class of its own.

    Parameters
    ----------
    parcels : DataFrame
        Canonical columns, the year's money and ratios, ``is_industrial``, ``is_state_owned``, ``is_operating``,
        ``operation`` and what is built on the land.
    ratios : Mapping
        Year → ratios of that year.
    year : int or None
        Data year.
    as_of : Timestamp
    rules : Mapping
        The rulebook.
    switches : Switches
    evidence : DataFrame
        Index ``parcel_id``; where each figure was written, empty where no table has a place for it.
    register : DataFrame, optional
        The exemption register × parcels, as made by ``tie_exemptions``.
    with_cases : bool
        Follow the procedure of each parcel too: its calendar, next step and papers, on which neither class nor
        route nor fee rests.

    Returns
    -------
    Judgement

    Raises
    ------
    ConfigurationError
        The as-of date lies before the law on idle land.
    """
    if "idle.not_started" not in rules:
        raise ConfigurationError(
            f"评价基准日 {as_of:%Y-%m-%d} 早于《闲置土地处置办法》施行日",
            where="as_of",
            remedy="请把评价基准日（as_of）改为 2012-07-01 及以后的日期",
            code="E611",
        )
    ids, exemptions = parcels.index, exempt(parcels, as_of, rules, register)
    parcels = exemptions.applied(parcels)
    parcels = pd.DataFrame(parcels.drop(columns="geometry", errors="ignore")).reset_index(drop=True)
    ratios = {at: frame.reindex(ids).reset_index(drop=True) for at, frame in ratios.items()}
    proof = Proof(evidence, ids)
    idle = judge_idle(parcels, rules, as_of, switches, proof)
    facts = idle.facts
    if not switches.idle:
        verdicts = facts.select_dtypes(bool).columns.difference(list(ON_THE_GROUND))
        facts = facts.assign(**dict.fromkeys(map(str, verdicts), False))
    is_idle = facts["is_idle_unstarted"] | facts["is_idle_suspended"]
    waiting = facts["is_warning"] | facts["is_not_due"] | facts["is_under_construction"]
    is_out = (is_idle | waiting).to_numpy()
    setting = Setting(parcels, ids, facts, ratios, year or as_of.year, as_of, rules, switches, is_out, proof)
    causes = settle(parcels, rules)
    questions, asked = ask(setting, causes)
    lines = exemptions.spare(judge_lines(setting))
    low = exemptions.spare(judge_low_use(setting)) if switches.low_use else []
    ours = exemptions.spare(judge_added(setting))
    findings = [*(exemptions.spare(idle.findings) if switches.idle else []), *lines, *low, *ours]
    lines = [*lines, *of_effect(ours, "line")]
    hit = hits(low, len(parcels)) | added_hits(ours)
    alone = (
        shown(rules["lowuse.alone_for_candidate"].value).split("、")
        if "lowuse.alone_for_candidate" in rules
        else []
    )
    is_alone = _any([hit[kind] for kind in alone if kind in hit], len(parcels))
    status = _classes(parcels, facts, exemptions, lines, hit, is_alone, rules)
    frame = pd.DataFrame({"status": status})
    told = reasons(parcels, status, facts, exemptions.deciding(status, facts), findings)
    frame["reasons"] = exemptions.beside(told, status, facts)
    cited = clauses(status, facts, findings, rules["idle.not_started"].citation)
    frame["clause"] = exemptions.clauses(cited, status, facts)
    frame["missing"] = gaps(setting, status, findings, year, exemptions.from_money)
    frame["low_use_hit_rules"] = _names(hit, parcels.index)
    frame = frame.join(facts[["due_start", "due_start_basis", "days_overdue", "months_overdue"]])
    frame = frame.join(dispose(parcels, status, facts, causes, hit, rules, as_of))
    case = follow(setting, status, frame["cause"]) if with_cases else no_cases(setting)
    frame["questions"] = together(questions, case.questions)
    has_case = case.step["next_action"].notna()
    frame["next_action"] = case.step["next_action"].where(has_case, frame["next_action"]).astype("object")
    frame["next_deadline"] = case.step["next_deadline"].where(has_case, frame["next_deadline"])
    frame["next_days"] = case.step["next_days"]
    frame["explanation"] = explanation(frame)
    frame["is_candidate"] = status.isin(CANDIDATES)
    ranked = score(setting, status, hit, is_alone, frame["is_candidate"])
    result = frame.join(ranked).set_axis(ids)
    problems = [exemptions.issues, asked, case.issues]
    return Judgement(result, as_frame(ids, findings), problems, case.calendar, exemptions.table)


def _any(masks: Sequence[npt.NDArray[np.bool_]], size: int) -> npt.NDArray[np.bool_]:
    return np.asarray(np.logical_or.reduce([np.zeros(size, dtype=bool), *masks]), dtype=bool)


def _names(hit: Mapping[str, npt.NDArray[np.bool_]], index: pd.Index) -> pd.Series:
    """Name the low-use kinds that each parcel hits: L2、L7."""
    told = np.full(len(index), "", dtype=object)
    for kind, mask in hit.items():
        rows = np.flatnonzero(mask)
        told[rows] = told[rows] + np.where(told[rows] == "", "", "、").astype(object) + kind
    return pd.Series(told, index=index, dtype="object")


def _classes(
    parcels: pd.DataFrame,
    facts: pd.DataFrame,
    exemptions: Exemptions,
    lines: Sequence[Finding],
    hit: Mapping[str, npt.NDArray[np.bool_]],
    is_alone: npt.NDArray[np.bool_],
    rules: Mapping[str, Rule],
) -> pd.Series:
    """Decide each parcel's class, in the order of the design: idle, warned, low-use, watched, good, unknown."""
    count = np.sum([np.zeros(len(parcels), dtype=int), *hit.values()], axis=0)
    wanted = rules.get("lowuse.hits_for_candidate")
    low = is_alone | (count >= (wanted.whole if wanted else 1))
    start_known = (~facts["is_start_unknown"] & ~facts["is_suspension_unknown"]) | exemptions.from_idle
    start_known &= ~facts["is_building_unknown"]
    judged = parcels["is_industrial"].fillna(True).astype(bool)
    below = _any([one.verdict == NOT_MET for one in lines], len(parcels))
    open_ = _any([one.verdict == UNKNOWN for one in lines], len(parcels))
    above = _any([one.verdict == MET for one in lines], len(parcels)) & ~below & ~open_
    is_idle = facts["is_idle_unstarted"] | facts["is_idle_suspended"]
    choice = np.select(
        [
            parcels["idle_decision_no"].notna() & is_idle,
            exemptions.from_idle & (is_idle | facts["is_warning"]),
            facts["is_idle_unstarted"],
            facts["is_idle_suspended"],
            facts["is_warning"],
            facts["is_not_due"] | facts["is_under_construction"],
            start_known & low,
            start_known & ((count > 0) | below),
            start_known & ~open_ & exemptions.spares_lines(judged),
            start_known & (above | (~judged & ~open_)),
        ],
        [
            "闲置(已认定)",
            "豁免",
            "涉嫌闲置(未动工)",
            "涉嫌闲置(中止开发)",
            "逾期未动工预警",
            "豁免",
            "低效候选",
            "关注",
            "豁免",
            "达标",
        ],
        default="资料不足",
    )
    return pd.Series(choice, index=parcels.index, dtype="object")
