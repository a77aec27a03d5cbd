"""A province by both engines, a worker killed midway: wall time, memory, the same bytes. ``python -m benchmarks.province``."""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.cadastre import CELL, MIDDLE
from benchmarks.county import county

LIMIT = 1.15
"""At most so many times the local engine's wall time, with two workers and one of them killed."""
NAMED = "虚构{:03d}县"


def delivery(root: Path, units: int, parcels: int, *, has_raster: bool) -> None:
    """Make the units' deliveries, side by side, unless they are there."""
    side = math.ceil(math.sqrt(parcels)) * CELL
    across = math.ceil(math.sqrt(units))
    for number in range(units):
        folder = root / NAMED.format(number + 1)
        settings = folder / "landeval.toml"
        if not settings.exists():
            row, column = divmod(number, across)
            middle = (MIDDLE[0] + (column - across / 2) * side, MIDDLE[1] + (row - across / 2) * side)
            county(folder, parcels, seed=1000 + number, town=f"{430001 + number:06d}001", middle=middle)
        text = settings.read_text("utf-8")
        if not has_raster and "[[imagery]]" in text:
            settings.write_text(text[: text.index("[[imagery]]")], encoding="utf-8")


def one(root: Path, out: Path, engine: str, workers: int, *, kills: bool) -> dict[str, Any]:
    """Run once in this process; in the dask engine end one worker when half of the units are done."""
    from landeval.scale.command import evaluate_province
    from landeval.scale.plan import plan_of

    killed: list[int] = []
    peak = {"workers_mb": 0.0}
    done = threading.Event()

    def told(outcome: Any, number: int, count: int) -> None:
        if kills and engine == "dask" and number == max(1, count // 2) and not killed:
            killed.append(_workers()[0])
            os.kill(killed[0], signal.SIGKILL)

    def watch() -> None:
        while not done.wait(0.5):
            peak["workers_mb"] = max(peak["workers_mb"], sum(_memory(pid) for pid in _workers()))

    since = time.perf_counter()
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    found = evaluate_province(plan_of(root), out, engine=engine, workers=workers, told=told)
    done.set()
    watcher.join()
    if found.missing:
        raise SystemExit(f"not done: {found.missing}")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    total = found.tables["zones"].iloc[0]
    return {
        "seconds": time.perf_counter() - since,
        "evaluation_s": found.timing["evaluation_seconds"],
        "peak_mb": own + peak["workers_mb"],
        "cpu_s": sum(one.ru_utime + one.ru_stime for one in used),
        "killed": len(killed),
        "parcels": int(total["zone_parcels"]),
        "candidates": int(found.units["unit_candidates"].sum()),
        "blocks": len(found.tables["blocks"]),
        "joined_blocks": int(found.tables["blocks"]["unit_name"].astype(str).str.contains("、").sum()),
    }


def _workers() -> list[int]:
    """Return the processes of this machine's cluster: those whose parent is ours and that evaluate."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
            line = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if int(words[1]) == os.getpid() and b"spawn_main" in line:
            found.append(int(folder.name))
    return sorted(found)


def _memory(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def fresh(root: Path, out: Path, engine: str, options: argparse.Namespace) -> dict[str, Any]:
    """Run once in a fresh process."""
    words = ["--one", str(root), str(out), engine, "--workers", str(options.workers)]
    words += [] if options.no_kill else ["--kill"]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    since = time.perf_counter()
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.province", *words],
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
        check=True,
    ).stdout
    return {**json.loads(said.splitlines()[-1]), "total_s": time.perf_counter() - since}


def main() -> int:
    """Read the command line, measure by turns, print, and return 1 where a limit is passed or a byte differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=20)
    parser.add_argument("--parcels", type=int, default=1_000, help="of each unit")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-raster", action="store_true")
    parser.add_argument("--no-kill", action="store_true", help="let every worker live")
    parser.add_argument("--folder", type=Path, help="where deliveries are made, and kept for the next time")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", nargs=3, metavar=("ROOT", "OUT", "ENGINE"), help=argparse.SUPPRESS)
    parser.add_argument("--kill", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        root, out, engine = options.one
        print(json.dumps(one(Path(root), Path(out), engine, options.workers, kills=options.kill)))
        return 0
    from landeval.publish.run_record import digests
    from landeval.scale.command import parts_beside

    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        root = folder / f"{options.units}x{options.parcels}"
        delivery(root, options.units, options.parcels, has_raster=not options.no_raster)
        runs: dict[str, list[dict[str, Any]]] = {"local": [], "dask": []}
        first: dict[str, str] = {}
        differing: set[str] = set()
        for turn in range(options.repeats):
            for engine, found in runs.items():
                out = folder / f"out-{engine}"
                found.append(fresh(root, out, engine, options))
                made = digests(out)
                first = first or made
                differing |= {
                    name for name in first.keys() | made.keys() if first.get(name) != made.get(name)
                }
                for rest in (out, parts_beside(out)):
                    shutil.rmtree(rest)
                print(f"turn {turn + 1}, {engine}: {found[-1]['total_s']:.1f} s", file=sys.stderr)
    seconds = {engine: statistics.median(run["total_s"] for run in found) for engine, found in runs.items()}
    ratio = statistics.median(
        dask["total_s"] / local["total_s"] for local, dask in zip(runs["local"], runs["dask"], strict=True)
    )
    last = runs["dask"][-1]
    print(f"{options.units} units of {options.parcels:,} parcels: {last['candidates']:,} candidates, "
          f"{last['blocks']:,} blocks, {last['joined_blocks']} across borders")  # fmt: skip
    print(
        "| engine | wall s (each) | of it units | processor s | peak MB | workers killed |\n|---|---|---|---|---|---|"
    )
    for engine, found in runs.items():
        each = ", ".join(f"{run['total_s']:.1f}" for run in found)
        inside = statistics.median(run["evaluation_s"] for run in found)
        cpu = statistics.median(run["cpu_s"] for run in found)
        peak, killed = max(run["peak_mb"] for run in found), sum(run["killed"] for run in found)
        print(
            f"| {engine} | {seconds[engine]:.1f} ({each}) | {inside:.1f} | {cpu:.1f} | {peak:.0f} | {killed} |"
        )
    print(f"\ndask ÷ local: {ratio:.2f} (limit {LIMIT}); files that differ: {len(differing)} of {len(first)}")
    if options.json:
        told = {
            "units": options.units,
            "parcels": options.parcels,
            "ratio": ratio,
            "differing": sorted(differing),
            "runs": runs,
        }
        options.json.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    return int(ratio > LIMIT or bool(differing))


if __name__ == "__main__":
    raise SystemExit(main())
