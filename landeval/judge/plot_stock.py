"""The stage of a plot by the table of stock and supply: three-valued, and a stage only where nothing unknown could change it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from landeval.judge.findings import compare, dates, figures
from landeval.judge.stage_telling import Stages
from landeval.land_supply import APPROVED, BUILT, PARTLY, READY, TURNOVER, UNDECIDED, UNUSED
from landeval.standards.rule import Rule
from landeval.vocabulary.fields import label

TRUE, FALSE = True, False


def lacking(*names: str) -> str:
    """Name the columns that would tell.

    Examples
    --------
    >>> lacking("approval_no", "plot_built_m2")
    '缺批准文号、建成面积'
    """
    return "缺" + "、".join(label(name).split("(")[0] for name in names)


def count_words(count: float) -> str:
    """Write a number of services as it is called.

    Examples
    --------
    >>> count_words(5.0), count_words(0)
    ('五通一平', '未通平')
    """
    return (
        f"{'〇一二三四五六七'[int(count)]}通一平"
        if 0 < count <= 7
        else f"{int(count)} 通一平"
        if count
        else "未通平"
    )


def is_supplied(stock: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Tell whether each plot is supplied: as written, else by its day; None where that is unknown.

    A blank day counts as not supplied only where the table has the column and no mode of supply is written.
    """
    flag, day = stock["is_supplied"].astype("object"), stock["supplied_on"]
    unread = stock["unsure_dates"].fillna("").astype(str).str.contains("supplied_on")
    asked = stock["asked"].fillna("").str.contains(" supplied_on ", regex=False)
    blank = day.isna() & ~unread & asked & stock["supply_method"].isna()
    by_day = pd.Series(None, index=stock.index, dtype="object").mask(
        day.notna(), (day <= as_of).astype("object")
    )
    return flag.where(flag.notna(), by_day.mask(blank, FALSE))


def is_acquired(stock: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Tell whether the land is acquired (征地): as written, else by its day; a blank is unknown."""
    flag, day = stock["is_acquired"].astype("object"), stock["acquired_on"]
    by_day = pd.Series(None, index=stock.index, dtype="object").mask(
        day.notna(), (day <= as_of).astype("object")
    )
    return flag.where(flag.notna(), by_day)


def stock_stages(stock: pd.DataFrame, rules: Mapping[str, Rule], as_of: pd.Timestamp) -> pd.DataFrame:
    """Decide the stage of every plot of the table.

    Parameters
    ----------
    stock : DataFrame
        Index ``plot_id``; as ``tidy.supply`` hands it over.
    rules : Mapping
        ``supply.ready_services``, ``supply.built_share``.
    as_of : Timestamp
        What lies after it has not happened yet.

    Returns
    -------
    DataFrame
        ``supply_stage``, ``stage_reason``, ``is_known_supplied`` (True, False, None).

    Notes
    -----
    熟地: 征地 done and at least 三通一平 (供地条件 of 开发区土地集约利用评价). A mark 周转地 that is blank is no mark.
    """
    told = Stages(stock.index)
    supplied = is_supplied(stock, as_of)
    told.tell(stock["is_ambiguous"], UNDECIDED, "地块编号与另一行重复，内容不同")
    told.tell(supplied.isna(), UNDECIDED, "是否已供未知；" + lacking("supplied_on"))
    _supplied(told, stock, rules["supply.built_share"], as_of, supplied == TRUE)
    turned = (supplied == FALSE) & (stock["is_turnover"] == TRUE)
    told.tell(turned, TURNOVER, "未供，标明为周转地")
    _unsupplied(told, stock, rules["supply.ready_services"], is_acquired(stock, as_of))
    return told.frame().assign(is_known_supplied=supplied)


def _supplied(told: Stages, stock: pd.DataFrame, line: Rule, as_of: pd.Timestamp, on: pd.Series) -> None:
    share = stock["built_share"] * 100
    unread = stock["unsure_dates"].fillna("").astype(str)
    begun, done = stock["actual_start"] <= as_of, stock["actual_completion"] <= as_of
    day = "供地日期 " + dates(stock["supplied_on"])
    when = day.where(stock["supplied_on"].notna(), "已供")
    percent = "，建成 " + figures(share, line.decimals) + "%"
    full = compare(share, line.operator, line.number, line.decimals)
    told.tell(on & (share == 0) & done, UNDECIDED, "有竣工日期而建成 0%，两者矛盾")
    told.tell(on & full, BUILT, when + percent)
    told.tell(on & (share > 0), PARTLY, when + percent)
    told.tell(on & share.isna() & done, BUILT, when + "，竣工 " + dates(stock["actual_completion"]))
    told.tell(on & share.isna() & unread.str.contains("actual_completion"), UNDECIDED, "竣工日期不能识别")
    told.tell(on & begun, PARTLY, when + "，动工 " + dates(stock["actual_start"]) + "，未见竣工")
    told.tell(on & unread.str.contains("actual_start"), UNDECIDED, "动工日期不能识别")
    told.tell(on & (share == 0), UNUSED, when + "，建成 0%，未见动工")
    told.tell(
        on,
        UNDECIDED,
        when + "，是否动工、建成未知；" + lacking("plot_built_m2", "plot_built_share", "actual_start"),
    )


def _unsupplied(told: Stages, stock: pd.DataFrame, rule: Rule, acquired: pd.Series) -> None:
    least, most = stock["services_count"], stock["services_most"]
    enough = compare(least, rule.operator, rule.number, rule.decimals)
    short = most.notna() & ~compare(most, rule.operator, rule.number, rule.decimals)
    approved = stock["approval_no"].notna() | stock["approved_on"].notna()
    count = least.astype("object").map(count_words, na_action="ignore").where(least.notna(), "通平未知")
    cited = ("批准 " + dates(stock["approved_on"])).where(stock["approved_on"].notna(), "批准日期未知")
    told.tell((acquired == TRUE) & enough, READY, "未供，征地完成，" + count + "；" + cited)
    not_ready = (acquired == FALSE) | short
    why = np.where(acquired == FALSE, "征地未完成", f"通平不到{count_words(rule.whole)}")
    told.tell(
        not_ready & approved,
        APPROVED,
        "未供，" + pd.Series(why, index=stock.index, dtype="object") + "；" + cited,
    )
    told.tell(not_ready, UNDECIDED, "未供，是否批准未知；" + lacking("approval_no", "approved_on"))
    no_levy = acquired.isna()
    what = pd.Series("是否熟地未知；", index=stock.index)
    needs = pd.Series(lacking("services"), index=stock.index).mask(no_levy, lacking("is_acquired"))
    told.tell(True, UNDECIDED, what + needs.mask(no_levy & ~enough, lacking("is_acquired", "services")))
