"""Kill runs that would replace an old result, and see what is left. ``python -m benchmarks.kills --kills 50``."""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from landeval.publish.folder import reserved
from landeval.publish.own import is_untouched, record_of

OLD, NEW = "旧", "新"
INTACT, COMPLETE, BETWEEN, BROKEN = "旧成果完好", "新成果完整", "正在更换（下次命令补完）", "损坏"
ROOT = Path(__file__).resolve().parent.parent


class Kill(NamedTuple):
    """What one kill left: at once, after the next command, and the names beside the result then."""

    seconds: float
    is_over: bool
    at_once: str
    mended: str
    beside: list[str]


def begin(arguments: Sequence[str], out: Path, title: str) -> subprocess.Popen[bytes]:
    """Start a run in a fresh process."""
    words = [sys.executable, "-m", "landeval", "run", *arguments, "--title", title, "--out", str(out)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)


def first(arguments: Sequence[str], out: Path) -> float:
    """Make the old result and return the seconds of a run."""
    since = time.monotonic()
    if code := begin(arguments, out, OLD).wait():
        raise SystemExit(f"the run itself ended with {code}")
    return time.monotonic() - since


def kill(arguments: Sequence[str], old: Path, work: Path, *, after: float | None) -> Kill:
    """Run over a copy of the old result and kill the run.

    Parameters
    ----------
    arguments : sequence of str
        Of ``landeval run``.
    old : Path
        The old result.
    work : Path
        A folder to work in; emptied.
    after : float or None
        Seconds until the kill; None as soon as the new result is ready to be put in place.
    """
    shutil.rmtree(work, ignore_errors=True)
    out = work / "成果"
    shutil.copytree(old, out)
    since = time.monotonic()
    process = begin(arguments, out, NEW)
    while process.poll() is None:
        if after is None and not list(work.glob(".成果.landeval-new-*")):
            continue  # the swap takes a millisecond: no sleep
        if after is not None and time.monotonic() - since < after:
            time.sleep(0.002)
            continue
        process.kill()
        break
    seconds = time.monotonic() - since
    code = process.wait()
    at_once = state(out, is_mended=False)
    with reserved(out):  # as every command does
        pass
    return Kill(seconds, code >= 0, at_once, state(out), sorted(path.name for path in work.iterdir()))


def state(out: Path, *, is_mended: bool = True) -> str:
    """Tell what stands in a result's place."""
    if is_untouched(out):
        return {OLD: INTACT, NEW: COMPLETE}.get(record_of(out).get("title", ""), BROKEN)
    if not out.exists() and not is_mended and is_untouched(out.with_name(f"{out.name}.上一次")):
        return BETWEEN
    return BROKEN


def is_sound(one: Kill) -> bool:
    """Tell whether a kill left the old result or the new one, whole, and nothing half made beside it."""
    wanted = {INTACT: ["成果"], COMPLETE: ["成果", "成果.上一次"]}
    return one.mended in wanted and one.beside == wanted[one.mended]


def measure(arguments: Sequence[str], *, kills: int, aimed: int, seed: int, place: Path) -> dict[str, Any]:
    """Kill so many runs at random moments, and so many in the swap; return what was left."""
    old = place / "old" / "成果"
    seconds = first(arguments, old)
    draw = random.Random(seed)
    found: dict[str, Any] = {"run_s": seconds}
    for name, wanted in (("random", kills), ("in the swap", aimed)):
        every: list[Kill] = []
        while sum(not one.is_over for one in every) < wanted:  # a run that was over was not killed
            after = draw.uniform(0.0, seconds) if name == "random" else None
            every.append(kill(arguments, old, place / "work", after=after))
            if every[-1].is_over and after is not None:
                seconds = min(seconds, every[-1].seconds)
        found[name] = {
            "kills": wanted,
            "sound": sum(is_sound(one) for one in every if not one.is_over),
            "over_before": sum(one.is_over for one in every),
            "at_once": dict(Counter(one.at_once for one in every)),
            "mended": dict(Counter(one.mended for one in every)),
            "unsound": [one._asdict() for one in every if not is_sound(one)],
        }
    return found


def main() -> int:
    """Read the command line, kill, and return 1 where a kill cost anything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="at moments drawn evenly from a run's length")
    parser.add_argument(
        "--aimed", type=int, default=10, help="as soon as the new result is ready for its place"
    )
    parser.add_argument("--parcels", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    from benchmarks.county import county

    with tempfile.TemporaryDirectory() as name:
        settings = county(Path(name) / "data", options.parcels)
        found = measure(
            [str(settings), "--no-dossiers"], kills=options.kills, aimed=options.aimed, seed=options.seed, place=Path(name)
        )  # fmt: skip
    print(f"a run takes {found['run_s']:.1f} s, {options.parcels} parcels")
    for name in ("random", "in the swap"):
        told = found[name]
        print(
            f"{name:>12}: {told['sound']} of {told['kills']} sound; over before the kill: {told['over_before']}"
        )
        for when in ("at_once", "mended"):
            print(f"{when:>20}: " + "、".join(f"{word} {count}" for word, count in told[when].items()))
        for one in told["unsound"]:
            print(f"             unsound: {one}")
    if options.json:
        options.json.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    return int(any(found[name]["unsound"] for name in ("random", "in the swap")))


if __name__ == "__main__":
    sys.exit(main())
