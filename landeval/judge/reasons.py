"""Why a parcel has its class: the findings it rests on, in words, with their clauses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from landeval.judge.findings import MET, NOT_APPLICABLE, NOT_MET, UNKNOWN, Finding, Rows, Texts
from landeval.judge.lines import LINES, NOTES
from landeval.judge.low_use import YIELDS
from landeval.result import IDLE

NO_LINES = "评价基准日没有有效的亩均标准，不评价亩均效益"
NOT_INDUSTRIAL = "非工业用地，不适用亩均标准"
GAP = "；缺"
"""Behind it a reason names what is missing; the class's reason leaves that to the column of missing items."""


def is_line(finding: Finding) -> bool:
    """Tell whether a finding is of a line: one of the county plan's, or one that the bureau has added."""
    return finding.rule.rule_id in LINES or finding.rule.effect == "line"


class Resting:
    """For which parcels a verdict of a rule is what their class rests on."""

    def __init__(self, status: pd.Series, facts: pd.DataFrame) -> None:
        classes = status.to_numpy(dtype=object)
        unknown, good, low = (classes == name for name in ("资料不足", "达标", "低效候选"))
        judged, none = unknown | (classes == "关注"), np.zeros(len(classes), dtype=bool)
        undated = facts["is_operating_undated"].to_numpy()
        self.good = good
        self._idle = {NOT_MET: np.isin(classes, IDLE), UNKNOWN: unknown, MET: good & ~undated}
        self._line = {NOT_MET: judged, UNKNOWN: judged, MET: good}
        self._yield = {NOT_MET: judged | low, UNKNOWN: judged, MET: none}
        self._low = {NOT_MET: judged | low, UNKNOWN: none, MET: none}
        self._none = {NOT_MET: none, UNKNOWN: none, MET: none}

    def on(self, finding: Finding, verdict: str) -> npt.NDArray[np.bool_]:
        """Return the parcels whose class rests on this verdict of a finding."""
        rule_id = finding.rule.rule_id
        rests = (
            self._idle
            if rule_id.startswith("idle.")
            else self._line
            if is_line(finding)
            else self._none
            if finding.rule.effect == "note"
            else self._yield
            if rule_id in YIELDS
            else self._low
        )
        rows = np.flatnonzero(rests[verdict])
        result = np.zeros(len(self.good), dtype=bool)
        result[rows] = finding.verdict[rows] == verdict
        return result


def reasons(
    parcels: pd.DataFrame,
    status: pd.Series,
    facts: pd.DataFrame,
    exempted: pd.Series,
    findings: Sequence[Finding],
) -> pd.Series:
    """Tell the findings that decided, in one sentence; for the rest, what was found out."""
    told: Texts = np.full(len(status), "", dtype=object)
    resting = Resting(status, facts)
    idle = [one for one in findings if one.rule.rule_id.startswith("idle.")]
    lines = [one for one in findings if is_line(one)]
    low = [one for one in findings if one not in idle and one not in lines]
    plan = [one for one in lines if one.rule.rule_id in LINES]
    for group in (idle, plan, [one for one in lines if one not in plan], low):
        note: Texts = np.full(len(status), "", dtype=object)
        last = note.copy()
        parts: list[tuple[Rows, Texts]] = []
        for verdict in (NOT_MET, UNKNOWN, MET):
            for one in group:
                rows = np.flatnonzero(resting.on(one, verdict))
                said = one.reason[rows]
                if verdict == UNKNOWN:
                    said = np.array([text.partition(GAP)[0] for text in said], dtype=object)
                    fresh = said != last[rows]  # what three lines lack is said once
                    rows, said = rows[fresh], said[fresh]
                    last[rows] = said
                if group is plan and verdict == NOT_MET:
                    for end in NOTES:
                        noted = np.array([text.endswith(end) for text in said], dtype=bool)
                        note[rows[noted]] = end
                        said[noted] = [text.removesuffix(end) for text in said[noted]]
                parts.append((rows, said))
        told = together(told, listed(parts, len(status), "；") + note)
    result = pd.Series(told, index=status.index, dtype="object")
    starts = [one for one in idle if one.rule.rule_id == "idle.not_started"]
    waiting = pd.Series(starts[0].reason if starts else "", index=status.index, dtype="object")
    result = result.mask(status == "逾期未动工预警", waiting)
    judged = status.isin(("达标", "关注", "低效候选"))
    result = pd.Series(together(result, waiting.where(facts["is_operating_undated"] & judged, "")))
    other = (status == "达标") & (parcels["is_industrial"] == False)  # noqa: E712 (three-valued)
    result = together(result, pd.Series(NOT_INDUSTRIAL, index=status.index, dtype="object").where(other, ""))
    if not lines:
        unsaid = pd.Series(NO_LINES, index=status.index, dtype="object")
        result = together(result, unsaid.where(status == "资料不足", ""))
    exempt = status == "豁免"
    result = result.mask(exempt & facts["is_not_due"], "未到应动工日期，不评价")
    result = result.mask(
        exempt & facts["is_under_construction"], "建设期内（未到约定竣工日期），不评价亩均指标"
    )
    return pd.Series(result.mask(exempt & (exempted != ""), exempted), dtype="object")


