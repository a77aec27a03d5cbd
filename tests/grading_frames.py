"""Figures of fictitious enterprises for the tests of grading: name only what the test is about."""

import numpy as np
import pandas as pd

SHORT = {
    "tax": "tax_wan_yuan", "output": "output_wan_yuan", "investment": "investment_wan_yuan", "revenue": "revenue_wan_yuan",
    "added": "value_added_wan_yuan", "rd": "rd_wan_yuan", "staff": "employees", "energy": "energy_tce", "emission": "emission_t",
    "kwh": "electricity_wan_kwh", "area": "area_mu", "leased": "land_leased_mu", "floor": "floor_leased_m2",
    "used": "area_used_m2",
}  # fmt: skip
WORDS = {
    "above": "is_above_scale", "veto": "veto_reason", "why_not": "ungraded_reason", "last": "grade_last",
    "bonus": "bonus_matters", "fault": "fault_matters", "industry": "industry_code", "status": "production_status",
    "name": "name",
}  # fmt: skip


def make_figures(rows, ids=None):
    """Return what ``grade_figures`` returns; ids are 虚构001, 虚构002 … unless given."""
    index = pd.Index(
        ids or [f"虚构{at:03d}" for at in range(1, len(rows) + 1)], name="enterprise_id", dtype="object"
    )
    data = {
        column: pd.Series([row.get(key) for row in rows], index=index, dtype="float64")
        for key, column in SHORT.items()
    }
    data |= {
        column: pd.Series([row.get(key) for row in rows], index=index, dtype="object")
        for key, column in WORDS.items()
    }
    frame = pd.DataFrame(data)
    leased = frame["land_leased_mu"].fillna(0.0)
    return frame.assign(
        name=frame["name"].where(frame["name"].notna(), frame.index),
        credit_code=None,
        production_started_on=pd.to_datetime(pd.Series([row.get("begun") for row in rows], index=index)),
        land_registered_mu=np.where(leased > 0, 0.0, frame["area_mu"]),
        land_leased_mu=leased.where(frame["area_mu"].notna()),
        tax_wan_yuan_per_mu=frame["tax_wan_yuan"] / frame["area_mu"],
        has_year=[row.get("has_year", True) for row in rows],
        source_file="虚构.xlsx",
        source_layer="2024年",
        source_row=range(4, 4 + len(rows)),
    )
