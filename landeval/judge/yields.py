"""L5 投资不足, L6 产出不足, L7 税收不足: short of half of what was agreed, else of the county's line (a proposal)."""

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
    Texts,
    compare,
    figures,
)
from landeval.judge.setting import Setting, at, is_producing
from landeval.judge.wording import missing, part, sentence
from landeval.standards.rules import Rule
from landeval.timeline import add_years
from landeval.vocabulary.fields import label

UNDATED_NOTE = "；投产日期未知，按已过过渡期评价，请核实"


def yield_below(setting: Setting, rule: Rule) -> Finding:
    """Judge one of L5, L6, L7; a rule of several years is hit only where every year is short."""
    parcels, year = setting.parcels, setting.year
    ramp = setting.rules.get("lowuse.ramp_up_years")
    started = parcels["production_started_on"]
    by_year = rule.quantity != "investment_wan_yuan_per_mu"
    fresh = (
        (add_years(started, ramp.whole) > setting.as_of) & by_year if ramp else np.zeros(len(parcels), bool)
    )
    reference = setting.rules.get(rule.reference_rule)
    agreed = parcels[rule.contract_quantity]
    base = agreed.fillna(float(reference.number) if reference else np.nan)
    line = base * float(rule.number)
    values = [setting.of_year(rule.quantity, back) for back in range(rule.years)]
    under = [compare(value, rule.operator, line, rule.decimals) for value in values]
    known = [value.notna().to_numpy() & line.notna().to_numpy() for value in values]
    enough = np.logical_or.reduce([~short & sure for short, sure in zip(under, known, strict=True)])
    unknown = ~np.logical_and.reduce(known)
    texts = [np.where(value.notna(), setting.figure(rule.quantity, rule.decimals, back), "未知").astype(object)
             for back, value in enumerate(values)]  # fmt: skip
    limit, agreed_text = at(figures(line, rule.decimals)), at(figures(base, rule.decimals))
    source = np.where(agreed.notna(), "合同约定", "县方案标准").astype(object)
    name = label(rule.quantity).split("(")[0]
    below, above = ("不高于", "高于") if rule.operator == "<=" else ("低于", "不低于")
    several = {1: "", 2: "连续两年", 3: "连续三年"}.get(rule.years, f"连续 {rule.years} 年")
    undated = at(np.where(started.isna() & by_year & (ramp is not None), UNDATED_NOTE, ""))

    def said(rows: Rows, verdict: str) -> Any:
        years: list[str | Texts] = [f"{name} {year} 年 ", texts[0][rows]]
        for back, text in enumerate(texts[1:], start=1):
            years += [f"、{year - back} 年 ", text[rows]]
        tail = (source[rows], " ", agreed_text[rows], f" 的 {part(rule)}（", limit[rows], "）")
        return sentence(*years, " 万元/亩，", verdict, *tail)

    told = setting.begin(rule)
    odd = fresh & (started > setting.as_of) & is_producing(setting)
    told.tell(
        odd,
        UNKNOWN,
        lambda rows: (
            "投产日期 "
            + setting.day("production_started_on")[rows]
            + " 晚于评价基准日，而已有产值或在生产，是否仍在投产过渡期待核实"
        ),
    )
    told.tell(fresh, NOT_APPLICABLE, f"投产未满 {ramp.whole if ramp else 0} 年过渡期")
    unread = setting.is_unsure("production_started_on") & started.isna().to_numpy()
    told.tell(unread & by_year, UNKNOWN, "投产日期已填写但无法识别，是否仍在投产过渡期待核实")
    told.tell(enough, MET, lambda rows: said(rows, f"未{several}{below}" if several else above))
    told.tell(line.isna(), UNKNOWN, "没有约定值，基准日也没有县方案标准")
    span = "、".join(f"{year - back} 年" for back in range(rule.years))
    told.tell(unknown, UNKNOWN, f"{name} {span}数据不全；缺" + missing(rule.quantity.removesuffix("_per_mu")))
    told.tell(True, NOT_MET, lambda rows: said(rows, several + below) + undated[rows])
    value = texts[0]
    for text in texts[1:]:
        value = value + "、" + text
    proof = setting.proof.years(rule.quantity) if rule.years > 1 else setting.proof.cells(rule.quantity)
    proof = setting.proof.beside(proof, rule.contract_quantity, agreed.notna().to_numpy(), before="约定：")
    return told.finding(value=value, threshold=limit, evidence=proof, unit="万元/亩")
