"""The page with two maps side by side: the map page twice, each with its own colours and year, moving together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from landeval.publish.cells import clean
from landeval.publish.map import page, payload
from landeval.publish.map.years import year_columns
from landeval.publish.stamp import run_id
from landeval.result import RATIOS, Result

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "frame-src 'self' file:; base-uri 'none'; form-action 'none'"
)
TAX = RATIOS[2]


def render_compare(result: Result, map_file: str) -> str:
    """Render the page that shows the map twice.

    Parameters
    ----------
    result : Result
    map_file : str
        Name of the map's file, which lies in the same folder and is opened by this page.

    Returns
    -------
    str
        A small page without any figure of its own: what is shown comes from the map.
    """
    slots = {
        "head": page.head(POLICY, result.title),
        "guard_js": page.static("guard.js"),
        "sides_js": page.static("sides.js"),
        "data": payload.as_json(_data(result, map_file)),
    }
    return page.filled("compare.html", slots)


def write_compare(result: Result, path: Path, map_file: str) -> None:
    """Write the page, UTF-8 with LF line ends on every system."""
    path.write_text(render_compare(result, map_file), encoding="utf-8", newline="\n")


def _data(result: Result, map_file: str) -> dict[str, Any]:
    """Return what the page is told: tax of the year before beside that of the data year, or verdicts beside tax."""
    before = [year for year in year_columns(result) if result.year is not None and year < result.year]
    left = {"scheme": TAX, "year": before[-1]} if before else {"scheme": "status", "year": None}
    return {
        "title": clean(result.title),
        "map": map_file,
        "run": run_id(result),
        "stamp": "　".join(payload.stamp_texts(result)),
        "left": left,
        "right": {"scheme": TAX, "year": None},
    }
