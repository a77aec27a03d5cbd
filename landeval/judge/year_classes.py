"""What became of classes between two runs: candidates new, cured or still there; by which rules a verdict changed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from landeval.judge.what_if import changed_findings
from landeval.result import CANDIDATES, STATUSES
from landeval.wording import joined
from landeval.year_change import (
    ADDED,
    ALONE,
    CURED,
    GONE,
    LAND_GONE,
    NEW,
    NEW_UNTRACED,
    NO_LONGER,
    SEVERAL,
    STILL,
    UNCLEAR,
    UNKNOWN_FATE,
    UNTRACED,
)

BY_DATA, BY_RULES, BY_BOTH = "资料或期限变化", "规则变化", "资料和规则都变"
NOT_TOLD = "不能区分"
OUT_OF_DATE = (GONE, UNTRACED, SEVERAL)
"""In place of a class now."""


def group_classes(status: pd.Series, group: pd.Series) -> pd.DataFrame:
    """Return by group: the classes of its parcels in words, and how many are candidates or without a verdict.

    Parameters
    ----------
    status : Series
        Parcel → class.
    group : Series
        Parcel → group.
    """
    of = group.reindex(status.index)
    counts = pd.crosstab(of, status).reindex(columns=list(STATUSES), fill_value=0)
    words = np.full(len(counts), "", dtype=object)
    several = (counts.sum(axis=1) > 1).to_numpy()
    for name in STATUSES:
        number = counts[name].to_numpy()
        rows = np.flatnonzero(number)
        gap = np.where(words[rows] == "", "", "、").astype(object)
        times = np.where(several[rows], "×" + pd.Series(number[rows]).astype(str).to_numpy(dtype=object), "")
        words[rows] = words[rows] + gap + name + times
    return pd.DataFrame(
        {
            "classes": pd.Series(words, index=counts.index, dtype="object"),
            "candidates": counts[list(CANDIDATES)].sum(axis=1),
            "unclear": counts["资料不足"],
            "good": counts["达标"],
            "parcels": counts.sum(axis=1),
        }
    )


def outcomes(groups: pd.DataFrame, then: pd.DataFrame, now: pd.DataFrame) -> pd.Series:
    """Say what became of the candidates of each group; empty where neither year has one.

    Parameters
    ----------
    groups : DataFrame
        Index group; ``lineage_kind``.
    then, now : DataFrame
        As made by ``group_classes``.
    """
    one, other = (frame.reindex(groups.index, fill_value=0) for frame in (then, now))
    was, becomes = (one["candidates"] > 0).to_numpy(), (other["candidates"] > 0).to_numpy()
    kind = groups["lineage_kind"]
    told = np.select(
        [
            was & (kind == GONE).to_numpy(),
            was & (kind == UNTRACED).to_numpy(),
            becomes & (kind == UNTRACED).to_numpy(),
            was & becomes,
            ~was & becomes,
            was & (other["unclear"] > 0).to_numpy(),
            was & (other["good"] == other["parcels"]).to_numpy(),
            was,
        ],
        [LAND_GONE, UNKNOWN_FATE, NEW_UNTRACED, STILL, NEW, UNCLEAR, CURED, NO_LONGER],
        default="",
    )
    return pd.Series(told, index=groups.index, dtype="object")


def class_now(links: pd.DataFrame, status: pd.Series) -> pd.Series:
    """Return for every parcel of the earlier run its one class now, or 分为几类, 消失, 无图形·未对上."""
    rows = links[links["parcel_id_then"].notna()]
    found = rows["parcel_id_now"].map(status).astype("object")
    found = found.where(~rows["lineage_kind"].isin(ALONE), rows["lineage_kind"])
    by = found.groupby(rows["parcel_id_then"].to_numpy())
    return by.first().where(by.nunique() == 1, SEVERAL).astype("object")


def transitions(then: pd.Series, becomes: pd.Series, area_mu: pd.Series, fresh: pd.Series, fresh_mu: pd.Series) -> pd.DataFrame:  # fmt: skip
    """Count class then × class now of every parcel of the earlier run, and what only the later has, by 宗 and 亩.

    Parameters
    ----------
    then, becomes, area_mu : Series
        Of the earlier run's parcels: class, ``class_now``, land then [亩].
    fresh, fresh_mu : Series
        Of the parcels that only the later run has: class and land now [亩].

    Returns
    -------
    DataFrame
        ``status_then``, ``lots``, ``area_mu``, ``parcels_without_area``, then ``parcels_<class>``, ``area_<class>_mu``;
        the last rows are 合计 (of the earlier run) and 新增. Every parcel of either run stands in one cell.
    """

    def row(name: str, classes: pd.Series, land: pd.Series) -> dict[str, object]:
        counts, area = classes.value_counts(), land.groupby(classes).sum()
        every = (*STATUSES, *OUT_OF_DATE)
        return (
            {
                "status_then": name,
                "lots": len(classes),
                "area_mu": float(land.sum()),
                "parcels_without_area": int(land.isna().sum()),
            }
            | {f"parcels_{key}": int(counts.get(key, 0)) for key in every}
            | {f"area_{key}_mu": float(area.get(key, 0.0)) for key in every}
        )

    rows = [row(name, becomes[then == name], area_mu[then == name]) for name in STATUSES]
    return pd.DataFrame(
        [*rows, row("合计", becomes, area_mu), row("新增或来历未知", fresh, fresh_mu)], dtype="object"
    )


def causes(then: pd.Series, rejudged: pd.Series | None, now: pd.Series) -> pd.Series:
    """Tell whether a class changed because of the data or of the rules.

    Parameters
    ----------
    then, now : Series
        Class of the earlier and the later run, same index; what is no class (消失, 分为几类) has no cause.
    rejudged : Series or None
        Class of the earlier data under the later rules; None where that cannot be found out.
    """
    alike = (then == now) | now.isin(OUT_OF_DATE)
    if rejudged is None:
        return pd.Series(np.where(alike, "", NOT_TOLD), index=then.index, dtype="object")
    told = np.select([alike, rejudged == then, rejudged == now], ["", BY_DATA, BY_RULES], default=BY_BOTH)
    return pd.Series(told, index=then.index, dtype="object")


def what_changed(then: pd.DataFrame, now: pd.DataFrame, single: Mapping[str, str]) -> pd.Series:
    """Write, by group of one parcel then and one now, which verdicts changed and by which figures.

    Parameters
    ----------
    then, now : DataFrame
        Findings of both runs.
    single : Mapping
        Parcel now → parcel then.

    Returns
    -------
    Series
        Index parcel then: 亩均税收：5.2 万元/亩（> 15）不达标 → 16.1 万元/亩（> 15）达标.
    """
    mine = now[now["unit_id"].isin(single)]
    mine = mine.assign(unit_id=mine["unit_id"].map(single))
    rows = changed_findings(then[then["unit_id"].isin(set(single.values()))], mine)
    sides = []
    for side in ("before", "after"):
        value, verdict = rows[f"value_{side}"].astype(str), rows[f"verdict_{side}"].astype(str)
        figure = value + (" " + rows["measure_unit"].astype(str)).where(value != "", "").str.rstrip()
        line = (
            rows[f"operator_{side}"].astype(str) + " " + rows[f"threshold_{side}"].astype(str)
        ).str.strip()
        line = ("（" + line + "）").where((line != "") & (value != ""), "")
        sides.append((figure + line + " " + verdict.where(verdict != "", "没有此规则")).str.strip())
    told = rows["rule_label"].astype(str) + "：" + sides[0] + " → " + sides[1]
    return joined(rows["parcel_id"], told, by="；", ordered=False)


def new_parcels(links: pd.DataFrame) -> pd.Series:
    """Return the ids of the parcels that only the later run has."""
    rows = links[links["parcel_id_then"].isna()]
    assert rows["lineage_kind"].isin((ADDED, UNTRACED)).all()
    return rows["parcel_id_now"]
