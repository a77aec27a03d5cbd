"""Judging 100 000 parcels by every rule, with reasons and evidence. ``python -m benchmarks.judging``."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.reading import own_peak_mb
from landeval.judge.idle import judge_idle
from landeval.judge.proof import Proof
from landeval.judge.status import judge
from landeval.link.contracts import EVIDENCED
from landeval.link.evidence import OF_ENTERPRISES, Ledger, evidence
from landeval.measure.intensity import of_written
from landeval.measure.operation import operation_of
from landeval.measure.per_mu import with_ratios
from landeval.project import Switches
from landeval.result import MONEY, RATIOS
from landeval.standards.rules import Rule, rulebook
from landeval.tidy.table import unknown
from landeval.timeline import add_years
from landeval.vocabulary.fields import fields_of

AS_OF = dt.date(2024, 12, 31)
SECONDS = 10.0
"""The most that judging with reasons and evidence may take on two cores (issue 5)."""


def park(count: int, seed: int) -> dict[str, Any]:
    """Make parcels, two years of money, and where each of them stands in three tables, all at random."""
    random = np.random.default_rng(seed)
    index = pd.Index([f"430525001001GB{number:06d}" for number in range(count)], name="parcel_id")
    parcels = pd.DataFrame(index=index)
    for field in (*fields_of("parcels"), *fields_of("contracts")):
        if field.name not in parcels:
            parcels[field.name] = unknown(field, index)

    def sometimes(values: Any, share: float) -> Any:
        kept = random.random(count) < share
        return pd.Series(values, index=index).where(kept)

    def day(first: int, last: int, share: float) -> pd.Series:
        days = random.integers(first * 365, last * 365, count) - 1970 * 365
        return sometimes(days.astype("datetime64[D]").astype("datetime64[s]"), share)

    parcels = parcels.assign(
        parcel_code=index.to_numpy(), area_mu=random.uniform(5, 120, count), area_basis="证载面积",
        agreed_start=day(2012, 2025, 0.8), delivered_on=day(2011, 2024, 0.6), actual_start=day(2012, 2024, 0.7),
        agreed_completion=day(2014, 2027, 0.8), actual_completion=day(2014, 2024, 0.5), suspended_on=day(2019, 2024, 0.1),
        production_started_on=day(2015, 2024, 0.5), stopped_production_on=day(2022, 2024, 0.05), signed_on=day(2011, 2023, 0.9),
        idle_cause=sometimes(random.choice(["企业原因", "规划调整", "政府原因（未按期交地）", "原因不明"], count), 0.5),
        cause_evidence=sometimes("虚构函〔2023〕1号", 0.3), price_wan_yuan=sometimes(random.uniform(50, 2000, count), 0.9),
        production_status=sometimes(random.choice(["正常生产", "停产", "半停产", "存续"], count), 0.6),
        floor_area_m2=sometimes(random.uniform(500, 60_000, count), 0.6), tall_floor_area_m2=sometimes(0.0, 0.3),
        footprint_m2=sometimes(random.uniform(500, 30_000, count), 0.6), contract_plot_ratio_min=sometimes(1.0, 0.7),
        unused_separable_m2=sometimes(random.uniform(0, 20_000, count), 0.4), low_use_listing=sometimes("淘汰类产业", 0.02),
        low_use_listing_no=sometimes("虚构发改〔2024〕1号", 0.5), built_area_m2=sometimes(random.uniform(0, 1, count), 0.7),
        buildable_area_m2=1.0, invested_wan_yuan=sometimes(random.uniform(0, 1, count), 0.7), planned_investment_wan_yuan=1.0,
        is_industrial=pd.Series(random.choice(np.array([True, True, True, False, None], dtype=object), count), index=index),
        is_new_industrial=pd.Series(random.choice(np.array([True, False, None], dtype=object), count), index=index),
        is_state_owned=pd.Series(random.choice(np.array([True, True, None, False], dtype=object), count), index=index),
    )  # fmt: skip
    for name in (
        "idle_cause",
        "cause_evidence",
        "production_status",
        "low_use_listing",
        "low_use_listing_no",
    ):
        parcels[name] = parcels[name].astype("object").where(parcels[name].notna(), None)
    parcels = parcels.assign(**of_written(parcels), operation=operation_of(parcels["production_status"]))
    place = {"source_file": "宗地.shp", "source_layer": "", "source_row": np.arange(1, count + 1)}
    parcels = parcels.assign(**place)
    ratios, allocated = {}, []
    for year in (2024, 2023):
        money = {name: sometimes(random.lognormal(5, 1.5, count), 0.85) for name in MONEY}
        frame = with_ratios(pd.DataFrame(money, index=index), parcels["area_mu"])
        ratios[year] = frame
        rows = (
            frame[list(MONEY)]
            .reset_index()
            .assign(year=year, source_file="企业.xlsx", source_layer=f"{year}年")
        )
        rows = rows.assign(enterprise_id=rows["parcel_id"], name_key=rows["parcel_id"], parcel_code="")
        allocated.append(rows.assign(source_row=np.arange(4, count + 4)))
    parcels = parcels.drop(columns=[*MONEY, *RATIOS], errors="ignore").join(ratios[2024])
    parcels["is_operating"] = (parcels["output_wan_yuan"] > 0) | (parcels["tax_wan_yuan"] > 0)
    at = np.arange(count)
    places = pd.DataFrame({"source_file": "台账.xlsx", "source_layer": "供地台账", "source_row": at + 3})
    ledger = Ledger(
        places,
        pd.DataFrame(dict.fromkeys(EVIDENCED, at), index=index),
        pd.DataFrame({name: parcels[name].isna().to_numpy() for name in EVIDENCED}, index=index),
        {},
    )
    columns = pd.DataFrame(
        [(file, layer, field.name, field.label) for file, layer, table in
         (("宗地.shp", "", "parcels"), ("台账.xlsx", "供地台账", "contracts"), ("企业.xlsx", "2024年", "enterprises"), ("企业.xlsx", "2023年", "enterprises"))
         for field in fields_of(table)], columns=["source_file", "source_layer", "field", "header"],
    )  # fmt: skip
    spread = pd.concat(allocated, ignore_index=True)
    spread = spread.assign(row=spread.index, link_area_mu=spread["parcel_id"].map(parcels["area_mu"]))
    records = spread.assign(
        **{f"is_counted_{name}": spread[name].notna() for name in MONEY},
        **dict.fromkeys(OF_ENTERPRISES),
        name_votes=1,
    )
    return {"parcels": parcels, "ratios": ratios, "allocated": spread, "records": records,
            "ledger": ledger, "columns": columns}  # fmt: skip


def row_by_row(parcels: pd.DataFrame, rules: dict[str, Rule], as_of: pd.Timestamp) -> list[bool]:
    """Judge type 1 of Order 53 with a loop over rows, as a first draft would: the baseline of the ratio."""
    one = rules["idle.not_started"].whole
    found = []
    for _, row in parcels.iterrows():
        if row["is_state_owned"] is False or row["actual_start"] <= as_of or row["suspended_on"] <= as_of:
            found.append(False)
            continue
        if pd.notna(row["actual_completion"]) or row["suspended_on"] > as_of:
            found.append(False)
            continue
        due = row["extended_start"] if pd.notna(row["extended_start"]) else row["agreed_start"]
        if pd.isna(due):
            due = row["delivered_on"] + pd.DateOffset(years=1)
        found.append(bool(pd.notna(due) and due + pd.DateOffset(years=one, days=1) <= as_of))
    return found


def once(count: int, seed: int) -> dict[str, Any]:
    """Judge a park in this process: seconds of evidence, of judging, and peak memory."""
    made = park(count, seed)
    rules, day = rulebook(AS_OF), pd.Timestamp(AS_OF)
    small = made["parcels"].head(100)
    few = evidence(
        small,
        made["allocated"].head(0),
        made["records"].head(0),
        made["ledger"],
        made["columns"],
        2024,
        MONEY,
    )
    blank = pd.DataFrame("表", index=small.index, columns=few.columns)
    judge(small, made["ratios"], 2024, day, rules, Switches(), blank)
    started, worked = time.perf_counter(), time.process_time()
    proof = evidence(
        made["parcels"], made["allocated"], made["records"], made["ledger"], made["columns"], 2024, MONEY
    )
    proved = time.perf_counter()
    judged = judge(made["parcels"], made["ratios"], 2024, day, rules, Switches(), proof)
    ended = time.perf_counter()
    return {
        "seconds": round(ended - started, 2),
        "evidence_seconds": round(proved - started, 2),
        "judging_seconds": round(ended - proved, 2),
        "processor_seconds": round(time.process_time() - worked, 2),
        "peak_mb": round(own_peak_mb()),
        "findings": len(judged.findings),
        "rules": int(judged.findings["rule_id"].nunique()),
        "classes": judged.status["status"].value_counts().to_dict(),
    }


def baseline(count: int, seed: int) -> dict[str, Any]:
    """Time the idle rule both ways on the same parcels, and see that they agree."""
    made = park(count, seed)
    parcels, rules, day = made["parcels"], rulebook(AS_OF), pd.Timestamp(AS_OF)
    proof = evidence(
        parcels, made["allocated"], made["records"], made["ledger"], made["columns"], 2024, MONEY
    )
    started = time.perf_counter()
    idle = judge_idle(parcels, rules, day, Switches(), Proof(proof, parcels.index))
    ours = time.perf_counter() - started
    started = time.perf_counter()
    slow = row_by_row(parcels, rules, day)
    theirs = time.perf_counter() - started
    same = idle.facts["is_idle_unstarted"].tolist() == slow
    leap = add_years(pd.Series([pd.Timestamp("2020-02-29")]), 1).dt.strftime("%F").tolist() == ["2021-02-28"]
    return {
        "seconds": round(ours, 3),
        "iterrows_seconds": round(theirs, 2),
        "ratio": round(theirs / ours, 1),
        "agree": same and leap,
    }


def main() -> int:
    """Print the figures, write JSON on request; exit code 1 where the limit is passed or the two ways differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.judging", description=__doc__)
    parser.add_argument("--parcels", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--only", action="store_true", help="judge once and print the figures")
    given = parser.parse_args()
    if given.only:
        print(json.dumps(once(given.parcels, given.seed), ensure_ascii=False))
        return 0
    command = [sys.executable, "-m", "benchmarks.judging", "--only", "--parcels", str(given.parcels)]
    done = subprocess.run(
        [*command, "--seed", str(given.seed)], check=True, capture_output=True, text=True, encoding="utf-8"
    )
    ours, idle = json.loads(done.stdout), baseline(given.parcels, given.seed)
    print(f"{given.parcels:,} parcels × {ours['rules']} rules: {ours['seconds']} s ({ours['evidence_seconds']} s evidence, "
          f"{ours['judging_seconds']} s judging), {ours['peak_mb']:,} MB, {ours['findings']:,} findings")  # fmt: skip
    print(f"idle rule with its reasons: {idle['seconds']} s; iterrows, verdict only: {idle['iterrows_seconds']} s "
          f"(× {idle['ratio']}); they agree: {idle['agree']}")  # fmt: skip
    if given.json:
        machine = {"cores": os.cpu_count(), "python": platform.python_version(), "pandas": pd.__version__}
        text = json.dumps({"judging": ours, "idle": idle, **machine}, ensure_ascii=False, indent=2)
        given.json.write_text(text + "\n", "utf-8")
    return 0 if ours["seconds"] <= SECONDS and idle["agree"] else 1


if __name__ == "__main__":
    sys.exit(main())
