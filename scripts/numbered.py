"""What the numbered scripts share: the project that was dropped on them, and how a refusal ends them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import landeval

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "landeval.toml"


def word(number: int, default: Path | str) -> str:
    """Return what was written or dropped in a place of the command line, else the default."""
    return sys.argv[number] if len(sys.argv) > number else str(default)


@contextmanager
def refusals_told() -> Iterator[None]:
    """End with what a refusal says and its exit code, without a traceback."""
    try:
        yield
    except landeval.LandevalError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
