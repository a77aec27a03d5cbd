"""Near names of 100 000 against 100 000 names: seconds and memory. ``python -m benchmarks.many_names``."""

from __future__ import annotations

import argparse
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
import rapidfuzz
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from benchmarks.fictitious_names import PLACES, SYLLABLES, names, written
from benchmarks.reading import own_peak_mb
from landeval.link.near import near_names
from landeval.link.near_holders import NEAR_ENOUGH, NEAR_MOST

SECONDS, PEAK_MB = 20.0, 1536.0
"""The most that it may take on two cores (issue 4)."""
NAIVE = 2_000


def lists(count: int, seed: int) -> tuple[pd.Series, pd.Series]:
    """Return two lists of one set of firms: half of them under another place, three in ten with a wrong character."""
    random = np.random.default_rng(seed)
    made = names(count, seed)
    right = pd.Series(written(made), dtype=object)
    places, letters = np.array(PLACES.split()), np.array(list(SYLLABLES))
    made["place"] = np.where(random.random(count) < 0.5, random.choice(places, count), made["place"])
    rest = made["trade"].astype(object)
    wrong = np.array([trade[1:] for trade in rest])
    wrong = np.char.add(random.choice(letters, count), wrong)
    made["trade"] = np.where(random.random(count) < 0.3, wrong, made["trade"])
    left = pd.Series(written(made), dtype=object)
    return left.sample(frac=1, random_state=seed), right


def once(count: int, seed: int) -> dict[str, Any]:
    """Pair two lists in this process: seconds by the clock and of the processor, peak memory, pairs, and how many found."""
    left, right = lists(count, seed)
    near_names(left.head(10), right.head(10), at_least=NEAR_ENOUGH, most=NEAR_MOST)
    started, worked = time.perf_counter(), time.process_time()
    pairs = near_names(left, right, at_least=NEAR_ENOUGH, most=NEAR_MOST)
    return {
        "seconds": round(time.perf_counter() - started, 2),
        "processor_seconds": round(time.process_time() - worked, 2),
        "peak_mb": round(own_peak_mb()),
        "pairs": len(pairs),
        "found": round(float((pairs["left"] == pairs["right"]).sum() / count), 4),
    }


def naive(count: int, seed: int) -> dict[str, Any]:
    """Time all pairs of a few names with ``cdist`` and project to ``count``: time and matrix grow with the square."""
    left, right = lists(NAIVE, seed)
    started = time.perf_counter()
    scores = cdist(
        left.tolist(), right.tolist(), scorer=Indel.normalized_similarity, dtype=np.float32, workers=-1
    )
    seconds = time.perf_counter() - started
    more = (count / NAIVE) ** 2
    return {
        "names": NAIVE,
        "seconds": round(seconds, 2),
        "projected_seconds": round(seconds * more),
        "projected_gb": round(scores.nbytes * more / 1e9, 1),
    }


def measure(count: int, seed: int) -> dict[str, Any]:
    """Return the figures of both ways; the pairing runs in a fresh process, for its memory."""
    command = [sys.executable, "-m", "benchmarks.many_names", "--only", "--names", str(count)]
    done = subprocess.run(
        [*command, "--seed", str(seed)], check=True, capture_output=True, text=True, encoding="utf-8"
    )
    return {
        "names": count,
        "seed": seed,
        "near_names": json.loads(done.stdout),
        "all_pairs": naive(count, seed),
        "limits": {"seconds": SECONDS, "peak_mb": PEAK_MB},
        "cores": os.cpu_count(),
        "versions": {
            "python": platform.python_version(),
            "pandas": pd.__version__,
            "numpy": np.__version__,
            "rapidfuzz": rapidfuzz.__version__,
        },
    }


def as_table(figures: dict[str, Any]) -> str:
    """Return the figures as a Markdown table."""
    ours, every = figures["near_names"], figures["all_pairs"]
    return "\n".join(
        [
            f"| {figures['names']:,} × {figures['names']:,} | seconds | of the processor | memory [MB] |",
            "|---|---:|---:|---:|",
            f"| near_names | {ours['seconds']:.1f} | {ours['processor_seconds']:.1f} | {ours['peak_mb']:,} |",
            f"| all pairs (cdist, projected from {every['names']:,} × {every['names']:,}: {every['seconds']:.2f} s) | "
            f"{every['projected_seconds']:,} | | {every['projected_gb'] * 1000:,.0f} |",
            "",
            f"{ours['pairs']:,} pairs to review; {ours['found']:.1%} of the firms have their own name among them.",
        ]
    )


def main() -> int:
    """Print a table, write JSON on request; exit code 1 where a limit is passed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.many_names", description=__doc__)
    parser.add_argument("--names", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--only", action="store_true", help="pair the lists once and print the figures")
    given = parser.parse_args()
    if given.only:
        print(json.dumps(once(given.names, given.seed)))
        return 0
    figures = measure(given.names, given.seed)
    print(as_table(figures))
    if given.json:
        given.json.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", "utf-8")
    ours = figures["near_names"]
    return 0 if ours["seconds"] <= SECONDS and ours["peak_mb"] <= PEAK_MB else 1


if __name__ == "__main__":
    sys.exit(main())
