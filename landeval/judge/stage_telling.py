"""Tells the stage of every plot case by case: of the cases that fit a plot the first decides, so each has one stage."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


class Stages:
    """The stages of plots, told one case after the other.

    Parameters
    ----------
    index : Index
        The plots.
    """

    def __init__(self, index: pd.Index) -> None:
        self._stage = pd.Series(None, index=index, dtype="object")
        self._reason = pd.Series("", index=index, dtype="object")

    def tell(self, fits: Any, stage: str, reason: str | pd.Series) -> None:
        """Decide the plots that fit and are still open; ``fits`` is a mask, or True for all the rest."""
        here = self._stage.isna() & np.asarray(fits, dtype=bool)
        self._stage = self._stage.mask(here, stage)
        self._reason = self._reason.mask(here, reason)

    def frame(self) -> pd.DataFrame:
        """Return ``supply_stage`` and ``stage_reason``; every plot must have been decided."""
        assert self._stage.notna().all(), "a plot without stage"
        return pd.DataFrame({"supply_stage": self._stage, "stage_reason": self._reason})
