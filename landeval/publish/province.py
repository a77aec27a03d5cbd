"""The folder of a province: tables, GeoParquet, roll-up workbook, the units' parts and the record, together or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from landeval.errors import OutputError
from landeval.province import PART, Province
from landeval.publish.folder import staged_folder
from landeval.publish.frames import without_geometry
from landeval.publish.gis import multipolygons
from landeval.publish.gis.geoparquet import write_geoparquet
from landeval.publish.gis.storage import Layer
from landeval.publish.json_values import jsonable
from landeval.publish.run_record import TOOL, digests, versions, write_record
from landeval.publish.stamp import program
from landeval.publish.tables import with_labels, write_table
from landeval.publish.workbook.province import write_province_book

KIND = "全省"
BOOK = "全省汇总.xlsx"
UNITS = "units"
JOINED = ("parcels", "candidates", "issues", "reconciliation")
"""Long tables: every unit wrote its own rows, here they are put behind one another."""
_LABELLED = {"ledger": "quantity", "coverage": "measure"}


def write_province(found: Province, out: Path, *, inputs: Sequence[Path]) -> Path:
    """Write all outputs; a former result there is kept beside it. The same parts give the same bytes.

    Parameters
    ----------
    found : Province
    out : Path
        Target folder.
    inputs : sequence of Path
        The units' folders, which no output may take the place of.

    Raises
    ------
    OutputError
        As for ``write_outputs``; E707 a part's table has another header than the others'.
    """
    with staged_folder(out, inputs=inputs) as folder:
        tables = folder / "tables"
        tables.mkdir()
        for name, frame in found.tables.items():
            shown = with_labels(frame, _LABELLED.get(name, ""), found.currency)
            write_table(shown, tables / f"{name}.csv", currency=found.currency)
        for name in JOINED:
            _join([part / "csv" / f"{name}.csv" for part in found.parts.values()], tables / f"{name}.csv")
        _write_parquet(found, folder / "parquet")
        for unit, part in found.parts.items():
            _take(part / "frames", folder / UNITS / unit)
            shutil.copyfile(part / PART, folder / UNITS / unit / PART)
        _without_timing(folder / UNITS)
        write_province_book(found, folder / BOOK)
        write_record(jsonable(_record(found, digests(folder))), folder)
    return out


def _join(parts: Sequence[Path], path: Path) -> None:
    """Put tables behind one another, the header once."""
    with path.open("wb") as whole:
        head = b""
        for part in parts:
            with part.open("rb") as rows:
                line = rows.readline()
                if not head:
                    head = line
                    whole.write(line)
                if line != head:
                    raise OutputError(
                        "各单位的表头不同，不能接成一张表",
                        where=str(part),
                        remedy="请去掉 --resume 重新运行",
                        code="E707",
                    )
                shutil.copyfileobj(rows, whole, 1 << 20)


def _take(source: Path, target: Path) -> None:
    """Put the files of a part into the result: as a second name of the same file where the disk can do so."""
    target.mkdir(parents=True)
    for path in sorted(source.iterdir()):
        try:
            os.link(path, target / path.name)
        except OSError:
            shutil.copyfile(path, target / path.name)


def _without_timing(folder: Path) -> None:
    """Leave out of the units' records what no other run repeats; it stands in ``run.json``."""
    import json

    for path in sorted(folder.glob(f"*/{PART}")):
        record = json.loads(path.read_text("utf-8"))
        record.pop("timing", None)
        text = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1)
        path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _write_parquet(found: Province, folder: Path) -> None:
    """Write the parcels as one data set of a file a unit, the rest as one file each, with the units of the tables."""
    for unit, part in found.parts.items():
        _take_one(part / "parcels.parquet", folder / "parcels" / f"{unit}.parquet")
    told = {"title": found.title, "as_of": found.as_of.isoformat(), "completeness": found.completeness}
    layers = {}
    for name, frame in found.tables.items():
        shapes = np.full(len(frame), None, dtype=object)
        if name in found.shapes:
            shaped = found.shapes[name]
            frame, shapes = without_geometry(shaped), multipolygons(shaped)
        layers[name] = Layer(pd.DataFrame(frame), shapes, "EPSG:4490", found.currency)
    write_geoparquet(layers, folder, facts=told)


def _take_one(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _record(found: Province, outputs: Mapping[str, str]) -> dict[str, Any]:
    units = found.units
    return {
        "tool": TOOL,
        "kind": KIND,
        "title": found.title,
        "year": found.year,
        "as_of": found.as_of,
        "currency": found.currency,
        "program": program(),
        "versions": versions(),
        "is_partial": bool(found.missing),
        "completeness": found.completeness,
        "missing_units": list(found.missing),
        "grading_scope": found.scope,
        "remarks": list(found.remarks),
        "units": units.astype("object").where(units.notna(), None).to_dict("records"),
        "counts": {name: len(frame) for name, frame in found.tables.items()},
        "outputs": dict(outputs),
        "timing": dict(found.timing),
    }
