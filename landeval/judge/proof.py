"""Where each operand of the parcels was written, held so that sixteen rules can cite it without asking twice."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.judge.findings import Texts


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
        frame = evidence if evidence.index.equals(ids) else evidence.reindex(ids).fillna("")
        self._texts: dict[str, Texts] = {str(name): frame[name].to_numpy(dtype=object) for name in frame}
        self._written: dict[str, npt.NDArray[np.bool_]] = {}

    def knows(self, name: str) -> bool:
        """Tell whether the places of a field were looked up at all."""
        return name in self._texts

    def is_written(self, name: str) -> npt.NDArray[np.bool_]:
        """Tell for which parcels some table has a column for a field, filled in or blank."""
        if name not in self._written:
            self._written[name] = np.asarray(self._texts[name] != "", dtype=bool)
        return self._written[name]

    def cells(self, *names: str, only: npt.NDArray[np.bool_] | None = None) -> Texts:
        """Write where several operands stand, ； between; what no table has a place for is left out.

        ``only`` keeps the operands behind the first to some parcels.
        """
        told, has = self._texts[names[0]].copy(), self.is_written(names[0]).copy()
        for name in names[1:]:
            more, adds = self._texts[name], self.is_written(name)
            adds = adds if only is None else adds & only
            behind, first = np.flatnonzero(has & adds), np.flatnonzero(adds & ~has)
            told[first] = more[first]
            told[behind] = told[behind] + "；" + more[behind]
            has = has | adds
        return told
