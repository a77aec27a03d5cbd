"""How much of each year's 新增建设用地指标 went to the park's industry: a range where parts are unknown, a verdict only if it cannot turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from landeval.judge.findings import MET, NOT_APPLICABLE, NOT_MET, UNKNOWN, compare, figures
from landeval.land_supply import AREA_DECIMALS, INSIDE, OUTSIDE
from landeval.standards.rule import Rule
from landeval.standards.rules import BASES
from landeval.units import round_half_up

RULE = "dongkou.park_quota"
COLUMNS = (
    "quota_year", "plots_count", "quota_new_mu", "quota_park_mu", "quota_other_mu", "quota_unsure_mu",
    "quota_doubtful_mu", "plots_without_area", "park_quota_share", "park_quota_least", "park_quota_most", "operator",
    "threshold", "verdict", "reason", "document", "clause", "basis",
)  # fmt: skip


def in_park(plots: pd.DataFrame, position: pd.Series | None) -> pd.Series:
    """Tell whether plots lie in the park: as written, else by the approved boundary; across it is unknown."""
    said = plots["is_in_park"].astype("object")
    if position is None:
        return said
    drawn = position.map({INSIDE: True, OUTSIDE: False}).astype("object")
    return said.where(said.notna(), drawn.where(drawn.notna(), None))


def both(one: pd.Series, other: pd.Series) -> pd.Series:
    """Return whether both hold: True, False, or None where it is open.

    Examples
    --------
    >>> truth = pd.Series([True, True, None, None], dtype=object)
    >>> both(truth, pd.Series([True, None, None, False], dtype=object)).tolist()
    [True, None, None, False]
    """
    fails = (one == False) | (other == False)  # noqa: E712 (three-valued)
    holds = (one == True) & (other == True)  # noqa: E712
    told = np.full(len(one), None, dtype=object)
    told[fails.to_numpy(dtype=bool)] = False
    told[holds.to_numpy(dtype=bool)] = True
    return pd.Series(told, index=one.index, dtype="object")


def is_new_quota(kind: pd.Series) -> pd.Series:
    """Tell 新增建设用地指标 from other kinds by its words; None where nothing is written."""
    return kind.fillna("").astype(str).str.contains("新增").astype("object").where(kind.notna(), None)


def quota_years(plots: pd.DataFrame, position: pd.Series | None, rules: Mapping[str, Rule]) -> pd.DataFrame:
    """Return one row a year: land by use, the range of the share, and the verdict.

    Parameters
    ----------
    plots : DataFrame
        ``quota_year``, ``quota_kind``, ``approved_on``, ``is_in_park``, ``is_industrial``, ``plot_area_mu`` [亩].
    position : Series, optional
        界内, 界外, 跨界 by the approved boundary, where there is one.
    rules : Mapping
        ``dongkou.park_quota``; not in force where it is missing.

    Notes
    -----
    洞政办发〔2021〕60号 四-15. Share = Σ 园区工业 ÷ Σ 新增指标. Least: what may be otherwise is otherwise, and land that
    is perhaps of the year is added where it lowers the share; most: the reverse. A plot whose year is unknown may be of
    any year up to that of its approval.
    """
    is_new, use = is_new_quota(plots["quota_kind"]), both(in_park(plots, position), plots["is_industrial"])
    year, latest = plots["quota_year"], plots["approved_on"].dt.year
    counts = is_new != False  # noqa: E712 (three-valued: what is known to be something else is left out)
    rows = []
    for each in sorted({int(one) for one in year[counts].dropna()}):
        may_be = (year == each) | (year.isna() & ((latest >= each) | latest.isna()))
        sure = (is_new == True) & (year == each)  # noqa: E712
        doubtful = counts & may_be & ~sure
        rows.append({"quota_year": each} | _of_year(plots["plot_area_mu"], use, sure, doubtful))
    frame = pd.DataFrame(rows, columns=[name for name in COLUMNS if not rows or name in rows[0]])
    return _judged(frame, rules.get(RULE))


def _of_year(land: pd.Series, use: pd.Series, sure: pd.Series, doubtful: pd.Series) -> dict[str, Any]:
    scale = 10**AREA_DECIMALS
    whole = pd.Series(round_half_up(land * scale, 0), index=land.index)
    is_park, is_other, is_open = use == True, use == False, use.isna()  # noqa: E712

    def of(mask: pd.Series) -> float:
        return float(whole[mask].sum())

    park, other, unsure = of(sure & is_park), of(sure & is_other), of(sure & is_open)
    blank = (sure | doubtful) & land.isna()
    low = park, park + other + unsure + of(doubtful & ~is_park)
    top = park + unsure + of(doubtful & ~is_other)
    high = top, top + other
    least, most = (part / total if total else np.nan for part, total in (low, high))
    least = 0.0 if (blank & ~is_park).any() else least
    most = 1.0 if (blank & ~is_other).any() else most
    known = park + other + unsure
    return {
        "plots_count": int(sure.sum()), "quota_new_mu": known / scale, "quota_park_mu": park / scale,
        "quota_other_mu": other / scale, "quota_unsure_mu": unsure / scale, "quota_doubtful_mu": of(doubtful) / scale,
        "plots_without_area": int(blank.sum()), "park_quota_least": least, "park_quota_most": most,
        "park_quota_share": least if least == most else np.nan,
    }  # fmt: skip


def _judged(frame: pd.DataFrame, rule: Rule | None) -> pd.DataFrame:
    """Add the verdict: only where both ends of the range lie on one side of the line."""
    if not len(frame):
        return pd.DataFrame(columns=list(COLUMNS))
    least, most = frame["park_quota_least"] * 100, frame["park_quota_most"] * 100
    if rule is None:
        return frame.assign(operator="", threshold="", verdict=NOT_APPLICABLE, reason="没有适用的标准（评价基准日未施行，或本单位已停用）",
                            document="", clause="", basis="")[list(COLUMNS)]  # fmt: skip
    low, high = (compare(end, rule.operator, rule.number, rule.decimals) for end in (least, most))
    open_end = least.isna() | most.isna()
    is_settled = (low == high) & ~open_end & ((rule.operator != "=") | (least == most))
    early = frame["quota_year"] < rule.valid_from.year
    verdict = np.select([early, ~is_settled, low], [NOT_APPLICABLE, UNKNOWN, MET], default=NOT_MET)
    span = (
        figures(least, rule.decimals)
        + "%"
        + ("～" + figures(most, rule.decimals) + "%").where(least != most, "")
    )
    line = f"{rule.operator} {float(rule.number):g}%"
    said = "占比 " + span
    said = said.mask(open_end.to_numpy(), "没有已知的新增指标面积")
    unsure = "，有用途、位置、面积、年度或指标类型未定的地块，可能达到也可能不到 " + line
    tail = np.select([early, ~is_settled], ["，早于方案施行年度", unsure], default="，标准 " + line)
    return frame.assign(
        operator=rule.operator, threshold=f"{float(rule.number):g}%", verdict=verdict,
        reason=said + pd.Series(tail, index=frame.index), document=rule.document, clause=rule.clause,
        basis=BASES[rule.basis] + (f"；{rule.override}" if rule.override else ""),
    )[list(COLUMNS)]  # fmt: skip
