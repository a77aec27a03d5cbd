"""Which area counts: certificate before contract before the drawn shape; the difference is told."""

from __future__ import annotations

import pandas as pd

from landeval import issues
from landeval.sources import SOURCE_COLUMNS
from landeval.units import to_mu

NOTICE_SHARE, NOTICE_M2, ERROR_SHARE = 0.01, 50.0, 0.05
ABSURD_RATIO = 1.5
ABSURD_M2 = 100.0
"""A written area under ABSURD_M2 that no drawn one confirms, or this many times the drawn one, or the reverse, is in another unit or of another parcel."""


def legal_area(parcels: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add ``area_mu`` and ``area_basis`` by the precedence 证载 → 合同 → 图形 (STANDARDS §6, a proposal).

    A written area that is absurd beside the drawn one (亩 taken for ㎡) is not used, and no other takes its
    place: which of them is wrong is a question for the office, and until then the area is unknown.

    Parameters
    ----------
    parcels : DataFrame
        ``area_registered_m2``, ``area_contract_m2``, ``area_measured_m2`` [m²], NaN where unknown.

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
    problems.append(issues.report("E242", place[absurd], detail=told, used="未知", key=parcels.index[absurd]))
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
        problems.append(issues.report(code, place[mask], detail=said, key=parcels.index[mask]))
    area_mu, basis = to_mu(used.mask(absurd)), basis.mask(absurd, "未知（面积矛盾）")
    return parcels.assign(area_mu=area_mu, area_basis=basis), issues.gather(problems)
