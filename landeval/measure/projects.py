"""What a proposed project would yield on its land, and how densely it would be built on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landeval import issues
from landeval.admission import PLANNED, RESULTS
from landeval.measure.intensity import of_written
from landeval.measure.per_mu import beyond_belief, per_mu, with_ratios
from landeval.result import RATIOS
from landeval.sources import SOURCE_COLUMNS
from landeval.units import M2_PER_MU
from landeval.vocabulary.fields import label


def project_measures(projects: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add the ratios of every project; money behind a ratio beyond all belief is unknown, and told.

    Parameters
    ----------
    projects : DataFrame
        Index ``project_id``; ``area_mu`` [亩], proposed money [万元], ``floor_area_m2``,
        ``tall_floor_area_m2``, ``footprint_m2``, ``office_land_m2`` [㎡], source columns.

    Returns
    -------
    DataFrame, DataFrame of issues
        ``RATIOS`` [万元/亩], ``plot_ratio`` (no storey doubled), ``plot_ratio_doubled`` (storeys above 8 m counted
        twice; unknown where nobody says how much they are), ``footprint_percent``, ``office_land_percent``.
    """
    money = projects[list(PLANNED)].rename(columns=PLANNED)
    ratios = with_ratios(money, projects["area_mu"])[list(RATIOS)]
    absurd = beyond_belief(ratios)
    told, known = [], {}
    for name, ratio in zip(PLANNED, RATIOS, strict=True):
        rows = projects[absurd[ratio]]
        raw = ratios.loc[absurd[ratio], ratio].map("{:,.2f}".format)
        told.append(
            issues.report(
                "E245", rows[list(SOURCE_COLUMNS)], column=label(name), used="未知", key=rows.index.to_series(),
                detail=label(ratio) + " " + raw.astype(str),
            )
        )  # fmt: skip
        known[name], known[ratio] = projects[name].mask(absurd[ratio]), ratios[ratio].mask(absurd[ratio])
    unsaid = pd.Series(np.nan, index=projects.index)
    built = of_written(
        projects.assign(yard_m2=unsaid, contract_plot_ratio_min=unsaid, unused_separable_m2=unsaid)
    )
    densely = {name: built[name] for name in ("plot_ratio", "plot_ratio_doubled")}
    land = projects["area_mu"] * float(M2_PER_MU)
    parts = {f"{name}_percent": projects[f"{name}_m2"] / land * 100 for name in ("footprint", "office_land")}
    return projects.assign(**known, **densely, **parts), issues.gather(told)


def totals(projects: pd.DataFrame) -> pd.DataFrame:
    """Sum the projects of each result and all of them: Σ money ÷ Σ land of those whose money and land are known.

    Parameters
    ----------
    projects : DataFrame
        ``admission_result``, ``area_mu``, proposed money.

    Returns
    -------
    DataFrame
        ``admission_result``, ``projects_count``, ``area_mu``, proposed money, ``RATIOS``; unknown where nothing is known.
    """
    of = {result: projects[projects["admission_result"] == result] for result in RESULTS} | {"全部": projects}
    rows = []
    for result, part in of.items():
        row: dict[str, object] = {"admission_result": result, "projects_count": len(part),
                                  "area_mu": part["area_mu"].sum(min_count=1)}  # fmt: skip
        for name, ratio in zip(PLANNED, RATIOS, strict=True):
            both = part[part[name].notna() & part["area_mu"].notna()]
            whole = pd.Series([both[name].sum(min_count=1)]), pd.Series([both["area_mu"].sum()])
            row[name], row[ratio] = part[name].sum(min_count=1), per_mu(*whole).iloc[0]
        rows.append(row)
    return pd.DataFrame(rows)
