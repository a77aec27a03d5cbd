"""Whole runs of growing deliveries, beside the script an analyst would write and the floor. ``python -m benchmarks.whole``."""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.county import county

LIMITS_S = {10_000: 5.0, 100_000: 30.0, 1_000_000: 300.0}
LIMITS_MB = {100_000: 1_500.0, 1_000_000: 5_000.0}
EXPONENT = 1.1
"""The most by which seconds may grow with parcels, from the smallest to the largest delivery."""
FASTER, FASTER_WITHOUT = 10.0, 3.0
"""At least so many times as fast as the naive script, with the image and without."""
ABOVE_FLOOR = 3.0
"""At most so many times the floor, for the stages from reading to judging without the image, from 100 000 parcels on."""
CORE = ("读取", "整理", "匹配", "测算", "评判")
BESIDE = {
    "读取": ("read",), "整理": ("tidy",), "匹配": ("link",), "测算": ("buildings",), "评判": ("judge",), "落区汇总": ("place", "image"),
    "数据表": (), "空间数据": ("gis",), "地图": ("map",), "处置候选清单": ("tables",),
}  # fmt: skip
"""Stages of ours, and those of the naive script that do the like; its tables and workbook are one stage."""


def run(settings: Path, out: Path, *, has_raster: bool, workers: int | None = None) -> dict[str, Any]:
    """Run once, without dossiers; return the seconds of each stage and the peak memory [MB] of this process.

    Where several processes write, a stage of the outputs is told when those before it are done too, and its seconds are those
    since the one before: only their sum is to be compared.
    """
    since = time.perf_counter()
    from landeval.publish.outputs import write_outputs
    from landeval.run import evaluate
    from landeval.settings.load import load_project

    project = load_project(settings, out=out)
    if not has_raster:
        project = load_project(settings.with_name("无影像.toml"), out=out)
    seconds = {"启动": time.perf_counter() - since}
    result = evaluate(project)
    seconds |= {step.name: step.seconds for step in result.steps}
    evaluated = time.perf_counter() - since
    seconds["对账"] = evaluated - sum(seconds.values())
    last = time.perf_counter()

    def told(name: str, number: int, count: int) -> None:
        nonlocal last
        now = time.perf_counter()
        seconds[name], last = now - last, now

    write_outputs(result, out, progress=told, workers=workers)
    seconds["落盘"] = time.perf_counter() - last
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "total_s": time.perf_counter() - since, "peak_mb": peak}


def fresh(module: str, *words: str) -> dict[str, Any]:
    """Run a module of this folder in a fresh process; return the JSON of its last line, wall seconds and peak memory."""
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    since = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", f"benchmarks.{module}", *words],
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"benchmarks.{module} {' '.join(words)}: exit {process.returncode}")
    found = json.loads(said.splitlines()[-1])
    seconds = found.get("seconds", found)
    return {"seconds": seconds, "total_s": time.perf_counter() - since, "peak_mb": used.ru_maxrss / 1024}


def measure(
    count: int, folder: Path, repeats: int, *, baseline: bool, has_raster: bool, workers: int | None = None
) -> dict[str, Any]:
    """Measure one size by turns; return medians."""
    delivery = folder / f"{count}"
    settings = delivery / "landeval.toml"
    if not settings.exists():
        county(delivery, count)
    text = settings.read_text("utf-8")
    settings.with_name("无影像.toml").write_text(text[: text.index("[[imagery]]")], encoding="utf-8")
    runs: dict[str, list[dict[str, Any]]] = {"landeval": [], "naive": [], "floor": []}
    for turn in range(repeats):
        out = folder / f"out-{count}"
        image = [] if has_raster else ["--no-raster"]
        hands = [] if workers is None else ["--workers", str(workers)]
        runs["landeval"].append(fresh("whole", "--one", str(settings), str(out), *image, *hands))
        if baseline:
            runs["naive"].append(fresh("naive", str(delivery), str(folder / "naive"), *image))
        runs["floor"].append(fresh("floor", str(delivery)))
        for rest in folder.glob("out-*"):
            shutil.rmtree(rest)
        print(
            f"{count} parcels, turn {turn + 1} of {repeats}: {runs['landeval'][-1]['total_s']:.1f} s",
            file=sys.stderr,
        )
    return {"parcels": count, **{side: _median(found) for side, found in runs.items() if found}}


