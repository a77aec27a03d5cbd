"""The county plan's three lines: 亩均投资, 亩均产值, 亩均税收. A target for new industrial land, else a reference."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from landeval.judge.findings import MET, NOT_APPLICABLE, NOT_MET, UNKNOWN, compare, figures, findings
from landeval.standards.rules import Rule, shown

REFERENCE_NOTE = "（该宗地不属新增工业用地，仅作对标参考）"
UNSURE_NOTE = "（是否新增工业用地未知，仅作对标参考）"
NOTES = (REFERENCE_NOTE, UNSURE_NOTE)
LINES = ("dongkou.investment", "dongkou.output", "dongkou.tax")


def judge_lines(parcels: pd.DataFrame, rules: Mapping[str, Rule], evidence: pd.DataFrame) -> pd.DataFrame:
    """Compare every parcel's ratios with the lines in force.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; the three ratios [万元/亩], ``is_industrial`` (True, False, None),
        ``is_new_industrial``.
    rules : Mapping
        The rulebook on the as-of date; a line not in force is left out.
    evidence : DataFrame
        Index ``parcel_id``, a column a ratio: where its figures were written.

    Returns
    -------
    DataFrame
        Findings, one row a parcel and line.

    Notes
    -----
    洞政办发〔2021〕60号 三-2-④: 新增工业用地. For other industrial land the finding's kind is 对标参考.
    """
    parts = []
    for rule in (rules[name] for name in LINES if name in rules):
        value = parcels[rule.quantity]
        passed = compare(value, rule.operator, rule.number, rule.decimals)
        industrial = parcels["is_industrial"]
        other = (industrial == False).to_numpy(dtype=bool)  # noqa: E712 (three-valued)
        no_use = industrial.isna().to_numpy()
        unknown = value.isna().to_numpy()
        verdict = np.select(
            [other, no_use | unknown, passed], [NOT_APPLICABLE, UNKNOWN, MET], default=NOT_MET
        )
        line = shown(rule.number)
        text = figures(value, rule.decimals)
        kind = np.where(parcels["is_new_industrial"] == True, "目标", "对标参考")  # noqa: E712
        unsure = parcels["is_new_industrial"].isna().to_numpy()
        note = np.select([kind == "目标", unsure], ["", UNSURE_NOTE], default=REFERENCE_NOTE).astype(object)
        said = (rule.label + " " + text + f" {rule.unit}，").to_numpy(dtype=object)
        words = {">": "超过", ">=": "达到", "<": "低于", "<=": "不高于", "=": "等于"}[rule.operator]
        reason = np.select(
            [other, no_use, unknown, passed],
            ["非工业用地，不适用亩均标准", "土地用途未知", f"{rule.label}未知", said + f"{words} {line}"],
            default=said + f"未{words} {line}" + note,
        )
        parts.append(
            findings(rule, parcels.index, value=text, threshold=line, verdict=verdict, reason=reason,
                     evidence=evidence[rule.quantity].reindex(parcels.index).fillna(""), kind=kind)
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
