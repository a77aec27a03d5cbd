"""What every low-use rule looks at, and the cases with which each of them begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.judge.findings import NOT_APPLICABLE, UNKNOWN, Telling
from landeval.judge.wording import missing
from landeval.project import Switches
from landeval.standards.rules import Rule
from landeval.timeline import full_years_from

OUT = "闲置、豁免、预警或建设期宗地不评价低效"
OUTPUT = "output_wan_yuan_per_mu"


class Setting(NamedTuple):
    """The parcels and all that is known of them on the day of judgement.

    Attributes
    ----------
    parcels : DataFrame
        Index ``parcel_id``.
    facts : DataFrame
        As made by ``judge_idle``.
    ratios : Mapping
        Year → the three ratios [万元/亩], index ``parcel_id``.
    year : int
        The data year.
    as_of : Timestamp
    rules : Mapping
    switches : Switches
    is_out : array of bool
        Parcels to which low-use does not apply: idle, exempt, warned, not due or under construction.
    evidence : DataFrame
        Index ``parcel_id``, a column an operand.
    """

    parcels: pd.DataFrame
    facts: pd.DataFrame
    ratios: Mapping[int, pd.DataFrame]
    year: int
    as_of: pd.Timestamp
    rules: Mapping[str, Rule]
    switches: Switches
    is_out: npt.NDArray[np.bool_]
    evidence: pd.DataFrame

    @property
    def is_year_over(self) -> bool:
        """Whether the data year has ended by the day of judgement."""
        return self.as_of >= pd.Timestamp(self.year, 12, 31)

    def of_year(self, quantity: str, back: int = 0) -> pd.Series:
        """Return a ratio of the data year, or of so many years before; unknown where there is none."""
        frame = self.ratios.get(self.year - back, pd.DataFrame())
        column = frame[quantity] if quantity in frame else pd.Series(dtype="float64")
        return column.reindex(self.parcels.index)

    def proof(self, *names: str) -> pd.Series:
        """Return where the operands were written, ； between."""
        told = pd.Series("", index=self.parcels.index, dtype="object")
        for name in names:
            more = self.evidence[name].reindex(told.index).fillna("")
            told = told + np.where((told != "") & (more != ""), "；", "") + more
        return told

    def is_written(self, name: str) -> pd.Series:
        """Tell for which parcels some table has a column for a field, filled in or blank."""
        return self.evidence[name].reindex(self.parcels.index).fillna("") != ""

    def is_unsure(self, *names: str) -> pd.Series:
        """Tell where one of these dates is written but cannot be read, or contradicts itself."""
        return self.parcels["unsure_dates"].fillna("").astype(str).str.contains("|".join(names))

    def full_from(self, dates: pd.Series, rule: Rule) -> pd.Series:
        """Return the first day on which the rule's years (or months of a year) are over."""
        years = rule.whole if rule.unit == "年" else rule.whole // 12
        counts = self.switches.anniversary_counts and rule.operator == ">="
        return full_years_from(dates, years, anniversary_counts=counts)

    def begin(self, rule: Rule) -> Telling:
        """Open a rule: what it does not apply to, and land whose use nobody knows."""
        told = Telling(rule, len(self.parcels))
        industrial = self.parcels["is_industrial"]
        told.tell(self.is_out, NOT_APPLICABLE, OUT)
        told.tell(industrial == False, NOT_APPLICABLE, "非工业用地")  # noqa: E712 (three-valued)
        told.tell(industrial.isna(), UNKNOWN, "土地用途未知；缺" + missing("land_use"))
        return told


def at(texts: Any) -> npt.NDArray[np.object_]:
    """Return texts as an array to take rows from."""
    return np.asarray(texts, dtype=object)
