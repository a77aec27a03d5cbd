"""The findings frame: one row a unit × rule, each with value, line, verdict, reason, clause and evidence."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.standards.rules import BASES, KINDS, Rule
from landeval.units import round_half_up

MET, NOT_MET, UNKNOWN, NOT_APPLICABLE = "达标", "不达标", "无法判定", "不适用"
COLUMNS = (
    "unit_kind", "unit_id", "rule_id", "rule_label", "value", "operator", "threshold", "measure_unit", "verdict",
    "reason", "document", "clause", "rule_kind", "basis", "evidence",
)  # fmt: skip


def compare(
    values: pd.Series, operator: str, line: Fraction | pd.Series, decimals: int
) -> npt.NDArray[np.bool_]:
    """Compare after rounding both sides to the rule's decimals; unknown compares as False.

    Parameters
    ----------
    values : Series of float
    operator : str
        ``>``, ``>=``, ``<``, ``<=`` or ``=``.
    line : Fraction or Series of float
    decimals : int

    Examples
    --------
    >>> import pandas as pd
    >>> compare(pd.Series([15.0, 15.0001, 15.00004, None]), ">", Fraction(15), 4).tolist()
    [False, True, False, False]
    """
    left = np.rint(round_half_up(values, decimals) * 10**decimals)
    right = np.rint(
        round_half_up(float(line) if isinstance(line, Fraction) else line, decimals) * 10**decimals
    )
    with np.errstate(invalid="ignore"):
        result = {
            ">": left > right,
            ">=": left >= right,
            "<": left < right,
            "<=": left <= right,
            "=": left == right,
        }
    return np.asarray(result[operator], dtype=bool)


def figures(values: pd.Series, decimals: int) -> pd.Series:
    """Write numbers with up to ``decimals`` decimals, as compared; empty where unknown."""
    rounded = pd.Series(round_half_up(values, decimals) + 0.0, index=values.index)  # no “-0”
    text = (
        rounded.map(f"{{:.{decimals}f}}".format)
        .astype("object")
        .str.replace(r"(\.\d*?)0+$", r"\1", regex=True)
        .str.rstrip(".")
    )
    return text.where(values.notna(), "")


def dates(values: pd.Series) -> pd.Series:
    """Write dates as 2024-12-31; empty where unknown."""
    text = pd.Series(values.dt.strftime("%Y-%m-%d"), index=values.index, dtype="object")
    return text.where(values.notna(), "")


def findings(
    rule: Rule,
    ids: pd.Index,
    *,
    value: Any,
    threshold: Any,
    verdict: Any,
    reason: Any,
    evidence: Any,
    unit: str | None = None,
    kind: Any = None,
) -> pd.DataFrame:
    """Make the findings of one rule for all parcels; columns as in ``COLUMNS``."""
    frame = pd.DataFrame(
        {
            "unit_kind": "宗地",
            "unit_id": ids,
            "rule_id": rule.rule_id,
            "rule_label": rule.label,
            "value": np.asarray(value, dtype=object),
            "operator": rule.operator,
            "threshold": threshold if isinstance(threshold, str) else np.asarray(threshold, dtype=object),
            "measure_unit": rule.unit if unit is None else unit,
            "verdict": np.asarray(verdict, dtype=object),
            "reason": np.asarray(reason, dtype=object),
            "document": rule.document,
            "clause": rule.clause,
            "rule_kind": KINDS[rule.kind] if kind is None else np.asarray(kind, dtype=object),
            "basis": BASES[rule.basis] + (f"；{rule.override}" if rule.override else ""),
            "evidence": np.asarray(evidence, dtype=object),
        }
    )
    return frame[list(COLUMNS)]
