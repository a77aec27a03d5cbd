"""``what-if``, ``compare`` and ``province``: from finished runs, or over many of them."""

from __future__ import annotations

import argparse

from landeval.cli.outcome import DONE
from landeval.cli.progress import bar


def run_trial(options: argparse.Namespace) -> int:
    """Judge a finished run again by other rules or on another day."""
    from landeval.what_if import STEPS, run_what_if

    with bar(len(STEPS)) as step:
        run_what_if(options, step)
    return DONE


def run_comparison(options: argparse.Namespace) -> int:
    """Set two finished runs of different years side by side."""
    from landeval.compare import STEPS, run_compare

    with bar(len(STEPS)) as step:
        run_compare(options, step)
    return DONE


def run_units(options: argparse.Namespace) -> int:
    """Evaluate many units and put them together."""
    from landeval.scale.command import run_province

    return run_province(options)
