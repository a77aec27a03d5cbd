"""Tell our own results from other people's folders, and untouched ones from those that somebody worked in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from landeval.publish.run_record import RUN_JSON, TOOL, digests

LITTER = frozenset({"Thumbs.db", "desktop.ini", ".DS_Store"})
"""Written by file managers while somebody looks at a folder; nobody's work."""


def record_of(folder: Path) -> dict[str, Any]:
    """Return what a folder's ``run.json`` says; empty where there is none that can be read."""
    try:
        record = json.loads((folder / RUN_JSON).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def is_ours(folder: Path) -> bool:
    """Tell whether a folder is a result that landeval wrote."""
    return record_of(folder).get("tool") == TOOL


def differing(folder: Path) -> list[str]:
    """Return the files of a result that are not as its ``run.json`` lists them: changed, added or missing."""
    listed = record_of(folder).get("outputs")
    if not is_ours(folder) or not isinstance(listed, dict):
        return [RUN_JSON]
    found = {name: digest for name, digest in digests(folder).items() if Path(name).name not in LITTER}
    return sorted({name for name, _ in found.items() ^ listed.items()})


def is_untouched(folder: Path) -> bool:
    """Tell whether a result of ours still holds the very files that its ``run.json`` lists."""
    return is_ours(folder) and not differing(folder)
