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
        Index ``parcel_id``, a column a ratio.

    Returns
    -------
    DataFrame
        Findings; 不达标 is a hit.
    """
    parts = []
    ramp = rules.get("lowuse.ramp_up_years")
    started = parcels["production_started_on"]
    fresh = (
        (add_years(started, int(ramp.number)) > as_of).to_numpy()
        if ramp
        else np.zeros(len(parcels), dtype=bool)
    )
    industrial = (parcels["is_industrial"] == True).to_numpy(dtype=bool)  # noqa: E712
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
        skip = is_out.to_numpy() | ~industrial | (fresh & (rule.quantity != "investment_wan_yuan_per_mu"))
        texts = [figures(value, rule.decimals) for value in values]
        joined = texts[0]
        for text in texts[1:]:
            joined = joined + "、" + text
        named = "、".join(f"{year - back} 年" for back in range(rule.years))
        limit = figures(line, rule.decimals)
        said = (named + label(rule.quantity).split("(")[0] + " " + joined + " 万元/亩，").to_numpy(
            dtype=object
        )
        tail = (
            pd.Series(source, index=parcels.index)
            + figures(base, rule.decimals)
            + " 的 "
            + f"{float(rule.number):.0%}（"
            + limit
            + "）"
        )
        reason = np.select(
            [is_out.to_numpy(), ~industrial, skip, enough, unknown],
            [
                "闲置、豁免或建设期宗地不评价低效",
                "非工业用地",
                "投产未满过渡期",
                said + "不低于" + tail,
                f"{named}数据不全",
            ],
            default=said + "低于" + tail,
        )
        verdict = np.select(
            [skip, enough, unknown, short], [NOT_APPLICABLE, MET, UNKNOWN, NOT_MET], default=MET
        )
        parts.append(
            findings(rule, parcels.index, value=joined, threshold=limit, verdict=verdict, reason=reason,
                     evidence=evidence[rule.quantity].reindex(parcels.index).fillna(""), unit="万元/亩")
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
