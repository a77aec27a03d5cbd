"""Which area counts: certificate before contract before the drawn shape; the difference is told."""

from __future__ import annotations

import pandas as pd

from landeval import issues
from landeval.sources import SOURCE_COLUMNS
from landeval.units import to_mu
from landeval.vocabulary.fields import label

FOUR_AREAS = ("area_registered_m2", "area_contract_m2", "area_tax_m2", "area_measured_m2")

NOTICE_SHARE, NOTICE_M2, ERROR_SHARE = 0.01, 50.0, 0.05
ABSURD_RATIO = 1.5
ABSURD_M2 = 100.0
"""A written area under ABSURD_M2 that no drawn one confirms, or this many times the drawn one, or the reverse, is in another unit or of another parcel."""


def legal_area(parcels: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add ``area_mu``, ``area_basis`` and ``area_spread_percent`` by the precedence 证载 → 合同 → 图形 (STANDARDS §6, a proposal).

    A written area that is absurd beside the drawn one (亩 taken for ㎡) is not used, and no other takes its
    place: which of them is wrong is a question for the office, and until then the area is unknown.

    Parameters
    ----------
    parcels : DataFrame
        ``area_registered_m2``, ``area_contract_m2``, ``area_measured_m2`` and, if it is there,
        ``area_tax_m2`` [m²], NaN where unknown. The tax register's area is compared, never used.

    Returns
    -------
    DataFrame, DataFrame of issues
    """
    registered, contract, measured = (
        parcels[name].where(parcels[name] > 0)
        for name in ("area_registered_m2", "area_contract_m2", "area_measured_m2")
    )
    used = registered.combine_first(contract).combine_first(measured)
    basis = pd.Series("未知", index=parcels.index, dtype="object")
    basis = (
        basis.mask(measured.notna(), "图形面积")
        .mask(contract.notna(), "合同面积")
        .mask(registered.notna(), "证载面积")
    )
    place = parcels[list(SOURCE_COLUMNS)]
    problems = [issues.report("E219", place[used.isna()], key=parcels.index[used.isna()])]
    ratio = used / measured
    absurd = (ratio > ABSURD_RATIO) | (ratio < 1 / ABSURD_RATIO) | (measured.isna() & (used < ABSURD_M2))
    drawn = ("，图形 " + measured.map("{:,.2f} ㎡".format)).where(measured.notna(), "，没有图形可核对")
    told = basis[absurd] + used[absurd].map(" {:,.2f} ㎡".format) + drawn[absurd]
    of_basis = {"证载面积": label("area_registered_m2"), "合同面积": label("area_contract_m2")}
    column = basis.map(of_basis).fillna("").astype("object")
    problems.append(
        issues.report(
            "E242",
            place[absurd],
            column=column[absurd],
            raw=_written(used[absurd]),
            detail=told,
            used="未知",
            key=parcels.index[absurd],
        )
    )
    difference = (used - measured).abs().mask(absurd)
    share = difference / used
    large = share > ERROR_SHARE
    noted = ~large & ((share > NOTICE_SHARE) | (difference > NOTICE_M2))
    for code, mask in (("E218", large), ("E217", noted)):
        mask = mask & (basis != "图形面积")
        said = (
            basis[mask] + used[mask].map(" {:,.2f} ㎡，图形 ".format) + measured[mask].map("{:,.2f} ㎡，相差 ".format)
            + share[mask].map("{:.2%}".format) + "，采用" + basis[mask]
        )  # fmt: skip
        problems.append(
            issues.report(
                code,
                place[mask],
                column=column[mask],
                raw=_written(used[mask]),
                detail=said,
                key=parcels.index[mask],
            )
        )
    problems += _audit(parcels, used.mask(absurd), basis)
    area_mu = to_mu(_counted_once(parcels, used.mask(absurd), basis))
    basis = basis.mask(absurd, "未知（面积矛盾）")
    spread = _spread(parcels)
    return parcels.assign(area_mu=area_mu, area_basis=basis, area_spread_percent=spread), issues.gather(
        problems
    )


def _counted_once(parcels: pd.DataFrame, used: pd.Series, basis: pd.Series) -> pd.Series:
    """Share one polygon among the parcels that are drawn as it and have no other area (condominiums).

    A certified or contracted area stands on its own evidence; the drawing is then what is in doubt (E227).
    """
    if "stack" not in parcels:
        return used
    drawn = parcels["stack"].where(basis == "图形面积")
    return used / drawn.groupby(drawn).transform("size").astype("float64").fillna(1.0)


def _written(area: pd.Series) -> pd.Series:
    """Write areas [㎡] to the digits that a correction of the cell is held against."""
    return area.map("{:.10g}".format).astype("object")


def _audit(parcels: pd.DataFrame, used: pd.Series, basis: pd.Series) -> list[pd.DataFrame]:
    """Hold the tax register's and the contract's area against the one that is used."""
    place = parcels[list(SOURCE_COLUMNS)]
    problems = []
    for code, name in (("E281", "area_tax_m2"), ("E282", "area_contract_m2")):
        if name not in parcels:
            continue
        stated = parcels[name].where(parcels[name] > 0)
        difference = (stated - used).abs()
        mask = (difference / used > NOTICE_SHARE) | (difference > NOTICE_M2)
        if not mask.any():
            continue
        told = (
            label(name).split("(")[0] + stated[mask].map(" {:,.2f} ㎡，".format) + basis[mask] + used[mask].map(" {:,.2f} ㎡，相差 ".format)
            + (difference / used)[mask].map("{:.2%}".format) + "，采用" + basis[mask]
        )  # fmt: skip
        problems.append(
            issues.report(
                code,
                place[mask],
                column=label(name),
                raw=_written(stated[mask]),
                detail=told,
                key=parcels.index[mask],
            )
        )
    return problems


def _spread(parcels: pd.DataFrame) -> pd.Series:
    """Return how far the largest of the four areas exceeds the smallest [%]; NaN where fewer than two are known."""
    known = parcels.reindex(columns=list(FOUR_AREAS)).astype("float64")
    known = known.where(known > 0)
    spread = (known.max(axis=1) / known.min(axis=1) - 1) * 100
    return spread.where(known.notna().sum(axis=1) > 1).round(4)
