"""Where each operand of the parcels was written, held so that sixteen rules can cite it without asking twice."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from landeval.judge.findings import Places


class Proof:
    """The evidence of all parcels, in their order.

    Parameters
    ----------
    evidence : DataFrame
        Index ``parcel_id``; a column an operand: where it was written, empty where no table has such a column.
    ids : Index
        The parcels wanted.
    """

    def __init__(self, evidence: pd.DataFrame, ids: pd.Index) -> None:
        frame = evidence if evidence.index.equals(ids) else evidence.reindex(ids)
        self._places = {str(name): _blank_to_null(frame[name]) for name in frame}
        self._written: dict[str, npt.NDArray[np.bool_]] = {}

    def knows(self, name: str) -> bool:
        """Tell whether the places of a field were looked up at all."""
        return name in self._places

    def is_written(self, name: str) -> npt.NDArray[np.bool_]:
        """Tell for which parcels some table has a column for a field, filled in or blank."""
        if name not in self._written:
            self._written[name] = self._places[name].is_valid().to_numpy(zero_copy_only=False)
        return self._written[name]

    def cells(self, *names: str, only: npt.NDArray[np.bool_] | None = None) -> Places:
        """Write where several operands stand, ； between; what no table has a place for is left out.

        ``only`` keeps the operands behind the first to some parcels.
        """
        told = self._places[names[0]]
        for name in names[1:]:
            more = self._places[name]
            told = _joined(told, more if only is None else pc.if_else(pa.array(only), more, None))
        return pc.fill_null(told, "")

    def beside(self, told: Places, name: str, only: npt.NDArray[np.bool_], *, before: str) -> Places:
        """Write behind what is told where one more operand stands, with a word before it, for some parcels."""
        if not self.knows(name):
            return told
        more = pc.binary_join_element_wise(before, self._places[name], "")
        blank = pc.if_else(pc.equal(told, ""), None, told)
        return pc.fill_null(_joined(blank, pc.if_else(pa.array(only), more, None)), "")

    def years(self, quantity: str) -> Places:
        """Write where a quantity of the data year stands, and behind it where that of the year before does."""
        before = pc.binary_join_element_wise("上年：", self._places[f"{quantity}_last_year"], "")
        return pc.fill_null(_joined(self._places[quantity], before), "")


def _joined(told: pa.Array, more: pa.Array) -> pa.Array:
    return pc.coalesce(pc.binary_join_element_wise(told, more, "；"), told, more)


def _blank_to_null(texts: pd.Series) -> pa.Array:
    places = pa.array(texts, pa.string(), from_pandas=True)
    return pc.if_else(pc.equal(places, ""), None, places)
