"""A process that judges one delivery after another: cases in on stdin, verdicts out on stdout, one JSON a line."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import warnings
from pathlib import Path

SPARE_BYTES = 1024**3
"""Memory a case may take above what the loaded libraries hold."""


def limit_memory(spare: int = SPARE_BYTES) -> None:
    """Bound the address space, so that a blow-up is an error of this process and not of the machine."""
    import resource

    held = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (held + spare, held + spare))


def main() -> None:
    """Serve until stdin ends."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not look like a verdict
    warnings.simplefilter("ignore")
    from fuzz.oracle import verdict

    is_limited = False
    for line in sys.stdin:
        case = json.loads(line)
        found = verdict(Path(case["folder"]), case["given"], depth=case["depth"])
        answers.write(json.dumps({"found": found}) + "\n")
        answers.flush()
        if not is_limited:  # the first case has loaded every library
            with contextlib.suppress(OSError, ValueError, ImportError):
                limit_memory()
            is_limited = True


if __name__ == "__main__":
    main()
