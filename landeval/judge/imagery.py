"""What images suggest of a parcel, and the question where that contradicts the record. Never a verdict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval import issues
from landeval.imagery import (
    ADDED,
    BUILT,
    CLEARED,
    DIMMED,
    OVERGROWN,
    PART,
    PARTLY,
    REMOVED,
    STEADY,
    STOPPED,
    UNBUILT,
    WHOLE,
)
from landeval.judge.findings import compare
from landeval.sources import SOURCE_COLUMNS
from landeval.standards.rule import Rule, shown

UNSTARTED = ("涉嫌闲置(未动工)", "逾期未动工预警")
"""Classes of land on which, by the record, nothing has begun."""
Masks = npt.NDArray[np.bool_]


def first_day(taken: str) -> pd.Timestamp:
    """Return the earliest day that a day or a bare year can mean.

    Examples
    --------
    >>> first_day("2024").date(), first_day("2024-10-15").date()
    (datetime.date(2024, 1, 1), datetime.date(2024, 10, 15))
    """
    return pd.Timestamp(f"{taken}-01-01" if len(taken) == 4 else taken)


def last_day(taken: str) -> pd.Timestamp:
    """Return the latest day that a day or a bare year can mean."""
    return pd.Timestamp(f"{taken}-12-31" if len(taken) == 4 else taken)


def last_days(taken: pd.Series) -> pd.Series:
    """Return ``last_day`` of each; NaT where nothing is told."""
    days = {day: last_day(day) if day else pd.NaT for day in taken.unique()}
    return pd.to_datetime(pd.Series([days[day] for day in taken], index=taken.index))


def is_usable(taken: str, as_of: dt.date) -> bool:
    """Tell whether an image shows the state of the as-of date or earlier."""
    return bool(taken) and last_day(taken) <= pd.Timestamp(as_of)


def _meets(frame: pd.DataFrame, column: str, rule: Rule) -> Masks:
    return np.asarray(compare(frame[column], rule.operator, rule.number, rule.decimals), dtype=bool)


def told_change(changes: pd.DataFrame, rules: Mapping[str, Rule]) -> pd.Series:
    """Say how each parcel changed; empty where that is unknown.

    Parameters
    ----------
    changes : DataFrame
        ``measure.image_change.image_changes``.
    rules : Mapping
        ``imagery.change_least`` and ``imagery.night_drop``.
    """
    least = rules["imagery.change_least"]
    up = {
        name: _meets(changes, f"image_{name}_change", least)
        for name in ("built", "bare", "vegetated", "tall")
    }
    down = {name: _meets(-changes, f"image_{name}_change", least) for name in ("built", "tall")}
    before = changes["image_night_before"]
    drop = pd.DataFrame({"drop": (-changes["image_night_change"] / before).where(before > 0)})
    dim = _meets(drop, "drop", rules["imagery.night_drop"])
    known = changes[
        ["image_built_change", "image_vegetated_change", "image_tall_change", "image_night_change"]
    ]
    return pd.Series(
        np.select(
            [
                up["built"] | up["tall"],
                down["built"] & up["vegetated"],
                down["built"] | down["tall"],
                up["bare"],
                up["vegetated"],
                dim,
                known.notna().any(axis=1),
            ],
            [ADDED, OVERGROWN, REMOVED, CLEARED, OVERGROWN, DIMMED, STEADY],
            "",
        ),
        index=changes.index,
        dtype="object",
    )


def suggestion(
    figures: pd.DataFrame, change: pd.Series, was_built: Masks, rules: Mapping[str, Rule]
) -> tuple[pd.Series, pd.Series]:
    """Say what the latest image suggests of each parcel, and by which figures.

    Parameters
    ----------
    figures : DataFrame
        Of the latest sound image of each parcel, with ``image_state``.
    change : Series
        ``told_change`` since the image before; empty where there is none.
    was_built : ndarray of bool
        Whether the image before showed buildings.
    rules : Mapping
        ``imagery.*``.

    Returns
    -------
    Series of text, Series of text
    """
    most, least, tall = (rules[f"imagery.{name}"] for name in ("unbuilt_most", "built_least", "tall_least"))
    sound = figures["image_state"].isin((WHOLE, PART)).to_numpy()
    built = _meets(figures, "image_built_share", least) | _meets(figures, "image_tall_share", tall)
    unbuilt = _meets(figures, "image_built_share", most) & ~built
    some = figures["image_built_share"].notna().to_numpy()
    went = was_built & change.isin((OVERGROWN, REMOVED, DIMMED)).to_numpy()
    said = np.select([~sound, went, built, unbuilt, some], ["", STOPPED, BUILT, UNBUILT, PARTLY], "")
    shares = (("建设", "built"), ("裸土", "bare"), ("植被", "vegetated"), ("高于建筑界线", "tall"))
    columns = [(name, figures[f"image_{column}_share"].tolist()) for name, column in shares]
    limits = {
        UNBUILT: f"（界线：建设不超过 {_shown(most)}）",
        BUILT: f"（界线：建设不少于 {_shown(least)}，或高出不少于 {_shown(tall)}）",
    }
    why = []
    for row, (word, since) in enumerate(zip(said.tolist(), change.tolist(), strict=True)):
        told = [f"{name} {values[row]:.0%}" for name, values in columns if values[row] == values[row]]
        told += [f"比上一期{since}"] if since else []
        why.append("，".join(told) + limits.get(word, "") if word else "")
    return tuple(pd.Series(texts, index=figures.index, dtype="object") for texts in (said, why))  # type: ignore[return-value]


def _shown(rule: Rule) -> str:
    return f"{shown(rule.number * 100)}%"


def questions(
    parcels: pd.DataFrame, status: pd.Series, evidence: pd.DataFrame, year: int | None
) -> tuple[pd.Series, pd.DataFrame]:
    """Ask where an image and the record contradict one another.

    Parameters
    ----------
    parcels : DataFrame
        ``actual_start``, ``actual_completion``, ``operation``, source.
    status : Series
        Class of each parcel.
    evidence : DataFrame
        ``image_evidence``, ``image_taken``, ``image_file``, ``image_reason``.
    year : int or None
        Data year: production is told of it.

    Returns
    -------
    Series of text, DataFrame of issues
        The question of each parcel (empty: none), and the same as issues.
    """
    said, taken = evidence["image_evidence"], evidence["image_taken"]
    first = pd.to_datetime(pd.Series([first_day(day) if day else pd.NaT for day in taken], index=taken.index))
    last = last_days(taken)
    is_making = (parcels["operation"] == "生产") & (first.dt.year >= (year or 9999))
    asked = {
        "E566": (said == UNBUILT) & ((parcels["actual_completion"] <= first) | is_making),
        "E567": (said == BUILT) & (status.isin(UNSTARTED) | (parcels["actual_start"] > last)),
        "E568": (said == STOPPED) & is_making,
    }
    text = pd.Series("", index=parcels.index, dtype="object")
    detail = evidence["image_file"] + "（" + taken + "）" + said + "：" + evidence["image_reason"]
    found: list[Any] = []
    for code, mask in asked.items():
        rows = np.flatnonzero(mask.fillna(False).to_numpy(dtype=bool))
        if not len(rows):
            continue
        more = detail.iloc[rows]
        text[more.index] = issues.CATALOGUE[code].what + "：" + more
        place = parcels.iloc[rows][list(SOURCE_COLUMNS)]
        found.append(issues.report(code, place, key=parcels.index[rows], detail=more))
    return text, issues.gather(found)
