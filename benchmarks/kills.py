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
RENAMES = 3
"""Of a swap over one former result: the new one is ready, the former one goes aside, the new one goes in."""
DYING = """
import os, signal, sys
from pathlib import Path
from landeval import cli
from landeval.publish import folder
number, is_after, swap, real, calls = int(sys.argv.pop(1)), int(sys.argv.pop(1)), folder.swap, Path.rename, []
def rename(self, to):
    calls.append(to)
    if len(calls) == number and not is_after:
        os.kill(os.getpid(), signal.SIGKILL)
    done = real(self, to)
    if len(calls) == number:
        os.kill(os.getpid(), signal.SIGKILL)
    return done
def dying(*arguments):
    Path.rename = rename
    swap(*arguments)
folder.swap = dying
sys.exit(cli.main(sys.argv[1:]))
"""


class Kill(NamedTuple):
    """What one kill left: at once, after the next command, and the names beside the result then."""

    seconds: float
    is_over: bool
    at_once: str
    mended: str
    beside: list[str]


def begin(
    arguments: Sequence[str], out: Path, title: str, rename: tuple[int, bool] | None = None
) -> subprocess.Popen[bytes]:
    """Start a run in a fresh process; with ``rename`` one that kills itself before or after that rename of the swap."""
    start = ["-m", "landeval"] if rename is None else ["-c", DYING, str(rename[0]), str(int(rename[1]))]
    words = [sys.executable, *start, "run", *arguments, "--title", title, "--out", str(out)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)


def first(arguments: Sequence[str], out: Path) -> float:
    """Make the old result and return the seconds of a run."""
    since = time.monotonic()
    if code := begin(arguments, out, OLD).wait():
        raise SystemExit(f"the run itself ended with {code}")
    return time.monotonic() - since


def kill(
    arguments: Sequence[str],
    old: Path,
    work: Path,
    *,
    after: float | None = None,
    rename: tuple[int, bool] | None = None,
) -> Kill:
    """Run over a copy of the old result and kill the run.

    Parameters
    ----------
    arguments : sequence of str
        Of ``landeval run``.
    old : Path
        The old result.
    work : Path
        A folder to work in; emptied.
    after : float, optional
        Seconds until the kill.
    rename : tuple of int and bool, optional
        Instead, the rename of the swap before or after which the run dies.
    """
    shutil.rmtree(work, ignore_errors=True)
    out = work / "成果"
    shutil.copytree(old, out)
    since = time.monotonic()
    process = begin(arguments, out, NEW, rename)
    if after is not None:
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.kill()
    code = process.wait()
    seconds = time.monotonic() - since
    at_once = state(out, is_mended=False)
    with reserved(out):  # as every command does
        pass
    found = Kill(seconds, code >= 0, at_once, state(out), sorted(path.name for path in work.iterdir()))
    print(
        f"{seconds:6.1f} s  {found.at_once} → {found.mended}{'（已结束）' if found.is_over else ''}",
        file=sys.stderr,
    )
    return found


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


def measure(
    arguments: Sequence[str], *, kills: int, seed: int, place: Path, is_aimed: bool = True
) -> dict[str, Any]:
    """Kill so many runs at random moments, and one at every point of the swap; return what was left."""
    old = place / "old" / "成果"
    seconds = first(arguments, old)
    draw = random.Random(seed)
    every: list[Kill] = []
    while sum(not one.is_over for one in every) < kills:  # a run that was over was not killed
        every.append(kill(arguments, old, place / "work", after=draw.uniform(0.0, seconds)))
        if every[-1].is_over:
            seconds = min(seconds, every[-1].seconds)
    points = [(number, is_after) for number in range(1, RENAMES + 1) for is_after in (False, True)]
    aimed = [kill(arguments, old, place / "work", rename=point) for point in points if is_aimed]
    return {"run_s": seconds, "random": _told(every), "in the swap": _told(aimed)}


def _told(every: Sequence[Kill]) -> dict[str, Any]:
    killed = [one for one in every if not one.is_over]
    return {
        "kills": len(killed),
        "sound": sum(map(is_sound, killed)),
        "over_before": len(every) - len(killed),
        "at_once": dict(Counter(one.at_once for one in killed)),
        "mended": dict(Counter(one.mended for one in killed)),
        "unsound": [one._asdict() for one in every if not is_sound(one)],
    }


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
            [str(settings), "--no-dossiers"], kills=options.kills, seed=options.seed, place=Path(name)
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