def _median(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    names = list(dict.fromkeys(name for run in runs for name in run["seconds"]))
    return {
        "seconds": {name: statistics.median(run["seconds"].get(name, 0.0) for run in runs) for name in names},
        "total_s": statistics.median(run["total_s"] for run in runs),
        "every_s": [round(run["total_s"], 2) for run in runs],
        "peak_mb": max(run["peak_mb"] for run in runs),
    }


def shown(one: dict[str, Any]) -> list[str]:
    """Return the lines of one size's table."""
    ours, theirs, floor = one["landeval"], one.get("naive"), one["floor"]
    lines = ["", f"## {one['parcels']:,} parcels", "", "| stage | landeval s | naive s |", "|---|---|---|"]
    naive = {} if theirs is None else theirs["seconds"]
    for name, seconds in ours["seconds"].items():
        beside = sum(naive.get(part, 0.0) for part in BESIDE.get(name, ()))
        lines.append(f"| {name} | {seconds:.2f} | {f'{beside:.2f}' if beside else ''} |")
    total = "" if theirs is None else f"{theirs['total_s']:.1f}"
    lines.append(
        f"| **all** | **{ours['total_s']:.1f}** ({', '.join(map(str, ours['every_s']))}) | {total} |"
    )
    lines.append(
        f"| peak memory MB | {ours['peak_mb']:.0f} | {'' if theirs is None else round(theirs['peak_mb'])} |"
    )
    if theirs is not None:
        lines += ["", f"naive ÷ landeval: {theirs['total_s'] / ours['total_s']:.1f}"]
    core, least = sum(ours["seconds"][name] for name in CORE), sum(floor["seconds"].values())
    steps = ", ".join(f"{name} {seconds:.2f}" for name, seconds in floor["seconds"].items())
    lines += ["", f"read to judge {core:.1f} s, floor {least:.1f} s ({steps}): {core / least:.1f} times"]
    return lines


def failed(sizes: Sequence[dict[str, Any]], *, has_raster: bool) -> list[str]:
    """Return the limits that were passed."""
    found = []
    for one in sizes:
        count, ours, theirs = one["parcels"], one["landeval"], one.get("naive")
        if has_raster and ours["total_s"] > LIMITS_S.get(count, math.inf):
            found.append(f"{count}: {ours['total_s']:.1f} s, limit {LIMITS_S[count]:.0f}")
        if ours["peak_mb"] > LIMITS_MB.get(count, math.inf):
            found.append(f"{count}: {ours['peak_mb']:.0f} MB, limit {LIMITS_MB[count]:.0f}")
        wanted = FASTER if has_raster else FASTER_WITHOUT
        if theirs is not None and theirs["total_s"] < wanted * ours["total_s"]:
            found.append(
                f"{count}: {theirs['total_s'] / ours['total_s']:.1f} times naive, wanted {wanted:.0f}"
            )
        core = sum(ours["seconds"][name] for name in CORE) / sum(one["floor"]["seconds"].values())
        if count >= 100_000 and core > ABOVE_FLOOR:
            found.append(f"{count}: {core:.1f} times the floor, limit {ABOVE_FLOOR:.0f}")
    if len(sizes) > 1 and (grown := exponent(sizes)) > EXPONENT:
        found.append(f"exponent {grown:.2f}, limit {EXPONENT}")
    return found


def exponent(sizes: Sequence[dict[str, Any]]) -> float:
    """Return by which power the seconds grow with the parcels, from the smallest delivery to the largest."""
    least, most = sizes[0], sizes[-1]
    ratio = most["landeval"]["total_s"] / least["landeval"]["total_s"]
    return math.log(ratio) / math.log(most["parcels"] / least["parcels"])


def main() -> int:
    """Read the command line, measure, print, and return 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-baseline", action="store_true", help="leave the naive script out")
    parser.add_argument("--no-raster", action="store_true", help="without the image, on both sides")
    parser.add_argument(
        "--workers", type=int, help="processes that write; by default as many as are worth it"
    )
    parser.add_argument("--folder", type=Path, help="where deliveries are made, and kept for the next time")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", nargs=2, type=Path, metavar=("TOML", "OUT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    has_raster = not options.no_raster
    if options.one:
        print(json.dumps(run(*options.one, has_raster=has_raster, workers=options.workers)))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        sizes = [
            measure(
                count,
                folder,
                options.repeats,
                baseline=not options.no_baseline,
                has_raster=has_raster,
                workers=options.workers,
            )
            for count in sorted(options.parcels)
        ]
    for one in sizes:
        print("\n".join(shown(one)))
    if len(sizes) > 1:
        print(f"\nseconds grow with the power {exponent(sizes):.2f} of the parcels")
    if options.json:
        about = {"python": platform.python_version(), "cores": os.cpu_count(), "has_raster": has_raster}
        options.json.write_text(
            json.dumps({**about, "sizes": sizes}, indent=1, ensure_ascii=False), encoding="utf-8"
        )
    passed = failed(sizes, has_raster=has_raster)
    print("\n".join(["", *(f"limit passed: {line}" for line in passed)]))
    return int(bool(passed))


if __name__ == "__main__":
    sys.exit(main())
