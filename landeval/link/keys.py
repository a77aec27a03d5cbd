"""What parcels and enterprises are known by, the methods that tie them, the states of a pair, how a pair is told."""

from __future__ import annotations

import re
from typing import NamedTuple

import pandas as pd

from landeval import issues
from landeval.link.places import ADDRESS, POINT
from landeval.link.shares import FLOOR, LAND, LET
from landeval.result import CONFIRMED, POSTPONED, REJECTED, TIED, WAITING
from landeval.sources import SOURCE_COLUMNS
from landeval.vocabulary.fields import label

DECIDED = "人工确认"
SITE, CERTIFICATE, CREDIT, ORGANISATION, NAME, FORMER, NEAR, *_ = METHODS = (
    "宗地代码",
    "不动产权证号",
    "统一社会信用代码",
    "组织机构代码",
    "企业名称",
    "曾用名",
    "近似名称",
    POINT,
    ADDRESS,
)
AUTOMATIC, SURE = TIED
TO_REVIEW, ON_HOLD = WAITING
SETTLED = {CONFIRMED: SURE, REJECTED: "已否决", POSTPONED: ON_HOLD}


class Keys(NamedTuple):
    """What parcels and enterprises are known by.

    ``holders``: normalised holder name of each parcel, empty where unknown. ``present``, ``former``:
    ``enterprise_id``, ``name_key`` of the enterprises' names. ``sites``: what the enterprises' own rows say
    of their place (``enterprise_id``, ``parcel_code``, ``sited_by``, ``year`` and areas [㎡]).
    """

    holders: pd.Series
    present: pd.DataFrame
    former: pd.DataFrame
    sites: pd.DataFrame

    @property
    def called(self) -> pd.DataFrame:
        """Present and former names together."""
        return pd.concat([self.present, self.former], ignore_index=True)


def keys_of(holders: pd.Series, enterprises: pd.DataFrame, former: pd.DataFrame, years: pd.DataFrame) -> Keys:
    """Gather the keys of parcels and enterprises.

    Parameters
    ----------
    holders : Series
        Normalised holder name of each parcel.
    enterprises : DataFrame
        Index ``enterprise_id``; ``name_key``.
    former : DataFrame
        ``enterprise_id``, ``name_key``.
    years : DataFrame
        One row an enterprise, year and parcel code.
    """
    present = enterprises["name_key"].rename_axis("enterprise_id").reset_index()
    sites = years[["enterprise_id", "parcel_code", "sited_by", "year", *LAND, *FLOOR, *LET]]
    return Keys(holders, present, former, sites)


def told_pairs(
    code: str, rows: pd.DataFrame, parcels: pd.DataFrame, enterprises: pd.DataFrame, detail: pd.Series
) -> pd.DataFrame:
    """Report pairs (index ``parcel_id``) with the holder as written and the enterprise it was compared with."""
    return issues.report(
        code,
        parcels.loc[rows.index, list(SOURCE_COLUMNS)],
        key=rows.index,
        column=label("holder_name"),
        raw=parcels.loc[rows.index, "holder_name"].fillna(""),
        used=rows["enterprise_id"].map(enterprises["name"]).fillna(""),
        detail=detail,
    )


_CODE = r"\d{12}[A-Z]{2}\d{5}"
_SEVERAL = re.compile(rf"{_CODE}(?:.*{_CODE}|[、，,;；/]+\d+)")


def several_codes(cells: pd.Series) -> pd.Series:
    """Tell which cells hold more than one parcel code, as they are tidied.

    Examples
    --------
    >>> import pandas as pd
    >>> one, two, short = "430525001001GB00001", "430525001001GB00002", "/00002"
    >>> several_codes(pd.Series([one, f"{one}、{two}", one + two, one + short, None])).tolist()
    [False, True, True, True, False]
    """
    return cells.fillna("").astype(str).str.contains(_SEVERAL).astype(bool)
