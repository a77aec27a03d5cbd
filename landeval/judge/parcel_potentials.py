"""What every parcel lacks of each line in force: floor area [㎡], investment, output, tax [万元]."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from landeval.judge.land_needed import needed
from landeval.judge.lines import LINES
from landeval.result import RATIOS
from landeval.standards.rule import Rule
from landeval.units import M2_PER_MU

PLOT_RATIO = "lowuse.plot_ratio"
TO_REACH = {"<": ">=", "<=": ">"}
"""What a figure must be so that a low-use rule no longer holds of it."""
MONEY_TO, FLOOR_TO = 4, 2
"""Decimals of what is lacking: 1 元, and 0.01 ㎡."""
MET, REFERENCE, CONTRACT = "已达到", "对标参考", "约定下限"
COLUMNS = (
    "parcel_id", "rule_id", "rule_label", "value", "operator", "threshold", "measure_unit", "present_amount",
    "reaching_amount", "gap_amount", "amount_unit", "rule_kind", "reason", "clause", "basis",
)  # fmt: skip


def parcel_potentials(parcels: pd.DataFrame, rules: Mapping[str, Rule]) -> pd.DataFrame:
    """Return one row an industrial parcel and line in force.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``: ``area_mu``, ``is_industrial``, ``is_new_industrial``, the year's money [万元] and ratios,
        ``floor_area_m2``, ``tall_floor_area_m2``, ``plot_ratio``, ``plot_ratio_doubled``, ``plot_ratio_limit`` and
        ``plot_ratio_limit_basis``.
    rules : Mapping
        In force on the day.

    Returns
    -------
    DataFrame
        ``COLUMNS``; ``gap_amount`` is zero where the line is reached, NaN (with the reason) where land, figure or
        line is unknown. Parcels of another use, or of unknown use, have no row.

    Notes
    -----
    Floor area is what counts towards the plot ratio: storeys higher than 8 m count double. Where their area is
    unknown, the line is reached if it is without doubling; else what is lacking is unknown.
    """
    land = parcels[parcels["is_industrial"] == True]  # noqa: E712 (three-valued)
    lines = [rule for rule in rules.values() if _is_line(rule)]
    frames = [_money(land, rule) for rule in lines]
    if PLOT_RATIO in rules and rules[PLOT_RATIO].operator in TO_REACH:
        frames.append(_floor(land, rules[PLOT_RATIO]))
    if not frames or not len(land):
        return pd.DataFrame(columns=list(COLUMNS))
    found = pd.concat(frames, ignore_index=True)
    order = {rule_id: at for at, rule_id in enumerate(found["rule_id"].unique())}
    return found.sort_values(
        ["parcel_id", "rule_id"], key=lambda column: column.map(order) if column.name == "rule_id" else column
    ).reset_index(drop=True)[list(COLUMNS)]


def _is_line(rule: Rule) -> bool:
    return (
        rule.quantity in RATIOS
        and rule.operator in (">", ">=")
        and (rule.rule_id in LINES or rule.effect == "line")
    )


def _money(land: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Compare the money of every parcel with one line per 亩; a line in another unit is put into the figure's own."""
    name = rule.quantity.removesuffix("_per_mu")
    ratio = land[rule.quantity].astype("float64")
    amount = land[name].astype("float64").where(ratio.notna())
    line = pd.Series(float(rule.number * rule.unit_worth), index=land.index)
    found = needed(amount, land["area_mu"], rule.operator, line, rule.decimals, to=MONEY_TO)
    lacking = np.select(
        [land["area_mu"].isna(), amount.isna()], ["评价面积未知", f"{rule.label}未知"], default=""
    )
    kind = np.where(land["is_new_industrial"] == True, "目标", REFERENCE)  # noqa: E712
    return _rows(land, rule, found, amount, line, lacking, np.where(rule.rule_id in LINES, kind, "本单位标准"),
                 operator=rule.operator, measure="万元/亩", unit="万元")  # fmt: skip


def _floor(land: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Compare the floor area that counts with the lower limit of the plot ratio."""
    operator = TO_REACH[rule.operator]
    plain = land["floor_area_m2"].astype("float64").where(land["plot_ratio"].notna())
    doubled = (plain + land["tall_floor_area_m2"]).where(land["plot_ratio_doubled"].notna())
    line = land["plot_ratio_limit"].astype("float64") * float(rule.number)
    sure = needed(doubled, land["area_mu"], operator, line, rule.decimals, to=FLOOR_TO, per=M2_PER_MU)
    least = needed(plain, land["area_mu"], operator, line, rule.decimals, to=FLOOR_TO, per=M2_PER_MU)
    reached = doubled.isna() & least["passes"].astype(bool)
    found = sure.assign(
        ratio=sure["ratio"].fillna(least["ratio"]),
        passes=sure["passes"].astype(bool) | reached,
        gap=sure["gap"].mask(reached, 0.0),
        least=least["least"],
    )
    amount = doubled.combine_first(plain)
    lacking = np.select(
        [land["area_mu"].isna(), line.isna(), plain.isna(), doubled.isna() & ~reached],
        ["评价面积未知", "没有约定容积率下限，也没有可用的行业控制指标", "建筑面积未知", "层高超过 8 米的建筑面积未知，加倍后还差多少无法计算"],
        default="",
    )  # fmt: skip
    source = land["plot_ratio_limit_basis"].fillna("").astype("object")
    kind = np.where(source.str.startswith(CONTRACT), CONTRACT, np.where(source == "", "", "控制指标"))
    basis = source + ("；" + rule.caveat if rule.caveat else "")
    return _rows(
        land, rule, found, amount, line, lacking, kind, operator=operator, measure="", unit="㎡"
    ).assign(basis=basis.where(source != "", rule.caveat).to_numpy())


def _rows(
    land: pd.DataFrame,
    rule: Rule,
    found: pd.DataFrame,
    amount: pd.Series,
    line: pd.Series,
    lacking: np.ndarray,
    kind: np.ndarray,
    *,
    operator: str,
    measure: str,
    unit: str,
) -> pd.DataFrame:
    gap = found["gap"].where(lacking == "")
    reason = np.select([lacking != "", gap == 0], [lacking, MET], default="")
    return pd.DataFrame(
        {
            "parcel_id": land.index,
            "rule_id": rule.rule_id,
            "rule_label": "容积率" if unit == "㎡" else rule.label,
            "value": found["ratio"],
            "operator": operator,
            "threshold": line,
            "measure_unit": measure,
            "present_amount": amount,
            "reaching_amount": found["least"],
            "gap_amount": gap,
            "amount_unit": unit,
            "rule_kind": kind,
            "reason": reason,
            "clause": rule.clause,
            "basis": rule.caveat,
        }
    ).reset_index(drop=True)
