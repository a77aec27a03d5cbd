"""Spoil inputs and look for a traceback, a hang or a lost record: ``python -m tests.fuzz --seconds 60``."""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fuzz.campaign import ONE_IN, ROOT, case_of, run
from fuzz.seeds import seeds


def main() -> int:
    """Run a campaign; exit code 1 where a case failed, with the command that shows it again."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same cases")
    parser.add_argument("--cases", type=int, help="stop after so many cases instead of after a time")
    parser.add_argument("--case", type=int, help="only this case, evaluated and published too")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--only", nargs="+", choices=list(seeds()), help="only deliveries of these names")
    parser.add_argument("--one-in", type=int, default=ONE_IN, help="evaluate one case in so many to the end")
    parser.add_argument(
        "--whole", action="store_true", help="run every case from the command line to its outputs"
    )
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "fuzz", help="where failing cases go")
    given = parser.parse_args()
    if given.case is not None:
        every = case_of(given.seed, given.case)
        cases = iter([every._replace(depth=depth) for depth in ("tidied", "evaluated", "published")])
    else:
        how = {"one_in": 1, "whole_one_in": 1} if given.whole else {"one_in": given.one_in}
        made = (case_of(given.seed, number, **how) for number in itertools.count(given.first))
        wanted = (case for case in made if not given.only or case.name.split("-", 2)[2] in given.only)
        cases = itertools.islice(wanted, given.cases)
    start = time.monotonic()
    is_timed = given.case is None and given.cases is None
    count, failures = run(cases, seconds=given.seconds if is_timed else None, keep=given.keep)
    for case, found in failures:
        number = case.name.split("-")[1]
        print(
            f"--- {case.name}\n{found.rstrip()}\n    python -m tests.fuzz --seed {given.seed} --case {number}"
        )
    print(f"{count} cases, {len(failures)} failed, {time.monotonic() - start:.0f} s, seed {given.seed}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
