"""One stage a plot of the two accounts there are of it, the stock table's and the run's own; what differs is told."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landeval import issues
from landeval.judge.findings import dates, figures
from landeval.land_supply import AREA_DECIMALS, IN_BOTH, IN_RUN, IN_STOCK, PARTLY, UNDECIDED
from landeval.sources import SOURCE_COLUMNS
from landeval.units import round_half_up
from landeval.vocabulary.fields import label

_PLACE = list(SOURCE_COLUMNS)
NOTICE_MU = 0.075
"""50 ㎡, from which a difference of two areas is told (as for parcels)."""
NOTICE_SHARE = 0.01


def combined(
    stock: pd.DataFrame,
    by_stock: pd.DataFrame,
    parcels: pd.DataFrame,
    by_run: pd.DataFrame,
    parcel_of: pd.Series,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put the plots of the table and the parcels of the run together, each piece of land once.

    Where both decide and say the same supplied side, the run's stage counts (it rests on contracts, dates and
    buildings); where only one decides, that one; where the table says that nothing is supplied yet, neither.

    Parameters
    ----------
    stock, by_stock : DataFrame
        Index ``plot_id``: the table, and what ``stock_stages`` says.
    parcels, by_run : DataFrame
        Index ``parcel_id``: the run's parcels, and what ``parcel_stages`` says.
    parcel_of : Series
        ``parcel_id`` of each plot, None where it is in the table only.

    Returns
    -------
    DataFrame, DataFrame of issues
        Index ``plot_id``: the table's fields, ``parcel_id``, ``supply_stage``, ``stage_reason``, ``stage_source``,
        ``plot_area_mu``, ``plot_unused_mu``, ``supplied_on``. A parcel that is not in the table has its own id.
    """
    tied = parcel_of.notna()
    at = parcel_of[tied]
    mine, theirs = by_stock.loc[at.index], by_run.reindex(at).set_axis(at.index)
    clash = (mine["is_known_supplied"] == False).to_numpy(dtype=bool)  # noqa: E712 (three-valued)
    theirs_known = (theirs["supply_stage"] != UNDECIDED).to_numpy()
    mine_known = (mine["supply_stage"] != UNDECIDED).to_numpy()
    own = mine["supply_stage"]
    stage = own.mask(theirs_known, theirs["supply_stage"]).mask(clash, UNDECIDED)
    said_table, said_run = "供地表：" + mine["stage_reason"], "宗地：" + theirs["stage_reason"]
    reason = said_table.mask(theirs_known, said_run).mask(
        ~theirs_known & ~mine_known, said_table + "；" + said_run
    )
    reason = reason.mask(clash, "供地表作未供，宗地有权利人或合同；" + said_run)
    differs = ~clash & theirs_known & mine_known & (own != theirs["supply_stage"]).to_numpy()
    area = _rounded(parcels["area_mu"])
    run_area = area.reindex(at).set_axis(at.index)
    table_area = stock.loc[at.index, "plot_area_mu"]
    gap = (run_area - table_area).abs()
    off = (gap > NOTICE_MU) | (gap / run_area > NOTICE_SHARE)
    place = stock.loc[at.index, _PLACE]
    key = pd.Series(at.index, index=at.index)
    apart = "供地表 " + own + "，宗地 " + theirs["supply_stage"] + "，采用宗地的"
    areas = (
        "供地表 "
        + figures(table_area, AREA_DECIMALS)
        + " 亩，宗地 "
        + figures(run_area, AREA_DECIMALS)
        + " 亩"
    )
    problems = [
        issues.report("E546", place[differs], detail=apart[differs], key=key[differs]),
        issues.report("E547", place[off], detail=areas[off], key=key[off]),
        issues.report("E548", place[clash], detail=said_run[clash], key=key[clash]),
        _without_day(stock, by_stock),
    ]
    first = stock.assign(
        parcel_id=parcel_of,
        supply_stage=by_stock["supply_stage"].mask(tied, stage),
        stage_reason=by_stock["stage_reason"].mask(tied, reason),
        stage_source=pd.Series(IN_STOCK, index=stock.index, dtype="object").mask(tied, IN_BOTH),
        plot_area_mu=stock["plot_area_mu"].mask(tied, run_area.combine_first(table_area)),
        plot_unused_mu=_unused(stock).mask(tied, theirs["plot_unused_mu"].combine_first(_unused(stock))),
        supplied_on=stock["supplied_on"].mask(
            tied, stock["supplied_on"].combine_first(theirs["supplied_on"])
        ),
    )
    rest = parcels.loc[~parcels.index.isin(at)]
    second = pd.DataFrame(
        {
            "parcel_id": rest.index.astype("object"),
            **{
                name: rest[name]
                for name in ("parcel_code", "location", "land_use", "is_industrial", "supply_method", *_PLACE)
            },
            **by_run.loc[rest.index],
            "stage_source": IN_RUN,
            "plot_area_mu": area[rest.index],
        },
        index=rest.index,
    )
    second.index = _apart(second.index, first.index)
    plots = pd.concat([part for part in (first, second) if len(part)] or [first])
    partly = plots["supply_stage"] == PARTLY
    plots["plot_unused_mu"] = _rounded(plots["plot_unused_mu"].where(partly))
    plots.index = pd.Index(plots.index.astype("object"), name="plot_id")
    return plots.sort_index(), issues.gather(problems)


def _rounded(area_mu: pd.Series) -> pd.Series:
    return pd.Series(round_half_up(area_mu, AREA_DECIMALS), index=area_mu.index)


def _unused(stock: pd.DataFrame) -> pd.Series:
    return stock["plot_area_mu"] * (1 - stock["built_share"])


def _apart(ids: pd.Index, taken: pd.Index) -> pd.Index:
    """Mark the ids of parcels that a plot of the table has already."""
    return pd.Index(np.where(ids.isin(taken), ids.astype("object") + "（宗地）", ids.astype("object")))


def _without_day(stock: pd.DataFrame, by_stock: pd.DataFrame) -> pd.DataFrame:
    """Report plots with a mode of supply and no day of it."""
    blank = (
        by_stock["is_known_supplied"].isna() & stock["supply_method"].notna() & stock["supplied_on"].isna()
    )
    return issues.report(
        "E557",
        stock.loc[blank, _PLACE],
        column=label("supplied_on"),
        key=blank.index[blank].to_series(index=blank.index[blank]),
    )


def in_future(stock: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Report the days of the table that lie after the as-of date: they have not come yet."""
    parts = []
    for name in (
        "approved_on",
        "acquired_on",
        "supplied_on",
        "delivered_on",
        "actual_start",
        "actual_completion",
    ):
        late = stock[name] > as_of
        rows = stock[late]
        parts.append(
            issues.report(
                "E408", rows[_PLACE], column=label(name), raw=dates(rows[name]), key=rows.index.to_series()
            )
        )
    return issues.gather(parts)
