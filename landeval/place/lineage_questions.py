"""What in a lineage a person must look at: codes that moved, land that two parcels hold, parcels nobody can follow."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.place.lineage_groups import Side
from landeval.year_change import ADDED, GONE, RESHAPED, UNLIKE, UNTRACED

COLUMNS = ("code", "parcel_id_then", "parcel_id_now", "lineage_detail")


def questions(frame: pd.DataFrame, over: pd.DataFrame, old: Side, new: Side) -> pd.DataFrame:
    """Return ``COLUMNS``: E585 a code elsewhere, E587 land held twice, E588 hardly the same land, E589 not traced.

    Parameters
    ----------
    frame : DataFrame
        As made by ``grouped``.
    over : DataFrame
        ``one``, ``other``, ``land``: links not followed, since one of the two stands unchanged in both years.
    old, new : Side
    """
    parts = [_elsewhere(frame, old, new), _over(frame, over, old, new)]
    moved = frame[(frame["lineage_kind"] == RESHAPED) & (frame["group_overlap_share"] < UNLIKE)]
    told = [f"两次的图形只重合 {share:.1%}" for share in moved["group_overlap_share"]]
    parts.append(_asked("E588", moved["parcel_id_then"], moved["parcel_id_now"], told))
    lost = frame[frame["lineage_kind"] == UNTRACED]
    side = np.where(lost["parcel_id_then"].notna(), "上次的宗地", "本次的宗地")
    parts.append(_asked("E589", lost["parcel_id_then"], lost["parcel_id_now"], side))
    return pd.concat(parts, ignore_index=True)


def doubtful_codes(refused: pd.DataFrame, old: Side, new: Side) -> pd.DataFrame:
    """Return E586 for every pair of one code that could not be relied upon, with the reason."""
    linked = refused["is_linked_one"] | refused["is_linked_other"]
    told = np.select(
        [refused["is_repeated"], linked], ["同一代码有几宗", "其中一宗已按图形与别的宗地对上"], default=""
    )
    return _asked("E586", old.ids[refused["one"]], new.ids[refused["other"]], told)


def _elsewhere(frame: pd.DataFrame, old: Side, new: Side) -> pd.DataFrame:
    """Ask about a code that each year has once, with a shape in both, in different groups."""
    group = [
        frame[frame[name].notna()].drop_duplicates(name).set_index(name)["node"]
        for name in ("parcel_id_then", "parcel_id_now")
    ]
    sides = [
        pd.DataFrame({"code": side.codes, "id": side.ids, "node": node.reindex(side.ids).to_numpy()})[
            (side.codes != "") & ~np.isnan(side.size)
        ].drop_duplicates("code", keep=False)
        for side, node in zip((old, new), group, strict=True)
    ]
    both = sides[0].merge(sides[1], on="code", how="inner", suffixes=("_before", "_after"), validate="1:1")
    both = both[both["node_before"] != both["node_after"]]
    return _asked("E585", both["id_before"], both["id_after"], [f"代码 {code}" for code in both["code"]])


def _over(frame: pd.DataFrame, over: pd.DataFrame, old: Side, new: Side) -> pd.DataFrame:
    """Ask about a parcel that is new or gone while its land belongs to one that stands in both years."""
    ids = old.ids[over["one"]], new.ids[over["other"]]
    gone = frame.loc[frame["lineage_kind"] == GONE, "parcel_id_then"]
    fresh = frame.loc[frame["lineage_kind"] == ADDED, "parcel_id_now"]
    concerned = np.isin(ids[0], gone) | np.isin(ids[1], fresh)
    told = [f"共同的面积 {land:,.1f} ㎡" for land in over["land"][concerned]]
    return _asked("E587", ids[0][concerned], ids[1][concerned], told)


def _asked(code: str, before: npt.ArrayLike, after: npt.ArrayLike, detail: npt.ArrayLike) -> pd.DataFrame:
    told = [np.asarray(values, dtype=object) for values in (before, after, detail)]
    return pd.DataFrame(dict(zip(COLUMNS, [np.full(len(told[0]), code, dtype=object), *told], strict=True)))