def listed(parts: Sequence[tuple[Rows, Texts]], size: int, by: str) -> Texts:
    """Join the texts of each parcel in the order of the parts; empty where a parcel has none.

    Parameters
    ----------
    parts : sequence of (array of int, array of text)
        Parcels, each at most once in a part, and what is said of them.
    size : int
        How many parcels there are.
    by : str
        What stands between.

    Examples
    --------
    >>> parts = [(np.array([0, 2]), np.array(["甲", "乙"], object)), (np.array([2]), np.array(["丙"], object))]
    >>> listed(parts, 3, "、").tolist()
    ['甲', '', '乙、丙']
    """
    if not parts:
        return np.full(size, "", dtype=object)
    rows, texts = (np.concatenate([part[at] for part in parts]) for at in (0, 1))
    order = np.argsort(rows, kind="stable")
    ends = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=size))])
    each = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(texts[order], pa.string()))
    return np.asarray(pc.binary_join(each, by).to_numpy(zero_copy_only=False), dtype=object)


def together(told: Any, said: Any) -> Any:
    """Put two texts of each parcel together, ； between where both say something."""
    first, then = np.asarray(told, dtype=object), np.asarray(said, dtype=object)
    speaks, spoken = np.asarray(then != "", dtype=bool), np.asarray(first != "", dtype=bool)
    result, both = np.where(spoken, first, then), np.flatnonzero(speaks & spoken)
    result[both] = first[both] + "；" + then[both]
    return (
        pd.Series(result, index=told.index, dtype="object", copy=False)
        if isinstance(told, pd.Series)
        else result
    )


def clauses(status: pd.Series, facts: pd.DataFrame, findings: Sequence[Finding], warning: str) -> pd.Series:
    """Cite the rules that each class rests on; ``warning`` is cited for what waits for its day."""
    size = len(status)
    cited = np.zeros((len(findings), size), dtype=bool)
    resting = Resting(status, facts)
    for number, one in enumerate(findings):
        for verdict in (NOT_MET, UNKNOWN, MET):
            cited[number] |= resting.on(one, verdict)
        if is_line(one):
            cited[number] |= (one.verdict == NOT_APPLICABLE) & resting.good
    texts, which = _by_document(findings, cited)
    told = pd.Series(texts[which] if len(texts) else "", index=status.index, dtype="object")
    waiting = (status == "逾期未动工预警") | ((status == "豁免") & facts["is_not_due"])
    return told.mask(waiting, warning)


def _by_document(findings: Sequence[Finding], cited: npt.NDArray[np.bool_]) -> tuple[Texts, Any]:
    """Write every combination of rules once: each document with all its clauses, then what must be said of it."""
    if not findings:
        return np.array([], dtype=object), np.array([], dtype=int)
    packed = np.zeros(cited.shape[1], dtype=object if len(findings) > 62 else "int64")
    for number, row in enumerate(cited):
        packed = packed + row.astype(packed.dtype) * (1 << number)
    _, first, which = np.unique(packed, return_index=True, return_inverse=True)
    texts = []
    for column in cited[:, first].T:
        said: dict[tuple[str, str], dict[str, None]] = {}
        for one in (one for one, is_cited in zip(findings, column.tolist(), strict=True) if is_cited):
            said.setdefault((one.rule.document, one.rule.caveat), {})[one.rule.clause] = None
        texts.append(
            "；".join(
                document + "、".join(of) + (f"［{caveat}］" if caveat else "")
                for (document, caveat), of in said.items()
            )
        )
    return np.array(texts, dtype=object), which.reshape(-1)


def explanation(frame: pd.DataFrame) -> pd.Series:
    """Write class, reason, clause and route of each parcel as one sentence for the case file."""
    said = {name: pa.array(frame[name], pa.string()) for name in ("status", "reasons", "clause", "route")}
    route_clause = pa.array(frame["route_clause"], pa.string())
    is_routed = pc.not_equal(said["route"], "")
    is_other = pc.and_(is_routed, pc.not_equal(route_clause, said["clause"]))

    def after(words: str, text: pa.Array, where: pa.Array) -> pa.Array:
        return pc.if_else(where, pc.binary_join_element_wise(words, text, ""), "")

    told = pc.binary_join_element_wise(
        said["status"],
        "：",
        said["reasons"],
        after("。依据", said["clause"], pc.not_equal(said["clause"], "")),
        after("。建议", said["route"], is_routed),
        after("，依据", route_clause, is_other),
        "。",
        "",
    )
    return pd.Series(told.to_numpy(zero_copy_only=False), index=frame.index, dtype="object", copy=False)
