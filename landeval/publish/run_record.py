"""``run.json``: what a run was made from, with what, and what came out; only ``timing`` is not repeatable."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
import json
import platform
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from landeval.handed_back import handed_back
from landeval.publish.gis import gdal_version
from landeval.publish.json_values import jsonable
from landeval.publish.stamp import rules_version, run_id
from landeval.result import STATUSES, Result, Step

if TYPE_CHECKING:
    from landeval.admission import Admission
    from landeval.intensive_use import IndexRun
    from landeval.publish.supply import SupplyRun

RUN_JSON = "run.json"
TOOL = "landeval"
_TIMING_KEYS = frozenset({"seconds", "finished_at", "peak_memory_mb", "timing"})


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "未安装"


def versions() -> dict[str, str]:
    """Return the versions of everything that can change a number."""
    return {
        "landeval": _version("landeval"),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "pandas": pd.__version__,
        "geopandas": gpd.__version__,
        "shapely": shapely.__version__,
        "GEOS": shapely.geos_version_string,
        "pyogrio": _version("pyogrio"),
        "GDAL": gdal_version(),
        "pyproj": pyproj.__version__,
        "PROJ": pyproj.proj_version_str,
        "fiona": _version("fiona"),
        "rasterio": _version("rasterio"),
        "openpyxl": _version("openpyxl"),
        "xlsxwriter": _version("xlsxwriter"),
        "folium": _version("folium"),
    }


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder but ``run.json`` itself, by its path with ``/``."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: sha256(path) for name, path in names.items() if name != RUN_JSON}


def run_record(result: Result, outputs: Mapping[str, str]) -> dict[str, Any]:
    """Return the record of a run.

    Parameters
    ----------
    result : Result
        The run; ``meta["settings"]`` and ``meta["inputs"]`` are recorded as they are.
    outputs : Mapping
        Path below the output folder → SHA-256.

    Returns
    -------
    dict
        Ready for JSON. Only ``timing`` differs between two runs of the same input.
    """
    reserved = {"settings", "inputs", "versions"} | _TIMING_KEYS
    found = Counter(result.status["status"].tolist())
    codes = Counter(result.issues["code"].tolist()) if "code" in result.issues.columns else Counter[Any]()
    record = {
        "tool": TOOL,
        "run_id": run_id(result),
        "title": result.title,
        "year": result.year,
        "as_of": result.as_of,
        "currency": result.currency,
        "rules": {"count": len(result.rules), "version": rules_version(result.rules)},
        "versions": {**versions(), **dict(result.meta.get("versions", {}))},
        "settings": result.meta.get("settings", {}),
        "inputs": result.meta.get("inputs", []),
        "meta": {key: value for key, value in result.meta.items() if key not in reserved},
        "handed_back": [
            asdict(one) for one in handed_back(result.reconciliation, result.meta.get("inputs", []))
        ],
        "steps": steps_of(result.steps),
        "outputs": dict(outputs),
        "counts": {
            "parcels": len(result.parcels),
            "enterprises": len(result.enterprises),
            "zones": len(result.zones),
            "issues": len(result.issues),
            "status": {status: found.get(status, 0) for status in STATUSES},
        },
        "issues": dict(codes),
        "timing": timing(result.steps),
    }
    checked: dict[str, Any] = jsonable(record)
    return checked


def command_record(
    command: str,
    result: Admission | IndexRun | SupplyRun,
    outputs: Mapping[str, str],
    found: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the record of a command other than ``run``; ``found`` is what only this one has to tell."""
    record = {
        "tool": TOOL,
        "command": command,
        "title": result.title,
        "as_of": result.as_of,
        "currency": result.currency,
        "versions": versions(),
        "settings": result.meta["settings"],
        "inputs": result.meta["inputs"],
        "steps": steps_of(result.steps),
        "outputs": dict(outputs),
        "issues": dict(Counter(result.issues["code"].tolist())),
        "timing": timing(result.steps),
        **found,
    }
    checked: dict[str, Any] = jsonable(record)
    return checked


def steps_of(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Return the rows in and out of every step, which any run of the same input repeats."""
    return [{"name": step.name, "rows_in": step.rows_in, "rows_out": step.rows_out} for step in steps]


def timing(steps: Sequence[Step]) -> dict[str, Any]:
    """Return the one part of a record that no other run repeats."""
    return {
        "finished_at": dt.datetime.now().astimezone().isoformat(timespec="seconds"),
        "steps": [[step.name, round(step.seconds, 3)] for step in steps],
        "seconds": round(sum(step.seconds for step in steps), 3),
        "peak_memory_mb": _peak_memory_mb(),
    }


def _peak_memory_mb() -> float | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)


def write_run_record(result: Result, folder: Path) -> Path:
    """Write ``run.json`` for everything that stands in the folder; call it after all other writers."""
    return write_record(run_record(result, digests(folder)), folder)


def write_record(record: Mapping[str, Any], folder: Path) -> Path:
    """Write a record as ``run.json``."""
    path = folder / RUN_JSON
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path
