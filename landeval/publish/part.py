"""A unit's part of a province: its frames exactly as they were, its long tables ready to be joined, its record.

Geometry stands as WKB with GeoParquet's metadata, so that other engines read the same files; the names of columns
are those of the vocabulary. The record is written last: a part without it was never finished.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from landeval.exact_table import to_arrow
from landeval.issues import COLUMNS as ISSUE_COLUMNS
from landeval.province import PART
from landeval.publish.frames import PARCEL_FIRST, calendar_table, parcel_table, with_key, without_geometry
from landeval.publish.gis import multipolygons
from landeval.publish.gis.geoparquet import geo_metadata, write_geoparquet
from landeval.publish.gis.storage import Layer
from landeval.publish.json_values import jsonable
from landeval.publish.run_record import digests
from landeval.publish.stamp import rules_version
from landeval.publish.tables import write_table
from landeval.reconciliation import COLUMNS as RECORD_COLUMNS
from landeval.result import Result
from landeval.standards.overlays import BARRIERS

UNIT = "unit_name"
PARCELS = (UNIT, *PARCEL_FIRST, "operation", "block_code", "source_file", "source_layer", "source_row")
"""Columns of the parcels of a province: what every unit has, whatever else it was given."""
_CRS = "EPSG:4490"
_OPTIONS = {"compression": "zstd", "compression_level": 3, "version": "2.6"}


@contextmanager
def part_folder(place: Path) -> Iterator[Path]:
    """Give a fresh folder; it takes the place of ``place`` when all went well, and goes where it did not."""
    fresh = place.with_name(f".{place.name}.{os.getpid()}-{uuid.uuid4().hex[:8]}")
    fresh.mkdir(parents=True)
    try:
        yield fresh
        older = fresh.with_name(f"{fresh.name}.old")
        with suppress(FileNotFoundError):
            place.rename(older)
        fresh.rename(place)
        shutil.rmtree(older, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def sweep(place: Path) -> None:
    """Remove what killed workers left beside the parts."""
    for rest in place.glob(".*"):
        shutil.rmtree(rest, ignore_errors=True)


def write_part(
    result: Result, figures: Mapping[str, pd.DataFrame], unit: str, folder: Path, about: Mapping[str, Any]
) -> Path:
    """Write the part of one unit into a fresh folder; the same Result gives the same bytes.

    Parameters
    ----------
    result : Result
    figures : Mapping
        What grading over all units needs, by name; empty where it is not asked for.
    unit : str
    folder : Path
    about : Mapping
        What the record says beside what the Result does; ``timing`` is left out of its digest.
    """
    frames = folder / "frames"
    frames.mkdir()
    table = parcel_table(result)
    for name, (frame, shapes) in _frames(result, table, figures).items():
        write_exact(frame, shapes, frames / f"{name}.parquet")
    named = table.assign(**{UNIT: unit}).reindex(columns=list(PARCELS)).reset_index(drop=True)
    layer = Layer(named, multipolygons(result.parcels), _CRS, result.currency)
    write_geoparquet({"parcels": layer}, folder, facts={"unit": unit})
    long = {
        "parcels": named,
        "candidates": named[named["is_candidate"].astype(bool).to_numpy()],
        "issues": result.issues[list(ISSUE_COLUMNS)],
        "reconciliation": result.reconciliation[list(RECORD_COLUMNS)],
    }
    (folder / "csv").mkdir()
    for name, frame in long.items():
        rows = frame if UNIT in frame else _named(frame, unit)
        write_table(rows, folder / "csv" / f"{name}.csv", currency=result.currency)
    record = {
        "unit": unit,
        "title": result.title,
        "year": result.year,
        "as_of": result.as_of,
        "currency": result.currency,
        "rules_version": rules_version(result.rules),
        "placing": None if result.placing is None else [result.placing.gap_m, result.placing.min_mu],
        "inputs": result.meta["inputs"],
        "remark": result.meta.get("remark", ""),
        "counts": {
            "parcels": len(table),
            "candidates": len(long["candidates"]),
            "enterprises": len(result.enterprises),
            "records": len(result.reconciliation),
            "issues": len(result.issues),
            "errors": int((result.issues["level"] != "提示").sum()),
        },
        "settings": result.meta["settings"],
        "files": digests(folder),
        **about,
    }
    path = folder / PART
    text = json.dumps(jsonable(record), ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def _named(frame: pd.DataFrame, unit: str) -> pd.DataFrame:
    return pd.concat([pd.Series(unit, index=frame.index, name=UNIT, dtype="object"), frame], axis=1)


def _frames(
    result: Result, table: pd.DataFrame, figures: Mapping[str, pd.DataFrame]
) -> dict[str, tuple[pd.DataFrame, Any]]:
    """Return every frame with its shapes, None where it has none."""
    graded = {} if result.scheme is None else {"grades": result.grades, "grade_items": result.grade_items}
    plain = {
        "enterprises": with_key(without_geometry(result.enterprises), "enterprise_id"),
        "years": result.years,
        "links": result.links,
        "findings": result.findings,
        "calendar": calendar_table(result),
        "ledger": result.ledger,
        "coverage": result.coverage,
        "issues": result.issues,
        "reconciliation": result.reconciliation,
        "rules": result.rules,
        "zone_structure": result.structure,
        **graded,
        **{f"grading_{name}": with_key(frame, "enterprise_id") for name, frame in figures.items()},
    }
    laid, barriers = result.overlay_shapes, pd.DataFrame({"width_m": pd.Series(dtype="float64")})
    shapes = np.empty(0, dtype=object)
    if len(laid):
        divides = (laid["overlay_effect"].isin(BARRIERS) & laid["is_reliable"]).to_numpy(dtype=bool)
        barriers = pd.DataFrame({"width_m": laid["width_m"].to_numpy(dtype="float64")[divides]})
        shapes = np.asarray(laid.geometry, dtype=object)[divides]
    return {
        "parcels": (pd.DataFrame(table.reset_index(drop=True)), np.asarray(result.parcels.geometry, dtype=object)),
        "zones": (without_geometry(result.zones), np.asarray(result.zones.geometry, dtype=object)),
        "blocks": (without_geometry(result.blocks), _shapes(result.blocks)),
        "barriers": (barriers, shapes),
        **{name: (frame, None) for name, frame in plain.items()},
    }  # fmt: skip


def _shapes(frame: Any) -> Any:
    return np.asarray(frame.geometry, dtype=object) if len(frame) else np.empty(0, dtype=object)


def write_exact(frame: pd.DataFrame, shapes: Any, path: Path) -> None:
    """Write a frame that ``read.part.read_exact`` gives back as it was, shapes (or None) beside it."""
    plain = frame.reset_index(drop=True)
    kinds = {name: "object" for name, kind in plain.dtypes.items() if isinstance(kind, pd.CategoricalDtype)}
    table = to_arrow(plain.astype(kinds))
    described = table.schema.metadata
    table = table.rename_columns(["row", *map(str, plain.columns)])
    if shapes is not None:
        drawn = np.asarray(shapes, dtype=object)
        known = [None if shape is None else shapely.to_wkb(shape) for shape in drawn]
        table = table.append_column("geometry", pa.array(known, type=pa.binary()))
        described = {**described, b"geo": json.dumps(geo_metadata(drawn, _CRS, ())).encode()}
    pq.write_table(table.replace_schema_metadata(described), path, **_OPTIONS)
