"""Low-use land by the three ratios: investment, output and tax short of half of what was agreed (a proposal)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from landeval.judge.findings import MET, NOT_APPLICABLE, NOT_MET, UNKNOWN, compare, figures, findings
from landeval.standards.rules import Rule
from landeval.timeline import add_years
from landeval.vocabulary.fields import label

RULES = ("lowuse.investment", "lowuse.output", "lowuse.tax")
UNDATED_NOTE = "；投产日期未知，按已过过渡期评价，请核实"


def judge_low_use(
    parcels: pd.DataFrame,
    ratios: Mapping[int, pd.DataFrame],
    year: int,
    rules: Mapping[str, Rule],
    as_of: pd.Timestamp,
    is_out: pd.Series,
    evidence: pd.DataFrame,
) -> pd.DataFrame:
    """Judge L5 投资不足, L6 产出不足 and L7 税收不足.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; contract ratios, ``is_industrial``, ``production_started_on``.
    ratios : Mapping
        Year → frame of the three ratios [万元/亩], index ``parcel_id``.
    year : int
        The data year; two-year rules also read ``year - 1``.
    rules : Mapping
        The rulebook; rules not in force are left out.
    as_of : Timestamp
    is_out : Series of bool
        Parcels to which low-use does not apply: idle, exempt, not due or under construction.
    evidence : DataFrame
        Index ``parcel_id``, a column a ratio, and ``<ratio>_last_year`` for the year before.

    Returns
    -------
    DataFrame
        Findings; 不达标 is a hit.
    """
    parts = []
    ramp = rules.get("lowuse.ramp_up_years")
    started = parcels["production_started_on"]
    fresh = (
        (add_years(started, ramp.whole) > as_of).to_numpy() if ramp else np.zeros(len(parcels), dtype=bool)
    )
    other = (parcels["is_industrial"] == False).to_numpy(dtype=bool)  # noqa: E712 (three-valued)
    no_use = parcels["is_industrial"].isna().to_numpy()
    undated = started.isna().to_numpy()
    for rule in (rules[name] for name in RULES if name in rules):
        reference = rules.get(rule.reference_rule)
        agreed = parcels[rule.contract_quantity]
        base = agreed.fillna(float(reference.number) if reference else np.nan)
        line = base * float(rule.number)
        source = np.where(agreed.notna(), "合同约定", "县方案标准")
        spans = [ratios.get(year - back, pd.DataFrame()) for back in range(rule.years)]
        values = [
            (frame[rule.quantity] if rule.quantity in frame else pd.Series(dtype="float64")).reindex(
                parcels.index
            )
            for frame in spans
        ]
        unknown = np.logical_or.reduce([value.isna().to_numpy() for value in values]) | line.isna().to_numpy()
        short = np.logical_and.reduce(
            [compare(value, rule.operator, line, rule.decimals) for value in values]
        )
        enough = (
            np.logical_or.reduce(
                [
                    ~compare(value, rule.operator, line, rule.decimals) & value.notna().to_numpy()
                    for value in values
                ]
            )
            & line.notna().to_numpy()
        )
        by_year = rule.quantity != "investment_wan_yuan_per_mu"
        skip = is_out.to_numpy() | other | (fresh & by_year)
        known = ~no_use
        texts = [figures(value, rule.decimals).where(value.notna(), "未知") for value in values]
        joined = texts[0]
        told = f"{year} 年 " + texts[0]
        for back, text in enumerate(texts[1:], start=1):
            joined = joined + "、" + text
            told = told + f"、{year - back} 年 " + text
        limit = figures(line, rule.decimals)
        said = label(rule.quantity).split("(")[0] + " " + told + " 万元/亩，"
        tail = (
            pd.Series(source, index=parcels.index, dtype="object")
            + " "
            + figures(base, rule.decimals)
            + f" 的 {float(rule.number):.0%}（"
            + limit
            + "）"
        )
        below, above = ("不高于", "高于") if rule.operator == "<=" else ("低于", "不低于")
        passed = f"未连续两年{below}" if rule.years > 1 else above
        failed = (f"连续两年{below}" if rule.years > 1 else below) + tail
        if ramp and by_year:
            failed = failed + np.where(undated, UNDATED_NOTE, "")
        span = "、".join(f"{year - back} 年" for back in range(rule.years))
        reason = np.select(
            [is_out.to_numpy(), other, skip, no_use, enough, line.isna().to_numpy(), unknown],
            [
                "闲置、豁免、预警或建设期宗地不评价低效",
                "非工业用地",
                f"投产未满 {ramp.whole if ramp else 0} 年过渡期",
                "土地用途未知",
                said + passed + tail,
                "没有约定值，基准日也没有县方案标准",
                f"{label(rule.quantity).split('(')[0]} {span}数据不全",
            ],
            default=said + failed,
        )
        verdict = np.select(
            [skip, known & enough, no_use | unknown, short],
            [NOT_APPLICABLE, MET, UNKNOWN, NOT_MET],
            default=MET,
        )
        proof = evidence[rule.quantity].reindex(parcels.index).fillna("")
        if rule.years > 1 and f"{rule.quantity}_last_year" in evidence:
            before = evidence[f"{rule.quantity}_last_year"].reindex(parcels.index).fillna("")
            proof = proof + ("；上年：" + before).where(before != "", "")
        parts.append(
            findings(rule, parcels.index, value=joined, threshold=limit, verdict=verdict, reason=reason,
                     evidence=proof, unit="万元/亩")
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
