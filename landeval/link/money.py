"""Spread the enterprises' money over their parcels, to the cent, and keep the ledger that proves it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval import issues
from landeval.allocation import allocate
from landeval.errors import InternalError
from landeval.firm_year import WHOLE, is_told_elsewhere
from landeval.result import BALANCE, TIED
from landeval.sources import SOURCE_COLUMNS
from landeval.units import CENTS_PER_WAN_YUAN, from_cents, to_cents
from landeval.vocabulary.fields import label


class Money(NamedTuple):
    """``allocated``: one row a parcel × record with the parts; ``parcel_years`` their sums; ``ledger`` the proof.

    ``unmatched``: ``enterprise_id``, ``year``, ``parcel_code`` of the figures that came to no parcel.
    """

    allocated: pd.DataFrame
    parcel_years: pd.DataFrame
    ledger: pd.DataFrame
    unmatched: pd.DataFrame
    issues: pd.DataFrame


KEYS = ("enterprise_id", "year", "parcel_code")
PARCEL_YEAR = ["parcel_id", "year"]
SAME = 5e-7
"""Half a cent in 万元: a total and the sum of its parts that differ by less are one figure."""


def spread_money(
    years: pd.DataFrame,
    records: pd.DataFrame,
    links: pd.DataFrame,
    parcel_codes: pd.Series,
    columns: tuple[str, ...],
    partly: pd.Index | None = None,
) -> Money:
    """Allocate every figure of every enterprise and year over its linked parcels, by area.

    A row that names its parcel goes to that parcel alone. A parcel's total is unknown when the figure of one
    of its enterprises is (a blank beside a figure of the same enterprise there is none: one office names the parcel,
    another states the money), when one of them has no figure anywhere that year, or when others use it too. input = allocated + unmatched
    + excluded, for every column and year; each of the four is counted by itself, none is what is left over.

    Parameters
    ----------
    years : DataFrame
        One row an enterprise, year and parcel code: figures [万元].
    records : DataFrame
        Every input row, for the input totals.
    links : DataFrame
        As made by ``tie_enterprises``.
    parcel_codes : Series
        Index ``parcel_id``: each parcel's code as written; two parcels may share one.
    columns : tuple of str
        The money columns.
    partly : Index, optional
        Parcels that enterprises use of which nothing is known.

    Raises
    ------
    InternalError
        A total does not balance.
    """
    years = years.reset_index(drop=True).rename_axis("row")
    sure = links[links["state"].isin(TIED)]
    pairs = _targets(years, sure, parcel_codes)
    area = pairs["link_area_mu"]
    several = pairs.groupby("row")["parcel_id"].transform("size") > 1
    unknown_area = (area.isna() & several).groupby(pairs["row"]).transform("any")
    stuck = pairs[unknown_area]
    problems = [_report_stuck(stuck, years)]
    pairs = pairs[~unknown_area].reset_index(drop=True)
    weights = pairs["link_area_mu"].where(several[~unknown_area].to_numpy(), 1.0)
    parts = {}
    for column in columns:
        amount = pairs["row"].map(years[column])
        cents = np.zeros(len(pairs), dtype="int64")
        known = amount.notna().to_numpy()
        cents[known] = allocate(to_cents(amount[known]), pairs.loc[known, "row"], weights[known])
        parts[column] = pd.Series(from_cents(cents)).where(known)
    allocated = pd.concat([pairs, pd.DataFrame(parts, index=pairs.index)], axis=1)
    allocated = allocated.join(years[["year", "parcel_code", *SOURCE_COLUMNS]], on="row", validate="m:1")
    matched = years.index.isin(pairs["row"])
    lost = years[~matched & ~years.index.isin(stuck["row"])]
    problems.append(_report_misplaced(lost, sure, set(parcel_codes.dropna())))
    ledger = _ledger(years, records, allocated, matched, columns)
    absent = _absent(allocated, years, sure)
    problems.append(_report_absent(absent, years))
    open_ended = allocated.loc[allocated["parcel_id"].isin(() if partly is None else partly), PARCEL_YEAR]
    short_of = pd.concat([absent[PARCEL_YEAR], open_ended])
    parcel_years, partial = _sums(allocated, short_of, columns, records)
    problems.append(partial)
    return Money(
        allocated,
        parcel_years,
        ledger,
        years.loc[~matched, list(KEYS)].reset_index(drop=True),
        issues.gather(problems),
    )


def _targets(years: pd.DataFrame, links: pd.DataFrame, parcel_codes: pd.Series) -> pd.DataFrame:
    """Pair each row with its parcels: the one it names, else all of its enterprise's."""
    rows = years[["enterprise_id", "parcel_code"]].reset_index()
    pairs = rows.merge(
        links[["enterprise_id", "parcel_id", "link_area_mu", "method"]], on="enterprise_id", validate="m:m"
    )
    code = pairs["parcel_id"].map(parcel_codes)
    named = pairs["parcel_code"] != ""
    here = code == pairs["parcel_code"]
    return pairs[~named | here].drop(columns="parcel_code").reset_index(drop=True)


