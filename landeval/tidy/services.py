"""How many services a plot has (三通一平, 五通一平, 七通一平), from one text or from a column a service."""

from __future__ import annotations

import re

import pandas as pd

SERVICES = ("has_road", "has_water", "has_power", "has_drainage", "has_telecom", "has_gas", "has_heat")
LEVELLED = "is_levelled"
_COUNT = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_SAID = re.compile(r"([零〇一二两三四五六七八九0-9])通一?平")
_NONE = re.compile(r"^(未通平|未通|没有通平|无通平|生地|毛地|未开发)$")
_LEVEL = re.compile(r"^(仅|只)?(场地?|土地)?(已)?平整?$")


def count_of(text: object) -> float:
    """Read 几通一平; 0 for land without services or without levelling, NaN where the text does not say.

    Examples
    --------
    >>> count_of("五通一平"), count_of("3通一平"), count_of("未通平"), count_of("生地"), count_of("场地平整"), count_of("正在做")
    (5.0, 3.0, 0.0, 0.0, 0.0, nan)
    """
    if not isinstance(text, str):
        return float("nan")
    plain = re.sub(r"\s+", "", text)
    if _NONE.match(plain) or _LEVEL.match(plain):
        return 0.0
    found = _SAID.fullmatch(plain) or _SAID.fullmatch(plain.removeprefix("已").removesuffix("完成"))
    return float(_COUNT.get(found[1], found[1])) if found else float("nan")


def services_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Count the services of every plot: the text first, else its flags; land that is not levelled counts none.

    A flag that is blank is unknown, so flags give a least and a most.

    Parameters
    ----------
    frame : DataFrame
        ``services`` (text), ``SERVICES`` and ``is_levelled`` (True, False, None).

    Returns
    -------
    DataFrame
        ``services_count`` (what is surely there) and ``services_most``; NaN where nothing is said.
    """
    said = frame["services"].map(count_of).astype("float64")
    flags, level = frame[list(SERVICES)], frame[LEVELLED]
    sure, unknown = (flags == True).sum(axis=1), flags.isna().sum(axis=1)  # noqa: E712 (three-valued)
    told = flags.notna().any(axis=1) | level.notna()
    least = sure.where(level == True, 0).astype("float64").where(told)  # noqa: E712
    most = (sure + unknown).where(level != False, 0).astype("float64").where(told)  # noqa: E712
    wrote = frame["services"].notna()
    return pd.DataFrame(
        {"services_count": said.where(wrote, least), "services_most": said.where(wrote, most)},
        index=frame.index,
    )
