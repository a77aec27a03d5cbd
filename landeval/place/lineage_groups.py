"""Groups of linked parcels, and what kind of change each of them is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.year_change import (
    ADDED,
    BY_CODE,
    GONE,
    MERGED,
    RECODED,
    REGROUPED,
    RESHAPED,
    SAME,
    SPLIT,
    UNTRACED,
)

LINK_COLUMNS = (
    "lineage_group", "lineage_kind", "parcel_id_then", "parcel_id_now", "parcel_code_then", "parcel_code_now",
    "area_measured_m2_then", "area_measured_m2_now", "overlap_m2", "overlap_share_then", "overlap_share_now",
    "group_overlap_share",
)  # fmt: skip


class Side(NamedTuple):
    """A year's parcels in the order of their ids: codes ('' where unknown), shapes and areas [m²] (NaN without)."""

    ids: npt.NDArray[np.object_]
    codes: npt.NDArray[np.object_]
    shapes: npt.NDArray[np.object_]
    size: npt.NDArray[np.float64]


def grouped(pairs: pd.DataFrame, old: Side, new: Side, refused: pd.DataFrame) -> pd.DataFrame:
    """Return every link, and every parcel without one, with its group and kind.

    Parameters
    ----------
    pairs : DataFrame
        ``one``, ``other`` (positions before and after), ``overlap_m2`` (NaN: by code), ``is_alike``.
    old, new : Side
    refused : DataFrame
        ``one``, ``other``: same codes that could not be relied upon although a shape is missing.

    Returns
    -------
    DataFrame
        ``LINK_COLUMNS`` sorted by group; a group's number follows its first parcel.
    """
    count = len(old.ids)
    alone_a = np.setdiff1d(np.arange(count), pairs["one"])
    alone_b = np.setdiff1d(np.arange(len(new.ids)), pairs["other"])
    nodes = _components(
        pairs["one"].to_numpy(np.int64), count + pairs["other"].to_numpy(np.int64), count + len(new.ids)
    )
    unsure = (np.isin(alone_a, refused["one"]) | np.isnan(old.size[alone_a]),
              np.isin(alone_b, refused["other"]) | np.isnan(new.size[alone_b]))  # fmt: skip
    frame = pd.concat(
        [
            pairs.assign(node=nodes[pairs["one"].to_numpy(np.int64)], lineage_kind=_kinds(pairs, old, new, nodes)),
            pd.DataFrame({"one": alone_a, "node": nodes[alone_a], "lineage_kind": np.where(unsure[0], UNTRACED, GONE)}),
            pd.DataFrame({"other": alone_b, "node": nodes[count + alone_b], "lineage_kind": np.where(unsure[1], UNTRACED, ADDED)}),
        ],
        ignore_index=True,
    ).reindex(columns=[*pairs.columns, "node", "lineage_kind"])  # fmt: skip
    for side, at, name in ((old, "one", "then"), (new, "other", "now")):
        known = frame[at].notna().to_numpy()
        rows = frame[at][known].to_numpy(np.int64)
        for column, values in ((f"parcel_id_{name}", side.ids), (f"parcel_code_{name}", side.codes)):
            texts = np.full(len(frame), None, dtype=object)
            texts[known] = values[rows]
            frame[column] = pd.Series(texts, index=frame.index, dtype="object").replace("", None)
        size = np.full(len(frame), np.nan)
        size[known] = side.size[rows]
        frame[f"area_measured_m2_{name}"] = size
        frame[f"overlap_share_{name}"] = frame["overlap_m2"] / size
    frame["group_overlap_share"] = _overlap(frame)
    frame = frame.sort_values(["node", "one", "other"], kind="stable").reset_index(drop=True)
    number = frame["node"].ne(frame["node"].shift()).cumsum()
    width = max(4, len(str(int(number.max())))) if len(frame) else 4
    frame["lineage_group"] = ("组" + number.astype(str).str.zfill(width)).astype("object")
    return frame


def _components(
    one: npt.NDArray[np.int64], other: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.int64]:
    """Return for every node the smallest node that it hangs together with."""
    least = np.arange(count)
    while True:
        low = np.minimum(least[one], least[other])
        after = least.copy()
        np.minimum.at(after, one, low)
        np.minimum.at(after, other, low)
        after = after[after]  # follow what the smallest one has found itself
        if np.array_equal(after, least):
            return least
        least = after


def _kinds(
    pairs: pd.DataFrame, old: Side, new: Side, nodes: npt.NDArray[np.int64]
) -> npt.NDArray[np.object_]:
    """Name each pair's kind by how many parcels its group has before and after."""
    node = pd.Series(nodes[pairs["one"].to_numpy(np.int64)], index=pairs.index)
    before, after = (pairs.groupby(node)[name].transform("nunique") for name in ("one", "other"))
    codes = old.codes[pairs["one"]], new.codes[pairs["other"]]
    is_recoded = (codes[0] != codes[1]) & (codes[0] != "") & (codes[1] != "")
    is_single = (before == 1) & (after == 1)
    return np.asarray(
        np.select(
            [
                pairs["overlap_m2"].isna(),
                is_single & pairs["is_alike"] & ~is_recoded,
                is_single & pairs["is_alike"],
                is_single,
                before == 1,
                after == 1,
            ],
            [BY_CODE, SAME, RECODED, RESHAPED, SPLIT, MERGED],
            default=REGROUPED,
        ),
        dtype=object,
    )


def _overlap(frame: pd.DataFrame) -> pd.Series:
    """Return overlap ÷ union of each group's land before and after; NaN where no shape is compared."""
    by = frame["node"]
    sizes = [
        frame[f"area_measured_m2_{name}"].where(~frame.duplicated(["node", at])).groupby(by).transform("sum")
        for name, at in (("then", "one"), ("now", "other"))
    ]
    land = frame["overlap_m2"].groupby(by).transform("sum")
    return (land / (sizes[0] + sizes[1] - land)).where(frame["overlap_m2"].notna()).clip(upper=1.0)
