"""Write the dossiers of 300 candidates, the sample's repeated under new codes. ``python -m benchmarks.dossiers``."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from landeval import evaluate, load_project
from landeval.publish.documents.workers import write_papers
from landeval.publish.dossier import papers_of, wanted_parcels
from landeval.publish.dossier.case import cases

SECONDS = 180.0
"""The most that it may take on two cores."""
SAMPLE = Path(__file__).resolve().parent.parent / "data" / "landeval.toml"


def measure(count: int, workers: int | None) -> dict[str, Any]:
    """Return the seconds of making and writing so many dossiers, with the drafts that lie beside them."""
    result = evaluate(load_project(SAMPLE))
    chosen, _ = wanted_parcels(result)
    begun = time.perf_counter()
    case = cases(result, chosen)
    papers = []
    for number in range(count):
        for paper in papers_of(case, chosen[number % len(chosen)]):
            papers.append(dataclasses.replace(paper, file=f"{number:04d}/{paper.file}"))
    made = time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as folder:
        paths = write_papers(papers, Path(folder), workers=workers)
        size = sum(path.stat().st_size for path in paths)
    whole = time.perf_counter() - begun
    return {"dossiers": count, "documents": len(papers), "made_s": made, "whole_s": whole, "each_s": whole / count, "megabytes": size / 1e6}  # fmt: skip


def main() -> int:
    """Read the command line, measure, and return 1 where the limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=300)
    parser.add_argument("--workers", type=int, help="processes; by default as in a run")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = measure(options.dossiers, options.workers)
    for name, value in found.items():
        print(f"{name:>12}  {value:.3f}" if isinstance(value, float) else f"{name:>12}  {value}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return int(found["whole_s"] > SECONDS * options.dossiers / 300)


if __name__ == "__main__":
    sys.exit(main())
