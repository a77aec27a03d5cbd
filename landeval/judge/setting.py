"""What every low-use rule looks at, and the cases with which each of them begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.judge.findings import NOT_APPLICABLE, UNKNOWN, Telling, Texts, dates, figures
from landeval.judge.proof import Proof
from landeval.judge.wording import missing
from landeval.project import Switches
from landeval.standards.rules import Rule
from landeval.timeline import full_months_from

COMPLETION = ("agreed_completion", "extended_completion", "actual_completion")
OUT = "闲置、预警或建设期宗地不评价低效"
OUTPUT = "output_wan_yuan_per_mu"


@dataclass(frozen=True)
class Setting:
    """The parcels and all that is known of them on the day of judgement.

    Attributes
    ----------
    parcels : DataFrame
        Index 0, 1, 2 …, as that of every other frame here: text indexes cost most of the time of a judgement.
    ids : Index
        ``parcel_id`` of each.
    facts : DataFrame
        As made by ``judge_idle``.
    ratios : Mapping
        Year → the three ratios [万元/亩].
    year : int
        The data year.
    as_of : Timestamp
    rules : Mapping
    switches : Switches
    is_out : array of bool
        Parcels to which low-use does not apply: idle, warned, not due or under construction.
    proof : Proof
        Where each operand was written.
    """

    parcels: pd.DataFrame
    ids: pd.Index
    facts: pd.DataFrame
    ratios: Mapping[int, pd.DataFrame]
    year: int
    as_of: pd.Timestamp
    rules: Mapping[str, Rule]
    switches: Switches
    is_out: npt.NDArray[np.bool_]
    proof: Proof

    @property
    def is_year_over(self) -> bool:
        """Whether the data year has ended by the day of judgement."""
        return self.as_of >= pd.Timestamp(self.year, 12, 31)

    def of_year(self, quantity: str, back: int = 0) -> pd.Series:
        """Return a ratio of the data year, or of so many years before; unknown where there is none."""
        frame = self.ratios.get(self.year - back)
        if frame is None or quantity not in frame:
            return pd.Series(np.nan, index=self.parcels.index)
        return frame[quantity]

    @cached_property
    def _texts(self) -> dict[tuple[str, int], Texts]:
        return {}

    def day(self, name: str) -> Texts:
        """Return a date of every parcel as text, written once for all rules."""
        return self._written(name, 0, lambda: dates(self.parcels[name]))

    def figure(self, quantity: str, decimals: int, back: int = -1) -> Texts:
        """Return a figure of the parcels, or a ratio of so many years back, as text; written once for all rules."""
        values = self.parcels[quantity] if back < 0 else self.of_year(quantity, back)
        return self._written(quantity, 10 * back + decimals, lambda: figures(values, decimals))

    def _written(self, name: str, form: int, write: Callable[[], pd.Series]) -> Texts:
        if (name, form) not in self._texts:
            self._texts[name, form] = write().to_numpy(dtype=object)
        return self._texts[name, form]

    def is_unsure(self, *names: str) -> npt.NDArray[np.bool_]:
        """Tell where one of these dates is written but cannot be read, or contradicts itself."""
        rows = np.flatnonzero(self.parcels["unsure_dates"].notna())
        found = np.zeros(len(self.parcels), dtype=bool)
        found[rows] = self.parcels["unsure_dates"].iloc[rows].astype(str).str.contains("|".join(names))
        return found

    def full_from(self, dates: pd.Series, rule: Rule) -> pd.Series:
        """Return the first day on which the rule's years or months are over."""
        return full_from(dates, rule, self.switches)

    def begin(self, rule: Rule, *, in_use: bool = True) -> Telling:
        """Open a rule: what it does not apply to, and land whose use nobody knows.

        ``in_use``: the rule is of land that is built; where nobody can tell whether it still is being built, neither
        can the rule.
        """
        return (self._of_use if in_use else self._of_land).of(rule)

    @cached_property
    def is_other_use(self) -> npt.NDArray[np.bool_]:
        """Parcels that are known not to be industrial."""
        return np.asarray(self.parcels["is_industrial"] == False, dtype=bool)  # noqa: E712 (three-valued)

    @cached_property
    def is_use_unknown(self) -> npt.NDArray[np.bool_]:
        """Parcels of whose use nobody knows."""
        return self.parcels["is_industrial"].isna().to_numpy()

    @cached_property
    def _of_land(self) -> Telling:
        """Tell what is alike for every low-use rule."""
        told = Telling(next(iter(self.rules.values())), len(self.parcels))
        told.tell(self.is_out, NOT_APPLICABLE, OUT)
        told.tell(self.is_other_use, NOT_APPLICABLE, "非工业用地")
        told.tell(self.is_use_unknown, UNKNOWN, "土地用途未知；缺" + missing("land_use"))
        return told

    @cached_property
    def _of_use(self) -> Telling:
        """Tell what is alike for every low-use rule of land that is built."""
        told = self._of_land.of(self._of_land.rule)
        building = self.facts["is_building_unknown"]
        unread = "竣工日期已填写但无法识别，是否仍在建设期待核实"
        blank = "没有竣工日期、约定竣工日期和投产记录，是否仍在建设期未知；缺" + missing("agreed_completion")
        told.tell(building & self.is_unsure(*COMPLETION), UNKNOWN, unread)
        told.tell(building, UNKNOWN, blank)
        return told


def full_from(dates: pd.Series, rule: Rule, switches: Switches) -> pd.Series:
    """Return the first day on which the years or months of a rule are over; “more than” is never met on the day itself."""
    months = rule.whole * (12 if rule.unit == "年" else 1)
    counts = switches.anniversary_counts and rule.operator == ">="
    return full_months_from(dates, months, anniversary_counts=counts)


def at(texts: Any) -> npt.NDArray[np.object_]:
    """Return texts as an array to take rows from."""
    return np.asarray(texts, dtype=object)


def is_producing(setting: Setting) -> pd.Series:
    """Tell where something is produced this year or was last year, or the enterprise says so, whatever a date says."""
    running = setting.parcels["operation"].isin(("生产", "半停产"))
    return running | (setting.of_year(OUTPUT) > 0) | (setting.of_year(OUTPUT, 1) > 0)
