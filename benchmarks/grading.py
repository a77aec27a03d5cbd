"""Grade the 7,551 rows of a real list with seeded fictitious money by every scheme. ``python -m benchmarks.grading``."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from landeval.judge.grades import grade
from landeval.standards.grading import scheme_ids, shipped_scheme

SECONDS = 3.0
"""The most that one scheme may take."""
ROWS = 7551
SUMS = {
    "tax_wan_yuan": 200, "output_wan_yuan": 4000, "investment_wan_yuan": 3000, "revenue_wan_yuan": 4000,
    "value_added_wan_yuan": 900, "rd_wan_yuan": 80, "employees": 90, "energy_tce": 400, "emission_t": 3,
    "electricity_wan_kwh": 300,
}  # fmt: skip
GAPS = 0.05


def figures(rows: int, seed: int) -> pd.DataFrame:
    """Make up the figures of so many enterprises: skewed money, 5 % gaps, a third below scale."""
    random = np.random.default_rng(seed)
    index = pd.Index([f"{at:06d}" for at in range(rows)], name="enterprise_id", dtype="object")

    def drawn(mean: float) -> np.ndarray:
        values = mean * random.lognormal(0, 1, rows)
        return np.where(random.random(rows) < GAPS, np.nan, values)

    frame = pd.DataFrame({name: drawn(mean) for name, mean in SUMS.items()}, index=index)
    frame["area_mu"] = drawn(15)
    frame["land_leased_mu"] = np.where(random.random(rows) < 0.2, frame["area_mu"], 0.0)
    frame["land_registered_mu"] = frame["area_mu"] - frame["land_leased_mu"]
    frame["floor_leased_m2"] = np.nan
    frame["is_above_scale"] = pd.Series(random.random(rows) < 0.67, index=index).astype("object")
    days = pd.to_datetime("2005-01-01") + pd.to_timedelta(random.integers(0, 7300, rows), unit="D")
    frame["production_started_on"] = days
    words = {
        "industry_code": random.choice(["1311", "3351", "4420"], rows, p=[0.5, 0.49, 0.01]),
        "grade_last": random.choice(["A", "B", "C", "D"], rows),
        "veto_reason": np.where(random.random(rows) < 0.01, "虚构事项", None),
        "bonus_matters": np.where(random.random(rows) < 0.1, "高新技术企业", None),
    }
    frame = frame.assign(**words, production_status=None, ungraded_reason=None, fault_matters=None)
    return frame.assign(
        name="虚构企业", credit_code=None, has_year=True, source_file="虚构.xlsx", source_layer="2024年",
        source_row=np.arange(rows) + 4, tax_wan_yuan_per_mu=frame["tax_wan_yuan"] / frame["area_mu"],
    )  # fmt: skip


def measure(rows: int, seed: int) -> dict[str, Any]:
    """Return the seconds that each scheme takes."""
    now, last = figures(rows, seed), figures(rows, seed + 1)
    told: dict[str, Any] = {"rows": rows}
    for name in scheme_ids():
        scheme, begun = shipped_scheme(name), time.perf_counter()
        found = grade(scheme, now, last, dt.date(2024, 12, 31))
        told[f"{name}_s"] = time.perf_counter() - begun
        told[f"{name}_graded"] = int((found.grades["grade_state"] == "已定级").sum())
    return told


def main() -> int:
    """Read the command line, measure, and return 1 where the limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path, help="a csv in GB18030; only the number of its rows is taken")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = len(pd.read_csv(options.input, encoding="gb18030", dtype=str)) if options.input else options.rows
    found = measure(rows, options.seed)
    for name, value in found.items():
        print(f"{name:>24}  {value:.3f}" if isinstance(value, float) else f"{name:>24}  {value}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return int(any(value > SECONDS for key, value in found.items() if key.endswith("_s")))


if __name__ == "__main__":
    sys.exit(main())
