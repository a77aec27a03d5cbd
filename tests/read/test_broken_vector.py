"""Damaged and odd vector files of other projects' test suites: read whole, or refused with file and remedy."""

import time

import pytest

from landeval.errors import LandevalError
from landeval.read.dbf import read_dbf
from landeval.read.source import read_source
from landeval.sources import Source

pytestmark = pytest.mark.real_data
INPUTS = (".shp", ".zip", ".json", ".geojson", ".dbf", ".vrt")
FOLDERS = 51


def records_of(path):
    """Count the records that the headers of a file name: the larger of .dbf and .shx."""
    table = path.with_suffix(".dbf").read_bytes()[4:8]
    index = path.with_suffix(".shx")
    shapes = (index.stat().st_size - 100) // 8 if index.exists() else 0
    return max(int.from_bytes(table, "little"), shapes)


def inputs(folder):
    """Return what a person could name of a folder: layers and archives, or the .dbf where there is none."""
    every = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in INPUTS]
    layers = [path for path in every if path.suffix.lower() != ".dbf"]
    return layers or every


def outcome(path):
    """Read a file and say in a line what became of it."""
    since = time.perf_counter()
    refusal, raws = None, []
    try:
        raws = read_source(Source("parcels", path))
    except LandevalError as error:
        refusal = error
    assert time.perf_counter() - since < 10
    if refusal is not None:
        assert path.stem in refusal.where, refusal
        assert refusal.remedy, refusal
        assert refusal.code, refusal
        return f"refused {refusal.code} {refusal.what}"
    (raw,) = raws
    held = len(raw.frame) + len(raw.set_aside)
    if path.suffix.lower() == ".shp":
        assert held == records_of(path)
    assert held == raw.facts["records"] + int((raw.set_aside["reason"] == "没有属性记录").sum())
    undrawn = raw.frame.loc[raw.frame["geometry"].isna(), "source_row"]
    codes = " ".join(sorted(set(raw.issues["code"])))
    return f"read {len(raw.frame)} records, {len(undrawn)} without shape {codes}".strip()


def test_every_broken_file_is_read_whole_or_refused(shared_data):
    folders = sorted(path for path in (shared_data / "broken_vector").iterdir() if path.is_dir())
    assert len(folders) == FOLDERS
    for folder in folders:
        assert inputs(folder), folder
        for path in inputs(folder):
            print(f"{folder.name}/{path.name}: {outcome(path)}")


def test_their_tables_are_read_or_refused(shared_data):
    """The .dbf alone holds odd headers, nan numbers, repeated fields, UTF-16: no other exception than ours."""
    found = sorted((shared_data / "broken_vector").rglob("*.dbf"))
    assert found
    refusals = {}
    for path in found:
        try:
            table = read_dbf(path)
        except LandevalError as error:
            refusals[path.name] = error
            continue
        assert len(table.frame) == int.from_bytes(path.read_bytes()[4:8], "little")
        assert len(table.headers) == table.frame.shape[1]
    for name, error in refusals.items():
        assert name in error.where
        assert error.remedy
