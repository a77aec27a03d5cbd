"""The stage of the run's own parcels: all of them supplied land, by their dates, buildings, figures and class."""

from __future__ import annotations

import pandas as pd

from landeval.judge.findings import NOT_MET, dates
from landeval.judge.stage_telling import Stages
from landeval.land_supply import BUILT, OUT, PARTLY, UNDECIDED, UNUSED
from landeval.units import M2_PER_MU

UNSTARTED = ("涉嫌闲置(未动工)", "逾期未动工预警")
SUSPENDED = "涉嫌闲置(中止开发)"
UNUSED_RULE = "lowuse.unused"


def parcel_stages(
    parcels: pd.DataFrame,
    status: pd.Series,
    findings: pd.DataFrame,
    start_places: pd.Series,
    as_of: pd.Timestamp,
    *,
    operating_counts: bool,
) -> pd.DataFrame:
    """Decide the stage of every parcel of the run.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; as judged.
    status : Series
        The class of each.
    findings : DataFrame
        Of the run; ``lowuse.unused`` not met means land left over.
    start_places : Series
        Where the actual start was written; empty where no table has such a column.
    as_of : Timestamp
    operating_counts : bool
        Take output or tax of the year as a sign that the land is built (the project's switch).

    Returns
    -------
    DataFrame
        ``supply_stage``, ``stage_reason``, ``plot_unused_mu`` [亩, NaN unknown], ``supplied_on``.
    """
    index = parcels.index
    unread = parcels["unsure_dates"].fillna("").astype(str).str.contains("actual_start|actual_completion")
    begun = (parcels["actual_start"] <= as_of) | (parcels["suspended_on"] <= as_of)
    done = parcels["actual_completion"] <= as_of
    held = (
        parcels["holder_name"].notna() | (parcels["signed_on"] <= as_of) | (parcels["delivered_on"] <= as_of)
    )
    stands = parcels["footprint_m2"] > 0
    runs = parcels["is_operating"].astype(bool) & operating_counts
    left = findings[(findings["rule_id"] == UNUSED_RULE) & (findings["verdict"] == NOT_MET)]
    has_left = pd.Series(index.isin(left["unit_id"]), index=index)
    asked = start_places.reindex(index).fillna("") != ""
    why_left = "，另有可分割的未利用土地达到低效标准"
    done_on, begun_on = (
        ("竣工 " + dates(parcels["actual_completion"])),
        ("动工 " + dates(parcels["actual_start"])),
    )
    begun_on = begun_on.where(parcels["actual_start"].notna(), "停建 " + dates(parcels["suspended_on"]))
    note = pd.Series("", index=index).mask(stands, "；图上有建筑，须核实")
    told = Stages(index)
    told.tell(parcels["is_state_owned"] == False, OUT, "集体土地，不是国有供地")  # noqa: E712 (three-valued)
    told.tell(~held, UNDECIDED, "没有权利人和合同日期，是否已供未知")
    told.tell(status.isin(UNSTARTED), UNUSED, "本次评价为" + status + note)
    told.tell(done & has_left, PARTLY, done_on + why_left)
    told.tell(done, BUILT, done_on)
    told.tell(status == SUSPENDED, PARTLY, "本次评价为" + status)
    told.tell(unread, UNDECIDED, "动工或竣工日期已填写但不能识别")
    told.tell(runs & has_left, PARTLY, "没有竣工日期，当年有产值或税收" + why_left)
    told.tell(runs, BUILT, "没有竣工日期，当年有产值或税收，视为建成")
    told.tell(begun, PARTLY, begun_on + "，未见竣工（含建设期内）")
    told.tell(stands, PARTLY, "图上有建筑，没有动工、竣工日期")
    told.tell(asked & parcels["actual_start"].isna(), UNUSED, "未见动工")
    told.tell(True, UNDECIDED, "没有动工、竣工资料")
    unused = parcels["unused_separable_m2"] / float(M2_PER_MU)
    frame = told.frame()
    return frame.assign(
        plot_unused_mu=unused.where(frame["supply_stage"] == PARTLY),
        supplied_on=parcels["signed_on"].combine_first(parcels["delivered_on"]),
    )
