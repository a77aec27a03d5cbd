"""How last time's list has moved on: was the next step taken, has its day passed, is the land still a candidate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landeval.result import CANDIDATES, DONE
from landeval.year_change import GONE, STILL, UNTRACED

TAKEN, LATE, WAITING, NO_DAY = "下一步已办", "已过期限未办", "期限未到", "未办，没有法定期限"


def progress(
    parcels: pd.DataFrame,
    links: pd.DataFrame,
    then: pd.DataFrame,
    now: pd.DataFrame,
    calendar: pd.DataFrame,
    as_of_then: pd.Timestamp,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Follow every candidate of the earlier run.

    Parameters
    ----------
    parcels : DataFrame
        One row a parcel of the earlier run: ``parcel_id_then``, identity, ``lineage_kind``, ``status_then``,
        ``status_now``, ``year_outcome``.
    links : DataFrame
        The lineage.
    then, now : DataFrame
        ``Judgement.status`` of both runs.
    calendar : DataFrame
        Of the later run.
    as_of_then, as_of : Timestamp

    Returns
    -------
    DataFrame
        The candidates with ``route_then``, ``next_action_then``, ``next_deadline_then``, ``progress_state``,
        ``action_done_on`` (of last time's next step), ``steps_taken`` (since last time), ``is_candidate_now``,
        ``route_now``, ``next_action_now``, ``next_deadline_now`` (the earliest of several successors').
    """
    frame = parcels[parcels["status_then"].isin(CANDIDATES)].copy()
    ids = frame["parcel_id_then"]
    for name in ("route", "next_action", "next_deadline"):
        frame[f"{name}_then"] = then[name].reindex(ids).to_numpy()
    pairs = links.loc[links["parcel_id_then"].isin(ids), ["parcel_id_then", "parcel_id_now"]].dropna()
    done = calendar[(calendar["step_state"] == DONE) & (calendar["done_on"] <= as_of)]
    steps = pairs.merge(done[["parcel_id", "action", "done_on"]], left_on="parcel_id_now", right_on="parcel_id", how="inner")  # fmt: skip
    asked = steps["parcel_id_then"].map(frame.set_index("parcel_id_then")["next_action_then"])
    same = steps[(steps["action"] == asked) & asked.notna()]
    frame["action_done_on"] = same.groupby("parcel_id_then")["done_on"].min().reindex(ids).to_numpy()
    since = steps[steps["done_on"] > as_of_then].drop_duplicates(["parcel_id_then", "action"])
    taken = since.groupby("parcel_id_then").size().reindex(ids, fill_value=0)
    frame["steps_taken"] = taken.to_numpy(dtype="int64")

    heirs = pairs.merge(now, left_on="parcel_id_now", right_index=True, how="left", validate="m:1")
    heirs = heirs[heirs["status"].isin(CANDIDATES)].sort_values(
        ["next_deadline", "parcel_id_now"], na_position="last"
    )
    first = heirs.drop_duplicates("parcel_id_then").set_index("parcel_id_then")
    for name in ("route", "next_action", "next_deadline"):
        frame[f"{name}_now"] = first[name].reindex(ids).to_numpy()
    kind = frame["lineage_kind"]
    known = pd.Series(True, index=frame.index, dtype="object").mask(~ids.isin(first.index), False)
    frame["is_candidate_now"] = known.mask(kind == UNTRACED, None)
    frame["progress_state"] = np.select(
        [
            kind == GONE,
            kind == UNTRACED,
            frame["year_outcome"] != STILL,
            frame["action_done_on"].notna(),
            frame["next_deadline_then"].isna(),
            frame["next_deadline_then"] < as_of,
        ],
        ["宗地已消失", "去向不明", frame["year_outcome"], TAKEN, NO_DAY, LATE],
        default=WAITING,
    )
    order = frame["progress_state"].map({LATE: 0, NO_DAY: 1, WAITING: 2, TAKEN: 3}).fillna(4)
    return (
        frame.assign(order=order)
        .sort_values(["order", "next_deadline_then", "parcel_id_then"], na_position="last")
        .drop(columns="order")
        .reset_index(drop=True)
    )
