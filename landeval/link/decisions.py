"""Apply what a person decided: find the parcel and the enterprise each decision means, tell those that mean none."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from landeval import issues
from landeval.result import CONFIRMED
from landeval.sources import SOURCE_COLUMNS


class Applied(NamedTuple):
    """``pairs``: ``parcel_id``, ``enterprise_id``, ``decision``, ``decided_share``, who, when, why and source.

    ``issues``: E331, a decision that means no parcel or no enterprise of this run.
    """

    pairs: pd.DataFrame
    issues: pd.DataFrame


def apply_decisions(
    decisions: pd.DataFrame, parcels: pd.DataFrame, enterprises: pd.DataFrame, called: pd.DataFrame
) -> Applied:
    """Give each decision its parcel and its enterprise.

    A parcel is meant by its id, else by its code where one parcel has it. An enterprise is meant by its credit
    code; by its name only where it has no code of its own or the decision names none. A code and a name that
    belong to two enterprises of this run mean nobody.

    Parameters
    ----------
    decisions : DataFrame
        As made by ``tidy_decisions``.
    parcels : DataFrame
        Index ``parcel_id``; ``parcel_code``.
    enterprises : DataFrame
        Index ``enterprise_id``; ``credit_code``, ``name_key``.
    called : DataFrame
        ``enterprise_id``, ``name_key``: present and former names.

    Returns
    -------
    Applied
    """
    rows = decisions.reset_index(drop=True)
    parcel, no_parcel = _parcels(rows, parcels)
    firm, no_firm = _enterprises(rows, enterprises, called)
    why = no_parcel.where(no_parcel != "", no_firm)
    lost = why != ""
    note = issues.report(
        "E331",
        rows.loc[lost, list(SOURCE_COLUMNS)],
        raw=rows.loc[lost, "decision"],
        detail=_pair(rows[lost]) + "：" + why[lost],
        key=rows.loc[lost, "parcel_key"],
    )
    kept = ["decision", "decided_share", "decided_by", "decided_on", "decision_reason", "decision_rank"]
    pairs = rows[[*kept, *SOURCE_COLUMNS]].assign(parcel_id=parcel, enterprise_id=firm)[~lost]
    pairs = pairs.sort_values("decision_rank").drop_duplicates(["parcel_id", "enterprise_id"], keep="last")
    return Applied(pairs.drop(columns="decision_rank").reset_index(drop=True), note)


def no_longer(pairs: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Report (E332) the decisions 否决 and 待定 on pairs that nothing but the decision speaks of any more.

    Where another decision confirms a rival (another firm for the land, other land for the firm), no
    clue is looked for any more: that pair is settled, and not without a clue.
    """
    is_confirmed = pairs["decision"] == CONFIRMED
    open_ones, confirmed = pairs[~is_confirmed], pairs[is_confirmed]
    there = pd.MultiIndex.from_frame(links[["parcel_id", "enterprise_id"]])
    is_gone = ~pd.MultiIndex.from_frame(open_ones[["parcel_id", "enterprise_id"]]).isin(there)
    for side in ("parcel_id", "enterprise_id"):
        is_gone &= ~open_ones[side].isin(confirmed[side]).to_numpy(dtype=bool)
    gone = open_ones[is_gone]
    return issues.report(
        "E332",
        gone[list(SOURCE_COLUMNS)],
        raw=gone["decision"],
        detail=gone["parcel_id"].astype(str) + " × " + gone["enterprise_id"].astype(str),
        key=gone["parcel_id"],
    )


def _pair(rows: pd.DataFrame) -> pd.Series:
    firm = rows["decided_name"].where(rows["decided_name"].notna(), rows["decided_code"]).fillna("")
    return pd.Series(rows["decided_parcel"].fillna("").astype(str) + " × " + firm.astype(str))


def _parcels(rows: pd.DataFrame, parcels: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    ids = pd.Series(parcels.index, index=parcels.index.astype("object"), dtype="object")
    found = rows["decided_parcel"].map(ids)
    coded = parcels["parcel_code"].dropna().drop_duplicates(keep=False)
    by_code = pd.Series(coded.index.astype("object"), index=coded.to_numpy(), dtype="object")
    found = found.where(found.notna(), rows["parcel_key"].map(by_code)).astype("object")
    several = rows["parcel_key"].isin(set(parcels["parcel_code"].dropna()) - set(coded))
    why = pd.Series("宗地表中没有这一宗地", index=rows.index, dtype="object")
    why = why.mask(several, "宗地代码对应几宗地，请写宗地标识").where(found.isna(), "")
    return found, why


def _enterprises(
    rows: pd.DataFrame, enterprises: pd.DataFrame, called: pd.DataFrame
) -> tuple[pd.Series, pd.Series]:
    coded = enterprises["credit_code"].dropna().drop_duplicates(keep=False)
    by_code = pd.Series(coded.index.astype("object"), index=coded.to_numpy(), dtype="object")
    names = called[called["name_key"] != ""].drop_duplicates()
    single = names.drop_duplicates("name_key", keep=False).set_index("name_key")["enterprise_id"]
    code = rows["decided_code"].map(by_code)
    name = rows["name_key"].map(single)
    own = name.map(enterprises["credit_code"])
    moved = code.isna() & name.notna() & rows["decided_code"].notna() & own.notna()
    both = code.notna() & name.notna() & (code != name)
    found = code.where(code.notna(), name.mask(moved)).mask(both).astype("object")
    several = name.isna() & rows["name_key"].isin(set(names["name_key"]) - set(single.index))
    why = pd.Series("企业表中没有这家企业", index=rows.index, dtype="object")
    why = why.mask(several & code.isna(), "名称对应几家企业，请写信用代码")
    why = why.mask(moved, "同名企业的信用代码已不是决定中的代码")
    why = why.mask(both, "信用代码与名称是两家企业").where(found.isna(), "")
    return found, why
