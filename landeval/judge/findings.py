"""The findings frame: one row a unit × rule, each with value, line, verdict, reason, clause and evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from landeval.standards.rules import BASES, KINDS, Rule
from landeval.units import round_half_up

VERDICTS = MET, NOT_MET, UNKNOWN, NOT_APPLICABLE = ("达标", "不达标", "无法判定", "不适用")
_VERDICT = pd.CategoricalDtype(list(VERDICTS))
COLUMNS = (
    "unit_kind", "unit_id", "rule_id", "rule_label", "value", "operator", "threshold", "measure_unit", "verdict",
    "reason", "document", "clause", "rule_kind", "basis", "evidence",
)  # fmt: skip

Texts = npt.NDArray[np.object_]
Places: TypeAlias = pa.Array
"""Where figures stand, one text a parcel, empty where nowhere: the longest texts of a run."""
Rows = npt.NDArray[np.intp]
Reason = str | Callable[[Rows], Any]


@dataclass(frozen=True)
class Finding:
    """What one rule says of every parcel; arrays in the order of the parcels.

    Attributes
    ----------
    rule : Rule
    verdict : Categorical of ``VERDICTS``
    reason, value, threshold : array of text
    evidence : Places
    unit : str
        Unit of value and threshold.
    kind : array of text
        目标, 准入, 法定, 参考, 建议 or 对标参考.
    """

    rule: Rule
    verdict: pd.Categorical
    reason: Texts
    value: Texts
    threshold: Texts
    evidence: Places
    unit: str
    kind: Texts


class Telling:
    """Tells the finding of one rule case by case: of the cases that fit a parcel the first decides."""

    def __init__(self, rule: Rule, size: int) -> None:
        self.rule = rule
        self._verdict: npt.NDArray[np.int8] = np.full(size, -1, dtype="int8")
        self.reason: Texts = np.full(size, "", dtype=object)

    def of(self, rule: Rule) -> Telling:
        """Return the same for another rule: what has been told so far holds for both."""
        told = Telling(rule, 0)
        told._verdict, told.reason = self._verdict.copy(), self.reason.copy()
        return told

    def tell(self, fits: Any, verdict: str, reason: Reason) -> None:
        """Decide the parcels that fit and are still open.

        Parameters
        ----------
        fits : array or Series of bool, or True for all the rest
        verdict : str
        reason : str, or a function that writes the texts of the rows it is given
        """
        rows = np.flatnonzero((self._verdict < 0) & np.asarray(fits, dtype=bool))
        if len(rows):
            self._verdict[rows] = VERDICTS.index(verdict)
            self.reason[rows] = reason if isinstance(reason, str) else reason(rows)

    def finding(
        self, *, value: Any, threshold: Any, evidence: Places, unit: str | None = None, kind: Any = None
    ) -> Finding:
        """Return the finding; every parcel must have been decided."""
        assert (self._verdict >= 0).all(), f"{self.rule.rule_id}: a parcel without verdict"
        size = len(self._verdict)
        return Finding(
            self.rule,
            pd.Categorical.from_codes(self._verdict, dtype=_VERDICT),
            self.reason,
            _texts(value, size),
            _texts(threshold, size),
            evidence,
            self.rule.unit if unit is None else unit,
            _texts(KINDS[self.rule.kind] if kind is None else kind, size),
        )


def _texts(values: Any, size: int) -> Texts:
    return np.broadcast_to(np.asarray(values, dtype=object), size)


def as_frame(ids: pd.Index, findings: Sequence[Finding]) -> pd.DataFrame:
    """Put findings together: rule by rule, each for all parcels; columns as in ``COLUMNS``.

    What a rule says the same of every parcel, and the verdicts, are categories: half the columns of the largest table.
    """
    if not findings:
        return pd.DataFrame(columns=list(COLUMNS))
    size = len(ids)

    def each(name: str) -> pd.Series:
        texts = np.concatenate([getattr(one, name) for one in findings])
        return pd.Series(texts, dtype="object", copy=False)

    def by_rule(said: Callable[[Finding], str]) -> Any:
        which, texts = pd.factorize(np.array([said(one) for one in findings], dtype=object))
        return pd.Categorical.from_codes(np.repeat(which, size), dtype=pd.CategoricalDtype(list(texts)))

    verdicts = np.concatenate([one.verdict.codes for one in findings])
    places = pa.chunked_array([one.evidence for one in findings], pa.string())
    columns: dict[str, Any] = {
        "unit_kind": by_rule(lambda one: "宗地"),
        "unit_id": pd.Series(np.tile(ids.to_numpy(dtype=object), len(findings)), dtype="object", copy=False),
        "rule_id": by_rule(lambda one: one.rule.rule_id),
        "rule_label": by_rule(lambda one: one.rule.label),
        "value": each("value"),
        "operator": by_rule(lambda one: one.rule.operator),
        "threshold": each("threshold"),
        "measure_unit": by_rule(lambda one: one.unit),
        "verdict": pd.Categorical.from_codes(verdicts, dtype=_VERDICT),
        "reason": each("reason"),
        "document": by_rule(lambda one: one.rule.document),
        "clause": by_rule(lambda one: one.rule.clause),
        "rule_kind": each("kind"),
        "basis": by_rule(
            lambda one: BASES[one.rule.basis] + (f"；{one.rule.override}" if one.rule.override else "")
        ),
        "evidence": pd.Series(places, dtype="str"),
    }
    return pd.DataFrame({name: columns[name] for name in COLUMNS}, copy=False)


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
    """Write numbers with up to ``decimals`` decimals, as compared; empty where unknown.

    Examples
    --------
    >>> figures(pd.Series([15.0, -0.5, -0.00001, 1234.56789, 100.0, 1e20, None]), 4).tolist()
    ['15', '-0.5', '0', '1234.5679', '100', '100000000000000000000', '']
    >>> figures(pd.Series([100.0, -7.0]), 0).tolist()
    ['100', '-7']
    """
    which, each = pd.factorize(round_half_up(values, decimals) + 0.0)  # no “-0”; unknown is -1
    scaled = np.rint(np.abs(each) * 10.0**decimals)
    if scaled.max(initial=0.0) < 2.0**53:
        whole, rest = np.divmod(scaled.astype("int64"), 10**decimals)
        told = pa.array(whole).cast(pa.string())
        if decimals:
            tail = pc.utf8_lpad(pa.array(rest).cast(pa.string()), decimals, "0")
            told = pc.binary_join_element_wise(told, tail, ".")
    else:
        told = pa.array([f"{value:.{decimals}f}" for value in np.abs(each).tolist()], pa.string())
    if decimals:
        told = pc.utf8_rtrim(pc.utf8_rtrim(told, "0"), ".")
    sign = np.where(each < 0, "-", "").astype(object)
    texts = np.append(sign + told.to_numpy(zero_copy_only=False), "")
    return pd.Series(texts[which], index=values.index, dtype="object", copy=False)


def dates(values: pd.Series) -> pd.Series:
    """Write dates as 2024-12-31; empty where unknown."""
    which, each = pd.factorize(values.to_numpy().astype("datetime64[s]"))
    told = np.append(np.datetime_as_string(each.astype("datetime64[D]")).astype(object), "")
    return pd.Series(told[which], index=values.index, dtype="object", copy=False)