def _report_stuck(stuck: pd.DataFrame, years: pd.DataFrame) -> pd.DataFrame:
    rows = years.loc[stuck["row"].unique()]
    return issues.report("E314", rows[list(SOURCE_COLUMNS)], key=rows["enterprise_id"])


def _report_misplaced(rows: pd.DataFrame, links: pd.DataFrame, known: set[str]) -> pd.DataFrame:
    """Report rows of a linked enterprise that name a parcel which is not among its parcels."""
    lost = rows[rows["enterprise_id"].isin(links["enterprise_id"])]
    where = (
        lost["parcel_code"].isin(known).map({True: " 没有匹配给该企业（见匹配决定）", False: " 不在宗地表中"})
    )
    said = "该行写明的宗地代码 " + lost["parcel_code"].astype(str) + where.astype(str)
    return issues.report(
        "E301",
        lost[list(SOURCE_COLUMNS)],
        column=label("parcel_code"),
        key=lost["enterprise_id"],
        raw=lost["parcel_code"],
        detail=said,
    )


def _absent(allocated: pd.DataFrame, years: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Find the enterprises of a parcel that have money on no parcel at all in a year in which a neighbour has."""
    known = allocated[["parcel_id", "year"]].drop_duplicates()
    wanted = known.merge(links[["parcel_id", "enterprise_id"]], on="parcel_id", validate="m:m")
    there = pd.MultiIndex.from_frame(allocated[["enterprise_id", "year"]])
    return wanted[~pd.MultiIndex.from_frame(wanted[["enterprise_id", "year"]]).isin(there)]


def _report_absent(absent: pd.DataFrame, years: pd.DataFrame) -> pd.DataFrame:
    latest = (
        years.sort_values("year").drop_duplicates("enterprise_id", keep="last").set_index("enterprise_id")
    )
    rows = absent.join(latest[list(SOURCE_COLUMNS)], on="enterprise_id", validate="m:1")
    said = rows["enterprise_id"].astype(str) + " 没有可用的 " + rows["year"].astype(str) + " 年数据"
    return issues.report("E313", rows[list(SOURCE_COLUMNS)], used="未知", key=rows["parcel_id"], detail=said)


def _ledger(
    years: pd.DataFrame,
    records: pd.DataFrame,
    allocated: pd.DataFrame,
    matched: np.ndarray,
    columns: tuple[str, ...],
) -> pd.DataFrame:
    """Balance every column and year, each side counted from its own source.

    Input and excluded are counted row by row from ``records``, allocated from the parts, unmatched from the
    rows of ``years`` without a parcel: a figure lost or doubled on the way makes a difference. Of what is excluded
    ``repeated`` is what another row says too and is counted there.
    """
    rows = []
    labelled = records["year"].fillna(-1)
    keys = pd.MultiIndex.from_arrays(
        [records["enterprise_id"].fillna(""), labelled, records["parcel_code"].fillna("")]
    )
    firms, copies = keys.droplevel(2), records["record_state"] == "重复"
    for column in columns:
        written = pd.Series(to_cents(records[column].fillna(0.0)), index=records.index)
        given = written.groupby(labelled).sum()
        counted = records[f"is_counted_{column}"].astype(bool)
        unused = records[column].notna() & ~counted
        left_out = written[unused].groupby(labelled[unused]).sum()
        taken = pd.Series(written[counted].to_numpy(), index=keys[counted])
        is_told = firms.isin(firms[counted])  # of which something of the year is counted at all
        again = unused & ((copies & is_told) | (taken.reindex(keys).to_numpy() == written.to_numpy()))
        repeated = written[again].groupby(labelled[again]).sum()
        used = pd.Series(to_cents(years[column].fillna(0.0)), index=years.index)
        placed = (
            pd.Series(to_cents(allocated[column].fillna(0.0)), index=allocated.index)
            .groupby(allocated["year"])
            .sum()
        )
        lost = used[~matched].groupby(years["year"][~matched]).sum()
        for year in sorted(given.index):
            total, into, unmatched, excluded = (
                int(part.get(year, 0)) for part in (given, placed, lost, left_out)
            )
            difference = total - into - unmatched - excluded
            if difference:
                raise InternalError(
                    f"金额不平：{column} {year}，差 {difference} 分",
                    remedy="请把资料和本信息一并反馈给开发人员",
                    code="E903",
                )
            amounts = (total, into, unmatched, excluded, int(repeated.get(year, 0)), difference)
            rows.append((column, None if year == -1 else int(year), *(_text(amount) for amount in amounts)))
    return pd.DataFrame(rows, columns=["quantity", "year", *BALANCE])


def _text(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // CENTS_PER_WAN_YUAN}.{abs(cents) % CENTS_PER_WAN_YUAN:06d}"


def _sums(
    allocated: pd.DataFrame, missing: pd.DataFrame, columns: tuple[str, ...], records: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    short_of = pd.MultiIndex.from_frame(missing)
    grouped = allocated.groupby(["parcel_id", "year"], sort=True)
    sums = {}
    problems = []
    for column in columns:
        cents = pd.Series(to_cents(allocated[column].fillna(0.0)), index=allocated.index)
        total = cents.groupby([allocated["parcel_id"], allocated["year"]]).sum()
        silent = is_told_elsewhere(
            allocated[column], [allocated[name] for name in (*PARCEL_YEAR, "enterprise_id")]
        )
        blank = (allocated[column].isna() & ~silent).groupby([allocated[name] for name in PARCEL_YEAR]).sum()
        known = grouped[column].count()
        sums[column] = pd.Series(from_cents(total), index=total.index).where(
            (blank == 0) & ~total.index.isin(short_of)
        )
        partial = (known > 0) & (blank > 0)
        if partial.any():
            at = pd.MultiIndex.from_frame(allocated[["parcel_id", "year"]])
            rows = allocated[partial.reindex(at).to_numpy() & allocated[column].isna() & ~silent]
            place = _asked(rows, records, column)
            problems.append(
                issues.report(
                    "E313",
                    place,
                    column=label(column),
                    used="未知",
                    key=rows["parcel_id"].reindex(place.index),
                )
            )
    frame = pd.DataFrame(sums)
    frame.index = frame.index.set_names(["parcel_id", "year"])
    return frame.reset_index(), issues.gather(problems)


def _asked(rows: pd.DataFrame, records: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return where a figure that some rows do not have should stand: in the row of the table that has such figures.

    A row of an enterprise of which another is in such a table is left out: nobody can fill in the figure there.
    """
    place = list(SOURCE_COLUMNS)
    of_table = [records[name] for name in ("source_file", "source_layer")]
    has = records[column].notna().groupby(of_table, dropna=False).transform("any")
    able = records[has & records["enterprise_id"].notna() & records["year"].notna()]
    able = able.assign(parcel_code=able["parcel_code"].fillna(WHOLE)).drop_duplicates(list(KEYS))
    there = able.set_index(list(KEYS))[place].reindex(pd.MultiIndex.from_frame(rows[list(KEYS)]))
    there = there.set_axis(rows.index)
    able_rows = there["source_row"].notna()
    is_told = able_rows.groupby([rows[name] for name in (*PARCEL_YEAR, "enterprise_id")]).transform("any")
    return there.where(able_rows, rows[place])[able_rows | ~is_told]
