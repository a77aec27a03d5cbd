"""What the enterprises of a parcel do on it at present: 生产, 停产, 半停产, since when, and what lists name them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landeval import issues
from landeval.result import OPERATING
from landeval.sources import SOURCE_COLUMNS
from landeval.vocabulary.fields import label
from landeval.wording import joined

PRODUCING, HALF, STOPPED = "生产", "半停产", "停产"
_STOPPED = "停产|停业|歇业|关停|关闭|倒闭|破产|清算|吊销|注销|僵尸"
_PRODUCING = "生产|投产|在产|正常|营业|开工|运营|在营"
_BESIDE = "存续|在业|开业|在册|登记|迁|设立|在建|筹建|建设|未投产"
"""Words of the register, and of firms that have not begun: understood, and nothing said of standing still."""
_DOUBTFUL = "拟|计划|可能|待核|不明|曾|恢复|复产|未停|非停"


def operation_of(status: pd.Series) -> pd.Series:
    """Sort a status as written into 生产, 半停产 and 停产; None where it says nothing sure.

    Registration states (存续, 在业) say that the firm exists, not that it produces.

    Examples
    --------
    >>> import pandas as pd
    >>> operation_of(pd.Series(["正常生产", "半停产", "已停产", "存续", "拟停产", "未投产", None])).tolist()
    ['生产', '半停产', '停产', None, None, None, None]
    """
    words = status.fillna("").astype(str)
    doubtful, half = words.str.contains(_DOUBTFUL), words.str.contains("半停产|部分停产")
    stopped = words.str.contains(_STOPPED)
    running = words.str.contains(_PRODUCING) & ~words.str.contains("未|不")
    said = np.select([doubtful, half, stopped, running], ["", HALF, STOPPED, PRODUCING], default="").astype(
        object
    )
    said[said == ""] = None
    return pd.Series(said, index=status.index, dtype="object")


def not_understood(rows: pd.DataFrame) -> pd.DataFrame:
    """Report (E266) each status that is written and means neither 生产 nor 停产 nor 半停产: it is judged as unknown.

    Parameters
    ----------
    rows : DataFrame
        ``production_status``, ``record_key`` and source columns of records of the data year.
    """
    said = rows["production_status"]
    odd = said.notna() & operation_of(said).isna() & ~said.fillna("").astype(str).str.contains(_BESIDE)
    told = rows[odd]
    return issues.report(
        "E266", told[list(SOURCE_COLUMNS)], column=label("production_status"), raw=told["production_status"],
        used="未知", key=told["record_key"],
    )  # fmt: skip


def operating(enterprises: pd.DataFrame, years: pd.DataFrame, current: pd.DataFrame) -> dict[str, pd.Series]:
    """Return what each enterprise does, from its rows of the data year; rows without a year speak only where it has none.

    Parameters
    ----------
    enterprises : DataFrame
        Index ``enterprise_id``; what its newest row says.
    years, current : DataFrame
        One row an enterprise, year and parcel code; all, and those of the data year.
    """
    said = current.groupby("enterprise_id")[list(OPERATING)].last().reindex(enterprises.index)
    dated = enterprises.index.isin(years["enterprise_id"])
    return {
        name: said[name].where(dated, enterprises[name]).astype(enterprises[name].dtype) for name in OPERATING
    }


def on_parcels(parcels: pd.DataFrame, enterprises: pd.DataFrame, links: pd.DataFrame) -> dict[str, pd.Series]:
    """Return what happens on each parcel: its own columns where written, else what its enterprises say together.

    Land stands still only where all of its enterprises do, and since the last of them stopped.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; the columns of ``OPERATING`` as written beside the parcel.
    enterprises : DataFrame
        Index ``enterprise_id``; as made by ``enterprise_measures``.
    links : DataFrame
        Ties only: ``parcel_id``, ``enterprise_id``.

    Returns
    -------
    dict
        The columns of ``OPERATING``, ``operation`` (生产, 半停产, 停产 or None) and ``industry_codes``.
    """
    key = links["parcel_id"]
    said = enterprises[[*OPERATING, "industry_code"]].reindex(links["enterprise_id"]).set_axis(links.index)
    said["operation"] = operation_of(said["production_status"])
    told = {
        name: joined(key, said[name], most=5).reindex(parcels.index).astype("object")
        for name in ("production_status", "low_use_listing", "low_use_listing_no", "industry_code")
    }
    rank = said["operation"].map({PRODUCING: 0, HALF: 1, STOPPED: 2})
    worst = rank.groupby(key).agg(["size", "count", "min"])
    known = (worst["count"] == worst["size"]) | (worst["min"] == 0)
    together = worst["min"].map({0: PRODUCING, 1: HALF, 2: STOPPED}).where(known).reindex(parcels.index)
    days = said["stopped_production_on"].groupby(key).agg(["size", "count", "max"])
    since = pd.to_datetime(days["max"].where(days["count"] == days["size"])).reindex(parcels.index)
    own = parcels["production_status"].notna()
    result = {
        name: parcels[name].where(parcels[name].notna(), told[name])
        for name in ("production_status", "low_use_listing", "low_use_listing_no")
    }
    own_no, listed = parcels["low_use_listing_no"], parcels["low_use_listing"].notna()
    no_words = (
        ~listed & told["low_use_listing"].isna()
    )  # a number goes with its words, and is kept without any
    number = own_no.where(listed, told["low_use_listing_no"])
    result["low_use_listing_no"] = number.where(number.notna() | ~no_words, own_no)
    written = parcels["stopped_production_on"]
    result["stopped_production_on"] = written.where(written.notna() | own, since).astype("datetime64[s]")
    result["operation"] = operation_of(parcels["production_status"]).where(own, together).astype("object")
    result["industry_codes"] = told["industry_code"]
    return result
