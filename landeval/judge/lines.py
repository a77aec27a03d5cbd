"""The county plan's three lines: 亩均投资, 亩均产值, 亩均税收. A target for new industrial land, else a reference."""

from __future__ import annotations

from typing import Any

import numpy as np

from landeval.judge.findings import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    UNKNOWN,
    Finding,
    Rows,
    Telling,
    Texts,
    compare,
)
from landeval.judge.setting import Setting
from landeval.judge.wording import missing, sentence
from landeval.standards.rules import Rule, shown

REFERENCE_NOTE = "（该宗地不属新增工业用地，仅作对标参考）"
UNSURE_NOTE = "（是否新增工业用地未知，仅作对标参考）"
NOTES = (REFERENCE_NOTE, UNSURE_NOTE)
LINES = ("dongkou.investment", "dongkou.output", "dongkou.tax")


def judge_lines(setting: Setting) -> list[Finding]:
    """Compare every parcel's ratios with the lines in force; a line not in force is left out.

    Notes
    -----
    洞政办发〔2021〕60号 三-2-④: 新增工业用地. For other industrial land the finding's kind is 对标参考.
    """
    return [_line(setting, setting.rules[name]) for name in LINES if name in setting.rules]


def _line(setting: Setting, rule: Rule) -> Finding:
    parcels = setting.parcels
    value, new = parcels[rule.quantity], parcels["is_new_industrial"]
    line, text = shown(rule.number), setting.figure(rule.quantity, rule.decimals)
    kind = np.where(new == True, "目标", "对标参考")  # noqa: E712 (three-valued)
    note = np.select([kind == "目标", new.isna()], ["", UNSURE_NOTE], default=REFERENCE_NOTE).astype(object)
    words = {">": "超过", ">=": "达到", "<": "低于", "<=": "不高于", "=": "等于"}[rule.operator]

    def said(rows: Rows, verdict: str, more: Texts | str = "") -> Any:
        return sentence(f"{rule.label} ", text[rows], f" {rule.unit}，{verdict} {line}", more)

    told = Telling(rule, len(parcels))
    told.tell(setting.is_other_use, NOT_APPLICABLE, "非工业用地，不适用亩均标准")
    told.tell(setting.is_use_unknown, UNKNOWN, "土地用途未知；缺" + missing("land_use"))
    told.tell(parcels["area_mu"].isna(), UNKNOWN, "评价面积未知；缺" + missing("area_registered_m2"))
    told.tell(value.isna(), UNKNOWN, f"{rule.label}未知；缺" + missing(rule.quantity.removesuffix("_per_mu")))
    passed = compare(value, rule.operator, rule.number, rule.decimals)
    told.tell(passed, MET, lambda rows: said(rows, words))
    told.tell(True, NOT_MET, lambda rows: said(rows, f"未{words}", note[rows]))
    return told.finding(
        value=text, threshold=line, evidence=setting.proof.cells(rule.quantity), kind=kind.astype(object)
    )
