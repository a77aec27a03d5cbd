"""Who holds which parcel: firms enrolled, land shared out, registered areas and certificates."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from .cases import NEW_INDUSTRIAL_FROM, Case
from .firms import PARK_COMPANY, Firm, Registry, draw_terms, fill_years
from .streets import MU

PAIRS, TENANT_SHARES = 10, (0.42, 0.33, 0.25)


def settle(parcels: gpd.GeoDataFrame, rng: np.random.Generator) -> tuple[gpd.GeoDataFrame, list[Firm]]:
    """Give every parcel a holder, a registered area and a certificate.

    Parameters
    ----------
    parcels
        Parcels with ``case``, ``industry``, ``area_m2``.
    rng
        Source of the random choices.

    Returns
    -------
    parcels, firms
        Parcels with ``firm`` (None where the holder is no firm), ``holder``, ``credit_code``, ``terms``,
        ``registered_m2``, ``area_mu``, ``certificate``, ``right_type``; and the firms of the workbook.
    """
    result = parcels.copy()
    count = len(result)
    result["registered_m2"] = (result["area_m2"] * (1 + rng.uniform(-0.002, 0.002, count))).round(2)
    result["area_mu"] = result["registered_m2"] / MU
    registry = Registry(rng)
    firm_of: dict[int, Firm] = {}
    listed: list[Firm] = []
    for group in _holdings(result):
        case: Case = result["case"][group[0]]
        if case.money == "tenants":
            listed += _tenants(registry, result.loc[group[0]], rng)
        if case.money == "tenants" or case.holder != "firm":
            continue
        drawn = draw_terms(rng, case.money, is_new=is_new(case))
        terms = drawn if case.has_ledger else None
        area = float(result.loc[group, "area_mu"].sum())
        industry = result["industry"][group[0]]
        firm = registry.enrol(industry, case.money, area, terms=terms, production=case.time.production)
        firm_of |= dict.fromkeys(group, firm)
        if case.money != "none":
            fill_years(firm, rng)
            listed.append(firm)
    result["firm"] = [firm_of.get(index) for index in result.index]
    result["holder"] = [_holder(result["case"][index], firm_of.get(index)) for index in result.index]
    has_code = rng.random(count) < 0.85
    result["credit_code"] = [
        firm_of[index].code if index in firm_of and known else None
        for index, known in zip(result.index, has_code, strict=True)
    ]
    result["terms"] = [firm_of[index].terms if index in firm_of else None for index in result.index]
    signed = [case.time.signed.year if case.time.signed else 2016 for case in result["case"]]
    result["certificate"] = [
        f"湘({year})洞口县不动产权第{number:07d}号(虚构)"
        for year, number in zip(signed, rng.permutation(count) + 1, strict=True)
    ]
    public = result["case"].map(lambda case: case.land_use == "公用设施用地")
    result["right_type"] = np.where(public, "划拨", "出让")
    result["land_use"] = [case.land_use for case in result["case"]]
    return result, listed


def is_new(case: Case) -> bool:
    """Say whether the contract falls under the plan's terms for new industrial land."""
    return case.time.signed is not None and case.time.signed >= NEW_INDUSTRIAL_FROM


def _holder(case: Case, firm: Firm | None) -> str:
    if firm:
        return firm.name
    return PARK_COMPANY if case.money == "tenants" else case.holder


def _holdings(parcels: gpd.GeoDataFrame) -> list[list[int]]:
    """Group the parcels by holder: one firm with three, ten with two, everyone else with one."""
    plain = [
        index
        for index, case in parcels["case"].items()
        if case.money in ("good", "between") and not is_new(case) and case.has_ledger and case.shape == "any"
    ]
    groups: list[list[int]] = []
    taken: set[int] = set()
    for index in plain:
        size = 3 if not groups else 2
        alike = [
            other
            for other in plain
            if other not in taken
            and other >= index
            and parcels["case"][other].money == parcels["case"][index].money
            and parcels["industry"][other] == parcels["industry"][index]
        ]
        if len(groups) <= PAIRS and index not in taken and len(alike) >= size and index % 3 == 0:
            groups.append(alike[:size])
            taken |= set(alike[:size])
    return groups + [[index] for index in parcels.index if index not in taken]


def _tenants(registry: Registry, parcel: pd.Series, rng: np.random.Generator) -> list[Firm]:
    """Return three firms renting floors of the park company's standard factory."""
    tenants = []
    built = parcel["case"].time.production
    for share in TENANT_SHARES:
        firm = registry.enrol("电子信息", "between", parcel["area_mu"] * share, production=built)
        fill_years(firm, rng)
        firm.rented_parcel = parcel["parcel_code"]
        firm.rented_m2 = round(parcel["registered_m2"] * 1.2 * share, 0)
        tenants.append(firm)
    return tenants
