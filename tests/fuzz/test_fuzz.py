"""Spoiled inputs end in a refusal that helps or in a complete account, never in a traceback, a hang or a lost record."""

import itertools
import os
import random
import shutil
from pathlib import Path

import pytest
from fuzz.campaign import Case, case_of, run
from fuzz.counts import promised
from fuzz.mutations import spoiled
from fuzz.oracle import verdict
from fuzz.seeds import Seed, seeds

KEPT = sorted(path for path in (Path(__file__).parent / "kept").iterdir() if path.is_dir())
SECONDS = float(os.environ.get("LANDEVAL_FUZZ_SECONDS", "20"))


@pytest.mark.parametrize("name", list(seeds()))
def test_every_seed_is_read_to_the_end_as_it_stands(tmp_path, name):
    seed = seeds()[name]
    for file, data in seed.files.items():
        (tmp_path / file).write_bytes(data)
    assert verdict(tmp_path, seed.given, depth="evaluated") == ""


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name)
def test_what_once_went_wrong_stays_right(tmp_path, kept):
    """A folder is named <number>-<seed>: its files stand in for those of the seed."""
    seed = seeds()[kept.name.partition("-")[2]]
    for file, data in seed.files.items():
        (tmp_path / file).write_bytes(data)
    for path in kept.iterdir():
        shutil.copyfile(path, tmp_path / path.name)
    assert verdict(tmp_path, seed.given, depth="evaluated") == ""


def test_spoiled_inputs_are_refused_or_fully_accounted_for():
    cases = (case_of(430525, number) for number in itertools.count())
    count, failures = run(cases, seconds=SECONDS)
    assert count > 0
    told = "\n".join(
        f"python -m tests.fuzz --seed 430525 --case {case.name.split('-')[1]}\n{found}"
        for case, found in failures
    )
    assert not failures, f"{len(failures)} of {count} cases\n{told}"


def test_a_number_gives_the_same_case_every_time():
    assert case_of(7, 11) == case_of(7, 11)
    assert case_of(7, 11) != case_of(7, 12)


def test_spoiling_changes_nearly_every_file():
    data = b"0123456789" * 20
    changed = [spoiled(data, random.Random(at), [data[::-1]]) != data for at in range(100)]
    assert sum(changed) > 80


@pytest.mark.parametrize(
    ("name", "file", "told", "rows"),
    [
        ("multi-shp", "宗地.shp", {"format": "shapefile"}, {1, 2, 3}),
        ("multi-shp", "企业.xlsx", {"format": "xlsx", "sheet": "2024", "header_row": 1}, {2, 3, 4}),
        ("gpkg-csv", "宗地.gpkg", {"format": "geopackage", "layer": "宗地"}, {1, 2, 3}),
        ("zip-shp", "宗地.zip", {"format": "zip/shapefile"}, {1, 2, 3}),
        ("zip-xls", "企业.zip", {"format": "zip/xls", "sheet": "2024", "header_row": 2}, {3, 4, 5}),
        ("xls", "台账.xls", {"format": "xls", "sheet": "台账", "header_row": 2}, {3, 4, 5}),
    ],
)
def test_records_are_counted_without_landeval(tmp_path, name, file, told, rows):
    for part, data in seeds()[name].files.items():
        (tmp_path / part).write_bytes(data)
    assert promised(tmp_path / file, told) == rows


def test_a_failing_case_is_kept_and_the_next_one_judged(tmp_path):
    seed = seeds()["ledger-csv"]
    hostile = Case("0-0-hostile", Seed(seed.files, {"parcels": 5}), "tidied")
    count, failures = run([hostile, Case("0-1-sound", seed, "tidied")], keep=tmp_path)
    assert count == 2
    assert [one.case.name for one in failures] == ["0-0-hostile"]
    assert (tmp_path / "0-0-hostile" / "台账.csv").is_file()
