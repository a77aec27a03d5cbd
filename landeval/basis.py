"""What judging needs of a run: made by ``run``, carried by ``Result``, kept by ``publish``, judged again by what-if."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from landeval.project import Switches
from landeval.standards.rules import Rule, rulebook

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "底稿"
"""Folder of a finished run that holds the frames of its basis, one Parquet file each."""
STATUS = "status"
"""Name of the file beside them that holds each parcel's class as the run decided it."""


@dataclass(frozen=True)
class Basis:
    """The inputs of ``judge``, complete: the same basis gives the same judgement.

    Attributes
    ----------
    parcels : DataFrame
        Index ``parcel_id``: every column that judging may read, without geometry.
    ratios : Mapping
        Year → ratios of that year, index ``parcel_id``.
    evidence : DataFrame
        Index ``parcel_id``; where each figure was written.
    year : int or None
        Data year.
    as_of : date
        Day of judgement.
    switches : Switches
    overrides : Mapping
        Rule id → the bureau's changes, as ``rulebook`` takes them.
    added_rules : Mapping
        Rule id → the versions of a rule of the bureau's own, as ``rulebook`` takes them.
    """

    parcels: pd.DataFrame
    ratios: Mapping[int, pd.DataFrame]
    evidence: pd.DataFrame
    year: int | None
    as_of: dt.date
    switches: Switches = field(default_factory=Switches)
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    added_rules: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    @property
    def rules(self) -> dict[str, Rule]:
        """The rules in force on the day of judgement."""
        return rulebook(self.as_of, self.overrides, self.added_rules)

    def asked(self, rules: Mapping[str, Rule] | None = None) -> dict[str, Any]:
        """Return the arguments of ``judge``, with other rules if given."""
        import pandas as pd

        return {
            "parcels": self.parcels,
            "ratios": self.ratios,
            "year": self.year,
            "as_of": pd.Timestamp(self.as_of),
            "rules": self.rules if rules is None else rules,
            "switches": self.switches,
            "evidence": self.evidence,
        }

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return every frame by the name of its file: a mapping by year gives one a year (``ratios_2024``)."""
        import pandas as pd

        found: dict[str, pd.DataFrame] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, pd.DataFrame):
                found[item.name] = value
            elif item.name == "ratios":
                found |= {f"{item.name}_{year}": frame for year, frame in sorted(value.items())}
        return found


def frame_fields(frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return the fields of a Basis that are frames, from what ``Basis.frames`` gave.

    Raises
    ------
    KeyError, ValueError
        A frame is missing, or one has a name that no field has.
    """
    names = {item.name for item in fields(Basis)}
    made: dict[str, Any] = {"ratios": {}}
    for name, frame in frames.items():
        head, _, year = name.rpartition("_")
        if head == "ratios":
            made["ratios"][int(year)] = frame
        elif name in names:
            made[name] = frame
        else:
            raise ValueError(name)
    return {"parcels": made["parcels"], "evidence": made["evidence"], **made}
